//! Whom a regex lets in, in addition to those whom its author meant.

mod choice_fixes;
mod choice_forms;
mod choices;
mod domain_match;
mod examples;
mod goals;
mod graph;
mod hosts;
#[expect(
    clippy::module_inception,
    reason = "the judge and its room have one name"
)]
mod lint;
mod literals;
mod position_set;
mod repair;
mod reverse_dfa;
mod shortest;
mod tree;
mod tree_words;
mod verdict;
mod walk;

pub(crate) use self::lint::Lint;
