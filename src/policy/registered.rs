//! Names of methods and headers that people use. Other names are compared with them to find names that are probably
//! misspelled or in the wrong setting.

/// The methods of the [IANA registry](https://www.iana.org/assignments/http-methods), except `PRI` and `*`.
const METHODS: [&str; 39] = [
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "TRACE",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];

/// Request headers that pages set, in lower case: registered ones, and those of common libraries.
const REQUEST_HEADERS: [&str; 58] = [
    "accept",
    "accept-language",
    "accept-patch",
    "accept-version",
    "apollo-require-preflight",
    "authorization",
    "baggage",
    "cache-control",
    "client-id",
    "connect-protocol-version",
    "connect-timeout-ms",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "csrf-token",
    "digest",
    "forwarded",
    "from",
    "grpc-timeout",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-event-id",
    "link",
    "max-forwards",
    "mcp-protocol-version",
    "mcp-session-id",
    "pragma",
    "prefer",
    "range",
    "referrer",
    "sentry-trace",
    "slug",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-access-token",
    "x-api-key",
    "x-auth-token",
    "x-client-version",
    "x-correlation-id",
    "x-csrf-token",
    "x-csrftoken",
    "x-grpc-web",
    "x-http-method-override",
    "x-request-id",
    "x-requested-with",
    "x-tenant-id",
    "x-user-agent",
    "x-xsrf-token",
    "xsrf-token",
];

/// Response headers that pages read, in lower case.
const RESPONSE_HEADERS: [&str; 38] = [
    "accept-ranges",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-type",
    "date",
    "deprecation",
    "etag",
    "expires",
    "grpc-message",
    "grpc-status",
    "last-modified",
    "link",
    "location",
    "mcp-session-id",
    "pragma",
    "ratelimit",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "refresh-token",
    "retry-after",
    "server-timing",
    "sunset",
    "vary",
    "www-authenticate",
    "x-auth-token",
    "x-correlation-id",
    "x-request-id",
    "x-total-count",
];

/// Headers that only servers send, in lower case. In the list of request headers, they are a mistake.
const ONLY_IN_RESPONSES: [&str; 32] = [
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "allow",
    "alt-svc",
    "content-security-policy",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "etag",
    "location",
    "permissions-policy",
    "proxy-authenticate",
    "referrer-policy",
    "retry-after",
    "server",
    "server-timing",
    "strict-transport-security",
    "timing-allow-origin",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
    "x-total-count",
    "x-xss-protection",
];

/// Headers that only clients send, in lower case. In the list of exposed headers, they are a mistake.
const ONLY_IN_REQUESTS: [&str; 21] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "cookie",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "origin",
    "range",
    "referer",
    "te",
    "user-agent",
    "x-requested-with",
];

/// A registered method that differs from a name in its case alone.
pub(super) fn method_in_another_case(name: &str) -> Option<&'static str> {
    let method = METHODS
        .iter()
        .find(|method| method.eq_ignore_ascii_case(name))?;
    (*method != name).then_some(*method)
}

pub(super) fn is_method(name: &str) -> bool {
    METHODS
        .iter()
        .any(|method| method.eq_ignore_ascii_case(name))
}

/// Whether pages or servers are known to use a header. The name may have any case.
pub(super) fn is_header(name: &str) -> bool {
    let lists = [
        &REQUEST_HEADERS[..],
        &RESPONSE_HEADERS,
        &ONLY_IN_RESPONSES,
        &ONLY_IN_REQUESTS,
    ];
    let is_in = |list: &&[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    lists.iter().any(is_in)
}

/// Whether only servers send a header. The name is in lower case.
pub(super) fn is_only_in_responses(name: &str) -> bool {
    ONLY_IN_RESPONSES.contains(&name)
}

/// Whether only clients send a header. The name is in lower case.
pub(super) fn is_only_in_requests(name: &str) -> bool {
    ONLY_IN_REQUESTS.contains(&name) || name.starts_with("sec-fetch-")
}

/// The registered method that is probably meant by a name.
pub(super) fn nearest_method(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    // As programs call them: `HttpMethod.PUT`, `http.MethodPut`, `HTTP_PUT`.
    let last = upper.rsplit(['.', '_']).next().unwrap_or_default();
    let last = last.strip_prefix("METHOD").unwrap_or(last);
    let of_code = METHODS
        .iter()
        .find(|method| **method == last && last != upper);
    of_code.copied().or_else(|| nearest(&upper, &METHODS))
}

/// The well-known request header that is probably meant by a name, in lower case.
pub(super) fn nearest_request_header(name: &str) -> Option<&'static str> {
    nearest_header(name, &REQUEST_HEADERS)
}

/// The well-known response header that is probably meant by a name, in lower case.
pub(super) fn nearest_response_header(name: &str) -> Option<&'static str> {
    nearest_header(name, &RESPONSE_HEADERS)
}

fn nearest_header(name: &str, known: &[&'static str]) -> Option<&'static str> {
    if is_header(name) {
        return None;
    }
    // What comes first in its value.
    if name == "bearer" {
        return known
            .iter()
            .copied()
            .find(|known| *known == "authorization");
    }
    // As servers call headers in their environment: `HTTP_X_API_KEY`.
    let name = name.strip_prefix("http_").unwrap_or(name);
    // As programs do: `HttpHeaders.CONTENT_TYPE`.
    let name = name.rsplit('.').next().unwrap_or(name);
    if name.contains('_') {
        let hyphens = name.replace("_", "-");
        if let Some(known) = known.iter().find(|known| **known == hyphens) {
            return Some(known);
        }
    } else if let Some(known) = known.iter().find(|known| **known == name) {
        return Some(known);
    }
    nearest(name, known)
}

/// The known name of which a name is a misspelling: two letters are swapped, one letter differs, or one or two of many are
/// missing.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    const SHORTEST: usize = 6;
    const LONG: usize = 12;
    // Far longer than any known name: nothing to compare.
    const LONGEST: usize = 64;
    if known.contains(&name) || name.len() > LONGEST {
        return None;
    }
    let is_near = |known: &str| {
        let has_same_letters = has_same_letters(name, known);
        // Of short headers, `form` and `from` are two.
        let is_method = known.starts_with(|first: char| first.is_ascii_uppercase());
        match strsim::osa_distance(name, known) {
            1 if has_same_letters => known.len() >= SHORTEST || is_method,
            1 => known.len() >= SHORTEST && !has_other_word(name, known),
            // `request-id` is a name too.
            2 => {
                known.len() >= LONG
                    && (has_same_letters || name.len() < known.len())
                    && !known.ends_with(name)
            }
            _ => false,
        }
    };
    known.iter().copied().find(|known| is_near(known))
}

/// Whether a short word of a name is another one, and not a misspelled one or its plural. Names of applications differ in such
/// words on purpose: `x-app-key` and `x-api-key`.
fn has_other_word(name: &str, known: &str) -> bool {
    const SHORT: usize = 4;
    let mut words = name.split('-').zip(known.split('-'));
    name.matches('-').count() == known.matches('-').count()
        && words.any(|(word, known)| {
            known.len() <= SHORT
                && word != known
                && word.len() >= known.len()
                && word.strip_suffix('s') != Some(known)
        })
}

/// Whether one name is the other with its letters in another order.
pub(super) fn has_same_letters(one: &str, other: &str) -> bool {
    let count = |name: &str, letter| name.bytes().filter(|byte| *byte == letter).count();
    one.len() == other.len()
        && one
            .bytes()
            .all(|byte| count(one, byte) == count(other, byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_names_are_found() {
        for (name, meant) in [
            ("OPTION", Some("OPTIONS")),
            ("DELET", Some("DELETE")),
            ("optoins", Some("OPTIONS")),
            ("DELETE", None),
            ("PACTH", Some("PATCH")),
            ("PSOT", Some("POST")),
            ("PTU", Some("PUT")),
            ("PUTT", None),
            ("BATCH", None),
            ("FOO", None),
        ] {
            assert_eq!(nearest_method(name), meant, "{name}");
        }
        for (name, meant) in [
            ("autorization", Some("authorization")),
            ("authorisation", Some("authorization")),
            ("content-typ", Some("content-type")),
            ("contenttype", Some("content-type")),
            ("x-requested-wiht", Some("x-requested-with")),
            ("x-api-keys", Some("x-api-key")),
            ("contet-tpye", Some("content-type")),
            ("x-request-with", Some("x-requested-with")),
            ("authorisaton", Some("authorization")),
            ("app-session-id", None),
            ("x-access-token-2", None),
            ("x-requestor-id", None),
            ("x-oauth-token", None),
            ("client-ip", None),
            ("request-id", None),
            ("form", None),
            ("content_type", Some("content-type")),
            ("x_api_key", Some("x-api-key")),
            ("http_x_csrf_token", Some("x-csrf-token")),
            ("http_authorization", Some("authorization")),
            ("x-app-key", None),
            ("x-csrftoken", None),
            ("x-xsrf-token", None),
            ("content-type", None),
            ("accept", None),
            ("x-a", None),
        ] {
            assert_eq!(nearest_request_header(name), meant, "{name}");
        }
        assert_eq!(
            nearest_response_header("x-total-counts"),
            Some("x-total-count")
        );
        assert_eq!(nearest_response_header("etags"), None);
    }

    #[test]
    fn tables_are_sorted_in_lower_case_and_without_repetitions() {
        let headers = [
            &REQUEST_HEADERS[..],
            &RESPONSE_HEADERS,
            &ONLY_IN_REQUESTS,
            &ONLY_IN_RESPONSES,
        ];
        for table in headers {
            assert!(table.iter().all(|name| *name == name.to_ascii_lowercase()));
        }
        for table in headers.into_iter().chain([&METHODS[..]]) {
            assert!(table.is_sorted_by(|name, next| name < next), "{table:?}");
        }
    }
}
