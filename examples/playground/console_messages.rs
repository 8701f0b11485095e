//! The messages in browser consoles for each step of the standard that fails. The simulated browser says which step failed.
//!
//! The tests in `proof/browsers` include this file. They compare it with real browsers, and with the page "Why was my request
//! denied?" of the docs.

use cors_test_browser::{Blocked, CorsCheckError};

/// The messages of Chromium, Firefox and Safari, with `…` for parts that vary. The first such part is the
/// [name](varying_part).
pub(crate) fn templates(blocked: &Blocked) -> Option<[&'static str; 3]> {
    const FIREFOX_MISMATCH: &str = "CORS header 'Access-Control-Allow-Origin' does not match '…'";
    const SAFARI_MISMATCH: &str = "Origin … is not allowed by Access-Control-Allow-Origin";
    Some(match blocked {
        Blocked::CorsCheck(CorsCheckError::Missing) => [
            "No 'Access-Control-Allow-Origin' header is present on the requested resource",
            "CORS header 'Access-Control-Allow-Origin' missing",
            SAFARI_MISMATCH,
        ],
        Blocked::PreflightCorsCheck(CorsCheckError::Missing) => [
            "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource",
            "CORS header 'Access-Control-Allow-Origin' missing … Status code: …",
            "Preflight response is not successful. Status code: 403",
        ],
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            CorsCheckError::Wildcard => [
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'",
                "Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '*'",
                "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true",
            ],
            CorsCheckError::Mismatch { allowed, .. } if allowed.contains(',') => [
                "The 'Access-Control-Allow-Origin' header contains multiple values '…', but only one is allowed",
                FIREFOX_MISMATCH,
                "Access-Control-Allow-Origin cannot contain more than one origin",
            ],
            CorsCheckError::Mismatch { allowed, .. }
                if allowed.is_empty() || allowed.contains('*') =>
            {
                [
                    "The 'Access-Control-Allow-Origin' header contains the invalid value '…'",
                    FIREFOX_MISMATCH,
                    SAFARI_MISMATCH,
                ]
            }
            CorsCheckError::Mismatch { .. } => [
                "The 'Access-Control-Allow-Origin' header has a value '…' that is not equal to the supplied origin",
                FIREFOX_MISMATCH,
                SAFARI_MISMATCH,
            ],
            CorsCheckError::Credentials(_) => [
                "The value of the 'Access-Control-Allow-Credentials' header in the response is '…' which must be 'true' when the request's credentials mode is 'include'",
                "expected 'true' in CORS header 'Access-Control-Allow-Credentials'",
                "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\"",
            ],
            _ => return None,
        },
        Blocked::PreflightStatus(301 | 302 | 303 | 307 | 308) => [
            "Redirect is not allowed for a preflight request",
            "CORS request external redirect not allowed",
            "Preflight response is not successful. Status code: 3xx",
        ],
        Blocked::PreflightStatus(_) => [
            "It does not have HTTP ok status",
            "CORS preflight response did not succeed",
            "Preflight response is not successful",
        ],
        Blocked::PreflightMethod(_) => [
            "Method … is not allowed by Access-Control-Allow-Methods in preflight response",
            "Did not find method in CORS header 'Access-Control-Allow-Methods'",
            "Method … is not allowed by Access-Control-Allow-Methods",
        ],
        Blocked::PreflightHeader(_) => [
            "Request header field … is not allowed by Access-Control-Allow-Headers in preflight response",
            "header '…' is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response",
            "Request header field … is not allowed by Access-Control-Allow-Headers",
        ],
        Blocked::PreflightList(name) if *name == "Access-Control-Allow-Methods" => [
            "Cannot parse Access-Control-Allow-Methods response header field in preflight response",
            "invalid token '…' in CORS header 'Access-Control-Allow-Methods'",
            "",
        ],
        Blocked::PreflightList(_) => [
            "Cannot parse Access-Control-Allow-Headers response header field in preflight response",
            "invalid token '…' in CORS header 'Access-Control-Allow-Headers'",
            "",
        ],
        Blocked::MixedContent(_) => ["Mixed Content", "Blocked loading mixed active content", ""],
        _ => return None,
    })
}

/// The text in the first varying part of the messages of Chromium and Firefox, if it is known.
pub(crate) fn varying_part(blocked: &Blocked) -> Option<&str> {
    match blocked {
        Blocked::PreflightMethod(name) | Blocked::PreflightHeader(name) => Some(name),
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            CorsCheckError::Mismatch { allowed, .. } => Some(allowed),
            CorsCheckError::Credentials(value) => Some(value.as_deref().unwrap_or_default()),
            _ => None,
        },
        _ => None,
    }
}
