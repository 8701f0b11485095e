//! Many entries, regexes and predicates, compiled for look-up and shared by all workers.

#[expect(
    clippy::module_inception,
    reason = "the type and its module have one name"
)]
mod allowlist;
mod entry_index;
mod entry_texts;
mod patterns;

pub(crate) use self::{
    allowlist::{Allowlist, AllowlistBuilder, Match, Predicate},
    entry_index::EntryIndex,
    entry_texts::{EntryTexts, is_exact},
};
