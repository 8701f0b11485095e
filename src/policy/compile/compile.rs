//! Settings become a policy, or all the errors.

use std::{mem::take, rc::Rc};

use super::{
    compiler::{Compiler, Source},
    conflicts::of_public_suffix,
    refused_entry::{refused_entry, refused_name, refused_own_origin},
};
use crate::{
    error::{PolicyErrors, PolicyWarning, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{Entry, is_exact},
    policy::{
        names,
        policy::CorsPolicy,
        rules::Origins,
        setting::{Flag, ListKind, Setting, SettingKind},
    },
    settings::{self, Words},
};

/// For how many refused entries a correction is looked for, which takes longer than to refuse them. Nobody reads so many.
const MOST_CORRECTIONS: usize = 1000;

/// Compiles all settings. `missing` is the error if none of them says which origins are allowed.
pub(in crate::policy) fn compile(
    settings: Vec<Setting>,
    words: Words,
    missing: (Location, Violation),
) -> Result<CorsPolicy, PolicyErrors> {
    let mut compiler = Compiler::default();
    // A list may have a million entries. Without a reserve, the table would be copied many times while it grows.
    let mut exact = 0;
    for setting in &settings {
        match &setting.kind {
            SettingKind::List(ListKind::Origins, texts) => {
                for text in texts.iter() {
                    exact += usize::from(is_exact(text));
                }
            }
            SettingKind::OriginLines(file) => {
                for (_, entry) in file.entries() {
                    exact += usize::from(is_exact(entry));
                }
            }
            _ => {}
        }
    }
    compiler.list.reserve(exact);
    compiler.locations.words = words;
    // Found before the loop, because the order of settings does not matter, and because a regex is checked faster if lax
    // ones are permitted.
    for setting in &settings {
        if let SettingKind::Flag(flag, true) = setting.kind {
            match flag {
                Flag::LaxRegexes => compiler.lax_regexes = true,
                Flag::InsecureOrigins => compiler.insecure_origins = true,
                Flag::PublicSuffixSubdomains => compiler.public_suffix_subdomains = true,
                Flag::Credentials => compiler.has_credentials = true,
                _ => {}
            }
        }
    }
    for setting in settings {
        compiler.take(setting);
    }
    compiler.finish(missing)
}

impl Compiler {
    fn take(&mut self, Setting { mut location, kind }: Setting) {
        if let SettingKind::List(kind, texts) = kind {
            let texts = Rc::new(texts);
            if kind == ListKind::Origins {
                self.list.begin_list(&texts);
            }
            for text in texts.iter() {
                self.taken += 1;
                self.take_text(&location, kind, text);
                location.advance();
            }
            if kind == ListKind::Origins {
                self.list.end_list(texts);
            }
            return;
        }
        self.taken += 1;
        match kind {
            // Above.
            SettingKind::List(..) => {}
            SettingKind::EmptyOrigins => self.empty_origins = Some(self.source(location)),
            SettingKind::OriginPredicate(predicate) => {
                self.listed_origins = true;
                self.suspicions.reads_headers = true;
                self.suspicions.predicate.get_or_insert(location.clone());
                self.list.predicate(predicate);
                self.locations.predicates.push(location);
            }
            #[cfg(feature = "lookup")]
            SettingKind::OriginLookup(lookup) => self.take_lookup(location, lookup),
            // Expanded by the builder before it compiles.
            SettingKind::OriginsFromEnv(_)
            | SettingKind::AllFromEnv(_)
            | SettingKind::OriginsFromFile(_) => {}
            SettingKind::OriginLines(file) => self.take_lines(&location, file),
            SettingKind::AnyOrigin => {
                self.suspicions.any_origin.add(&location, "*");
                self.locations.any_origin = Some(location.clone());
                self.any_origin = Some(self.source(location));
            }
            SettingKind::NoOrigin => self.no_origin = Some(self.source(location)),
            SettingKind::AnyMethod => self.rules.any_method = true,
            SettingKind::AnyHeader => self.rules.any_header = true,
            SettingKind::AnyExposed => self.rules.any_exposed = true,
            SettingKind::MaxAge(age, text) => self.take_max_age(&location, age, &text),
            SettingKind::PreflightStatus(status, text) => {
                self.take_preflight_status(&location, status, &text);
            }
            SettingKind::Flag(flag, is_on) => self.take_flag(&location, flag, is_on),
            SettingKind::Mistake {
                value,
                violation,
                about_origins,
            } => {
                self.origin_mistakes |= about_origins;
                let violation = match about_origins {
                    true => self.with_possible_fix(violation),
                    false => violation,
                };
                self.errors
                    .push(self.source(location).mistake(value, violation));
            }
            SettingKind::OfOthers => {}
            SettingKind::Unknown(meant) => {
                let warning = match meant {
                    None => PolicyWarning::unknown_variable(location),
                    Some(meant) => {
                        let meant = meant.in_words(location.words());
                        let text = format!("variable is unknown and ignored ({meant})");
                        PolicyWarning::new(location, text)
                    }
                };
                self.suspicions.given.push(warning);
            }
        }
    }

    /// Takes one entry of a list.
    pub(super) fn take_text(&mut self, location: &Location, kind: ListKind, text: &str) {
        if kind == ListKind::Origins {
            self.listed_origins = true;
            // Parsed first, because most are good, and a list may have a million.
            match Entry::parse(text) {
                Ok(entry) => self.take_entry(location, text, entry),
                Err(violation) => {
                    let violation = names::one_entry(location, kind, text)
                        .err()
                        .unwrap_or(violation);
                    let violation = match self.errors.len() < MOST_CORRECTIONS {
                        true => self.corrected(location, text, violation),
                        false => violation,
                    };
                    self.fail(location, text, violation);
                }
            }
            return;
        }
        if kind == ListKind::CredentialOrigins {
            if let Err(violation) = self.take_credential_entry(location, text) {
                self.fail(location, text, violation);
            }
            return;
        }
        if let Err(violation) = names::one_entry(location, kind, text) {
            let violation = match kind {
                ListKind::OwnOrigins => refused_own_origin(location, text, violation),
                _ => refused_name(location, kind, text, violation),
            };
            return self.fail(location, text, violation);
        }
        let taken = match kind {
            // Above.
            ListKind::Origins | ListKind::CredentialOrigins => Ok(()),
            ListKind::OriginRegexes => self.take_regex(location, text),
            ListKind::Vary => self.take_vary_name(location, text),
            ListKind::Methods => self.take_method(location, text),
            ListKind::Headers => self.take_request_header(location, text),
            ListKind::Exposed => self.take_exposed_header(location, text),
            ListKind::OwnOrigins => self.take_own_origin(location, text),
        };
        if let Err(violation) = taken {
            let violation = refused_name(location, kind, text, violation);
            self.fail(location, text, violation);
        }
    }

    /// What to say of a refused entry, by what was probably meant.
    fn corrected(&mut self, location: &Location, text: &str, violation: Violation) -> Violation {
        let violation = refused_entry(location, text, violation, &mut self.lint);
        match Entry::meant_of_public_suffix(text) {
            Some(_) if !self.public_suffix_subdomains => of_public_suffix(),
            Some(entry) => violation.with_fix(Fix::from("write ").and(Piece::Value(entry))),
            None => self.with_possible_fix(violation),
        }
    }

    fn finish(&mut self, missing: (Location, Violation)) -> Result<CorsPolicy, PolicyErrors> {
        self.check_meant_any_origin();
        self.check_sources(missing);
        self.check_suffixes();
        self.check_regexes();
        self.check_credentials();
        let list = take(&mut self.list).finish().map_err(|violation| {
            let source = Source {
                number: self.taken,
                // It is about all regexes. The last one shows in which setting they are.
                location: match self.locations.regexes.last() {
                    Some(last) => last.clone(),
                    None => Location::setter(settings::ORIGIN_REGEXES.setter),
                },
            };
            self.errors.push(source.mistake(None, violation));
        });
        let mut errors = Vec::new();
        for mistake in self.errors_in_order() {
            errors.push(mistake.in_words());
        }
        // The list exists if there was no error.
        let list = list.unwrap_or_default();
        let warnings = self
            .suspicions
            .take_warnings(&self.rules, &list, &self.locations);
        let warnings = PolicyErrors::none_or(errors, warnings)?;
        if self.locations.credential_entries.get(0).is_some() {
            let list = take(&mut self.credential_list).finish();
            self.rules.credentials_for = list.ok().map(Box::new);
        }
        self.rules.origins = match self.any_origin {
            Some(_) => Origins::Any,
            None => Origins::Listed(list),
        };
        let (rules, locations) = (take(&mut self.rules), take(&mut self.locations));
        Ok(CorsPolicy::new(rules, warnings, locations))
    }
}
