//! How much of an origin has been read, and sets of such positions.

/// How much of an origin has been read, where the host is a certain domain or below it.
///
/// From `LABEL` on, a position is `LABEL` plus the number of bytes of the domain that have been read; after those come
/// the positions of the port.
pub(super) type Position = usize;

/// In the scheme.
pub(super) const SCHEME: Position = 0;
/// After the colon of the scheme.
pub(super) const COLON: Position = 1;
/// After the first slash.
pub(super) const SLASH: Position = 2;
/// At the start of a label, which may be the start of the domain.
pub(super) const BEGIN: Position = 3;
/// In a label below the domain.
pub(super) const LABEL: Position = 4;

/// A set of positions. There are at most eight more of them than a host has bytes, 253.
///
/// A bit set, because each step through a regex joins and compares sets, and a hash set for each would take most of the
/// time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PositionSet([u64; 5]);

impl PositionSet {
    pub(super) fn of(positions: &[Position]) -> Self {
        let mut set = Self::default();
        for position in positions {
            set.add(*position);
        }
        set
    }

    pub(super) fn add(&mut self, position: Position) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    pub(super) fn or(mut self, other: Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn has(self, position: Position) -> bool {
        let word = self.0.get(position / 64);
        word.is_some_and(|word| word & (1 << (position % 64)) != 0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Position> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let (index, word) = left.iter_mut().enumerate().find(|(_, word)| **word != 0)?;
            let bit = word.trailing_zeros();
            *word &= *word - 1;
            Some(index * 64 + usize::try_from(bit).ok()?)
        })
    }
}
