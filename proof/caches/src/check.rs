//! What a check is made of.

use crate::{
    ask::{Ask, Who},
    cache::Kind,
    policies::Policy,
    server::resource,
};

/// A sequence of requests through a cache, and what is wanted of each.
pub struct Check {
    pub name: &'static str,
    /// The policy at the beginning.
    pub policy: Policy,
    pub resource: &'static str,
    pub is_compressed: bool,
    /// Pages ask with credentials.
    pub with_credentials: bool,
    /// What `Vary` of the server's answers holds.
    pub vary: &'static str,
    /// What `Vary` of its 304s holds.
    pub vary_of_304: &'static str,
    pub steps: Vec<Step>,
    /// Whether answers are mixed up, and so the check fails, if the server sends no `Vary`.
    pub needs_vary: bool,
}

/// A step of a check.
pub enum Step {
    /// One request.
    One(Request),
    /// Many at once. Of each who asks, one request reaches the server.
    Together(Vec<Ask>),
    /// Another policy is put in force.
    Swap(Policy),
    /// What is fresh for a short time expires.
    Wait,
}

/// A request and what is wanted of its answer. What its headers have to be follows from the policies under which it was
/// stored and revalidated.
pub struct Request {
    pub ask: Ask,
    pub cached: Cached,
    pub except: Option<(Kind, Cached)>,
    /// Whether the page reads it, for the rows in which that is the point; by cache, in the order of [`Kind::ALL`].
    pub reads: Option<[bool; 2]>,
    /// The answer was not stored for who asks, but for all, under this policy.
    pub shared: Option<Policy>,
}

/// What a cache does for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cached {
    /// It answers with what it has stored. Nothing reaches the server.
    Hit,
    /// It asks the server, which answers in full, and stores that.
    Miss,
    /// It asks the server, which answers with a 304, and goes on with what it has stored.
    Revalidated,
    /// It asks the server, and stores nothing.
    Passed,
}

impl Check {
    pub fn new(name: &'static str, policy: Policy, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            name,
            policy,
            resource: resource::LONG,
            is_compressed: false,
            with_credentials: false,
            vary: "Origin",
            vary_of_304: "Origin",
            steps: steps.into_iter().collect(),
            needs_vary: true,
        }
    }

    pub fn of(mut self, resource: &'static str) -> Self {
        self.resource = resource;
        self
    }

    pub fn compressed(mut self) -> Self {
        self.is_compressed = true;
        self
    }

    pub fn with_credentials(mut self) -> Self {
        self.with_credentials = true;
        self
    }

    pub fn vary(mut self, vary: &'static str) -> Self {
        self.vary = vary;
        self
    }

    /// `Compress` names `accept-encoding` only where it compresses, and not in a 304.
    pub fn vary_of_304(mut self, vary: &'static str) -> Self {
        self.vary_of_304 = vary;
        self
    }

    /// Nobody is hurt here if the server sends no `Vary`.
    pub fn needs_no_vary(mut self) -> Self {
        self.needs_vary = false;
        self
    }
}

impl Step {
    /// With a request header by which answers differ.
    pub fn variant(self, name: &'static str, value: &'static str) -> Self {
        self.change(|request| request.ask.variant = Some((name, value)))
    }

    /// With a request header by which they do not.
    pub fn with(self, name: &'static str, value: &'static str) -> Self {
        self.change(|request| request.ask.extra = Some((name, value)))
    }

    /// Another of many things that are the same.
    pub fn item(self, item: usize) -> Self {
        self.change(|request| request.ask.item = item)
    }

    /// By another method than `GET`.
    pub fn by(self, method: &'static str) -> Self {
        self.change(|request| request.ask.method = method)
    }

    /// This cache does something else.
    pub fn but(self, kind: Kind, cached: Cached) -> Self {
        self.change(|request| request.except = Some((kind, cached)))
    }

    /// The page reads the answer.
    pub fn reads(self) -> Self {
        self.change(|request| request.reads = Some([true, true]))
    }

    /// The page may not read the answer.
    pub fn blocked(self) -> Self {
        self.change(|request| request.reads = Some([false, false]))
    }

    /// The page reads the answer of one of the caches alone.
    pub fn reads_by(self, kind: Kind) -> Self {
        self.change(|request| request.reads = Some(Kind::ALL.map(|known| known == kind)))
    }

    /// The answer was stored for all under this policy.
    pub fn shared(self, policy: Policy) -> Self {
        self.change(|request| request.shared = Some(policy))
    }

    fn change(mut self, change: impl FnOnce(&mut Request)) -> Self {
        if let Self::One(request) = &mut self {
            change(request);
        }
        self
    }
}

impl Request {
    /// Whether the page reads the answer of this cache, where that is the point.
    pub fn reads(&self, kind: Kind) -> Option<bool> {
        let [nginx, varnish] = self.reads?;
        Some(match kind {
            Kind::Nginx => nginx,
            Kind::Varnish => varnish,
        })
    }

    /// What this cache is to do.
    pub fn cached(&self, kind: Kind) -> Cached {
        match self.except {
            Some((known, cached)) if known == kind => cached,
            _ => self.cached,
        }
    }
}

pub fn hit(who: Who) -> Step {
    one(who, Cached::Hit)
}

pub fn miss(who: Who) -> Step {
    one(who, Cached::Miss)
}

pub fn revalidated(who: Who) -> Step {
    one(who, Cached::Revalidated)
}

/// A preflight, which no cache stores.
pub fn preflight(who: Who) -> Step {
    one(who, Cached::Passed)
        .by("OPTIONS")
        .with("access-control-request-method", "PUT")
}

/// The request for what the check is of.
pub fn get(who: Who) -> Ask {
    Ask {
        who,
        method: "GET",
        item: 0,
        variant: None,
        extra: None,
    }
}

fn one(who: Who, cached: Cached) -> Step {
    Step::One(Request {
        ask: get(who),
        cached,
        except: None,
        reads: None,
        shared: None,
    })
}
