//! One entry of an allowlist as it was written: what it admits, what is wrong with it, and what was meant.

mod correct;
#[expect(
    clippy::module_inception,
    reason = "the type and its room have one name"
)]
mod entry;
mod parse;
mod pattern;

pub(crate) use self::{
    entry::Entry,
    pattern::{ANY_PORT, Pattern},
};
