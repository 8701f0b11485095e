//! Settings become a policy, or all the errors.

use std::time::Duration;

use crate::{
    error::{Fault, PolicyError, PolicyErrorKind as Kind, PolicyErrors, PolicyWarning},
    fix::{Fix, Piece},
    http::StatusCode,
    location::Location,
    origin::{AllowlistBuilder, Entry, Lint, OriginRegex, OriginRegexes, Suffix},
    policy::{
        locations::Places,
        names,
        policy::CorsPolicy,
        rules::{Origins, Rules},
        setting::{Ask, Setting},
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
    missing: impl FnOnce() -> (Location, Fault),
) -> Result<CorsPolicy, PolicyErrors> {
    let mut compiler = Compiler::default();
    // A list may have a million entries, and tables that grow to that are filled many times over.
    let exact = settings.iter().filter_map(|setting| match &setting.ask {
        Ask::Origin(text) if !text.contains('*') => Some(text.len()),
        _ => None,
    });
    compiler.list.reserve(exact.clone().count(), exact.sum());
    compiler.places.words = words;
    // The order of settings does not matter, and judging is quicker where nothing is refused.
    let is_lax = |setting: &Setting| matches!(setting.ask, Ask::LaxRegexes);
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
    pub(super) places: Places,
    pub(super) list: AllowlistBuilder,
    pub(super) any_origin: Option<Asked>,
    pub(super) no_origin: Option<Asked>,
    pub(super) listed_origins: bool,
    pub(super) origin_mistakes: bool,
    pub(super) insecure_origins: bool,
    pub(super) public_suffix_subdomains: bool,
    pub(super) lax_regexes: bool,
    pub(super) lint: Option<Lint>,
    /// What one of the settings above permits.
    pub(super) public_suffixes: Vec<(Asked, String)>,
    pub(super) lax: Vec<(Asked, String, Fault)>,
    /// Regexes of which nothing is known: they may admit what must not go with credentials.
    pub(super) unknown: Vec<(Asked, String)>,
    /// What must not go with credentials.
    pub(super) null_origin: Option<Asked>,
    pub(super) insecure: Vec<(Asked, String)>,
    pub(super) claimable: Vec<Claimable>,
    /// Regexes with a choice within a label, and what to do about it.
    pub(super) choices: Vec<(Asked, String, Fix)>,
    pub(super) preflight_status: Option<StatusCode>,
}

/// Which setting asked for something, and where it came from.
pub(super) struct Asked {
    pub(super) number: usize,
    pub(super) place: Location,
}

impl Asked {
    pub(super) fn error(&self, value: &str, fault: Fault) -> Mistake {
        self.mistake(Some(value.to_owned()), fault)
    }

    pub(super) fn mistake(&self, value: Option<String>, fault: Fault) -> Mistake {
        Mistake {
            number: self.number,
            place: self.place.clone(),
            value,
            fault,
        }
    }
}

/// An error that is not yet put into words.
pub(super) struct Mistake {
    number: usize,
    place: Location,
    value: Option<String>,
    fault: Fault,
}

impl Mistake {
    fn in_words(self, words: &Words) -> PolicyError {
        PolicyError::new(self.place, self.value.as_deref(), self.fault, words)
    }
}

/// An entry or a regex that admits names which anyone can take.
pub(super) struct Claimable {
    pub(super) asked: Asked,
    pub(super) text: String,
    /// Why that can be said of a regex. Of an entry it is clear.
    pub(super) reason: Option<String>,
}

impl Compiler {
    fn take(&mut self, Setting { place, ask }: Setting) {
        self.taken += 1;
        if let Ask::Origin(text) = &ask {
            self.listed_origins = true;
            // Parsed first, because most are good, and a list may have a million.
            match Entry::parse(text) {
                Ok(entry) => self.take_entry(&place, text, entry),
                Err(fault) => {
                    let fault =
                        names::one_entry(&place, &ask).map_or_else(|(_, fault)| fault, |()| fault);
                    self.fail(&place, text, Entry::correct(text, fault));
                }
            }
            return;
        }
        if let Err((text, fault)) = names::one_entry(&place, &ask) {
            let fault = match ask {
                Ask::OwnOrigin(_) => Entry::correct_own(text, fault),
                _ => fault,
            };
            return self.fail(&place, text, fault);
        }
        match ask {
            // Above.
            Ask::Origin(_) => {}
            Ask::OriginRegex(text) => self.take_regex(&place, &text),
            Ask::OriginPredicate(predicate) => {
                self.listed_origins = true;
                self.suspicions.predicates = true;
                self.list.predicate(predicate);
                self.places.predicates.push(place);
            }
            // Expanded by the builder before it compiles: nothing else reads the process's environment.
            Ask::OriginsFromEnv(_) => {}
            Ask::AnyOrigin => {
                self.suspicions.any_origin.add(&place, "*");
                self.places.any_origin = Some(place.clone());
                self.any_origin = Some(self.asked(place));
            }
            Ask::NoOrigin => self.no_origin = Some(self.asked(place)),
            Ask::Vary(name) => match names::parse_vary_name(&name) {
                Ok(()) => {
                    self.suspicions.vary_on.add(&place, &name);
                    push_new(&mut self.rules.vary_on, name, |a, b| {
                        a.eq_ignore_ascii_case(b)
                    });
                }
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::Method(name) => match names::parse_method(&name) {
                Ok(()) if fetch_standard::is_safelisted_method(name.as_bytes()) => {
                    self.suspicions.safelisted_methods.add(&place, &name);
                }
                Ok(()) => {
                    self.suspicions.methods.add(&place, &name);
                    push_new(&mut self.rules.more_methods, name, |a, b| a == b);
                }
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyMethod => self.rules.any_method = true,
            Ask::Header(name) => match names::parse_request_header(&name) {
                Ok(name) => {
                    if name != fetch_standard::NON_WILDCARD_REQUEST_HEADER {
                        self.suspicions.headers.add(&place, &name);
                    }
                    self.rules.headers.add(name);
                }
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyHeader => self.rules.any_header = true,
            Ask::Exposed(name) => match names::parse_exposed_header(&name) {
                Ok(()) => {
                    if fetch_standard::is_safelisted_response_header(&name.to_ascii_lowercase()) {
                        self.suspicions.safelisted_exposed.add(&place, &name);
                    } else {
                        self.suspicions.exposed.add(&place, &name);
                    }
                    push_new(&mut self.rules.exposed, name, |a, b| {
                        a.eq_ignore_ascii_case(b)
                    });
                }
                Err(fault) => self.fail(&place, &name, fault),
            },
            Ask::AnyExposed => self.rules.any_exposed = true,
            Ask::Credentials => self.rules.credentials = true,
            Ask::MaxAge(age, text) => self.take_max_age(&place, age, &text),
            Ask::PreflightStatus(status, text) => {
                self.take_preflight_status(&place, status, &text);
            }
            Ask::InsecureOrigins => self.insecure_origins = true,
            Ask::PublicSuffixSubdomains => self.public_suffix_subdomains = true,
            Ask::LaxRegexes => self.lax_regexes = true,
            Ask::OmitVaryForAnyOrigin => {
                self.rules.omit_vary_for_any_origin = true;
                self.suspicions.omit_vary.add(&place, "true");
            }
            Ask::RejectDeniedOrigins => {
                self.rules.reject_denied_origins = true;
                self.suspicions.reject_denied.add(&place, "true");
            }
            Ask::OwnOrigin(text) => self.take_own_origin(&place, text),
            Ask::TrustForwardedHeaders => {
                self.rules.trust_forwarded_headers = true;
                self.suspicions.trust_forwarded.add(&place, "true");
            }
            Ask::Diagnostics => {
                self.rules.diagnostics = true;
                self.suspicions.diagnostics.add(&place, "true");
            }
            Ask::Mistake {
                value,
                fault,
                about_origins,
            } => {
                self.origin_mistakes |= about_origins;
                self.errors.push(self.asked(place).mistake(value, fault));
            }
            Ask::Unknown => {
                let warning = PolicyWarning::new(place, "variable is unknown and ignored");
                self.suspicions.given.push(warning);
            }
        }
    }

    fn take_entry(&mut self, place: &Location, text: &str, entry: Entry<'_>) {
        if entry == Entry::Null {
            self.suspicions.null_origin.add(place, text);
            self.null_origin = Some(self.asked(place.clone()));
        } else if entry.is_insecure() {
            self.take_insecure(place, text);
        }
        if entry.has_misspelled_scheme() {
            self.suspicions.misspelled_scheme.add(place, text);
        }
        match entry.suffix() {
            Some(Suffix::Public) => {
                let asked = self.asked(place.clone());
                self.public_suffixes.push((asked, text.to_owned()));
            }
            Some(Suffix::Above) => self.take_claimable(place, text, None),
            Some(Suffix::Unknown) => self.suspicions.unknown_suffix.add(place, text),
            Some(Suffix::Owned) | None => {}
        }
        if self.list.entry(text, entry) {
            self.places.entries.push(place);
        } else {
            self.suspicions.repeated.add(place, text);
        }
    }

    fn take_own_origin(&mut self, place: &Location, text: String) {
        match Entry::parse(&text) {
            Ok(entry) if entry.is_of_a_service() => {
                self.suspicions.own_origins.add(place, &text);
                push_new(&mut self.rules.own_origins, text, |a, b| a == b);
            }
            Err(fault) if text != "*" && !text.eq_ignore_ascii_case("none") => {
                self.fail(place, &text, Entry::correct_own(&text, fault));
            }
            _ => {
                let fault = Fault::new(
                    Kind::OwnOrigin,
                    "own origin must be one exact origin of http or https",
                    "write each origin at which browsers reach the service, such as `https://api.example.com`",
                );
                self.fail(place, &text, fault);
            }
        }
    }

    fn take_regex(&mut self, place: &Location, text: &str) {
        self.listed_origins = true;
        let regex = match OriginRegex::compile(text) {
            Ok(regex) => regex,
            Err(fault) => return self.fail(place, text, fault),
        };
        let lint = self.lint.get_or_insert_with(Lint::new);
        let verdict = lint.check(&regex, self.lax_regexes);
        if self.list.regex(regex) {
            self.places.regexes.push(place.clone());
            if self.places.regexes.len() == OriginRegexes::MAX + 1 {
                self.fail(place, text, too_many_regexes());
            }
        }
        if let Some(fault) = verdict.fault {
            let asked = self.asked(place.clone());
            self.lax.push((asked, text.to_owned(), fault));
        }
        if verdict.unknown {
            let asked = self.asked(place.clone());
            self.unknown.push((asked, text.to_owned()));
        }
        if verdict.insecure {
            self.take_insecure(place, text);
        }
        if let Some(reason) = verdict.claimable {
            self.take_claimable(place, text, Some(reason));
        }
        if let Some(advice) = verdict.choice {
            self.suspicions.choices.add(place, text);
            self.suspicions
                .choice_advice
                .get_or_insert_with(|| advice.clone());
            let asked = self.asked(place.clone());
            self.choices.push((asked, text.to_owned(), advice));
        }
        if verdict.unknown_suffix {
            self.suspicions.unknown_suffix.add(place, text);
        }
        if verdict.misspelled_scheme {
            self.suspicions.misspelled_scheme.add(place, text);
        }
        if let Some(part) = verdict.dead {
            self.suspicions.dead.add(place, &part);
        }
    }

    fn take_insecure(&mut self, place: &Location, text: &str) {
        self.suspicions.insecure.add(place, text);
        let asked = self.asked(place.clone());
        self.insecure.push((asked, text.to_owned()));
    }

    fn take_claimable(&mut self, place: &Location, text: &str, reason: Option<String>) {
        self.suspicions.claimable.add(place, text);
        self.claimable.push(Claimable {
            asked: self.asked(place.clone()),
            text: text.to_owned(),
            reason,
        });
    }

    fn take_max_age(&mut self, place: &Location, age: Duration, text: &str) {
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
            if seconds > Some(CHROMIUM_MAX_AGE) {
                self.suspicions.long_max_age.add(place, text);
            }
            self.rules.max_age = seconds;
        }
    }

    fn take_preflight_status(&mut self, place: &Location, status: u64, text: &str) {
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

    fn finish(
        mut self,
        missing: impl FnOnce() -> (Location, Fault),
    ) -> Result<CorsPolicy, PolicyErrors> {
        self.judge_sources(missing);
        self.judge_suffixes();
        self.judge_regexes();
        if self.rules.credentials {
            self.judge_credentials();
        }
        let list = self.list.finish().map_err(|fault| {
            let asked = Asked {
                number: self.taken,
                place: Location::setter(settings::ORIGIN_REGEXES.setter),
            };
            self.errors.push(asked.mistake(None, fault));
        });
        self.errors.sort_by_key(|mistake| mistake.number);
        let errors = self.errors.into_iter();
        let errors = errors.map(|mistake| mistake.in_words(&self.places.words));
        PolicyErrors::none_or(errors.collect())?;
        // It is there, because there was no error.
        let list = list.unwrap_or_default();
        let warnings = self
            .suspicions
            .into_warnings(&self.rules, &list, &self.places);
        self.rules.origins = match self.any_origin {
            Some(_) => Origins::Any,
            None => Origins::Listed(list),
        };
        Ok(CorsPolicy::new(self.rules, warnings, self.places))
    }

    fn asked(&self, place: Location) -> Asked {
        Asked {
            number: self.taken,
            place,
        }
    }

    fn fail(&mut self, place: &Location, value: &str, fault: Fault) {
        let asked = self.asked(place.clone());
        self.errors.push(asked.error(value, fault));
    }
}

fn too_many_regexes() -> Fault {
    Fault::new(
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
