//! Settings become a policy, or all the errors.

use std::time::Duration;

use crate::{
    error::{PolicyError, PolicyErrorKind as Kind, PolicyErrors, PolicyWarning, Violation},
    fix::{Fix, Piece},
    http::StatusCode,
    location::Location,
    origin::{AllowlistBuilder, Entry, Lint, OriginRegex, OriginRegexes, Suffix, Texts},
    policy::{
        locations::Locations,
        names,
        policy::CorsPolicy,
        rules::{Origins, Rules},
        setting::{ListKind, Setting, SettingKind},
        warnings::Suspicions,
    },
    settings::{self, Words},
};

/// The longest `max_age`, in seconds. No browser keeps a preflight for longer.
const MAX_MAX_AGE: u32 = 86_400;

/// The longest time for which Chromium keeps a preflight, in seconds.
const CHROMIUM_MAX_AGE: u32 = 7_200;

/// Compiles all settings. `missing` is the error if none of them says which origins are allowed.
pub(in crate::policy) fn compile(
    settings: Vec<Setting>,
    words: Words,
    missing: impl FnOnce() -> (Location, Violation),
) -> Result<CorsPolicy, PolicyErrors> {
    let mut compiler = Compiler::default();
    // A list may have a million entries, and tables that grow to that are filled many times over.
    let lists = settings.iter().filter_map(|setting| match &setting.kind {
        SettingKind::List(ListKind::Origins, texts) => Some(texts),
        _ => None,
    });
    let exact = lists.clone().flat_map(Texts::iter);
    let exact = exact.filter(|text| !text.contains('*')).count();
    compiler.list.reserve(exact, lists.map(Texts::bytes).sum());
    compiler.locations.words = words;
    // The order of settings does not matter, and a regex is checked more quickly where nothing is refused.
    let is_lax = |setting: &Setting| matches!(setting.kind, SettingKind::LaxRegexes);
    compiler.lax_regexes = settings.iter().any(is_lax);
    for setting in settings {
        compiler.take(setting);
    }
    compiler.finish(missing)
}

/// What has been taken so far. Errors carry the number of the setting that they are about, because some show only when
/// all settings are known, and people read errors in the order in which they wrote.
#[derive(Default)]
pub(super) struct Compiler {
    pub(super) taken: usize,
    pub(super) errors: Vec<Mistake>,
    pub(super) suspicions: Suspicions,
    pub(super) rules: Rules,
    pub(super) locations: Locations,
    pub(super) list: AllowlistBuilder,
    pub(super) any_origin: Option<Source>,
    pub(super) no_origin: Option<Source>,
    pub(super) listed_origins: bool,
    pub(super) origin_mistakes: bool,
    pub(super) insecure_origins: bool,
    pub(super) public_suffix_subdomains: bool,
    pub(super) lax_regexes: bool,
    pub(super) lint: Option<Lint>,
    /// What one of the settings above permits.
    pub(super) public_suffixes: Vec<(Source, String)>,
    pub(super) lax: Vec<(Source, String, Violation)>,
    /// Regexes of which nothing is known: they may admit what must not go with credentials.
    pub(super) unknown: Vec<(Source, String)>,
    /// What must not go with credentials.
    pub(super) null_origin: Option<Source>,
    pub(super) insecure: Vec<(Source, String)>,
    pub(super) claimable: Vec<Claimable>,
    /// Regexes with a choice within a label, and what to do about it.
    pub(super) choices: Vec<(Source, String, Fix)>,
    pub(super) preflight_status: Option<StatusCode>,
}

/// The setting that an error is about: its number, and where it came from.
pub(super) struct Source {
    pub(super) number: usize,
    pub(super) location: Location,
}

impl Source {
    pub(super) fn error(&self, value: &str, violation: Violation) -> Mistake {
        self.mistake(Some(value.to_owned()), violation)
    }

    pub(super) fn mistake(&self, value: Option<String>, violation: Violation) -> Mistake {
        Mistake {
            number: self.number,
            location: self.location.clone(),
            value,
            violation,
        }
    }
}

/// An error that is not yet put into words.
pub(super) struct Mistake {
    number: usize,
    location: Location,
    value: Option<String>,
    violation: Violation,
}

impl Mistake {
    fn in_words(self) -> PolicyError {
        PolicyError::new(self.location, self.value.as_deref(), self.violation)
    }
}

/// An entry or a regex that admits names which anyone can take.
pub(super) struct Claimable {
    pub(super) source: Source,
    pub(super) text: String,
    /// Why that can be said of a regex. Of an entry it is clear.
    pub(super) reason: Option<String>,
}

impl Compiler {
    fn take(&mut self, Setting { location, kind }: Setting) {
        if let SettingKind::List(kind, texts) = kind {
            for (number, text) in texts.iter().enumerate() {
                self.taken += 1;
                self.take_text(&location.after(number), kind, text);
            }
            return;
        }
        self.taken += 1;
        match kind {
            // Above.
            SettingKind::List(..) => {}
            SettingKind::OriginPredicate(predicate) => {
                self.listed_origins = true;
                self.suspicions.predicates = true;
                self.list.predicate(predicate);
                self.locations.predicates.push(location);
            }
            // Expanded by the builder before it compiles: nothing else reads the process's environment.
            SettingKind::OriginsFromEnv(_) => {}
            SettingKind::AnyOrigin => {
                self.suspicions.any_origin.add(&location, "*");
                self.locations.any_origin = Some(location.clone());
                self.any_origin = Some(self.source(location));
            }
            SettingKind::NoOrigin => self.no_origin = Some(self.source(location)),
            SettingKind::AnyMethod => self.rules.any_method = true,
            SettingKind::AnyHeader => self.rules.any_header = true,
            SettingKind::AnyExposed => self.rules.any_exposed = true,
            SettingKind::Credentials => self.rules.credentials = true,
            SettingKind::MaxAge(age, text) => self.take_max_age(&location, age, &text),
            SettingKind::PreflightStatus(status, text) => {
                self.take_preflight_status(&location, status, &text);
            }
            SettingKind::InsecureOrigins => self.insecure_origins = true,
            SettingKind::PublicSuffixSubdomains => self.public_suffix_subdomains = true,
            SettingKind::LaxRegexes => self.lax_regexes = true,
            SettingKind::OmitVaryForAnyOrigin => {
                self.rules.omit_vary_for_any_origin = true;
                self.suspicions.omit_vary.add(&location, "true");
            }
            SettingKind::RejectDeniedOrigins => {
                self.rules.reject_denied_origins = true;
                self.suspicions.reject_denied.add(&location, "true");
            }
            SettingKind::TrustForwardedHeaders => {
                self.rules.trust_forwarded_headers = true;
                self.suspicions.trust_forwarded.add(&location, "true");
            }
            SettingKind::Diagnostics => {
                self.rules.diagnostics = true;
                self.suspicions.diagnostics.add(&location, "true");
            }
            SettingKind::Mistake {
                value,
                violation,
                about_origins,
            } => {
                self.origin_mistakes |= about_origins;
                self.errors
                    .push(self.source(location).mistake(value, violation));
            }
            SettingKind::Unknown => {
                let warning = PolicyWarning::new(location, "variable is unknown and ignored");
                self.suspicions.given.push(warning);
            }
        }
    }

    /// Takes one entry of a list.
    fn take_text(&mut self, location: &Location, kind: ListKind, text: &str) {
        if kind == ListKind::Origins {
            self.listed_origins = true;
            // Parsed first, because most are good, and a list may have a million.
            match Entry::parse(text) {
                Ok(entry) => self.take_entry(location, text, entry),
                Err(violation) => {
                    let violation = names::one_entry(location, kind, text)
                        .err()
                        .unwrap_or(violation);
                    self.fail(location, text, Entry::correct(text, violation));
                }
            }
            return;
        }
        if let Err(violation) = names::one_entry(location, kind, text) {
            let violation = match kind {
                ListKind::OwnOrigins => Entry::correct_own(text, violation),
                _ => violation,
            };
            return self.fail(location, text, violation);
        }
        let taken = match kind {
            // Above.
            ListKind::Origins => Ok(()),
            ListKind::OriginRegexes => self.take_regex(location, text),
            ListKind::Vary => self.take_vary_name(location, text),
            ListKind::Methods => self.take_method(location, text),
            ListKind::Headers => self.take_request_header(location, text),
            ListKind::Exposed => self.take_exposed_header(location, text),
            ListKind::OwnOrigins => self.take_own_origin(location, text),
        };
        if let Err(violation) = taken {
            self.fail(location, text, violation);
        }
    }

    fn take_vary_name(&mut self, location: &Location, name: &str) -> Result<(), Violation> {
        names::parse_vary_name(name)?;
        self.suspicions.vary_on.add(location, name);
        push_new(&mut self.rules.vary_on, name, str::eq_ignore_ascii_case);
        Ok(())
    }

    fn take_method(&mut self, location: &Location, name: &str) -> Result<(), Violation> {
        names::parse_method(name)?;
        if fetch_standard::is_safelisted_method(name.as_bytes()) {
            self.suspicions.safelisted_methods.add(location, name);
        } else {
            self.suspicions.methods.add(location, name);
            push_new(&mut self.rules.more_methods, name, str::eq);
        }
        Ok(())
    }

    fn take_request_header(&mut self, location: &Location, name: &str) -> Result<(), Violation> {
        let name = names::parse_request_header(name)?;
        if name != fetch_standard::NON_WILDCARD_REQUEST_HEADER {
            self.suspicions.headers.add(location, &name);
        }
        self.rules.headers.add(name);
        Ok(())
    }

    fn take_exposed_header(&mut self, location: &Location, name: &str) -> Result<(), Violation> {
        names::parse_exposed_header(name)?;
        if fetch_standard::is_safelisted_response_header(&name.to_ascii_lowercase()) {
            self.suspicions.safelisted_exposed.add(location, name);
        } else {
            self.suspicions.exposed.add(location, name);
        }
        push_new(&mut self.rules.exposed, name, str::eq_ignore_ascii_case);
        Ok(())
    }

    fn take_own_origin(&mut self, location: &Location, text: &str) -> Result<(), Violation> {
        match Entry::parse(text) {
            Ok(entry) if entry.is_of_a_service() => {
                self.suspicions.own_origins.add(location, text);
                push_new(&mut self.rules.own_origins, text, str::eq);
                Ok(())
            }
            Err(violation) if text != "*" && !text.eq_ignore_ascii_case("none") => {
                Err(Entry::correct_own(text, violation))
            }
            _ => Err(Violation::new(
                Kind::OwnOrigin,
                "own origin must be one exact origin of http or https",
                "write each origin at which browsers reach the service, such as `https://api.example.com`",
            )),
        }
    }

    fn take_entry(&mut self, location: &Location, text: &str, entry: Entry<'_>) {
        if entry == Entry::Null {
            self.suspicions.null_origin.add(location, text);
            self.null_origin = Some(self.source(location.clone()));
        } else if entry.is_insecure() {
            self.take_insecure(location, text);
        }
        if entry.has_misspelled_scheme() {
            self.suspicions.misspelled_scheme.add(location, text);
        }
        match entry.suffix() {
            Some(Suffix::Public) => {
                let source = self.source(location.clone());
                self.public_suffixes.push((source, text.to_owned()));
            }
            Some(Suffix::Above) => self.take_claimable(location, text, None),
            Some(Suffix::Unknown) => self.suspicions.unknown_suffix.add(location, text),
            Some(Suffix::Owned) | None => {}
        }
        if self.list.entry(text, entry) {
            self.locations.entries.push(location);
        } else {
            self.suspicions.repeated.add(location, text);
        }
    }

    fn take_regex(&mut self, location: &Location, text: &str) -> Result<(), Violation> {
        self.listed_origins = true;
        let regex = OriginRegex::compile(text)?;
        let lint = self.lint.get_or_insert_with(Lint::new);
        let verdict = lint.judge(&regex, self.lax_regexes);
        if self.list.regex(regex) {
            self.locations.regexes.push(location.clone());
            if self.locations.regexes.len() == OriginRegexes::MAX + 1 {
                self.fail(location, text, too_many_regexes());
            }
        }
        if let Some(violation) = verdict.fault {
            let source = self.source(location.clone());
            self.lax.push((source, text.to_owned(), violation));
        }
        if verdict.unknown {
            let source = self.source(location.clone());
            self.unknown.push((source, text.to_owned()));
        }
        if verdict.insecure {
            self.take_insecure(location, text);
        }
        if let Some(reason) = verdict.claimable {
            self.take_claimable(location, text, Some(reason));
        }
        if let Some(advice) = verdict.choice {
            self.suspicions.choices.add(location, text);
            self.suspicions
                .choice_advice
                .get_or_insert_with(|| advice.clone());
            let source = self.source(location.clone());
            self.choices.push((source, text.to_owned(), advice));
        }
        if verdict.unknown_suffix {
            self.suspicions.unknown_suffix.add(location, text);
        }
        if verdict.misspelled_scheme {
            self.suspicions.misspelled_scheme.add(location, text);
        }
        if let Some(part) = verdict.dead {
            self.suspicions.dead.add(location, &part);
        }
        Ok(())
    }

    fn take_insecure(&mut self, location: &Location, text: &str) {
        self.suspicions.insecure.add(location, text);
        let source = self.source(location.clone());
        self.insecure.push((source, text.to_owned()));
    }

    fn take_claimable(&mut self, location: &Location, text: &str, reason: Option<String>) {
        self.suspicions.claimable.add(location, text);
        self.claimable.push(Claimable {
            source: self.source(location.clone()),
            text: text.to_owned(),
            reason,
        });
    }

    fn take_max_age(&mut self, location: &Location, age: Duration, text: &str) {
        let seconds = u32::try_from(age.as_secs())
            .ok()
            .filter(|&seconds| seconds <= MAX_MAX_AGE);
        if age.subsec_nanos() != 0 {
            let violation = Violation::new(
                Kind::MaxAge,
                "max_age must be in whole seconds",
                "Access-Control-Max-Age has no fractions; round it",
            );
            self.fail(location, text, violation);
        } else if seconds.is_none() {
            let violation = Violation::new(
                Kind::MaxAge,
                "max_age must not be over 86400 seconds",
                "no browser keeps a preflight for longer than a day; Chromium does for 7200 seconds",
            );
            self.fail(location, text, violation);
        } else if self.rules.max_age.is_some() && self.rules.max_age != seconds {
            self.fail(location, text, conflict("max_age"));
        } else {
            if seconds > Some(CHROMIUM_MAX_AGE) {
                self.suspicions.long_max_age.add(location, text);
            }
            self.rules.max_age = seconds;
        }
    }

    fn take_preflight_status(&mut self, location: &Location, status: u64, text: &str) {
        match u16::try_from(status)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
        {
            Some(status) if status.is_success() => {
                let before = self.preflight_status.get_or_insert(status);
                if *before == status {
                    self.rules.preflight_status = status;
                } else {
                    self.fail(location, text, conflict("preflight status"));
                }
            }
            _ => {
                let violation = Violation::new(
                    Kind::PreflightStatus,
                    "preflight status must be 200 to 299",
                    "browsers treat any other as a denial; 204 is the default",
                );
                self.fail(location, text, violation);
            }
        }
    }

    fn finish(
        mut self,
        missing: impl FnOnce() -> (Location, Violation),
    ) -> Result<CorsPolicy, PolicyErrors> {
        self.check_sources(missing);
        self.check_suffixes();
        self.check_regexes();
        if self.rules.credentials {
            self.check_credentials();
        }
        let list = self.list.finish().map_err(|violation| {
            let source = Source {
                number: self.taken,
                location: Location::setter(settings::ORIGIN_REGEXES.setter),
            };
            self.errors.push(source.mistake(None, violation));
        });
        self.errors.sort_by_key(|mistake| mistake.number);
        let errors = self.errors.into_iter();
        let errors = errors.map(Mistake::in_words);
        PolicyErrors::none_or(errors.collect())?;
        // It is there, because there was no error.
        let list = list.unwrap_or_default();
        let warnings = self
            .suspicions
            .into_warnings(&self.rules, &list, &self.locations);
        self.rules.origins = match self.any_origin {
            Some(_) => Origins::Any,
            None => Origins::Listed(list),
        };
        Ok(CorsPolicy::new(self.rules, warnings, self.locations))
    }

    fn source(&self, location: Location) -> Source {
        Source {
            number: self.taken,
            location,
        }
    }

    fn fail(&mut self, location: &Location, value: &str, violation: Violation) {
        let source = self.source(location.clone());
        self.errors.push(source.error(value, violation));
    }
}

fn too_many_regexes() -> Violation {
    Violation::new(
        Kind::TooManyRegexes,
        format!("there must not be more than {} regexes", OriginRegexes::MAX),
        Fix::from(
            "list hosts and their subdomains among the origins, as in `https://*.example.com`, a million if need be; \
             write regexes that differ in a name as one, as in `https://pr-[0-9]+\\.(one|two)\\.example`",
        )
        .and(Piece::InCode(
            "; or ask your own data in `allow_origin_fn()`",
        )),
    )
}

fn conflict(setting: &str) -> Violation {
    Violation::new(
        Kind::Conflict,
        format!("{setting} is set twice, with different values"),
        "remove one of them",
    )
}

fn push_new(list: &mut Vec<String>, name: &str, is_same: impl Fn(&str, &str) -> bool) {
    if !list.iter().any(|known| is_same(known, name)) {
        list.push(name.to_owned());
    }
}
