//! Runs a check through a cache.

use futures_util::future;

use actix_web::rt::time::sleep;
use std::time::Duration;

use crate::{
    cache::{Cache, Kind},
    check::{Cached, Check, Request, Step},
    client::{Answer, Ask},
    policies::{self, Headers, Policy, Who},
    server::{self, Seen, Server, resource},
};

/// How long to wait until what is fresh for a short time has surely expired: nginx counts whole seconds.
const EXPIRY: Duration = server::SHORT.saturating_add(Duration::from_millis(1300));

/// What became of a check.
#[derive(Debug, Default)]
pub struct Outcome {
    pub requests: usize,
    /// Requests that the cache answered without the server, by both their accounts.
    pub hits: usize,
    pub faults: Vec<Fault>,
}

/// What is not as it should be.
#[derive(Debug)]
pub struct Fault {
    /// Whether a stored answer was handed out as nobody's who asks: with another's header, or with a permission or a denial
    /// that is not the one for who asks.
    pub is_mixed_up: bool,
    pub text: String,
}

impl Outcome {
    /// How many stored answers were mixed up.
    pub fn mixed_up(&self) -> usize {
        self.faults.iter().filter(|fault| fault.is_mixed_up).count()
    }
}

/// Runs a check in this directory of the server.
pub async fn run(check: &Check, directory: &str, cache: &Cache, server: &Server) -> Outcome {
    let mut run = Run {
        check,
        directory,
        cache,
        server,
        policy: check.policy,
        stored: Vec::new(),
        outcome: Outcome::default(),
    };
    for step in &check.steps {
        match step {
            Step::One(request) => run.one(request).await,
            Step::Together(asks) => run.together(asks).await,
            Step::Wait => sleep(EXPIRY).await,
            Step::Swap(policy) => {
                server.swap(directory, *policy);
                run.policy = *policy;
            }
        }
    }
    run.outcome
}

struct Run<'a> {
    check: &'a Check,
    directory: &'a str,
    cache: &'a Cache,
    server: &'a Server,
    policy: Policy,
    /// What the cache should have stored.
    stored: Vec<(Key, Headers)>,
    outcome: Outcome,
}

/// By what stored answers are told apart.
type Key = (Who, Option<(&'static str, &'static str)>);

impl Run<'_> {
    async fn one(&mut self, request: &Request) {
        let ask = &request.ask;
        let cached = request.cached(self.cache.kind);
        let before = self.server.seen(self.directory).len();
        let answer = self.send(*ask).await;
        let reached = self.server.seen(self.directory).split_off(before);
        self.outcome.requests += 1;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.fault(ask, false, &error),
        };
        let is_hit = is_hit(&answer) && reached.is_empty();
        self.outcome.hits += usize::from(is_hit);
        if !self.is_as_wanted(cached, &answer, &reached) {
            let text = format!(
                "{cached:?} wanted, the cache says {:?}, and the server got {reached:?}",
                answer.header("x-cache-status")
            );
            self.fault(ask, false, &text);
        }
        let key = (ask.who, ask.variant);
        let wanted = match request.shared {
            Some(policy) => policy.answers(ask.who, self.check.vary),
            None if cached == Cached::Passed && ask.method == "OPTIONS" => {
                self.policy.answers_preflight(ask.who)
            }
            None => self.wanted(key, cached),
        };
        let is_another_s = request.shared.is_none() && is_for_another(&answer, ask.who);
        self.judge(ask, &answer, &wanted, is_hit);
        if is_another_s && ask.method != "OPTIONS" {
            let text = format!("the answer was made for {:?}", answer.header("x-made-for"));
            self.fault(ask, false, &text);
        }
        let reads = request.reads.map(|reads| match self.cache.kind {
            Kind::Nginx => reads[0],
            Kind::Varnish => reads[1],
        });
        if reads.is_some() && answer.is_readable != reads {
            let text = format!(
                "the page reads it: {:?}, and not {reads:?}",
                answer.is_readable
            );
            self.fault(ask, false, &text);
        }
        if cached != Cached::Passed && request.shared.is_none() {
            self.store(key, wanted);
        }
    }

    async fn together(&mut self, asks: &[Ask]) {
        let before = self.server.seen(self.directory).len();
        let answers = future::join_all(asks.iter().map(|ask| self.send(*ask))).await;
        let reached = self.server.seen(self.directory).len() - before;
        let mut hits = 0;
        for (ask, answer) in asks.iter().zip(answers) {
            self.outcome.requests += 1;
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    self.fault(ask, false, &error);
                    continue;
                }
            };
            hits += usize::from(is_hit(&answer));
            let wanted = self.policy.answers(ask.who, self.check.vary);
            self.judge(ask, &answer, &wanted, is_hit(&answer));
            if is_for_another(&answer, ask.who) {
                self.fault(ask, false, "the answer was made for another");
            }
            self.store((ask.who, ask.variant), wanted);
        }
        let hits_at_server = asks.len() - reached.min(asks.len());
        self.outcome.hits += hits.min(hits_at_server);
        let kinds = self.stored.len();
        if reached != kinds || hits != hits_at_server {
            let text = format!("{kinds} wanted at the server, {reached} came; {hits} hits");
            self.outcome.faults.push(Fault {
                is_mixed_up: false,
                text,
            });
        }
    }

    async fn send(&self, ask: Ask) -> Result<Answer, String> {
        let path = format!("{}/{}", self.directory, self.check.resource);
        ask.send(self.cache.port, &path, self.check.with_credentials)
            .await
    }

    /// By the cache's account and by the server's.
    fn is_as_wanted(&self, cached: Cached, answer: &Answer, reached: &[Seen]) -> bool {
        let status = answer.header("x-cache-status");
        let status = status.as_deref();
        // An object that varnish has confirmed is a new one to it.
        let by_cache: &[Option<&str>] = match (cached, self.cache.kind) {
            (Cached::Hit, _) => &[Some("HIT")],
            (Cached::Miss, _) => &[Some("MISS"), Some("EXPIRED")],
            (Cached::Revalidated, Kind::Nginx) => &[Some("REVALIDATED")],
            (Cached::Passed, Kind::Nginx) => &[None],
            (_, Kind::Varnish) => &[Some("MISS")],
        };
        let by_server = match (cached, reached) {
            (Cached::Hit, []) => true,
            (Cached::Miss | Cached::Passed, [seen]) => !seen.is_not_modified,
            (Cached::Revalidated, [seen]) => seen.is_not_modified,
            _ => false,
        };
        by_cache.contains(&status) && by_server
    }

    /// The headers that the answer is to have.
    fn wanted(&self, key: Key, cached: Cached) -> Headers {
        let stored = self.stored.iter().find(|(known, _)| *known == key);
        let stored = stored.map(|(_, headers)| headers.clone());
        match cached {
            Cached::Miss | Cached::Passed => self.policy.answers(key.0, self.check.vary),
            Cached::Hit => stored.expect("a hit after a miss"),
            Cached::Revalidated => {
                let mut headers = stored.expect("what is revalidated is stored");
                if self.cache.kind == Kind::Varnish {
                    headers.extend(self.policy.answers(key.0, self.check.vary_of_304));
                }
                headers
            }
        }
    }

    fn judge(&mut self, ask: &Ask, answer: &Answer, wanted: &Headers, is_hit: bool) {
        let got = answer.cors();
        let with_credentials = self.check.with_credentials;
        let reads = |headers| policies::reads(headers, ask.who, with_credentials);
        let allowed = got.get("access-control-allow-origin").map(String::as_str);
        let is_another_s = ![None, Some("*"), ask.who.origin()].contains(&allowed);
        let is_page = ask.who != Who::Nobody;
        let is_mixed_up = is_another_s || (is_page && reads(&got) != reads(wanted));
        if is_mixed_up || got != *wanted {
            let text = format!("headers are {got:?}, and not {wanted:?}");
            self.fault(ask, is_mixed_up && is_hit, &text);
        }
        if allowed.is_none() && got.contains_key("access-control-allow-credentials") {
            self.fault(ask, false, "credentials are allowed to nobody");
        }
        if answer
            .is_readable
            .is_some_and(|readable| readable != reads(&got))
        {
            let text = format!(
                "the browser's verdict is {:?} of {got:?}",
                answer.is_readable
            );
            self.fault(ask, false, &text);
        }
        let status = self.status(ask, wanted);
        if answer.status != status {
            let text = format!("status is {}, and not {status}", answer.status);
            self.fault(ask, false, &text);
        }
    }

    fn status(&self, ask: &Ask, wanted: &Headers) -> u16 {
        match (ask.method, self.check.resource, ask.extra) {
            ("OPTIONS", ..) if wanted.contains_key("access-control-allow-origin") => 204,
            ("OPTIONS", ..) => 403,
            (_, resource::MISSING, _) => 404,
            (_, resource::BROKEN, _) => 500,
            (.., Some(("if-none-match", _))) => 304,
            (.., Some(("range", _))) => 206,
            _ => 200,
        }
    }

    fn store(&mut self, key: Key, headers: Headers) {
        self.stored.retain(|(known, _)| *known != key);
        self.stored.push((key, headers));
    }

    fn fault(&mut self, ask: &Ask, is_mixed_up: bool, text: &str) {
        let number = self.outcome.requests;
        let text = format!("request {number} ({} of {:?}): {text}", ask.method, ask.who);
        self.outcome.faults.push(Fault { is_mixed_up, text });
    }
}

fn is_hit(answer: &Answer) -> bool {
    answer.header("x-cache-status").as_deref() == Some("HIT")
}

fn is_for_another(answer: &Answer, who: Who) -> bool {
    answer.header("x-made-for").as_deref() != Some(who.origin().unwrap_or("nobody"))
}
