//! One thing asked of a policy: what every way in produces.

use std::time::Duration;

use crate::{error::Fault, location::Location, origin::Predicate};

/// One thing asked, with its place.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) place: Location,
    pub(crate) ask: Ask,
}

impl Setting {
    pub(crate) fn new(place: Location, ask: Ask) -> Self {
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
        value: Option<String>,
        fault: Fault,
        /// It was to say which origins are allowed, so these are not missing besides.
        about_origins: bool,
    },
    /// A variable that is none of ours, and may have been meant to be one.
    Unknown,
}
