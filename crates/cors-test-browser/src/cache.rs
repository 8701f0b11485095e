//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache).

use std::time::Duration;

use url::Url;

use crate::request::Request;

/// The permissions that preflights have given, until they expire.
///
/// A browser has one cache for each
/// [network partition key](https://fetch.spec.whatwg.org/#network-partition-keys). This browser has one page, and so one
/// cache.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreflightCache(Vec<Entry>);

/// A [cache entry](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Clone, Debug)]
struct Entry {
    origin: String,
    url: Url,
    credentials: bool,
    permission: Permission,
    /// In the time of the browser's clock. At this time, the entry has already expired.
    expires_at: Duration,
}

/// What an entry allows: a method, or a request header. The standard has two fields, of which one is null.
#[derive(Clone, Debug)]
enum Permission {
    Method(String),
    Header(String),
}

impl PreflightCache {
    /// [Method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method).
    pub(crate) fn allows_method(&self, method: &str, request: &Request, now: Duration) -> bool {
        self.0.iter().any(|entry| {
            now < entry.expires_at && entry.matches(request) && entry.allows_method(method)
        })
    }

    /// [Header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    pub(crate) fn allows_header(&self, name: &str, request: &Request, now: Duration) -> bool {
        self.0.iter().any(|entry| {
            now < entry.expires_at && entry.matches(request) && entry.allows_header(name)
        })
    }

    /// Stores the permissions that a preflight gave: the last steps of
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
    pub(crate) fn store(
        &mut self,
        request: &Request,
        methods: Vec<String>,
        header_names: Vec<String>,
        now: Duration,
        max_age: Duration,
    ) {
        self.0.retain(|entry| now < entry.expires_at);
        let expires_at = now.saturating_add(max_age);
        // Steps 7.12 to 7.15. The standard sets the max-age of a matching entry and does not say from when it counts. Here
        // it counts from now, because the server has just confirmed the permission.
        for method in methods {
            let matches = |entry: &Entry| entry.matches(request) && entry.allows_method(&method);
            self.refresh_or_create(
                matches,
                expires_at,
                request,
                Permission::Method(method.clone()),
            );
        }
        for name in header_names {
            let matches = |entry: &Entry| entry.matches(request) && entry.allows_header(&name);
            self.refresh_or_create(
                matches,
                expires_at,
                request,
                Permission::Header(name.clone()),
            );
        }
    }

    /// Removes the entries of the origin and URL of a request:
    /// [clear cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear).
    pub(crate) fn clear(&mut self, request: &Request) {
        self.0.retain(|entry| !entry.is_for(request));
    }

    pub(crate) fn clear_all(&mut self) {
        self.0.clear();
    }

    fn refresh_or_create(
        &mut self,
        matches: impl Fn(&Entry) -> bool,
        expires_at: Duration,
        request: &Request,
        permission: Permission,
    ) {
        match self.0.iter_mut().find(|entry| matches(entry)) {
            Some(entry) => entry.expires_at = expires_at,
            // Create a new cache entry.
            None => self.0.push(Entry {
                origin: request.serialized_origin().to_owned(),
                url: request.url.clone(),
                credentials: request.includes_credentials(),
                permission,
                expires_at,
            }),
        }
    }
}

impl Entry {
    /// [Cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match): a permission with credentials is a
    /// permission without credentials too.
    fn matches(&self, request: &Request) -> bool {
        self.is_for(request) && (self.credentials || !request.includes_credentials())
    }

    fn is_for(&self, request: &Request) -> bool {
        self.origin == request.serialized_origin() && self.url == request.url
    }

    fn allows_method(&self, method: &str) -> bool {
        matches!(&self.permission, Permission::Method(known) if known == method || self.is_wildcard(known))
    }

    fn allows_header(&self, name: &str) -> bool {
        let Permission::Header(known) = &self.permission else {
            return false;
        };
        known.eq_ignore_ascii_case(name)
            || (self.is_wildcard(known)
                && !name.eq_ignore_ascii_case(fetch_standard::NON_WILDCARD_REQUEST_HEADER))
    }

    /// Whether `name` is the wildcard. In a preflight for a request with credentials, `*` is a name like any other.
    ///
    /// The standard says so for the check of the response, but not for the match in the cache. Browsers do it in both.
    fn is_wildcard(&self, name: &str) -> bool {
        name == "*" && !self.credentials
    }
}
