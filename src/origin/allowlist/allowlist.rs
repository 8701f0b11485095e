//! Many entries compiled for look-up.

use std::{fmt, sync::Arc};

use super::{
    patterns::Patterns,
    table::{Index, Texts},
};
use crate::{
    error::Violation,
    http::RequestHead,
    origin::{
        entry::Entry,
        origin::Origin,
        regex::{OriginRegex, OriginRegexes},
    },
};

/// A person's own judgement of a well-formed origin.
pub(crate) type Predicate = Arc<dyn Fn(&Origin<'_>, &RequestHead) -> bool + Send + Sync>;

/// Who is allowed, for look-up.
///
/// A clone shares the tables and has a scratch space of its own for the regexes, so that workers with a clone each write
/// nothing that they share.
#[derive(Clone, Default)]
pub(crate) struct Allowlist {
    tables: Arc<Tables>,
    /// In a box, because most lists have none.
    regexes: Option<Box<OriginRegexes>>,
}

#[derive(Default)]
struct Tables {
    /// The entries as they were written, in the order of first mention.
    entries: Texts,
    /// Those that are whole serialized origins, and `null`.
    exact: Index,
    patterns: Patterns,
    regexes: Vec<String>,
    predicates: Vec<Predicate>,
}

/// Which part of an allowlist admitted an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// The entry of this number, in the order of first mention.
    Entry(usize),
    Regex,
    Predicate,
}

impl Allowlist {
    /// Which entry, regex or predicate admits the value of an `Origin` header, the first in this order.
    ///
    /// Entries are compared before anything is parsed: what equals a serialized origin is one. Regexes and predicates see
    /// well-formed origins only.
    pub(crate) fn admit(&self, value: &[u8], head: &RequestHead) -> Option<Listed> {
        if value.len() > Origin::MAX_LEN {
            return None;
        }
        let tables = &*self.tables;
        if let Some(number) = tables.find_exact(value) {
            return Some(Listed::Entry(number));
        }
        if tables.patterns.is_empty() && self.regexes.is_none() && tables.predicates.is_empty() {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        if let Some(number) = tables.patterns.find(&tables.entries, text) {
            return Some(Listed::Entry(number));
        }
        if self.regexes.is_none() && tables.predicates.is_empty() {
            return None;
        }
        let origin = Origin::parse(text)?;
        if self.regexes.as_ref().is_some_and(|all| all.admit(value)) {
            return Some(Listed::Regex);
        }
        let admits = |predicate: &Predicate| predicate(&origin, head);
        tables
            .predicates
            .iter()
            .any(admits)
            .then_some(Listed::Predicate)
    }

    /// The entries, as they were written.
    pub(crate) fn entries(&self) -> &Texts {
        &self.tables.entries
    }

    /// The numbers of the entries that another one covers, each with that one's, in the order of the list.
    pub(crate) fn covered(&self) -> impl Iterator<Item = (usize, usize)> {
        let Tables {
            entries, patterns, ..
        } = &*self.tables;
        let numbers = if patterns.is_empty() {
            0
        } else {
            entries.iter().len()
        };
        (0..numbers).filter_map(|number| Some((number, patterns.covering(entries, number)?)))
    }

    /// The regexes, as they were written.
    pub(crate) fn regexes(&self) -> &[String] {
        &self.tables.regexes
    }

    /// How many predicates there are.
    pub(crate) fn predicates(&self) -> usize {
        self.tables.predicates.len()
    }

    /// The text of the part of the list that admitted an origin; a predicate has none.
    pub(crate) fn text(&self, part: Listed, origin: &[u8]) -> Option<&str> {
        match part {
            Listed::Entry(number) => self.tables.entries.get(number),
            Listed::Regex => {
                let number = self.regex_of(origin)?;
                self.tables.regexes.get(number).map(String::as_str)
            }
            Listed::Predicate => None,
        }
    }

    /// The number of the first regex that admits a serialized origin.
    pub(crate) fn regex_of(&self, origin: &[u8]) -> Option<usize> {
        self.regexes.as_ref()?.first(origin)
    }

    /// The entry or the regex that admits a serialized origin; no predicate is asked.
    pub(crate) fn admit_without_head(&self, origin: &str) -> Option<Listed> {
        let tables = &*self.tables;
        let entry = tables
            .find_exact(origin.as_bytes())
            .or_else(|| tables.patterns.find(&tables.entries, origin));
        let regex = || {
            Origin::parse(origin)?;
            self.regex_of(origin.as_bytes()).map(|_| Listed::Regex)
        };
        entry.map(Listed::Entry).or_else(regex)
    }
}

impl Tables {
    fn find_exact(&self, text: &[u8]) -> Option<usize> {
        // To compare a few takes less than to hash one. The text of a pattern is no origin, so there must be none of these.
        const FEW: usize = 8;
        if self.entries.iter().len() <= FEW && self.patterns.is_empty() {
            return self.entries.position(text);
        }
        self.exact
            .find(&[text], |number| self.is_entry(number, text))
    }

    fn is_entry(&self, number: usize, text: &[u8]) -> bool {
        self.entries
            .get(number)
            .is_some_and(|entry| entry.as_bytes() == text)
    }
}

impl fmt::Debug for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allowlist")
            .field("entries", &self.entries())
            .field("regexes", &self.regexes())
            .field("predicates", &self.predicates())
            .finish()
    }
}

/// Gathers entries; repeated ones count once.
#[derive(Default)]
pub(crate) struct AllowlistBuilder {
    tables: Tables,
    regexes: Vec<OriginRegex>,
}

impl AllowlistBuilder {
    /// Makes room for exact entries, and for the bytes of their texts.
    pub(crate) fn reserve(&mut self, count: usize, bytes: usize) {
        self.tables.entries.reserve(count, bytes);
        self.tables.exact.reserve(count);
    }

    /// Whether the entry was not there.
    pub(crate) fn entry(&mut self, text: &str, entry: Entry<'_>) -> bool {
        let Tables {
            entries,
            exact,
            patterns,
            ..
        } = &mut self.tables;
        let number = entries.iter().len();
        let is_new = match entry {
            Entry::Null | Entry::Exact(_) => exact.insert(
                number,
                [text.as_bytes()],
                |number| entries.get(number) == Some(text),
                |number| [entries.get(number).unwrap_or_default().as_bytes()],
            ),
            Entry::Pattern(pattern) => patterns.insert(entries, number, pattern),
        };
        if is_new {
            entries.push(text);
        }
        is_new
    }

    /// Whether the regex was not there.
    pub(crate) fn regex(&mut self, regex: OriginRegex) -> bool {
        let is_known = |known: &OriginRegex| known.as_str() == regex.as_str();
        let is_new = !self.regexes.iter().any(is_known);
        if is_new {
            self.regexes.push(regex);
        }
        is_new
    }

    pub(crate) fn predicate(&mut self, predicate: Predicate) {
        self.tables.predicates.push(predicate);
    }

    /// Fails if the regexes, which compile each alone, do not compile together.
    pub(crate) fn finish(mut self) -> Result<Allowlist, Violation> {
        self.tables.entries.shrink();
        self.tables.regexes = self
            .regexes
            .iter()
            .map(|regex| regex.as_str().to_owned())
            .collect();
        Ok(Allowlist {
            regexes: OriginRegexes::new(&self.regexes)?.map(Box::new),
            tables: Arc::new(self.tables),
        })
    }
}
