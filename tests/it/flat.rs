//! What a request costs does not grow with the list. Times are compared with each other only, and so generously that what
//! is linear fails and what is busy does not.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use actix_cors_policy::{Cors, CorsPolicy, CorsPolicyBuilder};
use actix_service::{IntoService as _, Service, Transform as _};
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    test::TestRequest,
};
use futures_util::FutureExt as _;

fn layer(
    policy: &CorsPolicy,
) -> impl Service<ServiceRequest, Response = ServiceResponse<impl MessageBody>, Error = Error> {
    let inner = |request: ServiceRequest| {
        std::future::ready(Ok::<_, Error>(
            request.into_response(HttpResponse::Ok().finish()),
        ))
    };
    let layer = Cors::new(policy.clone()).new_transform(inner.into_service());
    layer.now_or_never().expect("at once").expect("no failure")
}

fn request(origin: &str) -> ServiceRequest {
    TestRequest::default()
        .insert_header(("origin", origin))
        .to_srv_request()
}

/// The time that a thousand requests of an origin take, the best of several tries.
fn cost(policy: &CorsPolicy, origin: &str, is_allowed: bool) -> Duration {
    let layer = layer(policy);
    let mut request = request(origin);
    let mut best = Duration::MAX;
    for _ in 0..9 {
        let start = Instant::now();
        for _ in 0..1000 {
            let answer = layer.call(request).now_or_never().expect("at once");
            let answer = black_box(answer.expect("an answer"));
            let acao = answer.headers().contains_key("access-control-allow-origin");
            assert_eq!(acao, is_allowed, "{origin}");
            request = ServiceRequest::from_request(answer.into_parts().0);
        }
        best = best.min(start.elapsed());
    }
    best
}

#[test]
fn a_long_list_costs_no_more_than_a_short_one() {
    const LONG: usize = 100_000;
    let exact = |number| format!("https://app.shop-{number}.example");
    let below = |number| format!("https://*.shop-{number}.example");
    let ports = |number| format!("http://localhost-{number}:*");
    let regex = |number| format!(r"https://[a-z0-9-]+\.tenant-{number}\.example");
    let listed = |count: usize, entry: &dyn Fn(usize) -> String| {
        let builder = CorsPolicy::builder().allow_origins((0..count).map(entry));
        builder.build().expect("a policy")
    };
    let matched = |count: usize| {
        let mut builder = CorsPolicy::builder();
        for number in 0..count {
            builder = builder.allow_origin_regex(regex(number));
        }
        builder.build().expect("a policy")
    };
    for (name, short, long, allowed, denied, most) in [
        (
            "exact entries",
            listed(3, &exact),
            listed(LONG, &exact),
            "https://app.shop-2.example",
            "https://app.shop-x.example",
            8,
        ),
        (
            "subdomains",
            listed(3, &below),
            listed(LONG, &below),
            "https://a.b.shop-2.example",
            "https://a.b.shop-x.example",
            8,
        ),
        (
            "any port",
            listed(3, &ports),
            listed(LONG, &ports),
            "http://localhost-2:3000",
            "http://localhost-x:3000",
            8,
        ),
        (
            "regexes",
            matched(3),
            matched(256),
            "https://a.tenant-2.example",
            "https://a.tenant-x.example",
            8,
        ),
    ] {
        for (origin, is_allowed) in [(allowed, true), (denied, false)] {
            let one = cost(&short, origin, is_allowed);
            let many = cost(&long, origin, is_allowed);
            assert!(
                many < one * most,
                "{name}, {origin}: {one:?} became {many:?}"
            );
        }
    }
}

/// The longest origin that is read at all, with as many labels as fit, asks no more often than the list has depths.
#[test]
fn a_deep_host_costs_no_more_than_its_bytes() {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://*.example.com", "https://*.a.b.example.org:*"])
        .build()
        .expect("a policy");
    let shallow = cost(&policy, "https://x.example.net", false);
    let deep = format!("https://{}example.net", "a.".repeat(120));
    let deep = cost(&policy, &deep, false);
    assert!(deep < shallow * 16, "{shallow:?} became {deep:?}");
}

/// Regexes with a common end, and the first origin that has it: read one by one, two thousand of them took a hundred times as
/// long.
#[test]
fn the_first_origin_among_many_regexes_is_cheap() {
    let listed = |count: usize| {
        let regexes =
            (0..count).map(|number| format!(r"https://[a-z0-9-]+\.tenant-{number}\.example\.com"));
        let builder = regexes.fold(CorsPolicy::builder(), CorsPolicyBuilder::allow_origin_regex);
        builder.build().expect("a policy")
    };
    let time = |policy: &CorsPolicy| {
        let once = |_| {
            let layer = layer(policy);
            // Its scheme alone is wrong.
            let request = request("http://pr-7.tenant-2.example.com");
            let start = Instant::now();
            let answer = layer.call(request).now_or_never().expect("at once");
            let answer = black_box(answer.expect("an answer"));
            let taken = start.elapsed();
            assert!(!answer.headers().contains_key("access-control-allow-origin"));
            taken
        };
        (0..9).map(once).min().unwrap_or_default()
    };
    let (one, many) = (time(&listed(3)), time(&listed(2500)));
    assert!(many < one * 16, "{one:?} became {many:?}");
}

/// Regexes that differ at the end, and origins made of those ends: read forwards, each byte asks for a state that is as
/// large as the list, and a hundred times the time was taken.
#[test]
fn a_hostile_origin_costs_no_more_among_many_regexes() {
    let listed = |count: usize| {
        let mut builder = CorsPolicy::builder();
        for number in 0..count {
            let regex = format!(r"https://(.+\.)?pr-[0-9]+\.tenant-{number}\.example\.com(:\d+)?");
            builder = builder.allow_origin_regex(regex);
        }
        builder.build().expect("a policy")
    };
    let hostile: Vec<String> = (0..200_usize)
        .map(|seed| {
            let mut host = String::new();
            let mut number = seed;
            while host.len() < 220 {
                number = (number * 61 + 7) % 256;
                host += &format!("pr-{number}.tenant-{number}.example.com.x.");
            }
            // The last kind is read as a whole from the end, too: its scheme alone is wrong.
            match seed % 3 {
                0 => format!("https://{host}example.com"),
                1 => format!("https://{host}org"),
                _ => format!("http://{host}pr-1.tenant-{number}.example.com"),
            }
        })
        .collect();
    // Each origin's best of several tries: other programs want to run, too.
    let time = |policy: &CorsPolicy| {
        let mut best = vec![Duration::MAX; hostile.len()];
        for _ in 0..9 {
            // It has no states yet.
            let layer = layer(policy);
            for (origin, best) in hostile.iter().zip(&mut best) {
                let request = request(origin);
                let start = Instant::now();
                let answer = layer.call(request).now_or_never().expect("at once");
                let answer = black_box(answer.expect("an answer"));
                *best = start.elapsed().min(*best);
                assert!(!answer.headers().contains_key("access-control-allow-origin"));
            }
        }
        best.into_iter().sum::<Duration>()
    };
    let (one, many) = (time(&listed(3)), time(&listed(256)));
    assert!(many < one * 8, "{one:?} became {many:?}");
}
