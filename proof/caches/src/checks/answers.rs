//! Answers of all kinds, and 304s.

use crate::{
    ask::Who::{A, B, C, Nobody},
    cache::Kind::Varnish,
    check::{
        Cached, Check,
        Step::{self, Swap, Wait},
        hit, miss, revalidated,
    },
    policies::{
        BLUE,
        Policy::{Blue, Credentials, Listed},
    },
    server::{ETAG, resource},
};

/// Answers of all kinds.
pub fn answers() -> Vec<Check> {
    let gzip = |step: Step| step.variant("accept-encoding", "gzip");
    let german = |step: Step| step.variant("accept-language", "de");
    let french = |step: Step| step.variant("accept-language", "fr");
    let blue = |step: Step| step.variant(BLUE.0, BLUE.1);
    let red = |step: Step| step.variant(BLUE.0, "red");
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
            "compressed, revalidated by a 304 with one name in `Vary`",
            Listed,
            [
                miss(A),
                miss(B),
                miss(C),
                Wait,
                revalidated(B),
                revalidated(A),
                revalidated(C),
                hit(A),
                hit(B),
            ]
            .map(gzip),
        )
        .of(resource::SHORT)
        .compressed()
        .vary("accept-encoding, Origin")
        .vary_of_304("Origin"),
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
            "a predicate that reads a header: two names in `Vary`",
            Blue,
            [
                blue(miss(A)),
                red(miss(A)),
                blue(miss(B)),
                miss(A).blocked(),
                red(hit(A)),
                blue(hit(A)),
                hit(A).blocked(),
                blue(hit(B)),
                red(miss(B)),
            ],
        )
        .vary("Origin, x-tenant"),
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
pub fn revalidation() -> Vec<Check> {
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
