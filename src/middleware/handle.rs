//! The handle that replaces policies while the server runs.

use std::sync::Arc;

use super::{
    follow_target::Target,
    follower::{Follower, Wish},
    live::SharedPolicies,
    log,
};
use crate::{
    error::{PolicyError, PolicyErrorKind, PolicyErrors, Violation},
    location::Location,
    policy::CorsPolicy,
    quote::Name,
};

/// The position of the default policy.
const DEFAULT: usize = 0;

/// Reads the policies of a [`Cors`](super::Cors) and replaces them while the server runs.
///
/// Every worker uses a new policy from its next request. A request that has begun ends with the policy with which it
/// began, so no response mixes two policies. Browsers and caches keep what they have: the answer to a preflight for
/// [`max_age`](crate::CorsPolicyBuilder::max_age), a response until it expires. If the server then confirms the
/// response with a 304, its old permission stays, because a 304 removes no header ([RFC 9111, section
/// 4.3.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4)). To withdraw a permission from stored responses,
/// change the `ETag`s together with the policy, or clear the caches.
///
/// A replacement is logged like the first policy: the policy at `info`, its warnings at `warn`.
///
/// An old policy, with its predicates, stays in memory until every worker has had one more request.
///
/// A handle is cheap to clone and may be used from any thread. Reading and replacing take a lock. Requests do not take
/// it, except the first request of each worker after a replacement.
///
/// ```
/// use actix_cors_policy::{Cors, CorsPolicy};
///
/// let monday = CorsPolicy::builder().allow_origin("https://monday.example.com").build()?;
/// let cors = Cors::new(monday).at("/admin", CorsPolicy::deny_all())?;
/// let handle = cors.handle();
///
/// let tuesday = CorsPolicy::builder().allow_origin("https://tuesday.example.com").build()?;
/// let monday = handle.replace(tuesday);
/// handle.replace_at("/admin", monday)?;
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
///
/// A policy with errors never replaces the old one: `handle.replace(CorsPolicy::from_vars(…)?)` returns before it calls
/// `replace`.
#[derive(Clone, Debug)]
pub struct CorsHandle {
    shared: Arc<SharedPolicies>,
}

impl CorsHandle {
    pub(super) fn new(shared: Arc<SharedPolicies>) -> Self {
        shared.set_has_handle();
        Self { shared }
    }

    /// The default policy: the one for paths that no prefix covers.
    #[must_use]
    pub fn policy(&self) -> CorsPolicy {
        self.at(DEFAULT).unwrap_or_else(CorsPolicy::deny_all)
    }

    /// Replaces the default policy, and returns the old one.
    #[expect(
        clippy::must_use_candidate,
        reason = "callers rarely need the old policy"
    )]
    pub fn replace(&self, policy: CorsPolicy) -> CorsPolicy {
        let logged = policy.clone();
        let before = self.shared.replace(DEFAULT, policy);
        log::policy("now in use", None, &logged);
        before.unwrap_or(logged)
    }

    /// The policy that was given for exactly this prefix; `None` if there is none. `prefix` is not the path of a
    /// request: a policy of a shorter prefix is not returned.
    #[must_use]
    pub fn policy_at(&self, prefix: impl AsRef<str>) -> Option<CorsPolicy> {
        self.at(self.shared.prefixes().position(prefix.as_ref())?)
    }

    /// Replaces the policy of exactly this prefix, and returns the old one.
    ///
    /// # Errors
    ///
    /// If [`Cors::at`](super::Cors::at) gave no policy for this prefix: a handle cannot add prefixes, and with a
    /// misspelled one, the old policy would stay without an error.
    pub fn replace_at(
        &self,
        prefix: impl AsRef<str>,
        policy: CorsPolicy,
    ) -> Result<CorsPolicy, PolicyErrors> {
        let prefix = prefix.as_ref();
        let position = self.position(prefix, "replace_at")?;
        let logged = policy.clone();
        let before = self.shared.replace(position, policy);
        log::policy("now in use", Some(prefix), &logged);
        Ok(before.unwrap_or(logged))
    }

    /// Sets the [shadow policy](super::Cors::shadow), or removes it, and returns the one before. The new one is logged
    /// at `info`, and its warnings at `warn`.
    ///
    /// ```
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// let current = CorsPolicy::builder().allow_origin("https://*.example.com").build()?;
    /// let tighter = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let handle = Cors::new(current).handle();
    ///
    /// handle.shadow(Some(tighter));
    /// // Later, if the log and the observers show that nothing would break:
    /// if let Some(tighter) = handle.shadow(None) {
    ///     handle.replace(tighter);
    /// }
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "callers rarely need the old policy"
    )]
    pub fn shadow(&self, policy: Option<CorsPolicy>) -> Option<CorsPolicy> {
        let logged = policy.clone();
        let before = self.shared.replace_shadow(policy);
        if let Some(policy) = logged {
            log::shadow_policy(&policy);
        }
        before
    }

    pub(super) fn default_target(&self, wish: Arc<Wish>) -> Target {
        self.target(DEFAULT, None, wish)
    }

    pub(super) fn target(&self, position: usize, prefix: Option<&str>, wish: Arc<Wish>) -> Target {
        let prefix = prefix.map(str::to_owned);
        Target::new(Arc::clone(&self.shared), position, prefix, wish)
    }

    pub(super) fn follower(&self, wish: Arc<Wish>) -> Follower {
        Follower::new(wish, Arc::clone(&self.shared))
    }

    /// The position of the policy of a prefix; `method` is what asks.
    pub(super) fn position(
        &self,
        prefix: &str,
        method: &'static str,
    ) -> Result<usize, PolicyErrors> {
        let position = self.shared.prefixes().position(prefix);
        position.ok_or_else(|| self.unknown(prefix, method).into())
    }

    fn at(&self, position: usize) -> Option<CorsPolicy> {
        self.shared.snapshot().policies.get(position).cloned()
    }

    fn unknown(&self, prefix: &str, method: &'static str) -> PolicyError {
        const SHOWN: usize = 16;
        let known = self.shared.prefixes().iter();
        let known: Vec<String> = known.map(|prefix| Name(prefix).to_string()).collect();
        let fix = match known.get(..SHOWN) {
            _ if known.is_empty() => "add it with Cors::at, before the handle is made".to_owned(),
            Some(first) if known.len() > SHOWN => format!(
                "write one that was given to Cors::at: {} and {} more",
                first.join(", "),
                known.len() - SHOWN
            ),
            _ => format!("write one that was given to Cors::at: {}", known.join(", ")),
        };
        let rule = "path prefix has no policy to replace";
        let violation = Violation::new(PolicyErrorKind::PathPrefix, rule, fix);
        PolicyError::new(Location::setter(method), Some(prefix), violation)
    }
}
