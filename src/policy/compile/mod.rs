//! Settings become a policy, or all the errors.

#[expect(
    clippy::module_inception,
    reason = "the verb and its room have one name"
)]
mod compile;
mod compiler;
mod conflicts;
mod fixes_with_credentials;
mod refused_entry;
mod take_names;
mod take_numbers;
mod take_origins;

pub(super) use self::{compile::compile, take_numbers::MAX_MAX_AGE};
