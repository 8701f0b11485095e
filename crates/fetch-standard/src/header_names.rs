//! Header names that a page cannot set or read, and header names that need no permission.

/// [Forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header) names: a page cannot set these headers.
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

/// Prefixes of forbidden request-header names, from the same section.
const FORBIDDEN_REQUEST_HEADER_PREFIXES: [&str; 2] = ["proxy-", "sec-"];

/// [CORS-safelisted response-header names](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name):
/// a page may read these headers without permission.
const SAFELISTED_RESPONSE_HEADERS: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// [Forbidden response-header names](https://fetch.spec.whatwg.org/#forbidden-response-header-name): a page cannot
/// read these headers, even if the server exposes them.
const FORBIDDEN_RESPONSE_HEADERS: [&str; 2] = ["set-cookie", "set-cookie2"];

/// The only [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name):
/// `*` in `Access-Control-Allow-Headers` does not cover it, so the server must name it.
pub const NON_WILDCARD_REQUEST_HEADER: &str = "authorization";

/// [Request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name): when a redirect drops the body,
/// it drops these headers too.
pub const REQUEST_BODY_HEADERS: [&str; 4] = [
    "content-encoding",
    "content-language",
    "content-location",
    "content-type",
];

/// Whether `name`, in lower case, is a
/// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header) name, whatever its value is.
///
/// The three names for method override, such as `x-http-method`, are not among them: the standard forbids these headers
/// only for some values. To check a name together with its value, use
/// [`is_forbidden_request_header`](crate::is_forbidden_request_header).
///
/// # Examples
///
/// ```
/// use fetch_standard::is_forbidden_request_header_name;
///
/// assert!(is_forbidden_request_header_name("cookie"));
/// assert!(is_forbidden_request_header_name("sec-fetch-mode"));
/// assert!(!is_forbidden_request_header_name("authorization"));
/// ```
#[must_use]
pub fn is_forbidden_request_header_name(name: &str) -> bool {
    FORBIDDEN_REQUEST_HEADERS.contains(&name)
        || FORBIDDEN_REQUEST_HEADER_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// Whether nearly every value of the header `name`, in lower case, is safelisted: `accept`, `accept-language` and
/// `content-language`.
///
/// A browser usually sends these headers without a preflight. Their values still have limits; to check a value, use
/// [`is_safelisted_request_header`](crate::is_safelisted_request_header).
#[must_use]
pub fn is_mostly_safelisted_request_header(name: &str) -> bool {
    ["accept", "accept-language", "content-language"].contains(&name)
}

/// Whether `name`, in lower case, is a
/// [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name), so that a page cannot
/// read the header even if the server exposes it.
#[must_use]
pub fn is_forbidden_response_header_name(name: &str) -> bool {
    FORBIDDEN_RESPONSE_HEADERS.contains(&name)
}

/// Whether `name`, in lower case, is a
/// [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name), so that a
/// page may read the header even if the server does not expose it.
#[must_use]
pub fn is_safelisted_response_header_name(name: &str) -> bool {
    SAFELISTED_RESPONSE_HEADERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the standard's list, in lower case.
    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_lowercase).collect()
    }

    #[test]
    fn tables_match_the_standard() {
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
        assert_eq!(
            REQUEST_BODY_HEADERS.to_vec(),
            words("Content-Encoding Content-Language Content-Location Content-Type")
        );
        assert_eq!(NON_WILDCARD_REQUEST_HEADER, "authorization");
    }
}
