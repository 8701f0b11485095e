//! The same policy for this crate, for actix-cors and for tower-http.

use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use actix_cors_policy::{Cors, CorsPolicy, OriginLookup};
use regex::bytes::{Regex, RegexBuilder};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::scenarios::{HEADERS, MAX_AGE, METHODS, Origins, Scenario, Watch, prefix};

/// The middleware of a scenario. Each of its prefixes of paths has the same policy once more.
pub fn ours(scenario: &Scenario) -> Cors {
    let origins = scenario.origins;
    let policy = policy(origins, &origins.entries());
    let cors = match scenario.watch {
        Watch::Nothing => Cors::new(policy.clone()),
        Watch::Observer => {
            let counted = AtomicUsize::new(0);
            Cors::new(policy.clone()).observe(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
            })
        }
        Watch::Shadow(count) => {
            let candidate = self::policy(origins, &Origins::Exact(count).entries());
            Cors::new(policy.clone()).shadow(candidate)
        }
    };
    (0..scenario.prefixes).fold(cors, |cors, number| {
        cors.at(prefix(number), policy.clone()).expect("a prefix")
    })
}

pub fn policy(origins: Origins, entries: &[String]) -> CorsPolicy {
    let mut builder = CorsPolicy::builder()
        .allow_origins(entries)
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
        .max_age(Duration::from_secs(MAX_AGE));
    for regex in origins.regexes() {
        builder = builder.allow_origin_regex(regex);
    }
    if matches!(origins, Origins::Any) {
        builder = builder.allow_any_origin();
    }
    if matches!(origins, Origins::LookedUp) {
        let lookup = OriginLookup::new(|_| ready(Ok::<_, String>(true)));
        let day = Duration::from_secs(24 * 60 * 60);
        builder = builder.allow_origin_lookup(lookup.keep_allowed(day, 1000));
    }
    builder.build().expect("a valid policy")
}

pub fn actix_cors(origins: Origins, entries: &[String]) -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(HEADERS)
        .max_age(usize::try_from(MAX_AGE).ok());
    for entry in entries {
        cors = cors.allowed_origin(entry);
    }
    let regexes = compiled(origins);
    if !regexes.is_empty() {
        cors = cors.allowed_origin_fn(move |origin, _| admits(&regexes, origin.as_bytes()));
    }
    if matches!(origins, Origins::Any) {
        cors = cors.allow_any_origin().send_wildcard();
    }
    cors
}

pub fn tower_http(origins: Origins, entries: &[String]) -> CorsLayer {
    let regexes = compiled(origins);
    let origins = match origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Exact(_) => {
            let value = |entry: &String| entry.parse().expect("a header value");
            AllowOrigin::list(entries.iter().map(value))
        }
        _ => AllowOrigin::predicate(move |origin, _| admits(&regexes, origin.as_bytes())),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(METHODS.map(|name| name.parse().expect("a method")))
        .allow_headers(HEADERS.map(http::HeaderName::from_static))
        .max_age(Duration::from_secs(MAX_AGE))
}

/// Anchored regexes, as users write them for a predicate.
fn compiled(origins: Origins) -> Vec<Regex> {
    let regex = |text: String| {
        let mut builder = RegexBuilder::new(&format!("^(?:{text})$"));
        builder.unicode(false).build().expect("a regex")
    };
    origins.regexes().into_iter().map(regex).collect()
}

fn admits(regexes: &[Regex], origin: &[u8]) -> bool {
    regexes.iter().any(|regex| regex.is_match(origin))
}
