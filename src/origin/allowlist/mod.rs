//! Many entries, regexes and predicates, compiled for look-up and shared by all workers.

#[expect(
    clippy::module_inception,
    reason = "the type and its room have one name"
)]
mod allowlist;
mod patterns;
mod table;

pub(crate) use self::{
    allowlist::{Allowlist, AllowlistBuilder, Listed, Predicate},
    table::Texts,
};
