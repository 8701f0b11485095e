//! The tables of all cases in `tables/`, one for each browser.

use std::{env, fmt::Write as _};

use expect_test::expect_file;

use crate::{
    cases::{self, Case},
    engines::{ENGINES, Engine},
    page_result::PageResult,
    policies::POLICIES,
    run::{Difference, Outcome},
};

/// Names in the column of policies that are not in [`POLICIES`].
const EXTRA: [(&str, &str); 2] = [
    (
        cases::EXAMPLE,
        "the program `examples/server.rs`, with variables: `http://app.example.test:P`, and the regex of `regex`; PUT, DELETE; content-type, authorization; exposes x-request-id",
    ),
    (
        "raw",
        "no policy: a handler that sends the headers of its case",
    ),
];

/// The results of all cases in one browser.
pub struct Column {
    pub engine: &'static Engine,
    pub version: String,
    pub marks: Vec<Mark>,
}

/// The result of a case in a browser, compared with the simulated browser.
#[derive(Clone, Copy)]
pub enum Mark {
    Same,
    /// There is a known difference, with its explanation.
    Known(&'static str, Difference),
    Fault(Difference),
}

/// The rows of the table, in groups.
fn rows(cases: &[Case], simulated: &[Outcome], column: &Column) -> String {
    let mut text = String::new();
    let mut group = "";
    for ((case, outcome), mark) in cases.iter().zip(simulated).zip(&column.marks) {
        if case.group != group {
            group = case.group;
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n## {group}\n\n| policy | page | call | simulated browser | {} |\n| --- | --- | --- | --- | --- |\n",
                column.engine.title,
            );
        }
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} |",
            case.policy,
            case.page,
            case.about.replace('*', "\\*"),
            results(case, outcome),
            cell(*mark),
        );
    }
    text
}

fn cell(mark: Mark) -> String {
    match mark {
        Mark::Same => "same".to_owned(),
        Mark::Known(why, Difference::PageResult) => format!("differs ({})", note_number(why)),
        Mark::Known(why, _) => format!("same ({})", note_number(why)),
        Mark::Fault(differs) => format!("{differs:?} differs"),
    }
}

fn results(case: &Case, outcome: &Outcome) -> String {
    let mut words: Vec<String> = outcome.results.iter().map(PageResult::word).collect();
    let preflights = outcome
        .requests
        .iter()
        .filter(|sent| sent.is_preflight())
        .count();
    if case.shows_preflights() {
        words.push(format!("preflights: {preflights}"));
    }
    words.join(", ")
}

/// The explanations of the known differences, without duplicates.
fn notes() -> Vec<&'static str> {
    let mut notes = Vec::new();
    let all = ENGINES.iter().flat_map(|engine| engine.known_differences);
    for known in all {
        if !notes.contains(&known.why) {
            notes.push(known.why);
        }
    }
    notes
}

fn note_number(why: &str) -> usize {
    notes()
        .iter()
        .position(|note| *note == why)
        .map_or(0, |number| number + 1)
}

/// Compares the table of a browser with the stored table. Panics with the difference, or writes the table if `UPDATE_EXPECT`
/// is set.
pub fn compare(cases: &[Case], simulated: &[Outcome], column: &Column) {
    (column.engine.table)().assert_eq(&table(cases, simulated, column));
}

/// Compares the rows of these browsers in `README.md`, except for their versions, in the same way.
pub fn compare_summary(cases: &[Case], columns: &[Column]) {
    let file = expect_file!["../README.md"];
    let is_written = env::var_os("UPDATE_EXPECT").is_some();
    let mut text = String::new();
    for line in file.data().lines() {
        let mut cells = line.split(" | ");
        let title = cells.next().and_then(|cell| cell.strip_prefix("| "));
        let column = columns
            .iter()
            .find(|column| Some(column.engine.title) == title);
        let row = column.map(|column| {
            let version = if is_written {
                &column.version
            } else {
                cells.next().unwrap_or_default()
            };
            summary(cases, column, version)
        });
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", row.as_deref().unwrap_or(line));
    }
    file.assert_eq(&text);
}

fn summary(cases: &[Case], column: &Column, version: &str) -> String {
    let calls: usize = cases.iter().map(Case::calls).sum();
    let known = |is_seen: bool| {
        let marks = column.marks.iter();
        marks
            .filter(|mark| matches!(mark, Mark::Known(_, differs) if (*differs == Difference::PageResult) == is_seen))
            .count()
    };
    format!(
        "| {} | {version} | {calls} in {} cases | {} | {} |",
        column.engine.title,
        cases.len(),
        known(true),
        known(false),
    )
}

/// Compares the list of policies with the stored list in the same way.
pub fn compare_policies() {
    let mut text = "# Policies\n\n| name | description |\n| --- | --- |\n".to_owned();
    let policies = POLICIES.iter().map(|policy| (policy.name, policy.about));
    for (name, about) in policies.chain(EXTRA) {
        let _ = writeln!(text, "| {name} | {about} |");
    }
    expect_file!["../tables/policies.md"].assert_eq(&text);
}

/// The table of a browser. It does not contain the version of the browser, so that an update which changes nothing else does
/// not change the table.
fn table(cases: &[Case], simulated: &[Outcome], column: &Column) -> String {
    let calls: usize = cases.iter().map(Case::calls).sum();
    let mut text = format!(
        "# {}\n\n{calls} calls in {} cases. The policies are listed in [policies.md](policies.md).\n\n\
         Differences, with the numbers that the table uses:\n\n",
        column.engine.title,
        cases.len(),
    );
    for (number, note) in notes().into_iter().enumerate() {
        let _ = writeln!(text, "{}. {note}", number + 1);
    }
    text.push_str(&rows(cases, simulated, column));
    text
}
