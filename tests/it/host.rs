//! Where a request was sent to: over HTTP/1.1, over HTTP/2, and by an absolute target.

use actix_cors_policy::{Cors, CorsPolicy, CorsRequest, Denial, Outcome, request_host};
use actix_web::{
    http::{Uri, Version},
    test::TestRequest,
};

use crate::{
    support::{Connection, Server, policy},
    tls::Tls,
};

const REJECTS: &str = "ALLOWED_ORIGINS=https://app.example\nREJECT_DENIED_ORIGINS=true";

/// A request to a target, in the form of its version, with lines of headers.
fn request(version: Version, target: &str, headers: &str) -> TestRequest {
    let uri: Uri = target.parse().expect("a target");
    let mut request = TestRequest::post().uri("/").version(version);
    for line in headers.lines() {
        let (name, value) = line.split_once(": ").expect("name: value");
        let value: Vec<u8> = value
            .chars()
            .map(|c| u8::try_from(c).expect("Latin-1"))
            .collect();
        let value = actix_web::http::header::HeaderValue::from_bytes(&value).expect("a value");
        request = request.append_header((name, value));
    }
    request.uri(&uri.to_string())
}

#[test]
fn the_host_is_the_authority_or_else_the_one_host_line() {
    let (one, two) = (Version::HTTP_11, Version::HTTP_2);
    for (version, target, headers, wanted) in [
        (one, "/", "host: api.example", Some("api.example")),
        (one, "/", "host: API.example:443", Some("API.example:443")),
        (one, "/", "host: api.example.", Some("api.example.")),
        (one, "/", "host: [::1]:8080", Some("[::1]:8080")),
        (one, "/", "", None),
        (one, "/", "host: ", Some("")),
        (one, "/", "host: a.example\nhost: a.example", None),
        (one, "/", "host: \u{e9}.example", None),
        (
            one,
            "//evil.example/",
            "host: api.example",
            Some("api.example"),
        ),
        (
            one,
            "/",
            "x-forwarded-host: evil.example\nforwarded: host=evil.example",
            None,
        ),
        // An absolute target wins over Host: RFC 9112, section 3.2.2.
        (
            one,
            "http://target.example/",
            "host: api.example",
            Some("target.example"),
        ),
        (
            one,
            "http://target.example:80/",
            "",
            Some("target.example:80"),
        ),
        (
            one,
            "http://target.example",
            "host: a\nhost: b",
            Some("target.example"),
        ),
        (
            one,
            "http://user@api.example/",
            "host: api.example",
            Some("user@api.example"),
        ),
        // HTTP/2 has :authority, and seldom Host.
        (two, "https://api.example/", "", Some("api.example")),
        (
            two,
            "https://API.example:8443/",
            "",
            Some("API.example:8443"),
        ),
        (
            two,
            "https://api.example/",
            "host: evil.example",
            Some("api.example"),
        ),
        (
            two,
            "https://api.example/",
            "x-forwarded-host: evil.example",
            Some("api.example"),
        ),
        (two, "/", "host: api.example", Some("api.example")),
        (two, "/", "", None),
    ] {
        let request = request(version, target, headers).to_request();
        assert_eq!(
            request_host(request.head()),
            wanted,
            "{version:?} {target} {headers}"
        );
    }
}

/// The policy of `examples/predicate.rs`.
fn tenants() -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origin_fn(|origin, head| match request_host(head) {
            Some("api.red.example") => origin.as_str() == "https://red.example",
            Some("api.blue.example") => origin.as_str() == "https://blue.example:8443",
            _ => false,
        })
        .vary_on(["host"])
        .build()
        .expect("a policy")
}

#[test]
fn a_predicate_reads_the_same_host_over_every_version() {
    let server = Server::serve_h2c(Cors::new(tenants()));
    let red = "https://red.example";
    for (host, origin, allowed) in [
        ("api.red.example", red, true),
        ("api.blue.example", red, false),
        ("api.blue.example", "https://blue.example:8443", true),
        ("api.red.example:80", red, false),
        ("evil.example", red, false),
    ] {
        let wanted = if allowed {
            vec![origin.to_owned()]
        } else {
            Vec::new()
        };
        let lines = format!("origin: {origin}");
        let preflight = "access-control-request-method: GET";
        let mut answers = vec![
            (
                "HTTP/2",
                server.ask_h2(Some(host), &format!("GET /\n{lines}")),
            ),
            (
                "HTTP/2, another Host",
                server.ask_h2(Some(host), &format!("GET /\n{lines}\nhost: x")),
            ),
            (
                "HTTP/2, Host alone",
                server.ask_h2(None, &format!("GET /\n{lines}\nhost: {host}")),
            ),
            (
                "HTTP/2, preflight",
                server.ask_h2(Some(host), &format!("OPTIONS /\n{lines}\n{preflight}")),
            ),
        ];
        for (name, head) in [
            ("HTTP/1.1", format!("GET / HTTP/1.1\nhost: {host}\n{lines}")),
            (
                "absolute",
                format!("GET http://{host}/ HTTP/1.1\nhost: {host}\n{lines}"),
            ),
            (
                "absolute, another Host",
                format!("GET http://{host}/ HTTP/1.1\nhost: x\n{lines}"),
            ),
            (
                "absolute, preflight",
                format!("OPTIONS http://{host}/ HTTP/1.1\nhost: x\n{lines}\n{preflight}"),
            ),
        ] {
            let head = format!("{head}\n\n").replace('\n', "\r\n");
            let mut connection = Connection::open(server.address);
            answers.push((name, connection.send(head.as_bytes(), false)));
        }
        for (name, answer) in answers {
            let name = format!("{name} to {host}, {origin}");
            assert_eq!(
                answer.header("access-control-allow-origin"),
                wanted,
                "{name}"
            );
            let vary = answer.header("vary").concat();
            assert!(
                vary.starts_with("Origin") && vary.ends_with("host"),
                "{name}: {vary}"
            );
        }
    }
}

#[test]
fn the_router_reads_the_path_alone_and_actix_reads_host_first() {
    // What the docs of `request_host` say of others: if this fails, they are to be changed.
    let target = request(
        Version::HTTP_11,
        "http://target.example/",
        "host: api.example",
    );
    let request = target.to_srv_request();
    assert_eq!(request.connection_info().host(), "api.example");
    assert_eq!(request.path(), "/");
    assert_eq!(request.match_info().as_str(), "/");
}

#[test]
fn same_origin_is_recognized_over_every_version() {
    let server = Server::serve_h2c(Cors::new(policy(REJECTS)));
    let own = format!("{REJECTS}\nOWN_ORIGINS=https://api.example");
    let with_own = Server::serve_h2c(Cors::new(policy(&own)));
    let browser = "origin: null\nsec-fetch-site: same-origin";
    for (server, authority, headers, status) in [
        (
            &server,
            Some("api.example"),
            "origin: https://api.example",
            200,
        ),
        (
            &server,
            Some("api.example"),
            "origin: http://api.example",
            200,
        ),
        (
            &server,
            Some("api.example:443"),
            "origin: https://api.example",
            200,
        ),
        (
            &server,
            Some("API.example"),
            "origin: https://api.example",
            200,
        ),
        (
            &server,
            Some("api.example"),
            "origin: https://evil.example\nhost: evil.example",
            403,
        ),
        (
            &server,
            None,
            "origin: https://api.example\nhost: api.example",
            200,
        ),
        (&server, None, "origin: https://api.example", 403),
        (&with_own, Some("api.example"), browser, 200),
        (&with_own, Some("evil.example"), browser, 403),
        (
            &with_own,
            Some("evil.example"),
            &format!("{browser}\nhost: api.example"),
            403,
        ),
    ] {
        let answer = server.ask_h2(authority, &format!("POST /\n{headers}"));
        assert_eq!(answer.status, status, "{authority:?} {headers}");
    }
    // A request that is no browser's, over HTTP/1.1: its target counts.
    for (target, host, status) in [
        ("http://api.example/", "evil.example", 200),
        ("http://evil.example/", "api.example", 403),
        ("/", "api.example", 200),
    ] {
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\norigin: https://api.example\r\n\r\n"
        );
        let answer = Connection::open(server.address).send(head.as_bytes(), false);
        assert_eq!(answer.status, status, "{target} {host}");
    }
}

/// It names what the decision read, and all of it.
#[test]
fn a_rejection_says_what_was_compared() {
    let own = format!("{REJECTS}\nOWN_ORIGINS=https://api.example");
    let trusting = format!("{REJECTS}\nDANGER_TRUST_FORWARDED_HEADERS=1");
    let (one, two) = (Version::HTTP_11, Version::HTTP_2);
    let api = "https://api.example/";
    for (vars, version, target, headers, tls, wanted) in [
        (
            REJECTS,
            two,
            api,
            "",
            false,
            r"scheme `http` or `https`, :authority `api.example`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            two,
            api,
            "host: b.example",
            false,
            r"scheme `http` or `https`, :authority `api.example`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            two,
            "/",
            "host: api.example",
            true,
            r"scheme `https`, host `api.example`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: api.example",
            false,
            r"scheme `http` or `https`, host `api.example`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "/",
            "",
            true,
            r"scheme `https`, host absent, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: b.example\nhost: b.example",
            false,
            r"scheme `http` or `https`, host in 2 lines, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: \u{e9}",
            false,
            r"scheme `http` or `https`, host `\xe9`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "http://api.example/",
            "host: b.example",
            false,
            r"scheme `http` or `https`, host of the target `api.example`, sec-fetch-site absent",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: b.example\nsec-fetch-site: cross-site",
            false,
            r"sec-fetch-site `cross-site`",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: b.example\nsec-fetch-site: same-site",
            true,
            r"sec-fetch-site `same-site`",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: x\nsec-fetch-site: none",
            true,
            r"scheme `https`, host `x`, sec-fetch-site `none`",
        ),
        (
            REJECTS,
            one,
            "/",
            "host: x\nsec-fetch-site: a\nsec-fetch-site: b",
            true,
            r"scheme `https`, host `x`, sec-fetch-site in 2 lines",
        ),
        (&own, two, api, "", false, "not one of the own origins"),
        (
            &own,
            one,
            "/",
            "host: api.example\nsec-fetch-site: cross-site",
            false,
            "not one of the own origins",
        ),
        (
            &own,
            two,
            "https://c.example/",
            "host: api.example\nsec-fetch-site: same-origin",
            true,
            r"not one of the own origins, nor sent to one: :authority `c.example`",
        ),
        (
            &own,
            one,
            "/",
            "sec-fetch-site: same-origin",
            true,
            "not one of the own origins, nor sent to one: host absent",
        ),
        (
            &trusting,
            two,
            api,
            "x-forwarded-host: c.example\nx-forwarded-proto: http",
            true,
            r"scheme `http`, forwarded host `c.example`, sec-fetch-site absent",
        ),
        (
            &trusting,
            one,
            "/",
            "host: b.example\nforwarded: proto=http",
            false,
            r"scheme `http`, host `b.example`, sec-fetch-site absent",
        ),
        (
            &trusting,
            one,
            "/",
            "host: b.example\nx-forwarded-proto: a\\u{1b}b",
            false,
            r"scheme `a\u{1b}b`, host `b.example`, sec-fetch-site absent",
        ),
        // What a request says is no part of the reason's own words.
        (
            REJECTS,
            one,
            "/",
            "host: is not a serialized origin",
            true,
            r"scheme `https`, host `is not a serialized origin`, sec-fetch-site absent",
        ),
    ] {
        let headers = format!("origin: https://b.example:8443\n{headers}");
        let request = request(version, target, headers.trim_end()).to_request();
        let mut asked = CorsRequest::from(request.head());
        if tls {
            asked = asked.over_tls();
        }
        let explanation = policy(vars).explain(&asked);
        let wanted = format!(
            "origin `https://b.example:8443` is not allowed, nor is it same-origin ({wanted})"
        );
        assert_eq!(
            explanation.reason(),
            Some(&*wanted),
            "{version:?} {target} {headers}"
        );
        assert_eq!(explanation.denial(), Some(Denial::OriginNotAllowed));
        assert_eq!(explanation.status(), Some(403));
    }
}

/// The scheme is what tells them apart, so the reason names it.
#[test]
fn a_rejection_by_its_scheme_says_so() {
    let request = CorsRequest::actual("http://api.example", "POST").to("https://api.example");
    let explanation = policy(REJECTS).explain(&request);
    assert_eq!(
        explanation.reason(),
        Some(
            r"origin `http://api.example` is not allowed, nor is it same-origin (scheme `https`, host `api.example`, sec-fetch-site absent)"
        )
    );
}

/// A location that a person names is where the request is sent to, whatever its target was.
#[test]
fn a_received_request_can_be_explained_for_another_url() {
    let came = request(
        Version::HTTP_2,
        "https://api.blue.example/a?b",
        "origin: https://red.example",
    );
    let came = CorsRequest::from(came.to_request().head());
    assert!(!tenants().explain(&came).is_allowed());
    assert!(
        tenants()
            .explain(&came.clone().to("https://api.red.example"))
            .is_allowed()
    );
    assert!(
        !tenants()
            .explain(&came.to("https://api.blue.example"))
            .is_allowed()
    );
    // The preflight of what came over HTTP/2 is sent to the same location.
    let put = request(
        Version::HTTP_2,
        "https://api.red.example/",
        "origin: https://red.example",
    );
    let put = CorsRequest::from(put.method(actix_web::http::Method::PUT).to_request().head());
    let explanation = tenants().explain(&put);
    assert_eq!(explanation.denial(), Some(Denial::MethodNotAllowed));
}

/// As the log and observers say, such a request is not denied.
#[test]
fn a_received_request_of_a_page_to_its_own_origin_is_explained_as_such() {
    let explained = |headers: &str| {
        let policy = policy("ALLOWED_ORIGINS=https://a.example");
        let came = request(Version::HTTP_11, "/", headers);
        let came = came.method(actix_web::http::Method::POST).to_request();
        policy.explain(&CorsRequest::from(came.head())).outcome()
    };
    for (headers, outcome) in [
        (
            "origin: https://b.example\nhost: b.example",
            Outcome::SameOrigin,
        ),
        (
            "origin: http://b.example:80\nhost: b.example",
            Outcome::Denied,
        ),
        (
            "origin: https://b.example\nhost: c.example",
            Outcome::Denied,
        ),
        ("origin: https://b.example", Outcome::Denied),
        (
            "origin: https://b.example\nhost: c.example\nsec-fetch-site: same-origin",
            Outcome::SameOrigin,
        ),
        (
            "origin: https://b.example\nhost: b.example\nsec-fetch-site: cross-site",
            Outcome::Denied,
        ),
        (
            "origin: https://a.example\nhost: b.example",
            Outcome::Allowed,
        ),
    ] {
        assert_eq!(explained(headers), outcome, "{headers}");
    }
}

/// With TLS, HTTP/1.1 too has an absolute form, and the connection says the scheme.
#[test]
fn with_tls_the_scheme_of_the_target_does_not_matter() {
    let tls = Tls::new();
    let server = Server::serve_tls(Cors::new(policy(REJECTS)), tls.server.clone());
    for (origin, status) in [("https://api.example", 200), ("http://api.example", 403)] {
        let head = format!(
            "POST http://api.example/ HTTP/1.1\nhost: localhost\ncontent-length: 0\norigin: {origin}"
        );
        assert_eq!(tls.ask(server.address, &head), status, "{origin}");
    }
}
