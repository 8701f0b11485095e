//! What consoles say of a step of the standard that failed: the browser for tests names the step, and a real browser must
//! mean the same one. The page "Why was my request denied?" quotes the same words.

use actix_cors_policy::browser::{Blocked, CorsCheck};

use crate::driver::Kind;

/// A part of what the console says; `None` where it says nothing, or other words each time.
pub fn words(browser: Kind, blocked: &Blocked) -> Option<&'static str> {
    let (chromium, firefox) = match blocked {
        Blocked::Check(check) | Blocked::PreflightCheck(check) => match check {
            CorsCheck::Missing => (
                "No 'Access-Control-Allow-Origin' header is present on the requested resource",
                "CORS header 'Access-Control-Allow-Origin' missing",
            ),
            CorsCheck::Wildcard => (
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'",
                "Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '*'",
            ),
            CorsCheck::Mismatch { allowed, .. } if allowed.contains(',') => (
                "The 'Access-Control-Allow-Origin' header contains multiple values",
                "CORS header 'Access-Control-Allow-Origin' does not match",
            ),
            // Chromium has two sentences, by whether the value would be an origin.
            CorsCheck::Mismatch { .. } => (
                "The 'Access-Control-Allow-Origin' header",
                "CORS header 'Access-Control-Allow-Origin' does not match",
            ),
            CorsCheck::Credentials(_) => (
                "The value of the 'Access-Control-Allow-Credentials' header in the response is",
                "expected 'true' in CORS header 'Access-Control-Allow-Credentials'",
            ),
            _ => return None,
        },
        Blocked::PreflightStatus(300..400) if browser == Kind::Firefox => {
            return Some("CORS preflight response did not succeed");
        }
        Blocked::PreflightStatus(301 | 302 | 303 | 307 | 308) => {
            ("Redirect is not allowed for a preflight request", "")
        }
        Blocked::PreflightStatus(_) => (
            "It does not have HTTP ok status",
            "CORS preflight response did not succeed",
        ),
        Blocked::PreflightMethod(_) => (
            "is not allowed by Access-Control-Allow-Methods in preflight response",
            "Did not find method in CORS header 'Access-Control-Allow-Methods'",
        ),
        Blocked::PreflightHeader(_) => (
            "is not allowed by Access-Control-Allow-Headers in preflight response",
            "is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response",
        ),
        Blocked::PreflightList(_) => ("Cannot parse Access-Control-Allow-", "invalid token"),
        Blocked::MixedContent(_) => ("Mixed Content", "Blocked loading mixed active content"),
        _ => return None,
    };
    Some(match browser {
        Kind::Chromium => chromium,
        Kind::Firefox => firefox,
    })
}

/// With the quotes that a keyboard has.
pub fn plain(text: &str) -> String {
    text.replace(['‘', '’'], "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_denials_quotes_what_consoles_say() {
        let page = include_str!("../../src/why_denied.md");
        let name = || "x".to_owned();
        let steps = [
            Blocked::Check(CorsCheck::Missing),
            Blocked::Check(CorsCheck::Wildcard),
            Blocked::Check(CorsCheck::Credentials(None)),
            Blocked::Check(CorsCheck::Mismatch {
                allowed: "a, b".to_owned(),
                origin: name(),
            }),
            Blocked::Check(CorsCheck::Mismatch {
                allowed: name(),
                origin: name(),
            }),
            Blocked::PreflightStatus(404),
            Blocked::PreflightStatus(301),
            Blocked::PreflightMethod(name()),
            Blocked::PreflightHeader(name()),
        ];
        for step in steps {
            for browser in [Kind::Chromium, Kind::Firefox] {
                let words = words(browser, &step).expect("words");
                assert!(page.contains(words), "{browser:?} says {words:?}");
            }
        }
    }
}
