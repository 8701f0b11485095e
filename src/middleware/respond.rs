//! What is done with a request by the decision about it: it is answered here, or forwarded.

use actix_web::HttpResponse;

use super::{
    headers::{Grant, LocalPolicy},
    preflight,
};
use crate::{
    http::{Bytes, RequestHead, StatusCode},
    policy::Decision,
};

/// What is to be done with a request.
pub(crate) enum Action {
    /// It is answered here.
    Respond(HttpResponse<Bytes>),
    /// It goes to the inner service, and the response gets the headers of this.
    Forward(Option<Grant>),
}

/// What a decision comes to.
#[inline]
pub(crate) fn answer(local: &LocalPolicy, decision: Decision<'_>, head: &RequestHead) -> Action {
    match decision {
        Decision::Preflight(decision) => Action::Respond(preflight::answer(local, decision, head)),
        Decision::Rejected(_) => Action::Respond(reject(local)),
        Decision::Actual(decision) => {
            Action::Forward(decision.ok().map(|origin| local.grant(&origin)))
        }
        Decision::NotCors => Action::Forward(local.grant_to_any()),
    }
}

/// The whole answer to a request that is rejected.
fn reject(local: &LocalPolicy) -> HttpResponse<Bytes> {
    let mut response = HttpResponse::with_body(StatusCode::FORBIDDEN, Bytes::new());
    local.vary.merge(response.headers_mut(), false);
    response
}
