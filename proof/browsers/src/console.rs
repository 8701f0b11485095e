//! The messages in browser consoles for each step of the standard that fails. The simulated browser says which step failed,
//! and the console of a real browser must have the message of the same step. The page "Why was my request denied?" of the
//! docs has the same messages.

use cors_test_browser::{Blocked, CorsCheckError};

use crate::driver::BrowserKind;

/// A message, with `…` for parts that vary.
pub struct ConsoleMessage {
    template: &'static str,
    /// The text in place of the first `…`, if it is known.
    name: Option<String>,
}

/// The message that the console of this browser must have; `None` if nothing is expected.
pub fn expected_message(browser: BrowserKind, blocked: &Blocked) -> Option<ConsoleMessage> {
    let (chromium, firefox) = templates(blocked)?;
    let name = match blocked {
        Blocked::PreflightMethod(name) | Blocked::PreflightHeader(name) => Some(name.clone()),
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            CorsCheckError::Mismatch { allowed, .. } => Some(allowed.clone()),
            CorsCheckError::Credentials(value) => Some(value.clone().unwrap_or_default()),
            _ => None,
        },
        _ => None,
    };
    let template = match browser {
        BrowserKind::Chromium => chromium,
        BrowserKind::Firefox => firefox,
    };
    Some(ConsoleMessage { template, name })
}

impl ConsoleMessage {
    /// Whether a line of the console contains this message.
    pub fn is_in(&self, line: &str) -> bool {
        let expected = match &self.name {
            Some(name) => self.template.replacen('…', name, 1),
            None => self.template.to_owned(),
        };
        let line = line.replace(['‘', '’'], "'");
        let mut rest = line.as_str();
        expected
            .split('…')
            .map(str::trim)
            .all(|part| match rest.split_once(part) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
    }
}

/// Whether a line of the console is about CORS.
pub fn is_denial(line: &str) -> bool {
    line.contains("blocked by CORS policy") || line.contains("Cross-Origin Request Blocked")
}

/// The messages of Chromium and of Firefox.
fn templates(blocked: &Blocked) -> Option<(&'static str, &'static str)> {
    const FIREFOX_MISMATCH: &str = "CORS header 'Access-Control-Allow-Origin' does not match '…'";
    Some(match blocked {
        Blocked::CorsCheck(CorsCheckError::Missing) => (
            "No 'Access-Control-Allow-Origin' header is present on the requested resource",
            "CORS header 'Access-Control-Allow-Origin' missing",
        ),
        Blocked::PreflightCorsCheck(CorsCheckError::Missing) => (
            "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource",
            "CORS header 'Access-Control-Allow-Origin' missing … Status code: …",
        ),
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            CorsCheckError::Wildcard => (
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'",
                "Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '*'",
            ),
            CorsCheckError::Mismatch { allowed, .. } if allowed.contains(',') => (
                "The 'Access-Control-Allow-Origin' header contains multiple values '…', but only one is allowed",
                FIREFOX_MISMATCH,
            ),
            CorsCheckError::Mismatch { allowed, .. }
                if allowed.is_empty() || allowed.contains('*') =>
            {
                (
                    "The 'Access-Control-Allow-Origin' header contains the invalid value '…'",
                    FIREFOX_MISMATCH,
                )
            }
            CorsCheckError::Mismatch { .. } => (
                "The 'Access-Control-Allow-Origin' header has a value '…' that is not equal to the supplied origin",
                FIREFOX_MISMATCH,
            ),
            CorsCheckError::Credentials(_) => (
                "The value of the 'Access-Control-Allow-Credentials' header in the response is '…' which must be 'true' when the request's credentials mode is 'include'",
                "expected 'true' in CORS header 'Access-Control-Allow-Credentials'",
            ),
            _ => return None,
        },
        Blocked::PreflightStatus(301 | 302 | 303 | 307 | 308) => (
            "Redirect is not allowed for a preflight request",
            "CORS request external redirect not allowed",
        ),
        Blocked::PreflightStatus(_) => (
            "It does not have HTTP ok status",
            "CORS preflight response did not succeed",
        ),
        Blocked::PreflightMethod(_) => (
            "Method … is not allowed by Access-Control-Allow-Methods in preflight response",
            "Did not find method in CORS header 'Access-Control-Allow-Methods'",
        ),
        Blocked::PreflightHeader(_) => (
            "Request header field … is not allowed by Access-Control-Allow-Headers in preflight response",
            "header '…' is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response",
        ),
        Blocked::PreflightList(name) if *name == "Access-Control-Allow-Methods" => (
            "Cannot parse Access-Control-Allow-Methods response header field in preflight response",
            "invalid token '…' in CORS header 'Access-Control-Allow-Methods'",
        ),
        Blocked::PreflightList(_) => (
            "Cannot parse Access-Control-Allow-Headers response header field in preflight response",
            "invalid token '…' in CORS header 'Access-Control-Allow-Headers'",
        ),
        Blocked::MixedContent(_) => ("Mixed Content", "Blocked loading mixed active content"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the messages with the rows of the table in the docs.
    #[test]
    fn the_docs_have_the_messages_of_consoles() {
        let page = include_str!("../../../src/guides/why_was_my_request_denied.md");
        let (_, table) = page
            .split_once("| Chromium | Firefox | Safari |")
            .expect("a table");
        let rows: Vec<(&str, &str)> = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .filter_map(|line| {
                let mut cells = line.split(" | ");
                Some((cells.next()?.trim_start_matches("| "), cells.next()?))
            })
            .filter(|(chromium, _)| !chromium.contains("net::ERR"))
            .collect();
        let name = || "x".to_owned();
        let mismatch = |allowed: &str| {
            Blocked::CorsCheck(CorsCheckError::Mismatch {
                allowed: allowed.to_owned(),
                origin: name(),
            })
        };
        let steps = [
            Blocked::CorsCheck(CorsCheckError::Missing),
            Blocked::PreflightCorsCheck(CorsCheckError::Missing),
            Blocked::PreflightStatus(404),
            Blocked::PreflightMethod(name()),
            Blocked::PreflightHeader(name()),
            Blocked::CorsCheck(CorsCheckError::Credentials(None)),
            Blocked::CorsCheck(CorsCheckError::Wildcard),
            mismatch("a, b"),
            mismatch("a"),
            mismatch(""),
            Blocked::PreflightStatus(301),
        ];
        let wanted: Vec<_> = steps.iter().filter_map(templates).collect();
        assert_eq!(rows, wanted);
    }

    #[test]
    fn a_message_must_have_the_right_name() {
        let method = |name: &str| {
            expected_message(
                BrowserKind::Chromium,
                &Blocked::PreflightMethod(name.to_owned()),
            )
        };
        let line = "blocked: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.";
        assert!(method("PUT").is_some_and(|message| message.is_in(line)));
        assert!(!method("PATCH").is_some_and(|message| message.is_in(line)));
    }
}
