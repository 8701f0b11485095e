//! A compiled policy.

use std::{fmt, sync::Arc};

use super::{
    locations::Places,
    rules::{Origins, Rules},
};
use crate::{error::PolicyWarning, quote::Line};

/// A compiled policy: who may read answers, and what they may ask for.
///
/// A policy that exists is valid: everything that could be wrong with it was reported when it was built. It is
/// immutable, cheap to clone, and shared by all workers.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_methods(["PUT"])
///     .build()?;
///
/// assert_eq!(
///     format!("{policy:?}"),
///     "CorsPolicy { origins: [\"https://app.example.com\"], methods: [\"GET\", \"HEAD\", \"POST\", \"PUT\"], \
///      headers: [], exposed: [], credentials: false, max_age: None, preflight_status: 204 }"
/// );
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone)]
pub struct CorsPolicy {
    inner: Arc<Inner>,
}

struct Inner {
    rules: Rules,
    warnings: Vec<PolicyWarning>,
    places: Places,
}

impl CorsPolicy {
    /// A policy that denies every origin: no response gets a CORS response header, and every preflight is answered 403.
    ///
    /// For the parts of an app that no other origin has any business with; the same as `CORS_ALLOWED_ORIGINS=none`. Actual
    /// requests still reach the handlers, and their answers cannot be read. To keep them out, build a policy with
    /// [`allow_no_origin`](CorsPolicyBuilder::allow_no_origin) and
    /// [`reject_denied_origins`](CorsPolicyBuilder::reject_denied_origins).
    #[must_use]
    pub fn deny_all() -> Self {
        Self::new(Rules::default(), Vec::new(), Places::default())
    }

    /// What is legal in this policy and probably not meant. The middleware logs it once, at `warn`.
    #[must_use]
    pub fn warnings(&self) -> &[PolicyWarning] {
        &self.inner.warnings
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// Whether both are one and the same policy, not only equal ones.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Where its parts came from.
    pub(crate) fn places(&self) -> &Places {
        &self.inner.places
    }

    pub(super) fn new(rules: Rules, warnings: Vec<PolicyWarning>, places: Places) -> Self {
        Self {
            inner: Arc::new(Inner {
                rules,
                warnings,
                places,
            }),
        }
    }
}

/// Names every setting; of a long list, the first entries and how many follow. Predicates are counted.
impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules();
        let mut policy = f.debug_struct("CorsPolicy");
        match &rules.origins {
            Origins::Any => {
                policy.field("origins", &Any);
            }
            Origins::Listed(list) => {
                policy.field("origins", &Head(list.entries().iter().map(Line)));
                if !list.regexes().is_empty() {
                    policy.field("regexes", &Head(lines(list.regexes())));
                }
                if list.predicates() > 0 {
                    policy.field("predicates", &list.predicates());
                }
            }
        }
        if !rules.vary_on.is_empty() {
            policy.field("vary_on", &Head(lines(&rules.vary_on)));
        }
        if rules.any_method {
            policy.field("methods", &Any);
        } else {
            let methods: Vec<Line<'_>> = rules.methods().map(Line).collect();
            policy.field("methods", &methods);
        }
        match (rules.any_header, rules.authorization()) {
            (true, false) => policy.field("headers", &Any),
            (true, true) => policy.field("headers", &AnyAndAuthorization),
            (false, _) => policy.field("headers", &Head(lines(rules.headers.as_slice()))),
        };
        if rules.any_exposed {
            policy.field("exposed", &Any);
        } else {
            policy.field("exposed", &Head(lines(&rules.exposed)));
        }
        policy
            .field("credentials", &rules.credentials)
            .field("max_age", &rules.max_age.map(Seconds))
            .field("preflight_status", &rules.preflight_status.as_u16());
        if rules.omit_vary_for_any_origin {
            policy.field("omit_vary_for_any_origin", &true);
        }
        if rules.reject_denied_origins {
            policy.field("reject_denied_origins", &true);
        }
        if !rules.own_origins.is_empty() {
            policy.field("own_origins", &Head(lines(&rules.own_origins)));
        }
        if rules.trust_forwarded_headers {
            policy.field("trust_forwarded_headers", &true);
        }
        if rules.diagnostics {
            policy.field("diagnostics", &true);
        }
        policy.finish()
    }
}

fn lines(texts: &[String]) -> impl ExactSizeIterator<Item = Line<'_>> + Clone {
    texts.iter().map(|text| Line(text))
}

struct Any;

impl fmt::Debug for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any")
    }
}

struct AnyAndAuthorization;

impl fmt::Debug for AnyAndAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any and \"authorization\"")
    }
}

struct Seconds(u32);

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

/// The first elements of a list that may have a million.
struct Head<I>(I);

impl<I: ExactSizeIterator<Item: fmt::Debug> + Clone> fmt::Debug for Head<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 16;
        let mut list = f.debug_list();
        list.entries(self.0.clone().take(SHOWN));
        match self.0.len().checked_sub(SHOWN) {
            None | Some(0) => list.finish(),
            Some(more) => list.entry(&format_args!("… {more} more")).finish(),
        }
    }
}
