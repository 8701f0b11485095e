//! One call for all, also if callers and back ends stop.

use std::{
    future::pending,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::{FutureExt as _, future::join_all};
use tokio::time::sleep;

use super::*;

/// A back end that counts its calls.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<AtomicUsize>);

impl Calls {
    pub(super) fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

pub(super) fn lookups(lookup: &OriginLookup) -> Arc<Lookups> {
    Arc::new(Lookups::new(lookup, |_| {}))
}

fn query(origin: &str) -> OriginQuery {
    let lookup = OriginLookup::new(|_| async { Ok::<_, String>(true) });
    let request = actix_web::test::TestRequest::get().to_request();
    lookup.query(origin, request.head()).into_owned()
}

pub(super) async fn ask(lookups: &Arc<Lookups>, origin: &str) -> Verdict {
    Arc::clone(lookups).ask(query(origin)).await
}

pub(super) fn is_idle(lookups: &Lookups) -> bool {
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

#[tokio::test(start_paused = true)]
async fn calls_that_wait_for_their_turn_do_not_pile_up() {
    const KNOWN: usize = 20;
    let calls = Calls::default();
    let counted = calls.clone();
    let lookups = lookups(
        &OriginLookup::new(move |_| {
            let number = counted.next();
            async move {
                if number >= KNOWN {
                    pending::<()>().await;
                }
                Ok::<_, String>(true)
            }
        })
        .max_in_flight(2)
        .keep_allowed(Duration::from_secs(60), 1000),
    );
    let known: Vec<String> = (0..KNOWN)
        .map(|number| format!("https://known-{number}.example"))
        .collect();
    for origin in &known {
        assert_eq!(ask(&lookups, origin).await, Verdict::Allowed);
    }
    // The back end hangs for ten minutes, and all known origins are asked for each second.
    sleep(Duration::from_secs(60)).await;
    for _ in 0..600 {
        let verdicts = join_all(known.iter().map(|origin| ask(&lookups, origin))).await;
        assert!(verdicts.iter().all(|one| *one == Verdict::Failed));
        sleep(Duration::from_millis(1)).await;
    }
    let alive = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    assert!(alive <= KNOWN, "{alive} calls for {KNOWN} origins");
    assert!(lookups.calls().len() <= KNOWN);
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_at_last_is_no_longer_known() {
    let calls = Calls::default();
    let counted = calls.clone();
    let lookups = lookups(&OriginLookup::new(move |_| {
        let number = counted.next();
        async move { Ok::<_, String>(number % 2 == 0) }
    }));
    let origin = "https://a.example";
    for (pause, verdict, lens) in [
        (0, Verdict::Allowed, (1, 0)),
        (60, Verdict::Denied, (0, 1)),
        (5, Verdict::Allowed, (1, 0)),
    ] {
        sleep(Duration::from_secs(pause)).await;
        assert_eq!(ask(&lookups, origin).await, verdict);
        assert_eq!(lookups.answers.len(), lens);
        let is_known = lookups.answers.was_allowed(&query(origin));
        assert_eq!(is_known, verdict == Verdict::Allowed);
    }
}
