//! The parts of a check.

use crate::{
    cache::Kind,
    policies::Policy,
    request::{Client, Request},
    server::resource,
};

/// A sequence of requests through a cache, and the expected response to each.
pub struct Check {
    pub name: &'static str,
    /// The policy before the first swap.
    pub policy: Policy,
    pub resource: &'static str,
    pub is_compressed: bool,
    /// Whether pages send requests with credentials.
    pub with_credentials: bool,
    /// The value of `Vary` in responses of the server.
    pub vary: &'static str,
    /// The value of `Vary` in its 304 responses.
    pub vary_of_304: &'static str,
    pub steps: Vec<Step>,
    /// Whether this check has to fail if the server sends no `Vary`, because the cache then sends stored responses to the
    /// wrong clients.
    pub needs_vary: bool,
}

/// A step of a check.
pub enum Step {
    /// One request.
    Single(RequestStep),
    /// Many requests at the same time. One request of each client reaches the server.
    Concurrent(Vec<Request>),
    /// The policy of the server is replaced.
    Swap(Policy),
    /// Waits until responses that are fresh for a short time have expired.
    Wait,
}

/// A request and what is expected of its response. The expected headers are not written here: they follow from the
/// policies under which the response was stored and revalidated.
pub struct RequestStep {
    pub request: Request,
    pub cached: Cached,
    pub except: Option<(Kind, Cached)>,
    /// Whether the page can read the response, for each cache in the order of [`Kind::ALL`]; `None` if the check is not about
    /// that.
    pub reads: Option<[bool; 2]>,
    /// The policy under which the response was stored, if it was stored for all clients and not for this one only.
    pub shared: Option<Policy>,
}

/// What a cache does for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cached {
    /// It sends a stored response. Nothing reaches the server.
    Hit,
    /// It forwards the request and stores the full response of the server.
    Miss,
    /// It revalidates: the server sends a 304, and the cache sends the stored response.
    Revalidated,
    /// It forwards the request and does not store the response.
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

    pub fn resource(mut self, resource: &'static str) -> Self {
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

    /// Sets `Vary` of 304 responses. actix-web's `Compress` adds `accept-encoding` only to responses that it compresses, so not
    /// to a 304.
    pub fn vary_of_304(mut self, vary: &'static str) -> Self {
        self.vary_of_304 = vary;
        self
    }

    /// This check passes even if the server sends no `Vary`.
    pub fn needs_no_vary(mut self) -> Self {
        self.needs_vary = false;
        self
    }
}

impl Step {
    /// Adds a request header on which responses depend.
    pub fn variant(self, name: &'static str, value: &'static str) -> Self {
        self.change(|request| request.request.variant = Some((name, value)))
    }

    /// Adds a request header on which responses do not depend.
    pub fn with(self, name: &'static str, value: &'static str) -> Self {
        self.change(|request| request.request.extra = Some((name, value)))
    }

    /// Sets the number of the item.
    pub fn item(self, item: usize) -> Self {
        self.change(|request| request.request.item = item)
    }

    /// Sets the method, which is `GET` by default.
    pub fn method(self, method: &'static str) -> Self {
        self.change(|request| request.request.method = method)
    }

    /// Sets what one of the caches does differently.
    pub fn except(self, kind: Kind, cached: Cached) -> Self {
        self.change(|request| request.except = Some((kind, cached)))
    }

    /// The page can read the response.
    pub fn reads(self) -> Self {
        self.change(|request| request.reads = Some([true, true]))
    }

    /// The page cannot read the response.
    pub fn blocked(self) -> Self {
        self.change(|request| request.reads = Some([false, false]))
    }

    /// The page can read the response of this cache, but not of the other.
    pub fn reads_by(self, kind: Kind) -> Self {
        self.change(|request| request.reads = Some(Kind::ALL.map(|known| known == kind)))
    }

    /// The response was stored under this policy, for all clients.
    pub fn shared(self, policy: Policy) -> Self {
        self.change(|request| request.shared = Some(policy))
    }

    fn change(mut self, change: impl FnOnce(&mut RequestStep)) -> Self {
        if let Self::Single(request) = &mut self {
            change(request);
        }
        self
    }
}

impl RequestStep {
    /// Whether the page can read the response of this cache, if the check is about that.
    pub fn reads(&self, kind: Kind) -> Option<bool> {
        let [nginx, varnish] = self.reads?;
        Some(match kind {
            Kind::Nginx => nginx,
            Kind::Varnish => varnish,
        })
    }

    /// What this cache has to do.
    pub fn cached(&self, kind: Kind) -> Cached {
        match self.except {
            Some((known, cached)) if known == kind => cached,
            _ => self.cached,
        }
    }
}

pub fn hit(client: Client) -> Step {
    single(client, Cached::Hit)
}

pub fn miss(client: Client) -> Step {
    single(client, Cached::Miss)
}

pub fn revalidated(client: Client) -> Step {
    single(client, Cached::Revalidated)
}

/// A preflight, which caches do not store.
pub fn preflight(client: Client) -> Step {
    single(client, Cached::Passed)
        .method("OPTIONS")
        .with("access-control-request-method", "PUT")
}

/// A `GET` request for the resource of the check.
pub fn get(client: Client) -> Request {
    Request {
        client,
        method: "GET",
        item: 0,
        variant: None,
        extra: None,
    }
}

fn single(client: Client, cached: Cached) -> Step {
    Step::Single(RequestStep {
        request: get(client),
        cached,
        except: None,
        reads: None,
        shared: None,
    })
}
