//! What a denied preflight tells in development: enough headers for a browser's console to name the cause, and a text.

use actix_web::HttpResponse;

use super::response::Worker;
use crate::{
    http::{Bytes, CONTENT_TYPE, HeaderValue, RequestHead, StatusCode, X_CONTENT_TYPE_OPTIONS},
    policy::{Reason, Rules},
};

/// The answer to a denied preflight, without `Vary`.
#[cold]
pub(super) fn answer(
    worker: &Worker,
    reason: &Reason<'_>,
    head: &RequestHead,
) -> HttpResponse<Bytes> {
    let is_blamed = browsers_blame(worker.rules(), reason);
    // A console that sees another status names that, and nothing else.
    let status = if is_blamed {
        StatusCode::OK
    } else {
        StatusCode::FORBIDDEN
    };
    let text = format!("denied preflight: {reason}\n");
    let mut response = HttpResponse::with_body(status, Bytes::from(text));
    let headers = response.headers_mut();
    if is_blamed {
        worker.show_what_is_allowed(headers, head);
    }
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.append(CONTENT_TYPE, plain);
    headers.append(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether every browser, lenient and old ones too, denies the request itself when it is shown what is allowed. Its origin
/// is allowed, or the reason would be another.
fn browsers_blame(rules: &Rules, reason: &Reason<'_>) -> bool {
    match reason {
        // Some compare methods without case, against the standard.
        Reason::MethodNotAllowed(method) => !rules
            .methods()
            .any(|name| name.as_bytes().eq_ignore_ascii_case(method)),
        // Some do not look at what no page can set.
        Reason::HeaderNotAllowed(name) => {
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            !fetch_standard::is_forbidden_request_header_name(&name)
        }
        _ => false,
    }
}
