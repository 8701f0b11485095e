//! Pattern entries, found without looking at the others.

use memchr::memrchr;

use super::{entry_index::EntryIndex, entry_texts::EntryTexts};
use crate::origin::{
    entry::{ANY_PORT, Pattern},
    grammar::split_at_byte,
};

/// The pattern entries of a list, by all their parts.
#[derive(Default)]
pub(super) struct Patterns {
    index: EntryIndex,
    /// How many labels the hosts of `*.` entries have: first of those with one port, then of those with any port. An
    /// origin has up to 127 labels, and most of them would be looked up for nothing.
    label_counts: [LabelCounts; 2],
    /// Whether there is an entry such as `http://localhost:*`, without `*.`. With one port it would be an exact entry.
    has_hosts: bool,
}

/// A set of numbers of labels, as bits. A host of 253 bytes has at most 127 labels.
#[derive(Clone, Copy, Default)]
struct LabelCounts(u128);

impl LabelCounts {
    fn add(&mut self, count: u32) {
        self.0 |= 1_u128.checked_shl(count).unwrap_or_default();
    }

    fn most(self) -> u32 {
        self.0.checked_ilog2().unwrap_or_default()
    }

    fn has(self, count: u32) -> bool {
        self.0.checked_shr(count).is_some_and(|bits| bits & 1 == 1)
    }
}

impl Patterns {
    pub(super) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Returns `false` if the entry is already there. Its text is added to `texts` afterwards, under `number`.
    pub(super) fn insert(
        &mut self,
        texts: &EntryTexts,
        number: usize,
        pattern: Pattern<'_>,
    ) -> bool {
        if pattern.subdomains {
            let [fixed, any] = &mut self.label_counts;
            let counts = if pattern.has_any_port() { any } else { fixed };
            counts.add(label_count(pattern.host));
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

    /// The entry that admits an origin: of several, the most specific one.
    ///
    /// The origin is not parsed first, because most are admitted by no entry and one look-up per label shows that. What an
    /// entry leaves open (the port, the labels before the host) is checked by `completes` once an entry was found; what it
    /// fixes was checked when the entry was parsed.
    pub(super) fn find(&self, texts: &EntryTexts, origin: &str) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        let origin = Pattern::split(origin)?;
        // `*` in a request is not a pattern: `https://*.example.com` must not be looked up as the entry of that text.
        if origin.subdomains || origin.has_any_port() {
            return None;
        }
        let (number, pattern) = self.over(texts, origin, None)?;
        pattern.completes(&origin).then_some(number)
    }

    /// Another entry that admits everything that this one admits.
    pub(super) fn covering(&self, texts: &EntryTexts, number: usize) -> Option<usize> {
        let pattern = Pattern::split(texts.get(number)?)?;
        self.over(texts, pattern, Some(number))
            .map(|(number, _)| number)
    }

    /// An entry, other than `except`, that admits everything that a pattern admits.
    fn over<'a>(
        &self,
        texts: &EntryTexts,
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
        let mut count = label_count(host);
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
            count -= 1;
        }
        // A client chooses how many labels its origin has; the list bounds how many are looked up.
        let [fixed, any] = self.label_counts;
        let most = fixed.most().max(any.most());
        if count > most {
            host = last_labels(host, most)?;
            count = most;
        }
        loop {
            for (counts, port) in [(fixed, pattern.port), (any, any_port)] {
                let wanted = Pattern {
                    subdomains: true,
                    host,
                    port,
                    ..pattern
                };
                let found = counts.has(count).then(|| find(wanted)).flatten();
                if found.is_some() {
                    return found;
                }
            }
            host = split_at_byte(host, b'.')?.1;
            count -= 1;
        }
    }
}

/// The last `count` labels of a host that has more.
fn last_labels(host: &str, count: u32) -> Option<&str> {
    let mut end = host.len();
    for _ in 0..count {
        end = memrchr(b'.', host.as_bytes().get(..end)?)?;
    }
    host.get(end + 1..)
}

/// Whether the entry of this number is a pattern's text. The parts are compared one by one, so that nothing is allocated.
fn is_at(texts: &EntryTexts, number: usize, pattern: &Pattern<'_>) -> bool {
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
fn label_count(host: &str) -> u32 {
    host.bytes()
        .fold(1, |count, byte| count + u32::from(byte == b'.'))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::super::{Allowlist, AllowlistBuilder};
    use crate::origin::{Entry, Match};

    fn entry() -> impl Strategy<Value = String> {
        let parts = (select(vec!["", "*."]), host(), select(vec!["", ":1", ":*"]));
        parts.prop_map(|(below, host, port)| format!("https://{below}{host}{port}"))
    }

    fn origin() -> impl Strategy<Value = String> {
        let port = select(vec!["", ":1", ":2"]);
        (host(), port).prop_map(|(host, port)| format!("https://{host}{port}"))
    }

    fn host() -> impl Strategy<Value = String> {
        vec(select(vec!["a", "b"]), 1..7).prop_map(|labels| labels.join("."))
    }

    /// The definition.
    fn admits(entry: &str, origin: &str) -> bool {
        let split = |text: &str| {
            let authority = text.replace("https://", "");
            let (host, port) = authority.split_once(':').unwrap_or((&authority, ""));
            (host.to_owned(), port.to_owned())
        };
        let ((wanted, wanted_port), (host, port)) = (split(entry), split(origin));
        let is_host = match wanted.strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => host == wanted,
        };
        is_host && (wanted_port == "*" || wanted_port == port)
    }

    fn list(entries: &[String]) -> Allowlist {
        let mut builder = AllowlistBuilder::default();
        for text in entries {
            let entry = Entry::parse(text).expect("an entry");
            builder.entry(text, entry);
        }
        builder.finish().expect("no regexes")
    }

    proptest! {
        #[test]
        fn what_an_entry_admits_is_admitted(entries in vec(entry(), 0..12), origins in vec(origin(), 1..30)) {
            let list = list(&entries);
            for origin in &origins {
                let wanted = entries.iter().any(|entry| admits(entry, origin));
                let found = list.admit_without_head(origin);
                prop_assert_eq!(found.is_some(), wanted, "{} in {:?}", origin, entries);
                if let Some(Match::Entry(number)) = found {
                    let entry = list.entries().get(number).expect("an entry");
                    prop_assert!(admits(entry, origin), "{} by {}", origin, entry);
                }
            }
            for (number, by) in list.covered() {
                let [entry, by] = [number, by].map(|number| list.entries().get(number).expect("an entry"));
                prop_assert_ne!(entry, by);
                for origin in origins.iter().filter(|origin| admits(entry, origin)) {
                    prop_assert!(admits(by, origin), "{} covers {}", by, entry);
                }
            }
        }
    }
}
