//! The real middleware around a handler that is always ready, without a runtime and a router, which would take most of the
//! time.

use std::{
    cell::Cell,
    collections::BTreeMap,
    future::{Ready, ready},
    rc::Rc,
    task::{Context, Poll},
};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_service::{Service, Transform};
use actix_web::{
    Error, HttpResponse,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};
use futures_util::FutureExt as _;

use crate::Request;

/// An app with a policy.
pub struct TestApp {
    service: <Cors as Transform<Handler, ServiceRequest>>::Transform,
    calls: Rc<Cell<usize>>,
}

impl TestApp {
    pub fn new(policy: CorsPolicy) -> Self {
        let calls = Rc::new(Cell::new(0));
        let handler = Handler {
            calls: Rc::clone(&calls),
        };
        let service = Cors::new(policy)
            .new_transform(handler)
            .now_or_never()
            .expect("ready at once")
            .expect("cannot fail");
        Self { service, calls }
    }

    /// Sends a request and returns the status, and all CORS response headers and `Vary`, sorted by name. Each byte becomes a
    /// character, as in Latin-1.
    ///
    /// # Panics
    ///
    /// If the handler runs although the middleware has to respond itself, or the other way around.
    pub fn summary(&self, request: &Request) -> String {
        let (target, version) = request.target();
        let mut test_request = TestRequest::default()
            .method(request.method.clone())
            .version(version)
            .uri(&target);
        for (name, value) in &request.headers {
            test_request = test_request.append_header((name.clone(), value.clone()));
        }
        let calls = self.calls.get();
        let (status, headers) = self.send(test_request);
        let called = self.calls.get() - calls;
        // The handler never sends status 403.
        let is_from_middleware = request.is_preflight() || status == StatusCode::FORBIDDEN;
        assert_eq!(called, usize::from(!is_from_middleware), "calls of the handler");

        let mut lines = vec![status.as_u16().to_string()];
        for (name, values) in headers {
            if name.starts_with("access-control-") || name == "vary" {
                lines.extend(values.iter().map(|value| format!("{name}: {value}")));
            }
        }
        lines.join("\n")
    }

    /// Whether the response to a simple request of an origin allows this origin.
    pub fn admits(&self, origin: &HeaderValue) -> bool {
        let request = TestRequest::default().append_header(("origin", origin.clone()));
        let (_, mut headers) = self.send(request);
        let acao = headers.remove("access-control-allow-origin");
        assert!(
            acao.is_none() || acao == Some(vec![latin1(origin.as_bytes())]),
            "the response to {origin:?} allows {acao:?}"
        );
        acao.is_some()
    }

    fn send(&self, request: TestRequest) -> (StatusCode, BTreeMap<String, Vec<String>>) {
        let response = self.service.call(request.to_srv_request());
        let response = match response.now_or_never().expect("ready at once") {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let mut headers = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in response.headers() {
            let lines = headers.entry(name.to_string()).or_default();
            lines.push(latin1(value.as_bytes()));
        }
        (response.status(), headers)
    }
}

/// Whether the policy of an app admits an origin. A text that is not a valid header value is never admitted.
pub fn admits(app: &TestApp, origin: &str) -> bool {
    HeaderValue::from_str(origin).is_ok_and(|origin| app.admits(&origin))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Responds 200 to `GET` and 405 to all other methods. At `/own`, it adds its own CORS headers, which the middleware has to
/// replace. At `/fail`, it returns an error.
pub struct Handler {
    calls: Rc<Cell<usize>>,
}

impl Service<ServiceRequest> for Handler {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Ready<Result<ServiceResponse, Error>>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.calls.set(self.calls.get() + 1);
        let mut response = if request.method() == Method::GET {
            HttpResponse::Ok().finish()
        } else {
            let mut response = HttpResponse::MethodNotAllowed();
            response.insert_header(("allow", "GET")).finish()
        };
        if request.path() == "/own" {
            for name in [
                "access-control-allow-origin",
                "access-control-allow-credentials",
                "access-control-allow-methods",
                "access-control-allow-headers",
                "access-control-max-age",
                "access-control-expose-headers",
            ] {
                let name = HeaderName::from_static(name);
                for value in ["*", "https://evil.example"] {
                    let value = HeaderValue::from_static(value);
                    response.headers_mut().append(name.clone(), value);
                }
            }
        }
        ready(if request.path() == "/fail" {
            Err(InternalError::from_response("failed", response).into())
        } else {
            Ok(request.into_response(response))
        })
    }
}
