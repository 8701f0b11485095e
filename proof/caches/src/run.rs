//! Runs a check through a cache.

use std::time::Duration;

use actix_web::rt::time::sleep;
use futures_util::future;

use crate::{
    ask::{Ask, Who},
    cache::{Cache, Kind},
    check::{Cached, Check, Request, Step},
    client::Answer,
    model::{self, Model},
    policies,
    server::{self, Seen, Server},
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
    pub mix: Option<Mix>,
    pub text: String,
}

/// How a stored answer that was handed out is not the one for who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// It allows another origin.
    Another,
    /// It has no header that lets a page read it, which is allowed to.
    Blocked,
    /// It lets a page read it, which is denied.
    Opened,
}

impl Outcome {
    /// How many stored answers were mixed up.
    pub fn mixed_up(&self) -> usize {
        self.faults
            .iter()
            .filter(|fault| fault.mix.is_some())
            .count()
    }

    /// How many of them in this way.
    pub fn mixed_up_by(&self, mix: Mix) -> usize {
        let faults = self.faults.iter();
        faults.filter(|fault| fault.mix == Some(mix)).count()
    }
}

/// Runs a check in this directory of the server.
pub async fn run(check: &Check, directory: &str, cache: &Cache, server: &Server) -> Outcome {
    let mut run = Run {
        check,
        directory,
        cache,
        server,
        model: Model::new(check, cache.kind),
        outcome: Outcome::default(),
    };
    for step in &check.steps {
        match step {
            Step::One(request) => run.one(request).await,
            Step::Together(asks) => run.together(asks).await,
            Step::Wait => sleep(EXPIRY).await,
            Step::Swap(policy) => {
                server.swap(directory, *policy);
                run.model.policy = *policy;
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
    model: Model<'a>,
    outcome: Outcome,
}

impl Run<'_> {
    async fn one(&mut self, request: &Request) {
        let ask = &request.ask;
        let kind = self.cache.kind;
        let before = self.server.seen(self.directory).len();
        let answer = self.send(*ask).await;
        let reached = self.server.seen(self.directory).split_off(before);
        self.outcome.requests += 1;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.fault(ask, &error),
        };
        let is_hit = is_hit(&answer) && reached.is_empty();
        self.outcome.hits += usize::from(is_hit);
        let cached = request.cached(kind);
        if !is_by_cache(kind, cached, &answer) || !is_by_server(cached, &reached) {
            let status = answer.header("x-cache-status");
            let text =
                format!("{cached:?} wanted; {status:?} in the cache, {reached:?} at the server");
            self.fault(ask, &text);
        }
        if let Some(policy) = request.shared {
            self.model.share(ask, policy);
        }
        let Some(wanted) = self.model.answer(ask, cached) else {
            return self.fault(ask, "the check is wrong: nothing is stored for it");
        };
        self.check(ask, &answer, &wanted, is_hit);
        let reads = request.reads(kind);
        if reads.is_some() && answer.is_readable != reads {
            let text = format!("the page reads it: {:?}, not {reads:?}", answer.is_readable);
            self.fault(ask, &text);
        }
    }

    async fn together(&mut self, asks: &[Ask]) {
        let before = self.server.seen(self.directory).len();
        let answers = future::join_all(asks.iter().map(|ask| self.send(*ask))).await;
        let reached = self.server.seen(self.directory).len() - before;
        let mut hits = 0;
        for (ask, answer) in asks.iter().zip(answers) {
            self.outcome.requests += 1;
            match (answer, self.model.answer(ask, Cached::Miss)) {
                (Ok(answer), Some(wanted)) => {
                    hits += usize::from(is_hit(&answer));
                    self.check(ask, &answer, &wanted, is_hit(&answer));
                }
                (Ok(_), None) => {}
                (Err(error), _) => self.fault(ask, &error),
            }
        }
        self.outcome.hits += hits;
        let (stored, all) = (self.model.len(), asks.len());
        if reached != stored || hits + reached != all {
            let text = format!("of {all}, {reached} reached the server, not {stored}; {hits} hits");
            self.outcome.faults.push(Fault { mix: None, text });
        }
    }

    async fn send(&self, ask: Ask) -> Result<Answer, String> {
        let path = format!("{}/{}?{}", self.directory, self.check.resource, ask.item);
        ask.send(self.cache.port, &path, self.check.with_credentials)
            .await
    }

    /// What holds for every answer.
    fn check(&mut self, ask: &Ask, answer: &Answer, wanted: &model::Answer, is_hit: bool) {
        let got = answer.cors();
        let reads = |headers| policies::reads(headers, ask.who, self.check.with_credentials);
        let is_page = ask.who != Who::Nobody;
        let is_readable = reads(&got);
        let allowed = got.get("access-control-allow-origin").map(String::as_str);
        let mix = match allowed {
            Some(allowed) if allowed != "*" && Some(allowed) != ask.who.origin() => {
                Some(Mix::Another)
            }
            _ if is_page && reads(&wanted.headers) && !is_readable => Some(Mix::Blocked),
            _ if is_page && !reads(&wanted.headers) && is_readable => Some(Mix::Opened),
            _ => None,
        };
        if got != wanted.headers {
            let text = format!("headers are {got:?}, not {:?}", wanted.headers);
            self.mixed_up(ask, mix.filter(|_| is_hit), &text);
        }
        if allowed.is_none() && got.contains_key("access-control-allow-credentials") {
            self.fault(ask, "credentials are allowed to nobody");
        }
        if answer
            .is_readable
            .is_some_and(|verdict| verdict != is_readable)
        {
            let text = format!("the browser says {:?} of {got:?}", answer.is_readable);
            self.fault(ask, &text);
        }
        let status = wanted.status(ask, self.check.resource);
        if answer.status != status {
            self.fault(ask, &format!("status is {}, not {status}", answer.status));
        }
        let made_for = answer.header("x-made-for");
        if wanted
            .made_for(ask)
            .is_some_and(|who| made_for.as_deref() != Some(who))
        {
            self.fault(ask, &format!("the answer was made for {made_for:?}"));
        }
    }

    fn fault(&mut self, ask: &Ask, text: &str) {
        self.mixed_up(ask, None, text);
    }

    fn mixed_up(&mut self, ask: &Ask, mix: Option<Mix>, text: &str) {
        let number = self.outcome.requests;
        let text = format!("request {number} ({} of {:?}): {text}", ask.method, ask.who);
        self.outcome.faults.push(Fault { mix, text });
    }
}

fn is_hit(answer: &Answer) -> bool {
    answer.header("x-cache-status").as_deref() == Some("HIT")
}

/// Whether the cache says that it did this.
fn is_by_cache(kind: Kind, cached: Cached, answer: &Answer) -> bool {
    let status = answer.header("x-cache-status");
    match (cached, kind, status.as_deref()) {
        (Cached::Hit, _, Some("HIT"))
        | (Cached::Miss, _, Some("MISS"))
        | (Cached::Miss, Kind::Nginx, Some("EXPIRED"))
        | (Cached::Revalidated, Kind::Nginx, Some("REVALIDATED"))
        | (Cached::Passed, Kind::Nginx, None)
        // What varnish has confirmed is a new object to it, which was not hit yet.
        | (Cached::Revalidated | Cached::Passed, Kind::Varnish, Some("MISS")) => true,
        _ => false,
    }
}

/// Whether the server got what this takes.
fn is_by_server(cached: Cached, reached: &[Seen]) -> bool {
    match (cached, reached) {
        (Cached::Hit, []) => true,
        (Cached::Miss | Cached::Passed, [seen]) => !seen.is_not_modified,
        (Cached::Revalidated, [seen]) => seen.is_not_modified,
        _ => false,
    }
}
