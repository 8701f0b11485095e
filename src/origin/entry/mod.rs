//! One entry of an allowlist as it was written: what it admits, what is wrong with it, and what was meant.

mod correct;
#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod entry;
mod glob;
mod meant;
mod parse;
mod pattern;
mod surroundings;

pub(crate) use self::{
    entry::Entry,
    meant::{Meant, one_entry},
    pattern::{ANY_PORT, Pattern},
    surroundings::bare,
};
