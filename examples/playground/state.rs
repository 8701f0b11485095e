//! The policy in force: the text that made it, its number, and what it says of every cell of the matrix.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use actix_cors_policy::{
    Cors, CorsHandle, CorsPolicy, CorsRequest, Explanation, Location, Outcome,
};
use actix_web::{
    HttpResponse,
    dev::{Service, ServiceRequest, Transform, fn_service},
    http::header,
    test::TestRequest,
};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    addresses::Addresses,
    exchanges::Exchanges,
    requests::{REQUESTS, Request},
};

pub(crate) struct State {
    pub(crate) addresses: Addresses,
    pub(crate) exchanges: Exchanges,
    cors: Cors,
    handle: CorsHandle,
    in_force: Mutex<Text>,
    answers: AtomicU64,
}

struct Text {
    /// Counts the policies of this run, so that a result can say to which one it belongs.
    revision: u64,
    text: String,
}

/// The policy in force, for the page.
#[derive(Serialize)]
pub(crate) struct InForce {
    revision: u64,
    text: String,
    policy: String,
    warnings: Vec<String>,
    /// By origin, then by request.
    verdicts: Vec<Vec<Verdict>>,
}

#[derive(Serialize)]
struct Verdict {
    outcome: &'static str,
    needs_preflight: bool,
    explanation: String,
    /// What the page cannot do although the request is allowed.
    limit: Option<String>,
}

/// What is wrong with a text, as the crate words it.
#[derive(Serialize)]
pub(crate) struct Mistake {
    pub(crate) message: String,
    /// Counted from 1; none if something is missing.
    line: Option<usize>,
}

impl State {
    pub(crate) fn new(addresses: Addresses, cors: Cors, text: String) -> Self {
        Self {
            addresses,
            exchanges: Exchanges::default(),
            handle: cors.handle(),
            cors,
            in_force: Mutex::new(Text { revision: 1, text }),
            answers: AtomicU64::new(0),
        }
    }

    pub(crate) fn in_force(&self) -> InForce {
        self.describe(&self.lock())
    }

    /// Puts the policy of a text in force. If it has mistakes, the one before stays.
    pub(crate) fn apply(&self, text: String) -> (InForce, Vec<Mistake>) {
        let parsed = parse(&text);
        // Held over the swap, so that number, text and policy belong together.
        let mut in_force = self.lock();
        let mistakes = match parsed {
            Ok(_) if text == in_force.text => Vec::new(),
            Ok(policy) => {
                self.handle.replace(policy);
                in_force.revision += 1;
                in_force.text = text;
                Vec::new()
            }
            Err(mistakes) => mistakes,
        };
        (self.describe(&in_force), mistakes)
    }

    /// A number for the answer's `x-request-id`.
    pub(crate) fn next_answer(&self) -> u64 {
        self.answers.fetch_add(1, Ordering::Relaxed)
    }

    /// What the policy in force says of a request.
    pub(crate) fn explain(&self, request: &CorsRequest) -> Explanation {
        self.handle.policy().explain(request)
    }

    fn lock(&self) -> MutexGuard<'_, Text> {
        self.in_force.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn describe(&self, in_force: &Text) -> InForce {
        let policy = self.handle.policy();
        let api = self.addresses.api();
        let verdicts = self.addresses.callers().map(|caller| {
            let check = |request| self.check(&policy, request, &caller.origin, &api);
            REQUESTS.iter().map(check).collect()
        });
        InForce {
            revision: in_force.revision,
            text: in_force.text.clone(),
            policy: policy.to_string(),
            warnings: policy.warnings().iter().map(ToString::to_string).collect(),
            verdicts: verdicts.into(),
        }
    }

    fn check(&self, policy: &CorsPolicy, request: &Request, origin: &str, api: &str) -> Verdict {
        let explanation = policy.explain(&request.from(origin, api));
        let (outcome, limit) = match (explanation.outcome(), request.reads) {
            (Outcome::Allowed, Some(header)) if !self.exposes(header, origin) => (
                "unexposed",
                Some(format!(
                    "The request is allowed, but {header} is not exposed: the page reads null in its address."
                )),
            ),
            (Outcome::Allowed, _) => ("allowed", None),
            (Outcome::Rejected, _) => ("rejected", None),
            _ => ("denied", None),
        };
        Verdict {
            outcome,
            needs_preflight: explanation.needs_preflight(),
            explanation: explanation.to_string(),
            limit,
        }
    }

    /// Whether the layer lets a page of an allowed origin read this header of an answer that has it.
    ///
    /// The layer itself is asked: with credentials, "any header" are the names that an answer carries, which
    /// [`CorsPolicy::explain`] does not know.
    fn exposes(&self, name: &'static str, origin: &str) -> bool {
        let answer = fn_service(move |request: ServiceRequest| async move {
            let answer = HttpResponse::Ok().insert_header((name, "1")).finish();
            Ok(request.into_response(answer))
        });
        let request = TestRequest::get()
            .insert_header((header::ORIGIN, origin))
            .to_srv_request();
        let answered = async {
            self.cors
                .new_transform(answer)
                .await
                .ok()?
                .call(request)
                .await
                .ok()
        };
        // Nothing in it waits.
        let Some(response) = answered.now_or_never().flatten() else {
            return false;
        };
        let lines = response
            .headers()
            .get_all(header::ACCESS_CONTROL_EXPOSE_HEADERS);
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(',').map(str::trim))
            .any(|exposed| exposed == "*" || exposed.eq_ignore_ascii_case(name))
    }
}

/// Reads lines of `NAME=value`. Empty lines and those that begin with `#` say nothing; no other line is passed over.
pub(crate) fn parse(text: &str) -> Result<CorsPolicy, Vec<Mistake>> {
    let mut vars = Vec::new();
    let mut mistakes = Vec::new();
    for (line, content) in (1..).zip(text.lines().map(str::trim)) {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        match variable(content) {
            Ok((name, value)) => vars.push((line, name, value)),
            Err(what) => mistakes.push(Mistake {
                message: format!("line {line}: {what}"),
                line: Some(line),
            }),
        }
    }
    let line_of = |location: &Location| {
        let name = location.setting();
        let found = vars.iter().rev().find(|(_, var, _)| *var == name);
        found.map(|(line, ..)| *line)
    };
    match CorsPolicy::from_vars("CORS_", vars.iter().map(|(_, name, value)| (name, value))) {
        Ok(policy) if mistakes.is_empty() => return Ok(policy),
        Ok(_) => {}
        Err(errors) => mistakes.extend(errors.iter().map(|error| Mistake {
            message: error.to_string(),
            line: line_of(error.location()),
        })),
    }
    // What is missing has no line, and comes last.
    mistakes.sort_by_key(|mistake| mistake.line.unwrap_or(usize::MAX));
    Err(mistakes)
}

fn variable(line: &str) -> Result<(&str, &str), String> {
    let (name, value) = line.split_once('=').ok_or_else(|| {
        format!("a variable must be NAME=value: {line:?} (a comment begins with #)")
    })?;
    let name = name.trim_end();
    // The crate reads what has its prefix, and would pass over the others.
    let has_prefix = name
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("CORS_"));
    if !has_prefix {
        return Err(format!("a variable must begin with CORS_: {name:?}"));
    }
    // Any program on this machine can send a text, and errors show what is wrong in a value.
    if name.to_ascii_uppercase().ends_with("_FILE") {
        return Err(format!(
            "the playground reads no files: write here what the file holds, and not {name:?}"
        ));
    }
    Ok((name, value.trim_start()))
}
