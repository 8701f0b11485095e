//! The table of checks.

mod answers;
mod swaps;
mod walks;

use crate::{
    ask::Who::{self, A, B, C, Nobody},
    check::{Check, Step::Together, get, hit, miss, preflight},
    policies::Policy::{Any, AnyWithoutVary, Credentials, Listed, Rejecting},
    server::resource,
};

/// All of them.
pub fn all() -> Vec<Check> {
    let mut all = one_policy();
    all.extend(answers::answers());
    all.extend(answers::revalidation());
    all.extend(swaps::swaps());
    all.extend(swaps::swaps_with_revalidation());
    all.extend(walks::across_swaps());
    all
}

/// Who asks first decides nothing.
fn one_policy() -> Vec<Check> {
    let in_turn = || {
        [
            miss(Nobody),
            miss(A),
            miss(B),
            miss(C),
            hit(Nobody),
            hit(A),
            hit(B),
            hit(C),
        ]
    };
    vec![
        Check::new(
            "no `Origin` first, then two allowed origins and a denied one",
            Listed,
            [
                miss(Nobody),
                miss(A).reads(),
                miss(B).reads(),
                miss(C).blocked(),
                hit(Nobody),
                hit(A).reads(),
                hit(B).reads(),
                hit(C).blocked(),
                hit(A).reads(),
                hit(Nobody),
            ],
        ),
        Check::new(
            "an allowed origin first, then no `Origin`, then another allowed one",
            Listed,
            [
                miss(A),
                hit(A),
                miss(Nobody),
                miss(B),
                hit(Nobody),
                hit(B),
                hit(A),
            ],
        ),
        Check::new(
            "a denied origin first",
            Listed,
            [
                miss(C).blocked(),
                miss(A).reads(),
                hit(C).blocked(),
                hit(A).reads(),
                miss(Nobody),
            ],
        ),
        Check::new(
            "300 requests in random order",
            Listed,
            walks::under_one_policy(300),
        ),
        Check::new(
            "60 requests at once while nothing is stored",
            Listed,
            [
                Together((0..60).map(|n| get(Who::ALL[n % 4])).collect()),
                hit(A),
                hit(B),
                hit(C),
            ],
        )
        .of(resource::SLOW),
        Check::new("with credentials", Credentials, in_turn()).with_credentials(),
        Check::new(
            "denied origins are rejected: no stored answer for them",
            Rejecting,
            [
                miss(A),
                miss(C).blocked(),
                miss(Nobody),
                miss(C).blocked(),
                hit(A),
                hit(Nobody),
            ],
        ),
        Check::new("any origin", Any, in_turn()).needs_no_vary(),
        Check::new(
            "any origin without `Vary`: one stored answer for all",
            AnyWithoutVary,
            [
                miss(Nobody),
                hit(A).shared(AnyWithoutVary).reads(),
                hit(B).shared(AnyWithoutVary).reads(),
                hit(C).shared(AnyWithoutVary).reads(),
            ],
        )
        .needs_no_vary(),
        Check::new(
            "preflights reach the server, each of them",
            Listed,
            [
                preflight(A),
                preflight(A),
                miss(A),
                preflight(C),
                preflight(C),
                hit(A),
                preflight(B),
                miss(B),
                preflight(A),
                hit(B),
            ],
        ),
    ]
}
