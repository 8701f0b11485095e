//! CORS for actix-web 4: a layer that wraps an app, a scope or a resource with a policy.
//!
//! A policy that exists is valid, every response of the app carries exactly the headers that the policy grants, and a
//! denied origin gets none of them.
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy};
//! use actix_web::{App, HttpResponse, web};
//!
//! # fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
//! let policy = CorsPolicy::builder()
//!     .allow_origin("https://app.example.com")                // exact
//!     .allow_origins(["https://*.preview.example.com",        // one or more labels
//!                     "http://localhost:*"])                  // any port, the default one included
//!     .allow_origin_regex(r"https://pr-[0-9]+\.example\.dev") // the whole origin must match
//!     .allow_origins_from_env("EXTRA_ORIGINS")                // one list from one variable, read by build()
//!     .allow_methods(["PUT", "DELETE"])
//!     .allow_headers(["content-type", "authorization"])
//!     .build()?;                                              // Err(PolicyErrors): all of them
//! let cors = Cors::new(policy);                               // once, outside the app's factory
//! let app = App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(cors.clone());
//! # Ok(()) }
//! ```
//!
//! # Terms
//!
//! - An *origin* is scheme, host and port; a *serialized origin* its text, as in `Origin: https://app.example.com`. What
//!   serializes to `null` is an *opaque origin*: a sandboxed frame, a file, some redirects.
//! - A *preflight* is an `OPTIONS` request with `Origin` and `Access-Control-Request-Method`, by which a browser asks
//!   before it sends. Any other request with `Origin` is an *actual request*.
//! - A *denied* actual request reaches the handler, and the page may not read the answer; a *rejected* one does not reach
//!   it.
//! - *Safelisted* and *forbidden* are methods and headers that the [Fetch standard] calls so. *Refused* is what this
//!   crate does not take into a policy. An origin, a method or a request is *allowed* or *denied* by a policy.
//!
//! # How a request is decided
//!
//! The policy is the one of the longest prefix that covers the path ([`Cors::at`]), or the default one. Then:
//!
//! 1. Without an `Origin` header it is not a CORS request: the inner service answers. If any origin is allowed, the
//!    response says so all the same, because a cache may hand it to a page.
//! 2. The origin is allowed if any origin is; or if there is exactly one `Origin` line, it holds a
//!    [serialized origin](Origin#grammar), and an entry, a regex or a predicate admits it. `null` needs its own entry.
//! 3. An actual request goes to the inner service, allowed or not. If it is allowed, the response gets
//!    `Access-Control-Allow-Origin` (the bytes that came, or `*`), `-Allow-Credentials` and `-Expose-Headers` as
//!    configured; if not, none of them. With [`reject_denied_origins`](CorsPolicyBuilder::reject_denied_origins), a request
//!    of a denied origin gets 403 instead of going to the inner service, unless it is seen to be same-origin.
//! 4. A preflight is answered here and never reaches the inner service. It is allowed if its origin is, if
//!    `Access-Control-Request-Method` is one line with one token that is safelisted or configured (case-sensitive)
//!    and not forbidden, and if every name in `Access-Control-Request-Headers`, over all its lines, is configured
//!    (compared case-insensitively). It then gets the configured status, `Access-Control-Allow-Origin`, `-Allow-Credentials`,
//!    `-Allow-Methods`, `-Allow-Headers` and `-Max-Age`; if not, 403 and none of them. The reason is logged, not sent, but
//!    for [`diagnostics`](CorsPolicyBuilder::diagnostics) in development.
//! 5. What the inner service set of the six CORS response headers is removed, however many lines it came in.
//! 6. `Vary` gains `Origin` on every response, for preflights the two request headers, and what
//!    [`vary_on`](CorsPolicyBuilder::vary_on) names; it is merged with the lines that are there, and stays `*` if it is.
//!    A response without a CORS header varies too: a cache must not hand it to an origin that is allowed. (The one way to
//!    leave `Origin` out is
//!    [`danger_omit_vary_for_any_origin`](CorsPolicyBuilder::danger_omit_vary_for_any_origin).)
//!
//! Where layers are stacked, the outermost one answers preflights, and the innermost one that saw the request owns the six
//! headers of its response. So a request that needs a preflight is allowed only if both policies allow it. A request that
//! needs none is allowed by the innermost policy alone, whatever an outer one says, unless that one rejects it; this is
//! logged once, at `warn`. What the innermost one denies, no outer one allows. For different policies, give them to one
//! layer with [`Cors::at`], or wrap scopes side by side, and not the app around them. (An inner layer is not seen by the
//! outer one where a layer between calls it from another task.)
//!
//! [Credentials for some origins](CorsPolicyBuilder::allow_credentials_for) only are another setting: these are answered as by a
//! policy with credentials, all others as by the one without.
//!
//! With credentials, `*` is a name like any other to a browser, so it is never sent for "any": the requested method, the
//! requested headers, and the names of the headers that the response carries are sent instead.
//!
//! See [HTTP CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol),
//! [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check),
//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) and
//! [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).
//!
//! [Recipes](recipes) for common situations, [From actix-cors](from_actix_cors), and [Why was my request denied?](why_was_my_request_denied), are pages of
//! their own.
//!
//! # Policies that change
//!
//! A [`CorsHandle`] swaps a policy for another while the server runs. Workers see it on their next request, and a request
//! that is under way ends under the policy that it began with:
//!
//! ```
//! use actix_cors_policy::{Cors, CorsPolicy};
//!
//! # fn main() -> Result<(), actix_cors_policy::PolicyErrors> {
//! let vars = |origins| [("CORS_ALLOWED_ORIGINS", origins)];
//! let cors = Cors::new(CorsPolicy::from_vars("CORS_", vars("https://a.example"))?)
//!     .at("/public", CorsPolicy::builder().allow_any_origin().build()?)?;
//! let handle = cors.handle();
//! // Later, from any thread. If the new policy has errors, the old one stays at work.
//! handle.replace(CorsPolicy::from_vars("CORS_", vars("https://a.example, https://b.example"))?);
//! # Ok(()) }
//! ```
//!
//! [`CorsHandle::follow`] does so by itself, for a policy from a database or a service, and [`CorsHandle::follow_files`] for one
//! from [files](CorsPolicyBuilder::allow_origins_from_file).
//!
//! # Configuration
//!
//! [`CorsPolicy::builder`] in code, [`CorsPolicy::from_env`] from the environment, or a program's own settings, which with the
//! feature `serde` [hold a builder](CorsPolicyBuilder#impl-Deserialize%3C'de%3E-for-CorsPolicyBuilder). One builder takes all of
//! them, with [`CorsPolicyBuilder::with_env`]. It reports
//! [all errors at once](PolicyErrors); `?` works in a `main` that returns [`std::io::Result`]. The builder's page has
//! [what an entry of the allowlist may be](CorsPolicyBuilder#what-an-entry-of-the-allowlist-may-be).
//!
//! # Environment
//!
//! | variable | form |
//! | --- | --- |
//! | `CORS_ALLOWED_ORIGINS` | entries separated by commas or line breaks; `*` alone; or the one word `none`, which is [`CorsPolicy::deny_all`] |
//! | `CORS_ALLOWED_ORIGIN_REGEXES` | regexes separated by white space |
//! | `CORS_ALLOWED_ORIGINS_FILE` | path of a [file](CorsPolicyBuilder::allow_origins_from_file) with an entry a line |
//! | `CORS_ALLOWED_METHODS`, `CORS_ALLOWED_HEADERS`, `CORS_EXPOSED_HEADERS` | names separated by commas or line breaks; `*` alone or together with names (`*,Authorization`) |
//! | `CORS_ALLOW_CREDENTIALS`, `CORS_REJECT_DENIED_ORIGINS`, `CORS_DIAGNOSTICS` | `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`, case-insensitively |
//! | `CORS_ALLOW_CREDENTIALS_FOR` | entries, as in `CORS_ALLOWED_ORIGINS`: these origins are allowed with credentials, others without |
//! | `CORS_OWN_ORIGINS` | exact origins at which the service is reached, separated by commas or line breaks |
//! | `CORS_DANGER_ALLOW_INSECURE_ORIGINS`, `CORS_DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS`, `CORS_DANGER_ALLOW_LAX_REGEXES`, `CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN`, `CORS_DANGER_TRUST_FORWARDED_HEADERS` | booleans, as above |
//! | `CORS_MAX_AGE` | seconds, 0–86400 |
//! | `CORS_PREFLIGHT_STATUS` | 200–299 |
//!
//! White space around an entry is trimmed, a line break next to a comma included; inside an entry it is an error, and so
//! is an empty entry, but for one comma at the end. An unset variable means the default, and so does `none` alone in a list of
//! names. Three things are errors: no source of origins set at all, a
//! variable set to nothing, and a value that is not Unicode. Several sources of origins add up.
//!
//! A name that nearly is one of these (`CORS_ALLOW_ORIGINS`, `CORS_ALLOWED_ORIGIN`, `cors_max_age`, also
//! `CORS_ORIGIN_WHITELIST`, `CORS_METHODS` and other names that other software uses) is an error that names the one meant, if
//! that one is not set; if it is, both may be there on purpose, and it is a warning. At most two letters are wrong, in words of
//! up to four letters two neighbors are swapped, and no word is added, so that `CORS_ALLOWED_ORIGINS_2` may be another
//! policy's. Other unknown names under the prefix are [warnings](PolicyWarning), but for those that Kubernetes sets for a
//! service (`CORS_SERVICE_HOST`, `CORS_PORT`). All else is another program's, and ignored:
//! `Cors__AllowedOrigins`, `cors.allowed-origins`, `cors_enabled`, `CROS_MAX_AGE`. If the server shares its environment with
//! programs that have `CORS_*` variables of their own, take a prefix of its own: `from_env_with_prefix("SHOP_CORS_")`.
//!
//! # Untrusted input
//!
//! What a request holds never makes this crate panic, and its work is bounded: an `Origin` of more than 326 bytes is
//! denied unread, `Access-Control-Request-Headers` after 8 KiB, 256 names or 32 empty elements, in all lines together.
//! Regexes run in time linear in the origin, all of them at once; there are at most 256. What is logged of a request, of a
//! policy or of a path is escaped and cut, and without passwords. Nothing is allocated per
//! request but, at most once each, for joining several lines of requested headers, for listing response headers with
//! credentials, and for merging into an existing `Vary` (more often if there are more than 32 names to list or 64 tokens
//! to merge); in addition, actix's header map may grow, and an error gets a boxed mapper.
//!
//! # Deployment
//!
//! - `Cors` is the outermost layer, the last call of `wrap`, but for two kinds of layers that go outside, that is, after it:
//!   what rewrites paths (`NormalizePath`), and what only watches (`Logger`, tracing, metrics), which inside would never
//!   see a preflight. Any other layer outside that answers by itself, or that renders an error
//!   (`HttpResponse::from_error`), sends a response without the headers.
//! - With prefixes, `NormalizePath` inside is a hole: the layer compares `//admin` with its prefixes and finds none, and
//!   then the router gets `/admin`. Handlers that read paths in their own way are a matter of [their own](Cors::at).
//! - Behind a proxy, the host (`:authority`, `Host`) is best passed on as it came. Where it is not, and denied origins are rejected, say with
//!   [`own_origins`](CorsPolicyBuilder::own_origins) where the service is reached.
//! - Leave CORS to one location. A proxy in front that adds these headers too makes two values of them, which browsers
//!   refuse; let it pass `OPTIONS` through.
//! - Caches: responses vary on `Origin`, unless
//!   [that is left out](CorsPolicyBuilder::danger_omit_vary_for_any_origin). A cache that ignores `Vary` breaks CORS for
//!   everybody. After a policy was [replaced](CorsHandle::replace), a cache hands out what it stored under the old one
//!   until it expires: what varies on `Origin`, to the same `Origin` alone. A 304 prolongs it; it may replace the values
//!   of headers, but removes none. To withdraw a permission, let `ETag`s change with the policy, by which it ends as the
//!   answers expire, or empty the cache, by which it ends at once.
//! - The log, target `actix_cors_policy`, for which the program needs a logger such as `env_logger`: policies at `info`
//!   and their warnings at `warn` once, when the first worker starts and when one is replaced; once at `warn`, that a
//!   stacked layer allows what the one around it does not, and that any header does not cover `authorization`; the first ten
//!   denials that differ in kind and origin at `info`, with the nearest entry and what to set, and each further one with all
//!   its causes at `debug`; each permission with what gave it at `trace`. (The nearest entry is looked for at most once a
//!   second, and not in lists of more than 10 000 entries.)
//!
//! # What it does not do
//!
//! - CORS is no access control: a denied actual request reaches the handler if it is not rejected, and what does not run in
//!   a browser sends any `Origin` it likes. Authenticate, and protect against cross-site request forgery.
//! - Responses that are not the app's cannot get headers: malformed requests that actix answers itself, panics, and
//!   layers outside this one.
//! - A route whose guard or macro (`#[post("/", wrap = "…")]`) or `Route::wrap` hides it from `OPTIONS` hides preflights
//!   from a layer inside; wrap the app or the scope, and give the route's path a policy of its own with [`Cors::at`].
//! - It does not check what a predicate admits, nor whether the domains that entries and regexes name are yours.
//! - Private network access, `Timing-Allow-Origin` and `Cross-Origin-Resource-Policy` are other protocols.
//!
//! # Features
//!
//! `serde` lets settings structs hold a [`CorsPolicyBuilder`]. It is off by default; the crate `serde` is in the tree of actix-web anyway.
//!
//! `public-suffix`, on by default, knows the public suffix list (the `psl` crate), by which `https://*.co.uk` and
//! `https://*.github.io` are refused. It takes about 13 seconds of one core to compile for release, and 850 KB of the
//! program. Without it, only a last label alone (`https://*.com`) is refused, and regexes are checked as if names could be
//! had right below a last label and nowhere else. The list is as old as the lock file: `cargo update -p psl` brings the
//! newest, with the suffixes that hosting services have added since.
//!
//! # Other packages
//!
//! - [`cors-test-browser`](https://docs.rs/cors-test-browser), for tests: the client side of the Fetch standard, which says
//!   what a page of some origin may read of an app, or of any server.
//! - `cors-check`, a command that checks the variables before they are deployed, and explains what they say of a request:
//!   `cargo install cors-check`, and then `cors-check --help`.
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
mod http;
mod location;
mod middleware;
mod origin;
mod placeholder;
mod policy;
mod quote;
mod settings;
mod words;

pub use self::{
    error::{PolicyError, PolicyErrorKind, PolicyErrors, PolicyWarning},
    explain::{AllowedBy, CorsRequest, Explanation},
    location::Location,
    middleware::{Cors, CorsHandle, Follower},
    origin::{Difference, Origin},
    policy::{
        Cause, CorsPolicy, CorsPolicyBuilder, Denial, NearMiss, Outcome, RequestKind, SettingValue,
        request_host,
    },
    quote::printable,
};

#[doc = include_str!("from_actix_cors.md")]
pub mod from_actix_cors {}

#[doc = include_str!("recipes.md")]
pub mod recipes {}

#[doc = include_str!("why_denied.md")]
pub mod why_was_my_request_denied {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
