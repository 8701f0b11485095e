//! The settings of a policy, kept until `build` validates them. The one file that reads the process's environment.

use std::{ffi::OsStr, fmt, path::Path, sync::Arc, time::Duration};

#[cfg(feature = "lookup")]
use super::origin_lookup::OriginLookup;
use super::{
    compile::compile,
    env,
    files::OriginFile,
    policy::CorsPolicy,
    setting::{Flag, ListKind, Setting, SettingKind},
    sources::Sources,
};
use crate::{
    error::{PolicyErrorKind, PolicyErrors, Violation},
    http::RequestHead,
    location::Location,
    origin::{EntryTexts, Origin},
    settings::{self, SettingName, Words},
};

/// Collects the settings of a policy; [`build`](Self::build) validates all of them at once.
///
/// Setters never fail. The order of calls affects no decision, only the order of the lists that are sent. For a
/// conditional setting, use `if`:
///
/// ```
/// # use actix_cors_policy::CorsPolicy;
/// # let development = true;
/// let mut builder = CorsPolicy::builder().allow_origin("https://app.example.com");
/// if development {
///     builder = builder.allow_origin("http://localhost:*");
/// }
/// let policy = builder.build()?;
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
///
/// # What an entry of the allowlist may be
///
/// | entry | admits |
/// | --- | --- |
/// | `https://app.example.com` | exactly this origin |
/// | `https://*.example.com` | hosts of one or more labels before `.example.com`; not `example.com` itself |
/// | `http://localhost:*` | any port, the default one included |
/// | `https://*.example.com:*` | such hosts, with any port |
/// | `null` | opaque origins: sandboxed frames, files, some redirects. Any page can have it; never with credentials |
///
/// A host that ends in a dot is another host: `app://.` is the origin of many packaged Electron apps, and a page has
/// `https://app.example.com.` if its address was typed with the dot. An entry with `*` never admits such a host.
///
/// Browsers send origins in one form only. An entry in another form could never match, and is refused:
///
/// ```
/// use actix_cors_policy::{CorsPolicy, PolicyErrorKind as Kind};
///
/// for (refused, kind) in [
///     ("https://app.example.com/", Kind::Path),
///     ("https://app.example.com?q", Kind::Path),
///     ("https://user@app.example.com", Kind::UserInfo),
///     ("https://App.example.com", Kind::UpperCase),
///     ("https://résumé.example.com", Kind::NonAscii),
///     ("https://app.example.com:443", Kind::DefaultPort),
///     ("https://app.example.com:99999", Kind::Port),
///     ("http://127.1", Kind::IpAddress),
///     ("app.example.com", Kind::Scheme),
///     ("file://localhost", Kind::OpaqueScheme),
///     ("https://*example.com", Kind::Wildcard),
///     ("https://*.com", Kind::PublicSuffix),
///     ("https://app.example.com https://b.example.com", Kind::WhiteSpace),
///     ("*", Kind::Wildcard),
///     ("", Kind::Empty),
/// ] {
///     let errors = CorsPolicy::builder().allow_origin(refused).build().unwrap_err();
///     assert_eq!(errors.as_slice()[0].kind(), kind, "{refused}");
/// }
/// for permitted in [
///     "https://app.example.com",
///     "https://app.example.com:8443",
///     "https://*.example.com",
///     "http://localhost:*",
///     "http://127.0.0.1:3000",
///     "http://[::1]",
///     "https://xn--rsum-bpad.example.com",
///     "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
///     "app://.",
///     "null",
/// ] {
///     CorsPolicy::builder().allow_origin(permitted).build()?;
/// }
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
///
/// # What a regex may admit
///
/// A regex is checked by the serialized origins that it matches as a whole. It is refused if it
///
/// - matches no origin: it has a path, upper case, no scheme, or a default port;
/// - admits more than four schemes;
/// - admits more than sixteen domains, counted by the [public suffix list](https://publicsuffix.org/): `example.com`
///   and all hosts below it count as one. Each host without a domain, such as `intranet`, counts as one;
/// - admits every name below a suffix where anyone can have a name (`https://[a-z]+\.github\.io`), or a host below each
///   such name (`https://main\.[a-z0-9]+\.amplifyapp\.com`);
/// - admits two or more addresses outside loopback and the private ranges;
/// - is written like an entry: as a regex, `https://*.example.com` admits `https://xexample.com`, and `:*` at the end
///   means any number of colons;
/// - has a range of numbers in brackets, such as `:[3000-3999]`: in a regex, brackets stand for one character;
/// - is too large to be checked, and does not end in a literal domain.
///
/// The error shows an admitted origin and, if one can be derived, a regex that would not be refused.
///
/// A policy may have at most 2500 regexes. At most 256 of them may have the same end. The end is what follows the last
/// variable part: `.example.com` in `https://pr-\d+\.example\.com`. A regex that ends in an optional port has an empty
/// end. For more hosts, use pattern entries (a million are possible), alternatives in one regex, or
/// [`allow_origin_fn`](Self::allow_origin_fn).
///
/// With [`danger_allow_lax_regexes`](Self::danger_allow_lax_regexes), a refused regex only causes a warning. A regex
/// that admits *some* names that anyone can take (`https://acme-[a-z]+\.vercel\.app`, `chrome-extension://.*`) causes a
/// warning, and is refused with credentials. The same applies to a regex that admits plain `http` outside loopback.
///
/// A choice within a label of a domain also causes a warning, and is refused with credentials. It is a part that begins
/// or ends in the middle of a label, and that can be missing, repeated, or one of several.
/// `https://(www)?example\.com` admits `https://wwwexample.com`, which anyone can register, and
/// `https://example\.co(m|\.uk)` has a choice too. A choice between whole labels causes no warning:
/// `https://(www\.)?example\.(com|co\.uk)`, `https://(example|example-cdn)\.com`. The part before the domain may vary,
/// as in `https://(dev-|staging-)?api\.example\.com`. A class such as `[0-9]` counts as a list of letters. The message
/// shows two of the domains, and what you may have meant.
///
/// ```
/// use actix_cors_policy::{CorsPolicy, PolicyErrorKind as Kind};
///
/// for (refused, kind) in [
///     (r"https://.*example\.com", Kind::LaxRegex),         // https://evilexample.com
///     ("https://app.example.com", Kind::LaxRegex),         // https://appxexample.com
///     (r"https://app\.example\.com.*", Kind::LaxRegex),    // https://app.example.com.evil.net
///     (r"https://example\.[a-z]+", Kind::LaxRegex),        // https://example.net
///     (r".*\.example\.com", Kind::LaxRegex),               // any scheme
///     (r"http://192\.168\..*", Kind::LaxRegex),            // http://192.168.evil.net
///     (r"http://\d+\.\d+\.\d+\.\d+", Kind::LaxRegex),
///     (r"https://app\.example\.com/.*", Kind::RegexNeverMatches),
///     (r"https://App\.example\.com", Kind::RegexNeverMatches),
///     (r"app\.example\.com", Kind::RegexNeverMatches),
///     ("https://*.example.com", Kind::Wildcard),
///     ("https://(a", Kind::RegexSyntax),
///     ("(?u)https://a", Kind::RegexSyntax),
///     (r"https://résumé\.example\.com", Kind::NonAscii),
///     ("https://app\x1b", Kind::WhiteSpace),
/// ] {
///     let errors = CorsPolicy::builder().allow_origin_regex(refused).build().unwrap_err();
///     assert_eq!(errors.as_slice()[0].kind(), kind, "{refused}");
/// }
/// for permitted in [
///     r"https://[a-z0-9-]+\.example\.com",
///     r"https://.*\.example\.com",
///     r"https://(app|admin)\.example\.com(:\d+)?",
///     r"^https://(.+\.)?example\.(com|org)$",
///     r"https?://localhost:\d+",
///     r"http://192\.168\.\d+\.\d+",
///     r"(?i)https://app\.example\.com",
/// ] {
///     CorsPolicy::builder().allow_origin_regex(permitted).build()?;
/// }
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct CorsPolicyBuilder {
    settings: Vec<Setting>,
    sources: Sources,
}

impl CorsPolicy {
    /// A builder with no settings. The defaults are: no origin source (which [`build`](CorsPolicyBuilder::build)
    /// refuses), the methods `GET`, `HEAD` and `POST`, no request header beyond the
    /// [safelisted ones](https://fetch.spec.whatwg.org/#cors-safelisted-request-header), no exposed header, no
    /// credentials, no `Access-Control-Max-Age`, status 204 for preflights.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let errors = CorsPolicy::builder().build().unwrap_err();
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "build: no setting says which origins are allowed \
    ///      (call allow_origin(…) or another of its kind, or allow_no_origin())"
    /// );
    /// ```
    pub fn builder() -> CorsPolicyBuilder {
        CorsPolicyBuilder::default()
    }

    /// The policy from the process's variables with the prefix `CORS_`.
    ///
    /// [Environment](crate::guides::environment) has all variables. An unset variable means the default.
    ///
    /// ```
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// fn main() -> std::io::Result<()> {
    ///     # if std::env::var_os("CORS_ALLOWED_ORIGINS").is_none() { return Ok(()); }
    ///     let cors = Cors::new(CorsPolicy::from_env()?); // an error ends the program before it serves
    ///     // HttpServer::new(move || App::new().wrap(cors.clone()) …
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// All errors: values that [`build`](CorsPolicyBuilder::build) refuses; a variable that is empty, is not Unicode,
    /// or has a name close to one in the table; and no variable that says which origins are allowed.
    pub fn from_env() -> Result<Self, PolicyErrors> {
        Self::from_env_with_prefix(env::PREFIX)
    }

    /// The policy from variables with another prefix, which includes the underscore: `ADMIN_CORS_` reads
    /// `ADMIN_CORS_ALLOWED_ORIGINS` and so on. If the program also calls [`from_env`](Self::from_env), do not begin the
    /// prefix with `CORS_`: `from_env` would warn of these variables as unknown.
    ///
    /// ```
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// fn main() -> std::io::Result<()> {
    ///     # if std::env::var_os("CORS_ALLOWED_ORIGINS").is_none() { return Ok(()); }
    ///     let cors = Cors::new(CorsPolicy::from_env()?)
    ///         .at("/admin", CorsPolicy::from_env_with_prefix("ADMIN_CORS_")?)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env); and if `prefix` is empty or lacks the underscore.
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, PolicyErrors> {
        Self::builder().with_env_prefix(prefix).build()
    }

    /// The policy from given variables; the process's are not read. For tests and tools.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let errors = CorsPolicy::from_vars("CORS_", [
    ///     ("CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example/"),
    ///     ("CORS_ALLOWED_METHOD", "PUT"),
    /// ])
    /// .unwrap_err();
    ///
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "CORS_ALLOWED_ORIGINS, entry 2: origin must not have a path: `https://b.example/` \
    /// (write `https://b.example`)\n\
    ///      CORS_ALLOWED_METHOD: variable is unknown (did you mean `CORS_ALLOWED_METHODS`? \
    ///      Rename it; or, if another program reads it, set `CORS_ALLOWED_METHODS` as well)"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_env_with_prefix`](Self::from_env_with_prefix).
    pub fn from_vars<N, V>(
        prefix: &str,
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, PolicyErrors>
    where
        N: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        Self::builder().with_vars(prefix, vars).build()
    }
}

impl CorsPolicyBuilder {
    /// Allows the origins that one [entry](Self#what-an-entry-of-the-allowlist-may-be) admits.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    ///
    /// let may_read = |origin| policy.explain(&CorsRequest::actual(origin, "GET")).is_allowed();
    /// assert!(may_read("https://app.example.com"));
    /// assert!(!may_read("http://app.example.com"), "another scheme");
    /// assert!(!may_read("https://app.example.com:8443"), "another port");
    /// assert!(!may_read("https://www.app.example.com"), "another host");
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "allowed_origin")]
    pub fn allow_origin(self, entry: impl AsRef<str>) -> Self {
        self.set_text(settings::ORIGIN, ListKind::Origins, entry.as_ref())
    }

    /// Allows the origins that any of several [entries](Self#what-an-entry-of-the-allowlist-may-be) admits. An empty
    /// list adds nothing, and is an error if nothing else says which origins are allowed.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origins(["https://*.example.com", "http://localhost:*"])
    ///     .allow_origins("https://a.example,https://b.example".split(','))
    ///     .build()?;
    ///
    /// let may_read = |origin| policy.explain(&CorsRequest::actual(origin, "GET")).is_allowed();
    /// assert!(may_read("https://shop.eu.example.com"));
    /// assert!(!may_read("https://example.com"), "it needs an entry of its own");
    /// assert!(may_read("http://localhost") && may_read("http://localhost:5173"));
    /// assert!(may_read("https://b.example"));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_origins(self, entries: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(settings::ORIGINS, ListKind::Origins, entries)
    }

    /// Allows the origins that a regex matches as a whole, whether it is anchored or not.
    ///
    /// The syntax is that of the [`regex`](https://docs.rs/regex/latest/regex/#syntax) crate without Unicode: `\d` is
    /// `[0-9]`. Inline flags such as `(?x)` work, except `u`. The compiled size is limited. An opaque origin (`null`)
    /// never reaches a regex.
    ///
    /// The text must be ASCII without control characters. Write control characters as in `\x1b`, and a label in another
    /// script in punycode. White space and comments under `(?x)` may have any characters.
    ///
    /// # Security
    ///
    /// A regex that admits other people's hosts is refused, as far as [that can be known](Self#what-a-regex-may-admit).
    /// Only you know whether all admitted hosts are yours. An entry such as `https://*.example.com` is simpler.
    ///
    /// ```
    /// # use actix_cors_policy::CorsPolicy;
    /// CorsPolicy::builder()
    ///     .allow_origin_regex(r"https://pr-[0-9]+\.example\.dev")
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_origin_regex(self, regex: impl AsRef<str>) -> Self {
        self.set_text(
            settings::ORIGIN_REGEXES,
            ListKind::OriginRegexes,
            regex.as_ref(),
        )
    }

    /// Allows the origins for which `predicate` returns true.
    ///
    /// It is called for well-formed origins that no entry or regex admits. Predicates are called in the order given,
    /// and must not block or panic. The second argument is the head of the request. A preflight is a request of its
    /// own: its head has no credentials, and only the names of the headers that the page sets. So decide by what the
    /// head of a preflight and that of an actual request both have, such as the path or the host. Read the host with
    /// [`request_host`](crate::request_host()): over HTTP/2 it is `:authority`, and there is no `Host`. If the answer
    /// depends on request headers, name them in [`vary_on`](Self::vary_on), or a cache may send one client the answer
    /// for another.
    ///
    /// # Security
    ///
    /// Compare whole parts. `origin.as_str().starts_with("http://localhost")` admits `http://localhost.evil.example`.
    ///
    /// ```
    /// # use actix_cors_policy::CorsPolicy;
    /// CorsPolicy::builder()
    ///     .allow_origin_fn(|origin, _head| {
    ///         origin.scheme() == "https" && ["a.example", "b.example"].contains(&origin.host())
    ///     })
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "allowed_origin_fn")]
    pub fn allow_origin_fn<F>(self, predicate: F) -> Self
    where
        F: Fn(&Origin<'_>, &RequestHead) -> bool + Send + Sync + 'static,
    {
        self.set(
            settings::ORIGIN_FN,
            SettingKind::OriginPredicate(Arc::new(predicate)),
        )
    }

    /// Allows the origins for which a look-up in a database or a service says so.
    ///
    /// The look-up is asked about well-formed origins that no entry, regex or predicate admits. So list the origins
    /// that must always work, such as your own, as entries. A policy can have one look-up. In the load of a
    /// [follower](crate::CorsHandle::follow), use clones of one [`OriginLookup`]: with a new one, each load replaces
    /// the policy and forgets all answers.
    ///
    /// Preflights, actual requests and [rejection](Self::reject_denied_origins) wait for the answer.
    /// [`explain`](CorsPolicy::explain) does not ask: it says that the look-up decides.
    ///
    /// # Security
    ///
    /// Compare the whole origin with what is stored, `WHERE origin = $1`. A pattern with `LIKE` admits the origins of
    /// others, and so does a column that tenants fill without a check: before you store what they enter, check it with
    /// [`allow_origin`](Self::allow_origin) and `build`. With credentials, a warning reminds you of this.
    ///
    /// An origin that is removed from the database stays allowed for as long as an answer [is
    /// kept](OriginLookup::keep_allowed).
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, OriginLookup};
    ///
    /// # struct Pool; impl Pool { async fn has(&self, _: &str) -> std::io::Result<bool> { Ok(true) } }
    /// # let pool = std::sync::Arc::new(Pool);
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_origin_lookup(OriginLookup::new(move |query| {
    ///         let pool = pool.clone();
    ///         async move { pool.has(query.origin()).await }
    ///     }))
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[cfg(feature = "lookup")]
    pub fn allow_origin_lookup(self, lookup: OriginLookup) -> Self {
        self.set(settings::ORIGIN_LOOKUP, SettingKind::OriginLookup(lookup))
    }

    /// Allows the origins that the entries in one environment variable admit. Its form is that of
    /// [`CORS_ALLOWED_ORIGINS`](crate::guides::environment): entries separated by commas or line breaks, `*` alone, or `none`
    /// alone. [`build`](Self::build) reads it.
    ///
    /// An unset variable adds no origin; an empty one is an error.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // PREVIEW_ORIGINS=https://*.preview.example.com adds to what the code allows.
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_origins_from_env("PREVIEW_ORIGINS")
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_origins_from_env(self, variable: impl AsRef<str>) -> Self {
        self.set(
            settings::ORIGINS_FROM_ENV,
            SettingKind::OriginsFromEnv(variable.as_ref().to_owned()),
        )
    }

    /// Allows the origins that the entries of a file admit, one entry per line. [`build`](Self::build) reads it.
    ///
    /// `#` begins a comment, also after an entry. Windows line ends and a byte order mark at the start are allowed. The
    /// file must be a regular one (or a link to one), in UTF-8, at most 256 MiB, with at least one entry; `*` and
    /// `none` have their own setters. A relative path starts from the process's working directory. This is the same as
    /// `CORS_ALLOWED_ORIGINS_FILE`.
    ///
    /// At most the first hundred errors are shown, then the number of the others. The
    /// [location](crate::Location::line) of an error has the path and the line. If no line is an entry, the path may be
    /// wrong. Then, if there are more than three lines, or one that is not even like an origin, no line is shown.
    /// [`CorsHandle::follow_files`](crate::CorsHandle::follow_files) builds the policy again when the file changes.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// # let path = std::env::temp_dir().join(format!("origins-{}.txt", std::process::id()));
    /// std::fs::write(&path, "https://app.example.com # the shop\nhttps://b.example/\n")?;
    /// let errors = CorsPolicy::builder().allow_origins_from_file(&path).build().unwrap_err();
    ///
    /// let location = errors.as_slice()[0].location();
    /// assert_eq!(location.setting(), "allow_origins_from_file");
    /// assert_eq!(location.file(), Some(&*path));
    /// assert_eq!(location.line(), Some(2));
    /// # std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn allow_origins_from_file(self, path: impl AsRef<Path>) -> Self {
        self.set(
            settings::ORIGINS_FILE,
            SettingKind::OriginsFromFile(path.as_ref().to_owned()),
        )
    }

    /// Adds the settings of all environment variables that begin with `CORS_`, like [`CorsPolicy::from_env`].
    /// [`build`](Self::build) reads them.
    ///
    /// Lists are combined. If two sources set a boolean or a number differently, `false` included, an error names both.
    /// To let one source override another, merge them before, as the crates `config` and `figment` do.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // What the code always allows, and what the environment adds.
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_headers(["content-type"])
    ///     .with_env()
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn with_env(self) -> Self {
        self.with_env_prefix(env::PREFIX)
    }

    /// Adds the settings of all environment variables with another prefix, which includes the underscore.
    /// [`build`](Self::build) reads them.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // SHOP_CORS_ALLOWED_ORIGINS and so on.
    /// let mut builder = CorsPolicy::builder().with_env_prefix("SHOP_CORS_");
    /// if cfg!(debug_assertions) {
    ///     builder = builder.allow_origin("http://localhost:*");
    /// }
    /// # builder = builder.allow_origin("https://app.example.com");
    /// let policy = builder.build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn with_env_prefix(mut self, prefix: impl AsRef<str>) -> Self {
        let prefix = prefix.as_ref();
        let is_it = |setting: &Setting| matches!(&setting.kind, SettingKind::AllFromEnv(known) if known == prefix);
        if self.settings.iter().any(is_it) {
            // The same variables again say nothing new.
            return self;
        }
        self.sources.add(Words::Variables(prefix.into()));
        let location = Location::setter("with_env_prefix");
        let kind = SettingKind::AllFromEnv(prefix.to_owned());
        self.settings.push(Setting::new(location, kind));
        self
    }

    /// Adds the settings of given variables; the process's are not read. For tests and tools.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let errors = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_credentials()
    ///     .with_vars("CORS_", [("CORS_ALLOW_CREDENTIALS", "false")])
    ///     .build()
    ///     .unwrap_err();
    ///
    /// assert_eq!(
    ///     errors.to_string(),
    ///     "CORS_ALLOW_CREDENTIALS: allow_credentials is set twice, with different values: `false` \
    ///      (allow_credentials sets it to `true`; remove one of them)"
    /// );
    /// ```
    pub fn with_vars<N, V>(mut self, prefix: &str, vars: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        self.sources.add(Words::Variables(prefix.into()));
        self.settings.extend(env::settings(prefix, vars));
        self
    }

    /// Allows any origin, opaque ones included: `Access-Control-Allow-Origin: *`. Refused together with any other source of
    /// origins, and with credentials.
    ///
    /// # Security
    ///
    /// Every page on the web may read the answers, even if only some networks can reach the server.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let fonts = CorsPolicy::builder().allow_any_origin().build()?;
    ///
    /// let explained = fonts.explain(&CorsRequest::actual("https://any.example", "GET"));
    /// assert!(explained.headers().any(|header| header == ("access-control-allow-origin", "*")));
    ///
    /// // Cookies and `*` exclude each other.
    /// assert!(CorsPolicy::builder().allow_any_origin().allow_credentials().build().is_err());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "permissive")]
    #[doc(alias = "send_wildcard")]
    pub fn allow_any_origin(self) -> Self {
        self.set(settings::ANY_ORIGIN, SettingKind::AnyOrigin)
    }

    /// Allows no origin. A policy must say which origins are allowed, so this says it too. Use it for a policy that
    /// [rejects](Self::reject_denied_origins) what pages of all other origins send. Without this rejection, the policy
    /// is the same as [`CorsPolicy::deny_all`].
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest, Outcome};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_no_origin()
    ///     .reject_denied_origins()
    ///     .own_origins(["https://shop.example.com"])
    ///     .build()?;
    ///
    /// let from = |origin| {
    ///     let request = CorsRequest::actual(origin, "POST").to("https://shop.example.com/orders");
    ///     policy.explain(&request).outcome()
    /// };
    /// assert_eq!(from("https://shop.example.com"), Outcome::SameOrigin);
    /// assert_eq!(from("https://evil.example"), Outcome::Rejected);
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_no_origin(self) -> Self {
        self.set(settings::NO_ORIGIN, SettingKind::NoOrigin)
    }

    /// Names request headers that a [predicate](Self::allow_origin_fn) reads; they are added to `Vary` on every
    /// response.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // Each tenant has pages of its own.
    /// CorsPolicy::builder()
    ///     .allow_origin_fn(|origin, head| {
    ///         let tenant = head.headers().get("x-tenant").map(|name| name.as_bytes());
    ///         match tenant {
    ///             Some(b"acme") => origin.as_str() == "https://acme.example",
    ///             Some(b"shop") => origin.as_str() == "https://shop.example",
    ///             _ => false,
    ///         }
    ///     })
    ///     .vary_on(["x-tenant"])
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn vary_on(self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(settings::VARY_ON, ListKind::Vary, names)
    }

    /// Allows methods in addition to `GET`, `HEAD` and `POST`, which are always allowed
    /// ([CORS-safelisted methods](https://fetch.spec.whatwg.org/#cors-safelisted-method)). Methods are case-sensitive.
    /// `OPTIONS` need not be allowed: a preflight is not sent by the page, and asks for the method of the actual
    /// request.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_methods(["PUT", "PATCH"])
    ///     .build()?;
    ///
    /// let may_send = |method| {
    ///     policy.explain(&CorsRequest::actual("https://app.example.com", method)).is_allowed()
    /// };
    /// assert!(may_send("PUT") && may_send("POST"));
    /// assert!(!may_send("DELETE"));
    /// assert!(may_send("put"), "browsers send it in capitals");
    /// assert!(!may_send("patch"), "browsers send it as it is");
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "allowed_methods")]
    pub fn allow_methods(self, methods: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(settings::METHODS, ListKind::Methods, methods)
    }

    /// Allows any method except those that the Fetch standard forbids. It is sent as `*`; with credentials, the
    /// requested method is sent.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_any_method()
    ///     .build()?;
    ///
    /// let may_send = |method| {
    ///     policy.explain(&CorsRequest::actual("https://app.example.com", method)).is_allowed()
    /// };
    /// assert!(may_send("DELETE") && may_send("PROPFIND"));
    /// assert!(!may_send("TRACE"), "forbidden in browsers");
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_any_method(self) -> Self {
        self.set(settings::ANY_METHOD, SettingKind::AnyMethod)
    }

    /// Allows request headers for which browsers ask: all except the
    /// [safelisted ones](https://fetch.spec.whatwg.org/#cors-safelisted-request-header). Names compare
    /// case-insensitively.
    ///
    /// Whether a header is safelisted depends on its value too: a browser asks for `content-type` if it is
    /// `application/json`, so an API that accepts JSON must list it. Every name that a preflight asks for must be
    /// allowed.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_headers(["Content-Type", "Authorization"])
    ///     .build()?;
    ///
    /// let page = CorsRequest::actual("https://app.example.com", "POST");
    /// assert!(policy.explain(&page.clone().headers(["authorization", "content-type"])).is_allowed());
    /// let explained = policy.explain(&page.headers(["content-type", "x-csrf-token"]));
    /// assert_eq!(explained.reason(), Some("request header `x-csrf-token` is not allowed"));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "allowed_header")]
    #[doc(alias = "allowed_headers")]
    pub fn allow_headers(self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(settings::HEADERS, ListKind::Headers, names)
    }

    /// Allows any request header except `authorization`, as
    /// [the standard](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name) defines `*`. That one must
    /// also be named in [`allow_headers`](Self::allow_headers). With credentials, the requested names are sent instead
    /// of `*`.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let any = CorsPolicy::builder().allow_any_origin().allow_any_header();
    /// let page = CorsRequest::actual("https://app.example.com", "GET").headers(["authorization"]);
    /// assert!(!any.clone().build()?.explain(&page).is_allowed());
    /// assert!(any.allow_headers(["authorization"]).build()?.explain(&page).is_allowed());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_any_header(self) -> Self {
        self.set(settings::ANY_HEADER, SettingKind::AnyHeader)
    }

    /// Lets pages read response headers beyond the
    /// [safelisted ones](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name).
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .expose_headers(["X-Total-Count", "ETag"])
    ///     .build()?;
    ///
    /// let explained = policy.explain(&CorsRequest::actual("https://app.example.com", "GET"));
    /// let exposed = ("access-control-expose-headers", "X-Total-Count, ETag");
    /// assert!(explained.headers().any(|header| header == exposed));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn expose_headers(self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(settings::EXPOSED_HEADERS, ListKind::Exposed, names)
    }

    /// Lets pages read any response header except `set-cookie`. It is sent as `*`. With credentials, the names of the
    /// headers of the response are sent instead, `vary` included; safelisted names are left out, and a 304 has no list.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .expose_any_header()
    ///     .build()?;
    ///
    /// let explained = policy.explain(&CorsRequest::actual("https://app.example.com", "GET"));
    /// assert!(explained.headers().any(|header| header == ("access-control-expose-headers", "*")));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn expose_any_header(self) -> Self {
        self.set(settings::EXPOSE_ANY_HEADER, SettingKind::AnyExposed)
    }

    /// Lets pages send credentials (cookies, client certificates, HTTP authentication) and read the answers. Default:
    /// off. It is refused with any origin, with `null`, with entries and regexes that admit plain `http` outside
    /// loopback or names that anyone can take (such as some below `vercel.app`), and with regexes that have a
    /// [choice within a label](Self#what-a-regex-may-admit) of a domain.
    ///
    /// A token that the page itself sets, as in `Authorization: Bearer …`, is not a credential here. It needs
    /// `allow_headers(["authorization"])` instead.
    ///
    /// # Security
    ///
    /// What a predicate admits is not checked: it must compare the scheme and name hosts that are yours. An origin that
    /// is allowed with credentials can do whatever its visitors can do, and read what they can read. See
    /// [CORS protocol and credentials](https://fetch.spec.whatwg.org/#cors-protocol-and-credentials).
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .allow_credentials()
    ///     .build()?;
    ///
    /// // fetch(url, { credentials: "include" })
    /// let page = CorsRequest::actual("https://app.example.com", "GET").credentials();
    /// let explained = policy.explain(&page);
    /// assert!(explained.is_allowed());
    /// assert!(explained.headers().any(|header| header == ("access-control-allow-credentials", "true")));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "supports_credentials")]
    pub fn allow_credentials(self) -> Self {
        self.set(
            settings::CREDENTIALS,
            SettingKind::Flag(Flag::Credentials, true),
        )
    }

    /// Allows the origins that these [entries](Self#what-an-entry-of-the-allowlist-may-be) admit, with credentials.
    /// Other allowed origins stay without credentials. Use it for an API that any page may read, and whose own pages
    /// use cookies.
    ///
    /// Such an origin gets its own bytes and `Access-Control-Allow-Credentials: true`. Any other gets the same answer
    /// as without this setting: `*` if any origin is allowed. Entries that are refused with
    /// [credentials](Self::allow_credentials) are refused here too. Another source of origins is needed too. It is an
    /// error to combine this with `allow_credentials` or
    /// [`danger_omit_vary_for_any_origin`](Self::danger_omit_vary_for_any_origin).
    ///
    /// # Security
    ///
    /// As for [`allow_credentials`](Self::allow_credentials). Pages of other origins can still *send* cookies with requests
    /// that need no preflight, such as forms; they cannot read the response. Protect the handlers against cross-site request
    /// forgery all the same.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_any_origin()
    ///     .allow_credentials_for(["https://www.example.com"])
    ///     .build()?;
    ///
    /// let own = CorsRequest::actual("https://www.example.com", "GET");
    /// let other = CorsRequest::actual("https://other.example", "GET");
    /// assert!(policy.explain(&own.credentials()).is_allowed());
    /// assert!(policy.explain(&other.clone()).is_allowed());
    /// assert!(!policy.explain(&other.credentials()).is_allowed());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn allow_credentials_for(self, entries: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.set_list(
            settings::CREDENTIALS_FOR,
            ListKind::CredentialOrigins,
            entries,
        )
    }

    /// How long a browser may keep the answer to a preflight: whole seconds, at most 86 400. By default, the header is
    /// not sent, and browsers keep the answer for 5 seconds. With zero, they do not keep it. Chromium keeps no answer
    /// for more than 7 200 seconds, Safari for more than 600.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let public = CorsPolicy::builder().allow_any_origin().allow_methods(["PUT"]);
    /// let policy = public.clone().max_age(Duration::from_secs(7200)).build()?; // two hours
    /// assert!(policy.warnings().iter().all(|warning| !warning.to_string().contains("max_age")));
    ///
    /// let week = Duration::from_secs(7 * 24 * 60 * 60);
    /// assert!(public.max_age(week).build().is_err());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn max_age(self, age: Duration) -> Self {
        self.set(
            settings::MAX_AGE,
            SettingKind::MaxAge(age, format!("{age:?}")),
        )
    }

    /// The status of allowed preflights: 200 to 299. Default: 204.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// // For an old device that accepts only 200.
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .preflight_status(200)
    ///     .build()?;
    ///
    /// let preflight = CorsRequest::preflight("https://app.example.com", "POST");
    /// assert_eq!(policy.explain(&preflight).status(), Some(200));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn preflight_status(self, status: u16) -> Self {
        self.set(
            settings::PREFLIGHT_STATUS,
            SettingKind::PreflightStatus(status.into(), status.to_string()),
        )
    }

    /// Permits plain `http` origins outside loopback together with credentials.
    ///
    /// # Security
    ///
    /// Anyone between the browser and such an origin can act as that origin, and read and do what its visitors can.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // A laboratory whose network is trusted.
    /// let lab = CorsPolicy::builder().allow_origin("http://panel.lab.example").allow_credentials();
    /// assert!(lab.clone().build().is_err());
    /// let policy = lab.danger_allow_insecure_origins().build()?;
    /// assert!(!policy.warnings().is_empty());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn danger_allow_insecure_origins(self) -> Self {
        self.set(
            settings::INSECURE_ORIGINS,
            SettingKind::Flag(Flag::InsecureOrigins, true),
        )
    }

    /// Permits the subdomains of a public suffix, such as `https://*.co.uk` or `https://*.github.io`.
    ///
    /// # Security
    ///
    /// Anyone can register a name there, and read what the policy lets them read.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // The demonstration pages of many authors.
    /// let pages = CorsPolicy::builder().allow_origin("https://*.github.io");
    /// assert!(pages.clone().build().is_err());
    /// let policy = pages.danger_allow_public_suffix_subdomains().build()?;
    /// assert!(!policy.warnings().is_empty());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn danger_allow_public_suffix_subdomains(self) -> Self {
        self.set(
            settings::PUBLIC_SUFFIX_SUBDOMAINS,
            SettingKind::Flag(Flag::PublicSuffixSubdomains, true),
        )
    }

    /// Permits regexes that would be [refused](Self::allow_origin_regex) for what they admit, or because they admit
    /// nothing. They cause [warnings](CorsPolicy::warnings) instead. With credentials, it also permits names that
    /// anyone can take, and choices within a label.
    ///
    /// # Security
    ///
    /// Most refused regexes admit origins that an attacker can have; the error shows one. A regex that is too large is
    /// not checked. It may admit plain `http`, so credentials need
    /// [`danger_allow_insecure_origins`](Self::danger_allow_insecure_origins) too.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let lax = CorsPolicy::builder().allow_origin_regex(r"https://example\.[a-z]+");
    /// assert!(lax.clone().build().is_err(), "it admits https://example.net");
    /// let policy = lax.danger_allow_lax_regexes().build()?;
    /// assert!(!policy.warnings().is_empty());
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn danger_allow_lax_regexes(self) -> Self {
        self.set(
            settings::LAX_REGEXES,
            SettingKind::Flag(Flag::LaxRegexes, true),
        )
    }

    /// Omits `Vary: Origin` from the responses of a policy that allows any origin.
    ///
    /// # Security
    ///
    /// The responses do not depend on `Origin` as long as the policy stays as it is. When it changes, caches still send
    /// answers of the old policy: to origins that the new policy denies, and with `*` to pages with credentials, which
    /// may not read them.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_any_origin()
    ///     .danger_omit_vary_for_any_origin()
    ///     .build()?;
    ///
    /// let explained = policy.explain(&CorsRequest::actual("https://app.example.com", "GET"));
    /// assert!(explained.headers().all(|(name, _)| name != "vary"));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "disable_vary_header")]
    pub fn danger_omit_vary_for_any_origin(self) -> Self {
        self.set(
            settings::OMIT_VARY_FOR_ANY_ORIGIN,
            SettingKind::Flag(Flag::OmitVaryForAnyOrigin, true),
        )
    }

    /// Rejects requests that pages of other people send: 403 and an empty body, without the handler. Default: such
    /// requests reach the handler, and the page may not read the answer.
    ///
    /// The right to read is not the right to act. So these are rejected:
    ///
    /// - an actual request of a denied origin, whatever its method; also WebSocket handshakes, which CORS does not cover
    ///   (cross-site WebSocket hijacking);
    /// - a request without `Origin` that may change something (any method but `GET`, `HEAD`, `OPTIONS`), if the
    ///   browser's `Sec-Fetch-Site` is `cross-site` or `same-site`;
    /// - such a request of an allowed origin that [may not use credentials](Self::allow_credentials), if it carries
    ///   `Cookie`, or if it is a form or a beacon (`Sec-Fetch-Mode: navigate` or `no-cors`), which pages cannot send
    ///   without cookies. HTTP authentication and client certificates cannot be recognized.
    ///
    /// A request that is same-origin is never rejected. Of these rules, the first one that applies decides:
    ///
    /// 1. If [`own_origins`](Self::own_origins) are given, the origin must be one of them, or the request must have
    ///    `Sec-Fetch-Site: same-origin` and the host of one of them.
    /// 2. With `Sec-Fetch-Site: same-origin`, the request is same-origin; with `same-site` or `cross-site`, it is not.
    /// 3. Otherwise, `Origin` must have the scheme, the host and the port of the request. With TLS, the scheme is
    ///    `https`. Without TLS, it is `http` or `https`, because a proxy may have received the request over TLS. If a
    ///    proxy does not forward the host, see [`own_origins`](Self::own_origins) and
    ///    [`danger_trust_forwarded_headers`](Self::danger_trust_forwarded_headers).
    ///
    /// The host is that of [`request_host`](crate::request_host()): `:authority` over HTTP/2, `Host` over HTTP/1.1.
    /// `Origin: null` is same-origin only by `Sec-Fetch-Site`. A request with neither `Origin` nor `Sec-Fetch-Site`
    /// does not come from a page of another site in a current browser, and is not rejected.
    ///
    /// Some paths are made for requests of other sites: a return from a login or a payment by a form (`OpenID` Connect
    /// with `form_post`, SAML, 3-D Secure), a beacon, a report. Give such a path a policy that rejects nothing, as
    /// `cors.at("/login/callback", CorsPolicy::deny_all())`; see [`Cors::at`](crate::Cors::at).
    ///
    /// # Security
    ///
    /// This is not access control: programs that are not browsers send what they like. Against cross-site request
    /// forgery, it does not protect a `GET` that changes something, because browsers send no `Origin` with `GET`
    /// requests for images, scripts or links. Without [`own_origins`](Self::own_origins), a page whose name was rebound
    /// to the address of this service counts as same-origin.
    ///
    /// ```
    /// # use actix_cors_policy::CorsPolicy;
    /// CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .reject_denied_origins()
    ///     .own_origins(["https://api.example.com"])
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[doc(alias = "block_on_origin_mismatch")]
    pub fn reject_denied_origins(self) -> Self {
        self.set(
            settings::REJECT_DENIED_ORIGINS,
            SettingKind::Flag(Flag::RejectDeniedOrigins, true),
        )
    }

    /// Sets the origins at which browsers reach this service, for
    /// [`reject_denied_origins`](Self::reject_denied_origins): one or more exact `http` or `https` origins. The
    /// connection and forwarded headers are then not read. The [host](crate::request_host()) (`:authority`, `Host`) is
    /// read for a request with `Origin: null`, so a proxy should forward it. Pages of these origins are not rejected,
    /// and may read each other's answers only if they are allowed too.
    ///
    /// # Security
    ///
    /// This prevents DNS rebinding for all requests that have an `Origin`. In this attack, `evil.example` is changed to
    /// point to this service. The browser treats its page as same-origin, and sends the `Origin` and the host of
    /// `evil.example`, which are not among these. A same-origin `GET` or `HEAD` has no `Origin` and is not rejected.
    /// Against those, admit only the service's own hosts, with a proxy or [`guard::Host`].
    ///
    /// [`guard::Host`]: https://docs.rs/actix-web/latest/actix_web/guard/fn.Host.html
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, CorsRequest, Outcome};
    ///
    /// let policy = CorsPolicy::builder()
    ///     .allow_origin("https://app.example.com")
    ///     .reject_denied_origins()
    ///     .own_origins(["https://api.example.com"])
    ///     .build()?;
    ///
    /// // `rebound.example` is a name that was made to point at this server.
    /// let rebound = CorsRequest::actual("http://rebound.example", "POST").to("http://rebound.example/");
    /// assert_eq!(policy.explain(&rebound).outcome(), Outcome::Rejected);
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn own_origins(self, origins: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let count = self.settings.len();
        let builder = self.set_list(settings::OWN_ORIGINS, ListKind::OwnOrigins, origins);
        if builder.settings.len() > count {
            return builder;
        }
        // An empty list would silently leave it to the request to say what is same-origin.
        let violation = Violation::new(
            PolicyErrorKind::Empty,
            "own origins must not be an empty list",
            "name at least one, or do not call it",
        );
        let mistake = SettingKind::Mistake {
            value: None,
            violation,
            about_origins: false,
        };
        builder.set(settings::OWN_ORIGINS, mistake)
    }

    /// Trusts `Forwarded`, otherwise `X-Forwarded-Proto` and `X-Forwarded-Host`, to decide whether a request is
    /// same-origin ([`reject_denied_origins`](Self::reject_denied_origins)). Only the first of several elements is
    /// used. A port must be in the host; `X-Forwarded-Port` is not read. Missing values come from the connection. The
    /// headers are not read if [`own_origins`](Self::own_origins) are given, which is the better way.
    ///
    /// # Security
    ///
    /// Anyone who can send these headers past the proxy decides what is same-origin. Let the proxy set both, and remove
    /// those it received.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// // A proxy that sends `X-Forwarded-Proto` and `X-Forwarded-Host`, and not the original `Host`.
    /// CorsPolicy::builder()
    ///     .allow_no_origin()
    ///     .reject_denied_origins()
    ///     .danger_trust_forwarded_headers()
    ///     .build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn danger_trust_forwarded_headers(self) -> Self {
        self.set(
            settings::TRUST_FORWARDED_HEADERS,
            SettingKind::Flag(Flag::TrustForwardedHeaders, true),
        )
    }

    /// Lets denied preflights say why. For development. Default: off; the log has the reasons.
    ///
    /// A browser's console says only that a preflight failed, because a denied one has neither CORS response headers
    /// nor a success status. With this, if an allowed origin's preflight is denied for its method or a request header,
    /// it gets 200 with `Access-Control-Allow-Origin` and the allowed methods and headers. Then the console names the
    /// one that is not allowed. A preflight still gets 403 if it is denied for its origin, if no browser sends it, or
    /// if its method differs from an allowed one only in upper and lower case. Both get a `text/plain` body with the
    /// reasons and fixes of the log, escaped and limited in length. This setting does not change what is denied.
    ///
    /// # Security
    ///
    /// Anyone can ask whether an origin is allowed and which limit a request broke. Anyone who names an allowed origin
    /// can see the allowed methods and headers, which a preflight for `GET` shows too. The entries are not disclosed.
    /// The policy has a [warning](CorsPolicy::warnings) about it.
    ///
    /// ```
    /// # use actix_cors_policy::CorsPolicy;
    /// let mut builder = CorsPolicy::builder().allow_origin("https://app.example.com");
    /// if cfg!(debug_assertions) {
    ///     builder = builder.allow_origin("http://localhost:*").diagnostics();
    /// }
    /// # builder.build()?;
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    pub fn diagnostics(self) -> Self {
        self.set(
            settings::DIAGNOSTICS,
            SettingKind::Flag(Flag::Diagnostics, true),
        )
    }

    /// Validates all settings.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let errors = CorsPolicy::builder()
    ///     .allow_origins(["https://app.example.com", "https://b.example/login"])
    ///     .allow_methods(["patch"])
    ///     .build()
    ///     .unwrap_err();
    ///
    /// let settings: Vec<_> = errors.iter().map(|error| error.location().to_string()).collect();
    /// assert_eq!(settings, ["allow_origins, entry 2", "allow_methods, entry 1"]);
    /// ```
    ///
    /// # Errors
    ///
    /// All errors, in the order of the settings. [`PolicyErrorKind`] lists all kinds. The main ones are:
    ///
    /// - an entry that no browser could send (see [above](Self#what-an-entry-of-the-allowlist-may-be)), and subdomains
    ///   of a public suffix;
    /// - a regex that does not compile, or admits [too much or nothing](Self#what-a-regex-may-admit);
    /// - nothing that says which origins are allowed; any origin or `none` together with other origins;
    /// - credentials together with any origin, with `null`, with plain `http` other than loopback, or with names that
    ///   anyone can take;
    /// - malformed or forbidden method and header names;
    /// - a `max_age` over a day, or a preflight status outside 200–299;
    /// - a setting with two different values.
    ///
    /// Checking a regex takes one to a few milliseconds, or a fraction of a second if it is made to be slow. Checking
    /// anything else takes about a microsecond for each entry.
    pub fn build(self) -> Result<CorsPolicy, PolicyErrors> {
        let Self { settings, sources } = self;
        let mut unset = Vec::new();
        let mut read = Vec::new();
        for setting in settings {
            match setting.kind {
                SettingKind::AllFromEnv(prefix) => {
                    read.append(&mut env::settings(&prefix, std::env::vars_os()));
                }
                SettingKind::OriginsFromEnv(variable) => {
                    match read_variable(&setting.location, &variable) {
                        Some(mut settings) => read.append(&mut settings),
                        None => unset.push(variable),
                    }
                }
                _ => read.push(setting),
            }
        }
        let settings: Vec<Setting> = read.into_iter().map(read_file).collect();
        let missing = sources.missing(&settings, &unset);
        compile(settings, sources.words(), missing)
    }

    /// With the feature `serde`, a settings struct holds a builder.
    #[cfg(feature = "serde")]
    pub(super) fn of_keys(settings: Vec<Setting>) -> Self {
        let mut sources = Sources::default();
        sources.add(Words::Keys);
        Self { settings, sources }
    }

    fn set(mut self, setting: SettingName, kind: SettingKind) -> Self {
        let location = Location::setter(setting.setter);
        self.settings.push(Setting::new(location, kind));
        self
    }

    fn set_text(self, setting: SettingName, kind: ListKind, text: &str) -> Self {
        self.set(
            setting,
            SettingKind::List(kind, EntryTexts::from_iter([text])),
        )
    }

    fn set_list(
        mut self,
        setting: SettingName,
        kind: ListKind,
        texts: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let texts = EntryTexts::from_iter(texts);
        if !texts.is_empty() {
            let first = Location::setter(setting.setter).at(0);
            self.settings
                .push(Setting::new(first, SettingKind::List(kind, texts)));
        } else if kind == ListKind::Origins {
            return self.set(setting, SettingKind::EmptyOrigins);
        }
        self
    }
}

/// Replaces a file of entries by its content.
fn read_file(setting: Setting) -> Setting {
    let SettingKind::OriginsFromFile(path) = &setting.kind else {
        return setting;
    };
    match OriginFile::read(path) {
        Ok(file) => Setting::new(setting.location, SettingKind::OriginLines(file)),
        Err(violation) => {
            let path = path.to_string_lossy().into_owned();
            Setting::mistake(setting.location, Some(&path), violation, true)
        }
    }
}

/// The settings in one variable of the process; `None` if it is unset.
fn read_variable(location: &Location, variable: &str) -> Option<Vec<Setting>> {
    if variable.is_empty() || variable.contains(['=', '\0']) {
        let violation = Violation::new(
            PolicyErrorKind::VariableName,
            "variable must have a name, without `=`",
            "give the name of a variable of the environment",
        );
        let mistake = SettingKind::Mistake {
            value: Some(variable.to_owned()),
            violation,
            about_origins: true,
        };
        return Some(vec![Setting::new(location.clone(), mistake)]);
    }
    Some(env::origins_of(variable, &std::env::var_os(variable)?))
}

impl fmt::Debug for CorsPolicyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.settings.iter().map(|setting| &setting.location))
            .finish()
    }
}
