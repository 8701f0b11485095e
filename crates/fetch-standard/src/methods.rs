//! Safelisted, forbidden and normalized methods.

/// [CORS-safelisted methods](https://fetch.spec.whatwg.org/#cors-safelisted-method): a page may use these methods without a
/// preflight.
pub const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// [Methods that a browser normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) to upper case.
const NORMALIZED_METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// [Forbidden methods](https://fetch.spec.whatwg.org/#forbidden-method): a page cannot use these methods.
const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// Whether `method` is a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method). Methods are
/// case-sensitive, so `get` is not one.
#[must_use]
pub fn is_safelisted_method(method: &[u8]) -> bool {
    SAFELISTED_METHODS
        .iter()
        .any(|safe| safe.as_bytes() == method)
}

/// Whether `method` is a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method), in upper or lower case.
#[must_use]
pub fn is_forbidden_method(method: &[u8]) -> bool {
    FORBIDDEN_METHODS
        .iter()
        .any(|forbidden| forbidden.as_bytes().eq_ignore_ascii_case(method))
}

/// The spelling in which a browser sends `method`, if the browser
/// [normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) it; `None` if the browser sends `method` as it is.
///
/// # Examples
///
/// ```
/// use fetch_standard::normalized_method;
///
/// assert_eq!(normalized_method("delete"), Some("DELETE"));
/// assert_eq!(normalized_method("DELETE"), None);
/// // The standard does not normalize PATCH, so servers receive `patch` in lower case.
/// assert_eq!(normalized_method("patch"), None);
/// ```
#[must_use]
pub fn normalized_method(method: &str) -> Option<&'static str> {
    NORMALIZED_METHODS
        .into_iter()
        .find(|normal| *normal != method && normal.eq_ignore_ascii_case(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_match_the_standard() {
        assert_eq!(SAFELISTED_METHODS, ["GET", "HEAD", "POST"]);
        assert_eq!(FORBIDDEN_METHODS, ["CONNECT", "TRACE", "TRACK"]);
        assert_eq!(
            NORMALIZED_METHODS,
            ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        );
    }

    #[test]
    fn methods_are_compared_like_in_the_standard() {
        assert!(is_safelisted_method(b"GET"));
        assert!(!is_safelisted_method(b"get"));
        assert!(is_forbidden_method(b"cOnNeCt"));
        assert!(!is_forbidden_method(b"PATCH"));
        assert_eq!(normalized_method("delete"), Some("DELETE"));
        assert_eq!(normalized_method("DELETE"), None);
        assert_eq!(normalized_method("patch"), None);
    }
}
