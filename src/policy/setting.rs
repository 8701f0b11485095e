//! One thing asked of a policy, and where it came from: what builder and environment both produce.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    error::{Fault, PolicyError, PolicyWarning},
    origin::Predicate,
    quote::Name,
};

/// One thing asked, with its place.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) place: Place,
    pub(crate) ask: Ask,
}

impl Setting {
    pub(crate) fn new(place: Place, ask: Ask) -> Self {
        Self { place, ask }
    }
}

/// What is asked.
#[derive(Clone)]
pub(crate) enum Ask {
    /// An entry of the allowlist.
    Origin(String),
    /// A regex over whole origins.
    OriginRegex(String),
    /// A judge of origins in code.
    OriginPredicate(Predicate),
    /// Entries in a variable of the process, read when the policy is built.
    OriginsFromEnv(String),
    AnyOrigin,
    NoOrigin,
    Vary(String),
    Method(String),
    AnyMethod,
    Header(String),
    AnyHeader,
    Exposed(String),
    AnyExposed,
    Credentials,
    /// With its text, which may say more than a `Duration` holds.
    MaxAge(Duration, String),
    PreflightStatus(u64, String),
    InsecureOrigins,
    PublicSuffixSubdomains,
    LaxRegexes,
    OmitVaryForAnyOrigin,
    RejectDeniedOrigins,
    /// A serialized origin at which the service is reached.
    OwnOrigin(String),
    TrustForwardedHeaders,
    Diagnostics,
    /// Text that did not become a setting.
    Mistake {
        error: PolicyError,
        /// It was to say which origins are allowed, so these are not missing besides.
        about_origins: bool,
    },
    /// Text that is legal and probably not meant.
    Suspicion(PolicyWarning),
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    source: Source,
    /// The number of the entry in a list, counted from 1.
    entry: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Setter(&'static str),
    Variable(Arc<str>),
}

impl Place {
    pub(crate) fn setter(name: &'static str) -> Self {
        Self {
            source: Source::Setter(name),
            entry: None,
        }
    }

    pub(crate) fn variable(name: &str) -> Self {
        Self {
            source: Source::Variable(name.into()),
            entry: None,
        }
    }

    /// The place of one entry of a list, counted from 0 here and from 1 for people.
    pub(crate) fn entry(&self, index: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: Some(index + 1),
        }
    }

    /// The place so many entries after this one in the same list; what is no list is one place.
    pub(crate) fn after(&self, entries: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: self.entry.map(|number| number + entries),
        }
    }

    /// Whether it is one entry of a list.
    pub(crate) fn is_entry(&self) -> bool {
        self.entry.is_some()
    }

    /// Whether it came from the environment, where lists have separators.
    pub(crate) fn is_variable(&self) -> bool {
        matches!(self.source, Source::Variable(_))
    }

    pub(crate) fn error(&self, value: &str, fault: Fault) -> PolicyError {
        PolicyError::new(self.to_string(), Some(value), fault)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Setter(name) => f.write_str(name)?,
            Source::Variable(name) => write!(f, "{}", Name(name))?,
        }
        match self.entry {
            Some(number) => write!(f, ", entry {number}"),
            None => Ok(()),
        }
    }
}
