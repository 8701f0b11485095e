//! The policies of the checks, and the headers that responses have to have under each of them.

use std::collections::BTreeMap;

use actix_cors_policy::CorsPolicy;

use crate::request::{Client, Request};

/// A policy of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Allows A and B.
    Listed,
    /// Allows A and B, with credentials.
    Credentials,
    /// Allows A and B, and rejects denied origins.
    Rejecting,
    /// Allows any page that sends `x-tenant: blue`, by a predicate that reads this header.
    Blue,
    /// Allows C only.
    OnlyC,
    /// Allows any origin.
    Any,
    /// Allows any origin, and A with credentials.
    CredentialsForA,
    /// Allows any origin, with `danger_omit_vary_for_any_origin()`.
    AnyWithoutVary,
    /// Denies every origin.
    Deny,
}

/// The request header that [`Policy::Blue`] reads.
pub const BLUE: (&str, &str) = ("x-tenant", "blue");

/// The headers of a response that the middleware sets: the six CORS headers and `Vary`, with names in lower case.
pub type Headers = BTreeMap<String, String>;

impl Policy {
    /// Builds the policy.
    pub fn build(self) -> CorsPolicy {
        let builder = CorsPolicy::builder()
            .allow_methods(["PUT"])
            .expose_headers(["x-made-for"]);
        let [a, b, c] =
            [Client::A, Client::B, Client::C].map(|client| client.origin().expect("a page"));
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
            Self::CredentialsForA => builder.allow_any_origin().allow_credentials_for([a]),
            Self::AnyWithoutVary => builder.allow_any_origin().danger_omit_vary_for_any_origin(),
            Self::Deny => return CorsPolicy::deny_all(),
        }
        .build()
        .expect("a valid policy")
    }

    /// The headers of the response to an actual request. `vary` is the value of `Vary`, unless the policy omits it.
    pub fn response_headers(self, request: &Request, vary: &str) -> Headers {
        let mut headers = Headers::new();
        if let Some(allowed) = self.allowed(request) {
            set(&mut headers, "access-control-allow-origin", allowed);
            set(&mut headers, "access-control-expose-headers", "x-made-for");
            let is_for_a = self == Self::CredentialsForA && request.client == Client::A;
            if self == Self::Credentials || is_for_a {
                set(&mut headers, "access-control-allow-credentials", "true");
            }
        }
        if self != Self::AnyWithoutVary {
            set(&mut headers, "vary", vary);
        }
        headers
    }

    /// The headers of the response to a preflight for `PUT`.
    pub fn preflight_response_headers(self, request: &Request) -> Headers {
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        let mut headers = self.response_headers(request, vary);
        if headers.remove("access-control-expose-headers").is_some() {
            let methods = "GET, HEAD, POST, PUT";
            set(&mut headers, "access-control-allow-methods", methods);
        }
        headers
    }

    fn allowed(self, request: &Request) -> Option<&'static str> {
        let client = request.client;
        let is_allowed = match self {
            Self::CredentialsForA if client == Client::A => true,
            Self::Any | Self::AnyWithoutVary | Self::CredentialsForA => return Some("*"),
            Self::Listed | Self::Rejecting | Self::Credentials => {
                [Client::A, Client::B].contains(&client)
            }
            Self::Blue => request.variant == Some(BLUE),
            Self::OnlyC => client == Client::C,
            Self::Deny => false,
        };
        client.origin().filter(|_| is_allowed)
    }
}

/// Whether a page may read a response with these headers:
/// [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
pub fn reads(headers: &Headers, client: Client, with_credentials: bool) -> bool {
    let value = |name: &str| headers.get(name).map(String::as_str);
    let allowed = value("access-control-allow-origin");
    if with_credentials {
        allowed == client.origin() && value("access-control-allow-credentials") == Some("true")
    } else {
        allowed == Some("*") || allowed == client.origin()
    }
}

fn set(headers: &mut Headers, name: &str, value: &str) {
    headers.insert(name.to_owned(), value.to_owned());
}
