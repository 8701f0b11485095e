#![no_main]
//! One entry of an allowlist: it admits what the model says, or is refused with a remedy that is one.

use actix_cors_policy::{CorsPolicy, PolicyErrors};
use actix_cors_policy_fuzz::{Layer, admits, entry_admits, is_obeyed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|entry: &str| {
    match build(entry) {
        Ok(policy) => {
            let layer = Layer::new(policy);
            for origin in origins_near(entry) {
                assert_eq!(
                    admits(&layer, &origin),
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
                    "{entry:?} is told to write {remedy:?}"
                );
            }
        }
    }
});

fn build(entry: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder().allow_origin(entry).build()
}

/// What a message tells to write, if that is all that it tells. No entry holds what would have to be escaped.
fn corrected(message: &str) -> Option<&str> {
    let (_, remedy) = message.rsplit_once(r#" (write ""#)?;
    remedy
        .strip_suffix(r#"")"#)
        .filter(|text| !text.contains('"'))
}

/// What the entry admits, if it is a pattern, and what differs from that by a little.
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
