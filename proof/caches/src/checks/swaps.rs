//! Swaps of the policy.

use crate::{
    ask::Who::{A, B, C, Nobody},
    cache::Kind::Varnish,
    check::{
        Check,
        Step::{Swap, Wait},
        hit, miss, revalidated,
    },
    policies::Policy::{Any, AnyWithoutVary, Credentials, Deny, Listed, OnlyC},
    server::resource,
};

/// The policy is swapped while answers are stored: what is stored is old, and never another's.
pub fn swaps() -> Vec<Check> {
    vec![
        Check::new(
            "swap from a list to any origin and back",
            Listed,
            [
                miss(A),
                miss(C),
                Swap(Any),
                hit(A).reads(),
                // Denied while it is stored.
                hit(C).blocked(),
                miss(B).reads(),
                miss(Nobody),
                Swap(Listed),
                hit(A).reads(),
                hit(B).reads(),
                hit(C).blocked(),
                hit(Nobody),
            ],
        ),
        Check::new(
            "swap from any origin to a list",
            Any,
            [
                miss(Nobody),
                miss(A).reads(),
                Swap(OnlyC),
                // Allowed while it is stored.
                hit(A).reads(),
                miss(B).blocked(),
                miss(C).reads(),
                hit(B).blocked(),
                hit(C).reads(),
                hit(Nobody),
            ],
        ),
        Check::new(
            "swap to `deny_all()` and back",
            Listed,
            [
                miss(A),
                Swap(Deny),
                hit(A).reads(),
                miss(B).blocked(),
                miss(C).blocked(),
                Swap(Listed),
                hit(B).blocked(),
                hit(A).reads(),
            ],
        ),
        Check::new(
            "swap of a list for another",
            Listed,
            [
                miss(A),
                miss(C),
                Swap(OnlyC),
                miss(B).blocked(),
                hit(A).reads(),
                hit(C).blocked(),
            ],
        ),
        Check::new(
            "any origin without `Vary`, then a list: who never asked reads the old answer",
            AnyWithoutVary,
            [
                miss(A),
                Swap(Listed),
                hit(C).shared(AnyWithoutVary).reads(),
                hit(B).shared(AnyWithoutVary).reads(),
            ],
        )
        .needs_no_vary(),
        Check::new(
            "any origin without `Vary`, then credentials: who is allowed is blocked by the old answer",
            AnyWithoutVary,
            [
                miss(Nobody),
                Swap(Credentials),
                hit(A).shared(AnyWithoutVary).blocked(),
                hit(B).shared(AnyWithoutVary).blocked(),
            ],
        )
        .with_credentials()
        .needs_no_vary(),
        Check::new(
            "any origin, then credentials: who never asked is not blocked",
            Any,
            [miss(Nobody), miss(C).blocked(), Swap(Credentials), miss(A).reads(), miss(B).reads(), hit(A).reads()],
        )
        .with_credentials(),
    ]
}

/// What is stored outlives its time if the server confirms it. varnish adds the headers of the 304 to what it has stored,
/// as [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) has it, which takes none away; nginx adds none.
pub fn swaps_with_revalidation() -> Vec<Check> {
    vec![
        Check::new(
            "swap to `deny_all()`: a 304 confirms the old permission",
            Listed,
            [
                miss(A),
                Swap(Deny),
                hit(A).reads(),
                Wait,
                revalidated(A).reads(),
                hit(A).reads(),
                miss(B).blocked(),
            ],
        )
        .of(resource::SHORT),
        Check::new(
            "swap to `deny_all()`, and the `ETag` with it: the old permission expires",
            Listed,
            [
                miss(A),
 miss(C).blocked(),
                Swap(Deny),
                hit(A).reads(),
                Wait,
                miss(A).blocked(),
                hit(A).blocked(),
                miss(B).blocked(),
            ],
        )
        .of(resource::VERSIONED),
        Check::new(
            "swap to a list with C: after a 304, C reads by varnish and not yet by nginx",
            Listed,
            [
                miss(C).blocked(),
                miss(A).reads(),
                Swap(OnlyC),
                hit(C).blocked(),
                Wait,
                revalidated(C).reads_by(Varnish),
                hit(C).reads_by(Varnish),
                revalidated(A).reads(),
                miss(B).blocked(),
            ],
        )
        .of(resource::SHORT),
        Check::new(
            "swap to a list with C, and the `ETag` with it: C reads by both",
            Listed,
            [miss(C).blocked(), Swap(OnlyC), Wait, miss(C).reads(), hit(C).reads(), miss(A).blocked()],
        )
        .of(resource::VERSIONED),
        Check::new(
            "swap from a list to any origin, revalidated",
            Listed,
            [
                miss(A),
                miss(C),
                miss(Nobody),
                Swap(Any),
                Wait,
                revalidated(A).reads(),
                revalidated(C).reads_by(Varnish),
                revalidated(Nobody),
                miss(B).reads(),
                hit(A).reads(),
            ],
        )
        .of(resource::SHORT),
        Check::new(
            "swap from any origin to a list, revalidated: who asked before goes on reading",
            Any,
            [
                miss(A),
                miss(C),
                Swap(OnlyC),
                Wait,
                revalidated(A).reads(),
                revalidated(C).reads(),
                miss(B).blocked(),
                hit(A).reads(),
            ],
        )
        .of(resource::SHORT),
        Check::new(
            "swap to a list without credentials, revalidated: they stay allowed to who asked before",
            Credentials,
            [
                miss(A).reads(),
                Swap(Listed),
                miss(B).blocked(),
                Wait,
                revalidated(A).reads(),
                revalidated(B).blocked(),
                hit(A).reads(),
                hit(B).blocked(),
            ],
        )
        .of(resource::SHORT)
        .with_credentials(),
        Check::new(
            "any origin without `Vary`, then a list, revalidated: who never asked reads the old answer",
            AnyWithoutVary,
            [
                miss(A),
                Swap(Listed),
                Wait,
                revalidated(C).shared(AnyWithoutVary).reads(),
                hit(C).reads(),
                // Both learn from the 304 that answers differ.
                miss(B).reads(),
                hit(C).reads(),
            ],
        )
        .of(resource::SHORT)
        .needs_no_vary(),
        Check::new(
            "any origin without `Vary`, then a list, stored anew: the list rules",
            AnyWithoutVary,
            [
                miss(A),
                Swap(Listed),
                hit(C).shared(AnyWithoutVary).reads(),
                Wait,
                miss(C).blocked(),
                miss(A).reads(),
                miss(B).reads(),
                hit(C).blocked(),
                hit(A).reads(),
            ],
        )
        .of(resource::VERSIONED),
    ]
}
