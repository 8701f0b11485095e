//! Heap allocations per request. What counts them is the other program of this package, which is asked.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::{
    machine,
    scenarios::{self, Scenario},
    subjects::{BATCH, Subject},
    table::{self, number},
};

/// Prints the table.
pub fn report(scenarios: &[Scenario]) {
    let measure = |scenario: &Scenario, subjects: &[Subject]| {
        let each = |total: &str| total.parse::<f64>().expect("a number") / BATCH as f64;
        let measure = |subject: &Subject| {
            let answer = ask(&["request", subject.name(), scenario.name]);
            let (count, bytes) = answer.split_once(' ').expect("two numbers");
            (each(count), each(bytes))
        };
        subjects.iter().map(measure).collect()
    };
    // A pool or a buffer that grows once in many requests is not shown.
    let cell = |(count, bytes): (f64, f64)| match (count.round(), bytes.round()) {
        (0.0, _) => "0".to_owned(),
        (count, bytes) => format!("{} ({} B)", number(count), number(bytes)),
    };
    let over = |(count, bytes), (floor, floor_bytes)| cell((count - floor, bytes - floor_bytes));
    let title = "Heap allocations per request over the floor";
    table::by_subject(title, scenarios, false, measure, cell, over);
}

/// Allocations and bytes of many requests, counted by the allocator that is at work.
pub fn count(subject: &str, row: &str) -> Option<String> {
    let mut driver = Subject::named(subject)?.driver(&scenarios::named(row)?);
    driver.prepare(BATCH);
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    driver.run();
    let change = region.change();
    let count = change.allocations + change.reallocations;
    Some(format!("{count} {}", change.bytes_allocated))
}

/// What the counting program says.
///
/// # Panics
///
/// If it cannot be built, or fails.
pub fn ask(question: &[&str]) -> String {
    let output = machine::program("counted")
        .args(question)
        .output()
        .expect("cargo");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{question:?}:\n{log}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
