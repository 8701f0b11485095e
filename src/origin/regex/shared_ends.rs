//! The common ends of regexes, read once for all of them.

use std::collections::HashMap;

use regex_automata::{
    nfa::thompson::{Builder, NFA, State, Transition},
    util::{look::Look, primitives::StateID},
};

/// The longest end that is shared, in steps: ranges of bytes, and assertions.
const MAX_LEN: usize = 128;

/// An automaton that reads from the end of a text, with each literal end that several of its patterns have in common as one
/// path.
///
/// Without it, all of two thousand tenants' regexes are read next to each other until the label in which they differ, and
/// the first origin takes milliseconds.
pub(super) struct SharedEnds {
    builder: Builder,
    /// The first one is the root, and each other one is after its parent.
    nodes: Vec<Node>,
    /// By their parents and what is read after these.
    numbers: HashMap<(usize, [u32; 3]), usize>,
}

/// One literal end.
struct Node {
    /// The end without its first step, and that step. `None` for the empty one.
    parent: Option<(usize, Step)>,
    /// Where the patterns go on that have exactly this end.
    open: Vec<StateID>,
}

impl Node {
    fn after(parent: Option<(usize, Step)>) -> Self {
        let open = Vec::new();
        Self { parent, open }
    }
}

/// A step that leads to one state only.
#[derive(Clone, Copy)]
enum Step {
    Bytes(Transition),
    Look(Look),
}

impl Step {
    fn of(state: &State) -> Option<(Self, StateID)> {
        match state {
            State::ByteRange { trans } => Some((Self::Bytes(*trans), trans.next)),
            State::Look { look, next } => Some((Self::Look(*look), *next)),
            // A letter in either case, by the flag `i`. Origins have no capital letters.
            State::Sparse(all) => {
                let is_capital = |bytes: &Transition| {
                    bytes.start.is_ascii_uppercase() && bytes.end.is_ascii_uppercase()
                };
                let mut others = all.transitions.iter().filter(|bytes| !is_capital(bytes));
                let bytes = others.next().filter(|_| others.next().is_none())?;
                Some((Self::Bytes(*bytes), bytes.next))
            }
            _ => None,
        }
    }

    /// Equal for steps that read the same.
    fn key(self) -> [u32; 3] {
        match self {
            Self::Bytes(bytes) => [0, bytes.start.into(), bytes.end.into()],
            Self::Look(look) => [look.as_repr(), 0, 0],
        }
    }
}

impl SharedEnds {
    /// `None` if an automaton of it is too large.
    pub(super) fn of(nfa: &NFA) -> Option<Self> {
        let mut builder = Builder::new();
        builder.set_utf8(false);
        builder.set_reverse(true);
        let mut ends = Self {
            builder,
            nodes: vec![Node::after(None)],
            numbers: HashMap::new(),
        };
        for pattern in nfa.patterns() {
            if let Some(start) = nfa.start_pattern(pattern) {
                ends.add(nfa, start)?;
            }
        }
        Some(ends)
    }

    /// The maximum, over all literal ends, of how many patterns have this end or a shorter one that it ends in.
    pub(super) fn most_open(&self) -> usize {
        let mut open: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of_parent = node.parent.and_then(|(parent, _)| open.get(parent));
            open.push(node.open.len() + of_parent.unwrap_or(&0));
        }
        open.into_iter().max().unwrap_or(0)
    }

    pub(super) fn build(mut self) -> Option<NFA> {
        let mut start = StateID::ZERO;
        // From the last one: all that comes after a node was built before it.
        while let Some(Node { parent, open }) = self.nodes.pop() {
            let next = match *open {
                [one] => one,
                _ => self.builder.add_union(open).ok()?,
            };
            let Some((parent, step)) = parent else {
                start = next;
                break;
            };
            let state = match step {
                Step::Bytes(bytes) => self.builder.add_range(Transition { next, ..bytes }).ok()?,
                Step::Look(look) => self.builder.add_look(next, look).ok()?,
            };
            if let Some(parent) = self.nodes.get_mut(parent) {
                parent.open.push(state);
            }
        }
        self.builder.build(start, start).ok()
    }

    /// Adds a pattern: its literal end to the nodes, and a copy of all that is before it.
    fn add(&mut self, nfa: &NFA, start: StateID) -> Option<()> {
        let mut state = start;
        let mut node = 0;
        for _ in 0..MAX_LEN {
            let Some((step, next)) = Step::of(nfa.state(state)) else {
                break;
            };
            let new = self.nodes.len();
            let number = *self.numbers.entry((node, step.key())).or_insert(new);
            if number == new {
                self.nodes.push(Node::after(Some((node, step))));
            }
            (node, state) = (number, next);
        }
        self.builder.start_pattern().ok()?;
        let open = self.copy(nfa, state)?;
        self.builder.finish_pattern(open).ok()?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.open.push(open);
        }
        Some(())
    }

    /// Copies the states that one leads to.
    fn copy(&mut self, nfa: &NFA, start: StateID) -> Option<StateID> {
        let builder = &mut self.builder;
        // A state is reserved when it is first seen, because states lead to each other in circles.
        let mut copies = HashMap::new();
        let first = builder.add_empty().ok()?;
        copies.insert(start, first);
        let mut left = vec![(start, first)];
        while let Some((state, reserved)) = left.pop() {
            let mut copied = |builder: &mut Builder, state: StateID| {
                if let Some(known) = copies.get(&state) {
                    return Some(*known);
                }
                let reserved = builder.add_empty().ok()?;
                copies.insert(state, reserved);
                left.push((state, reserved));
                Some(reserved)
            };
            let copy = match nfa.state(state) {
                State::ByteRange { trans } => {
                    let next = copied(builder, trans.next)?;
                    builder.add_range(Transition { next, ..*trans }).ok()?
                }
                State::Sparse(all) => {
                    let copies = all.transitions.iter().map(|transition| {
                        let next = copied(builder, transition.next)?;
                        Some(Transition {
                            next,
                            ..*transition
                        })
                    });
                    let copies = copies.collect::<Option<_>>()?;
                    builder.add_sparse(copies).ok()?
                }
                State::Dense(all) => {
                    let bytes = (0..=u8::MAX).zip(&all.transitions);
                    // `StateID::ZERO` means that there is no transition.
                    let bytes = bytes.filter(|(_, next)| **next != StateID::ZERO);
                    let copies = bytes.map(|(byte, next)| {
                        let next = copied(builder, *next)?;
                        let (start, end) = (byte, byte);
                        Some(Transition { start, end, next })
                    });
                    let copies = copies.collect::<Option<_>>()?;
                    builder.add_sparse(copies).ok()?
                }
                State::Look { look, next } => {
                    let next = copied(builder, *next)?;
                    builder.add_look(next, *look).ok()?
                }
                State::Union { alternates } => {
                    let copies = alternates.iter().map(|next| copied(builder, *next));
                    let copies = copies.collect::<Option<_>>()?;
                    builder.add_union(copies).ok()?
                }
                State::BinaryUnion { alt1, alt2 } => {
                    let copies = vec![copied(builder, *alt1)?, copied(builder, *alt2)?];
                    builder.add_union(copies).ok()?
                }
                // No captures are compiled.
                State::Capture { next, .. } => copied(builder, *next)?,
                State::Fail => builder.add_fail().ok()?,
                State::Match { .. } => builder.add_match().ok()?,
            };
            builder.patch(reserved, copy).ok()?;
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use ::regex::bytes::RegexSetBuilder;
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::{
        super::{regex_set::OriginRegexes, reverse_nfa::reverse_nfa},
        *,
    };

    fn framed(texts: &[String]) -> Vec<String> {
        texts
            .iter()
            .map(|text| format!(r"\A(?:{text})\z"))
            .collect()
    }

    fn most_open(texts: &[&str]) -> usize {
        let texts: Vec<String> = texts.iter().copied().map(str::to_owned).collect();
        let nfa = reverse_nfa(&framed(&texts)).expect("regexes");
        SharedEnds::of(&nfa).expect("an automaton").most_open()
    }

    #[test]
    fn an_end_counts_with_those_that_end_in_it() {
        assert_eq!(most_open(&[r".+\.a", r".+\.b", r".+\.c"]), 1);
        assert_eq!(most_open(&[r".+\.a", r"b.+\.a", r"c.+\.b"]), 2);
        assert_eq!(most_open(&[r".+\.a", r".+b\.a", r".+c\.a"]), 2);
        assert_eq!(most_open(&[r"(?i).+\.a", r"(?i).+\.b", r".+\.B"]), 1);
        assert_eq!(most_open(&[r"(?i).+\.a", r".+\.a", r".+\.b"]), 2);
        assert_eq!(most_open(&[r".+\.a(:\d+)?", r".+\.b(:\d+)?"]), 2);
        assert_eq!(most_open(&[r".+\.a", r".+\.b", r".+"]), 2);
    }

    fn regex() -> impl Strategy<Value = String> {
        let parts = "a b : [ab] [a:] [^a] [ab]+ (a|b) (a|) (aa|b:|:a|) .* (a.)* (ab)+ a? (:a+)? (?i)A ^ $ \\b \\z (?m)$";
        let parts: Vec<&str> = parts.split(' ').collect();
        vec(select(parts), 0..5).prop_map(|parts| parts.concat())
    }

    /// All short ones.
    fn texts() -> Vec<String> {
        let mut texts = vec![String::new()];
        for number in 0..40 {
            for letter in ["a", "b", ":"] {
                texts.push(format!("{}{letter}", texts[number]));
            }
        }
        texts
    }

    proptest! {
        #[test]
        fn shared_ends_change_no_match(regexes in vec(regex(), 1..8)) {
            let framed = framed(&regexes);
            let nfa = reverse_nfa(&framed).expect("regexes");
            let shared = SharedEnds::of(&nfa).and_then(SharedEnds::build).expect("an automaton");
            let found = OriginRegexes::of_nfa(shared, regexes.len()).expect("regexes");
            // Another engine, which reads from the start.
            let forwards = RegexSetBuilder::new(&framed).unicode(false).build().expect("regexes");
            for text in texts() {
                let text = text.as_bytes();
                let wanted = forwards.matches(text).iter().next();
                prop_assert_eq!(found.first(text), wanted, "{:?}", text);
                prop_assert_eq!(found.admit(text), wanted.is_some(), "{:?}", text);
            }
        }
    }
}
