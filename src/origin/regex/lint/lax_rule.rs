//! What a regex must not admit; how it is said stands in `refusals.rs`.

/// What a regex must not admit.
#[derive(Clone, Copy)]
pub(super) enum LaxRule {
    ManySchemes,
    ManyAddresses,
    ManyDomains,
    /// Single labels, addresses or public suffixes.
    ManyHosts,
    /// All that is below a suffix of a platform.
    EverySubdomain,
}
