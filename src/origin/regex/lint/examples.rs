//! Hosts that show what a regex admits in addition to those that its author meant.

use super::{
    hosts::{Hosts, MAX_HOSTS},
    reverse_dfa::TooLarge,
    walk::{Nodes, Part, Walk},
};
use crate::origin::suffix::SuffixOwner;

/// Suffixes below which every reader knows that anyone can register a name. The author's own domain is often below the last
/// ones, and should not be the example.
const REGISTRIES: [&str; 6] = ["net", "org", "dev", "co.uk", "io", "com"];

/// A suffix below which the regex admits hosts.
struct Below<'s> {
    suffix: &'s str,
    from: Nodes,
    /// Some labels that it admits right below, from short to long.
    labels: Vec<String>,
}

/// Labels that no reader believes to be the author's.
fn evil(labels: &[String]) -> Vec<String> {
    let mut evil = vec!["evil".to_owned()];
    for (before, after) in [("evil", ""), ("", "evil"), ("", "-evil")] {
        for label in labels {
            evil.push(format!("{before}{label}{after}"));
        }
    }
    evil
}

/// The labels as they are. The shortest is often the author's own, and comes last.
fn plain(labels: &[String]) -> Vec<String> {
    let mut labels = labels.to_vec();
    if !labels.is_empty() {
        let shortest = labels.remove(0);
        labels.push(shortest);
    }
    labels
}

impl Hosts<'_, '_> {
    /// How many labels are tried right below a suffix, and how many hosts of one kind are enough.
    const MAX_LABELS_BELOW: usize = 6;
    const MAX_NAMED: usize = 4;
    /// How many domains below one suffix are tried.
    const MAX_NAMES: usize = 2;

    /// Hosts in some of many domains. Those below suffixes of the list come first: below others, no one can register a name.
    pub(super) fn in_any_domain(&mut self) -> Result<Vec<String>, TooLarge> {
        if !self.is_shown {
            return Ok(Vec::new());
        }
        let mut suffixes = Vec::new();
        for suffix in REGISTRIES {
            suffixes.push(suffix.to_owned());
        }
        let (mut names, mut others) = (Vec::new(), Vec::new());
        for domains in &self.domains {
            let is_known = domains.owner != SuffixOwner::Unknown;
            if is_known && !suffixes.contains(&domains.suffix) {
                suffixes.push(domains.suffix.clone());
            }
            let names = if is_known { &mut names } else { &mut others };
            for name in domains.names.iter().take(Self::MAX_NAMES) {
                names.push(name.clone());
            }
        }
        names.append(&mut others);
        names.truncate(MAX_HOSTS);
        let mut hosts = self.below(&suffixes)?;
        for name in names {
            hosts.extend(self.host(&self.ends.clone(), &name, false)?);
        }
        Ok(hosts)
    }

    /// Hosts below these suffixes, first those that no reader believes to be the author's.
    pub(super) fn below(&mut self, suffixes: &[String]) -> Result<Vec<String>, TooLarge> {
        if !self.is_shown {
            return Ok(Vec::new());
        }
        let mut below = Vec::new();
        for suffix in suffixes {
            if let Some(from) = self.walk.read(&self.ends, &format!(".{suffix}")) {
                let labels = self.labels(suffix, &from)?;
                below.push(Below {
                    suffix,
                    from,
                    labels,
                });
            }
        }
        let mut hosts = self.named(&below, evil, 1)?;
        hosts.extend(self.named(&below, plain, 2)?);
        Ok(hosts)
    }

    /// Labels that are admitted right below a suffix.
    fn labels(&mut self, suffix: &str, from: &Nodes) -> Result<Vec<String>, TooLarge> {
        let mut labels = Vec::new();
        let add = |labels: &mut Vec<String>, label: String| {
            let key = (label.len(), &label);
            let at = labels.partition_point(|known| (known.len(), known) < key);
            if labels.get(at) != Some(&label) {
                labels.insert(at, label);
            }
        };
        let mut domains = self.domains.iter();
        if let Some(domains) = domains.find(|domains| domains.suffix == suffix) {
            for name in &domains.names {
                if let Some((label, _)) = name.split_once('.') {
                    add(&mut labels, label.to_owned());
                }
            }
        }
        for label in self.walk.texts(Part::Label, from, Self::MAX_LABELS_BELOW)? {
            add(&mut labels, label.text);
        }
        labels.truncate(Self::MAX_LABELS_BELOW);
        // And one that is a whole host, of any length: with `evil` before or after it, it may still match.
        let whole = self.walk.label_without("", from, Walk::ends_host);
        if let Some(whole) = whole {
            add(&mut labels, whole);
        }
        Ok(labels)
    }

    /// Hosts with such labels right below suffixes, at most a `few` for each. Hosts without further labels come first.
    fn named(
        &mut self,
        below: &[Below<'_>],
        named: fn(&[String]) -> Vec<String>,
        few: usize,
    ) -> Result<Vec<String>, TooLarge> {
        let mut hosts = Vec::new();
        for is_whole in [true, false] {
            for each in below {
                let all = hosts.len() + few;
                for label in named(&each.labels) {
                    if hosts.len() >= all.min(Self::MAX_NAMED) {
                        break;
                    }
                    let host = self.host(&each.from, &label, is_whole)?;
                    hosts.extend(host.map(|host| format!("{host}.{}", each.suffix)));
                }
            }
        }
        Ok(hosts)
    }

    /// A host that ends in `tail`, or `tail` itself. If `is_whole`, only the latter.
    pub(super) fn host(
        &mut self,
        from: &Nodes,
        tail: &str,
        is_whole: bool,
    ) -> Result<Option<String>, TooLarge> {
        let Some(nodes) = self.walk.read(from, tail) else {
            return Ok(None);
        };
        if self.walk.ends_host(&nodes) {
            return Ok(Some(tail.to_owned()));
        }
        match self.walk.read(&nodes, ".") {
            Some(nodes) if !is_whole => {
                let before = self.walk.texts(Part::Host, &nodes, 1)?;
                let before = before.first();
                Ok(before.map(|before| format!("{}.{tail}", before.text)))
            }
            _ => Ok(None),
        }
    }
}
