//! The complete message of each reason.

use cors_test_browser::{Blocked, CorsCheckError};

#[test]
fn each_reason_has_its_message() {
    let text = |text: &str| text.to_owned();
    let mismatch = |allowed: &str| CorsCheckError::Mismatch {
        allowed: text(allowed),
        origin: text("https://app.example.com"),
    };
    #[rustfmt::skip]
    let rows = [
        (Blocked::Url(text("/a")), r#""/a" is not a URL that a page can fetch"#),
        (Blocked::Method(text("G\nT")), r#""G\nT" is not a valid HTTP method"#),
        (Blocked::NoCorsMethod(text("PUT")), r#"method "PUT" is unsupported in no-cors mode"#),
        (Blocked::Header(text("x y")), r#"request header "x y" is not valid"#),
        (Blocked::Body(text("GET")), "request with method GET cannot have a body"),
        (Blocked::Body(text("POST")), "a stream cannot be sent in no-cors mode"),
        (Blocked::Port(25), "port 25 is unsafe: browsers do not connect to it"),
        (Blocked::MixedContent(text("http://a.example/")), r#"mixed content: the page was loaded over https, and "http://a.example/" is insecure"#),
        (Blocked::SameOriginMode(text("https://a.example")), r#"request mode is same-origin, and the URL's origin is "https://a.example""#),
        (Blocked::NoCorsRedirectMode, "request to another origin in no-cors mode must have redirect mode follow"),
        (Blocked::Scheme(text("ftp")), r#"cross-origin requests are for http and https only, not for "ftp""#),
        (Blocked::PreflightCorsCheck(CorsCheckError::Missing), "response to the preflight does not pass the CORS check: no Access-Control-Allow-Origin header is present"),
        (Blocked::CorsCheck(CorsCheckError::Missing), "response does not pass the CORS check: no Access-Control-Allow-Origin header is present"),
        (Blocked::CorsCheck(CorsCheckError::Wildcard), "response does not pass the CORS check: Access-Control-Allow-Origin must not be * when the request's credentials mode is include"),
        (Blocked::CorsCheck(mismatch("null")), r#"response does not pass the CORS check: Access-Control-Allow-Origin is "null", not the origin "https://app.example.com""#),
        (Blocked::CorsCheck(mismatch("*, *")), r#"response does not pass the CORS check: Access-Control-Allow-Origin is "*, *" (several values), not the origin "https://app.example.com""#),
        (Blocked::CorsCheck(CorsCheckError::Credentials(None)), "response does not pass the CORS check: Access-Control-Allow-Credentials is not present, and must be true when the request's credentials mode is include"),
        (Blocked::CorsCheck(CorsCheckError::Credentials(Some(text("True")))), r#"response does not pass the CORS check: Access-Control-Allow-Credentials is "True", and must be true when the request's credentials mode is include"#),
        (Blocked::PreflightStatus(404), "response to the preflight has status 404, which is not an ok status"),
        (Blocked::PreflightStatus(301), "redirect is not allowed for a preflight: the response has status 301"),
        (Blocked::PreflightList("Access-Control-Allow-Methods"), "cannot parse Access-Control-Allow-Methods in the response to the preflight"),
        (Blocked::PreflightMethod(text("PUT")), "method PUT is not allowed by Access-Control-Allow-Methods in the response to the preflight"),
        (Blocked::PreflightHeader(text("x-a")), "request header x-a is not allowed by Access-Control-Allow-Headers in the response to the preflight"),
        (Blocked::PreflightHeader(text("authorization")), "request header authorization is not allowed by Access-Control-Allow-Headers in the response to the preflight: it must be listed by name, because * does not cover it"),
        (Blocked::ResourcePolicy(text("same-site")), "response is blocked by Cross-Origin-Resource-Policy: same-site"),
        (Blocked::RedirectMode, "response is a redirect, and the redirect mode is error"),
        (Blocked::RedirectLocation(text("https://")), r#"redirect location is not a valid URL: "https://""#),
        (Blocked::RedirectScheme(text("ftp")), r#"redirect to scheme "ftp" is not allowed"#),
        (Blocked::RedirectLimit, "more than 20 redirects"),
        (Blocked::RedirectCredentials(text("https://a@b.example/")), r#"redirect contains a username or password: "https://a@b.example/""#),
        (Blocked::RedirectBody, "redirect would send the body again, and the body is a stream"),
        (Blocked::WebSocketStatus(403), "response to the WebSocket handshake has status 403, not 101"),
        (Blocked::WebSocketHandshake("Sec-WebSocket-Accept"), "Sec-WebSocket-Accept in the response to the WebSocket handshake is missing or wrong"),
        (Blocked::Network(text("no data")), "no response: no data"),
    ];
    for (blocked, wanted) in rows {
        assert_eq!(blocked.to_string(), wanted);
    }
}
