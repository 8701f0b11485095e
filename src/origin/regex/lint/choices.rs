//! Choices within a label of a domain: `(www)?example\.com` admits `wwwexample.com`, which someone else may own.
//!
//! A regex may list several domains, and its author is believed to own them, as long as it names whole labels:
//! `example\.(com|co)` does, `example\.co(m|\.uk)` does not. So the lint looks for a part of the regex that may be there or
//! not, may repeat, or has several forms, that decides between two of the domains, and that begins or ends in the middle of
//! a label.
//!
//! Comparing the domains alone would not do: `example.com` and `example.co` are as similar as `example.com` and
//! `wwwexample.com`. Only the regex as it was written shows what its author thought of as one unit.

use super::{
    choice_fixes::{with_dot, with_whole_labels},
    choice_forms::{Form, forms},
    domain_match::DomainMatch,
    hosts::{Hosts, MAX_HOSTS, insert},
    tree::{Bytes, Kind, NodeId, Tree},
};

/// A choice within a label, and two of the domains that it decides between.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The choice as it is written in the regex.
    pub(super) part: String,
    /// What to show, the shorter domain first: an origin of each, else a host, else the domain.
    pub(super) shown: [String; 2],
    /// The regex with a dot at the end of the choice, where that removes domains and adds none.
    pub(super) with_dot: Option<String>,
    /// The regex with whole labels in place of the choice and what is around it.
    pub(super) with_whole_labels: Option<String>,
}

impl Hosts<'_, '_> {
    /// The first choice between domains that the regex lists, with a host in each of two.
    pub(super) fn choice(&mut self, regex: &str) -> Option<Choice> {
        let mut domains = Vec::new();
        for listed in self.domains.iter().filter(|domains| !domains.is_open()) {
            for name in &listed.names {
                insert(&mut domains, name.clone());
            }
        }
        let mut choice = Choice::between(&domains, &self.names, regex)?;
        if self.is_shown {
            let ends = self.ends.clone();
            for domain in &mut choice.shown {
                if let Ok(Some(host)) = self.host(&ends, domain, false) {
                    *domain = host;
                }
            }
        }
        Some(choice)
    }
}

impl Choice {
    /// Shows an origin instead of each host for which there is an example.
    pub(super) fn shown_by(mut self, examples: &dyn Fn(&[String]) -> Vec<String>) -> Self {
        for host in &mut self.shown {
            let origins = examples(std::slice::from_ref(host));
            if let Some(origin) = origins.into_iter().next() {
                *host = origin;
            }
        }
        self
    }

    /// The first choice of a regex between these domains. `names` are the hosts that have no domain. A choice between one
    /// of them and a domain counts; a choice between two of them does not, because no one else can own either.
    pub(super) fn between(domains: &[String], names: &[String], regex: &str) -> Option<Self> {
        let count = domains.len() + names.len();
        if domains.is_empty() || !(2..=MAX_HOSTS).contains(&count) {
            return None;
        }
        let tree = &Tree::of(regex)?;
        let mut matches = Vec::new();
        for domain in domains {
            matches.push(DomainMatch::of(domain, true, tree));
        }
        for name in names {
            matches.push(DomainMatch::of(name, false, tree));
        }
        let domains = matches;

        // From left to right, and of nested parts the outer one first.
        let mut left = vec![tree.root()];
        while let Some(id) = left.pop() {
            left.extend(tree.nodes.get(id)?.kind.parts().iter().rev());
            let Some([one, other]) = decided(tree, &domains, id) else {
                continue;
            };
            let mut shown = [one.to_owned(), other.to_owned()];
            if one.len() > other.len() {
                shown.reverse();
            }
            // Parentheses are shown with what is in them.
            let group = tree.and_around(id).nth(1).filter(|around| {
                let node = tree.nodes.get(*around);
                node.is_some_and(|node| matches!(node.kind, Kind::Group(_)))
            });
            return Some(Self {
                part: tree.text_of(group.unwrap_or(id)).to_owned(),
                shown,
                with_dot: with_dot(tree, &domains, id),
                with_whole_labels: with_whole_labels(tree, &domains, id),
            });
        }
        None
    }
}

/// Two domains between which a node decides, if it is a choice within a label of the first.
fn decided<'d>(tree: &Tree<'_>, domains: &[DomainMatch<'d>], id: NodeId) -> Option<[&'d str; 2]> {
    let mut part = id;
    match tree.nodes.get(id)?.kind {
        Kind::Alternation(_) => {}
        Kind::Repetition {
            part: repeated,
            min,
            max,
        } if Some(min) != max => part = repeated,
        // The letters of a class count as listed: `[ab]cme` names two whole labels. A dot among them does not, because it
        // ends the label and they do not.
        Kind::Bytes(bytes)
            if !bytes.and(Bytes::of(b".")).is_empty() && !bytes.and(Bytes::LABEL).is_empty() => {}
        _ => return None,
    }
    // Most choices are before the domain or after it, and the look at their forms is slow.
    let mut cheap = domains.iter();
    if !cheap.any(|domain| domain.may_cut_label(id) || domain.may_cut_label(part)) {
        return None;
    }
    let mut with_forms = Vec::new();
    for domain in domains {
        with_forms.push((domain, forms(tree, domain, id)));
    }
    for (domain, forms) in &with_forms {
        if !domain.cuts_label(id) {
            continue;
        }
        // The most similar pair shows best what the choice does.
        let mut nearest: Option<(usize, &str)> = None;
        for (other, other_forms) in &with_forms {
            let differs =
                |form: &Form<'_>| other_forms.iter().any(|other| form.differs_from(other));
            let difference = difference(domain.domain, other.domain);
            if difference > 0
                && nearest.is_none_or(|(least, _)| difference < least)
                && forms.iter().any(differs)
            {
                nearest = Some((difference, other.domain));
            }
        }
        if let Some((_, other)) = nearest {
            return Some([domain.domain, other]);
        }
    }
    None
}

/// How many bytes of two texts remain without their common start and their common end.
fn difference(one: &str, other: &str) -> usize {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([first, rest @ ..], [other_first, other_rest @ ..]) = (one, other)
        && first == other_first
    {
        (one, other) = (rest, other_rest);
    }
    while let ([rest @ .., last], [other_rest @ .., other_last]) = (one, other)
        && last == other_last
    {
        (one, other) = (rest, other_rest);
    }
    one.len() + other.len()
}
