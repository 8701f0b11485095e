//! Walks through the graph of a regex, from the end of an origin towards its start.

use regex_automata::hybrid::LazyStateID;

use super::{
    graph::{ALPHABET, Distances, Graph, Node, rank},
    origin_kind::OriginKind,
};
use crate::origin::grammar::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_SCHEME_LEN};

/// The nodes that one text can lead to, in ascending order. There are several where what follows the text differs, such as
/// the port.
pub(super) type Nodes = Vec<usize>;

/// A part of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// One label of a host, or all of an IPv6 address.
    Label,
    /// One label of a host, but not the first.
    InnerLabel,
    Host,
    Scheme,
    /// The digits of a port.
    Port,
}

/// Five digits.
const MAX_PORT_LEN: usize = 5;

impl Part {
    pub(super) fn max_len(self) -> usize {
        match self {
            Self::Label | Self::InnerLabel => MAX_LABEL_LEN,
            Self::Host => MAX_HOST_LEN,
            Self::Scheme => MAX_SCHEME_LEN,
            Self::Port => MAX_PORT_LEN,
        }
    }
}

/// The text of a part, and the nodes that reading it led to.
pub(super) struct PartText {
    pub(super) text: String,
    pub(super) nodes: Nodes,
}

/// Walks to origins of one kind. For each part of an origin, it knows how far each node is from the end of the walk
/// through that part, and never takes an edge from which there is no way on.
pub(super) struct Walk<'g> {
    pub(super) graph: &'g Graph,
    pub(super) kind: OriginKind,
    pub(super) to_port_end: Distances,
    pub(super) to_label_end: Distances,
    to_inner_label_end: Distances,
    pub(super) to_host_end: Distances,
    pub(super) to_origin_end: Distances,
}

impl<'g> Walk<'g> {
    pub(super) fn to(kind: OriginKind, graph: &'g Graph) -> Self {
        let is_origin = |node: &Node| node.accepts.has(kind);
        let to_scheme_end = graph.distances(&is_origin, &|node, _, _| node.is_scheme);
        let is_short = |scheme: usize| {
            usize::try_from(to_scheme_end.get(scheme)).is_ok_and(|length| length <= MAX_SCHEME_LEN)
        };
        // A scheme that cannot end within its bound leads nowhere. The other bounds on lengths depend on what was read before
        // and are checked during the walk.
        let to_origin_end = graph.distances(&is_origin, &|node, _, to| {
            let begins_scheme =
                !node.is_scheme && graph.nodes.get(to).is_some_and(|node| node.is_scheme);
            !begins_scheme || is_short(to)
        });
        let leads = |node: &Node, byte: u8, distances: &Distances| {
            let mut edges = node.edges.iter();
            edges.any(|(by, to)| *by == byte && distances.is_finite(*to))
        };
        let to_host_end = graph.distances(
            &|node| leads(node, b'/', &to_origin_end),
            &|node, byte, _| byte != b'/' && !begins_port(node, byte),
        );
        let is_of_label = |node: &Node, byte: u8, _: usize| {
            !matches!(byte, b'/' | b'.') && !begins_port(node, byte)
        };
        let to_inner_label_end =
            graph.distances(&|node| leads(node, b'.', &to_host_end), &is_of_label);
        let to_label_end = graph.distances(
            &|node| leads(node, b'/', &to_origin_end) || leads(node, b'.', &to_host_end),
            &is_of_label,
        );
        let to_port_end = graph.distances(
            &|node| !node.in_brackets && leads(node, b':', &to_host_end),
            &|_, byte, _| byte.is_ascii_digit(),
        );
        Self {
            graph,
            kind,
            to_port_end,
            to_label_end,
            to_inner_label_end,
            to_host_end,
            to_origin_end,
        }
    }

    /// Reads `text` from its last byte to its first. `None` if no origin has it there.
    pub(super) fn read(&mut self, from: &Nodes, text: &str) -> Option<Nodes> {
        let mut nodes = from.clone();
        for byte in text.bytes().rev() {
            nodes = self.read_byte(&nodes, byte, Part::Host);
            if nodes.is_empty() {
                return None;
            }
        }
        Some(nodes)
    }

    /// Whether the host may begin here.
    pub(super) fn ends_host(&self, nodes: &Nodes) -> bool {
        self.to_host_end.least(nodes) == 0
    }

    /// Whether the author of the regex thought of a label as complete here: the host may begin here, or the byte before is a
    /// dot that the regex treats unlike letters. In `acme-.*\.vercel\.app`, `.*` matches dots as it matches letters, and
    /// its author thought of one label.
    pub(super) fn ends_label(&self, nodes: &Nodes) -> bool {
        let (mut dots, mut letters) = (Vec::new(), Vec::new());
        for (byte, to) in self.edges_by_byte(nodes, Part::Host) {
            let states = self.regex_states(&to);
            if byte == b'.' {
                dots.push(states);
            } else {
                letters.push(states);
            }
        }
        let is_of_letter =
            |states: &Vec<LazyStateID>| letters.iter().any(|letter| is_same_set(letter, states));
        self.ends_host(nodes) || !dots.iter().all(is_of_letter)
    }

    /// The states of the regex at these nodes.
    fn regex_states(&self, nodes: &Nodes) -> Vec<LazyStateID> {
        let mut states = Vec::new();
        for node in nodes {
            let state = self
                .graph
                .nodes
                .get(*node)
                .and_then(|node| node.regex_state);
            if let Some(state) = state.filter(|state| !states.contains(state)) {
                states.push(state);
            }
        }
        states
    }

    /// The nodes that one more byte of a part leads to.
    pub(super) fn read_byte(&self, from: &Nodes, byte: u8, part: Part) -> Nodes {
        let mut nodes = Vec::new();
        for (by, to) in self.edges(from, part) {
            if by == byte {
                nodes.push(to);
            }
        }
        in_order(nodes)
    }

    /// The bytes with which a part can go on, in the order in which they are tried, and the nodes that each leads to.
    pub(super) fn edges_by_byte(&self, from: &Nodes, part: Part) -> Vec<(u8, Nodes)> {
        let mut by_rank = vec![Nodes::new(); ALPHABET.len()];
        for (byte, to) in self.edges(from, part) {
            if let Some(nodes) = rank(byte).and_then(|rank| by_rank.get_mut(rank)) {
                nodes.push(to);
            }
        }
        let mut by_byte = Vec::new();
        for (byte, nodes) in ALPHABET.iter().zip(by_rank) {
            if !nodes.is_empty() {
                by_byte.push((*byte, in_order(nodes)));
            }
        }
        by_byte
    }

    /// The edges that stay within a part and from which there is a way on.
    fn edges(&self, from: &Nodes, part: Part) -> Vec<(u8, usize)> {
        let distances = self.distances(part);
        let mut edges = Vec::new();
        for from in from {
            let Some(node) = self.graph.nodes.get(*from) else {
                continue;
            };
            for (byte, to) in &node.edges {
                let is_beyond = match part {
                    Part::Label | Part::InnerLabel => {
                        matches!(byte, b'/' | b'.') || begins_port(node, *byte)
                    }
                    Part::Host => *byte == b'/' || begins_port(node, *byte),
                    Part::Port => !byte.is_ascii_digit(),
                    Part::Scheme => false,
                };
                if !is_beyond && distances.is_finite(*to) {
                    edges.push((*byte, *to));
                }
            }
        }
        edges
    }

    pub(super) fn distances(&self, part: Part) -> &Distances {
        match part {
            Part::Label => &self.to_label_end,
            Part::InnerLabel => &self.to_inner_label_end,
            Part::Host => &self.to_host_end,
            Part::Port => &self.to_port_end,
            Part::Scheme => &self.to_origin_end,
        }
    }
}

/// Whether a byte is the colon before a port.
pub(super) fn begins_port(node: &Node, byte: u8) -> bool {
    byte == b':' && !node.in_brackets
}

/// Whether two lists without repetitions have the same states.
fn is_same_set(one: &[LazyStateID], other: &[LazyStateID]) -> bool {
    one.len() == other.len() && one.iter().all(|state| other.contains(state))
}

pub(super) fn in_order(mut nodes: Nodes) -> Nodes {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The text of bytes that were read from the last to the first.
pub(super) fn unreversed(text: &[u8]) -> Option<String> {
    let mut text = text.to_vec();
    text.reverse();
    String::from_utf8(text).ok()
}
