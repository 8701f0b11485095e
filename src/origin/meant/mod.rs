//! What people probably mean by a text that is no entry: values of other programs, files, documents and habits.

mod correct;
mod embedded;
mod expansions;
mod glob;
mod markup;
#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod meant;
mod number_range;
mod one_entry;
mod surroundings;

pub(super) use self::number_range::{numbers_between, range};
pub(crate) use self::{
    expansions::with_expansions,
    markup::texts_of_markup,
    meant::Meant,
    one_entry::{of_each, one_entry, one_own_origin},
    surroundings::{
        bare, in_ascii, is_other_setting, without_comment, without_letter_before_quote,
    },
};
