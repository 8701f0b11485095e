//! Many entries compiled for look-up.

use std::{fmt, rc::Rc, sync::Arc};

use super::{
    entry_index::EntryIndex,
    entry_texts::{EntryTexts, is_exact},
    patterns::Patterns,
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

/// The application's own function that decides about a well-formed origin.
pub(crate) type Predicate = Arc<dyn Fn(&Origin<'_>, &RequestHead) -> bool + Send + Sync>;

/// The allowed origins, compiled for look-up.
///
/// A clone shares the tables and has its own scratch space for the regexes. Each worker has a clone, so that workers never
/// write to the same memory.
#[derive(Clone, Default)]
pub(crate) struct Allowlist {
    tables: Arc<Tables>,
    /// Boxed, because most lists have none.
    regexes: Option<Box<OriginRegexes>>,
}

#[derive(Default)]
struct Tables {
    /// The entries as they were written, in the order of first mention.
    entries: EntryTexts,
    /// The entries that are whole serialized origins, and `null`.
    exact: EntryIndex,
    patterns: Patterns,
    regexes: Vec<String>,
    predicates: Vec<Predicate>,
}

/// What admitted an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// The entry of this number, in the order of first mention.
    Entry(usize),
    Regex,
    Predicate,
    /// The look-up, which is asked elsewhere.
    #[cfg(feature = "lookup")]
    Lookup,
}

impl Match {
    /// What it is, for people.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Entry(_) => "an entry",
            Self::Regex => "a regex",
            Self::Predicate => "a predicate",
            #[cfg(feature = "lookup")]
            Self::Lookup => "a look-up",
        }
    }
}

/// Equal if both were given the same, in the same order. Predicates are compared as pieces of code.
impl PartialEq for Allowlist {
    fn eq(&self, other: &Self) -> bool {
        let (tables, others) = (&self.tables, &other.tables);
        let is_same = |(one, other): (&Predicate, &Predicate)| Arc::ptr_eq(one, other);
        Arc::ptr_eq(tables, others)
            || (tables.entries == others.entries
                && tables.regexes == others.regexes
                && tables.predicates.len() == others.predicates.len()
                && tables
                    .predicates
                    .iter()
                    .zip(&others.predicates)
                    .all(is_same))
    }
}

impl Allowlist {
    /// Which entry, regex or predicate admits the value of an `Origin` header, tried in this order.
    ///
    /// Entries are compared before anything is parsed: a value that equals a serialized origin is one, and most values are
    /// allowed or denied by a comparison. Regexes and predicates see only well-formed origins.
    #[inline]
    pub(crate) fn admit(&self, value: &[u8], head: &RequestHead) -> Option<Match> {
        if value.len() > Origin::MAX_LEN {
            return None;
        }
        let tables = &*self.tables;
        if let Some(number) = tables.find_exact(value) {
            return Some(Match::Entry(number));
        }
        if tables.patterns.is_empty() && self.regexes.is_none() && tables.predicates.is_empty() {
            return None;
        }
        self.admit_by_others(value, head)
    }

    /// The same for a value that is not an exact entry.
    fn admit_by_others(&self, value: &[u8], head: &RequestHead) -> Option<Match> {
        let tables = &*self.tables;
        let text = std::str::from_utf8(value).ok()?;
        if let Some(number) = tables.patterns.find(&tables.entries, text) {
            return Some(Match::Entry(number));
        }
        if self.regexes.is_none() && tables.predicates.is_empty() {
            return None;
        }
        let origin = Origin::parse(text)?;
        if self.regexes.as_ref().is_some_and(|all| all.admit(value)) {
            return Some(Match::Regex);
        }
        let admits = |predicate: &Predicate| predicate(&origin, head);
        tables
            .predicates
            .iter()
            .any(admits)
            .then_some(Match::Predicate)
    }

    /// The entries, as they were written.
    pub(crate) fn entries(&self) -> &EntryTexts {
        &self.tables.entries
    }

    /// The entries that another entry covers, each with the one that covers it, in the order of the list.
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

    /// The text of the entry or regex that admitted an origin. A predicate and a look-up have none.
    pub(crate) fn text(&self, found: Match, origin: &[u8]) -> Option<&str> {
        match found {
            Match::Entry(number) => self.tables.entries.get(number),
            Match::Regex => {
                let number = self.regex_of(origin)?;
                self.tables.regexes.get(number).map(String::as_str)
            }
            Match::Predicate => None,
            #[cfg(feature = "lookup")]
            Match::Lookup => None,
        }
    }

    /// The number of the first regex that admits a serialized origin.
    pub(crate) fn regex_of(&self, origin: &[u8]) -> Option<usize> {
        self.regexes.as_ref()?.first(origin)
    }

    /// The entry or the regex that admits a serialized origin. Predicates are left out: they need a request.
    pub(crate) fn admit_without_head(&self, origin: &str) -> Option<Match> {
        let tables = &*self.tables;
        let entry = tables
            .find_exact(origin.as_bytes())
            .or_else(|| tables.patterns.find(&tables.entries, origin));
        let regex = || {
            Origin::parse(origin)?;
            self.regex_of(origin.as_bytes()).map(|_| Match::Regex)
        };
        entry.map(Match::Entry).or_else(regex)
    }
}

impl Tables {
    fn find_exact(&self, text: &[u8]) -> Option<usize> {
        // Comparing with a few is cheaper than hashing. Only without patterns: a request could send the text of a pattern,
        // and `position` compares with all entries.
        const FEW: usize = 8;
        if self.entries.iter().len() <= FEW && self.patterns.is_empty() {
            return self.entries.position(text);
        }
        self.exact
            .find(&[text], |number| self.is_entry(number, text))
    }

    /// Indexes the exact entries once more, after the index was filled with texts that are not all entries.
    fn index_again(&mut self) {
        let Self { entries, exact, .. } = self;
        *exact = EntryIndex::default();
        for (number, text) in entries.iter().enumerate() {
            if is_exact(text) {
                exact.insert_text(entries, number, text);
            }
        }
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

/// Collects entries. Repeated ones count once.
#[derive(Default)]
pub(crate) struct AllowlistBuilder {
    tables: Tables,
    regexes: Vec<OriginRegex>,
    /// While the first list is taken: its texts, which become those of the table. A million of them are not copied.
    first_list: Option<FirstList>,
}

/// The first list that is taken, as long as each of its texts is a new entry.
struct FirstList {
    texts: Rc<EntryTexts>,
    taken: usize,
    /// Whether its exact entries are in the index already.
    is_indexed: bool,
}

impl AllowlistBuilder {
    /// Reserves room for exact entries.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.tables.exact.reserve(count);
    }

    /// Reserves room for the bytes of their texts.
    pub(crate) fn reserve_texts(&mut self, bytes: usize) {
        self.tables.entries.reserve(0, bytes);
    }

    /// Announces the entries of a list, which are then added in its order. Entries that are not valid may be left out.
    pub(crate) fn begin_list(&mut self, texts: &Rc<EntryTexts>) {
        if self.tables.entries.is_empty() {
            self.first_list = Some(FirstList {
                texts: Rc::clone(texts),
                taken: 0,
                is_indexed: self.tables.exact.fill(texts),
            });
        } else {
            let count = texts.len();
            self.tables.entries.reserve(count, texts.bytes());
        }
    }

    /// Takes over the texts of the list that was announced, if they are its entries.
    pub(crate) fn end_list(&mut self, texts: Rc<EntryTexts>) {
        if let Some(first) = self.first_list.take() {
            let (taken, is_indexed) = (first.taken, first.is_indexed);
            // It shares the texts, which would be copied.
            drop(first);
            self.tables.entries = Rc::unwrap_or_clone(texts);
            let are_all = taken == self.tables.entries.len();
            self.tables.entries.truncate(taken);
            // The texts that were cut off are in the index too, under numbers that the next list gives to others.
            if is_indexed && !are_all {
                self.tables.index_again();
            }
        }
    }

    /// From here on, the entries are no longer the texts of the list: one of these was repeated, or is not valid.
    fn leave_list(&mut self) {
        if let Some(first) = self.first_list.take() {
            let FirstList { texts, taken, .. } = first;
            let mut entries = EntryTexts::default();
            entries.reserve(texts.len(), texts.bytes());
            for text in texts.iter().take(taken) {
                entries.push(text);
            }
            self.tables.entries = entries;
            if first.is_indexed {
                self.tables.index_again();
            }
        }
    }

    /// Returns `false` if the entry is already there.
    pub(crate) fn entry(&mut self, text: &str, entry: Entry<'_>) -> bool {
        let is_next = |first: &FirstList| first.texts.get(first.taken) == Some(text);
        if self
            .first_list
            .as_ref()
            .is_some_and(|first| !is_next(first))
        {
            self.leave_list();
        }
        let Tables {
            entries,
            exact,
            patterns,
            ..
        } = &mut self.tables;
        let (texts, number) = match &self.first_list {
            Some(first) => (&*first.texts, first.taken),
            None => (&*entries, entries.iter().len()),
        };
        let is_indexed = self
            .first_list
            .as_ref()
            .is_some_and(|first| first.is_indexed);
        let is_new = match entry {
            Entry::Null | Entry::Exact(_) if is_indexed => true,
            Entry::Null | Entry::Exact(_) => exact.insert_text(texts, number, text),
            Entry::Pattern(pattern) => patterns.insert(texts, number, pattern),
        };
        match (&mut self.first_list, is_new) {
            (Some(first), true) => first.taken += 1,
            (Some(_), false) => self.leave_list(),
            (None, true) => entries.push(text),
            (None, false) => {}
        }
        is_new
    }

    /// Returns `false` if the regex is already there.
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

    /// Fails if the regexes, each of which compiles alone, do not compile together.
    pub(crate) fn finish(mut self) -> Result<Allowlist, Violation> {
        self.tables.entries.shrink();
        let mut whole = Vec::new();
        for regex in &self.regexes {
            self.tables.regexes.push(regex.as_str().to_owned());
            whole.push(regex.whole());
        }
        Ok(Allowlist {
            regexes: OriginRegexes::new(&whole)?.map(Box::new),
            tables: Arc::new(self.tables),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// Repeated ones, patterns, and what is no entry.
    fn list() -> impl Strategy<Value = Vec<String>> {
        let text = select(vec![
            "null",
            "https://",
            "*",
            "https://*.a.example",
            "http://a:*",
        ]);
        let host = "[a-c]{1,2}".prop_map(|host| format!("https://{host}"));
        vec(
            prop_oneof![4 => host, 1 => text.prop_map(str::to_owned)],
            0..12,
        )
    }

    /// What is said of each entry, and the list.
    fn taken(lists: &[Vec<String>], are_announced: bool) -> (Vec<bool>, Allowlist) {
        let mut builder = AllowlistBuilder::default();
        let mut news = Vec::new();
        for list in lists {
            let texts: Rc<EntryTexts> = Rc::new(list.iter().collect());
            if are_announced {
                builder.begin_list(&texts);
            }
            for text in texts.iter() {
                if let Ok(entry) = Entry::parse(text) {
                    news.push(builder.entry(text, entry));
                }
            }
            if are_announced {
                builder.end_list(texts);
            }
        }
        (news, builder.finish().expect("no regexes"))
    }

    #[test]
    fn the_first_list_is_not_copied() {
        for last in ["https://b.example", "no entry"] {
            let list = ["https://a.example", "https://*.a.example", last];
            let texts: Rc<EntryTexts> = Rc::new(list.iter().collect());
            let before = texts.get(0).map(str::as_ptr);
            let mut builder = AllowlistBuilder::default();
            builder.begin_list(&texts);
            for text in texts.iter() {
                if let Ok(entry) = Entry::parse(text) {
                    assert!(builder.entry(text, entry));
                }
            }
            builder.end_list(texts);
            assert_eq!(builder.tables.entries.get(0).map(str::as_ptr), before);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_list_is_its_entries_one_by_one(lists in vec(list(), 0..3)) {
            let (news, list) = taken(&lists, true);
            let (wanted, one_by_one) = taken(&lists, false);
            prop_assert_eq!(news, wanted);
            prop_assert_eq!(&list, &one_by_one);
            for list in [&list, &one_by_one] {
                let exact = list.entries().iter().filter(|text| is_exact(text));
                prop_assert_eq!(list.tables.exact.len(), exact.count());
            }
            for text in lists.iter().flatten() {
                let number = one_by_one.tables.entries.position(text.as_bytes());
                let is_exact = |number: &usize| is_exact(one_by_one.entries().get(*number).unwrap());
                let exact = number.filter(is_exact);
                for list in [&list, &one_by_one] {
                    let found = |index: usize| list.tables.is_entry(index, text.as_bytes());
                    prop_assert_eq!(list.tables.exact.find(&[text.as_bytes()], found), exact);
                }
            }
        }
    }
}
