//! What reached the server, seen from outside of every layer.

use std::sync::{Mutex, PoisonError};

use actix_web::{dev::ServiceRequest, http::header::HeaderMap};

/// All requests of a run, each with the step of the case that it belongs to.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<(Key, Sent)>>);

/// Which step of which case, and whether a real browser asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub case: usize,
    pub is_real: bool,
}

/// The part of a request that CORS is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub method: String,
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
}

/// The headers that are compared. `Accept` and what depends on the version or the language of a browser are not.
const COMPARED: [&str; 9] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "authorization",
    "content-type",
    "cookie",
    "x-tenant",
    "sec-fetch-mode",
    "sec-fetch-site",
];

impl Log {
    /// Writes down what comes for a case. Browsers ask for icons as well.
    pub fn note(&self, request: &ServiceRequest) {
        let Some(case) = case_of(request.query_string()) else {
            return;
        };
        let agent = text(request.headers(), "user-agent").unwrap_or_default();
        let key = Key {
            case,
            is_real: !agent.contains("test browser"),
        };
        let sent = Sent {
            method: request.method().to_string(),
            target: request
                .uri()
                .path_and_query()
                .map_or(String::new(), ToString::to_string),
            headers: COMPARED
                .into_iter()
                .filter_map(|name| Some((name, text(request.headers(), name)?)))
                .collect(),
        };
        self.lines().push((key, sent));
    }

    /// Takes out what came for a case.
    pub fn take(&self, key: Key) -> Vec<Sent> {
        self.lines()
            .extract_if(.., |(known, _)| *known == key)
            .map(|(_, sent)| sent)
            .collect()
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<(Key, Sent)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sent {
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS"
            && self
                .headers
                .iter()
                .any(|(name, _)| *name == "access-control-request-method")
    }
}

/// The number of the case, which is in the query of each of its URLs.
pub fn case_of(query: &str) -> Option<usize> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("case="))
        .and_then(|number| number.parse().ok())
}

/// All lines of a header in one.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<_> = headers
        .get_all(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(" | "))
}
