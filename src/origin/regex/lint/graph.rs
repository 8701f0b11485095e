//! All the origins that a regex matches, as a graph.
//!
//! It is read backwards, from the port over the host to the scheme, because whose a host is shows at its end. It is the
//! product of two automata, that of the regex and that of the grammar of serialized origins, so that it holds origins
//! and nothing else. Lengths are not in the grammar here: an origin that is found is parsed before it is shown.

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use regex_automata::hybrid::LazyStateID;

use super::{
    goals::{Goals, Grammar},
    reverse_dfa::{ReverseDfa, TooLarge},
};

/// The bytes of serialized origins, in the order in which they are tried: what reads well comes first.
const ALPHABET: &[u8] = b"evilabcdfghjkmnopqrstuwxyz0123456789-_.:/[]+";

/// Where a byte stands in the alphabet.
pub(super) fn rank(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == byte)
}

/// The product. Nodes are numbered; reading begins at the first one.
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The edges in the other direction: from where, by which byte.
    behind: Vec<Vec<(u8, usize)>>,
    /// What it took to make this, in bytes.
    made: usize,
    /// The bytes that were read on ways through it.
    steps: Cell<usize>,
}

#[derive(Default)]
pub(super) struct Node {
    /// Where the bytes lead that may come before.
    pub(super) edges: Vec<(u8, usize)>,
    /// Which goals are reached if the text begins here.
    pub(super) accepts: Goals,
    /// Whether the byte read last is within the brackets of an IPv6 address, where a colon begins no port.
    pub(super) in_brackets: bool,
    /// Whether the byte read last is the colon behind a scheme, or of the scheme.
    pub(super) is_scheme: bool,
    /// Where the regex is, wherever the grammar is.
    pub(super) regex_state: Option<LazyStateID>,
}

impl Graph {
    pub(super) const MAX_NODES: usize = 8_000;
    /// The bound on the bytes read, on all ways together.
    const MAX_STEPS: usize = 20_000;

    pub(super) fn of(regex: &str, grammar: &mut Grammar) -> Result<Self, TooLarge> {
        let mut regex = ReverseDfa::compile(&[regex])?;
        let classes = classes(|byte| (regex.class_of(byte), grammar.class_of(byte)));

        let start = (regex.start()?, grammar.start()?);
        let mut numbers = HashMap::from([(start, 0)]);
        let mut queue = VecDeque::from([(start, false)]);
        let mut nodes = Vec::new();
        while let Some(((state, place), in_brackets)) = queue.pop_front() {
            let mut node = Node {
                in_brackets,
                is_scheme: place.is_scheme(),
                regex_state: Some(state),
                ..Node::default()
            };
            if !regex.matches(state)?.is_empty() {
                node.accepts = grammar.goals(place)?;
            }
            for class in &classes {
                let Some(&byte) = class.first() else { continue };
                let Some(place) = grammar.next(place, byte)? else {
                    continue;
                };
                let Some(state) = regex.next(state, byte)? else {
                    continue;
                };
                let key = (state, place);
                let next = numbers.len();
                let to = *numbers.entry(key).or_insert(next);
                if to == next {
                    if next >= Self::MAX_NODES {
                        return Err(TooLarge);
                    }
                    let in_brackets = byte == b']' || (in_brackets && byte != b'[');
                    queue.push_back((key, in_brackets));
                }
                node.edges.extend(class.iter().map(|byte| (*byte, to)));
            }
            nodes.push(node);
        }
        const EDGE_SIZE: usize = 16;
        let edges: usize = nodes.iter().map(|node| node.edges.len()).sum();
        let mut behind = vec![Vec::new(); nodes.len()];
        for (from, node) in nodes.iter().enumerate() {
            for (byte, to) in &node.edges {
                if let Some(behind) = behind.get_mut(*to) {
                    behind.push((*byte, from));
                }
            }
        }
        Ok(Self {
            made: regex.spent() + edges * EDGE_SIZE,
            steps: Cell::new(0),
            nodes,
            behind,
        })
    }

    /// Counts one more byte that is read.
    pub(super) fn count_step(&self) -> Result<(), TooLarge> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > Self::MAX_STEPS {
            return Err(TooLarge);
        }
        Ok(())
    }

    /// What it took to make this and to look at it, about in bytes: to read a byte takes as long as to make some edges.
    pub(super) fn spent(&self) -> usize {
        self.made + self.steps.get() * 64
    }

    /// Where a byte leads from a node.
    pub(super) fn step(&self, from: usize, byte: u8) -> impl Iterator<Item = usize> {
        let edges = self
            .nodes
            .get(from)
            .into_iter()
            .flat_map(|node| &node.edges);
        edges.filter(move |edge| edge.0 == byte).map(|edge| edge.1)
    }

    /// How many bytes each node is before the nearest one that `is_goal`, along the edges that `passes`: from a node, by a
    /// byte, to another.
    pub(super) fn distances(
        &self,
        is_goal: impl Fn(&Node) -> bool,
        passes: impl Fn(&Node, u8, usize) -> bool,
    ) -> Distances {
        let mut distances = Distances(vec![Distances::NEVER; self.nodes.len()]);
        let mut queue = VecDeque::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if is_goal(node) {
                distances.set(number, 0);
                queue.push_back(number);
            }
        }
        while let Some(to) = queue.pop_front() {
            for (byte, from) in self.behind.get(to).into_iter().flatten() {
                let passed = self
                    .nodes
                    .get(*from)
                    .is_some_and(|from| passes(from, *byte, to));
                if passed && !distances.is_finite(*from) {
                    distances.set(*from, distances.get(to) + 1);
                    queue.push_back(*from);
                }
            }
        }
        distances
    }
}

/// Bytes that both automata treat alike.
fn classes<C: Eq + Hash>(class_of: impl Fn(u8) -> C) -> Vec<Vec<u8>> {
    let mut classes: HashMap<C, usize> = HashMap::new();
    let mut bytes: Vec<Vec<u8>> = Vec::new();
    for byte in ALPHABET {
        let next = classes.len();
        let class = *classes.entry(class_of(*byte)).or_insert(next);
        match bytes.get_mut(class) {
            Some(class) => class.push(*byte),
            None => bytes.push(vec![*byte]),
        }
    }
    bytes
}

/// By node.
pub(super) struct Distances(Vec<u32>);

impl Distances {
    const NEVER: u32 = u32::MAX;

    pub(super) fn get(&self, node: usize) -> u32 {
        self.0.get(node).copied().unwrap_or(Self::NEVER)
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
