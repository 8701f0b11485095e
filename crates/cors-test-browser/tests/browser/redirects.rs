//! Rows over redirects: what is followed, with which method, headers and origin, and what is blocked.

use cors_test_browser::{
    Blocked, Body, Browser, CorsCheck, Credentials, Exchange, Fetch, Kind, Mode, Redirect,
};

use crate::support::{
    API, PAGE, Scripts, Verdict,
    Verdict::{By, Opaque, Reads},
    block_on, fetch_scripted, guarded, policy, scripted, verdict,
};

/// Allows every request of the page to everything, and redirects by `/to/{status}?{location}`.
const ALL: &str = "ALLOWED_ORIGINS=https://app.example.com,null\nALLOWED_METHODS=PUT,DELETE\n\
    ALLOWED_HEADERS=content-type,x-a,authorization";
const SHOP: &str = "https://shop.example.net";

fn to(status: u16, from: &str, location: &str) -> String {
    format!("{from}/to/{status}?{location}")
}

fn missing() -> Verdict {
    By(Blocked::Check(CorsCheck::Missing))
}

/// Each exchange as its method, its host and path, and what it sent as `Origin`.
fn trail(fetched: &cors_test_browser::Fetched) -> String {
    let exchanges = fetched.exchanges().iter().map(|exchange| {
        let url = exchange.url().split('?').next().unwrap_or_default();
        let url = url.trim_start_matches("https://");
        let origin = exchange.sent("origin").unwrap_or("-");
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
        // From another origin back to the page's: still by the CORS protocol, and the origin is no more.
        (Fetch::get(to(307, API, "https://app.example.com/echo")), Reads(200), "GET api.example.com/to/307 app.example.com, GET app.example.com/echo null"),
        // From the page's origin to another.
        (Fetch::get(to(308, PAGE, there)), Reads(200), "GET app.example.com/to/308 -, GET api.example.com/echo app.example.com"),
        // From another origin to a third, of the same site or not.
        (Fetch::get(to(302, API, "https://cdn.example.com/echo")), Reads(200), "GET api.example.com/to/302 app.example.com, GET cdn.example.com/echo null"),
        (Fetch::get(to(302, API, "https://shop.example.net/echo")), Reads(200), "GET api.example.com/to/302 app.example.com, GET shop.example.net/echo null"),
        // Methods.
        (Fetch::post(to(301, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/301 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(302, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/302 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(303, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/303 app.example.com, GET api.example.com/echo app.example.com"),
        (Fetch::post(to(307, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/307 app.example.com, POST api.example.com/echo app.example.com"),
        (Fetch::post(to(308, API, "/echo")).body("a"), Reads(200), "POST api.example.com/to/308 app.example.com, POST api.example.com/echo app.example.com"),
        (Fetch::head(to(303, API, "/echo")), Reads(200), "HEAD api.example.com/to/303 app.example.com, HEAD api.example.com/echo app.example.com"),
        // Preflights again, for each URL.
        (Fetch::put(to(301, API, "/echo")), Reads(200), "OPTIONS api.example.com/to/301 app.example.com, PUT api.example.com/to/301 app.example.com, \
            OPTIONS api.example.com/echo app.example.com, PUT api.example.com/echo app.example.com"),
        (Fetch::put(to(303, API, "/echo")), Reads(200), "OPTIONS api.example.com/to/303 app.example.com, PUT api.example.com/to/303 app.example.com, \
            GET api.example.com/echo app.example.com"),
        (Fetch::delete(to(307, API, "https://shop.example.net/echo")), Reads(200), "OPTIONS api.example.com/to/307 app.example.com, DELETE api.example.com/to/307 app.example.com, \
            OPTIONS shop.example.net/echo null, DELETE shop.example.net/echo null"),
        (Fetch::put(to(307, PAGE, there)), Reads(200), "PUT app.example.com/to/307 app.example.com, OPTIONS api.example.com/echo app.example.com, PUT api.example.com/echo app.example.com"),
        (Fetch::put(to(307, API, "https://app.example.com/echo")), Reads(200), "OPTIONS api.example.com/to/307 app.example.com, PUT api.example.com/to/307 app.example.com, \
            OPTIONS app.example.com/echo null, PUT app.example.com/echo null"),
        // A stream cannot be sent again, but for 303, which drops it.
        (Fetch::post(to(307, API, "/echo")).body(Body::stream(*b"a")), By(Blocked::RedirectBody), "OPTIONS api.example.com/to/307 app.example.com, POST api.example.com/to/307 app.example.com"),
        (Fetch::post(to(303, PAGE, "/echo")).body(Body::stream(*b"a")), Reads(200), "POST app.example.com/to/303 app.example.com, GET app.example.com/echo -"),
        // Modes.
        (Fetch::get(to(302, PAGE, "/echo")).mode(Mode::SameOrigin), Reads(200), "GET app.example.com/to/302 -, GET app.example.com/echo -"),
        (Fetch::get(to(302, PAGE, there)).mode(Mode::SameOrigin), By(Blocked::SameOriginMode(API.to_owned())), "GET app.example.com/to/302 -"),
        (Fetch::get(to(302, PAGE, there)).mode(Mode::NoCors), Opaque, "GET app.example.com/to/302 -, GET api.example.com/echo -"),
        (Fetch::post(to(307, API, "https://app.example.com/echo")).mode(Mode::NoCors), Opaque, "POST api.example.com/to/307 app.example.com, POST app.example.com/echo null"),
        (Fetch::get(to(302, API, "/echo")).redirect(Redirect::Error), By(Blocked::RedirectMode), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "/echo")).redirect(Redirect::Manual), Opaque, "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, PAGE, "/echo")).redirect(Redirect::Manual), Opaque, "GET app.example.com/to/302 -"),
        (Fetch::get(to(304, API, "/echo")), Reads(304), "GET api.example.com/to/304 app.example.com"),
        (Fetch::get(to(300, API, "/echo")), Reads(300), "GET api.example.com/to/300 app.example.com"),
        // Where to.
        (Fetch::get(to(302, API, "https://")), By(Blocked::RedirectLocation("https://".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "ftp://a.example/")), By(Blocked::RedirectScheme("ftp".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "data:,a")), By(Blocked::RedirectScheme("data".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://api.example.com:25/")), By(Blocked::Port(25)), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "http://api.example.com/")), By(Blocked::MixedContent("http://api.example.com/".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://a:b@api.example.com/echo")), By(Blocked::RedirectCredentials("https://a:b@api.example.com/echo".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, API, "https://a@app.example.com/echo")), By(Blocked::RedirectCredentials("https://a@app.example.com/echo".to_owned())), "GET api.example.com/to/302 app.example.com"),
        (Fetch::get(to(302, PAGE, "https://a@api.example.com/echo")), By(Blocked::RedirectCredentials("https://a@api.example.com/echo".to_owned())), "GET app.example.com/to/302 -"),
        (Fetch::get(to(302, PAGE, "https://a@app.example.com/echo")), Reads(200), "GET app.example.com/to/302 -, GET a@app.example.com/echo -"),
        (Fetch::get(to(302, API, "https://a@api.example.com/echo")).mode(Mode::NoCors), Opaque, "GET api.example.com/to/302 -, GET a@api.example.com/echo -"),
    ];
    block_on(async {
        let app = guarded(policy(ALL)).await;
        for (fetch, wanted, exchanges) in rows {
            let fetched = Browser::at(PAGE).fetch(&app, fetch.clone()).await;
            let got = (verdict(&fetched), trail(&fetched));
            assert_eq!(got, (wanted, exchanges.to_owned()), "{fetch:?}");
        }
    });
}

#[test]
fn every_answer_on_the_way_must_pass_the_cors_check() {
    const CORS: &str = "302\nlocation: https://shop.example.net/b\naccess-control-allow-origin: https://app.example.com";
    const BARE: &str = "302\nlocation: https://shop.example.net/b";
    let rows: [(Scripts, Verdict, usize); 6] = [
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
        // The page's origin would have been right, had there been no redirect.
        (
            &[
                ("com/a", CORS),
                (
                    "",
                    "200\naccess-control-allow-origin: https://app.example.com",
                ),
            ],
            By(Blocked::Check(CorsCheck::Mismatch {
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
        let fetched = fetch_scripted("204", actual, Fetch::get("https://api.example.com/a"));
        let got = (verdict(&fetched), fetched.exchanges().len());
        assert_eq!(got, (wanted, exchanges), "{actual:?}");
    }
}

#[test]
fn a_page_learns_where_it_was_led() {
    block_on(async {
        let app = guarded(policy(ALL)).await;
        let mut browser = Browser::at(PAGE);
        let fetched = browser
            .fetch(&app, Fetch::get(to(302, API, "/echo?a=b#c")))
            .await;
        assert_eq!(
            (fetched.url(), fetched.redirected()),
            ("https://api.example.com/echo?a=b", true)
        );
        let fetched = browser
            .fetch(&app, Fetch::get(format!("{API}/echo#c")))
            .await;
        assert_eq!(
            (fetched.url(), fetched.redirected()),
            ("https://api.example.com/echo", false)
        );
        let fetched = browser
            .fetch(&app, Fetch::get(to(302, API, "/echo")).mode(Mode::NoCors))
            .await;
        assert_eq!(
            (fetched.url(), fetched.redirected(), fetched.kind()),
            ("", false, Kind::Opaque)
        );
        let manual = Fetch::get(to(302, API, "/echo")).redirect(Redirect::Manual);
        let fetched = browser.fetch(&app, manual).await;
        assert_eq!(
            (fetched.url(), fetched.kind()),
            ("https://api.example.com/to/302?/echo", Kind::OpaqueRedirect)
        );
    });
}

#[test]
fn headers_go_with_the_body_and_authorization_with_the_origin() {
    let sent = |location: &str, status: u16, name: &str| {
        let fetch = Fetch::post(to(status, API, location))
            .header("content-type", "application/json")
            .header("content-language", "de")
            .header("x-a", "b")
            .header("authorization", "c")
            .body("{}");
        block_on(async {
            let fetched = Browser::at(PAGE)
                .fetch(&guarded(policy(ALL)).await, fetch)
                .await;
            assert!(fetched.readable(), "{fetched:#?}");
            let last = fetched.exchanges().last().expect("an exchange");
            last.sent(name).map(str::to_owned)
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
fn a_body_is_sent_again_where_the_method_stays() {
    block_on(async {
        let app = guarded(policy(ALL)).await;
        for (status, text) in [(307, "hi"), (308, "hi"), (301, ""), (302, ""), (303, "")] {
            let fetch = Fetch::post(to(status, API, "/echo")).body("hi");
            let fetched = Browser::at(PAGE).fetch(&app, fetch).await;
            assert_eq!(fetched.text(), text, "{status}");
        }
    });
}

#[test]
fn twenty_redirects_are_followed() {
    const LOOP: Scripts = &[("", "302\nlocation: /\naccess-control-allow-origin: *")];
    let fetched = fetch_scripted("204", LOOP, Fetch::get(API));
    assert_eq!(
        (verdict(&fetched), fetched.exchanges().len()),
        (By(Blocked::RedirectLimit), 21)
    );
}

#[test]
fn a_redirect_leads_to_one_address() {
    const TWO: Scripts = &[(
        "",
        "302\nlocation: /a\nlocation: /b\naccess-control-allow-origin: *",
    )];
    let fetched = fetch_scripted("204", TWO, Fetch::get(API));
    assert_eq!(
        verdict(&fetched),
        By(Blocked::RedirectLocation("/a".to_owned()))
    );
}

#[test]
fn what_is_blocked_after_a_redirect_is_forgotten_there() {
    const PREFLIGHT: &str =
        "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT";
    const ACTUAL: Scripts = &[
        (
            "com/a",
            "307\nlocation: https://shop.example.net/b\naccess-control-allow-origin: *",
        ),
        ("", "200"),
    ];
    block_on(async {
        let app = scripted(PREFLIGHT, ACTUAL).await;
        let mut browser = Browser::at(PAGE);
        for preflights in [2, 1] {
            let fetched = browser
                .fetch(&app, Fetch::put("https://api.example.com/a"))
                .await;
            assert_eq!(
                (verdict(&fetched), fetched.preflights()),
                (missing(), preflights)
            );
        }
    });
}

#[test]
fn what_a_page_was_allowed_is_not_allowed_to_null() {
    block_on(async {
        let app = guarded(policy(ALL)).await;
        let mut browser = Browser::at(PAGE);
        let there = "https://shop.example.net/echo";
        for (fetch, preflights) in [
            (Fetch::put(there), 1),
            (Fetch::put(there), 0),
            (Fetch::put(to(307, API, there)), 2),
            (Fetch::put(to(307, API, there)), 0),
        ] {
            let fetched = browser.fetch(&app, fetch).await;
            assert_eq!(
                (verdict(&fetched), fetched.preflights()),
                (Reads(200), preflights)
            );
        }
    });
}

#[test]
fn a_fragment_goes_along() {
    block_on(async {
        let app = guarded(policy(ALL)).await;
        for (location, wanted) in [
            ("/echo", "https://api.example.com/echo#a"),
            ("/echo%23b", "https://api.example.com/echo#b"),
        ] {
            let fetch = Fetch::get(format!("{}#a", to(302, API, location)));
            let fetched = Browser::at(PAGE).fetch(&app, fetch).await;
            assert_eq!(fetched.exchanges().last().map(Exchange::url), Some(wanted));
        }
    });
}

#[test]
fn credentials_stay_with_their_mode() {
    let session = "ALLOWED_ORIGINS=https://app.example.com\nALLOW_CREDENTIALS=true";
    block_on(async {
        let app = guarded(policy(session)).await;
        let mut browser = Browser::at(PAGE);
        browser.set_cookie(API, "a=b");
        browser.set_cookie(SHOP, "c=d");
        let fetch = Fetch::get(to(302, API, "https://shop.example.net/echo"));
        let fetched = browser
            .fetch(&app, fetch.credentials(Credentials::Include))
            .await;
        // `null` is never allowed with credentials.
        assert_eq!(verdict(&fetched), missing());
        let cookies: Vec<_> = fetched
            .exchanges()
            .iter()
            .map(|exchange| exchange.sent("cookie"))
            .collect();
        assert_eq!(cookies, [Some("a=b"), Some("c=d")]);
    });
}
