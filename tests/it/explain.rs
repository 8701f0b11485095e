//! `explain`: near misses with their sentences, and answers that are those of the layer.

use actix_cors_policy::{
    CorsPolicy, CorsRequest, Denial, Difference, Explanation, Outcome, RequestKind,
};
use actix_web::http::Method;

use crate::support::policy;

fn near(policy: &CorsPolicy, request: &CorsRequest) -> (String, Vec<Difference>, String) {
    let explanation = policy.explain(request);
    assert!(!explanation.is_allowed(), "{explanation}");
    match explanation.near_miss() {
        None => ("none".to_owned(), Vec::new(), String::new()),
        Some(near) => {
            let location = match (near.entry(), near.location()) {
                (Some(entry), Some(location)) => format!("{entry} ({location})"),
                _ => String::new(),
            };
            (near.to_string(), near.differences().to_vec(), location)
        }
    }
}

#[test]
fn the_entry_nearest_to_a_denied_origin_is_named() {
    use Difference as D;

    const ONE: &str = "https://app.example.com";
    for (entries, origin, wanted, differences, entry) in [
        (
            ONE,
            "http://app.example.com",
            "`http` where the entry has `https`",
            &[D::Scheme][..],
            1,
        ),
        (
            ONE,
            "wss://app.example.com",
            "`wss` where the entry has `https`",
            &[D::Scheme],
            1,
        ),
        (
            "http://localhost:3000",
            "http://localhost:5173",
            "port 5173 where the entry has 3000",
            &[D::Port],
            1,
        ),
        (
            "http://localhost:3000",
            "http://localhost",
            "the default port where the entry has 3000",
            &[D::Port],
            1,
        ),
        (
            ONE,
            "https://app.example.com:8443",
            "port 8443 where the entry has the default one",
            &[D::Port],
            1,
        ),
        (
            "http://localhost:3000",
            "https://localhost:5173",
            "`https` where the entry has `http`, and port 5173 where the entry has 3000",
            &[D::Scheme, D::Port],
            1,
        ),
        (
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "`127.0.0.1` where the entry has `localhost`, which are two origins to a browser",
            &[D::Loopback],
            1,
        ),
        (
            "http://127.0.0.1:*",
            "http://[::1]:8080",
            "`[::1]` where the entry has `127.0.0.1`, which are two origins to a browser",
            &[D::Loopback],
            1,
        ),
        (
            "https://*.a.example",
            "https://a.example",
            "`https://*.a.example` does not cover `https://a.example` itself",
            &[D::Apex],
            1,
        ),
        (
            "https://*.a.example:*",
            "https://a.example:99",
            "`https://*.a.example:*` does not cover `https://a.example:99` itself",
            &[D::Apex],
            1,
        ),
        (
            "https://*.a.example",
            "http://a.example",
            "`http` where the entry has `https`, and only subdomains of `a.example` are covered",
            &[D::Scheme, D::Apex],
            1,
        ),
        (
            "https://*.a.example",
            "http://b.a.example",
            "`http` where the entry has `https`",
            &[D::Scheme],
            1,
        ),
        (
            "https://*.a.example",
            "https://b.a.example:8443",
            "port 8443 where the entry has the default one",
            &[D::Port],
            1,
        ),
        (
            "https://*.example.com",
            "https://a.exmaple.com",
            "`a.exmaple.com` where the entry has what is below `example.com`",
            &[D::Host],
            1,
        ),
        (
            "https://example.com",
            "https://www.example.com",
            "`www.example.com` where the entry has `example.com`",
            &[D::Www],
            1,
        ),
        (
            "https://www.example.com",
            "https://example.com",
            "`example.com` where the entry has `www.example.com`",
            &[D::Www],
            1,
        ),
        (
            ONE,
            "https://example.com",
            "`example.com` without the subdomain `app` that the entry has",
            &[D::MissingSubdomain],
            1,
        ),
        (
            ONE,
            "https://v2.app.example.com",
            "`v2.app.example.com` is below `app.example.com`, and an entry covers subdomains only if it has `*.`",
            &[D::Subdomain],
            1,
        ),
        (
            ONE,
            "https://app.exmaple.com",
            "`app.exmaple.com` where the entry has `app.example.com`",
            &[D::Host],
            1,
        ),
        (
            ONE,
            "https://ap.example.con",
            "`ap.example.con` where the entry has `app.example.com`",
            &[D::Host],
            1,
        ),
        (
            ONE,
            "https://app.example.org",
            "`app.example.org` where the entry has `app.example.com`",
            &[D::TopLevel],
            1,
        ),
        (
            ONE,
            "https://app.example.com/",
            "`https://app.example.com/` has a slash at the end; a browser sends `https://app.example.com`, which is allowed",
            &[D::TrailingSlash],
            1,
        ),
        (
            ONE,
            "https://other.example.net/",
            "`https://other.example.net/` has a slash at the end; a browser sends `https://other.example.net`, which is not allowed either",
            &[D::TrailingSlash],
            0,
        ),
        (
            ONE,
            "HTTPS://App.Example.com",
            "`HTTPS://App.Example.com` has upper case; a browser sends `https://app.example.com`, which is allowed",
            &[D::UpperCase],
            1,
        ),
        (
            ONE,
            "https://app.example.com:443",
            "`https://app.example.com:443` has the default port; a browser sends `https://app.example.com`, which is allowed",
            &[D::DefaultPort],
            1,
        ),
        (
            ONE,
            "app.example.com",
            "`app.example.com` has no scheme; a browser sends `https://app.example.com`, which is allowed",
            &[D::MissingScheme],
            1,
        ),
        (
            ONE,
            "https://app.example.com/login?next=1",
            "`https://app.example.com/login?next=1` has more than scheme, host and port; a browser sends `https://app.example.com`, which is allowed",
            &[D::Form],
            1,
        ),
        (
            ONE,
            "https://app.example.com.",
            "`app.example.com.` where the host of the entry has no dot at the end",
            &[D::EndDot],
            1,
        ),
        (
            "https://*.example.com",
            "https://a.example.com.",
            "`a.example.com.` where the host of the entry has no dot at the end",
            &[D::EndDot],
            1,
        ),
        (
            "app://a.",
            "app://a",
            "`a` where the host of the entry has a dot at the end",
            &[D::EndDot],
            1,
        ),
        (
            ONE,
            "https://app.example.com, https://b.example",
            "there are several origins in one header, but a browser sends one",
            &[D::Several],
            0,
        ),
        (
            ONE,
            "file:///home/me/index.html",
            "browsers send `null` as the origin of a file",
            &[D::Opaque],
            0,
        ),
        (
            ONE,
            "null",
            "`null` is an opaque origin, such as that of a file or of a sandboxed frame, and needs its own entry: `null`",
            &[D::Opaque],
            0,
        ),
        (
            "none",
            "https://app.example.com",
            "the policy allows no origin",
            &[D::NoOrigins],
            0,
        ),
        (
            "none",
            "null",
            "the policy allows no origin",
            &[D::NoOrigins],
            0,
        ),
        (
            ONE,
            "https://app.example.com.evil.test",
            "`app.example.com.evil.test` is another host, which only begins like `app.example.com`",
            &[D::LookAlike],
            1,
        ),
        (
            ONE,
            "https://app.example.com-evil.test",
            "`app.example.com-evil.test` is another host, which only begins like `app.example.com`",
            &[D::LookAlike],
            1,
        ),
        (
            ONE,
            "https://evil-app.example.com",
            "`evil-app.example.com` is another host, which only ends like `app.example.com`",
            &[D::LookAlike],
            1,
        ),
        (
            "https://*.example.com",
            "https://evilexample.com",
            "`evilexample.com` is another host, which only ends like `example.com`",
            &[D::LookAlike],
            1,
        ),
        (
            "https://*.example.com",
            "https://app.example.com.evil.test",
            "`app.example.com.evil.test` is another host, which only begins like `example.com`",
            &[D::LookAlike],
            1,
        ),
        (
            "https://example.com",
            "https://example.com.evil.test",
            "`example.com.evil.test` is another host, which only begins like `example.com`",
            &[D::LookAlike],
            1,
        ),
        ("https://*.example.com", "https://evil.test", "none", &[], 0),
        (
            "https://*.example.com",
            "https://example.community",
            "none",
            &[],
            0,
        ),
        (
            "http://localhost:3000",
            "http://localhost.evil.test:3000",
            "`localhost.evil.test` is another host, which only begins like `localhost`",
            &[D::LookAlike],
            1,
        ),
        (
            "http://intranet",
            "http://intranet.evil.test",
            "none",
            &[],
            0,
        ),
        (ONE, "https://evil.test", "none", &[], 0),
        (ONE, "https://other.example.com", "none", &[], 0),
        (ONE, "\u{1}", "none", &[], 0),
        (
            "https://b.example.net,https://app.example.com,https://app.example.co",
            "http://app.example.com",
            "`http` where the entry has `https`",
            &[D::Scheme],
            2,
        ),
    ] {
        let policy = policy(&format!("ALLOWED_ORIGINS={entries}"));
        let (sentence, found, location) = near(&policy, &CorsRequest::actual(origin, "GET"));
        assert_eq!(
            (&*sentence, &*found),
            (wanted, differences),
            "{origin} by {entries}"
        );
        let wanted = match entry {
            0 => String::new(),
            number => format!(
                "{} (CORS_ALLOWED_ORIGINS, entry {number})",
                entries.split(',').nth(number - 1).expect("an entry")
            ),
        };
        assert_eq!(location, wanted, "{origin} by {entries}");
    }
}

#[test]
fn regexes_are_near_by_scheme_port_and_www() {
    let policy =
        policy(r"ALLOWED_ORIGIN_REGEXES=https://x\.example https://(www\.)?pr-\d+\.example\.dev");
    for (origin, wanted) in [
        (
            "http://pr-7.example.dev",
            "`http` where the regex admits `https`",
        ),
        (
            "https://pr-7.example.dev:81",
            "port 81 where the regex admits the default one",
        ),
        (
            "https://www.x.example",
            "`www.x.example` where the regex admits `x.example`",
        ),
        ("https://pr-7.example.org", "none"),
    ] {
        let (sentence, _, location) = near(&policy, &CorsRequest::actual(origin, "GET"));
        assert_eq!(sentence, wanted, "{origin}");
        assert_eq!(location.is_empty(), wanted == "none", "{location}");
    }
    let explanation = policy.explain(&CorsRequest::actual("https://pr-7.example.dev", "GET"));
    assert_eq!(
        explanation.allowed_by().expect("allowed").to_string(),
        r"https://(www\.)?pr-\d+\.example\.dev (CORS_ALLOWED_ORIGIN_REGEXES, entry 2)"
    );
}

#[test]
fn a_denied_method_header_or_credentials_has_a_fix() {
    const A: &str = "https://a.example";
    let listed = policy(
        "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT,PATCH\nALLOWED_HEADERS=x-request-id",
    );
    let any = policy("ALLOWED_ORIGINS=*\nALLOWED_METHODS=*\nALLOWED_HEADERS=*");
    let built = CorsPolicy::builder()
        .allow_origin(A)
        .allow_any_header()
        .build()
        .expect("a policy");
    let admin = CorsPolicy::from_vars("ADMIN_CORS_", [("ADMIN_CORS_ALLOWED_ORIGINS", A)])
        .expect("a policy");
    let ask = |method: &str, headers: &[&str]| CorsRequest::actual(A, method).headers(headers);
    for (policy, request, wanted, denial) in [
        (
            &listed,
            ask("DELETE", &[]),
            "`DELETE` is not among the allowed methods",
            Denial::MethodNotAllowed,
        ),
        (
            &listed,
            ask("patch", &[]),
            "`patch` where `PATCH` is allowed, and methods are case-sensitive",
            Denial::MethodNotAllowed,
        ),
        (&listed, ask("TRACE", &[]), "none", Denial::MethodForbidden),
        (&listed, ask("P T", &[]), "none", Denial::MethodMalformed),
        (
            &listed,
            ask("GET", &["X-Foo"]),
            "`x-foo` is not among the allowed headers",
            Denial::HeaderNotAllowed,
        ),
        (
            &listed,
            ask("GET", &["x_request_id"]),
            "`x_request_id` where `x-request-id` is allowed",
            Denial::HeaderNotAllowed,
        ),
        (
            &listed,
            ask("GET", &["x-request-di"]),
            "`x-request-di` where `x-request-id` is allowed",
            Denial::HeaderNotAllowed,
        ),
        (
            &listed,
            ask("GET", &["cookie"]),
            "`cookie` is a header that no page can set, so no browser asks for it",
            Denial::HeaderNotAllowed,
        ),
        (
            &listed,
            ask("GET", &["a b"]),
            "none",
            Denial::HeaderMalformed,
        ),
        (
            &listed,
            ask("GET", &["content-type"]),
            "`content-type` is not among the allowed headers",
            Denial::HeaderNotAllowed,
        ),
        (
            &listed,
            ask("GET", &[]).credentials(),
            "the policy does not allow credentials",
            Denial::CredentialsNotAllowed,
        ),
        (
            &any,
            ask("GET", &["authorization"]),
            "`*` does not cover `authorization`, which must be named too",
            Denial::HeaderNotAllowed,
        ),
        (
            &any,
            ask("PUT", &[]).credentials(),
            "credentials cannot be combined with any origin",
            Denial::CredentialsNotAllowed,
        ),
        (
            &built,
            ask("GET", &["Authorization"]),
            "any header does not cover `authorization`, which must be named too",
            Denial::HeaderNotAllowed,
        ),
        (
            &built,
            ask("PUT", &[]),
            "`PUT` is not among the allowed methods",
            Denial::MethodNotAllowed,
        ),
        (
            &built,
            ask("GET", &[]).credentials(),
            "the policy does not allow credentials",
            Denial::CredentialsNotAllowed,
        ),
        (
            &admin,
            ask("GET", &["x-foo"]),
            "`x-foo` is not among the allowed headers",
            Denial::HeaderNotAllowed,
        ),
    ] {
        assert_eq!(near(policy, &request).0, wanted, "{request:?}");
        assert_eq!(
            policy.explain(&request).denial(),
            Some(denial),
            "{request:?}"
        );
    }
}

#[test]
fn what_allows_an_origin_is_named_with_its_location() {
    let built = CorsPolicy::builder()
        .allow_origin("https://a.example")
        .allow_origins([
            "https://b.example",
            "https://a.example",
            "https://*.c.example",
        ])
        .allow_origin_regex(r"https://d\d\.example")
        .allow_origin_fn(|origin, _| origin.host() == "e.example")
        .build()
        .expect("a policy");
    let any = policy("ALLOWED_ORIGINS=*");
    for (policy, origin, wanted, text) in [
        (
            &built,
            "https://a.example",
            "https://a.example (allow_origin)",
            true,
        ),
        (
            &built,
            "https://b.example",
            "https://b.example (allow_origins, entry 1)",
            true,
        ),
        (
            &built,
            "https://x.c.example",
            "https://*.c.example (allow_origins, entry 3)",
            true,
        ),
        (
            &built,
            "https://d1.example",
            r"https://d\d\.example (allow_origin_regex)",
            true,
        ),
        (
            &built,
            "https://e.example",
            "a predicate (allow_origin_fn)",
            false,
        ),
        (&any, "null", "any origin (CORS_ALLOWED_ORIGINS)", false),
    ] {
        let explanation = policy.explain(&CorsRequest::actual(origin, "GET"));
        let by = explanation.allowed_by().expect("allowed");
        assert_eq!(
            (by.to_string(), by.text().is_some()),
            (wanted.to_owned(), text)
        );
    }
}

#[test]
fn preflights_are_needed_as_the_standard_says() {
    let policy = policy("ALLOWED_ORIGINS=*\nALLOWED_METHODS=*\nALLOWED_HEADERS=*");
    let ask = |method: &str, headers: &[&str]| {
        let request = CorsRequest::actual("https://a.example", method).headers(headers);
        let explanation = policy.explain(&request);
        assert_eq!(
            explanation.preflight().is_some(),
            explanation.needs_preflight()
        );
        explanation.needs_preflight()
    };
    assert!(!ask("get", &[]) && !ask("HEAD", &[]) && !ask("POST", &["accept"]));
    assert!(ask("PUT", &[]) && ask("OPTIONS", &[]) && ask("GET", &["x-a"]));
    assert!(ask("POST", &["Content-Type"]));

    let head = |method: Method, headers: &[(&str, &str)]| {
        let mut request = actix_web::test::TestRequest::with_uri("/x").method(method);
        for header in headers {
            request = request.append_header(*header);
        }
        policy.explain(&CorsRequest::from(request.to_srv_request().head()))
    };
    let origin = ("origin", "https://a.example");
    for (headers, wanted) in [
        (
            &[
                origin,
                ("user-agent", "x"),
                ("cookie", "a=b"),
                ("sec-fetch-mode", "cors"),
            ][..],
            false,
        ),
        (
            &[origin, ("content-type", "text/plain; charset=utf-8")],
            false,
        ),
        (&[origin, ("content-type", "application/json")], true),
        (&[origin, ("range", "bytes=0-9")], false),
        (&[origin, ("range", "bytes=0-9,20-")], true),
        // A last byte before the first: the one row in which this crate had two predicates that disagreed.
        (&[origin, ("range", "bytes=5-2")], true),
        (&[origin, ("range", "bytes=2-5")], false),
        (&[origin, ("content-type", "text/ plain")], true),
        (&[origin, ("x-http-method-override", "TRACE")], false),
        (&[origin, ("x-http-method-override", "PUT")], true),
        (&[origin, ("accept-language", "de\u{fc}")], true),
        (&[origin, ("authorization", "x")], true),
        (&[origin, ("x-a", "1"), ("upgrade", "websocket")], false),
        (&[("x-a", "1")], false),
    ] {
        let explanation = head(Method::GET, headers);
        assert_eq!(explanation.needs_preflight(), wanted, "{headers:?}");
    }
    assert_eq!(head(Method::PUT, &[]).outcome(), Outcome::NotCors);
    assert_eq!(head(Method::PUT, &[]).kind(), RequestKind::NotCors);
    let preflight = head(
        Method::OPTIONS,
        &[origin, ("access-control-request-method", "PUT")],
    );
    assert_eq!(preflight.kind(), RequestKind::Preflight);
}

#[test]
fn the_text_for_people_is_complete() {
    let rejecting = policy(
        "ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=PUT\nALLOWED_HEADERS=x-a\nEXPOSED_HEADERS=etag\nALLOW_CREDENTIALS=1\nREJECT_DENIED_ORIGINS=1",
    );
    let show = |request: CorsRequest| rejecting.explain(&request).to_string();
    let app = "https://app.example.com";
    assert_eq!(
        show(
            CorsRequest::actual(app, "PUT")
                .headers(["X-A"])
                .credentials()
        ),
        "\
allowed: PUT from `https://app.example.com` with `x-a` and credentials
  origin: allowed by https://app.example.com (CORS_ALLOWED_ORIGINS, entry 1)
  preflight: needed, because method `PUT` is not safelisted
  response to the preflight: 204
    access-control-allow-credentials: true
    access-control-allow-headers: x-a
    access-control-allow-methods: GET, HEAD, POST, PUT
    access-control-allow-origin: https://app.example.com
    vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
  response: the handler's, with
    access-control-allow-credentials: true
    access-control-allow-origin: https://app.example.com
    access-control-expose-headers: etag
    vary: Origin"
    );
    assert_eq!(
        show(CorsRequest::actual("https://b.example", "POST").to("https://api.example.com")),
        "\
rejected: POST from `https://b.example`
  reason: origin `https://b.example` is not allowed, nor is it same-origin (scheme `https`, host `api.example.com`, sec-fetch-site absent)
  fix: if you trust it, add `https://b.example` to `CORS_ALLOWED_ORIGINS`
  preflight: not needed
  response: 403
    vary: Origin"
    );
    let own = CorsRequest::actual("https://api.example.com", "POST").to("https://api.example.com");
    assert_eq!(rejecting.explain(&own).outcome(), Outcome::SameOrigin);
    let escaped = show(CorsRequest::preflight("https://e\u{1b}[31m", "X\nY"));
    assert!(!escaped.contains('\u{1b}'), "{escaped}");
}

fn names_of(explanation: &Explanation) -> Vec<&str> {
    explanation.headers().map(|(name, _)| name).collect()
}

#[test]
fn many_entries_keep_their_locations() {
    let entries: Vec<String> = (0..100_000)
        .map(|n| format!("https://host{n}.example"))
        .collect();
    let policy = CorsPolicy::builder()
        .allow_origins(&entries)
        .build()
        .expect("a policy");
    let explanation = policy.explain(&CorsRequest::actual("https://host99999.example", "GET"));
    assert_eq!(
        explanation
            .allowed_by()
            .expect("allowed")
            .location()
            .to_string(),
        "allow_origins, entry 100000"
    );
    assert_eq!(
        names_of(&explanation),
        ["access-control-allow-origin", "vary"]
    );
    let explanation = policy.explain(&CorsRequest::actual("http://host77777.example", "GET"));
    let near = explanation.near_miss().expect("it is");
    let location = near.location().expect("that of an entry");
    assert_eq!(
        (location.setting(), location.entry()),
        ("allow_origins", Some(77_778))
    );
}

/// The page of the docs has a row for each reason, in the words in which it is given.
#[test]
fn the_page_has_every_reason() {
    const PAGE: &str = include_str!("../../src/guides/why_was_my_request_denied.md");
    const A: &str = "https://a.example";
    let policy = policy("ALLOWED_ORIGINS=https://a.example\nREJECT_DENIED_ORIGINS=1");
    let head = |lines: &[(&str, &str)]| {
        let mut request = actix_web::test::TestRequest::default().method(Method::OPTIONS);
        for line in lines {
            request = request.append_header(*line);
        }
        CorsRequest::from(request.to_srv_request().head())
    };
    let acrm = "access-control-request-method";
    let acrh = "access-control-request-headers";
    let with = |names: &str| head(&[("origin", A), (acrm, "GET"), (acrh, names)]);
    let mut seen = Vec::new();
    for (request, row) in [
        (
            CorsRequest::preflight("https://b.example", "GET"),
            "origin `…` is not allowed",
        ),
        (
            CorsRequest::preflight("https://a.example/", "GET"),
            "origin `…` is not a serialized origin",
        ),
        (
            CorsRequest::preflight(A, "PUT"),
            "method `…` is not allowed",
        ),
        (
            CorsRequest::preflight(A, "TRACE"),
            "method `…` is forbidden by the Fetch standard",
        ),
        (
            CorsRequest::preflight(A, "P T"),
            "method `…` is not a token",
        ),
        (with("x-a"), "request header `…` is not allowed"),
        (with("x a"), "request header `…` is not a token"),
        (
            with(&"x".repeat(9000)),
            "… more than the 8192 that are read",
        ),
        (with(&",".repeat(40)), "more than 32 empty elements …"),
        (
            head(&[("origin", A), ("origin", A), (acrm, "GET")]),
            "… Origin lines instead of one",
        ),
        (
            head(&[("origin", A), (acrm, "GET"), (acrm, "GET")]),
            "… Access-Control-Request-Method lines instead of one",
        ),
        (
            CorsRequest::actual("https://b.example", "GET"),
            "…, nor is it same-origin (…)",
        ),
    ] {
        let explanation = policy.explain(&request);
        let reason = explanation.reason().expect("denied");
        assert!(PAGE.contains(&format!("`{row}`")), "{row}");
        let parts: Vec<&str> = row.split('…').collect();
        assert!(
            parts.iter().all(|part| reason.contains(part)),
            "{row}: {reason}"
        );
        seen.push(explanation.denial());
    }
    for denial in [
        Denial::OriginRepeated,
        Denial::OriginMalformed,
        Denial::OriginNotAllowed,
        Denial::MethodRepeated,
        Denial::MethodMalformed,
        Denial::MethodForbidden,
        Denial::MethodNotAllowed,
        Denial::HeaderMalformed,
        Denial::HeaderNotAllowed,
        Denial::HeadersOverLimit,
    ] {
        assert!(seen.contains(&Some(denial)), "{denial:?}");
    }
}

/// The causes of a denied request, each with its fix.
fn causes(policy: &CorsPolicy, request: &CorsRequest) -> Vec<(String, String)> {
    let explanation = policy.explain(request);
    let causes = explanation.causes().iter();
    causes
        .map(|cause| {
            let fix = cause.fix().unwrap_or("none");
            (cause.reason().to_owned(), fix.to_owned())
        })
        .collect()
}

#[test]
fn every_cause_is_named_with_its_fix() {
    let listed = policy("ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PATCH");
    let named = policy("ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=x-request-id");
    let any = policy("ALLOWED_ORIGINS=*\nALLOWED_HEADERS=*");
    let none = policy("ALLOWED_ORIGINS=none");
    let credentials = policy("ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=1");
    let built = CorsPolicy::builder()
        .allow_origin("https://a.example")
        .build()
        .expect("a policy");
    let method = |name: &str| format!("method `{name}` is not allowed");
    let header = |name: &str| format!("request header `{name}` is not allowed");
    let origin = |name: &str| format!("origin `{name}` is not allowed");
    let without = "credentials are not allowed".to_owned();
    let ask = |origin: &str, method: &str| CorsRequest::actual(origin, method);
    let a = "https://a.example";
    for (policy, request, wanted) in [
        (&listed, ask(a, "GET"), &[][..]),
        (
            &listed,
            ask(a, "PUT")
                .headers(["x-foo", "X-Bar", "content-length"])
                .credentials(),
            &[
                (method("PUT"), "add `PUT` to `CORS_ALLOWED_METHODS`"),
                (
                    header("content-length"),
                    "remove it from the request: the browser sets it itself",
                ),
                (header("x-bar"), "add `x-bar` to `CORS_ALLOWED_HEADERS`"),
                (header("x-foo"), "add `x-foo` to `CORS_ALLOWED_HEADERS`"),
                (without.clone(), "set `CORS_ALLOW_CREDENTIALS` to `true`"),
            ],
        ),
        (
            &built,
            ask("https://b.example", "PUT").headers(["x-foo"]),
            &[
                (
                    origin("https://b.example"),
                    "if you trust it, add `https://b.example` to `allow_origins()`",
                ),
                (method("PUT"), "add `PUT` to `allow_methods()`"),
                (header("x-foo"), "add `x-foo` to `allow_headers()`"),
            ],
        ),
        (
            &listed,
            ask(a, "patch"),
            &[(method("patch"), "send `PATCH` from the page")],
        ),
        (
            &built,
            ask(a, "query"),
            &[(
                method("query"),
                "send `QUERY` from the page, and add `QUERY` to `allow_methods()`",
            )],
        ),
        (
            &any,
            ask(a, "PUT")
                .headers(["authorization", "x-foo"])
                .credentials(),
            &[
                (method("PUT"), "add `PUT` to `CORS_ALLOWED_METHODS`"),
                (
                    header("authorization"),
                    "write `*,authorization` in `CORS_ALLOWED_HEADERS`",
                ),
                (
                    without.clone(),
                    "if you trust it, add `https://a.example` to `CORS_ALLOW_CREDENTIALS_FOR`",
                ),
            ],
        ),
        (
            &none,
            ask(a, "GET"),
            &[(
                origin(a),
                "if you trust it, write `https://a.example` instead of `none` in `CORS_ALLOWED_ORIGINS`",
            )],
        ),
        (
            &listed,
            ask("null", "GET"),
            &[(
                origin("null"),
                "serve the page from its own origin, or add `null` to `CORS_ALLOWED_ORIGINS`, which admits every \
                 sandboxed page",
            )],
        ),
        (
            &credentials,
            ask("null", "GET"),
            &[(
                origin("null"),
                "serve the page from its own origin: opaque origins cannot have credentials",
            )],
        ),
        (
            &credentials,
            ask("http://a.example", "GET"),
            &[(
                origin("http://a.example"),
                "serve the page over https: that origin is allowed",
            )],
        ),
        (
            &credentials,
            ask("http://b.example", "GET"),
            &[(
                origin("http://b.example"),
                "if you trust it, serve the page over https, and add that origin",
            )],
        ),
        (
            &listed,
            ask("http://a.example", "GET"),
            &[(
                origin("http://a.example"),
                "serve the page over https: that origin is allowed; or, if you trust it and the network, add \
                 `http://a.example` to `CORS_ALLOWED_ORIGINS`",
            )],
        ),
        // What looks like an allowed origin may be that of an attacker.
        (
            &listed,
            ask("https://a.example.evil.net", "GET"),
            &[(
                origin("https://a.example.evil.net"),
                "if you trust it, add `https://a.example.evil.net` to `CORS_ALLOWED_ORIGINS`",
            )],
        ),
        (
            &listed,
            ask("http://127.0.0.1:3000", "GET"),
            &[(
                origin("http://127.0.0.1:3000"),
                "add `http://127.0.0.1:3000` to `CORS_ALLOWED_ORIGINS`",
            )],
        ),
        (
            &listed,
            ask("tauri://localhost", "GET"),
            &[(
                origin("tauri://localhost"),
                "if you trust it, add `tauri://localhost` to `CORS_ALLOWED_ORIGINS`",
            )],
        ),
        (
            &named,
            ask(a, "TRACE").headers(["x-requestid"]),
            &[
                (
                    "method `TRACE` is forbidden by the Fetch standard".to_owned(),
                    "use another method: no page can send this one",
                ),
                (
                    header("x-requestid"),
                    "send `x-request-id` from the page, or add `x-requestid` to `CORS_ALLOWED_HEADERS`",
                ),
            ],
        ),
        (
            &listed,
            ask("https://a.example/", "GET"),
            &[(
                "origin `https://a.example/` is not a serialized origin".to_owned(),
                "none",
            )],
        ),
    ] {
        let wanted: Vec<_> = wanted
            .iter()
            .map(|(cause, fix)| (cause.clone(), (*fix).to_owned()))
            .collect();
        assert_eq!(causes(policy, &request), wanted, "{request:?}");
    }
}

/// Once, credentials for all were the fix where they are refused for a regex, or for names that anyone can have.
#[test]
fn credentials_are_the_fix_only_where_they_are_accepted() {
    let request = CorsRequest::actual("https://a.example", "GET").credentials();
    for more in [
        "",
        "ALLOWED_ORIGINS=https://a.example,https://*.b.example",
        "ALLOWED_ORIGINS=https://a.example,http://b.example",
        "ALLOWED_ORIGINS=https://a.example,https://*.amazonaws.com",
        r"ALLOWED_ORIGIN_REGEXES=http://192\.168\.\d{1,3}\.\d{1,3}(:\d+)?",
        r"ALLOWED_ORIGIN_REGEXES=https://shop-[a-z0-9]+-my-team\.vercel\.app",
    ] {
        let vars = match more.starts_with("ALLOWED_ORIGINS") {
            true => more.to_owned(),
            false => format!("ALLOWED_ORIGINS=https://a.example\n{more}")
                .trim_end()
                .to_owned(),
        };
        let causes = causes(&policy(&vars), &request);
        let [(_, fix)] = causes.as_slice() else {
            panic!("{causes:?}");
        };
        let set = match fix.as_str() {
            "set `CORS_ALLOW_CREDENTIALS` to `true`" => "ALLOW_CREDENTIALS=true",
            "if you trust it, add `https://a.example` to `CORS_ALLOW_CREDENTIALS_FOR`" => {
                "ALLOW_CREDENTIALS_FOR=https://a.example"
            }
            other => panic!("{other}"),
        };
        let fixed = policy(&format!("{vars}\n{set}"));
        assert!(fixed.explain(&request).is_allowed(), "{vars}");
    }
}

#[test]
fn a_page_may_read_from_its_own_origin() {
    let rejecting = policy("ALLOWED_ORIGINS=https://a.example\nREJECT_DENIED_ORIGINS=1");
    let owned = policy(
        "ALLOWED_ORIGINS=https://a.example\nREJECT_DENIED_ORIGINS=1\nOWN_ORIGINS=https://c.example",
    );
    for (policy, origin, url, outcome) in [
        (
            &rejecting,
            "http://127.0.0.1:9000",
            "http://127.0.0.1:9000/api/items",
            Outcome::SameOrigin,
        ),
        (
            &rejecting,
            "https://b.example",
            "https://b.example/",
            Outcome::SameOrigin,
        ),
        (
            &rejecting,
            "https://b.example",
            "https://B.example:443/?q",
            Outcome::SameOrigin,
        ),
        (
            &rejecting,
            "https://b.example",
            "wss://b.example/socket",
            Outcome::SameOrigin,
        ),
        (
            &rejecting,
            "https://b.example",
            "http://b.example/",
            Outcome::Denied,
        ),
        (
            &rejecting,
            "https://b.example",
            "https://b.example:8443/",
            Outcome::Rejected,
        ),
        (
            &rejecting,
            "https://a.example",
            "https://b.example/",
            Outcome::Allowed,
        ),
        (
            &owned,
            "https://b.example",
            "https://b.example/",
            Outcome::Rejected,
        ),
    ] {
        let request = CorsRequest::actual(origin, "POST").to(url);
        let explanation = policy.explain(&request);
        assert_eq!(explanation.outcome(), outcome, "{origin} to {url}");
        let is_allowed = matches!(outcome, Outcome::Allowed | Outcome::SameOrigin);
        assert_eq!(explanation.is_allowed(), is_allowed, "{origin} to {url}");
        assert_eq!(explanation.causes().is_empty(), explanation.is_allowed());
    }
    // A predicate sees the path.
    let by_path = CorsPolicy::builder()
        .allow_origin_fn(|_, head| head.uri.path() == "/public" && head.uri.query() == Some("a=b"))
        .build()
        .expect("a policy");
    let request =
        CorsRequest::actual("https://a.example", "GET").to("https://b.example/public?a=b");
    assert!(by_path.explain(&request).is_allowed());
}
