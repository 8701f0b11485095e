//! Where a setting came from.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{quote::Name, settings::Words};

/// Where a setting came from.
///
/// Displays as *setting*, as *setting, entry 3* of a list, or as *path, line 3* of a file that a setting names.
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
    /// The file that the setting names, if it is about one of its lines.
    file: Option<Arc<Path>>,
    /// The number of the entry in a list, or of the line in the file, counted from 1.
    number: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Setter(&'static str),
    /// A variable or a key.
    Named {
        name: Arc<str>,
        /// In which a fix names other settings: code may name a variable of its own for one list alone.
        words: Words,
        /// Whether a list in it is one text, with separators; else it is a sequence.
        is_text: bool,
    },
}

impl Location {
    /// The name of the setter, of the variable with its prefix, or of the key, unescaped.
    #[must_use]
    pub fn setting(&self) -> &str {
        match &self.source {
            Source::Setter(name) => name,
            Source::Named { name, .. } => name,
        }
    }

    /// The number of the entry in a list, counted from 1.
    #[must_use]
    pub fn entry(&self) -> Option<usize> {
        self.number.filter(|_| self.file.is_none())
    }

    /// The path of the file that the setting names, as the setting has it; `None` if this is not a line of a file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The number of the line in the [`file`](Self::file), counted from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.number.filter(|_| self.file.is_some())
    }

    pub(crate) fn setter(name: &'static str) -> Self {
        Self::whole(Source::Setter(name))
    }

    /// A variable, or a key whose value is one text.
    pub(crate) fn text(name: &str, words: &Words) -> Self {
        Self::whole(Source::Named {
            name: name.into(),
            words: words.clone(),
            is_text: true,
        })
    }

    /// A key whose value is a sequence.
    #[cfg(feature = "serde")]
    pub(crate) fn sequence(key: &str) -> Self {
        Self::whole(Source::Named {
            name: key.into(),
            words: Words::Keys,
            is_text: false,
        })
    }

    fn whole(source: Source) -> Self {
        Self {
            source,
            file: None,
            number: None,
        }
    }

    /// The location of one entry of a list, counted from 0 here and from 1 for people.
    pub(crate) fn at(&self, index: usize) -> Self {
        Self {
            number: Some(index + 1),
            ..self.clone()
        }
    }

    /// The first line of a file that this setting names.
    pub(crate) fn first_line(&self, file: PathBuf) -> Self {
        Self {
            file: Some(file.into()),
            number: Some(1),
            ..self.clone()
        }
    }

    /// The location so many entries or lines after this one; what is neither is one location.
    pub(crate) fn after(&self, entries: usize) -> Self {
        Self {
            number: self.number.map(|number| number + entries),
            ..self.clone()
        }
    }

    /// Becomes the location after this one. A million clones take as long as all checks of their entries.
    pub(crate) fn advance(&mut self) {
        self.number = self.number.map(|number| number + 1);
    }

    /// Whether this is the location [`after`](Self::after) another one. The numbers are compared first: a list may have a
    /// million entries.
    pub(crate) fn is_after(&self, first: &Self, entries: usize) -> bool {
        self.number == first.number.map(|number| number + entries)
            && self.source == first.source
            && self.file == first.file
    }

    /// How messages about this location name other settings.
    pub(crate) fn words(&self) -> &Words {
        match &self.source {
            Source::Setter(_) => &Words::Setters,
            Source::Named { words, .. } => words,
        }
    }

    /// Whether it is one entry of a list.
    pub(crate) fn is_entry(&self) -> bool {
        self.number.is_some()
    }

    /// Whether lists are one text there, with separators.
    pub(crate) fn has_separators(&self) -> bool {
        matches!(self.source, Source::Named { is_text: true, .. }) && self.file.is_none()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.number) {
            (Some(file), Some(line)) => write!(f, "{}, line {line}", Name(&file.to_string_lossy())),
            (_, Some(entry)) => write!(f, "{}, entry {entry}", Name(self.setting())),
            (_, None) => write!(f, "{}", Name(self.setting())),
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
                Location::text("ADMIN_ALLOWED_ORIGINS", &words),
                "`ADMIN_ALLOWED_METHODS`",
            ),
            (
                Location::text("ADMIN_ALLOWED_ORIGINS", &words).at(2),
                "`ADMIN_ALLOWED_METHODS`",
            ),
            (
                Location::text("EXTRA_ORIGINS", &Words::Setters),
                "`allow_methods()`",
            ),
        ] {
            let fix = Fix::from(Piece::Named(settings::METHODS));
            assert_eq!(fix.in_words(location.words()), wanted, "{location}");
        }
    }
}
