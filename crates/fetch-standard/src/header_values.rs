//! Request headers that are forbidden or safelisted by their values.

use crate::{
    header_names::is_forbidden_request_header_name,
    methods::is_forbidden_method,
    token::{is_token, split},
};

/// The spellings of method override, which are
/// [forbidden request-headers](https://fetch.spec.whatwg.org/#forbidden-request-header) where they name a forbidden
/// method.
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

/// The essences of `Content-Type` that are
/// [CORS-safelisted](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
const SAFELISTED_MIME_TYPES: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
];

/// The longest value of a CORS-safelisted request-header, in bytes, same section.
const MAX_SAFELISTED_VALUE: usize = 128;

/// The most bytes of all safelisted values together, by
/// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names).
pub const MAX_SAFELISTED_VALUES: usize = 1024;

/// Whether a header, its name in lower case, is a
/// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header), its value considered: the names of
/// method overrides are forbidden for forbidden methods only.
#[must_use]
pub fn is_forbidden_request_header(name: &str, value: &[u8]) -> bool {
    is_forbidden_request_header_name(name)
        || (METHOD_OVERRIDES.contains(&name)
            && split(value)
                .iter()
                .any(|method| is_forbidden_method(method)))
}

/// Whether a header, its name in lower case, is a
/// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
#[must_use]
pub fn is_no_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    NO_CORS_SAFELISTED_REQUEST_HEADERS.contains(&name) && is_safelisted_request_header(name, value)
}

/// Whether a header, its name in lower case, is a
/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
#[must_use]
pub fn is_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // Step 1.
    if value.len() > MAX_SAFELISTED_VALUE {
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

/// [CORS-unsafe request-header bytes](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
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

/// The essence of what [parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type) gives: its parameters
/// cannot make it fail.
fn mime_essence(value: &[u8]) -> Option<String> {
    // HTTP whitespace bytes, which line breaks belong to.
    const WHITE_SPACE: [char; 4] = ['\n', '\r', '\t', ' '];
    let input: String = value.iter().copied().map(char::from).collect();
    let (kind, rest) = input.trim_matches(WHITE_SPACE).split_once('/')?;
    let subtype = rest.split(';').next()?.trim_end_matches(WHITE_SPACE);
    let is_token = |text: &str| is_token(text.as_bytes());
    (is_token(kind) && is_token(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

/// Whether [parse a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value) succeeds without
/// white space, and gives a start.
fn is_safelisted_range(value: &[u8]) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((start, end)) = std::str::from_utf8(value)
        .ok()
        .and_then(|value| value.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
    else {
        return false;
    };
    // As numbers without a bound: of two without leading zeros, the longer is the greater.
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
    fn tables_are_those_of_the_standard() {
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
        assert_eq!((MAX_SAFELISTED_VALUE, MAX_SAFELISTED_VALUES), (128, 1024));
    }

    #[test]
    fn unsafe_bytes_are_those_of_the_standard() {
        let named = b"\"():<>?@[\\]{}\x7f";
        for byte in 0..=u8::MAX {
            let is_unsafe = (byte < 0x20 && byte != 0x09) || named.contains(&byte);
            assert_eq!(is_unsafe_request_header_byte(byte), is_unsafe, "{byte}");
        }
    }

    #[test]
    fn request_headers_are_safelisted_by_their_values() {
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
    fn method_overrides_are_forbidden_for_forbidden_methods() {
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
