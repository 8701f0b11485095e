//! What a browser sends: a request's own headers, and those that no page can set.

use url::Url;

use crate::{
    headers::Headers,
    page::{Credentials, Mode},
    page_origin::NULL,
    request::{Request, Tainting},
    server::Sent,
    urls,
};

/// The request itself, by [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch),
/// step 8; with this cookie, if it has credentials.
pub(crate) fn request(request: &Request, cookie: Option<&str>) -> Sent {
    let mut headers = request.headers.clone();
    // Steps 8.5 to 8.9.
    let length = match &request.body {
        Some(body) if !request.body_is_stream => Some(body.len()),
        None if ["POST", "PUT"].contains(&request.method.as_str()) => Some(0),
        _ => None,
    };
    if let Some(length) = length {
        headers.append("content-length", length.to_string());
    }
    // Steps 8.11 to 8.15.
    append_referer(&mut headers, request);
    append_origin(&mut headers, request);
    append_metadata(&mut headers, request, request.mode);
    let mut headers = finish(&headers, &request.url);
    // Step 8.19.
    if headers.contains("range") {
        headers.append("accept-encoding", "identity");
    }
    // Steps 8.3 and 8.21.
    let includes_credentials = match request.credentials {
        Credentials::Include => true,
        Credentials::SameOrigin => request.tainting == Tainting::Basic,
        Credentials::Omit => false,
    };
    if let Some(cookie) = cookie
        && includes_credentials
    {
        headers.append("cookie", cookie);
    }
    Sent {
        method: request.method.clone(),
        url: request.url.clone(),
        headers,
        body: request.body.clone(),
        wants_body: request.wants_body,
    }
}

/// The preflight for a request, by [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 1
/// to 6. Its mode and its tainting are `cors`, and its credentials mode is `same-origin`: with an origin, without cookies.
pub(crate) fn preflight(request: &Request) -> Sent {
    let mut headers = Headers::default();
    headers.append("accept", "*/*");
    headers.append("access-control-request-method", &request.method);
    let names = request.unsafe_header_names();
    if !names.is_empty() {
        // Without the space that joined lines have.
        headers.append("access-control-request-headers", names.join(","));
    }
    append_referer(&mut headers, request);
    headers.append("origin", request.serialized_origin());
    append_metadata(&mut headers, request, Mode::Cors);
    Sent {
        method: "OPTIONS".to_owned(),
        url: request.url.clone(),
        headers: finish(&headers, &request.url),
        body: None,
        // Nobody reads it, and it may never end.
        wants_body: false,
    }
}

/// [Append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header).
fn append_origin(headers: &mut Headers, request: &Request) {
    // Step 3.
    let mut origin = request.serialized_origin();
    if request.tainting != Tainting::Cors && request.mode != Mode::WebSocket {
        // Step 4.
        if ["GET", "HEAD"].contains(&request.method.as_str()) {
            return;
        }
        // By the default referrer policy, which is `strict-origin-when-cross-origin`.
        if request.mode != Mode::Cors
            && request.origin.scheme() == "https"
            && request.url.scheme() != "https"
        {
            origin = NULL;
        }
    }
    headers.append("origin", origin);
}

/// By the default
/// [referrer policy](https://www.w3.org/TR/referrer-policy/#referrer-policy-strict-origin-when-cross-origin), of a page
/// that is at the root of its origin.
fn append_referer(headers: &mut Headers, request: &Request) {
    // A WebSocket is established without a referrer.
    let Some(page) = request
        .origin
        .base()
        .filter(|_| request.mode != Mode::WebSocket)
    else {
        return;
    };
    let is_downgrade = urls::is_trustworthy(page) && !urls::is_trustworthy(&request.url);
    if urls::is_http(page) && !is_downgrade {
        headers.append("referer", page.as_str());
    }
}

/// [Append the Fetch metadata headers](https://www.w3.org/TR/fetch-metadata/#fetch-integration): to trustworthy URLs only.
fn append_metadata(headers: &mut Headers, request: &Request, mode: Mode) {
    if !urls::is_trustworthy(&request.url) {
        return;
    }
    headers.append("sec-fetch-dest", "empty");
    headers.append(
        "sec-fetch-mode",
        match mode {
            Mode::Cors => "cors",
            Mode::NoCors => "no-cors",
            Mode::SameOrigin => "same-origin",
            Mode::WebSocket => "websocket",
        },
    );
    headers.append("sec-fetch-site", request.site());
}

/// What HTTP wants, before all others.
fn finish(headers: &Headers, url: &Url) -> Headers {
    const USER_AGENT: &str = "Mozilla/5.0 (compatible; actix-cors-policy test browser)";
    let mut all = Headers::default();
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    all.append("host", format!("{host}{port}"));
    // The standard leaves it open whether a name has several lines; browsers write one.
    for (name, _) in headers.iter() {
        if !all.contains(name)
            && let Some(value) = headers.get(name)
        {
            all.append(name, value);
        }
    }
    if !all.contains("user-agent") {
        all.append("user-agent", USER_AGENT);
    }
    all
}
