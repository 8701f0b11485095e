//! Reasons that more than one row has.

use crate::{
    matrix::{Page, Probe},
    row::{Difference, Ours, Reason, Section, ours},
};

/// Everybody but the allowed origin.
pub const STRANGERS: [Page; 6] = [
    Page::Subdomain,
    Page::Denied,
    Page::Longer,
    Page::Prefixed,
    Page::Dotless,
    Page::Null,
];

pub const CREDENTIALS: [Probe; 2] = [Probe::GetWithCredentials, Probe::PutWithCredentials];

/// What needs a preflight where `PUT` and `Authorization` are allowed.
pub const PREFLIGHTED: [Probe; 3] = [Probe::Put, Probe::Authorization, Probe::MinuteLater];

pub const ERRORS: [Probe; 4] = [
    Probe::Missing,
    Probe::Broken,
    Probe::InnerError,
    Probe::Unauthorized,
];

/// Credentials for some origins, and `*` for all others.
pub const CREDENTIALS_FOR_SOME: Ours = ours!(|cors| cors
    .allow_any_origin()
    .allow_credentials_for(["https://your-allowed-origin.com"]));

pub const WILDCARD_WITH_CREDENTIALS: Reason = Reason::Wrong(
    Section::Credentials,
    "`*` permits nothing with credentials, so the headers contradict each other; ours names the origins that may use them",
);

pub const OPTIONS_IS_NO_PREFLIGHT: Reason = Reason::Wrong(
    Section::CorsRequest,
    "a preflight has `Access-Control-Request-Method`; other `OPTIONS` requests are for the handler",
);

/// The difference that all rows have of a system which answers every `OPTIONS` request itself.
pub fn plain_options() -> Vec<Difference> {
    let probes = [Probe::PlainOptions];
    vec![Difference::new(
        &Page::ALL,
        &probes,
        OPTIONS_IS_NO_PREFLIGHT,
    )]
}

pub const NOT_ANCHORED: Reason = Reason::Wrong(
    Section::SameOrigin,
    "a part of the origin matches, so that origins of strangers match; ours has to match as a whole",
);

pub const DOT_IS_ANY_CHARACTER: Reason = Reason::Wrong(
    Section::SameOrigin,
    "an unescaped dot is any character, so that a stranger's name matches",
);

pub const ANY_ORIGIN_WITH_CREDENTIALS: Reason = Reason::Stricter(
    "`allow_credentials`",
    "each page of the web acts as the visitor and reads what only the visitor may",
);

pub const NO_VARY_FOR_DENIED: Reason = Reason::Wrong(
    Section::Caches,
    "responses to denied origins, and to requests without `Origin`, have no `Vary: Origin`",
);

pub const NO_VARY: Reason = Reason::Wrong(
    Section::Caches,
    "responses depend on `Origin` and have no `Vary: Origin`",
);

pub const PREFLIGHT_IS_NOT_ANSWERED: Reason = Reason::Wrong(
    Section::CorsPreflightFetch,
    "nothing answers the preflight with CORS headers and an ok status",
);

pub const OUTSIDE_OF_THE_LAYER: Reason = Reason::Wrong(
    Section::CorsCheck,
    "the response does not pass through the middleware, so it has no CORS headers; ours is the outermost `wrap` of the app",
);

pub const TWO_LINES: Reason = Reason::Wrong(
    Section::CorsCheck,
    "the API sets the header as well, and two lines match no origin; ours removes what the handler set",
);

/// No equivalent, and why.
pub const PRIVATE_NETWORK: &str = "No equivalent: Private Network Access is another protocol, as the docs of the crate say. Browsers gave it up, and ask the \
     user instead.";

pub const ANY_HEADER: &str =
    "`.allow_any_header()` alone is any header except `authorization`, as `*` is in the standard.";
