//! What browsers send: the lists of a preflight, `Origin`, and the headers that only a browser can set.

use cors_test_browser::{Browser, Credentials, Exchange, Fetch, Mode, Response};

use crate::support::{API, PAGE, app_with_policy, block_on, browser, policy};

const OPEN: &str = "ALLOWED_ORIGINS=*\nALLOWED_METHODS=*\nALLOWED_HEADERS=*,authorization";

fn fetch(page: &str, fetch: Fetch) -> Response {
    block_on(async {
        browser(page)
            .fetch(&app_with_policy(policy(OPEN)).await, fetch)
            .await
    })
}

fn names(exchange: &Exchange) -> String {
    let names: Vec<&str> = exchange.request_headers().map(|(name, _)| name).collect();
    names.join(" ")
}

#[test]
fn a_preflight_lists_each_unsafe_name_once_and_sorted() {
    let asked = Fetch::put(API)
        .header("X-Zebra", "1")
        .header("x-apple", "2")
        .header("X-APPLE", "3")
        .header("Content-Type", "application/json")
        .header("accept", "text/html")
        .header("authorization", "a")
        .header("range", "bytes=0-");
    let response = fetch(PAGE, asked);
    assert!(response.readable(), "{response:#?}");
    let [preflight, actual] = response.exchanges() else {
        panic!("{response:#?}");
    };
    assert_eq!(
        (preflight.method(), preflight.is_preflight()),
        ("OPTIONS", true)
    );
    assert_eq!(
        preflight.request_header("access-control-request-method"),
        Some("PUT")
    );
    assert_eq!(
        preflight.request_header("access-control-request-headers"),
        Some("authorization,content-type,x-apple,x-zebra")
    );
    assert_eq!(
        (
            preflight.request_header("origin"),
            preflight.request_header("accept")
        ),
        (Some(PAGE), Some("*/*"))
    );
    assert_eq!(
        names(preflight),
        "host accept access-control-request-method access-control-request-headers referer origin sec-fetch-dest \
         sec-fetch-mode sec-fetch-site user-agent"
    );
    assert_eq!(
        preflight.response_header("access-control-allow-origin"),
        Some("*")
    );
    assert_eq!((actual.method(), actual.is_preflight()), ("PUT", false));
    assert_eq!(
        (preflight.status(), actual.status()),
        (Some(204), Some(404))
    );
    assert_eq!(actual.request_header("accept"), Some("text/html"));
    assert_eq!(actual.request_header("accept-encoding"), Some("identity"));
    assert_eq!(actual.request_header("content-length"), Some("0"));
    // Both real browsers send one line. The standard permits several.
    let apples = actual
        .request_headers()
        .filter(|(name, _)| *name == "x-apple");
    assert_eq!(apples.collect::<Vec<_>>(), [("x-apple", "2, 3")]);
}

#[test]
fn a_preflight_without_unsafe_names_has_no_list() {
    let response = fetch(PAGE, Fetch::delete(API));
    let preflight = response.exchanges().first().expect("a preflight");
    assert_eq!(
        preflight.request_header("access-control-request-headers"),
        None
    );
    let response = fetch(PAGE, Fetch::get(API).header("x-a", "b"));
    let preflight = response.exchanges().first().expect("a preflight");
    assert_eq!(
        preflight.request_header("access-control-request-method"),
        Some("GET")
    );
}

#[test]
fn origin_is_sent_when_the_standard_says_so() {
    let plain = "http://app.example.com";
    let no_cors = |fetch: Fetch| fetch.mode(Mode::NoCors);
    #[rustfmt::skip]
    let rows = [
        ("another origin", PAGE, Fetch::get(API), Some(PAGE)),
        ("another origin, HEAD", PAGE, Fetch::head(API), Some(PAGE)),
        ("an opaque origin", "null", Fetch::get(API), Some("null")),
        ("same origin, GET", PAGE, Fetch::get("/"), None),
        ("same origin, HEAD", PAGE, Fetch::head("/"), None),
        ("same origin, POST", PAGE, Fetch::post("/"), Some(PAGE)),
        ("same origin, DELETE", PAGE, Fetch::delete("/"), Some(PAGE)),
        ("mode same-origin, GET", PAGE, Fetch::get("/").mode(Mode::SameOrigin), None),
        ("mode same-origin, POST", PAGE, Fetch::post("/").mode(Mode::SameOrigin), Some(PAGE)),
        ("mode no-cors, GET", PAGE, no_cors(Fetch::get(API)), None),
        ("mode no-cors, POST", PAGE, no_cors(Fetch::post(API)), Some(PAGE)),
        ("mode no-cors, POST to http", PAGE, no_cors(Fetch::post("http://localhost/")), Some("null")),
        ("mode no-cors, POST from http", plain, no_cors(Fetch::post(API)), Some(plain)),
        ("mode cors, POST to http", PAGE, Fetch::post("http://localhost/"), Some(PAGE)),
        ("the origin of an app shell", "tauri://localhost", Fetch::get(API), Some("tauri://localhost")),
        ("an origin with a port", "http://localhost:5173", Fetch::get(API), Some("http://localhost:5173")),
    ];
    for (name, page, asked, wanted) in rows {
        let response = fetch(page, asked);
        let [exchange] = response.exchanges() else {
            panic!("{name}: {response:#?}");
        };
        assert_eq!(exchange.request_header("origin"), wanted, "{name}");
    }
}

#[test]
fn sec_fetch_site_is_sent_to_trustworthy_urls() {
    #[rustfmt::skip]
    let rows = [
        (PAGE, "https://app.example.com/", Some("same-origin")),
        (PAGE, "https://api.example.com/", Some("same-site")),
        (PAGE, "https://example.com/", Some("same-site")),
        (PAGE, "https://app.example.com:8443/", Some("same-site")),
        (PAGE, "https://app.example.net/", Some("cross-site")),
        (PAGE, "https://example.com.evil.net/", Some("cross-site")),
        ("http://app.example.com", "https://app.example.com/", Some("cross-site")),
        ("http://app.example.com", "http://api.example.com/", None),
        (PAGE, "http://localhost:8080/", Some("cross-site")),
        ("http://localhost:5173", "http://localhost:8080/", Some("same-site")),
        ("http://localhost:5173", "http://127.0.0.1:8080/", Some("cross-site")),
        ("http://127.0.0.1:5173", "http://127.0.0.1:8080/", Some("same-site")),
        ("http://127.0.0.1", "http://127.1.0.1/", Some("cross-site")),
        ("http://10.0.0.1", "http://10.0.0.1:81/", None),
        ("http://a.localhost", "http://b.localhost/", Some("cross-site")),
        ("null", "https://api.example.com/", Some("cross-site")),
        ("tauri://localhost", "http://localhost/", Some("cross-site")),
    ];
    for (page, url, wanted) in rows {
        let response = fetch(page, Fetch::get(url));
        let exchange = response.exchanges().first().expect("an exchange");
        assert_eq!(
            exchange.request_header("sec-fetch-site"),
            wanted,
            "{page} {url}"
        );
        let told = wanted.map(|_| "cors");
        assert_eq!(
            exchange.request_header("sec-fetch-mode"),
            told,
            "{page} {url}"
        );
    }
}

#[test]
fn a_public_suffix_is_not_a_site() {
    for (page, url, wanted) in [
        ("https://a.co.uk", "https://b.co.uk/", "cross-site"),
        ("https://a.github.io", "https://b.github.io/", "cross-site"),
        ("https://a.shop.co.uk", "https://b.shop.co.uk/", "same-site"),
    ] {
        let response = fetch(page, Fetch::get(url));
        let exchange = response.exchanges().first().expect("an exchange");
        assert_eq!(
            exchange.request_header("sec-fetch-site"),
            Some(wanted),
            "{page} {url}"
        );
    }
}

#[test]
fn a_cross_site_request_stays_cross_site_after_a_redirect() {
    for (from, to, wanted) in [
        (
            "https://shop.example.net",
            "https://app.example.com/echo",
            "cross-site",
        ),
        (
            "https://api.example.com",
            "https://app.example.com/echo",
            "same-site",
        ),
        (
            "https://app.example.com",
            "https://api.example.com/echo",
            "same-site",
        ),
        (
            "https://api.example.com",
            "https://shop.example.net/echo",
            "cross-site",
        ),
    ] {
        let response = fetch(PAGE, Fetch::get(format!("{from}/to/302?{to}")));
        assert!(response.readable(), "{response:#?}");
        let exchange = response.exchanges().last().expect("an exchange");
        assert_eq!(
            exchange.request_header("sec-fetch-site"),
            Some(wanted),
            "{from} {to}"
        );
    }
}

#[test]
fn sec_fetch_mode_is_the_request_mode() {
    for (mode, wanted) in [
        (Mode::NoCors, "no-cors"),
        (Mode::SameOrigin, "same-origin"),
        (Mode::Cors, "cors"),
    ] {
        let response = fetch(PAGE, Fetch::get("/").mode(mode));
        let exchange = response.exchanges().first().expect("an exchange");
        assert_eq!(exchange.request_header("sec-fetch-mode"), Some(wanted));
        assert_eq!(exchange.request_header("sec-fetch-dest"), Some("empty"));
    }
}

#[test]
fn referer_is_sent_except_in_a_downgrade() {
    for (page, url, wanted) in [
        (PAGE, API, Some("https://app.example.com/")),
        (PAGE, "http://localhost/", Some("https://app.example.com/")),
        (
            "http://app.example.com",
            "http://api.example.com/",
            Some("http://app.example.com/"),
        ),
        ("http://localhost:5173", "http://api.example.com/", None),
        ("null", API, None),
        ("tauri://localhost", API, None),
    ] {
        let response = fetch(page, Fetch::get(url));
        let exchange = response.exchanges().first().expect("an exchange");
        assert_eq!(exchange.request_header("referer"), wanted, "{page} {url}");
    }
}

#[test]
fn a_body_sets_its_type_and_length() {
    let sent = |asked: Fetch, name: &str| {
        let response = fetch(PAGE, asked);
        let exchange = response.exchanges().last().expect("an exchange");
        exchange.request_header(name).map(str::to_owned)
    };
    let some = |value: &str| Some(value.to_owned());
    assert_eq!(
        sent(Fetch::post(API).body("é"), "content-type"),
        some("text/plain;charset=UTF-8")
    );
    assert_eq!(
        sent(Fetch::post(API).body(String::new()), "content-length"),
        some("0")
    );
    assert_eq!(
        sent(Fetch::post(API).body("é"), "content-length"),
        some("2")
    );
    assert_eq!(sent(Fetch::post(API).body(&b"a"[..]), "content-type"), None);
    assert_eq!(sent(Fetch::patch(API), "content-length"), None);
    assert_eq!(sent(Fetch::get(API), "content-length"), None);
    let json = || {
        Fetch::post(API)
            .body("{}")
            .header("content-type", "application/json")
    };
    assert_eq!(sent(json(), "content-type"), some("application/json"));
    // In mode no-cors, a type that is not safelisted is dropped, and so the body sets the default type.
    assert_eq!(
        sent(json().mode(Mode::NoCors), "content-type"),
        some("text/plain;charset=UTF-8")
    );
    let twice = Fetch::get(API)
        .mode(Mode::NoCors)
        .header("accept", "a".repeat(100))
        .header("accept", "b".repeat(100));
    assert_eq!(sent(twice, "accept"), some(&"a".repeat(100)));
    let range = Fetch::get(API)
        .mode(Mode::NoCors)
        .header("range", "bytes=0-");
    assert_eq!(sent(range, "range"), None);
}

#[test]
fn forbidden_headers_do_not_reach_the_server() {
    let asked = Fetch::get(API)
        .header("Cookie", "a=b")
        .header("referer", "https://evil.example")
        .header("sec-fetch-site", "none")
        .header("x-method-override", "TRACE");
    let response = fetch(PAGE, asked.credentials(Credentials::Omit));
    let [exchange] = response.exchanges() else {
        panic!("{response:#?}");
    };
    assert_eq!(exchange.request_header("cookie"), None);
    assert_eq!(
        exchange.request_header("referer"),
        Some("https://app.example.com/")
    );
    assert_eq!(exchange.request_header("sec-fetch-site"), Some("same-site"));
    assert_eq!(exchange.request_header("x-method-override"), None);
}

#[test]
fn browser_at_panics_without_a_serialized_origin() {
    for text in [
        "null",
        "https://app.example.com/",
        "app.example.com",
        "HTTPS://app.example.com",
        "*",
    ] {
        let made = std::panic::catch_unwind(|| Browser::at(text));
        assert!(made.is_err(), "{text}");
    }
}
