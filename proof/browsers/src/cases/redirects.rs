//! Cases about redirects.

use super::{Case, case};
use crate::{
    call::{Mode, Redirect, fetch},
    origins::{Page, Ports},
};

/// Redirects within an origin and to other origins, with different modes, methods and statuses.
#[rustfmt::skip]
pub fn redirects(ports: Ports) -> Vec<Case> {
    use Page::{App, Evil};

    let api = ports.api();
    let other = Page::EvilTls.origin(ports);
    let redirect = |method: &str, status: u16, to: &str| {
        fetch(
            method,
            &format!("/redirect?status={status}&to={}", encoded(to)),
        )
    };
    let to_self = format!("{api}/exact/items");
    let to_denied = format!("{api}/none/items");
    let to_other = format!("{other}/exact/items");
    let to_other_any = format!("{other}/any/items");
    let to_other_authorization = format!("{other}/any-authorization/items");
    let to_other_null = format!("{other}/null/items");
    let twice = format!(
        "{other}/any/redirect?status=302&to={}",
        encoded(&format!("{api}/any/items"))
    );
    let twice_exact = format!(
        "{other}/any/redirect?status=302&to={}",
        encoded(&format!("{api}/exact/items"))
    );
    let mut cases = vec![
        case("exact", App, "redirect to a URL that allows the page", redirect("GET", 302, &to_self)),
        case("exact", App, "redirect to a URL that denies the page", redirect("GET", 302, &to_denied)),
        case("none", App, "redirect from a URL that denies the page", redirect("GET", 302, &to_self)),
        case("exact", App, "redirect to another origin, which sends null", redirect("GET", 302, &to_other)),
        case("exact", App, "redirect to another origin, which allows any", redirect("GET", 302, &to_other_any)),
        case("exact", App, "redirect to another origin, which allows null", redirect("GET", 302, &to_other_null)),
        case("exact", App, "redirect to another origin and back to a URL that allows any origin", redirect("GET", 302, &twice)),
        case("exact", App, "redirect to another origin and back to a URL that does not allow null", redirect("GET", 302, &twice_exact)),
        case("exact", Page::Api, "redirect from its own origin to another", redirect("GET", 302, &to_other)),
        case("exact", Page::Api, "redirect from its own origin to one that allows any", redirect("GET", 302, &to_other_any)),
        case("exact", App, "redirect with redirect: error", redirect("GET", 302, &to_self).redirect(Redirect::Error)),
        case("exact", App, "redirect with redirect: manual", redirect("GET", 302, &to_self).redirect(Redirect::Manual)),
        case("exact", Evil, "redirect with redirect: manual, denied", redirect("GET", 302, &to_self).redirect(Redirect::Manual)),
        case("exact", App, "redirect after a preflight", redirect("PUT", 307, &to_self)),
        case("exact", App, "redirect after a preflight, to another origin that allows any", redirect("PUT", 307, &to_other_any)),
        case("exact", App, "redirect after a preflight, to another origin that allows null", redirect("PUT", 307, &to_other_null)),
        case("exact", App, "redirect with Authorization to another origin, which does not get it", redirect("GET", 302, &to_other_any).header("authorization", "Bearer 7")),
        case("exact", App, "redirect with Authorization to another origin, which allows it", redirect("GET", 302, &to_other_authorization).header("authorization", "Bearer 7")),
        case("exact", App, "redirect with x-tenant to another origin, which needs its own preflight", redirect("GET", 302, &to_other_any).header("x-tenant", "a")),
        case("exact", App, "redirect to a URL with a username", redirect("GET", 302, &to_self.replace("https://", "https://user:pass@"))),
        case("exact", App, "redirect to another scheme", redirect("GET", 302, "ftp://api.example.test/items")),
        case("any", Page::AppTls, "redirect to another site and back", redirect("GET", 302, &twice)),
        case("exact", Page::AppTls, "redirect to a URL without TLS: mixed content", redirect("GET", 302, &format!("{}/exact/items", ports.plain_api()))),
        case("exact", Page::Api, "mode same-origin, redirect to another origin", redirect("GET", 302, &to_other_any).mode(Mode::SameOrigin)),
        case("exact", App, "mode no-cors, redirect to another origin", redirect("GET", 302, &to_other).mode(Mode::NoCors)),
        case("exact", App, "mode no-cors, redirect: manual", redirect("GET", 302, &to_self).mode(Mode::NoCors).redirect(Redirect::Manual)),
        case("exact", Page::Api, "POST, redirect from its own origin to another by 307", redirect("POST", 307, &to_other_any).body("a")),
        case("credentials", Page::AppTls, "redirect with credentials", redirect("GET", 302, &format!("{api}/credentials/items")).include()),
        case("credentials", Page::AppTls, "redirect with credentials to a URL that does not allow them", redirect("GET", 302, &to_self).include()),
    ];
    for (method, status) in [
        ("POST", 301),
        ("POST", 302),
        ("POST", 303),
        ("POST", 307),
        ("POST", 308),
        ("PUT", 302),
        ("PUT", 303),
        ("HEAD", 303),
    ] {
        let mut call = redirect(method, status, &to_self);
        if method != "HEAD" {
            call = call.body("hello");
        }
        cases.push(case(
            "exact",
            App,
            format!("redirect of {method} by {status}"),
            call,
        ));
    }
    cases
}

/// Percent-encodes a text for a query, except for the characters that WebKitGTK decodes again.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
