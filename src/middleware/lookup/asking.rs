//! A request whose origin is looked up: it waits for the answer, and then goes on as any other.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::dev::ServiceRequest;

use super::{
    headers::LocalPolicy,
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

/// A request with its policy, about whose origin nothing is known yet.
pub(super) struct Undecided {
    pub(super) request: ServiceRequest,
    pub(super) id: RequestId,
    pub(super) local: Rc<LocalPolicy>,
    pub(super) watch: Option<Rc<Watch>>,
}

/// A request, and what to do with it.
pub(super) struct Decided {
    pub(super) request: ServiceRequest,
    pub(super) id: RequestId,
    pub(super) local: Rc<LocalPolicy>,
    pub(super) action: Action,
}

/// A request that waits for an answer.
pub(super) struct Waiting {
    verdict: Pin<Box<dyn Future<Output = Verdict>>>,
    /// Taken when it is there.
    request: Option<Undecided>,
}

impl Undecided {
    /// Asks the look-up of the policy. If the answer is kept, nothing waits.
    pub(super) fn ask(self) -> Result<Decided, Waiting> {
        // The policy has a look-up, and the request an origin, or nothing would need to be asked.
        let Some((lookups, query)) = question(&self.local, self.request.head()) else {
            return Ok(self.decide(Verdict::Failed));
        };
        match lookups.kept(&query) {
            Some(verdict) => Ok(self.decide(verdict)),
            None => Err(Waiting {
                verdict: Box::pin(Arc::clone(lookups).ask(query.into_owned())),
                request: Some(self),
            }),
        }
    }

    fn decide(self, verdict: Verdict) -> Decided {
        let Self {
            request,
            id,
            local,
            watch,
        } = self;
        let rules = local.rules();
        let is_tls = rules.reject_denied_origins && request.app_config().secure();
        let decision = decide_looked_up(rules, request.head(), is_tls, verdict);
        log::decision(&local, &request, &decision);
        if let Some(watch) = watch {
            watch.tell(&local, &request, &decision);
        }
        Decided {
            action: answer(&local, decision, request.head()),
            request,
            id,
            local,
        }
    }
}

impl Waiting {
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Decided> {
        let verdict = std::task::ready!(self.verdict.as_mut().poll(cx));
        match self.request.take() {
            Some(request) => Poll::Ready(request.decide(verdict)),
            // No executor polls again after `Ready`.
            None => Poll::Pending,
        }
    }
}

fn question<'r>(
    local: &'r LocalPolicy,
    head: &'r RequestHead,
) -> Option<(&'r Arc<Lookups>, BorrowedQuery<'r>)> {
    let lookups = local.lookups.as_ref()?;
    let origin = head.headers().get(ORIGIN).map(HeaderValue::to_str)?;
    Some((lookups, lookups.query(origin.ok()?, head)))
}
