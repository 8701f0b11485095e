//! Regexes as one automaton that reads from the end of a text.

use regex_automata::{
    nfa::thompson::{NFA, State, WhichCaptures},
    util::syntax,
};

/// An automaton that reads from the end of a text. `None` if the pattern is not a regex.
pub(super) fn reverse_nfa(pattern: &str) -> Option<NFA> {
    reverse_nfa_within(pattern, None)
}

/// The same. `None` also if the automaton would take more memory than this, in bytes.
pub(super) fn reverse_nfa_within(pattern: &str, size_limit: Option<usize>) -> Option<NFA> {
    let config = NFA::config()
        .reverse(true)
        .utf8(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(size_limit);
    NFA::compiler()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(config)
        .build(pattern)
        .ok()
}

/// The size of an automaton: its states and the transitions between them.
///
/// Counted in steps and not in bytes, because `NFA::memory_usage` depends on the width of a pointer. A policy that builds on
/// a developer's machine must build on a 32-bit device.
pub(super) fn steps(nfa: &NFA) -> usize {
    let transitions = |state: &State| match state {
        State::Sparse(found) => found.transitions.len(),
        State::Dense(found) => found.transitions.len(),
        State::Union { alternates } => alternates.len(),
        State::BinaryUnion { .. } => 2,
        State::ByteRange { .. } | State::Look { .. } | State::Capture { .. } => 1,
        State::Fail | State::Match { .. } => 0,
    };
    nfa.states()
        .iter()
        .map(|state| 1 + transitions(state))
        .sum()
}
