#![no_main]
//! A regex for origins matches only whole origins, like a regex whose anchors are in its syntax tree, where the text of the
//! regex cannot disable them. Its printed text has no control characters. The last line of the input is an origin, and the
//! rest is the regex.

use actix_cors_policy::{CorsPolicy, Origin};
use actix_cors_policy_fuzz::{TestApp, admits, whole_match};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    let (regex, origin) = text.rsplit_once('\n').unwrap_or((text, ""));
    let builder = CorsPolicy::builder().allow_origin_regex(regex);
    let Ok(policy) = builder.danger_allow_lax_regexes().build() else {
        return Corpus::Keep;
    };
    // Except with `(?x)`, the regex is printed as it was written, and has no control characters.
    if !regex.contains("(?") {
        assert!(regex.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{regex:?}");
    }
    let oracle = whole_match(regex);
    let app = TestApp::new(policy);
    for origin in origins_near(origin) {
        let wanted = Origin::parse(&origin).is_some() && oracle.is_match(&origin);
        assert_eq!(admits(&app, &origin), wanted, "{regex:?} on {origin:?}");
    }
    Corpus::Keep
});

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
