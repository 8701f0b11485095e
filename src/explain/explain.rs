//! `explain`: the decision and the headers are made by what serves requests, so that they cannot differ from it.

use std::{rc::Rc, sync::Arc};

use super::{
    cors_request::CorsRequest,
    explanation::{Explanation, LayerResponse},
};
use crate::{
    http::{HeaderMap, StatusCode},
    middleware::{Action, LocalPolicy, PendingHeaders, answer},
    policy::{CorsPolicy, decide},
};

impl CorsPolicy {
    /// What this policy says of a request: whether it is allowed and by what, or why it is denied and what it nearly is;
    /// whether a browser asks by a preflight; and the headers that are sent.
    ///
    /// It decides with the very code that serves requests, so that it has the same answer. What a denied origin is near to is
    /// looked for in the whole list, which takes a fraction of a second for a million entries: it is for tools, tests and
    /// people, and not for every request. A [predicate](crate::CorsPolicyBuilder::allow_origin_fn) is asked as for a request.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest, Denial, Difference};
    ///
    /// let policy = CorsPolicy::from_vars("CORS_", [
    ///     ("CORS_ALLOWED_ORIGINS", "https://app.example.com, http://localhost:3000"),
    ///     ("CORS_ALLOWED_METHODS", "PUT"),
    /// ])?;
    ///
    /// let explanation = policy.explain(&CorsRequest::actual("https://app.example.com", "PUT"));
    /// assert!(explanation.is_allowed() && explanation.needs_preflight());
    /// assert_eq!(
    ///     explanation.allowed_by().unwrap().to_string(),
    ///     "https://app.example.com (CORS_ALLOWED_ORIGINS, entry 1)"
    /// );
    ///
    /// let explanation = policy.explain(&CorsRequest::actual("http://localhost:5173", "GET"));
    /// assert_eq!(explanation.denial(), Some(Denial::OriginNotAllowed));
    /// assert_eq!(explanation.near_miss().unwrap().differences(), [Difference::Port]);
    /// assert_eq!(
    ///     explanation.to_string(),
    ///     "denied: GET from `http://localhost:5173`\n  \
    ///      reason: origin `http://localhost:5173` is not allowed\n  \
    ///      nearest: port 5173 where the entry has 3000\n  \
    ///      entry: http://localhost:3000 (CORS_ALLOWED_ORIGINS, entry 2)\n  \
    ///      fix: add `http://localhost:5173` to `CORS_ALLOWED_ORIGINS`\n  \
    ///      preflight: not needed\n  \
    ///      answer: the handler's, with\n    \
    ///      vary: Origin"
    /// );
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[must_use]
    pub fn explain(&self, request: &CorsRequest) -> Explanation {
        let local = Rc::new(LocalPolicy::new(self, Arc::default()));
        let preflight = request.to_preflight();
        let preflight = preflight.map(|preflight| self.explain_one(&local, &preflight, None));
        self.explain_one(&local, request, preflight)
    }

    fn explain_one(
        &self,
        local: &Rc<LocalPolicy>,
        request: &CorsRequest,
        preflight: Option<Explanation>,
    ) -> Explanation {
        let decision = decide(local.rules(), request.head(), request.is_tls());
        let explanation = Explanation::new(self, request, &decision, preflight);
        explanation.with(match answer(local, decision, request.head()) {
            Action::Respond(response) => {
                LayerResponse::new(Some(response.status().as_u16()), response.headers())
            }
            Action::Forward(grant) => {
                let mut headers = HeaderMap::new();
                PendingHeaders::new(Rc::clone(local), grant).apply(
                    None,
                    &mut headers,
                    StatusCode::OK,
                );
                LayerResponse::new(None, &headers)
            }
        })
    }
}
