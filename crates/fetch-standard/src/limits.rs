//! Limits that the standard sets, or that it leaves to the browser.

/// How many redirects a browser follows for one request; one more is a network error
/// ([HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), step 7).
pub const MAX_REDIRECTS: u8 = 20;

/// How long a browser caches the response to a preflight without `Access-Control-Max-Age`, in seconds
/// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7).
pub const DEFAULT_MAX_AGE: u32 = 5;

/// The maximum time for which Chromium caches the response to a preflight, in seconds.
///
/// The same step of the standard lets each browser set its own maximum.
pub const CHROMIUM_MAX_AGE: u32 = 7200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_match_the_standard() {
        assert_eq!(MAX_REDIRECTS, 20);
        assert_eq!((DEFAULT_MAX_AGE, CHROMIUM_MAX_AGE), (5, 7200));
    }
}
