//! What observers and the log are told, by the policy in force and by a shadow policy: a program of its own, because a
//! process has one logger.

#![expect(clippy::panic, reason = "an observer is to panic")]

use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_cors_policy::{Cors, CorsEvent, CorsPolicy, Denial, Outcome, RequestKind};
use actix_web::{
    App, HttpResponse,
    body::MessageBody,
    dev::ServiceResponse,
    http::{Method, StatusCode},
    test, web,
};
use log::{Level, LevelFilter, Log, Metadata, Record};

struct Capture(Mutex<Vec<(Level, String)>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl Log for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "actix_cors_policy"
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let mut records = self.0.lock().expect("no test panicked");
            records.push((record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// What was logged since, without the policies themselves.
fn logged() -> Vec<(Level, String)> {
    let mut records = CAPTURE.0.lock().expect("no test panicked");
    std::mem::take(&mut *records)
        .into_iter()
        .filter(|(_, text)| !text.contains(":\n  origins"))
        .collect()
}

fn policy(vars: &str) -> CorsPolicy {
    let vars = vars.lines().map(|line| {
        let (name, value) = line.split_once('=').expect("NAME=value");
        (format!("CORS_{name}"), value)
    });
    CorsPolicy::from_vars("CORS_", vars).expect("a policy")
}

/// What an observer was told, as text.
type Told = Arc<Mutex<Vec<String>>>;

fn observed(cors: Cors) -> (Cors, Told) {
    let told = Told::default();
    let observer = Arc::clone(&told);
    let cors = cors.observe(move |event| {
        let mut text = format!("{:?} {}", event.kind(), event.outcome());
        if let Some(denial) = event.denial() {
            write!(text, ", {denial:?}").expect("a text");
        }
        if let Some(origin) = event.origin() {
            write!(text, ", {origin}").expect("a text");
        }
        if let Some(prefix) = event.path_prefix() {
            write!(text, ", at {prefix}").expect("a text");
        }
        if let Some(shadow) = event.shadow() {
            write!(text, ", shadow {shadow}").expect("a text");
        }
        observer.lock().expect("no panic").push(text);
    });
    (cors, told)
}

fn taken(told: &Told) -> Vec<String> {
    std::mem::take(&mut told.lock().expect("no panic"))
}

macro_rules! app {
    ($cors:expr) => {
        test::init_service(
            App::new()
                .default_service(web::route().to(HttpResponse::Ok))
                .wrap(Clone::clone($cors)),
        )
        .await
    };
}

/// Sends `METHOD PATH` with these headers, and returns the status and the headers.
macro_rules! send {
    ($app:expr, $request:expr) => {
        answer(&test::call_service($app, request($request).to_request()).await)
    };
}

fn request(text: &str) -> test::TestRequest {
    let (first, headers) = text.split_once('\n').unwrap_or((text, ""));
    let (method, path) = first.split_once(' ').expect("METHOD PATH");
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = test::TestRequest::with_uri(path).method(method);
    headers.lines().fold(request, |request, line| {
        request.append_header(line.split_once(": ").expect("name: value"))
    })
}

fn answer(response: &ServiceResponse<impl MessageBody>) -> (StatusCode, Vec<String>) {
    let mut headers: Vec<String> = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    headers.sort();
    (response.status(), headers)
}

/// One test, because the logger is one.
#[actix_web::test]
async fn observers_and_the_log_are_told_what_was_decided() {
    log::set_logger(&CAPTURE).expect("the only logger");
    log::set_max_level(LevelFilter::Debug);
    each_cors_request_is_told_once().await;
    a_panic_of_an_observer_harms_nobody().await;
    a_panic_of_a_shadow_policy_harms_nobody().await;
    observers_add_up_and_leave_handles_alone().await;
    a_shadow_policy_is_told_of_and_never_obeyed().await;
    credentials_that_a_shadow_policy_takes_away().await;
    credentials_that_only_a_shadow_policy_allows().await;
    the_shadow_policy_follows_swaps().await;
    own_pages_are_not_denied().await;
    a_tighter_policy_is_rolled_out().await;
}

async fn each_cors_request_is_told_once() {
    let cors = Cors::new(policy(
        "ALLOWED_ORIGINS=https://a.example\nREJECT_DENIED_ORIGINS=true\nOWN_ORIGINS=https://api.example",
    ))
    .at("/public", policy("ALLOWED_ORIGINS=*"))
    .expect("a prefix");
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    for (request, wanted) in [
        ("GET /", None),
        (
            "GET /\norigin: https://a.example",
            Some("Actual allowed, https://a.example"),
        ),
        (
            "GET /\norigin: https://b.example",
            Some("Actual rejected, OriginNotAllowed, https://b.example"),
        ),
        (
            "POST /\norigin: null",
            Some("Actual rejected, OriginNotAllowed, null"),
        ),
        (
            "POST /\norigin: B",
            Some("Actual rejected, OriginMalformed"),
        ),
        (
            "POST /\norigin: https://a.example\norigin: https://a.example",
            Some("Actual rejected, OriginRepeated"),
        ),
        (
            "POST /\norigin: https://api.example",
            Some("Actual same-origin, https://api.example"),
        ),
        (
            "POST /\nsec-fetch-site: cross-site",
            Some("NotCors rejected, CrossSiteWithoutOrigin"),
        ),
        ("POST /\nsec-fetch-site: same-origin", None),
        (
            "POST /\norigin: https://a.example\ncookie: a=b",
            Some("Actual rejected, CrossSiteWithCredentials, https://a.example"),
        ),
        (
            "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
            Some("Preflight allowed, https://a.example"),
        ),
        (
            "OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT",
            Some("Preflight denied, MethodNotAllowed, https://a.example"),
        ),
        ("GET /public/x", None),
        (
            "GET /public/x\norigin: https://b.example",
            Some("Actual allowed, https://b.example, at /public"),
        ),
        (
            "GET /public/x\norigin: B",
            Some("Actual allowed, at /public"),
        ),
    ] {
        send!(&app, request);
        assert_eq!(
            taken(&told),
            wanted.into_iter().collect::<Vec<_>>(),
            "{request}"
        );
    }
    logged();
}

/// Sends three allowed requests, without the messages of what panics meanwhile.
macro_rules! allowed_three_times {
    ($app:expr) => {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        for _ in 0..3 {
            let (status, headers) = send!($app, "GET /\norigin: https://a.example");
            assert_eq!(status, StatusCode::OK);
            assert!(headers.contains(&"access-control-allow-origin: https://a.example".to_owned()));
        }
        std::panic::set_hook(hook);
    };
}

async fn a_panic_of_an_observer_harms_nobody() {
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"))
        .observe(|_| panic!("an observer's own fault"));
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    allowed_three_times!(&app);
    assert_eq!(taken(&told).len(), 3, "the other one is told");
    let text = "an observer panicked; the request goes on, and its other panics are not logged";
    assert_eq!(logged(), [(Level::Error, text.to_owned())]);
}

async fn a_panic_of_a_shadow_policy_harms_nobody() {
    let panics = CorsPolicy::builder().allow_origin_fn(|_, _| panic!("a predicate's own fault"));
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"))
        .shadow(panics.build().expect("a policy"));
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    logged();
    allowed_three_times!(&app);
    assert_eq!(taken(&told), ["Actual allowed, https://a.example"; 3]);
    let text = "a predicate of the shadow policy panicked; the request goes on, and its other panics are not logged";
    assert_eq!(logged(), [(Level::Error, text.to_owned())]);
}

async fn observers_add_up_and_leave_handles_alone() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = || {
        let count = Arc::clone(&count);
        move |_: &CorsEvent<'_>| {
            count.fetch_add(1, Ordering::Relaxed);
        }
    };
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let before = cors.clone();
    let handle = cors.handle();
    let cors = cors.observe(counter()).observe(counter());
    let (app, before) = (app!(&cors), app!(&before));
    let request = "GET /\norigin: https://b.example";
    send!(&app, request);
    assert_eq!(count.load(Ordering::Relaxed), 2);
    send!(&before, request);
    assert_eq!(
        count.load(Ordering::Relaxed),
        2,
        "a clone made before has none"
    );
    handle.replace(policy("ALLOWED_ORIGINS=https://b.example"));
    let (_, headers) = send!(&app, request);
    assert!(headers.contains(&"access-control-allow-origin: https://b.example".to_owned()));
    assert_eq!(count.load(Ordering::Relaxed), 4, "also after a swap");
    logged();
}

async fn a_shadow_policy_is_told_of_and_never_obeyed() {
    let current = "ALLOWED_ORIGINS=https://a.example,https://*.b.example\nALLOWED_METHODS=PUT";
    let shadow = "ALLOWED_ORIGINS=https://a.example,https://c.example\nREJECT_DENIED_ORIGINS=1\nOWN_ORIGINS=https://api.example";
    let plain = app!(
        &Cors::new(policy(current))
            .at("/public", policy("ALLOWED_ORIGINS=*"))
            .expect("a prefix")
    );
    let cors = Cors::new(policy(current)).shadow(policy(shadow));
    let cors = cors
        .at("/public", policy("ALLOWED_ORIGINS=*"))
        .expect("a prefix");
    assert!(format!("{cors:?}").contains("shadow"), "{cors:?}");
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    logged();
    for (request, event, line) in [
        ("GET /", None, None),
        (
            "GET /\norigin: https://a.example",
            Some("Actual allowed, https://a.example, shadow allowed"),
            None,
        ),
        (
            "GET /\norigin: https://x.b.example",
            Some("Actual allowed, https://x.b.example, shadow rejected"),
            Some(
                "the shadow policy would reject the request to `/`: origin `https://x.b.example` is not allowed, nor is it same-origin (not one of the own origins) (fix: if you trust it, add `https://x.b.example` to `CORS_ALLOWED_ORIGINS`)",
            ),
        ),
        (
            "OPTIONS /\norigin: https://x.b.example\naccess-control-request-method: PUT",
            Some("Preflight allowed, https://x.b.example, shadow denied"),
            None,
        ),
        (
            "OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT",
            Some("Preflight allowed, https://a.example, shadow denied"),
            Some(
                "the shadow policy would deny the preflight to `/`: method `PUT` is not allowed (fix: add `PUT` to `CORS_ALLOWED_METHODS`)",
            ),
        ),
        (
            "GET /\norigin: https://c.example",
            Some("Actual denied, OriginNotAllowed, https://c.example, shadow allowed"),
            Some(
                "the shadow policy would allow the request to `/`: origin `https://c.example` is allowed by https://c.example (now: origin `https://c.example` is not allowed)",
            ),
        ),
        (
            "POST /\nsec-fetch-site: cross-site",
            Some("NotCors not CORS, shadow rejected"),
            Some(
                "the shadow policy would reject the request to `/`: method `POST` has no Origin, nor is it same-origin (sec-fetch-site `cross-site`)",
            ),
        ),
        (
            "POST /\norigin: https://api.example\nhost: api.example",
            Some("Actual same-origin, https://api.example, shadow same-origin"),
            None,
        ),
        (
            "GET /public\norigin: https://x.example",
            Some("Actual allowed, https://x.example, at /public"),
            None,
        ),
    ] {
        let answer = send!(&app, request);
        assert_eq!(answer, send!(&plain, request), "not obeyed: {request}");
        assert_eq!(
            taken(&told),
            event.into_iter().collect::<Vec<_>>(),
            "{request}"
        );
        let lines: Vec<String> = logged()
            .into_iter()
            .filter(|(level, text)| *level == Level::Info && text.contains("shadow"))
            .map(|(_, text)| text)
            .collect();
        assert_eq!(
            lines.len(),
            usize::from(line.is_some()),
            "{request}: {lines:?}"
        );
        for text in lines {
            assert!(text.starts_with(line.expect("a line")), "{request}: {text}");
        }
    }
    // Once for each kind and origin, then at `debug`.
    send!(&app, "GET /\norigin: https://c.example");
    let again: Vec<_> = logged()
        .into_iter()
        .filter(|(_, text)| text.contains("shadow"))
        .collect();
    assert!(matches!(again.as_slice(), [(Level::Debug, _)]), "{again:?}");
    taken(&told);
}

async fn credentials_that_a_shadow_policy_takes_away() {
    let cors = Cors::new(policy(
        "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=true",
    ))
    .shadow(policy("ALLOWED_ORIGINS=https://a.example"));
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    logged();
    send!(&app, "GET /\norigin: https://a.example");
    send!(&app, "GET /\norigin: https://a.example\ncookie: a=b");
    assert_eq!(
        taken(&told),
        [
            "Actual allowed, https://a.example, shadow allowed",
            "Actual allowed, https://a.example, shadow denied",
        ]
    );
    let text = "the shadow policy would deny the request to `/`: credentials are not allowed (fix: set `CORS_ALLOW_CREDENTIALS` to `true`)";
    assert_eq!(logged(), [(Level::Info, text.to_owned())]);
}

async fn credentials_that_only_a_shadow_policy_allows() {
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example")).shadow(policy(
        "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=true",
    ));
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    logged();
    send!(&app, "GET /\norigin: https://a.example");
    assert_eq!(logged(), []);
    send!(&app, "GET /\norigin: https://a.example\ncookie: a=b");
    // The request is allowed by both.
    let both = "Actual allowed, https://a.example, shadow allowed";
    assert_eq!(taken(&told), [both, both]);
    let text = "the shadow policy would allow the request to `/`: origin `https://a.example` may send credentials (now: credentials are not allowed)";
    assert_eq!(logged(), [(Level::Info, text.to_owned())]);
}

async fn the_shadow_policy_follows_swaps() {
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let handle = cors.handle();
    let (cors, told) = observed(cors);
    let app = app!(&cors);
    let request = "GET /\norigin: https://a.example";
    let last = async |wanted: &str| {
        send!(&app, request);
        assert_eq!(taken(&told), [wanted]);
    };
    last("Actual allowed, https://a.example").await;
    assert!(
        handle
            .shadow(Some(policy("ALLOWED_ORIGINS=none")))
            .is_none()
    );
    last("Actual allowed, https://a.example, shadow denied").await;
    handle.replace(policy("ALLOWED_ORIGINS=*"));
    last("Actual allowed, https://a.example, shadow denied").await;
    let before = handle.shadow(Some(policy("ALLOWED_ORIGINS=https://a.example")));
    assert!(before.is_some_and(|before| before.to_string().contains("none")));
    last("Actual allowed, https://a.example, shadow allowed").await;
    assert!(handle.shadow(None).is_some());
    last("Actual allowed, https://a.example").await;

    // The log needs no observer.
    let cors = Cors::new(policy("ALLOWED_ORIGINS=https://a.example"));
    let cors = cors.shadow(policy("ALLOWED_ORIGINS=none"));
    let app = app!(&cors);
    logged();
    send!(&app, request);
    let lines = logged();
    let is_told = |(_, line): &(Level, String)| line.contains("the shadow policy would deny");
    assert!(matches!(&lines[..], [line] if is_told(line)), "{lines:?}");
}

/// Browsers send `Origin` with a form to the page's own origin. That is no denial, and nobody has to fix it.
async fn own_pages_are_not_denied() {
    let app = app!(&Cors::new(policy("ALLOWED_ORIGINS=https://a.example")));
    logged();
    for own in [
        "origin: https://api.example\nhost: api.example",
        "origin: https://api.example\nsec-fetch-site: same-origin",
        "origin: null\nsec-fetch-site: same-origin",
    ] {
        send!(&app, &format!("POST /\n{own}"));
        assert_eq!(logged(), [], "{own}");
    }
    send!(&app, "POST /\norigin: https://b.example\nhost: api.example");
    assert_eq!(logged().len(), 1);
}

/// Shadow, look, `replace`: three clients that the tighter policy would break are named, and none is broken.
async fn a_tighter_policy_is_rolled_out() {
    let current = policy("ALLOWED_ORIGINS=https://*.example.com\nALLOWED_METHODS=PUT");
    let tighter = policy("ALLOWED_ORIGINS=https://app.example.com");
    let broken = Arc::new(Mutex::new(Vec::<(RequestKind, Option<Denial>)>::new()));
    let seen = Arc::clone(&broken);
    let cors = Cors::new(current).shadow(tighter).observe(move |event| {
        if event.outcome() == Outcome::Allowed && event.shadow() == Some(Outcome::Denied) {
            seen.lock()
                .expect("no panic")
                .push((event.kind(), event.denial()));
        }
    });
    let handle = cors.handle();
    let app = app!(&cors);
    logged();
    let clients = [
        (
            "https://old.example.com",
            "GET /\norigin: https://old.example.com",
        ),
        (
            "https://admin.example.com",
            "POST /\norigin: https://admin.example.com",
        ),
        (
            "method `PUT`",
            "OPTIONS /\norigin: https://app.example.com\naccess-control-request-method: PUT",
        ),
    ];
    let fine = "GET /\norigin: https://app.example.com";
    for request in clients
        .map(|(_, request)| request)
        .into_iter()
        .chain([fine])
    {
        let (status, headers) = send!(&app, request);
        assert!(status.is_success(), "{request}");
        assert!(
            headers
                .iter()
                .any(|line| line.starts_with("access-control-allow-origin: https://")),
            "{request}"
        );
    }
    assert_eq!(broken.lock().expect("no panic").len(), 3);
    let lines = logged();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for ((named, _), (level, line)) in clients.iter().zip(&lines) {
        assert_eq!(*level, Level::Info);
        assert!(
            line.starts_with("the shadow policy would deny the "),
            "{line}"
        );
        assert!(line.contains(named) && line.contains("fix: "), "{line}");
    }
    // They are added, and then nothing would break.
    let complete = policy(
        "ALLOWED_ORIGINS=https://app.example.com,https://old.example.com,https://admin.example.com\nALLOWED_METHODS=PUT",
    );
    handle.shadow(Some(complete));
    for (_, request) in clients {
        send!(&app, request);
    }
    assert_eq!(broken.lock().expect("no panic").len(), 3);
    logged();
    let shadow = handle.shadow(None).expect("a policy");
    handle.replace(shadow);
    for (_, request) in clients {
        assert!(send!(&app, request).0.is_success(), "{request}");
    }
}
