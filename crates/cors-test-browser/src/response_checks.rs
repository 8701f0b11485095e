//! The checks of a response that decide whether a page may have it.

use crate::{
    blocked::{Blocked, CorsCheckError},
    header_list::{HeaderList, isomorphic_decode},
    page_origin::PageOrigin,
    request::Request,
    server::ReceivedResponse,
};

/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
pub(crate) fn cors_check(request: &Request, response: &HeaderList) -> Result<(), CorsCheckError> {
    // Steps 1 and 2.
    let Some(allowed) = response.get("access-control-allow-origin") else {
        return Err(CorsCheckError::Missing);
    };
    // Step 3.
    if allowed == b"*" {
        return if request.includes_credentials() {
            Err(CorsCheckError::Wildcard)
        } else {
            Ok(())
        };
    }
    // Step 4: the values are compared byte by byte. Nothing is parsed, so `https://a.example:443` does not match
    // `https://a.example`.
    let origin = request.serialized_origin();
    if allowed != origin.as_bytes() {
        return Err(CorsCheckError::Mismatch {
            allowed: isomorphic_decode(&allowed),
            origin: origin.to_owned(),
        });
    }
    // Step 5.
    if !request.includes_credentials() {
        return Ok(());
    }
    // Steps 6 to 8.
    match response.get("access-control-allow-credentials") {
        Some(value) if value == b"true" => Ok(()),
        other => Err(CorsCheckError::Credentials(
            other.as_deref().map(isomorphic_decode),
        )),
    }
}

/// [Cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check) for a
/// page without an embedder policy.
///
/// # Errors
///
/// The value of the header, if it blocks the response.
pub(crate) fn resource_policy_check(
    request: &Request,
    response: &HeaderList,
) -> Result<(), String> {
    let origin = &request.origin;
    let policy = response.get("cross-origin-resource-policy");
    let is_allowed = match policy.as_deref() {
        Some(b"same-origin") => origin.is_same_origin(&request.url),
        Some(b"same-site") => {
            origin.is_schemelessly_same_site(&request.url)
                && (is_https(origin) || request.url.scheme() != "https")
        }
        _ => true,
    };
    match policy {
        Some(policy) if !is_allowed => Err(isomorphic_decode(&policy)),
        _ => Ok(()),
    }
}

/// [Establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish), step 11, and
/// [RFC 6455, section 4.1](https://www.rfc-editor.org/rfc/rfc6455#section-4.1). The
/// handshake offered no subprotocol and no extension, so the server must not choose one.
pub(crate) fn handshake_check(response: &ReceivedResponse) -> Result<(), Blocked> {
    if response.status != 101 {
        return Err(Blocked::WebSocketStatus(response.status));
    }
    let headers = &response.headers;
    let is = |name: &str, wanted: &str| {
        let value = headers.get(name);
        value.is_some_and(|value| value.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    let upgrades = || match headers.tokens("connection") {
        Ok(Some(tokens)) => tokens
            .iter()
            .any(|token| token.eq_ignore_ascii_case("upgrade")),
        _ => false,
    };
    let accepts =
        || headers.get("sec-websocket-accept").as_deref() == Some(fetch_standard::WEBSOCKET_ACCEPT);
    let wrong = if !is("upgrade", "websocket") {
        "Upgrade"
    } else if !upgrades() {
        "Connection"
    } else if !accepts() {
        "Sec-WebSocket-Accept"
    } else if headers.contains("sec-websocket-extensions") {
        "Sec-WebSocket-Extensions"
    } else if headers.contains("sec-websocket-protocol") {
        "Sec-WebSocket-Protocol"
    } else {
        return Ok(());
    };
    Err(Blocked::WebSocketHandshake(wrong))
}

fn is_https(origin: &PageOrigin) -> bool {
    origin.scheme() == "https"
}
