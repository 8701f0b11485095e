//! Cases at the limits of the standard: safelisted and forbidden headers and methods, and the preflight cache.

use std::time::Duration;

use super::{Case, Step, case, row};
use crate::{
    call::{Call, CallKind, Mode, fetch},
    origins::{Page, Ports},
    server::{Raw, RawResponse},
};

fn get() -> Call {
    fetch("GET", "/items")
}

fn xhr(url: &str) -> Step {
    Step::Call(Call {
        kind: CallKind::Xhr,
        ..fetch("POST", url).body("a")
    })
}

/// Request headers and methods of a page whose policy allows any of them: some need a preflight, and some are not sent.
#[rustfmt::skip]
pub fn tables() -> Vec<Case> {
    let mut cases = vec![
        case("any", Page::Evil, "client hints and Save-Data", get().header("save-data", "on").header("dpr", "1").header("width", "7").header("viewport-width", "7").header("downlink", "1").header("rtt", "1").header("ect", "4g").header("device-memory", "1")),
    ];
    for (name, value) in [
        ("accept", "a".repeat(128)), ("accept", "a".repeat(129)), ("accept", "a(b)".to_owned()), ("accept", String::new()),
        ("accept-language", "de-AT, *;q=0.5".to_owned()), ("accept-language", "e!".to_owned()),
        ("content-language", "en".to_owned()), ("content-language", "e_n".to_owned()),
        ("range", "bytes=0-5".to_owned()), ("range", "bytes=0-5,7-9".to_owned()), ("range", "bytes=5-2".to_owned()), ("range", "BYTES=0-5".to_owned()),
        ("x-http-method-override", "TRACE".to_owned()), ("x-method-override", "GET, CONNECT".to_owned()), ("x-http-method", "PUT".to_owned()),
        ("access-control-request-method", "PUT".to_owned()), ("origin", "http://x".to_owned()), ("referer", "http://x".to_owned()), ("dnt", "1".to_owned()),
        ("keep-alive", "1".to_owned()), ("proxy-a", "1".to_owned()), ("sec-ch-ua", "1".to_owned()), ("te", "trailers".to_owned()), ("via", "x".to_owned()),
        ("host", "x".to_owned()), ("content-length", "3".to_owned()), ("set-cookie", "a=b".to_owned()), ("trailer", "x".to_owned()),
        ("x-tenant", String::new()), ("x-tenant", "a, b".to_owned()), ("upgrade-insecure-requests", "1".to_owned()), ("x-a_b", "1".to_owned()), ("sec", "1".to_owned()),
    ] {
        let shown = if value.len() > 20 { format!("{} bytes", value.len()) } else { format!("`{value}`") };
        cases.push(case("any", Page::Evil, format!("{name}: {shown}"), get().header(name, &value)));
    }
    for value in ["text/plain;", "text/plain; charset=\"x\"", "text/plain, application/json", "TEXT/PLAIN", "multipart/form-data; boundary=a", "text/plain; a=b(c", "", "application/x-www-form-urlencoded;charset=utf-8", "text", "image/png"] {
        let post = || fetch("POST", "/items").header("content-type", value).body("a");
        cases.push(case("any", Page::Evil, format!("content-type: `{value}`"), post()));
        cases.push(case("any", Page::Evil, format!("content-type: `{value}`, mode no-cors"), post().mode(Mode::NoCors)));
    }
    for method in ["Get", "head", "trace", "CONNECT", "delete", "options", "Track", "a b", "", "query", "QUERY"] {
        cases.push(case("any", Page::Evil, format!("method `{method}`"), fetch(method, "/items")));
    }
    cases
}

/// How long, and for which requests, the response to a preflight is cached.
#[rustfmt::skip]
pub fn cached_preflights(ports: Ports) -> Vec<Case> {
    let put = || Step::Call(fetch("PUT", "/items"));
    let raw_put = || Step::Call(fetch("PUT", "/raw"));
    let origin = Page::App.origin(ports);
    let mine = || ("access-control-allow-origin", origin.clone());
    let response = |headers| RawResponse { status: 200, headers };
    let raw = |about: String, steps, headers: Vec<(&'static str, String)>, received| {
        let mut all = vec![mine()];
        all.extend(headers);
        let preflight = Some(RawResponse { status: 204, headers: all });
        Case { raw: Some(Raw { preflight, response: received }), ..row("raw", Page::App, about, steps) }
    };
    let methods = || ("access-control-allow-methods", "PUT".to_owned());
    let age = |value: &str| ("access-control-max-age", value.to_owned());
    let mut cases = vec![
        row("exact", Page::App, "PUT, then PUT of another URL", vec![put(), Step::Call(fetch("PUT", "/items?a=b"))]),
        row("exact", Page::App, "XMLHttpRequest with a listener on upload, twice", vec![xhr("/items"), xhr("/items")]),
        row("any", Page::Evil, "x-tenant, then Authorization, which * does not cover", vec![Step::Call(get().header("x-tenant", "a")), Step::Call(get().header("authorization", "Bearer 7"))]),
        raw("XMLHttpRequest with a listener on upload, twice, if no methods are listed".to_owned(), vec![xhr("/raw"), xhr("/raw")], vec![age("600")], response(vec![mine()])),
    ];
    for value in ["600", " 600 ", "0600", "", "x", "0"] {
        let steps = vec![raw_put(), Step::Expire(Duration::from_millis(7000)), raw_put()];
        cases.push(raw(format!("max-age `{value}`, PUT twice, seven seconds apart"), steps, vec![methods(), age(value)], response(vec![mine()])));
    }
    cases.push(raw("max-age in two lines, PUT twice, seven seconds apart".to_owned(), vec![raw_put(), Step::Expire(Duration::from_millis(7000)), raw_put()], vec![methods(), age("600"), age("600")], response(vec![mine()])));
    cases
}

/// Responses of another origin in mode `no-cors`, with `Cross-Origin-Resource-Policy`.
#[rustfmt::skip]
pub fn resources() -> Vec<Case> {
    let mut cases = Vec::new();
    for value in ["same-origin", "same-site", "cross-origin", "Same-Origin", "x"] {
        for page in [Page::App, Page::AppTls, Page::EvilTls, Page::Api] {
            let headers = vec![("cross-origin-resource-policy", value.to_owned())];
            cases.push(Case {
                raw: Some(Raw { preflight: None, response: RawResponse { status: 200, headers } }),
                ..case("raw", page, format!("mode no-cors, cross-origin-resource-policy: {value}"), fetch("GET", "/raw").mode(Mode::NoCors))
            });
        }
    }
    cases
}
