//! Runs a check with a cache.

use std::time::Duration;

use actix_web::rt::time::sleep;
use futures_util::future;

use crate::{
    cache::{Cache, Kind},
    cache_check::{Cached, Check, RequestStep, Step},
    client::Response,
    model::{self, Model},
    policies,
    request::{Client, Request},
    server::{self, ReceivedRequest, Server},
};

/// How long to wait until responses that are fresh for a short time have expired. nginx counts whole seconds.
const EXPIRY: Duration = server::SHORT.saturating_add(Duration::from_millis(1300));

/// The result of a check.
#[derive(Debug, Default)]
pub struct Outcome {
    pub requests: usize,
    /// How many requests were hits, according to both the cache and the server.
    pub hits: usize,
    pub faults: Vec<Fault>,
}

/// A difference between a response and the expected one.
#[derive(Debug)]
pub struct Fault {
    /// Set if the cache sent a stored response to the wrong client.
    pub mixup: Option<Mixup>,
    pub text: String,
}

/// How a stored response is wrong for the client to which the cache sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixup {
    /// It allows another origin.
    AnotherOrigin,
    /// It does not allow the client, although the policy does.
    Blocked,
    /// It allows the client, although the policy does not.
    Opened,
}

impl Outcome {
    /// How many stored responses were sent to the wrong client.
    pub fn mixed_up(&self) -> usize {
        self.faults
            .iter()
            .filter(|fault| fault.mixup.is_some())
            .count()
    }

    /// How many of them are wrong in this way.
    pub fn mixed_up_by(&self, mixup: Mixup) -> usize {
        let faults = self.faults.iter();
        faults.filter(|fault| fault.mixup == Some(mixup)).count()
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
            Step::Single(request) => run.single(request).await,
            Step::Concurrent(requests) => run.concurrent(requests).await,
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
    async fn single(&mut self, step: &RequestStep) {
        let request = &step.request;
        let kind = self.cache.kind;
        let before = self.server.received(self.directory).len();
        let response = self.send(*request).await;
        let reached = self.server.received(self.directory).split_off(before);
        self.outcome.requests += 1;
        let response = match response {
            Ok(response) => response,
            Err(error) => return self.fault(request, &error),
        };
        let is_hit = is_hit(&response) && reached.is_empty();
        self.outcome.hits += usize::from(is_hit);
        let cached = step.cached(kind);
        if !is_by_cache(kind, cached, &response) || !is_by_server(cached, &reached) {
            let status = response.header("x-cache-status");
            let text = format!(
                "expected {cached:?}; the cache says {status:?}, the server received {reached:?}"
            );
            self.fault(request, &text);
        }
        if let Some(policy) = step.shared {
            self.model.share(request, policy);
        }
        let Some(wanted) = self.model.response(request, cached) else {
            return self.fault(
                request,
                "the check is wrong: the cache has no stored response for this request",
            );
        };
        self.check_response(request, &response, &wanted, is_hit);
        let reads = step.reads(kind);
        if reads.is_some() && response.is_readable != reads {
            let text = format!(
                "can the page read it: {:?}, expected {reads:?}",
                response.is_readable
            );
            self.fault(request, &text);
        }
    }

    async fn concurrent(&mut self, requests: &[Request]) {
        let before = self.server.received(self.directory).len();
        let responses = future::join_all(requests.iter().map(|request| self.send(*request))).await;
        let reached = self.server.received(self.directory).len() - before;
        let mut hits = 0;
        for (request, response) in requests.iter().zip(responses) {
            self.outcome.requests += 1;
            match (response, self.model.response(request, Cached::Miss)) {
                (Ok(response), Some(wanted)) => {
                    hits += usize::from(is_hit(&response));
                    self.check_response(request, &response, &wanted, is_hit(&response));
                }
                (Ok(_), None) => {}
                (Err(error), _) => self.fault(request, &error),
            }
        }
        self.outcome.hits += hits;
        let (stored, all) = (self.model.len(), requests.len());
        if reached != stored || hits + reached != all {
            let text = format!(
                "of {all} requests, {reached} reached the server, expected {stored}; {hits} hits"
            );
            self.outcome.faults.push(Fault { mixup: None, text });
        }
    }

    async fn send(&self, request: Request) -> Result<Response, String> {
        let path = format!(
            "{}/{}?{}",
            self.directory, self.check.resource, request.item
        );
        request
            .send(self.cache.port, &path, self.check.with_credentials)
            .await
    }

    /// Checks what has to be true of every response.
    fn check_response(
        &mut self,
        request: &Request,
        response: &Response,
        wanted: &model::ExpectedResponse,
        is_hit: bool,
    ) {
        let got = response.cors();
        let reads = |headers| policies::reads(headers, request.client, self.check.with_credentials);
        let is_page = request.client != Client::NoOrigin;
        let is_readable = reads(&got);
        let allowed = got.get("access-control-allow-origin").map(String::as_str);
        let mixup = match allowed {
            Some(allowed) if allowed != "*" && Some(allowed) != request.client.origin() => {
                Some(Mixup::AnotherOrigin)
            }
            _ if is_page && reads(&wanted.headers) && !is_readable => Some(Mixup::Blocked),
            _ if is_page && !reads(&wanted.headers) && is_readable => Some(Mixup::Opened),
            _ => None,
        };
        if got != wanted.headers {
            let text = format!("headers are {got:?}, expected {:?}", wanted.headers);
            self.mixed_up(request, mixup.filter(|_| is_hit), &text);
        }
        if allowed.is_none() && got.contains_key("access-control-allow-credentials") {
            self.fault(request, "credentials are allowed without an allowed origin");
        }
        if response
            .is_readable
            .is_some_and(|readable| readable != is_readable)
        {
            let text = format!(
                "the browser says that readable is {:?}, with {got:?}",
                response.is_readable
            );
            self.fault(request, &text);
        }
        let status = wanted.status(request, self.check.resource);
        if response.status != status {
            self.fault(
                request,
                &format!("status is {}, expected {status}", response.status),
            );
        }
        let made_for = response.header("x-made-for");
        if wanted
            .made_for(request)
            .is_some_and(|client| made_for.as_deref() != Some(client))
        {
            self.fault(request, &format!("the response was made for {made_for:?}"));
        }
    }

    fn fault(&mut self, request: &Request, text: &str) {
        self.mixed_up(request, None, text);
    }

    fn mixed_up(&mut self, request: &Request, mixup: Option<Mixup>, text: &str) {
        let number = self.outcome.requests;
        let text = format!(
            "request {number} ({} of {:?}): {text}",
            request.method, request.client
        );
        self.outcome.faults.push(Fault { mixup, text });
    }
}

fn is_hit(response: &Response) -> bool {
    response.header("x-cache-status").as_deref() == Some("HIT")
}

/// Whether the cache reports that it did `cached`.
fn is_by_cache(kind: Kind, cached: Cached, response: &Response) -> bool {
    let status = response.header("x-cache-status");
    match (cached, kind, status.as_deref()) {
        (Cached::Hit, _, Some("HIT"))
        | (Cached::Miss, _, Some("MISS"))
        | (Cached::Miss, Kind::Nginx, Some("EXPIRED"))
        | (Cached::Revalidated, Kind::Nginx, Some("REVALIDATED"))
        | (Cached::Passed, Kind::Nginx, None)
        // A revalidated response is a new object in varnish, which has no hits yet.
        | (Cached::Revalidated | Cached::Passed, Kind::Varnish, Some("MISS")) => true,
        _ => false,
    }
}

/// Whether the server received the requests that `cached` causes.
fn is_by_server(cached: Cached, reached: &[ReceivedRequest]) -> bool {
    match (cached, reached) {
        (Cached::Hit, []) => true,
        (Cached::Miss | Cached::Passed, [received]) => !received.is_not_modified,
        (Cached::Revalidated, [received]) => received.is_not_modified,
        _ => false,
    }
}
