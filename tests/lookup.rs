//! Allowlists that are asked: over sockets, on HTTP/1.1 and HTTP/2, and what is said of them. A program of its own,
//! because a process has one logger.

#![expect(clippy::panic, reason = "a helper of a test fails it by a panic")]

#[expect(
    dead_code,
    reason = "the helpers of the other tests, of which these need some"
)]
#[path = "it/support.rs"]
mod support;

use std::{
    future::pending,
    io::Write as _,
    net::TcpStream,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use actix_cors_policy::{
    Cors, CorsPolicy, CorsPolicyBuilder, CorsRequest, Denial, OriginLookup, OriginQuery, Outcome,
    PolicyError, PolicyErrorKind,
};
use actix_web::{
    Error, HttpResponse,
    error::ErrorImATeapot,
    middleware::{Next, from_fn},
    web,
};
use log::{LevelFilter, Log, Metadata, Record};
use tokio::time::sleep;

use support::{Answer, Connections, Server};

const PAGE: &str = "https://page.example";
const OTHER: &str = "https://other.example";

/// A look-up that allows one origin after a moment, and counts its calls.
#[derive(Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn lookup(&self) -> OriginLookup {
        let count = Arc::clone(&self.0);
        OriginLookup::new(move |query: OriginQuery| {
            count.fetch_add(1, Ordering::SeqCst);
            async move {
                sleep(Duration::from_millis(10)).await;
                Ok::<_, String>(query.origin() == PAGE)
            }
        })
    }

    fn calls(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn looked_up(lookup: OriginLookup) -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin_lookup(lookup)
}

fn policy(lookup: OriginLookup) -> CorsPolicy {
    looked_up(lookup).build().expect("it is good")
}

/// The settings of the policy that is asked, and of the one with a list that says the same.
fn with_settings(builder: CorsPolicyBuilder, rejects: bool) -> CorsPolicy {
    let builder = builder
        .allow_methods(["PUT"])
        .allow_headers(["x-a"])
        .expose_any_header()
        .allow_credentials()
        .max_age(Duration::from_secs(60));
    let builder = if rejects {
        builder.reject_denied_origins()
    } else {
        builder
    };
    builder.build().expect("it is good")
}

/// One layer with two policies by path.
fn layer(builder: impl Fn() -> CorsPolicyBuilder) -> Cors {
    let cors = Cors::new(with_settings(builder(), false));
    let cors = cors.at("/stream", with_settings(builder(), true));
    cors.expect("a good prefix")
}

/// In the same way as with a list: preflights, actual requests, errors, paths with policies of their own, rejection.
#[test]
fn requests_are_answered_as_if_the_origin_were_listed() {
    let counted = Counted::default();
    let asked = layer(|| looked_up(counted.lookup()));
    let listed = layer(|| CorsPolicy::builder().allow_origin(PAGE));
    let (asked, listed) = (Server::serve_h2c(asked), Server::serve_h2c(listed));
    let preflight = "access-control-request-method";
    let mut requests = Vec::new();
    for origin in [PAGE, OTHER, "null", "https://", "", "https://PAGE.example"] {
        for path in [
            "/",
            "/headers",
            "/own",
            "/nowhere",
            "/fail",
            "/inner-error",
            "/vary",
            "/stream",
            "/guarded",
        ] {
            requests.push(format!("GET {path}\norigin: {origin}"));
            requests.push(format!("OPTIONS {path}\norigin: {origin}\n{preflight}: PUT\naccess-control-request-headers: x-a"));
        }
        requests.push(format!("OPTIONS /\norigin: {origin}\n{preflight}: PATCH"));
        requests.push(format!("OPTIONS /\norigin: {origin}"));
        requests.push(format!("POST /stream\norigin: {origin}"));
        requests.push(format!("POST /get-only\norigin: {origin}"));
        requests.push(format!("GET /\norigin: {origin}\norigin: {origin}"));
    }
    requests.push("GET /".to_owned());
    requests.push("POST /stream\nsec-fetch-site: cross-site".to_owned());
    let without_date = |mut answer: Answer| {
        answer.headers.remove("date");
        answer
    };
    for request in &requests {
        let wanted = without_date(listed.ask(request));
        assert_eq!(without_date(asked.ask(request)), wanted, "{request}");
        let wanted = without_date(listed.ask_h2(Some("api.example"), request));
        let answer = without_date(asked.ask_h2(Some("api.example"), request));
        assert_eq!(answer, wanted, "HTTP/2, {request}");
    }
    assert_eq!(asked.calls.count(), listed.calls.count(), "handlers");
    assert_eq!(
        counted.calls(),
        4,
        "each of two origins, for each of two policies"
    );
}

/// Whether a layer asks, and whether it allows the page.
const LAYERS: [(bool, bool); 4] = [(false, false), (false, true), (true, false), (true, true)];

fn one_of(layer: (bool, bool)) -> Cors {
    let origin = if layer.1 { PAGE } else { OTHER };
    let builder = CorsPolicy::builder();
    Cors::new(if layer.0 {
        policy(OriginLookup::new(move |query: OriginQuery| async move {
            sleep(Duration::from_millis(1)).await;
            Ok::<_, String>(query.origin() == origin)
        }))
    } else {
        builder.allow_origin(origin).build().expect("it is good")
    })
}

/// An app with an inner layer, and with another middleware that takes its time between them.
fn nested<const LAYER: usize>(config: &mut web::ServiceConfig) {
    static INNER: LazyLock<[Cors; 4]> = LazyLock::new(|| LAYERS.map(one_of));
    let fails = || async { Err::<HttpResponse, Error>(ErrorImATeapot("it failed")) };
    config.service(
        web::scope("/nested")
            .route("/ok", web::get().to(HttpResponse::Ok))
            .route("/fail", web::get().to(fails))
            .wrap(INNER.get(LAYER).expect("one of them").clone())
            .wrap(from_fn(|request, next: Next<_>| async move {
                tokio::task::yield_now().await;
                next.call(request).await
            })),
    );
}

#[test]
fn a_layer_in_a_layer_waits_as_well() {
    let serve = |inner: (bool, bool), outer| {
        let routes: fn(&mut web::ServiceConfig) = match inner {
            (false, false) => nested::<0>,
            (false, true) => nested::<1>,
            (true, false) => nested::<2>,
            (true, true) => nested::<3>,
        };
        Server::run(one_of(outer), routes, Connections::Either)
    };
    for (inner_asks, outer_asks) in [(true, false), (false, true), (true, true)] {
        for (inner, outer) in [(true, true), (true, false), (false, true)] {
            let asked = serve((inner_asks, inner), (outer_asks, outer));
            let listed = serve((false, inner), (false, outer));
            for path in [
                "/nested/ok",
                "/nested/fail",
                "/nested/nowhere",
                "/elsewhere",
            ] {
                for method in ["GET", "OPTIONS"] {
                    let request = format!(
                        "{method} {path}\norigin: {PAGE}\naccess-control-request-method: GET"
                    );
                    let what = format!("{inner} in {outer}, {request}");
                    let wanted = listed.ask(&request).summary();
                    assert_eq!(asked.ask(&request).summary(), wanted, "{what}");
                    let answer = asked.ask_h2(Some("api.example"), &request);
                    assert_eq!(answer.summary(), wanted, "HTTP/2, {what}");
                }
            }
        }
    }
}

#[test]
fn a_look_up_is_asked_only_if_nothing_else_admits_the_origin() {
    let counted = Counted::default();
    let predicates = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&predicates);
    let policy = looked_up(counted.lookup())
        .allow_origins(["https://exact.example", "https://*.below.example", "null"])
        .allow_origin_regex(r"https://pr-[0-9]+\.example")
        .allow_origin_fn(move |origin, _| {
            counting.fetch_add(1, Ordering::SeqCst);
            origin.host() == "predicate.example"
        })
        .build()
        .expect("it is good");
    let server = Server::start(policy);
    let asks = |origin: &str| {
        let before = counted.calls();
        let answer = server.ask(&format!("GET /\norigin: {origin}"));
        let is_allowed = !answer.header("access-control-allow-origin").is_empty();
        (is_allowed, counted.calls() - before)
    };
    for origin in [
        "https://exact.example",
        "https://x.below.example",
        "null",
        "https://pr-1.example",
        "https://predicate.example",
    ] {
        assert_eq!(asks(origin), (true, 0), "{origin}");
    }
    // No serialized origins, and what is kept.
    for origin in [
        "",
        "page.example",
        "https://page.example/",
        "https://Page.example",
    ] {
        assert_eq!(asks(origin), (false, 0), "{origin}");
    }
    predicates.store(0, Ordering::SeqCst);
    assert_eq!(asks(PAGE), (true, 1));
    assert_eq!(asks(PAGE), (true, 0));
    assert_eq!(asks(OTHER), (false, 1));
    assert_eq!(asks(OTHER), (false, 0));
    assert_eq!(
        predicates.load(Ordering::SeqCst),
        4,
        "once for each request"
    );
}

#[test]
fn many_requests_of_all_workers_share_a_call() {
    let counted = Counted::default();
    let server = Server::start(policy(counted.lookup().timeout(Duration::from_secs(5))));
    thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let answer = server.ask(&format!("GET /\norigin: {PAGE}"));
                assert_eq!(answer.header("access-control-allow-origin"), [PAGE]);
            });
        }
    });
    assert_eq!(counted.calls(), 1);
}

#[test]
fn tenants_have_a_host_each() {
    let lookup = OriginLookup::new(|query: OriginQuery| async move {
        let allowed = match query.host() {
            Some("red.example") => "https://red.example",
            Some("blue.example") => "https://blue.example",
            Some(_) => return Ok(false),
            None => "https://no-host.example",
        };
        Ok::<_, String>(query.origin() == allowed)
    });
    let server = Server::serve_h2c(Cors::new(policy(lookup.by_host())));
    for (host, origin, is_allowed) in [
        ("red.example", "https://red.example", true),
        ("RED.example:8080", "https://red.example", true),
        ("red.example", "https://blue.example", false),
        ("blue.example", "https://blue.example", true),
        ("blue.example", "https://red.example", false),
        ("red.example.evil.example", "https://red.example", false),
    ] {
        let wanted = if is_allowed {
            format!("200\naccess-control-allow-origin: {origin}\nvary: Origin, Host")
        } else {
            "200\nvary: Origin, Host".to_owned()
        };
        for _ in 0..2 {
            let request = format!("GET /\norigin: {origin}\nx-forwarded-host: blue.example");
            let answer = server.ask(&format!("{request}\nhost: {host}"));
            assert_eq!(answer.summary(), wanted, "{host}, {origin}");
            let answer = server.ask_h2(Some(host), &request);
            assert_eq!(answer.summary(), wanted, "HTTP/2, {host}, {origin}");
        }
    }
    let answer = server.ask_h2(None, "GET /\norigin: https://no-host.example");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        ["https://no-host.example"]
    );
}

#[test]
fn a_swap_forgets_all_answers_even_one_for_the_same_policy() {
    let counted = Counted::default();
    let cors = Cors::new(CorsPolicy::deny_all()).at("/plain", policy(counted.lookup()));
    let cors = cors.expect("a good prefix");
    let handle = cors.handle();
    let server = Server::serve(cors, |config| {
        config.default_service(web::route().to(HttpResponse::Ok));
    });
    let request = format!("GET /plain\norigin: {PAGE}");
    // More connections than workers.
    let mut connections: Vec<_> = (0..4).map(|_| server.connect()).collect();
    let mut ask_each = || {
        for connection in &mut connections {
            let answer = connection.ask(&request);
            assert_eq!(answer.header("access-control-allow-origin"), [PAGE]);
        }
        counted.calls()
    };
    assert_eq!(ask_each(), 1);
    let same = handle.policy_at("/plain").expect("it is there");
    handle.replace_at("/plain", same).expect("it is there");
    assert_eq!(ask_each(), 2);
    handle.replace(CorsPolicy::deny_all());
    assert_eq!(ask_each(), 2, "another policy was replaced");
    handle
        .replace_at("/plain", policy(counted.lookup()))
        .expect("it is there");
    assert_eq!(ask_each(), 3);
}

#[test]
fn callers_that_disconnect_take_no_answer_away() {
    let counted = Counted::default();
    let count = Arc::clone(&counted.0);
    let lookup = OriginLookup::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        async {
            sleep(Duration::from_millis(300)).await;
            Ok::<_, String>(true)
        }
    });
    let server = Server::start(policy(lookup));
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.address).expect("it listens");
        let request = format!("GET / HTTP/1.1\r\nhost: a\r\norigin: {PAGE}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it is sent");
    }
    wait_until(|| counted.calls() == 1);
    // No request waits any more.
    thread::sleep(Duration::from_millis(400));
    let begun = Instant::now();
    let answer = server.ask(&format!("GET /\norigin: {PAGE}"));
    assert_eq!(answer.header("access-control-allow-origin"), [PAGE]);
    assert!(begun.elapsed() < Duration::from_millis(200), "it was kept");
    assert_eq!(counted.calls(), 1);
}

/// Two servers with one layer: the runtimes of one stop during its call.
#[test]
fn those_who_wait_for_a_server_that_stops_ask_again() {
    let counted = Counted::default();
    let count = Arc::clone(&counted.0);
    let lookup = OriginLookup::new(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        async move {
            if number == 0 {
                pending::<()>().await;
            }
            Ok::<_, String>(true)
        }
    });
    let cors = Cors::new(policy(lookup.timeout(Duration::from_secs(8))));
    let routes: fn(&mut web::ServiceConfig) = |config| {
        config.default_service(web::route().to(HttpResponse::Ok));
    };
    let (first, second) = (
        Server::serve(cors.clone(), routes),
        Server::serve(cors, routes),
    );
    let mut stream = TcpStream::connect(first.address).expect("it listens");
    let request = format!("GET / HTTP/1.1\r\nhost: a\r\norigin: {PAGE}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is sent");
    wait_until(|| counted.calls() == 1);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let answer = second.ask(&format!("GET /\norigin: {PAGE}"));
                assert_eq!(answer.header("access-control-allow-origin"), [PAGE]);
            });
        }
        thread::sleep(Duration::from_millis(200));
        assert_eq!(counted.calls(), 1, "they wait");
        drop(first);
    });
    assert_eq!(counted.calls(), 2);
}

fn wait_until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it becomes so");
        thread::sleep(Duration::from_millis(5));
    }
}

struct Capture(Mutex<Vec<String>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl Log for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "actix_cors_policy"
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(format!("{}: {}", record.level(), record.args()));
        }
    }

    fn flush(&self) {}
}

/// What was logged with this word in it.
fn logged(word: &str) -> Vec<String> {
    let lines = CAPTURE.0.lock().unwrap_or_else(PoisonError::into_inner);
    lines
        .iter()
        .filter(|line| line.contains(word))
        .cloned()
        .collect()
}

#[test]
fn failures_are_denied_and_logged_once_until_they_change() {
    log::set_logger(&CAPTURE).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);
    let is_good = Arc::new(AtomicBool::new(false));
    let good = Arc::clone(&is_good);
    let lookup = OriginLookup::new(move |query: OriginQuery| {
        let is_good = good.load(Ordering::SeqCst);
        async move {
            match query.origin() {
                _ if is_good => Ok(true),
                "https://failing.example" => {
                    Err("failing: no connection\nsecond line\x1b[2J".to_owned())
                }
                "https://panics.example" => panic!("panicking"),
                _ => {
                    pending::<()>().await;
                    Ok(true)
                }
            }
        }
    });
    let lookup = lookup.timeout(Duration::from_millis(200));
    let rejects = looked_up(lookup)
        .reject_denied_origins()
        .own_origins(["https://own.example"]);
    let server = Server::start(rejects.build().expect("it is good"));
    let ask = |name: &str| {
        let answer = server.ask(&format!("GET /\norigin: https://{name}.example"));
        (
            answer.status,
            !answer.header("access-control-allow-origin").is_empty(),
        )
    };
    for _ in 0..5 {
        assert_eq!(ask("failing"), (403, false));
    }
    let begin = "ERROR: cannot look up an origin, so it is denied:\n  ";
    // Without those of another test.
    let lines = || {
        let lines = logged("cannot look up").into_iter();
        let lines = lines.filter(|line| !line.contains("observed"));
        lines.collect::<Vec<_>>()
    };
    let failing = format!("{begin}failing: no connection\n  second line\\u{{1b}}[2J");
    assert_eq!(lines(), std::slice::from_ref(&failing));
    // Another failure within a second is not logged, or a flood would fill the log.
    assert_eq!(ask("panics"), (403, false));
    assert_eq!(lines().len(), 1);
    thread::sleep(Duration::from_secs(1));
    assert_eq!(ask("panics"), (403, false));
    assert_eq!(
        lines().last(),
        Some(&format!("{begin}it panicked: panicking"))
    );
    thread::sleep(Duration::from_secs(1));
    let begun = Instant::now();
    assert_eq!(ask("hangs"), (403, false));
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(
        lines().last(),
        Some(&format!("{begin}no answer within 200ms"))
    );
    assert_eq!(lines().len(), 3);

    is_good.store(true, Ordering::SeqCst);
    assert_eq!(ask("failing"), (200, true), "an error is not kept");
    is_good.store(false, Ordering::SeqCst);
    assert_eq!(ask("failing"), (200, true), "an answer is");
    thread::sleep(Duration::from_secs(1));
    assert_eq!(ask("hangs"), (403, false));
    assert_eq!(
        logged("within 200ms").len(),
        2,
        "the same again, after an answer"
    );

    assert_eq!(
        logged("rejected request to").first().map(String::as_str),
        Some(
            "INFO: rejected request to `/`: origin `https://failing.example` could not be looked up, nor is it \
             same-origin (not one of the own origins)"
        )
    );
    assert_eq!(
        logged("`https://failing.example` is allowed")
            .first()
            .map(String::as_str),
        Some(
            "TRACE: allowed request to `/`: origin `https://failing.example` is allowed by a look-up"
        )
    );
}

#[test]
fn observers_are_told_once_when_it_is_decided() {
    let lookup = || {
        OriginLookup::new(|query: OriginQuery| async move {
            sleep(Duration::from_millis(1)).await;
            match query.origin() {
                PAGE => Ok(true),
                OTHER => Ok(false),
                _ => Err("observed"),
            }
        })
    };
    let told = Arc::<Mutex<Vec<_>>>::default();
    let telling = Arc::clone(&told);
    let cors = Cors::new(policy(lookup())).observe(move |event| {
        let mut told = telling.lock().expect("no panic");
        told.push((event.outcome(), event.denial(), event.shadow()));
    });
    let never = OriginLookup::new(|_| async { Err::<bool, _>("a shadow policy never asks") });
    let never = CorsPolicy::builder().allow_origin_lookup(OriginLookup::by_host(never));
    let handle = cors.handle();
    let server = Server::serve_h2c(cors);
    let ask = |origin: &str| {
        server.ask(&format!("GET /\norigin: {origin}"));
        std::mem::take(&mut *told.lock().expect("no panic"))
    };
    let not_allowed = Some(Denial::OriginNotAllowed);
    for _ in 0..2 {
        assert_eq!(ask(PAGE), [(Outcome::Allowed, None, None)]);
        assert_eq!(ask(OTHER), [(Outcome::Denied, not_allowed, None)]);
    }
    let failed = Some(Denial::LookupFailed);
    assert_eq!(ask("https://c.example"), [(Outcome::Denied, failed, None)]);
    handle.shadow(Some(never.build().expect("it is good")));
    let shadow = Some(Outcome::NeedsLookup);
    for _ in 0..2 {
        assert_eq!(ask(PAGE), [(Outcome::Allowed, None, shadow)]);
        assert_eq!(ask(OTHER), [(Outcome::Denied, not_allowed, shadow)]);
    }
    handle.shadow(Some(CorsPolicy::deny_all()));
    assert_eq!(ask(PAGE), [(Outcome::Allowed, None, Some(Outcome::Denied))]);
}

#[test]
fn what_could_never_answer_is_refused() {
    let lookup = || OriginLookup::new(|_| async { Ok::<_, String>(true) });
    let errors = |builder: CorsPolicyBuilder| {
        let errors = builder.build().expect_err("it is refused");
        let kinds: Vec<_> = errors.iter().map(PolicyError::kind).collect();
        (errors.to_string(), kinds)
    };
    assert_eq!(
        errors(looked_up(lookup().max_in_flight(0))),
        (
            "allow_origin_lookup: a look-up must have at least one call in flight (write `max_in_flight(1)` or more)"
                .to_owned(),
            vec![PolicyErrorKind::Lookup]
        )
    );
    assert_eq!(
        errors(looked_up(lookup().timeout(Duration::ZERO))).0,
        "allow_origin_lookup: a look-up must have time to answer (write `timeout(Duration::from_secs(1))`)"
    );
    assert_eq!(
        errors(looked_up(lookup()).allow_origin_lookup(lookup())).0,
        "allow_origin_lookup: there must not be a second look-up (ask both sources in one)"
    );
    assert_eq!(
        errors(looked_up(lookup()).allow_any_origin()).0,
        "allow_any_origin: any origin must not be combined with other origins: `*` (remove the other origins, or this)"
    );
    // The greatest limits are limits.
    let most = lookup()
        .max_in_flight(usize::MAX)
        .timeout(Duration::MAX)
        .keep_allowed(Duration::MAX, 10)
        .keep_denied(Duration::ZERO, 0);
    let server = Server::start(policy(most));
    for _ in 0..2 {
        let answer = server.ask(&format!("GET /\norigin: {PAGE}"));
        assert_eq!(answer.header("access-control-allow-origin"), [PAGE]);
    }
}

#[test]
fn a_look_up_is_shown_and_warned_of_like_a_predicate() {
    let lookup = OriginLookup::new(|_| async { Ok::<_, String>(true) });
    let plain = policy(lookup.clone());
    assert!(plain.warnings().is_empty());
    assert_eq!(
        plain.to_string().lines().nth(1),
        Some("origin lookup           by origin")
    );
    let careful = looked_up(lookup.clone().by_host())
        .allow_credentials()
        .vary_on(["host"])
        .build()
        .expect("it is good");
    assert!(
        careful
            .to_string()
            .contains("origin lookup           by origin and host\nvary on                 Host\n"),
        "{careful}"
    );
    let warnings: Vec<String> = careful.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "allow_origin_lookup: a look-up decides who may send credentials (compare complete origins: others can own \
             a host that contains yours)"
        ]
    );
    assert_eq!(
        format!("{lookup:?}"),
        "OriginLookup { by_host: false, timeout: 1s, keep_allowed: Keep { time: 60s, entries: 10000 }, \
         keep_denied: Keep { time: 5s, entries: 1000 }, max_in_flight: 64, .. }"
    );
}

#[test]
fn an_explanation_says_that_a_look_up_decides() {
    let policy = looked_up(Counted::default().lookup())
        .allow_origin("https://app.example")
        .allow_methods(["PUT"])
        .build()
        .expect("it is good");
    let explanation = policy.explain(&CorsRequest::actual(PAGE, "PUT"));
    assert_eq!(explanation.outcome(), Outcome::NeedsLookup);
    assert!(!explanation.is_allowed() && explanation.denial().is_none());
    assert_eq!(
        explanation.to_string(),
        "needs a look-up: PUT from `https://page.example`\n  \
         origin: decided by a look-up (allow_origin_lookup); if it is allowed:\n  \
         preflight: needed, because method `PUT` is not safelisted\n  \
         response to the preflight: 204\n    \
         access-control-allow-methods: GET, HEAD, POST, PUT\n    \
         access-control-allow-origin: https://page.example\n    \
         vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n  \
         response: the handler's, with\n    \
         access-control-allow-origin: https://page.example\n    \
         vary: Origin"
    );
    // What is denied whatever it says.
    let explanation = policy.explain(&CorsRequest::actual(PAGE, "PATCH"));
    assert_eq!(explanation.outcome(), Outcome::Denied);
    assert_eq!(explanation.denial(), Some(Denial::MethodNotAllowed));
    let explanation = policy.explain(&CorsRequest::actual("https://app.example", "GET"));
    assert_eq!(explanation.outcome(), Outcome::Allowed);
    let explanation = policy.explain(&CorsRequest::actual("null", "GET"));
    assert_eq!(explanation.outcome(), Outcome::Denied);
}
