//! The page that a run writes: `README.md`.

use expect_test::expect_file;

use crate::{
    compare::{Comparison, Found},
    facts::Observed,
    matrix::{Page, Probe},
    row::{Reason, Row, Section},
    systems::{reasons::CREDENTIALS, system::System},
};

const ISSUES: &str = "
## The three common issues

Each is provoked in the systems that allow it: a page of the allowed origin is blocked. With ours, in the same matrix, it is not.

| issue | system | theirs | what is blocked | ours |
| --- | --- | --- | --- | --- |
";

/// How many requests are named one by one.
const MANY: usize = 4;

/// The result of a system: its rows, and the differences of each.
pub struct Part {
    title: &'static str,
    defaults: Option<String>,
    /// What all rows may have in common.
    common: Vec<String>,
    rows: Vec<(Row, Comparison)>,
    facts: Vec<Observed>,
    /// Lines of the table of common issues.
    issues: Vec<String>,
}

/// Compares the page with the stored one. Panics with the difference, or writes the page if `UPDATE_EXPECT` is set.
pub fn compare(parts: &[Part], refused: &str) {
    let tables: String = parts.iter().map(table).collect();
    let intro = include_str!("intro.md");
    let links =
        Section::ALL.map(|section| format!("[{}]: {}\n", section.name(), section.address()));
    let links = links.concat();
    // Sorted by the issue.
    let mut issues: Vec<&str> = parts
        .iter()
        .flat_map(|part| &part.issues)
        .map(String::as_str)
        .collect();
    issues.sort_by_key(|line| line.split('|').nth(1));
    let issues: String = issues.concat();
    let page = format!("{intro}{ISSUES}{issues}\n{refused}{tables}\n{links}");
    expect_file!["../README.md"].assert_eq(&page);
}

impl Part {
    /// It is a fault if a difference that rows are said to have in common was not observed.
    pub fn new(
        system: &System,
        rows: Vec<(Row, Comparison)>,
        facts: Vec<Observed>,
        issues: Vec<String>,
    ) -> Result<Self, String> {
        let mut common = Vec::new();
        for difference in (system.common)() {
            let found = rows.iter().flat_map(|(_, comparison)| &comparison.common);
            let mut found = found.filter(|found| found.reason == difference.reason);
            let Some(found) = found.next() else {
                let reason = difference.reason;
                return Err(format!("{}: not observed: {reason:?}", system.name));
            };
            let Found { theirs, ours, .. } = found;
            let probes = probes(&difference.probes, &[]);
            let reason = difference.reason.text();
            common.push(format!("{probes}: **{theirs}**, ours **{ours}**. {reason}"));
        }
        Ok(Self {
            title: system.title,
            defaults: system.defaults.map(|defaults| defaults.source()),
            common,
            rows,
            facts,
            issues,
        })
    }
}

fn table(part: &Part) -> String {
    let mut table = format!("\n## {}\n\n", part.title);
    if let Some(defaults) = &part.defaults {
        table.push_str(&format!("*Defaults* are `{defaults}`.\n\n"));
    }
    for common in &part.common {
        table.push_str(&format!("In most rows: {common}\n\n"));
    }
    table.push_str("| theirs | ours | differences |\n| --- | --- | --- |\n");
    for (row, comparison) in &part.rows {
        table.push_str(&format!(
            "| {} | {} | {} |\n",
            theirs(row),
            ours(row),
            differences(row, &comparison.found)
        ));
    }
    if !part.facts.is_empty() {
        table.push_str("\n| observed | request | response |\n| --- | --- | --- |\n");
    }
    for Observed {
        says,
        request,
        response,
    } in &part.facts
    {
        table.push_str(&format!("| {says} | {request} | {response} |\n"));
    }
    table
}

/// The option as code; or the file that has it, and what that says of itself.
fn theirs(row: &Row) -> String {
    let file = row.file.iter().map(|file| format!("[{file}]({file}): "));
    let option = if row.is_code {
        code(&row.option)
    } else {
        escaped(&row.option)
    };
    file.chain([option]).collect()
}

fn ours(row: &Row) -> String {
    let mut cell = String::new();
    if let (Some(refused), Some(Ok(rule))) = (&row.refused, row.refusal()) {
        let refused = code(&refused.source());
        cell = format!("{refused} is refused (*{}*). Instead: ", escaped(&rule));
    }
    cell.push_str(&code(&row.ours.source()));
    if row.defaults.is_some() {
        cell.push_str(" and *defaults*");
    }
    if let Some(prefix) = row.prefix {
        cell.push_str(&format!(", by `.at(\"{prefix}\", …)`"));
    }
    cell
}

fn differences(row: &Row, found: &[Found]) -> String {
    let mut lines = Vec::new();
    let mut reason = None;
    for found in found {
        // The next line often has the same reason.
        if reason != Some(found.reason) {
            lines.push(escaped(&found.reason.text()));
        }
        reason = Some(found.reason);
        lines.push(format!(
            "**{}**, ours **{}**: {}: {}",
            found.theirs,
            found.ours,
            pages(&found.pages),
            probes(&found.probes, &row.probes),
        ));
    }
    lines.extend(row.note.iter().map(|note| escaped(note)));
    if lines.is_empty() {
        lines.push("–".to_owned());
    }
    lines.join("<br>")
}

fn pages(pages: &[Page]) -> String {
    let with_origin = Page::ALL.iter().filter(|page| page.origin().is_some());
    let missing: Vec<&Page> = with_origin.filter(|page| !pages.contains(page)).collect();
    match missing.as_slice() {
        [] => "all origins".to_owned(),
        [missing] => format!("all except {}", missing.name()),
        _ => {
            let names: Vec<&str> = pages.iter().map(|page| page.name()).collect();
            names.join(", ")
        }
    }
}

/// The names of requests. If they are nearly all that a page can send, those that are missing are named.
fn probes(probes: &[Probe], asked: &[Probe]) -> String {
    let names = |probes: &[Probe]| {
        let names: Vec<&str> = probes.iter().map(|probe| probe.name()).collect();
        names.join(", ")
    };
    let mut missing = asked.to_vec();
    missing.retain(|probe| {
        !probes.contains(probe) && ![Probe::PlainOptions, Probe::SharedCache].contains(probe)
    });
    match missing.len() {
        _ if probes.len() <= MANY => names(probes),
        _ if CREDENTIALS.iter().all(|probe| missing.contains(probe)) && missing.len() == 2 => {
            "all requests without credentials".to_owned()
        }
        0 => "all requests".to_owned(),
        _ if missing.len() <= MANY => format!("all requests except {}", names(&missing)),
        _ => names(probes),
    }
}

/// Code in one line of a table.
pub fn code(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("`{}`", escaped(&words.join(" ")))
}

/// A bar would end the cell.
pub fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

impl Reason {
    /// The sentence in the table.
    pub fn text(self) -> String {
        match self {
            Self::Wrong(section, why) => format!("*Theirs is wrong* ([{}]): {why}", section.name()),
            Self::Stricter(documented, why) => {
                format!("*Ours is stricter on purpose* (docs of {documented}): {why}")
            }
            Self::Gap(why) => format!("*A gap of ours*: {why}"),
        }
    }
}
