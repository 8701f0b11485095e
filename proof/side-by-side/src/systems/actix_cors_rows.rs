//! The rows of actix-cors.

use std::time::Duration;

use crate::{
    matrix::{ANY, Page, Probe},
    row::{Row, ours},
    systems::{actix_cors_setups::row, reasons},
};

pub fn rows() -> Vec<Row> {
    vec![
        row("default", ours!(|cors| cors.allow_no_origin())),
        row(
            "origin",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["GET", "POST", "PUT"])
                .allow_headers(["content-type", "authorization"])
                .allow_credentials()
                .max_age(Duration::from_secs(600))),
        ),
        row(
            "origins",
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
            "permissive",
            ours!(|cors| cors
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .expose_any_header()
                .max_age(Duration::from_secs(3600))),
        )
        .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
        .differs(
            &[
                Page::Allowed,
                Page::Subdomain,
                Page::Denied,
                Page::Longer,
                Page::Prefixed,
                Page::Dotless,
                Page::Null,
            ],
            &reasons::CREDENTIALS,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        ),
        row(
            "any",
            ours!(|cors| cors
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .note(reasons::ANY_HEADER),
        row(
            "wildcard",
            ours!(|cors| cors
                .allow_any_origin()
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        ),
        row(
            "wildcard-credentials",
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
            "function",
            ours!(|cors| cors
                .allow_origins([
                    "https://your-allowed-origin.com",
                    "https://*.your-allowed-origin.com"
                ])
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .differs(&[Page::Prefixed], &ANY, reasons::NOT_ANCHORED),
        row(
            "starts-with",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .differs(&[Page::Longer], &ANY, reasons::NOT_ANCHORED),
        row(
            "expose",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .expose_headers(["x-request-id"])),
        ),
        row(
            "expose-any",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .expose_any_header()),
        ),
        row(
            "block",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])
                .reject_denied_origins()),
        ),
        row(
            "no-preflight",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .differs(
            &[Page::Allowed],
            &[
                Probe::Put,
                Probe::Delete,
                Probe::CustomHeader,
                Probe::Authorization,
                Probe::MinuteLater,
            ],
            reasons::PREFLIGHT_IS_NOT_ANSWERED,
        ),
        row(
            "no-vary",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .differs(&[Page::Allowed], &[Probe::SharedCache], reasons::NO_VARY),
        row(
            "null",
            ours!(|cors| cors
                .allow_origins(["https://your-allowed-origin.com", "null"])
                .allow_any_method()
                .allow_any_header()
                .allow_headers(["authorization"])),
        ),
        row(
            "header",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["DELETE"])
                .allow_headers(["x-custom"])),
        ),
    ]
}
