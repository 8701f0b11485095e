//! Django with django-cors-headers: `django/*.py`.

use std::{process::Command, time::Duration};

use crate::{
    matrix::{ANY, Page, Probe},
    process::Process,
    row::{Ours, Reason, Row, Section, ours},
    systems::{
        facts_of_frameworks, fixtures, reasons,
        system::{Running, System, installed, package},
    },
};

pub const DJANGO: System = System {
    name: "django",
    title: "Django 5.2.19 with `django-cors-headers` 4.9.0",
    defaults: Some(DEFAULTS),
    common: Vec::new,
    rows,
    options: || fixtures::options("django", ".py", &["app", "layers", "urls"]),
    facts: facts_of_frameworks::django,
    start,
};

const DEFAULTS: Ours = ours!(|cors| cors
    .allow_methods(["DELETE", "PATCH", "PUT"])
    .allow_headers([
        "authorization",
        "content-type",
        "x-csrftoken",
        "x-requested-with"
    ])
    .max_age(Duration::from_secs(86400)));

fn start(_: u16, rows: &[Row]) -> Result<Running, String> {
    let mut command = Command::new("python3");
    command
        .arg(package().join("django/app.py"))
        .args(rows.iter().map(|row| row.name))
        .env("PYTHONPATH", installed().join("pip"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let (process, ports) = Process::start_and_read_ports(&mut command)?;
    let mut running = Running::default();
    for (row, port) in rows.iter().zip(ports) {
        running.add(row.name, format!("http://127.0.0.1:{port}"));
    }
    running.keep(process);
    Ok(running)
}

fn row(name: &'static str, ours: Ours) -> Row {
    fixtures::row(name, &format!("django/{name}.py"), ours).with(DEFAULTS)
}

const LISTED_LATE: Reason = Reason::Wrong(
    Section::CorsCheck,
    "the middleware that answers is listed before it; ours is the outermost `wrap`",
);

/// What writes has no row, because Django asks for a token as well.
const CSRF: &str = "`reject_denied_origins` is for what `CSRF_TRUSTED_ORIGINS` is for: one list says which pages may act. It \
     asks for no token.";

const ONE: Ours = ours!(|cors| cors.allow_origin("https://your-allowed-origin.com"));

fn rows() -> Vec<Row> {
    vec![
        row("unset", ours!(|cors| cors.allow_no_origin())),
        row("origins", ONE),
        row(
            "two_origins",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://admin.your-allowed-origin.com"
            ])),
        ),
        row(
            "regexes",
            ours!(|cors| cors.allow_origin_regex(r"https://\w+\.your-allowed-origin\.com")),
        ),
        row(
            "regexes_lax",
            ours!(|cors| cors.allow_origins([
                "https://your-allowed-origin.com",
                "https://*.your-allowed-origin.com"
            ])),
        )
        .refuses(ours!(|cors| cors.allow_origin_regex(
            r"https://(\w+\.)?your-allowed-origin.com.*"
        )))
        .differs(&[Page::Longer], &ANY, reasons::NOT_ANCHORED)
        .differs(&[Page::Dotless], &ANY, reasons::DOT_IS_ANY_CHARACTER),
        row("any_origin", ours!(|cors| cors.allow_any_origin())),
        row(
            "any_credentials",
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
        row(
            "credentials",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()),
        ),
        row("urls_regex", ONE).at("/ok"),
        row(
            "headers",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_headers(["x-custom"])),
        ),
        row(
            "methods",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["DELETE"])
                .allow_headers([
                    "authorization",
                    "content-type",
                    "x-csrftoken",
                    "x-requested-with"
                ])
                .max_age(Duration::from_secs(86400))),
        )
        .without_defaults(),
        row(
            "max_age",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_methods(["DELETE", "PATCH", "PUT"])
                .allow_headers([
                    "authorization",
                    "content-type",
                    "x-csrftoken",
                    "x-requested-with"
                ])),
        )
        .without_defaults(),
        row(
            "expose",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .expose_headers(["x-request-id"])),
        ),
        row(
            "null",
            ours!(|cors| cors.allow_origins(["https://your-allowed-origin.com", "null"])),
        ),
        row("signals", ours!(|cors| cors.allow_any_origin())).at("/ok"),
        row("private_network", ONE).note(reasons::PRIVATE_NETWORK),
        row("last", ONE).differs(&[Page::Allowed], &[Probe::InnerError], LISTED_LATE),
        row("late", ONE)
            .only(&[
                Probe::Authorization,
                Probe::MinuteLater,
                Probe::Unauthorized,
            ])
            .differs(
                &[Page::Allowed],
                &[
                    Probe::Authorization,
                    Probe::MinuteLater,
                    Probe::Unauthorized,
                ],
                LISTED_LATE,
            ),
        row(
            "csrf",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()
                .reject_denied_origins()),
        )
        .only(&[
            Probe::Get,
            Probe::GetWithCredentials,
            Probe::Authorization,
            Probe::SharedCache,
        ])
        .note(CSRF),
        row(
            "csrf_untrusted",
            ours!(|cors| cors
                .allow_origin("https://your-allowed-origin.com")
                .allow_credentials()
                .reject_denied_origins()),
        )
        .only(&[
            Probe::Get,
            Probe::GetWithCredentials,
            Probe::Authorization,
            Probe::SharedCache,
        ])
        .note(CSRF),
    ]
}
