//! Layers around layers: where they are stacked, what the innermost says of the six headers stands, whatever happens
//! between.

use std::{
    cell::{Cell, RefCell},
    panic::AssertUnwindSafe,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix_cors_policy::Cors;
use actix_service::{ServiceExt as _, boxed};
use actix_web::{
    App, Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform as _},
    error::ErrorBadRequest,
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue, VARY},
    },
    middleware::{Compat, Compress, Condition, Next, from_fn},
    test::{TestRequest, init_service},
    web,
};
use futures_util::future::LocalBoxFuture;

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
async fn the_innermost_cors_sets_the_headers() {
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

/// What "stacked" means for a page: the outer policy alone answers preflights, the inner one alone all else, but for what
/// the outer one rejects.
#[actix_web::test]
async fn the_outer_cors_answers_preflights_and_the_inner_one_sets_headers() {
    const REJECTS: &str = "ALLOWED_ORIGINS=https://a.example\nREJECT_DENIED_ORIGINS=1";
    let b = Some("https://b.example");
    let any = Some("*");
    for (outer, inner, preflight, simple) in [
        // The inner one grants to a simple request what the outer one denies.
        (NONE, ANY, (403, None), (200, any)),
        (NONE, WIDE, (403, None), (200, b)),
        (NARROW, WIDE, (403, None), (200, b)),
        // The outer one adds nothing to what the inner one denies.
        (ANY, NONE, (204, any), (200, None)),
        (WIDE, NONE, (204, b), (200, None)),
        (WIDE, NARROW, (204, b), (200, None)),
        // What the outer one rejects is not seen inside; what the inner one rejects is not allowed outside.
        (REJECTS, ANY, (403, None), (403, None)),
        (ANY, REJECTS, (204, any), (403, None)),
    ] {
        let app = init_service(
            App::new()
                .service(
                    web::scope("")
                        .wrap(Cors::new(policy(inner)))
                        .route("/", web::get().to(HttpResponse::Ok)),
                )
                .wrap(Cors::new(policy(outer))),
        )
        .await;
        let asks = [
            (
                asks_for_b()
                    .method(Method::OPTIONS)
                    .insert_header(("access-control-request-method", "GET")),
                preflight,
            ),
            (asks_for_b(), simple),
        ];
        for (request, wanted) in asks {
            let answer = app.call(request.to_request()).await.expect("no error");
            let acao = answer.headers().get("access-control-allow-origin");
            let acao = acao.map(|value| value.to_str().expect("text"));
            let got = (answer.status().as_u16(), acao);
            assert_eq!(
                got,
                wanted,
                "{outer} around {inner}: {:?}",
                answer.request()
            );
        }
    }
}

/// "Expose any" with credentials lists what there is, in each layer, on each run of its mapper, and `Vary` with it.
#[actix_web::test]
async fn exposed_names_include_vary_of_the_middleware() {
    const LISTS: &str = "ALLOWED_ORIGINS=https://b.example\nALLOW_CREDENTIALS=1\nEXPOSED_HEADERS=*";
    for (inner, outer) in [
        (None, LISTS),
        (Some(LISTS), LISTS),
        (Some(LISTS), WIDE),
        (Some(LISTS), NONE),
        (Some(LISTS), ANY),
    ] {
        let fails = |_: ServiceRequest, _: Next<BoxBody>| async {
            let mut error: Error = ErrorBadRequest("no");
            error.add_response_mapper(|mut response| {
                let (name, value) = (
                    HeaderName::from_static("x-a"),
                    HeaderValue::from_static("1"),
                );
                response.headers_mut().insert(name, value);
                response
            });
            Err::<ServiceResponse, _>(error)
        };
        let is_inner = inner.is_some();
        let app = init_service(
            App::new()
                .service(
                    web::scope("")
                        .wrap(Condition::new(
                            is_inner,
                            Cors::new(policy(inner.unwrap_or(NONE))),
                        ))
                        .route(
                            "/good",
                            web::get().to(|| async {
                                HttpResponse::Ok().insert_header(("x-a", "1")).finish()
                            }),
                        )
                        .service(web::resource("/error").wrap(from_fn(fails))),
                )
                .wrap(Cors::new(policy(outer))),
        )
        .await;
        let names = |headers: &HeaderMap| {
            let lines = headers.get_all("access-control-expose-headers");
            let lines = lines.map(|line| line.to_str().expect("text").to_owned());
            lines.collect::<Vec<_>>().join("\n")
        };
        let answer = app.call(asks_for_b().uri("/good").to_request()).await;
        let answer = answer.expect("no error");
        assert_eq!(
            names(answer.headers()),
            "vary, x-a",
            "{outer} around {inner:?}"
        );
        let answer = app.call(asks_for_b().uri("/error").to_request()).await;
        let error = answer.expect_err("an error");
        for run in ["first", "second"] {
            let answer = error.error_response();
            assert_eq!(
                names(answer.headers()),
                "vary, x-a",
                "{outer} around {inner:?}, {run}"
            );
        }
    }
}

/// Siblings are not stacked: each answers for itself, also when one was asked before the other.
#[actix_web::test]
async fn two_cors_next_to_each_other_do_not_interact() {
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
async fn a_service_called_by_a_middleware_between_is_not_inside() {
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
                        request.head_mut().method = Method::OPTIONS;
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

/// Where a service panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Position {
    Call,
    FirstPoll,
    LaterPoll,
    Drop,
}

const POSITIONS: [Position; 4] = [
    Position::Call,
    Position::FirstPoll,
    Position::LaterPoll,
    Position::Drop,
];

/// A service that panics at a position, and never answers before.
struct Panics(Position);

struct Panicking {
    position: Position,
    polls: usize,
}

impl Service<ServiceRequest> for Panics {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Panicking;

    actix_web::dev::always_ready!();

    fn call(&self, _: ServiceRequest) -> Self::Future {
        assert!(self.0 != Position::Call, "panics when it is called");
        Panicking {
            position: self.0,
            polls: 0,
        }
    }
}

impl Future for Panicking {
    type Output = Result<ServiceResponse, Error>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        self.polls += 1;
        let panics = match self.position {
            Position::FirstPoll => 1,
            Position::LaterPoll => 2,
            Position::Call | Position::Drop => usize::MAX,
        };
        assert!(self.polls < panics, "panics when it is polled");
        Poll::Pending
    }
}

impl Drop for Panicking {
    fn drop(&mut self) {
        assert!(self.position != Position::Drop, "panics when it is dropped");
    }
}

/// A layer around a service.
fn wrapped<S, B>(vars: &str, service: S) -> Inside
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let made = Cors::new(policy(vars)).new_transform(service);
    let made = futures_util::FutureExt::now_or_never(made).expect("at once");
    let made = made.expect("it cannot fail");
    boxed::service(made.map(|response: ServiceResponse<_>| response.map_into_boxed_body()))
}

type Inside = boxed::BoxService<ServiceRequest, ServiceResponse, Error>;

/// Calls a service, polls it twice and drops it, and catches its panic.
fn run_into_panic<S: Service<ServiceRequest>>(service: &S, request: ServiceRequest) {
    let run = || {
        let mut future = Box::pin(service.call(request));
        for _ in 0..2 {
            drop(
                future
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop())),
            );
        }
    };
    let caught = std::panic::catch_unwind(AssertUnwindSafe(run));
    assert!(caught.is_err(), "it panics");
}

fn asks_for_b() -> TestRequest {
    TestRequest::default().insert_header(("origin", "https://b.example"))
}

/// What an inner layer denied is not lost when something else panics at its side, and a layer between catches that.
#[actix_web::test]
async fn a_panic_in_another_service_loses_no_denial() {
    for position in POSITIONS {
        for polls in [0, 1, 3] {
            for stacked in [false, true] {
                // The inner layer is called, and the other one panics, while the outer one polls once.
                let between = move |request: ServiceRequest, next: Next<BoxBody>| async move {
                    let mut inside = Box::pin(next.call(request));
                    let mut panicked = false;
                    let side_by_side = std::future::poll_fn(|cx| {
                        let poll = inside.as_mut().poll(cx);
                        if !std::mem::replace(&mut panicked, true) {
                            let mut side = wrapped(ANY, Panics(position));
                            if stacked {
                                side = wrapped(WIDE, side);
                            }
                            run_into_panic(&side, asks_for_b().to_srv_request());
                        }
                        poll
                    });
                    side_by_side.await
                };
                let handler = move || async move {
                    for _ in 0..polls {
                        actix_web::rt::task::yield_now().await;
                    }
                    HttpResponse::Ok().finish()
                };
                let app = init_service(
                    App::new()
                        .service(
                            web::scope("")
                                .wrap(Compat::new(Cors::new(policy(NARROW))))
                                .wrap(from_fn(between))
                                .route("/", web::get().to(handler)),
                        )
                        .wrap(Cors::new(policy(WIDE))),
                )
                .await;
                let answer = app.call(asks_for_b().to_request()).await;
                let answer = answer.expect("no error");
                let acao = answer.headers().get("access-control-allow-origin");
                assert_eq!(
                    acao, None,
                    "{position:?}, {polls} polls, stacked: {stacked}"
                );
            }
        }
    }
}

/// Nor when what is inside of the inner layer panics, and a layer between answers instead.
#[actix_web::test]
async fn a_panic_inside_loses_no_denial() {
    for position in POSITIONS {
        for layers in [
            &[NARROW][..],
            &[NARROW, WIDE],
            &[WIDE, NARROW],
            &[WIDE, NONE],
            &[NONE, WIDE, NARROW],
        ] {
            let inside = |service, layer: &&str| wrapped(layer, service);
            let panics = boxed::service(Panics(position));
            let outer = wrapped(WIDE, Rescues(layers.iter().fold(panics, inside)));
            let answer = outer.call(asks_for_b().to_srv_request()).await;
            let answer = answer.expect("no error");
            let acao = answer.headers().get("access-control-allow-origin");
            // The layers are named from the inside, and the innermost one owns the headers.
            let wanted = layers.starts_with(&[WIDE]).then_some("https://b.example");
            let acao = acao.map(|value| value.to_str().expect("text"));
            assert_eq!(acao, wanted, "{position:?} inside of {layers:?}");
        }
    }
}

/// A layer between that answers when what is inside panics.
struct Rescues(Inside);

impl Service<ServiceRequest> for Rescues {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = std::future::Ready<Result<ServiceResponse, Error>>;

    actix_web::dev::always_ready!();

    fn call(&self, request: ServiceRequest) -> Self::Future {
        run_into_panic(&self.0, request);
        std::future::ready(Ok(answered()))
    }
}

/// The head of a request that was dropped is used again for a later one, which is another request all the same.
#[actix_web::test]
async fn a_request_is_not_confused_with_a_dropped_one() {
    type Ask = Box<dyn Fn(&str) -> LocalBoxFuture<'static, ServiceResponse>>;
    let same_app = Rc::new(RefCell::new(None::<Ask>));
    let other_app = init_service(
        App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(Cors::new(policy(WIDE))),
    )
    .await;
    let other_app = Rc::new(other_app);
    let shown = Rc::new(Cell::new(false));

    let between = {
        let (same_app, shown) = (Rc::clone(&same_app), Rc::clone(&shown));
        move |request: ServiceRequest, _: Next<BoxBody>| {
            let (same_app, other_app) = (Rc::clone(&same_app), Rc::clone(&other_app));
            let shown = Rc::clone(&shown);
            async move {
                let (address, path) = (address(&request), request.path().to_owned());
                drop(request);
                if path == "/" {
                    for _ in 0..10 {
                        // The app takes the request out of its store, and gives the head of the dropped one away.
                        let ask = same_app.borrow().as_ref().map(|ask| ask("/again"));
                        drop(ask.expect("an app").await);
                        let later = asks_for_b().to_request();
                        let is_same = std::ptr::from_ref(later.head()).addr() == address;
                        shown.set(shown.get() || is_same);
                        let answer = other_app.call(later).await?;
                        assert!(answer.headers().contains_key("access-control-allow-origin"));
                        if is_same {
                            break;
                        }
                    }
                }
                Ok::<_, Error>(answered())
            }
        }
    };
    let app = init_service(
        App::new()
            .wrap(from_fn(between))
            .wrap(Cors::new(policy(NARROW))),
    )
    .await;
    let app = Rc::new(app);
    let inner = Rc::clone(&app);
    *same_app.borrow_mut() = Some(Box::new(move |path| {
        let (app, request) = (Rc::clone(&inner), TestRequest::with_uri(path).to_request());
        Box::pin(async move {
            let answer = app.call(request).await.expect("no error");
            answer.map_into_boxed_body()
        })
    }));
    let answer = app.call(asks_for_b().to_request()).await.expect("no error");
    assert!(shown.get(), "the head is used again, or nothing is shown");
    let acao = answer.headers().get("access-control-allow-origin");
    assert_eq!(acao, None);
    same_app.take();
}

/// A future whose request is gone may be polled while a layer is at work for a later request.
#[actix_web::test]
async fn a_future_does_not_belong_to_a_later_request() {
    /// Lets go of the request at once, and answers when it is polled a second time.
    struct Forgets;

    impl Service<ServiceRequest> for Forgets {
        type Response = ServiceResponse;
        type Error = Error;
        type Future = LocalBoxFuture<'static, Result<ServiceResponse, Error>>;

        actix_web::dev::always_ready!();

        fn call(&self, request: ServiceRequest) -> Self::Future {
            drop(request);
            Box::pin(async {
                actix_web::rt::task::yield_now().await;
                Ok(answered())
            })
        }
    }

    let kept = Rc::new(RefCell::new(None));
    let shown = Rc::new(Cell::new(false));
    let inside = Rc::new(wrapped(WIDE, wrapped(WIDE, Forgets)));
    let between = {
        let shown = Rc::clone(&shown);
        move |request: ServiceRequest, _: Next<BoxBody>| {
            let (kept, shown) = (Rc::clone(&kept), Rc::clone(&shown));
            let inside = Rc::clone(&inside);
            async move {
                let address = address(&request);
                match request.path() {
                    "/keep" => *kept.borrow_mut() = Some((address, inside.call(request))),
                    "/poll" => {
                        let same = kept.borrow_mut().take_if(|(of, _)| *of == address);
                        if let Some((_, future)) = same {
                            shown.set(true);
                            future.await?;
                        }
                    }
                    _ => {}
                }
                Ok::<_, Error>(answered())
            }
        }
    };
    let app = init_service(
        App::new()
            .wrap(from_fn(between))
            .wrap(Cors::new(policy(NARROW))),
    )
    .await;
    for path in ["/keep", "/pass"].into_iter().chain(["/poll"; 10]) {
        let answer = app.call(asks_for_b().uri(path).to_request()).await;
        let answer = answer.expect("no error");
        let acao = answer.headers().get("access-control-allow-origin");
        // The layers inside saw the first request alone.
        assert_eq!(acao.is_some(), path == "/keep", "{path}");
    }
    assert!(shown.get(), "the head is used again, or nothing is shown");
}

fn address(request: &ServiceRequest) -> usize {
    std::ptr::from_ref(request.head()).addr()
}

/// A response of no request that came.
fn answered() -> ServiceResponse {
    let request = TestRequest::default().to_http_request();
    ServiceResponse::new(request, HttpResponse::Ok().finish())
}
