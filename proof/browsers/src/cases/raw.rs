//! Cases about servers without this crate. All browsers must agree about correct and wrong responses.

use super::{Case, case};
use crate::{
    call::{Call, fetch},
    origins::{Page, Ports},
    server::{Raw, RawResponse},
};

/// Responses of servers without this crate: all real browsers and the simulated browser must agree about them.
#[rustfmt::skip]
pub fn raw(ports: Ports) -> Vec<Case> {
    let origin = Page::App.origin(ports);
    let allow = |value: &str| ("access-control-allow-origin", value.to_owned());
    let methods = |value: &str| ("access-control-allow-methods", value.to_owned());
    let header_names = |value: &str| ("access-control-allow-headers", value.to_owned());
    let exposed = |value: &str| ("access-control-expose-headers", value.to_owned());
    let credentials = |value: &str| ("access-control-allow-credentials", value.to_owned());
    let (mine, any) = (allow(&origin), allow("*"));
    let id = ("x-request-id", "7".to_owned());

    let simple = |about: &str, headers: Vec<(&'static str, String)>| {
        (about.to_owned(), fetch("GET", "/raw"), None, RawResponse { status: 200, headers, })
    };
    let with_credentials = |about: &str, headers: Vec<(&'static str, String)>| {
        (about.to_owned(), fetch("GET", "/raw").include(), None, RawResponse { status: 200, headers, })
    };
    let with_preflight = |about: &str, call: Call, status, headers: Vec<(&'static str, String)>| {
        let response = RawResponse {
            status: 200,
            headers: vec![mine.clone(), credentials("true")],
        };
        (about.to_owned(), call, Some(RawResponse { status, headers }), response)
    };
    let put = || fetch("PUT", "/raw");
    let tenant = || fetch("GET", "/raw").header("x-tenant", "a");
    let token = || fetch("GET", "/raw").header("authorization", "Bearer 7");

    let rows = vec![
        simple("the origin", vec![mine.clone()]),
        simple("no header", vec![]),
        simple("an empty value", vec![allow("")]),
        simple("upper case", vec![allow(&origin.to_uppercase())]),
        simple("a slash at the end", vec![allow(&format!("{origin}/"))]),
        simple("another origin", vec![allow("https://other.example")]),
        simple("null", vec![allow("null")]),
        simple("two origins in one line", vec![allow(&format!("{origin}, https://other.example"))]),
        simple("the same origin in two lines", vec![mine.clone(), mine.clone()]),
        simple("* in two lines", vec![any.clone(), any.clone()]),
        simple("whitespace around the value", vec![allow(&format!("  {origin} "))]),
        simple("a pattern", vec![allow("http://*.example.test:*")]),
        simple("exposes a name in upper case", vec![mine.clone(), exposed("X-Request-ID"), id.clone()]),
        simple("exposes any", vec![mine.clone(), exposed("*"), id.clone()]),
        simple("exposes two names in two lines", vec![mine.clone(), exposed("x-a"), exposed("x-request-id"), id.clone()]),
        simple("exposes set-cookie", vec![any.clone(), exposed("set-cookie, x-request-id"), ("set-cookie", "a=b".to_owned()), id.clone()]),
        simple("exposes a value that is not a token", vec![mine.clone(), exposed("x-request-id, a b"), id.clone()]),
        with_credentials("credentials: true", vec![mine.clone(), credentials("true")]),
        with_credentials("credentials: True", vec![mine.clone(), credentials("True")]),
        with_credentials("credentials: no header", vec![mine.clone()]),
        with_credentials("credentials: true in two lines", vec![mine.clone(), credentials("true"), credentials("true")]),
        with_credentials("credentials, and *", vec![any.clone(), credentials("true")]),
        with_credentials("credentials, and exposes any", vec![mine.clone(), credentials("true"), exposed("*"), id.clone()]),
        with_preflight("preflight 204", put(), 204, vec![mine.clone(), methods("PUT")]),
        with_preflight("preflight 200", put(), 200, vec![mine.clone(), methods("PUT")]),
        with_preflight("preflight 299", put(), 299, vec![mine.clone(), methods("PUT")]),
        with_preflight("preflight 301", put(), 301, vec![mine.clone(), methods("PUT"), ("location", "/raw".to_owned())]),
        with_preflight("preflight 304", put(), 304, vec![mine.clone(), methods("PUT")]),
        with_preflight("preflight 401", put(), 401, vec![mine.clone(), methods("PUT")]),
        with_preflight("preflight 404 without headers", put(), 404, vec![]),
        with_preflight("preflight 500", put(), 500, vec![mine.clone(), methods("PUT")]),
        with_preflight("no methods", put(), 204, vec![mine.clone()]),
        with_preflight("methods in lower case", put(), 204, vec![mine.clone(), methods("put")]),
        with_preflight("methods with whitespace", put(), 204, vec![mine.clone(), methods(" GET ,\tPUT ,")]),
        with_preflight("methods in two lines", put(), 204, vec![mine.clone(), methods("GET"), methods("PUT")]),
        with_preflight("methods that are not tokens", put(), 204, vec![mine.clone(), methods("PUT, a b")]),
        with_preflight("methods *", put(), 204, vec![mine.clone(), methods("*")]),
        with_preflight("methods *, with credentials", put().include(), 204, vec![mine.clone(), credentials("true"), methods("*")]),
        with_preflight("preflight without credentials", put().include(), 204, vec![mine.clone(), methods("PUT")]),
        with_preflight("headers in upper case", tenant(), 204, vec![mine.clone(), header_names("X-TENANT")]),
        with_preflight("headers in two lines", tenant(), 204, vec![mine.clone(), header_names("x-a"), header_names("x-tenant")]),
        with_preflight("no headers", tenant(), 204, vec![mine.clone()]),
        with_preflight("headers *", tenant(), 204, vec![mine.clone(), header_names("*")]),
        with_preflight("headers *, with credentials", tenant().include(), 204, vec![mine.clone(), credentials("true"), header_names("*")]),
        with_preflight("headers * and Authorization", token(), 204, vec![mine.clone(), header_names("*")]),
        with_preflight("headers *, Authorization", token(), 204, vec![mine.clone(), header_names("*, Authorization")]),
        with_preflight("headers that are not tokens", tenant(), 204, vec![mine.clone(), header_names("x-tenant, a b")]),
        with_preflight("another origin in the preflight", put(), 204, vec![allow("https://other.example"), methods("PUT")]),
        with_preflight("* in the preflight", put(), 204, vec![any.clone(), methods("PUT")]),
    ];
    let redirect = |about: &str, lines: Vec<(&'static str, String)>| {
        let headers = [vec![mine.clone()], lines].concat();
        (about.to_owned(), fetch("GET", "/raw"), None, RawResponse { status: 302, headers })
    };
    let to = |value: &str| ("location", value.to_owned());
    let rows = [rows, vec![
        redirect("redirect without Location", vec![]),
        redirect("redirect with two Locations", vec![to("/raw"), to("/raw")]),
        redirect("redirect to an invalid URL", vec![to("http://[")]),
        redirect("endless redirects to the same URL", vec![to("#x")]),
        redirect("redirect to data:", vec![to("data:text/plain,x")]),
    ]].concat();
    rows.into_iter()
        .map(|(about, call, preflight, response)| Case {
            raw: Some(Raw { preflight, response }),
            ..case("raw", Page::App, about, call)
        })
        .collect()
}
