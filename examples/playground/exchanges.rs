//! What came to the API and what was answered, by the query that makes each URL unique.

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

/// How many are kept: those of a few changes of the policy.
const KEPT: usize = 1_000;

/// How many headers, and how much of each, are kept.
const HEADERS: usize = 32;
const LENGTH: usize = 512;

/// The headers of a request that matter here; browsers send many more.
const SHOWN: [HeaderName; 9] = [
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
    /// What the policy says of a rejected request as it came, with the headers by which it is told from a same-origin one.
    rejected: Option<String>,
}

type Headers = Vec<(String, String)>;

impl Exchanges {
    /// Those of one URL, in their order.
    pub(crate) fn of(&self, key: &str) -> Vec<Exchange> {
        let all = self.lock();
        let found = all.iter().filter(|(other, _)| other == key);
        found.map(|(_, exchange)| exchange.clone()).collect()
    }

    fn push(&self, key: String, exchange: Exchange) {
        let mut all = self.lock();
        if all.len() == KEPT {
            all.pop_front();
        }
        all.push_back((key, exchange));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Exchange)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A layer that remembers what the page of the playground asks for.
pub(crate) async fn record(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let key = request.query_string().strip_prefix("n=");
    // Others are not its business.
    let Some(key) = key.filter(|key| key.len() <= 64).map(str::to_owned) else {
        return next.call(request).await;
    };
    let method = text(request.method().as_str());
    let path = text(request.path());
    let asked = headers(
        SHOWN
            .iter()
            .filter(|name| request.headers().contains_key(*name)),
        request.headers(),
    );

    let came = CorsRequest::from(request.head());

    let response = next.call(request).await?;

    let mut names: Vec<&HeaderName> = response.headers().keys().collect();
    // The map has them in no order.
    names.sort_unstable_by_key(|name| name.as_str());
    let answered = headers(names, response.headers());
    let rejected = (response.status() == StatusCode::FORBIDDEN)
        .then(|| state.explain(&came))
        .filter(|explanation| explanation.outcome() == Outcome::Rejected)
        .map(|explanation| explanation.to_string());
    state.exchanges.push(
        key,
        Exchange {
            method,
            path,
            request: asked,
            status: response.status().to_string(),
            response: answered,
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
            // Other programs at `localhost` have cookies too, which are not to be shown.
            let mut cookies = value.split(';').map(str::trim);
            let own = cookies
                .find(|cookie| cookie.starts_with(COOKIE))?
                .to_owned();
            return Some((name.to_string(), text(&own)));
        }
        Some((name.to_string(), text(&value)))
    });
    lines.take(HEADERS).collect()
}

fn text(text: &str) -> String {
    text.chars().take(LENGTH).collect()
}
