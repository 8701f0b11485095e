//! Request headers whose values decide whether they are forbidden or safelisted.

use crate::{
    header_names::is_forbidden_request_header_name,
    methods::is_forbidden_method,
    token::{get_decode_and_split, is_token},
};

/// The names of headers for method override. They are
/// [forbidden request-headers](https://fetch.spec.whatwg.org/#forbidden-request-header) if their value contains a
/// forbidden method.
const METHOD_OVERRIDES: [&str; 3] = [
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

/// [No-CORS-safelisted request-header names](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name).
const NO_CORS_SAFELISTED_REQUEST_HEADERS: [&str; 4] = [
    "accept",
    "accept-language",
    "content-language",
    "content-type",
];

/// The MIME type essences that make a `Content-Type` value
/// [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
const SAFELISTED_MIME_TYPES: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
];

/// The maximum length, in bytes, of the value of one CORS-safelisted request-header, from the same section.
const MAX_SAFELISTED_VALUE_SIZE: usize = 128;

/// The maximum total length, in bytes, of the values of all CORS-safelisted request-headers of a request
/// ([CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)).
///
/// If the total is greater, all of these headers need permission.
pub const MAX_SAFELISTED_VALUES_SIZE: usize = 1024;

/// Whether a header, with its name in lower case, is a
/// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header).
///
/// The value matters only for the headers for method override (`x-http-method`, `x-http-method-override` and
/// `x-method-override`): they are forbidden if the value contains a forbidden method.
///
/// # Examples
///
/// ```
/// use fetch_standard::is_forbidden_request_header;
///
/// assert!(is_forbidden_request_header("host", b"example.com"));
/// assert!(is_forbidden_request_header("x-http-method", b"GET, TRACE"));
/// assert!(!is_forbidden_request_header("x-http-method", b"PUT"));
/// ```
#[must_use]
pub fn is_forbidden_request_header(name: &str, value: &[u8]) -> bool {
    is_forbidden_request_header_name(name)
        || (METHOD_OVERRIDES.contains(&name)
            && get_decode_and_split(value)
                .iter()
                .any(|method| is_forbidden_method(method)))
}

/// Whether a header, with its name in lower case, is a
/// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header): a page may send
/// it in mode `no-cors`.
#[must_use]
pub fn is_no_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    NO_CORS_SAFELISTED_REQUEST_HEADERS.contains(&name) && is_safelisted_request_header(name, value)
}

/// Whether a header, with its name in lower case, is a
/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header): a page may send it to
/// another origin without a preflight.
///
/// A value of more than 128 bytes is never safelisted. A request has a second limit for all values together:
/// [`MAX_SAFELISTED_VALUES_SIZE`].
///
/// # Examples
///
/// ```
/// use fetch_standard::is_safelisted_request_header;
///
/// assert!(is_safelisted_request_header("content-type", b"text/plain;charset=utf-8"));
/// assert!(!is_safelisted_request_header("content-type", b"application/json"));
/// assert!(!is_safelisted_request_header("authorization", b"Bearer abc"));
/// ```
#[must_use]
pub fn is_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // Step 1.
    if value.len() > MAX_SAFELISTED_VALUE_SIZE {
        return false;
    }
    // Step 2.
    match name {
        "accept" => !value
            .iter()
            .any(|&byte| is_unsafe_request_header_byte(byte)),
        "accept-language" | "content-language" => value.iter().all(|&byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
        }),
        "content-type" => {
            !value
                .iter()
                .any(|&byte| is_unsafe_request_header_byte(byte))
                && mime_essence(value)
                    .is_some_and(|essence| SAFELISTED_MIME_TYPES.contains(&essence.as_str()))
        }
        "range" => is_safelisted_range(value),
        _ => false,
    }
}

/// Whether a byte is a [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_unsafe_request_header_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t')
        || matches!(
            byte,
            b'"' | b'('
                | b')'
                | b':'
                | b'<'
                | b'>'
                | b'?'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'{'
                | b'}'
                | 0x7f
        )
}

/// The essence of the result of [parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type).
///
/// Parameters are not parsed: the standard skips a malformed parameter, so parameters cannot make the algorithm fail.
fn mime_essence(value: &[u8]) -> Option<String> {
    // HTTP whitespace includes line breaks.
    const HTTP_WHITESPACE: [char; 4] = ['\n', '\r', '\t', ' '];
    let input: String = value.iter().copied().map(char::from).collect();
    let (kind, rest) = input.trim_matches(HTTP_WHITESPACE).split_once('/')?;
    let subtype = rest.split(';').next()?.trim_end_matches(HTTP_WHITESPACE);
    let is_token = |text: &str| is_token(text.as_bytes());
    (is_token(kind) && is_token(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

/// Whether [parse a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value) succeeds, with
/// whitespace not allowed, and returns a range start.
fn is_safelisted_range(value: &[u8]) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((start, end)) = std::str::from_utf8(value)
        .ok()
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
    else {
        return false;
    };
    // The standard compares numbers of any size, which no integer type holds. So the digits are compared: without leading
    // zeros, the longer number is the greater one.
    let size = |number: &str| {
        let number = number.trim_start_matches('0').to_owned();
        (number.len(), number)
    };
    !start.is_empty()
        && digits(start)
        && digits(end)
        && (end.is_empty() || size(start) <= size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_match_the_standard() {
        let words = |text: &str| -> Vec<String> {
            text.split_whitespace().map(str::to_lowercase).collect()
        };
        assert_eq!(
            METHOD_OVERRIDES.to_vec(),
            words("X-HTTP-Method X-HTTP-Method-Override X-Method-Override")
        );
        assert_eq!(
            NO_CORS_SAFELISTED_REQUEST_HEADERS.to_vec(),
            words("Accept Accept-Language Content-Language Content-Type")
        );
        assert_eq!(
            SAFELISTED_MIME_TYPES.to_vec(),
            words("application/x-www-form-urlencoded multipart/form-data text/plain")
        );
        assert_eq!(
            (MAX_SAFELISTED_VALUE_SIZE, MAX_SAFELISTED_VALUES_SIZE),
            (128, 1024)
        );
    }

    #[test]
    fn unsafe_bytes_match_the_standard() {
        let named = b"\"():<>?@[\\]{}\x7f";
        for byte in 0..=u8::MAX {
            let is_unsafe = (byte < 0x20 && byte != 0x09) || named.contains(&byte);
            assert_eq!(is_unsafe_request_header_byte(byte), is_unsafe, "{byte}");
        }
    }

    #[test]
    fn values_decide_whether_request_headers_are_safelisted() {
        let long = "a".repeat(128);
        let longer = "a".repeat(129);
        for (name, value, is_safe) in [
            ("accept", "*/*", true),
            ("accept", "", true),
            ("accept", "text/html, a/b;q=0.1\t", true),
            ("accept", "a(b", false),
            ("accept", "a\u{1}", false),
            ("accept", "\u{e9}", true),
            ("accept", &long, true),
            ("accept", &longer, false),
            ("accept-language", "de-AT, en;q=0.5, *", true),
            ("accept-language", "de/AT", false),
            ("accept-language", "de\ten", false),
            ("content-language", "de", true),
            ("content-language", "de_AT", false),
            ("content-type", "text/plain", true),
            ("content-type", "Text/PLAIN;charset=utf-8", true),
            ("content-type", "text/plain ; charset=x", true),
            ("content-type", " text/plain", true),
            ("content-type", "text/ plain", false),
            ("content-type", "text/plain;a=\"b\"", false),
            ("content-type", "multipart/form-data;boundary=x", true),
            ("content-type", "application/x-www-form-urlencoded", true),
            ("content-type", "application/json", false),
            ("content-type", "text/plain, application/json", false),
            ("content-type", "text", false),
            ("content-type", "/plain", false),
            ("content-type", "", false),
            ("range", "bytes=0-", true),
            ("range", "bytes=0-0", true),
            ("range", "bytes=10-9", false),
            ("range", "bytes=9-10", true),
            ("range", "bytes=099-100", true),
            (
                "range",
                "bytes=99999999999999999999-100000000000000000000",
                true,
            ),
            ("range", "bytes=-500", false),
            ("range", "bytes=-", false),
            ("range", "bytes= 0-", false),
            ("range", "Bytes=0-", false),
            ("range", "bytes=0-1,3-4", false),
            ("range", "bytes=+1-", false),
            ("range", "bytes=0-\u{e9}", false),
            ("dpr", "1", false),
            ("authorization", "a", false),
            ("x-a", "", false),
        ] {
            let bytes: Vec<u8> = value
                .chars()
                .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
                .collect();
            assert_eq!(
                is_safelisted_request_header(name, &bytes),
                is_safe,
                "{name}: {value}"
            );
            let no_cors = is_safe && name != "range";
            assert_eq!(
                is_no_cors_safelisted_request_header(name, &bytes),
                no_cors,
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn method_overrides_are_forbidden_if_they_name_a_forbidden_method() {
        for (name, value, is_forbidden) in [
            ("x-http-method", "PUT", false),
            ("x-http-method", "trace", true),
            ("x-http-method-override", "GET,\tTRACK ", true),
            ("x-method-override", "\"GET,TRACE\"", false),
            ("x-method-override", "\"a\\\",\",CONNECT", true),
            ("x-method-override", "", false),
            ("x-other", "TRACE", false),
            ("proxy-x", "", true),
            ("cookie", "", true),
        ] {
            assert_eq!(
                is_forbidden_request_header(name, value.as_bytes()),
                is_forbidden,
                "{name}: {value}"
            );
        }
    }
}
