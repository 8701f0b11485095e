//! Compares real browsers with `cors-test-browser`, in hundreds of calls. `README.md` says how to run this and what is
//! compared.

#![expect(
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

mod acts;
mod call;
mod cases;
mod console;
// The playground shows the messages that this program compares with real browsers.
#[path = "../../../examples/playground/console_messages.rs"]
mod console_messages;
mod driver;
mod engines;
mod example;
mod known_differences;
mod log;
mod origins;
mod page_result;
mod playground;
mod policies;
mod process;
mod report;
mod run;
mod server;

use std::{env, io, pin::pin, process::ExitCode, sync::Arc};

use actix_web::rt::{
    self,
    signal::unix::{SignalKind, signal},
};
use cors_test_browser::Blocked;
use futures_util::future::{self, Either};

use crate::{
    acts::Receiver,
    cases::Case,
    driver::Driver,
    engines::{ENGINES, Engine},
    log::Log,
    origins::Ports,
    report::{Column, Mark},
    run::{Difference, Outcome},
};

const USAGE: &str = "usage: cargo run -p browsers -- [chromium] [firefox] [webkit] [playground]

Runs the same calls in real browsers and in the simulated browser, and compares the results with each other and with
the tables in proof/browsers/tables. If no browser is named, all run. UPDATE_EXPECT=1 writes the tables. With
`playground`, only the playground is tested.";

/// What to run.
struct Args {
    browsers: Vec<&'static Engine>,
    only_playground: bool,
}

/// The browsers in the arguments, or all browsers if there are none.
fn args() -> Option<Args> {
    let (parts, names): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|arg| arg == "playground");
    let engine = |name: String| ENGINES.into_iter().find(|engine| engine.name == name);
    let named: Vec<_> = names.into_iter().map(engine).collect::<Option<_>>()?;
    Some(Args {
        browsers: if named.is_empty() {
            ENGINES.to_vec()
        } else {
            named
        },
        only_playground: !parts.is_empty(),
    })
}

#[actix_web::main]
async fn main() -> ExitCode {
    let Some(args) = args() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let run = async {
        if args.only_playground {
            visit_playground(&args.browsers).await
        } else {
            run_all(&args.browsers).await
        }
    };
    match until_signal(run).await {
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

/// Runs a future until SIGTERM or Ctrl-C. Then the future is dropped, and that stops all processes.
async fn until_signal<T>(future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let mut terminate = signal(SignalKind::terminate())?;
    let ended = async {
        future::select(pin!(terminate.recv()), pin!(rt::signal::ctrl_c())).await;
    };
    match future::select(pin!(future), pin!(ended)).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(io::Error::other("stopped by a signal")),
    }
}

/// Tests only the playground in these browsers. Returns the number of faults.
async fn visit_playground(engines: &[&'static Engine]) -> io::Result<usize> {
    let mut faults = 0;
    for engine in engines {
        let driver = Driver::start(engine).await?;
        let visited = playground::visit(&driver).await;
        let version = driver.version.clone();
        driver.close().await?;
        let visited = visited?;
        for fault in &visited {
            println!("{}: playground: {fault}", engine.name);
        }
        println!(
            "{} {version}: the playground; {} faults",
            engine.title,
            visited.len()
        );
        faults += visited.len();
    }
    Ok(faults)
}

/// Runs all cases in these browsers. Returns the number of faults.
async fn run_all(engines: &[&'static Engine]) -> io::Result<usize> {
    let sockets = server::Sockets::bind()?;
    let mut ports = sockets.ports()?;
    let (example, port) = example::start("server", &cases::example_vars(ports))?;
    ports.example = port;
    let cases = cases::all(ports);
    let raws = cases.iter().enumerate();
    let raws = raws.filter_map(|(number, case)| Some((number, case.raw.clone()?)));
    let log = Arc::new(Log::default());
    let receiver = Arc::new(Receiver::default());
    let server = sockets.serve(raws.collect(), &log, &receiver)?;

    let mut faults = 0;
    let mut columns = Vec::new();
    let mut simulations = Vec::new();
    for engine in engines {
        let simulated = run::simulate(&cases, ports, &log, engine.max_age_limit).await;
        let (column, fault) = drive(engine, &cases, &simulated, ports, &log, &receiver).await?;
        faults += fault;
        columns.push(column);
        simulations.push(simulated);
    }
    server.stop(false).await;
    drop(example);

    // A table that differs is a panic, so all processes must have stopped before.
    if faults == 0 {
        report::compare_policies();
        for (column, simulated) in columns.iter().zip(&simulations) {
            report::compare(&cases, simulated, column);
        }
        report::compare_summary(&cases, &columns);
        acts::compare(&columns);
    }
    Ok(faults)
}

/// Runs all cases in one browser, and stops it even after an error. Returns the number of faults.
async fn drive(
    engine: &'static Engine,
    cases: &[Case],
    simulated: &[Outcome],
    ports: Ports,
    log: &Log,
    receiver: &Receiver,
) -> io::Result<(Column, usize)> {
    let driver = Driver::start(engine).await?;
    let results = async {
        let real = run::drive(&driver, cases, ports, log).await?;
        // An error here must not hide the results of the cases.
        let visited = playground::visit(&driver).await;
        let visited = visited.unwrap_or_else(|error| vec![error.to_string()]);
        let acts = acts::run(&driver, ports, receiver).await;
        let acts = acts.unwrap_or_else(|error| (Vec::new(), vec![error.to_string()]));
        Ok::<_, io::Error>((real, visited, acts))
    };
    let results = results.await;
    let version = driver.version.clone();
    driver.close().await?;
    let (real, playground, (acts, faults_of_acts)) = results?;

    let rows = cases.iter().zip(simulated.iter().zip(&real));
    let marks: Vec<Mark> = rows
        .map(|(case, (simulated, real))| mark(engine, case, simulated, real))
        .collect();
    let mut faults = marks
        .iter()
        .filter(|mark| matches!(mark, Mark::Fault(_)))
        .count();
    let mut fault = |is_one: bool, text: String| {
        if is_one {
            faults += 1;
            println!("{}: {text}", engine.name);
        }
    };
    let results = || simulated.iter().flat_map(|outcome| &outcome.results);
    let all = results().count();
    let blocked = results().filter(|verdict| verdict.is_error()).count();
    // If the server sent no responses, all browsers would agree. So a minimum of both results is required.
    fault(
        blocked < 100 || all - blocked < 100,
        format!(
            "{blocked} of {all} calls are blocked: at least 100 must be blocked and at least 100 must not"
        ),
    );
    let denials = simulated.iter().flat_map(|outcome| &outcome.denials);
    let reasons = denials.map(|denial| &denial.blocked);
    for network_error in reasons.filter(|blocked| matches!(blocked, Blocked::Network(_))) {
        fault(true, network_error.to_string());
    }
    fault(
        log.left() > 0,
        format!("{} requests belong to no case", log.left()),
    );
    for wrong in &playground {
        fault(true, format!("playground: {wrong}"));
    }
    for wrong in faults_of_acts {
        fault(true, format!("acts: {wrong}"));
    }
    println!(
        "{} {version}: {all} calls in {} cases, {blocked} of them blocked; {faults} faults",
        engine.title,
        cases.len()
    );
    let column = Column {
        engine,
        version,
        marks,
        acts,
    };
    Ok((column, faults))
}

/// Compares the outcomes of a case. Prints differences that are not known, and known differences that are gone.
fn mark(engine: &'static Engine, case: &Case, simulated: &Outcome, real: &Outcome) -> Mark {
    let Some(known) = engine.known_difference(case) else {
        return match run::compare(engine, case, simulated, real) {
            None => Mark::Same,
            Some(differs) => fault(engine, case, differs, simulated, real),
        };
    };
    if run::compare(engine, case, simulated, real).is_none() {
        let name = engine.name;
        println!(
            "{name}: {}, {}: the known difference is gone; remove it from src/engines",
            case.policy, case.about
        );
        return Mark::Same;
    }
    let expected = known.apply(simulated.clone());
    match run::compare(engine, case, &expected, real) {
        None if expected.results == simulated.results => {
            Mark::Known(known.why, Difference::Requests)
        }
        None => Mark::Known(known.why, Difference::PageResult),
        Some(differs) => fault(engine, case, differs, &expected, real),
    }
}

fn fault(
    engine: &'static Engine,
    case: &Case,
    differs: Difference,
    simulated: &Outcome,
    real: &Outcome,
) -> Mark {
    print_difference(engine, case, differs, simulated, real);
    Mark::Fault(differs)
}

fn print_difference(
    engine: &'static Engine,
    case: &Case,
    differs: Difference,
    simulated: &Outcome,
    real: &Outcome,
) {
    println!(
        "\n{}: {} from {}: {}: {differs:?} differs",
        engine.name, case.policy, case.page, case.about
    );
    for (name, outcome) in [("the simulated browser", simulated), (engine.name, real)] {
        println!("  {name}");
        for verdict in &outcome.results {
            println!("    {verdict:?}");
        }
        for sent in &outcome.requests {
            println!(
                "    sent {} {} {:?}",
                sent.method, sent.target, sent.headers
            );
        }
        for denial in &outcome.denials {
            println!("    {}", denial.blocked);
        }
        for line in &outcome.console {
            println!("    {line}");
        }
    }
}
