//! A tower service that is equivalent to the actix-web app, alone and in the middleware of tower-http.

use std::{convert::Infallible, future::ready};

use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use tower::{Layer as _, Service, service_fn};

use crate::{
    policies,
    scenarios::{ResponseSummary, Scenario, response_headers},
    subjects::{Driver, FunctionDriver, Subject, Summarize},
};

type Body = &'static str;

pub fn driver(subject: Subject, scenario: &Scenario) -> Box<dyn Driver> {
    let service = service(scenario);
    if subject == Subject::TowerFloor {
        return drive(service, scenario);
    }
    let layer = policies::tower_http(scenario.origins, &scenario.origins.entries());
    drive(layer.layer(service), scenario)
}

/// Sends the response of the app, or that of the floor for preflights.
fn service(
    scenario: &Scenario,
) -> impl Service<Request<()>, Response = Response<Body>, Error = Infallible> + use<> {
    let vary = scenario.vary;
    let body = if scenario.is_preflight() { "" } else { "hello" };
    service_fn(move |_| {
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        for (name, value) in response_headers(vary) {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_static(value));
        }
        ready(Ok(response))
    })
}

fn drive<S>(mut service: S, scenario: &Scenario) -> Box<dyn Driver>
where
    S: Service<Request<()>, Response = Response<Body>, Error = Infallible> + 'static,
{
    let method: Method = scenario.method.parse().expect("a method");
    let mut headers = HeaderMap::new();
    for (name, value) in scenario.request_headers() {
        headers.append(HeaderName::from_static(name), shared(value));
    }
    let make = move || {
        let mut request = Request::new(());
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers.clone();
        request
    };
    let call = move |request| {
        let response = service.call(request).now_or_never();
        let Ok(response) = response.expect("an answer at once");
        response
    };
    Box::new(FunctionDriver::new(make, call))
}

/// The same as [`layers::shared`](crate::layers::shared), for another version of the crate `http`.
fn shared(text: &str) -> HeaderValue {
    let value = HeaderValue::from_str(text).expect("a header value");
    drop(value.clone());
    value
}

impl Summarize for Response<Body> {
    fn summary(&self) -> ResponseSummary {
        let is_allowed = self.headers().contains_key("access-control-allow-origin");
        (self.status().as_u16(), is_allowed)
    }
}
