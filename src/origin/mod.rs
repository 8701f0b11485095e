//! WHO asks: serialized origins, and the entries and regexes that admit some of them.

mod allowlist;
mod entry;
mod grammar;
mod nearest;
#[expect(
    clippy::module_inception,
    reason = "the type and its room have one name"
)]
mod origin;
mod regex;
mod suffix;

pub(crate) use self::{
    allowlist::{Allowlist, AllowlistBuilder, Match, Predicate},
    entry::Entry,
    nearest::{Near, NearPart},
    regex::{Lint, OriginRegex, OriginRegexes},
    suffix::Suffix,
};
pub use self::{nearest::Difference, origin::Origin};
