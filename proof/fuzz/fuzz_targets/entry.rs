#![no_main]
//! An entry of an allowlist either admits the same origins as in the model, or is refused with a suggestion that works.

use actix_cors_policy::{CorsPolicy, PolicyErrors};
use actix_cors_policy_fuzz::{TestApp, admits, entry_admits, is_obeyed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|entry: &str| {
    match build(entry) {
        Ok(policy) => {
            let app = TestApp::new(policy);
            for origin in origins_near(entry) {
                assert_eq!(
                    admits(&app, &origin),
                    entry_admits(entry, &origin),
                    "{entry:?} on {origin:?}"
                );
            }
        }
        Err(errors) => {
            let text = errors.to_string();
            assert_eq!(
                (errors.as_slice().len(), text.lines().count()),
                (1, 1),
                "{text}"
            );
            assert!(!text.contains(is_obeyed), "{text:?}");
            assert!(text.len() < 4096, "{} bytes", text.len());
            if let Some(remedy) = corrected(&text) {
                assert!(
                    build(remedy).is_ok(),
                    "the message for {entry:?} suggests {remedy:?}"
                );
            }
        }
    }
});

fn build(entry: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder().allow_origin(entry).build()
}

/// The text that a message suggests, if the suggestion is a single text. No entry contains characters that are escaped.
fn corrected(message: &str) -> Option<&str> {
    let (_, remedy) = message.rsplit_once(r#" (write ""#)?;
    remedy
        .strip_suffix(r#"")"#)
        .filter(|text| !text.contains('"'))
}

/// Origins that the entry admits, and small changes of them.
fn origins_near(entry: &str) -> Vec<String> {
    let mut origins = vec!["null".to_owned(), entry.to_owned()];
    for below in ["a.", "a.b.", "xn--a.", "-.", "", "a", ".", "*."] {
        for port in ["", ":1", ":80", ":443", ":65535", ":65536", ":0", ":*"] {
            let origin = entry.replacen("://*.", &format!("://{below}"), 1);
            origins.push(match origin.strip_suffix(":*") {
                Some(before) => format!("{before}{port}"),
                None => format!("{origin}{port}"),
            });
        }
    }
    let first = origins.len();
    for at in 0..first {
        let Some((scheme, rest)) = origins[at].split_once("://") else {
            continue;
        };
        origins.extend([
            format!("{scheme}s://{rest}"),
            format!("{scheme}://x{rest}"),
            format!("{scheme}://x.{rest}"),
            format!("{scheme}://{rest}.x"),
            format!("{scheme}://{rest}x"),
            format!("{scheme}://{rest}/"),
        ]);
        let mut shorter = origins[at].clone();
        shorter.pop();
        origins.push(shorter);
    }
    origins
}
