//! Tables of responses to actual requests: the CORS check, and what a page may read.

use cors_test_browser::{Blocked, Browser, CorsCheckError, Credentials, Fetch, Mode, ResponseType};

use crate::support::{
    API, Outcome,
    Outcome::{BlockedBy, Opaque, Reads},
    PAGE, TextResponse, TextResponses, app_with_responses, block_on, fetch_responses, fetch_with,
    outcome,
};

const FIELDS: &str = "\ncache-control: a\ncontent-language: de\ncontent-type: text/plain\nexpires: 0\nlast-modified: 0\n\
    pragma: a\nx-a: 1\nx-a: 2\nX-B: 3\nset-cookie: d\nset-cookie2: e\netag: f\ncontent-length: 4";

/// The names of the headers among [`FIELDS`] that a page can read.
fn readable_names(exposes: &str, fetch: Fetch) -> String {
    let text = format!(
        "200\naccess-control-allow-origin: {PAGE}\naccess-control-allow-credentials: true{exposes}{FIELDS}"
    );
    let text: &'static str = text.leak();
    let responses: TextResponses = vec![("", text)].leak();
    let response = fetch_responses("204", responses, fetch);
    assert_eq!(outcome(&response), Reads(200), "{exposes}");
    let names: Vec<&str> = response
        .headers()
        .map(|(name, _)| name)
        .filter(|name| !SAFE.contains(name))
        .collect();
    let safe = response.headers().filter(|(name, _)| SAFE.contains(name));
    assert_eq!(
        safe.count(),
        SAFE.len(),
        "{:?}",
        response.headers().collect::<Vec<_>>()
    );
    names.join(" ")
}

const SAFE: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

#[test]
fn a_page_reads_safelisted_and_exposed_headers() {
    let all = "access-control-allow-credentials access-control-allow-origin access-control-expose-headers etag x-a x-b";
    for (exposes, without, with) in [
        ("", "", ""),
        ("\naccess-control-expose-headers: x-a", "x-a", "x-a"),
        (
            "\naccess-control-expose-headers: X-A,\t,x-b",
            "x-a x-b",
            "x-a x-b",
        ),
        (
            "\naccess-control-expose-headers: X-A\naccess-control-expose-headers: etag",
            "etag x-a",
            "etag x-a",
        ),
        (
            "\naccess-control-expose-headers: set-cookie, Set-Cookie2, x-b",
            "x-b",
            "x-b",
        ),
        ("\naccess-control-expose-headers: *", all, ""),
        ("\naccess-control-expose-headers: x-a, *", all, "x-a"),
        // A list that does not parse exposes nothing.
        ("\naccess-control-expose-headers: x-a, x b", "", ""),
        (
            "\naccess-control-expose-headers: x-a\naccess-control-expose-headers: \"*\"",
            "",
            "",
        ),
        ("\naccess-control-expose-headers:", "", ""),
    ] {
        assert_eq!(
            readable_names(exposes, Fetch::get(API)),
            without,
            "{exposes}"
        );
        let fetch = Fetch::get(API).credentials(Credentials::Include);
        assert_eq!(
            readable_names(exposes, fetch),
            with,
            "{exposes}, with credentials"
        );
        let fetch = Fetch::get(API).credentials(Credentials::Omit);
        assert_eq!(
            readable_names(exposes, fetch),
            without,
            "{exposes}, without credentials"
        );
    }
}

#[test]
fn a_page_reads_all_headers_of_its_own_origin_except_cookies() {
    let names = readable_names("", Fetch::get("/"));
    assert_eq!(
        names,
        "access-control-allow-credentials access-control-allow-origin etag x-a x-b"
    );
}

#[test]
fn several_lines_of_a_header_are_joined() {
    const ANSWER: TextResponses = &[(
        "",
        "200\naccess-control-allow-origin: *\naccess-control-expose-headers: *\nx-a: 1\nX-A: 2\nx-b: \u{e9}",
    )];
    let response = fetch_responses("204", ANSWER, Fetch::get(API));
    assert_eq!(response.header("X-a"), Some("1, 2"));
    // A page gets each of the two UTF-8 bytes as a character.
    assert_eq!(response.header("x-b"), Some("\u{c3}\u{a9}"));
    assert_eq!(response.header("x-c"), None);
    assert_eq!(
        (response.body(), response.text().as_str()),
        (&b"body"[..], "body")
    );
    assert!(response.ok());
    assert_eq!(response.response_type(), ResponseType::Cors);
}

#[test]
fn a_page_reads_the_headers_that_a_policy_exposes() {
    let item = || Fetch::get("https://api.example.com/items/7");
    for (exposed, request_id, secret) in [
        ("", None, None),
        ("\nEXPOSED_HEADERS=X-Request-Id", Some("7"), None),
        ("\nEXPOSED_HEADERS=*", Some("7"), Some("8")),
    ] {
        for credentials in [Credentials::Omit, Credentials::Include] {
            let vars = format!("ALLOWED_ORIGINS={PAGE}\nALLOW_CREDENTIALS=true{exposed}");
            let response = fetch_with(&vars, PAGE, item().credentials(credentials));
            assert_eq!(
                (response.header("x-request-id"), response.header("x-secret")),
                (request_id, secret),
                "{vars}, {credentials:?}"
            );
            assert_eq!(response.header("cache-control"), Some("no-store"));
            assert_eq!(response.header("set-cookie"), None);
        }
    }
}

#[test]
fn the_response_to_the_actual_request_must_pass_the_cors_check() {
    let mismatch = |allowed: &str| CorsCheckError::Mismatch {
        allowed: allowed.to_owned(),
        origin: PAGE.to_owned(),
    };
    let none = CorsCheckError::Credentials(None);
    let is = |value: &str| CorsCheckError::Credentials(Some(value.to_owned()));
    #[rustfmt::skip]
    let rows: [(TextResponse, Option<CorsCheckError>, Option<CorsCheckError>); 13] = [
        ("200", Some(CorsCheckError::Missing), Some(CorsCheckError::Missing)),
        ("200\naccess-control-allow-credentials: true", Some(CorsCheckError::Missing), Some(CorsCheckError::Missing)),
        ("200\naccess-control-allow-origin: *", None, Some(CorsCheckError::Wildcard)),
        ("200\naccess-control-allow-origin: *\naccess-control-allow-credentials: true", None, Some(CorsCheckError::Wildcard)),
        ("200\naccess-control-allow-origin: https://app.example.com", None, Some(none)),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true", None, None),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: TRUE", None, Some(is("TRUE"))),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: 1", None, Some(is("1"))),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials:", None, Some(is(""))),
        ("200\naccess-control-allow-origin: https://app.example.com:443\naccess-control-allow-credentials: true", Some(mismatch("https://app.example.com:443")), Some(mismatch("https://app.example.com:443"))),
        ("200\naccess-control-allow-origin: https://app.example.com, *", Some(mismatch("https://app.example.com, *")), Some(mismatch("https://app.example.com, *"))),
        ("200\naccess-control-allow-origin: \"*\"", Some(mismatch("\"*\"")), Some(mismatch("\"*\""))),
        ("500\naccess-control-allow-origin: *", None, Some(CorsCheckError::Wildcard)),
    ];
    for (text, without, with) in rows {
        let responses: TextResponses = vec![("", text)].leak();
        let status = if text.starts_with("500") { 500 } else { 200 };
        for (credentials, wanted) in [
            (Credentials::Omit, &without),
            (Credentials::SameOrigin, &without),
            (Credentials::Include, &with),
        ] {
            let response =
                fetch_responses("204", responses, Fetch::get(API).credentials(credentials));
            let wanted = match wanted.clone() {
                None => Reads(status),
                Some(check) => BlockedBy(Blocked::CorsCheck(check)),
            };
            assert_eq!(outcome(&response), wanted, "{text}, {credentials:?}");
        }
    }
}

#[test]
fn a_resource_policy_has_an_effect_only_in_mode_no_cors() {
    let same_site = "https://api.example.com/";
    let cross_site = "https://api.example.net/";
    let blocked = |policy: &str| BlockedBy(Blocked::ResourcePolicy(policy.to_owned()));
    let rows: [(TextResponse, &str, Outcome); 8] = [
        ("200", cross_site, Opaque),
        (
            "200\ncross-origin-resource-policy: cross-origin",
            cross_site,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-site",
            cross_site,
            blocked("same-site"),
        ),
        (
            "200\ncross-origin-resource-policy: same-site",
            same_site,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-origin",
            same_site,
            blocked("same-origin"),
        ),
        (
            "200\ncross-origin-resource-policy: same-origin",
            PAGE,
            Reads(200),
        ),
        (
            "200\ncross-origin-resource-policy: Same-Origin",
            same_site,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-origin\ncross-origin-resource-policy: same-origin",
            same_site,
            Opaque,
        ),
    ];
    for (text, url, wanted) in rows {
        let responses: TextResponses = vec![("", text)].leak();
        let response = fetch_responses("204", responses, Fetch::get(url).mode(Mode::NoCors));
        assert_eq!(outcome(&response), wanted, "{text} {url}");
    }
    // A response over https is blocked for a page over http.
    const SITE: TextResponses = &[("", "200\ncross-origin-resource-policy: same-site")];
    for (url, wanted) in [
        ("http://api.example.com/", Opaque),
        (same_site, blocked("same-site")),
    ] {
        let fetch = Fetch::get(url).mode(Mode::NoCors);
        let response = block_on(async {
            let app = app_with_responses("204", SITE).await;
            Browser::at("http://app.example.com")
                .fetch(&app, fetch)
                .await
        });
        assert_eq!(outcome(&response), wanted, "{url}");
    }
    const CORS: TextResponses = &[(
        "",
        "200\naccess-control-allow-origin: *\ncross-origin-resource-policy: same-origin",
    )];
    assert_eq!(
        outcome(&fetch_responses("204", CORS, Fetch::get(API))),
        Reads(200)
    );
}

#[test]
fn some_responses_have_no_body() {
    const ALL: TextResponses = &[
        ("/205", "205\naccess-control-allow-origin: *"),
        ("/304", "304\naccess-control-allow-origin: *"),
        ("/407", "407\naccess-control-allow-origin: *"),
        ("", "200\naccess-control-allow-origin: *"),
    ];
    let at = |path: &str| Fetch::get(format!("{API}{path}"));
    for (fetch, status, text) in [
        (at("/"), 200, "body"),
        (Fetch::head(API), 200, ""),
        (at("/205"), 205, ""),
        (at("/304"), 304, ""),
        (at("/").ignore_response_body(), 200, ""),
    ] {
        let response = fetch_responses("204", ALL, fetch);
        assert_eq!(
            (response.status(), response.text().as_str()),
            (status, text)
        );
    }
    let response = fetch_responses("204", ALL, at("/407"));
    assert!(matches!(response.blocked_by(), Some(Blocked::Network(_))));
}
