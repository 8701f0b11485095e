//! Whose the hosts are that a regex admits.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    reverse_dfa::TooLarge,
    walk::{Nodes, Part, Read, Walk},
};
use crate::origin::{
    grammar::ends_in_number,
    suffix::{Found, Kind, is_wildcard_root},
};

/// Names that anyone can take.
pub(super) enum Claimable {
    /// Such as the first of these hosts.
    Hosts(Vec<String>),
    /// Some below this domain, since public suffixes are there.
    Below(String),
}

/// How many domains and hosts a regex may name.
pub(super) const MAX_HOSTS: usize = 16;

/// Hosts of the web, by who can have them.
pub(super) struct Hosts<'w, 'g> {
    pub(super) walk: &'w mut Walk<'g>,
    /// Whether examples are wanted.
    pub(super) is_shown: bool,
    /// Where hosts end.
    pub(super) ends: Nodes,
    /// Domains, by the public suffix below which they are. More than the permitted number stands for any number.
    pub(super) domains: BTreeMap<String, Domains>,
    /// Hosts that are no one's domain: single labels, and suffixes themselves.
    pub(super) names: BTreeSet<String>,
    addresses: BTreeSet<String>,
    /// Domains below which other people have names, and any of them is admitted.
    shared: Vec<String>,
}

pub(super) struct Domains {
    pub(super) kind: Kind,
    pub(super) names: BTreeSet<String>,
}

impl Domains {
    pub(super) fn is_open(&self) -> bool {
        self.names.len() > MAX_HOSTS
    }

    fn count(&self) -> usize {
        if self.is_open() { 1 } else { self.names.len() }
    }
}

/// What a regex admits that its author need not own: the rule that it breaks, and hosts of which one may show it.
pub(super) struct Foreign {
    pub(super) rule: &'static str,
    pub(super) hosts: Vec<String>,
}

/// What is left to say of hosts that may be their author's.
#[derive(Default)]
pub(super) struct Risks {
    /// Where names are admitted that anyone can take.
    pub(super) claimable: Option<Claimable>,
    /// Whether any name is admitted below a suffix that no list knows.
    pub(super) unknown_suffix: bool,
}

const TOO_MANY_DOMAINS: &str = "regex must not admit more than 16 domains";

impl<'w, 'g> Hosts<'w, 'g> {
    /// How many labels are looked at below a domain below which suffixes are, since which these are cannot be listed.
    const MAX_LABELS: usize = 64;

    pub(super) fn of(walk: &'w mut Walk<'g>, is_shown: bool) -> Result<Self, TooLarge> {
        let ends = walk.ends();
        let mut hosts = Self {
            walk,
            is_shown,
            ends: ends.clone(),
            domains: BTreeMap::new(),
            names: BTreeSet::new(),
            addresses: BTreeSet::new(),
            shared: Vec::new(),
        };
        hosts.visit("", &ends)?;
        Ok(hosts)
    }

    /// Takes the hosts that end in `tail`, from where they are read next.
    fn visit(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        // Below a wildcard's root, as below a suffix, each label is a name that someone else can have.
        let is_root = !tail.is_empty() && is_wildcard_root(tail);
        if !tail.is_empty() && !is_root && Found::of(tail).text != tail {
            return self.visit_domain(tail, from);
        }
        let labels = self.walk.texts(Part::Label, from, MAX_HOSTS + 1)?;
        let is_cut = labels.len() > MAX_HOSTS;
        for Read { text: label, to } in labels {
            if self.is_decided() {
                return Ok(());
            }
            let before = self.count();
            let host = match tail {
                "" => label,
                _ => format!("{label}.{tail}"),
            };
            if tail.is_empty() && (host.starts_with('[') || ends_in_number(&host)) {
                self.take_addresses(&host, &to)?;
            } else {
                // Of many names below a wildcard's root, each a suffix, what counts is how open they are themselves.
                self.visit_host(&host, &to, is_cut && is_root)?;
            }
            // No host was that short, and those that were not looked at may be.
            if is_cut && self.count() == before {
                return Err(TooLarge);
            }
        }
        Ok(())
    }

    /// The same where the tail is a domain, but suffixes lie below it: which labels these begin with cannot be listed.
    fn visit_domain(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        if !self.walk.texts(Part::Label, from, 1)?.is_empty() {
            self.take(tail);
        }
        let labels = self.walk.texts(Part::InnerLabel, from, Self::MAX_LABELS)?;
        if labels.len() == Self::MAX_LABELS {
            self.shared.push(tail.to_owned());
        }
        for Read { text: label, to } in labels {
            self.visit_host(&format!("{label}.{tail}"), &to, false)?;
        }
        Ok(())
    }

    /// Takes a host, and those below it, unless it counts for all of them.
    fn visit_host(&mut self, host: &str, to: &Nodes, is_one_of_many: bool) -> Result<(), TooLarge> {
        if self.walk.ends_host(to) {
            self.take(host);
        }
        if let Some(before) = self.walk.read(to, ".") {
            let found = Found::of(host);
            if found.more_below || (found.text == host && !is_one_of_many) {
                self.visit(host, &before)?;
            } else {
                // Whatever comes before, the domain is the same.
                self.take(host);
            }
        }
        Ok(())
    }

    /// How much was taken.
    fn count(&self) -> usize {
        let domains: usize = self
            .domains
            .values()
            .map(|domains| domains.names.len())
            .sum();
        domains + self.names.len() + self.addresses.len() + self.shared.len()
    }

    /// Whether nothing more can change the judgement.
    fn is_decided(&self) -> bool {
        let is_open = |domains: &Domains| domains.is_open() && domains.kind == Kind::Registry;
        self.addresses.len() > 1
            || self.domains.len() > MAX_HOSTS
            || self.domains.values().any(is_open)
    }

    fn take(&mut self, host: &str) {
        let found = Found::of(host);
        // What is a suffix by a wildcard is a name below the wildcard's root, and had by whoever takes it there.
        let root = host.split_once('.').map(|(_, root)| root);
        let by_wildcard = root.filter(|root| found.text == host && is_wildcard_root(root));
        let (suffix, name) = match (found.domain(host), by_wildcard) {
            (Some(domain), _) => (found.text, domain),
            (None, Some(root)) => (root, host),
            (None, None) => {
                self.names.insert(host.to_owned());
                return;
            }
        };
        let domains = self.domains.entry(suffix.to_owned());
        let domains = domains.or_insert_with(|| Domains {
            kind: found.kind,
            names: BTreeSet::new(),
        });
        domains.names.insert(name.to_owned());
    }

    /// Takes two of the addresses that end like this, if there are so many.
    fn take_addresses(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        if self.walk.ends_host(from) {
            self.addresses.insert(tail.to_owned());
        }
        for Read { text, .. } in self.walk.texts(Part::Host, from, 2)? {
            self.addresses.insert(format!("{text}{tail}"));
        }
        Ok(())
    }

    /// Whether others than the author of the regex may have these hosts.
    pub(super) fn judge(mut self) -> Result<Result<Risks, Foreign>, TooLarge> {
        let foreign = |rule, hosts| Ok(Err(Foreign { rule, hosts }));
        if self.addresses.len() > 1 {
            let mut hosts: Vec<String> =
                Vec::from_iter(self.host(&self.ends.clone(), "203.0.113.7", true)?);
            hosts.extend(self.addresses);
            return foreign(
                "regex must not admit several addresses beyond loopback and private ranges",
                hosts,
            );
        }
        let open: Vec<(String, Kind)> = self
            .domains
            .iter()
            .filter(|(_, domains)| domains.is_open())
            .map(|(suffix, domains)| (suffix.clone(), domains.kind))
            .collect();
        let mut risks = Risks::default();
        for (suffix, kind) in &open {
            match kind {
                Kind::Registry => return foreign(TOO_MANY_DOMAINS, self.in_any_domain()?),
                Kind::Company if self.is_open(suffix) => {
                    return foreign(
                        "regex must not admit every subdomain of a public suffix",
                        self.below(&[suffix])?,
                    );
                }
                Kind::Company => {
                    risks.claimable = Some(Claimable::Hosts(self.below(&[suffix])?));
                }
                Kind::Unknown => risks.unknown_suffix = true,
            }
        }
        let domains: usize = self.domains.values().map(Domains::count).sum();
        if domains > MAX_HOSTS {
            return foreign(TOO_MANY_DOMAINS, self.in_any_domain()?);
        }
        if domains + self.names.len() + self.addresses.len() > MAX_HOSTS {
            return foreign(
                "regex must not admit more than 16 hosts that are single labels or public suffixes",
                self.names.into_iter().collect(),
            );
        }
        if let Some(domain) = self.shared.first() {
            let below = Claimable::Below(domain.clone());
            risks.claimable.get_or_insert(below);
        }
        Ok(Ok(risks))
    }

    /// Whether nothing is fixed in the names right below a suffix, so that some have no letter or digit in common.
    fn is_open(&mut self, suffix: &str) -> bool {
        let Some(from) = self.walk.read(&self.ends, &format!(".{suffix}")) else {
            return false;
        };
        let mut seen = String::new();
        for _ in 0..3 {
            match self.walk.label_without(&seen, &from, Walk::ends_label) {
                Some(label) => seen.extend(label.chars().filter(char::is_ascii_alphanumeric)),
                None => return false,
            }
        }
        true
    }
}
