//! What happens to a request after the decision: it is answered here, or forwarded.

use actix_web::HttpResponse;

use super::{
    headers::{Grant, LocalPolicy},
    preflight,
};
use crate::{
    http::{Bytes, RequestHead, StatusCode},
    policy::Decision,
};

/// What to do with a request.
pub(crate) enum Action {
    /// It is answered here.
    Respond(HttpResponse<Bytes>),
    /// It goes to the inner service, and the response gets the headers of this.
    Forward(Option<Grant>),
}

/// Turns a decision into an action.
#[inline]
pub(crate) fn answer(local: &LocalPolicy, decision: Decision<'_>, head: &RequestHead) -> Action {
    match decision {
        Decision::Preflight(decision) => Action::Respond(preflight::answer(local, decision, head)),
        Decision::Rejected(_) => Action::Respond(reject(local)),
        Decision::Actual(decision) => {
            Action::Forward(decision.ok().map(|origin| local.grant(&origin)))
        }
        Decision::NotCors => Action::Forward(local.grant_to_any()),
        // The look-up was asked before this; nothing else can admit the origin.
        #[cfg(feature = "lookup")]
        Decision::NeedsLookup => Action::Forward(None),
    }
}

/// The complete response to a rejected request.
fn reject(local: &LocalPolicy) -> HttpResponse<Bytes> {
    let mut response = HttpResponse::with_body(StatusCode::FORBIDDEN, Bytes::new());
    local.vary.merge(response.headers_mut(), false);
    response
}
