//! Cases about policies: origins, requests, responses, paths, credentials, and cached preflights.

use std::time::Duration;

use super::{Case, EXAMPLE, Step, case, row};
use crate::{
    call::{Call, CallKind, Mode, fetch, load},
    origins::Page,
};

fn get() -> Call {
    fetch("GET", "/items")
}

/// A request that needs a preflight, because of its method and two of its headers.
fn put_json_with_tenant() -> Call {
    fetch("PUT", "/items")
        .header("content-type", "application/json")
        .header("x-tenant", "a")
        .body("{}")
}

/// Each kind of entry, with requests from each page.
#[rustfmt::skip]
pub fn origins() -> Vec<Case> {
    const PAGES: [Page; 11] = [
        Page::App,
        Page::AppOtherPort,
        Page::AppTls,
        Page::Preview,
        Page::Deep,
        Page::Evil,
        Page::Localhost,
        Page::AppLocalhost,
        Page::Address,
        Page::Sandboxed,
        Page::Api,
    ];
    const POLICIES: [&str; 9] = [
        "exact",
        "subdomains",
        "any-port",
        "regex",
        "predicate",
        "loopback",
        "any",
        "null",
        "none",
    ];
    let mut cases = Vec::new();
    for policy in POLICIES {
        for page in PAGES {
            cases.push(case(policy, page, "GET", get()));
            cases.push(case(policy, page, "PUT of JSON with x-tenant", put_json_with_tenant()));
        }
    }
    cases
}

/// Requests that need a preflight, and requests that do not.
#[rustfmt::skip]
pub fn requests() -> Vec<Case> {
    use Page::{App, Evil};

    let json = |method: &str| {
        fetch(method, "/items")
            .header("content-type", "application/json")
            .body("{}")
    };
    let rows = [
        ("HEAD", fetch("HEAD", "/items")),
        ("POST of text", fetch("POST", "/items").body("hello")),
        ("POST without a body", fetch("POST", "/items")),
        ("POST of a form", fetch("POST", "/items").header("content-type", "application/x-www-form-urlencoded").body("a=1")),
        ("POST of JSON", json("POST")),
        ("PUT", fetch("PUT", "/items").body("hello")),
        ("put, which browsers normalize", fetch("put", "/items").body("hello")),
        ("PATCH", fetch("PATCH", "/items").body("hello")),
        ("patch, which browsers do not normalize", fetch("patch", "/items").body("hello")),
        ("DELETE", fetch("DELETE", "/items")),
        ("PURGE", fetch("PURGE", "/items")),
        ("OPTIONS", fetch("OPTIONS", "/items")),
        ("REPORT, which is not allowed", fetch("REPORT", "/items")),
        ("TRACE, which is forbidden", fetch("TRACE", "/items")),
        ("Authorization", get().header("authorization", "Bearer 7")),
        ("x-tenant", get().header("X-Tenant", "a")),
        ("x-other, which is not allowed", get().header("x-other", "a")),
        ("x-tenant twice", get().header("x-tenant", "a").header("X-Tenant", "b")),
        ("x-tenant and x-other", get().header("x-tenant", "a").header("x-other", "a")),
        ("Accept with a byte that is not safelisted", get().header("accept", "text/plain\"")),
        ("Accept-Language", get().header("accept-language", "en")),
        ("Range from the start", get().header("range", "bytes=0-")),
        ("Range at the end", get().header("range", "bytes=-5")),
        ("forbidden headers, which are not sent", get().header("cookie2", "a").header("sec-a", "b")),
        ("mode same-origin", get().mode(Mode::SameOrigin)),
        ("mode no-cors", get().mode(Mode::NoCors)),
        ("mode no-cors with x-tenant, which is not sent", fetch("POST", "/items").mode(Mode::NoCors).header("x-tenant", "a").body("hello")),
        ("XMLHttpRequest with a listener on upload", Call { kind: CallKind::Xhr, ..fetch("POST", "/items").body("hello") }),
    ];
    let mut cases = Vec::new();
    for (about, call) in rows {
        cases.push(case("exact", App, about, call.clone()));
        cases.push(case("any", Evil, about, call.clone()));
        cases.push(case("safelisted", App, about, call));
    }
    cases.extend([
        case("any-authorization", Evil, "Authorization", get().header("authorization", "Bearer 7")),
        case("any", Evil, "Accept-Language twice, of 100 bytes each", get().header("accept-language", &"a".repeat(100)).header("accept-language", &"b".repeat(100))),
        case("diagnostics", App, "PUT, which is not allowed", fetch("PUT", "/items")),
        case("diagnostics", App, "x-tenant, which is not allowed", get().header("x-tenant", "a")),
        case("diagnostics", Evil, "PUT from a denied origin", fetch("PUT", "/items")),
        case("reject", App, "POST", fetch("POST", "/items").body("hello")),
        case("reject", Evil, "POST, which does not reach the handler", fetch("POST", "/items").body("hello")),
        case("reject", Page::Api, "POST from its own origin", fetch("POST", "/items").body("hello")),
        case("reject", Page::Sandboxed, "POST", fetch("POST", "/items").body("hello")),
        case("status-200", App, "PUT", fetch("PUT", "/items")),
        case("exact", Page::AppTls, "from a page with TLS to an API without: mixed content", fetch("GET", "plain:/items")),
        case("exact", App, "to an API without TLS", fetch("GET", "plain:/items")),
        case("exact", App, "to an API without TLS, PUT", fetch("PUT", "plain:/items")),
        case("exact", Page::AppOtherPort, "to an API without TLS, PUT", fetch("PUT", "plain:/items")),
    ]);
    cases
}

/// Statuses and response headers.
#[rustfmt::skip]
pub fn statuses() -> Vec<Case> {
    let mut cases = Vec::new();
    for (policy, page) in [
        ("exact", Page::App),
        ("exact", Page::Evil),
        ("any", Page::Evil),
        ("none", Page::Api),
    ] {
        for status in [204, 401, 404, 500, 503] {
            let path = format!("/status/{status}");
            cases.push(case(
                policy,
                page,
                format!("status {status}"),
                fetch("GET", &path),
            ));
        }
        cases.push(case(
            policy,
            page,
            "no such route",
            fetch("GET", "/nowhere/at/all"),
        ));
        cases.push(case(
            policy,
            page,
            "PUT with status 401",
            fetch("PUT", "/status/401"),
        ));
    }
    cases
}

/// Policies below other policies: the longest prefix of whole path segments wins.
#[rustfmt::skip]
pub fn paths() -> Vec<Case> {
    let mut cases = Vec::new();
    for page in [Page::App, Page::Evil] {
        for policy in ["exact", "exact/closed", "exact/closed/open", "exact/closed-not", "none", "none/partner", "none/of/these"] {
            cases.push(case(policy, page, "GET", get()));
            cases.push(case(policy, page, "PUT", fetch("PUT", "/items")));
            cases.push(case(policy, page, "x-tenant", get().header("x-tenant", "a")));
        }
        for (about, path) in [
            ("an encoded letter", "/%63losed/items"),
            ("an encoded slash, which ends no segment", "/closed%2Fitems/items"),
            ("two slashes", "//closed/items"),
            ("dots, which browsers resolve", "/../none/partner/items"),
        ] {
            cases.push(case("exact", page, about, fetch("GET", path)));
        }
    }
    cases
}

/// Requests with credentials, which the server must allow.
#[rustfmt::skip]
pub fn credentials() -> Vec<Case> {
    use Page::{App, AppTls, Evil, EvilTls};

    let mut cases = Vec::new();
    for (policy, page) in [
        ("credentials", AppTls),
        ("credentials", App),
        ("credentials", EvilTls),
        ("credentials-any", AppTls),
        ("credentials-any", Evil),
        ("credentials-for", AppTls),
        ("credentials-for", EvilTls),
        ("credentials-for", Page::Sandboxed),
        ("loopback", Page::Localhost),
        ("exact", AppTls),
        ("any", EvilTls),
    ] {
        for (about, call) in [
            ("credentials omit", get().omit()),
            ("credentials include", get().include()),
            ("credentials include, PUT of JSON", fetch("PUT", "/items").header("content-type", "application/json").body("{}").include()),
            ("credentials include, Authorization", get().header("authorization", "Bearer 7").include()),
            ("credentials include, PATCH", fetch("PATCH", "/items").include()),
            ("credentials include, x-other", get().header("x-other", "a").include()),
            ("credentials include, status 401", fetch("GET", "/status/401").include()),
        ] {
            cases.push(case(policy, page, about, call));
        }
    }
    cases.extend([
        case("credentials", Page::Api, "credentials same-origin, from its own origin", get()),
        case("credentials", Page::Api, "credentials omit, from its own origin", get().omit()),
        case("credentials", AppTls, "credentials same-origin", get()),
        case("credentials", AppTls, "mode no-cors with credentials", get().mode(Mode::NoCors).include()),
        case("null", Page::Sandboxed, "credentials include", get().include()),
    ]);
    cases
}

/// Requests by elements and by other interfaces than `fetch()`.
#[rustfmt::skip]
pub fn elements() -> Vec<Case> {
    let rows = [
        ("module script", load(CallKind::Module, "/script.js")),
        ("module script, use-credentials", load(CallKind::Module, "/script.js").include()),
        ("module script with status 404", load(CallKind::Module, "/status/404")),
        ("import()", load(CallKind::Import, "/script.js")),
        ("import() in an attribute", load(CallKind::ImportInAttribute, "/script.js")),
        ("script, crossorigin", load(CallKind::Script, "/script.js")),
        ("image, crossorigin", load(CallKind::Image, "/dot.png")),
        ("image, crossorigin=use-credentials", load(CallKind::Image, "/dot.png").include()),
        ("image without crossorigin", load(CallKind::Image, "/dot.png").mode(Mode::NoCors).include()),
        ("@font-face", load(CallKind::Font, "/square.ttf")),
        ("FontFace", load(CallKind::FontFace, "/square.ttf")),
        ("EventSource", load(CallKind::Events, "/events")),
        ("EventSource with credentials", load(CallKind::Events, "/events").include()),
        ("WebSocket", load(CallKind::Socket, "/socket")),
        ("WebSocket, status 302", load(CallKind::Socket, "/redirect?status=302&to=%2Fexact%2Fsocket")),
        ("EventSource, status 204", load(CallKind::Events, "/status/204")),
    ];
    let mut cases = Vec::new();
    for (about, call) in rows {
        for (policy, page) in [
            ("exact", Page::App),
            ("exact", Page::Evil),
            ("credentials", Page::AppTls),
            ("credentials", Page::EvilTls),
            ("any", Page::Evil),
            ("reject", Page::Evil),
            ("reject", Page::App),
        ] {
            cases.push(case(policy, page, about, call.clone()));
        }
    }
    cases
}

/// Cached preflights. The requests that reach the server are counted.
#[rustfmt::skip]
pub fn cached_preflights() -> Vec<Case> {
    let put = || Step::Call(fetch("PUT", "/items"));
    let delete = || Step::Call(fetch("DELETE", "/items"));
    let tenant = || Step::Call(get().header("x-tenant", "a"));
    let both = || Step::Call(fetch("PUT", "/items").header("x-tenant", "a"));
    let include = || Step::Call(fetch("PUT", "/items").include());
    let other = || Step::Call(get().header("x-other", "a"));
    let expire = |millis| Step::Expire(Duration::from_millis(millis));
    let wait = |millis| Step::Wait(Duration::from_millis(millis));
    let rows = [
        ("exact", Page::App, "PUT twice", vec![put(), put()]),
        ("exact", Page::App, "PUT, then DELETE, which the same preflight allows", vec![put(), delete()]),
        ("exact", Page::App, "PUT, then x-tenant, which the same preflight allows", vec![put(), tenant(), both()]),
        ("exact", Page::App, "x-tenant, then x-other, which is denied", vec![tenant(), other(), tenant()]),
        ("exact", Page::App, "PUT, GET, PUT", vec![put(), Step::Call(get()), put()]),
        ("exact", Page::Evil, "PUT twice, denied", vec![put(), put()]),
        ("any", Page::Evil, "PUT twice", vec![put(), put()]),
        ("any", Page::Evil, "x-tenant, then x-other", vec![tenant(), other()]),
        ("any", Page::Evil, "PUT twice, the second time with credentials", vec![put(), include()]),
        ("credentials", Page::AppTls, "PUT with credentials twice", vec![include(), include()]),
        ("credentials", Page::AppTls, "PUT with credentials, then without", vec![include(), put()]),
        ("status-200", Page::App, "PUT twice, with max-age 0", vec![put(), put()]),
        ("one-second", Page::App, "PUT twice within a second", vec![put(), put()]),
        ("one-second", Page::App, "PUT twice, two seconds apart", vec![put(), expire(2000), put()]),
        ("five-seconds", Page::App, "PUT twice, two seconds apart", vec![put(), wait(2000), put()]),
        ("five-seconds", Page::App, "PUT twice, seven seconds apart", vec![put(), expire(7000), put()]),
    ];
    rows.into_iter()
        .map(|(policy, page, about, steps)| row(policy, page, about, steps))
        .collect()
}

/// The example server, which runs as a separate process.
#[rustfmt::skip]
pub fn example() -> Vec<Case> {
    let mut cases = Vec::new();
    let json = |method, path| {
        fetch(method, path)
            .header("content-type", "application/json")
            .body("\"plum\"")
    };
    for page in [
        Page::App,
        Page::Preview,
        Page::AppOtherPort,
        Page::Evil,
        Page::Sandboxed,
    ] {
        for (about, call) in [
            ("GET", fetch("GET", "/api/items")),
            ("POST of JSON", json("POST", "/api/items")),
            ("PUT", fetch("PUT", "/api/items/7")),
            ("DELETE", fetch("DELETE", "/api/items/7")),
            ("PATCH, which is not allowed", fetch("PATCH", "/api/items/7")),
            ("status 500 of a handler", fetch("GET", "/api/fail")),
            ("status 401 of a middleware inside", fetch("GET", "/private/me")),
            ("Authorization", fetch("GET", "/private/me").header("authorization", "Bearer demonstration")),
            ("no such route", fetch("GET", "/nowhere")),
            ("a method without a route, status 405 or 404", json("POST", "/api/fail")),
        ] {
            cases.push(case(EXAMPLE, page, about, call));
        }
    }
    cases
}
