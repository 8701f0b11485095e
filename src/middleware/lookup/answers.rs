//! Answers of a look-up that are kept, in two bounded tables.

use std::time::Duration;

use quick_cache::{Equivalent, sync::Cache};
use tokio::time::Instant;

use crate::policy::{BorrowedQuery, Keep, OriginLookup, OriginQuery, Verdict};

/// Allowed and denied ones are kept apart, so that a flood of denied ones cannot push out an allowed one.
pub(super) struct Answers {
    allowed: Table,
    denied: Table,
}

impl Answers {
    pub(super) fn new(lookup: &OriginLookup) -> Self {
        Self {
            allowed: Table::new(lookup.allowed),
            denied: Table::new(lookup.denied),
        }
    }

    /// The answer, if its time has not ended.
    pub(super) fn get(&self, query: &BorrowedQuery<'_>) -> Option<Verdict> {
        let now = Instant::now();
        if self.allowed.until(query).is_some_and(|end| now < end) {
            Some(Verdict::Allowed)
        } else if self.denied.until(query).is_some_and(|end| now < end) {
            Some(Verdict::Denied)
        } else {
            None
        }
    }

    /// Whether the last answer was "allowed", even if its time has ended. Such an answer stays until another one needs
    /// its room.
    pub(super) fn was_allowed(&self, query: &OriginQuery) -> bool {
        self.allowed.has(query)
    }

    pub(super) fn keep(&self, query: &OriginQuery, is_allowed: bool) {
        let (table, other) = if is_allowed {
            (&self.allowed, &self.denied)
        } else {
            (&self.denied, &self.allowed)
        };
        table.insert(query.clone());
        other.remove(query);
    }

    /// How many are kept: allowed and denied ones.
    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.allowed.len(), self.denied.len())
    }
}

/// The ends of times, each by what was asked. `None` keeps nothing.
struct Table {
    ends: Option<Cache<OriginQuery, Instant>>,
    keep: Keep,
}

impl Table {
    fn new(keep: Keep) -> Self {
        let keeps = keep.entries > 0 && !keep.time.is_zero();
        Self {
            ends: keeps.then(|| Cache::new(keep.entries)),
            keep,
        }
    }

    fn until(&self, query: &BorrowedQuery<'_>) -> Option<Instant> {
        self.ends.as_ref()?.get(query)
    }

    fn has(&self, query: &OriginQuery) -> bool {
        let ends = self.ends.as_ref();
        ends.is_some_and(|ends| ends.contains_key(query))
    }

    fn insert(&self, query: OriginQuery) {
        // The clock cannot count to `Duration::MAX`, which means forever.
        const FOREVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        if let Some(ends) = &self.ends {
            ends.insert(query, Instant::now() + self.keep.time.min(FOREVER));
        }
    }

    fn remove(&self, query: &OriginQuery) {
        if let Some(ends) = &self.ends {
            ends.remove(query);
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.ends.as_ref().map_or(0, Cache::len)
    }
}

impl Equivalent<OriginQuery> for BorrowedQuery<'_> {
    fn equivalent(&self, key: &OriginQuery) -> bool {
        self.is(key)
    }
}
