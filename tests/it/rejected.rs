//! Denied origins turned away: who is rejected, and that no same-origin request ever is.

use actix_cors_policy::{Cors, CorsPolicy};

use crate::{
    support::{Server, ask, policy, routes, try_policy},
    tls::{Rewrite, Tls, proxy},
};

const REJECTS: &str = "ALLOWED_ORIGINS=https://app.example\nREJECT_DENIED_ORIGINS=true";

/// Whether a request is rejected, and what comes with that.
fn is_rejected(name: &str, vars: &str, request: &str) -> bool {
    let (answer, called) = ask(policy(vars), request);
    if answer.status == 403 {
        assert!(!called, "{name}: the handler does not run");
        assert!(answer.body.is_empty(), "{name}: no body");
        assert_eq!(answer.summary(), "403\nvary: Origin", "{name}");
    } else {
        assert!(called, "{name}: the handler runs");
    }
    answer.status == 403
}

#[test]
fn denied_origins_are_rejected_and_no_other_request_is() {
    let own = format!("{REJECTS}\nOWN_ORIGINS=https://api.example,http://localhost:8080");
    let trusting = format!("{REJECTS}\nDANGER_TRUST_FORWARDED_HEADERS=1");
    let trusting_in_vain = format!("{own}\nDANGER_TRUST_FORWARDED_HEADERS=1");
    let lenient = "ALLOWED_ORIGINS=https://app.example";
    let any = "ALLOWED_ORIGINS=*\nREJECT_DENIED_ORIGINS=1";
    let none = "ALLOWED_ORIGINS=none\nREJECT_DENIED_ORIGINS=1";
    for (name, vars, headers, rejected) in [
        ("allowed", REJECTS, "origin: https://app.example", false),
        ("without an origin", REJECTS, "", false),
        ("denied", REJECTS, "origin: https://evil.example", true),
        (
            "denied, where that is not asked for",
            lenient,
            "origin: https://evil.example",
            false,
        ),
        (
            "any origin denies none",
            any,
            "origin: https://evil.example",
            false,
        ),
        (
            "none but same-origin",
            none,
            "origin: https://evil.example",
            true,
        ),
        ("an opaque origin", REJECTS, "origin: null", true),
        ("an empty origin", REJECTS, "origin:", true),
        ("no origin at all", REJECTS, "origin: x", true),
        (
            "two origins",
            REJECTS,
            "origin: https://app.example\norigin: https://app.example",
            true,
        ),
        (
            "a WebSocket",
            REJECTS,
            "origin: https://evil.example\nconnection: upgrade\nupgrade: websocket",
            true,
        ),
        // The browser knows.
        (
            "the browser says same-origin",
            REJECTS,
            "origin: https://evil.example\nsec-fetch-site: same-origin",
            false,
        ),
        (
            "opaque by its referrer policy",
            REJECTS,
            "origin: null\nsec-fetch-site: same-origin",
            false,
        ),
        (
            "the browser says same-site",
            REJECTS,
            "host: api.example\norigin: http://api.example\nsec-fetch-site: same-site",
            true,
        ),
        (
            "the browser says cross-site",
            REJECTS,
            "host: api.example\norigin: https://api.example\nsec-fetch-site: cross-site",
            true,
        ),
        (
            "the browser says twice",
            REJECTS,
            "origin: https://evil.example\nsec-fetch-site: same-origin\nsec-fetch-site: same-origin",
            true,
        ),
        (
            "not in the browser's words",
            REJECTS,
            "host: api.example\norigin: https://api.example\nsec-fetch-site: Same-Origin",
            false,
        ),
        // An older browser: by the host. The connection is plain, so a proxy may have had it by https.
        (
            "the same host by https",
            REJECTS,
            "host: api.example\norigin: https://api.example",
            false,
        ),
        (
            "the same host by http",
            REJECTS,
            "host: api.example\norigin: http://api.example",
            false,
        ),
        (
            "a native client names the scheme of its handshake",
            REJECTS,
            "host: api.example\norigin: ws://api.example",
            false,
        ),
        (
            "with TLS, in another case, and the default port",
            REJECTS,
            "host: api.example:443\norigin: WSS://api.example",
            false,
        ),
        (
            "that scheme with another host",
            REJECTS,
            "host: api.example\norigin: wss://evil.example",
            true,
        ),
        (
            "the same host in another case",
            REJECTS,
            "host: API.example\norigin: https://api.example",
            false,
        ),
        (
            "the same host and port",
            REJECTS,
            "host: api.example:8080\norigin: http://api.example:8080",
            false,
        ),
        (
            "a default port that is spelled out",
            REJECTS,
            "host: api.example:443\norigin: https://api.example",
            false,
        ),
        (
            "that of the other scheme",
            REJECTS,
            "host: api.example:443\norigin: http://api.example",
            true,
        ),
        (
            "another port",
            REJECTS,
            "host: api.example:8080\norigin: http://api.example:8081",
            true,
        ),
        (
            "a port more",
            REJECTS,
            "host: api.example\norigin: http://api.example:8080",
            true,
        ),
        (
            "a port less",
            REJECTS,
            "host: api.example:8080\norigin: http://api.example",
            true,
        ),
        (
            "another host",
            REJECTS,
            "host: api.example\norigin: https://evil.example",
            true,
        ),
        (
            "a host that begins alike",
            REJECTS,
            "host: api.example\norigin: https://api.example.evil",
            true,
        ),
        (
            "a host that ends alike",
            REJECTS,
            "host: api.example\norigin: https://evil-api.example",
            true,
        ),
        (
            "another scheme",
            REJECTS,
            "host: api.example\norigin: ftp://api.example",
            true,
        ),
        (
            "an IPv6 address",
            REJECTS,
            "host: [::1]:8080\norigin: http://[::1]:8080",
            false,
        ),
        (
            "an IPv6 address alone",
            REJECTS,
            "host: [::1]\norigin: http://[::1]",
            false,
        ),
        (
            "a trailing dot, which is another origin",
            REJECTS,
            "host: api.example.\norigin: https://api.example.",
            false,
        ),
        (
            "two hosts",
            REJECTS,
            "host: api.example\nhost: api.example\norigin: https://api.example",
            true,
        ),
        // Forwarded headers are anyone's.
        (
            "forwarded, not trusted",
            REJECTS,
            "host: inside\nx-forwarded-host: api.example\norigin: https://api.example",
            true,
        ),
        (
            "forwarded, not believed",
            REJECTS,
            "host: api.example\nx-forwarded-proto: https\norigin: http://api.example",
            false,
        ),
        (
            "trusted",
            &trusting,
            "host: inside\nx-forwarded-host: api.example\nx-forwarded-proto: https\norigin: https://api.example",
            false,
        ),
        (
            "trusted, another scheme",
            &trusting,
            "host: inside\nx-forwarded-host: api.example\nx-forwarded-proto: https\norigin: http://api.example",
            true,
        ),
        (
            "trusted, plain",
            &trusting,
            "host: inside\nx-forwarded-host: api.example\nx-forwarded-proto: http\norigin: http://api.example",
            false,
        ),
        (
            "trusted, plain, another scheme",
            &trusting,
            "host: inside\nx-forwarded-host: api.example\nx-forwarded-proto: http\norigin: https://api.example",
            true,
        ),
        (
            "trusted, another host",
            &trusting,
            "host: api.example\nx-forwarded-host: inside\norigin: https://api.example",
            true,
        ),
        (
            "trusted, the host alone",
            &trusting,
            "host: inside\nx-forwarded-host: api.example\norigin: https://api.example",
            false,
        ),
        (
            "trusted, through two proxies",
            &trusting,
            "host: inside\nx-forwarded-host: api.example, middle\nx-forwarded-proto: https, http\norigin: https://api.example",
            false,
        ),
        (
            "trusted, with white space",
            &trusting,
            "host: inside\nx-forwarded-host: api.example , middle\nx-forwarded-proto: https\t, http\norigin: https://api.example",
            false,
        ),
        (
            "trusted, empty",
            &trusting,
            "host: api.example\nx-forwarded-host:\nx-forwarded-proto:\norigin: https://api.example",
            false,
        ),
        (
            "trusted, not there",
            &trusting,
            "host: api.example\norigin: https://api.example",
            false,
        ),
        (
            "trusted, a WebSocket",
            &trusting,
            "host: x\nx-forwarded-host: api.example\nx-forwarded-proto: wss\norigin: https://api.example",
            false,
        ),
        (
            "trusted, a plain WebSocket",
            &trusting,
            "host: x\nx-forwarded-host: api.example\nx-forwarded-proto: WS\norigin: http://api.example",
            false,
        ),
        (
            "trusted, a plain WebSocket, another scheme",
            &trusting,
            "host: x\nx-forwarded-host: api.example\nx-forwarded-proto: WS\norigin: https://api.example",
            true,
        ),
        (
            "trusted, by the standard",
            &trusting,
            "host: inside\nforwarded: for=192.0.2.1; Proto=https ;host=\"api.example:444\", for=x;host=y\norigin: https://api.example:444",
            false,
        ),
        (
            "trusted, the standard first",
            &trusting,
            "host: inside\nforwarded: host=api.example\nx-forwarded-host: evil.example\norigin: https://evil.example",
            true,
        ),
        (
            "trusted, in part",
            &trusting,
            "host: inside\nforwarded: proto=https\nx-forwarded-host: api.example\norigin: https://api.example",
            false,
        ),
        (
            "the browser before what is forwarded",
            &trusting,
            "x-forwarded-host: evil.example\norigin: https://evil.example\nsec-fetch-site: cross-site",
            true,
        ),
        // Own origins: nothing else is asked.
        (
            "own",
            &own,
            "host: inside\norigin: https://api.example",
            false,
        ),
        (
            "own, another",
            &own,
            "host: inside\norigin: http://localhost:8080",
            false,
        ),
        (
            "own, called from another",
            &own,
            "host: api.example\norigin: http://localhost:8080\nsec-fetch-site: cross-site",
            false,
        ),
        (
            "own, by another scheme",
            &own,
            "host: api.example\norigin: http://api.example",
            true,
        ),
        (
            "allowed, and own",
            &own,
            "origin: https://app.example",
            false,
        ),
        (
            "rebound: the host is not own",
            &own,
            "host: evil.example\norigin: http://evil.example\nsec-fetch-site: same-origin",
            true,
        ),
        (
            "rebound: an older browser",
            &own,
            "host: evil.example\norigin: http://evil.example",
            true,
        ),
        (
            "rebound, and forwarded",
            &trusting_in_vain,
            "host: x\nx-forwarded-host: evil.example\norigin: https://evil.example",
            true,
        ),
        (
            "opaque by its referrer policy, own host",
            &own,
            "host: api.example:443\norigin: null\nsec-fetch-site: same-origin",
            false,
        ),
        (
            "opaque, own host",
            &own,
            "host: api.example\norigin: null",
            true,
        ),
        (
            "opaque, own host and port",
            &own,
            "host: LOCALHOST:8080\norigin: null\nsec-fetch-site: same-origin",
            false,
        ),
        (
            "opaque, another port",
            &own,
            "host: localhost\norigin: null\nsec-fetch-site: same-origin",
            true,
        ),
    ] {
        for method in ["GET", "POST"] {
            let request = format!("{method} /\n{headers}");
            assert_eq!(
                is_rejected(name, vars, &request),
                rejected,
                "{name}: {request}"
            );
        }
    }
}

#[test]
fn preflights_are_answered_as_without_the_setting() {
    for vars in [REJECTS, &REJECTS.replace("true", "false")] {
        for (origin, status) in [("https://app.example", 204), ("https://evil.example", 403)] {
            let request = format!(
                "OPTIONS /\norigin: {origin}\nsec-fetch-site: same-origin\naccess-control-request-method: PUT"
            );
            let vars = format!("{vars}\nALLOWED_METHODS=PUT");
            let (answer, called) = ask(policy(&vars), &request);
            assert_eq!((answer.status, called), (status, false), "{origin}");
        }
    }
}

#[test]
fn a_rejection_has_vary_like_any_response() {
    let policy = CorsPolicy::builder()
        .allow_origin_fn(|_, head| head.headers().contains_key("x-tenant"))
        .vary_on(["x-tenant"])
        .reject_denied_origins()
        .build()
        .expect("a policy");
    let (answer, called) = ask(policy.clone(), "GET /\norigin: https://a.example");
    assert_eq!(
        (answer.summary().as_str(), called),
        ("403\nvary: Origin, x-tenant", false)
    );
    let (answer, _) = ask(policy, "GET /\norigin: https://a.example\nx-tenant: 1");
    assert_eq!(answer.status, 200);
}

/// On a connection with TLS, the scheme is known.
#[test]
fn with_tls_plain_http_is_another_origin() {
    let tls = Tls::new();
    let server = Server::serve_tls(Cors::new(policy(REJECTS)), tls.server.clone());
    let port = server.address.port();
    for (headers, status) in [
        (format!("origin: https://localhost:{port}"), 200),
        (format!("origin: http://localhost:{port}"), 403),
        (
            format!("origin: https://localhost:{port}\nsec-fetch-site: cross-site"),
            403,
        ),
        ("origin: https://localhost".to_owned(), 403),
        ("origin: https://app.example".to_owned(), 200),
        ("x-nothing: 1".to_owned(), 200),
    ] {
        let request =
            format!("POST / HTTP/1.1\nhost: localhost:{port}\ncontent-length: 0\n{headers}");
        assert_eq!(tls.ask(server.address, &request), status, "{headers}");
    }
}

/// Behind a proxy that terminates TLS, and passes on the host, or does not.
#[test]
fn behind_a_proxy_nothing_same_origin_is_rejected() {
    let keep: Rewrite = |head| head.to_owned();
    let hide: Rewrite = |head| {
        let host = head
            .split("host: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        let host = host.expect("a host").to_owned();
        head.replacen(&format!("host: {host}"), "host: upstream:3000", 1)
    };
    let tell: Rewrite = |head| {
        let host = head
            .split("host: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        let forwarded = format!(
            "x-forwarded-proto: https\r\nx-forwarded-host: {}",
            host.expect("a host")
        );
        head.replacen("host: ", &format!("{forwarded}\r\nhost: upstream-of-"), 1)
    };
    let own = format!("{REJECTS}\nOWN_ORIGINS=https://localhost");
    let trusting = format!("{REJECTS}\nDANGER_TRUST_FORWARDED_HEADERS=1");
    let tls = Tls::new();
    for (name, vars, rewrite, same, plain) in [
        ("the host is kept", REJECTS, keep, 200, 200),
        ("the host is kept, own origins", &own, keep, 200, 403),
        ("the host is hidden, own origins", &own, hide, 200, 403),
        (
            "the host is forwarded and trusted",
            &trusting,
            tell,
            200,
            403,
        ),
        // Without a word of where it is, the service can only be careful.
        ("the host is hidden", REJECTS, hide, 403, 403),
        (
            "the host is forwarded and not trusted",
            REJECTS,
            tell,
            403,
            403,
        ),
    ] {
        let server = Server::serve(Cors::new(policy(vars)), |config| {
            config.route("/", actix_web::web::route().to(actix_web::HttpResponse::Ok));
        });
        let requests = [
            ("origin: https://localhost", same),
            ("origin: http://localhost", plain),
            ("origin: https://evil.example", 403),
            ("origin: https://app.example", 200),
            ("x-nothing: 1", 200),
        ];
        let address = proxy(&tls, server.address, rewrite, requests.len());
        for (headers, status) in requests {
            let request = format!("POST / HTTP/1.1\nhost: localhost\ncontent-length: 0\n{headers}");
            assert_eq!(tls.ask(address, &request), status, "{name}: {headers}");
        }
        // A browser of today says it itself, whatever the proxy does.
        if !vars.contains("OWN_ORIGINS") {
            let address = proxy(&tls, server.address, rewrite, 1);
            let request = "POST / HTTP/1.1\nhost: localhost\ncontent-length: 0\norigin: https://localhost\nsec-fetch-site: same-origin";
            assert_eq!(tls.ask(address, request), 200, "{name}");
        }
    }
}

#[test]
fn websocket_upgrades_are_rejected_on_the_wire() {
    let server = Server::start(policy(REJECTS));
    let port = server.address.port();
    let upgrade = "connection: upgrade\nupgrade: websocket\nsec-websocket-version: 13\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
    for (origin, status) in [
        ("https://app.example".to_owned(), 101),
        ("https://evil.example".to_owned(), 403),
        // `Connection::ask` sends the host without a port.
        ("http://127.0.0.1".to_owned(), 101),
        (format!("http://127.0.0.1:{port}"), 403),
    ] {
        let answer = server.ask(&format!("GET /socket\norigin: {origin}\n{upgrade}"));
        assert_eq!(answer.status, status, "{origin}");
    }
    assert_eq!(server.calls.count(), 2);
}

#[test]
fn own_origins_are_exact_ones_of_the_web() {
    let rule = "own origin must be one exact origin of http or https";
    let remedy =
        "write each origin at which browsers reach the service, such as `https://api.example.com`";
    for (value, wanted) in [
        ("https://*.example.com", format!("CORS_OWN_ORIGINS, entry 1: {rule}: `https://*.example.com` ({remedy})")),
        ("http://localhost:*", format!("CORS_OWN_ORIGINS, entry 1: {rule}: `http://localhost:*` ({remedy})")),
        ("null", format!("CORS_OWN_ORIGINS, entry 1: {rule}: `null` ({remedy})")),
        ("tauri://localhost", format!("CORS_OWN_ORIGINS, entry 1: {rule}: `tauri://localhost` ({remedy})")),
        ("wss://a.example", "CORS_OWN_ORIGINS, entry 1: no page has this scheme: `wss://a.example` (write `https://a.example`)".to_owned()),
        (
            "https://a.example,https://B.example/",
            "CORS_OWN_ORIGINS, entry 2: origin must be in lower case: `https://B.example/` (write `https://b.example`)".to_owned(),
        ),
        (
            "a.example",
            "CORS_OWN_ORIGINS, entry 1: origin must have a scheme: `a.example` (write `https://a.example`)".to_owned(),
        ),
        (
            "*",
            format!("CORS_OWN_ORIGINS, entry 1: {rule}: `*` ({remedy})"),
        ),
        (
            "none",
            format!("CORS_OWN_ORIGINS, entry 1: {rule}: `none` ({remedy})"),
        ),
        (
            "https://a.example https://b.example",
            "CORS_OWN_ORIGINS: list must be entries separated by commas or line breaks, and nothing else: `https://a.example https://b.example` (write `https://a.example,https://b.example`)".to_owned(),
        ),
        ("", "CORS_OWN_ORIGINS: variable is empty: `` (unset it to get the default)".to_owned()),
    ] {
        let errors = try_policy(&format!("{REJECTS}\nOWN_ORIGINS={value}")).expect_err(value);
        assert_eq!(errors.to_string(), wanted);
    }
    // What would be refused as an own origin is not shown as a correction of one.
    let errors =
        try_policy(&format!("{REJECTS}\nOWN_ORIGINS=https://*.b.example/")).expect_err("a path");
    assert!(
        !errors.to_string().contains("(write \"https://*"),
        "{errors}"
    );
}

#[test]
fn a_setting_without_effect_is_a_warning() {
    let own = "setting has no effect: `https://a.example` (denied origins are not rejected; remove it, or set `CORS_REJECT_DENIED_ORIGINS` to `true`)";
    let trust = "setting has no effect: `true` (forwarded headers are read only if denied origins are rejected and own origins are not set; remove it)";
    for (vars, wanted) in [
        ("ALLOWED_ORIGINS=*\nREJECT_DENIED_ORIGINS=true", None),
        ("ALLOWED_ORIGINS=none\nREJECT_DENIED_ORIGINS=true", None),
        (
            "ALLOWED_ORIGINS=none\nOWN_ORIGINS=https://a.example",
            Some(("OWN_ORIGINS, entry 1", own)),
        ),
        (
            "ALLOWED_ORIGINS=none\nREJECT_DENIED_ORIGINS=on\nOWN_ORIGINS=https://a.example",
            None,
        ),
        (
            "ALLOWED_ORIGINS=none\nDANGER_TRUST_FORWARDED_HEADERS=true",
            Some(("DANGER_TRUST_FORWARDED_HEADERS", trust)),
        ),
        (
            "ALLOWED_ORIGINS=none\nREJECT_DENIED_ORIGINS=on\nDANGER_TRUST_FORWARDED_HEADERS=true",
            None,
        ),
        (
            "ALLOWED_ORIGINS=none\nREJECT_DENIED_ORIGINS=on\nOWN_ORIGINS=https://a.example\nDANGER_TRUST_FORWARDED_HEADERS=true",
            Some(("DANGER_TRUST_FORWARDED_HEADERS", trust)),
        ),
    ] {
        let warnings: Vec<String> = policy(vars)
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect();
        let warnings: Vec<&str> = warnings
            .iter()
            .map(String::as_str)
            .filter(|text| text.contains("has no effect"))
            .collect();
        let wanted = wanted.map(|(location, text)| format!("CORS_{location}: {text}"));
        assert_eq!(warnings, wanted.as_deref().as_slice(), "{vars}");
    }
}

/// A page that may read without cookies may not act with them: no form, no beacon, no cookie. And a write of another
/// site without `Origin` is rejected as well. Nothing of this for what reads, and for what is same-origin.
#[test]
fn to_read_is_not_to_act() {
    let any = "ALLOWED_ORIGINS=*\nREJECT_DENIED_ORIGINS=true";
    let credentials = format!("{REJECTS}\nALLOW_CREDENTIALS=true");
    let some = format!("{any}\nALLOW_CREDENTIALS_FOR=https://app.example");
    let lenient = "ALLOWED_ORIGINS=https://app.example";
    let own = format!("{REJECTS}\nOWN_ORIGINS=https://api.example");
    let form = "origin: https://app.example\nsec-fetch-site: cross-site\nsec-fetch-mode: navigate";
    let beacon = "origin: https://app.example\nsec-fetch-site: same-site\nsec-fetch-mode: no-cors";
    let cookie = "origin: https://app.example\ncookie: session=1";
    let fetch = "origin: https://app.example\nsec-fetch-site: cross-site\nsec-fetch-mode: cors";
    let silent = "sec-fetch-site: cross-site";
    for (name, vars, headers, rejected) in [
        ("a form of an allowed origin", REJECTS, form, true),
        ("a beacon of an allowed origin", REJECTS, beacon, true),
        ("cookies of an allowed origin", REJECTS, cookie, true),
        ("fetch without cookies", REJECTS, fetch, false),
        ("a form, any origin", any, form, true),
        ("a beacon, any origin", any, beacon, true),
        ("cookies, any origin", any, cookie, true),
        ("fetch without cookies, any origin", any, fetch, false),
        ("a form, with credentials", &credentials, form, false),
        ("cookies, with credentials", &credentials, cookie, false),
        ("a form, with credentials for it", &some, form, false),
        ("cookies, with credentials for it", &some, cookie, false),
        (
            "a form, with credentials for another origin",
            &some,
            "origin: https://b.example\nsec-fetch-mode: navigate",
            true,
        ),
        ("a form, where nothing is rejected", lenient, form, false),
        ("cookies, where nothing is rejected", lenient, cookie, false),
        (
            "an empty cookie",
            REJECTS,
            "origin: https://app.example\ncookie:",
            true,
        ),
        (
            "two modes, of which one is a form's",
            REJECTS,
            "origin: https://app.example\nsec-fetch-mode: cors\nsec-fetch-mode: navigate",
            true,
        ),
        (
            "not in the browser's words",
            REJECTS,
            "origin: https://app.example\nsec-fetch-mode: Navigate",
            false,
        ),
        (
            "the browser says same-origin",
            REJECTS,
            "origin: https://app.example\nsec-fetch-site: same-origin\nsec-fetch-mode: navigate",
            false,
        ),
        (
            "a form by the user's own doing",
            REJECTS,
            "origin: https://app.example\nsec-fetch-site: none\nsec-fetch-mode: navigate",
            true,
        ),
        (
            "the same host",
            "ALLOWED_ORIGINS=*\nREJECT_DENIED_ORIGINS=1",
            "host: api.example\norigin: https://api.example\ncookie: session=1",
            false,
        ),
        (
            "an own origin",
            &own,
            "origin: https://api.example\ncookie: session=1",
            false,
        ),
        ("a write of another site", REJECTS, silent, true),
        ("a write of another site, any origin", any, silent, true),
        (
            "a write of another site, with credentials",
            &credentials,
            silent,
            true,
        ),
        (
            "a write of another site, where nothing is rejected",
            lenient,
            silent,
            false,
        ),
        (
            "a write of a sibling",
            REJECTS,
            "sec-fetch-site: same-site",
            true,
        ),
        (
            "a write of the same origin",
            REJECTS,
            "sec-fetch-site: same-origin",
            false,
        ),
        (
            "a write of the user",
            REJECTS,
            "sec-fetch-site: none",
            false,
        ),
        ("a program", REJECTS, "cookie: session=1", false),
        (
            "what no browser says",
            REJECTS,
            "sec-fetch-site: cross-site\nsec-fetch-site: cross-site",
            false,
        ),
    ] {
        for (method, writes) in [
            ("POST", true),
            ("PUT", true),
            ("DELETE", true),
            ("BREW", true),
            ("GET", false),
            ("HEAD", false),
            ("OPTIONS", false),
        ] {
            let request = format!("{method} /\n{headers}");
            let is_rejected = is_rejected(name, vars, &request);
            assert_eq!(is_rejected, rejected && writes, "{name}: {request}");
        }
    }
}

/// A login that returns by a form, a beacon, a report: their path has a policy that rejects nothing.
#[test]
fn a_path_may_let_other_sites_act() {
    let cors = Cors::new(policy(REJECTS))
        .at("/login/callback", CorsPolicy::deny_all())
        .expect("a prefix");
    let server = Server::serve(cors, routes);
    let form = "origin: https://bank.example\nsec-fetch-site: cross-site\nsec-fetch-mode: navigate";
    for (path, rejected) in [
        ("/login/callback", false),
        ("/login/callback/", false),
        ("/login", true),
        ("/login/callbacks", true),
    ] {
        let answer = server.ask(&format!("POST {path}\n{form}"));
        assert_eq!(answer.status == 403, rejected, "{path}");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}

/// The column of this crate in the guide's comparison.
#[test]
fn the_guide_says_what_is_rejected() {
    const GUIDE: &str = include_str!("../../src/guides/cors_and_cross_site_requests.md");
    let own = "OWN_ORIGINS=https://api.example";
    let listed = &format!("{REJECTS}\n{own}");
    let credentials = &format!("{listed}\nALLOW_CREDENTIALS=true");
    let any = &format!("ALLOWED_ORIGINS=*\nREJECT_DENIED_ORIGINS=true\n{own}");
    let cross = "sec-fetch-site: cross-site\n";
    let rows = [
        (
            "a form of the service's own page",
            listed,
            "POST /\nhost: api.example\norigin: https://api.example\nsec-fetch-site: same-origin\nsec-fetch-mode: navigate".to_owned(),
        ),
        (
            "a form of another site",
            listed,
            format!("POST /\n{cross}origin: https://evil.example\nsec-fetch-mode: navigate"),
        ),
        (
            "a form of a sibling, `Sec-Fetch-Site: same-site`",
            listed,
            "POST /\nsec-fetch-site: same-site\norigin: https://blog.example\nsec-fetch-mode: navigate".to_owned(),
        ),
        (
            "a form of a listed origin, with credentials",
            credentials,
            format!("POST /\n{cross}origin: https://app.example\nsec-fetch-mode: navigate\ncookie: a=b"),
        ),
        (
            "a form of a listed origin, without credentials",
            listed,
            format!("POST /\n{cross}origin: https://app.example\nsec-fetch-mode: navigate"),
        ),
        (
            "`fetch` without cookies of a listed origin",
            listed,
            format!("POST /\n{cross}origin: https://app.example\nsec-fetch-mode: cors"),
        ),
        (
            "`fetch` without cookies, any origin allowed",
            any,
            format!("POST /\n{cross}origin: https://evil.example\nsec-fetch-mode: cors"),
        ),
        (
            "a form of another site, any origin allowed",
            any,
            format!("POST /\n{cross}origin: https://evil.example\nsec-fetch-mode: navigate"),
        ),
        (
            "a denied `Origin` with `Sec-Fetch-Site: none`",
            listed,
            "POST /\nsec-fetch-site: none\norigin: https://evil.example".to_owned(),
        ),
        (
            "`Origin` of another site, an old browser",
            listed,
            "POST /\norigin: https://evil.example".to_owned(),
        ),
        (
            "`Origin` with the service's host and the other scheme, an old browser, TLS",
            listed,
            "POST /\nhost: api.example\norigin: http://api.example".to_owned(),
        ),
        (
            "a WebSocket of another site",
            listed,
            "GET /\norigin: https://evil.example\nconnection: upgrade\nupgrade: websocket".to_owned(),
        ),
        (
            "`GET` by `fetch` of another site",
            listed,
            format!("GET /\n{cross}origin: https://evil.example\nsec-fetch-mode: cors"),
        ),
        (
            "DNS rebinding, own origins set",
            listed,
            "POST /\nhost: evil.example\norigin: https://evil.example\nsec-fetch-site: same-origin".to_owned(),
        ),
        (
            "neither `Origin` nor `Sec-Fetch-Site`",
            listed,
            "POST /\ncookie: a=b".to_owned(),
        ),
    ];
    let table = GUIDE
        .split("| request | this crate |")
        .nth(1)
        .expect("a table");
    let shown: Vec<(&str, &str)> = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| "))
        .map(|line| line.split_once(" | ").expect("columns"))
        .map(|(name, columns)| (name, columns.split(" | ").next().expect("a column")))
        .collect();
    let decided: Vec<(&str, &str)> = rows
        .iter()
        .map(
            |(name, vars, request)| match is_rejected(name, vars, request) {
                true => (*name, "rejected"),
                false => (*name, "passes"),
            },
        )
        .collect();
    assert_eq!(shown, decided);
}

/// A list that came out empty would silently let the request say what is same-origin.
#[test]
fn own_origins_must_not_be_empty() {
    let errors = CorsPolicy::builder()
        .allow_no_origin()
        .reject_denied_origins()
        .own_origins(Vec::<String>::new())
        .build()
        .expect_err("none is named");
    assert_eq!(
        errors.to_string(),
        "own_origins: own origins must not be an empty list (name at least one, or do not call it)"
    );
}

#[test]
fn all_requests_except_same_origin_ones_can_be_rejected() {
    let policy = CorsPolicy::builder()
        .allow_no_origin()
        .reject_denied_origins()
        .build()
        .expect("a policy");
    for (headers, status) in [
        ("origin: https://a.example", 403),
        ("origin: https://a.example\nhost: a.example", 200),
        ("x-nothing: 1", 200),
    ] {
        let (answer, _) = ask(policy.clone(), &format!("POST /\n{headers}"));
        assert_eq!(answer.status, status, "{headers}");
    }
    let errors = CorsPolicy::builder().reject_denied_origins().build();
    assert_eq!(
        errors.expect_err("no origins").to_string(),
        "build: no setting says which origins are allowed (call allow_origin(…) or another of its kind, or allow_no_origin())"
    );
}
