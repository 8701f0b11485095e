//! Starts the systems that people come from, and ours with the equivalent policies, and compares what browsers and caches
//! make of their responses.
//!
//! ```console
//! $ cargo run -p side-by-side
//! ```
//!
//! runs all systems and compares the result with `README.md`. With `UPDATE_EXPECT=1`, that page is written. `-- express` and
//! other names run these systems only, and compare nothing with the page.

#![expect(
    unreachable_pub,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "policies are closures, because the page shows their text"
)]

mod api;
mod compare;
mod facts;
mod issues;
mod matrix;
mod ours;
mod process;
mod raw;
mod report;
mod row;
mod shared_cache;
mod systems;
mod verdict;

use std::{
    env, io,
    pin::pin,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use actix_web::{
    middleware::DefaultHeaders,
    rt::{
        System as Runtime,
        signal::unix::{SignalKind, signal},
        time::timeout,
    },
    web,
};
use futures_util::future::{self, Either};

use compare::Comparison;
use report::Part;
use row::{Difference, Row};
use systems::system::{Running, System, package};

const SYSTEMS: [System; 7] = [
    systems::express::EXPRESS,
    systems::actix_cors::ACTIX_CORS,
    systems::tower_http::TOWER_HTTP,
    systems::nginx::NGINX,
    systems::apache::APACHE,
    systems::django::DJANGO,
    systems::controls::CONTROLS,
];

/// How long all requests may take.
const TIMEOUT: Duration = Duration::from_secs(110);

/// How often to try to start a system. Another program may take the free port before it does.
const ATTEMPTS: usize = 3;

fn main() -> ExitCode {
    let names: Vec<String> = env::args().skip(1).collect();
    let systems = SYSTEMS.into_iter();
    let systems: Vec<System> = systems
        .filter(|system| names.is_empty() || names.iter().any(|name| name == system.name))
        .collect();
    if let Err(error) = install() {
        eprintln!("proof/side-by-side/install: {error}");
        return ExitCode::FAILURE;
    }
    Runtime::new().block_on(async {
        // `signaled` comes first, so that its handlers are installed before a system starts. After a signal, the other future
        // is dropped, and that stops the systems.
        match future::select(pin!(signaled()), pin!(all(&systems))).await {
            Either::Left((Ok(signal), _)) => {
                eprintln!("ended by signal {signal}");
                ExitCode::from(128 + signal)
            }
            Either::Left((Err(error), _)) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
            Either::Right((Ok((parts, refused)), _)) => {
                if names.is_empty() {
                    report::compare(&parts, &refused);
                }
                ExitCode::SUCCESS
            }
            Either::Right((Err(faults), _)) => {
                for fault in &faults {
                    eprintln!("{fault}");
                }
                eprintln!("{} faults", faults.len());
                ExitCode::FAILURE
            }
        }
    })
}

/// Waits for SIGTERM or Ctrl-C, and returns the number of the signal.
async fn signaled() -> io::Result<u8> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    match future::select(pin!(terminate.recv()), pin!(interrupt.recv())).await {
        Either::Left(_) => Ok(15),
        Either::Right(_) => Ok(2),
    }
}

/// Installs what is missing, which takes no time if that is nothing.
fn install() -> Result<(), String> {
    let status = Command::new(package().join("install")).status();
    let status = status.map_err(|error| error.to_string())?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| status.to_string())
}

async fn all(systems: &[System]) -> Result<(Vec<Part>, String), Vec<String>> {
    let refused = issues::refused_by_others().await;
    let refused = refused.map_err(|fault| vec![fault])?;
    let api = api::serve(|config| {
        config.service(web::scope("/api").configure(api::routes));
        // An API that sets the header itself.
        let own = DefaultHeaders::new().add(("access-control-allow-origin", matrix::ALLOWED));
        config.service(web::scope("/own").configure(api::routes).wrap(own));
    })
    .map_err(|error| vec![error])?;
    // All of them listen before the first request, whose connection may take a port that was free.
    let started: Result<Vec<_>, _> = systems.iter().map(|system| start(system, api)).collect();
    let started = started.map_err(|error| vec![error])?;
    let results = systems.iter().zip(started);
    let results = future::join_all(results.map(|(system, started)| one(system, started)));
    let Ok(results) = timeout(TIMEOUT, results).await else {
        return Err(vec![format!("the requests took longer than {TIMEOUT:?}")]);
    };
    let mut parts = Vec::new();
    let mut faults = Vec::new();
    for result in results {
        match result {
            Ok(part) => parts.push(part),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok((parts, refused))
    } else {
        Err(faults)
    }
}

/// The rows of a system, and where theirs and ours are served.
type Started = (Vec<Row>, Running, Running);

fn start(system: &System, api: u16) -> Result<Started, String> {
    let rows = (system.rows)();
    for option in (system.options)()? {
        if !rows.iter().any(|row| row.name == option) {
            return Err(format!("{}: {option} has no row", system.name));
        }
    }
    let ours = Running::below(ours::serve(&rows)?, &rows);
    let mut failed = String::new();
    for _ in 0..ATTEMPTS {
        match (system.start)(api, &rows) {
            Ok(theirs) => return Ok((rows, theirs, ours)),
            Err(error) => failed = error,
        }
    }
    Err(format!("{} does not start: {failed}", system.name))
}

async fn one(system: &System, (rows, theirs, ours): Started) -> Result<Part, Vec<String>> {
    let begin = Instant::now();
    let common = (system.common)();
    let mut results = Vec::new();
    let mut issues = Vec::new();
    let mut faults = Vec::new();
    for row in rows {
        let comparison = compare_row(&row, &common, &theirs, &ours).await;
        let name = format!("{} {}", system.name, row.name);
        match comparison {
            Ok(comparison) => {
                let found = comparison.faults.iter();
                faults.extend(found.map(|fault| format!("{name}: {fault}")));
                match issues::provoked(system.name, &row, &comparison) {
                    Ok(lines) => issues.extend(lines),
                    Err(fault) => faults.push(fault),
                }
                results.push((row, comparison));
            }
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    let mut observed = Vec::new();
    for fact in (system.facts)() {
        match fact.observe(&theirs, &ours) {
            Ok(fact) => observed.push(fact),
            Err(fault) => faults.push(format!("{}: {fault}", system.name)),
        }
    }
    let elapsed = begin.elapsed();
    println!("{}: {} rows, {elapsed:.1?}", system.name, results.len());
    if faults.is_empty() {
        Part::new(system, results, observed, issues).map_err(|fault| vec![fault])
    } else {
        Err(faults)
    }
}

async fn compare_row(
    row: &Row,
    common: &[Difference],
    theirs: &Running,
    ours: &Running,
) -> Result<Comparison, String> {
    if let Some(Err(fault)) = row.refusal() {
        return Err(fault);
    }
    let theirs = verdict::ask_all(theirs.url(row.name)?, &row.probes).await?;
    let ours = verdict::ask_all(ours.url(row.name)?, &row.probes).await?;
    Ok(compare::compare(&row.differences, common, theirs, ours))
}
