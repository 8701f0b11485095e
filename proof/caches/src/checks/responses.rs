//! Checks of different kinds of responses, and of revalidation.

use crate::{
    cache::Kind::Varnish,
    cache_check::{
        Cached, Check,
        Step::{self, Swap, Wait},
        hit, miss, revalidated,
    },
    policies::{
        BLUE,
        Policy::{Blue, Credentials, Listed},
    },
    request::Client::{A, B, C, NoOrigin},
    server::{ETAG, resource},
};

/// Different kinds of responses.
pub fn responses() -> Vec<Check> {
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
                miss(NoOrigin),
                hit(NoOrigin),
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
        .resource(resource::SHORT)
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
        .resource(resource::OWN_VARY)
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
            "a handler that adds its own CORS headers",
            Listed,
            [
                miss(C).blocked(),
                miss(A).reads(),
                miss(NoOrigin),
                hit(C).blocked(),
                hit(A).reads(),
            ],
        )
        .resource(resource::OWN_CORS),
        Check::new(
            "`HEAD`",
            Listed,
            [
                miss(A).method("HEAD").reads(),
                miss(B).method("HEAD").reads(),
                hit(A).reads(),
                hit(B).method("HEAD").reads(),
                miss(C).method("HEAD").blocked(),
                hit(C).blocked(),
            ],
        ),
        Check::new(
            "a part of a response, by `Range`",
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
                miss(NoOrigin),
                miss(A).reads(),
                miss(C).blocked(),
                hit(A).reads(),
                hit(C).blocked(),
            ],
        )
        .resource(resource::MISSING),
        Check::new(
            "a 500, which varnish does not store",
            Listed,
            [
                miss(A).except(Varnish, Cached::Passed).reads(),
                miss(B).except(Varnish, Cached::Passed).reads(),
                hit(A).except(Varnish, Cached::Passed).reads(),
                miss(C).except(Varnish, Cached::Passed).blocked(),
                hit(C).except(Varnish, Cached::Passed).blocked(),
            ],
        )
        .resource(resource::BROKEN)
        .needs_no_vary(),
    ]
}

/// 304 responses, by the cache and by the server.
pub fn revalidation() -> Vec<Check> {
    let known = |step: Step| step.with("if-none-match", ETAG);
    vec![
        Check::new(
            "a 304 for A while the response for B is stored",
            Listed,
            [
                miss(B),
                known(miss(A)),
                known(hit(B)),
                known(hit(A)),
                hit(A).reads(),
                known(miss(C)),
                hit(C).blocked(),
                known(miss(NoOrigin)),
            ],
        ),
        Check::new(
            "stored responses are revalidated, each for its own origin",
            Listed,
            [
                miss(A),
                miss(B),
                miss(C),
                miss(NoOrigin),
                hit(A),
                Wait,
                revalidated(B).reads(),
                revalidated(A).reads(),
                revalidated(C).blocked(),
                revalidated(NoOrigin),
                hit(B).reads(),
                hit(A).reads(),
                hit(C).blocked(),
                hit(NoOrigin),
                known(hit(B)),
            ],
        )
        .resource(resource::SHORT),
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
        .resource(resource::SHORT)
        .with_credentials(),
        Check::new(
            "a changed `ETag`: responses are stored again, each for its own origin",
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
        .resource(resource::VERSIONED),
    ]
}
