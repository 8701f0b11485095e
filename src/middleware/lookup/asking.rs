//! A request whose origin is looked up: it waits for the answer, and then goes on as any other.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::dev::ServiceRequest;

use super::lookups::Lookups;
use crate::{
    http::{HeaderValue, ORIGIN, RequestHead},
    middleware::{
        headers::LocalPolicy,
        log,
        nesting::RequestId,
        observe::Watch,
        respond::{Action, answer},
    },
    policy::{BorrowedQuery, Verdict, decide_looked_up},
};

/// A request with its policy, about whose origin nothing is known yet.
pub(in crate::middleware) struct Undecided {
    pub(in crate::middleware) request: ServiceRequest,
    pub(in crate::middleware) id: RequestId,
    pub(in crate::middleware) local: Rc<LocalPolicy>,
    pub(in crate::middleware) watch: Option<Rc<Watch>>,
}

/// A request, and what to do with it.
pub(in crate::middleware) struct Decided {
    pub(in crate::middleware) request: ServiceRequest,
    pub(in crate::middleware) id: RequestId,
    pub(in crate::middleware) local: Rc<LocalPolicy>,
    pub(in crate::middleware) action: Action,
}

/// A request that waits for an answer.
pub(in crate::middleware) struct Waiting {
    verdict: Pin<Box<dyn Future<Output = Verdict>>>,
    /// Taken when it is there.
    request: Option<Undecided>,
}

impl Undecided {
    /// Asks the look-up of the policy. If the answer is kept, nothing waits.
    pub(in crate::middleware) fn ask(self) -> Result<Decided, Waiting> {
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
    pub(in crate::middleware) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Decided> {
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
