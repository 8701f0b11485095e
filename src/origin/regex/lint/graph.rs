//! All the origins that a regex matches, as a graph.
//!
//! The graph is the product of two automata, that of the regex and that of serialized origins. Its paths are the origins
//! that the regex matches. Rules about the text of a regex could not answer the same questions: flags, anchors, classes,
//! optional ports and alternations can say one thing in many ways, and a rule would have to know all of them.
//!
//! It is read backwards, from the port over the host to the scheme, because the end of a host says whose it is. Forwards,
//! `https://.*\.example\.com` could begin with any domain.
//!
//! The automaton of origins leaves out lengths and a few rules, so an origin that is found here is parsed before it is
//! shown.

use std::{cell::Cell, collections::HashMap};

use foldhash::fast::RandomState;
use regex_automata::hybrid::LazyStateID;

use super::{
    origin_automaton::OriginAutomaton,
    origin_kind::OriginKinds,
    reverse_dfa::{ReverseDfa, TooLarge},
};

/// The bytes of serialized origins, in the order in which they are tried: examples come out as `evil` or `a`, not as `-_`.
pub(super) const ALPHABET: &[u8] = b"evilabcdfghjkmnopqrstuwxyz0123456789-_.:/[]+";

/// The position of a byte in the alphabet.
pub(super) fn rank(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == byte)
}

/// Nodes are numbered. Reading begins at node 0, after the last byte of an origin.
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// For each node, the edges that lead to it: the byte, and the node where the edge begins.
    incoming: Vec<Vec<(u8, usize)>>,
    /// How large the automata and the edges are, in bytes.
    size: usize,
    /// How many bytes were read on paths through the graph.
    steps: Cell<usize>,
}

#[derive(Default)]
pub(super) struct Node {
    /// The bytes that may come before what was read, and the node that each leads to.
    pub(super) edges: Vec<(u8, usize)>,
    /// The kinds of the origin, if what was read is all of it.
    pub(super) accepts: OriginKinds,
    /// Whether the last byte that was read is in the brackets of an IPv6 address, where a colon does not begin a port.
    pub(super) in_brackets: bool,
    /// Whether the last byte that was read belongs to the scheme or is the colon after it.
    pub(super) is_scheme: bool,
    /// The state of the regex alone. `None` only in `default()`.
    pub(super) regex_state: Option<LazyStateID>,
}

impl Graph {
    /// Bounds on nodes and on bytes read, not on time or memory: which regexes are refused must not depend on the machine.
    pub(super) const MAX_NODES: usize = 8_000;
    /// The bound on the bytes read, on all paths together. Depth-first searches for examples could otherwise take time
    /// exponential in the length of a host.
    const MAX_STEPS: usize = 20_000;

    pub(super) fn of(regex: &str, origins: &mut OriginAutomaton) -> Result<Self, TooLarge> {
        let mut regex = ReverseDfa::compile(regex)?;
        let classes = classes(&regex, origins);

        let start = (regex.start()?, origins.start()?);
        // Most of the time is spent here, so it has a faster hash than that of the standard library. Collisions would be no
        // attack: the key is drawn at random.
        let mut numbers = HashMap::with_hasher(RandomState::default());
        numbers.insert(start, 0);
        let mut found = vec![(start, false)];
        let mut nodes = Vec::new();
        while let Some(&((state, origin), in_brackets)) = found.get(nodes.len()) {
            let mut node = Node {
                in_brackets,
                is_scheme: origin.is_scheme(),
                regex_state: Some(state),
                ..Node::default()
            };
            if !regex.matches(state)?.is_empty() {
                node.accepts = origins.kinds(origin)?;
            }
            // One byte of each class stands for all: with 44 bytes and thousands of nodes, that is most of the time.
            for class in &classes {
                let Some(&byte) = class.first() else { continue };
                let Some(origin) = origins.next(origin, byte)? else {
                    continue;
                };
                let Some(state) = regex.next(state, byte)? else {
                    continue;
                };
                let key = (state, origin);
                let next = found.len();
                let to = *numbers.entry(key).or_insert(next);
                if to == next {
                    if next >= Self::MAX_NODES {
                        return Err(TooLarge);
                    }
                    let in_brackets = byte == b']' || (in_brackets && byte != b'[');
                    found.push((key, in_brackets));
                }
                node.edges.extend(class.iter().map(|byte| (*byte, to)));
            }
            nodes.push(node);
        }
        const EDGE_SIZE: usize = 16;
        let mut edges = 0;
        let mut incoming = vec![Vec::new(); nodes.len()];
        for (from, node) in nodes.iter().enumerate() {
            edges += node.edges.len();
            for (byte, to) in &node.edges {
                if let Some(incoming) = incoming.get_mut(*to) {
                    incoming.push((*byte, from));
                }
            }
        }
        Ok(Self {
            size: regex.spent() + edges * EDGE_SIZE,
            steps: Cell::new(0),
            nodes,
            incoming,
        })
    }

    /// Counts one more byte that was read.
    pub(super) fn count_step(&self) -> Result<(), TooLarge> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > Self::MAX_STEPS {
            return Err(TooLarge);
        }
        Ok(())
    }

    /// The cost so far of making and searching the graph, in bytes. A byte read counts as 64, because it takes about as long
    /// as making four edges.
    pub(super) fn spent(&self) -> usize {
        self.size + self.steps.get() * 64
    }

    /// The nodes to which a byte leads from a node.
    pub(super) fn step(&self, from: usize, byte: u8) -> Vec<usize> {
        let mut nodes = Vec::new();
        if let Some(node) = self.nodes.get(from) {
            for (by, to) in &node.edges {
                if *by == byte {
                    nodes.push(*to);
                }
            }
        }
        nodes
    }

    /// The nodes where schemes end, before a host that begins at a node.
    pub(super) fn ends_of_schemes(&self, host: usize) -> Vec<usize> {
        let mut nodes = vec![host];
        for byte in b"//:" {
            let before = std::mem::take(&mut nodes);
            for node in before {
                nodes.append(&mut self.step(node, *byte));
            }
        }
        nodes
    }

    /// For each node, the number of bytes to the nearest one that `is_goal`, along edges for which `passes` (a node, a byte,
    /// the node it leads to).
    ///
    /// Searched from the goals, so that one search answers for all nodes. The distances then guide every search for an
    /// example: without them, it would run into parts of the graph that lead nowhere.
    pub(super) fn distances(
        &self,
        is_goal: &dyn Fn(&Node) -> bool,
        passes: &dyn Fn(&Node, u8, usize) -> bool,
    ) -> Distances {
        let mut distances = Distances(vec![Distances::NEVER; self.nodes.len()]);
        let mut found = Vec::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if is_goal(node) {
                distances.set(number, 0);
                found.push(number);
            }
        }
        let mut visited = 0;
        while let Some(&to) = found.get(visited) {
            visited += 1;
            for (byte, from) in self.incoming.get(to).into_iter().flatten() {
                let passed = self
                    .nodes
                    .get(*from)
                    .is_some_and(|from| passes(from, *byte, to));
                if passed && !distances.is_finite(*from) {
                    distances.set(*from, distances.get(to) + 1);
                    found.push(*from);
                }
            }
        }
        distances
    }
}

/// The alphabet by classes: both automata treat the bytes of a class alike.
fn classes(regex: &ReverseDfa, origins: &OriginAutomaton) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    let mut classes: Vec<Vec<u8>> = Vec::new();
    for byte in ALPHABET {
        let key = (regex.class_of(*byte), origins.class_of(*byte));
        let known = keys.iter().position(|known| *known == key);
        match known.and_then(|class| classes.get_mut(class)) {
            Some(class) => class.push(*byte),
            None => {
                keys.push(key);
                classes.push(vec![*byte]);
            }
        }
    }
    classes
}

/// A distance for each node.
pub(super) struct Distances(Vec<u32>);

impl Distances {
    const NEVER: u32 = u32::MAX;

    pub(super) fn get(&self, node: usize) -> u32 {
        self.0.get(node).copied().unwrap_or(Self::NEVER)
    }

    /// The least distance of some nodes.
    pub(super) fn least(&self, nodes: &[usize]) -> u32 {
        let mut least = Self::NEVER;
        for node in nodes {
            least = least.min(self.get(*node));
        }
        least
    }

    fn set(&mut self, node: usize, distance: u32) {
        if let Some(slot) = self.0.get_mut(node) {
            *slot = distance;
        }
    }

    pub(super) fn is_finite(&self, node: usize) -> bool {
        self.get(node) != Self::NEVER
    }
}
