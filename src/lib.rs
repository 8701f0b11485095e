//! CORS for actix-web 4: a middleware that applies a policy to an app, a scope or a resource.
//!
//! A policy with a mistake does not build. Every response of the app has exactly the CORS headers that the policy
//! prescribes. For a denied origin, it has none of them.
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy};
//! use actix_web::{App, HttpResponse, web};
//!
//! # fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
//! let policy = CorsPolicy::builder()
//!     // Exactly this origin.
//!     .allow_origin("https://app.example.com")
//!     // One or more labels before a domain; any port, also the default one.
//!     .allow_origins(["https://*.preview.example.com", "http://localhost:*"])
//!     // A regex has to match the whole origin.
//!     .allow_origin_regex(r"https://pr-[0-9]+\.example\.dev")
//!     // More entries, from this variable.
//!     .allow_origins_from_env("EXTRA_ORIGINS")
//!     .allow_methods(["PUT", "DELETE"])
//!     .allow_headers(["content-type", "authorization"])
//!     // All errors at once.
//!     .build()?;
//! // Once, outside the app's factory.
//! let cors = Cors::new(policy);
//! let app = App::new()
//!     .route("/", web::get().to(HttpResponse::Ok))
//!     .wrap(cors.clone());
//! # Ok(()) }
//! ```
//!
//! # Guides
//!
//! - [How CORS works](guides::how_cors_works), and wrong beliefs about it
//! - [CORS and cross-site requests](guides::cors_and_cross_site_requests): who may act, and CSRF
//! - [Recipes](guides::recipes): localhost, cookies, tokens, previews, apps, settings
//! - From [actix-cors](guides::from_actix_cors), [tower-http](guides::from_tower_http),
//!   [Express](guides::from_express), [Django](guides::from_django), [nginx](guides::from_nginx) and
//!   [Apache](guides::from_apache): each option, and what differs
//! - [Behind nginx, Caddy, a CDN](guides::behind_a_proxy): configurations that run
//! - [Environment](guides::environment): all `CORS_*` variables
//! - [Production](guides::production): variables, containers, a check before deploying, lists that change
//! - [Why was my request denied?](guides::why_was_my_request_denied): each line of the log and each message of a browser
//!
//! # Terms
//!
//! - An *origin* is scheme, host and port. A *serialized origin* is its text, as in `Origin: https://app.example.com`.
//!   An *opaque origin* serializes to `null`; sandboxed frames, files and some redirects have one.
//! - A *preflight* is an `OPTIONS` request with `Origin` and `Access-Control-Request-Method`. With it, a browser asks
//!   for permission before it sends a request. Any other request with `Origin` is an *actual request*.
//! - A *denied* actual request reaches the handler, but the page may not read the response. A *rejected* one does not
//!   reach the handler.
//! - The [Fetch standard] says which methods and headers are *safelisted* or *forbidden*. This crate *refuses* settings
//!   that must not be in a policy. An origin, a method or a request is *allowed* or *denied* by a policy.
//!
//! # How a request is decided
//!
//! The longest prefix that covers the path selects the policy ([`Cors::at`]); without one, it is the default policy.
//! Then:
//!
//! 1. A request without an `Origin` header is not a CORS request: the inner service answers. If any origin is allowed,
//!    the response has `Access-Control-Allow-Origin: *`, because a cache may send it to a page later.
//! 2. The origin is allowed if the policy allows any origin. Otherwise, there must be exactly one `Origin` line with a
//!    [serialized origin](Origin#grammar) that an entry, a regex, a predicate or a look-up admits. `null` needs its own
//!    entry.
//! 3. An actual request goes to the inner service, allowed or not. If it is allowed, the response gets
//!    `Access-Control-Allow-Origin` (the received bytes, or `*`), `-Allow-Credentials` and `-Expose-Headers` as
//!    configured; if not, none of them. With [`reject_denied_origins`](CorsPolicyBuilder::reject_denied_origins), a
//!    request that the page may not send gets 403 and does not go to the inner service, unless it is recognized as
//!    same-origin.
//! 4. A preflight is answered by the middleware and never reaches the inner service. It is allowed if
//!    - its origin is allowed,
//!    - `Access-Control-Request-Method` is one line with one token that is safelisted or configured (case-sensitive),
//!      and not forbidden, and
//!    - every name in all lines of `Access-Control-Request-Headers` is configured (case-insensitive).
//!
//!    Then the response has the configured status, `Access-Control-Allow-Origin`, `-Allow-Credentials`,
//!    `-Allow-Methods`, `-Allow-Headers` and `-Max-Age`. Otherwise, it has the status 403 and none of these headers,
//!    and the reason is logged. Only [`diagnostics`](CorsPolicyBuilder::diagnostics), for development, sends the reason
//!    to the browser.
//! 5. If the inner service set any of the six CORS response headers, all lines of them are removed.
//! 6. `Vary` gets `Origin` on every response, and the names of [`vary_on`](CorsPolicyBuilder::vary_on). For preflights,
//!    it also gets `Access-Control-Request-Method` and `-Headers`. These names are merged with the `Vary` lines of the
//!    response; `*` stays `*`. A response without CORS headers has `Vary` too: a cache must not send it to an origin
//!    that is allowed. (Only
//!    [`danger_omit_vary_for_any_origin`](CorsPolicyBuilder::danger_omit_vary_for_any_origin) leaves `Origin` out.)
//!
//! To allow credentials for some origins only, use
//! [`allow_credentials_for`](CorsPolicyBuilder::allow_credentials_for). Requests of these origins are answered as by a
//! policy with credentials, all other requests as by a policy without.
//!
//! With credentials, browsers do not treat `*` as "any". So if any method, header or response header is allowed, the
//! requested method, the requested headers, and the header names of the response are sent instead of `*`.
//!
//! If one `Cors` is inside of another, the outermost one answers preflights. The innermost one that saw the request
//! sets the six headers of its response. So a request that needs a preflight is allowed only if both policies allow it.
//! For a request without a preflight, only the innermost policy counts, unless an outer one rejects the request. If the
//! innermost policy allows more than an outer one, this is logged once, at `warn`. An outer policy never allows what
//! the innermost one denies. For several policies, use one `Cors` with [`Cors::at`], or one for each scope and none
//! around the app. (If a middleware between them calls the inner `Cors` from another task, the outer one does not know
//! of it.)
//!
//! See [HTTP CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol),
//! [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check),
//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) and
//! [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).
//!
//! # Policies that change
//!
//! A [`CorsHandle`] replaces a policy while the server runs. Each worker uses the new policy from its next request. A
//! request that has begun ends with the policy with which it began:
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy};
//!
//! # fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
//! let vars = |origins| [("CORS_ALLOWED_ORIGINS", origins)];
//! let cors = Cors::new(CorsPolicy::from_vars("CORS_", vars("https://a.example"))?)
//!     .at("/public", CorsPolicy::builder().allow_any_origin().build()?)?;
//! let handle = cors.handle();
//! // Later, from any thread. If the new policy has errors, the old one stays in use.
//! handle.replace(CorsPolicy::from_vars("CORS_", vars("https://a.example, https://b.example"))?);
//! # Ok(()) }
//! ```
//!
//! [`CorsHandle::follow`] does this automatically for a policy from a database or a service, and
//! [`CorsHandle::follow_files`] for a policy from [files](CorsPolicyBuilder::allow_origins_from_file).
//!
//! [`Cors::shadow`] tries a policy before it is in force: the log says what this policy would change. [`Cors::observe`]
//! calls a function of yours with each decision.
//!
//! # Configuration
//!
//! Make a policy with [`CorsPolicy::builder`] in code, or with [`CorsPolicy::from_env`] from the
//! [environment](guides::environment). With the feature `serde`, the settings of a program can [contain a
//! builder](CorsPolicyBuilder#impl-Deserialize%3C'de%3E-for-CorsPolicyBuilder).
//! [`with_env`](CorsPolicyBuilder::with_env) adds the environment to a builder. `build` reports [all errors at
//! once](PolicyErrors), and `?` works in a `main` that returns [`std::io::Result`]. The page of the builder says [what
//! an entry of the allowlist may be](CorsPolicyBuilder#what-an-entry-of-the-allowlist-may-be).
//!
//! # Untrusted input
//!
//! No request makes this crate panic, and the work for each request is limited:
//!
//! - An `Origin` of more than 326 bytes is denied without being parsed.
//! - A preflight is denied if its lines of `Access-Control-Request-Headers` have more than 8 KiB, 256 names or 32 empty
//!   elements in all.
//! - All regexes (at most 2500, of which at most 256 have the same end) are matched at once, in time linear in the
//!   length of the origin.
//! - What is logged from a request, a policy or a path is escaped and shortened, and passwords are left out.
//! - Look-ups have [limits](guides::recipes#tenants-in-a-database) for calls, time and memory, however many origins
//!   somebody invents.
//!
//! A request allocates memory only in these cases:
//!
//! - Once each: to join several lines of requested headers, to list response headers with credentials, and to merge
//!   into an existing `Vary`. More often if there are more than 32 names to list or 64 tokens to merge. (The results
//!   for the first eight values of `Vary` are kept, so each of these is merged only once.)
//! - The header map of actix grows.
//! - An error gets a boxed response mapper.
//! - A look-up is called, because its answer is not kept.
//! - A `Cors` inside of another one reports what it granted.
//!
//! # Deployment
//!
//! - Make `Cors` the outermost middleware, the last call of `wrap`. Only two kinds of middleware go after it: those
//!   that rewrite paths (`NormalizePath`), and those that only observe (`Logger`, tracing, metrics). Inside of `Cors`,
//!   those that observe would never see a preflight. If any other outer middleware answers by itself, or makes the response of
//!   an error (`HttpResponse::from_error`), the response has no CORS headers.
//! - With prefixes, never put `NormalizePath` inside: `Cors` finds no prefix for `//admin`, and then the router gets
//!   `/admin`. Handlers that parse paths themselves have [a similar problem](Cors::at).
//! - A proxy in front should pass the host (`:authority`, `Host`) on unchanged. If it does not, and denied origins are
//!   rejected, set the public origins of the service with [`own_origins`](CorsPolicyBuilder::own_origins).
//! - Let only one program set CORS headers. If a proxy in front adds them too, they have two values, which browsers
//!   do not accept. The proxy must pass `OPTIONS` through.
//! - Caches: responses have `Vary: Origin`, unless [that is left
//!   out](CorsPolicyBuilder::danger_omit_vary_for_any_origin). A cache that ignores `Vary` breaks CORS for everybody.
//!   After a policy is [replaced](CorsHandle::replace), a cache sends stored responses of the old policy until they
//!   expire; with `Vary: Origin`, only to the same `Origin`. A 304 makes a stored response last longer: it may replace
//!   the values of headers, but cannot remove a header. To withdraw a permission, change the `ETag`s together with the
//!   policy; then the permission ends when the responses expire. Or clear the cache; then it ends at once.
//! - The program needs a logger such as `env_logger`. The target is `actix_cors_policy`.
//!
//! # The log
//!
//! | level | what is logged |
//! | --- | --- |
//! | `error` | a look-up that gave no answer, and a [follower](CorsHandle::follow) that cannot load a policy: once, and again when the cause changes; the first panic of an observer, and of a predicate of a shadow policy |
//! | `warn` | once each: the warnings of a policy; that an inner `Cors` allows what an outer one does not; that "any header" does not cover `authorization` |
//! | `info` | each policy, when the first worker starts and when it is replaced; the first ten denials that differ in kind or origin, with the nearest entry and what to set. After a policy is replaced, the next ten |
//! | `debug` | each other denial, with all its causes |
//! | `trace` | each allowed request, and what allows it; each request that a page sends to its own origin |
//!
//! In a list of more than 100 entries, the nearest entry is searched at most once a second; in a list of more than
//! 10 000, never.
//!
//! # What it does not do
//!
//! - CORS is no access control: a denied actual request reaches the handler if it is not rejected, and programs that
//!   are not browsers can send any `Origin`. Authenticate users, and protect against cross-site request forgery.
//! - The middleware cannot add headers to responses that it does not see: those that actix sends for malformed
//!   requests, those of outer middleware, and those after a panic.
//! - A guard, a macro (`#[post("/", wrap = "…")]`) or `Route::wrap` may exclude `OPTIONS` from a route. A `Cors` inside
//!   of the route then never sees preflights. Wrap the app or the scope, and give the path its own policy with
//!   [`Cors::at`].
//! - It does not check what a predicate or a look-up admits, and it does not know which domains are yours.
//! - Its public suffix list, by which it refuses `https://*.github.io`, is as old as its release. `cargo update` gets a
//!   newer release, with the suffixes that hosting services have added since.
//! - Private network access, `Timing-Allow-Origin` and `Cross-Origin-Resource-Policy` are other protocols.
//!
//! # Features
//!
//! Both are off by default:
//!
//! - `lookup` adds `OriginLookup`: for an origin that nothing else admits, a function of yours asks a database. Answers
//!   are kept, and there are limits. The feature adds one crate, `quick_cache`, without new dependencies of its own.
//! - `serde` lets settings structs contain a [`CorsPolicyBuilder`]. It adds no crate: actix-web depends on `serde`.
//!
//! # Other packages
//!
//! - `cors-test-browser`, for tests: it simulates a browser and says what a page of an origin may read from an app, or
//!   from any server. It is not published yet: in a clone, it is in `crates/cors-test-browser`.
//! - `cors-check`, a command: it checks the variables before deployment, and explains whether a request is allowed. In a
//!   clone, run `cargo install --path crates/cors-check`, and then `cors-check --help`.
//!
//! # MSRV
//!
//! Rust 1.88. Raising it is a minor version.
//!
//! [Fetch standard]: https://fetch.spec.whatwg.org/

#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod explain;
mod fix;
pub mod guides;
mod http;
mod location;
mod middleware;
mod origin;
mod placeholder;
mod policy;
mod quote;
mod settings;
mod words;

#[cfg(feature = "lookup")]
pub use self::policy::{OriginLookup, OriginQuery};
pub use self::{
    error::{PolicyError, PolicyErrorKind, PolicyErrors, PolicyWarning},
    explain::{AllowedBy, CorsRequest, Explanation},
    location::Location,
    middleware::{Cors, CorsEvent, CorsHandle, Follower},
    origin::{Difference, Origin},
    policy::{
        Cause, CorsPolicy, CorsPolicyBuilder, Denial, NearMiss, Outcome, RequestKind, SettingValue,
        request_host,
    },
    quote::printable,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
