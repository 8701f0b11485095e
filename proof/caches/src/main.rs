//! Runs nginx and varnish in front of a server with this middleware, and checks what they store and send.
//!
//! ```console
//! $ cargo run -p caches
//! ```
//!
//! runs all checks with both caches and compares the results with the tables in `tables/`. `-- nginx` or `-- varnish` runs
//! one of them. With `UPDATE_EXPECT=1`, the tables are written. The README says what is checked and what it shows.

#![expect(
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

mod cache;
mod cache_check;
mod checks;
mod client;
mod model;
mod nginx;
mod policies;
mod report;
mod request;
mod run;
mod server;
mod varnish;

use std::{env, io, pin::pin, process::ExitCode, time::Duration};

use actix_web::rt::{
    System,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use futures_util::future::{self, Either};

use cache::{Cache, Kind};
use cache_check::Check;
use report::Row;
use server::Server;

const USAGE: &str = "usage: cargo run -p caches -- [nginx] [varnish]";

/// How long all checks may take.
const TIMEOUT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let mut kinds = Vec::new();
    for word in env::args().skip(1) {
        match Kind::ALL.into_iter().find(|kind| kind.name() == word) {
            Some(kind) => kinds.push(kind),
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kinds.is_empty() || kinds.contains(kind))
        .collect();
    System::new().block_on(async {
        // `signaled` comes first, so that its handlers are installed before a cache starts. After a signal, the other future
        // is dropped, and that stops the caches.
        match future::select(pin!(signaled()), pin!(all(&kinds))).await {
            Either::Left((Ok(signal), _)) => {
                eprintln!("ended by signal {signal}");
                ExitCode::from(128 + signal)
            }
            Either::Left((Err(error), _)) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
            Either::Right((Ok(true), _)) => ExitCode::SUCCESS,
            Either::Right((Ok(false), _)) => ExitCode::FAILURE,
            Either::Right((Err(error), _)) => {
                eprintln!("{error}");
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

/// Runs all checks. Returns whether all of them passed.
async fn all(kinds: &[Kind]) -> Result<bool, String> {
    let checks = checks::all();
    let versions = kinds.iter().map(|kind| kind.version());
    let versions: Vec<String> = versions.collect::<Result<_, _>>()?;
    let running = future::join_all(kinds.iter().map(|kind| through(*kind, &checks)));
    let Ok(columns) = timeout(TIMEOUT, running).await else {
        return Err(format!("the checks took longer than {TIMEOUT:?}"));
    };
    let columns: Vec<Vec<Row>> = columns.into_iter().collect::<Result<_, _>>()?;
    let mut has_passed = true;
    for ((kind, version), rows) in kinds.iter().zip(&versions).zip(&columns) {
        has_passed &= report::print(&format!("{} {version}", kind.name()), rows);
    }
    // A table that differs is a panic, so the caches must have stopped before.
    if has_passed {
        for (kind, rows) in kinds.iter().zip(&columns) {
            report::compare(*kind, rows);
        }
    }
    Ok(has_passed)
}

/// Runs all checks with one cache at the same time. Checks that need `Vary` run a second time without it.
async fn through(kind: Kind, checks: &[Check]) -> Result<Vec<Row>, String> {
    let directories: Vec<[String; 2]> = checks.iter().enumerate().map(directories).collect();
    let policies = checks.iter().zip(&directories).flat_map(|(check, names)| {
        let policy = check.policy;
        names.iter().map(move |name| (name.clone(), policy))
    });
    let server = Server::start(policies).map_err(|error| error.to_string())?;
    let cache = Cache::start(kind, server.port)?;
    let rows = checks
        .iter()
        .zip(&directories)
        .map(async |(check, [name, without_vary])| {
            let control = async {
                if check.needs_vary {
                    Some(run::run(check, without_vary, &cache, &server).await)
                } else {
                    None
                }
            };
            let (outcome, control) =
                future::join(run::run(check, name, &cache, &server), control).await;
            Row {
                name: check.name,
                outcome,
                control,
            }
        });
    let rows = future::join_all(rows).await;
    drop(cache);
    server.stop().await;
    Ok(rows)
}

/// The directories of a check: one for the check itself, and one for its control, in which the server sends no `Vary`.
fn directories((number, check): (usize, &Check)) -> [String; 2] {
    let prefix = if check.is_compressed {
        server::COMPRESSED
    } else {
        "/plain"
    };
    [prefix, server::WITHOUT_VARY].map(|prefix| format!("{prefix}/{number}"))
}
