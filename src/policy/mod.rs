//! WHAT is allowed: from what a person asks to a policy that can decide.

mod builder;
mod compile;
mod decision;
mod env;
mod explain;
mod names;
mod near;
mod places;
mod reason;
mod request;
mod request_headers;
mod same_origin;
mod setting;
mod show;
mod suspicions;

use std::{fmt, sync::Arc};

use self::places::Places;
#[cfg(feature = "cors-check")]
pub use self::show::FactValue;
pub use self::{
    builder::CorsPolicyBuilder,
    explain::{AllowedBy, Denial, Explanation, NearMiss, Outcome, RequestKind},
    request::CorsRequest,
};
pub(crate) use self::{
    decision::{AllowedOrigin, Decision, Preflight, decide},
    explain::Answer,
    reason::{Reason, Rejection},
    request_headers::{RequestHeaderNames, RequestedHeaders},
};
use crate::{
    error::PolicyWarning,
    fetch,
    http::StatusCode,
    origin::{Allowlist, Listed},
    quote::Line,
};

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

    fn new(rules: Rules, warnings: Vec<PolicyWarning>, places: Places) -> Self {
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

/// What `decide` reads. Each worker has a clone, which shares the allowlist's tables.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    /// Request headers that predicates read, as given.
    pub(crate) vary_on: Vec<String>,
    /// Without the safelisted ones, in the order given.
    pub(crate) more_methods: Vec<String>,
    pub(crate) any_method: bool,
    pub(crate) headers: RequestHeaderNames,
    /// Any header but `authorization`, which `headers` may name beside it.
    pub(crate) any_header: bool,
    /// As given, in the order given.
    pub(crate) exposed: Vec<String>,
    pub(crate) any_exposed: bool,
    pub(crate) credentials: bool,
    /// In seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) preflight_status: StatusCode,
    pub(crate) omit_vary_for_any_origin: bool,
    pub(crate) reject_denied_origins: bool,
    /// Serialized origins at which the service itself is reached.
    pub(crate) own_origins: Vec<String>,
    pub(crate) trust_forwarded_headers: bool,
    pub(crate) diagnostics: bool,
}

/// Which origins are allowed.
#[derive(Clone, Debug)]
pub(crate) enum Origins {
    Any,
    Listed(Allowlist),
}

impl Rules {
    pub(crate) fn any_origin(&self) -> bool {
        matches!(self.origins, Origins::Any)
    }

    /// The safelisted methods, then the configured ones.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &str> {
        fetch::SAFELISTED_METHODS
            .into_iter()
            .chain(self.more_methods.iter().map(String::as_str))
    }

    /// What admitted an origin, in a person's words.
    pub(crate) fn admitted_by(&self, part: Listed, origin: &[u8]) -> &str {
        match &self.origins {
            Origins::Listed(list) => list.text(part, origin).unwrap_or("a predicate"),
            Origins::Any => "any origin",
        }
    }

    /// Whether the one request header that `*` does not cover is allowed.
    pub(crate) fn authorization(&self) -> bool {
        self.headers
            .as_slice()
            .iter()
            .any(|name| name == fetch::NON_WILDCARD_REQUEST_HEADER)
    }
}

/// Denies every origin; each setting has its default.
impl Default for Rules {
    fn default() -> Self {
        Self {
            origins: Origins::Listed(Allowlist::default()),
            vary_on: Vec::new(),
            more_methods: Vec::new(),
            any_method: false,
            headers: RequestHeaderNames::default(),
            any_header: false,
            exposed: Vec::new(),
            any_exposed: false,
            credentials: false,
            max_age: None,
            preflight_status: StatusCode::NO_CONTENT,
            omit_vary_for_any_origin: false,
            reject_denied_origins: false,
            own_origins: Vec::new(),
            trust_forwarded_headers: false,
            diagnostics: false,
        }
    }
}
