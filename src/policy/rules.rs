//! What `decide` reads: a policy's settings, compiled.

use super::allowed_headers::RequestHeaderNames;
use crate::{http::StatusCode, origin::Allowlist};
#[cfg(feature = "lookup")]
use {
    super::{origin_lookup::OriginLookup, reason::Reason},
    crate::origin::Origin,
};

/// What `decide` reads. Each worker has a clone, which shares the allowlist's tables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    /// Asked if nothing else admits an origin.
    #[cfg(feature = "lookup")]
    pub(crate) lookup: Option<OriginLookup>,
    /// Request headers that predicates read, as given.
    pub(crate) vary_on: Vec<String>,
    /// Without the safelisted ones, in the order given.
    pub(crate) more_methods: Vec<String>,
    pub(crate) any_method: bool,
    pub(crate) headers: RequestHeaderNames,
    /// Any header except `authorization`, which `headers` may name in addition.
    pub(crate) any_header: bool,
    /// As given, in the order given.
    pub(crate) exposed: Vec<String>,
    pub(crate) any_exposed: bool,
    pub(crate) credentials: bool,
    /// Entries whose origins are allowed with credentials, where others are without.
    pub(crate) credentials_for: Option<Box<Allowlist>>,
    /// In seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) preflight_status: StatusCode,
    pub(crate) omit_vary_for_any_origin: bool,
    pub(crate) reject_denied_origins: bool,
    /// Serialized origins of the service itself.
    pub(crate) own_origins: Vec<String>,
    pub(crate) trust_forwarded_headers: bool,
    pub(crate) diagnostics: bool,
}

/// Which origins are allowed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origins {
    Any,
    Listed(Allowlist),
}

impl Rules {
    pub(crate) fn any_origin(&self) -> bool {
        matches!(self.origins, Origins::Any)
    }

    /// Whether a look-up is asked about what nothing else admits.
    pub(crate) fn has_lookup(&self) -> bool {
        #[cfg(feature = "lookup")]
        return self.lookup.is_some();
        #[cfg(not(feature = "lookup"))]
        false
    }

    /// Whether a look-up is asked about a request whose origin is denied for this reason.
    #[cfg(feature = "lookup")]
    #[inline]
    pub(crate) fn asks_about(&self, denied: Option<&Reason<'_>>) -> bool {
        self.has_lookup()
            && matches!(denied, Some(Reason::OriginNotAllowed(value)) if Origin::parse_bytes(value).is_some())
    }

    /// How many entries the allowlist has.
    pub(crate) fn entries(&self) -> usize {
        let count = |list: &Allowlist| list.entries().len();
        let listed = match &self.origins {
            Origins::Any => 0,
            Origins::Listed(list) => count(list),
        };
        listed + self.credentials_for.as_deref().map_or(0, count)
    }

    /// The safelisted methods, then the configured ones.
    #[inline]
    pub(crate) fn methods(&self) -> impl Iterator<Item = &str> {
        fetch_standard::SAFELISTED_METHODS
            .into_iter()
            .chain(self.more_methods.iter().map(String::as_str))
    }

    /// The first of these methods that is equal to one but for the case of letters.
    pub(crate) fn method_in_any_case(&self, method: &[u8]) -> Option<&str> {
        self.methods()
            .find(|known| known.as_bytes().eq_ignore_ascii_case(method))
    }

    /// Whether it is one of these methods.
    pub(crate) fn names_method(&self, method: &[u8]) -> bool {
        let is_it = |name: &str| name.as_bytes() == method;
        fetch_standard::SAFELISTED_METHODS
            .iter()
            .any(|name| is_it(name))
            || self.more_methods.iter().any(|name| is_it(name))
    }

    /// Whether a serialized origin is allowed by other means than a predicate, which needs a request.
    pub(crate) fn admits_without_head(&self, origin: &str) -> bool {
        let admits = |list: &Allowlist| list.admit_without_head(origin).is_some();
        let is_listed = match &self.origins {
            Origins::Any => true,
            Origins::Listed(list) => admits(list),
        };
        is_listed || self.credentials_for.as_deref().is_some_and(admits)
    }

    /// Whether an origin may send credentials, if it is allowed.
    pub(crate) fn allows_credentials_of(&self, origin: &[u8]) -> bool {
        let origin = std::str::from_utf8(origin).unwrap_or_default();
        let admits = |list: &Allowlist| list.admit_without_head(origin).is_some();
        self.credentials || self.credentials_for.as_deref().is_some_and(admits)
    }

    /// Whether the one request header that `*` does not cover is allowed.
    pub(crate) fn authorization(&self) -> bool {
        self.headers
            .as_slice()
            .iter()
            .any(|name| name == fetch_standard::NON_WILDCARD_REQUEST_HEADER)
    }
}

/// Denies every origin; each setting has its default.
impl Default for Rules {
    fn default() -> Self {
        Self {
            origins: Origins::Listed(Allowlist::default()),
            #[cfg(feature = "lookup")]
            lookup: None,
            vary_on: Vec::new(),
            more_methods: Vec::new(),
            any_method: false,
            headers: RequestHeaderNames::default(),
            any_header: false,
            exposed: Vec::new(),
            any_exposed: false,
            credentials: false,
            credentials_for: None,
            max_age: None,
            preflight_status: StatusCode::NO_CONTENT,
            omit_vary_for_any_origin: false,
            reject_denied_origins: false,
            own_origins: Vec::new(),
            trust_forwarded_headers: false,
            diagnostics: false,
        }
    }
}
