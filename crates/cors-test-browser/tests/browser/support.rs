//! Two apps: one with a policy, one that answers what it is told.

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
use cors_test_browser::{Blocked, Browser, Fetch, Fetched, Kind};

pub(crate) const PAGE: &str = "https://app.example.com";
pub(crate) const API: &str = "https://api.example.com";

/// What a row wants of a fetch.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The page reads the answer, of this status.
    Reads(u16),
    /// Neither read nor blocked.
    Opaque,
    By(Blocked),
}

pub(crate) fn verdict(fetched: &Fetched) -> Verdict {
    match fetched.blocked_by() {
        Some(blocked) => {
            assert!(!fetched.readable(), "{fetched:?}");
            assert_eq!(fetched.kind(), Kind::Error);
            assert_eq!((fetched.status(), fetched.headers().count()), (0, 0));
            Verdict::By(blocked)
        }
        None if fetched.readable() => Verdict::Reads(fetched.status()),
        None => {
            assert_eq!((fetched.status(), fetched.headers().count()), (0, 0));
            assert_eq!(fetched.body(), b"");
            Verdict::Opaque
        }
    }
}

/// A policy from variables without their prefix, one a line.
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
                let said = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
                let is_handshake = said("upgrade") == Some(b"websocket")
                    && said("sec-websocket-version") == Some(b"13")
                    && said("sec-websocket-key").is_some();
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

pub(crate) async fn guarded(
    policy: CorsPolicy,
) -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    test::init_service(App::new().configure(routes).wrap(Cors::new(policy))).await
}

/// One page, one request, and the browser that can be asked more afterwards.
pub(crate) fn fetch_with(vars: &str, page: &str, fetch: Fetch) -> Fetched {
    block_on(async {
        browser(page)
            .fetch(&guarded(policy(vars)).await, fetch)
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

/// An answer, written as its status and its headers, one a line.
pub(crate) type Script = &'static str;

/// Scripts by the end of the host and path that they are for.
pub(crate) type Scripts = &'static [(&'static str, Script)];

/// An app that answers preflights by one script, and other requests by the script of their path, or by the last one.
pub(crate) async fn scripted(
    preflight: Script,
    actual: Scripts,
) -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    let answer = move |request: HttpRequest| async move {
        let headers = request.headers();
        let is_preflight = request.method() == Method::OPTIONS
            && headers.contains_key("access-control-request-method");
        if is_preflight {
            return play(preflight);
        }
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        let address = format!("{}{}", host.unwrap_or_default(), request.path());
        let script = actual.iter().find(|(path, _)| address.ends_with(path));
        play(script.or(actual.last()).expect("a script").1)
    };
    test::init_service(App::new().default_service(web::to(answer))).await
}

fn play(script: &str) -> HttpResponse {
    let mut lines = script.lines();
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

/// One fetch of a page at [`PAGE`].
pub(crate) fn fetch_scripted(preflight: Script, actual: Scripts, fetch: Fetch) -> Fetched {
    block_on(async {
        Browser::at(PAGE)
            .fetch(&scripted(preflight, actual).await, fetch)
            .await
    })
}
