//! The requests that a browser sends: the headers of the page, and those that only the browser can set.

use url::Url;

use crate::{
    fetch::{Credentials, Mode},
    header_list::HeaderList,
    page_origin::NULL,
    request::{Request, ResponseTainting},
    server::SentRequest,
    urls,
};

/// The actual request, by
/// [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), step 8. `cookie` is sent only
/// if the request includes credentials.
pub(crate) fn actual_request(request: &Request, cookie: Option<&str>) -> SentRequest {
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
    let mut headers = add_host_and_user_agent(&headers, &request.url);
    // Step 8.19.
    if headers.contains("range") {
        headers.append("accept-encoding", "identity");
    }
    // Steps 8.3 and 8.21.
    let includes_credentials = match request.credentials {
        Credentials::Include => true,
        Credentials::SameOrigin => request.response_tainting == ResponseTainting::Basic,
        Credentials::Omit => false,
    };
    if let Some(cookie) = cookie
        && includes_credentials
    {
        headers.append("cookie", cookie);
    }
    SentRequest {
        method: request.method.clone(),
        url: request.url.clone(),
        headers,
        body: request.body.clone(),
        reads_response_body: request.reads_response_body,
    }
}

/// The preflight for a request, by [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 1
/// to 6.
///
/// A preflight has mode `cors`, response tainting `cors` and credentials mode `same-origin`. So it always has an `Origin`
/// and never a cookie.
pub(crate) fn preflight_request(request: &Request) -> SentRequest {
    let mut headers = HeaderList::default();
    headers.append("accept", "*/*");
    headers.append("access-control-request-method", &request.method);
    let names = request.unsafe_header_names();
    if !names.is_empty() {
        // The standard joins these names by `,` without a space, unlike the values of several lines.
        headers.append("access-control-request-headers", names.join(","));
    }
    append_referer(&mut headers, request);
    headers.append("origin", request.serialized_origin());
    append_metadata(&mut headers, request, Mode::Cors);
    SentRequest {
        method: "OPTIONS".to_owned(),
        url: request.url.clone(),
        headers: add_host_and_user_agent(&headers, &request.url),
        body: None,
        // A browser does not use this body, and the body may never end.
        reads_response_body: false,
    }
}

/// [Append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header).
fn append_origin(headers: &mut HeaderList, request: &Request) {
    // Step 3.
    let mut origin = request.serialized_origin();
    if request.response_tainting != ResponseTainting::Cors && request.mode != Mode::WebSocket {
        // Step 4.
        if ["GET", "HEAD"].contains(&request.method.as_str()) {
            return;
        }
        // The default referrer policy, `strict-origin-when-cross-origin`, hides the origin in a downgrade.
        if request.mode != Mode::Cors
            && request.origin.scheme() == "https"
            && request.url.scheme() != "https"
        {
            origin = NULL;
        }
    }
    headers.append("origin", origin);
}

/// Appends `Referer` by the default
/// [referrer policy](https://www.w3.org/TR/referrer-policy/#referrer-policy-strict-origin-when-cross-origin), for a page
/// at the root of its origin.
fn append_referer(headers: &mut HeaderList, request: &Request) {
    // The handshake of a WebSocket has no referrer.
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

/// [Append the Fetch metadata headers](https://www.w3.org/TR/fetch-metadata/#fetch-integration), which only
/// trustworthy URLs get.
fn append_metadata(headers: &mut HeaderList, request: &Request, mode: Mode) {
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
    headers.append("sec-fetch-site", request.sec_fetch_site());
}

/// Adds the headers that HTTP needs: `Host` first, `User-Agent` last if the page did not set one.
fn add_host_and_user_agent(headers: &HeaderList, url: &Url) -> HeaderList {
    const USER_AGENT: &str = "Mozilla/5.0 (compatible; actix-cors-policy test browser)";
    let mut all = HeaderList::default();
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    all.append("host", format!("{host}{port}"));
    // The standard does not say whether values of one name are sent in one line or in several. Browsers send one line.
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
