//! Whatever a request or a policy holds, nothing that a terminal obeys is logged, and no password: a program of its own,
//! because a process has one logger.

use std::sync::Mutex;

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{
    App, HttpResponse,
    dev::Service as _,
    http::{Method, Uri, header::HeaderValue},
    test, web,
};
use log::{LevelFilter, Log, Metadata, Record};

use self::hostile_text::{FORGED, crowded, look, texts};

#[path = "it/hostile_text.rs"]
mod hostile_text;

struct Capture(Mutex<Vec<String>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() == "actix_cors_policy" {
            let text = record.args().to_string();
            self.0.lock().expect("no test panicked").push(text);
        }
    }

    fn flush(&self) {}
}

/// Looks at what was logged, which is at least so many records.
#[track_caller]
fn look_at_log(way: &str, at_least: usize) {
    let records = std::mem::take(&mut *CAPTURE.0.lock().expect("no test panicked"));
    assert!(records.len() >= at_least, "{way}: {records:?}");
    for record in records {
        let mut lines = record.split('\n');
        let first = lines.next().expect("a line");
        look(way, first);
        for line in lines {
            // A policy has a line for each setting, and no other record has more than one.
            assert!(
                first.starts_with("in use") || first.starts_with("now in use"),
                "{way}: {record}"
            );
            assert!(line.starts_with("  "), "{way}: {record}");
            assert!(
                !line.contains("forged") || !line.starts_with("  forged"),
                "{way}: {record}"
            );
            look(way, line);
        }
        assert!(!record.contains("secret"), "{way}: {record}");
        assert!(record.len() < 20_000, "{way}: {record}");
    }
}

/// One test, because the logger is one.
#[actix_web::test]
async fn nothing_hostile_is_logged() {
    log::set_logger(&CAPTURE).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);

    let listed =
        || CorsPolicy::builder().allow_origins(["https://a.example", "https://*.b.example"]);
    // A comment is the part of a good policy that may hold anything.
    let commented = |text: &str| {
        let lines: String = text
            .chars()
            .filter(|character| *character != '\n')
            .collect();
        let regex = format!("(?x)https://c\\.example # {lines} https://user:secret@c.example");
        CorsPolicy::builder().allow_origin_regex(regex).build()
    };
    let ask = async |cors: &Cors, request: test::TestRequest| {
        let app = App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(cors.clone());
        let app = test::init_service(app).await;
        drop(app.call(request.to_request()).await);
    };

    for text in texts().iter().chain(&crowded()) {
        // Names of variables, and what they are about.
        let vars = [
            ("CORS_ALLOWED_ORIGINS".to_owned(), "http://a.example"),
            (format!("CORS_{text}"), "1"),
        ];
        let policy = CorsPolicy::from_vars("CORS_", vars).expect("warnings");
        let cors = Cors::new(policy.clone());
        ask(&cors, test::TestRequest::get()).await;
        look_at_log("names of variables", 3);

        // Prefixes of paths, and of variables.
        let vars = [
            (format!("{text}ALLOWED_ORIGINS"), "http://a.example"),
            (format!("{text}X"), "1"),
        ];
        let prefixed = CorsPolicy::from_vars(text, vars).expect("warnings");
        if let Ok(cors) = Cors::new(CorsPolicy::deny_all()).at(format!("/{text}"), prefixed) {
            ask(&cors, test::TestRequest::get()).await;
            let replaced = cors.handle().replace_at(format!("/{text}"), policy);
            replaced.expect("a known prefix");
            look_at_log("prefixes", 5);
        }
    }
    for text in crowded() {
        let cors = Cors::new(commented(&text).expect("a comment"));
        let request = test::TestRequest::get().insert_header(("origin", "https://c.example"));
        ask(&cors, request).await;
        look_at_log("comments", 2);
    }

    let policies = [
        listed().build(),
        listed().reject_denied_origins().build(),
        CorsPolicy::builder().allow_origin_fn(|_, _| true).build(),
        CorsPolicy::builder().allow_any_origin().build(),
    ];
    for policy in policies {
        let app = App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(Cors::new(policy.expect("a policy")));
        let app = test::init_service(app).await;
        look_at_log("policies", 1);
        let mut values: Vec<Vec<u8>> = (0x80..=0xff_u8)
            .map(|byte| [b"https://", &[byte][..], FORGED.as_bytes()].concat())
            .collect();
        values.extend(texts().into_iter().map(String::into_bytes));
        values.push(b"https://user:secret@a.example".to_vec());
        values.extend(crowded().into_iter().map(String::into_bytes));
        for value in values {
            // As it comes in a path: some decode it, some bytes may stand there as they are.
            let escaped: String = value.iter().map(|byte| format!("%{byte:02x}")).collect();
            let raw = Uri::try_from([b"/", &*value].concat()).unwrap_or_default();
            for uri in [format!("/{escaped}"), raw.to_string()] {
                let request = test::TestRequest::with_uri(&uri).insert_header(("origin", "x"));
                drop(app.call(request.to_request()).await);
            }
            let Ok(value) = HeaderValue::from_bytes(&value) else {
                continue;
            };
            for (name, origin) in [
                ("host", value.clone()),
                ("access-control-request-method", value.clone()),
                ("access-control-request-headers", value.clone()),
                (
                    "access-control-request-headers",
                    HeaderValue::from_static("https://a.example"),
                ),
                (
                    "access-control-request-method",
                    HeaderValue::from_static("https://a.example"),
                ),
            ] {
                for method in [Method::POST, Method::OPTIONS] {
                    let request = test::TestRequest::default()
                        .method(method)
                        .insert_header(("origin", origin.clone()))
                        .insert_header(("access-control-request-method", "GET"))
                        .insert_header((name, value.clone()));
                    drop(app.call(request.to_request()).await);
                }
            }
        }
        look_at_log("requests", 1000);
    }
}
