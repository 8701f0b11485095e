//! What a cache should have stored, and what an answer of it should be.

use crate::{
    ask::{Ask, Who},
    cache::Kind,
    check::{Cached, Check},
    policies::{Headers, Policy},
    server::resource,
};

/// A cache as it should be, during a check.
pub struct Model<'a> {
    check: &'a Check,
    kind: Kind,
    /// The policy in force at the server.
    pub policy: Policy,
    stored: Vec<(Key, Answer)>,
}

/// An answer as it should be.
#[derive(Clone)]
pub struct Answer {
    pub headers: Headers,
    /// Whether it was made for the one who came first, and is for all.
    is_shared: bool,
    /// Whether it is the layer's own, and not the handler's.
    is_layer_s: bool,
}

/// By what stored answers are distinguished.
type Key = (Who, usize, Option<(&'static str, &'static str)>);

impl<'a> Model<'a> {
    pub fn new(check: &'a Check, kind: Kind) -> Self {
        Self {
            check,
            kind,
            policy: check.policy,
            stored: Vec::new(),
        }
    }

    /// What was stored for all under this policy is handed out to who asks.
    pub fn share(&mut self, ask: &Ask, policy: Policy) {
        let answer = Answer {
            is_shared: true,
            ..self.made(policy, ask, self.check.vary)
        };
        self.store(ask, answer);
    }

    /// The answer to a request for which the cache does this; `None` if nothing is stored.
    pub fn answer(&mut self, ask: &Ask, cached: Cached) -> Option<Answer> {
        let stored = self.stored.iter().find(|(known, _)| *known == key(ask));
        let stored = stored.map(|(_, answer)| answer.clone());
        let answer = match cached {
            Cached::Passed => return Some(self.made(self.policy, ask, self.check.vary)),
            Cached::Miss => self.made(self.policy, ask, self.check.vary),
            Cached::Hit => stored?,
            Cached::Revalidated => {
                let mut answer = stored?;
                if self.kind == Kind::Varnish {
                    let vary = self.check.vary_of_304;
                    let confirmation = self.made(self.policy, ask, vary);
                    answer.headers.extend(confirmation.headers);
                    answer.is_shared = false;
                }
                answer
            }
        };
        self.store(ask, answer.clone());
        Some(answer)
    }

    /// How many answers should be stored.
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    fn made(&self, policy: Policy, ask: &Ask, vary: &str) -> Answer {
        let is_preflight = ask.method == "OPTIONS";
        let is_rejected = policy == Policy::Rejecting && ask.who == Who::C;
        Answer {
            headers: if is_preflight {
                policy.answers_preflight(ask)
            } else {
                policy.answers(ask, vary)
            },
            is_shared: false,
            is_layer_s: is_preflight || is_rejected,
        }
    }

    fn store(&mut self, ask: &Ask, answer: Answer) {
        self.stored.retain(|(known, _)| *known != key(ask));
        self.stored.push((key(ask), answer));
    }
}

impl Answer {
    /// For whom the handler made it: `Origin` or `nobody`; `None` if that may be anyone.
    pub fn made_for(&self, ask: &Ask) -> Option<&'static str> {
        let is_anyone_s = self.is_shared || self.is_layer_s;
        (!is_anyone_s).then(|| ask.who.origin().unwrap_or("nobody"))
    }

    /// Its status.
    pub fn status(&self, ask: &Ask, name: &str) -> u16 {
        let is_allowed = self.headers.contains_key("access-control-allow-origin");
        match (name, ask.extra) {
            _ if self.is_layer_s && is_allowed => 204,
            _ if self.is_layer_s => 403,
            (resource::MISSING, _) => 404,
            (resource::BROKEN, _) => 500,
            (_, Some(("if-none-match", _))) => 304,
            (_, Some(("range", _))) => 206,
            _ => 200,
        }
    }
}

fn key(ask: &Ask) -> Key {
    (ask.who, ask.item, ask.variant)
}
