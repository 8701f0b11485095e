//! Real browsers, driven: what they let pages read is compared with what this crate's browser for tests says, for hundreds
//! of calls. `README.md` tells how it is run, and has the table.

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

use std::{env, io, process::ExitCode, time::Duration};

use crate::{
    cases::Case,
    driver::{Driver, Kind},
    log::Log,
    origins::Ports,
    report::Column,
    run::{Differs, Outcome},
};

const USAGE: &str = "usage: cargo run -p e2e -- [chromium] [firefox] [--write]

Drives both browsers, or those that are named, and compares.
  --write  writes the table into e2e/README.md; takes both browsers";

/// What is asked for on the command line.
struct Args {
    browsers: Vec<Kind>,
    write: bool,
}

fn args() -> Option<Args> {
    let mut args = Args {
        browsers: Vec::new(),
        write: false,
    };
    for arg in env::args().skip(1) {
        match arg.as_str() {
            "chromium" => args.browsers.push(Kind::Chromium),
            "firefox" => args.browsers.push(Kind::Firefox),
            "--write" => args.write = true,
            _ => return None,
        }
    }
    if args.browsers.is_empty() {
        args.browsers = vec![Kind::Chromium, Kind::Firefox];
    }
    let has_both = args.browsers.len() == 2;
    (!args.write || has_both).then_some(args)
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Some(args) = args() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match ask(&args).await {
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

/// The number of faults.
async fn ask(args: &Args) -> io::Result<usize> {
    let sockets = server::Sockets::bind()?;
    let mut ports = sockets.ports()?;
    let (example, port) = example::start("server", &cases::example_vars(ports))?;
    ports.example = port;
    let cases = cases::all(ports);
    let raws = cases.iter().enumerate();
    let raws = raws.filter_map(|(number, case)| Some((number, case.raw.clone()?)));
    let log = std::sync::Arc::new(Log::default());
    let server = sockets.serve(raws.collect(), &log)?;

    let mut faults = 0;
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    for browser in &args.browsers {
        let simulated = run::simulate(&cases, ports, &log, browser.max_age_limit()).await;
        let (column, real) = drive(*browser, &cases, &simulated, ports, &log).await?;
        faults += judge(&column, &cases, &simulated, &real);
        columns.push(column);
        rows = simulated;
    }
    server.stop(false).await;
    drop(example);

    let table = report::table(&cases, &rows, &columns);
    if args.write {
        report::write(&report::section(&table, &cases, &columns))?;
    } else {
        for row in report::stale(&table, &columns)? {
            println!("e2e/README.md is stale, run with --write: {row}");
            faults += 1;
        }
    }
    Ok(faults)
}

/// Asks one browser, and ends it whatever happens.
async fn drive(
    browser: Kind,
    cases: &[Case],
    simulated: &[Outcome],
    ports: Ports,
    log: &Log,
) -> io::Result<(Column, Vec<Outcome>)> {
    let driver = Driver::start(browser).await?;
    let asked = async {
        let real = run::drive(&driver, cases, ports, log).await?;
        Ok::<_, io::Error>((real, playground::visit(&driver).await?))
    };
    let asked = asked.await;
    let version = driver.version.clone();
    driver.close().await?;
    let (real, playground) = asked?;
    let pairs = cases.iter().zip(simulated.iter().zip(&real));
    let differs = pairs
        .map(|(case, (simulated, real))| run::compare(browser, case, simulated, real))
        .collect();
    let column = Column {
        browser,
        version,
        differs,
        playground,
    };
    Ok((column, real))
}

/// Tells what differs and is not known to, which is a fault, and what is known to and does not.
fn judge(column: &Column, cases: &[Case], simulated: &[Outcome], real: &[Outcome]) -> usize {
    let browser = column.browser;
    let mut faults = 0;
    let rows = cases
        .iter()
        .zip(&column.differs)
        .zip(simulated.iter().zip(real));
    for ((case, differs), (simulated, real)) in rows {
        let known = known::of(browser, &case.about).map(|known| known.differs);
        match *differs {
            differs if differs == known => {}
            Some(differs) => {
                faults += 1;
                tell(browser, case, differs, simulated, real);
            }
            None => println!(
                "{}: {}, {}: the note in known.rs is stale, nothing differs",
                browser.name(),
                case.policy,
                case.about
            ),
        }
    }
    let verdicts = || simulated.iter().flat_map(|outcome| &outcome.verdicts);
    let all = verdicts().count();
    let blocked = verdicts().filter(|verdict| verdict.is_error()).count();
    // So that a server that answers nothing is not taken for agreement.
    if blocked < 100 || all - blocked < 100 {
        faults += 1;
        println!(
            "{}: {all} calls, of which {blocked} are blocked: too few of a kind",
            browser.name()
        );
    }
    for fault in &column.playground {
        faults += 1;
        println!("{}: playground: {fault}", browser.name());
    }
    println!(
        "{}: {all} calls in {} rows, {blocked} of them blocked; {faults} faults",
        column.version,
        cases.len()
    );
    faults
}

fn tell(browser: Kind, case: &Case, differs: Differs, simulated: &Outcome, real: &Outcome) {
    println!(
        "\n{}: {} from {}: {}: {differs:?} differs",
        browser.name(),
        case.policy,
        case.page,
        case.about
    );
    for (who, outcome) in [("test-browser", simulated), (browser.name(), real)] {
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
