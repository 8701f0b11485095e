//! The service that gets the requests, and the pages that send them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_cors_policy::{Cors, CorsPolicy, PolicyErrors};
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{HttpServiceFactory, ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::{Next, from_fn},
    web,
};
use serde::Deserialize;

use super::act::Source;
use crate::origins::Ports;

/// A policy that rejects denied origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Allows no origin.
    Denied,
    /// Allows the origins of all pages, without credentials.
    Allowed,
    /// Allows the origins of all pages, with credentials.
    WithCredentials,
}

pub const POLICIES: [Policy; 3] = [Policy::Denied, Policy::Allowed, Policy::WithCredentials];

/// The requests that arrived, each with its policy and its number.
#[derive(Debug, Default)]
pub struct Receiver(Mutex<Vec<(Policy, usize, Arrived)>>);

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub method: String,
    pub is_preflight: bool,
    pub origin: Option<String>,
    pub site: Option<String>,
    pub mode: Option<String>,
    /// The names of its cookies.
    pub cookies: Vec<String>,
    pub has_reached_handler: bool,
    pub status: u16,
}

/// The name of each cookie is its `SameSite`.
const COOKIES: [&str; 3] = [
    "None=1; Path=/acts; Secure; SameSite=None",
    "Lax=1; Path=/acts; SameSite=Lax",
    "Strict=1; Path=/acts; SameSite=Strict",
];

/// Only the handler sends this header.
const HANDLER: &str = "x-handler";

impl Policy {
    pub fn path(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Allowed => "allowed",
            Self::WithCredentials => "with-credentials",
        }
    }

    fn build(self, ports: Ports) -> Result<CorsPolicy, PolicyErrors> {
        let origins = |sources: &[Source]| -> Vec<String> {
            sources.iter().map(|source| source.origin(ports)).collect()
        };
        let others = origins(&[Source::Sibling, Source::Other, Source::OtherWithoutTls]);
        let policy = CorsPolicy::builder()
            .reject_denied_origins()
            .own_origins(origins(&[Source::Own, Source::OwnWithoutTls]));
        match self {
            Self::Denied => policy.allow_no_origin(),
            Self::Allowed => policy.allow_origins(others).allow_methods(["PUT"]),
            Self::WithCredentials => policy
                .allow_origins(others)
                .allow_methods(["PUT"])
                .allow_headers(["content-type"])
                .allow_credentials()
                // The pages without TLS are among them.
                .danger_allow_insecure_origins(),
        }
        .build()
    }
}

impl Receiver {
    /// How many requests of this number arrived. Preflights do not count.
    pub fn count(&self, policy: Policy, number: usize) -> usize {
        let lines = self.lines();
        let actual = lines.iter().filter(|(its_policy, its_number, arrived)| {
            (*its_policy, *its_number) == (policy, number) && !arrived.is_preflight
        });
        actual.count()
    }

    /// Removes and returns the requests of this number.
    pub fn take(&self, policy: Policy, number: usize) -> Vec<Arrived> {
        self.lines()
            .extract_if(.., |(its_policy, its_number, _)| {
                (*its_policy, *its_number) == (policy, number)
            })
            .map(|(.., arrived)| arrived)
            .collect()
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(Policy, usize, Arrived)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The policies, each at its path.
pub fn cors(ports: Ports) -> Result<Cors, PolicyErrors> {
    // The redirect may be read, because a request in mode `cors` follows it only then.
    let readers = [Source::Own, Source::Sibling, Source::Other].map(|source| source.origin(ports));
    let redirect = CorsPolicy::builder()
        .allow_origins(readers)
        .allow_credentials()
        .build()?;
    let mut cors = Cors::new(CorsPolicy::deny_all()).at("/acts/redirect", redirect)?;
    for policy in POLICIES {
        cors = cors.at(format!("/acts/{}", policy.path()), policy.build(ports)?)?;
    }
    Ok(cors)
}

/// The service and the pages, below `/acts`.
pub fn scope(cors: &Cors) -> impl HttpServiceFactory + use<> {
    let script = || async {
        HttpResponse::Ok()
            .content_type("text/javascript")
            .body(include_str!("../site/act.js"))
    };
    let frame = || async {
        HttpResponse::Ok()
            .content_type("text/html")
            .body(include_str!("../site/act_frame.html"))
    };
    web::scope("/acts")
        .route("/cookies", web::get().to(cookies))
        .route("/page", web::get().to(page))
        .route("/frame", web::get().to(frame))
        .route("/page.js", web::get().to(script))
        .route("/redirect", web::to(redirect))
        .route("/{policy}/{number}", web::to(handler))
        .wrap(Cors::clone(cors))
        .wrap(from_fn(record))
}

async fn record(
    receiver: web::Data<Receiver>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let key = key(request.path());
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // HTTP/2 may have a line for each cookie.
    let lines = request.headers().get_all(header::COOKIE);
    let cookies: Vec<_> = lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| pair.trim_ascii().split(|byte| *byte == b'=').next())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    let mut arrived = Arrived {
        method: request.method().to_string(),
        is_preflight: header("access-control-request-method").is_some(),
        origin: header("origin"),
        site: header("sec-fetch-site"),
        mode: header("sec-fetch-mode"),
        // In the order of `COOKIES`, whatever the browser's is.
        cookies: COOKIES
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, _)| name.to_owned())
            .filter(|name| cookies.contains(name))
            .collect(),
        has_reached_handler: false,
        status: 0,
    };
    let response = next.call(request).await?;
    if let Some((policy, number)) = key {
        arrived.has_reached_handler = response.headers().contains_key(HANDLER);
        arrived.status = response.status().as_u16();
        receiver.lines().push((policy, number, arrived));
    }
    Ok(response)
}

/// The policy and the number in a path.
fn key(path: &str) -> Option<(Policy, usize)> {
    let (policy, number) = path.strip_prefix("/acts/")?.split_once('/')?;
    let policy = POLICIES.into_iter().find(|known| known.path() == policy)?;
    Some((policy, number.parse().ok()?))
}

async fn handler() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((HANDLER, "ran"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html")
        .body("<!doctype html><title>The result</title><link rel=icon href=data:,>")
}

async fn cookies() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for cookie in COOKIES {
        response.append_header((header::SET_COOKIE, cookie));
    }
    response.finish()
}

#[derive(Deserialize)]
struct Page {
    referrer_policy: Option<String>,
    report_uri: Option<String>,
}

async fn page(query: web::Query<Page>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(policy) = &query.referrer_policy {
        response.insert_header((header::REFERRER_POLICY, policy.as_str()));
    }
    if let Some(uri) = &query.report_uri {
        response.insert_header((
            header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
            format!("img-src data:; report-uri {uri}"),
        ));
    }
    response
        .content_type("text/html")
        .body(include_str!("../site/act.html"))
}

#[derive(Deserialize)]
struct Redirect {
    to: String,
}

async fn redirect(query: web::Query<Redirect>) -> HttpResponse {
    HttpResponse::build(StatusCode::TEMPORARY_REDIRECT)
        .insert_header((header::LOCATION, query.to.as_str()))
        .finish()
}
