//! Apache httpd in front of an API, and over files with `.htaccess`: `apache/*.conf`.

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

pub const APACHE: System = System {
    name: "apache",
    title: "Apache httpd",
    defaults: Some(DEFAULTS),
    common: reasons::plain_options,
    rows,
    options: || fixtures::options("apache", ".conf", &["httpd"]),
    facts: facts_of_servers::apache,
    start,
};

/// The paths in Debian.
const PROGRAM: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";

const DEFAULTS: Ours = ours!(|cors| cors
    .allow_methods(["PUT"])
    .allow_headers(["content-type", "authorization"]));

/// Rows of the server that does not load `mod_headers`. Their file is that of the row with this name.
const WITHOUT_MODULE: [(&str, &str); 2] = [
    ("no-module", "htaccess"),
    ("no-module-ifmodule", "htaccess-ifmodule"),
];

/// Starts two servers, one of them without `mod_headers`.
fn start(api: u16, rows: &[Row]) -> Result<Running, String> {
    let mut running = Running::default();
    let (without, with): (Vec<&Row>, Vec<&Row>) = rows
        .iter()
        .partition(|row| WITHOUT_MODULE.iter().any(|(name, _)| *name == row.name));
    start_one(&mut running, api, &without, "")?;
    let module = format!("LoadModule headers_module {MODULES}/mod_headers.so");
    start_one(&mut running, api, &with, &module)?;
    Ok(running)
}

fn start_one(running: &mut Running, api: u16, rows: &[&Row], headers: &str) -> Result<(), String> {
    let said = |error: std::io::Error| error.to_string();
    let directory = fixtures::directory()?;
    let files = directory.path().join("files");
    let port = free_port()?;
    let api = api.to_string();
    let values = [("api", api.as_str())];
    let mut servers = String::new();
    for Row { name, .. } in rows {
        let mut server = fixtures::filled(&format!("apache/{}.conf", file(name)), &values)?;
        if is_over_files(name) {
            let folder = files.join(name);
            fixtures::files(&folder)?;
            fs::write(folder.join(".htaccess"), &server).map_err(said)?;
            server = format!("DocumentRoot {}\n", folder.display());
        }
        servers.push_str(&format!(
            "<VirtualHost 127.0.0.1:{port}>\nServerName {name}.localhost\n{server}</VirtualHost>\n"
        ));
        running.add(name, format!("http://{name}.localhost:{port}"));
    }
    let config = fixtures::filled(
        "apache/httpd.conf",
        &[
            ("port", &port.to_string()),
            ("modules", MODULES),
            ("headers", headers),
            ("files", &files.display().to_string()),
            ("servers", &servers),
        ],
    )?;
    let path = directory.path().join("httpd.conf");
    fs::write(&path, config).map_err(said)?;
    let mut command = Command::new(PROGRAM);
    command.arg("-DFOREGROUND").arg("-d").arg(directory.path());
    command.arg("-f").arg(path);
    running.keep(Process::start_and_connect(&mut command, port)?);
    running.keep_directory(directory);
    Ok(())
}

/// The file of a row.
fn file(name: &'static str) -> &'static str {
    let mut same = WITHOUT_MODULE.iter().filter(|(known, _)| *known == name);
    same.next().map_or(name, |(_, file)| file)
}

fn is_over_files(name: &'static str) -> bool {
    file(name).starts_with("htaccess")
}

fn row(name: &'static str, ours: Ours) -> Row {
    let row = fixtures::row(name, &format!("apache/{}.conf", file(name)), ours).with(DEFAULTS);
    if is_over_files(name) {
        row.only(&Probe::FILES)
    } else {
        row
    }
}

const WITHOUT_ALWAYS: Reason = Reason::Wrong(
    Section::CorsCheck,
    "without `always`, `Header set` leaves out what Apache answers itself",
);

const OWN_PREFLIGHT: Reason = Reason::Wrong(
    Section::CorsPreflightFetch,
    "Apache answers the preflight itself, and without `always`, `Header set` leaves that out",
);

const NO_MODULE: Reason = Reason::Wrong(
    Section::CorsCheck,
    "without `mod_headers`, `Header` in `.htaccess` makes every response a 500",
);

const IF_MODULE: Reason = Reason::Wrong(
    Section::CorsCheck,
    "without `mod_headers`, `<IfModule>` leaves the headers out, and says nothing",
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
            .differs(&[Page::Allowed], &[Probe::InnerError], WITHOUT_ALWAYS),
        row("always", ONE).differs(
            &[Page::Allowed],
            &reasons::PREFLIGHTED,
            reasons::PREFLIGHT_IS_NOT_ANSWERED,
        ),
        row("rewrite-set", ONE)
            .differs(&[Page::Allowed], &reasons::PREFLIGHTED, OWN_PREFLIGHT)
            .differs(&[Page::Allowed], &[Probe::InnerError], WITHOUT_ALWAYS),
        row("rewrite", ONE),
        row("htaccess", ONE).differs(&[Page::Allowed], &[Probe::Missing], WITHOUT_ALWAYS),
        row("htaccess-always", ONE),
        row("htaccess-ifmodule", ONE).differs(&[Page::Allowed], &[Probe::Missing], WITHOUT_ALWAYS),
        row("no-module", ONE)
            .note("The server does not load `mod_headers`.")
            .differs(
                &[Page::Allowed],
                &[
                    Probe::Get,
                    Probe::Authorization,
                    Probe::ResponseHeader,
                    Probe::Missing,
                ],
                NO_MODULE,
            )
            .differs(&[Page::NoOrigin], &[Probe::Get], NO_MODULE),
        row("no-module-ifmodule", ONE)
            .note("The server does not load `mod_headers`.")
            .differs(
                &[Page::Allowed],
                &[
                    Probe::Get,
                    Probe::Authorization,
                    Probe::ResponseHeader,
                    Probe::Missing,
                ],
                IF_MODULE,
            ),
        row("own-set", ONE).differs(&[Page::Allowed], &reasons::PREFLIGHTED, OWN_PREFLIGHT),
        row("own-always", ONE).differs(
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
            "setenvif",
            ours!(|cors| cors.allow_origin_regex(r"https://(admin\.)?your-allowed-origin\.com")),
        ),
        row(
            "setenvif-lax",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://*.your-allowed-origin.com"
            ])),
        )
        .refuses(ours!(
            |cors| cors.allow_origin_regex(".*your-allowed-origin.com.*")
        ))
        .differs(&[Page::Longer, Page::Prefixed], &ANY, reasons::NOT_ANCHORED)
        .differs(&[Page::Dotless], &ANY, reasons::DOT_IS_ANY_CHARACTER)
        .differs(
            &[Page::Allowed, Page::Subdomain],
            &[Probe::SharedCache],
            reasons::NO_VARY,
        ),
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
