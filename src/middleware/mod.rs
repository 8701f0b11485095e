//! HOW it reaches the wire: the `Transform` and the `Service`, a thin shell over `decide`.

mod future;
mod response;
mod stack;
mod vary;

use std::{
    rc::Rc,
    sync::{Arc, Once},
};

use actix_service::{Service, Transform, forward_ready};
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
};
use futures_util::future::{Ready, ready};

use self::{
    future::CorsFuture,
    response::{Grant, Worker},
};
use crate::{
    error::Quoted,
    policy::{AllowedOrigin, CorsPolicy, Decision, Reason, decide},
};

/// The target of every log record of this crate.
const LOG_TARGET: &str = "actix_cors_policy";

/// The middleware: wraps an app, a scope or a resource with a [`CorsPolicy`].
///
/// Make it once, outside the app's factory, and wrap with a clone; it must be the outermost layer, which is the last
/// call of `wrap`. Preflights are answered here and never reach the inner service; every other response gets its CORS
/// response headers and `Vary: Origin`, errors of inner layers included.
///
/// For different policies, wrap scopes that lie beside each other. Where one layer is inside another, the outer one answers
/// preflights, and the inner one owns the headers of the responses that come through it: neither loosens the other.
///
/// When it is first put to work, it logs the policy at `info` and its warnings at `warn`; each denial is logged with
/// its reason at `debug` and each permission with what gave it at `trace`, all with the target `actix_cors_policy`.
///
/// ```
/// use actix_cors_policy::{Cors, CorsPolicy};
/// use actix_web::{App, HttpResponse, test, web};
///
/// # #[actix_web::main] async fn main() -> std::io::Result<()> {
/// let cors = Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com").build()?);
/// let app = test::init_service(
///     App::new().wrap(cors.clone()).route("/", web::get().to(HttpResponse::Ok)),
/// )
/// .await;
///
/// let request = test::TestRequest::get().insert_header(("origin", "https://app.example.com"));
/// let response = test::call_service(&app, request.to_request()).await;
/// assert_eq!(
///     response.headers().get("access-control-allow-origin").unwrap(),
///     "https://app.example.com"
/// );
/// assert_eq!(response.headers().get("vary").unwrap(), "Origin");
/// # Ok(()) }
/// ```
///
/// A policy has to be built before it can be wrapped around anything, so a mistake in it cannot be overlooked:
///
/// ```compile_fail
/// use actix_cors_policy::{Cors, CorsPolicy};
///
/// Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com"));
/// ```
#[derive(Clone, Debug)]
pub struct Cors {
    policy: CorsPolicy,
    /// Whether the policy was logged already, by whichever worker came first.
    announced: Arc<Once>,
}

impl Cors {
    /// A layer with one policy.
    #[must_use]
    pub fn new(policy: CorsPolicy) -> Self {
        Self {
            policy,
            announced: Arc::new(Once::new()),
        }
    }

    fn announce(&self) {
        self.announced.call_once(|| {
            log::info!(target: LOG_TARGET, "at work: {:?}", self.policy);
            for warning in self.policy.warnings() {
                log::warn!(target: LOG_TARGET, "{warning}");
            }
        });
    }
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, ()>>;
    type Error = Error;
    type Transform = CorsMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        self.announce();
        ready(Ok(CorsMiddleware {
            service,
            worker: Rc::new(Worker::new(&self.policy)),
        }))
    }
}

/// The service that [`Cors`] makes around another, one in each worker.
#[derive(Debug)]
pub struct CorsMiddleware<S> {
    service: S,
    worker: Rc<Worker>,
}

impl<S, B> Service<ServiceRequest> for CorsMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, ()>>;
    type Error = Error;
    type Future = CorsFuture<S::Future, B>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let acao = match decide(self.worker.rules(), request.head()) {
            Decision::Preflight(decision) => {
                let origin = decision.as_ref().map(|preflight| &preflight.origin);
                self.log("preflight", &request, origin);
                let response = self.worker.answer_preflight(decision);
                return CorsFuture::answered(request.into_response(response));
            }
            Decision::Actual(decision) => {
                self.log("request", &request, decision.as_ref());
                decision
                    .ok()
                    .map(|origin| self.worker.allow_origin(&origin))
            }
            Decision::NotCors => self.worker.allow_any_origin(),
        };
        // The request moves on whole: a clone of it held here would make the router panic.
        CorsFuture::inner(
            &self.service,
            request,
            Grant::new(Rc::clone(&self.worker), acao),
        )
    }
}

impl<S> CorsMiddleware<S> {
    /// A denial with its reason at `debug`, a permission with what gave it at `trace`. Nothing is formatted unless the
    /// level is on.
    fn log(
        &self,
        what: &str,
        request: &ServiceRequest,
        decision: Result<&AllowedOrigin<'_>, &Reason<'_>>,
    ) {
        let path = || Quoted(request.path().as_bytes());
        match decision {
            Err(reason) => {
                log::debug!(target: LOG_TARGET, "denied {what} to {}: {reason}", path());
            }
            Ok(AllowedOrigin::Any) => {
                log::trace!(target: LOG_TARGET, "allowed {what} to {}: any origin is", path());
            }
            Ok(AllowedOrigin::Listed(origin, by)) => log::trace!(
                target: LOG_TARGET,
                "allowed {what} to {}: origin {} is, by {}",
                path(),
                Quoted(origin.as_bytes()),
                self.worker.rules().admitted_by(*by),
            ),
        }
    }
}
