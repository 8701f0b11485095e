//! One entry of an allowlist as it was written: what it admits, and what is wrong with it.

#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod entry;
mod parse;
mod pattern;

pub(crate) use self::{
    entry::Entry,
    parse::WRITE_ORIGIN,
    pattern::{ANY_PORT, Pattern},
};
