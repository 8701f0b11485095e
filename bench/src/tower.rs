//! tower-http's layer around a service that is the equivalent of the app.

use std::{convert::Infallible, future::ready, time::Duration};

use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use tower::{Layer as _, Service, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{
    scenarios::{BROWSER, HEADERS, MAX_AGE, METHODS, Origins, RICH, Scenario, Seen},
    subjects::{Answer, Calls, Driver, Subject, admits, compiled},
};

type Body = &'static str;

impl Answer for Response<Body> {
    fn seen(&self) -> Seen {
        let is_allowed = self.headers().contains_key("access-control-allow-origin");
        (self.status().as_u16(), is_allowed)
    }
}

pub fn driver(subject: Subject, scenario: &Scenario) -> Box<dyn Driver> {
    if subject == Subject::TowerFloor {
        return drive(service(scenario), scenario);
    }
    let layer = layer(scenario.origins, &scenario.origins.entries());
    drive(layer.layer(service(scenario)), scenario)
}

/// Answers as the app does, or as the floor of preflights.
pub fn service(
    scenario: &Scenario,
) -> impl Service<Request<()>, Response = Response<Body>, Error = Infallible, Future: Unpin>
+ Clone
+ 'static {
    let (is_rich, body) = (
        scenario.is_rich,
        if scenario.is_preflight() { "" } else { "hello" },
    );
    service_fn(move |_| {
        let mut response = Response::new(body);
        if is_rich {
            for (name, value) in RICH {
                let name = HeaderName::from_static(name);
                response
                    .headers_mut()
                    .insert(name, HeaderValue::from_static(value));
            }
        }
        ready(Ok(response))
    })
}

pub fn layer(origins: Origins, entries: &[String]) -> CorsLayer {
    let values = entries.iter().map(|entry| shared(entry));
    let regexes = compiled(origins);
    let origins = match origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Exact(_) => AllowOrigin::list(values),
        _ => AllowOrigin::predicate(move |origin, _| admits(&regexes, origin.as_bytes())),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(METHODS.map(|name| name.parse::<Method>().expect("a method")))
        .allow_headers(HEADERS.map(HeaderName::from_static))
        .max_age(Duration::from_secs(MAX_AGE.into()))
}

fn drive<S>(mut service: S, scenario: &Scenario) -> Box<dyn Driver>
where
    S: Service<Request<()>, Response = Response<Body>, Error = Infallible> + 'static,
{
    let method: Method = scenario.method.parse().expect("a method");
    let mut headers = HeaderMap::new();
    for (name, value) in BROWSER {
        headers.append(HeaderName::from_static(name), shared(value));
    }
    for (name, value) in &scenario.headers {
        headers.append(HeaderName::from_static(name), shared(value));
    }
    Box::new(Calls {
        make: move || {
            let mut request = Request::new(());
            *request.method_mut() = method.clone();
            *request.headers_mut() = headers.clone();
            request
        },
        call: move |request| {
            let response = service.call(request).now_or_never();
            match response.expect("an answer at once") {
                Ok(response) => response,
            }
        },
        ready: Vec::new(),
    })
}

fn shared(text: &str) -> HeaderValue {
    let value = HeaderValue::from_str(text).expect("a header value");
    drop(value.clone());
    value
}
