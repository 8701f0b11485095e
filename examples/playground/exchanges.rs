//! The requests to the API and its responses, which the page finds by the query that makes each URL unique.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_cors_policy::{CorsRequest, Outcome};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName},
    },
    middleware::Next,
    web,
};
use serde::Serialize;

use crate::{api::COOKIE, state::State};

/// How many exchanges are kept: enough for a few changes of the policy.
const MAX_EXCHANGES: usize = 1_000;

/// How many headers are kept, and how many characters of each text.
const MAX_HEADERS: usize = 32;
const MAX_LENGTH: usize = 512;

/// The request headers that are shown. Browsers send many more.
const SHOWN_HEADERS: [HeaderName; 9] = [
    header::HOST,
    header::ORIGIN,
    HeaderName::from_static("sec-fetch-site"),
    header::ACCESS_CONTROL_REQUEST_METHOD,
    header::ACCESS_CONTROL_REQUEST_HEADERS,
    header::CONTENT_TYPE,
    header::AUTHORIZATION,
    HeaderName::from_static("x-tenant"),
    header::COOKIE,
];

#[derive(Default)]
pub(crate) struct Exchanges(Mutex<VecDeque<(String, Exchange)>>);

#[derive(Clone, Serialize)]
pub(crate) struct Exchange {
    method: String,
    path: String,
    request: Headers,
    status: String,
    response: Headers,
    /// The explanation of a rejected request. It depends on headers that show whether a request is same-origin, and those are
    /// known only when the request arrives.
    rejected: Option<String>,
}

type Headers = Vec<(String, String)>;

impl Exchanges {
    /// The exchanges for one URL, in order.
    pub(crate) fn of(&self, key: &str) -> Vec<Exchange> {
        let all = self.lock();
        let found = all.iter().filter(|(other, _)| other == key);
        found.map(|(_, exchange)| exchange.clone()).collect()
    }

    fn push(&self, key: String, exchange: Exchange) {
        let mut all = self.lock();
        if all.len() == MAX_EXCHANGES {
            all.pop_front();
        }
        all.push_back((key, exchange));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Exchange)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A middleware that records the requests that the page of the playground starts.
pub(crate) async fn record(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let key = request.query_string().strip_prefix("n=");
    // Other requests are not recorded.
    let Some(key) = key.filter(|key| key.len() <= 64).map(str::to_owned) else {
        return next.call(request).await;
    };
    let method = text(request.method().as_str());
    let path = text(request.path());
    let request_headers = headers(
        SHOWN_HEADERS
            .iter()
            .filter(|name| request.headers().contains_key(*name)),
        request.headers(),
    );

    let cors_request = CorsRequest::from(request.head());

    let response = next.call(request).await?;

    let mut names: Vec<&HeaderName> = response.headers().keys().collect();
    // The map has no defined order.
    names.sort_unstable_by_key(|name| name.as_str());
    let response_headers = headers(names, response.headers());
    let rejected = (response.status() == StatusCode::FORBIDDEN)
        .then(|| state.explain(&cors_request))
        .filter(|explanation| explanation.outcome() == Outcome::Rejected)
        .map(|explanation| explanation.to_string());
    state.exchanges.push(
        key,
        Exchange {
            method,
            path,
            request: request_headers,
            status: response.status().to_string(),
            response: response_headers,
            rejected,
        },
    );
    Ok(response)
}

fn headers<'a>(names: impl IntoIterator<Item = &'a HeaderName>, map: &HeaderMap) -> Headers {
    let lines = names.into_iter().flat_map(|name| {
        let values = map.get_all(name);
        values.map(move |value| (name, String::from_utf8_lossy(value.as_bytes())))
    });
    let lines = lines.filter_map(|(name, value)| {
        if name == header::COOKIE {
            // Cookies of other programs at `localhost` are not shown.
            let mut cookies = value.split(';').map(str::trim);
            let own = cookies
                .find(|cookie| cookie.starts_with(COOKIE))?
                .to_owned();
            return Some((name.to_string(), text(&own)));
        }
        Some((name.to_string(), text(&value)))
    });
    lines.take(MAX_HEADERS).collect()
}

fn text(text: &str) -> String {
    text.chars().take(MAX_LENGTH).collect()
}
