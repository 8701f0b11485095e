//! Layers around layers: where they are stacked, what the innermost says of the six headers stands, whatever happens
//! between.

use actix_cors_policy::Cors;
use actix_web::{
    App, Error, HttpMessage as _, HttpResponse,
    body::BoxBody,
    dev::{Service as _, ServiceRequest, ServiceResponse},
    error::ErrorBadRequest,
    http::header::{HeaderMap, HeaderValue, VARY},
    middleware::{Compat, Compress, Condition, Next, from_fn},
    test::{TestRequest, init_service},
    web,
};

use crate::support::policy;

const NARROW: &str = "ALLOWED_ORIGINS=https://a.example";
const WIDE: &str =
    "ALLOWED_ORIGINS=https://a.example,https://b.example\nALLOW_CREDENTIALS=1\nEXPOSED_HEADERS=x-a";
const ANY: &str = "ALLOWED_ORIGINS=*\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=1";
const NONE: &str = "ALLOWED_ORIGINS=none";

/// What stands between the two layers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Between {
    Nothing,
    /// Another `Vary`, instead of the inner layer's.
    VaryReplaced,
    /// An error of the inside becomes a response.
    ErrorRendered,
    /// A response of the inside becomes an error.
    ErrorMade,
    /// Another response, with CORS headers of its own.
    Replaced,
    /// The response is compressed, which adds a `Vary` line.
    Compressed,
    /// The request's extensions are borrowed while the layers finish.
    Borrowing,
}

#[actix_web::test]
async fn the_innermost_layer_owns_the_headers() {
    let allowed = |origin: &str| format!("access-control-allow-origin: {origin}");
    let with_credentials = |origin: &str| {
        format!(
            "access-control-allow-credentials: true\naccess-control-allow-origin: {origin}\n\
             access-control-expose-headers: x-a"
        )
    };
    for (inner, outer, origin, wanted) in [
        (
            NARROW,
            WIDE,
            "https://a.example",
            allowed("https://a.example"),
        ),
        (NARROW, WIDE, "https://b.example", String::new()),
        (NARROW, ANY, "https://b.example", String::new()),
        (NONE, WIDE, "https://a.example", String::new()),
        (ANY, WIDE, "https://b.example", allowed("*")),
        (ANY, NARROW, "https://b.example", allowed("*")),
        (
            WIDE,
            NARROW,
            "https://b.example",
            with_credentials("https://b.example"),
        ),
        (
            WIDE,
            ANY,
            "https://a.example",
            with_credentials("https://a.example"),
        ),
        (
            WIDE,
            NONE,
            "https://a.example",
            with_credentials("https://a.example"),
        ),
    ] {
        for between in [
            Between::Nothing,
            Between::VaryReplaced,
            Between::ErrorRendered,
            Between::ErrorMade,
            Between::Replaced,
            Between::Compressed,
            Between::Borrowing,
        ] {
            for path in [
                "/plain",
                "/vary",
                "/compressed",
                "/error",
                "/error-vary",
                "/nowhere",
                "/slow",
            ] {
                let name = format!("{outer} around {between:?} around {inner}, {origin}, {path}");
                let headers = ask(inner, outer, between, path, origin).await;
                let mut lines: Vec<String> = headers
                    .iter()
                    .filter(|(name, _)| name.as_str().starts_with("access-control-"))
                    .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
                    .collect();
                lines.sort();
                assert_eq!(lines.join("\n"), wanted, "{name}");

                let vary: Vec<_> = headers
                    .get_all(VARY)
                    .map(|line| line.to_str().expect("text"))
                    .collect();
                assert_eq!(vary.len(), 1, "{name}: {vary:?}");
                let vary = vary.concat();
                assert!(vary.contains("Origin"), "{name}: {vary:?}");
                if path == "/vary"
                    && ![Between::VaryReplaced, Between::Replaced, Between::ErrorMade]
                        .contains(&between)
                {
                    assert!(vary.contains("cookie"), "{name}: {vary:?}");
                    let is_compressed = between == Between::Compressed;
                    assert_eq!(
                        vary.contains("accept-encoding"),
                        is_compressed,
                        "{name}: {vary:?}"
                    );
                }
            }
        }
    }
}

/// The headers of the answer to a request for `path` by `origin`, through two layers and what is between.
async fn ask(inner: &str, outer: &str, between: Between, path: &str, origin: &str) -> HeaderMap {
    let middle = move |request: ServiceRequest, next: Next<BoxBody>| async move {
        let response = next.call(request).await;
        meddle(between, response)
    };
    let fail = |vary: bool| {
        from_fn(move |_: ServiceRequest, _: Next<BoxBody>| async move {
            let mut error: Error = ErrorBadRequest("no");
            if vary {
                error.add_response_mapper(|mut response| {
                    response
                        .headers_mut()
                        .insert(VARY, HeaderValue::from_static("cookie"));
                    response
                });
            }
            Err::<ServiceResponse, _>(error)
        })
    };
    let with_vary = || {
        web::get().to(|| async {
            HttpResponse::Ok()
                .insert_header(("vary", "cookie"))
                .body("x".repeat(5000))
        })
    };
    let slow = || async {
        for _ in 0..3 {
            actix_web::rt::task::yield_now().await;
        }
        HttpResponse::Ok().finish()
    };
    let app = init_service(
        App::new()
            .service(
                web::scope("")
                    .wrap(Compat::new(Cors::new(policy(inner))))
                    .wrap(from_fn(middle))
                    .wrap(Condition::new(
                        between == Between::Compressed,
                        Compress::default(),
                    ))
                    .route("/plain", web::get().to(HttpResponse::Ok))
                    .route("/vary", with_vary())
                    .route("/slow", web::get().to(slow))
                    .service(
                        web::resource("/compressed")
                            .wrap(Compress::default())
                            .route(with_vary()),
                    )
                    .service(web::resource("/error").wrap(fail(false)))
                    .service(web::resource("/error-vary").wrap(fail(true))),
            )
            .wrap(Cors::new(policy(outer))),
    )
    .await;
    // Another origin asks first, and goes away while it waits: nothing of it is left behind.
    for path in ["/plain", "/slow"] {
        let before = TestRequest::with_uri(path).insert_header(("origin", "https://b.example"));
        let waiting = app.call(before.to_request());
        drop(futures_util::FutureExt::now_or_never(waiting));
    }
    let request = TestRequest::with_uri(path)
        .insert_header(("origin", origin))
        .insert_header(("accept-encoding", "gzip"));
    match app.call(request.to_request()).await {
        Ok(response) => response.headers().clone(),
        Err(error) => error.error_response().headers().clone(),
    }
}

fn meddle(
    between: Between,
    response: Result<ServiceResponse, Error>,
) -> Result<ServiceResponse, Error> {
    let another_request = || TestRequest::default().to_http_request();
    match (between, response) {
        (Between::VaryReplaced, Ok(mut response)) => {
            response
                .headers_mut()
                .insert(VARY, HeaderValue::from_static("Origin, Cookie"));
            Ok(response)
        }
        (Between::ErrorRendered, Err(error)) => Ok(ServiceResponse::new(
            another_request(),
            error.error_response(),
        )),
        (Between::ErrorMade, Ok(_)) => Err(ErrorBadRequest("not so")),
        (Between::Replaced, response) => {
            let request =
                response.map_or_else(|_| another_request(), |response| response.into_parts().0);
            let other = HttpResponse::Ok()
                .insert_header(("access-control-allow-origin", "https://evil.example"))
                .insert_header(("access-control-max-age", "1"))
                .finish();
            Ok(ServiceResponse::new(request, other))
        }
        (Between::Borrowing, Ok(response)) => {
            // A borrow that is never given back, as of a task that outlives the response.
            std::mem::forget(response.request().extensions_mut());
            Ok(response)
        }
        (_, response) => response,
    }
}

/// Siblings are not stacked: each answers for itself, also when one was asked before the other.
#[actix_web::test]
async fn layers_beside_each_other_do_not_meet() {
    let app = init_service(
        App::new()
            .service(
                web::scope("/narrow")
                    .wrap(Cors::new(policy(NARROW)))
                    .route("", web::get().to(HttpResponse::Ok)),
            )
            .service(
                web::scope("/wide")
                    .wrap(Cors::new(policy(WIDE)))
                    .route("", web::get().to(HttpResponse::Ok)),
            )
            .route("/outside", web::get().to(HttpResponse::Ok))
            .wrap(Cors::new(policy(ANY))),
    )
    .await;
    for _ in 0..2 {
        for (path, acao) in [
            ("/wide", Some("https://b.example")),
            ("/narrow", None),
            ("/outside", Some("*")),
            ("/nowhere", Some("*")),
        ] {
            let request =
                TestRequest::with_uri(path).insert_header(("origin", "https://b.example"));
            let response = app.call(request.to_request()).await.expect("no error");
            let got = response
                .headers()
                .get("access-control-allow-origin")
                .map(|value| value.to_str().expect("text"));
            assert_eq!(got, acao, "{path}");
        }
    }
}

/// What a handler asks another service, which has a layer of its own, is not this request.
#[actix_web::test]
async fn a_service_called_by_a_handler_is_not_inside() {
    let call_another = || async {
        let other = App::new()
            .route("/", web::get().to(HttpResponse::Ok))
            .wrap(Cors::new(policy("ALLOWED_ORIGINS=*")));
        let other = init_service(other).await;
        let request = TestRequest::default().insert_header(("origin", "https://b.example"));
        let answer = other.call(request.to_request()).await.expect("no error");
        assert_eq!(
            answer
                .headers()
                .get("access-control-allow-origin")
                .expect("any"),
            "*"
        );
        HttpResponse::Ok().finish()
    };
    for (vars, acao) in [(NARROW, None), (WIDE, Some("https://b.example"))] {
        let app = init_service(
            App::new()
                .route("/", web::get().to(call_another))
                .wrap(Cors::new(policy(vars))),
        )
        .await;
        let request = TestRequest::default().insert_header(("origin", "https://b.example"));
        let answer = app.call(request.to_request()).await.expect("no error");
        let got = answer.headers().get("access-control-allow-origin");
        assert_eq!(
            got.map(|value| value.to_str().expect("text")),
            acao,
            "{vars}"
        );
    }
}

/// Nor is what a layer between asks after the inside has answered.
#[actix_web::test]
async fn a_service_called_by_a_layer_between_is_not_inside() {
    for others in [1, 2] {
        let between = move |request: ServiceRequest, next: Next<BoxBody>| async move {
            let other = App::new()
                .route("/", web::get().to(HttpResponse::Ok))
                .wrap(Condition::new(others > 1, Cors::new(policy(ANY))))
                .wrap(Cors::new(policy(ANY)));
            let other = init_service(other).await;
            let answer = next.call(request).await?;
            let request = TestRequest::default().insert_header(("origin", "https://b.example"));
            other.call(request.to_request()).await?;
            Ok::<_, Error>(answer)
        };
        let app = init_service(
            App::new()
                .service(
                    web::scope("")
                        .wrap(Compat::new(Cors::new(policy(NARROW))))
                        .wrap(from_fn(between))
                        .route("/", web::get().to(HttpResponse::Ok)),
                )
                .wrap(Cors::new(policy(WIDE))),
        )
        .await;
        let request = TestRequest::default().insert_header(("origin", "https://b.example"));
        let answer = app.call(request.to_request()).await.expect("no error");
        let got = answer.headers().get("access-control-allow-origin");
        assert_eq!(got, None, "{others} layers");
    }
}

/// A layer between may make a preflight of what was none: the inner layer's denial stands.
#[actix_web::test]
async fn a_preflight_that_only_the_inside_sees_is_denied() {
    let app = init_service(
        App::new()
            .service(
                web::scope("")
                    .wrap(Cors::new(policy(NONE)))
                    .wrap_fn(|mut request, service| {
                        request.head_mut().method = actix_web::http::Method::OPTIONS;
                        service.call(request)
                    })
                    .route("/", web::get().to(HttpResponse::Ok)),
            )
            .wrap(Cors::new(policy(WIDE))),
    )
    .await;
    let request = TestRequest::default()
        .insert_header(("origin", "https://a.example"))
        .insert_header(("access-control-request-method", "PUT"));
    let answer = app.call(request.to_request()).await.expect("no error");
    assert_eq!(answer.status(), 403);
    let mut names = answer.headers().keys();
    assert!(
        !names.any(|name| name.as_str().starts_with("access-control-")),
        "{:?}",
        answer.headers()
    );
}
