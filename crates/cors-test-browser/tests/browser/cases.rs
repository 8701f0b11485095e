//! Rows over policies: what a page does, what becomes of it, and how many preflights it takes.

use cors_test_browser::{Blocked, Body, CorsCheck, Credentials, Fetch, Mode, Redirect};

use crate::support::{
    Verdict,
    Verdict::{By, Opaque, Reads},
    fetch_with, verdict,
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
    Verdict,
    usize,
);

fn missing() -> Verdict {
    By(Blocked::Check(CorsCheck::Missing))
}

fn preflight_missing() -> Verdict {
    By(Blocked::PreflightCheck(CorsCheck::Missing))
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

fn url(text: &str) -> Verdict {
    By(Blocked::Url(text.to_owned()))
}

fn method(name: &str) -> Verdict {
    By(Blocked::Method(name.to_owned()))
}

#[rustfmt::skip]
pub(crate) fn rows() -> Vec<Row> {
    let json = || new("POST").header("content-type", "application/json").body("{}");
    let many = || (0..9).fold(get(), |fetch, _| fetch.header("accept-language", "a".repeat(113)));
    vec![
        // Who asks.
        ("an allowed page reads", APP, PAGE, get(), Reads(200), 0),
        ("a denied page does not", APP, EVIL, get(), missing(), 0),
        ("an http page is another origin", APP, "http://app.example.com", get(), missing(), 0),
        ("another port is another origin", APP, "https://app.example.com:8443", get(), missing(), 0),
        ("a subdomain is another origin", APP, "https://x.app.example.com", get(), missing(), 0),
        ("a page below a pattern reads", FULL, "https://x.y.preview.example.com:81", get(), Reads(200), 0),
        ("a page at the pattern's base does not", FULL, "https://preview.example.com", get(), missing(), 0),
        ("nobody reads if nobody is allowed", NONE, PAGE, get(), missing(), 0),
        ("anybody reads if any is allowed", ANY, EVIL, get(), Reads(200), 0),
        ("an opaque origin reads if any is allowed", ANY, "null", get(), Reads(200), 0),
        ("an opaque origin reads if null is allowed", NULL, "null", get(), Reads(200), 0),
        ("an opaque origin is not allowed otherwise", APP, "null", get(), missing(), 0),
        ("null is for opaque origins only", NULL, PAGE, get(), missing(), 0),
        ("an extension's page reads if any is allowed", ANY, "chrome-extension://abcdef", get(), Reads(200), 0),
        ("a shell's page reads if it is allowed", "ALLOWED_ORIGINS=tauri://localhost", "tauri://localhost", get(), Reads(200), 0),
        // Same-origin.
        ("the own origin needs no permission", NONE, "https://api.example.com", get(), Reads(200), 0),
        ("nor a preflight", NONE, "https://api.example.com", new("PUT").header("x-a", "b"), Reads(200), 0),
        ("a relative URL is of the own origin", NONE, PAGE, Fetch::get("/items/7"), Reads(200), 0),
        ("a default port is not one", NONE, "https://api.example.com", Fetch::put("https://API.example.com:443/items/7"), Reads(200), 0),
        ("an opaque origin has no relative URLs", ANY, "null", Fetch::get("/items/7"), By(Blocked::Url("/items/7".to_owned())), 0),
        ("mode same-origin reads the own origin", NONE, PAGE, Fetch::get("/items/7").mode(Mode::SameOrigin), Reads(200), 0),
        ("mode same-origin reads no other", OPEN, PAGE, get().mode(Mode::SameOrigin), By(Blocked::SameOriginMode("https://api.example.com".to_owned())), 0),
        // Statuses.
        ("a 404 is read", APP, PAGE, Fetch::get("https://api.example.com/none"), Reads(404), 0),
        ("a 405 is read", APP, PAGE, Fetch::post("https://api.example.com/get-only"), Reads(405), 0),
        ("a 401 is read", APP, PAGE, Fetch::get("https://api.example.com/401"), Reads(401), 0),
        ("an error is read", APP, PAGE, Fetch::get("https://api.example.com/fail"), Reads(500), 0),
        ("a denied page reads no 404", APP, EVIL, Fetch::get("https://api.example.com/none"), missing(), 0),
        ("a rejected page reads nothing", REJECTING, EVIL, get(), missing(), 0),
        ("the own page is not rejected", REJECTING, "https://api.example.com", new("POST"), Reads(200), 0),
        // Methods.
        ("HEAD needs no preflight", APP, PAGE, new("HEAD"), Reads(200), 0),
        ("POST needs no preflight", APP, PAGE, new("POST"), Reads(200), 0),
        ("PUT needs one", FULL, PAGE, new("PUT"), Reads(200), 1),
        ("put is PUT", FULL, PAGE, new("put"), Reads(200), 1),
        ("get is GET", APP, PAGE, new("gEt"), Reads(200), 0),
        ("patch is not PATCH", "ALLOWED_ORIGINS=*\nALLOWED_METHODS=PATCH", PAGE, new("patch"), preflight_missing(), 1),
        ("PATCH is", "ALLOWED_ORIGINS=*\nALLOWED_METHODS=PATCH", PAGE, new("PATCH"), Reads(200), 1),
        ("a method that is not configured is denied", FULL, PAGE, new("PATCH"), preflight_missing(), 1),
        ("OPTIONS needs a preflight", OPEN, PAGE, new("OPTIONS"), Reads(200), 1),
        ("a method of one's own passes as any", OPEN, PAGE, new("CHICKEN"), Reads(200), 1),
        ("any method passes with credentials", SESSION, PAGE, included(new("CHICKEN")), Reads(200), 1),
        ("TRACE is sent by nobody", OPEN, PAGE, new("trace"), method("trace"), 0),
        ("CONNECT is sent by nobody", OPEN, PAGE, new("CONNECT"), method("CONNECT"), 0),
        ("a method is a token", OPEN, PAGE, new("G T"), method("G T"), 0),
        ("a method is not empty", OPEN, PAGE, new(""), method(""), 0),
        ("a preflight of a denied page fails", FULL, EVIL, new("PUT"), preflight_missing(), 1),
        ("any status of 200 to 299 is ok", STATUS, PAGE, new("PUT"), Reads(200), 1),
        // Request headers.
        ("accept is safelisted", APP, PAGE, with("Accept", "text/html, */*;q=0.1"), Reads(200), 0),
        ("accept with an unsafe byte is not", APP, PAGE, with("accept", "a(b)"), preflight_missing(), 1),
        ("accept of 128 bytes is", APP, PAGE, with("accept", &"a".repeat(128)), Reads(200), 0),
        ("accept of 129 bytes is not", APP, PAGE, with("accept", &"a".repeat(129)), preflight_missing(), 1),
        ("accept-language is safelisted", APP, PAGE, with("accept-language", "de-AT, *;q=0.5"), Reads(200), 0),
        ("accept-language with another byte is not", APP, PAGE, with("accept-language", "de/AT"), preflight_missing(), 1),
        ("content-language is safelisted", APP, PAGE, with("content-language", "de"), Reads(200), 0),
        ("content-language with another byte is not", APP, PAGE, with("content-language", "de_AT"), preflight_missing(), 1),
        ("text needs no preflight", APP, PAGE, new("POST").body("hi"), Reads(200), 0),
        ("bytes need no preflight", APP, PAGE, new("POST").body(vec![0]), Reads(200), 0),
        ("a form needs no preflight", APP, PAGE, new("POST").header("content-type", "application/x-www-form-urlencoded").body("a=b"), Reads(200), 0),
        ("files need no preflight", APP, PAGE, new("POST").header("Content-Type", "Multipart/Form-Data; boundary=x").body("x"), Reads(200), 0),
        ("JSON needs one", FULL, PAGE, json(), Reads(200), 1),
        ("JSON is denied if content-type is", APP, PAGE, json(), preflight_missing(), 1),
        ("a type with quotes needs one", APP, PAGE, new("POST").header("content-type", "text/plain;a=\"b\""), preflight_missing(), 1),
        ("what is no type needs one", APP, PAGE, new("POST").header("content-type", "text"), preflight_missing(), 1),
        ("a range from a start is safelisted", APP, PAGE, with("range", "bytes=0-99"), Reads(200), 0),
        ("a range to the end is safelisted", APP, PAGE, with("range", "bytes=100-"), Reads(200), 0),
        ("a range of the last bytes is not", APP, PAGE, with("range", "bytes=-99"), preflight_missing(), 1),
        ("a range backwards is not", APP, PAGE, with("range", "bytes=2-1"), preflight_missing(), 1),
        ("two ranges are not", APP, PAGE, with("range", "bytes=0-1,3-4"), preflight_missing(), 1),
        ("1020 bytes of safe values are safe", APP, PAGE, many(), Reads(200), 0),
        ("1025 bytes of them are not", APP, PAGE, many().header("content-language", "abcde"), preflight_missing(), 1),
        ("a header that is configured passes, in any case", FULL, PAGE, with("x-TENANT", "a"), Reads(200), 1),
        ("one that is not is denied", FULL, PAGE, with("x-tenants", "a"), preflight_missing(), 1),
        ("one of two that is not is denied", FULL, PAGE, with("x-tenant", "a").header("x-a", "b"), preflight_missing(), 1),
        ("an empty value counts", APP, PAGE, with("x-a", ""), preflight_missing(), 1),
        ("any header passes as any", OPEN, PAGE, with("x-a", "b"), Reads(200), 1),
        ("any header passes with credentials", SESSION, PAGE, included(with("x-a", "b")), Reads(200), 1),
        ("authorization is not any header", OPEN, PAGE, with("Authorization", "a"), preflight_missing(), 1),
        ("authorization passes together with any", OPEN_TOKEN, PAGE, with("authorization", "a"), Reads(200), 1),
        ("user-agent is not safelisted", APP, PAGE, with("user-agent", "me"), preflight_missing(), 1),
        ("forbidden headers are left out", APP, PAGE, with("Cookie", "a").header("sec-a", "b").header("Proxy-B", "c").header("host", "d").header("origin", EVIL), Reads(200), 0),
        ("a forbidden method cannot be smuggled", APP, PAGE, with("x-http-method-override", "PUT, trace"), Reads(200), 0),
        ("another can be, with permission", APP, PAGE, with("x-http-method-override", "PUT"), preflight_missing(), 1),
        ("a name is a token", OPEN, PAGE, with("x y", "a"), By(Blocked::Header("x y".to_owned())), 0),
        ("a value is one line", OPEN, PAGE, with("x-a", "a\nb"), By(Blocked::Header("x-a".to_owned())), 0),
        ("line breaks around a value are taken off", OPEN, PAGE, with("x-a", "\r\n a \n"), Reads(200), 1),
        ("a value is of bytes", OPEN, PAGE, with("x-a", "€"), By(Blocked::Header("x-a".to_owned())), 0),
        ("a byte above ASCII is one", OPEN, PAGE, with("x-a", "é"), Reads(200), 1),
        // Credentials.
        ("credentials are allowed where they are", SESSION, PAGE, included(get()), Reads(200), 0),
        ("and are not where they are not", APP, PAGE, included(get()), By(Blocked::Check(CorsCheck::Credentials(None))), 0),
        ("nor in a preflight", FULL, PAGE, included(new("PUT")), By(Blocked::PreflightCheck(CorsCheck::Credentials(None))), 1),
        ("any origin has no credentials", ANY, PAGE, included(get()), By(Blocked::Check(CorsCheck::Wildcard)), 0),
        ("nor in a preflight of it", OPEN, PAGE, included(new("PUT")), By(Blocked::PreflightCheck(CorsCheck::Wildcard)), 1),
        ("a denied page has none", SESSION, EVIL, included(get()), missing(), 0),
        ("omit needs no credentials", ANY, PAGE, get().credentials(Credentials::Omit), Reads(200), 0),
        ("what allows credentials allows none", SESSION, PAGE, new("PUT").credentials(Credentials::Omit), Reads(200), 1),
        // Mode no-cors.
        ("no-cors is opaque", NONE, PAGE, no_cors(get()), Opaque, 0),
        ("no-cors is opaque to an allowed page too", OPEN, PAGE, no_cors(new("POST").body("hi")), Opaque, 0),
        ("no-cors reads the own origin", NONE, PAGE, no_cors(Fetch::get("/items/7")), Reads(200), 0),
        ("no-cors sends no PUT", OPEN, PAGE, no_cors(new("put")), By(Blocked::NoCorsMethod("PUT".to_owned())), 0),
        ("no-cors leaves headers out", NONE, PAGE, no_cors(with("x-a", "b").header("content-type", "application/json")), Opaque, 0),
        ("no-cors follows redirects only", NONE, PAGE, no_cors(get()).redirect(Redirect::Error), By(Blocked::NoCorsRedirectMode), 0),
        // WebSockets, which CORS does not cover.
        ("a WebSocket opens from a page that is denied", NONE, EVIL, socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens from an opaque origin", NONE, "null", socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens by an https URL", NONE, EVIL, socket("https://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket opens by a relative URL", NONE, "https://api.example.com", socket("/socket"), Reads(101), 0),
        ("a WebSocket opens with a user in its URL", NONE, EVIL, socket("wss://user:pass@api.example.com/socket"), Reads(101), 0),
        ("what else is asked of a WebSocket does not count", NONE, EVIL, socket("wss://api.example.com/socket").header("x y", "").body("hi").redirect(Redirect::Manual), Reads(101), 0),
        ("a WebSocket is rejected with denied origins", REJECTING, EVIL, socket("wss://api.example.com/socket"), By(Blocked::WebSocketStatus(403)), 0),
        ("a WebSocket of an allowed page is not", REJECTING, PAGE, socket("wss://api.example.com/socket"), Reads(101), 0),
        ("a WebSocket follows no redirect", NONE, EVIL, socket("wss://api.example.com/to/302?https://api.example.com/socket"), By(Blocked::WebSocketStatus(302)), 0),
        ("a WebSocket opens by 101 only", NONE, EVIL, socket("wss://api.example.com/items/7"), By(Blocked::WebSocketStatus(200)), 0),
        ("a WebSocket opens by a whole handshake", NONE, EVIL, socket("wss://api.example.com/101"), By(Blocked::WebSocketHandshake("Upgrade")), 0),
        ("a WebSocket is of ws or http", NONE, EVIL, socket("ftp://api.example.com/"), url("ftp://api.example.com/"), 0),
        ("a WebSocket has no fragment", NONE, EVIL, socket("wss://api.example.com/socket#a"), url("wss://api.example.com/socket#a"), 0),
        ("an opaque origin has no relative URL for a WebSocket", NONE, "null", socket("/socket"), url("/socket"), 0),
        ("an insecure WebSocket is mixed content", NONE, EVIL, socket("ws://api.example.com/socket"), By(Blocked::MixedContent("http://api.example.com/socket".to_owned())), 0),
        ("fetch() asks for no wss", OPEN, PAGE, Fetch::get("wss://api.example.com/socket"), By(Blocked::Scheme("wss".to_owned())), 0),
        ("no-cors sends no stream", NONE, PAGE, no_cors(new("POST")).body(Body::stream(*b"a")), By(Blocked::Body("POST".to_owned())), 0),
        // Bodies, flags.
        ("GET has no body", OPEN, PAGE, get().body("a"), By(Blocked::Body("GET".to_owned())), 0),
        ("a stream needs a preflight", APP, PAGE, new("POST").body(Body::stream(*b"a")), Reads(200), 1),
        ("a stream of a denied page is not sent", APP, EVIL, new("POST").body(Body::stream(*b"a")), preflight_missing(), 1),
        ("a listener on upload needs a preflight", APP, PAGE, new("POST").use_cors_preflight(), Reads(200), 1),
        ("but not to the own origin", NONE, PAGE, Fetch::post("/items/7").use_cors_preflight(), Reads(200), 0),
        // URLs.
        ("a URL parses", OPEN, PAGE, Fetch::get("https://"), By(Blocked::Url("https://".to_owned())), 0),
        ("a URL has no password", OPEN, PAGE, Fetch::get("https://a:b@api.example.com/"), By(Blocked::Url("https://a:b@api.example.com/".to_owned())), 0),
        ("a URL has no user", OPEN, PAGE, Fetch::get("https://a@api.example.com/"), By(Blocked::Url("https://a@api.example.com/".to_owned())), 0),
        ("a port may be bad", OPEN, PAGE, Fetch::get("https://api.example.com:6667/"), By(Blocked::Port(6667)), 0),
        ("a port may be strange", OPEN, PAGE, Fetch::get("https://api.example.com:6670/items/7"), Reads(200), 0),
        ("a scheme is http or https", OPEN, PAGE, Fetch::get("ftp://api.example.com/"), By(Blocked::Scheme("ftp".to_owned())), 0),
        ("data is not fetched", OPEN, PAGE, Fetch::get("data:,a"), By(Blocked::Scheme("data".to_owned())), 0),
        ("plain http is mixed content", OPEN, PAGE, Fetch::get("http://api.example.com/"), By(Blocked::MixedContent("http://api.example.com/".to_owned())), 0),
        ("but not for a page of plain http", OPEN, "http://app.example.com", Fetch::get("http://api.example.com/items/7"), Reads(200), 0),
        ("nor on loopback", OPEN, PAGE, Fetch::get("http://127.0.0.2:8080/items/7"), Reads(200), 0),
        ("nor below localhost", OPEN, PAGE, Fetch::get("http://a.localhost/items/7"), Reads(200), 0),
        ("nor on loopback of IPv6", OPEN, PAGE, Fetch::get("http://[::1]:8080/items/7"), Reads(200), 0),
    ]
}

#[test]
fn pages_get_what_policies_grant() {
    let rows = rows();
    assert!(rows.len() >= 110, "{}", rows.len());
    for (name, vars, page, fetch, wanted, preflights) in rows {
        let fetched = fetch_with(vars, page, fetch);
        let got = (verdict(&fetched), fetched.preflights());
        assert_eq!(
            got,
            (wanted, preflights),
            "{name}: {:#?}",
            fetched.exchanges()
        );
    }
}
