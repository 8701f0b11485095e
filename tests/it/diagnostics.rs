//! `diagnostics()`: what a denied preflight tells in development, and what it does not.

use actix_cors_policy::{CorsPolicy, CorsRequest};

use crate::support::{Answer, Server, ask, policy};

const LISTED: &str = "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT\nALLOWED_HEADERS=x-a\nMAX_AGE=60\nDIAGNOSTICS=1";
const ANY: &str = "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=*\nALLOWED_HEADERS=*\nALLOW_CREDENTIALS=1\nDIAGNOSTICS=1";

const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

fn body(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).expect("text")
}

#[test]
fn a_denied_preflight_shows_the_cause() {
    let from = |origin: &str, rest: &str| {
        format!("OPTIONS /\norigin: {origin}\naccess-control-request-method: {rest}")
    };
    let a = |rest: &str| from("https://a.example", rest);
    let headers = "\naccess-control-request-headers: ";
    let shown = "access-control-allow-headers: x-a\naccess-control-allow-methods: GET, HEAD, POST, PUT\naccess-control-allow-origin: https://a.example\n";
    let shown_any = "access-control-allow-credentials: true\naccess-control-allow-methods: PUT\naccess-control-allow-origin: https://a.example\n";
    for (vars, request, wanted, text) in [
        (
            LISTED,
            a("DELETE"),
            format!("200\n{shown}{VARY}"),
            "method `DELETE` is not allowed",
        ),
        (
            LISTED,
            a(&format!("PUT{headers}x-b")),
            format!("200\n{shown}{VARY}"),
            "request header `x-b` is not allowed",
        ),
        // Old browsers compare methods case-insensitively, and would go on.
        (
            LISTED,
            a("put"),
            format!("403\n{VARY}"),
            "method `put` is not allowed",
        ),
        (
            LISTED,
            a("TRACE"),
            format!("403\n{VARY}"),
            "method `TRACE` is forbidden by the Fetch standard",
        ),
        (
            LISTED,
            a(&format!("PUT{headers}cookie")),
            format!("403\n{VARY}"),
            "request header `cookie` is not allowed",
        ),
        (
            LISTED,
            a(&format!("PUT{headers}x b")),
            format!("403\n{VARY}"),
            "request header `x b` is not a token",
        ),
        (
            LISTED,
            from("https://b.example", "PUT"),
            format!("403\n{VARY}"),
            "origin `https://b.example` is not allowed",
        ),
        (
            LISTED,
            from("<script>", "PUT"),
            format!("403\n{VARY}"),
            "origin `<script>` is not a serialized origin",
        ),
        // Some browsers take `*` for `authorization` too, so it is not sent.
        (
            ANY,
            a(&format!("PUT{headers}authorization")),
            format!("200\n{shown_any}{VARY}"),
            "request header `authorization` is not allowed",
        ),
        (
            ANY,
            a("TRACE"),
            format!("403\n{VARY}"),
            "method `TRACE` is forbidden by the Fetch standard",
        ),
    ] {
        let (answer, is_called) = ask(policy(vars), &request);
        assert_eq!(answer.summary(), wanted, "{request}");
        assert!(!is_called);
        let body = body(&answer);
        let mut lines = body.lines();
        assert_eq!(lines.next(), Some(&*format!("denied preflight: {text}")));
        assert!(lines.all(|line| line.starts_with("fix: ")), "{body}");
        assert_eq!(answer.header("content-type"), ["text/plain; charset=utf-8"]);
        assert_eq!(answer.header("x-content-type-options"), ["nosniff"]);
    }
}

#[test]
fn the_text_is_bounded_and_escaped() {
    let long = "a".repeat(4000);
    let request = format!(
        "OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT\naccess-control-request-headers: {long}"
    );
    let (answer, _) = ask(policy(LISTED), &request);
    assert_eq!(
        body(&answer),
        format!(
            "denied preflight: request header `{}`… of 4000 bytes is not allowed\n",
            "a".repeat(128)
        )
    );
    let request = "OPTIONS /\norigin: \u{e9}\t\u{ff}\naccess-control-request-method: PUT";
    let (answer, _) = ask(policy(LISTED), request);
    assert_eq!(
        body(&answer),
        "denied preflight: origin `\\xe9\\t\\xff` is not a serialized origin\n"
    );
}

#[test]
fn other_requests_are_answered_as_without_diagnostics() {
    let silent = LISTED.replace("\nDIAGNOSTICS=1", "");
    for request in [
        "GET /\norigin: https://b.example",
        "GET /\norigin: https://a.example",
        "GET /",
        "OPTIONS /\norigin: https://b.example",
        "OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT",
    ] {
        assert_eq!(
            ask(policy(LISTED), request),
            ask(policy(&silent), request),
            "{request}"
        );
    }
}

#[test]
fn on_the_wire_a_body_has_its_length_and_204_has_neither() {
    let server = Server::start(policy(LISTED));
    let mut connection = server.connect();
    let allowed =
        connection.ask("OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT");
    assert_eq!(
        (allowed.status, allowed.header("content-length")),
        (204, &[][..])
    );
    assert!(allowed.header("transfer-encoding").is_empty());
    // The connection is used again: nothing of a body was left on it.
    let denied = connection
        .ask("OPTIONS /\norigin: https://a.example\naccess-control-request-method: DELETE");
    assert_eq!(
        (denied.status, &*body(&denied)),
        (
            200,
            "denied preflight: method `DELETE` is not allowed\nfix: add `DELETE` to `CORS_ALLOWED_METHODS`\n"
        )
    );
    assert_eq!(
        denied.header("content-length"),
        [denied.body.len().to_string()]
    );
    let silent = Server::start(policy("ALLOWED_ORIGINS=none"));
    let denied =
        silent.ask("OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT");
    assert_eq!(
        (denied.status, denied.header("content-length")),
        (403, &["0".to_owned()][..])
    );
}

#[test]
fn it_is_off_by_default_and_a_warning() {
    let built = CorsPolicy::builder().allow_origin("https://a.example");
    let silent = built.clone().build().expect("a policy");
    assert!(silent.warnings().is_empty() && !format!("{silent:?}").contains("diagnostics"));
    let telling = built.diagnostics().build().expect("a policy");
    assert!(format!("{telling:?}").ends_with("diagnostics: true }"));
    let warnings: Vec<String> = telling.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "diagnostics: denied preflights show the reason: `true` (anyone can see what is allowed; use it only for development)"
        ]
    );
    let explanation = telling.explain(&CorsRequest::preflight("https://a.example", "PUT"));
    assert_eq!(
        (explanation.is_allowed(), explanation.status()),
        (false, Some(200))
    );
    assert!(
        explanation
            .headers()
            .any(|header| header == ("x-content-type-options", "nosniff"))
    );
}
