//! A model of a correct cache: what it has stored, and which responses it sends.

use crate::{
    cache::Kind,
    cache_check::{Cached, Check},
    policies::{Headers, Policy},
    request::{Client, Request},
    server::resource,
};

/// The state of a correct cache during a check.
pub struct Model<'a> {
    check: &'a Check,
    kind: Kind,
    /// The current policy of the server.
    pub policy: Policy,
    stored: Vec<(Key, ExpectedResponse)>,
}

/// A response that a correct cache would send.
#[derive(Clone)]
pub struct ExpectedResponse {
    pub headers: Headers,
    /// Whether it was made for the first client and is sent to all clients.
    is_shared: bool,
    /// Whether the middleware made it, and not the handler.
    is_from_middleware: bool,
}

/// What identifies a stored response: client, item, and the header on which responses depend.
type Key = (Client, usize, Option<(&'static str, &'static str)>);

impl<'a> Model<'a> {
    pub fn new(check: &'a Check, kind: Kind) -> Self {
        Self {
            check,
            kind,
            policy: check.policy,
            stored: Vec::new(),
        }
    }

    /// The cache sends this client a response that was stored for all clients under this policy.
    pub fn share(&mut self, request: &Request, policy: Policy) {
        let response = ExpectedResponse {
            is_shared: true,
            ..self.made(policy, request, self.check.vary)
        };
        self.store(request, response);
    }

    /// The response to a request if the cache does `cached`; `None` if the cache would need a stored response and has none.
    pub fn response(&mut self, request: &Request, cached: Cached) -> Option<ExpectedResponse> {
        let stored = self.stored.iter().find(|(known, _)| *known == key(request));
        let stored = stored.map(|(_, response)| response.clone());
        let response = match cached {
            Cached::Passed => return Some(self.made(self.policy, request, self.check.vary)),
            Cached::Miss => self.made(self.policy, request, self.check.vary),
            Cached::Hit => stored?,
            Cached::Revalidated => {
                let mut response = stored?;
                // varnish adds the headers of the 304 to the stored response. nginx does not.
                if self.kind == Kind::Varnish {
                    let vary = self.check.vary_of_304;
                    let confirmation = self.made(self.policy, request, vary);
                    response.headers.extend(confirmation.headers);
                    response.is_shared = false;
                }
                response
            }
        };
        self.store(request, response.clone());
        Some(response)
    }

    /// How many responses are stored.
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    fn made(&self, policy: Policy, request: &Request, vary: &str) -> ExpectedResponse {
        let is_preflight = request.method == "OPTIONS";
        let is_rejected = policy == Policy::Rejecting && request.client == Client::C;
        ExpectedResponse {
            headers: if is_preflight {
                policy.preflight_response_headers(request)
            } else {
                policy.response_headers(request, vary)
            },
            is_shared: false,
            is_from_middleware: is_preflight || is_rejected,
        }
    }

    fn store(&mut self, request: &Request, response: ExpectedResponse) {
        self.stored.retain(|(known, _)| *known != key(request));
        self.stored.push((key(request), response));
    }
}

impl ExpectedResponse {
    /// The `Origin` of the client for which the handler made the response, or `nobody` for a client without `Origin`; `None`
    /// if it may be any client.
    pub fn made_for(&self, request: &Request) -> Option<&'static str> {
        let is_for_any_client = self.is_shared || self.is_from_middleware;
        (!is_for_any_client).then(|| request.client.origin().unwrap_or("nobody"))
    }

    /// The expected status.
    pub fn status(&self, request: &Request, name: &str) -> u16 {
        let is_allowed = self.headers.contains_key("access-control-allow-origin");
        match (name, request.extra) {
            _ if self.is_from_middleware && is_allowed => 204,
            _ if self.is_from_middleware => 403,
            (resource::MISSING, _) => 404,
            (resource::BROKEN, _) => 500,
            (_, Some(("if-none-match", _))) => 304,
            (_, Some(("range", _))) => 206,
            _ => 200,
        }
    }
}

fn key(request: &Request) -> Key {
    (request.client, request.item, request.variant)
}
