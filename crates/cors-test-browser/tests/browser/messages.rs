//! The sentence of each reason, whole.

use cors_test_browser::{Blocked, CorsCheck};

#[test]
fn each_reason_has_its_sentence() {
    let text = |text: &str| text.to_owned();
    let mismatch = |allowed: &str| CorsCheck::Mismatch {
        allowed: text(allowed),
        origin: text("https://app.example.com"),
    };
    #[rustfmt::skip]
    let rows = [
        (Blocked::Url(text("/a")), r#""/a" is not a URL that a page can ask for"#),
        (Blocked::Method(text("G\nT")), r#""G\nT" is not a valid HTTP method"#),
        (Blocked::NoCorsMethod(text("PUT")), r#"method "PUT" is unsupported in no-cors mode"#),
        (Blocked::Header(text("x y")), r#"request header "x y" is not valid"#),
        (Blocked::Body(text("GET")), "request with method GET cannot have a body"),
        (Blocked::Body(text("POST")), "a stream cannot be sent in no-cors mode"),
        (Blocked::Port(25), "port 25 is unsafe: no browser connects to it"),
        (Blocked::MixedContent(text("http://a.example/")), r#"mixed content: the page was loaded over https, and "http://a.example/" is insecure"#),
        (Blocked::SameOriginMode(text("https://a.example")), r#"request mode is same-origin, and the URL's origin is "https://a.example""#),
        (Blocked::NoCorsRedirectMode, "request mode is no-cors, and the redirect mode is not follow: the URL is of another origin"),
        (Blocked::Scheme(text("ftp")), r#"cross-origin requests are for http and https only, not for "ftp""#),
        (Blocked::PreflightCheck(CorsCheck::Missing), "response to the preflight does not pass the CORS check: no Access-Control-Allow-Origin header is present"),
        (Blocked::Check(CorsCheck::Missing), "response does not pass the CORS check: no Access-Control-Allow-Origin header is present"),
        (Blocked::Check(CorsCheck::Wildcard), "response does not pass the CORS check: Access-Control-Allow-Origin must not be * when the request's credentials mode is include"),
        (Blocked::Check(mismatch("null")), r#"response does not pass the CORS check: Access-Control-Allow-Origin is "null", not the origin "https://app.example.com""#),
        (Blocked::Check(mismatch("*, *")), r#"response does not pass the CORS check: Access-Control-Allow-Origin is "*, *", several values, not the origin "https://app.example.com""#),
        (Blocked::Check(CorsCheck::Credentials(None)), "response does not pass the CORS check: Access-Control-Allow-Credentials is not present, and must be true when the request's credentials mode is include"),
        (Blocked::Check(CorsCheck::Credentials(Some(text("True")))), r#"response does not pass the CORS check: Access-Control-Allow-Credentials is "True", and must be true when the request's credentials mode is include"#),
        (Blocked::PreflightStatus(404), "response to the preflight does not have an ok status, but 404"),
        (Blocked::PreflightStatus(301), "redirect is not allowed for a preflight: it does not have an ok status, but 301"),
        (Blocked::PreflightList("Access-Control-Allow-Methods"), "cannot parse Access-Control-Allow-Methods in the response to the preflight"),
        (Blocked::PreflightMethod(text("PUT")), "method PUT is not allowed by Access-Control-Allow-Methods in the response to the preflight"),
        (Blocked::PreflightHeader(text("x-a")), "request header x-a is not allowed by Access-Control-Allow-Headers in the response to the preflight"),
        (Blocked::PreflightHeader(text("authorization")), "request header authorization is not allowed by Access-Control-Allow-Headers in the response to the preflight, where it must be named: * does not cover it"),
        (Blocked::ResourcePolicy(text("same-site")), "response is kept from the page by Cross-Origin-Resource-Policy: same-site"),
        (Blocked::RedirectMode, "response is a redirect, and the redirect mode is error"),
        (Blocked::RedirectLocation(text("https://")), r#"redirect to what is no URL: "https://""#),
        (Blocked::RedirectScheme(text("ftp")), r#"redirect to the scheme "ftp""#),
        (Blocked::RedirectLimit, "more than 20 redirects"),
        (Blocked::RedirectCredentials(text("https://a@b.example/")), r#"redirect contains a username or password: "https://a@b.example/""#),
        (Blocked::RedirectBody, "redirect of a request whose body is a stream"),
        (Blocked::WebSocketStatus(403), "unexpected response code to the handshake of a WebSocket: 403"),
        (Blocked::WebSocketHandshake("Sec-WebSocket-Accept"), "Sec-WebSocket-Accept in the answer to the handshake of a WebSocket is missing or wrong"),
        (Blocked::Network(text("nothing came")), "no answer: nothing came"),
    ];
    for (blocked, wanted) in rows {
        assert_eq!(blocked.to_string(), wanted);
    }
}
