//! Finding one of many entries, or prefixes of paths, by its parts.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table};

use super::entry_texts::{EntryTexts, is_exact};

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
pub(crate) struct EntryIndex {
    /// In 32 bits, which are enough for all entries that fit into the memory of a computer.
    table: HashTable<u32>,
    key: RandomState,
}

impl EntryIndex {
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Reserves room in an empty table.
    pub(super) fn reserve(&mut self, count: usize) {
        self.table = HashTable::with_capacity(count);
    }

    /// Adds the exact entries of a list to an empty index, with their numbers in the list. `false` if two of them are equal:
    /// then the index is still empty.
    ///
    /// They are added in the order of the table. In the order of the list, each of a million would wait for memory that is
    /// in no cache, longer than all its checks take.
    pub(super) fn fill(&mut self, texts: &EntryTexts) -> bool {
        let mut hashes = Vec::with_capacity(texts.len());
        for (text, number) in texts.iter().zip(0_u32..) {
            if is_exact(text) {
                hashes.push((short_hash(&self.key, &[text.as_bytes()]), number));
            }
        }
        self.table.reserve(hashes.len(), |_| 0);
        let bits = self.table.num_buckets().trailing_zeros();
        hashes.sort_unstable_by_key(|(hash, _)| hash.rotate_right(bits));
        let text = |number: u32| texts.get(widened(number));
        let is_new = |(hash, number): (u32, u32)| {
            let is_it = |other: &u32| text(*other) == text(number);
            let entry = self.table.entry(widened_hash(hash), is_it, |_| 0);
            let is_new = matches!(entry, hash_table::Entry::Vacant(_));
            entry.or_insert(number);
            is_new
        };
        let are_new = hashes.into_iter().all(is_new);
        if !are_new {
            self.table.clear();
        }
        are_new
    }

    /// Adds an exact entry. Its text is in `texts` under this number, or is added there afterwards.
    pub(super) fn insert_text(&mut self, texts: &EntryTexts, number: usize, text: &str) -> bool {
        self.insert(
            number,
            [text.as_bytes()],
            |number| texts.get(number) == Some(text),
            |number| [texts.get(number).unwrap_or_default().as_bytes()],
        )
    }

    pub(crate) fn find(&self, parts: &[&[u8]], is_it: impl Fn(usize) -> bool) -> Option<usize> {
        self.table
            .find(hash(&self.key, parts), |number| is_it(widened(*number)))
            .copied()
            .map(widened)
    }

    /// Returns `false` if an equal entry is already there, which then keeps its number.
    ///
    /// `parts_of` returns the parts of a number again: hashes are not stored, so a table that grows computes them anew.
    pub(crate) fn insert<'a, const N: usize>(
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
    widened_hash(short_hash(key, parts))
}

/// In 32 bits, so that a million of them fit into little memory.
fn short_hash(key: &RandomState, parts: &[&[u8]]) -> u32 {
    let mut hasher = key.build_hasher();
    for part in parts {
        hasher.write(part);
    }
    let [low @ .., _, _, _, _] = hasher.finish().to_le_bytes();
    u32::from_le_bytes(low)
}

/// The table takes bits of both ends.
fn widened_hash(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}
