//! The state of compiling: the result of the settings so far. Each file in this folder adds to it.

use std::path::PathBuf;

use crate::{
    error::{PolicyError, Violation},
    fix::Fix,
    location::Location,
    origin::{AllowlistBuilder, Lint},
    policy::{locations::Locations, rules::Rules, warnings::Suspicions},
    settings,
};

/// The result of the settings so far. An error has the number of its setting, because some errors are found only when
/// all settings are known, but all are reported in the order of the settings.
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
    pub(super) empty_origins: Option<Source>,
    pub(super) listed_origins: bool,
    pub(super) origin_mistakes: bool,
    /// Whether credentials are allowed, known before the first setting is taken, as are those that lift refusals.
    pub(super) has_credentials: bool,
    pub(super) insecure_origins: bool,
    pub(super) public_suffix_subdomains: bool,
    pub(super) lax_regexes: bool,
    pub(super) lint: Option<Lint>,
    /// What one of the settings above permits.
    pub(super) public_suffixes: Vec<(Source, String)>,
    pub(super) lax: Vec<(Source, String, Violation)>,
    /// Regexes that are too large to check: they may admit origins that must not have credentials.
    pub(super) unknown: Vec<(Source, String)>,
    /// Of what is allowed without credentials, or with them for all.
    pub(super) listed: NotWithCredentials,
    /// Of the entries whose origins alone may send credentials.
    pub(super) for_credentials: NotWithCredentials,
    pub(super) credential_list: AllowlistBuilder,
    /// Regexes with a choice within a label, and what to do about it.
    pub(super) choices: Vec<(Source, String, Fix)>,
    /// Settings of one value that were set so far.
    pub(super) scalars: Vec<Scalar>,
    /// Files of entries, each with the number of errors beyond those that are shown.
    pub(super) files_taken: Vec<(Source, PathBuf, usize)>,
}

impl Compiler {
    pub(super) fn source(&self, location: Location) -> Source {
        Source {
            number: self.taken,
            location,
        }
    }

    pub(super) fn fail(&mut self, location: &Location, value: &str, violation: Violation) {
        let source = self.source(location.clone());
        self.errors.push(source.error(value, violation));
    }
}

/// What must not be combined with credentials.
#[derive(Default)]
pub(super) struct NotWithCredentials {
    pub(super) null_origin: Option<Source>,
    pub(super) insecure: Vec<(Source, String)>,
    pub(super) claimable: Vec<Claimable>,
}

/// A setting of one value that was set.
pub(super) struct Scalar {
    pub(super) setting: &'static str,
    /// In one form, to be compared.
    pub(super) value: String,
    /// As it was written.
    pub(super) text: String,
    pub(super) location: Location,
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

/// An error that is not yet text.
pub(super) struct Mistake {
    pub(super) number: usize,
    location: Location,
    value: Option<String>,
    pub(super) violation: Violation,
}

impl Mistake {
    pub(super) fn location(&self) -> &Location {
        &self.location
    }

    /// Whether the value says any origin in a way that is not ours.
    pub(super) fn means_any_origin(&self) -> bool {
        self.violation.fix.switches_on(settings::ANY_ORIGIN)
    }

    pub(super) fn in_words(self) -> PolicyError {
        PolicyError::new(self.location, self.value.as_deref(), self.violation)
    }
}

/// An entry or a regex that admits names which anyone can register.
pub(super) struct Claimable {
    pub(super) source: Source,
    pub(super) text: String,
    /// The reason, for a regex. For an entry it is clear.
    pub(super) reason: Option<String>,
}

/// Adds a name that is not in the list yet.
pub(super) fn push_new(list: &mut Vec<String>, name: &str, is_same: impl Fn(&str, &str) -> bool) {
    if !list.iter().any(|known| is_same(known, name)) {
        list.push(name.to_owned());
    }
}
