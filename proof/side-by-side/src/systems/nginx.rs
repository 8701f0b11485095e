//! nginx in front of an API, and over files: `nginx/*.conf`.

use std::{fs, process::Command, time::Duration};

use crate::{
    matrix::{ANY, Page, Probe},
    process::{Process, free_port},
    row::{Ours, Reason, Row, Section, ours},
    systems::{
        facts_of_servers, fixtures, reasons,
        system::{Running, System},
    },
};

pub const NGINX: System = System {
    name: "nginx",
    title: "nginx",
    defaults: Some(DEFAULTS),
    common: reasons::plain_options,
    rows,
    options: || fixtures::options("nginx", ".conf", &["nginx"]),
    facts: facts_of_servers::nginx,
    start,
};

/// The path in Debian.
const PROGRAM: &str = "/usr/sbin/nginx";

const DEFAULTS: Ours = ours!(|cors| cors
    .allow_methods(["PUT"])
    .allow_headers(["content-type", "authorization"]));

fn start(api: u16, rows: &[Row]) -> Result<Running, String> {
    let directory = fixtures::directory()?;
    let files = directory.path().join("files");
    fixtures::files(&files)?;
    let port = free_port()?;
    let mut running = Running::default();
    let mut servers = String::new();
    let values = [
        ("api", api.to_string()),
        ("files", files.display().to_string()),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    for Row { name, .. } in rows {
        let server = fixtures::filled(&format!("nginx/{name}.conf"), &values)?;
        servers.push_str(&format!(
            "server {{\nlisten 127.0.0.1:{port};\nserver_name {name}.localhost;\n{server}}}\n"
        ));
        running.add(name, format!("http://{name}.localhost:{port}"));
    }
    let config = fixtures::filled("nginx/nginx.conf", &[("servers", &servers)])?;
    let file = directory.path().join("nginx.conf");
    fs::write(&file, config).map_err(|error| error.to_string())?;
    let mut command = Command::new(PROGRAM);
    command.args(["-e", "stderr", "-p"]).arg(directory.path());
    command.arg("-c").arg(file);
    running.keep(Process::start_and_connect(&mut command, port)?);
    running.keep_directory(directory);
    Ok(running)
}

fn row(name: &'static str, ours: Ours) -> Row {
    fixtures::row(name, &format!("nginx/{name}.conf"), ours).with(DEFAULTS)
}

const WITHOUT_ALWAYS: Reason = Reason::Wrong(
    Section::CorsCheck,
    "without `always`, `add_header` leaves out errors",
);

const INNER_LOCATION: Reason = Reason::Wrong(
    Section::CorsCheck,
    "an `add_header` in a `location` replaces all those around it",
);

const ONE: Ours = ours!(|cors| cors.allow_origin("https://your-allowed-origin.com"));

fn rows() -> Vec<Row> {
    vec![
        row("set", ONE)
            .differs(
                &[Page::Allowed],
                &reasons::PREFLIGHTED,
                reasons::PREFLIGHT_IS_NOT_ANSWERED,
            )
            .differs(&[Page::Allowed], &reasons::ERRORS, WITHOUT_ALWAYS),
        row("always", ONE).differs(
            &[Page::Allowed],
            &reasons::PREFLIGHTED,
            reasons::PREFLIGHT_IS_NOT_ANSWERED,
        ),
        row("if", ONE).differs(&[Page::Allowed], &reasons::ERRORS, WITHOUT_ALWAYS),
        row("if-always", ONE),
        row("nested", ONE).differs(
            &[Page::Allowed],
            &[
                Probe::Get,
                Probe::Form,
                Probe::Put,
                Probe::Authorization,
                Probe::ResponseHeader,
                Probe::MinuteLater,
                Probe::Missing,
                Probe::Broken,
                Probe::Unauthorized,
                Probe::Redirect,
            ],
            INNER_LOCATION,
        ),
        row("files", ONE)
            .only(&Probe::FILES)
            .differs(
                &[Page::Allowed],
                &[Probe::Authorization],
                reasons::PREFLIGHT_IS_NOT_ANSWERED,
            )
            .differs(&[Page::Allowed], &[Probe::Missing], WITHOUT_ALWAYS),
        row("own", ONE).differs(
            &[Page::Allowed],
            &[
                Probe::Get,
                Probe::Form,
                Probe::Put,
                Probe::Authorization,
                Probe::ResponseHeader,
                Probe::MinuteLater,
                Probe::Missing,
                Probe::Broken,
                Probe::Unauthorized,
                Probe::Redirect,
            ],
            reasons::TWO_LINES,
        ),
        row(
            "map",
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
        row(
            "map-vary",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://admin.your-allowed-origin.com"
            ])),
        ),
        row(
            "map-regex",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://*.your-allowed-origin.com"
            ])),
        )
        .refuses(ours!(
            |cors| cors.allow_origin_regex(".*your-allowed-origin.com.*")
        ))
        .differs(&[Page::Longer, Page::Prefixed], &ANY, reasons::NOT_ANCHORED)
        .differs(&[Page::Dotless], &ANY, reasons::DOT_IS_ANY_CHARACTER),
        row("two-maps", reasons::CREDENTIALS_FOR_SOME),
        row(
            "reflect",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()),
        )
        .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
        .differs(
            &reasons::STRANGERS,
            &ANY,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        )
        .differs(
            &[Page::Allowed, Page::Subdomain, Page::Denied, Page::Null],
            &[Probe::SharedCache],
            reasons::NO_VARY,
        ),
        row("any-credentials", reasons::CREDENTIALS_FOR_SOME)
            .refuses(ours!(|cors| cors.allow_any_origin().allow_credentials()))
            .differs(
                &[Page::Allowed],
                &reasons::CREDENTIALS,
                reasons::WILDCARD_WITH_CREDENTIALS,
            ),
        row(
            "max-age",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .expose_headers(["x-request-id"])
                .max_age(Duration::from_secs(600))),
        ),
    ]
}
