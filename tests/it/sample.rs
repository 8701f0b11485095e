//! Texts that a regex matches, at random and up to full length. `fuzz/` uses it too.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

/// Longer texts are no origins.
const MAX_LEN: usize = 330;

/// The bytes of origins, those of hosts more often.
const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz-_.:/[]+";

/// Makes texts of a regex. What it looks at, an anchor for example, is not looked at: a text may not match.
pub(crate) struct Sampler {
    hir: Hir,
    random: u64,
}

impl Sampler {
    /// `None` of what is no regex.
    pub(crate) fn new(regex: &str, seed: u64) -> Option<Self> {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
        Some(Self {
            hir: parser.parse(regex).ok()?,
            random: seed | 1,
        })
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let hir = self.hir.clone();
        let mut text = Vec::new();
        self.append(&hir, &mut text)?;
        String::from_utf8(text).ok()
    }

    /// A number below a bound, by xorshift.
    fn below(&mut self, bound: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).map_or(0, |number| number % bound.max(1))
    }

    /// `None` if it becomes too long.
    fn append(&mut self, hir: &Hir, text: &mut Vec<u8>) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => text.extend(&literal.0),
            HirKind::Class(class) => {
                let known = ALPHABET.iter().filter(|byte| has(class, **byte));
                let known: Vec<u8> = known.copied().collect();
                let number = self.below(known.len());
                text.push(*known.get(number)?);
            }
            HirKind::Repetition(repetition) => {
                let min = usize::try_from(repetition.min).ok()?;
                let max = repetition.max.and_then(|max| usize::try_from(max).ok());
                let more = max.unwrap_or(usize::MAX) - min;
                // Few and many, and both edges.
                let more = match self.below(4) {
                    0 => 0,
                    1 => more.min(1),
                    2 => self.below(more.min(8).saturating_add(1)),
                    _ => self.below(more.min(70).saturating_add(1)),
                };
                for _ in 0..min.saturating_add(more) {
                    self.append(&repetition.sub, text)?;
                }
            }
            HirKind::Capture(capture) => self.append(&capture.sub, text)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    self.append(part, text)?;
                }
            }
            HirKind::Alternation(parts) => {
                let number = self.below(parts.len());
                self.append(parts.get(number)?, text)?;
            }
        }
        (text.len() <= MAX_LEN).then_some(())
    }
}

fn has(class: &Class, byte: u8) -> bool {
    match class {
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&byte)),
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&char::from(byte))),
    }
}
