//! Regexes as one automaton that reads from the end.

use regex_automata::{
    nfa::thompson::{NFA, State, WhichCaptures},
    util::syntax,
};

/// The automaton of patterns that reads them from their ends; `None` of what is no regex.
pub(super) fn backwards(patterns: &[impl AsRef<str>]) -> Option<NFA> {
    NFA::compiler()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(
            NFA::config()
                .reverse(true)
                .utf8(false)
                .which_captures(WhichCaptures::None),
        )
        .build_many(patterns)
        .ok()
}

/// How many states and ways between them an automaton has. Its size in bytes would depend on the width of a pointer, and
/// with it what is refused.
pub(super) fn steps(nfa: &NFA) -> usize {
    let ways = |state: &State| match state {
        State::Sparse(ways) => ways.transitions.len(),
        State::Dense(ways) => ways.transitions.len(),
        State::Union { alternates } => alternates.len(),
        State::BinaryUnion { .. } => 2,
        State::ByteRange { .. } | State::Look { .. } | State::Capture { .. } => 1,
        State::Fail | State::Match { .. } => 0,
    };
    nfa.states().iter().map(|state| 1 + ways(state)).sum()
}
