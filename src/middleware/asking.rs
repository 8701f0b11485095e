//! A request whose origin is looked up: it waits for the answer, and then goes on as any other.

use std::{rc::Rc, sync::Arc};

use actix_service::Service;
use actix_web::{
    Error,
    dev::{ServiceRequest, ServiceResponse},
};

use super::{
    future::CorsFuture,
    headers::{LocalPolicy, PendingHeaders},
    log,
    lookups::Lookups,
    nesting::RequestId,
    observe::Watch,
    respond::{Action, answer},
};
use crate::{
    http::{HeaderValue, ORIGIN, RequestHead},
    policy::{BorrowedQuery, Verdict, decide_looked_up},
};

/// Asks the look-up of the policy about the origin of a request. If the answer is kept, nothing waits.
pub(super) fn ask<S, B>(
    service: &Rc<S>,
    request: ServiceRequest,
    id: RequestId,
    local: Rc<LocalPolicy>,
    watch: Option<Rc<Watch>>,
) -> CorsFuture<S::Future, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    // The policy has a look-up, and the request an origin, or nothing would need to be asked.
    let Some((lookups, query)) = question(&local, request.head()) else {
        return go_on(
            service,
            request,
            id,
            local,
            watch.as_deref(),
            Verdict::Failed,
        );
    };
    if let Some(verdict) = lookups.kept(&query) {
        return go_on(service, request, id, local, watch.as_deref(), verdict);
    }
    let waiting = Arc::clone(lookups).ask(query.into_owned());
    let service = Rc::clone(service);
    CorsFuture::waiting(Box::pin(async move {
        let verdict = waiting.await;
        go_on(&*service, request, id, local, watch.as_deref(), verdict)
    }))
}

fn question<'r>(
    local: &'r LocalPolicy,
    head: &'r RequestHead,
) -> Option<(&'r Arc<Lookups>, BorrowedQuery<'r>)> {
    let lookups = local.lookups.as_ref()?;
    let origin = head.headers().get(ORIGIN).map(HeaderValue::to_str)?;
    Some((lookups, lookups.query(origin.ok()?, head)))
}

/// What [`CorsMiddleware`](super::cors::CorsMiddleware) does with a request, when the answer is there.
fn go_on<S, B>(
    service: &S,
    request: ServiceRequest,
    id: RequestId,
    local: Rc<LocalPolicy>,
    watch: Option<&Watch>,
    verdict: Verdict,
) -> CorsFuture<S::Future, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let rules = local.rules();
    let is_tls = rules.reject_denied_origins && request.app_config().secure();
    let decision = decide_looked_up(rules, request.head(), is_tls, verdict);
    log::decision(&local, &request, &decision);
    if let Some(watch) = watch {
        watch.tell(&local, &request, &decision);
    }
    let grant = match answer(&local, decision, request.head()) {
        Action::Respond(response) => {
            return CorsFuture::answered(request.into_response(response), id, local);
        }
        Action::Forward(grant) => grant,
        // It was asked.
        Action::Ask => None,
    };
    CorsFuture::inner(service, request, id, PendingHeaders::new(local, grant))
}
