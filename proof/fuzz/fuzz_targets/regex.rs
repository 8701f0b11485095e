#![no_main]
//! A regex over origins: whatever is built matches whole origins and nothing else, as a regex anchored in its syntax tree
//! does, where no text of the regex can reach the anchors; and its text is plain. The last line of the input is an
//! origin, the rest the regex.

use actix_cors_policy::{CorsPolicy, Origin};
use actix_cors_policy_fuzz::{Layer, admits, whole_match};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    let (regex, origin) = text.rsplit_once('\n').unwrap_or((text, ""));
    let builder = CorsPolicy::builder().allow_origin_regex(regex);
    let Ok(policy) = builder.danger_allow_lax_regexes().build() else {
        return Corpus::Keep;
    };
    // But for `(?x)`, what is shown as it was written is plain.
    if !regex.contains("(?") {
        assert!(regex.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{regex:?}");
    }
    let oracle = whole_match(regex);
    let layer = Layer::new(policy);
    for origin in origins_near(origin) {
        let wanted = Origin::parse(&origin).is_some() && oracle.is_match(&origin);
        assert_eq!(admits(&layer, &origin), wanted, "{regex:?} on {origin:?}");
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
