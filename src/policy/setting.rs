//! One setting as it was given: what every way in produces.

use std::time::Duration;

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
    /// Of a list, that of its first entry; each of the others is so many entries [after](Location::after) it.
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
    /// Code that decides about origins.
    OriginPredicate(Predicate),
    /// Entries in a variable of the process, read when the policy is built.
    OriginsFromEnv(String),
    AnyOrigin,
    NoOrigin,
    AnyMethod,
    AnyHeader,
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
    TrustForwardedHeaders,
    Diagnostics,
    /// Text that did not become a setting.
    Mistake {
        value: Option<String>,
        violation: Violation,
        /// It was to say which origins are allowed, so it is no second error that nothing says so.
        about_origins: bool,
    },
    /// A variable that is not one of ours, and may have been meant to be one: which one, if that can be known.
    Unknown(Option<Fix>),
}

/// What the texts of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// Entries of the allowlist.
    Origins,
    /// Regexes over whole origins.
    OriginRegexes,
    /// Names of request headers that predicates read.
    Vary,
    Methods,
    Headers,
    Exposed,
    /// Serialized origins at which the service is reached.
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
            Self::OriginRegexes | Self::Vary | Self::OwnOrigins => None,
        }
    }

    /// Whether each text is an origin, or a pattern of some.
    pub(super) fn is_of_origins(self) -> bool {
        matches!(self, Self::Origins | Self::OwnOrigins)
    }
}
