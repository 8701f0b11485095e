//! How to write a regex without a choice within a label.

use super::{
    domain_match::DomainMatch,
    position_set::{BEGIN, Position},
    syntax_edits::{escaped, replaced},
    tree::{Bytes, Kind, NodeId, Tree},
};
use crate::characters::is_letter_or_digit;

/// Writes `(www)?example` as `(www\.)?example`, and an optional dot as one that must be there.
///
/// The result admits some of the same domains and no others, so it is safe to suggest without asking whose they are.
pub(super) fn with_dot(tree: &Tree<'_>, domains: &[DomainMatch<'_>], id: NodeId) -> Option<String> {
    let node = tree.nodes.get(id)?;
    let part = match node.kind {
        Kind::Bytes(_) => return replaced(tree.text, &node.span, r"\."),
        Kind::Repetition {
            part,
            min: 0,
            max: Some(1),
        } => part,
        _ => return None,
    };
    let inner = tree.nodes.get(part)?;
    if matches!(inner.kind, Kind::Bytes(bytes) if bytes == Bytes::of(b".")) {
        return replaced(tree.text, &node.span, tree.text_of(part));
    }
    // A dot makes a label of the part only if it is the start of one and could be a whole one.
    let is_label = |domain: &DomainMatch<'_>, stretch: (Position, Position)| {
        let text = domain.text(stretch).unwrap_or_default();
        stretch.0 == BEGIN
            && domain.is_within_label(stretch.1)
            && text.ends_with(is_letter_or_digit)
    };
    let are_labels = |domain: &DomainMatch<'_>| {
        let mut stretches = domain.stretches(part).into_iter();
        stretches.all(|stretch| is_label(domain, stretch))
    };
    if !domains.iter().all(are_labels) {
        return None;
    }
    let text = tree.text_of(part);
    let is_list = |inner: NodeId| {
        let inner = tree.nodes.get(inner);
        inner.is_none_or(|inner| matches!(inner.kind, Kind::Alternation(_)))
    };
    let with_dot = match inner.kind {
        Kind::Group(inner) if !is_list(inner) => format!(r"{}\.)", text.strip_suffix(')')?),
        // In `(a|b\.)`, the dot would belong to `b` alone.
        _ => format!(r"({text}\.)"),
    };
    replaced(tree.text, &inner.span, &with_dot)
}

/// Writes `(www)?example` as `(wwwexample|example)`: replaces the smallest part around a choice that begins and ends at the
/// borders of labels by a list of all that it matches.
pub(super) fn with_whole_labels(
    tree: &Tree<'_>,
    domains: &[DomainMatch<'_>],
    id: NodeId,
) -> Option<String> {
    let mut child = None;
    for around in tree.and_around(id) {
        let node = tree.nodes.get(around)?;
        let parts = match &node.kind {
            Kind::Concat(parts) => whole_labels(domains, parts, child?)?,
            _ => std::slice::from_ref(&around),
        };
        child = Some(around);
        let (first, last) = (*parts.first()?, *parts.last()?);
        if !begins_label(domains, first) || !ends_label(domains, last) {
            continue;
        }
        let start = tree.nodes.get(first)?.span.start;
        let end = tree.nodes.get(last)?.span.end;
        let mut words = tree.words_of_all(parts)?;
        // Words with an empty label match no origin.
        let is_behind_label = !tree.text.get(..start)?.ends_with(['.', '/']);
        words.retain(|word| (is_behind_label || !word.starts_with('.')) && !word.contains(".."));
        for word in &mut words {
            *word = escaped(word);
        }
        let list = words.join("|");
        let is_list = match &node.kind {
            Kind::Alternation(_) => true,
            Kind::Concat(all) => all.len() == parts.len(),
            _ => false,
        };
        let list = if is_list { list } else { format!("({list})") };
        return replaced(tree.text, &(start..end), &list);
    }
    None
}

/// The fewest parts in a row around one of them that begin and end at the borders of labels; as far as the ends of the row
/// if there is no such border.
fn whole_labels<'p>(
    domains: &[DomainMatch<'_>],
    parts: &'p [NodeId],
    within: NodeId,
) -> Option<&'p [NodeId]> {
    let at = parts.iter().position(|part| *part == within)?;
    let (mut start, mut end) = (at, at + 1);
    while start > 0 && !begins_label(domains, *parts.get(start)?) {
        start -= 1;
    }
    while end < parts.len() && !ends_label(domains, *parts.get(end - 1)?) {
        end += 1;
    }
    parts.get(start..end)
}

/// Whether a node never begins in the middle of a label of one of the domains.
fn begins_label(domains: &[DomainMatch<'_>], id: NodeId) -> bool {
    domains.iter().all(|domain| domain.begins_label(id))
}

fn ends_label(domains: &[DomainMatch<'_>], id: NodeId) -> bool {
    domains.iter().all(|domain| domain.ends_label(id))
}
