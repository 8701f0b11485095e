//! Real browsers, driven: what they let pages read is compared with what this crate's browser for tests says, for hundreds
//! of calls. `README.md` tells how it is run, and has the table.

#![expect(
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

mod call;
mod cases;
mod console;
mod driver;
mod example;
mod known;
mod log;
mod origins;
mod playground;
mod policies;
mod report;
mod run;
mod server;
mod verdict;

use std::{env, io, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use actix_web::rt::{
    self,
    signal::unix::{SignalKind, signal},
};
use cors_test_browser::Blocked;
use futures_util::future::{self, Either};

use crate::{
    cases::Case,
    driver::{Driver, Kind},
    log::Log,
    origins::Ports,
    report::{Column, Mark},
    run::{Differs, Outcome},
};

const USAGE: &str = "usage: cargo run -p browsers -- [chromium] [firefox]

Drives all browsers, or those that are named, and compares what they do with the browser for tests, and with the
tables in proof/browsers/tables, which are written if UPDATE_EXPECT=1 is set.";

/// The browsers that are named on the command line, or all of them.
fn args() -> Option<Vec<Kind>> {
    let mut browsers = Vec::new();
    for arg in env::args().skip(1) {
        match arg.as_str() {
            "chromium" => browsers.push(Kind::Chromium),
            "firefox" => browsers.push(Kind::Firefox),
            _ => return None,
        }
    }
    if browsers.is_empty() {
        browsers = vec![Kind::Chromium, Kind::Firefox];
    }
    Some(browsers)
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Some(browsers) = args() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match until_told(ask(&browsers)).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(faults) => {
            println!("{faults} faults");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Ends on SIGTERM and Ctrl-C too: what was started is dropped, and so ends with it.
async fn until_told<T>(asked: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let mut told = signal(SignalKind::terminate())?;
    let ended = async {
        future::select(pin!(told.recv()), pin!(rt::signal::ctrl_c())).await;
    };
    match future::select(pin!(asked), pin!(ended)).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(io::Error::other("told to end")),
    }
}

/// The number of faults.
async fn ask(browsers: &[Kind]) -> io::Result<usize> {
    let sockets = server::Sockets::bind()?;
    let mut ports = sockets.ports()?;
    let (example, port) = example::start("server", &cases::example_vars(ports))?;
    ports.example = port;
    let cases = cases::all(ports);
    let raws = cases.iter().enumerate();
    let raws = raws.filter_map(|(number, case)| Some((number, case.raw.clone()?)));
    let log = Arc::new(Log::default());
    let server = sockets.serve(raws.collect(), &log)?;

    let mut faults = 0;
    let mut columns = Vec::new();
    for browser in browsers {
        let simulated = run::simulate(&cases, ports, &log, browser.max_age_limit()).await;
        let (column, fault) = drive(*browser, &cases, &simulated, ports, &log).await?;
        faults += fault;
        columns.push((column, simulated));
    }
    server.stop(false).await;
    drop(example);

    // Only when everything is closed: a table that differs is a panic.
    if faults == 0 {
        report::compare_policies();
        for (column, simulated) in &columns {
            report::compare(&cases, simulated, column);
        }
    }
    Ok(faults)
}

/// Asks one browser, and ends it whatever happens. The number of faults.
async fn drive(
    browser: Kind,
    cases: &[Case],
    simulated: &[Outcome],
    ports: Ports,
    log: &Log,
) -> io::Result<(Column, usize)> {
    let driver = Driver::start(browser).await?;
    let asked = async {
        let real = run::drive(&driver, cases, ports, log).await?;
        Ok::<_, io::Error>((real, playground::visit(&driver).await?))
    };
    let asked = asked.await;
    let version = driver.version.clone();
    driver.close().await?;
    let (real, playground) = asked?;

    let rows = cases.iter().zip(simulated.iter().zip(&real));
    let marks: Vec<Mark> = rows
        .map(|(case, (simulated, real))| mark(browser, case, simulated, real))
        .collect();
    let mut faults = marks
        .iter()
        .filter(|mark| matches!(mark, Mark::Fault(_)))
        .count();
    let mut fault = |is_one: bool, text: String| {
        if is_one {
            faults += 1;
            println!("{}: {text}", browser.name());
        }
    };
    let verdicts = || simulated.iter().flat_map(|outcome| &outcome.verdicts);
    let all = verdicts().count();
    let blocked = verdicts().filter(|verdict| verdict.is_error()).count();
    // So that a server that answers nothing is not treated as agreement.
    fault(
        blocked < 100 || all - blocked < 100,
        format!("{all} calls, of which {blocked} are blocked: too few of a kind"),
    );
    let reasons = || simulated.iter().flat_map(|outcome| &outcome.blocked);
    for silent in reasons().filter(|blocked| matches!(blocked, Blocked::Network(_))) {
        fault(true, silent.to_string());
    }
    fault(
        log.left() > 0,
        format!("{} requests belong to no row", log.left()),
    );
    for wrong in &playground {
        fault(true, format!("playground: {wrong}"));
    }
    println!(
        "{version}: {all} calls in {} rows, {blocked} of them blocked; {faults} faults",
        cases.len()
    );
    let column = Column { browser, marks };
    Ok((column, faults))
}

/// Compares a row, and tells what differs and is not known to, or is known to and does not.
fn mark(browser: Kind, case: &Case, simulated: &Outcome, real: &Outcome) -> Mark {
    let Some(known) = known::of(browser, case) else {
        return match run::compare(browser, case, simulated, real) {
            None => Mark::Same,
            Some(differs) => fault(browser, case, differs, simulated, real),
        };
    };
    if run::compare(browser, case, simulated, real).is_none() {
        let name = browser.name();
        println!(
            "{name}: {}, {}: the note in known.rs is stale, nothing differs",
            case.policy, case.about
        );
        return Mark::Same;
    }
    let expected = known.apply(simulated.clone());
    match run::compare(browser, case, &expected, real) {
        None if expected.verdicts == simulated.verdicts => Mark::Known(known.why, Differs::Sent),
        None => Mark::Known(known.why, Differs::Verdict),
        Some(differs) => fault(browser, case, differs, &expected, real),
    }
}

fn fault(
    browser: Kind,
    case: &Case,
    differs: Differs,
    simulated: &Outcome,
    real: &Outcome,
) -> Mark {
    tell(browser, case, differs, simulated, real);
    Mark::Fault(differs)
}

fn tell(browser: Kind, case: &Case, differs: Differs, simulated: &Outcome, real: &Outcome) {
    println!(
        "\n{}: {} from {}: {}: {differs:?} differs",
        browser.name(),
        case.policy,
        case.page,
        case.about
    );
    for (who, outcome) in [("the browser for tests", simulated), (browser.name(), real)] {
        println!("  {who}");
        for verdict in &outcome.verdicts {
            println!("    {verdict:?}");
        }
        for sent in &outcome.sent {
            println!(
                "    sent {} {} {:?}",
                sent.method, sent.target, sent.headers
            );
        }
        for blocked in &outcome.blocked {
            println!("    {blocked}");
        }
        for line in &outcome.console {
            println!("    {line}");
        }
    }
}

impl Kind {
    /// How long it remembers a preflight at most.
    fn max_age_limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Chromium => 7_200,
            Self::Firefox => 86_400,
        })
    }
}
