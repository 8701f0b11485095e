//! Walks through the graph of a regex, from the end of an origin towards its start.

use std::collections::HashSet;

use regex_automata::hybrid::LazyStateID;

use super::{
    graph::{Distances, Graph, Node, rank},
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
        let to_scheme_end = graph.distances(is_origin, |node, _, _| node.is_scheme);
        let is_short = |scheme: usize| {
            usize::try_from(to_scheme_end.get(scheme)).is_ok_and(|length| length <= MAX_SCHEME_LEN)
        };
        // A scheme that cannot end within its bound leads nowhere. The other bounds on lengths depend on what was read before
        // and are checked during the walk.
        let to_origin_end = graph.distances(is_origin, |node, _, to| {
            let begins_scheme =
                !node.is_scheme && graph.nodes.get(to).is_some_and(|node| node.is_scheme);
            !begins_scheme || is_short(to)
        });
        let leads = |node: &Node, byte: u8, distances: &Distances| {
            let mut edges = node.edges.iter();
            edges.any(|(by, to)| *by == byte && distances.is_finite(*to))
        };
        let to_host_end = graph.distances(
            |node| leads(node, b'/', &to_origin_end),
            |node, byte, _| byte != b'/' && !begins_port(node, byte),
        );
        let is_of_label =
            |node: &Node, byte: u8, _| !matches!(byte, b'/' | b'.') && !begins_port(node, byte);
        let to_inner_label_end =
            graph.distances(|node| leads(node, b'.', &to_host_end), is_of_label);
        let to_label_end = graph.distances(
            |node| leads(node, b'/', &to_origin_end) || leads(node, b'.', &to_host_end),
            is_of_label,
        );
        let to_port_end = graph.distances(
            |node| !node.in_brackets && leads(node, b':', &to_host_end),
            |_, byte, _| byte.is_ascii_digit(),
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
        nodes.iter().any(|node| self.to_host_end.get(*node) == 0)
    }

    /// Whether the author of the regex thought of a label as complete here: the host may begin here, or the byte before is a
    /// dot that the regex treats unlike letters. In `acme-.*\.vercel\.app`, `.*` matches dots as it matches letters, and
    /// its author thought of one label.
    pub(super) fn ends_label(&self, nodes: &Nodes) -> bool {
        let before = |(byte, to)| (byte == b'.', self.regex_states(&to));
        let edges = self
            .edges_by_byte(nodes, Part::Host)
            .into_iter()
            .map(before);
        let (dots, letters): (Vec<_>, Vec<_>) = edges.partition(|(is_dot, _)| *is_dot);
        let is_letter = |states| letters.iter().any(|(_, letter)| letter == states);
        self.ends_host(nodes) || dots.iter().any(|(_, states)| !is_letter(states))
    }

    /// The states of the regex at these nodes.
    fn regex_states(&self, nodes: &Nodes) -> HashSet<LazyStateID> {
        let nodes = nodes.iter().filter_map(|node| self.graph.nodes.get(*node));
        nodes.filter_map(|node| node.regex_state).collect()
    }

    /// The nodes that one more byte of a part leads to.
    pub(super) fn read_byte(&self, from: &Nodes, byte: u8, part: Part) -> Nodes {
        let edges = self.edges(from, part).filter(|edge| edge.0 == byte);
        in_order(edges.map(|edge| edge.1).collect())
    }

    /// The bytes with which a part can go on, and the nodes that each leads to.
    pub(super) fn edges_by_byte(&self, from: &Nodes, part: Part) -> Vec<(u8, Nodes)> {
        let mut edges: Vec<(u8, usize)> = self.edges(from, part).collect();
        edges.sort_by_key(|edge| rank(edge.0));
        edges
            .chunk_by(|one, other| one.0 == other.0)
            .filter_map(|edges| {
                let byte = edges.first()?.0;
                Some((byte, in_order(edges.iter().map(|edge| edge.1).collect())))
            })
            .collect()
    }

    /// The edges that stay within a part and from which there is a way on.
    fn edges<'w>(&'w self, from: &'w Nodes, part: Part) -> impl Iterator<Item = (u8, usize)> + 'w {
        let distances = self.distances(part);
        let nodes = from.iter().filter_map(|from| self.graph.nodes.get(*from));
        nodes.flat_map(move |node| {
            let edges = node.edges.iter().copied();
            edges.filter(move |(byte, to)| {
                let is_beyond = match part {
                    Part::Label | Part::InnerLabel => {
                        matches!(byte, b'/' | b'.') || begins_port(node, *byte)
                    }
                    Part::Host => *byte == b'/' || begins_port(node, *byte),
                    Part::Port => !byte.is_ascii_digit(),
                    Part::Scheme => false,
                };
                !is_beyond && distances.is_finite(*to)
            })
        })
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

pub(super) fn in_order(mut nodes: Nodes) -> Nodes {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// The text of bytes that were read from the last to the first.
pub(super) fn unreversed(text: &[u8]) -> Option<String> {
    String::from_utf8(text.iter().rev().copied().collect()).ok()
}
