//! The common ends of regexes, read once for all of them.

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
}

/// One literal end.
#[derive(Default)]
struct Node {
    /// The end without its first step, and that step. `None` for the empty one.
    parent: Option<(usize, Step)>,
    /// Ends that are longer by one step.
    longer: Vec<(Step, usize)>,
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

    fn reads_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => {
                (one.start, one.end) == (other.start, other.end)
            }
            (Self::Look(one), Self::Look(other)) => one == other,
            _ => false,
        }
    }
}

impl SharedEnds {
    pub(super) fn new() -> Self {
        let mut builder = Builder::new();
        builder.set_utf8(false);
        builder.set_reverse(true);
        Self {
            builder,
            nodes: vec![Node::default()],
        }
    }

    /// The maximum, over all literal ends, of how many patterns have this end or a shorter one that it ends in.
    pub(super) fn most_open(&self) -> usize {
        let mut open: Vec<usize> = Vec::with_capacity(self.nodes.len());
        let mut most = 0;
        for node in &self.nodes {
            let of_parent = node.parent.and_then(|(parent, _)| open.get(parent));
            let count = node.open.len() + of_parent.unwrap_or(&0);
            most = most.max(count);
            open.push(count);
        }
        most
    }

    pub(super) fn build(mut self) -> Option<NFA> {
        let mut start = StateID::ZERO;
        // From the last one: all that comes after a node was built before it.
        while let Some(Node { parent, open, .. }) = self.nodes.pop() {
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

    /// Adds a pattern, given as an automaton of its own: its literal end to the nodes, and a copy of all that is before it.
    /// `None` if there are too many states.
    pub(super) fn add(&mut self, pattern: &NFA) -> Option<()> {
        let mut state = pattern.start_anchored();
        let mut node = 0;
        for _ in 0..MAX_LEN {
            let Some((step, next)) = Step::of(pattern.state(state)) else {
                break;
            };
            (node, state) = (self.after(node, step)?, next);
        }
        self.builder.start_pattern().ok()?;
        let open = self.copy(pattern, state)?;
        self.builder.finish_pattern(open).ok()?;
        self.nodes.get_mut(node)?.open.push(open);
        Some(())
    }

    /// The node that a step leads to, which is new if no pattern had it so far.
    fn after(&mut self, node: usize, step: Step) -> Option<usize> {
        let new = self.nodes.len();
        let longer = &mut self.nodes.get_mut(node)?.longer;
        for (known, number) in &*longer {
            if known.reads_like(step) {
                return Some(*number);
            }
        }
        longer.push((step, new));
        self.nodes.push(Node {
            parent: Some((node, step)),
            ..Node::default()
        });
        Some(new)
    }

    /// Copies the states that one leads to.
    fn copy(&mut self, pattern: &NFA, start: StateID) -> Option<StateID> {
        let mut copies = Copies {
            builder: &mut self.builder,
            of: vec![None; pattern.states().len()],
            left: Vec::new(),
        };
        let first = copies.of(start)?;
        while let Some((state, reserved)) = copies.left.pop() {
            let copy = match pattern.state(state) {
                State::ByteRange { trans } => {
                    let bytes = copies.of_range(trans)?;
                    copies.builder.add_range(bytes).ok()?
                }
                State::Sparse(all) => copies.add_sparse(&all.transitions)?,
                State::Dense(all) => {
                    let mut ranges = Vec::new();
                    for (byte, next) in (0..=u8::MAX).zip(all.transitions.iter().copied()) {
                        // `StateID::ZERO` means that there is no transition.
                        if next != StateID::ZERO {
                            let (start, end) = (byte, byte);
                            ranges.push(Transition { start, end, next });
                        }
                    }
                    copies.add_sparse(&ranges)?
                }
                State::Look { look, next } => {
                    let next = copies.of(*next)?;
                    copies.builder.add_look(next, *look).ok()?
                }
                State::Union { alternates } => copies.add_union(alternates)?,
                State::BinaryUnion { alt1, alt2 } => copies.add_union(&[*alt1, *alt2])?,
                // No captures are compiled.
                State::Capture { next, .. } => copies.of(*next)?,
                State::Fail => copies.builder.add_fail().ok()?,
                State::Match { .. } => copies.builder.add_match().ok()?,
            };
            copies.builder.patch(reserved, copy).ok()?;
        }
        Some(first)
    }
}

/// The copies of the states of a pattern.
struct Copies<'b> {
    builder: &'b mut Builder,
    /// By the number of the state. A copy is reserved when it is first needed, because states lead to each other in circles.
    of: Vec<Option<StateID>>,
    /// States whose copies are only reserved.
    left: Vec<(StateID, StateID)>,
}

impl Copies<'_> {
    fn of(&mut self, state: StateID) -> Option<StateID> {
        let copy = self.of.get_mut(state.as_usize())?;
        if copy.is_none() {
            let reserved = self.builder.add_empty().ok()?;
            self.left.push((state, reserved));
            *copy = Some(reserved);
        }
        *copy
    }

    fn of_range(&mut self, bytes: &Transition) -> Option<Transition> {
        let next = self.of(bytes.next)?;
        Some(Transition { next, ..*bytes })
    }

    fn add_sparse(&mut self, all: &[Transition]) -> Option<StateID> {
        let mut copies = Vec::new();
        for bytes in all {
            copies.push(self.of_range(bytes)?);
        }
        self.builder.add_sparse(copies).ok()
    }

    fn add_union(&mut self, alternates: &[StateID]) -> Option<StateID> {
        let mut copies = Vec::new();
        for next in alternates {
            copies.push(self.of(*next)?);
        }
        self.builder.add_union(copies).ok()
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

    fn shared_ends(regexes: &[String]) -> SharedEnds {
        let mut ends = SharedEnds::new();
        for regex in regexes {
            let nfa = reverse_nfa(regex).expect("a regex");
            ends.add(&nfa).expect("an automaton");
        }
        ends
    }

    fn most_open(texts: &[&str]) -> usize {
        let texts: Vec<String> = texts.iter().copied().map(str::to_owned).collect();
        shared_ends(&framed(&texts)).most_open()
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
            let shared = shared_ends(&framed).build().expect("an automaton");
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
