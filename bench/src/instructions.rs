//! Instructions per request, counted by callgrind.

use std::{env, process::Command};

use crate::{
    scenarios::Scenario,
    subjects::{BATCH, Driver, Subject},
    table::{self, NONE, number},
};

/// What callgrind counts: it collects while this function runs, and so neither the start of the program nor the making of
/// policies and requests.
#[inline(never)]
fn counted_requests(driver: &mut dyn Driver) {
    driver.run();
}

/// One subject on one scenario, many times: what callgrind runs.
pub fn run(subject: Subject, scenario: &Scenario, times: usize) {
    let mut driver = subject.driver(scenario);
    for _ in 0..times.div_ceil(BATCH) {
        driver.prepare(BATCH);
        counted_requests(&mut *driver);
    }
}

/// Prints the table.
pub fn report(scenarios: &[Scenario], has_goals: bool) {
    let subjects = Subject::ALL
        .into_iter()
        .filter(|subject| *subject != Subject::TowerFloor);
    let goal = has_goals.then_some("goal");
    let columns = ["", "floor"].into_iter().chain(goal);
    let columns = columns.chain(subjects.clone().skip(1).map(Subject::name));
    table::head("Instructions per request over the floor", columns);
    for scenario in scenarios {
        let count =
            |subject: Subject| i64::try_from(measure(subject, scenario)).expect("less than 2⁶³");
        let floor = count(Subject::Floor);
        let over = subjects.clone().skip(1).map(|subject| match subject {
            _ if !subject.can(scenario) => NONE.to_owned(),
            Subject::TowerHttp => number(count(subject) - count(Subject::TowerFloor)),
            _ => number(count(subject) - floor),
        });
        let goal = has_goals.then(|| scenario.goal.to_owned());
        table::row(
            [scenario.name.to_owned(), number(floor)]
                .into_iter()
                .chain(goal)
                .chain(over),
        );
    }
}

/// Instructions per request of a subject, its floor included.
fn measure(subject: Subject, scenario: &Scenario) -> u64 {
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
    count.trim().parse::<u64>().expect("a number") / BATCH as u64
}
