//! The cases: each has a policy, a page, and what the page does.

mod edges;
mod policy_cases;
mod raw;
mod redirects;

use std::time::Duration;

use crate::{
    call::{Call, CallKind},
    origins::{API_HOST, Page, Ports},
    server::Raw,
};

/// A case: one or more calls of a page.
pub struct Case {
    pub group: &'static str,
    /// The name of the policy; `raw` for a server without this crate, and [`EXAMPLE`] for the example server.
    pub policy: &'static str,
    pub page: Page,
    pub about: String,
    pub steps: Vec<Step>,
    /// The responses of the server without this crate.
    pub raw: Option<Raw>,
}

pub enum Step {
    Call(Call),
    /// Waits for this time.
    Wait(Duration),
    /// Waits for at least this time, in which other cases run.
    Expire(Duration),
}

/// The name of the example server, whose policy comes from variables.
pub const EXAMPLE: &str = "example";

/// The variables of the example server.
pub fn example_vars(ports: Ports) -> Vec<(&'static str, String)> {
    vec![
        ("CORS_ALLOWED_ORIGINS", Page::App.origin(ports)),
        (
            "CORS_ALLOWED_ORIGIN_REGEXES",
            r"http://pr-[0-9]+\.preview\.example\.test:[0-9]+".to_owned(),
        ),
        ("CORS_ALLOWED_METHODS", "PUT, DELETE".to_owned()),
        (
            "CORS_ALLOWED_HEADERS",
            "content-type, authorization".to_owned(),
        ),
        ("CORS_EXPOSED_HEADERS", "x-request-id".to_owned()),
    ]
}

/// All cases. Each URL has the number of its case in its query.
pub fn all(ports: Ports) -> Vec<Case> {
    let groups = [
        ("Origins", policy_cases::origins()),
        ("Methods, request headers, modes", policy_cases::requests()),
        (
            "Safelisted and forbidden headers and methods",
            edges::tables(),
        ),
        ("Statuses", policy_cases::statuses()),
        ("Paths", policy_cases::paths()),
        ("Credentials", policy_cases::credentials()),
        ("Elements, EventSource, WebSocket", policy_cases::elements()),
        ("Redirects", redirects::redirects(ports)),
        ("Cached preflights", policy_cases::cached_preflights()),
        (
            "Limits of the preflight cache",
            edges::cached_preflights(ports),
        ),
        ("Cross-Origin-Resource-Policy", edges::resources()),
        ("The example `server`", policy_cases::example()),
        ("Servers without this crate", raw::raw(ports)),
    ];
    let mut cases = Vec::new();
    for (group, rows) in groups {
        for mut case in rows {
            case.group = group;
            let number = cases.len();
            for step in &mut case.steps {
                if let Step::Call(call) = step {
                    call.url = complete_url(call, case.policy, number, ports);
                }
            }
            cases.push(case);
        }
    }
    cases
}

impl Case {
    pub fn calls(&self) -> usize {
        let is_call = |step: &&Step| matches!(step, Step::Call(_));
        self.steps.iter().filter(is_call).count()
    }

    /// Whether the table shows the number of preflights.
    pub fn shows_preflights(&self) -> bool {
        self.steps.len() > 1
    }
}

/// Makes a URL of the API from a path: with TLS, or without it if the path begins with `plain:`.
fn complete_url(call: &Call, policy: &str, number: usize, ports: Ports) -> String {
    let (scheme, path) = match call.url.strip_prefix("plain:") {
        Some(path) => ("http", path),
        None => ("https", call.url.as_str()),
    };
    let url = match policy {
        "raw" => format!("{}{path}", ports.api()),
        EXAMPLE => format!("http://{API_HOST}:{}{path}", ports.example),
        _ if scheme == "http" => format!("{}/{policy}{path}", ports.plain_api()),
        _ => format!("{}/{policy}{path}", ports.api()),
    };
    let and = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{and}case={number}");
    match call.kind {
        CallKind::Socket => url.replacen("http", "ws", 1),
        _ => url,
    }
}

fn case(policy: &'static str, page: Page, about: impl Into<String>, call: Call) -> Case {
    row(policy, page, about, vec![Step::Call(call)])
}

fn row(policy: &'static str, page: Page, about: impl Into<String>, steps: Vec<Step>) -> Case {
    Case {
        group: "",
        policy,
        page,
        about: about.into(),
        steps,
        raw: None,
    }
}
