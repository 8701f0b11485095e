//! What the layer allocates: a program of its own, because the counter is the allocator.

use actix_cors_policy::{Cors, CorsPolicy};
use actix_service::{IntoService as _, Service, Transform as _};
use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    test::TestRequest,
};
use futures_util::FutureExt as _;

type Answer = fn() -> HttpResponse;

/// The log of a server in production: `info`, not `debug`.
struct ProductionLog;

impl log::Log for ProductionLog {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Info
    }

    fn log(&self, _: &log::Record<'_>) {}

    fn flush(&self) {}
}

fn inner(
    answer: Answer,
) -> impl Service<ServiceRequest, Response = ServiceResponse, Error = Error> {
    (move |request: ServiceRequest| std::future::ready(Ok(request.into_response(answer()))))
        .into_service()
}

fn request(text: &str) -> ServiceRequest {
    let mut lines = text.lines();
    let method = lines.next().expect("a method");
    let mut request =
        TestRequest::default().method(Method::from_bytes(method.as_bytes()).expect("a method"));
    for line in lines {
        request = request.append_header(line.split_once(": ").expect("name: value"));
    }
    let request = request.to_srv_request();
    // A server's header values are slices of a buffer that is shared already; the first clone of a test's allocates the
    // count of its clones.
    for (_, value) in request.headers() {
        drop(value.clone());
    }
    request
}

/// The allocations of one call, after a few to warm up. The request is used again, emptied as a server empties its
/// pooled ones.
fn count(
    service: &impl Service<ServiceRequest, Response = ServiceResponse<impl MessageBody>>,
    text: &str,
) -> u64 {
    let mut request = request(text);
    let mut last = 0;
    for _ in 0..4 {
        let mut response = None;
        let info = allocation_counter::measure(|| {
            response = service.call(request).now_or_never();
        });
        let Some(Ok(answered)) = response else {
            unreachable!("the service answers at once");
        };
        last = info.count_total;
        let (kept, _) = answered.into_parts();
        kept.extensions_mut().clear();
        request = ServiceRequest::from_request(kept);
    }
    last
}

#[test]
fn a_long_list_is_held_once_while_a_policy_is_built() {
    let origins: Vec<String> = (0..100_000)
        .map(|number| format!("https://app.shop-{number}.example"))
        .collect();
    let mut policy = None;
    let info = allocation_counter::measure(|| {
        let builder = CorsPolicy::builder().allow_origins(&origins);
        policy = Some(builder.build().expect("a policy"));
    });
    let (kept, peak) = (info.bytes_current, info.bytes_max.cast_signed());
    // The bytes of the texts, four more to find each, and a table of which a third is free.
    let texts: usize = origins.iter().map(String::len).sum();
    assert!(
        kept < i64::try_from(texts + 16 * origins.len()).expect("a number"),
        "{kept}"
    );
    assert!(
        2 * peak <= 3 * kept,
        "{peak} while it was built, {kept} kept"
    );
}

#[test]
fn the_middleware_allocates_only_what_the_docs_say() {
    log::set_logger(&ProductionLog).expect("the only logger");
    let policy = |vars: &[(&str, &str)]| {
        CorsPolicy::from_vars("CORS_", vars.iter().copied()).expect("a policy")
    };
    let exact = &[
        (
            "CORS_ALLOWED_ORIGINS",
            "https://a.example,https://*.b.example,http://localhost:*",
        ),
        (
            "CORS_ALLOWED_ORIGIN_REGEXES",
            r"https://c\.example https://pr-\d+\.example",
        ),
        ("CORS_ALLOWED_METHODS", "PUT"),
        ("CORS_ALLOWED_HEADERS", "x-a, x-b"),
        ("CORS_EXPOSED_HEADERS", "x-c"),
        ("CORS_MAX_AGE", "60"),
    ][..];
    let any = &[("CORS_ALLOWED_ORIGINS", "*"), ("CORS_ALLOWED_HEADERS", "*")][..];
    let credentials = &[
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_ALLOWED_METHODS", "*"),
        ("CORS_ALLOWED_HEADERS", "*"),
        ("CORS_EXPOSED_HEADERS", "*"),
        ("CORS_ALLOW_CREDENTIALS", "true"),
    ][..];
    let plain: Answer = || HttpResponse::Ok().finish();
    let own: Answer = || {
        HttpResponse::Ok()
            .append_header(("access-control-allow-origin", "x"))
            .append_header(("access-control-allow-origin", "y"))
            .finish()
    };
    let origin_alone: Answer = || {
        HttpResponse::Ok()
            .append_header(("vary", "Origin"))
            .finish()
    };
    let vary: Answer = || {
        HttpResponse::Ok()
            .append_header(("vary", "accept-encoding, cookie"))
            .append_header(("vary", "x-tenant, Cookie"))
            .finish()
    };
    let listed: Answer = || {
        HttpResponse::Ok()
            .append_header(("x-b", "1"))
            .append_header(("x-a", "1"))
            .finish()
    };
    let preflight = "OPTIONS\norigin: https://a.example\naccess-control-request-method: PUT";
    let long = format!(
        "{preflight}\naccess-control-request-headers: {}",
        "x-a,".repeat(200)
    );
    let hostile = format!(
        "{preflight}\naccess-control-request-headers: {}",
        "x-hostile,".repeat(6000)
    );
    let evil = format!("GET\norigin: https://{}", "a".repeat(8000));
    for (name, vars, answer, text, allowed) in [
        ("not CORS", exact, plain, "GET", 0),
        (
            "allowed, exact",
            exact,
            plain,
            "GET\norigin: https://a.example",
            0,
        ),
        (
            "allowed, pattern",
            exact,
            plain,
            "GET\norigin: https://x.y.b.example",
            0,
        ),
        (
            "allowed, regex",
            exact,
            plain,
            "GET\norigin: https://pr-1.example",
            0,
        ),
        (
            "denied",
            exact,
            plain,
            "GET\norigin: https://evil.example",
            0,
        ),
        (
            "denied, an IPv6 address",
            exact,
            plain,
            "GET\norigin: http://[2001:db8::1]:8080",
            0,
        ),
        ("denied, 8 KB", exact, plain, &evil, 0),
        (
            "any origin",
            any,
            plain,
            "GET\norigin: https://a.example",
            0,
        ),
        (
            "a handler's own headers removed",
            exact,
            own,
            "GET\norigin: https://a.example",
            0,
        ),
        (
            "Vary there already",
            exact,
            origin_alone,
            "GET\norigin: https://a.example",
            0,
        ),
        (
            "Vary merged",
            exact,
            vary,
            "GET\norigin: https://a.example",
            1,
        ),
        (
            "preflight allowed",
            exact,
            plain,
            &format!("{preflight}\naccess-control-request-headers: x-a,x-b"),
            0,
        ),
        ("preflight allowed, a long list", exact, plain, &long, 0),
        (
            "preflight allowed, several lines",
            exact,
            plain,
            &format!(
                "{preflight}\naccess-control-request-headers: x-a\naccess-control-request-headers: x-b"
            ),
            0,
        ),
        (
            "preflight denied by its origin",
            exact,
            plain,
            "OPTIONS\norigin: https://evil.example\naccess-control-request-method: PUT",
            0,
        ),
        (
            "preflight denied by a header",
            exact,
            plain,
            &format!("{preflight}\naccess-control-request-headers: x-z"),
            0,
        ),
        ("preflight denied by 60 KB", exact, plain, &hostile, 0),
        (
            "preflight, any with credentials",
            credentials,
            plain,
            &format!("{preflight}\naccess-control-request-headers: x-a,x-b"),
            0,
        ),
        (
            "preflight, any with credentials, lines joined",
            credentials,
            plain,
            &format!(
                "{preflight}\naccess-control-request-headers: x-a\naccess-control-request-headers: x-b"
            ),
            1,
        ),
        (
            "names listed with credentials",
            credentials,
            listed,
            "GET\norigin: https://a.example",
            1,
        ),
    ] {
        let bare = inner(answer);
        let layer = Cors::new(policy(vars))
            .new_transform(inner(answer))
            .now_or_never()
            .and_then(Result::ok)
            .expect("a layer at once");
        // A preflight does not reach the inner service, so its floor is an empty answer.
        let floor = count(&bare, text);
        for level in [log::LevelFilter::Off, log::LevelFilter::Info] {
            log::set_max_level(level);
            assert_eq!(
                count(&layer, text).saturating_sub(floor),
                allowed,
                "{name}, over {floor}, log {level}"
            );
        }
    }
}
