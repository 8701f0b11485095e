//! Rows over answers: the CORS check of the answer itself, and what a page may read of it.

use cors_test_browser::{Blocked, Browser, CorsCheck, Credentials, Fetch, Kind, Mode};

use crate::support::{
    API, PAGE, Script, Scripts, Verdict,
    Verdict::{By, Opaque, Reads},
    block_on, fetch_scripted, fetch_with, scripted, verdict,
};

const FIELDS: &str = "\ncache-control: a\ncontent-language: de\ncontent-type: text/plain\nexpires: 0\nlast-modified: 0\n\
    pragma: a\nx-a: 1\nx-a: 2\nX-B: 3\nset-cookie: d\nset-cookie2: e\netag: f\ncontent-length: 4";

/// The names that a page sees of [`FIELDS`].
fn seen(exposes: &str, fetch: Fetch) -> String {
    let script = format!(
        "200\naccess-control-allow-origin: {PAGE}\naccess-control-allow-credentials: true{exposes}{FIELDS}"
    );
    let script: &'static str = script.leak();
    let scripts: Scripts = vec![("", script)].leak();
    let fetched = fetch_scripted("204", scripts, fetch);
    assert_eq!(verdict(&fetched), Reads(200), "{exposes}");
    let names: Vec<&str> = fetched
        .headers()
        .map(|(name, _)| name)
        .filter(|name| !SAFE.contains(name))
        .collect();
    let safe = fetched.headers().filter(|(name, _)| SAFE.contains(name));
    assert_eq!(
        safe.count(),
        SAFE.len(),
        "{:?}",
        fetched.headers().collect::<Vec<_>>()
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
fn a_page_reads_safe_headers_and_exposed_ones() {
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
        // What is no list exposes nothing.
        ("\naccess-control-expose-headers: x-a, x b", "", ""),
        (
            "\naccess-control-expose-headers: x-a\naccess-control-expose-headers: \"*\"",
            "",
            "",
        ),
        ("\naccess-control-expose-headers:", "", ""),
    ] {
        assert_eq!(seen(exposes, Fetch::get(API)), without, "{exposes}");
        let fetch = Fetch::get(API).credentials(Credentials::Include);
        assert_eq!(seen(exposes, fetch), with, "{exposes}, with credentials");
        let fetch = Fetch::get(API).credentials(Credentials::Omit);
        assert_eq!(
            seen(exposes, fetch),
            without,
            "{exposes}, without credentials"
        );
    }
}

#[test]
fn a_page_reads_all_headers_of_its_own_origin_but_cookies() {
    let names = seen("", Fetch::get("/"));
    assert_eq!(
        names,
        "access-control-allow-credentials access-control-allow-origin etag x-a x-b"
    );
}

#[test]
fn lines_of_a_header_are_one_value() {
    const ANSWER: Scripts = &[(
        "",
        "200\naccess-control-allow-origin: *\naccess-control-expose-headers: *\nx-a: 1\nX-A: 2\nx-b: \u{e9}",
    )];
    let fetched = fetch_scripted("204", ANSWER, Fetch::get(API));
    assert_eq!(fetched.header("X-a"), Some("1, 2"));
    // The two bytes of UTF-8, each as a character: so a page sees them.
    assert_eq!(fetched.header("x-b"), Some("\u{c3}\u{a9}"));
    assert_eq!(fetched.header("x-c"), None);
    assert_eq!(
        (fetched.body(), fetched.text().as_str()),
        (&b"body"[..], "body")
    );
    assert!(fetched.ok());
    assert_eq!(fetched.kind(), Kind::Cors);
}

#[test]
fn a_page_reads_of_a_policy_what_it_exposes() {
    let item = || Fetch::get("https://api.example.com/items/7");
    for (exposed, request_id, secret) in [
        ("", None, None),
        ("\nEXPOSED_HEADERS=X-Request-Id", Some("7"), None),
        ("\nEXPOSED_HEADERS=*", Some("7"), Some("8")),
    ] {
        for credentials in [Credentials::Omit, Credentials::Include] {
            let vars = format!("ALLOWED_ORIGINS={PAGE}\nALLOW_CREDENTIALS=true{exposed}");
            let fetched = fetch_with(&vars, PAGE, item().credentials(credentials));
            assert_eq!(
                (fetched.header("x-request-id"), fetched.header("x-secret")),
                (request_id, secret),
                "{vars}, {credentials:?}"
            );
            assert_eq!(fetched.header("cache-control"), Some("no-store"));
            assert_eq!(fetched.header("set-cookie"), None);
        }
    }
}

#[test]
fn the_answer_itself_must_pass_the_cors_check() {
    let mismatch = |allowed: &str| CorsCheck::Mismatch {
        allowed: allowed.to_owned(),
        origin: PAGE.to_owned(),
    };
    let none = CorsCheck::Credentials(None);
    let is = |value: &str| CorsCheck::Credentials(Some(value.to_owned()));
    #[rustfmt::skip]
    let rows: [(Script, Option<CorsCheck>, Option<CorsCheck>); 13] = [
        ("200", Some(CorsCheck::Missing), Some(CorsCheck::Missing)),
        ("200\naccess-control-allow-credentials: true", Some(CorsCheck::Missing), Some(CorsCheck::Missing)),
        ("200\naccess-control-allow-origin: *", None, Some(CorsCheck::Wildcard)),
        ("200\naccess-control-allow-origin: *\naccess-control-allow-credentials: true", None, Some(CorsCheck::Wildcard)),
        ("200\naccess-control-allow-origin: https://app.example.com", None, Some(none)),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true", None, None),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: TRUE", None, Some(is("TRUE"))),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: 1", None, Some(is("1"))),
        ("200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials:", None, Some(is(""))),
        ("200\naccess-control-allow-origin: https://app.example.com:443\naccess-control-allow-credentials: true", Some(mismatch("https://app.example.com:443")), Some(mismatch("https://app.example.com:443"))),
        ("200\naccess-control-allow-origin: https://app.example.com, *", Some(mismatch("https://app.example.com, *")), Some(mismatch("https://app.example.com, *"))),
        ("200\naccess-control-allow-origin: \"*\"", Some(mismatch("\"*\"")), Some(mismatch("\"*\""))),
        ("500\naccess-control-allow-origin: *", None, Some(CorsCheck::Wildcard)),
    ];
    for (script, without, with) in rows {
        let scripts: Scripts = vec![("", script)].leak();
        let status = if script.starts_with("500") { 500 } else { 200 };
        for (credentials, wanted) in [
            (Credentials::Omit, &without),
            (Credentials::SameOrigin, &without),
            (Credentials::Include, &with),
        ] {
            let fetched = fetch_scripted("204", scripts, Fetch::get(API).credentials(credentials));
            let wanted = match wanted.clone() {
                None => Reads(status),
                Some(check) => By(Blocked::Check(check)),
            };
            assert_eq!(verdict(&fetched), wanted, "{script}, {credentials:?}");
        }
    }
}

#[test]
fn a_resource_policy_counts_in_mode_no_cors_only() {
    let sister = "https://api.example.com/";
    let foreign = "https://api.example.net/";
    let blocked = |policy: &str| By(Blocked::ResourcePolicy(policy.to_owned()));
    let rows: [(Script, &str, Verdict); 8] = [
        ("200", foreign, Opaque),
        (
            "200\ncross-origin-resource-policy: cross-origin",
            foreign,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-site",
            foreign,
            blocked("same-site"),
        ),
        (
            "200\ncross-origin-resource-policy: same-site",
            sister,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-origin",
            sister,
            blocked("same-origin"),
        ),
        (
            "200\ncross-origin-resource-policy: same-origin",
            PAGE,
            Reads(200),
        ),
        (
            "200\ncross-origin-resource-policy: Same-Origin",
            sister,
            Opaque,
        ),
        (
            "200\ncross-origin-resource-policy: same-origin\ncross-origin-resource-policy: same-origin",
            sister,
            Opaque,
        ),
    ];
    for (script, url, wanted) in rows {
        let scripts: Scripts = vec![("", script)].leak();
        let fetched = fetch_scripted("204", scripts, Fetch::get(url).mode(Mode::NoCors));
        assert_eq!(verdict(&fetched), wanted, "{script} {url}");
    }
    // What came by https is kept from a page that did not.
    const SITE: Scripts = &[("", "200\ncross-origin-resource-policy: same-site")];
    for (url, wanted) in [
        ("http://api.example.com/", Opaque),
        (sister, blocked("same-site")),
    ] {
        let fetch = Fetch::get(url).mode(Mode::NoCors);
        let fetched = block_on(async {
            let app = scripted("204", SITE).await;
            Browser::at("http://app.example.com")
                .fetch(&app, fetch)
                .await
        });
        assert_eq!(verdict(&fetched), wanted, "{url}");
    }
    const CORS: Scripts = &[(
        "",
        "200\naccess-control-allow-origin: *\ncross-origin-resource-policy: same-origin",
    )];
    assert_eq!(
        verdict(&fetch_scripted("204", CORS, Fetch::get(API))),
        Reads(200)
    );
}

#[test]
fn some_answers_have_no_body() {
    const ALL: Scripts = &[
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
        (at("/").without_body(), 200, ""),
    ] {
        let fetched = fetch_scripted("204", ALL, fetch);
        assert_eq!((fetched.status(), fetched.text().as_str()), (status, text));
    }
    let fetched = fetch_scripted("204", ALL, at("/407"));
    assert!(matches!(fetched.blocked_by(), Some(Blocked::Network(_))));
}
