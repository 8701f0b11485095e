//! Finding one of many entries by its parts.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table};

/// The numbers of entries, by the hash of their parts.
///
/// A hash table, not a radix tree or a sorted list: an entry that covers subdomains is looked up once per label of the
/// origin, so the number of look-ups is bounded by the labels of the list, and each costs the same among any number of
/// entries. A radix tree of origins has admitted wrong ones before (GHSA-vhxv-fg4m-p2w8); here an entry is found only if it
/// equals what is looked for.
///
/// The table holds numbers, and compares and hashes through `EntryTexts`, so that no text is stored twice. That is why
/// callers pass closures, and why this is `hashbrown`'s `HashTable` rather than a `HashMap`.
///
/// A fast hash that resists collisions less well is safe here. The table is filled when a policy is built and only read
/// afterwards, so a client cannot add entries that collide. Someone who can add entries does not know the key, which is
/// drawn at random. Measured for an origin of 30 bytes, in instructions: 190 among any number of entries, of which the hash
/// is 100 (the hash of the standard library is 350); 60 for comparing it with three.
#[derive(Default)]
pub(super) struct EntryIndex {
    /// In 32 bits, which are enough for all entries that fit into the memory of a computer.
    table: HashTable<u32>,
    key: RandomState,
}

impl EntryIndex {
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Reserves room in an empty table.
    pub(super) fn reserve(&mut self, count: usize) {
        self.table = HashTable::with_capacity(count);
    }

    pub(super) fn find(&self, parts: &[&[u8]], is_it: impl Fn(usize) -> bool) -> Option<usize> {
        self.table
            .find(hash(&self.key, parts), |number| is_it(widened(*number)))
            .copied()
            .map(widened)
    }

    /// Returns `false` if an equal entry is already there, which then keeps its number.
    ///
    /// `parts_of` returns the parts of a number again: hashes are not stored, so a table that grows computes them anew.
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
            |number| is_it(widened(*number)),
            |number| hash(key, &parts_of(widened(*number))),
        );
        match entry {
            hash_table::Entry::Occupied(_) => false,
            hash_table::Entry::Vacant(entry) => {
                // An entry beyond them would not be found: its origin is denied.
                entry.insert(u32::try_from(number).unwrap_or(u32::MAX));
                true
            }
        }
    }
}

fn widened(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Parts are hashed one after the other, without a separator. Two entries may share a hash for that; it costs one more
/// comparison and admits nothing, because `is_it` decides.
fn hash(key: &RandomState, parts: &[&[u8]]) -> u64 {
    let mut hasher = key.build_hasher();
    for part in parts {
        hasher.write(part);
    }
    hasher.finish()
}
