//! The table of all rows, for people, and in `README.md`.

use std::{fmt::Write as _, fs, io, path::PathBuf};

use crate::{
    cases::{self, Case},
    driver::Kind,
    known::KNOWN,
    policies::POLICIES,
    run::{Differs, Outcome},
    verdict::Verdict,
};

const START: &str = "<!-- written by `cargo run -p browsers -- --write` -->\n";

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

/// The rows of the table, group by group.
fn table(cases: &[Case], simulated: &[Outcome], columns: &[Column]) -> String {
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
        let cell = |browser| {
            let column = columns.iter().find(|column| column.browser == browser);
            column.map_or(String::new(), |column| cell(column.marks[number]))
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

/// The whole written part of `README.md`.
pub fn section(cases: &[Case], simulated: &[Outcome], columns: &[Column]) -> String {
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
    text.push_str(&table(cases, simulated, columns));
    text
}

/// Writes the section.
pub fn write(section: &str) -> io::Result<()> {
    let text = fs::read_to_string(path())?;
    let kept = text.split(START).next().unwrap_or_default();
    fs::write(path(), format!("{kept}{START}{section}"))
}

/// The first line that this run would write otherwise, versions aside. Of a run with one browser, which may have been
/// updated since, only what the browser for tests says counts.
pub fn stale(section: &str, columns: &[Column]) -> io::Result<Option<String>> {
    let text = fs::read_to_string(path())?;
    let written = text.split(START).nth(1).unwrap_or_default();
    let cells = if columns.len() == 2 { 6 } else { 4 };
    let (written, section) = (lines(written, cells), lines(section, cells));
    let mut pairs = section.iter().zip(&written);
    let differs = pairs
        .find(|(new, old)| new != old)
        .map(|(new, _)| new.clone());
    let is_shorter = || {
        format!(
            "{} lines, and this run has {}",
            written.len(),
            section.len()
        )
    };
    Ok(differs.or_else(|| (written.len() != section.len()).then(is_shorter)))
}

/// All lines but that of the versions; of a row with six cells, only the first ones.
fn lines(text: &str, cells: usize) -> Vec<String> {
    text.lines()
        .filter(|line| !line.contains("rows, in each of:"))
        .map(|line| {
            let row: Vec<&str> = line.split(" | ").collect();
            match row.get(..cells) {
                Some(first) if row.len() == 6 => first.join(" | "),
                _ => line.to_owned(),
            }
        })
        .collect()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}
