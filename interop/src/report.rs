//! What is printed, and the table of the README.

use std::{fmt::Write as _, fs};

use crate::run::{Mix, Outcome};

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

/// Writes the table of the README.
pub fn write(versions: &[String], columns: &[Vec<Row>]) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{README}: {error}");
    let text = fs::read_to_string(README).map_err(said)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let Some((before, after)) = parts else {
        return Err(format!("{README}: no place for the table"));
    };
    let table = table(versions, columns);
    fs::write(README, format!("{before}{BEGIN}{table}{END}{after}")).map_err(said)
}

fn table(versions: &[String], columns: &[Vec<Row>]) -> String {
    let [nginx, varnish] = columns else {
        return String::new();
    };
    let mut table = format!(
        "\n| check | requests | hits in nginx {} | hits in varnish {} | fails without `Vary` |\n",
        versions[0], versions[1]
    );
    table += "| --- | --- | --- | --- | --- |\n";
    for (left, right) in nginx.iter().zip(varnish) {
        let control = if left.control.is_some() { "yes" } else { "–" };
        let (name, requests) = (left.name, left.outcome.requests);
        let hits = [left.outcome.hits, right.outcome.hits];
        writeln!(
            table,
            "| {name} | {requests} | {} | {} | {control} |",
            hits[0], hits[1]
        )
        .expect("a string takes all");
    }
    table.push('\n');
    table
}
