//! The `Transform` and the `Service`: they call `decide` and do what it says.

use std::{rc::Rc, sync::Arc};

use actix_service::{Service, Transform, forward_ready};
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
};
use futures_util::future::{Ready, ready};

#[cfg(feature = "lookup")]
use super::lookup::Undecided;
use super::{
    future::CorsFuture,
    handle::CorsHandle,
    headers::PendingHeaders,
    live::{InForce, SharedPolicies, Snapshot, WorkerPolicies},
    log,
    nesting::RequestId,
    observe::{CorsEvent, Observer},
    prefixes::Prefixes,
    respond::{Action, answer},
};
#[cfg(feature = "lookup")]
use crate::policy::Decision;
use crate::{
    error::{PolicyError, PolicyErrorKind, PolicyErrors, Violation},
    http::Bytes,
    location::Location,
    policy::{CorsPolicy, decide},
};

/// The middleware: applies a [`CorsPolicy`], or several of them, to an app, a scope or a resource.
///
/// Make a `Cors` once, outside the app's factory, and wrap with a clone. It must be the outermost middleware, the last
/// call of `wrap`. Only two kinds of middleware go after it: those that rewrite paths (`NormalizePath`), and those that
/// only observe (`Logger`, tracing, metrics). Inside, those would never see a preflight. `Cors` answers preflights
/// itself. Every other response gets the CORS response headers of the policy and `Vary: Origin`, also an error of inner
/// middleware.
///
/// It logs its policies, their warnings, and denied requests: see [the log](crate#the-log).
///
/// ```
/// use actix_cors_policy::{Cors, CorsPolicy};
/// use actix_web::{App, HttpResponse, test, web};
///
/// # #[actix_web::main] async fn main() -> std::io::Result<()> {
/// let cors = Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com").build()?);
/// let app = test::init_service(
///     App::new().wrap(cors.clone()).route("/", web::get().to(HttpResponse::Ok)),
/// )
/// .await;
///
/// let request = test::TestRequest::get().insert_header(("origin", "https://app.example.com"));
/// let response = test::call_service(&app, request.to_request()).await;
/// assert_eq!(
///     response.headers().get("access-control-allow-origin").unwrap(),
///     "https://app.example.com"
/// );
/// assert_eq!(response.headers().get("vary").unwrap(), "Origin");
/// # Ok(()) }
/// ```
///
/// # Several policies
///
/// [`at`](Self::at) gives the paths below a prefix their own policy; the longest prefix wins. One `Cors` around the app
/// with prefixes sees more than a `Cors` for each route. It sees preflights to routes that exclude `OPTIONS` (a macro
/// with `wrap`, a guarded resource, [`Route::wrap`](actix_web::Route::wrap)), and 404s below a prefix.
///
/// One `Cors` may be inside of another. Then the outermost one answers preflights, and the innermost one sets the
/// headers of the responses that it saw. So a request with a preflight is allowed only if both allow it. For a request
/// without a preflight, only the innermost policy counts: if a `Cors` inside of [`deny_all`](CorsPolicy::deny_all)
/// allows any origin, a simple `GET` gets `*`. An outer policy never allows what an inner one denied. (An inner one
/// never sees what an outer one [rejects](crate::CorsPolicyBuilder::reject_denied_origins).) The first time that an
/// inner one allows an origin or credentials and the outer one does not, this is logged at `warn`. Use [`at`](Self::at)
/// instead, or one `Cors` for each scope.
///
/// `new` takes only a built policy, so a mistake in it cannot be overlooked:
///
/// ```compile_fail
/// use actix_cors_policy::{Cors, CorsPolicy};
///
/// Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com"));
/// ```
#[derive(Clone, Debug)]
pub struct Cors {
    shared: Arc<SharedPolicies>,
    observers: Vec<Observer>,
}

impl Cors {
    /// A middleware with one policy.
    #[must_use]
    pub fn new(policy: CorsPolicy) -> Self {
        let snapshot = Snapshot::new(vec![policy]);
        Self {
            shared: Arc::new(SharedPolicies::new(Prefixes::default(), snapshot)),
            observers: Vec::new(),
        }
    }

    /// Gives the path `prefix` and all paths below it their own policy: `/admin` covers `/admin` and `/admin/1`, but
    /// not `/administrators`. The longest prefix that covers a path is used, for preflights, actual requests, 404s and
    /// errors. `/` covers every path.
    ///
    /// Prefixes are compared with the whole path as the router matches it: percent-decoded, case-sensitive, also in a
    /// scope. So `/%61dmin` is `/admin`, as for the router. Middleware that rewrites paths, such as
    /// [`NormalizePath`](actix_web::middleware::NormalizePath), belongs outside. Inside, it would change `//admin` to
    /// `/admin` after `Cors` has found no prefix for `//admin`.
    ///
    /// Clones that exist already do not change.
    ///
    /// # Errors
    ///
    /// If `prefix` does not begin with a slash, ends with one (except `/` itself), has an empty or a dot segment, a
    /// query, a fragment, a percent sign, a pattern (`*`, `{id}`), control characters or white space around it; if it
    /// was given already; or if [`handle`](Self::handle) was called already, because that handle would not reach the
    /// new policy.
    ///
    /// # Security
    ///
    /// The router and the handler may read a path differently. `actix-files`, a reverse proxy or a handler of
    /// `{tail:.*}` may read `/files//private`, `/files/x/../private` or `/files/%70rivate%2B` as another path than the
    /// router does. Then a stricter policy for `/files/private` is not used. Give everything below `/files` the
    /// strictest policy, or serve the private part under another path. Against double slashes, wrap `NormalizePath`
    /// outside.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// let app = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let public = CorsPolicy::builder().allow_any_origin().build()?;
    /// let cors = Cors::new(app)
    ///     .at("/public", public)?
    ///     .at("/admin", CorsPolicy::deny_all())?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn at(self, prefix: impl AsRef<str>, policy: CorsPolicy) -> Result<Self, PolicyErrors> {
        let prefix = prefix.as_ref();
        let fail = |violation| {
            let location = Location::setter("at");
            PolicyErrors::from(PolicyError::new(location, Some(prefix), violation))
        };
        if self.shared.has_handle() {
            return Err(fail(Violation::new(
                PolicyErrorKind::PathPrefix,
                "path prefix must be given before the handle is made",
                "call handle() last",
            )));
        }
        let (mut prefixes, mut snapshot) = self.shared.into_parts();
        let index = prefixes.insert(prefix).map_err(fail)?;
        snapshot.insert(index, policy);
        Ok(Self {
            shared: Arc::new(SharedPolicies::new(prefixes, snapshot)),
            observers: self.observers,
        })
    }

    /// Calls `observer` once for each CORS request, with what was decided: to count denials, for example. The observer
    /// is called for a preflight when it is answered, and for an actual request before the handler. It is also called
    /// for a request without `Origin` that is [rejected](crate::CorsPolicyBuilder::reject_denied_origins), or that the
    /// [shadow policy](Self::shadow) would reject. It is never called for other requests.
    ///
    /// Several observers are called in the order in which they were added. They belong to this value and to the clones
    /// that are made of it later; handles that exist already work as before.
    ///
    /// An observer runs in the worker that serves the request, so it must be fast and must not block. A panic in it is
    /// caught and logged once, and the request goes on.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use actix_cors_policy::{Cors, CorsPolicy, Outcome};
    ///
    /// static DENIED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let cors = Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com").build()?)
    ///     .observe(|event| {
    ///         if event.outcome() == Outcome::Denied {
    ///             DENIED.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     });
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    ///
    /// `examples/metrics.rs` counts by kind, outcome and reason, and serves the counts to Prometheus.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&CorsEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observers.push(Observer::new(observer));
        self
    }

    /// Sets a shadow policy, a candidate for the default policy. It decides about each request too, but its decisions
    /// are never obeyed: no response changes. So you know what a new policy would change before it is in force:
    ///
    /// - [Observers](Self::observe) get its decision with [`CorsEvent::shadow`].
    /// - The log has the requests about which it would decide otherwise. The first ten that differ in kind or origin
    ///   are logged at `info`, with the reason, the nearest entry and the fix; the others at `debug`.
    ///
    /// The shadow policy is compared with the default policy, also after that one was replaced, and not with the
    /// policies of [prefixes](Self::at). All clones and handles share it; [`CorsHandle::shadow`] replaces or removes
    /// it.
    ///
    /// A panic in one of its predicates is caught and logged once. Its look-up is never asked. Whether an origin may
    /// use credentials is compared only for requests with cookies; if only the shadow policy allows that, the log has
    /// it, and observers see a request that both allow. Which response headers a page may read, and how long a preflight
    /// is valid, is not compared.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// // CORS_ALLOWED_ORIGINS and others are obeyed, CANDIDATE_CORS_ALLOWED_ORIGINS and others are tried.
    /// # let vars = [("CORS_ALLOWED_ORIGINS", "https://*.example.com"), ("CANDIDATE_CORS_ALLOWED_ORIGINS", "https://app.example.com")];
    /// let cors = Cors::new(CorsPolicy::from_vars("CORS_", vars)?)
    ///     .shadow(CorsPolicy::from_vars("CANDIDATE_CORS_", vars)?);
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[must_use]
    pub fn shadow(self, policy: CorsPolicy) -> Self {
        self.shared.replace_shadow(Some(policy));
        self
    }

    /// A handle that reads the policies and replaces them while the server runs.
    #[must_use]
    pub fn handle(&self) -> CorsHandle {
        CorsHandle::new(Arc::clone(&self.shared))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, Bytes>>;
    type Error = Error;
    type Transform = CorsMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        self.shared.log_once();
        ready(Ok(CorsMiddleware {
            service: Rc::new(service),
            policies: WorkerPolicies::new(Arc::clone(&self.shared), &self.observers),
        }))
    }
}

/// The service that [`Cors`] makes around an inner service, one in each worker.
#[derive(Debug)]
pub struct CorsMiddleware<S> {
    /// Shared with requests that wait before they reach it.
    service: Rc<S>,
    policies: WorkerPolicies,
}

impl<S, B> Service<ServiceRequest> for CorsMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, Bytes>>;
    type Error = Error;
    type Future = CorsFuture<S, S::Future, B>;

    forward_ready!(service);

    #[inline]
    fn call(&self, request: ServiceRequest) -> Self::Future {
        // Taken once for the request and its response: the policy may be replaced in between.
        let InForce { local, watch } = self.policies.find(|| request.match_info().as_str());
        let id = RequestId::of(&request);
        let rules = local.rules();
        let is_tls = rules.reject_denied_origins && request.app_config().secure();
        let decision = decide(rules, request.head(), is_tls);
        log::decision(&local, &request, &decision);
        #[cfg(feature = "lookup")]
        if let Decision::NeedsLookup = decision {
            let undecided = Undecided {
                request,
                id,
                local,
                watch,
            };
            return CorsFuture::asking(&self.service, undecided);
        }
        if let Some(watch) = watch {
            watch.tell(&local, &request, &decision);
        }
        match answer(&local, decision, request.head()) {
            Action::Respond(response) => {
                CorsFuture::answered(request.into_response(response), id, local)
            }
            // The request is moved, not cloned: the router panics if there is a clone of it.
            Action::Forward(grant) => CorsFuture::inner(
                &*self.service,
                request,
                id,
                PendingHeaders::new(local, grant),
            ),
        }
    }
}
