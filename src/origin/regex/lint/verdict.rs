//! What the lint finds out about a regex.

use super::{choices::Choice, lax_rule::LaxRule};
use crate::{error::Violation, fix::Fix};

/// What to report about a regex.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Why it is refused.
    pub(crate) violation: Option<Violation>,
    /// Whether it is too large to find out what it admits.
    pub(crate) unknown: bool,
    /// Whether it admits plain `http` outside of loopback.
    pub(crate) insecure: bool,
    /// Why it admits hosts that anyone can register, though not all names below a suffix.
    pub(crate) claimable: Option<String>,
    /// Whether it admits any name below a suffix that is not on the list.
    pub(crate) unknown_suffix: bool,
    /// Whether a scheme that it admits is nearly `http` or `https`.
    pub(crate) misspelled_scheme: bool,
    /// The first alternative that matches no serialized origin.
    pub(crate) dead: Option<String>,
    /// What a choice within a label admits, and what to do about it.
    pub(crate) choice: Option<Fix>,
    /// The choice itself.
    pub(super) label_choice: Option<Choice>,
}

/// What is wrong with a regex.
pub(super) enum Finding {
    NeverMatches,
    /// The rule that it breaks, and origins as examples.
    Lax(LaxRule, Vec<String>),
    TooLarge,
}
