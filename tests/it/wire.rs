//! Over real sockets: what only a dispatcher shows, and what an attacker sends.

use actix_cors_policy::CorsPolicy;

use crate::support::{Connection, Server, policy};

const ONE: &str = "ALLOWED_ORIGINS=https://a.example";

#[test]
fn preflights_never_reach_the_inner_service() {
    let server = Server::start(policy(
        "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT",
    ));
    for (path, method, status) in [
        ("/", "PUT", 204),
        ("/nowhere", "PUT", 204),
        ("/get-only", "PUT", 204),
        ("/guarded", "GET", 204),
        ("/inner-error", "GET", 204),
        ("/", "PATCH", 403),
        ("*", "GET", 204),
    ] {
        let answer = server.ask(&format!(
            "OPTIONS {path}\norigin: https://a.example\naccess-control-request-method: {method}"
        ));
        assert_eq!(answer.status, status, "{path}");
    }
    assert_eq!(server.calls.count(), 0);

    // Without ACRM it is a request like any other.
    let answer = server.ask("OPTIONS /\norigin: https://a.example");
    assert_eq!(
        answer.summary(),
        "200\naccess-control-allow-origin: https://a.example\nvary: Origin"
    );
    assert_eq!(server.calls.count(), 1);
}

#[test]
fn a_preflight_has_no_body() {
    let server = Server::start(policy(ONE));
    let mut connection = server.connect();
    let allowed =
        connection.ask("OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET");
    assert_eq!(allowed.status, 204);
    assert!(
        allowed.header("content-length").is_empty(),
        "RFC 9110, section 8.6: none on a 204"
    );
    assert!(allowed.header("transfer-encoding").is_empty());

    let denied =
        connection.ask("OPTIONS /\norigin: https://b.example\naccess-control-request-method: GET");
    assert_eq!(denied.status, 403);
    assert_eq!(denied.header("content-length"), ["0"]);
    assert!(denied.header("content-type").is_empty());
    assert!(denied.body.is_empty());

    // The connection is still in step.
    assert_eq!(
        connection.ask("GET /\norigin: https://a.example").status,
        200
    );

    let server = Server::start(policy(
        "ALLOWED_ORIGINS=https://a.example\nPREFLIGHT_STATUS=200",
    ));
    let allowed =
        server.ask("OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET");
    assert_eq!(
        (allowed.status, allowed.header("content-length")),
        (200, &["0".to_owned()][..])
    );
}

#[test]
fn errors_of_inner_middleware_have_the_headers() {
    let server = Server::start(policy(
        "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=1",
    ));
    let answer = server.ask("GET /inner-error\norigin: https://a.example");
    assert_eq!(
        answer.summary(),
        "500\naccess-control-allow-credentials: true\naccess-control-allow-origin: https://a.example\nvary: cookie, Origin"
    );
    assert_eq!(answer.body, b"a layer inside failed");
    let answer = server.ask("GET /inner-error\norigin: https://b.example");
    assert_eq!(answer.summary(), "500\nvary: cookie, Origin");
}

#[test]
fn every_kind_of_response_gets_the_headers() {
    let server = Server::start(policy(ONE));
    for (request, status, vary) in [
        ("GET /", 200, "Origin"),
        ("HEAD /", 200, "Origin"),
        ("GET /nowhere", 404, "Origin"),
        ("POST /get-only", 405, "Origin"),
        ("GET /fail", 418, "Origin"),
        ("GET /stream", 200, "Origin"),
        ("GET /events", 200, "Origin"),
        ("GET /not-modified", 304, "accept-encoding, Origin"),
        ("GET /own", 201, "x-one, X-Two, Origin"),
    ] {
        let answer = server.ask(&format!("{request}\norigin: https://a.example"));
        assert_eq!(
            answer.summary(),
            format!("{status}\naccess-control-allow-origin: https://a.example\nvary: {vary}"),
            "{request}"
        );
        let answer = server.ask(&format!("{request}\norigin: https://b.example"));
        assert_eq!(
            answer.summary(),
            format!("{status}\nvary: {vary}"),
            "{request}, denied"
        );
    }
    assert_eq!(
        server.ask("GET /stream\norigin: https://a.example").body,
        b"one two"
    );
    assert_eq!(
        server.ask("GET /events\norigin: https://a.example").body,
        b"data: 0\n\ndata: 1\n\ndata: 2\n\n"
    );
}

#[test]
fn websocket_upgrades_get_the_headers() {
    let server = Server::start(policy(ONE));
    let answer = server.ask(
        "GET /socket\norigin: https://a.example\nconnection: upgrade\nupgrade: websocket\n\
         sec-websocket-version: 13\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    );
    assert_eq!(
        answer.summary(),
        "101\naccess-control-allow-origin: https://a.example\nvary: Origin"
    );
    assert_eq!(answer.header("upgrade"), ["websocket"]);
}

#[test]
fn a_compressed_response_loses_no_vary_token() {
    let server = Server::start(policy(ONE));
    let answer = server.ask("GET /vary\norigin: https://a.example\naccept-encoding: gzip");
    assert_eq!(answer.header("content-encoding"), ["gzip"]);
    assert_eq!(
        answer.header("vary"),
        ["accept-language, cookie, x-tenant, accept-encoding, Origin"]
    );
    assert!(answer.body.starts_with(&[0x1f, 0x8b]) && answer.body.len() < 1000);
}

#[test]
fn a_304_of_a_file_keeps_what_it_had() {
    let server = Server::start(policy(
        "ALLOWED_ORIGINS=https://a.example\nEXPOSED_HEADERS=etag",
    ));
    let first = server.ask("GET /file\norigin: https://a.example");
    assert_eq!(first.status, 200);
    let etag = first
        .header("etag")
        .first()
        .expect("a file has an etag")
        .clone();
    let second = server.ask(&format!(
        "GET /file\norigin: https://a.example\nif-none-match: {etag}"
    ));
    assert_eq!(
        second.summary(),
        "304\naccess-control-allow-origin: https://a.example\naccess-control-expose-headers: etag\nvary: Origin"
    );
    assert_eq!(second.header("etag"), [etag]);
    assert_eq!(
        second.header("last-modified"),
        first.header("last-modified")
    );
}

#[test]
fn alternating_origins_on_one_connection_each_get_their_own_answer() {
    let server = Server::start(policy("ALLOWED_ORIGINS=https://*.c.example"));
    let mut connection = server.connect();
    for number in 0..100 {
        let (origin, acao) = match number % 4 {
            0 => (
                format!("origin: https://a{number}.c.example"),
                Some(format!("https://a{number}.c.example")),
            ),
            1 => (format!("origin: https://a{number}.evil"), None),
            2 => ("x: y".to_owned(), None),
            _ => (
                format!("origin: https://b{number}.c.example"),
                Some(format!("https://b{number}.c.example")),
            ),
        };
        let path = if number % 3 == 0 { "/fail" } else { "/" };
        let answer = connection.ask(&format!("GET {path}\n{origin}"));
        let wanted: Vec<String> = acao.into_iter().collect();
        assert_eq!(
            answer.header("access-control-allow-origin"),
            wanted,
            "{number}"
        );
        assert_eq!(answer.header("vary"), ["Origin"], "{number}");
    }
}

#[test]
fn hostile_requests_get_the_right_answer() {
    let server = Server::start(policy(
        "ALLOWED_ORIGINS=https://a.example,https://*.b.example:*,null\nALLOWED_ORIGIN_REGEXES=https://.*\\.c\\.example\nALLOWED_HEADERS=x-a",
    ));
    let denied = "200\nvary: Origin";
    let long = format!("https://{}.b.example", "a.".repeat(4_000));
    for origin in [
        "origin:".to_owned(),
        "origin: https://a.example\norigin: https://a.example".to_owned(),
        "origin: https://a.example\norigin:".to_owned(),
        "origin: https://a.example,https://a.example".to_owned(),
        format!("origin: {long}"),
        format!("origin: {}", "x".repeat(8_192)),
        format!("origin: https://{}", "[".repeat(4_000)),
        "origin: https://\u{e9}.b.example".to_owned(),
        "origin: https://\u{ff}\u{fe}.c.example".to_owned(),
        "origin: https://a\tb.c.example".to_owned(),
        "origin: https://x.c.example:443".to_owned(),
        "origin: https://x.c.example/".to_owned(),
        "origin: https://x.c.example%0d%0aset-cookie:a".to_owned(),
        "origin: https://[::1]x.b.example".to_owned(),
        "origin: https://..b.example".to_owned(),
        "origin: https://x.b.example:0".to_owned(),
        "origin: https://x.b.example:99999999999999999999".to_owned(),
    ] {
        let answer = server.ask(&format!("GET /\n{origin}"));
        assert_eq!(answer.summary(), denied, "{:?}", origin.get(..60));
        let preflight = server.ask(&format!(
            "OPTIONS /\n{origin}\naccess-control-request-method: GET"
        ));
        assert_eq!(preflight.status, 403);
    }
    // White space around a value is not part of it (RFC 9110, section 5.5).
    let answer = server.ask("GET /\norigin: \t https://a.example \t");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        ["https://a.example"]
    );

    let preflight = "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET";
    for (list, status) in [
        ("x-a,".repeat(10), 204),
        ("x-a,".repeat(25_000), 403),
        (",".repeat(100_000), 403),
        ("x-abcdefghij,".repeat(8_000), 403),
        ("a".repeat(100_000), 403),
        (" ".repeat(50_000) + "x-a", 204),
    ] {
        let answer = server.ask(&format!(
            "{preflight}\naccess-control-request-headers: {list}"
        ));
        assert_eq!(
            answer.status,
            status,
            "{:?} of {} bytes",
            list.get(..20),
            list.len()
        );
    }
    let lines = "\naccess-control-request-headers: x-a".repeat(80);
    assert_eq!(server.ask(&format!("{preflight}{lines}")).status, 204);
    let lines = "\naccess-control-request-method: GET".repeat(80);
    assert_eq!(server.ask(&format!("{preflight}{lines}")).status, 403);

    // It lives.
    assert_eq!(
        server.ask("GET /\norigin: null").summary(),
        "200\naccess-control-allow-origin: null\nvary: Origin"
    );
}

#[test]
fn long_allowlists_are_looked_up() {
    let exact = (0..100_000).map(|number| format!("https://a{number}.example"));
    let below = (0..50_000).map(|number| format!("https://*.b{number}.example"));
    // Many patterns of one host.
    let ports = (1..=65_535)
        .filter(|port| *port != 443)
        .map(|port| format!("https://*.c.example:{port}"));
    let policy = CorsPolicy::builder()
        .allow_origins(exact)
        .allow_origins(below)
        .allow_origins(ports)
        .build()
        .expect("a policy");
    let server = Server::start(policy);
    let mut connection = Connection::open(server.address);
    for (origin, allowed) in [
        ("https://a0.example", true),
        ("https://a99999.example", true),
        ("https://a100000.example", false),
        ("https://x.b49999.example", true),
        ("https://b49999.example", false),
        ("https://x.b50000.example", false),
        ("https://x.y.c.example:65535", true),
        ("https://x.y.c.example", false),
        ("http://x.y.c.example:65535", false),
    ] {
        let answer = connection.ask(&format!("GET /\norigin: {origin}"));
        assert_eq!(
            !answer.header("access-control-allow-origin").is_empty(),
            allowed,
            "{origin}"
        );
    }
}
