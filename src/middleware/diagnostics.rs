//! What the response to a denied preflight shows in development: headers with which a browser's console names the
//! cause, and a text.

use actix_web::HttpResponse;

use super::headers::{LocalPolicy, add};
use crate::{
    http::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_METHOD,
        Bytes, CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN, RequestHead, StatusCode,
        X_CONTENT_TYPE_OPTIONS,
    },
    policy::{Decision, Reason, Rules, causes, decide_origin},
};
#[cfg(feature = "lookup")]
use crate::{origin::Match, policy::AllowedOrigin};

/// The response to a denied preflight, without `Vary`.
#[cold]
pub(super) fn answer(
    local: &LocalPolicy,
    reason: &Reason<'_>,
    head: &RequestHead,
) -> HttpResponse<Bytes> {
    let is_blamed = browsers_blame(local.rules(), reason);
    // With another status, a console shows only the status.
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

/// The causes on one line, and a line for each fix.
fn text(local: &LocalPolicy, reason: &Reason<'_>, head: &RequestHead) -> String {
    let decision = Decision::Preflight(Err(*reason));
    let causes = causes(local.policy(), head, &decision, false);
    let (mut reasons, mut fixes) = (Vec::new(), String::new());
    for cause in &causes {
        reasons.push(cause.reason());
        if let Some(fix) = cause.fix() {
            fixes.push_str(&format!("fix: {fix}\n"));
        }
    }
    format!("denied preflight: {}\n{fixes}", reasons.join("; "))
}

/// What the policy allows to a preflight of an allowed origin. "Any header" is left out: then only `authorization` was
/// denied, and some browsers think that `*` covers it. `Access-Control-Max-Age` is left out too.
fn show_what_is_allowed(local: &LocalPolicy, headers: &mut HeaderMap, head: &RequestHead) {
    let line = |name| head.headers().get(name).cloned();
    let lines = head.headers().get_all(ORIGIN).as_slice();
    let origin = decide_origin(local.rules(), lines, head);
    // It is allowed, so what does not admit it was asked.
    #[cfg(feature = "lookup")]
    let origin = match lines {
        [value] if local.rules().has_lookup() => {
            origin.or(Ok(AllowedOrigin::Listed(value, Match::Lookup)))
        }
        _ => origin,
    };
    let Ok(origin) = origin else {
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

/// Whether every browser, even a lenient or old one, blocks the request if it sees what is allowed. The origin is
/// allowed here; otherwise the reason would be another one.
fn browsers_blame(rules: &Rules, reason: &Reason<'_>) -> bool {
    match reason {
        // Some compare methods case-insensitively, against the standard.
        Reason::MethodNotAllowed(method) => rules.method_in_any_case(method).is_none(),
        // Some ignore headers that no page can set.
        Reason::HeaderNotAllowed(name) => {
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            !fetch_standard::is_forbidden_request_header_name(&name)
        }
        _ => false,
    }
}
