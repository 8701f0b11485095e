//! One entry of an allowlist as it was written: what it admits, what is wrong with it, and what was meant.

mod correct;
mod embedded;
#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod entry;
mod expansions;
mod glob;
mod markup;
mod meant;
mod one_entry;
mod parse;
mod pattern;
mod surroundings;

pub(crate) use self::{
    entry::Entry,
    expansions::with_expansions,
    markup::texts_of_markup,
    meant::Meant,
    one_entry::{of_each, one_entry, one_own_origin},
    parse::WRITE_ORIGIN,
    pattern::{ANY_PORT, Pattern},
    surroundings::{
        bare, in_ascii, is_other_setting, without_comment, without_letter_before_quote,
    },
};
