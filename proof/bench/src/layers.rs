//! Middleware for comparison: one that only forwards, one with the minimum of work, and the floor for preflights.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_service::{Service, Transform, always_ready, forward_ready};
use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use pin_project_lite::pin_project;

use crate::scenarios::{HEADERS, MAX_AGE, METHODS, Origins, Scenario};

/// Forwards every request.
#[derive(Clone, Copy)]
pub struct Pass;

pub struct PassService<S> {
    service: S,
}

impl<S: Service<ServiceRequest>> Transform<S, ServiceRequest> for Pass {
    type Response = S::Response;
    type Error = S::Error;
    type Transform = PassService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(PassService { service }))
    }
}

impl<S: Service<ServiceRequest>> Service<ServiceRequest> for PassService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.service.call(request)
    }
}

/// Sends an empty response with status 200 to every request.
#[derive(Clone, Copy)]
pub struct Empty;

pub struct EmptyService;

impl<S> Transform<S, ServiceRequest> for Empty {
    type Response = ServiceResponse;
    type Error = Error;
    type Transform = EmptyService;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, _: S) -> Self::Future {
        ready(Ok(EmptyService))
    }
}

impl Service<ServiceRequest> for EmptyService {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Ready<Result<ServiceResponse, Error>>;

    always_ready!();

    fn call(&self, request: ServiceRequest) -> Self::Future {
        ready(Ok(request.into_response(HttpResponse::Ok().finish())))
    }
}

/// Appends the headers of the right response. It knows the decision in advance, so it does not check the request, and does not
/// remove or merge headers.
#[derive(Clone)]
pub struct Limit {
    status: StatusCode,
    acao: Acao,
    /// The headers of a response to a preflight, in addition to `Access-Control-Allow-Origin`.
    preflight: Vec<(HeaderName, HeaderValue)>,
    vary: HeaderValue,
}

#[derive(Clone, Copy)]
enum Acao {
    Absent,
    Star,
    Echo,
}

impl Limit {
    pub fn new(scenario: &Scenario) -> Self {
        let (status, is_allowed) = scenario.ours;
        let names = HEADERS.join(", ");
        let preflight = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS.join(", ")),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, names),
            (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE.to_string()),
        ];
        let vary = if scenario.is_preflight() {
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        } else {
            "Origin"
        };
        Self {
            status: StatusCode::from_u16(status).expect("a status"),
            acao: match scenario.origins {
                _ if !is_allowed => Acao::Absent,
                Origins::Any => Acao::Star,
                _ => Acao::Echo,
            },
            preflight: preflight
                .into_iter()
                .filter(|_| is_allowed)
                .map(|(name, value)| (name, shared(&value)))
                .collect(),
            vary: HeaderValue::from_static(vary),
        }
    }

    fn acao(&self, request: &ServiceRequest) -> Option<HeaderValue> {
        match self.acao {
            Acao::Absent => None,
            Acao::Star => Some(HeaderValue::from_static("*")),
            Acao::Echo => request.headers().get(&header::ORIGIN).cloned(),
        }
    }
}

/// A value that is cheap to clone. The first clone allocates a reference count, so it is made here; later clones allocate
/// nothing.
pub fn shared(text: &str) -> HeaderValue {
    let value = HeaderValue::from_str(text).expect("a header value");
    drop(value.clone());
    value
}

pub struct LimitService<S> {
    service: S,
    limit: Rc<Limit>,
}

impl<S, B> Transform<S, ServiceRequest> for Limit
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, ()>>;
    type Error = Error;
    type Transform = LimitService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let limit = Rc::new(self.clone());
        ready(Ok(LimitService { service, limit }))
    }
}

impl<S, B> Service<ServiceRequest> for LimitService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, ()>>;
    type Error = Error;
    type Future = LimitFuture<S::Future, B>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let limit = &self.limit;
        let acao = limit.acao(&request);
        if request.method() == Method::OPTIONS
            && request
                .headers()
                .contains_key(&header::ACCESS_CONTROL_REQUEST_METHOD)
        {
            let mut response = HttpResponse::with_body(limit.status, ());
            let headers = response.headers_mut();
            if let Some(acao) = acao {
                headers.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, acao);
            }
            for (name, value) in &limit.preflight {
                headers.append(name.clone(), value.clone());
            }
            headers.append(header::VARY, limit.vary.clone());
            let response = Some(request.into_response(response).map_into_right_body());
            return LimitFuture::Answered { response };
        }
        LimitFuture::Inner {
            future: self.service.call(request),
            acao,
            limit: Rc::clone(limit),
        }
    }
}

pin_project! {
    #[project = LimitProjection]
    pub enum LimitFuture<F, B> {
        Answered { response: Option<ServiceResponse<EitherBody<B, ()>>> },
        Inner { #[pin] future: F, acao: Option<HeaderValue>, limit: Rc<Limit> },
    }
}

impl<F, B> Future for LimitFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B, ()>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project() {
            LimitProjection::Answered { response } => Ok(response.take().expect("polled once")),
            LimitProjection::Inner {
                future,
                acao,
                limit,
            } => {
                let mut response = futures_util::ready!(future.poll(cx))?;
                let headers = response.headers_mut();
                if let Some(acao) = acao.take() {
                    headers.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, acao);
                }
                headers.append(header::VARY, limit.vary.clone());
                Ok(response.map_into_left_body())
            }
        })
    }
}
