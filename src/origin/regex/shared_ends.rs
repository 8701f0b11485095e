//! The common ends of regexes, read once for all of them.

use std::collections::{BTreeMap, HashMap};

use regex_automata::{
    nfa::thompson::{BuildError, Builder, NFA, State, Transition},
    util::{look::Look, primitives::StateID},
};

/// The longest end that is shared. Most are of a few labels.
const MAX_LEN: usize = 64;

/// An automaton that reads from the end of a text, with each literal end that several of its patterns have in common as one
/// path.
///
/// Without it, all of two thousand tenants' regexes are read next to each other until the label in which they differ, and
/// the first origin takes milliseconds.
pub(super) struct SharedEnds {
    builder: Builder,
    /// The first one is the root.
    nodes: Vec<Node>,
}

/// What can be read after one literal end.
#[derive(Default)]
struct Node {
    /// By the step that is read.
    next: BTreeMap<[u32; 3], (Step, usize)>,
    /// Where the patterns go on that have exactly this end.
    open: Vec<StateID>,
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
    pub(super) fn of(nfa: &NFA) -> Result<Self, BuildError> {
        let mut builder = Builder::new();
        builder.set_utf8(false);
        builder.set_reverse(true);
        let mut ends = Self {
            builder,
            nodes: vec![Node::default()],
        };
        for pattern in nfa.patterns() {
            if let Some(start) = nfa.start_pattern(pattern) {
                ends.add(nfa, start)?;
            }
        }
        Ok(ends)
    }

    /// The greatest number of patterns that can match after one literal end: those with this end, and with an end of it.
    pub(super) fn most_open(&self) -> usize {
        let mut open = vec![0; self.nodes.len()];
        let mut most = 0;
        // A node is after the one that leads to it.
        for (number, node) in self.nodes.iter().enumerate() {
            let here = open.get(number).copied().unwrap_or(0) + node.open.len();
            most = most.max(here);
            for (_, next) in node.next.values() {
                if let Some(next) = open.get_mut(*next) {
                    *next = here;
                }
            }
        }
        most
    }

    pub(super) fn build(mut self) -> Result<NFA, BuildError> {
        let mut built: Vec<Option<StateID>> = vec![None; self.nodes.len()];
        // From the last one, because a node needs the states of those that it leads to.
        for (number, node) in self.nodes.iter().enumerate().rev() {
            let mut paths = node.open.clone();
            for (step, next) in node.next.values() {
                if let Some(next) = built.get(*next).copied().flatten() {
                    paths.push(match *step {
                        Step::Bytes(bytes) => {
                            self.builder.add_range(Transition { next, ..bytes })?
                        }
                        Step::Look(look) => self.builder.add_look(next, look)?,
                    });
                }
            }
            let state = match *paths {
                [path] => path,
                _ => self.builder.add_union(paths)?,
            };
            if let Some(built) = built.get_mut(number) {
                *built = Some(state);
            }
        }
        let start = built.first().copied().flatten().unwrap_or_default();
        self.builder.build(start, start)
    }

    /// Adds a pattern: its literal end to the nodes, and a copy of all its states.
    fn add(&mut self, nfa: &NFA, start: StateID) -> Result<(), BuildError> {
        let mut state = start;
        let mut node = 0;
        for _ in 0..MAX_LEN {
            let Some((step, next)) = Step::of(nfa.state(state)) else {
                break;
            };
            let new = self.nodes.len();
            let Some(current) = self.nodes.get_mut(node) else {
                break;
            };
            let (_, known) = current.next.entry(step.key()).or_insert((step, new));
            node = *known;
            if node == new {
                self.nodes.push(Node::default());
            }
            state = next;
        }
        self.builder.start_pattern()?;
        let open = self.copy(nfa, state)?;
        self.builder.finish_pattern(open)?;
        if let Some(node) = self.nodes.get_mut(node) {
            node.open.push(open);
        }
        Ok(())
    }

    /// Copies the states that one leads to.
    fn copy(&mut self, nfa: &NFA, start: StateID) -> Result<StateID, BuildError> {
        let builder = &mut self.builder;
        // A state is reserved when it is first seen, because states lead to each other in circles.
        let mut copies = HashMap::new();
        let first = builder.add_empty()?;
        copies.insert(start, first);
        let mut left = vec![(start, first)];
        while let Some((state, reserved)) = left.pop() {
            let mut copied = |builder: &mut Builder, state: StateID| {
                if let Some(known) = copies.get(&state) {
                    return Ok(*known);
                }
                let reserved = builder.add_empty()?;
                copies.insert(state, reserved);
                left.push((state, reserved));
                Ok::<StateID, BuildError>(reserved)
            };
            let copy = match nfa.state(state) {
                State::ByteRange { trans } => {
                    let next = copied(builder, trans.next)?;
                    builder.add_range(Transition { next, ..*trans })?
                }
                State::Sparse(all) => {
                    let copies = all.transitions.iter().map(|transition| {
                        let next = copied(builder, transition.next)?;
                        Ok(Transition {
                            next,
                            ..*transition
                        })
                    });
                    let copies = copies.collect::<Result<_, BuildError>>()?;
                    builder.add_sparse(copies)?
                }
                State::Dense(all) => {
                    let bytes = (0..=u8::MAX).zip(&all.transitions);
                    // This number stands for none.
                    let bytes = bytes.filter(|(_, next)| **next != StateID::ZERO);
                    let copies = bytes.map(|(byte, next)| {
                        let next = copied(builder, *next)?;
                        let (start, end) = (byte, byte);
                        Ok(Transition { start, end, next })
                    });
                    let copies = copies.collect::<Result<_, BuildError>>()?;
                    builder.add_sparse(copies)?
                }
                State::Look { look, next } => {
                    let next = copied(builder, *next)?;
                    builder.add_look(next, *look)?
                }
                State::Union { alternates } => {
                    let copies = alternates.iter().map(|next| copied(builder, *next));
                    let copies = copies.collect::<Result<_, BuildError>>()?;
                    builder.add_union(copies)?
                }
                State::BinaryUnion { alt1, alt2 } => {
                    let copies = vec![copied(builder, *alt1)?, copied(builder, *alt2)?];
                    builder.add_union(copies)?
                }
                // No captures are compiled.
                State::Capture { next, .. } => copied(builder, *next)?,
                State::Fail => builder.add_fail()?,
                State::Match { .. } => builder.add_match()?,
            };
            builder.patch(reserved, copy)?;
        }
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(most_open(&[r".+\.a(:\d+)?", r".+\.b(:\d+)?"]), 2);
        assert_eq!(most_open(&[r".+\.a", r".+\.b", r".+"]), 2);
    }

    fn regex() -> impl Strategy<Value = String> {
        let parts = vec![
            "a", "b", r"\.", "[ab]+", "(a|b)", ".*", "(a.)*", "a?", r"\b", "(?i)A", "(:a+)?", "^",
            "$", r"\z", "(?m)$", "(a|)", "[^a]", "(ab)+",
        ];
        vec(select(parts), 0..5).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn shared_ends_change_no_match(regexes in vec(regex(), 1..8), texts in vec("[ab.:]{0,6}", 1..12)) {
            let nfa = reverse_nfa(&framed(&regexes)).expect("regexes");
            let shared = SharedEnds::of(&nfa).and_then(SharedEnds::build).expect("an automaton");
            let wanted = OriginRegexes::of_nfa(nfa, regexes.len()).expect("regexes");
            let found = OriginRegexes::of_nfa(shared, regexes.len()).expect("regexes");
            for text in &texts {
                prop_assert_eq!(found.first(text.as_bytes()), wanted.first(text.as_bytes()), "{}", text);
                prop_assert_eq!(found.admit(text.as_bytes()), wanted.admit(text.as_bytes()), "{}", text);
            }
        }
    }
}
