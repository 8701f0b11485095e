//! `explain`: it uses the code that serves requests for the decision and the headers, so they cannot differ.

use std::{rc::Rc, sync::Arc};

use super::{
    cors_request::CorsRequest,
    explanation::{Explanation, LayerResponse},
};
#[cfg(feature = "lookup")]
use crate::policy::{Decision, Verdict, decide_looked_up};
use crate::{
    http::{HeaderMap, StatusCode},
    middleware::{Action, LocalPolicy, PendingHeaders, answer},
    policy::{CorsPolicy, decide},
};

impl CorsPolicy {
    /// Explains a request: what allows it, or why it is denied and which entry is nearest; whether a browser sends a
    /// preflight; and the headers of the response.
    ///
    /// It uses the code that serves requests, so it makes the same decision. It searches the whole list for the entry
    /// nearest to a denied origin, which takes a fraction of a second for a million entries: use it in tools and tests,
    /// not for every request. A [predicate](crate::CorsPolicyBuilder::allow_origin_fn) is called as for a request. A
    /// look-up is not asked: the outcome says that the look-up decides, and the rest explains what happens if it allows
    /// the origin.
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
    ///      response: the handler's, with\n    \
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
        // What is so if the look-up allows the origin. The explanation says that it decides.
        #[cfg(feature = "lookup")]
        let decision = match decision {
            Decision::NeedsLookup => {
                let verdict = Verdict::Allowed;
                decide_looked_up(local.rules(), request.head(), request.is_tls(), verdict)
            }
            decision => decision,
        };
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
