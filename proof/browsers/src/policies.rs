//! The policies of the cases, each at the path of its name.

use std::time::Duration;

use actix_cors_policy::{Cors, CorsPolicy, CorsPolicyBuilder, PolicyErrors, request_host};

use crate::origins::{API_HOST, Page, Ports};

/// A policy: its name, its description, and how to build it.
pub struct Named {
    pub name: &'static str,
    pub about: &'static str,
    build: fn(CorsPolicyBuilder, Ports) -> CorsPolicyBuilder,
}

/// All policies. `P`, `Q` and `T` stand for the ports of a run: two without TLS, and one with TLS.
pub const POLICIES: [Named; 22] = [
    Named {
        name: "exact",
        about: "`http://app.example.test:P` and `https://app.example.test:T`; PUT, PATCH, DELETE, PURGE; content-type, authorization, x-tenant; exposes x-request-id; 600 s",
        build: |policy, ports| listed(exact(policy, ports)).max_age(Duration::from_secs(600)),
    },
    Named {
        name: "safelisted",
        about: "the same origins, and nothing else",
        build: exact,
    },
    Named {
        name: "subdomains",
        about: "`http://*.preview.example.test:P`",
        build: |policy, ports| {
            listed(policy).allow_origin(format!("http://*.preview.example.test:{}", ports.plain))
        },
    },
    Named {
        name: "any-port",
        about: "`http://app.example.test:*`",
        build: |policy, _| listed(policy).allow_origin("http://app.example.test:*"),
    },
    Named {
        name: "regex",
        about: r"the regex `http://pr-[0-9]+\.preview\.example\.test:[0-9]+`",
        build: |policy, _| {
            listed(policy).allow_origin_regex(r"http://pr-[0-9]+\.preview\.example\.test:[0-9]+")
        },
    },
    Named {
        name: "predicate",
        about: "a predicate: hosts of 16 bytes",
        build: |policy, _| {
            // All calls are to one host, most of them over HTTP/2, where the host is in `:authority`.
            listed(policy)
                .allow_origin_fn(|origin, head| {
                    let host = request_host(head).and_then(|host| host.rsplit_once(':'));
                    origin.host().len() == 16 && host.is_some_and(|(host, _)| host == API_HOST)
                })
                .vary_on(["host"])
        },
    },
    Named {
        name: "loopback",
        about: "`http://localhost:*`, `http://*.localhost:*`, `http://127.0.0.1:*`; credentials",
        build: |policy, _| {
            listed(policy)
                .allow_origins([
                    "http://localhost:*",
                    "http://*.localhost:*",
                    "http://127.0.0.1:*",
                ])
                .allow_credentials()
        },
    },
    Named {
        name: "any",
        about: "any origin, any method, any header; exposes any",
        build: |policy, _| {
            policy
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .expose_any_header()
        },
    },
    Named {
        name: "any-authorization",
        about: "any origin, any method, any header and authorization",
        build: |policy, _| {
            policy
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
        },
    },
    Named {
        name: "null",
        about: "`null`",
        build: |policy, _| listed(policy).allow_origin("null"),
    },
    Named {
        name: "credentials",
        about: "`https://app.example.test:T` with credentials; PUT; content-type, authorization; exposes x-request-id",
        build: |policy, ports| {
            policy
                .allow_origin(Page::AppTls.origin(ports))
                .allow_credentials()
                .allow_methods(["PUT"])
                .allow_headers(["content-type", "authorization"])
                .expose_headers(["x-request-id"])
        },
    },
    Named {
        name: "credentials-any",
        about: "`https://app.example.test:T` with credentials; any method, any header and authorization; exposes any",
        build: |policy, ports| {
            policy
                .allow_origin(Page::AppTls.origin(ports))
                .allow_credentials()
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .expose_any_header()
        },
    },
    Named {
        name: "credentials-for",
        about: "any origin; `https://app.example.test:T` with credentials; any method, any header and authorization; exposes any",
        build: |policy, ports| {
            policy
                .allow_any_origin()
                .allow_credentials_for([Page::AppTls.origin(ports)])
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .expose_any_header()
        },
    },
    Named {
        name: "none",
        about: "denies every origin",
        build: |policy, _| policy.allow_no_origin(),
    },
    Named {
        name: "reject",
        about: "as `exact`, and rejects denied origins",
        build: |policy, ports| listed(exact(policy, ports)).reject_denied_origins(),
    },
    Named {
        name: "diagnostics",
        about: "as `safelisted`, with diagnostics",
        build: |policy, ports| exact(policy, ports).diagnostics(),
    },
    Named {
        name: "status-200",
        about: "as `exact`; preflights get status 200 and are not cached",
        build: |policy, ports| {
            listed(exact(policy, ports))
                .preflight_status(200)
                .max_age(Duration::ZERO)
        },
    },
    Named {
        name: "exact/closed",
        about: "below `exact`: denies every origin",
        build: |policy, _| policy.allow_no_origin(),
    },
    Named {
        name: "exact/closed/open",
        about: "below that: any origin, x-tenant",
        build: |policy, _| policy.allow_any_origin().allow_headers(["x-tenant"]),
    },
    Named {
        name: "none/partner",
        about: "below `none`: `http://evil.test:P` with PUT",
        build: |policy, ports| {
            policy
                .allow_origin(Page::Evil.origin(ports))
                .allow_methods(["PUT"])
        },
    },
    Named {
        name: "one-second",
        about: "as `exact`; preflights are cached for one second",
        build: |policy, ports| listed(exact(policy, ports)).max_age(Duration::from_secs(1)),
    },
    Named {
        name: "five-seconds",
        about: "as `exact`; without max-age, so that preflights are cached for five seconds",
        build: |policy, ports| listed(exact(policy, ports)),
    },
];

/// The middleware, with each policy at its path.
pub fn cors(ports: Ports) -> Result<Cors, PolicyErrors> {
    let mut cors = Cors::new(CorsPolicy::deny_all());
    for Named { name, build, .. } in &POLICIES {
        let policy = build(CorsPolicy::builder(), ports).build()?;
        cors = cors.at(format!("/{name}"), policy)?;
    }
    Ok(cors)
}

fn exact(policy: CorsPolicyBuilder, ports: Ports) -> CorsPolicyBuilder {
    policy.allow_origins([Page::App, Page::AppTls].map(|page| page.origin(ports)))
}

/// The settings that most policies have in common.
fn listed(policy: CorsPolicyBuilder) -> CorsPolicyBuilder {
    policy
        .allow_methods(["PUT", "PATCH", "DELETE", "PURGE"])
        .allow_headers(["content-type", "authorization", "x-tenant"])
        .expose_headers(["x-request-id"])
}
