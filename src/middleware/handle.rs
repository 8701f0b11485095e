//! The handle by which policies change while the server runs.

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

/// Reads the policies of a [`Cors`](super::Cors) and swaps in others while it serves.
///
/// Every worker sees a new policy on its next request. A request that is under way ends under the policy that it began
/// with, so that no response mixes two. Browsers and caches keep what they were told: a preflight for
/// [`max_age`](crate::CorsPolicyBuilder::max_age), a response for as long as it is fresh, and on from there for as long as
/// the server confirms it with a 304, which takes no header away ([RFC 9111, section
/// 4.3.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4)). To withdraw a permission from what is stored, let `ETag`s
/// change with the policy, or empty the caches.
///
/// A swap is logged as the first policy was: the policy at `info`, its warnings at `warn`.
///
/// An old policy is kept, with what its predicates hold, until every worker has had its next request.
///
/// A handle is cheap to clone and may be used from any thread. Reading and swapping take a lock that requests do not,
/// but for the first one of each worker after a swap.
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
/// A policy that does not build is not swapped in: `handle.replace(CorsPolicy::from_vars(…)?)` leaves the last good one at
/// work.
#[derive(Clone, Debug)]
pub struct CorsHandle {
    shared: Arc<SharedPolicies>,
}

impl CorsHandle {
    pub(super) fn new(shared: Arc<SharedPolicies>) -> Self {
        shared.set_has_handle();
        Self { shared }
    }

    /// The default policy: the one for paths below no prefix.
    #[must_use]
    pub fn policy(&self) -> CorsPolicy {
        self.at(DEFAULT).unwrap_or_else(CorsPolicy::deny_all)
    }

    /// Puts another default policy in force, and gives back the one before.
    #[expect(
        clippy::must_use_candidate,
        reason = "it is called for what it does, and the policy before is seldom wanted"
    )]
    pub fn replace(&self, policy: CorsPolicy) -> CorsPolicy {
        let logged = policy.clone();
        let before = self.shared.replace(DEFAULT, policy);
        log::policy("replaced", None, &logged);
        before.unwrap_or(logged)
    }

    /// The policy that was given for exactly this prefix; `None` if none was. It is not asked which policy a path is
    /// under.
    #[must_use]
    pub fn policy_at(&self, prefix: impl AsRef<str>) -> Option<CorsPolicy> {
        self.at(self.shared.prefixes().position(prefix.as_ref())?)
    }

    /// Puts another policy in force for exactly this prefix, and gives back the one before.
    ///
    /// # Errors
    ///
    /// If no policy was given for this prefix by [`Cors::at`](super::Cors::at): prefixes do not come and go, and a
    /// misspelled one must not leave the old policy in force unnoticed.
    pub fn replace_at(
        &self,
        prefix: impl AsRef<str>,
        policy: CorsPolicy,
    ) -> Result<CorsPolicy, PolicyErrors> {
        let prefix = prefix.as_ref();
        let position = self.position(prefix, "replace_at")?;
        let logged = policy.clone();
        let before = self.shared.replace(position, policy);
        log::policy("replaced", Some(prefix), &logged);
        Ok(before.unwrap_or(logged))
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
        self.shared.policies().get(position).cloned()
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
