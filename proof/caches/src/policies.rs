//! The policies of the checks, and what an answer under each of them has to carry.

use std::collections::BTreeMap;

use actix_cors_policy::CorsPolicy;

use crate::ask::{Ask, Who};

/// A policy of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A and B.
    Listed,
    /// A and B, with credentials.
    Credentials,
    /// A and B; others are rejected.
    Rejecting,
    /// Any page that sends `x-tenant: blue`, by a predicate that reads it.
    Blue,
    /// C alone.
    OnlyC,
    /// Any origin.
    Any,
    /// Any origin, with `danger_omit_vary_for_any_origin()`.
    AnyWithoutVary,
    /// No origin.
    Deny,
}

/// The request header that [`Policy::Blue`] reads.
pub const BLUE: (&str, &str) = ("x-tenant", "blue");

/// What of an answer is the layer's: the six CORS headers and `Vary`, by name in lower case.
pub type Headers = BTreeMap<String, String>;

impl Policy {
    /// The policy as the crate knows it.
    pub fn build(self) -> CorsPolicy {
        let builder = CorsPolicy::builder()
            .allow_methods(["PUT"])
            .expose_headers(["x-made-for"]);
        let [a, b, c] = [Who::A, Who::B, Who::C].map(|who| who.origin().expect("a page"));
        match self {
            Self::Listed => builder.allow_origins([a, b]),
            Self::Rejecting => builder.allow_origins([a, b]).reject_denied_origins(),
            Self::Credentials => builder.allow_origins([a, b]).allow_credentials(),
            Self::OnlyC => builder.allow_origin(c),
            Self::Blue => builder
                .allow_origin_fn(|_, head| {
                    let tenant = head.headers().get(BLUE.0);
                    tenant.is_some_and(|tenant| tenant == BLUE.1)
                })
                .vary_on([BLUE.0]),
            Self::Any => builder.allow_any_origin(),
            Self::AnyWithoutVary => builder.allow_any_origin().danger_omit_vary_for_any_origin(),
            Self::Deny => return CorsPolicy::deny_all(),
        }
        .build()
        .expect("a policy without mistakes")
    }

    /// What an answer to an actual request carries, `vary` being what `Vary` holds unless it is left out.
    pub fn answers(self, ask: &Ask, vary: &str) -> Headers {
        let mut headers = Headers::new();
        if let Some(allowed) = self.allowed(ask) {
            set(&mut headers, "access-control-allow-origin", allowed);
            set(&mut headers, "access-control-expose-headers", "x-made-for");
            if self == Self::Credentials {
                set(&mut headers, "access-control-allow-credentials", "true");
            }
        }
        if self != Self::AnyWithoutVary {
            set(&mut headers, "vary", vary);
        }
        headers
    }

    /// What the answer to a preflight for `PUT` carries.
    pub fn answers_preflight(self, ask: &Ask) -> Headers {
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        let mut headers = self.answers(ask, vary);
        if headers.remove("access-control-expose-headers").is_some() {
            let methods = "GET, HEAD, POST, PUT";
            set(&mut headers, "access-control-allow-methods", methods);
        }
        headers
    }

    fn allowed(self, ask: &Ask) -> Option<&'static str> {
        let who = ask.who;
        let is_allowed = match self {
            Self::Any | Self::AnyWithoutVary => return Some("*"),
            Self::Listed | Self::Rejecting | Self::Credentials => [Who::A, Who::B].contains(&who),
            Self::Blue => ask.variant == Some(BLUE),
            Self::OnlyC => who == Who::C,
            Self::Deny => false,
        };
        who.origin().filter(|_| is_allowed)
    }
}

/// Whether a page may read an answer with these headers:
/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
pub fn reads(headers: &Headers, who: Who, with_credentials: bool) -> bool {
    let value = |name: &str| headers.get(name).map(String::as_str);
    let allowed = value("access-control-allow-origin");
    if with_credentials {
        allowed == who.origin() && value("access-control-allow-credentials") == Some("true")
    } else {
        allowed == Some("*") || allowed == who.origin()
    }
}

fn set(headers: &mut Headers, name: &str, value: &str) {
    headers.insert(name.to_owned(), value.to_owned());
}
