//! A table of policies and requests: what the page gets, and how many preflights the browser sends.

use cors_test_browser::{Blocked, Body, CorsCheckError, Credentials, Fetch, Mode, Redirect};

use crate::support::{
    Outcome,
    Outcome::{BlockedBy, Opaque, Reads},
    fetch_with, outcome,
};

const NONE: &str = "ALLOWED_ORIGINS=none";
const APP: &str = "ALLOWED_ORIGINS=https://app.example.com";
const ANY: &str = "ALLOWED_ORIGINS=*";
const FULL: &str = "ALLOWED_ORIGINS=https://app.example.com,https://*.preview.example.com:*\nALLOWED_METHODS=PUT,DELETE\n\
    ALLOWED_HEADERS=content-type,X-Tenant\nEXPOSED_HEADERS=x-request-id";
const SESSION: &str = "ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=*\nALLOWED_HEADERS=*\nEXPOSED_HEADERS=*\n\
    ALLOW_CREDENTIALS=true";
const OPEN: &str = "ALLOWED_ORIGINS=*\nALLOWED_METHODS=*\nALLOWED_HEADERS=*\nEXPOSED_HEADERS=*";
const OPEN_TOKEN: &str = "ALLOWED_ORIGINS=*\nALLOWED_HEADERS=*,authorization";
const NULL: &str = "ALLOWED_ORIGINS=null";
const REJECTING: &str = "ALLOWED_ORIGINS=https://app.example.com\nREJECT_DENIED_ORIGINS=true\nOWN_ORIGINS=https://api.example.com";
const STATUS: &str =
    "ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=PUT\nPREFLIGHT_STATUS=299";

const PAGE: &str = "https://app.example.com";
const EVIL: &str = "https://evil.example";
const ITEM: &str = "https://api.example.com/items/7";

pub(crate) type Row = (
    &'static str,
    &'static str,
    &'static str,
    Fetch,
    Outcome,
    usize,
);

fn missing() -> Outcome {
    BlockedBy(Blocked::CorsCheck(CorsCheckError::Missing))
}

fn preflight_missing() -> Outcome {
    BlockedBy(Blocked::PreflightCorsCheck(CorsCheckError::Missing))
}

fn get() -> Fetch {
    Fetch::get(ITEM)
}

fn new(method: &str) -> Fetch {
    Fetch::new(method, ITEM)
}

fn with(name: &str, value: &str) -> Fetch {
    get().header(name, value)
}

fn included(fetch: Fetch) -> Fetch {
    fetch.credentials(Credentials::Include)
}

fn no_cors(fetch: Fetch) -> Fetch {
    fetch.mode(Mode::NoCors)
}

fn socket(url: &str) -> Fetch {
    Fetch::websocket(url)
}

fn url(text: &str) -> Outcome {
    BlockedBy(Blocked::Url(text.to_owned()))
}

fn method(name: &str) -> Outcome {
    BlockedBy(Blocked::Method(name.to_owned()))
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let json = || new("POST").header("content-type", "application/json").body("{}");
    let many = || (0..9).fold(get(), |fetch, _| fetch.header("accept-language", "a".repeat(113)));
    vec![
        // Origins of pages.
        ("an allowed page reads the response", APP, PAGE, get(), Reads(200), 0),
        ("a denied page does not read the response", APP, EVIL, get(), missing(), 0),
        ("the same host with http is another origin", APP, "http://app.example.com", get(), missing(), 0),
        ("another port is another origin", APP, "https://app.example.com:8443", get(), missing(), 0),
        ("a subdomain is another origin", APP, "https://x.app.example.com", get(), missing(), 0),
        ("a page that matches a pattern entry reads the response", FULL, "https://x.y.preview.example.com:81", get(), Reads(200), 0),
        ("a page at the base of a pattern entry does not", FULL, "https://preview.example.com", get(), missing(), 0),
        ("no page reads the response if no origin is allowed", NONE, PAGE, get(), missing(), 0),
        ("every page reads the response if any origin is allowed", ANY, EVIL, get(), Reads(200), 0),
        ("an opaque origin reads the response if any origin is allowed", ANY, "null", get(), Reads(200), 0),
        ("an opaque origin reads the response if null is allowed", NULL, "null", get(), Reads(200), 0),
        ("otherwise an opaque origin is denied", APP, "null", get(), missing(), 0),
        ("null allows only opaque origins", NULL, PAGE, get(), missing(), 0),
        ("a page of an extension reads the response if any origin is allowed", ANY, "chrome-extension://abcdef", get(), Reads(200), 0),
        ("a page of an app shell reads the response if its origin is allowed", "ALLOWED_ORIGINS=tauri://localhost", "tauri://localhost", get(), Reads(200), 0),
        // Same-origin.
        ("a same-origin request needs no permission", NONE, "https://api.example.com", get(), Reads(200), 0),
        ("a same-origin request needs no preflight", NONE, "https://api.example.com", new("PUT").header("x-a", "b"), Reads(200), 0),
        ("a relative URL is same-origin", NONE, PAGE, Fetch::get("/items/7"), Reads(200), 0),
        ("the default port makes no difference to the origin", NONE, "https://api.example.com", Fetch::put("https://API.example.com:443/items/7"), Reads(200), 0),
        ("a page with an opaque origin cannot use relative URLs", ANY, "null", Fetch::get("/items/7"), BlockedBy(Blocked::Url("/items/7".to_owned())), 0),
        ("mode same-origin permits same-origin requests", NONE, PAGE, Fetch::get("/items/7").mode(Mode::SameOrigin), Reads(200), 0),
        ("mode same-origin blocks cross-origin requests", OPEN, PAGE, get().mode(Mode::SameOrigin), BlockedBy(Blocked::SameOriginMode("https://api.example.com".to_owned())), 0),
        // Statuses.
        ("a page reads a 404", APP, PAGE, Fetch::get("https://api.example.com/none"), Reads(404), 0),
        ("a page reads a 405", APP, PAGE, Fetch::post("https://api.example.com/get-only"), Reads(405), 0),
        ("a page reads a 401", APP, PAGE, Fetch::get("https://api.example.com/401"), Reads(401), 0),
        ("a page reads the error of a handler", APP, PAGE, Fetch::get("https://api.example.com/fail"), Reads(500), 0),
        ("a denied page does not read a 404", APP, EVIL, Fetch::get("https://api.example.com/none"), missing(), 0),
        ("a rejected page does not read the 403", REJECTING, EVIL, get(), missing(), 0),
        ("a same-origin request is not rejected", REJECTING, "https://api.example.com", new("POST"), Reads(200), 0),
        // Methods.
        ("HEAD needs no preflight", APP, PAGE, new("HEAD"), Reads(200), 0),
        ("POST needs no preflight", APP, PAGE, new("POST"), Reads(200), 0),
        ("PUT needs a preflight", FULL, PAGE, new("PUT"), Reads(200), 1),
        ("put is normalized to PUT", FULL, PAGE, new("put"), Reads(200), 1),
        ("gEt is normalized to GET", APP, PAGE, new("gEt"), Reads(200), 0),
        ("patch is not normalized, so PATCH does not allow it", "ALLOWED_ORIGINS=*\nALLOWED_METHODS=PATCH", PAGE, new("patch"), preflight_missing(), 1),
        ("PATCH is allowed", "ALLOWED_ORIGINS=*\nALLOWED_METHODS=PATCH", PAGE, new("PATCH"), Reads(200), 1),
        ("a method that is not configured is denied", FULL, PAGE, new("PATCH"), preflight_missing(), 1),
        ("OPTIONS needs a preflight", OPEN, PAGE, new("OPTIONS"), Reads(200), 1),
        ("any method includes an unknown method", OPEN, PAGE, new("CHICKEN"), Reads(200), 1),
        ("any method includes an unknown method with credentials", SESSION, PAGE, included(new("CHICKEN")), Reads(200), 1),
        ("TRACE is forbidden", OPEN, PAGE, new("trace"), method("trace"), 0),
        ("CONNECT is forbidden", OPEN, PAGE, new("CONNECT"), method("CONNECT"), 0),
        ("a method that is not a token is invalid", OPEN, PAGE, new("G T"), method("G T"), 0),
        ("an empty method is invalid", OPEN, PAGE, new(""), method(""), 0),
        ("a preflight of a denied page fails", FULL, EVIL, new("PUT"), preflight_missing(), 1),
        ("status 299 is an ok status", STATUS, PAGE, new("PUT"), Reads(200), 1),
        // Request headers.
        ("accept is safelisted", APP, PAGE, with("Accept", "text/html, */*;q=0.1"), Reads(200), 0),
        ("accept with an unsafe byte is not safelisted", APP, PAGE, with("accept", "a(b)"), preflight_missing(), 1),
        ("accept of 128 bytes is safelisted", APP, PAGE, with("accept", &"a".repeat(128)), Reads(200), 0),
        ("accept of 129 bytes is not safelisted", APP, PAGE, with("accept", &"a".repeat(129)), preflight_missing(), 1),
        ("accept-language is safelisted", APP, PAGE, with("accept-language", "de-AT, *;q=0.5"), Reads(200), 0),
        ("accept-language with another byte is not safelisted", APP, PAGE, with("accept-language", "de/AT"), preflight_missing(), 1),
        ("content-language is safelisted", APP, PAGE, with("content-language", "de"), Reads(200), 0),
        ("content-language with another byte is not safelisted", APP, PAGE, with("content-language", "de_AT"), preflight_missing(), 1),
        ("text needs no preflight", APP, PAGE, new("POST").body("hi"), Reads(200), 0),
        ("bytes need no preflight", APP, PAGE, new("POST").body(vec![0]), Reads(200), 0),
        ("a form needs no preflight", APP, PAGE, new("POST").header("content-type", "application/x-www-form-urlencoded").body("a=b"), Reads(200), 0),
        ("files need no preflight", APP, PAGE, new("POST").header("Content-Type", "Multipart/Form-Data; boundary=x").body("x"), Reads(200), 0),
        ("JSON needs a preflight", FULL, PAGE, json(), Reads(200), 1),
        ("JSON is denied if the policy does not allow content-type", APP, PAGE, json(), preflight_missing(), 1),
        ("a content type with quotes needs a preflight", APP, PAGE, new("POST").header("content-type", "text/plain;a=\"b\""), preflight_missing(), 1),
        ("a content type that does not parse needs a preflight", APP, PAGE, new("POST").header("content-type", "text"), preflight_missing(), 1),
        ("a range from a start is safelisted", APP, PAGE, with("range", "bytes=0-99"), Reads(200), 0),
        ("a range to the end is safelisted", APP, PAGE, with("range", "bytes=100-"), Reads(200), 0),
        ("a range of the last bytes is not safelisted", APP, PAGE, with("range", "bytes=-99"), preflight_missing(), 1),
        ("a range that ends before its start is not safelisted", APP, PAGE, with("range", "bytes=2-1"), preflight_missing(), 1),
        ("two ranges are not safelisted", APP, PAGE, with("range", "bytes=0-1,3-4"), preflight_missing(), 1),
        ("1020 bytes of safelisted values need no preflight", APP, PAGE, many(), Reads(200), 0),
        ("1025 bytes of safelisted values need a preflight", APP, PAGE, many().header("content-language", "abcde"), preflight_missing(), 1),
        ("a configured header is allowed in upper and lower case", FULL, PAGE, with("x-TENANT", "a"), Reads(200), 1),
        ("a header that is not configured is denied", FULL, PAGE, with("x-tenants", "a"), preflight_missing(), 1),
        ("one of two headers that is not configured is denied", FULL, PAGE, with("x-tenant", "a").header("x-a", "b"), preflight_missing(), 1),
        ("a header with an empty value needs permission too", APP, PAGE, with("x-a", ""), preflight_missing(), 1),
        ("any header includes an unknown header", OPEN, PAGE, with("x-a", "b"), Reads(200), 1),
        ("any header includes an unknown header with credentials", SESSION, PAGE, included(with("x-a", "b")), Reads(200), 1),
        ("any header does not include authorization", OPEN, PAGE, with("Authorization", "a"), preflight_missing(), 1),
        ("authorization is allowed if it is named in addition to any header", OPEN_TOKEN, PAGE, with("authorization", "a"), Reads(200), 1),
        ("user-agent is not safelisted", APP, PAGE, with("user-agent", "me"), preflight_missing(), 1),
        ("forbidden headers are not sent", APP, PAGE, with("Cookie", "a").header("sec-a", "b").header("Proxy-B", "c").header("host", "d").header("origin", EVIL), Reads(200), 0),
        ("a method override with a forbidden method is not sent", APP, PAGE, with("x-http-method-override", "PUT, trace"), Reads(200), 0),
        ("a method override with another method needs permission", APP, PAGE, with("x-http-method-override", "PUT"), preflight_missing(), 1),
        ("a header name that is not a token is invalid", OPEN, PAGE, with("x y", "a"), BlockedBy(Blocked::Header("x y".to_owned())), 0),
        ("a header value with a line break is invalid", OPEN, PAGE, with("x-a", "a\nb"), BlockedBy(Blocked::Header("x-a".to_owned())), 0),
        ("line breaks around a header value are removed", OPEN, PAGE, with("x-a", "\r\n a \n"), Reads(200), 1),
        ("a header value with a character above U+00FF is invalid", OPEN, PAGE, with("x-a", "€"), BlockedBy(Blocked::Header("x-a".to_owned())), 0),
        ("a header value with a character above ASCII is valid", OPEN, PAGE, with("x-a", "é"), Reads(200), 1),
        // Credentials.
        ("a policy with credentials allows a request with credentials", SESSION, PAGE, included(get()), Reads(200), 0),
        ("a policy without credentials blocks a request with credentials", APP, PAGE, included(get()), BlockedBy(Blocked::CorsCheck(CorsCheckError::Credentials(None))), 0),
        ("a policy without credentials blocks a preflight with credentials", FULL, PAGE, included(new("PUT")), BlockedBy(Blocked::PreflightCorsCheck(CorsCheckError::Credentials(None))), 1),
        ("a policy for any origin blocks a request with credentials", ANY, PAGE, included(get()), BlockedBy(Blocked::CorsCheck(CorsCheckError::Wildcard)), 0),
        ("a policy for any origin blocks a preflight with credentials", OPEN, PAGE, included(new("PUT")), BlockedBy(Blocked::PreflightCorsCheck(CorsCheckError::Wildcard)), 1),
        ("a denied page is blocked with credentials too", SESSION, EVIL, included(get()), missing(), 0),
        ("credentials mode omit needs no permission for credentials", ANY, PAGE, get().credentials(Credentials::Omit), Reads(200), 0),
        ("a policy with credentials allows a request without credentials", SESSION, PAGE, new("PUT").credentials(Credentials::Omit), Reads(200), 1),
        // Mode no-cors.
        ("a response in mode no-cors is opaque", NONE, PAGE, no_cors(get()), Opaque, 0),
        ("a response in mode no-cors is opaque for an allowed page too", OPEN, PAGE, no_cors(new("POST").body("hi")), Opaque, 0),
        ("a same-origin response in mode no-cors is readable", NONE, PAGE, no_cors(Fetch::get("/items/7")), Reads(200), 0),
        ("mode no-cors does not permit PUT", OPEN, PAGE, no_cors(new("put")), BlockedBy(Blocked::NoCorsMethod("PUT".to_owned())), 0),
        ("mode no-cors does not send headers that are not safelisted", NONE, PAGE, no_cors(with("x-a", "b").header("content-type", "application/json")), Opaque, 0),
        ("mode no-cors requires redirect mode follow", NONE, PAGE, no_cors(get()).redirect(Redirect::Error), BlockedBy(Blocked::NoCorsRedirectMode), 0),
        // WebSockets, to which the CORS protocol does not apply.
        ("a WebSocket opens from a denied page", NONE, EVIL, socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens from an opaque origin", NONE, "null", socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens with an https URL", NONE, EVIL, socket("https://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens with a relative URL", NONE, "https://api.example.com", socket("/socket"), Reads(101), 0),
        ("a WebSocket opens with a password in its URL", NONE, EVIL, socket("wss://user:pass@api.example.com/socket"), Reads(101), 0),
        ("other settings have no effect on a WebSocket", NONE, EVIL, socket("wss://api.example.com/socket").header("x y", "").body("hi").redirect(Redirect::Manual), Reads(101), 0),
        ("a WebSocket of a denied origin is rejected if the policy rejects", REJECTING, EVIL, socket("wss://api.example.com/socket"), BlockedBy(Blocked::WebSocketStatus(403)), 0),
        ("a WebSocket of an allowed origin is not rejected", REJECTING, PAGE, socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket does not follow redirects", NONE, EVIL, socket("wss://api.example.com/to/302?https://api.example.com/socket"), BlockedBy(Blocked::WebSocketStatus(302)), 0),
        ("a WebSocket opens only with status 101", NONE, EVIL, socket("wss://api.example.com/items/7"), BlockedBy(Blocked::WebSocketStatus(200)), 0),
        ("a WebSocket opens only with a complete handshake", NONE, EVIL, socket("wss://api.example.com/101"), BlockedBy(Blocked::WebSocketHandshake("Upgrade")), 0),
        ("a WebSocket needs a URL of ws or http", NONE, EVIL, socket("ftp://api.example.com/"), url("ftp://api.example.com/"), 0),
        ("a WebSocket cannot have a fragment in its URL", NONE, EVIL, socket("wss://api.example.com/socket#a"), url("wss://api.example.com/socket#a"), 0),
        ("a page with an opaque origin cannot use relative URLs for a WebSocket", NONE, "null", socket("/socket"), url("/socket"), 0),
        ("an insecure WebSocket is mixed content", NONE, EVIL, socket("ws://api.example.com/socket"), BlockedBy(Blocked::MixedContent("http://api.example.com/socket".to_owned())), 0),
        ("fetch() does not permit wss", OPEN, PAGE, Fetch::get("wss://api.example.com/socket"), BlockedBy(Blocked::Scheme("wss".to_owned())), 0),
        ("mode no-cors does not permit a stream as body", NONE, PAGE, no_cors(new("POST")).body(Body::stream(*b"a")), BlockedBy(Blocked::Body("POST".to_owned())), 0),
        // Bodies and flags.
        ("GET cannot have a body", OPEN, PAGE, get().body("a"), BlockedBy(Blocked::Body("GET".to_owned())), 0),
        ("a stream as body needs a preflight", APP, PAGE, new("POST").body(Body::stream(*b"a")), Reads(200), 1),
        ("a stream of a denied page is not sent", APP, EVIL, new("POST").body(Body::stream(*b"a")), preflight_missing(), 1),
        ("a listener on upload needs a preflight", APP, PAGE, new("POST").use_cors_preflight(), Reads(200), 1),
        ("a listener on upload needs no preflight for a same-origin request", NONE, PAGE, Fetch::post("/items/7").use_cors_preflight(), Reads(200), 0),
        // URLs.
        ("a URL must parse", OPEN, PAGE, Fetch::get("https://"), BlockedBy(Blocked::Url("https://".to_owned())), 0),
        ("a URL cannot have a password", OPEN, PAGE, Fetch::get("https://a:b@api.example.com/"), BlockedBy(Blocked::Url("https://a:b@api.example.com/".to_owned())), 0),
        ("a URL cannot have a username", OPEN, PAGE, Fetch::get("https://a@api.example.com/"), BlockedBy(Blocked::Url("https://a@api.example.com/".to_owned())), 0),
        ("a bad port is blocked", OPEN, PAGE, Fetch::get("https://api.example.com:6667/"), BlockedBy(Blocked::Port(6667)), 0),
        ("an unusual port is permitted", OPEN, PAGE, Fetch::get("https://api.example.com:6670/items/7"), Reads(200), 0),
        ("the scheme must be http or https", OPEN, PAGE, Fetch::get("ftp://api.example.com/"), BlockedBy(Blocked::Scheme("ftp".to_owned())), 0),
        ("data: is not simulated", OPEN, PAGE, Fetch::get("data:,a"), BlockedBy(Blocked::Scheme("data".to_owned())), 0),
        ("plain http is mixed content", OPEN, PAGE, Fetch::get("http://api.example.com/"), BlockedBy(Blocked::MixedContent("http://api.example.com/".to_owned())), 0),
        ("plain http is not mixed content for a page of plain http", OPEN, "http://app.example.com", Fetch::get("http://api.example.com/items/7"), Reads(200), 0),
        ("plain http is not mixed content on loopback", OPEN, PAGE, Fetch::get("http://127.0.0.2:8080/items/7"), Reads(200), 0),
        ("plain http is not mixed content on subdomains of localhost", OPEN, PAGE, Fetch::get("http://a.localhost/items/7"), Reads(200), 0),
        ("plain http is not mixed content on loopback with IPv6", OPEN, PAGE, Fetch::get("http://[::1]:8080/items/7"), Reads(200), 0),
    ]
}

#[test]
fn pages_get_what_policies_allow() {
    let rows = rows();
    assert!(rows.len() >= 110, "{}", rows.len());
    for (name, vars, page, fetch, wanted, preflights) in rows {
        let response = fetch_with(vars, page, fetch);
        let got = (outcome(&response), response.preflights());
        assert_eq!(
            got,
            (wanted, preflights),
            "{name}: {:#?}",
            response.exchanges()
        );
    }
}
