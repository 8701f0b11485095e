//! The shape of the API: what the types promise, and where the layer fits.

use std::{
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_cors_policy::{
    Cors, CorsPolicy, CorsPolicyBuilder, Origin, PolicyError, PolicyErrorKind, PolicyErrors,
    PolicyWarning,
};
use actix_service::{Service, Transform};
use actix_web::{
    App, Error, HttpResponse,
    dev::{RequestHead, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::{Compat, Condition},
    test as web_test, web,
};

use crate::support::{ask, policy};

fn send_sync_clone<T: Send + Sync + Clone + 'static>() {}

#[test]
fn types_can_be_shared() {
    send_sync_clone::<CorsPolicy>();
    send_sync_clone::<CorsPolicyBuilder>();
    send_sync_clone::<Cors>();
    send_sync_clone::<PolicyErrors>();
    send_sync_clone::<PolicyError>();
    send_sync_clone::<PolicyErrorKind>();
    send_sync_clone::<PolicyWarning>();
    send_sync_clone::<Origin<'static>>();
    fn error<T: std::error::Error>() {}
    error::<PolicyErrors>();
    error::<PolicyError>();
}

#[test]
fn setters_take_what_people_have() {
    let text = "https://a.example,https://b.example".to_owned();
    let policy = CorsPolicy::builder()
        .allow_origin(String::from("https://c.example"))
        .allow_origins(text.split(','))
        .allow_origins(vec!["https://d.example".to_owned()])
        .allow_origin_regex(r"https://e-\d+\.f\.example")
        .allow_origin_fn(is_tenant)
        .vary_on(["X-Tenant"])
        .allow_methods([Method::PUT, Method::PATCH])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .expose_headers(["x-request-id"])
        .allow_credentials()
        .max_age(Duration::from_secs(7200))
        .preflight_status(200)
        .build()
        .expect("a policy");
    assert_eq!(
        format!("{policy:?}"),
        r#"CorsPolicy { origins: ["https://c.example", "https://a.example", "https://b.example", "https://d.example"], origin_regexes: ["https://e-\\d+\\.f\\.example"], origin_predicates: 1, vary_on: ["X-Tenant"], methods: ["GET", "HEAD", "POST", "PUT", "PATCH"], headers: ["content-type", "authorization"], exposed_headers: ["x-request-id"], credentials: true, max_age: 7200, preflight_status: 200, rejects_denied_origins: false }"#
    );
}

fn is_tenant(origin: &Origin<'_>, head: &RequestHead) -> bool {
    head.headers().get("x-tenant").is_some_and(|tenant| {
        origin.scheme() == "https"
            && origin.port().is_none()
            && origin
                .host()
                .strip_suffix(".tenants.example")
                .map(str::as_bytes)
                == Some(tenant.as_bytes())
    })
}

#[test]
fn predicates_check_well_formed_origins_and_join_vary() {
    let policy = CorsPolicy::builder()
        .allow_origin_fn(is_tenant)
        .vary_on(["x-tenant", "X-Tenant", "origin", "x-other"])
        .build()
        .expect("a policy");
    for (request, wanted) in [
        (
            "GET /\norigin: https://a.tenants.example\nx-tenant: a",
            "200\naccess-control-allow-origin: https://a.tenants.example\nvary: Origin, x-tenant, x-other",
        ),
        (
            "GET /\norigin: https://a.tenants.example\nx-tenant: b",
            "200\nvary: Origin, x-tenant, x-other",
        ),
        (
            "GET /own\norigin: https://a.tenants.example",
            "201\nvary: x-one, X-Two, Origin, x-tenant, x-other",
        ),
        ("GET /", "200\nvary: Origin, x-tenant, x-other"),
        (
            "OPTIONS /\norigin: https://a.tenants.example\naccess-control-request-method: GET",
            "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers, x-tenant, x-other",
        ),
    ] {
        assert_eq!(
            ask(policy.clone(), request).0.summary(),
            wanted,
            "{request}"
        );
    }
    // Nothing but well-formed origins reaches a predicate.
    let all = CorsPolicy::builder()
        .allow_origin_fn(|_, _| true)
        .build()
        .expect("a policy");
    for origin in [
        "",
        "x",
        "null",
        "https://a.example/",
        "https://A.example",
        "https://a.example, https://b.example",
    ] {
        let (answer, _) = ask(all.clone(), &format!("GET /\norigin: {origin}"));
        assert_eq!(answer.summary(), "200\nvary: Origin", "{origin}");
    }
    let (answer, _) = ask(all, "GET /\norigin: x://y");
    assert_eq!(answer.header("access-control-allow-origin"), ["x://y"]);
}

#[actix_web::test]
async fn the_middleware_can_wrap_everything() {
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let hello = || web::get().to(|| async { "hello" });
    let app = web_test::init_service(
        App::new()
            .service(
                web::scope("/scope")
                    .wrap(cors.clone())
                    .route("/in", hello()),
            )
            .service(web::resource("/resource").wrap(cors.clone()).route(hello()))
            .service(
                web::scope("/on")
                    .wrap(Condition::new(true, cors.clone()))
                    .route("/in", hello()),
            )
            .service(
                web::scope("/off")
                    .wrap(Condition::new(false, cors.clone()))
                    .route("/in", hello()),
            )
            .service(
                web::scope("/compat")
                    .wrap(Compat::new(cors.clone()))
                    .route("/in", hello()),
            )
            .route("/route", hello().wrap(cors.clone())),
    )
    .await;
    for (path, decorated) in [
        ("/scope/in", true),
        ("/scope/nowhere", true),
        ("/resource", true),
        ("/on/in", true),
        ("/off/in", false),
        ("/compat/in", true),
        ("/route", true),
        ("/nowhere", false),
    ] {
        let request =
            web_test::TestRequest::with_uri(path).insert_header(("origin", "https://a.example"));
        let response = app.call(request.to_request()).await.expect("no error");
        let acao = response.headers().get("access-control-allow-origin");
        assert_eq!(acao.is_some(), decorated, "{path}");
    }
    for path in [
        "/scope/in",
        "/scope/nowhere",
        "/resource",
        "/on/in",
        "/compat/in",
    ] {
        let request = web_test::TestRequest::with_uri(path)
            .method(Method::OPTIONS)
            .insert_header(("origin", "https://a.example"))
            .insert_header(("access-control-request-method", "GET"));
        let response = app.call(request.to_request()).await.expect("no error");
        assert_eq!(response.status(), 204, "{path}");
    }
}

/// Per scope, each with its own policy.
#[actix_web::test]
async fn scopes_have_their_own_policies() {
    let public = Cors::new(policy("ALLOWED_ORIGINS=*"));
    let admin = Cors::new(policy(
        "ALLOWED_ORIGINS=https://admin.example\nALLOW_CREDENTIALS=true",
    ));
    let ok = || web::get().to(HttpResponse::Ok);
    let app = web_test::init_service(
        App::new()
            .service(web::scope("/public").wrap(public).route("", ok()))
            .service(web::scope("/admin").wrap(admin).route("", ok())),
    )
    .await;
    for (path, origin, acao) in [
        ("/public", "https://admin.example", Some("*")),
        (
            "/admin",
            "https://admin.example",
            Some("https://admin.example"),
        ),
        ("/admin", "https://other.example", None),
    ] {
        let request = web_test::TestRequest::with_uri(path).insert_header(("origin", origin));
        let response = app.call(request.to_request()).await.expect("no error");
        let got = response
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().expect("text"));
        assert_eq!(got, acao, "{path}, {origin}");
    }
}

/// A service whose future borrows, so that a `'static` bound or a box would not compile.
struct Borrowing<'a>(&'a str);

struct BorrowingFuture<'a>(Option<ServiceRequest>, PhantomData<&'a str>);

impl Future for BorrowingFuture<'_> {
    type Output = Result<ServiceResponse<&'static str>, Error>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let request = self.0.take().expect("polled once");
        Poll::Ready(Ok(
            request.into_response(HttpResponse::Ok().message_body("body")?)
        ))
    }
}

impl<'a> Service<ServiceRequest> for Borrowing<'a> {
    type Response = ServiceResponse<&'static str>;
    type Error = Error;
    type Future = BorrowingFuture<'a>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        assert_eq!(self.0, "borrowed");
        BorrowingFuture(Some(request), PhantomData)
    }
}

#[actix_web::test]
async fn the_inner_future_need_not_be_static() {
    let text = "borrowed".to_owned();
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let service = cors
        .new_transform(Borrowing(&text))
        .await
        .expect("infallible");
    let request = web_test::TestRequest::default()
        .insert_header(("origin", "https://a.example"))
        .to_srv_request();
    let response = service.call(request).await.expect("no error");
    assert_eq!(
        response
            .headers()
            .get("vary")
            .map(header::HeaderValue::as_bytes),
        Some(&b"Origin"[..])
    );
}

/// What an outer layer may do with an error still works, and rendering it twice gives the same headers.
#[actix_web::test]
async fn errors_keep_their_type_and_render_alike() {
    #[derive(Debug)]
    struct Mine;
    impl std::fmt::Display for Mine {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("mine")
        }
    }
    impl actix_web::ResponseError for Mine {}

    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let inner = actix_service::fn_service(|_: ServiceRequest| {
        ready(Err::<ServiceResponse, Error>(Mine.into()))
    });
    let service = cors.new_transform(inner).await.expect("infallible");
    let request = web_test::TestRequest::default()
        .insert_header(("origin", "https://a.example"))
        .to_srv_request();
    let error = service.call(request).await.expect_err("an error");
    assert!(error.as_error::<Mine>().is_some());
    for _ in 0..2 {
        let response = error.error_response();
        let lines: Vec<_> = response.headers().get_all("vary").collect();
        assert_eq!(lines, ["Origin"]);
        assert_eq!(
            response
                .headers()
                .get("access-control-allow-origin")
                .map(header::HeaderValue::as_bytes),
            Some(&b"https://a.example"[..])
        );
    }
}

#[test]
fn lists_are_in_the_order_of_first_mention() {
    let names: Vec<String> = (0..40)
        .map(|number| format!("x-{}", (number * 7) % 40))
        .collect();
    let wanted = names.join(", ");
    for _ in 0..5 {
        let policy = CorsPolicy::builder()
            .allow_origin("https://a.example")
            .allow_headers(&names)
            .allow_headers(names.iter().rev())
            .build()
            .expect("a policy");
        let (answer, _) = ask(
            policy,
            "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
        );
        assert_eq!(
            answer.header("access-control-allow-headers"),
            [wanted.as_str()]
        );
    }
}

#[test]
fn long_lists_are_shown_in_part() {
    let origins: Vec<String> = (0..1000)
        .map(|number| format!("https://a{number}.example"))
        .collect();
    let policy = CorsPolicy::builder()
        .allow_origins(&origins)
        .build()
        .expect("a policy");
    let debug = format!("{policy:?}");
    assert!(
        debug.contains("\"https://a15.example\", … 984 more]"),
        "{debug}"
    );
}
