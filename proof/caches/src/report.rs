//! The printed output, and the tables in `tables/`, one for each cache.

use expect_test::expect_file;

use crate::{
    cache::Kind,
    run::{Mixup, Outcome},
};

/// The result of a check.
pub struct Row {
    pub name: &'static str,
    pub outcome: Outcome,
    /// The result of the same requests to a server that sends no `Vary`.
    pub control: Option<Outcome>,
}

/// How many faults are printed for a check that fails.
const MAX_FAULTS_SHOWN: usize = 5;

impl Row {
    fn has_passed(&self) -> bool {
        let control = self.control.as_ref();
        self.outcome.faults.is_empty() && control.is_none_or(|control| control.mixed_up() > 0)
    }

    fn print(&self) {
        let result = if self.has_passed() { "ok" } else { "FAILED" };
        let Outcome { requests, hits, .. } = self.outcome;
        let control = match &self.control {
            None => String::new(),
            Some(control) => format!("; without Vary, {} wrong responses", control.mixed_up()),
        };
        println!(
            "{result:<6} {}: {requests} requests, {hits} hits{control}",
            self.name
        );
        for fault in self.outcome.faults.iter().take(MAX_FAULTS_SHOWN) {
            println!("       {}", fault.text);
        }
        if self
            .control
            .as_ref()
            .is_some_and(|control| control.mixed_up() == 0)
        {
            println!(
                "       control: without Vary, no client got a wrong response, so this check proves nothing"
            );
        }
    }
}

/// Prints the results of one cache. Returns whether all checks passed.
pub fn print(cache: &str, rows: &[Row]) -> bool {
    println!("{cache}");
    rows.iter().for_each(Row::print);
    let failed = rows.iter().filter(|row| !row.has_passed()).count();
    let hits: usize = rows.iter().map(|row| row.outcome.hits).sum();
    let requests: usize = rows.iter().map(|row| row.outcome.requests).sum();
    println!(
        "{} checks, {failed} failed; {requests} requests, {hits} hits",
        rows.len()
    );
    let controls: Vec<&Outcome> = rows.iter().filter_map(|row| row.control.as_ref()).collect();
    let mixed_up = |mixup| -> usize {
        let controls = controls.iter();
        controls.map(|control| control.mixed_up_by(mixup)).sum()
    };
    let [another, blocked, opened] =
        [Mixup::AnotherOrigin, Mixup::Blocked, Mixup::Opened].map(mixed_up);
    println!(
        "{} controls without Vary: responses for another origin {another}, allowed pages blocked {blocked}, \
         denied pages that can read {opened}\n",
        controls.len()
    );
    failed == 0 && another > 0 && blocked > 0 && opened > 0
}

/// Compares the table of a cache with the stored table. Panics with the difference, or writes the table if `UPDATE_EXPECT`
/// is set.
pub fn compare(kind: Kind, rows: &[Row]) {
    let file = match kind {
        Kind::Nginx => expect_file!["../tables/nginx.md"],
        Kind::Varnish => expect_file!["../tables/varnish.md"],
    };
    file.assert_eq(&table(kind, rows));
}

/// The table of a cache. It does not contain the version of the cache, so that an update which changes nothing else does not
/// change the table.
fn table(kind: Kind, rows: &[Row]) -> String {
    let head = format!(
        "# {}\n\nAll requests of a check that are not hits reach the server.\n\n\
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
