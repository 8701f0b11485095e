//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache).

use std::time::Duration;

use url::Url;

use crate::request::Request;

/// What preflights have allowed. Its clock is the browser's, and it has one
/// [network partition key](https://fetch.spec.whatwg.org/#network-partition-keys): that of the one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreflightCache(Vec<Entry>);

/// A [cache entry](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Clone, Debug)]
struct Entry {
    origin: String,
    url: Url,
    credentials: bool,
    allows: Allows,
    /// By the browser's clock; an entry is no more when it is reached.
    ends: Duration,
}

/// What an entry is about.
#[derive(Clone, Debug)]
enum Allows {
    Method(String),
    Header(String),
}

impl PreflightCache {
    /// [Method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method).
    pub(crate) fn allows_method(&self, method: &str, request: &Request, now: Duration) -> bool {
        self.0
            .iter()
            .any(|entry| now < entry.ends && entry.matches(request) && entry.allows_method(method))
    }

    /// [Header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    pub(crate) fn allows_header(&self, name: &str, request: &Request, now: Duration) -> bool {
        self.0
            .iter()
            .any(|entry| now < entry.ends && entry.matches(request) && entry.allows_header(name))
    }

    /// The last steps of [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
    pub(crate) fn store(
        &mut self,
        request: &Request,
        methods: Vec<String>,
        names: Vec<String>,
        now: Duration,
        max_age: Duration,
    ) {
        self.0.retain(|entry| now < entry.ends);
        let ends = now.saturating_add(max_age);
        // Steps 7.12 to 7.15. "Set matching entry's max-age" is read as: it lasts that long from now on.
        for method in methods {
            let known = |entry: &Entry| entry.matches(request) && entry.allows_method(&method);
            self.refresh_or_create(known, ends, request, Allows::Method(method.clone()));
        }
        for name in names {
            let known = |entry: &Entry| entry.matches(request) && entry.allows_header(&name);
            self.refresh_or_create(known, ends, request, Allows::Header(name.clone()));
        }
    }

    /// [Clear cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear).
    pub(crate) fn clear(&mut self, request: &Request) {
        self.0.retain(|entry| !entry.is_for(request));
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    fn refresh_or_create(
        &mut self,
        is_known: impl Fn(&Entry) -> bool,
        ends: Duration,
        request: &Request,
        allows: Allows,
    ) {
        match self.0.iter_mut().find(|entry| is_known(entry)) {
            Some(entry) => entry.ends = ends,
            // Create a new cache entry.
            None => self.0.push(Entry {
                origin: request.serialized_origin().to_owned(),
                url: request.url.clone(),
                credentials: request.includes_credentials(),
                allows,
                ends,
            }),
        }
    }
}

impl Entry {
    /// [Cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match): what was allowed with credentials is
    /// allowed without.
    fn matches(&self, request: &Request) -> bool {
        self.is_for(request) && (self.credentials || !request.includes_credentials())
    }

    fn is_for(&self, request: &Request) -> bool {
        self.origin == request.serialized_origin() && self.url == request.url
    }

    fn allows_method(&self, method: &str) -> bool {
        matches!(&self.allows, Allows::Method(known) if known == method || self.is_wildcard(known))
    }

    fn allows_header(&self, name: &str) -> bool {
        let Allows::Header(known) = &self.allows else {
            return false;
        };
        known.eq_ignore_ascii_case(name)
            || (self.is_wildcard(known)
                && !name.eq_ignore_ascii_case(fetch_standard::NON_WILDCARD_REQUEST_HEADER))
    }

    /// Of a preflight for a request with credentials, `*` is a name like any other. The standard says so where it checks
    /// the preflight, and not where it looks into the cache; browsers do it in both addresses.
    fn is_wildcard(&self, known: &str) -> bool {
        known == "*" && !self.credentials
    }
}
