//! Rows about servers without this crate: of what is wrong with them, all browsers must think alike.

use super::{Case, case};
use crate::{
    call::{Call, fetch},
    origins::{Page, Ports},
    server::{Answer, Raw},
};

/// Answers of servers without this crate: what is wrong with them, the browsers and the browser for tests must agree on.
#[rustfmt::skip]
pub fn raw(ports: Ports) -> Vec<Case> {
    let origin = Page::App.origin(ports);
    let allow = |value: &str| ("access-control-allow-origin", value.to_owned());
    let methods = |value: &str| ("access-control-allow-methods", value.to_owned());
    let names = |value: &str| ("access-control-allow-headers", value.to_owned());
    let exposed = |value: &str| ("access-control-expose-headers", value.to_owned());
    let credentials = |value: &str| ("access-control-allow-credentials", value.to_owned());
    let (mine, any) = (allow(&origin), allow("*"));
    let id = ("x-request-id", "7".to_owned());

    let simple = |about: &str, headers: Vec<(&'static str, String)>| {
        (about.to_owned(), fetch("GET", "/raw"), None, Answer { status: 200, headers, })
    };
    let with_credentials = |about: &str, headers: Vec<(&'static str, String)>| {
        (about.to_owned(), fetch("GET", "/raw").include(), None, Answer { status: 200, headers, })
    };
    let asked = |about: &str, call: Call, status, headers: Vec<(&'static str, String)>| {
        let answer = Answer {
            status: 200,
            headers: vec![mine.clone(), credentials("true")],
        };
        (about.to_owned(), call, Some(Answer { status, headers }), answer)
    };
    let put = || fetch("PUT", "/raw");
    let tenant = || fetch("GET", "/raw").header("x-tenant", "a");
    let token = || fetch("GET", "/raw").header("authorization", "Bearer 7");

    let rows = vec![
        simple("the origin", vec![mine.clone()]),
        simple("nothing", vec![]),
        simple("nothing in it", vec![allow("")]),
        simple("upper case", vec![allow(&origin.to_uppercase())]),
        simple("a slash at the end", vec![allow(&format!("{origin}/"))]),
        simple("another origin", vec![allow("https://other.example")]),
        simple("null", vec![allow("null")]),
        simple("two origins in a line", vec![allow(&format!("{origin}, https://other.example"))]),
        simple("the same origin in two lines", vec![mine.clone(), mine.clone()]),
        simple("* in two lines", vec![any.clone(), any.clone()]),
        simple("white space around it", vec![allow(&format!("  {origin} "))]),
        simple("a pattern", vec![allow("http://*.example.test:*")]),
        simple("exposes a name in another case", vec![mine.clone(), exposed("X-Request-ID"), id.clone()]),
        simple("exposes any", vec![mine.clone(), exposed("*"), id.clone()]),
        simple("exposes two names in two lines", vec![mine.clone(), exposed("x-a"), exposed("x-request-id"), id.clone()]),
        simple("exposes a set-cookie", vec![any.clone(), exposed("set-cookie, x-request-id"), ("set-cookie", "a=b".to_owned()), id.clone()]),
        simple("exposes what is no token", vec![mine.clone(), exposed("x-request-id, a b"), id.clone()]),
        with_credentials("credentials: true", vec![mine.clone(), credentials("true")]),
        with_credentials("credentials: True", vec![mine.clone(), credentials("True")]),
        with_credentials("credentials: nothing", vec![mine.clone()]),
        with_credentials("credentials: true in two lines", vec![mine.clone(), credentials("true"), credentials("true")]),
        with_credentials("credentials, and *", vec![any.clone(), credentials("true")]),
        with_credentials("credentials, and exposes any", vec![mine.clone(), credentials("true"), exposed("*"), id.clone()]),
        asked("preflight 204", put(), 204, vec![mine.clone(), methods("PUT")]),
        asked("preflight 200", put(), 200, vec![mine.clone(), methods("PUT")]),
        asked("preflight 299", put(), 299, vec![mine.clone(), methods("PUT")]),
        asked("preflight 301", put(), 301, vec![mine.clone(), methods("PUT"), ("location", "/raw".to_owned())]),
        asked("preflight 304", put(), 304, vec![mine.clone(), methods("PUT")]),
        asked("preflight 401", put(), 401, vec![mine.clone(), methods("PUT")]),
        asked("preflight 404 without headers", put(), 404, vec![]),
        asked("preflight 500", put(), 500, vec![mine.clone(), methods("PUT")]),
        asked("no methods", put(), 204, vec![mine.clone()]),
        asked("methods in lower case", put(), 204, vec![mine.clone(), methods("put")]),
        asked("methods with white space", put(), 204, vec![mine.clone(), methods(" GET ,\tPUT ,")]),
        asked("methods in two lines", put(), 204, vec![mine.clone(), methods("GET"), methods("PUT")]),
        asked("methods that are no tokens", put(), 204, vec![mine.clone(), methods("PUT, a b")]),
        asked("methods *", put(), 204, vec![mine.clone(), methods("*")]),
        asked("methods *, with credentials", put().include(), 204, vec![mine.clone(), credentials("true"), methods("*")]),
        asked("preflight without credentials", put().include(), 204, vec![mine.clone(), methods("PUT")]),
        asked("headers in upper case", tenant(), 204, vec![mine.clone(), names("X-TENANT")]),
        asked("headers in two lines", tenant(), 204, vec![mine.clone(), names("x-a"), names("x-tenant")]),
        asked("no headers", tenant(), 204, vec![mine.clone()]),
        asked("headers *", tenant(), 204, vec![mine.clone(), names("*")]),
        asked("headers *, with credentials", tenant().include(), 204, vec![mine.clone(), credentials("true"), names("*")]),
        asked("headers * and Authorization", token(), 204, vec![mine.clone(), names("*")]),
        asked("headers *, Authorization", token(), 204, vec![mine.clone(), names("*, Authorization")]),
        asked("headers that are no tokens", tenant(), 204, vec![mine.clone(), names("x-tenant, a b")]),
        asked("another origin in the preflight", put(), 204, vec![allow("https://other.example"), methods("PUT")]),
        asked("* in the preflight", put(), 204, vec![any.clone(), methods("PUT")]),
    ];
    let moved = |about: &str, lines: Vec<(&'static str, String)>| {
        let headers = [vec![mine.clone()], lines].concat();
        (about.to_owned(), fetch("GET", "/raw"), None, Answer { status: 302, headers })
    };
    let to = |value: &str| ("location", value.to_owned());
    let rows = [rows, vec![
        moved("redirect without a location", vec![]),
        moved("redirect to two locations", vec![to("/raw"), to("/raw")]),
        moved("redirect to what is no URL", vec![to("http://[")]),
        moved("redirect to itself for ever", vec![to("#x")]),
        moved("redirect to data:", vec![to("data:text/plain,x")]),
    ]].concat();
    rows.into_iter()
        .map(|(about, call, preflight, answer)| Case {
            raw: Some(Raw { preflight, answer }),
            ..case("raw", Page::App, about, call)
        })
        .collect()
}
