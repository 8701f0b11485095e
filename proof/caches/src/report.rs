//! What is printed, and the tables, one for each cache, in `tables/`.

use expect_test::expect_file;

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

/// Compares a cache's table with the one that is kept. It panics with the difference, and writes the table if
/// `UPDATE_EXPECT` is set.
pub fn compare(kind: Kind, rows: &[Row]) {
    let file = match kind {
        Kind::Nginx => expect_file!["../tables/nginx.md"],
        Kind::Varnish => expect_file!["../tables/varnish.md"],
    };
    file.assert_eq(&table(kind, rows));
}

/// The requests and the hits of each check, and whether there is a control; without the version of the cache, because one
/// that was updated and does the same has the same table.
fn table(kind: Kind, rows: &[Row]) -> String {
    let head = format!(
        "# {}\n\nThe hits are of the requests of each check; the others have to reach the server.\n\n\
         | check | requests | hits | fails without `Vary` |\n| --- | --- | --- | --- |\n",
        kind.name()
    );
    let lines = rows.iter().map(|row| {
        let Outcome { requests, hits, .. } = row.outcome;
        let control = if row.control.is_some() { "yes" } else { "–" };
        format!("| {} | {requests} | {hits} | {control} |\n", row.name)
    });
    [head].into_iter().chain(lines).collect()
}
