//! Which stretches of an origin each part of a regex matches, for the origins of one domain.

use super::{
    position_set::{BEGIN, COLON, LABEL, Position, PositionSet, SCHEME, SLASH},
    tree::{Bytes, Kind, NodeId, Tree},
};

/// All the ways in which a regex matches the origins whose host is a certain domain or below it.
///
/// It answers which stretches of such an origin each part of the regex can match. That is not a question for the compiled
/// regex, which no longer knows its parts. Instead the syntax tree is run over a small automaton of these origins, once
/// from the start and once from the end. A part matches a stretch if the start of the stretch can be reached from the
/// start of the origin, the end of the origin from its end, and the part leads from one to the other.
pub(super) struct DomainMatch<'t> {
    tree: &'t Tree<'t>,
    pub(super) domain: &'t str,
    /// The automaton: for each position, the bytes that may come next, and the position after each.
    forward_edges: Vec<Vec<(Bytes, Position)>>,
    /// The same edges from their ends.
    backward_edges: Vec<Vec<(Bytes, Position)>>,
    /// For each node, the positions at which it can begin, on a way from the start of an origin.
    starts: Vec<PositionSet>,
    /// For each node, the positions at which it can end, on a way to the end of an origin.
    ends: Vec<PositionSet>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

impl<'t> DomainMatch<'t> {
    pub(super) fn of(domain: &'t str, has_subdomains: bool, tree: &'t Tree<'t>) -> Self {
        let end = LABEL + domain.len();
        let (dot, port, digits) = (end + 1, end + 2, end + 3);
        let mut edges = vec![
            (SCHEME, Bytes::LABEL, SCHEME),
            (SCHEME, Bytes::of(b"+."), SCHEME),
            (SCHEME, Bytes::of(b":"), COLON),
            (COLON, Bytes::of(b"/"), SLASH),
            (SLASH, Bytes::of(b"/"), BEGIN),
            (end, Bytes::of(b"."), dot),
            (end, Bytes::of(b":"), port),
            (dot, Bytes::of(b":"), port),
            (port, Bytes::of(b"0123456789"), digits),
            (digits, Bytes::of(b"0123456789"), digits),
        ];
        if has_subdomains {
            edges.push((BEGIN, Bytes::LABEL, LABEL));
            edges.push((LABEL, Bytes::LABEL, LABEL));
            edges.push((LABEL, Bytes::of(b"."), BEGIN));
        }
        for (index, byte) in domain.bytes().enumerate() {
            let from = if index == 0 { BEGIN } else { LABEL + index };
            edges.push((from, Bytes::of(&[byte]), LABEL + index + 1));
        }
        let mut this = Self {
            tree,
            domain,
            forward_edges: vec![Vec::new(); digits + 1],
            backward_edges: vec![Vec::new(); digits + 1],
            starts: Vec::new(),
            ends: Vec::new(),
        };
        for (from, by, to) in edges {
            if let Some(edges) = this.forward_edges.get_mut(from) {
                edges.push((by, to));
            }
            if let Some(edges) = this.backward_edges.get_mut(to) {
                edges.push((by, from));
            }
        }
        let mut starts = vec![PositionSet::default(); tree.nodes.len()];
        let mut ends = starts.clone();
        let root = tree.root();
        let last = PositionSet::of(&[end, dot, digits]);
        this.walk(
            root,
            PositionSet::of(&[SCHEME]),
            Direction::Forward,
            &mut starts,
        );
        this.walk(root, last, Direction::Backward, &mut ends);
        this.starts = starts;
        this.ends = ends;
        this
    }

    /// The positions after a node, or before it if the direction is backward. `seen`, unless it is empty, collects the
    /// positions from which each node was entered.
    fn walk(
        &self,
        id: NodeId,
        from: PositionSet,
        direction: Direction,
        seen: &mut [PositionSet],
    ) -> PositionSet {
        let Some(node) = self.tree.nodes.get(id).filter(|_| !from.is_empty()) else {
            return PositionSet::default();
        };
        if let Some(seen) = seen.get_mut(id) {
            *seen = seen.or(from);
        }
        match &node.kind {
            Kind::Empty | Kind::Mark => from,
            Kind::Bytes(bytes) => {
                let edges = match direction {
                    Direction::Forward => &self.forward_edges,
                    Direction::Backward => &self.backward_edges,
                };
                let mut reached = PositionSet::default();
                for from in from.iter() {
                    for (by, to) in edges.get(from).map_or(&[][..], Vec::as_slice) {
                        if !by.and(*bytes).is_empty() {
                            reached.add(*to);
                        }
                    }
                }
                reached
            }
            Kind::Group(part) => self.walk(*part, from, direction, seen),
            Kind::Alternation(parts) => {
                let mut to = PositionSet::default();
                for part in parts {
                    to = to.or(self.walk(*part, from, direction, seen));
                }
                to
            }
            Kind::Concat(parts) => {
                let mut positions = from;
                let mut step =
                    |part: &NodeId| positions = self.walk(*part, positions, direction, seen);
                match direction {
                    Direction::Forward => parts.iter().for_each(&mut step),
                    Direction::Backward => parts.iter().rev().for_each(&mut step),
                }
                positions
            }
            Kind::Repetition { part, min, max } => {
                // Each repetition leads further into the domain or goes in a circle. More repetitions than there are
                // positions reach nothing new, so `{1,100000}` costs no more than `+`.
                let most = u32::try_from(self.forward_edges.len()).unwrap_or(u32::MAX);
                let mut positions = from;
                for _ in 0..(*min).min(most) {
                    let next = self.walk(*part, positions, direction, seen);
                    if next == positions {
                        break;
                    }
                    positions = next;
                }
                let more = max.map_or(most, |max| max - min).min(most);
                for _ in 0..more {
                    let next = positions.or(self.walk(*part, positions, direction, seen));
                    if next == positions {
                        break;
                    }
                    positions = next;
                }
                positions
            }
        }
    }

    /// The stretches of an origin that a node can match: the position at its start and that at its end.
    pub(super) fn stretches(&self, id: NodeId) -> Vec<(Position, Position)> {
        let (Some(starts), Some(ends)) = (self.starts.get(id), self.ends.get(id)) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for from in starts.iter() {
            let reached = self.walk(id, PositionSet::of(&[from]), Direction::Forward, &mut []);
            for to in reached.iter().filter(|to| ends.has(*to)) {
                pairs.push((from, to));
            }
        }
        pairs
    }

    /// Whether a node may begin or end in the middle of a label. Cheap, and sometimes wrongly `true`: it looks at starts and
    /// ends without asking which start goes with which end.
    pub(super) fn may_cut_label(&self, id: NodeId) -> bool {
        let (Some(starts), Some(ends)) = (self.starts.get(id), self.ends.get(id)) else {
            return false;
        };
        let last = ends.iter().max();
        let mut inside = starts.iter().filter(|from| self.is_within_label(*from));
        // Reading never goes back, so a start after all ends is not on any path.
        inside.next().is_some_and(|from| last >= Some(from))
            || ends.iter().any(|to| self.is_within_label(to))
    }

    /// Whether a choice begins or ends in the middle of a label. If it is left out, it begins and ends at the same position,
    /// and that counts too.
    pub(super) fn cuts_label(&self, id: NodeId) -> bool {
        let mut pairs = self.stretches(id);
        // So does the border between two repetitions.
        if let Some(Kind::Repetition { part, .. }) = self.tree.nodes.get(id).map(|node| &node.kind)
        {
            pairs.append(&mut self.stretches(*part));
        }
        pairs
            .iter()
            .any(|(from, to)| self.is_within_label(*from) || self.is_within_label(*to))
    }

    /// Whether a position is between two bytes of one label of the domain.
    pub(super) fn is_within_label(&self, position: Position) -> bool {
        let byte = |index: usize| self.domain.as_bytes().get(index);
        match position.checked_sub(LABEL) {
            None | Some(0) => false,
            Some(read) => {
                let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'.');
                is_letter(byte(read - 1)) && is_letter(byte(read))
            }
        }
    }

    /// Whether a node never begins in the middle of a label.
    pub(super) fn begins_label(&self, id: NodeId) -> bool {
        let pairs = self.stretches(id);
        pairs.iter().all(|(from, _)| !self.is_within_label(*from))
    }

    /// Whether a node never ends in the middle of a label.
    pub(super) fn ends_label(&self, id: NodeId) -> bool {
        let pairs = self.stretches(id);
        pairs.iter().all(|(_, to)| !self.is_within_label(*to))
    }

    /// The text of a stretch. `None` if it reaches into the labels below the domain, whose text is not known.
    pub(super) fn text(&self, (from, to): (Position, Position)) -> Option<&'t str> {
        let read = |position: Position| match position {
            BEGIN => Some(0),
            _ => position.checked_sub(LABEL).filter(|read| *read > 0),
        };
        let (start, end) = (read(from)?, read(to)?);
        if end == 0 {
            return None;
        }
        // What follows the domain is the port.
        let end = end.min(self.domain.len());
        self.domain.get(start.min(end)..end)
    }
}
