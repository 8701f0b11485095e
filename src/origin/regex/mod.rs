//! Regexes over whole origins, and what they admit.

mod delimiters;
mod lint;
#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod regex;
mod regex_set;
mod regex_text;
mod reverse_nfa;

pub(crate) use self::{
    delimiters::undelimited, lint::Lint, regex::OriginRegex, regex_set::OriginRegexes,
};
