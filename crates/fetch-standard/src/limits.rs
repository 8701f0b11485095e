//! Numbers that the standard gives or leaves to the browser.

/// The most redirects that are followed
/// ([HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), step 7).
pub const MAX_REDIRECTS: u8 = 20;

/// How long a preflight without `Access-Control-Max-Age` is remembered, in seconds
/// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7).
pub const DEFAULT_MAX_AGE: u32 = 5;

/// How long Chromium remembers a preflight at most, in seconds: the limit that the same step leaves to the browser.
pub const CHROMIUM_MAX_AGE: u32 = 7200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard() {
        assert_eq!(MAX_REDIRECTS, 20);
        assert_eq!((DEFAULT_MAX_AGE, CHROMIUM_MAX_AGE), (5, 7200));
    }
}
