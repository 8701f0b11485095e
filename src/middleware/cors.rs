//! The `Transform` and the `Service`: a thin shell over `decide`.

use std::sync::Arc;

use actix_service::{Service, Transform, forward_ready};
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
};
use futures_util::future::{Ready, ready};

use super::{
    future::CorsFuture,
    handle::CorsHandle,
    headers::PendingHeaders,
    live::{SharedPolicies, WorkerPolicies},
    log,
    nesting::RequestId,
    prefixes::Prefixes,
    respond::{Action, answer},
};
use crate::{
    error::{PolicyError, PolicyErrorKind, PolicyErrors, Violation},
    http::Bytes,
    location::Location,
    policy::{CorsPolicy, decide},
};

/// The middleware: wraps an app, a scope or a resource with a [`CorsPolicy`], or with several of them.
///
/// Make it once, outside the app's factory, and wrap with a clone. It must be the outermost layer, the last call of `wrap`,
/// but for what rewrites paths (`NormalizePath`) and what only watches (`Logger`, tracing, metrics, which inside would never
/// see a preflight): those go outside, after it. Preflights are answered here and never reach the inner service; every other response gets its CORS
/// response headers and `Vary: Origin`, errors of inner layers included.
///
/// When it is first put to work, it logs its policies at `info` and their warnings at `warn`; each denial is logged with
/// its reason at `debug` and each permission with what gave it at `trace`, all with the target `actix_cors_policy`.
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
/// [`at`](Self::at) gives the paths below a prefix a policy of their own; the longest prefix wins. One layer around the
/// app with a table of prefixes does what layers inside of it cannot: it sees preflights to routes that hide them from
/// everything inside (a macro with `wrap`, a guarded resource, [`Route::wrap`](actix_web::Route::wrap)), and it covers the
/// 404s below a prefix.
///
/// Layers may be stacked all the same: then the outermost one answers preflights, and the innermost one owns the headers of
/// the responses that come through it. So what needs a preflight is allowed only if both allow it, and what needs none is
/// allowed by the innermost policy alone: inside of [`deny_all`](CorsPolicy::deny_all), a layer that allows any origin
/// answers a simple `GET` with `*`. No outer policy adds to what an inner one denied. (What an outer one
/// [rejects](crate::CorsPolicyBuilder::reject_denied_origins) is not seen inside.) The first time that an inner layer
/// allows an origin, or credentials, where the one around it does not, that is logged at `warn`. Use [`at`](Self::at)
/// instead, or wrap scopes side by side.
///
/// A policy has to be built before it can be wrapped around anything, so a mistake in it cannot be overlooked:
///
/// ```compile_fail
/// use actix_cors_policy::{Cors, CorsPolicy};
///
/// Cors::new(CorsPolicy::builder().allow_origin("https://app.example.com"));
/// ```
#[derive(Clone, Debug)]
pub struct Cors {
    shared: Arc<SharedPolicies>,
}

impl Cors {
    /// A layer with one policy.
    #[must_use]
    pub fn new(policy: CorsPolicy) -> Self {
        Self::with(Prefixes::default(), vec![policy])
    }

    /// Gives a policy of its own to the path `prefix` and to all paths below it: `/admin` covers `/admin` and `/admin/1`,
    /// but not `/administrators`. The longest prefix that covers a path counts, for preflights, actual requests, 404s
    /// and errors alike. `/` covers every path.
    ///
    /// Prefixes are compared with the whole path as the router matches it: percent-decoded, with case, also in a scope. So
    /// `/%61dmin` is `/admin`, as it is to the router. A layer that rewrites paths, such as
    /// [`NormalizePath`](actix_web::middleware::NormalizePath), belongs outside of this one: inside, it makes `/admin` of
    /// `//admin` after this one found that no prefix covers `//admin`.
    ///
    /// A clone made before this is not changed.
    ///
    /// # Errors
    ///
    /// If `prefix` does not begin with a slash, ends with one (but for `/` itself), has an empty or a dot segment, a
    /// query, a fragment, a percent sign, a pattern (`*`, `{id}`), control characters or white space around it; if it was
    /// given already; or if there is a [`handle`](Self::handle) already, which the new policy would be out of reach of.
    ///
    /// # Security
    ///
    /// The router's path is not always the handler's. `actix-files`, a reverse proxy or a handler of `{tail:.*}` may take
    /// `/files//private`, `/files/x/../private` or `/files/%70rivate%2B` for other paths than the router does, and so get
    /// round a stricter prefix below it. Give the whole of such a mount its strictest policy, or mount the private part by
    /// itself; against double slashes, wrap `NormalizePath` outside.
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
        let fail = |fault| {
            let slot = Location::setter("at");
            PolicyErrors::from(PolicyError::new(slot, Some(prefix), fault))
        };
        if self.shared.has_handle() {
            return Err(fail(Violation::new(
                PolicyErrorKind::PathPrefix,
                "path prefix comes after the handle, which would not reach it",
                "call handle() last",
            )));
        }
        let (mut prefixes, mut policies) = self.shared.into_parts();
        let slot = prefixes.insert(prefix).map_err(fail)?;
        policies.insert(slot, policy);
        Ok(Self::with(prefixes, policies))
    }

    /// A handle by which the policies can be read, and swapped for others while the server runs.
    #[must_use]
    pub fn handle(&self) -> CorsHandle {
        CorsHandle::new(Arc::clone(&self.shared))
    }

    fn with(prefixes: Prefixes, policies: Vec<CorsPolicy>) -> Self {
        Self {
            shared: Arc::new(SharedPolicies::new(prefixes, policies)),
        }
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
        log::announce(&self.shared);
        ready(Ok(CorsMiddleware {
            service,
            snapshot: WorkerPolicies::new(Arc::clone(&self.shared)),
        }))
    }
}

/// The service that [`Cors`] makes around another, one in each worker.
#[derive(Debug)]
pub struct CorsMiddleware<S> {
    service: S,
    snapshot: WorkerPolicies,
}

impl<S, B> Service<ServiceRequest> for CorsMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B, Bytes>>;
    type Error = Error;
    type Future = CorsFuture<S::Future, B>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        // Of the whole request, its answer included: another snapshot may be in force before it ends.
        let local = self.snapshot.local(|| request.match_info().as_str());
        let id = RequestId::of(&request);
        let rules = local.rules();
        let is_tls = rules.reject_denied_origins && request.app_config().secure();
        let decision = decide(rules, request.head(), is_tls);
        log::decision(&local, &request, &decision);
        match answer(&local, decision, request.head()) {
            Action::Respond(response) => {
                CorsFuture::answered(request.into_response(response), id, local)
            }
            // The request moves on whole: a clone of it held here would make the router panic.
            Action::Forward(grant) => CorsFuture::inner(
                &self.service,
                request,
                id,
                PendingHeaders::new(local, grant),
            ),
        }
    }
}
