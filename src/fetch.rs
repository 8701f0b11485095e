//! The Fetch standard's tables and predicates, each with its section.
//!
//! Header names stand in lower case, methods as the standard writes them. The tests below compare each table with a
//! literal copy of the standard's text.

#[cfg_attr(
    not(feature = "test-browser"),
    expect(dead_code, reason = "most of it is for the browser for tests")
)]
pub(crate) mod client;

/// [CORS-safelisted methods](https://fetch.spec.whatwg.org/#cors-safelisted-method): need no permission.
pub(crate) const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// [Methods that a browser normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) to upper case.
const NORMALIZED_METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// [Forbidden methods](https://fetch.spec.whatwg.org/#forbidden-method): no page can send them.
const FORBIDDEN_METHODS: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];

/// [Forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header) names: no page can set them.
const FORBIDDEN_REQUEST_HEADERS: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Prefixes of forbidden request-header names, same section.
const FORBIDDEN_REQUEST_HEADER_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// [CORS-safelisted response-header names](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name):
/// a page may read them without permission.
const SAFELISTED_RESPONSE_HEADERS: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// [Forbidden response-header names](https://fetch.spec.whatwg.org/#forbidden-response-header-name): no page can read
/// them, exposed or not.
const FORBIDDEN_RESPONSE_HEADERS: [&str; 2] = ["set-cookie", "set-cookie2"];

/// The one [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name):
/// `*` does not cover it.
pub(crate) const NON_WILDCARD_REQUEST_HEADER: &str = "authorization";

/// A `token` of [RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2): what methods and
/// header names are made of.
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|&byte| is_token_byte(byte))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Whether `method` is CORS-safelisted; methods compare with case.
pub(crate) fn is_safelisted_method(method: &[u8]) -> bool {
    SAFELISTED_METHODS
        .iter()
        .any(|safe| safe.as_bytes() == method)
}

/// Whether `method` is forbidden, in any case.
pub(crate) fn is_forbidden_method(method: &[u8]) -> bool {
    FORBIDDEN_METHODS
        .iter()
        .any(|forbidden| forbidden.as_bytes().eq_ignore_ascii_case(method))
}

/// The spelling in which a browser sends `method`, where it is not the one given.
pub(crate) fn normalized_method(method: &str) -> Option<&'static str> {
    NORMALIZED_METHODS
        .into_iter()
        .find(|normal| *normal != method && normal.eq_ignore_ascii_case(method))
}

/// Whether `name`, in lower case, is a forbidden request-header name.
///
/// The three `x-http-method` names of the standard are forbidden for some values only, so a policy may name them.
pub(crate) fn is_forbidden_request_header(name: &str) -> bool {
    FORBIDDEN_REQUEST_HEADERS.contains(&name)
        || FORBIDDEN_REQUEST_HEADER_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// Whether nearly any value of that header is safelisted, so that a browser does not ask for it.
pub(crate) fn is_mostly_safelisted_request_header(name: &str) -> bool {
    ["accept", "accept-language", "content-language"].contains(&name)
}

/// Whether `name`, in lower case, is a forbidden response-header name.
pub(crate) fn is_forbidden_response_header(name: &str) -> bool {
    FORBIDDEN_RESPONSE_HEADERS.contains(&name)
}

/// Whether `name`, in lower case, is a CORS-safelisted response-header name.
pub(crate) fn is_safelisted_response_header(name: &str) -> bool {
    SAFELISTED_RESPONSE_HEADERS.contains(&name)
}

/// The [special schemes](https://url.spec.whatwg.org/#special-scheme) whose origins are not opaque, each with its default
/// port.
pub(crate) const SPECIAL_SCHEMES: [(&str, u16); 5] = [
    ("https", 443),
    ("http", 80),
    ("wss", 443),
    ("ws", 80),
    ("ftp", 21),
];

/// The default port of a special scheme.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    SPECIAL_SCHEMES
        .iter()
        .find(|(special, _)| *special == scheme)
        .map(|(_, port)| *port)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list items of the standard's text, in lower case.
    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_lowercase).collect()
    }

    #[test]
    fn tables_are_those_of_the_standard() {
        assert_eq!(SAFELISTED_METHODS, ["GET", "HEAD", "POST"]);
        assert_eq!(FORBIDDEN_METHODS, ["CONNECT", "TRACE", "TRACK"]);
        assert_eq!(
            NORMALIZED_METHODS,
            ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        );
        assert_eq!(
            FORBIDDEN_REQUEST_HEADERS.to_vec(),
            words(
                "Accept-Charset Accept-Encoding Access-Control-Request-Headers Access-Control-Request-Method \
                 Connection Content-Length Cookie Cookie2 Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie \
                 TE Trailer Transfer-Encoding Upgrade Via"
            )
        );
        assert_eq!(FORBIDDEN_REQUEST_HEADER_PREFIXES, ["proxy-", "sec-"]);
        assert_eq!(
            SAFELISTED_RESPONSE_HEADERS.to_vec(),
            words(
                "Cache-Control Content-Language Content-Length Content-Type Expires Last-Modified Pragma"
            )
        );
        assert_eq!(
            FORBIDDEN_RESPONSE_HEADERS.to_vec(),
            words("Set-Cookie Set-Cookie2")
        );
        assert_eq!(NON_WILDCARD_REQUEST_HEADER, "authorization");
    }

    #[test]
    fn token_bytes_are_those_of_rfc_9110() {
        let tchar = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for byte in 0..=u8::MAX {
            assert_eq!(
                is_token(&[byte]),
                tchar.as_bytes().contains(&byte),
                "byte {byte}"
            );
        }
        assert!(!is_token(b""));
        assert!(!is_token(b"a b"));
    }

    #[test]
    fn methods_compare_as_the_standard_says() {
        assert!(is_safelisted_method(b"GET"));
        assert!(!is_safelisted_method(b"get"));
        assert!(is_forbidden_method(b"cOnNeCt"));
        assert!(!is_forbidden_method(b"PATCH"));
        assert_eq!(normalized_method("delete"), Some("DELETE"));
        assert_eq!(normalized_method("DELETE"), None);
        assert_eq!(normalized_method("patch"), None);
    }
}
