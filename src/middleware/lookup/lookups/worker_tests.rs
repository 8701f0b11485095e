//! One call for all, also if workers stop or are blocked. Each worker is a thread with a runtime of its own.

use std::{
    future::{Future, pending},
    sync::mpsc,
    thread,
};

use futures_util::{FutureExt as _, future::join_all};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Notify,
    time::sleep,
};

use super::{
    tests::{Calls, ask, is_idle, lookups},
    *,
};

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// Look-ups with a back end that counts its calls.
fn counted<F>(timeout: Duration, answer: fn() -> F) -> (Calls, Arc<Lookups>)
where
    F: Future<Output = Result<bool, String>> + Send + 'static,
{
    let calls = Calls::default();
    let counted = calls.clone();
    let lookup = OriginLookup::new(move |_| {
        counted.next();
        answer()
    });
    (calls, lookups(&lookup.timeout(timeout)))
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

/// A worker that is blocked polls neither the call nor its limit.
#[test]
fn a_call_of_a_blocked_worker_is_made_again_by_another() {
    let (calls, lookups) = counted(Duration::from_millis(10), || async { Ok(true) });
    // It is never polled again, and not dropped either.
    let blocked = runtime();
    let asked = blocked.block_on(async { ask(&lookups, "https://a.example").now_or_never() });
    assert_eq!(asked, None);
    let other = runtime();
    let asked = || other.block_on(ask(&lookups, "https://a.example"));
    assert_eq!(asked(), Verdict::Failed);
    thread::sleep(Duration::from_millis(250));
    assert_eq!(asked(), Verdict::Allowed);
    assert_eq!(calls.count(), 1, "the blocked one never began");
    assert_eq!(asked(), Verdict::Allowed, "the answer is kept");
    drop(blocked);
    assert!(is_idle(&lookups), "the lost call takes away nothing");
}

#[test]
fn a_lost_call_that_ends_leaves_the_next_one() {
    let (calls, lookups) = counted(Duration::from_millis(40), pending);
    let [blocked, other] = [runtime(), runtime()];
    let begin = || async { ask(&lookups, "https://a.example").now_or_never() };
    assert_eq!(blocked.block_on(begin()), None);
    thread::sleep(Duration::from_millis(810));
    let asked = || other.block_on(ask(&lookups, "https://a.example"));
    assert_eq!(asked(), Verdict::Failed);
    drop(blocked);
    assert_eq!(lookups.calls().len(), 1);
    assert_eq!(asked(), Verdict::Failed);
    assert_eq!(calls.count(), 1, "it is joined");
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
