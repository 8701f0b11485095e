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
    thread,
    time::{Duration, Instant},
};

use tokio::{
    sync::{
        OwnedSemaphorePermit, Semaphore,
        watch::{self, Receiver, Sender},
    },
    task,
    time::timeout,
};

use super::{answers::Answers, attempt::within};
use crate::{
    http::RequestHead,
    policy::{BorrowedQuery, CorsPolicy, OriginLookup, OriginQuery, Verdict},
};

/// The look-up of one policy in use, with its answers. All workers share it.
pub(super) struct Lookups {
    lookup: OriginLookup,
    answers: Answers,
    /// `None` is sent first: there is no answer yet.
    calls: Mutex<HashMap<OriginQuery, Receiver<Option<Verdict>>>>,
    in_flight: InFlight,
    said: Mutex<Said>,
    /// Logs why there is no answer.
    log: fn(&str),
}

impl Lookups {
    /// For a policy in use, if it has a look-up.
    pub(super) fn of(policy: &CorsPolicy, log: fn(&str)) -> Option<Arc<Self>> {
        let lookup = policy.rules().lookup.as_ref();
        lookup.map(|lookup| Arc::new(Self::new(lookup, log)))
    }

    fn new(lookup: &OriginLookup, log: fn(&str)) -> Self {
        Self {
            lookup: lookup.clone(),
            answers: Answers::new(lookup),
            calls: Mutex::default(),
            in_flight: InFlight::new(lookup.max_in_flight),
            said: Mutex::default(),
            log,
        }
    }

    /// What to ask about a request with this origin.
    pub(super) fn query<'r>(&self, origin: &'r str, head: &'r RequestHead) -> BorrowedQuery<'r> {
        self.lookup.query(origin, head)
    }

    /// The answer, if it is kept.
    pub(super) fn kept(&self, query: &BorrowedQuery<'_>) -> Option<Verdict> {
        self.answers.get(query)
    }

    /// Waits for the answer, for as long as a request may wait.
    pub(super) async fn ask(self: Arc<Self>, query: OriginQuery) -> Verdict {
        let limit = self.lookup.timeout;
        let answer = timeout(limit, self.answer(&query)).await;
        answer.unwrap_or_else(|_| self.fail(format!("no answer within {limit:?}")))
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
        if let Some(call) = calls.get(query) {
            return Ok(call.clone());
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
                return Err(self.fail(format!(
                    "{} calls are in flight, so no other begins",
                    self.in_flight.most_new
                )));
            };
            Some(permit)
        };
        let (sender, receiver) = watch::channel(None);
        calls.insert(query.clone(), receiver.clone());
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

    fn calls(&self) -> MutexGuard<'_, HashMap<OriginQuery, Receiver<Option<Verdict>>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says why there is no answer.
    fn fail(&self, why: String) -> Verdict {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_new(&why) {
            (self.log)(&why);
            said.now(why);
        }
        Verdict::Failed
    }

    fn succeed(&self) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.is_failing = false;
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
        /// How many times as long as a request waits. A call that takes longer is lost.
        const LONGER: u32 = 10;
        let Lookups {
            lookup, in_flight, ..
        } = &*self.lookups;
        let limit = lookup.timeout.saturating_mul(LONGER);
        let _permit = match permit {
            Some(permit) => permit,
            None => in_flight.of_known().await,
        };
        let made = catch_unwind(AssertUnwindSafe(|| lookup.ask(self.query.clone())));
        let verdict = match within(limit, made).await {
            Ok(Ok(is_allowed)) => {
                // Before the call leaves the table: at each moment, it is in one of both.
                self.lookups.answers.keep(&self.query, is_allowed);
                self.lookups.succeed();
                if is_allowed {
                    Verdict::Allowed
                } else {
                    Verdict::Denied
                }
            }
            Ok(Err(error)) => self.lookups.fail(error),
            Err(_) => {
                self.lookups
                    .fail(format!("a call took longer than {limit:?}"));
                return;
            }
        };
        self.sender.send_replace(Some(verdict));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // The user's future may panic when it is dropped. To ask again would panic again.
        if thread::panicking() {
            let verdict = self.lookups.fail("it panicked".to_owned());
            self.sender.send_replace(Some(verdict));
        }
        self.lookups.calls().remove(&self.query);
    }
}

/// How many calls may be under way: at most half of them for what was not allowed before.
struct InFlight {
    all: Arc<Semaphore>,
    new: Arc<Semaphore>,
    most_new: usize,
}

/// A call may be under way while this exists.
type Permit = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

impl InFlight {
    fn new(most: usize) -> Self {
        let most = most.min(Semaphore::MAX_PERMITS);
        let most_new = most - most / 2;
        Self {
            all: Arc::new(Semaphore::new(most)),
            new: Arc::new(Semaphore::new(most_new)),
            most_new,
        }
    }

    /// For what was not allowed before: now or not at all, because there may be any number of them.
    fn of_new(&self) -> Option<Permit> {
        let new = Arc::clone(&self.new).try_acquire_owned().ok()?;
        let any = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some((any, Some(new)))
    }

    /// For what was allowed before: there are only as many of them as are kept, and each has its turn.
    async fn of_known(&self) -> Permit {
        let any = Arc::clone(&self.all).acquire_owned().await;
        (any.expect("the semaphore is never closed"), None)
    }
}

/// What was logged.
#[derive(Default)]
struct Said {
    is_failing: bool,
    last: Option<(Instant, String)>,
}

impl Said {
    /// Whether a failure is other than the last one that was logged, or the first after an answer. The text may have
    /// the origin in it, so a flood could fill the log: there is at most one line a second.
    fn is_new(&self, why: &str) -> bool {
        const PAUSE: Duration = Duration::from_secs(1);
        let Some((when, last)) = &self.last else {
            return true;
        };
        let is_known = self.is_failing && last == why;
        !is_known && when.elapsed() >= PAUSE
    }

    fn now(&mut self, why: String) {
        self.is_failing = true;
        self.last = Some((Instant::now(), why));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
    };

    use futures_util::{FutureExt as _, future::join_all};
    use tokio::{
        runtime::{Builder, Runtime},
        sync::Notify,
        time::sleep,
    };

    use super::*;

    /// A back end that counts its calls.
    #[derive(Clone, Default)]
    struct Calls(Arc<AtomicUsize>);

    impl Calls {
        fn next(&self) -> usize {
            self.0.fetch_add(1, Ordering::SeqCst)
        }

        fn count(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    fn lookups(lookup: &OriginLookup) -> Arc<Lookups> {
        Arc::new(Lookups::new(lookup, |_| {}))
    }

    fn query(origin: &str) -> OriginQuery {
        let lookup = OriginLookup::new(|_| async { Ok::<_, String>(true) });
        let request = actix_web::test::TestRequest::get().to_request();
        lookup.query(origin, request.head()).into_owned()
    }

    fn runtime() -> Runtime {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime")
    }

    async fn ask(lookups: &Arc<Lookups>, origin: &str) -> Verdict {
        Arc::clone(lookups).ask(query(origin)).await
    }

    fn is_idle(lookups: &Lookups) -> bool {
        lookups.calls().is_empty()
            && lookups.in_flight.all.available_permits() == lookups.lookup.max_in_flight
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_answers_all_who_wait_and_then_the_answer_is_kept() {
        let calls = Calls::default();
        let counted = calls.clone();
        let lookups = lookups(&OriginLookup::new(move |query: OriginQuery| {
            counted.next();
            async move {
                sleep(Duration::from_millis(500)).await;
                Ok::<_, String>(query.origin() == "https://a.example")
            }
        }));
        let origins = ["https://a.example", "https://b.example"];
        let asked = (0..100).map(|number| ask(&lookups, origins[number % 2]));
        let verdicts = join_all(asked).await;
        assert!(
            verdicts
                .iter()
                .step_by(2)
                .all(|one| *one == Verdict::Allowed)
        );
        assert!(
            verdicts
                .iter()
                .skip(1)
                .step_by(2)
                .all(|one| *one == Verdict::Denied)
        );
        assert_eq!(calls.count(), 2);
        assert_eq!(lookups.answers.len(), (1, 1));
        sleep(Duration::from_millis(1)).await;
        assert!(is_idle(&lookups));

        let kept = |origin| lookups.kept(&query(origin).borrowed());
        assert_eq!(kept(origins[0]), Some(Verdict::Allowed));
        assert_eq!(kept(origins[1]), Some(Verdict::Denied));
        sleep(Duration::from_secs(5)).await;
        assert_eq!(kept(origins[1]), None, "denied is kept for 5 seconds");
        assert_eq!(kept(origins[0]), Some(Verdict::Allowed));
        sleep(Duration::from_secs(55)).await;
        assert_eq!(kept(origins[0]), None, "allowed is kept for a minute");
        assert!(lookups.answers.was_allowed(&query(origins[0])));
        assert_eq!(ask(&lookups, origins[0]).await, Verdict::Allowed);
        assert_eq!(calls.count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_goes_on_without_those_who_caused_it() {
        let calls = Calls::default();
        let counted = calls.clone();
        let lookups = lookups(&OriginLookup::new(move |_| {
            counted.next();
            async {
                sleep(Duration::from_secs(3)).await;
                Ok::<_, String>(true)
            }
        }));
        // Dropped after the first poll, as when a caller disconnects.
        assert_eq!(ask(&lookups, "https://a.example").now_or_never(), None);
        // Waits as long as it may.
        assert_eq!(ask(&lookups, "https://a.example").await, Verdict::Failed);
        sleep(Duration::from_millis(2500)).await;
        let kept = lookups.kept(&query("https://a.example").borrowed());
        assert_eq!(kept, Some(Verdict::Allowed), "the slow answer is kept");
        assert_eq!(calls.count(), 1);
        assert!(is_idle(&lookups));
    }

    #[tokio::test(start_paused = true)]
    async fn errors_and_panics_are_not_kept() {
        struct PanicsWhenDropped;
        impl Drop for PanicsWhenDropped {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        let calls = Calls::default();
        let counted = calls.clone();
        let lookups = lookups(&OriginLookup::new(move |_| {
            let number = counted.next();
            assert!(number != 1, "a panic before there is a future");
            async move {
                match number {
                    0 => Err("an error"),
                    2 => panic!("a panic in the future"),
                    3 => {
                        let _last = PanicsWhenDropped;
                        Ok(true)
                    }
                    4 => {
                        pending::<()>().await;
                        Ok(true)
                    }
                    _ => Ok(true),
                }
            }
        }));
        for number in 0..5 {
            let verdict = ask(&lookups, "https://a.example").await;
            assert_eq!(verdict, Verdict::Failed);
            assert_eq!(calls.count(), number + 1);
            assert_eq!(lookups.answers.len(), (0, 0));
        }
        // The call that hangs is joined, and then it is lost.
        assert_eq!(ask(&lookups, "https://a.example").await, Verdict::Failed);
        assert_eq!(calls.count(), 5);
        sleep(Duration::from_secs(9)).await;
        assert!(is_idle(&lookups));
        assert_eq!(ask(&lookups, "https://a.example").await, Verdict::Allowed);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_for_a_call_that_is_lost_ask_again() {
        let calls = Calls::default();
        let counted = calls.clone();
        let lookups = lookups(&OriginLookup::new(move |_| {
            let number = counted.next();
            async move {
                if number == 0 {
                    pending::<()>().await;
                }
                Ok::<_, String>(true)
            }
        }));
        assert_eq!(ask(&lookups, "https://a.example").await, Verdict::Failed);
        sleep(Duration::from_millis(8500)).await;
        assert_eq!(ask(&lookups, "https://a.example").await, Verdict::Allowed);
        assert_eq!(calls.count(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn invented_origins_get_half_of_the_calls_and_known_ones_take_turns() {
        for (most, most_new) in [(1, 1), (2, 1), (3, 2), (64, 32)] {
            let lookup = OriginLookup::new(|query: OriginQuery| async move {
                let is_known = query.origin().starts_with("https://known");
                if !is_known {
                    pending::<()>().await;
                }
                sleep(Duration::from_millis(1)).await;
                Ok::<_, String>(is_known)
            });
            let lookups = lookups(
                &lookup
                    .max_in_flight(most)
                    .keep_allowed(Duration::from_secs(60), 1000),
            );
            for number in 0..200 {
                let origin = format!("https://known-{number}.example");
                assert_eq!(ask(&lookups, &origin).await, Verdict::Allowed, "{most}");
            }
            sleep(Duration::from_secs(60)).await;
            for number in 0..1000 {
                let origin = format!("https://invented-{number}.example");
                let asked = ask(&lookups, &origin).now_or_never();
                // The others are denied at once.
                assert_eq!(asked.is_none(), number < most_new, "{most}, {number}");
            }
            assert_eq!(lookups.calls().len(), most_new);
            if most == 1 {
                continue;
            }
            let known: Vec<String> = (0..200)
                .map(|number| format!("https://known-{number}.example"))
                .collect();
            let verdicts = join_all(known.iter().map(|origin| ask(&lookups, origin))).await;
            assert!(
                verdicts.iter().all(|one| *one == Verdict::Allowed),
                "{most}"
            );
        }
    }

    /// A worker has a runtime of its own. When it stops, its tasks are dropped.
    #[test]
    fn a_worker_that_stops_during_a_call_leaves_no_one_waiting() {
        let calls = Calls::default();
        let counted = calls.clone();
        let begun = Arc::new(Notify::new());
        let told = Arc::clone(&begun);
        let lookups = lookups(
            &OriginLookup::new(move |_| {
                let number = counted.next();
                told.notify_one();
                async move {
                    if number == 0 {
                        pending::<()>().await;
                    }
                    Ok::<_, String>(true)
                }
            })
            .timeout(Duration::from_secs(5)),
        );
        let first = runtime();
        first.block_on(async {
            assert_eq!(ask(&lookups, "https://a.example").now_or_never(), None);
            begun.notified().await;
        });
        let (sender, receiver) = mpsc::channel();
        let others: Vec<_> = (0..4)
            .map(|_| {
                let (lookups, sender) = (Arc::clone(&lookups), sender.clone());
                thread::spawn(move || {
                    runtime().block_on(async {
                        let mut asked = Box::pin(ask(&lookups, "https://a.example"));
                        assert_eq!((&mut asked).now_or_never(), None);
                        sender.send(()).expect("the test waits");
                        asked.await
                    })
                })
            })
            .collect();
        for _ in &others {
            receiver.recv().expect("they wait");
        }
        drop(first);
        for other in others {
            assert_eq!(other.join().expect("no panic"), Verdict::Allowed);
        }
        assert_eq!(calls.count(), 2, "they share the second one, too");
        assert!(is_idle(&lookups));
    }

    /// Many workers, of which one after the other stops, and callers that disconnect.
    #[test]
    fn no_one_hangs_while_workers_stop_and_callers_disconnect() {
        let lookups = lookups(
            &OriginLookup::new(|query: OriginQuery| async move {
                task::yield_now().await;
                if query.origin().ends_with("7.example") {
                    sleep(Duration::from_millis(1)).await;
                }
                Ok::<_, String>(true)
            })
            .keep_allowed(Duration::from_nanos(1), 4)
            .max_in_flight(1000)
            .timeout(Duration::from_secs(20)),
        );
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let lookups = Arc::clone(&lookups);
                thread::spawn(move || {
                    for round in 0..150 {
                        let runtime = runtime();
                        runtime.block_on(async {
                            let asked = (0..20).map(|number| {
                                let origin = format!("https://{}.example", (number + round) % 10);
                                let lookups = Arc::clone(&lookups);
                                async move {
                                    let asked = ask(&lookups, &origin);
                                    if (number + worker) % 3 == 0 {
                                        // It disconnects, and its call may be the one of all.
                                        let _ = asked.now_or_never();
                                    } else {
                                        assert_eq!(asked.await, Verdict::Allowed);
                                    }
                                }
                            });
                            join_all(asked).await;
                            // Calls for others may be under way here.
                            for number in 0..10 {
                                let origin = format!("https://{number}.example");
                                let _ = ask(&lookups, &origin).now_or_never();
                            }
                        });
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().expect("no panic");
        }
        assert!(is_idle(&lookups));
    }
}
