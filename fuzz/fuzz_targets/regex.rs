#![no_main]
//! A regex over origins: whatever is built matches whole origins and nothing else, as a regex anchored in its syntax tree
//! does, where no text of the regex can reach the anchors. The last line of the input is an origin, the rest the regex.

use std::time::{Duration, Instant};

use actix_cors_policy::{CorsPolicy, Origin, PolicyErrors};
use actix_cors_policy_fuzz::{Layer, admits};
use libfuzzer_sys::{Corpus, fuzz_target};
use regex_automata::meta;
use regex_syntax::hir::{Hir, Look};

fuzz_target!(|text: &str| -> Corpus {
    let (regex, origin) = text.rsplit_once('\n').unwrap_or((text, ""));
    let Ok(policy) = build_in_time(regex) else {
        return Corpus::Keep;
    };
    let oracle = oracle(regex);
    let layer = Layer::new(policy);
    for origin in origins_near(origin) {
        let wanted = Origin::parse(&origin).is_some() && oracle.is_match(&origin);
        assert_eq!(admits(&layer, &origin), wanted, "{regex:?} on {origin:?}");
    }
    Corpus::Keep
});

/// A second is enough, unless something else had the processor: what is slow is tried again.
fn build_in_time(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    const ENOUGH: Duration = Duration::from_secs(1);
    let mut tries = 0;
    loop {
        let start = Instant::now();
        let built = CorsPolicy::builder().allow_origin_regex(regex).build();
        if start.elapsed() < ENOUGH {
            return built;
        }
        tries += 1;
        assert!(tries < 3, "takes {:?} to build: {regex:?}", start.elapsed());
    }
}

fn oracle(regex: &str) -> meta::Regex {
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(regex)
        .expect("what the crate takes is a regex alone");
    let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    meta::Builder::new()
        .configure(meta::Config::new().utf8_empty(false))
        .build_from_hir(&whole)
        .expect("no larger than what the crate compiled")
}

fn origins_near(origin: &str) -> Vec<String> {
    let mut origins = vec![
        origin.to_owned(),
        format!("{origin}.evil.example"),
        format!("{origin}:8443"),
        "https://a.example".to_owned(),
        "https://a.example.evil.example".to_owned(),
        "https://evil-a.example".to_owned(),
        "http://localhost:3000".to_owned(),
        "null".to_owned(),
    ];
    if let Some((scheme, rest)) = origin.split_once("://") {
        origins.push(format!("x{origin}"));
        origins.push(format!("{scheme}://x{rest}"));
        origins.push(format!("{scheme}://x.{rest}"));
    }
    let mut shorter = origin.to_owned();
    shorter.pop();
    origins.push(shorter);
    origins
}
