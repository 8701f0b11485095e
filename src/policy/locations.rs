//! Where the parts of a policy came from, for `explain`: nothing that a request reads.

use std::sync::Arc;

use super::location::Place;
use crate::quote::Name;

/// The places of a policy's parts, in the order of those parts, and the words in which it was set.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) words: Words,
    pub(crate) entries: Runs,
    pub(crate) regexes: Vec<Place>,
    pub(crate) predicates: Vec<Place>,
    pub(crate) any_origin: Option<Place>,
}

/// What a person calls the settings: by their setters, or by variables with a prefix.
#[derive(Debug, Default)]
pub(crate) enum Words {
    #[default]
    Setters,
    Variables(Arc<str>),
}

/// What a remedy calls "`setter()`, or its variable", because where it is written it is not known which of them is in use.
const EITHER: &str = ", or its variable";

/// The settings that remedies name, each with its variable.
const NAMED: [(&str, &str); 5] = [
    ("allow_credentials()", "ALLOW_CREDENTIALS"),
    ("allow_origin_regex()", "ALLOWED_ORIGIN_REGEXES"),
    (
        "danger_allow_insecure_origins()",
        "DANGER_ALLOW_INSECURE_ORIGINS=true",
    ),
    (
        "danger_allow_lax_regexes()",
        "DANGER_ALLOW_LAX_REGEXES=true",
    ),
    (
        "danger_allow_public_suffix_subdomains()",
        "DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=true",
    ),
];

impl Words {
    /// A remedy with the one name that is in use; `None` if it names no setting.
    pub(crate) fn in_use(&self, remedy: &str) -> Option<String> {
        let (before, after) = remedy.split_once(EITHER)?;
        let (setter, variable) = NAMED.iter().find(|(setter, _)| before.ends_with(setter))?;
        let before = before.strip_suffix(setter)?;
        // As an aside it ends with a comma too.
        let after = after.strip_prefix(',').unwrap_or(after);
        Some(format!("{before}{}{after}", self.name(setter, variable)))
    }

    /// The name of a setting, given as that of its setter and of its variable.
    pub(crate) fn name(&self, setter: &str, variable: &str) -> String {
        match self {
            Self::Setters => setter.to_owned(),
            Self::Variables(prefix) => format!("{}{variable}", Name(prefix)),
        }
    }
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
    first: Place,
}

impl Runs {
    pub(super) fn push(&mut self, place: &Place) {
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
    pub(crate) fn get(&self, number: usize) -> Option<Place> {
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
        let list = Place::variable("LIST");
        let mut places: Vec<Place> = (0..1000).map(|index| list.entry(index)).collect();
        places.push(Place::setter("allow_origin"));
        places.push(Place::setter("allow_origin"));
        places.push(list.entry(3));
        places.extend((5..50).map(|index| list.entry(index)));
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
