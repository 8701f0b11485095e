//! The response to a preflight.

use actix_web::HttpResponse;

use super::{
    diagnostics,
    header_value::join,
    headers::{LocalPolicy, add},
};
use crate::{
    http::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, Bytes,
        HeaderValue, RequestHead, StatusCode,
    },
    policy::{Preflight, Reason, RequestedHeaders},
};

/// The complete response to a preflight.
pub(super) fn answer(
    local: &LocalPolicy,
    decision: Result<Preflight<'_>, Reason<'_>>,
    head: &RequestHead,
) -> HttpResponse<Bytes> {
    let mut response = match &decision {
        Ok(_) => HttpResponse::with_body(local.rules().preflight_status, Bytes::new()),
        Err(reason) if local.rules().diagnostics => diagnostics::answer(local, reason, head),
        Err(_) => HttpResponse::with_body(StatusCode::FORBIDDEN, Bytes::new()),
    };
    let headers = response.headers_mut();
    if let Ok(preflight) = decision {
        let grant = local.grant(&preflight.origin);
        let lists = local.lists(&grant);
        grant.add_to(headers);
        let methods = lists.acam.value(|| Some(preflight.method.clone()));
        add(headers, ACCESS_CONTROL_ALLOW_METHODS, methods);
        let names = lists.acah.value(|| requested(&preflight.headers));
        add(headers, ACCESS_CONTROL_ALLOW_HEADERS, names);
        add(headers, ACCESS_CONTROL_MAX_AGE, local.acma.clone());
    }
    local.preflight_vary.merge(headers, false);
    response
}

/// The requested names: the line as it was sent, or all lines joined.
fn requested(names: &RequestedHeaders<'_>) -> Option<HeaderValue> {
    match names.as_line() {
        Some(line) => Some(line.clone()),
        None => join(names.iter()),
    }
}
