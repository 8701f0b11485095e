//! Settings become a policy, or all the errors.

#[expect(
    clippy::module_inception,
    reason = "the verb and its room have one name"
)]
mod compile;
mod conflicts;

pub(super) use self::compile::compile;
