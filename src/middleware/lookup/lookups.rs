//! Look-ups that are under way: one call for all requests that wait for the same answer.
//!
//! A call is a task, so it goes on if the request that caused it is dropped, and nobody waits for a future that nobody
//! polls ([moka-rs/moka#240](https://github.com/moka-rs/moka/issues/240) tells how that hangs). Those who wait have a
//! receiver each. If the task is dropped, because the runtime of its worker stops, its sender is dropped too; then they
//! ask again, from their own runtime.

use std::{
    collections::HashMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch::{self, Receiver, Sender},
    task,
    time::{Instant, timeout},
};

use super::{
    answers::Answers,
    failures::Failures,
    in_flight::{InFlight, Permit},
};
use crate::{
    http::RequestHead,
    middleware::attempt::within,
    policy::{BorrowedQuery, CorsPolicy, OriginLookup, OriginQuery, Verdict},
};

/// The look-up of one policy in use, with its answers. All workers share it.
pub(in crate::middleware) struct Lookups {
    lookup: OriginLookup,
    answers: Answers,
    calls: Mutex<HashMap<OriginQuery, UnderWay>>,
    in_flight: InFlight,
    failures: Failures,
}

/// A call that is under way.
struct UnderWay {
    /// `None` is sent first: there is no answer yet.
    answer: Receiver<Option<Verdict>>,
    begun: Instant,
}

impl Lookups {
    /// For a policy in use, if it has a look-up.
    pub(in crate::middleware) fn of(policy: &CorsPolicy, log: fn(&str)) -> Option<Arc<Self>> {
        let lookup = policy.rules().lookup.as_ref();
        lookup.map(|lookup| Arc::new(Self::new(lookup, log)))
    }

    fn new(lookup: &OriginLookup, log: fn(&str)) -> Self {
        Self {
            lookup: lookup.clone(),
            answers: Answers::new(lookup),
            calls: Mutex::default(),
            in_flight: InFlight::new(lookup.max_in_flight),
            failures: Failures::new(log),
        }
    }

    /// What to ask about a request with this origin.
    pub(in crate::middleware) fn query<'r>(
        &self,
        origin: &'r str,
        head: &'r RequestHead,
    ) -> BorrowedQuery<'r> {
        self.lookup.query(origin, head)
    }

    /// The answer, if it is kept.
    pub(in crate::middleware) fn kept(&self, query: &BorrowedQuery<'_>) -> Option<Verdict> {
        self.answers.get(query)
    }

    /// Waits for the answer, for as long as a request may wait.
    pub(in crate::middleware) async fn ask(self: Arc<Self>, query: OriginQuery) -> Verdict {
        let limit = self.lookup.timeout;
        let answer = timeout(limit, self.answer(&query)).await;
        answer.unwrap_or_else(|_| self.fail(&format!("no answer within {limit:?}")))
    }

    async fn answer(self: &Arc<Self>, query: &OriginQuery) -> Verdict {
        loop {
            let mut call = match self.join(query) {
                Ok(call) => call,
                Err(verdict) => return verdict,
            };
            // If the call is dropped, its runtime stopped, or it hung: the next one is another.
            if let Ok(verdict) = call.wait_for(Option::is_some).await
                && let Some(verdict) = *verdict
            {
                return verdict;
            }
        }
    }

    /// Joins the call for this query, or begins it. An error is a verdict without a call.
    fn join(self: &Arc<Self>, query: &OriginQuery) -> Result<Receiver<Option<Verdict>>, Verdict> {
        let mut calls = self.calls();
        if let Some(call) = calls.get(query)
            && call.begun.elapsed() < self.lost_after()
        {
            return Ok(call.answer.clone());
        }
        // A call may have ended in between. It keeps its answer before it leaves the table.
        if let Some(verdict) = self.answers.get(&query.borrowed()) {
            return Err(verdict);
        }
        let permit = if self.answers.was_allowed(query) {
            None
        } else {
            let Some(permit) = self.in_flight.of_new() else {
                drop(calls);
                return Err(self.fail(&format!(
                    "{} calls are in flight, so no other begins",
                    self.in_flight.most_new
                )));
            };
            Some(permit)
        };
        let (sender, receiver) = watch::channel(None);
        let call = UnderWay {
            answer: receiver.clone(),
            begun: Instant::now(),
        };
        calls.insert(query.clone(), call);
        // Without the lock: a runtime that is about to stop drops the call at once.
        drop(calls);
        let call = Call {
            lookups: Arc::clone(self),
            query: query.clone(),
            sender,
        };
        task::spawn(call.run(permit));
        Ok(receiver)
    }

    /// When a call is taken out of the table by the next request for its key. Before that, it ends itself, unless its
    /// worker is blocked and polls no task.
    fn lost_after(&self) -> Duration {
        self.longest_call().saturating_mul(2)
    }

    /// The limit of a call: a slow back end still fills the cache.
    fn longest_call(&self) -> Duration {
        /// How many times as long as a request waits.
        const LONGER: u32 = 10;
        self.lookup.timeout.saturating_mul(LONGER)
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<OriginQuery, UnderWay>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says why there is no answer.
    fn fail(&self, why: &str) -> Verdict {
        self.failures.say(why);
        Verdict::Failed
    }
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lookup.fmt(f)
    }
}

/// One call. While it exists, it is in the table.
struct Call {
    lookups: Arc<Lookups>,
    query: OriginQuery,
    sender: Sender<Option<Verdict>>,
}

impl Call {
    async fn run(self, permit: Option<Permit>) {
        let Lookups {
            lookup, in_flight, ..
        } = &*self.lookups;
        let limit = self.lookups.longest_call();
        let _permit = match permit {
            Some(permit) => permit,
            // Not for longer, or it would be lost and still wait, and so would those that replace it.
            None => match timeout(limit, in_flight.of_known()).await {
                Ok(permit) => permit,
                Err(_) => return,
            },
        };
        let made = catch_unwind(AssertUnwindSafe(|| lookup.ask(self.query.clone())));
        let verdict = match within(limit, made).await {
            Ok(Ok(is_allowed)) => {
                // Before the call leaves the table: at each moment, it is in one of both.
                self.lookups.answers.keep(&self.query, is_allowed);
                self.lookups.failures.end();
                if is_allowed {
                    Verdict::Allowed
                } else {
                    Verdict::Denied
                }
            }
            Ok(Err(error)) => self.lookups.fail(&error),
            Err(_) => {
                self.lookups
                    .fail(&format!("a call took longer than {limit:?}"));
                return;
            }
        };
        self.sender.send_replace(Some(verdict));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut calls = self.lookups.calls();
        // It may be lost already, and another one in the table.
        let is_this = calls
            .get(&self.query)
            .is_some_and(|call| call.answer.same_channel(&self.sender.subscribe()));
        if is_this {
            calls.remove(&self.query);
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod worker_tests;
