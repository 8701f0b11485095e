//! What is compared, each made for a scenario and driven in process, without a socket.

use std::hint::black_box;

use actix_cors_policy::{Cors, CorsPolicy};
use actix_service::{Service, ServiceFactory};
use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName, HeaderValue},
    test::{TestRequest, init_service},
    web,
};
use futures_util::FutureExt as _;
use regex::bytes::{Regex, RegexBuilder};

use crate::{
    layers::{Empty, Limit, Pass, shared},
    scenarios::{BROWSER, HEADERS, MAX_AGE, METHODS, Origins, RICH, Scenario, Seen},
    tower,
};

/// A column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The app without a layer; for preflights, a layer that answers an empty 200.
    Floor,
    Pass,
    Limit,
    Ours,
    ActixCors,
    /// A tower service without a layer.
    TowerFloor,
    TowerHttp,
}

impl Subject {
    pub const ALL: [Self; 7] = [
        Self::Floor,
        Self::Pass,
        Self::Limit,
        Self::Ours,
        Self::ActixCors,
        Self::TowerFloor,
        Self::TowerHttp,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Pass => "pass",
            Self::Limit => "limit",
            Self::Ours => "ours",
            Self::ActixCors => "actix-cors",
            Self::TowerFloor => "tower-floor",
            Self::TowerHttp => "tower-http",
        }
    }

    /// What the cost of a subject is counted over.
    pub fn floor(self) -> Self {
        match self {
            Self::TowerFloor | Self::TowerHttp => Self::TowerFloor,
            _ => Self::Floor,
        }
    }

    /// Whether it can be asked this at all: subdomain entries are ours alone.
    pub fn can(self, scenario: &Scenario) -> bool {
        let is_peer = matches!(self, Self::ActixCors | Self::TowerHttp);
        !(is_peer && matches!(scenario.origins, Origins::Subdomains(_)))
    }

    fn expected(self, scenario: &Scenario) -> Seen {
        match self {
            Self::Floor | Self::Pass | Self::TowerFloor => (200, false),
            Self::Limit | Self::Ours => scenario.ours,
            Self::ActixCors => scenario.actix_cors,
            Self::TowerHttp => scenario.tower_http,
        }
    }

    /// The subject, ready to be driven: it answers what is expected of it, and has answered it often enough for every
    /// pool to be full.
    pub fn driver(self, scenario: &Scenario) -> Box<dyn Driver> {
        let mut driver = match self {
            Self::TowerFloor | Self::TowerHttp => tower::driver(self, scenario),
            _ => visit(self, scenario, InProcess(scenario)),
        };
        for _ in 0..4 {
            let seen = driver.answer();
            assert_eq!(
                seen,
                self.expected(scenario),
                "{} on {}",
                self.name(),
                scenario.name
            );
            driver.prepare(BATCH);
            driver.run();
        }
        driver
    }
}

/// As many requests as are ready at once: fewer than actix pools.
pub const BATCH: usize = 100;

/// A subject with the requests of a scenario.
pub trait Driver {
    /// Makes requests ready, outside of what is measured.
    fn prepare(&mut self, count: usize);
    /// Answers the requests that are ready, and drops the answers.
    fn run(&mut self);
    /// What one request is answered.
    fn answer(&mut self) -> Seen;
}

/// A [`Driver`] of a function.
pub struct Calls<R, M, C> {
    pub make: M,
    pub call: C,
    pub ready: Vec<R>,
}

pub trait Answer {
    fn seen(&self) -> Seen;
}

impl<R, A, M, C> Driver for Calls<R, M, C>
where
    A: Answer,
    M: Fn() -> R,
    C: FnMut(R) -> A,
{
    fn prepare(&mut self, count: usize) {
        self.ready.extend((0..count).map(|_| (self.make)()));
    }

    fn run(&mut self) {
        for request in self.ready.drain(..) {
            drop(black_box((self.call)(request)));
        }
    }

    fn answer(&mut self) -> Seen {
        (self.call)((self.make)()).seen()
    }
}

impl<B> Answer for ServiceResponse<B> {
    fn seen(&self) -> Seen {
        let is_allowed = self.headers().contains_key("access-control-allow-origin");
        (self.status().as_u16(), is_allowed)
    }
}

/// Does something with the app of a subject, whose type is another for each.
pub trait Visitor {
    type Output;

    /// `app` is a server's factory: a worker each calls it.
    fn visit<F, B>(self, app: impl Fn() -> App<F> + Clone + Send + 'static) -> Self::Output
    where
        F: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static;
}

pub fn visit<V: Visitor>(subject: Subject, scenario: &Scenario, visitor: V) -> V::Output {
    let (is_rich, origins) = (scenario.is_rich, scenario.origins);
    let app = move || app(is_rich);
    match (subject, scenario.is_preflight()) {
        (Subject::Floor, false) => visitor.visit(app),
        (Subject::Floor, true) => visitor.visit(move || app().wrap(Empty)),
        (Subject::Pass, false) => visitor.visit(move || app().wrap(Pass)),
        (Subject::Pass, true) => visitor.visit(move || app().wrap(Empty).wrap(Pass)),
        (Subject::Limit, _) => {
            let limit = Limit::new(scenario);
            visitor.visit(move || app().wrap(limit.clone()))
        }
        (Subject::Ours, _) => {
            let cors = ours(origins, &origins.entries());
            visitor.visit(move || app().wrap(cors.clone()))
        }
        (Subject::ActixCors, _) => {
            let entries = origins.entries();
            visitor.visit(move || app().wrap(actix_cors(origins, &entries)))
        }
        (Subject::TowerFloor | Subject::TowerHttp, _) => unreachable!("no actix app"),
    }
}

fn app(
    is_rich: bool,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    App::new().route(
        "/",
        web::get().to(move || async move {
            let mut response = HttpResponse::Ok().body("hello");
            if is_rich {
                for (name, value) in RICH {
                    let name = HeaderName::from_static(name);
                    response
                        .headers_mut()
                        .insert(name, HeaderValue::from_static(value));
                }
            }
            response
        }),
    )
}

/// Our layer.
pub fn ours(origins: Origins, entries: &[String]) -> Cors {
    let mut builder = CorsPolicy::builder()
        .allow_origins(entries)
        .allow_methods(&METHODS[3..])
        .allow_headers(HEADERS)
        .max_age(std::time::Duration::from_secs(MAX_AGE.into()));
    for regex in origins.regexes() {
        builder = builder.allow_origin_regex(regex);
    }
    if matches!(origins, Origins::Any) {
        builder = builder.allow_any_origin();
    }
    Cors::new(builder.build().expect("a policy without mistakes"))
}

/// The same policy for actix-cors.
pub fn actix_cors(origins: Origins, entries: &[String]) -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(HEADERS)
        .max_age(usize::try_from(MAX_AGE).ok());
    for entry in entries {
        cors = cors.allowed_origin(entry);
    }
    let regexes = compiled(origins);
    if !regexes.is_empty() {
        cors = cors.allowed_origin_fn(move |origin, _| admits(&regexes, origin.as_bytes()));
    }
    if matches!(origins, Origins::Any) {
        cors = cors.allow_any_origin().send_wildcard();
    }
    cors
}

/// Regexes as people write them in a predicate: anchored, and asked one after the other.
pub fn compiled(origins: Origins) -> Vec<Regex> {
    let regex = |text: String| {
        RegexBuilder::new(&format!("^(?:{text})$"))
            .unicode(false)
            .build()
            .expect("a regex")
    };
    origins.regexes().into_iter().map(regex).collect()
}

pub fn admits(regexes: &[Regex], origin: &[u8]) -> bool {
    regexes.iter().any(|regex| regex.is_match(origin))
}

struct InProcess<'s>(&'s Scenario);

impl Visitor for InProcess<'_> {
    type Output = Box<dyn Driver>;

    fn visit<F, B>(self, app: impl Fn() -> App<F> + Clone + Send + 'static) -> Self::Output
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
        let service = init_service(app()).now_or_never().expect("an app at once");
        let method = self.0.method.parse().expect("a method");
        // On a server, values are slices of a buffer that is shared already.
        let mut headers = HeaderMap::new();
        for (name, value) in BROWSER {
            headers.append(HeaderName::from_static(name), shared(value));
        }
        for (name, value) in &self.0.headers {
            headers.append(HeaderName::from_static(name), shared(value));
        }
        let make = move || {
            let mut request = TestRequest::default()
                .method(Clone::clone(&method))
                .to_request();
            *request.headers_mut() = headers.clone();
            request
        };
        Box::new(Calls {
            make,
            call: move |request| {
                let response = service.call(request).now_or_never();
                response.expect("an answer at once").expect("an answer")
            },
            ready: Vec::new(),
        })
    }
}
