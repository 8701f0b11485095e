//! The messages in browser consoles for each step of the standard that fails. The simulated browser says which step failed,
//! and the console of a real browser must have the message of the same step. The page "Why was my request denied?" of the
//! docs has the same messages.

use cors_test_browser::Blocked;

use crate::console_messages::{templates, varying_part};

/// A call that was blocked, according to the simulated browser.
#[derive(Clone, Debug)]
pub struct Denial {
    pub blocked: Blocked,
    /// The status of the last response.
    pub status: Option<u16>,
}

/// A message, with `…` for parts that vary.
pub struct ConsoleMessage(String);

impl ConsoleMessage {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The message in a column of the docs, with what the step checks in place of the first `…`: a method, the name or the
    /// value of a header. `None` if the column has none.
    pub fn of(column: usize, blocked: &Blocked) -> Option<Self> {
        let template = *templates(blocked)?.get(column)?;
        let text = match varying_part(blocked) {
            Some(part) => template.replacen('…', part, 1),
            None => template.to_owned(),
        };
        (!text.is_empty()).then_some(Self(text))
    }

    /// Whether a line of the console contains this message.
    pub fn is_in(&self, line: &str) -> bool {
        let line = line.replace(['‘', '’'], "'");
        let mut rest = line.as_str();
        self.0
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

#[cfg(test)]
mod tests {
    use cors_test_browser::CorsCheckError;

    use super::*;

    /// Compares the messages with the rows of the table in the docs.
    #[test]
    fn the_docs_have_the_messages_of_consoles() {
        let page = include_str!("../../../src/guides/why_was_my_request_denied.md");
        let (_, table) = page
            .split_once("| Chromium | Firefox | Safari |")
            .expect("a table");
        let rows: Vec<[&str; 3]> = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .filter_map(|line| {
                let mut cells = line.split(" | ");
                Some([
                    cells.next()?.trim_start_matches("| "),
                    cells.next()?,
                    cells.next()?,
                ])
            })
            .filter(|[chromium, ..]| !chromium.contains("net::ERR"))
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
        let method = |name: &str| ConsoleMessage::of(0, &Blocked::PreflightMethod(name.to_owned()));
        let line = "blocked: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.";
        assert!(method("PUT").is_some_and(|message| message.is_in(line)));
        assert!(!method("PATCH").is_some_and(|message| message.is_in(line)));
    }
}
