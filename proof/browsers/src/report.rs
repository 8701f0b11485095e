//! The tables of all rows, one for each browser, in `tables/`.

use std::fmt::Write as _;

use expect_test::expect_file;

use crate::{
    cases::{self, Case},
    driver::Kind,
    known::KNOWN,
    policies::POLICIES,
    run::{Differs, Outcome},
    verdict::Verdict,
};

/// What stands where the name of a policy stands else.
const EXTRA: [(&str, &str); 2] = [
    (
        cases::EXAMPLE,
        "the program `examples/server.rs`, set by variables: `http://app.example.test:P`, and the regex of `regex`; PUT, DELETE; content-type, authorization; exposes x-request-id",
    ),
    (
        "raw",
        "no policy: a handler that writes the headers of its row",
    ),
];

/// What one browser did with all rows.
pub struct Column {
    pub browser: Kind,
    pub marks: Vec<Mark>,
}

/// A row in a browser, compared with the browser for tests.
#[derive(Clone, Copy)]
pub enum Mark {
    Same,
    /// As is known, in what the page gets or in what was sent alone.
    Known(&'static str, Differs),
    Fault(Differs),
}

/// The rows, group by group.
fn rows(cases: &[Case], simulated: &[Outcome], column: &Column) -> String {
    let mut text = String::new();
    let mut group = "";
    for ((case, outcome), mark) in cases.iter().zip(simulated).zip(&column.marks) {
        if case.group != group {
            group = case.group;
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n## {group}\n\n| policy | page | what it does | the browser for tests | {} |\n| --- | --- | --- | --- | --- |\n",
                column.browser.title(),
            );
        }
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} |",
            case.policy,
            case.page,
            case.about.replace('*', "\\*"),
            verdicts(case, outcome),
            cell(*mark),
        );
    }
    text
}

fn cell(mark: Mark) -> String {
    match mark {
        Mark::Same => "same".to_owned(),
        Mark::Known(why, Differs::Verdict) => format!("differs ({})", note_number(why)),
        Mark::Known(why, _) => format!("same ({})", note_number(why)),
        Mark::Fault(differs) => format!("{differs:?} differs"),
    }
}

fn verdicts(case: &Case, outcome: &Outcome) -> String {
    let mut words: Vec<String> = outcome.verdicts.iter().map(Verdict::word).collect();
    let preflights = outcome
        .sent
        .iter()
        .filter(|sent| sent.is_preflight())
        .count();
    if case.is_counted() {
        words.push(format!("preflights: {preflights}"));
    }
    words.join(", ")
}

/// Reasons for known differences, each once.
fn notes() -> Vec<&'static str> {
    let mut notes = Vec::new();
    for known in &KNOWN {
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

/// Compares a browser's table with the one that is kept. It panics with the difference, and writes the table if
/// `UPDATE_EXPECT` is set.
pub fn compare(cases: &[Case], simulated: &[Outcome], column: &Column) {
    let file = match column.browser {
        Kind::Chromium => expect_file!["../tables/chromium.md"],
        Kind::Firefox => expect_file!["../tables/firefox.md"],
    };
    file.assert_eq(&table(cases, simulated, column));
}

/// Compares the list of policies with the one that is kept, in the same way.
pub fn compare_policies() {
    let mut text = "# Policies\n\n| name | what it allows |\n| --- | --- |\n".to_owned();
    let policies = POLICIES.iter().map(|policy| (policy.name, policy.about));
    for (name, about) in policies.chain(EXTRA) {
        let _ = writeln!(text, "| {name} | {about} |");
    }
    expect_file!["../tables/policies.md"].assert_eq(&text);
}

/// Without the version of the browser: one that was updated and does the same has the same table.
fn table(cases: &[Case], simulated: &[Outcome], column: &Column) -> String {
    let calls: usize = cases.iter().map(Case::calls).sum();
    let mut text = format!(
        "# {}\n\n{calls} calls in {} rows. The policies are listed in [policies.md](policies.md).\n\n\
         What differs, by its number in the table:\n\n",
        column.browser.title(),
        cases.len(),
    );
    for (number, note) in notes().into_iter().enumerate() {
        let _ = writeln!(text, "{}. {note}", number + 1);
    }
    text.push_str(&rows(cases, simulated, column));
    text
}
