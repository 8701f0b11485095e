//! What is done with a request by the decision about it: it is answered here, or forwarded.

use actix_web::HttpResponse;

use super::{headers::Worker, preflight};
use crate::{
    http::{Bytes, HeaderValue, RequestHead, StatusCode},
    policy::Decision,
};

/// What is to be done with a request.
pub(crate) enum Step {
    /// It is answered here.
    Answered(HttpResponse<Bytes>),
    /// It goes to the inner service, and the response gets this `Access-Control-Allow-Origin`.
    Inside(Option<HeaderValue>),
}

/// What a decision comes to.
#[inline]
pub(crate) fn answer(worker: &Worker, decision: Decision<'_>, head: &RequestHead) -> Step {
    match decision {
        Decision::Preflight(decision) => Step::Answered(preflight::answer(worker, decision, head)),
        Decision::Rejected(_) => Step::Answered(reject(worker)),
        Decision::Actual(decision) => {
            Step::Inside(decision.ok().map(|origin| worker.allow_origin(&origin)))
        }
        Decision::NotCors => Step::Inside(worker.allow_any_origin()),
    }
}

/// The whole answer to a request that is rejected.
fn reject(worker: &Worker) -> HttpResponse<Bytes> {
    let mut response = HttpResponse::with_body(StatusCode::FORBIDDEN, Bytes::new());
    worker.vary.merge(response.headers_mut(), false);
    response
}
