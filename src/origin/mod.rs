//! Who asks: serialized origins, and the entries and regexes that admit them.

mod allowlist;
mod difference;
mod entry;
mod grammar;
mod host_difference;
mod meant;
mod nearest;
#[expect(
    clippy::module_inception,
    reason = "the type and its module have one name"
)]
mod origin;
mod regex;
mod suffix;

pub(crate) use self::{
    allowlist::{Allowlist, AllowlistBuilder, EntryIndex, EntryTexts, Match, Predicate, is_exact},
    entry::{Entry, WRITE_ORIGIN},
    meant::{
        Meant, bare, in_ascii, is_other_setting, of_each, one_entry, one_own_origin,
        texts_of_markup, with_expansions, without_comment, without_letter_before_quote,
    },
    nearest::{Near, NearPart},
    regex::{Lint, OriginRegex, OriginRegexes, undelimited},
    suffix::Suffix,
};
pub use self::{difference::Difference, origin::Origin};
