//! Ten seconds of requests on two workers while policies are swapped every ten milliseconds: a program of its own,
//! because its memory is measured.

#![expect(clippy::panic, reason = "a helper of a test fails it by a panic")]

#[path = "it/support.rs"]
#[expect(dead_code, reason = "written for many tests, of which this is one")]
mod support;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{
    HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorBadGateway,
    middleware::{Next, from_fn},
    web,
};

use self::support::Server;

const TIME: Duration = Duration::from_secs(10);
const SWAP_EVERY: Duration = Duration::from_millis(10);

/// Two policies that differ in every header, made anew each time, and large enough for a leak to show.
fn fresh(name: &str) -> CorsPolicy {
    let others = (0..200).map(|number| format!("https://tenant-{number}.{name}.example"));
    let builder = CorsPolicy::builder()
        .allow_origins(others)
        .allow_origin("https://both.example")
        .allow_methods([format!("METHOD-{name}")])
        .allow_headers([format!("x-asked-{name}")])
        .expose_headers([format!("x-seen-{name}")]);
    let builder = match name {
        "a" => builder.allow_credentials().max_age(Duration::from_secs(1)),
        _ => builder.max_age(Duration::from_secs(2)),
    };
    builder.build().expect("a policy")
}

fn routes(config: &mut web::ServiceConfig) {
    let slow = || async {
        actix_web::rt::time::sleep(Duration::from_millis(15)).await;
        HttpResponse::Ok()
            .insert_header(("vary", "cookie"))
            .finish()
    };
    let fails = |_: ServiceRequest, _: Next<BoxBody>| async {
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
        Err::<ServiceResponse, _>(ErrorBadGateway("a layer failed"))
    };
    config
        .route("/slow", web::get().to(slow))
        .service(
            web::resource("/error")
                .wrap(from_fn(fails))
                .to(HttpResponse::Ok),
        )
        .service(
            web::resource("/x/error")
                .wrap(from_fn(fails))
                .to(HttpResponse::Ok),
        )
        .default_service(web::to(HttpResponse::Ok));
}

/// The memory of this process, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}

#[test]
fn no_response_mixes_two_policies() {
    const ORIGIN: &str = "origin: https://both.example";
    let actual = |status: u16, vary: &str| {
        let a = "access-control-allow-credentials: true\naccess-control-allow-origin: https://both.example\naccess-control-expose-headers: x-seen-a";
        let b = "access-control-allow-origin: https://both.example\naccess-control-expose-headers: x-seen-b";
        [a, b].map(|lines| format!("{status}\n{lines}\nvary: {vary}"))
    };
    let preflight = {
        let of = |credentials: &str, name: &str, age: u8| {
            format!(
                "204\n{credentials}access-control-allow-headers: x-asked-{name}\n\
                 access-control-allow-methods: GET, HEAD, POST, METHOD-{name}\n\
                 access-control-allow-origin: https://both.example\naccess-control-max-age: {age}\n\
                 vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
            )
        };
        [
            of("access-control-allow-credentials: true\n", "a", 1),
            of("", "b", 2),
        ]
    };
    let denied = ["200\nvary: Origin".to_owned(), "200\naccess-control-allow-origin: https://tenant-7.b.example\naccess-control-expose-headers: x-seen-b\nvary: Origin".to_owned()];
    let requests = vec![
        (format!("GET /\n{ORIGIN}"), actual(200, "Origin")),
        (format!("GET /x\n{ORIGIN}"), actual(200, "Origin")),
        (
            format!("GET /slow\n{ORIGIN}"),
            actual(200, "cookie, Origin"),
        ),
        (format!("GET /error\n{ORIGIN}"), actual(502, "Origin")),
        (format!("GET /x/error\n{ORIGIN}"), actual(502, "Origin")),
        (
            format!("OPTIONS /\n{ORIGIN}\naccess-control-request-method: GET"),
            preflight.clone(),
        ),
        (
            format!("OPTIONS /x\n{ORIGIN}\naccess-control-request-method: GET"),
            preflight,
        ),
        (
            "GET /\norigin: https://tenant-7.b.example".to_owned(),
            denied,
        ),
    ];

    let cors = Cors::new(fresh("a"))
        .at("/x", fresh("b"))
        .expect("a good prefix");
    let handle = cors.handle();
    let server = Server::serve(cors, routes);
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|number: usize| {
            let mut connection = server.connect();
            let (is_over, requests) = (Arc::clone(&is_over), requests.clone());
            thread::spawn(move || {
                let mut seen = BTreeSet::new();
                let mut count = 0_u64;
                for (index, (request, wanted)) in requests.iter().enumerate().cycle().skip(number) {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let summary = connection.ask(request).summary();
                    let which = wanted.iter().position(|wanted| *wanted == summary);
                    let which =
                        which.unwrap_or_else(|| panic!("{request}\nis answered\n{summary}"));
                    seen.insert((index, which));
                    count += 1;
                }
                (seen, count)
            })
        })
        .collect();

    let start = Instant::now();
    let mut swaps = 0;
    let mut early = 0;
    let mut next = start;
    while start.elapsed() < TIME {
        let name = if swaps % 2 == 0 { "b" } else { "a" };
        handle.replace(fresh(name));
        handle
            .replace_at("/x", fresh(name))
            .expect("a known prefix");
        swaps += 1;
        if early == 0 && start.elapsed() > TIME / 4 {
            early = resident();
        }
        // By the clock, so that the time to build is not added.
        next += SWAP_EVERY;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let late = resident();
    is_over.store(true, Ordering::Relaxed);

    let mut all = BTreeSet::new();
    let mut count = 0;
    for client in clients {
        let (seen, answered) = client.join().expect("every answer was one policy's");
        all.extend(seen);
        count += answered;
    }
    println!(
        "{count} requests, {swaps} swaps of two policies, {early} KiB after a quarter, {late} KiB at the end"
    );
    assert_eq!(
        all.len(),
        requests.len() * 2,
        "each request met both policies: {all:?}"
    );
    assert!(
        swaps > 300 && count > 1000,
        "{swaps} swaps, {count} requests"
    );
    // Two hundred origins are about 20 KiB, twice a swap, so that what is kept of each would show.
    assert!(late < early + 16 * 1024, "{early} KiB became {late} KiB");
}
