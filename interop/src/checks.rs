//! The table of checks.

use crate::{
    cache::Kind::Varnish,
    check::{
        Cached, Check,
        Step::{self, Swap, Together, Wait},
        get, hit, miss, preflight, revalidated,
    },
    policies::{
        Policy::{Any, AnyWithoutVary, Credentials, Deny, Listed, OnlyC},
        Who::{self, A, B, C, Nobody},
    },
    server::{ETAG, resource},
};

/// All of them.
pub fn all() -> Vec<Check> {
    let mut all = one_policy();
    all.extend(answers());
    all.extend(revalidation());
    all.extend(swaps());
    all.extend(swaps_with_revalidation());
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
        Check::new("300 requests in random order", Listed, random(300)),
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

/// Answers of all kinds.
fn answers() -> Vec<Check> {
    let gzip = |step: Step| step.variant("accept-encoding", "gzip");
    let german = |step: Step| step.variant("accept-language", "de");
    let french = |step: Step| step.variant("accept-language", "fr");
    let part = |step: Step| step.with("range", "bytes=0-9");
    vec![
        Check::new(
            "compressed: two names in `Vary`",
            Listed,
            [
                miss(A),
                miss(B),
                hit(A),
                miss(C),
                hit(B),
                hit(C),
                miss(Nobody),
                hit(Nobody),
            ]
            .map(gzip),
        )
        .compressed()
        .vary("accept-encoding, Origin"),
        Check::new(
            "a handler with `Vary: accept-language`",
            Listed,
            [
                german(miss(A)),
                french(miss(A)),
                german(miss(B)),
                german(hit(A)),
                french(hit(A)),
                french(miss(C)),
                german(hit(B)),
                french(hit(C)),
            ],
        )
        .of(resource::OWN_VARY)
        .vary("accept-language, Origin"),
        Check::new(
            "a handler that allows C and credentials by itself",
            Listed,
            [
                miss(C).blocked(),
                miss(A).reads(),
                miss(Nobody),
                hit(C).blocked(),
                hit(A).reads(),
            ],
        )
        .of(resource::OWN_CORS),
        Check::new(
            "`HEAD`",
            Listed,
            [
                miss(A).by("HEAD").reads(),
                miss(B).by("HEAD").reads(),
                hit(A).reads(),
                hit(B).by("HEAD").reads(),
                miss(C).by("HEAD").blocked(),
                hit(C).blocked(),
            ],
        ),
        Check::new(
            "a part of an answer, by `Range`",
            Listed,
            [
                miss(A),
                part(hit(A)),
                part(miss(B)),
                part(hit(B)),
                hit(B).reads(),
                part(miss(C)),
                hit(C).blocked(),
            ],
        ),
        Check::new(
            "a 404",
            Listed,
            [
                miss(Nobody),
                miss(A).reads(),
                miss(C).blocked(),
                hit(A).reads(),
                hit(C).blocked(),
            ],
        )
        .of(resource::MISSING),
        Check::new(
            "a 500, which varnish does not store",
            Listed,
            [
                miss(A).but(Varnish, Cached::Passed).reads(),
                miss(B).but(Varnish, Cached::Passed).reads(),
                hit(A).but(Varnish, Cached::Passed).reads(),
                miss(C).but(Varnish, Cached::Passed).blocked(),
                hit(C).but(Varnish, Cached::Passed).blocked(),
            ],
        )
        .of(resource::BROKEN)
        .needs_no_vary(),
    ]
}

/// 304s, of the cache and of the server.
fn revalidation() -> Vec<Check> {
    let known = |step: Step| step.with("if-none-match", ETAG);
    vec![
        Check::new(
            "a 304 to A while the answer to B is stored",
            Listed,
            [
                miss(B),
                known(miss(A)),
                known(hit(B)),
                known(hit(A)),
                hit(A).reads(),
                known(miss(C)),
                hit(C).blocked(),
                known(miss(Nobody)),
            ],
        ),
        Check::new(
            "stored answers are revalidated, each for its own origin",
            Listed,
            [
                miss(A),
                miss(B),
                miss(C),
                miss(Nobody),
                hit(A),
                Wait,
                revalidated(B).reads(),
                revalidated(A).reads(),
                revalidated(C).blocked(),
                revalidated(Nobody),
                hit(B).reads(),
                hit(A).reads(),
                hit(C).blocked(),
                hit(Nobody),
                known(hit(B)),
            ],
        )
        .of(resource::SHORT),
        Check::new(
            "with credentials, revalidated",
            Credentials,
            [
                miss(A),
                miss(C),
                Wait,
                revalidated(C).blocked(),
                revalidated(A).reads(),
                miss(B).reads(),
                hit(A).reads(),
            ],
        )
        .of(resource::SHORT)
        .with_credentials(),
        Check::new(
            "an `ETag` that is another: stored anew, each for its own origin",
            Listed,
            [
                miss(A),
                miss(C),
                Swap(Listed),
                Wait,
                miss(C),
                miss(A),
                miss(B),
                hit(C),
                hit(A),
            ],
        )
        .of(resource::VERSIONED),
    ]
}

/// The policy is swapped while answers are stored: what is stored is old, and never another's.
fn swaps() -> Vec<Check> {
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
                miss(C).reads(),
                Swap(Listed),
                // Allowed while it is stored.
                hit(C).reads(),
                miss(A).reads(),
                miss(B).reads(),
                hit(A).reads(),
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
fn swaps_with_revalidation() -> Vec<Check> {
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
                Swap(Listed),
                Wait,
                revalidated(A).reads(),
                revalidated(C).reads(),
                miss(B).reads(),
                hit(C).reads(),
            ],
        )
        .of(resource::SHORT)
        .needs_no_vary(),
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
            ],
        )
        .of(resource::SHORT)
        .with_credentials(),
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

/// In an order that is the same in every run.
fn random(length: usize) -> Vec<Step> {
    let mut asked = Vec::new();
    let mut seed: u64 = 0x2545_f491_4f6c_dd1d;
    let mut next = || {
        // xorshift64
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        Who::ALL[usize::try_from(seed % 4).expect("less than four")]
    };
    (0..length)
        .map(|_| {
            let who = next();
            if asked.contains(&who) {
                return hit(who);
            }
            asked.push(who);
            miss(who)
        })
        .collect()
}
