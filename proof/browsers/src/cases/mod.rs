//! What is asked: rows of a policy, a page, and what the page does.

mod asked;
mod edges;
mod raw;
mod redirects;

use std::time::Duration;

use crate::{
    call::{Call, Kind},
    origins::{API_HOST, Page, Ports},
    server::Raw,
};

/// A row: something that a page of an origin does once, or several times.
pub struct Case {
    pub group: &'static str,
    /// The name of the policy; `raw` for a server without this crate, [`EXAMPLE`] for that of the examples.
    pub policy: &'static str,
    pub page: Page,
    pub about: String,
    pub steps: Vec<Step>,
    /// What the server without this crate answers.
    pub raw: Option<Raw>,
}

pub enum Step {
    Call(Call),
    /// So much time goes by.
    Wait(Duration),
    /// So much time goes by, or more, while other rows are asked.
    Expire(Duration),
}

/// The example server, with a policy from the environment.
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

/// All rows, with numbers for names: each URL has that of its row.
pub fn all(ports: Ports) -> Vec<Case> {
    let groups = [
        ("Origins", asked::origins()),
        ("Methods, request headers, modes", asked::requests()),
        ("What is safelisted, and what is forbidden", edges::tables()),
        ("Statuses", asked::answers()),
        ("Paths", asked::paths()),
        ("Credentials", asked::credentials()),
        ("Elements, EventSource, WebSocket", asked::elements()),
        ("Redirects", redirects::redirects(ports)),
        ("Preflights that are remembered", asked::remembered()),
        ("How preflights are remembered", edges::remembered(ports)),
        ("Cross-Origin-Resource-Policy", edges::resources()),
        ("The example `server`, started by itself", asked::example()),
        (
            "Servers without this crate, right and wrong",
            raw::raw(ports),
        ),
    ];
    let mut cases = Vec::new();
    for (group, rows) in groups {
        for mut case in rows {
            case.group = group;
            let number = cases.len();
            for step in &mut case.steps {
                if let Step::Call(call) = step {
                    call.url = complete(call, case.policy, number, ports);
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

    /// Whether its preflights are what it is about.
    pub fn is_counted(&self) -> bool {
        self.steps.len() > 1
    }
}

/// A path becomes a URL of the API, by TLS where nothing else is said.
fn complete(call: &Call, policy: &str, number: usize, ports: Ports) -> String {
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
        Kind::Socket => url.replacen("http", "ws", 1),
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
