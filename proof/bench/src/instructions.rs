//! Instructions per request, counted by callgrind.

use std::{env, process::Command};

use crate::{
    machine,
    scenarios::Scenario,
    subjects::{BATCH, Driver, Subject},
    table::{self, number},
};

/// The function in which callgrind counts instructions. So it counts neither the start of the program nor the creation of
/// policies and requests.
#[inline(never)]
fn counted_requests(driver: &mut dyn Driver) {
    driver.run();
}

/// Runs one subject on one scenario many times. This is what callgrind runs.
pub fn run(subject: Subject, scenario: &Scenario, times: usize) {
    let mut driver = subject.driver(scenario);
    for _ in 0..times.div_ceil(BATCH) {
        driver.prepare(BATCH);
        counted_requests(&mut *driver);
    }
}

/// Prints the table.
pub fn report(scenarios: &[Scenario], has_goals: bool) {
    if !machine::has("valgrind") {
        return;
    }
    table::by_subject(
        "Instructions per request over the floor",
        scenarios,
        has_goals,
        |scenario, subjects| {
            subjects
                .iter()
                .map(|subject| measure(*subject, scenario))
                .collect()
        },
        number,
        |count, floor| number(count - floor),
    );
}

/// Instructions per request of a subject, including those of its floor.
fn measure(subject: Subject, scenario: &Scenario) -> f64 {
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*counted_requests*",
        ])
        .arg(env::current_exe().expect("this program"))
        .args(["once", subject.name(), scenario.name])
        .output()
        .expect("valgrind");
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    let Some((_, count)) = collected.filter(|_| output.status.success()) else {
        panic!("{} on {}:\n{log}", subject.name(), scenario.name);
    };
    count.trim().parse::<f64>().expect("a number") / BATCH as f64
}
