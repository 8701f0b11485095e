//! The table of all rows, for people, and in `README.md`.

use std::{fmt::Write as _, fs, io, path::PathBuf};

use crate::{
    cases::{self, Case},
    driver::Kind,
    known::{self, KNOWN},
    policies::POLICIES,
    run::{Differs, Outcome},
    verdict::Verdict,
};

const START: &str = "<!-- written by `cargo run -p e2e -- --write` -->\n";

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
    pub version: String,
    pub differs: Vec<Option<Differs>>,
    /// What is wrong with the playground in it.
    pub playground: Vec<String>,
}

/// The rows of the table, group by group.
pub fn table(cases: &[Case], simulated: &[Outcome], columns: &[Column]) -> String {
    let mut text = String::new();
    let mut group = "";
    for (number, (case, outcome)) in cases.iter().zip(simulated).enumerate() {
        if case.group != group {
            group = case.group;
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n### {group}\n\n| policy | page | what it does | `test-browser` | Chromium | Firefox |\n| --- | --- | --- | --- | --- | --- |\n"
            );
        }
        let cell = |browser| match columns.iter().find(|column| column.browser == browser) {
            Some(column) => mark(browser, case, column.differs[number]),
            None => String::new(),
        };
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} | {} |",
            case.policy,
            case.page,
            case.about.replace('*', "\\*"),
            verdicts(case, outcome),
            cell(Kind::Chromium),
            cell(Kind::Firefox),
        );
    }
    text
}

/// The same, or a note by its number.
fn mark(browser: Kind, case: &Case, differs: Option<Differs>) -> String {
    let note = known::of(browser, &case.about).map_or(0, |known| note_number(known.why));
    match differs {
        None => "same".to_owned(),
        Some(Differs::Sent) => format!("same ({note})"),
        Some(Differs::Verdict) => format!("differs ({note})"),
        Some(Differs::Console) => "other words".to_owned(),
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

/// The whole written part of `README.md`.
pub fn section(table: &str, cases: &[Case], columns: &[Column]) -> String {
    let versions: Vec<&str> = columns
        .iter()
        .map(|column| column.version.as_str())
        .collect();
    let calls: usize = cases.iter().map(Case::calls).sum();
    let mut text = format!(
        "\n{calls} calls in {} rows, in each of: {}.\n\n",
        cases.len(),
        versions.join(", ")
    );
    text.push_str("What differs, by its number in the table:\n\n");
    for (number, note) in notes().into_iter().enumerate() {
        let _ = writeln!(text, "{}. {note}", number + 1);
    }
    text.push_str("\n### Policies\n\n| name | what it allows |\n| --- | --- |\n");
    for policy in &POLICIES {
        let _ = writeln!(text, "| {} | {} |", policy.name, policy.about);
    }
    for name in EXTRA {
        let _ = writeln!(text, "| {} | {} |", name.0, name.1);
    }
    text.push_str(table);
    text
}

/// Writes the section.
pub fn write(section: &str) -> io::Result<()> {
    let text = fs::read_to_string(path())?;
    let kept = text.split(START).next().unwrap_or_default();
    fs::write(path(), format!("{kept}{START}{section}"))
}

/// The rows of the table in `README.md` that this run would write otherwise. Of a run with one browser, which may have been
/// updated since, only what the browser for tests says counts.
pub fn stale(table: &str, columns: &[Column]) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(path())?;
    let written = text.split(START).nth(1).unwrap_or_default();
    let cells = if columns.len() == 2 { 6 } else { 4 };
    let written = rows(written, cells);
    let rows = rows(table, cells);
    let missing = rows.iter().filter(|row| !written.contains(row));
    let mut stale: Vec<String> = missing.map(|row| row.join(" | ")).collect();
    if rows.len() != written.len() {
        stale.push(format!(
            "{} rows where the run has {}",
            written.len(),
            rows.len()
        ));
    }
    Ok(stale)
}

/// The first cells of each row of the tables with six columns.
fn rows(text: &str, cells: usize) -> Vec<Vec<&str>> {
    text.lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|row| row.len() == 8)
        .map(|row| row.into_iter().skip(1).take(cells).collect())
        .collect()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}
