//! The result that a page gets, as far as a script can see it.

use cors_test_browser::{Response, ResponseType};
use serde::Deserialize;

use crate::call::{Call, CallKind};

/// The result of a call.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct PageResult {
    /// `response.type`; `loaded` for an element; `error` for what failed.
    pub outcome: String,
    pub status: u16,
    pub redirected: bool,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The text of the error. It is not compared.
    pub error: String,
}

/// Headers that depend on the connection or on the time.
const INCOMPARABLE: [&str; 5] = [
    "connection",
    "date",
    "keep-alive",
    "transfer-encoding",
    "x-firefox-spdy",
];

impl PageResult {
    /// The result in the simulated browser.
    pub fn of(call: &Call, response: &Response) -> Self {
        let outcome = match response.response_type() {
            ResponseType::Basic => "basic",
            ResponseType::Cors => "cors",
            ResponseType::Opaque => "opaque",
            ResponseType::OpaqueRedirect => "opaqueredirect",
            _ => "error",
        };
        let error = response.blocked_by().map(|blocked| blocked.to_string());
        let all = Self {
            outcome: outcome.to_owned(),
            status: response.status(),
            redirected: response.redirected(),
            url: response.url().to_owned(),
            headers: response
                .headers()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: response.text(),
            error: error.unwrap_or_default(),
        };
        all.visible_to_script(call)
    }

    /// The part that a script can see. For elements, that is only whether they were loaded.
    pub fn visible_to_script(self, call: &Call) -> Self {
        let is_error = self.outcome == "error";
        match call.kind {
            CallKind::Fetch | CallKind::Xhr => {
                let mut headers = self.headers;
                headers.retain(|(name, _)| !INCOMPARABLE.contains(&name.as_str()));
                headers.sort();
                Self { headers, ..self }
            }
            _ => {
                // A script or a font with an error status is not loaded. An opaque response has no status.
                let is_bad = match call.kind {
                    CallKind::Events => ![0, 200].contains(&self.status),
                    _ => self.status >= 400,
                };
                let outcome = if is_error || is_bad {
                    "error"
                } else {
                    "loaded"
                };
                Self {
                    outcome: outcome.to_owned(),
                    error: self.error,
                    ..Self::default()
                }
            }
        }
    }

    /// The result of a failed call.
    pub fn error() -> Self {
        Self {
            outcome: "error".to_owned(),
            ..Self::default()
        }
    }

    pub fn is_error(&self) -> bool {
        self.outcome == "error"
    }

    /// The text in a cell of a table.
    pub fn word(&self) -> String {
        match self.outcome.as_str() {
            "error" => "blocked".to_owned(),
            "basic" | "cors" => {
                // Headers that every page may read are left out.
                let names = self.headers.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = names.filter(|name| !name.starts_with("content-")).collect();
                let names = if names.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", names.join(", "))
                };
                format!("reads {}{names}", self.status)
            }
            "opaqueredirect" => "opaque redirect".to_owned(),
            other => other.to_owned(),
        }
    }

    /// Whether a script would see the same.
    pub fn equals(&self, other: &Self) -> bool {
        let nameless = |verdict: &Self| Self {
            error: String::new(),
            ..verdict.clone()
        };
        nameless(self) == nameless(other)
    }
}
