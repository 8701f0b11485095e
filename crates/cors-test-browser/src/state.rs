//! What a browser remembers from one fetch to the next.

use std::time::Duration;

use url::Url;

use crate::cache::PreflightCache;

#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) cache: PreflightCache,
    pub(crate) max_age_limit: Duration,
    pub(crate) now: Duration,
    /// By host: cookies know no port and no scheme.
    pub(crate) cookies: Vec<(String, String)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cache: PreflightCache::default(),
            max_age_limit: Duration::from_secs(fetch_standard::CHROMIUM_MAX_AGE.into()),
            now: Duration::ZERO,
            cookies: Vec::new(),
        }
    }
}

impl State {
    /// What is sent as `Cookie` with a request that has credentials.
    pub(crate) fn cookie(&self, url: &Url) -> Option<&str> {
        let host = url.host_str()?;
        self.cookies
            .iter()
            .find(|(known, _)| known == host)
            .map(|(_, cookie)| cookie.as_str())
    }
}
