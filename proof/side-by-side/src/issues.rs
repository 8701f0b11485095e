//! The three common issues: provoked in each system that allows them, and impossible or refused here.

use std::panic;

use actix_web::{
    dev::{ServiceRequest, Transform},
    test,
};
use tower_http::cors::{Any, CorsLayer};

use crate::{
    compare::Comparison,
    matrix::{Page, Probe},
    report::code,
    row::{Row, Section},
    verdict::Verdict,
};

/// A common issue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    Preflight,
    Errors,
    Wildcard,
}

impl Issue {
    fn name(self) -> &'static str {
        match self {
            Self::Preflight => "a preflight is not answered",
            Self::Errors => "headers are missing on some responses",
            Self::Wildcard => "credentials together with `*`",
        }
    }

    fn section(self) -> Section {
        match self {
            Self::Preflight => Section::CorsPreflightFetch,
            Self::Errors => Section::CorsCheck,
            Self::Wildcard => Section::Credentials,
        }
    }
}

/// The rows that provoke an issue, and by which requests of the allowed origin.
const PROVOKED: &[(Issue, &str, &str, &[Probe])] = &[
    (Issue::Preflight, "express", "route", &[Probe::Put]),
    (
        Issue::Preflight,
        "actix-cors",
        "no-preflight",
        &[Probe::Put],
    ),
    (Issue::Preflight, "tower-http", "route", &[Probe::Put]),
    (Issue::Preflight, "nginx", "set", &[Probe::Put]),
    (Issue::Preflight, "nginx", "always", &[Probe::Put]),
    (Issue::Preflight, "nginx", "files", &[Probe::Authorization]),
    (Issue::Preflight, "apache", "set", &[Probe::Put]),
    (Issue::Preflight, "apache", "rewrite-set", &[Probe::Put]),
    (Issue::Preflight, "django", "late", &[Probe::Authorization]),
    (
        Issue::Errors,
        "express",
        "route",
        &[
            Probe::Missing,
            Probe::Broken,
            Probe::InnerError,
            Probe::Redirect,
        ],
    ),
    (Issue::Errors, "express", "late", &[Probe::Unauthorized]),
    (
        Issue::Errors,
        "tower-http",
        "route",
        &[
            Probe::Missing,
            Probe::Broken,
            Probe::InnerError,
            Probe::Redirect,
        ],
    ),
    (
        Issue::Errors,
        "nginx",
        "set",
        &[Probe::Missing, Probe::Broken, Probe::InnerError],
    ),
    (Issue::Errors, "nginx", "nested", &[Probe::Redirect]),
    (Issue::Errors, "apache", "set", &[Probe::InnerError]),
    (Issue::Errors, "apache", "htaccess", &[Probe::Missing]),
    (Issue::Errors, "django", "last", &[Probe::InnerError]),
    (Issue::Errors, "django", "late", &[Probe::Unauthorized]),
    (
        Issue::Wildcard,
        "express",
        "any-credentials",
        &[Probe::GetWithCredentials],
    ),
    (
        Issue::Wildcard,
        "nginx",
        "any-credentials",
        &[Probe::GetWithCredentials],
    ),
    (
        Issue::Wildcard,
        "apache",
        "any-credentials",
        &[Probe::GetWithCredentials],
    ),
];

/// A line of the table, for each issue that the row provokes. It is a fault if it does not, or if ours has it too.
pub fn provoked(system: &str, row: &Row, comparison: &Comparison) -> Result<Vec<String>, String> {
    let provoked = PROVOKED.iter();
    let mut lines = Vec::new();
    for (issue, _, _, probes) in
        provoked.filter(|(_, of, name, _)| *of == system && *name == row.name)
    {
        for probe in *probes {
            let key = (*probe, Page::Allowed);
            let reads = |verdict: Option<&Verdict>| verdict.and_then(|verdict| verdict.reads());
            let is_provoked = reads(comparison.theirs.get(&key)) == Some(false);
            let is_possible = match issue {
                Issue::Wildcard => !matches!(row.refusal(), Some(Ok(_))),
                _ => reads(comparison.ours.get(&key)) != Some(true),
            };
            if !is_provoked || is_possible {
                let name = issue.name();
                return Err(format!(
                    "{system} {}: {probe:?}: not shown: {name}",
                    row.name
                ));
            }
        }
        let ours = match issue {
            Issue::Wildcard => "refused when the policy is built",
            _ => "the page reads",
        };
        let probes: Vec<&str> = probes.iter().map(|probe| probe.name()).collect();
        let theirs = row
            .file
            .as_ref()
            .map_or_else(|| code(&row.option), |file| format!("[{file}]({file})"));
        lines.push(format!(
            "| {} ([{}]) | {system} | {theirs} | {} | {ours} |\n",
            issue.name(),
            issue.section().name(),
            probes.join(", "),
        ));
    }
    Ok(lines)
}

/// Two other systems refuse `*` with credentials as well, each in its own way.
pub async fn refused_by_others() -> Result<String, String> {
    let cors = actix_cors::Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .supports_credentials();
    let made = Transform::<_, ServiceRequest>::new_transform(&cors, test::ok_service()).await;
    // The message of the panic is not for the reader of a run.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let panicked = panic::catch_unwind(|| {
        let layer = CorsLayer::new().allow_origin(Any).allow_credentials(true);
        axum::Router::<()>::new().layer(layer)
    });
    panic::set_hook(hook);
    if made.is_ok() || panicked.is_ok() {
        return Err("actix-cors or tower-http permits `*` with credentials".to_owned());
    }
    Ok("actix-cors refuses `*` with credentials as well, when a worker of the server starts, and tower-http panics when the layer \
        is added. Django reflects the origin instead.\n"
        .to_owned())
}
