//! Where the parts of a policy came from, for `explain`. Serving a request does not read this.

use super::files::StampedFile;
use crate::{location::Location, settings::Words};

/// The locations of a policy's parts, in their order, and how messages about the whole policy name settings.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    pub(crate) words: Words,
    pub(crate) entries: Runs,
    pub(crate) credential_entries: Runs,
    pub(crate) regexes: Vec<Location>,
    pub(crate) predicates: Vec<Location>,
    #[cfg(feature = "lookup")]
    pub(crate) lookup: Option<Location>,
    pub(crate) any_origin: Option<Location>,
    /// The files that list entries, as they were when they were read.
    pub(crate) files: Vec<StampedFile>,
}

impl Locations {
    pub(super) fn has_listed_origins(&self) -> bool {
        let is_listed =
            self.entries.count > 0 || !self.regexes.is_empty() || !self.predicates.is_empty();
        #[cfg(feature = "lookup")]
        let is_listed = is_listed || self.lookup.is_some();
        is_listed
    }
}

/// The locations of many entries. Consecutive entries of a list are one run, so a million of them take as much memory
/// as one.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    count: usize,
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Run {
    start: usize,
    first: Location,
}

impl Runs {
    pub(super) fn push(&mut self, location: &Location) {
        let continues = self
            .runs
            .last()
            .is_some_and(|run| location.is_after(&run.first, self.count - run.start));
        if !continues {
            self.runs.push(Run {
                start: self.count,
                first: location.clone(),
            });
        }
        self.count += 1;
    }

    /// The location of the entry of a number.
    pub(crate) fn get(&self, number: usize) -> Option<Location> {
        if number >= self.count {
            return None;
        }
        let after = self.runs.partition_point(|run| run.start <= number);
        let run = self.runs.get(after.checked_sub(1)?)?;
        Some(run.first.after(number - run.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_that_follow_each_other_are_one_run() {
        let list = Location::text("LIST", &Words::Setters);
        let mut locations: Vec<Location> = (0..1000).map(|index| list.at(index)).collect();
        locations.push(Location::setter("allow_origin"));
        locations.push(Location::setter("allow_origin"));
        locations.push(list.at(3));
        locations.extend((5..50).map(|index| list.at(index)));
        let mut runs = Runs::default();
        for location in &locations {
            runs.push(location);
        }
        for (number, location) in locations.iter().enumerate() {
            assert_eq!(runs.get(number).as_ref(), Some(location));
        }
        assert_eq!(runs.get(locations.len()), None);
        assert_eq!(runs.runs.len(), 4);
    }
}
