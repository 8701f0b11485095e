//! Where the parts of a policy came from, for `explain`: nothing that a request reads.

use crate::{location::Location, settings::Words};

/// The places of a policy's parts, in the order of those parts, and the words in which it was set.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) words: Words,
    pub(crate) entries: Runs,
    pub(crate) regexes: Vec<Location>,
    pub(crate) predicates: Vec<Location>,
    pub(crate) any_origin: Option<Location>,
}

/// The places of many entries. Those that follow each other in one list are one run, so that a million of them take the
/// room of one.
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
    pub(super) fn push(&mut self, place: &Location) {
        let continues = self
            .runs
            .last()
            .is_some_and(|run| run.first.after(self.count - run.start) == *place);
        if !continues {
            self.runs.push(Run {
                start: self.count,
                first: place.clone(),
            });
        }
        self.count += 1;
    }

    /// The place of the entry of a number.
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
    fn places_that_follow_each_other_are_one_run() {
        let list = Location::variable("LIST");
        let mut places: Vec<Location> = (0..1000).map(|index| list.at(index)).collect();
        places.push(Location::setter("allow_origin"));
        places.push(Location::setter("allow_origin"));
        places.push(list.at(3));
        places.extend((5..50).map(|index| list.at(index)));
        let mut runs = Runs::default();
        for place in &places {
            runs.push(place);
        }
        for (number, place) in places.iter().enumerate() {
            assert_eq!(runs.get(number).as_ref(), Some(place));
        }
        assert_eq!(runs.get(places.len()), None);
        assert_eq!(runs.runs.len(), 4);
    }
}
