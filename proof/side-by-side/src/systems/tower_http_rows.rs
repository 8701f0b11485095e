//! The rows of tower-http.

use std::time::Duration;

use crate::{
    matrix::{ANY, Page, Probe},
    row::{Row, ours},
    systems::{reasons, tower_http_setups::row},
};

pub fn rows() -> Vec<Row> {
    vec![
        row("new", ours!(|cors| cors.allow_no_origin())),
        row(
            "permissive",
            ours!(|cors| cors
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .expose_any_header()),
        ),
        row(
            "very-permissive",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .allow_credentials()),
        )
        .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
        .differs(
            &reasons::STRANGERS,
            &ANY,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        ),
        row(
            "exact",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["PUT"])
                .allow_headers(["content-type", "authorization"])
                .allow_credentials()
                .max_age(Duration::from_secs(600))),
        ),
        row(
            "list",
            ours!(|cors| cors
                .allow_origins([
                    "https://your-allowed-origin.com",
                    "https://admin.your-allowed-origin.com"
                ])
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        ),
        row(
            "any",
            ours!(|cors| cors
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()),
        ),
        row(
            "predicate",
            ours!(|cors| cors
                .allow_origin("https://*.your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()),
        ),
        row(
            "async-predicate",
            ours!(|cors| cors
                .allow_origin_fn(|origin, _| origin.as_str() == "https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()),
        ),
        row("mirror", ours!(|cors| cors.allow_any_origin())),
        row(
            "mirror-credentials",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .allow_credentials()),
        )
        .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
        .differs(
            &reasons::STRANGERS,
            &ANY,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        ),
        row(
            "expose",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .expose_headers(["x-request-id"])),
        ),
        row(
            "expose-any",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .expose_any_header()),
        ),
        row(
            "vary",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://admin.your-allowed-origin.com"
            ])),
        )
        .differs(
            &[Page::Allowed, Page::Subdomain],
            &[Probe::SharedCache],
            reasons::NO_VARY,
        ),
        row("credentials-predicate", reasons::CREDENTIALS_FOR_SOME),
        row(
            "max-age-dynamic",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .max_age(Duration::from_secs(600))),
        )
        .note("No equivalent: a policy has one age; `.at` gives paths policies of their own."),
        row(
            "route",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()),
        )
        .differs(
            &[Page::Allowed],
            &[
                Probe::Put,
                Probe::Delete,
                Probe::CustomHeader,
                Probe::MinuteLater,
            ],
            reasons::PREFLIGHT_IS_NOT_ANSWERED,
        )
        .differs(
            &[Page::Allowed],
            &[
                Probe::Form,
                Probe::Missing,
                Probe::Broken,
                Probe::InnerError,
                Probe::Unauthorized,
                Probe::Redirect,
            ],
            reasons::OUTSIDE_OF_THE_LAYER,
        ),
        row(
            "private-network",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .note(reasons::PRIVATE_NETWORK),
    ]
}
