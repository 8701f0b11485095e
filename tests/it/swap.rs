//! Policies that change while the server runs.

use std::sync::{Arc, Condvar, Mutex};

use actix_cors_policy::{Cors, CorsPolicy, PolicyError, PolicyErrorKind};
use actix_web::{HttpResponse, web};

use crate::support::{Server, policy};

fn only(origin: &str) -> CorsPolicy {
    policy(&format!("ALLOWED_ORIGINS={origin}"))
}

fn routes(config: &mut web::ServiceConfig) {
    config.default_service(web::route().to(HttpResponse::Ok));
}

#[test]
fn every_worker_sees_the_new_policy_on_its_next_request() {
    let cors = Cors::new(only("https://a.example"))
        .at("/x", only("https://x.example"))
        .and_then(|cors| cors.at("/x/y", only("https://y.example")))
        .expect("good prefixes");
    let handle = cors.handle();
    let server = Server::serve(cors, routes);
    // More connections than workers: they are dealt out in turn.
    let mut connections: Vec<_> = (0..6).map(|_| server.connect()).collect();
    let mut allowed = |path: &str, origin: &str| {
        let answers: Vec<bool> = connections
            .iter_mut()
            .map(|connection| {
                let answer = connection.ask(&format!("GET {path}\norigin: {origin}"));
                !answer.header("access-control-allow-origin").is_empty()
            })
            .collect();
        let first = answers.iter().all(|answer| *answer);
        assert!(
            first || answers.iter().all(|answer| !answer),
            "all workers agree: {answers:?}"
        );
        first
    };
    assert!(allowed("/", "https://a.example"));
    assert!(allowed("/x", "https://x.example"));
    assert!(allowed("/x/y/z", "https://y.example"));

    let before = handle.replace(only("https://b.example"));
    assert_eq!(
        format!("{before:?}"),
        format!("{:?}", only("https://a.example"))
    );
    assert!(!allowed("/", "https://a.example"));
    assert!(allowed("/", "https://b.example"));
    assert!(allowed("/x", "https://x.example"), "the others stay");
    assert!(allowed("/x/y", "https://y.example"), "the others stay");

    let other = handle.clone();
    let before = std::thread::spawn(move || other.replace_at("/x", only("https://b.example")));
    let before = before.join().expect("no panic").expect("a known prefix");
    assert_eq!(
        format!("{before:?}"),
        format!("{:?}", only("https://x.example"))
    );
    assert!(!allowed("/x", "https://x.example"));
    assert!(allowed("/x", "https://b.example"));
    assert!(allowed("/x/y", "https://y.example"), "the others stay");

    handle
        .replace_at("/x/y", CorsPolicy::deny_all())
        .expect("a known prefix");
    assert!(!allowed("/x/y", "https://y.example"));
    assert!(allowed("/x", "https://b.example"), "the others stay");
}

#[test]
fn a_handle_reads_the_current_policies() {
    let first = only("https://a.example");
    let cors = Cors::new(first.clone())
        .at("/x", only("https://x.example"))
        .expect("a good prefix");
    let handle = cors.handle();
    let text = |policy: Option<CorsPolicy>| policy.map(|policy| format!("{policy:?}"));
    assert_eq!(text(Some(handle.policy())), text(Some(first)));
    assert_eq!(
        text(handle.policy_at("/x")),
        text(Some(only("https://x.example")))
    );
    for unknown in ["", "/", "/x/", "x", "/x/y", "/X"] {
        assert!(handle.policy_at(unknown).is_none(), "{unknown:?}");
    }
    handle.replace(only("https://b.example"));
    assert_eq!(
        text(Some(cors.handle().policy())),
        text(Some(only("https://b.example")))
    );
}

#[test]
fn a_prefix_without_a_policy_has_none_to_replace() {
    let cors = Cors::new(only("https://a.example"));
    let handle = cors.clone().handle();
    let errors = handle
        .replace_at("/x", CorsPolicy::deny_all())
        .expect_err("unknown");
    assert_eq!(
        errors.to_string(),
        "replace_at: path prefix has no policy to replace: `/x` (add it with Cors::at, before the handle is made)"
    );
    let handle = Cors::new(only("https://a.example"))
        .at("/x", CorsPolicy::deny_all())
        .and_then(|cors| cors.at("/a", CorsPolicy::deny_all()))
        .expect("good prefixes")
        .handle();
    let errors = handle
        .replace_at("/x/", CorsPolicy::deny_all())
        .expect_err("unknown");
    assert_eq!(
        errors.to_string(),
        "replace_at: path prefix has no policy to replace: `/x/` (write one that was given to Cors::at: /a, /x)"
    );
    assert_eq!(
        errors.as_slice().first().map(PolicyError::kind),
        Some(PolicyErrorKind::PathPrefix)
    );
}

/// A door that handlers wait at.
#[derive(Clone, Default)]
struct Door(Arc<(Mutex<(usize, bool)>, Condvar)>);

impl Door {
    /// Says that someone waits, and waits without blocking the worker.
    async fn pass(&self) {
        self.0.0.lock().expect("no panic").0 += 1;
        self.0.1.notify_all();
        while !self.0.0.lock().expect("no panic").1 {
            actix_web::rt::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    fn wait_for(&self, count: usize) {
        let state = self.0.0.lock().expect("no panic");
        let enough = self.0.1.wait_while(state, |state| state.0 < count);
        drop(enough.expect("no panic"));
    }

    fn open(&self) {
        self.0.0.lock().expect("no panic").1 = true;
    }
}

static DOOR: std::sync::LazyLock<Door> = std::sync::LazyLock::new(Door::default);

/// A request in flight ends under the policy that it began with.
#[test]
fn a_request_in_flight_keeps_its_policy() {
    fn routes(config: &mut web::ServiceConfig) {
        let wait = || async {
            DOOR.pass().await;
            HttpResponse::Ok().finish()
        };
        config
            .route("/wait", web::get().to(wait))
            .default_service(web::route().to(HttpResponse::Ok));
    }
    let old = "ALLOWED_ORIGINS=https://a.example,https://b.example\nEXPOSED_HEADERS=x-old\nALLOW_CREDENTIALS=1";
    let new = "ALLOWED_ORIGINS=https://b.example\nEXPOSED_HEADERS=x-new";
    let cors = Cors::new(policy(old));
    let handle = cors.handle();
    let server = Server::serve(cors, routes);
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let mut connection = server.connect();
            std::thread::spawn(move || connection.ask("GET /wait\norigin: https://b.example"))
        })
        .collect();
    DOOR.wait_for(4);
    handle.replace(policy(new));
    for _ in 0..4 {
        assert_eq!(
            server.ask("GET /\norigin: https://b.example").summary(),
            "200\naccess-control-allow-origin: https://b.example\naccess-control-expose-headers: x-new\nvary: Origin"
        );
    }
    DOOR.open();
    for answer in waiting {
        assert_eq!(
            answer.join().expect("an answer").summary(),
            "200\naccess-control-allow-credentials: true\naccess-control-allow-origin: https://b.example\n\
             access-control-expose-headers: x-old\nvary: Origin"
        );
    }
}

/// A policy may hold what comes back to the handle when it is dropped.
#[test]
fn dropping_an_old_policy_may_use_the_handle() {
    struct OnDrop(actix_cors_policy::CorsHandle);

    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.replace(CorsPolicy::deny_all());
        }
    }

    let cors = Cors::new(CorsPolicy::deny_all());
    let handle = cors.handle();
    let server = Server::serve(cors, routes);
    let on_drop = OnDrop(handle.clone());
    let deciding = CorsPolicy::builder().allow_origin_fn(move |_, _| {
        // Held as long as the policy is.
        let _ = &on_drop;
        true
    });
    handle.replace(deciding.build().expect("a policy"));
    assert_eq!(
        server
            .ask("GET /\norigin: https://a.example")
            .header("access-control-allow-origin"),
        ["https://a.example"]
    );
    drop(handle.replace(only("https://b.example")));
    for _ in 0..4 {
        let answer = server.ask("GET /\norigin: https://b.example");
        assert_eq!(answer.status, 200, "the server lives");
    }
}
