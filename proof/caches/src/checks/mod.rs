//! The table of checks.

mod random_sequences;
mod responses;
mod swaps;

use crate::{
    cache_check::{Check, Step::Concurrent, get, hit, miss, preflight},
    policies::Policy::{Any, AnyWithoutVary, Credentials, CredentialsForA, Listed, Rejecting},
    request::Client::{self, A, B, C, NoOrigin},
    server::resource,
};

/// All checks.
pub fn all() -> Vec<Check> {
    let mut all = one_policy();
    all.extend(responses::responses());
    all.extend(responses::revalidation());
    all.extend(swaps::swaps());
    all.extend(swaps::swaps_with_revalidation());
    all.extend(random_sequences::across_swaps());
    all
}

/// It makes no difference which client sends the first request.
fn one_policy() -> Vec<Check> {
    let in_turn = || {
        [
            miss(NoOrigin),
            miss(A),
            miss(B),
            miss(C),
            hit(NoOrigin),
            hit(A),
            hit(B),
            hit(C),
        ]
    };
    vec![
        Check::new(
            "any origin, one with credentials",
            CredentialsForA,
            [
                miss(A).reads(),
                miss(NoOrigin),
                miss(B).reads(),
                miss(C).reads(),
                hit(A).reads(),
                hit(B).reads(),
                hit(NoOrigin),
            ],
        ),
        Check::new(
            "any origin, one with credentials, asked with credentials",
            CredentialsForA,
            [
                miss(B).blocked(),
                miss(A).reads(),
                hit(B).blocked(),
                miss(C).blocked(),
                hit(A).reads(),
            ],
        )
        .with_credentials(),
        Check::new(
            "no `Origin` first, then two allowed origins and a denied one",
            Listed,
            [
                miss(NoOrigin),
                miss(A).reads(),
                miss(B).reads(),
                miss(C).blocked(),
                hit(NoOrigin),
                hit(A).reads(),
                hit(B).reads(),
                hit(C).blocked(),
                hit(A).reads(),
                hit(NoOrigin),
            ],
        ),
        Check::new(
            "an allowed origin first, then no `Origin`, then another allowed origin",
            Listed,
            [
                miss(A),
                hit(A),
                miss(NoOrigin),
                miss(B),
                hit(NoOrigin),
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
                miss(NoOrigin),
            ],
        ),
        Check::new(
            "300 requests in random order",
            Listed,
            random_sequences::under_one_policy(300),
        ),
        Check::new(
            "60 simultaneous requests while nothing is stored",
            Listed,
            [
                Concurrent((0..60).map(|n| get(Client::ALL[n % 4])).collect()),
                hit(A),
                hit(B),
                hit(C),
            ],
        )
        .resource(resource::SLOW),
        Check::new("with credentials", Credentials, in_turn()).with_credentials(),
        Check::new(
            "denied origins are rejected: the rejections are not stored",
            Rejecting,
            [
                miss(A),
                miss(C).blocked(),
                miss(NoOrigin),
                miss(C).blocked(),
                hit(A),
                hit(NoOrigin),
            ],
        ),
        Check::new("any origin", Any, in_turn()).needs_no_vary(),
        Check::new(
            "any origin without `Vary`: one stored response for all clients",
            AnyWithoutVary,
            [
                miss(NoOrigin),
                hit(A).shared(AnyWithoutVary).reads(),
                hit(B).shared(AnyWithoutVary).reads(),
                hit(C).shared(AnyWithoutVary).reads(),
            ],
        )
        .needs_no_vary(),
        Check::new(
            "each preflight reaches the server",
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
