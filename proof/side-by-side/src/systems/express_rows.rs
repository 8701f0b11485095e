//! The rows of Express.

use std::{fs, time::Duration};

use crate::{
    matrix::{ANY, Page, Probe},
    row::{Ours, Row, ours},
    systems::{reasons, system::package},
};

pub const DEFAULTS: Ours = ours!(|cors| cors
    .allow_methods(["PUT", "PATCH", "DELETE"])
    .allow_any_header()
    .allow_headers(["authorization"]));

/// The paths at which the server mounts an API.
pub fn options() -> Result<Vec<String>, String> {
    let file = fs::read_to_string(package().join("express/server.js"));
    let file = file.map_err(|error| error.to_string())?;
    let mounted = file
        .lines()
        .filter_map(|line| line.strip_prefix("app.use('/"));
    let names = mounted.filter_map(|rest| Some(rest.split_once('\'')?.0.to_owned()));
    Ok(names.collect())
}

/// A row whose option is the code that is mounted below its name.
fn row(name: &'static str, ours: Ours) -> Row {
    let file = fs::read_to_string(package().join("express/server.js")).unwrap_or_default();
    let option = file
        .split_once(&format!("app.use('/{name}', "))
        .and_then(|(_, rest)| rest.split_once(", api);"))
        .map_or("", |(option, _)| option);
    Row::new(name, option, ours).with(DEFAULTS)
}

pub fn rows() -> Vec<Row> {
    [static_origins(), regexes(), functions(), other_options()]
        .into_iter()
        .flatten()
        .collect()
}

fn static_origins() -> Vec<Row> {
    vec![
        row(
            "string",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()
                .allow_any_header()
                .allow_headers(["authorization"])),
        )
        .without_defaults(),
        row("bare", ours!(|cors| cors.allow_any_origin())).note(reasons::ANY_HEADER),
        row(
            "array",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://admin.your-allowed-origin.com"
            ])),
        ),
        row("reflect", ours!(|cors| cors.allow_any_origin())),
        row(
            "reflect-credentials",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()),
        )
        .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
        .differs(
            &reasons::STRANGERS,
            &ANY,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        ),
        row("any-credentials", reasons::CREDENTIALS_FOR_SOME)
            .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
            .differs(
                &[Page::Allowed],
                &reasons::CREDENTIALS,
                reasons::WILDCARD_WITH_CREDENTIALS,
            ),
        row("off", ours!(|cors| cors.allow_no_origin())).without_defaults(),
    ]
}

fn regexes() -> Vec<Row> {
    vec![
        row(
            "array-regexp",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://*.your-allowed-origin.com"
            ])),
        ),
        row(
            "regexp",
            ours!(|cors| cors.allow_origin_regex(r"https://(admin\.)?your-allowed-origin\.com")),
        ),
        row(
            "regexp-end",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://*.your-allowed-origin.com"
            ])),
        )
        .refuses(ours!(
            |cors| cors.allow_origin_regex(r".*your-allowed-origin\.com")
        ))
        .differs(&[Page::Prefixed], &ANY, reasons::NOT_ANCHORED),
        row(
            "regexp-start",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .refuses(ours!(
            |cors| cors.allow_origin_regex(r"https://your-allowed-origin\.com.*")
        ))
        .differs(&[Page::Longer], &ANY, reasons::NOT_ANCHORED),
        row(
            "regexp-dot",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .refuses(ours!(
            |cors| cors.allow_origin_regex(r"https://your-allowed-origin.com")
        ))
        .differs(&[Page::Dotless], &ANY, reasons::DOT_IS_ANY_CHARACTER),
    ]
}

fn functions() -> Vec<Row> {
    vec![
        row(
            "function",
            ours!(|cors| cors.allow_origin_fn(|origin, _| {
                origin.scheme() == "https"
                    && ["your-allowed-origin.com", "admin.your-allowed-origin.com"]
                        .contains(&origin.host())
            })),
        )
        .differs(
            &[Page::Allowed, Page::Subdomain],
            &[Probe::SharedCache],
            reasons::NO_VARY_FOR_DENIED,
        ),
        row(
            "function-error",
            ours!(|cors| cors
                .allow_origins([
                    "https://your-allowed-origin.com",
                    "https://admin.your-allowed-origin.com"
                ])
                .reject_denied_origins()),
        ),
        row(
            "async",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://admin.your-allowed-origin.com"
            ])),
        )
        .differs(
            &[Page::Allowed, Page::Subdomain],
            &[Probe::SharedCache],
            reasons::NO_VARY_FOR_DENIED,
        ),
        row("async-credentials", reasons::CREDENTIALS_FOR_SOME).differs(
            &[Page::Allowed],
            &[Probe::SharedCache],
            reasons::NO_VARY_FOR_DENIED,
        ),
    ]
}

fn other_options() -> Vec<Row> {
    vec![
        row(
            "continue",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .note("No equivalent: nothing that comes after the middleware has to see a preflight; what needs to is wrapped around it."),
        row(
            "status",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .preflight_status(200)),
        ),
        row(
            "max-age",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .max_age(Duration::from_secs(600))),
        ),
        row(
            "headers",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["PUT", "PATCH", "DELETE"])
                .allow_headers(["content-type", "x-custom"])
                .expose_headers(["x-request-id"])),
        )
        .without_defaults(),
        Row::new(
            "route",
            "app.get('/ok', cors({ origin: 'https://your-allowed-origin.com' }), …) without app.options",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .with(DEFAULTS)
        .differs(
            &[Page::Allowed],
            &[
                Probe::Put,
                Probe::CustomHeader,
                Probe::Authorization,
                Probe::MinuteLater,
            ],
            reasons::PREFLIGHT_IS_NOT_ANSWERED,
        )
        .differs(
            &[Page::Allowed],
            &[
                Probe::Form,
                Probe::Delete,
                Probe::Missing,
                Probe::Broken,
                Probe::InnerError,
                Probe::Unauthorized,
                Probe::Redirect,
            ],
            reasons::OUTSIDE_OF_THE_LAYER,
        ),
        row(
            "late",
            ours!(|cors| cors.allow_origin("https://your-allowed-origin.com")),
        )
        .differs(
            &[Page::Allowed],
            &[Probe::Unauthorized],
            reasons::OUTSIDE_OF_THE_LAYER,
        ),
    ]
}
