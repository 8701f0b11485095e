//! Settings become a policy, or all the errors.

use std::time::Duration;

use super::{
    CorsPolicy, Origins, Rules,
    setting::{Ask, Place, Setting},
};
use crate::{
    error::{Fault, PolicyError, PolicyErrorKind as Kind, PolicyErrors, PolicyWarning},
    fetch,
    http::StatusCode,
    origin::{AllowlistBuilder, Entry, OriginRegex},
};

/// The longest `max_age`, in seconds. No browser keeps a preflight for longer.
const MAX_MAX_AGE: u32 = 86_400;

/// Compiles all settings. `missing` is the error if none of them says which origins are allowed.
pub(super) fn compile(
    settings: Vec<Setting>,
    missing: impl FnOnce() -> PolicyError,
) -> Result<CorsPolicy, PolicyErrors> {
    let mut compiler = Compiler::default();
    for setting in settings {
        compiler.take(setting);
    }
    compiler.finish(missing)
}

/// What has been taken so far. Errors carry the number of the setting that they are about, because some show only when
/// all settings are known, and people read errors in the order in which they wrote.
#[derive(Default)]
struct Compiler {
    taken: usize,
    errors: Vec<(usize, PolicyError)>,
    warnings: Vec<PolicyWarning>,
    rules: Rules,
    list: AllowlistBuilder,
    any_origin: Option<Asked>,
    no_origin: Option<Asked>,
    listed_origins: bool,
    origin_mistakes: bool,
    predicates: bool,
    vary_on: Option<Place>,
    omit_vary: Option<Place>,
    insecure_origins: bool,
    /// Entries that must not go with credentials.
    null_origin: Option<Asked>,
    insecure: Vec<(Asked, String)>,
    preflight_status: Option<StatusCode>,
}

/// Which setting asked for something, and where it came from.
struct Asked {
    number: usize,
    place: Place,
}

impl Compiler {
    fn take(&mut self, Setting { place, ask }: Setting) {
        self.taken += 1;
        if let Err((text, fault)) = one_entry(&place, &ask) {
            self.listed_origins |= matches!(ask, Ask::Origin(_));
            return self.fail(&place, text, fault);
        }
        match ask {
            Ask::Origin(text) => self.take_entry(place, &text),
            Ask::OriginRegex(text) => {
                self.listed_origins = true;
                match OriginRegex::compile(&text) {
                    Ok(regex) => self.list.regex(regex),
                    Err(fault) => self.fail(&place, &text, fault),
                }
            }
            Ask::OriginPredicate(predicate) => {
                self.listed_origins = true;
                self.predicates = true;
                self.list.predicate(predicate);
            }
            // Expanded by the builder before it compiles: nothing else reads the process's environment.
            Ask::OriginsFromEnv(_) => {}
            Ask::AnyOrigin => self.any_origin = Some(self.asked(place)),
            Ask::NoOrigin => self.no_origin = Some(self.asked(place)),
            Ask::Vary(name) => match parse_vary_name(&name) {
                Ok(()) => {
                    push_new(&mut self.rules.vary_on, name, |a, b| {
                        a.eq_ignore_ascii_case(b)
                    });
                    self.vary_on.get_or_insert(place);
                }
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::Method(name) => match parse_method(&name) {
                Ok(()) if fetch::is_safelisted_method(name.as_bytes()) => {}
                Ok(()) => push_new(&mut self.rules.more_methods, name, |a, b| a == b),
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyMethod => self.rules.any_method = true,
            Ask::Header(name) => match parse_request_header(&name) {
                Ok(name) => push_new(&mut self.rules.headers, name, |a, b| a == b),
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyHeader => self.rules.any_header = true,
            Ask::Exposed(name) => match parse_exposed_header(&name) {
                Ok(()) => push_new(&mut self.rules.exposed, name, |a, b| {
                    a.eq_ignore_ascii_case(b)
                }),
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyExposed => self.rules.any_exposed = true,
            Ask::Credentials => self.rules.credentials = true,
            Ask::MaxAge(age, text) => self.take_max_age(&place, age, &text),
            Ask::PreflightStatus(status, text) => {
                self.take_preflight_status(&place, status, &text);
            }
            Ask::InsecureOrigins => self.insecure_origins = true,
            Ask::OmitVaryForAnyOrigin => {
                self.rules.omit_vary_for_any_origin = true;
                self.omit_vary.get_or_insert(place);
            }
            Ask::Mistake {
                error,
                about_origins,
            } => {
                self.origin_mistakes |= about_origins;
                self.errors.push((self.taken, error));
            }
            Ask::Suspicion(warning) => self.warnings.push(warning),
        }
    }

    fn take_entry(&mut self, place: Place, text: &str) {
        self.listed_origins = true;
        match Entry::parse(text) {
            Ok(entry) => {
                if entry == Entry::Null {
                    self.null_origin = Some(self.asked(place));
                } else if entry.is_insecure() {
                    let asked = self.asked(place);
                    self.insecure.push((asked, text.to_owned()));
                }
                self.list.entry(text, entry);
            }
            Err(fault) => self.fail(&place, text, fault),
        }
    }

    fn take_max_age(&mut self, place: &Place, age: Duration, text: &str) {
        let seconds = u32::try_from(age.as_secs())
            .ok()
            .filter(|&seconds| seconds <= MAX_MAX_AGE);
        if age.subsec_nanos() != 0 {
            let fault = Fault::new(
                Kind::MaxAge,
                "max_age must be in whole seconds",
                "Access-Control-Max-Age has no fractions; round it",
            );
            self.fail(place, text, fault);
        } else if seconds.is_none() {
            let fault = Fault::new(
                Kind::MaxAge,
                "max_age must not be over 86400 seconds",
                "no browser keeps a preflight for longer than a day; Chromium does for 7200 seconds",
            );
            self.fail(place, text, fault);
        } else if self.rules.max_age.is_some() && self.rules.max_age != seconds {
            self.fail(place, text, conflict("max_age"));
        } else {
            self.rules.max_age = seconds;
        }
    }

    fn take_preflight_status(&mut self, place: &Place, status: u64, text: &str) {
        match u16::try_from(status)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
        {
            Some(status) if status.is_success() => {
                let before = self.preflight_status.get_or_insert(status);
                if *before == status {
                    self.rules.preflight_status = status;
                } else {
                    self.fail(place, text, conflict("preflight status"));
                }
            }
            _ => {
                let fault = Fault::new(
                    Kind::PreflightStatus,
                    "preflight status must be 200 to 299",
                    "browsers take any other for a denial; 204 is the default",
                );
                self.fail(place, text, fault);
            }
        }
    }

    fn finish(mut self, missing: impl FnOnce() -> PolicyError) -> Result<CorsPolicy, PolicyErrors> {
        self.judge_sources(missing);
        if self.rules.credentials {
            self.judge_credentials();
        }
        self.warn_of_nothing();
        self.errors.sort_by_key(|(number, _)| *number);
        PolicyErrors::none_or(self.errors.into_iter().map(|(_, error)| error).collect())?;

        self.rules.origins = match self.any_origin {
            Some(_) => Origins::Any,
            None => Origins::Listed(self.list.finish()),
        };
        Ok(CorsPolicy::new(self.rules, self.warnings))
    }

    /// Any origin and `none` each stand alone, also in the list that they are an entry of, and there must be something.
    fn judge_sources(&mut self, missing: impl FnOnce() -> PolicyError) {
        if let Some(asked) = &self.any_origin
            && (self.listed_origins || self.no_origin.is_some() || asked.place.is_entry())
        {
            let fault = Fault::new(
                Kind::OriginConflict,
                "any origin must not stand beside other origins",
                "remove the other origins, or this",
            );
            self.errors
                .push((asked.number, asked.place.error("*", fault)));
        }
        if let Some(asked) = &self.no_origin
            && (self.listed_origins || asked.place.is_entry())
        {
            let fault = Fault::new(
                Kind::OriginConflict,
                "\"none\" must not stand beside other origins",
                "remove the other origins, or this",
            );
            self.errors
                .push((asked.number, asked.place.error("none", fault)));
        }
        let is_set = self.listed_origins || self.any_origin.is_some() || self.no_origin.is_some();
        if !is_set && !self.origin_mistakes {
            // Before all others: without origins the rest says nothing.
            self.errors.push((0, missing()));
        }
    }

    /// What Fetch forbids beside credentials, and what would hand them to whoever sits on the wire.
    fn judge_credentials(&mut self) {
        if let Some(asked) = &self.any_origin {
            let fault = Fault::new(
                Kind::CredentialsWithAnyOrigin,
                "any origin must not be allowed with credentials",
                "list the origins that may send credentials, or do not allow credentials",
            );
            self.errors
                .push((asked.number, asked.place.error("*", fault)));
        }
        if let Some(asked) = &self.null_origin {
            let fault = Fault::new(
                Kind::CredentialsWithNullOrigin,
                "opaque origins must not be allowed with credentials",
                "remove it: any page can make itself an opaque origin in a sandboxed frame",
            );
            self.errors
                .push((asked.number, asked.place.error("null", fault)));
        }
        if self.insecure_origins {
            return;
        }
        for (asked, text) in &self.insecure {
            let fault = Fault::new(
                Kind::CredentialsWithInsecureOrigin,
                "plain http must not be allowed with credentials",
                "serve the origin over https; danger_allow_insecure_origins(), or its variable, lifts this, and lets \
                 whoever is on the network path speak for the origin",
            );
            self.errors
                .push((asked.number, asked.place.error(text, fault)));
        }
    }

    /// Settings that change nothing in this policy.
    fn warn_of_nothing(&mut self) {
        if let Some(place) = &self.vary_on
            && !self.predicates
        {
            self.warnings.push(PolicyWarning::new(
                place.to_string(),
                "no predicate is set that could read these request headers, and Vary names them all the same",
            ));
        }
        if let Some(place) = &self.omit_vary
            && self.any_origin.is_none()
        {
            self.warnings.push(PolicyWarning::new(
                place.to_string(),
                "the policy does not allow any origin, so this changes nothing",
            ));
        }
    }

    fn asked(&self, place: Place) -> Asked {
        Asked {
            number: self.taken,
            place,
        }
    }

    fn fail(&mut self, place: &Place, value: &str, fault: Fault) {
        self.errors.push((self.taken, place.error(value, fault)));
    }
}

/// What people write when they mean several entries, or copy with the text.
fn one_entry<'a>(place: &Place, ask: &'a Ask) -> Result<(), (&'a str, Fault)> {
    let (Ask::Origin(text)
    | Ask::Vary(text)
    | Ask::Method(text)
    | Ask::Header(text)
    | Ask::Exposed(text)) = ask
    else {
        return Ok(());
    };
    let apart = if place.is_variable() {
        "separate entries with commas"
    } else {
        "give each entry by itself"
    };
    let is_origin = matches!(ask, Ask::Origin(_));
    let fault = if !is_origin && text.len() > 1 && text.contains('*') {
        // A letter of names too, but whoever writes `x-*` means a pattern.
        Fault::new(
            Kind::Wildcard,
            "\"*\" must not stand inside a name",
            "name each one, or allow any",
        )
    } else if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        Fault::new(
            Kind::WhiteSpace,
            "entry must not have white space inside",
            apart,
        )
    } else if is_origin && text.matches("://").count() > 1 {
        Fault::new(Kind::Separator, "entry must be one origin", apart)
    } else if (is_origin && text.contains(['"', '\'', '`']))
        // In a name, these two are letters like others; around one, they are quotes.
        || (text.len() > 1 && ['\'', '`'].iter().any(|&quote| text.starts_with(quote) && text.ends_with(quote)))
    {
        Fault::new(
            Kind::Quotes,
            "entry must not have quotes",
            "remove them, and brackets too",
        )
    } else {
        return Ok(());
    };
    Err((text, fault))
}

fn conflict(setting: &str) -> Fault {
    Fault::new(
        Kind::Conflict,
        format!("{setting} is set twice, with different values"),
        "remove one of them",
    )
}

fn push_new(list: &mut Vec<String>, name: String, same: impl Fn(&str, &str) -> bool) {
    if !list.iter().any(|known| same(known, &name)) {
        list.push(name);
    }
}

fn parse_method(name: &str) -> Result<(), Fault> {
    if name == "*" {
        return Err(wildcard("method", "allow_any_method()"));
    }
    if name.is_empty() {
        return Err(empty());
    }
    if !fetch::is_token(name.as_bytes()) {
        return Err(Fault::new(
            Kind::Method,
            "method must be a token",
            "write one method an entry, such as \"PUT\"",
        ));
    }
    if fetch::is_forbidden_method(name.as_bytes()) {
        return Err(Fault::new(
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ));
    }
    // `PATCH` is not among the methods that browsers normalize, and nobody who writes it in another case means that.
    let normal = fetch::normalized_method(name)
        .or_else(|| (name != "PATCH" && name.eq_ignore_ascii_case("PATCH")).then_some("PATCH"));
    match normal {
        None => Ok(()),
        Some(normal) => Err(Fault::new(
            Kind::MethodCase,
            "method compares with case",
            format!("write \"{normal}\""),
        )),
    }
}

/// Gives the name in lower case.
fn parse_request_header(name: &str) -> Result<String, Fault> {
    if name == "*" {
        return Err(wildcard("header", "allow_any_header()"));
    }
    parse_header_name(name)?;
    let lower = name.to_ascii_lowercase();
    if fetch::is_forbidden_request_header(&lower) {
        return Err(Fault::new(
            Kind::ForbiddenHeader,
            "request header is forbidden by the Fetch standard",
            "remove it: the browser itself sets it, and asks no one",
        ));
    }
    Ok(lower)
}

fn parse_exposed_header(name: &str) -> Result<(), Fault> {
    if name == "*" {
        return Err(wildcard("header", "expose_any_header()"));
    }
    parse_header_name(name)?;
    if fetch::is_forbidden_response_header(&name.to_ascii_lowercase()) {
        return Err(Fault::new(
            Kind::ForbiddenHeader,
            "response header is forbidden by the Fetch standard",
            "remove it: no browser lets a page read it",
        ));
    }
    Ok(())
}

fn parse_vary_name(name: &str) -> Result<(), Fault> {
    if name == "*" {
        return Err(Fault::new(
            Kind::Wildcard,
            "\"*\" is not a header",
            "name the request headers that the predicate reads",
        ));
    }
    parse_header_name(name)
}

fn parse_header_name(name: &str) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(empty());
    }
    if !fetch::is_token(name.as_bytes()) {
        return Err(Fault::new(
            Kind::HeaderName,
            "header name must be a token",
            "write one name an entry, such as \"x-request-id\"",
        ));
    }
    Ok(())
}

fn wildcard(what: &str, setter: &str) -> Fault {
    Fault::new(
        Kind::Wildcard,
        format!("\"*\" is not a {what}"),
        format!("to allow any {what}, call {setter}"),
    )
}

fn empty() -> Fault {
    Fault::new(
        Kind::Empty,
        "entry is empty",
        "remove it, or the separator too many",
    )
}
