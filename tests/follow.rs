//! Policies that follow a source: a program of its own, because a process has one logger.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy, CorsRequest, Follower};
use log::{Level, LevelFilter, Log, Metadata, Record};
use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, sleep},
};

struct Capture(Mutex<Vec<(String, Level, String)>>);

static CAPTURE: Capture = Capture(Mutex::new(Vec::new()));

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() == "actix_cors_policy" {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            records.push((test, record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

fn capture() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        log::set_logger(&CAPTURE).expect("the only logger");
        log::set_max_level(LevelFilter::Info);
    });
}

/// What this test's thread logged at a level.
fn logged(level: Level) -> Vec<String> {
    let records = CAPTURE.0.lock().unwrap_or_else(PoisonError::into_inner);
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let records = records
        .iter()
        .filter(|(test, of, _)| *test == name && *of == level);
    records.map(|(_, _, text)| text.clone()).collect()
}

fn policy(origin: &str) -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origin(format!("https://{origin}.example"))
        .build()
        .expect("it is good")
}

fn allows(handle: &CorsHandle, origin: &str) -> bool {
    let request = CorsRequest::actual(format!("https://{origin}.example"), "GET");
    handle.policy().explain(&request).is_allowed()
}

fn handle() -> CorsHandle {
    Cors::new(CorsPolicy::deny_all()).handle()
}

/// Loads that are told when to finish, and with what.
#[derive(Clone)]
struct Source(Arc<Inner>);

struct Inner {
    begun: AtomicUsize,
    has_begun: Notify,
    may_end: Semaphore,
    value: Mutex<Result<&'static str, &'static str>>,
}

impl Source {
    fn new() -> Self {
        Self(Arc::new(Inner {
            begun: AtomicUsize::new(0),
            has_begun: Notify::new(),
            may_end: Semaphore::new(0),
            value: Mutex::new(Ok("a")),
        }))
    }

    fn set(&self, value: Result<&'static str, &'static str>) {
        *self.0.value.lock().expect("no test panicked") = value;
    }

    fn begun(&self) -> usize {
        self.0.begun.load(Ordering::SeqCst)
    }

    /// Waits until so many loads have begun.
    async fn until_begun(&self, count: usize) {
        while self.begun() < count {
            self.0.has_begun.notified().await;
        }
        assert_eq!(self.begun(), count);
    }

    fn let_end(&self, count: usize) {
        self.0.may_end.add_permits(count);
    }

    fn follow(&self, handle: &CorsHandle, every: Duration) -> Follower {
        let source = self.clone();
        handle.follow(every, move || {
            let source = source.clone();
            async move { source.load().await }
        })
    }

    async fn load(&self) -> Result<CorsPolicy, String> {
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        self.0.has_begun.notify_one();
        let permit = self.0.may_end.acquire().await;
        permit.expect("it is open").forget();
        let value = *self.0.value.lock().expect("no test panicked");
        value.map(policy).map_err(str::to_owned)
    }
}

async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn a_source_is_followed() {
    capture();
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, Duration::from_secs(10));
    source.let_end(100);
    settle().await;
    assert!(allows(&handle, "a"), "it is loaded at once");
    source.set(Ok("b"));
    sleep(Duration::from_secs(9)).await;
    assert_eq!((source.begun(), allows(&handle, "a")), (1, true));
    sleep(Duration::from_secs(2)).await;
    assert_eq!((source.begun(), allows(&handle, "b")), (2, true));
    source.set(Ok("c"));
    follower.refresh();
    settle().await;
    assert!(allows(&handle, "c"));
    let replaced = logged(Level::Info);
    let changes = "now in use, because its source changed (origins: 1 added (`https://b.example`), 1 removed (`https://a.example`)):\n  origins                 https://b.example";
    assert_eq!(replaced.len(), 3, "{replaced:?}");
    assert!(replaced[1].starts_with(changes), "{}", replaced[1]);
}

#[tokio::test(start_paused = true)]
async fn zero_is_never_by_itself() {
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, Duration::ZERO);
    source.let_end(100);
    sleep(HOUR).await;
    assert_eq!(source.begun(), 1);
    follower.refresh();
    sleep(HOUR).await;
    assert_eq!(source.begun(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_equal_swaps_nothing() {
    capture();
    let (handle, source) = (handle(), Source::new());
    let _follower = source.follow(&handle, Duration::from_secs(1));
    source.let_end(1000);
    sleep(Duration::from_secs(100)).await;
    assert!(source.begun() > 90);
    assert_eq!(logged(Level::Info).len(), 1);
    // One that allows no origin on purpose is obeyed.
    source.set(Ok("b"));
    let none = handle.follow(Duration::from_secs(1), || async {
        Ok::<_, String>(CorsPolicy::deny_all())
    });
    settle().await;
    assert!(!allows(&handle, "a"));
    drop(none);
}

#[tokio::test(start_paused = true)]
async fn a_swap_during_a_load_makes_it_again() {
    let (handle, source) = (handle(), Source::new());
    let _follower = source.follow(&handle, HOUR);
    source.until_begun(1).await;
    handle.replace(policy("other"));
    source.let_end(1);
    source.until_begun(2).await;
    assert!(allows(&handle, "other"), "what was loaded is thrown away");
    source.set(Ok("b"));
    source.let_end(1);
    settle().await;
    assert!(allows(&handle, "b"));
    assert_eq!(source.begun(), 2);
}

#[tokio::test(start_paused = true)]
async fn fifty_refreshes_during_a_load_are_one_more() {
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, HOUR);
    source.until_begun(1).await;
    for _ in 0..50 {
        follower.refresh();
    }
    source.let_end(100);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(source.begun(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_load_ends_at_its_limit() {
    capture();
    let (handle, source) = (handle(), Source::new());
    let start = Instant::now();
    let _follower = source.follow(&handle, Duration::from_secs(10));
    source.until_begun(2).await;
    assert_eq!(start.elapsed().as_secs(), 40, "the limit, and a wait");
    source.let_end(100);
    settle().await;
    assert!(allows(&handle, "a"));
    assert_eq!(
        logged(Level::Error),
        ["cannot load the policy, so the last good one stays:\n  it took longer than 30 seconds"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_said_once_until_it_changes() {
    capture();
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, Duration::from_secs(1));
    source.let_end(10_000);
    settle().await;
    for (value, errors) in [
        (Err("no route"), 1),
        (Err("no route"), 1),
        (Err("bad\x1b[2J\nrow"), 2),
        (Err("no route"), 3),
        (Ok("b"), 3),
        (Err("no route"), 4),
    ] {
        source.set(value);
        sleep(Duration::from_secs(10)).await;
        assert_eq!(logged(Level::Error).len(), errors, "{value:?}");
        assert!(allows(&handle, "a") || allows(&handle, "b"));
    }
    assert_eq!(
        logged(Level::Error)[1],
        "cannot load the policy, so the last good one stays:\n  bad\\u{1b}[2J\n  row"
    );
    drop(follower);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure() {
    capture();
    let handle = handle();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let _follower = handle.follow(Duration::from_secs(1), move || {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        assert!(call != 0, "before the future");
        async move {
            assert!(call != 1, "in the future");
            Ok::<_, String>(policy("a"))
        }
    });
    sleep(Duration::from_secs(5)).await;
    assert!(allows(&handle, "a"));
    assert_eq!(
        logged(Level::Error),
        [
            "cannot load the policy, so the last good one stays:\n  it panicked: before the future",
            "cannot load the policy, so the last good one stays:\n  it panicked: in the future",
        ]
    );
}

/// A load that swaps the policy itself does not go on for ever, and neither does one that something else always overtakes.
#[tokio::test(start_paused = true)]
async fn what_overtakes_takes_no_time_of_others() {
    let handle = handle();
    let (inside, calls) = (handle.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&calls);
    let follower = handle.follow(HOUR, move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let policy = policy("a");
        inside.replace(policy.clone());
        async move { Ok::<_, String>(policy) }
    });
    sleep(Duration::from_secs(60)).await;
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    drop(follower);

    let (inside, calls) = (handle.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&calls);
    let _follower = handle.follow(HOUR, move || {
        counted.fetch_add(1, Ordering::SeqCst);
        inside.replace(policy("other"));
        async { Ok::<_, String>(policy("a")) }
    });
    sleep(Duration::from_secs(1)).await;
    let count = calls.load(Ordering::SeqCst);
    assert!((50..=101).contains(&count), "{count}");
}

#[tokio::test(start_paused = true)]
async fn what_was_dropped_is_stopped() {
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, Duration::from_secs(1));
    source.until_begun(1).await;
    drop(follower);
    source.let_end(100);
    sleep(HOUR).await;
    assert!(!allows(&handle, "a"));
    assert_eq!(source.begun(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_prefix_is_followed() {
    let cors = Cors::new(CorsPolicy::deny_all());
    let cors = cors.at("/admin", CorsPolicy::deny_all()).expect("a prefix");
    let handle = cors.handle();
    let load = || async { Ok::<_, String>(policy("a")) };
    let _follower = handle.follow_at("/admin", HOUR, load).expect("it is there");
    settle().await;
    assert!(!allows(&handle, "a"));
    let admin = handle.policy_at("/admin").expect("it is there");
    assert!(admin.to_string().contains("https://a.example"));
    let error = handle.follow_at("/amin", HOUR, load).expect_err("unknown");
    let message = error.to_string();
    assert!(
        message.starts_with("follow_at: path prefix has no policy to replace: `/amin`"),
        "{message}"
    );
}

/// Without a runtime, it has a thread of its own.
#[test]
fn it_needs_no_runtime() {
    let (handle, source) = (handle(), Source::new());
    let follower = source.follow(&handle, Duration::ZERO);
    source.let_end(1);
    wait_for(|| allows(&handle, "a"));
    source.set(Ok("b"));
    follower.refresh();
    wait_for(|| source.begun() == 2);
    drop(follower);
    source.let_end(1);
    std::thread::sleep(Duration::from_millis(50));
    assert!(allows(&handle, "a"));
}

fn wait_for(is_done: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !is_done() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it takes too long"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
