//! What is logged: a program of its own, because a process has one logger.

use std::sync::Mutex;

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpResponse, http::Method, test, web};
use log::{Level, LevelFilter, Log, Metadata, Record};

struct Capture(Mutex<Vec<(Level, String)>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() == "actix_cors_policy" {
            let mut records = self.0.lock().expect("no test panicked");
            records.push((record.level(), record.args().to_string()));
        } else {
            assert!(
                !record.target().starts_with("actix_cors_policy"),
                "one target: {}",
                record.target()
            );
        }
    }

    fn flush(&self) {}
}

fn taken() -> Vec<(Level, String)> {
    std::mem::take(&mut *CAPTURE.0.lock().expect("no test panicked"))
}

/// A policy as it is logged.
fn in_use(what: &str, policy: &CorsPolicy) -> String {
    let lines = policy.to_string();
    let lines = lines.lines().map(|line| format!("\n  {line}"));
    format!("{what}:{}", lines.collect::<String>())
}

/// `None` if a value is not one of a header.
fn request(method: &str, headers: &str) -> Option<test::TestRequest> {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = test::TestRequest::with_uri("/").method(method);
    for line in headers.lines() {
        let (name, value) = line.split_once(": ").expect("name: value");
        let value: Vec<u8> = value
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
            .collect();
        let value = actix_web::http::header::HeaderValue::from_bytes(&value).ok()?;
        request = request.append_header((name, value));
    }
    Some(request)
}

/// One test, because the logger is one.
#[actix_web::test]
async fn the_log_says_what_happened_and_why() {
    log::set_logger(&CAPTURE).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);

    let policy = CorsPolicy::from_vars(
        "CORS_",
        [
            (
                "CORS_ALLOWED_ORIGINS",
                "https://a.example,https://*.b.example",
            ),
            ("CORS_ALLOWED_ORIGIN_REGEXES", r"https://c\d"),
            ("CORS_ALLOWED_HEADERS", "x-a"),
            ("CORS_UNHEARD_OF", "1"),
        ],
    )
    .expect("a policy");
    let cors = Cors::new(policy.clone());
    assert_eq!(taken(), [], "nothing is put to work yet");

    let mut apps = Vec::new();
    for _ in 0..3 {
        let app = App::new()
            .route("/", web::route().to(HttpResponse::Ok))
            .wrap(cors.clone());
        apps.push(test::init_service(app).await);
    }
    assert_eq!(
        taken(),
        [
            (Level::Info, in_use("in use", &policy),),
            (
                Level::Warn,
                "CORS_UNHEARD_OF: variable is unknown and ignored".to_owned()
            ),
        ],
        "once, however many workers there are"
    );

    // The first ten denials that differ say what to set, and what is near.
    let denied = [
        (
            "GET",
            "origin: http://a.example",
            "denied request to `/`: origin `http://a.example` is not allowed (nearest: `http` where the entry has `https`; \
             fix: serve the page over https: that origin is allowed; or, if you trust it and the network, add \
             `http://a.example` to `CORS_ALLOWED_ORIGINS`)",
        ),
        (
            "OPTIONS",
            "origin: https://a.example\naccess-control-request-method: PUT\naccess-control-request-headers: baggage,sentry-trace",
            "denied preflight to `/`: method `PUT` is not allowed; request header `baggage` is not allowed; \
             request header `sentry-trace` is not allowed (fix: add `PUT` to `CORS_ALLOWED_METHODS`; \
             fix: add `baggage` to `CORS_ALLOWED_HEADERS`; fix: add `sentry-trace` to `CORS_ALLOWED_HEADERS`)",
        ),
        (
            "GET",
            "origin: x",
            "denied request to `/`: origin `x` is not a serialized origin",
        ),
    ];
    for (method, headers, wanted) in denied {
        for level in [Level::Info, Level::Debug] {
            test::call_service(
                &apps[0],
                request(method, headers).expect("a request").to_request(),
            )
            .await;
            let wanted = match level {
                Level::Info => wanted,
                _ => wanted.split(" (").next().expect("a part"),
            };
            assert_eq!(taken(), [(level, wanted.to_owned())], "{headers}");
        }
    }
    for number in 0..20 {
        let headers = format!("origin: https://{number}.example");
        test::call_service(
            &apps[1],
            request("GET", &headers).expect("a request").to_request(),
        )
        .await;
        let records = taken();
        let level = if number < 7 {
            Level::Info
        } else {
            Level::Debug
        };
        assert_eq!(records[0].0, level, "of all workers together: {records:?}");
    }

    let long = format!("https://{}", "a".repeat(4000));
    let cut = format!(
        "denied request to `/`: origin `{}`… of 4008 bytes is not a serialized origin",
        long.get(..128).expect("long")
    );
    // Scheme 64, host 253, and a port.
    let label = "a".repeat(63);
    let longest = format!(
        "{}://{label}.{label}.{label}.{}:65535",
        "s".repeat(64),
        "a".repeat(61)
    );
    let [longest_denied, longer_denied] = [
        "326 bytes is not allowed",
        "327 bytes is not a serialized origin",
    ]
    .map(|what| {
        let shown = longest.get(..128).expect("long");
        format!("denied request to `/`: origin `{shown}`… of {what}")
    });
    let preflight = "origin: https://a.example\naccess-control-request-method: ";
    for (method, headers, level, wanted) in [
        ("GET", "", None, ""),
        (
            "GET",
            "origin: https://e.example",
            Some(Level::Debug),
            r"denied request to `/`: origin `https://e.example` is not allowed",
        ),
        (
            "GET",
            "origin: null",
            Some(Level::Debug),
            r"denied request to `/`: origin `null` is not allowed",
        ),
        (
            "GET",
            "origin: https://a.example/",
            Some(Level::Debug),
            r"denied request to `/`: origin `https://a.example/` is not a serialized origin",
        ),
        ("GET", "origin: \u{1b}", None, "not a header value"),
        (
            "GET",
            "origin: a\tb\"\u{e9}",
            Some(Level::Debug),
            r#"denied request to `/`: origin `a\tb"\xe9` is not a serialized origin"#,
        ),
        (
            "GET",
            "origin: x\norigin: y",
            Some(Level::Debug),
            r"denied request to `/`: 2 Origin lines instead of one",
        ),
        ("GET", &format!("origin: {long}"), Some(Level::Debug), &cut),
        (
            "GET",
            &format!("origin: {longest}"),
            Some(Level::Debug),
            &longest_denied,
        ),
        (
            "GET",
            &format!("origin: {longest}0"),
            Some(Level::Debug),
            &longer_denied,
        ),
        (
            "OPTIONS",
            "origin: x\naccess-control-request-method: GET",
            Some(Level::Debug),
            r"denied preflight to `/`: origin `x` is not a serialized origin",
        ),
        (
            "OPTIONS",
            &format!("{preflight}PUT"),
            Some(Level::Debug),
            r"denied preflight to `/`: method `PUT` is not allowed",
        ),
        (
            "OPTIONS",
            &format!("{preflight}trace"),
            Some(Level::Debug),
            r"denied preflight to `/`: method `trace` is forbidden by the Fetch standard",
        ),
        (
            "OPTIONS",
            &format!("{preflight}P T"),
            Some(Level::Debug),
            r"denied preflight to `/`: method `P T` is not a token",
        ),
        (
            "OPTIONS",
            &format!("{preflight}GET\naccess-control-request-method: GET"),
            Some(Level::Debug),
            r"denied preflight to `/`: 2 Access-Control-Request-Method lines instead of one",
        ),
        (
            "OPTIONS",
            &format!("{preflight}GET\naccess-control-request-headers: X-Z"),
            Some(Level::Debug),
            r"denied preflight to `/`: request header `X-Z` is not allowed",
        ),
        (
            "OPTIONS",
            &format!("{preflight}GET\naccess-control-request-headers: x z"),
            Some(Level::Debug),
            r"denied preflight to `/`: request header `x z` is not a token",
        ),
        (
            "OPTIONS",
            &format!(
                "{preflight}GET\naccess-control-request-headers: {}",
                "x".repeat(9000)
            ),
            Some(Level::Debug),
            r"denied preflight to `/`: 9000 bytes of Access-Control-Request-Headers, more than the 8192 that are read",
        ),
        (
            "OPTIONS",
            &format!(
                "{preflight}GET\naccess-control-request-headers: {}",
                "x-a,".repeat(300)
            ),
            Some(Level::Debug),
            r"denied preflight to `/`: more than 256 requested headers",
        ),
        (
            "OPTIONS",
            &format!(
                "{preflight}GET\naccess-control-request-headers: {}",
                ",".repeat(40)
            ),
            Some(Level::Debug),
            r"denied preflight to `/`: more than 32 empty elements in Access-Control-Request-Headers",
        ),
        (
            "GET",
            "origin: https://a.example",
            Some(Level::Trace),
            r"allowed request to `/`: origin `https://a.example` is allowed by https://a.example",
        ),
        (
            "GET",
            "origin: https://x.b.example",
            Some(Level::Trace),
            r"allowed request to `/`: origin `https://x.b.example` is allowed by https://*.b.example",
        ),
        (
            "OPTIONS",
            "origin: https://c1\naccess-control-request-method: GET",
            Some(Level::Trace),
            r"allowed preflight to `/`: origin `https://c1` is allowed by https://c\d",
        ),
    ] {
        if let Some(request) = request(method, headers) {
            test::call_service(&apps[0], request.to_request()).await;
        }
        let wanted: Vec<(Level, String)> = level
            .map(|level| (level, wanted.to_owned()))
            .into_iter()
            .collect();
        assert_eq!(taken(), wanted, "{method} {headers:.60}");
    }

    // Several policies, each with its location; a swap is told as the first ones were; a rejection is one.
    let cors = Cors::new(CorsPolicy::deny_all())
        .at(
            "/x",
            CorsPolicy::builder()
                .allow_any_origin()
                .build()
                .expect("a policy"),
        )
        .expect("a good prefix");
    let handle = cors.handle();
    let app = App::new()
        .route("/", web::route().to(HttpResponse::Ok))
        .wrap(cors);
    let app = test::init_service(app).await;
    let rejecting = CorsPolicy::builder()
        .allow_origin("https://a.example")
        .reject_denied_origins();
    let rejecting = rejecting.build().expect("a policy");
    handle.replace(rejecting.clone());
    handle
        .replace_at("/x", CorsPolicy::deny_all())
        .expect("a known prefix");
    let denied = test::TestRequest::with_uri("/")
        .insert_header(("origin", "https://b.example"))
        .insert_header(("host", "api.example"));
    test::call_service(&app, denied.to_request()).await;
    let any = CorsPolicy::builder().allow_any_origin();
    let any = any.build().expect("a policy");
    assert_eq!(
        taken(),
        [
            (Level::Info, in_use("in use", &CorsPolicy::deny_all())),
            (Level::Info, in_use("in use at /x", &any)),
            (
                Level::Warn,
                r"allow_any_origin: any origin is allowed: `*` (every page on the web can read the responses)".to_owned()
            ),
            (Level::Info, in_use("now in use", &rejecting)),
            (
                Level::Warn,
                "reject_denied_origins: denied origins are rejected, but the own origins are not known: `true` (with DNS rebinding, a page of another site is then treated as same-origin; list the public origins of this service in `own_origins()`)"
                    .to_owned()
            ),
            (Level::Info, in_use("now in use at /x", &CorsPolicy::deny_all())),
            (
                Level::Info,
                r"rejected request to `/`: origin `https://b.example` is not allowed, nor is it same-origin (scheme `http` or `https`, host `api.example`, sec-fetch-site absent) (nearest: `b.example` where the entry has `a.example`; fix: if you trust it, add `https://b.example` to `allow_origins()`)".to_owned()
            ),
        ]
    );

    // `authorization` under any header is warned of once, because other middleware allows it.
    let lenient = CorsPolicy::builder().allow_any_origin().allow_any_header();
    let app = App::new().wrap(Cors::new(lenient.build().expect("a policy")));
    let app = test::init_service(app).await;
    taken();
    for _ in 0..3 {
        let headers = "origin: https://a.example\naccess-control-request-method: GET\n\
                       access-control-request-headers: authorization,content-type";
        let response = test::call_service(
            &app,
            request("OPTIONS", headers).expect("a request").to_request(),
        )
        .await;
        assert_eq!(response.status(), 403);
    }
    let mut warnings = taken();
    warnings.retain(|(level, _)| *level == Level::Warn);
    assert_eq!(
        warnings,
        [(
            Level::Warn,
            "denied preflight to `/`: any header does not cover `authorization`, which must be named too \
             (call `allow_headers([\"authorization\"])` too, which sends `*,authorization`)"
                .to_owned()
        )]
    );

    // Also if the method is denied first.
    let lenient = CorsPolicy::builder().allow_any_origin().allow_any_header();
    let app = App::new().wrap(Cors::new(lenient.build().expect("a policy")));
    let app = test::init_service(app).await;
    taken();
    let headers = "origin: https://a.example\naccess-control-request-method: DELETE\n\
                   access-control-request-headers: x-a, Authorization";
    let preflight = request("OPTIONS", headers).expect("a request").to_request();
    test::call_service(&app, preflight).await;
    assert!(taken().iter().any(|(level, _)| *level == Level::Warn));

    // An inner layer that grants what the outer one does not is warned of once, whatever the worker and the request.
    let warning = |what: &str| {
        (
            Level::Warn,
            format!(
                "an inner Cors allows {what}, and the outer one does not (without a preflight, only the inner policy counts; use one Cors with Cors::at)"
            ),
        )
    };
    let listed = |origins: &[&str], credentials: bool| {
        let policy = CorsPolicy::builder().allow_origins(origins);
        let policy = if credentials {
            policy.allow_credentials()
        } else {
            policy
        };
        policy.build().expect("a policy")
    };
    let any = || {
        CorsPolicy::builder()
            .allow_any_origin()
            .build()
            .expect("a policy")
    };
    let (a, b) = ("https://a.example", "https://b.example");
    for (outer, inner, asked, wanted) in [
        (
            CorsPolicy::deny_all(),
            any(),
            &[Some(b), Some(a), None][..],
            Some("origin `*`"),
        ),
        (
            CorsPolicy::deny_all(),
            any(),
            &[None, Some(b)],
            Some("origin `*`"),
        ),
        (listed(&[a], false), any(), &[Some(b)], Some("origin `*`")),
        (listed(&[a], false), any(), &[Some(a)], None),
        (
            listed(&[a], false),
            listed(&[a, b], false),
            &[Some(a), Some(b), Some(b)],
            Some("origin `https://b.example`"),
        ),
        (
            listed(&[a], false),
            listed(&[a], true),
            &[Some(b), Some(a)],
            Some("credentials to origin `https://a.example`"),
        ),
        (
            any(),
            listed(&[a], true),
            &[Some(a)],
            Some("credentials to origin `https://a.example`"),
        ),
        (
            listed(&[a, b], true),
            listed(&[a], true),
            &[Some(a), Some(b), None],
            None,
        ),
        (any(), CorsPolicy::deny_all(), &[Some(a), None], None),
        (listed(&[a], true), any(), &[Some(a)], None),
    ] {
        let (outer, inner) = (Cors::new(outer), Cors::new(inner));
        taken();
        for path in ["/", "/error"] {
            let app = App::new()
                .service(
                    web::scope("")
                        .wrap(inner.clone())
                        .route("/", web::route().to(HttpResponse::Ok))
                        .service(web::resource("/error").wrap_fn(|_, _| {
                            let error = actix_web::error::ErrorBadRequest("no");
                            std::future::ready(Err::<actix_web::dev::ServiceResponse, _>(error))
                        })),
                )
                .wrap(outer.clone());
            let app = test::init_service(app).await;
            for origin in asked {
                let mut request = test::TestRequest::with_uri(path);
                if let Some(origin) = origin {
                    request = request.insert_header(("origin", *origin));
                }
                drop(test::try_call_service(&app, request.to_request()).await);
            }
        }
        let mut warnings = taken();
        warnings.retain(|(level, text)| *level == Level::Warn && text.starts_with("an inner Cors"));
        assert_eq!(
            warnings,
            wanted.map(warning).as_slice(),
            "{outer:?} around {inner:?}"
        );
    }

    // A path is a request's too.
    let request = test::TestRequest::with_uri("/%0Aforged?q").insert_header(("origin", "x"));
    test::call_service(&apps[0], request.to_request()).await;
    assert_eq!(
        taken(),
        [(
            Level::Debug,
            r"denied request to `/%0Aforged`: origin `x` is not a serialized origin".to_owned()
        )]
    );

    // Nothing is formatted when the level is off, so nothing can arrive.
    log::set_max_level(LevelFilter::Info);
    let denied = test::TestRequest::with_uri("/").insert_header(("origin", "x"));
    test::call_service(&apps[0], denied.to_request()).await;
    assert_eq!(taken(), []);
}
