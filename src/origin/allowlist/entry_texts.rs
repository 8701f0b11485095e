//! The texts of many entries in one piece of memory.

use std::fmt;

/// The entries of a list as they were written, numbered in order of first mention.
///
/// One string rather than a `Vec<String>`: a million entries cost their bytes and four more each. A `String` each would
/// cost 24 bytes and an allocation more, and as many to free when a policy is replaced.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntryTexts {
    all: String,
    /// Where each text begins, and where the last one ends.
    bounds: Bounds,
}

impl EntryTexts {
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        self.all
            .get(self.bounds.get(number)?..self.bounds.get(number + 1)?)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|number| self.get(number).unwrap_or_default())
    }

    /// The number of a text, found by comparing with each. Only worth it for a few entries.
    #[inline]
    pub(super) fn position(&self, text: &[u8]) -> Option<usize> {
        let all = self.all.as_bytes();
        let is_it = |start: usize, end: usize| {
            end - start == text.len() && all.get(start..end) == Some(text)
        };
        match &self.bounds {
            Bounds::Narrow(bounds) => bounds.windows(2).position(
                |pair| matches!(*pair, [start, end] if is_it(widened(start), widened(end))),
            ),
            Bounds::Wide(bounds) => bounds
                .windows(2)
                .position(|pair| matches!(*pair, [start, end] if is_it(start, end))),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes they have together.
    pub(crate) fn bytes(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.bounds.push(self.all.len());
    }

    /// Leaves out all texts from this number on.
    pub(super) fn truncate(&mut self, count: usize) {
        if let Some(end) = self.bounds.get(count) {
            self.all.truncate(end);
            self.bounds.truncate(count + 1);
        }
    }

    pub(super) fn reserve(&mut self, count: usize, bytes: usize) {
        self.bounds.reserve(count);
        self.all.reserve(bytes);
    }

    pub(super) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.bounds.shrink();
    }
}

/// Whether an entry is one origin, and not a pattern.
pub(crate) fn is_exact(entry: &str) -> bool {
    memchr::memchr(b'*', entry.as_bytes()).is_none()
}

/// Positions in a text, in the order of the text: with 32 bits as long as that is enough, for up to four gigabytes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bounds {
    Narrow(Vec<u32>),
    Wide(Vec<usize>),
}

impl Bounds {
    fn get(&self, number: usize) -> Option<usize> {
        match self {
            Self::Narrow(bounds) => bounds.get(number).copied().map(widened),
            Self::Wide(bounds) => bounds.get(number).copied(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(bounds) => bounds.len(),
            Self::Wide(bounds) => bounds.len(),
        }
    }

    fn push(&mut self, bound: usize) {
        match (&mut *self, u32::try_from(bound)) {
            (Self::Narrow(bounds), Ok(bound)) => bounds.push(bound),
            (Self::Narrow(bounds), Err(_)) => {
                let mut wide = Vec::with_capacity(bounds.len() + 1);
                for bound in bounds {
                    wide.push(widened(*bound));
                }
                wide.push(bound);
                *self = Self::Wide(wide);
            }
            (Self::Wide(bounds), _) => bounds.push(bound),
        }
    }

    fn truncate(&mut self, count: usize) {
        match self {
            Self::Narrow(bounds) => bounds.truncate(count),
            Self::Wide(bounds) => bounds.truncate(count),
        }
    }

    fn reserve(&mut self, count: usize) {
        match self {
            Self::Narrow(bounds) => bounds.reserve(count),
            Self::Wide(bounds) => bounds.reserve(count),
        }
    }

    fn shrink(&mut self) {
        match self {
            Self::Narrow(bounds) => bounds.shrink_to_fit(),
            Self::Wide(bounds) => bounds.shrink_to_fit(),
        }
    }
}

/// Every target with an allocator of this size has such a `usize`.
fn widened(bound: u32) -> usize {
    usize::try_from(bound).unwrap_or(usize::MAX)
}

impl<T: AsRef<str>> FromIterator<T> for EntryTexts {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        // Collected first, for one allocation of the right size. Growing would take twice the memory.
        let given: Vec<T> = iter.into_iter().collect();
        let mut texts = Self::default();
        let bytes = given.iter().map(|text| text.as_ref().len()).sum();
        texts.reserve(given.len(), bytes);
        for text in &given {
            texts.push(text.as_ref());
        }
        texts
    }
}

impl Default for EntryTexts {
    fn default() -> Self {
        Self {
            all: String::new(),
            bounds: Bounds::Narrow(vec![0]),
        }
    }
}

impl fmt::Debug for EntryTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn positions_beyond_32_bits_are_kept() {
        let beyond = usize::try_from(u32::MAX).unwrap() + 1;
        let mut bounds = Bounds::Narrow(vec![0]);
        for bound in [7, beyond, beyond + 7] {
            bounds.push(bound);
        }
        let all: Vec<_> = (0..5).map(|number| bounds.get(number)).collect();
        let wanted = [Some(0), Some(7), Some(beyond), Some(beyond + 7), None];
        assert_eq!(all, wanted);
    }

    #[test]
    fn the_last_texts_can_be_left_out() {
        let mut texts: EntryTexts = ["a", "", "bcd"].into_iter().collect();
        texts.truncate(3);
        assert_eq!(texts.len(), 3);
        texts.truncate(2);
        texts.push("e");
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["a", "", "e"]);
        assert_eq!(texts.position(b"e"), Some(2));
    }
}
