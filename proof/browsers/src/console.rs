//! What consoles say of a step of the standard that failed: the browser for tests names the step, and a real browser must
//! mean the same one. The page "Why was my request denied?" has the same sentences.

use cors_test_browser::{Blocked, CorsCheckError};

use crate::driver::Kind;

/// A sentence, with `…` for what is another each time.
pub struct Words {
    sentence: &'static str,
    /// What stands there in this case.
    name: Option<String>,
}

/// What the console says; `None` where it says nothing that is worth a sentence here.
pub fn words(browser: Kind, blocked: &Blocked) -> Option<Words> {
    let (chromium, firefox) = sentences(blocked)?;
    let name = match blocked {
        Blocked::PreflightMethod(name) | Blocked::PreflightHeader(name) => Some(name.clone()),
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            CorsCheckError::Mismatch { allowed, .. } => Some(allowed.clone()),
            CorsCheckError::Credentials(value) => Some(value.clone().unwrap_or_default()),
            _ => None,
        },
        _ => None,
    };
    let sentence = match browser {
        Kind::Chromium => chromium,
        Kind::Firefox => firefox,
    };
    Some(Words { sentence, name })
}

impl Words {
    /// Whether a line of the console says this.
    pub fn are_in(&self, line: &str) -> bool {
        let said = match &self.name {
            Some(name) => self.sentence.replacen('…', name, 1),
            None => self.sentence.to_owned(),
        };
        let line = line.replace(['‘', '’'], "'");
        let mut rest = line.as_str();
        said.split('…')
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

/// Of Chromium and of Firefox.
fn sentences(blocked: &Blocked) -> Option<(&'static str, &'static str)> {
    const NOT_ONE: &str = "CORS header 'Access-Control-Allow-Origin' does not match '…'";
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
                NOT_ONE,
            ),
            CorsCheckError::Mismatch { allowed, .. }
                if allowed.is_empty() || allowed.contains('*') =>
            {
                (
                    "The 'Access-Control-Allow-Origin' header contains the invalid value '…'",
                    NOT_ONE,
                )
            }
            CorsCheckError::Mismatch { .. } => (
                "The 'Access-Control-Allow-Origin' header has a value '…' that is not equal to the supplied origin",
                NOT_ONE,
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

    /// The rows of the table in the docs, in their order.
    #[test]
    fn the_page_of_denials_has_the_sentences_of_consoles() {
        let page = include_str!("../../../src/why_denied.md");
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
        let wanted: Vec<_> = steps.iter().filter_map(sentences).collect();
        assert_eq!(rows, wanted);
    }

    #[test]
    fn names_count() {
        let method = |name: &str| words(Kind::Chromium, &Blocked::PreflightMethod(name.to_owned()));
        let line = "blocked: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.";
        assert!(method("PUT").is_some_and(|words| words.are_in(line)));
        assert!(!method("PATCH").is_some_and(|words| words.are_in(line)));
    }
}
