//! What a browser keeps from one fetch to the next.

use std::time::Duration;

use url::Url;

use crate::cache::PreflightCache;

#[derive(Clone, Debug)]
pub(crate) struct BrowserState {
    pub(crate) cache: PreflightCache,
    pub(crate) max_age_limit: Duration,
    pub(crate) now: Duration,
    /// The `Cookie` header for each host. The port and the scheme make no difference to cookies.
    pub(crate) cookies: Vec<(String, String)>,
}

impl Default for BrowserState {
    fn default() -> Self {
        Self {
            cache: PreflightCache::default(),
            max_age_limit: Duration::from_secs(fetch_standard::CHROMIUM_MAX_AGE.into()),
            now: Duration::ZERO,
            cookies: Vec::new(),
        }
    }
}

impl BrowserState {
    /// The value of `Cookie` for requests with credentials to this URL.
    pub(crate) fn cookie(&self, url: &Url) -> Option<&str> {
        let host = url.host_str()?;
        self.cookies
            .iter()
            .find(|(known, _)| known == host)
            .map(|(_, cookie)| cookie.as_str())
    }
}
