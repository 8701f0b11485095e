//! Heap allocations per request. The program `counted` of this package counts them.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::{
    machine,
    scenarios::{self, Scenario},
    subjects::{BATCH, Subject},
    table::{self, Measured, Table, number},
};

/// Prints the table.
pub fn report(scenarios: &[Scenario], is_whole: bool) {
    let measure = |scenario: &Scenario, subjects: &[Subject]| {
        let each = |total: &str| total.parse::<f64>().expect("a number") / BATCH as f64;
        let measure = |subject: &Subject| {
            let answer = run_counter(&["request", subject.name(), scenario.name]);
            let (count, bytes) = answer.split_once(' ').expect("two numbers");
            (each(count), each(bytes))
        };
        subjects.iter().map(measure).collect()
    };
    // Rounding hides a pool or a buffer that grows once in many requests.
    let cell = |(count, bytes): (f64, f64)| match (count.round(), bytes.round()) {
        (0.0, _) => "0".to_owned(),
        (count, bytes) => format!("{} ({} B)", number(count), number(bytes)),
    };
    let over = |(count, bytes), (floor, floor_bytes)| cell((count - floor, bytes - floor_bytes));
    let title = "Heap allocations per request over the floor";
    let mut table = Table::new("allocations", title, &table::names(&[""]));
    for scenario in scenarios.iter().filter(|scenario| !scenario.is_stacked) {
        let name = vec![scenario.name.to_owned()];
        let cells = Measured::of(scenario, measure).cells(cell, over);
        table.row(&[name, cells].concat());
    }
    table.finish(is_whole);
}

/// Allocations and bytes of many requests, counted by the global allocator.
pub fn count(subject: &str, row: &str) -> Option<String> {
    let mut driver = Subject::named(subject)?.driver(&scenarios::named(row)?);
    driver.prepare(BATCH);
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    driver.run();
    let change = region.change();
    let count = change.allocations + change.reallocations;
    Some(format!("{count} {}", change.bytes_allocated))
}

/// Runs the counting program and returns its output.
///
/// # Panics
///
/// If it cannot be built, or fails.
pub fn run_counter(arguments: &[&str]) -> String {
    let output = machine::program("counted")
        .args(arguments)
        .output()
        .expect("cargo");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}:\n{log}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
