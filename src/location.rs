//! Where a setting came from.

use std::{fmt, sync::Arc};

use crate::{quote::Name, settings::Words};

/// Where a setting came from.
///
/// Displays as *setting*, or as *setting, entry 3* of a list.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let vars = [("CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example/")];
/// let errors = CorsPolicy::from_vars("CORS_", vars).unwrap_err();
/// let location = errors.as_slice()[0].location();
///
/// assert_eq!(location.setting(), "CORS_ALLOWED_ORIGINS");
/// assert_eq!(location.entry(), Some(2));
/// assert_eq!(location.to_string(), "CORS_ALLOWED_ORIGINS, entry 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    source: Source,
    /// The number of the entry in a list, counted from 1.
    entry: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Setter(&'static str),
    /// With the words in which a fix names other settings: code may name a variable of its own for one list alone.
    Variable(Arc<str>, Words),
}

impl Location {
    /// The name of the setter or of the variable, with its prefix, unescaped.
    #[must_use]
    pub fn setting(&self) -> &str {
        match &self.source {
            Source::Setter(name) => name,
            Source::Variable(name, _) => name,
        }
    }

    /// The number of the entry in a list, counted from 1.
    #[must_use]
    pub fn entry(&self) -> Option<usize> {
        self.entry
    }

    pub(crate) fn setter(name: &'static str) -> Self {
        Self {
            source: Source::Setter(name),
            entry: None,
        }
    }

    pub(crate) fn variable(name: &str, words: &Words) -> Self {
        Self {
            source: Source::Variable(name.into(), words.clone()),
            entry: None,
        }
    }

    /// The location of one entry of a list, counted from 0 here and from 1 for people.
    pub(crate) fn at(&self, index: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: Some(index + 1),
        }
    }

    /// The location so many entries after this one in the same list; what is no list is one location.
    pub(crate) fn after(&self, entries: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: self.entry.map(|number| number + entries),
        }
    }

    /// The words in which what is said about this location names settings.
    pub(crate) fn words(&self) -> &Words {
        match &self.source {
            Source::Setter(_) => &Words::Setters,
            Source::Variable(_, words) => words,
        }
    }

    /// Whether it is one entry of a list.
    pub(crate) fn is_entry(&self) -> bool {
        self.entry.is_some()
    }

    /// Whether it came from the environment, where lists have separators.
    pub(crate) fn is_variable(&self) -> bool {
        matches!(self.source, Source::Variable(..))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Name(self.setting()))?;
        match self.entry {
            Some(number) => write!(f, ", entry {number}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fix::{Fix, Piece},
        settings,
    };

    #[test]
    fn fixes_name_settings_as_their_location_does() {
        let words = Words::Variables("ADMIN_".into());
        for (location, wanted) in [
            (Location::setter("allow_origin"), "`allow_methods()`"),
            (
                Location::variable("ADMIN_ALLOWED_ORIGINS", &words),
                "`ADMIN_ALLOWED_METHODS`",
            ),
            (
                Location::variable("ADMIN_ALLOWED_ORIGINS", &words).at(2),
                "`ADMIN_ALLOWED_METHODS`",
            ),
            (
                Location::variable("EXTRA_ORIGINS", &Words::Setters),
                "`allow_methods()`",
            ),
        ] {
            let fix = Fix::from(Piece::Named(settings::METHODS));
            assert_eq!(fix.in_words(location.words()), wanted, "{location}");
        }
    }
}
