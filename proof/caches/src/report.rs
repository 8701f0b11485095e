//! What is printed, and the table of the README.

use std::{fs, io};

use crate::{
    cache::Kind,
    run::{Mix, Outcome},
};

/// What became of a check.
pub struct Row {
    pub name: &'static str,
    pub outcome: Outcome,
    /// The same requests to a server that sends no `Vary`.
    pub control: Option<Outcome>,
}

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end of table -->\n";

/// How many lines of the table come before its rows.
const HEAD: usize = 2;

/// How much is said of a check that fails.
const FAULTS: usize = 5;

impl Row {
    fn is_well(&self) -> bool {
        let control = self.control.as_ref();
        self.outcome.faults.is_empty() && control.is_none_or(|control| control.mixed_up() > 0)
    }

    fn print(&self) {
        let verdict = if self.is_well() { "ok" } else { "FAILED" };
        let Outcome { requests, hits, .. } = self.outcome;
        let control = match &self.control {
            None => String::new(),
            Some(control) => format!("; without Vary, {} mixed up", control.mixed_up()),
        };
        println!(
            "{verdict:<6} {}: {hits} hits of {requests}{control}",
            self.name
        );
        for fault in self.outcome.faults.iter().take(FAULTS) {
            println!("       {}", fault.text);
        }
        if self
            .control
            .as_ref()
            .is_some_and(|control| control.mixed_up() == 0)
        {
            println!("       control: no answer was mixed up, so this check shows nothing");
        }
    }
}

/// Prints the rows of one cache. Whether all is well.
pub fn print(cache: &str, rows: &[Row]) -> bool {
    println!("{cache}");
    rows.iter().for_each(Row::print);
    let failed = rows.iter().filter(|row| !row.is_well()).count();
    let hits: usize = rows.iter().map(|row| row.outcome.hits).sum();
    let requests: usize = rows.iter().map(|row| row.outcome.requests).sum();
    println!(
        "{} checks, {failed} failed; {hits} hits of {requests}",
        rows.len()
    );
    let controls: Vec<&Outcome> = rows.iter().filter_map(|row| row.control.as_ref()).collect();
    let mixed_up = |mix| -> usize {
        let controls = controls.iter();
        controls.map(|control| control.mixed_up_by(mix)).sum()
    };
    let [another, blocked, opened] = [Mix::Another, Mix::Blocked, Mix::Opened].map(mixed_up);
    println!(
        "{} controls without Vary: another's origin {another} times, an allowed page without a header {blocked}, \
         a denied page with one {opened}\n",
        controls.len()
    );
    failed == 0 && another > 0 && blocked > 0 && opened > 0
}

/// In which rows the README's table differs from this run. The caches that were not asked are left out, and so are the
/// versions.
pub fn stale(kinds: &[Kind], columns: &[Vec<Row>]) -> Result<Vec<String>, String> {
    let text = read()?;
    let (_, table, _) = parts(&text)?;
    let is_asked = Kind::ALL.map(|kind| kinds.contains(&kind));
    // The check and its requests, the caches, and the control.
    let is_kept = [true, true].into_iter().chain(is_asked).chain([true]);
    let kept = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|').map(str::trim);
        let cells = cells.zip(is_kept.clone()).filter(|(_, is_kept)| *is_kept);
        cells.map(|(cell, _)| cell.to_owned()).collect()
    };
    let lines = table.lines().filter(|line| line.starts_with('|'));
    let written: Vec<Vec<String>> = lines.skip(HEAD).map(kept).collect();
    let seen = rows(columns);
    let missing = seen.iter().filter(|row| !written.contains(row));
    let missing = missing.map(|row| format!("it lacks {}", line(row)));
    let wrong = written.iter().filter(|row| !seen.contains(row));
    let wrong = wrong.map(|row| format!("it has {}", line(row)));
    let mut stale: Vec<String> = missing.chain(wrong).collect();
    if stale.is_empty() && seen != written {
        stale.push("its rows are in another order, or one is there twice".to_owned());
    }
    Ok(stale)
}

/// Writes the table of the README, from a run with all caches.
pub fn write(versions: &[String], columns: &[Vec<Row>]) -> Result<(), String> {
    let text = read()?;
    let (before, _, after) = parts(&text)?;
    let table = table(versions, columns);
    fs::write(README, format!("{before}{BEGIN}{table}{END}{after}")).map_err(said)
}

fn table(versions: &[String], columns: &[Vec<Row>]) -> String {
    let hits = Kind::ALL.iter().zip(versions);
    let hits = hits.map(|(kind, version)| format!("hits in {} {version}", kind.name()));
    let first = ["check", "requests"].map(str::to_owned);
    let last = ["fails without `Vary`".to_owned()];
    let head: Vec<String> = first.into_iter().chain(hits).chain(last).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let lines = [head, rule].into_iter().chain(rows(columns));
    let lines: Vec<String> = lines.map(|cells| line(&cells)).collect();
    format!("\n{}\n\n", lines.join("\n"))
}

/// The cells of each check: its name, its requests, the hits in each cache, and whether there is a control.
fn rows(columns: &[Vec<Row>]) -> Vec<Vec<String>> {
    let checks = columns.first().into_iter().flatten().enumerate();
    checks
        .map(|(number, check)| {
            let control = if check.control.is_some() {
                "yes"
            } else {
                "–"
            };
            let hits = columns.iter().filter_map(|column| column.get(number));
            let hits = hits.map(|row| row.outcome.hits.to_string());
            [check.name.to_owned(), check.outcome.requests.to_string()]
                .into_iter()
                .chain(hits)
                .chain([control.to_owned()])
                .collect()
        })
        .collect()
}

fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn read() -> Result<String, String> {
    fs::read_to_string(README).map_err(said)
}

/// What is before the table, the table, and what is after it.
fn parts(text: &str) -> Result<(&str, &str, &str), String> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (table, after) = rest.split_once(END)?;
        Some((before, table, after))
    });
    parts.ok_or_else(|| format!("{README}: no place for the table"))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn said(error: io::Error) -> String {
    format!("{README}: {error}")
}
