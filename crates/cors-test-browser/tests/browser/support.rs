//! Two apps: one has a policy, and the other sends fixed responses.

use std::future::Future;

use actix_cors_policy::{Cors, CorsPolicy};
use actix_http::Request;
use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    error::ErrorInternalServerError,
    http::{Method, StatusCode, header::HeaderValue},
    rt::System,
    test, web,
};
use cors_test_browser::{Blocked, Browser, Fetch, Response, ResponseType};

pub(crate) const PAGE: &str = "https://app.example.com";
pub(crate) const API: &str = "https://api.example.com";

/// What a page gets.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The page reads the response, which has this status.
    Reads(u16),
    /// The response is opaque: neither readable nor blocked.
    Opaque,
    /// The page gets a network error for this reason.
    BlockedBy(Blocked),
}

pub(crate) fn outcome(response: &Response) -> Outcome {
    match response.blocked_by() {
        Some(blocked) => {
            assert!(!response.readable(), "{response:?}");
            assert_eq!(response.response_type(), ResponseType::Error);
            assert_eq!((response.status(), response.headers().count()), (0, 0));
            Outcome::BlockedBy(blocked)
        }
        None if response.readable() => Outcome::Reads(response.status()),
        None => {
            assert_eq!((response.status(), response.headers().count()), (0, 0));
            assert_eq!(response.body(), b"");
            Outcome::Opaque
        }
    }
}

/// A policy from variables, one per line, without their prefix.
pub(crate) fn policy(vars: &str) -> CorsPolicy {
    let vars = vars.lines().map(|line| {
        let (name, value) = line.split_once('=').expect("NAME=value");
        (format!("CORS_{name}"), value.to_owned())
    });
    CorsPolicy::from_vars("CORS_", vars).expect("a policy")
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    System::new().block_on(future)
}

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route(
            "/fail",
            web::to(|| async { Err::<HttpResponse, Error>(ErrorInternalServerError("no")) }),
        )
        .route(
            "/socket",
            web::get().to(|request: HttpRequest| async move {
                let header = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
                let is_handshake = header("upgrade") == Some(b"websocket")
                    && header("sec-websocket-version") == Some(b"13")
                    && header("sec-websocket-key").is_some();
                if is_handshake {
                    HttpResponse::SwitchingProtocols()
                        .upgrade("websocket")
                        .insert_header(("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
                        .finish()
                } else {
                    HttpResponse::BadRequest().finish()
                }
            }),
        )
        .route("/101", web::to(HttpResponse::SwitchingProtocols))
        .route("/401", web::to(HttpResponse::Unauthorized))
        .service(web::resource("/get-only").route(web::get().to(HttpResponse::Ok)))
        .route(
            "/echo",
            web::to(|body: web::Bytes| async { HttpResponse::Ok().body(body) }),
        )
        .route(
            "/to/{status}",
            web::to(|request: HttpRequest, status: web::Path<u16>| async move {
                let status = StatusCode::from_u16(*status).expect("a status");
                let to = request.query_string().replace("%23", "#");
                HttpResponse::build(status)
                    .insert_header(("location", to))
                    .finish()
            }),
        )
        .route(
            "/items/{id}",
            web::to(|| async {
                HttpResponse::Ok()
                    .insert_header(("x-request-id", "7"))
                    .insert_header(("x-secret", "8"))
                    .insert_header(("set-cookie", "a=b"))
                    .insert_header(("cache-control", "no-store"))
                    .content_type("application/json")
                    .body("{}")
            }),
        );
}

pub(crate) async fn app_with_policy(
    policy: CorsPolicy,
) -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    test::init_service(App::new().configure(routes).wrap(Cors::new(policy))).await
}

/// The response that a page gets to one request to an app with a policy.
pub(crate) fn fetch_with(vars: &str, page: &str, fetch: Fetch) -> Response {
    block_on(async {
        browser(page)
            .fetch(&app_with_policy(policy(vars)).await, fetch)
            .await
    })
}

pub(crate) fn browser(page: &str) -> Browser {
    if page == "null" {
        Browser::opaque()
    } else {
        Browser::at(page)
    }
}

/// A response as text: the status in the first line, then one header per line.
pub(crate) type TextResponse = &'static str;

/// Responses, each with the end of the host and path for which it is sent.
pub(crate) type TextResponses = &'static [(&'static str, TextResponse)];

/// An app that sends one response to preflights, and to other requests the response for their path, or the last response.
pub(crate) async fn app_with_responses(
    preflight: TextResponse,
    actual: TextResponses,
) -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    let respond = move |request: HttpRequest| async move {
        let headers = request.headers();
        let is_preflight = request.method() == Method::OPTIONS
            && headers.contains_key("access-control-request-method");
        if is_preflight {
            return build_response(preflight);
        }
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        let target = format!("{}{}", host.unwrap_or_default(), request.path());
        let response = actual.iter().find(|(path, _)| target.ends_with(path));
        build_response(response.or(actual.last()).expect("a response").1)
    };
    test::init_service(App::new().default_service(web::to(respond))).await
}

fn build_response(text: &str) -> HttpResponse {
    let mut lines = text.lines();
    let status = lines
        .next()
        .and_then(|line| line.parse().ok())
        .expect("a status");
    let mut response = HttpResponse::build(StatusCode::from_u16(status).expect("a status"));
    for line in lines {
        let (name, value) = line.split_once(':').expect("name: value");
        response.append_header((name, value.trim_start_matches(' ')));
    }
    response.body("body")
}

/// The response that a page of [`PAGE`] gets to one request to an app with fixed responses.
pub(crate) fn fetch_responses(
    preflight: TextResponse,
    actual: TextResponses,
    fetch: Fetch,
) -> Response {
    block_on(async {
        Browser::at(PAGE)
            .fetch(&app_with_responses(preflight, actual).await, fetch)
            .await
    })
}
