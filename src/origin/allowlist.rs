//! Many entries compiled for look-up.

use std::{
    collections::{HashMap, hash_map},
    fmt,
    hash::Hash,
    sync::Arc,
};

use super::{Entry, NULL, Origin, OriginRegex, Port};
use crate::http::RequestHead;

/// A person's own judgement of a well-formed origin.
pub(crate) type Predicate = Arc<dyn Fn(&Origin<'_>, &RequestHead) -> bool + Send + Sync>;

/// Who is allowed, for look-up.
///
/// A clone shares the tables and has a scratch space of its own for each regex, so that workers with a clone each write
/// nothing that they share.
#[derive(Clone, Default)]
pub(crate) struct Allowlist {
    tables: Arc<Tables>,
    regexes: Vec<OriginRegex>,
    predicates: Vec<Predicate>,
}

#[derive(Default)]
struct Tables {
    /// The entries as they were written, in the order of first mention; what the indices below count in.
    texts: Vec<String>,
    /// The text of `null`, if it is an entry.
    null: Option<usize>,
    /// Whole serialized origins. The standard hasher is keyed at random, so no one can make look-ups collide.
    exact: HashMap<Box<str>, usize>,
    /// The schemes of pattern entries, numbered.
    schemes: HashMap<Box<str>, usize>,
    /// Pattern entries by their host, without `*.`, and then by the rest of them.
    patterns: HashMap<Box<str>, HashMap<Pattern, usize>>,
}

/// A pattern entry, but for its host.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Pattern {
    scheme: usize,
    subdomains: bool,
    port: Port,
}

impl Tables {
    /// The pattern entry that admits an origin.
    fn pattern_for(&self, origin: &Origin<'_>) -> Option<usize> {
        let scheme = *self.schemes.get(origin.scheme())?;
        let pattern = Pattern {
            scheme,
            subdomains: false,
            port: Port::Only(origin.port()),
        };
        self.pattern_over(pattern, origin.host(), None)
    }

    /// A pattern entry, other than `except`, that admits all that a pattern on a host admits, or an origin there.
    fn pattern_over(&self, pattern: Pattern, host: &str, except: Option<usize>) -> Option<usize> {
        let mut host = host;
        let mut subdomains = pattern.subdomains;
        // At most 127 labels fit into a host, so this ends soon. An IPv6 address has no dot, and below an IPv4 address
        // no pattern can be.
        loop {
            if let Some(patterns) = self.patterns.get(host) {
                let index = [pattern.port, Port::Any].into_iter().find_map(|port| {
                    let index = patterns.get(&Pattern {
                        port,
                        subdomains,
                        ..pattern
                    });
                    index.copied().filter(|index| Some(*index) != except)
                });
                if index.is_some() {
                    return index;
                }
            }
            host = host.split_once('.')?.1;
            subdomains = true;
        }
    }

    /// Each entry that another one covers, with that one, in the order of the list.
    fn covered(&self) -> Vec<(usize, usize)> {
        let exact = self
            .exact
            .iter()
            .filter_map(|(text, index)| Some((*index, self.pattern_for(&Origin::parse(text)?)?)));
        let patterns = self.patterns.iter().flat_map(|(host, patterns)| {
            patterns.iter().filter_map(move |(pattern, index)| {
                Some((*index, self.pattern_over(*pattern, host, Some(*index))?))
            })
        });
        let mut covered: Vec<_> = exact.chain(patterns).collect();
        covered.sort_unstable();
        covered
    }
}

/// Which part of an allowlist admitted an origin: an index in the order of first mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    Entry(usize),
    Regex(usize),
    Predicate(usize),
}

impl Allowlist {
    /// Which entry, regex or predicate admits the value of an `Origin` header, the first in this order; or why none
    /// does.
    pub(crate) fn admit(&self, value: &[u8], head: &RequestHead) -> Result<Listed, NotListed> {
        if value == NULL.as_bytes() {
            return self
                .tables
                .null
                .map(Listed::Entry)
                .ok_or(NotListed::Unknown);
        }
        let origin = Origin::parse_bytes(value).ok_or(NotListed::Malformed)?;
        self.admit_entry(&origin)
            .or_else(|| self.admit_regex(&origin))
            .or_else(|| self.admit_predicate(&origin, head))
            .ok_or(NotListed::Unknown)
    }

    /// The entries, as they were written.
    pub(crate) fn entries(&self) -> &[String] {
        &self.tables.texts
    }

    /// The numbers of the entries that another one covers, each with that one's.
    pub(crate) fn covered(&self) -> Vec<(usize, usize)> {
        self.tables.covered()
    }

    /// The regexes, as they were written.
    pub(crate) fn regexes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.regexes.iter().map(OriginRegex::as_str)
    }

    /// How many predicates there are.
    pub(crate) fn predicates(&self) -> usize {
        self.predicates.len()
    }

    /// The text of a part of the list; a predicate has none.
    pub(crate) fn text(&self, part: Listed) -> Option<&str> {
        match part {
            Listed::Entry(index) => self.tables.texts.get(index).map(String::as_str),
            Listed::Regex(index) => self.regexes().nth(index),
            Listed::Predicate(_) => None,
        }
    }

    fn admit_entry(&self, origin: &Origin<'_>) -> Option<Listed> {
        if let Some(index) = self.tables.exact.get(origin.as_str()) {
            return Some(Listed::Entry(*index));
        }
        self.tables.pattern_for(origin).map(Listed::Entry)
    }

    fn admit_regex(&self, origin: &Origin<'_>) -> Option<Listed> {
        self.regexes
            .iter()
            .position(|regex| regex.admits(origin))
            .map(Listed::Regex)
    }

    fn admit_predicate(&self, origin: &Origin<'_>, head: &RequestHead) -> Option<Listed> {
        self.predicates
            .iter()
            .position(|predicate| predicate(origin, head))
            .map(Listed::Predicate)
    }
}

/// Why an allowlist admits an origin in no way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotListed {
    /// It is not a serialized origin.
    Malformed,
    /// Nothing admits it.
    Unknown,
}

impl fmt::Debug for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allowlist")
            .field("entries", &self.entries())
            .field("regexes", &self.regexes)
            .field("predicates", &self.predicates())
            .finish()
    }
}

/// Gathers entries; repeated ones count once.
#[derive(Default)]
pub(crate) struct AllowlistBuilder {
    tables: Tables,
    regexes: Vec<OriginRegex>,
    predicates: Vec<Predicate>,
}

impl AllowlistBuilder {
    /// Whether the entry was not there.
    pub(crate) fn entry(&mut self, text: &str, entry: Entry) -> bool {
        let tables = &mut self.tables;
        let index = tables.texts.len();
        let is_new = match entry {
            Entry::Null => {
                let is_new = tables.null.is_none();
                tables.null.get_or_insert(index);
                is_new
            }
            Entry::Exact(origin) => insert_new(&mut tables.exact, origin.into(), index),
            Entry::Pattern {
                scheme,
                host,
                subdomains,
                port,
            } => {
                let number = tables.schemes.len();
                let scheme = *tables.schemes.entry(scheme.into()).or_insert(number);
                let pattern = Pattern {
                    scheme,
                    subdomains,
                    port,
                };
                let patterns = tables.patterns.entry(host.into()).or_default();
                insert_new(patterns, pattern, index)
            }
        };
        if is_new {
            tables.texts.push(text.to_owned());
        }
        is_new
    }

    pub(crate) fn regex(&mut self, regex: OriginRegex) {
        if !self
            .regexes
            .iter()
            .any(|known| known.as_str() == regex.as_str())
        {
            self.regexes.push(regex);
        }
    }

    pub(crate) fn predicate(&mut self, predicate: Predicate) {
        self.predicates.push(predicate);
    }

    pub(crate) fn finish(self) -> Allowlist {
        Allowlist {
            tables: Arc::new(self.tables),
            regexes: self.regexes,
            predicates: self.predicates,
        }
    }
}

/// Whether the key was not there; what was there stays.
fn insert_new<K: Eq + Hash>(map: &mut HashMap<K, usize>, key: K, value: usize) -> bool {
    match map.entry(key) {
        hash_map::Entry::Occupied(_) => false,
        hash_map::Entry::Vacant(entry) => {
            entry.insert(value);
            true
        }
    }
}
