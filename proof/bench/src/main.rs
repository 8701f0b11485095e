//! Measures the costs of the middleware and of others, and prints them as Markdown tables.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

use std::{env, process::ExitCode};

use bench::{
    allocations, compile, end_to_end, instructions, memory,
    scenarios::{self, Scenario},
    subjects::{BATCH, Subject},
    time,
};

const USAGE: &str = "\
usage: bench [--goals] [--row TEXT] [PART]…

PART is instructions, allocations, time, memory, end-to-end or compile. Without it, all parts but compile are measured.
--row selects the rows whose name contains TEXT.

usage: bench once SUBJECT ROW [TIMES]

handles the requests of one row, for a profiler. SUBJECT is floor, pass, limit, ours, actix-cors, tower-floor or tower-http.
";

fn main() -> ExitCode {
    if let Some(code) = compile::compile_for_cargo() {
        return code;
    }
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["once", subject, row] => once(subject, row, BATCH),
        ["once", subject, row, times] => times
            .parse()
            .ok()
            .and_then(|times| once(subject, row, times)),
        // The program calls itself with this, for the table of memory.
        ["build", subject, origins] => {
            memory::build(subject, origins).map(|nanoseconds| println!("{nanoseconds}"))
        }
        options => report(options),
    };
    match done {
        Some(()) => ExitCode::SUCCESS,
        None => {
            eprint!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn once(subject: &str, row: &str, times: usize) -> Option<()> {
    let driver = Subject::named(subject)?.driver(&scenarios::named(row)?);
    instructions::run(driver, times);
    Some(())
}

fn report(options: &[&str]) -> Option<()> {
    const PARTS: [&str; 6] = [
        "instructions",
        "allocations",
        "time",
        "memory",
        "end-to-end",
        "compile",
    ];
    let mut rows = scenarios::all();
    let (mut has_goals, mut is_whole) = (false, true);
    let mut parts = Vec::new();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--goals" => has_goals = true,
            "--row" => {
                let text = options.next()?;
                is_whole = false;
                rows.retain(|scenario: &Scenario| scenario.name.contains(text));
            }
            part if PARTS.contains(&part) => parts.push(part),
            _ => return None,
        }
    }
    if parts.is_empty() {
        parts = PARTS.into();
        parts.retain(|part| *part != "compile");
    }
    for part in parts {
        match part {
            "instructions" => instructions::report(&rows, has_goals, is_whole),
            "allocations" => allocations::report(&rows, is_whole),
            "time" => time::report(&rows, is_whole),
            "memory" => memory::report(has_goals),
            "compile" => compile::report(has_goals),
            _ => end_to_end::report(&rows, is_whole),
        }
    }
    Some(())
}
