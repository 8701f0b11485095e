//! What is found out about a regex.

use super::choices::Choice;
use crate::{error::Violation, fix::Fix};

/// What is to be said about a regex.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Why it is refused.
    pub(crate) fault: Option<Violation>,
    /// Whether it is too large, so that what it admits is not known.
    pub(crate) unknown: bool,
    /// Whether it admits plain `http` beyond loopback.
    pub(crate) insecure: bool,
    /// Why it can be said that it admits hosts which anyone can have, though not all of a kind.
    pub(crate) claimable: Option<String>,
    /// Whether it admits any name below a suffix that no list knows.
    pub(crate) unknown_suffix: bool,
    /// Whether a scheme that it admits is nearly one of the web.
    pub(crate) misspelled_scheme: bool,
    /// The first of its alternatives that matches no serialized origin.
    pub(crate) dead: Option<String>,
    /// What to know and to do about a choice within a label of a domain.
    pub(crate) choice: Option<Fix>,
    /// The choice itself.
    pub(super) partial: Option<Choice>,
}

/// What is wrong with a regex.
pub(super) enum Finding {
    NeverMatches,
    /// The rule that it breaks, and origins of which one may show it.
    Lax(&'static str, Vec<String>),
    TooLarge,
}
