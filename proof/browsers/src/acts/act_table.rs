//! The table of all requests in `tables/acts.md`, with the values of all engines.

use std::fmt::Write as _;

use expect_test::expect_file;

use super::{
    act::Act,
    receiver::{Arrived, POLICIES},
    verdict,
};
use crate::{engines::ENGINES, origins::Ports, report::Column};

/// The cells that an engine fills.
const CELLS: usize = 4 + POLICIES.len();

const HEADING: &str = "| page | request | `Origin` | `Sec-Fetch-Site` | `Sec-Fetch-Mode` | cookies | not listed | listed | with credentials |\n\
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";

const INTRODUCTION: &str = "# What browsers send for requests that may act

A page sends each request to a service with `reject_denied_origins()` and its own origins, under three policies. The last three
columns say whether the request reaches the handler:

- **not listed**: the policy allows no origin.
- **listed**: it allows the origins of all pages but the service's own and `null`, without credentials.
- **with credentials**: it allows them with credentials.

The page is one of the service itself (own), of another origin of the same site, or of another site. `page` stands for the
origin of the page, and `–` for a header that is not sent. The service has set three cookies, whose names are their `SameSite`.
Where browsers differ, a cell has a value for each.
";

/// What an engine sends for a request, and what happens to it: a line of the table without the values of other engines.
pub struct Line {
    group: &'static str,
    /// The page and the request.
    key: String,
    cells: [String; CELLS],
}

impl Line {
    pub fn new(act: &Act, arrived: &[Vec<Arrived>; POLICIES.len()], ports: Ports) -> Self {
        // A preflight says nothing about the request, so a policy that gets more than that is preferred.
        let mut all = arrived
            .iter()
            .filter_map(|arrived| verdict::decisive(arrived));
        let sent = all
            .clone()
            .find(|sent| !sent.is_preflight)
            .or_else(|| all.next());
        let header = |get: fn(&Arrived) -> Option<&String>| match sent.and_then(get) {
            None => "–".to_owned(),
            Some(value) if *value == act.source.origin(ports) => "page".to_owned(),
            Some(value) => format!("`{value}`"),
        };
        let cookies = match sent {
            Some(sent) if !sent.cookies.is_empty() => sent.cookies.join(", "),
            _ => "–".to_owned(),
        };
        let [denied, allowed, with_credentials] = arrived
            .each_ref()
            .map(|arrived| verdict::of(arrived).to_string());
        Self {
            group: act.group(),
            key: format!("{} | {act}", act.source),
            cells: [
                header(|sent| sent.origin.as_ref()),
                header(|sent| sent.site.as_ref()),
                header(|sent| sent.mode.as_ref()),
                cookies,
                denied,
                allowed,
                with_credentials,
            ],
        }
    }
}

/// Compares the table with the stored table, as the other tables are compared. For an engine that did not run, it takes the
/// stored values.
pub fn compare(columns: &[Column]) {
    let file = expect_file!["../../tables/acts.md"];
    let stored = file.data();
    file.assert_eq(&table(columns, &stored));
}

fn table(columns: &[Column], stored: &str) -> String {
    let Some(first) = columns.first() else {
        return String::new();
    };
    let mut text = INTRODUCTION.to_owned();
    let mut group = "";
    for (number, line) in first.acts.iter().enumerate() {
        if line.group != group {
            group = line.group;
            // Writing to a string cannot fail.
            let _ = write!(text, "\n## {group}\n\n{HEADING}");
        }
        let known = stored_cells(stored, line);
        let cells: Vec<String> = (0..CELLS)
            .map(|cell| {
                let values = ENGINES.iter().filter_map(|engine| {
                    let ran = columns
                        .iter()
                        .find(|column| column.engine.name == engine.name);
                    let value = match ran {
                        Some(column) => column.acts.get(number)?.cells[cell].clone(),
                        None => value_of(engine.title, known.as_ref()?.get(cell)?)?.to_owned(),
                    };
                    Some((engine.title, value))
                });
                merged(&values.collect::<Vec<_>>())
            })
            .collect();
        let _ = writeln!(text, "| {} | {} |", line.key, cells.join(" | "));
    }
    text
}

/// The cells of the stored row of a request.
fn stored_cells<'a>(stored: &'a str, line: &Line) -> Option<Vec<&'a str>> {
    let start = format!("| {} | ", line.key);
    let row = stored.lines().find_map(|row| row.strip_prefix(&start))?;
    Some(row.trim_end_matches(" |").split(" | ").collect())
}

/// One value if all engines have the same, otherwise each value with its engines.
fn merged(values: &[(&str, String)]) -> String {
    let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
    for (title, value) in values {
        match groups.iter_mut().find(|(_, known)| known == value) {
            Some((titles, _)) => titles.push(title),
            None => groups.push((vec![title], value)),
        }
    }
    match groups.as_slice() {
        [(_, value)] => (*value).to_owned(),
        groups => {
            let parts = groups
                .iter()
                .map(|(titles, value)| format!("{}: {value}", titles.join(", ")));
            parts.collect::<Vec<_>>().join("; ")
        }
    }
}

/// The inverse of [`merged`], for one engine.
fn value_of<'a>(title: &str, cell: &'a str) -> Option<&'a str> {
    if !cell.contains(": ") {
        return Some(cell);
    }
    cell.split("; ")
        .filter_map(|part| part.split_once(": "))
        .find(|(titles, _)| titles.split(", ").any(|one| one == title))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The guide shows some of the rows, without the columns of cookies and of origins that are not listed.
    #[test]
    fn the_guide_has_rows_of_the_table() {
        const GUIDE: &str = include_str!("../../../../src/guides/cors_and_cross_site_requests.md");
        const TABLE: &str = include_str!("../../tables/acts.md");
        let cells = |row: &'static str| -> Vec<&str> {
            let row = row.trim_start_matches("| ").trim_end_matches(" |");
            row.split(" | ").collect()
        };
        let rows: Vec<Vec<&str>> = TABLE
            .lines()
            .filter(|line| line.starts_with("| "))
            .map(cells)
            .filter(|cells| cells.len() == 2 + CELLS)
            .map(|cells| [&cells[..5], &cells[7..]].concat())
            .collect();
        let (_, shown) = GUIDE
            .split_once("| page | request | `Origin` |")
            .expect("a table");
        let shown = shown.lines().skip(2);
        let shown: Vec<_> = shown
            .take_while(|line| line.starts_with("| "))
            .map(cells)
            .collect();
        assert!(shown.len() > 10, "{shown:?}");
        for row in shown {
            assert!(
                rows.contains(&row),
                "the table does not have this row: {row:?}"
            );
        }
    }

    #[test]
    fn a_cell_keeps_the_value_of_each_engine() {
        let values = |values: [&str; 3]| {
            let pairs = ENGINES.iter().zip(values);
            let pairs: Vec<_> = pairs
                .map(|(engine, value)| (engine.title, value.to_owned()))
                .collect();
            merged(&pairs)
        };
        assert_eq!(values(["a", "a", "a"]), "a");
        let cell = values(["a, b", "c", "a, b"]);
        assert_eq!(cell, "Chromium, WebKit: a, b; Firefox: c");
        assert_eq!(value_of("WebKit", &cell), Some("a, b"));
        assert_eq!(value_of("Firefox", &cell), Some("c"));
        assert_eq!(value_of("Firefox", "d"), Some("d"));
    }
}
