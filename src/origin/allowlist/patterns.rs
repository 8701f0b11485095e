//! Pattern entries, found without a look at the others.

use memchr::memrchr;

use super::table::{Index, Texts};
use crate::origin::{
    entry::{ANY_PORT, Pattern},
    grammar::split_at_byte,
};

/// The pattern entries of a list, by all their parts.
#[derive(Default)]
pub(super) struct Patterns {
    index: Index,
    /// Where to look: no host of the list is looked for among those with another number of labels.
    depths: [Depths; 2],
    /// Whether a host without `*.` has any port; such an entry with one port would be an exact one.
    has_hosts: bool,
}

/// Numbers of labels, as bits.
#[derive(Clone, Copy, Default)]
struct Depths(u128);

impl Depths {
    fn add(&mut self, depth: u32) {
        self.0 |= 1_u128.checked_shl(depth).unwrap_or_default();
    }

    fn most(self) -> u32 {
        self.0.checked_ilog2().unwrap_or_default()
    }

    fn has(self, depth: u32) -> bool {
        self.0.checked_shr(depth).is_some_and(|bits| bits & 1 == 1)
    }
}

impl Patterns {
    pub(super) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Whether the entry was not there. It is about to get a number among the texts.
    pub(super) fn insert(&mut self, texts: &Texts, number: usize, pattern: Pattern<'_>) -> bool {
        if pattern.subdomains {
            let [fixed, any] = &mut self.depths;
            let depths = if pattern.has_any_port() { any } else { fixed };
            depths.add(depth(pattern.host));
        } else {
            self.has_hosts = true;
        }
        self.index.insert(
            number,
            pattern.parts(),
            |number| is_at(texts, number, &pattern),
            |number| {
                let pattern = texts.get(number).and_then(Pattern::split);
                pattern.map_or([&[]; 3], |pattern| pattern.parts())
            },
        )
    }

    /// The entry that admits an origin, the most special one first. Most origins are admitted by none, and are seen not to
    /// be before they are parsed.
    pub(super) fn find(&self, texts: &Texts, origin: &str) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        let origin = Pattern::split(origin)?;
        // A star of an origin is none.
        if origin.subdomains || origin.has_any_port() {
            return None;
        }
        let (number, pattern) = self.over(texts, origin, None)?;
        pattern.completes(&origin).then_some(number)
    }

    /// The entry that admits all that another one admits, if there is one.
    pub(super) fn covering(&self, texts: &Texts, number: usize) -> Option<usize> {
        let pattern = Pattern::split(texts.get(number)?)?;
        self.over(texts, pattern, Some(number))
            .map(|(number, _)| number)
    }

    /// An entry, other than `except`, that admits what a pattern admits.
    fn over<'a>(
        &self,
        texts: &Texts,
        pattern: Pattern<'a>,
        except: Option<usize>,
    ) -> Option<(usize, Pattern<'a>)> {
        let find = |wanted: Pattern<'a>| {
            let is_it = |number| is_at(texts, number, &wanted);
            let found = self.index.find(&wanted.parts(), is_it);
            let found = found.filter(|number| Some(*number) != except)?;
            Some((found, wanted))
        };
        let any_port = Some(ANY_PORT);
        let mut host = pattern.host;
        let mut depth = depth(host);
        if !pattern.subdomains {
            let wanted = Pattern {
                port: any_port,
                ..pattern
            };
            let found = self.has_hosts.then(|| find(wanted)).flatten();
            if found.is_some() {
                return found;
            }
            // An IPv6 address has no dot, and below an IPv4 address no pattern can be.
            host = split_at_byte(host, b'.')?.1;
            depth -= 1;
        }
        // No host of the list has more labels than this, however many the origin has.
        let [fixed, any] = self.depths;
        let most = fixed.most().max(any.most());
        if depth > most {
            host = last_labels(host, most)?;
            depth = most;
        }
        loop {
            for (depths, port) in [(fixed, pattern.port), (any, any_port)] {
                let wanted = Pattern {
                    subdomains: true,
                    host,
                    port,
                    ..pattern
                };
                let found = depths.has(depth).then(|| find(wanted)).flatten();
                if found.is_some() {
                    return found;
                }
            }
            host = split_at_byte(host, b'.')?.1;
            depth -= 1;
        }
    }
}

/// The end of a host that has so many labels; it has more.
fn last_labels(host: &str, count: u32) -> Option<&str> {
    let mut end = host.len();
    for _ in 0..count {
        end = memrchr(b'.', host.as_bytes().get(..end)?)?;
    }
    host.get(end + 1..)
}

/// Whether the text of a number is that of a pattern. Nothing is joined for that.
fn is_at(texts: &Texts, number: usize, pattern: &Pattern<'_>) -> bool {
    let is_it = || {
        let rest = texts.get(number)?.strip_prefix(pattern.scheme)?;
        let rest = rest.strip_prefix("://")?;
        let rest = if pattern.subdomains {
            rest.strip_prefix("*.")?
        } else {
            rest
        };
        let rest = rest.strip_prefix(pattern.host)?;
        Some(match pattern.port {
            None => rest.is_empty(),
            Some(port) => rest.strip_prefix(':')? == port,
        })
    };
    is_it().unwrap_or(false)
}

/// The number of labels.
fn depth(host: &str) -> u32 {
    host.bytes()
        .fold(1, |depth, byte| depth + u32::from(byte == b'.'))
}
