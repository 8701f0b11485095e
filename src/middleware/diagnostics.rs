//! What a denied preflight tells in development: enough headers for a browser's console to name the cause, and a text.

use actix_web::HttpResponse;

use super::headers::{LocalPolicy, add};
use crate::{
    http::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_METHOD,
        Bytes, CONTENT_TYPE, HeaderMap, HeaderValue, RequestHead, StatusCode,
        X_CONTENT_TYPE_OPTIONS,
    },
    policy::{Cause, Decision, Reason, Rules, decide_origin, reasons},
};

/// The answer to a denied preflight, without `Vary`.
#[cold]
pub(super) fn answer(
    local: &LocalPolicy,
    reason: &Reason<'_>,
    head: &RequestHead,
) -> HttpResponse<Bytes> {
    let is_blamed = browsers_blame(local.rules(), reason);
    // A console that sees another status names that, and nothing else.
    let status = if is_blamed {
        StatusCode::OK
    } else {
        StatusCode::FORBIDDEN
    };
    let text = text(local, reason, head);
    let mut response = HttpResponse::with_body(status, Bytes::from(text));
    let headers = response.headers_mut();
    if is_blamed {
        show_what_is_allowed(local, headers, head);
    }
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.append(CONTENT_TYPE, plain);
    headers.append(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Every cause, and what to set, a line each.
fn text(local: &LocalPolicy, reason: &Reason<'_>, head: &RequestHead) -> String {
    let decision = Decision::Preflight(Err(*reason));
    let reasons = reasons(local.rules(), head, &decision);
    let causes = reasons
        .iter()
        .map(|reason| Cause::new(local.policy(), reason, false));
    let causes: Vec<Cause> = causes.collect();
    let told: Vec<&str> = causes.iter().map(Cause::reason).collect();
    let fixes = causes
        .iter()
        .filter_map(Cause::fix)
        .map(|fix| format!("fix: {fix}\n"));
    format!(
        "denied preflight: {}\n{}",
        told.join("; "),
        fixes.collect::<String>()
    )
}

/// What a preflight of an allowed origin might have asked for. Any header is left out: it is `authorization` that was
/// denied then, which some browsers take `*` for. So is the time for which an answer is kept.
fn show_what_is_allowed(local: &LocalPolicy, headers: &mut HeaderMap, head: &RequestHead) {
    let line = |name| head.headers().get(name).cloned();
    let Ok(origin) = decide_origin(local.rules(), head) else {
        return;
    };
    let grant = local.grant(&origin);
    let lists = local.lists(&grant);
    grant.add_to(headers);
    let methods = lists.acam.value(|| line(ACCESS_CONTROL_REQUEST_METHOD));
    add(headers, ACCESS_CONTROL_ALLOW_METHODS, methods);
    if !local.rules().any_header {
        let names = lists.acah.value(|| None);
        add(headers, ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
}

/// Whether every browser, lenient and old ones too, denies the request itself when it is shown what is allowed. Its origin
/// is allowed, or the reason would be another.
fn browsers_blame(rules: &Rules, reason: &Reason<'_>) -> bool {
    match reason {
        // Some compare methods case-insensitively, against the standard.
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
