//! Ways through the graph of a regex: from the end of an origin to parts before it.

use std::collections::{HashSet, VecDeque};

use regex_automata::hybrid::LazyStateID;

use super::{
    goals::Goal,
    graph::{Distances, Graph, Node, rank},
    reverse_dfa::TooLarge,
};
use crate::origin::grammar::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_SCHEME_LEN};

/// Nodes that texts lead to which differ in nothing of interest, only in the port for example. In ascending order.
pub(super) type Nodes = Vec<usize>;

/// Which part of an origin is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// One label of a host, or all of an IPv6 address.
    Label,
    /// One label of a host, before which there is another.
    InnerLabel,
    Host,
    Scheme,
    /// Without its colon.
    Port,
}

/// Five digits.
const MAX_PORT_LEN: usize = 5;

impl Part {
    fn max_len(self) -> usize {
        match self {
            Self::Label | Self::InnerLabel => MAX_LABEL_LEN,
            Self::Host => MAX_HOST_LEN,
            Self::Scheme => MAX_SCHEME_LEN,
            Self::Port => MAX_PORT_LEN,
        }
    }
}

/// A part that was read, and where that led.
pub(super) struct Read {
    pub(super) text: String,
    pub(super) to: Nodes,
}

/// The graph, with the way to one goal.
pub(super) struct Walk<'g> {
    pub(super) graph: &'g Graph,
    pub(super) goal: Goal,
    pub(super) to_port_end: Distances,
    to_label_end: Distances,
    to_inner_label_end: Distances,
    pub(super) to_host_end: Distances,
    to_origin_end: Distances,
}

impl<'g> Walk<'g> {
    /// How many ports are tried, of which three may be default ones.
    const MAX_PORTS: usize = 16;

    pub(super) fn to(goal: Goal, graph: &'g Graph) -> Self {
        let is_origin = |node: &Node| node.accepts.has(goal);
        let to_scheme_end = graph.distances(is_origin, |node, _, _| node.is_scheme);
        let is_short = |scheme: usize| {
            usize::try_from(to_scheme_end.get(scheme)).is_ok_and(|length| length <= MAX_SCHEME_LEN)
        };
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
            goal,
            to_port_end,
            to_label_end,
            to_inner_label_end,
            to_host_end,
            to_origin_end,
        }
    }

    /// No port, if hosts can be without, and a few ports, the colon included; each with where hosts end before it.
    pub(super) fn ports(&mut self) -> Result<Vec<Read>, TooLarge> {
        let mut ports = self.shortest_ports();
        for Read { text, to } in self.texts(Part::Port, &vec![0], Self::MAX_PORTS)? {
            let hosts = to.into_iter().flat_map(|node| self.graph.step(node, b':'));
            let hosts = hosts.filter(|host| self.to_host_end.is_finite(*host));
            ports.push(Read {
                text: format!(":{text}"),
                to: in_order(hosts.collect()),
            });
        }
        Ok(ports)
    }

    /// Where hosts end, whatever the port behind them is. A dot at the end of a host is passed over: who has a name has the
    /// one with the dot too, so it changes nothing about whose the hosts are.
    pub(super) fn ends(&self) -> Nodes {
        let ports = self.shortest_ports().into_iter();
        let mut ends: Nodes = ports.flat_map(|port| port.to).collect();
        ends.extend(self.before(&in_order(ends.clone()), b'.', Part::Host));
        in_order(ends)
    }

    /// Each place where hosts end, with the shortest port that stands behind it.
    fn shortest_ports(&self) -> Vec<Read> {
        let mut found = vec![(Vec::new(), 0)];
        let mut seen = HashSet::from([0]);
        let mut queue = VecDeque::from(found.clone());
        while let Some((text, from)) = queue.pop_front() {
            let Some(node) = self.graph.nodes.get(from) else {
                continue;
            };
            for (byte, to) in &node.edges {
                let is_port = begins_port(node, *byte);
                if (is_port || byte.is_ascii_digit()) && seen.insert(*to) {
                    let mut text: Vec<u8> = text.clone();
                    text.push(*byte);
                    if is_port {
                        found.push((text, *to));
                    } else {
                        queue.push_back((text, *to));
                    }
                }
            }
        }
        found.retain(|(_, end)| self.to_host_end.is_finite(*end));
        let read = |(text, end): (Vec<u8>, usize)| {
            Some(Read {
                text: forwards(&text)?,
                to: vec![end],
            })
        };
        found.into_iter().filter_map(read).collect()
    }

    /// Where schemes end.
    pub(super) fn schemes(&self) -> Nodes {
        let graph = self.graph;
        let ends = (0..graph.nodes.len())
            .flat_map(|node| graph.step(node, b'/'))
            .flat_map(|node| graph.step(node, b'/'))
            .flat_map(|node| graph.step(node, b':'))
            .filter(|node| self.to_origin_end.is_finite(*node));
        in_order(ends.collect())
    }

    /// Reads the bytes of `text` from its last to its first; `None` if no origin has them there.
    pub(super) fn read(&mut self, from: &Nodes, text: &str) -> Option<Nodes> {
        let mut nodes = from.clone();
        for byte in text.bytes().rev() {
            nodes = self.before(&nodes, byte, Part::Host);
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

    /// Whether a label may end here for its author, too: the host begins, or a dot comes before that is no letter like
    /// others. In `acme-.*\.vercel\.app` such dots are, and what is meant is one label.
    pub(super) fn ends_label(&self, nodes: &Nodes) -> bool {
        let before = |(byte, to)| (byte == b'.', self.regex_states(&to));
        let ways = self.ways(nodes, Part::Host).into_iter().map(before);
        let (dots, letters): (Vec<_>, Vec<_>) = ways.partition(|(is_dot, _)| *is_dot);
        let is_letter = |states| letters.iter().any(|(_, letter)| letter == states);
        self.ends_host(nodes) || dots.iter().any(|(_, states)| !is_letter(states))
    }

    /// How far the regex was read.
    fn regex_states(&self, nodes: &Nodes) -> HashSet<LazyStateID> {
        let nodes = nodes.iter().filter_map(|node| self.graph.nodes.get(*node));
        nodes.filter_map(|node| node.regex_state).collect()
    }

    /// A shortest label that `ends` and has none of the letters and digits in `avoided`.
    pub(super) fn label_without(
        &self,
        avoided: &str,
        from: &Nodes,
        ends: impl Fn(&Self, &Nodes) -> bool,
    ) -> Option<String> {
        let mut seen = HashSet::from([from.clone()]);
        let mut queue = VecDeque::from([(Vec::new(), from.clone())]);
        while let Some((text, from)) = queue.pop_front() {
            if !text.is_empty() && ends(self, &from) {
                return forwards(&text);
            }
            if seen.len() > Graph::MAX_NODES {
                return None;
            }
            for (byte, to) in self.ways(&from, Part::Label) {
                if !avoided.as_bytes().contains(&byte) && seen.insert(to.clone()) {
                    let mut text = text.clone();
                    text.push(byte);
                    queue.push_back((text, to));
                }
            }
        }
        None
    }

    /// At most `most` texts of a part, those with the shortest way to the end of the host or origin first.
    pub(super) fn texts(
        &mut self,
        part: Part,
        from: &Nodes,
        most: usize,
    ) -> Result<Vec<Read>, TooLarge> {
        let mut found = Vec::new();
        self.collect(part, from, most, &mut Vec::new(), &mut found)?;
        Ok(found)
    }

    fn collect(
        &mut self,
        part: Part,
        from: &Nodes,
        most: usize,
        text: &mut Vec<u8>,
        found: &mut Vec<Read>,
    ) -> Result<(), TooLarge> {
        self.graph.count_step()?;
        let distances = self.distances(part);
        let left = |nodes: &Nodes| nodes.iter().map(|node| distances.get(*node)).min();
        if left(from) == Some(0) && !text.is_empty() {
            found.push(Read {
                text: forwards(text).unwrap_or_default(),
                to: from.clone(),
            });
        }
        let ways = self.ways(from, part).into_iter();
        let mut ways: Vec<_> = ways
            .filter(|(byte, nodes)| self.has_room(part, text, *byte, nodes))
            .filter_map(|(byte, nodes)| Some((left(&nodes)?, byte, nodes)))
            .collect();
        ways.sort_by_key(|(left, ..)| *left);
        for (_, byte, nodes) in ways {
            if found.len() >= most {
                break;
            }
            text.push(byte);
            self.collect(part, &nodes, most, text, found)?;
            text.pop();
        }
        Ok(())
    }

    /// Whether what is read can still end within the bounds on its length, and on that of each label, with one more byte.
    fn has_room(&self, part: Part, text: &[u8], byte: u8, to: &Nodes) -> bool {
        let fits = |read: usize, distances: &Distances, most: usize| {
            let left = to.iter().map(|node| distances.get(*node)).min();
            left.and_then(|left| usize::try_from(left).ok())
                .is_some_and(|left| read + left < most)
        };
        let label = text.iter().rev().take_while(|byte| **byte != b'.').count();
        fits(text.len(), self.distances(part), part.max_len())
            && (part != Part::Host
                || (fits(text.len(), &self.to_host_end, MAX_HOST_LEN)
                    && (byte == b'.' || fits(label, &self.to_label_end, MAX_LABEL_LEN))))
    }

    /// Where one more byte of a part leads.
    pub(super) fn before(&self, from: &Nodes, byte: u8, part: Part) -> Nodes {
        let edges = self.edges(from, part).filter(|edge| edge.0 == byte);
        in_order(edges.map(|edge| edge.1).collect())
    }

    /// Where each byte leads by which a part can go on.
    fn ways(&self, from: &Nodes, part: Part) -> Vec<(u8, Nodes)> {
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

    fn distances(&self, part: Part) -> &Distances {
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

fn in_order(mut nodes: Nodes) -> Nodes {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

pub(super) fn forwards(text: &[u8]) -> Option<String> {
    String::from_utf8(text.iter().rev().copied().collect()).ok()
}
