//! Where a setting came from.

use std::{fmt, sync::Arc};

use crate::{
    error::{Fault, PolicyError},
    quote::Name,
};

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    source: Source,
    /// The number of the entry in a list, counted from 1.
    entry: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Setter(&'static str),
    Variable(Arc<str>),
}

impl Place {
    pub(crate) fn setter(name: &'static str) -> Self {
        Self {
            source: Source::Setter(name),
            entry: None,
        }
    }

    pub(crate) fn variable(name: &str) -> Self {
        Self {
            source: Source::Variable(name.into()),
            entry: None,
        }
    }

    /// The place of one entry of a list, counted from 0 here and from 1 for people.
    pub(crate) fn entry(&self, index: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: Some(index + 1),
        }
    }

    /// The place so many entries after this one in the same list; what is no list is one place.
    pub(crate) fn after(&self, entries: usize) -> Self {
        Self {
            source: self.source.clone(),
            entry: self.entry.map(|number| number + entries),
        }
    }

    /// Whether it is one entry of a list.
    pub(crate) fn is_entry(&self) -> bool {
        self.entry.is_some()
    }

    /// Whether it came from the environment, where lists have separators.
    pub(crate) fn is_variable(&self) -> bool {
        matches!(self.source, Source::Variable(_))
    }

    pub(crate) fn error(&self, value: &str, fault: Fault) -> PolicyError {
        PolicyError::new(self.to_string(), Some(value), fault)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Setter(name) => f.write_str(name)?,
            Source::Variable(name) => write!(f, "{}", Name(name))?,
        }
        match self.entry {
            Some(number) => write!(f, ", entry {number}"),
            None => Ok(()),
        }
    }
}
