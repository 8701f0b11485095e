//! Shared caches in front of a server with this layer: nginx and varnish as the distribution has them, asked over sockets.
//!
//! ```console
//! $ cargo run -p caches
//! ```
//!
//! runs every check through both, and compares what it saw with `tables/`, which are written if `UPDATE_EXPECT=1` is set;
//! `-- nginx` or `-- varnish` does so with one. See the README for what is checked and what it shows.

#![expect(
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

mod ask;
mod cache;
mod check;
mod checks;
mod client;
mod model;
mod nginx;
mod policies;
mod report;
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
use check::Check;
use report::Row;
use server::Server;

const USAGE: &str = "caches [nginx] [varnish]";

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(60);

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
        // Signals first, so that they are listened for before a cache starts. If one comes, the caches end as they always
        // do: when what has started them is dropped.
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

/// Waits for `kill` or Ctrl-C: the number of the signal.
async fn signaled() -> io::Result<u8> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    match future::select(pin!(terminate.recv()), pin!(interrupt.recv())).await {
        Either::Left(_) => Ok(15),
        Either::Right(_) => Ok(2),
    }
}

/// Whether all is well.
async fn all(kinds: &[Kind]) -> Result<bool, String> {
    let checks = checks::all();
    let versions = kinds.iter().map(|kind| kind.version());
    let versions: Vec<String> = versions.collect::<Result<_, _>>()?;
    let running = future::join_all(kinds.iter().map(|kind| through(*kind, &checks)));
    let Ok(columns) = timeout(PATIENCE, running).await else {
        return Err(format!("not done after {PATIENCE:?}"));
    };
    let columns: Vec<Vec<Row>> = columns.into_iter().collect::<Result<_, _>>()?;
    let mut is_well = true;
    for ((kind, version), rows) in kinds.iter().zip(&versions).zip(&columns) {
        is_well &= report::print(&format!("{} {version}", kind.name()), rows);
    }
    // Only when everything is closed: a table that differs is a panic.
    if is_well {
        for (kind, rows) in kinds.iter().zip(&columns) {
            report::compare(*kind, rows);
        }
    }
    Ok(is_well)
}

/// Every check through one cache, all at the same time; and each that needs `Vary` again without it.
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
        .map(async |(check, [name, forgetful])| {
            let control = async {
                if check.needs_vary {
                    Some(run::run(check, forgetful, &cache, &server).await)
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

/// Where a check runs, and where its control does.
fn directories((number, check): (usize, &Check)) -> [String; 2] {
    let shape = if check.is_compressed {
        server::COMPRESSED
    } else {
        "/plain"
    };
    [shape, server::FORGETFUL].map(|shape| format!("{shape}/{number}"))
}
