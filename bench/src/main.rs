//! Prints what the layer costs beside others, as tables in Markdown.
//!
//! ```text
//! cargo run --release -p bench -- [--goals] [--row TEXT] [instructions]…
//! cargo run --release -p bench -- once SUBJECT ROW [TIMES]
//! ```
//!
//! Without the name of a part, all parts are measured; `--row` takes the rows that contain a text. The second form only
//! answers the requests of one row, many times, for a profiler to look at.

use std::{env, process::ExitCode};

use bench::{
    instructions,
    scenarios::{self, Scenario},
    subjects::{BATCH, Subject},
};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["once", subject, row] => once(subject, row, BATCH),
        ["once", subject, row, times] => times
            .parse()
            .ok()
            .and_then(|times| once(subject, row, times)),
        options => report(options),
    };
    match done {
        Some(()) => ExitCode::SUCCESS,
        None => {
            eprintln!("[--goals] [--row TEXT] [instructions]… | once SUBJECT ROW [TIMES]");
            ExitCode::FAILURE
        }
    }
}

fn once(subject: &str, row: &str, times: usize) -> Option<()> {
    let rows = scenarios::all();
    let scenario = rows.iter().find(|scenario| scenario.name == row)?;
    let subject = Subject::ALL
        .into_iter()
        .find(|known| known.name() == subject)?;
    instructions::run(subject, scenario, times);
    Some(())
}

fn report(options: &[&str]) -> Option<()> {
    let mut rows = scenarios::all();
    let mut has_goals = false;
    let mut parts = Vec::new();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--goals" => has_goals = true,
            "--row" => {
                let text = options.next()?;
                rows.retain(|scenario: &Scenario| scenario.name.contains(text));
            }
            "instructions" => parts.push(*option),
            _ => return None,
        }
    }
    let is_asked = |part| parts.is_empty() || parts.contains(&part);
    if is_asked("instructions") {
        instructions::report(&rows, has_goals);
    }
    Some(())
}
