//! Methods: safelisted, forbidden and normalized ones.

/// [CORS-safelisted methods](https://fetch.spec.whatwg.org/#cors-safelisted-method): need no permission.
pub const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// [Methods that a browser normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) to upper case.
const NORMALIZED_METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// [Forbidden methods](https://fetch.spec.whatwg.org/#forbidden-method): no page can send them.
const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// Whether `method` is CORS-safelisted; methods are case-sensitive.
#[must_use]
pub fn is_safelisted_method(method: &[u8]) -> bool {
    SAFELISTED_METHODS
        .iter()
        .any(|safe| safe.as_bytes() == method)
}

/// Whether `method` is forbidden, in any case.
#[must_use]
pub fn is_forbidden_method(method: &[u8]) -> bool {
    FORBIDDEN_METHODS
        .iter()
        .any(|forbidden| forbidden.as_bytes().eq_ignore_ascii_case(method))
}

/// The spelling in which a browser sends `method`, where it is not the one given.
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
    fn tables_are_those_of_the_standard() {
        assert_eq!(SAFELISTED_METHODS, ["GET", "HEAD", "POST"]);
        assert_eq!(FORBIDDEN_METHODS, ["CONNECT", "TRACE", "TRACK"]);
        assert_eq!(
            NORMALIZED_METHODS,
            ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        );
    }

    #[test]
    fn methods_are_compared_as_the_standard_says() {
        assert!(is_safelisted_method(b"GET"));
        assert!(!is_safelisted_method(b"get"));
        assert!(is_forbidden_method(b"cOnNeCt"));
        assert!(!is_forbidden_method(b"PATCH"));
        assert_eq!(normalized_method("delete"), Some("DELETE"));
        assert_eq!(normalized_method("DELETE"), None);
        assert_eq!(normalized_method("patch"), None);
    }
}
