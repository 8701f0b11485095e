//! A look-up: there is at most one, and it can answer.

use super::compiler::{Compiler, push_new};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    location::Location,
    policy::origin_lookup::OriginLookup,
};

impl Compiler {
    pub(super) fn take_lookup(&mut self, location: Location, lookup: OriginLookup) {
        self.listed_origins = true;
        if let Err(violation) = self.check_lookup(&lookup) {
            let source = self.source(location);
            return self.errors.push(source.mistake(None, violation));
        }
        if lookup.is_by_host {
            push_new(&mut self.rules.vary_on, "Host", str::eq_ignore_ascii_case);
            self.suspicions.reads_headers = true;
        }
        self.rules.lookup = Some(lookup);
        self.suspicions.lookup = Some(location.clone());
        self.locations.lookup = Some(location);
    }

    fn check_lookup(&self, lookup: &OriginLookup) -> Result<(), Violation> {
        let refuse = |rule, fix: &'static str| Err(Violation::new(Kind::Lookup, rule, fix));
        if self.locations.lookup.is_some() {
            refuse(
                "there must not be a second look-up",
                "ask both sources in one",
            )
        } else if lookup.max_in_flight == 0 {
            refuse(
                "a look-up must have at least one call in flight",
                "write `max_in_flight(1)` or more",
            )
        } else if lookup.timeout.is_zero() {
            refuse(
                "a look-up must have time to answer",
                "write `timeout(Duration::from_secs(1))`",
            )
        } else {
            Ok(())
        }
    }
}
