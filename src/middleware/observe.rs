//! What others are told about decisions: observers, and what a shadow policy would have decided.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::dev::ServiceRequest;

use super::{headers::LocalPolicy, log};
use crate::{
    http::{COOKIE, ORIGIN, RequestHead},
    origin::Origin,
    policy::{Decision, Denial, Outcome, RequestKind, decide},
};

/// What was decided about a request. [`Cors::observe`](super::Cors::observe) hands it to observers.
///
/// ```
/// use actix_cors_policy::{CorsEvent, Outcome};
///
/// fn is_to_be_counted(event: &CorsEvent<'_>) -> bool {
///     matches!(event.outcome(), Outcome::Denied | Outcome::Rejected)
/// }
/// ```
pub struct CorsEvent<'r> {
    kind: RequestKind,
    outcome: Outcome,
    denial: Option<Denial>,
    shadow: Option<Outcome>,
    path_prefix: Option<&'r str>,
    head: &'r RequestHead,
}

impl<'r> CorsEvent<'r> {
    /// What the request is: a preflight or an actual request. It is [`NotCors`](RequestKind::NotCors) for a request
    /// without `Origin` that is rejected, or that the shadow policy would reject.
    #[must_use]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// What was decided. It is [`SameOrigin`](Outcome::SameOrigin) if the policy does not allow the origin, but the
    /// request is recognized as one of a page to its own origin.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Why it was denied or rejected: the first reason. `None` if it was not.
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        self.denial
    }

    /// The origin, if the request has one that is a serialized origin or `null`.
    ///
    /// # Security
    ///
    /// Any program can send any origin. Do not use it as the label of a metric: anyone could make any number of time
    /// series.
    #[must_use]
    pub fn origin(&self) -> Option<&'r str> {
        match self.head.headers().get_all(ORIGIN).as_slice() {
            [origin] if Origin::is_serialized(origin.as_bytes()) => origin.to_str().ok(),
            _ => None,
        }
    }

    /// The prefix of [`Cors::at`](super::Cors::at) whose policy decided; `None` if it was the default policy.
    #[must_use]
    pub fn path_prefix(&self) -> Option<&'r str> {
        self.path_prefix
    }

    /// What the [shadow policy](super::Cors::shadow) would have decided. Its look-up is never asked. `None` if there is
    /// no shadow policy, or if the policy of a prefix decided.
    #[must_use]
    pub fn shadow(&self) -> Option<Outcome> {
        self.shadow
    }
}

/// Without the rest of the request.
impl fmt::Debug for CorsEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsEvent")
            .field("kind", &self.kind)
            .field("outcome", &self.outcome)
            .field("denial", &self.denial)
            .field("origin", &self.origin())
            .field("path_prefix", &self.path_prefix)
            .field("shadow", &self.shadow)
            .finish()
    }
}

/// A function of the user, and whether it was logged that it panics.
#[derive(Clone)]
pub(super) struct Observer {
    call: Arc<dyn Fn(&CorsEvent<'_>) + Send + Sync>,
    has_panicked: Arc<AtomicBool>,
}

impl Observer {
    pub(super) fn new(call: impl Fn(&CorsEvent<'_>) + Send + Sync + 'static) -> Self {
        Self {
            call: Arc::new(call),
            has_panicked: Arc::default(),
        }
    }

    /// A panic is not the request's.
    fn tell(&self, event: &CorsEvent<'_>) {
        let told = catch_unwind(AssertUnwindSafe(|| (self.call)(event)));
        if told.is_err() && !self.has_panicked.swap(true, Ordering::Relaxed) {
            log::observer_panicked();
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// What is told about the decisions of one policy, in one worker.
#[derive(Debug)]
pub(super) struct Watch {
    observers: Rc<[Observer]>,
    shadow: Option<Rc<LocalPolicy>>,
    prefix: Option<String>,
}

impl Watch {
    /// `None` if there is neither an observer nor a shadow policy: then nothing is done for a request.
    pub(super) fn new(
        observers: &Rc<[Observer]>,
        shadow: Option<Rc<LocalPolicy>>,
        prefix: Option<&str>,
    ) -> Option<Rc<Self>> {
        let is_needed = !observers.is_empty() || shadow.is_some();
        is_needed.then(|| {
            Rc::new(Self {
                observers: Rc::clone(observers),
                shadow,
                prefix: prefix.map(str::to_owned),
            })
        })
    }

    /// Tells observers what was decided, and the log what the shadow policy would decide otherwise.
    pub(super) fn tell(
        &self,
        local: &LocalPolicy,
        request: &ServiceRequest,
        decision: &Decision<'_>,
    ) {
        // Told when it is decided.
        #[cfg(feature = "lookup")]
        if matches!(decision, Decision::NeedsLookup) {
            return;
        }
        let head = request.head();
        let is_tls = request.app_config().secure();
        let outcome = decision.outcome(local.rules(), head, is_tls);
        let shadow = self.shadow.as_ref().and_then(|shadow| {
            // Its predicates are the user's code, and a panic in them is not the request's.
            let decided = || decide(shadow.rules(), head, is_tls);
            let Ok(candidate) = catch_unwind(AssertUnwindSafe(decided)) else {
                if shadow.said.is_first_panic() {
                    log::shadow_panicked();
                }
                return None;
            };
            let credentials = Credentials::compare(local, decision, shadow, &candidate, head);
            let would = match candidate.outcome(shadow.rules(), head, is_tls) {
                _ if credentials == Credentials::Lost => Outcome::Denied,
                // The page may read the response under both policies.
                Outcome::SameOrigin | Outcome::Allowed
                    if matches!(outcome, Outcome::SameOrigin | Outcome::Allowed) =>
                {
                    outcome
                }
                would => would,
            };
            let differs = would != outcome || credentials == Credentials::Gained;
            // A look-up of a shadow policy is not asked, so nobody knows.
            #[cfg(feature = "lookup")]
            let differs = differs && would != Outcome::NeedsLookup;
            if differs {
                log::shadow(local, shadow, request, decision, &candidate, would);
            }
            Some(would)
        });
        let event = CorsEvent {
            kind: decision.kind(),
            outcome,
            denial: decision.denial().filter(|_| outcome != Outcome::SameOrigin),
            shadow,
            path_prefix: self.prefix.as_deref(),
            head,
        };
        let is_not_cors = |outcome| matches!(outcome, None | Some(Outcome::NotCors));
        if !(is_not_cors(Some(outcome)) && is_not_cors(shadow)) {
            for observer in &*self.observers {
                observer.tell(&event);
            }
        }
    }
}

/// Who may use credentials, if the origin is allowed by both policies and the request has cookies: they show that the page
/// needs credentials to read the response.
#[derive(Clone, Copy, PartialEq)]
enum Credentials {
    Same,
    /// Under the shadow policy, the page may not read the response.
    Lost,
    /// It may read it only under the shadow policy.
    Gained,
}

impl Credentials {
    fn compare(
        local: &LocalPolicy,
        decision: &Decision<'_>,
        shadow: &LocalPolicy,
        candidate: &Decision<'_>,
        head: &RequestHead,
    ) -> Self {
        let may = |local: &LocalPolicy, decision: &Decision<'_>| {
            let origin = decision.allowed()?;
            Some(origin.may_use_credentials(local.rules()))
        };
        if !head.headers().contains_key(COOKIE) {
            return Self::Same;
        }
        match (may(local, decision), may(shadow, candidate)) {
            (Some(true), Some(false)) => Self::Lost,
            (Some(false), Some(true)) => Self::Gained,
            _ => Self::Same,
        }
    }
}
