//! Instructions per request, counted by callgrind.

use std::{env, process::Command};

use crate::{
    goals::{Goal, Goals},
    machine, readme,
    scenarios::{self, Scenario},
    subjects::{BATCH, Driver, Subject},
    table::{self, Measured, Table, number},
};

/// The rows that the first page of the repository shows.
const SHOWN: [&str; 7] = [
    "no `Origin`",
    "allowed, 3 exact origins",
    "denied, 3 exact origins",
    "allowed, 10 regexes",
    "allowed among 1 000 000 exact origins",
    "preflight allowed, 3 headers asked",
    "preflight, 60 KB of request headers",
];
const SHOWN_HEAD: &str = "\
| | limit | this crate | actix-cors 0.7.2 | tower-http 0.7.1 |
| --- | --- | --- | --- | --- |
";
const SHOWN_COLUMNS: [Subject; 4] = [
    Subject::Limit,
    Subject::Ours,
    Subject::ActixCors,
    Subject::TowerHttp,
];

/// The function in which callgrind counts instructions. So it counts neither the start of the program nor the creation of
/// policies and requests.
#[inline(never)]
fn counted_requests(driver: &mut dyn Driver) {
    driver.run();
}

/// Handles this many requests. This is what callgrind runs.
pub fn run(mut driver: Box<dyn Driver>, times: usize) {
    for _ in 0..times.div_ceil(BATCH) {
        driver.prepare(BATCH);
        counted_requests(&mut *driver);
    }
}

/// Prints the table: all rows, or with thin link-time optimization those that have a goal.
pub fn report(scenarios: &[Scenario], has_goals: bool, is_whole: bool) {
    if !machine::has("valgrind") {
        return;
    }
    let is_thin = machine::has_thin_lto();
    let (name, title) = match is_thin {
        false => ("instructions", "Instructions per request over the floor"),
        true => (
            "thin instructions",
            "The same with thin link-time optimization",
        ),
    };
    let goal: &[_] = if has_goals { &["goal", "reached"] } else { &[] };
    let mut table = Table::new(name, title, &table::names(&[&[""], goal].concat()));
    let mut goals = Goals::default();
    let mut shown = String::new();
    let is_row = |scenario: &&Scenario| !is_thin || !matches!(scenario.goal, Goal::None);
    for scenario in scenarios.iter().filter(is_row) {
        let measured = Measured::of(scenario, measure_all);
        let over = |subject| measured.get(subject).map(|(own, floor)| own - floor);
        let ours = over(Subject::Ours).expect("measured");
        goals.remember(scenario.name, ours);
        let mut cells = vec![scenario.name.to_owned()];
        if has_goals {
            measure_basis(scenario.goal, &mut goals);
            let actix_cors = over(Subject::ActixCors);
            let reached = goals.check(scenario.name, scenario.goal, ours, actix_cors);
            cells.extend([scenario.goal.text(), reached.to_owned()]);
        }
        cells.extend(measured.cells(number, |count, floor| number(count - floor)));
        table.row(&cells);
        if SHOWN.contains(&scenario.name) {
            let cells = SHOWN_COLUMNS.map(|subject| over(subject).map_or(String::new(), number));
            shown += &format!("| {} | {} |\n", scenario.name, cells.join(" | "));
        }
    }
    if has_goals {
        table.note(&goals.summary());
    }
    table.finish(has_goals && is_whole);
    if is_whole && !is_thin && readme::is_wanted() {
        readme::store("README.md", name, &(SHOWN_HEAD.to_owned() + &shown));
    }
}

/// Measures the row to which a goal is relative, if it was not measured yet.
fn measure_basis(goal: Goal, goals: &mut Goals) {
    if let Goal::Over { row, .. } = goal
        && goals.ours(row).is_none()
    {
        let basis = scenarios::named(row).expect("a row");
        let [floor, ours] = [Subject::Floor, Subject::Ours].map(|subject| measure(subject, &basis));
        goals.remember(row, ours - floor);
    }
}

fn measure_all(scenario: &Scenario, subjects: &[Subject]) -> Vec<f64> {
    subjects
        .iter()
        .map(|subject| measure(*subject, scenario))
        .collect()
}

/// Instructions per request of a subject, including those of its floor.
fn measure(subject: Subject, scenario: &Scenario) -> f64 {
    let program = match scenario.is_stacked {
        false => env::current_exe().expect("this program"),
        true => machine::build("stacked"),
    };
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*counted_requests*",
        ])
        .arg(program)
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
