#![no_main]
//! The parser of origins accepts exactly the origins that the URL standard serializes, within the documented limits.

use actix_cors_policy::{CorsPolicy, Origin};
use actix_cors_policy_fuzz::TestApp;
use actix_web::http::header::HeaderValue;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

thread_local! {
    static ANY_WELL_FORMED: TestApp = TestApp::new(
        CorsPolicy::builder()
            .allow_origin_fn(|_, _| true)
            .build()
            .expect("a policy"),
    );
}

fuzz_target!(|data: &[u8]| {
    let parsed = std::str::from_utf8(data).ok().and_then(Origin::parse);

    // A predicate is called exactly for the bytes that parse as an origin.
    if let Ok(value) = HeaderValue::from_bytes(data) {
        let admitted = ANY_WELL_FORMED.with(|app| app.admits(&value));
        assert_eq!(admitted, parsed.is_some());
    }

    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(origin) = parsed {
        let port = origin.port().map(|port| format!(":{port}"));
        let port = port.unwrap_or_default();
        let again = format!("{}://{}{port}", origin.scheme(), origin.host());
        assert_eq!((again.as_str(), origin.as_str()), (text, text));
        // The host of `app://.`, an origin of Electron, is a dot.
        let host = is_within_bounds(origin.host())
            || origin.host().starts_with('[')
            || origin.host() == ".";
        assert!(
            host && origin.scheme().len() <= 64 && origin.port() != Some(0),
            "{text}"
        );
    }

    // The standard says that origins of other schemes are opaque. Browsers and app shells treat them as tuple origins.
    let is_special = ["http", "https", "ws", "wss", "ftp"]
        .iter()
        .any(|scheme| text.split(':').next() == Some(scheme));
    if is_special {
        let url = Url::parse(text).ok();
        let is_standard = url
            .as_ref()
            .is_some_and(|url| url.origin().ascii_serialization() == text);
        match parsed {
            Some(origin) => {
                // A browser never sends a host with malformed Punycode, so it is harmless that the parser accepts it.
                let may_be_malformed = origin
                    .host()
                    .split('.')
                    .any(|label| label.starts_with("xn--"));
                assert!(is_standard || may_be_malformed, "parses: {text}");
            }
            None => {
                let is_within_bounds = url.is_some_and(|url| {
                    let host = match url.host() {
                        Some(Host::Domain(host)) => is_within_bounds(host),
                        address => address.is_some(),
                    };
                    host && url.port() != Some(0)
                });
                assert!(!is_standard || !is_within_bounds, "does not parse: {text}");
            }
        }
    }
});

/// The limits of the documented grammar that the standard does not have.
fn is_within_bounds(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    // Browsers send a dot at the end.
    let without_end_dot = host.strip_suffix('.').unwrap_or(host);
    host.len() <= 253 && without_end_dot.split('.').all(is_label)
}
