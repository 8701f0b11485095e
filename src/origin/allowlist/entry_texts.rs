//! The texts of many entries in one piece of memory.

use std::fmt;

/// The entries of a list as they were written, numbered in order of first mention.
///
/// One string rather than a `Vec<String>`: a million entries cost their bytes and eight more each. A `String` each would
/// cost 24 bytes and an allocation more, and as many to free when a policy is replaced.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntryTexts {
    all: String,
    /// Where each text begins, and where the last one ends.
    bounds: Vec<usize>,
}

impl EntryTexts {
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        self.all
            .get(*self.bounds.get(number)?..*self.bounds.get(number + 1)?)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.bounds.len() - 1).map(|number| self.get(number).unwrap_or_default())
    }

    /// The number of a text, found by comparing with each. Only worth it for a few entries.
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

impl<T: AsRef<str>> FromIterator<T> for EntryTexts {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Self {
        let mut texts = Self::default();
        for text in iter {
            texts.push(text.as_ref());
        }
        texts.shrink();
        texts
    }
}

impl Default for EntryTexts {
    fn default() -> Self {
        Self {
            all: String::new(),
            bounds: vec![0],
        }
    }
}

impl fmt::Debug for EntryTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
