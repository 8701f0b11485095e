//! The texts of many entries in one piece of memory, and a way to find one of them.

use std::{
    fmt,
    hash::{BuildHasher as _, Hasher as _},
};

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table};

/// Texts, numbered in their order. A million of them cost their bytes and eight more each.
#[derive(Clone)]
pub(crate) struct Texts {
    all: String,
    /// Where each begins, and where the last one ends.
    bounds: Vec<usize>,
}

impl Texts {
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        self.all
            .get(*self.bounds.get(number)?..*self.bounds.get(number + 1)?)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.bounds.len() - 1).map(|number| self.get(number).unwrap_or_default())
    }

    /// The number of a text, by a look at each.
    pub(super) fn position(&self, text: &[u8]) -> Option<usize> {
        let is_it = |bounds: &[usize]| match bounds {
            [start, end] if end - start == text.len() => {
                self.all.as_bytes().get(*start..*end) == Some(text)
            }
            _ => false,
        };
        self.bounds.windows(2).position(is_it)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.iter().len() == 0
    }

    /// How many bytes they have together.
    pub(crate) fn bytes(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.bounds.push(self.all.len());
    }

    pub(super) fn reserve(&mut self, count: usize, bytes: usize) {
        self.bounds.reserve(count);
        self.all.reserve(bytes);
    }

    pub(super) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.bounds.shrink_to_fit();
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            all: String::new(),
            bounds: vec![0],
        }
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let mut texts = Self::default();
        for text in iter {
            texts.push(text.as_ref());
        }
        texts.shrink();
        texts
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Numbers of texts by the hash of what is asked for.
///
/// It is filled when a policy is built and only read afterwards, so that nobody who asks can crowd a place of it; and
/// whoever has a say in what is listed does not know the key of the hash, which is drawn at random. Measured for an origin
/// of 30 bytes, in instructions: 190 among any number of entries, of which the hash is 100 (the standard one is 350); 60
/// for comparing it with three.
#[derive(Default)]
pub(super) struct Index {
    table: HashTable<usize>,
    key: RandomState,
}

impl Index {
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Makes room in a table that is empty.
    pub(super) fn reserve(&mut self, count: usize) {
        self.table = HashTable::with_capacity(count);
    }

    pub(super) fn find(&self, parts: &[&[u8]], is_it: impl Fn(usize) -> bool) -> Option<usize> {
        self.table
            .find(hash(&self.key, parts), |number| is_it(*number))
            .copied()
    }

    /// Whether nothing was there that is the same; what was there stays. `parts_of` gives the parts of a number again.
    pub(super) fn insert<'a, const N: usize>(
        &mut self,
        number: usize,
        parts: [&[u8]; N],
        is_it: impl Fn(usize) -> bool,
        parts_of: impl Fn(usize) -> [&'a [u8]; N],
    ) -> bool {
        let Self { table, key } = self;
        let entry = table.entry(
            hash(key, &parts),
            |number| is_it(*number),
            |number| hash(key, &parts_of(*number)),
        );
        match entry {
            hash_table::Entry::Occupied(_) => false,
            hash_table::Entry::Vacant(entry) => {
                entry.insert(number);
                true
            }
        }
    }
}

fn hash(key: &RandomState, parts: &[&[u8]]) -> u64 {
    let mut hasher = key.build_hasher();
    for part in parts {
        hasher.write(part);
    }
    hasher.finish()
}
