//! What a regex admits in addition to the origins that its author meant.

mod choice_fixes;
mod choice_forms;
mod choices;
mod domain_match;
mod edits;
mod entry_syntax;
mod examples;
mod graph;
mod host_ends;
mod hosts;
mod lax_rule;
#[expect(
    clippy::module_inception,
    reason = "the type and its module have one name"
)]
mod lint;
mod literals;
mod origin_automaton;
mod origin_kind;
mod part_texts;
mod position_set;
mod refusals;
mod reverse_dfa;
mod shortest;
mod suggestions;
mod survey;
mod syntax_edits;
mod tree;
mod tree_words;
mod verdict;
mod walk;

pub(crate) use self::lint::Lint;
