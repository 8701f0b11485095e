//! Settings become a policy, or all the errors.

#[expect(
    clippy::module_inception,
    reason = "the verb and its folder have one name"
)]
mod compile;
mod compiler;
mod conflicts;
mod fixes_with_credentials;
mod refused_entry;
mod take_lines;
#[cfg(feature = "lookup")]
mod take_lookup;
mod take_names;
mod take_origins;
mod take_scalars;

pub(super) use self::{compile::compile, take_scalars::MAX_MAX_AGE};
