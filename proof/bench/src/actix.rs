//! The actix-web app, alone and in each middleware.

use std::{thread, time::Duration};

use actix_cors_policy::CorsHandle;
use actix_service::{Service as _, ServiceFactory};
use actix_web::{
    App, Error, HttpResponse, Route,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    rt,
    test::{TestRequest, init_service},
    web,
};
use futures_util::FutureExt as _;

use crate::{
    layers::{Empty, Limit, Pass, shared},
    policies,
    scenarios::{Origins, ResponseSummary, Scenario, response_headers},
    subjects::{Driver, FunctionDriver, Subject, Summarize},
};

/// The service factory of an [`App`].
pub trait Inner:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<Self::Body>,
        Error = Error,
        InitError = (),
    > + 'static
{
    type Body: MessageBody + 'static;
}

impl<F, B> Inner for F
where
    F: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    type Body = B;
}

/// Uses the app of a subject. The app has another type for each subject, so this is a trait with a generic method.
pub trait Visitor {
    type Output;

    /// `app` is the factory that each worker of a server calls.
    fn visit<I: Inner>(self, app: impl Fn() -> App<I> + Clone + Send + 'static) -> Self::Output;
}

pub fn visit<V: Visitor>(subject: Subject, scenario: &Scenario, visitor: V) -> V::Output {
    let origins = scenario.origins;
    let (path, vary) = (scenario.path(), scenario.vary);
    let app = move || App::new().route(&path, handler(vary));
    match (subject, scenario.is_preflight()) {
        (Subject::Floor, false) => visitor.visit(app),
        (Subject::Floor, true) => visitor.visit(move || app().wrap(Empty)),
        (Subject::Pass, false) => visitor.visit(move || app().wrap(Pass)),
        (Subject::Pass, true) => visitor.visit(move || app().wrap(Empty).wrap(Pass)),
        (Subject::Limit, _) => {
            let limit = Limit::new(scenario);
            visitor.visit(move || app().wrap(limit.clone()))
        }
        (Subject::Ours | Subject::Swapped, _) => {
            let cors = policies::ours(scenario);
            if subject == Subject::Swapped {
                swap_ten_times_a_second(cors.handle());
            }
            visitor.visit(move || app().wrap(cors.clone()))
        }
        (Subject::ActixCors, _) => {
            let entries = origins.entries();
            visitor.visit(move || app().wrap(policies::actix_cors(origins, &entries)))
        }
        (Subject::TowerFloor | Subject::TowerHttp, _) => unreachable!("no actix app"),
    }
}

pub fn handler(vary: Option<&'static str>) -> Route {
    web::get().to(move || async move {
        let mut response = HttpResponse::Ok().body("hello");
        let headers = response.headers_mut();
        for (name, value) in response_headers(vary) {
            let name = HeaderName::from_static(name);
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    })
}

/// Replaces the policy by an equal one, until the process ends.
fn swap_ten_times_a_second(handle: CorsHandle) {
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_millis(100));
            let policy = handle.policy();
            handle.replace(policy);
        }
    });
}

pub fn driver(subject: Subject, scenario: &Scenario) -> Box<dyn Driver> {
    visit(subject, scenario, InProcess(scenario))
}

/// Makes a driver of an app.
pub struct InProcess<'s>(pub &'s Scenario);

impl Visitor for InProcess<'_> {
    type Output = Box<dyn Driver>;

    fn visit<I: Inner>(self, app: impl Fn() -> App<I> + Clone + Send + 'static) -> Self::Output {
        let service = init_service(app()).now_or_never().expect("an app at once");
        let method: Method = self.0.method.parse().expect("a method");
        let headers: Vec<_> = self
            .0
            .request_headers()
            .map(|(name, value)| (HeaderName::from_static(name), shared(value)))
            .collect();
        let path = self.0.path();
        let make = move || {
            let request = TestRequest::with_uri(&path).method(method.clone());
            let mut request = request.to_request();
            for (name, value) in &headers {
                request.headers_mut().append(name.clone(), value.clone());
            }
            request
        };
        if matches!(self.0.origins, Origins::LookedUp) {
            // The first request asks, in a task. Its answer is kept.
            let asked = rt::System::new().block_on(service.call(make()));
            drop(asked.expect("an answer"));
        }
        let call = move |request| {
            let response = service.call(request).now_or_never();
            response.expect("an answer at once").expect("an answer")
        };
        Box::new(FunctionDriver::new(make, call))
    }
}

impl<B> Summarize for ServiceResponse<B> {
    fn summary(&self) -> ResponseSummary {
        let is_allowed = self.headers().contains_key("access-control-allow-origin");
        (self.status().as_u16(), is_allowed)
    }
}
