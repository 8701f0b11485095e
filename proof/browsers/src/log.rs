//! What reached the server, seen from outside of every layer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName},
    middleware::Next,
    web,
};

/// All requests of a run, each with the case that it belongs to.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<(Key, Sent)>>);

/// Which case, and whether a real browser asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub case: usize,
    pub is_real: bool,
}

/// A request, with headers by their names in lower case, sorted; several lines of one are joined by `|`, which no browser
/// writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Log {
    /// Takes out what came for a case.
    pub fn take(&self, key: Key) -> Vec<Sent> {
        self.lines()
            .extract_if(.., |(known, _)| *known == key)
            .map(|(_, sent)| sent)
            .collect()
    }

    /// How many requests nobody has taken out.
    pub fn left(&self) -> usize {
        self.lines().len()
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(Key, Sent)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A layer that writes down what comes for a case; browsers ask for other things as well.
pub async fn note(
    log: web::Data<Log>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(case) = case_of(request.query_string()) {
        // The payload of an upgrade never ends.
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
        let sent = Sent {
            method: request.method().to_string(),
            target: target.map_or(String::new(), ToString::to_string),
            headers,
            body,
        };
        log.lines().push((key, sent));
    }
    next.call(request).await
}

impl Sent {
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

    /// With headers of these names alone.
    pub fn only(mut self, names: &[String]) -> Self {
        self.headers.retain(|(name, _)| names.contains(name));
        self
    }

    /// The preflight for this request, which asks for these headers.
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

/// The number of the case, which is in the query of each of its URLs.
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
