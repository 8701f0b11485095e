//! A worker's own copy of the header values, and the headers that a decision adds to a response.

use std::{fmt, rc::Rc, sync::Arc};

#[cfg(feature = "lookup")]
use super::lookup::Lookups;
use super::{
    header_value::{join, shared_value},
    said_once::SaidOnce,
    vary::Vary,
};
use crate::{
    http::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderName, HeaderValue, StatusCode, VARY,
    },
    policy::{AllowedOrigin, CorsPolicy, Rules},
};

/// The six headers that the policy owns.
pub(super) const OWNED: [HeaderName; 6] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_EXPOSE_HEADERS,
];

/// One worker's copy of a policy: rules with their own regexes, and every header value that does not depend on the
/// request. Values are cloned for each request; a reference count shared by workers would cost more than everything
/// else.
pub(crate) struct LocalPolicy {
    policy: CorsPolicy,
    rules: Rules,
    lists: ListHeaders,
    /// Those of origins that may send credentials, where others may not.
    lists_with_credentials: Option<Box<ListHeaders>>,
    pub(super) acma: Option<HeaderValue>,
    pub(super) vary: Vary,
    pub(super) preflight_vary: Vary,
    /// What any worker has logged already.
    pub(super) said: Arc<SaidOnce>,
    /// Those of the snapshot, shared by all workers.
    #[cfg(feature = "lookup")]
    pub(super) lookups: Option<Arc<Lookups>>,
}

/// Shows only the policy, which does not print a million entries.
impl fmt::Debug for LocalPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPolicy")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// The headers that list names.
pub(super) struct ListHeaders {
    pub(super) acam: HeaderTemplate,
    pub(super) acah: HeaderTemplate,
    aceh: HeaderTemplate,
}

impl ListHeaders {
    fn new(rules: &Rules, credentials: bool) -> Self {
        let any = |any: bool, star: &'static str, names: String| match (any, credentials) {
            (true, true) => HeaderTemplate::Given,
            (true, false) => HeaderTemplate::Fixed(HeaderValue::from_static(star)),
            (false, _) if names.is_empty() => HeaderTemplate::Absent,
            (false, _) => HeaderTemplate::Fixed(shared_value(&names)),
        };
        let any_header = if rules.authorization() {
            "*,authorization"
        } else {
            "*"
        };
        Self {
            acam: any(
                rules.any_method,
                "*",
                rules.methods().collect::<Vec<_>>().join(", "),
            ),
            acah: any(
                rules.any_header,
                any_header,
                rules.headers.as_slice().join(", "),
            ),
            aceh: any(rules.any_exposed, "*", rules.exposed.join(", ")),
        }
    }
}

/// The value of a list header.
#[derive(Debug)]
pub(super) enum HeaderTemplate {
    /// The header is absent.
    Absent,
    /// The same for every request.
    Fixed(HeaderValue),
    /// The requested names, or those of the response: with credentials, `*` does not mean "any".
    Given,
}

/// What `apply` needs to set the six headers on the response to one request.
#[derive(Clone, Debug)]
pub(crate) struct PendingHeaders {
    local: Rc<LocalPolicy>,
    /// Without it, none of the six.
    grant: Option<Grant>,
}

/// What an allowed origin gets: `Access-Control-Allow-Origin`, and whether it may send credentials.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    acao: HeaderValue,
    credentials: bool,
}

impl PendingHeaders {
    pub(crate) fn new(local: Rc<LocalPolicy>, grant: Option<Grant>) -> Self {
        Self { local, grant }
    }

    /// Sets the six headers and `Vary` of a response. If one `Cors` is inside of another, the innermost one decides
    /// about the six: what it denied is not allowed again, and what a middleware between them set is removed. Calling
    /// it again with a copy has no effect. The value is moved into the response, not cloned.
    pub(crate) fn apply(
        &mut self,
        inner: Option<&mut Self>,
        headers: &mut HeaderMap,
        status: StatusCode,
    ) {
        let has_vary = strip(headers);
        match &inner {
            None => self.local.vary.merge(headers, has_vary),
            Some(inner) => {
                inner.local.vary.merge(headers, has_vary);
                self.local.vary.merge(headers, true);
            }
        }
        let owner = inner.unwrap_or(self);
        if let Some(grant) = owner.grant.take() {
            // After `Vary`, which a page may want to read as well.
            let lists = owner.local.lists(&grant);
            let names = lists.aceh.value(|| exposable(headers, status));
            add(headers, ACCESS_CONTROL_EXPOSE_HEADERS, names);
            grant.add_to(headers);
        }
    }

    /// What an inner `Cors` grants and this one does not: an origin, or credentials. It is returned only once, to the
    /// first worker.
    #[cold]
    pub(super) fn loosened_by<'i>(&self, inner: &'i Self) -> Option<Loosened<'i>> {
        let inner = inner.grant.as_ref()?;
        let loosened = match &self.grant {
            None => Loosened::Origin(&inner.acao),
            Some(outer) if inner.credentials && !outer.credentials => {
                Loosened::Credentials(&inner.acao)
            }
            Some(_) => return None,
        };
        self.local.said.is_first_loosening().then_some(loosened)
    }
}

/// What an inner `Cors` grants to an origin, or to any (`*`), and the outer one does not.
pub(super) enum Loosened<'i> {
    Origin(&'i HeaderValue),
    Credentials(&'i HeaderValue),
}

impl LocalPolicy {
    pub(crate) fn new(policy: &CorsPolicy, said: Arc<SaidOnce>) -> Self {
        let rules = policy.rules().clone();
        let omit_origin = rules.any_origin() && rules.omit_vary_for_any_origin;
        let origin = (!omit_origin).then_some("Origin");
        let read = || rules.vary_on.iter().map(String::as_str);
        let vary = |names: &[&'static str]| {
            let names = origin
                .into_iter()
                .chain(names.iter().copied())
                .chain(read());
            Vary::new(names.map(str::to_owned))
        };
        Self {
            policy: policy.clone(),
            lists: ListHeaders::new(&rules, rules.credentials),
            lists_with_credentials: rules
                .credentials_for
                .is_some()
                .then(|| Box::new(ListHeaders::new(&rules, true))),
            acma: rules
                .max_age
                .map(|seconds| shared_value(&seconds.to_string())),
            vary: vary(&[]),
            preflight_vary: vary(&[
                "Access-Control-Request-Method",
                "Access-Control-Request-Headers",
            ]),
            rules,
            said,
            #[cfg(feature = "lookup")]
            lookups: None,
        }
    }

    #[cfg(feature = "lookup")]
    pub(super) fn with(self, lookups: Option<&Arc<Lookups>>) -> Self {
        let lookups = lookups.cloned();
        Self { lookups, ..self }
    }

    /// Whether these are its look-ups.
    #[cfg(feature = "lookup")]
    pub(super) fn has(&self, lookups: Option<&Arc<Lookups>>) -> bool {
        self.lookups.as_ref().map(Arc::as_ptr) == lookups.map(Arc::as_ptr)
    }

    /// Whether this is a copy of the same policy object.
    pub(super) fn is_of(&self, policy: &CorsPolicy) -> bool {
        self.policy.is(policy)
    }

    pub(super) fn policy(&self) -> &CorsPolicy {
        &self.policy
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What an allowed origin gets: its own bytes, or `*`.
    #[inline]
    pub(super) fn grant(&self, origin: &AllowedOrigin<'_>) -> Grant {
        let acao = match origin {
            AllowedOrigin::Any => HeaderValue::from_static("*"),
            AllowedOrigin::Listed(value, _) | AllowedOrigin::WithCredentials(value, _) => {
                (*value).clone()
            }
        };
        Grant {
            acao,
            credentials: origin.may_use_credentials(&self.rules),
        }
    }

    /// What a request without an origin gets: caches may hand the answer to one with.
    pub(super) fn grant_to_any(&self) -> Option<Grant> {
        self.rules
            .any_origin()
            .then(|| self.grant(&AllowedOrigin::Any))
    }

    #[inline]
    pub(super) fn lists(&self, grant: &Grant) -> &ListHeaders {
        match &self.lists_with_credentials {
            Some(lists) if grant.credentials => lists,
            _ => &self.lists,
        }
    }
}

impl Grant {
    #[inline]
    pub(super) fn add_to(self, headers: &mut HeaderMap) {
        headers.append(ACCESS_CONTROL_ALLOW_ORIGIN, self.acao);
        if self.credentials {
            let value = HeaderValue::from_static("true");
            headers.append(ACCESS_CONTROL_ALLOW_CREDENTIALS, value);
        }
    }
}

impl HeaderTemplate {
    pub(super) fn value(&self, given: impl FnOnce() -> Option<HeaderValue>) -> Option<HeaderValue> {
        match self {
            Self::Absent => None,
            Self::Fixed(value) => Some(value.clone()),
            Self::Given => given(),
        }
    }
}

/// Adds one of our headers. The response has none of that name: it is new, or they were removed.
pub(super) fn add(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        headers.append(name, value);
    }
}

/// Removes those of the six headers that a handler or an upstream server set, and returns whether there is a `Vary`.
/// Usually there is nothing to remove, and one pass over the names shows it.
fn strip(headers: &mut HeaderMap) -> bool {
    let mut has_owned = false;
    let mut has_vary = false;
    for name in headers.keys() {
        match *name {
            VARY => has_vary = true,
            ACCESS_CONTROL_ALLOW_ORIGIN
            | ACCESS_CONTROL_ALLOW_CREDENTIALS
            | ACCESS_CONTROL_ALLOW_METHODS
            | ACCESS_CONTROL_ALLOW_HEADERS
            | ACCESS_CONTROL_MAX_AGE
            | ACCESS_CONTROL_EXPOSE_HEADERS => has_owned = true,
            _ => {}
        }
    }
    if has_owned {
        for name in &OWNED {
            headers.remove(name);
        }
    }
    has_vary
}

/// The names of the headers that a page can read only with permission.
fn exposable(headers: &HeaderMap, status: StatusCode) -> Option<HeaderValue> {
    // A 304 updates a stored response. A list of its few headers would replace the stored list, and hide other headers.
    if status == StatusCode::NOT_MODIFIED {
        return None;
    }
    let names = || {
        headers.keys().map(HeaderName::as_str).filter(|name| {
            !fetch_standard::is_safelisted_response_header_name(name)
                && !fetch_standard::is_forbidden_response_header_name(name)
        })
    };
    // Sorted in this array: few responses have more headers, and those may allocate.
    let mut few = [""; 32];
    let mut many = Vec::new();
    let count = names().count();
    let sorted = match few.get_mut(..count) {
        Some(few) => few,
        None => {
            many.resize(count, "");
            many.as_mut_slice()
        }
    };
    sorted
        .iter_mut()
        .zip(names())
        .for_each(|(slot, name)| *slot = name);
    sorted.sort_unstable();
    join(sorted.iter().map(|name| name.as_bytes()))
}
