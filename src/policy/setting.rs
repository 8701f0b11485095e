//! One setting as it was given, in code or by a variable.

use std::{path::PathBuf, time::Duration};

use super::files::OriginFile;
#[cfg(feature = "lookup")]
use super::origin_lookup::OriginLookup;
use crate::{
    error::Violation,
    fix::Fix,
    location::Location,
    origin::{EntryTexts, Predicate},
    settings::{self, SettingName},
};

/// One setting, with its location.
#[derive(Clone)]
pub(crate) struct Setting {
    /// For a list, the location of its first entry; the others are [after](Location::after) it.
    pub(crate) location: Location,
    pub(crate) kind: SettingKind,
}

impl Setting {
    pub(crate) fn new(location: Location, kind: SettingKind) -> Self {
        Self { location, kind }
    }

    /// Text that did not become a setting.
    pub(crate) fn mistake(
        location: Location,
        value: Option<&str>,
        violation: Violation,
        about_origins: bool,
    ) -> Self {
        let kind = SettingKind::Mistake {
            value: value.map(str::to_owned),
            violation,
            about_origins,
        };
        Self::new(location, kind)
    }
}

/// Which setting it is, with its value.
#[derive(Clone)]
pub(crate) enum SettingKind {
    /// Texts that were given together. They are one setting, because there may be a million of them.
    List(ListKind, EntryTexts),
    /// A list of origins without one, which is an error if nothing else says which are allowed.
    EmptyOrigins,
    /// Code that decides about origins.
    OriginPredicate(Predicate),
    /// Code that is asked if nothing else admits an origin.
    #[cfg(feature = "lookup")]
    OriginLookup(OriginLookup),
    /// Entries in a variable of the process, read when the policy is built.
    OriginsFromEnv(String),
    /// All variables of the process under a prefix, read when the policy is built.
    AllFromEnv(String),
    /// A file with an entry a line, read when the policy is built.
    OriginsFromFile(PathBuf),
    /// What was read of it.
    OriginLines(OriginFile),
    AnyOrigin,
    NoOrigin,
    AnyMethod,
    AnyHeader,
    AnyExposed,
    /// Off is the default, and may be set where another source could switch it on.
    Flag(Flag, bool),
    /// With its text, because a number may be too large for a `Duration`.
    MaxAge(Duration, String),
    PreflightStatus(u64, String),
    /// Text that did not become a setting.
    Mistake {
        value: Option<String>,
        violation: Violation,
        /// Whether it should say which origins are allowed. If so, their absence is not a second error.
        about_origins: bool,
    },
    /// A variable that is not ours but may be a misspelled one, and which one, if that is known.
    Unknown(Option<Fix>),
    /// A variable of another program that looks as if it had origins: named only if nothing says which are allowed.
    OfOthers,
}

/// A setting that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    Credentials,
    InsecureOrigins,
    PublicSuffixSubdomains,
    LaxRegexes,
    OmitVaryForAnyOrigin,
    RejectDeniedOrigins,
    TrustForwardedHeaders,
    Diagnostics,
}

impl Flag {
    pub(super) fn setting(self) -> SettingName {
        match self {
            Self::Credentials => settings::CREDENTIALS,
            Self::InsecureOrigins => settings::INSECURE_ORIGINS,
            Self::PublicSuffixSubdomains => settings::PUBLIC_SUFFIX_SUBDOMAINS,
            Self::LaxRegexes => settings::LAX_REGEXES,
            Self::OmitVaryForAnyOrigin => settings::OMIT_VARY_FOR_ANY_ORIGIN,
            Self::RejectDeniedOrigins => settings::REJECT_DENIED_ORIGINS,
            Self::TrustForwardedHeaders => settings::TRUST_FORWARDED_HEADERS,
            Self::Diagnostics => settings::DIAGNOSTICS,
        }
    }
}

/// The kind of the texts of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// Entries of the allowlist.
    Origins,
    /// Entries whose origins may send credentials.
    CredentialOrigins,
    /// Regexes over whole origins.
    OriginRegexes,
    /// Names of request headers that predicates read.
    Vary,
    Methods,
    Headers,
    Exposed,
    /// Serialized origins of the service itself.
    OwnOrigins,
}

impl ListKind {
    /// What allows any of them.
    pub(super) fn any(self) -> Option<SettingName> {
        match self {
            Self::Origins => Some(settings::ANY_ORIGIN),
            Self::Methods => Some(settings::ANY_METHOD),
            Self::Headers => Some(settings::ANY_HEADER),
            Self::Exposed => Some(settings::EXPOSE_ANY_HEADER),
            Self::CredentialOrigins | Self::OriginRegexes | Self::Vary | Self::OwnOrigins => None,
        }
    }

    /// Whether each text is an origin, or a pattern of some.
    pub(super) fn is_of_origins(self) -> bool {
        matches!(
            self,
            Self::Origins | Self::CredentialOrigins | Self::OwnOrigins
        )
    }
}
