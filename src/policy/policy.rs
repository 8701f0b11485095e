//! A compiled policy.

use std::sync::Arc;

use super::{files::StampedFile, locations::Locations, rules::Rules};
use crate::{error::PolicyWarning, origin::Origin};

/// A compiled policy: which origins may read responses, and which methods and headers they may send.
///
/// A policy is always valid, because `build` returns errors for everything that could be wrong. It is immutable, cheap
/// to clone, and shared by all workers.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// assert!(policy.warnings().is_empty());
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone)]
pub struct CorsPolicy {
    inner: Arc<Inner>,
}

struct Inner {
    rules: Rules,
    warnings: Vec<PolicyWarning>,
    locations: Locations,
}

impl CorsPolicy {
    /// A policy that denies every origin: no response gets a CORS response header, and every preflight is answered 403.
    ///
    /// It is for the parts of an app whose responses no page of another origin may read; the same as
    /// `CORS_ALLOWED_ORIGINS=none`. Actual requests still reach the handlers. To reject them before the handler, build
    /// a policy with [`allow_no_origin`](crate::CorsPolicyBuilder::allow_no_origin) and
    /// [`reject_denied_origins`](crate::CorsPolicyBuilder::reject_denied_origins).
    #[must_use]
    pub fn deny_all() -> Self {
        Self::new(Rules::default(), Vec::new(), Locations::default())
    }

    /// What is permitted in this policy but probably not intended. The middleware logs these warnings once, at `warn`.
    #[must_use]
    pub fn warnings(&self) -> &[PolicyWarning] {
        &self.inner.warnings
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// Whether both are the same object, not only equal policies.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Whether both have the same settings, so that requests see no difference.
    pub(crate) fn has_settings_of(&self, other: &Self) -> bool {
        self.is(other) || self.rules() == other.rules()
    }

    /// Whether the policy allows an origin, where there is no request: for the target of a redirect, of `postMessage`,
    /// or of the return after a login. True if `origin` is a serialized origin or `null`, and an entry or a regex
    /// admits it or any origin is allowed. False for any other text, such as a URL with a path. Predicates are not
    /// asked, because they need a request, and neither are look-ups.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://*.example.com").build()?;
    /// assert!(policy.allows_origin("https://app.example.com"));
    /// assert!(!policy.allows_origin("https://app.example.com/"));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        Origin::is_serialized(origin.as_bytes()) && self.rules().admits_without_head(origin)
    }

    /// The files that it was built from, as they were.
    pub(crate) fn files(&self) -> &[StampedFile] {
        &self.inner.locations.files
    }

    /// Where its parts came from.
    pub(crate) fn locations(&self) -> &Locations {
        &self.inner.locations
    }

    pub(super) fn new(rules: Rules, warnings: Vec<PolicyWarning>, locations: Locations) -> Self {
        Self {
            inner: Arc::new(Inner {
                rules,
                warnings,
                locations,
            }),
        }
    }
}
