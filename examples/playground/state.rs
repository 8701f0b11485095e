//! The current policy: its text, its revision, and its explanation of every cell of the matrix.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy, CorsRequest, Explanation, Outcome};
use actix_web::{
    HttpResponse,
    dev::{Service, ServiceRequest, Transform, fn_service},
    http::header,
    test::TestRequest,
};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    copies::{self, PolicyCopy},
    exchanges::Exchanges,
    origins::Origins,
    policy_text::{self, TextError},
    requests::{REQUESTS, Request},
};

pub(crate) struct State {
    pub(crate) origins: Origins,
    pub(crate) exchanges: Exchanges,
    pub(crate) cors: Cors,
    handle: CorsHandle,
    current: Mutex<Text>,
    request_ids: AtomicU64,
}

struct Text {
    /// The number of the policy in this run. Results have the revision of the policy to which they belong.
    revision: u64,
    text: String,
}

/// The current policy, for the page.
#[derive(Serialize)]
pub(crate) struct CurrentPolicy {
    revision: u64,
    text: String,
    policy: String,
    warnings: Vec<String>,
    copies: [PolicyCopy; 4],
    /// For each origin, then for each request.
    explanations: Vec<Vec<CellExplanation>>,
}

#[derive(Serialize)]
struct CellExplanation {
    outcome: &'static str,
    needs_preflight: bool,
    text: String,
    /// What to do about each cause of a denial.
    fixes: Vec<String>,
    /// A limit that remains although the request is allowed.
    limit: Option<String>,
}

impl State {
    pub(crate) fn new(origins: Origins, cors: Cors, text: String) -> Self {
        Self {
            origins,
            exchanges: Exchanges::default(),
            handle: cors.handle(),
            cors,
            current: Mutex::new(Text { revision: 1, text }),
            request_ids: AtomicU64::new(0),
        }
    }

    pub(crate) fn current(&self) -> CurrentPolicy {
        self.describe(&self.lock())
    }

    /// Replaces the policy by that of a text. If the text has errors, the policy stays as it is.
    pub(crate) fn apply(&self, text: String) -> (CurrentPolicy, Vec<TextError>) {
        let parsed = policy_text::parse(&text);
        // The lock is held during the swap, so that revision, text and policy always belong together.
        let mut current = self.lock();
        let errors = match parsed {
            Ok(_) if text == current.text => Vec::new(),
            Ok(policy) => {
                self.handle.replace(policy);
                current.revision += 1;
                current.text = text;
                Vec::new()
            }
            Err(errors) => errors,
        };
        (self.describe(&current), errors)
    }

    /// The number for the next `x-request-id`.
    pub(crate) fn next_request_id(&self) -> u64 {
        self.request_ids.fetch_add(1, Ordering::Relaxed)
    }

    /// The explanation of a request by the current policy.
    pub(crate) fn explain(&self, request: &CorsRequest) -> Explanation {
        self.handle.policy().explain(request)
    }

    fn lock(&self) -> MutexGuard<'_, Text> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn describe(&self, current: &Text) -> CurrentPolicy {
        let policy = self.handle.policy();
        let api = self.origins.api();
        let explanations = self.origins.callers().map(|caller| {
            let explain = |request| self.explain_cell(&policy, request, &caller.origin, &api);
            REQUESTS.iter().map(explain).collect()
        });
        CurrentPolicy {
            revision: current.revision,
            text: current.text.clone(),
            policy: policy.to_string(),
            warnings: policy.warnings().iter().map(ToString::to_string).collect(),
            copies: copies::all(&current.text),
            explanations: explanations.into(),
        }
    }

    fn explain_cell(
        &self,
        policy: &CorsPolicy,
        request: &Request,
        origin: &str,
        api: &str,
    ) -> CellExplanation {
        let explanation = policy.explain(&request.to_cors_request(origin, api));
        let (outcome, limit) = match (explanation.outcome(), request.reads) {
            (Outcome::Allowed, Some(header)) if !self.exposes(header, origin) => (
                "unexposed",
                Some(format!(
                    "The request is allowed, but {header} is not exposed, so the page gets null instead of its value."
                )),
            ),
            (Outcome::Allowed, _) => ("allowed", None),
            (Outcome::Rejected, _) => ("rejected", None),
            _ => ("denied", None),
        };
        CellExplanation {
            outcome,
            needs_preflight: explanation.needs_preflight(),
            text: explanation.to_string(),
            fixes: explanation
                .causes()
                .iter()
                .filter_map(|cause| cause.fix().map(str::to_owned))
                .collect(),
            limit,
        }
    }

    /// Whether a page of an allowed origin can read this response header.
    ///
    /// This sends a request through the middleware. With credentials, "any header" means the names of the headers in the
    /// response, which [`CorsPolicy::explain`] does not know.
    fn exposes(&self, name: &'static str, origin: &str) -> bool {
        let handler = fn_service(move |request: ServiceRequest| async move {
            let response = HttpResponse::Ok().insert_header((name, "1")).finish();
            Ok(request.into_response(response))
        });
        let request = TestRequest::get()
            .insert_header((header::ORIGIN, origin))
            .to_srv_request();
        let response = async {
            self.cors
                .new_transform(handler)
                .await
                .ok()?
                .call(request)
                .await
                .ok()
        };
        // The future never has to wait.
        let Some(response) = response.now_or_never().flatten() else {
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
