//! Who can have the hosts that a regex admits.
//!
//! The lint cannot know who owns a domain. It asks instead how many domains there are: an author who lists up to 16 is
//! believed to own them; a regex that admits any name below a public suffix also admits an attacker's.

use std::slice::from_ref;

use super::{
    lax_rule::LaxRule,
    reverse_dfa::TooLarge,
    walk::{Nodes, Part, PartText, Walk},
};
use crate::origin::{
    grammar::ends_in_number,
    suffix::{PublicSuffix, SuffixOwner},
};

/// Names that anyone can register.
pub(super) enum Claimable {
    /// Such as the first of these hosts.
    Hosts(Vec<String>),
    /// Names below a domain that has public suffixes below it.
    Below(String),
}

/// How many domains and hosts a regex may list.
pub(super) const MAX_HOSTS: usize = 16;

/// The hosts of the web that a regex admits, by who can have them.
pub(super) struct Hosts<'w, 'g> {
    pub(super) walk: &'w mut Walk<'g>,
    /// Whether examples will be shown. Finding them takes most of the time.
    pub(super) is_shown: bool,
    /// The nodes where hosts end.
    pub(super) ends: Nodes,
    /// Domains by their public suffix, in its order. Collecting stops at one more than the bound, which then means "any
    /// number".
    pub(super) domains: Vec<Domains>,
    /// Hosts without a domain: single labels, and public suffixes themselves. Sorted, as are the addresses.
    pub(super) names: Vec<String>,
    addresses: Vec<String>,
    /// Domains with public suffixes below them of which the regex admits any.
    shared: Vec<String>,
}

/// The domains below a public suffix.
pub(super) struct Domains {
    pub(super) suffix: String,
    pub(super) owner: SuffixOwner,
    /// Sorted.
    pub(super) names: Vec<String>,
}

impl Domains {
    pub(super) fn is_open(&self) -> bool {
        self.names.len() > MAX_HOSTS
    }

    fn count(&self) -> usize {
        if self.is_open() { 1 } else { self.names.len() }
    }
}

/// Hosts that the author of the regex need not own: the rule that the regex breaks, and hosts as examples.
pub(super) struct LaxHosts {
    pub(super) rule: LaxRule,
    pub(super) hosts: Vec<String>,
}

/// What to warn of if the hosts may be the author's own.
#[derive(Default)]
pub(super) struct Risks {
    /// Names that anyone can register.
    pub(super) claimable: Option<Claimable>,
    /// Whether any name is admitted below a suffix that is not on the list.
    pub(super) unknown_suffix: bool,
}

impl<'w, 'g> Hosts<'w, 'g> {
    /// How many labels are tried below a domain that has public suffixes below it.
    const MAX_LABELS: usize = 64;

    pub(super) fn of(walk: &'w mut Walk<'g>, is_shown: bool) -> Result<Self, TooLarge> {
        let ends = walk.ends();
        let mut hosts = Self {
            walk,
            is_shown,
            ends: ends.clone(),
            domains: Vec::new(),
            names: Vec::new(),
            addresses: Vec::new(),
            shared: Vec::new(),
        };
        hosts.visit("", &ends)?;
        Ok(hosts)
    }

    /// Adds the hosts that end in `tail`, label by label, until the domain of each is known.
    fn visit(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        // Below the root of a wildcard, as below a suffix, each label is a name that someone else can have.
        let is_root = !tail.is_empty() && PublicSuffix::of(tail).is_wildcard_root;
        if !tail.is_empty() && !is_root && PublicSuffix::of(tail).text != tail {
            return self.visit_domain(tail, from);
        }
        let labels = self.walk.texts(Part::Label, from, MAX_HOSTS + 1)?;
        let is_cut = labels.len() > MAX_HOSTS;
        for PartText { text: label, nodes } in labels {
            if self.is_decided() {
                return Ok(());
            }
            let before = self.count();
            let host = match tail {
                "" => label,
                _ => format!("{label}.{tail}"),
            };
            if tail.is_empty() && (host.starts_with('[') || ends_in_number(&host)) {
                self.add_addresses(&host, &nodes)?;
            } else {
                // If there are many names below the root of a wildcard, what counts is that there are many, not what is below
                // each.
                self.visit_host(&host, &nodes, is_cut && is_root)?;
            }
            // This label led to no host within the bounds on lengths. Labels that were cut off might, and then the answer
            // would be wrong.
            if is_cut && self.count() == before {
                return Err(TooLarge);
            }
        }
        Ok(())
    }

    /// Adds the hosts that end in a domain with public suffixes below it. The list cannot be asked which labels lead to a
    /// suffix, so labels that the regex admits are tried.
    fn visit_domain(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        if !self.walk.texts(Part::Label, from, 1)?.is_empty() {
            self.add(tail);
        }
        let labels = self.walk.texts(Part::InnerLabel, from, Self::MAX_LABELS)?;
        if labels.len() == Self::MAX_LABELS {
            self.shared.push(tail.to_owned());
        }
        for PartText { text: label, nodes } in labels {
            self.visit_host(&format!("{label}.{tail}"), &nodes, false)?;
        }
        Ok(())
    }

    /// Adds a host and the hosts below it. Hosts below a domain have the same owner and are not looked at.
    fn visit_host(
        &mut self,
        host: &str,
        nodes: &Nodes,
        is_one_of_many: bool,
    ) -> Result<(), TooLarge> {
        if self.walk.ends_host(nodes) {
            self.add(host);
        }
        if let Some(before) = self.walk.read(nodes, ".") {
            let found = PublicSuffix::of(host);
            if found.more_below || (found.text == host && !is_one_of_many) {
                self.visit(host, &before)?;
            } else {
                // Labels before it do not change the domain.
                self.add(host);
            }
        }
        Ok(())
    }

    /// How much was added so far.
    fn count(&self) -> usize {
        let mut domains = 0;
        for each in &self.domains {
            domains += each.names.len();
        }
        domains + self.names.len() + self.addresses.len() + self.shared.len()
    }

    /// Whether nothing more can change the result.
    fn is_decided(&self) -> bool {
        let is_open =
            |domains: &Domains| domains.is_open() && domains.owner == SuffixOwner::Registry;
        self.addresses.len() > 1
            || self.domains.len() > MAX_HOSTS
            || self.domains.iter().any(is_open)
    }

    fn add(&mut self, host: &str) {
        let found = PublicSuffix::of(host);
        // A suffix by a wildcard is at the same time a name below the root of the wildcard, which anyone can register.
        let root = host.split_once('.').map(|(_, root)| root);
        let by_wildcard =
            root.filter(|root| found.text == host && PublicSuffix::of(root).is_wildcard_root);
        let (suffix, name) = match (found.domain(host), by_wildcard) {
            (Some(domain), _) => (found.text, domain),
            (None, Some(root)) => (root, host),
            (None, None) => {
                insert(&mut self.names, host.to_owned());
                return;
            }
        };
        let at = self
            .domains
            .partition_point(|known| *known.suffix < *suffix);
        if self
            .domains
            .get(at)
            .is_none_or(|known| known.suffix != suffix)
        {
            let domains = Domains {
                suffix: suffix.to_owned(),
                owner: found.owner,
                names: Vec::new(),
            };
            self.domains.insert(at, domains);
        }
        if let Some(domains) = self.domains.get_mut(at) {
            insert(&mut domains.names, name.to_owned());
        }
    }

    /// Adds up to two of the addresses that end in `tail`: two are refused, so more make no difference.
    fn add_addresses(&mut self, tail: &str, from: &Nodes) -> Result<(), TooLarge> {
        if self.walk.ends_host(from) {
            insert(&mut self.addresses, tail.to_owned());
        }
        for PartText { text, .. } in self.walk.texts(Part::Host, from, 2)? {
            insert(&mut self.addresses, format!("{text}{tail}"));
        }
        Ok(())
    }

    /// Whether others than the author of the regex can have these hosts.
    pub(super) fn risks(mut self) -> Result<Result<Risks, LaxHosts>, TooLarge> {
        let refuse = |rule, hosts| Ok(Err(LaxHosts { rule, hosts }));
        if self.addresses.len() > 1 {
            let mut hosts: Vec<String> =
                Vec::from_iter(self.host(&self.ends.clone(), "203.0.113.7", true)?);
            hosts.extend(self.addresses);
            return refuse(LaxRule::ManyAddresses, hosts);
        }
        let mut open = Vec::new();
        for domains in &self.domains {
            if domains.is_open() {
                open.push((domains.suffix.clone(), domains.owner));
            }
        }
        let mut risks = Risks::default();
        for (suffix, owner) in &open {
            match owner {
                SuffixOwner::Registry => {
                    return refuse(LaxRule::ManyDomains, self.in_any_domain()?);
                }
                SuffixOwner::Company if self.is_open(suffix) => {
                    return refuse(LaxRule::EverySubdomain, self.below(from_ref(suffix))?);
                }
                SuffixOwner::Company => {
                    risks.claimable = Some(Claimable::Hosts(self.below(from_ref(suffix))?));
                }
                SuffixOwner::Unknown => risks.unknown_suffix = true,
            }
        }
        let mut domains = 0;
        for each in &self.domains {
            domains += each.count();
        }
        if domains > MAX_HOSTS {
            return refuse(LaxRule::ManyDomains, self.in_any_domain()?);
        }
        if domains + self.names.len() + self.addresses.len() > MAX_HOSTS {
            return refuse(LaxRule::ManyHosts, self.names);
        }
        if let Some(domain) = self.shared.first() {
            let below = Claimable::Below(domain.clone());
            risks.claimable.get_or_insert(below);
        }
        Ok(Ok(risks))
    }

    /// Whether nothing is fixed in the names right below a suffix.
    ///
    /// `acme-.*\.vercel\.app` has a fixed part and gets a warning; `.*\.vercel\.app` has none and is refused. What is fixed
    /// cannot be seen in the graph. So three names are looked for, each without the letters and digits of those before it.
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

/// Adds a text to a sorted list, if it is not there yet.
pub(super) fn insert(sorted: &mut Vec<String>, text: String) {
    if let Err(at) = sorted.binary_search(&text) {
        sorted.insert(at, text);
    }
}
