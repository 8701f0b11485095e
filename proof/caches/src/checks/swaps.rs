//! Checks in which the policy is swapped.

use crate::{
    cache::Kind::Varnish,
    cache_check::{
        Check,
        Step::{Swap, Wait},
        hit, miss, revalidated,
    },
    policies::Policy::{Any, AnyWithoutVary, Credentials, Deny, Listed, OnlyC},
    request::Client::{A, B, C, NoOrigin},
    server::resource,
};

/// The policy is swapped while responses are stored. Stored responses keep the old headers, but a client never gets the
/// response for another client.
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
                // C was denied when this response was stored.
                hit(C).blocked(),
                miss(B).reads(),
                miss(NoOrigin),
                Swap(Listed),
                hit(A).reads(),
                hit(B).reads(),
                hit(C).blocked(),
                hit(NoOrigin),
            ],
        ),
        Check::new(
            "swap from any origin to a list",
            Any,
            [
                miss(NoOrigin),
                miss(A).reads(),
                Swap(OnlyC),
                // A was allowed when this response was stored.
                hit(A).reads(),
                miss(B).blocked(),
                miss(C).reads(),
                hit(B).blocked(),
                hit(C).reads(),
                hit(NoOrigin),
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
            "swap from a list to another list",
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
            "any origin without `Vary`, then a list: new clients read the old response",
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
            "any origin without `Vary`, then credentials: the old response blocks allowed pages",
            AnyWithoutVary,
            [
                miss(NoOrigin),
                Swap(Credentials),
                hit(A).shared(AnyWithoutVary).blocked(),
                hit(B).shared(AnyWithoutVary).blocked(),
            ],
        )
        .with_credentials()
        .needs_no_vary(),
        Check::new(
            "any origin, then credentials: new clients are not blocked",
            Any,
            [
                miss(NoOrigin),
                miss(C).blocked(),
                Swap(Credentials),
                miss(A).reads(),
                miss(B).reads(),
                hit(A).reads(),
            ],
        )
        .with_credentials(),
    ]
}

/// A stored response stays in use for as long as the server confirms it with a 304. varnish adds the headers of the 304 to
/// the stored response, as [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) says; this never removes a
/// header. nginx does not add them.
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
        .resource(resource::SHORT),
        Check::new(
            "swap to `deny_all()`, which changes the `ETag`: the old permission expires",
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
        .resource(resource::VERSIONED),
        Check::new(
            "swap to a list with C: after a 304, C can read from varnish and not from nginx",
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
        .resource(resource::SHORT),
        Check::new(
            "swap to a list with C, which changes the `ETag`: C can read from both",
            Listed,
            [miss(C).blocked(), Swap(OnlyC), Wait, miss(C).reads(), hit(C).reads(), miss(A).blocked()],
        )
        .resource(resource::VERSIONED),
        Check::new(
            "swap from a list to any origin, revalidated",
            Listed,
            [
                miss(A),
                miss(C),
                miss(NoOrigin),
                Swap(Any),
                Wait,
                revalidated(A).reads(),
                revalidated(C).reads_by(Varnish),
                revalidated(NoOrigin),
                miss(B).reads(),
                hit(A).reads(),
            ],
        )
        .resource(resource::SHORT),
        Check::new(
            "swap from any origin to a list, revalidated: old clients keep their permission",
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
        .resource(resource::SHORT),
        Check::new(
            "swap to a list without credentials, revalidated: old clients keep their permission",
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
        .resource(resource::SHORT)
        .with_credentials(),
        Check::new(
            "any origin without `Vary`, then a list, revalidated: new clients read the old response",
            AnyWithoutVary,
            [
                miss(A),
                Swap(Listed),
                Wait,
                revalidated(C).shared(AnyWithoutVary).reads(),
                hit(C).reads(),
                // From the `Vary` of the 304, both caches know that responses depend on `Origin`.
                miss(B).reads(),
                hit(C).reads(),
            ],
        )
        .resource(resource::SHORT)
        .needs_no_vary(),
        Check::new(
            "any origin without `Vary`, then a list, stored again: the list applies",
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
        .resource(resource::VERSIONED),
    ]
}
