//! The requests that reached the server, recorded outside of all other middleware.

use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName},
    middleware::Next,
    web,
};

/// All requests of a run, each with its case.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<(Key, ReceivedRequest)>>);

/// The case of a request, and whether a real browser sent the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub case: usize,
    pub is_real: bool,
}

/// A request. Headers are sorted by name, with names in lower case. Several lines of a header are joined by `|`, so that they
/// differ from one line with commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Log {
    /// Removes and returns the requests of a case.
    pub fn take(&self, key: Key) -> Vec<ReceivedRequest> {
        self.lines()
            .extract_if(.., |(known, _)| *known == key)
            .map(|(_, sent)| sent)
            .collect()
    }

    /// How many requests are left.
    pub fn left(&self) -> usize {
        self.lines().len()
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(Key, ReceivedRequest)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A middleware that records the requests of cases. Browsers send other requests too.
pub async fn record(
    log: web::Data<Log>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(case) = case_of(request.query_string()) {
        // The payload of an upgrade never ends, so it cannot be read as a body.
        let body = if request.headers().contains_key("content-length") {
            request.extract::<web::Bytes>().await?.to_vec()
        } else {
            Vec::new()
        };
        let headers = all(request.headers());
        let is_simulated = |(name, value): &(String, String)| {
            name == "user-agent" && value.contains("test browser")
        };
        let key = Key {
            case,
            is_real: !headers.iter().any(is_simulated),
        };
        let target = request.uri().path_and_query();
        let sent = ReceivedRequest {
            method: request.method().to_string(),
            target: target.map_or(String::new(), ToString::to_string),
            headers,
            body,
        };
        log.lines().push((key, sent));
    }
    next.call(request).await
}

impl ReceivedRequest {
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.header("access-control-request-method").is_some()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known == name)?;
        Some(value)
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self.headers.sort();
    }

    pub fn remove(&mut self, name: &str) {
        self.headers.retain(|(known, _)| known != name);
    }

    /// Removes all headers except those with these names.
    pub fn only(mut self, names: &[String]) -> Self {
        self.headers.retain(|(name, _)| names.contains(name));
        self
    }

    /// The preflight for this request, with this value of `Access-Control-Request-Headers`.
    pub fn preflight(&self, asked: Option<&str>) -> Self {
        let mut preflight = self.clone();
        preflight.method = "OPTIONS".to_owned();
        preflight.body.clear();
        preflight.headers.retain(|(name, _)| {
            ["accept", "origin", "referer"].contains(&name.as_str())
                || name.starts_with("sec-fetch-")
        });
        preflight.set("access-control-request-method", &self.method);
        if let Some(asked) = asked {
            preflight.set("access-control-request-headers", asked);
        }
        preflight
    }
}

/// The number of the case, from the query of a URL.
pub fn case_of(query: &str) -> Option<usize> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("case="))
        .and_then(|number| number.parse().ok())
}

fn all(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    let joined = |name: &str| {
        let lines = headers.get_all(name);
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        (name.to_owned(), lines.join("|"))
    };
    names.into_iter().map(joined).collect()
}
