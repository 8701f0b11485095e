//! Tables of redirects: which of them are followed, with which method, headers and origin, and which are blocked.

use cors_test_browser::{
    Blocked, Body, Browser, CorsCheckError, Credentials, Exchange, Fetch, Mode, Redirect,
    ResponseType,
};

use crate::support::{
    API, Outcome,
    Outcome::{BlockedBy, Opaque, Reads},
    PAGE, TextResponses, app_with_policy, app_with_responses, block_on, fetch_responses, outcome,
    policy,
};

/// Allows every request of the page. The app redirects with `/to/{status}?{location}`.
const ALL: &str = "ALLOWED_ORIGINS=https://app.example.com,null\nALLOWED_METHODS=PUT,DELETE\n\
    ALLOWED_HEADERS=content-type,x-a,authorization";
const SHOP: &str = "https://shop.example.net";

fn to(status: u16, from: &str, location: &str) -> String {
    format!("{from}/to/{status}?{location}")
}

fn missing() -> Outcome {
    BlockedBy(Blocked::CorsCheck(CorsCheckError::Missing))
}

/// Each exchange as its method, its host and path, and what it sent as `Origin`.
fn trail(response: &cors_test_browser::Response) -> String {
    let exchanges = response.exchanges().iter().map(|exchange| {
        let url = exchange.url().split('?').next().unwrap_or_default();
        let url = url.trim_start_matches("https://");
        let origin = exchange.request_header("origin").unwrap_or("-");
        let origin = origin.trim_start_matches("https://");
        format!("{} {url} {origin}", exchange.method())
    });
    exchanges.collect::<Vec<_>>().join(", ")
}

#[test]
fn redirects_are_followed() {
    let there = "https://api.example.com/echo";
    #[rustfmt::skip]
    let rows = [
        // Within one origin.
        (Fetch::get(to(302, API, "/echo")), Reads(200), "GET api.example.com/to/302 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::get(to(301, PAGE, "/echo")), Reads(200), "GET app.example.com/to/301 -, GET app.example.com/echo -"),
        // From another origin back to the page's: the CORS protocol still applies, and the origin is null.
        (Fetch::get(to(307, API, "https://app.example.com/echo")), Reads(200), "GET api.example.com/to/307 app.example.com, GET app.example.com/echo null"),
        // From the page's origin to another.
        (Fetch::get(to(308, PAGE, there)), Reads(200), "GET app.example.com/to/308 -, GET api.example.com/echo app.example.com"),
        // From another origin to a third one, of the same site or of another site.
        (Fetch::get(to(302, API, "https://cdn.example.com/echo")), Reads(200), "GET api.example.com/to/302 app.example.com, GET cdn.example.com/echo null"),
        (Fetch::get(to(302, API, "https://shop.example.net/echo")), Reads(200), "GET api.example.com/to/302 app.example.com, GET shop.example.net/echo null"),
        // Methods.
        (Fetch::post(to(301, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/301 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(302, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/302 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(303, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/303 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(307, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/307 app.example.com, POST api.example.com/echo app.example.com"),
        (Fetch::post(to(308, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/308 app.example.com, POST api.example.com/echo app.example.com"),
        (Fetch::head(to(303, API, "/echo")), Reads(200), "HEAD api.example.com/to/303 app.example.com, HEAD api.example.com/echo app.example.com"),
        // Each URL needs its own preflight.
        (Fetch::put(to(301, API, "/echo")), Reads(200), "OPTIONS api.example.com/to/301 app.example.com, PUT api.example.com/to/301 app.example.com, \
            OPTIONS api.example.com/echo app.example.com, PUT api.example.com/echo app.example.com"),
        (Fetch::put(to(303, API, "/echo")), Reads(200), "OPTIONS api.example.com/to/303 app.example.com, PUT api.example.com/to/303 app.example.com, \
            GET api.example.com/echo app.example.com"),
        (Fetch::delete(to(307, API, "https://shop.example.net/echo")), Reads(200), "OPTIONS api.example.com/to/307 app.example.com, DELETE api.example.com/to/307 app.example.com, \
            OPTIONS shop.example.net/echo null, DELETE shop.example.net/echo null"),
        (Fetch::put(to(307, PAGE, there)), Reads(200), "PUT app.example.com/to/307 app.example.com, OPTIONS api.example.com/echo app.example.com, PUT api.example.com/echo app.example.com"),
        (Fetch::put(to(307, API, "https://app.example.com/echo")), Reads(200), "OPTIONS api.example.com/to/307 app.example.com, PUT api.example.com/to/307 app.example.com, \
            OPTIONS app.example.com/echo null, PUT app.example.com/echo null"),
        // A stream cannot be sent again. Status 303 drops the body, so it works.
        (Fetch::post(to(307, API, "/echo")).body(Body::stream(*b"a")), BlockedBy(Blocked::RedirectBody), "OPTIONS api.example.com/to/307 app.example.com, POST api.example.com/to/307 app.example.com"),
        (Fetch::post(to(303, PAGE, "/echo")).body(Body::stream(*b"a")), Reads(200), "POST app.example.com/to/303 app.example.com, GET app.example.com/echo -"),
        // Modes.
        (Fetch::get(to(302, PAGE, "/echo")).mode(Mode::SameOrigin), Reads(200), "GET app.example.com/to/302 -, GET app.example.com/echo -"),
        (Fetch::get(to(302, PAGE, there)).mode(Mode::SameOrigin), BlockedBy(Blocked::SameOriginMode(API.to_owned())), "GET app.example.com/to/302 -"),
        (Fetch::get(to(302, PAGE, there)).mode(Mode::NoCors), Opaque, "GET app.example.com/to/302 -, GET api.example.com/echo -"),
        (Fetch::post(to(307, API, "https://app.example.com/echo")).mode(Mode::NoCors), Opaque, "POST api.example.com/to/307 app.example.com, POST app.example.com/echo null"),
        (Fetch::get(to(302, API, "/echo")).redirect(Redirect::Error), BlockedBy(Blocked::RedirectMode), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "/echo")).redirect(Redirect::Manual), Opaque, "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, PAGE, "/echo")).redirect(Redirect::Manual), Opaque, "GET app.example.com/to/302 -"),
        (Fetch::get(to(304, API, "/echo")), Reads(304), "GET api.example.com/to/304 app.example.com"),
        (Fetch::get(to(300, API, "/echo")), Reads(300), "GET api.example.com/to/300 app.example.com"),
        // Targets.
        (Fetch::get(to(302, API, "https://")), BlockedBy(Blocked::RedirectLocation("https://".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "ftp://a.example/")), BlockedBy(Blocked::RedirectScheme("ftp".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "data:,a")), BlockedBy(Blocked::RedirectScheme("data".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://api.example.com:25/")), BlockedBy(Blocked::Port(25)), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "http://api.example.com/")), BlockedBy(Blocked::MixedContent("http://api.example.com/".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://a:b@api.example.com/echo")), BlockedBy(Blocked::RedirectCredentials("https://a:b@api.example.com/echo".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://a@app.example.com/echo")), BlockedBy(Blocked::RedirectCredentials("https://a@app.example.com/echo".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, PAGE, "https://a@api.example.com/echo")), BlockedBy(Blocked::RedirectCredentials("https://a@api.example.com/echo".to_owned())), "GET app.example.com/to/302 -"),
        (Fetch::get(to(302, PAGE, "https://a@app.example.com/echo")), Reads(200), "GET app.example.com/to/302 -, GET a@app.example.com/echo -"),
        (Fetch::get(to(302, API, "https://a@api.example.com/echo")).mode(Mode::NoCors), Opaque, "GET api.example.com/to/302 -, GET a@api.example.com/echo -"),
    ];
    block_on(async {
        let app = app_with_policy(policy(ALL)).await;
        for (fetch, wanted, exchanges) in rows {
            let response = Browser::at(PAGE).fetch(&app, fetch.clone()).await;
            let got = (outcome(&response), trail(&response));
            assert_eq!(got, (wanted, exchanges.to_owned()), "{fetch:?}");
        }
    });
}

#[test]
fn every_response_in_a_chain_of_redirects_must_pass_the_cors_check() {
    const CORS: &str = "302\nlocation: https://shop.example.net/b\naccess-control-allow-origin: https://app.example.com";
    const BARE: &str = "302\nlocation: https://shop.example.net/b";
    let rows: [(TextResponses, Outcome, usize); 6] = [
        (
            &[("com/a", BARE), ("", "200\naccess-control-allow-origin: *")],
            missing(),
            1,
        ),
        (&[("com/a", CORS), ("", "200")], missing(), 2),
        (
            &[("com/a", CORS), ("", "200\naccess-control-allow-origin: *")],
            Reads(200),
            2,
        ),
        (
            &[
                ("com/a", CORS),
                ("", "200\naccess-control-allow-origin: null"),
            ],
            Reads(200),
            2,
        ),
        // The origin of the page does not match, because the redirect has made the origin of the request null.
        (
            &[
                ("com/a", CORS),
                (
                    "",
                    "200\naccess-control-allow-origin: https://app.example.com",
                ),
            ],
            BlockedBy(Blocked::CorsCheck(CorsCheckError::Mismatch {
                allowed: PAGE.to_owned(),
                origin: "null".to_owned(),
            })),
            2,
        ),
        (
            &[
                ("com/a", "302\naccess-control-allow-origin: *"),
                ("", "500"),
            ],
            Reads(302),
            1,
        ),
    ];
    for (actual, wanted, exchanges) in rows {
        let response = fetch_responses("204", actual, Fetch::get("https://api.example.com/a"));
        let got = (outcome(&response), response.exchanges().len());
        assert_eq!(got, (wanted, exchanges), "{actual:?}");
    }
}

#[test]
fn a_page_reads_the_url_after_redirects() {
    block_on(async {
        let app = app_with_policy(policy(ALL)).await;
        let mut browser = Browser::at(PAGE);
        let response = browser
            .fetch(&app, Fetch::get(to(302, API, "/echo?a=b#c")))
            .await;
        assert_eq!(
            (response.url(), response.redirected()),
            ("https://api.example.com/echo?a=b", true)
        );
        let response = browser
            .fetch(&app, Fetch::get(format!("{API}/echo#c")))
            .await;
        assert_eq!(
            (response.url(), response.redirected()),
            ("https://api.example.com/echo", false)
        );
        let response = browser
            .fetch(&app, Fetch::get(to(302, API, "/echo")).mode(Mode::NoCors))
            .await;
        assert_eq!(
            (
                response.url(),
                response.redirected(),
                response.response_type()
            ),
            ("", false, ResponseType::Opaque)
        );
        let manual = Fetch::get(to(302, API, "/echo")).redirect(Redirect::Manual);
        let response = browser.fetch(&app, manual).await;
        assert_eq!(
            (response.url(), response.response_type()),
            (
                "https://api.example.com/to/302?/echo",
                ResponseType::OpaqueRedirect
            )
        );
    });
}

#[test]
fn a_dropped_body_drops_its_headers_and_another_origin_drops_authorization() {
    let sent = |location: &str, status: u16, name: &str| {
        let fetch = Fetch::post(to(status, API, location))
            .header("content-type", "application/json")
            .header("content-language", "de")
            .header("x-a", "b")
            .header("authorization", "c")
            .body("{}");
        block_on(async {
            let response = Browser::at(PAGE)
                .fetch(&app_with_policy(policy(ALL)).await, fetch)
                .await;
            assert!(response.readable(), "{response:#?}");
            let last = response.exchanges().last().expect("an exchange");
            last.request_header(name).map(str::to_owned)
        })
    };
    let some = |value: &str| Some(value.to_owned());
    assert_eq!(sent("/echo", 307, "content-type"), some("application/json"));
    assert_eq!(sent("/echo", 307, "content-length"), some("2"));
    assert_eq!(sent("/echo", 302, "content-type"), None);
    assert_eq!(sent("/echo", 303, "content-language"), None);
    assert_eq!(sent("/echo", 303, "content-length"), None);
    assert_eq!(sent("/echo", 303, "x-a"), some("b"));
    assert_eq!(sent("/echo", 303, "authorization"), some("c"));
    assert_eq!(
        sent("https://shop.example.net/echo", 307, "authorization"),
        None
    );
    assert_eq!(sent("https://shop.example.net/echo", 307, "x-a"), some("b"));
    assert_eq!(
        sent("https://api.example.com:444/echo", 307, "authorization"),
        None
    );
}

#[test]
fn a_body_is_sent_again_if_the_method_stays() {
    block_on(async {
        let app = app_with_policy(policy(ALL)).await;
        for (status, text) in [(307, "hi"), (308, "hi"), (301, ""), (302, ""), (303, "")] {
            let fetch = Fetch::post(to(status, API, "/echo")).body("hi");
            let response = Browser::at(PAGE).fetch(&app, fetch).await;
            assert_eq!(response.text(), text, "{status}");
        }
    });
}

#[test]
fn twenty_redirects_are_followed() {
    const LOOP: TextResponses = &[("", "302\nlocation: /\naccess-control-allow-origin: *")];
    let response = fetch_responses("204", LOOP, Fetch::get(API));
    assert_eq!(
        (outcome(&response), response.exchanges().len()),
        (BlockedBy(Blocked::RedirectLimit), 21)
    );
}

#[test]
fn a_redirect_with_two_locations_is_blocked() {
    const TWO: TextResponses = &[(
        "",
        "302\nlocation: /a\nlocation: /b\naccess-control-allow-origin: *",
    )];
    let response = fetch_responses("204", TWO, Fetch::get(API));
    assert_eq!(
        outcome(&response),
        BlockedBy(Blocked::RedirectLocation("/a".to_owned()))
    );
}

#[test]
fn a_network_error_after_a_redirect_clears_the_cache_entries_of_the_last_url() {
    const PREFLIGHT: &str =
        "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT";
    const ACTUAL: TextResponses = &[
        (
            "com/a",
            "307\nlocation: https://shop.example.net/b\naccess-control-allow-origin: *",
        ),
        ("", "200"),
    ];
    block_on(async {
        let app = app_with_responses(PREFLIGHT, ACTUAL).await;
        let mut browser = Browser::at(PAGE);
        for preflights in [2, 1] {
            let response = browser
                .fetch(&app, Fetch::put("https://api.example.com/a"))
                .await;
            assert_eq!(
                (outcome(&response), response.preflights()),
                (missing(), preflights)
            );
        }
    });
}

#[test]
fn permissions_of_a_page_are_not_permissions_of_null() {
    block_on(async {
        let app = app_with_policy(policy(ALL)).await;
        let mut browser = Browser::at(PAGE);
        let there = "https://shop.example.net/echo";
        for (fetch, preflights) in [
            (Fetch::put(there), 1),
            (Fetch::put(there), 0),
            (Fetch::put(to(307, API, there)), 2),
            (Fetch::put(to(307, API, there)), 0),
        ] {
            let response = browser.fetch(&app, fetch).await;
            assert_eq!(
                (outcome(&response), response.preflights()),
                (Reads(200), preflights)
            );
        }
    });
}

#[test]
fn a_fragment_is_kept() {
    block_on(async {
        let app = app_with_policy(policy(ALL)).await;
        for (location, wanted) in [
            ("/echo", "https://api.example.com/echo#a"),
            ("/echo%23b", "https://api.example.com/echo#b"),
        ] {
            let fetch = Fetch::get(format!("{}#a", to(302, API, location)));
            let response = Browser::at(PAGE).fetch(&app, fetch).await;
            assert_eq!(response.exchanges().last().map(Exchange::url), Some(wanted));
        }
    });
}

#[test]
fn redirects_keep_the_credentials_mode() {
    let session = "ALLOWED_ORIGINS=https://app.example.com\nALLOW_CREDENTIALS=true";
    block_on(async {
        let app = app_with_policy(policy(session)).await;
        let mut browser = Browser::at(PAGE);
        browser.set_cookie(API, "a=b");
        browser.set_cookie(SHOP, "c=d");
        let fetch = Fetch::get(to(302, API, "https://shop.example.net/echo"));
        let response = browser
            .fetch(&app, fetch.credentials(Credentials::Include))
            .await;
        // `null` is never allowed with credentials.
        assert_eq!(outcome(&response), missing());
        let cookies: Vec<_> = response
            .exchanges()
            .iter()
            .map(|exchange| exchange.request_header("cookie"))
            .collect();
        assert_eq!(cookies, [Some("a=b"), Some("c=d")]);
    });
}
