//! What a page got, as far as a script can tell.

use cors_test_browser::{Response, ResponseType};
use serde::Deserialize;

use crate::call::{Call, Kind};

/// What came of a call.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Verdict {
    /// `response.type`; `loaded` for an element; `error` for what failed.
    pub outcome: String,
    pub status: u16,
    pub redirected: bool,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// What the script was told: nothing that could be compared.
    pub error: String,
}

/// Of the connection, or of the moment.
const INCOMPARABLE: [&str; 5] = [
    "connection",
    "date",
    "keep-alive",
    "transfer-encoding",
    "x-firefox-spdy",
];

impl Verdict {
    /// What the browser for tests got.
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
        all.seen_by(call)
    }

    /// What a script can see of it: of elements, only whether they were loaded.
    pub fn seen_by(self, call: &Call) -> Self {
        let is_error = self.outcome == "error";
        match call.kind {
            Kind::Fetch | Kind::Xhr => {
                let mut headers = self.headers;
                headers.retain(|(name, _)| !INCOMPARABLE.contains(&name.as_str()));
                headers.sort();
                Self { headers, ..self }
            }
            _ => {
                // A script or a font with an error status is none; an opaque one tells no status.
                let is_bad = match call.kind {
                    Kind::Events => ![0, 200].contains(&self.status),
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

    /// What failed.
    pub fn error() -> Self {
        Self {
            outcome: "error".to_owned(),
            ..Self::default()
        }
    }

    pub fn is_error(&self) -> bool {
        self.outcome == "error"
    }

    /// In a cell of a table.
    pub fn word(&self) -> String {
        match self.outcome.as_str() {
            "error" => "blocked".to_owned(),
            "basic" | "cors" => {
                // Those that every page may read say nothing.
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

    /// Whether a script would see no difference.
    pub fn equals(&self, other: &Self) -> bool {
        let nameless = |verdict: &Self| Self {
            error: String::new(),
            ..verdict.clone()
        };
        nameless(self) == nameless(other)
    }
}
