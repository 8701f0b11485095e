//! What is logged once, or only a few times: a production log should show what a deployment forgot, but not a line for
//! each request.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use ::log::Level;

use crate::policy::Denial;

/// What was logged already, by all workers of a `Cors`.
#[derive(Debug, Default)]
pub(crate) struct SaidOnce {
    /// That an inner `Cors` allows what this one does not.
    loosened: AtomicBool,
    /// That any header does not cover `authorization`.
    authorization: AtomicBool,
    /// That a predicate panicked, where this is not the request's panic.
    panic: AtomicBool,
    /// How many denials are in `denials`: as soon as there are enough, requests read only this number.
    count: AtomicUsize,
    denials: Mutex<[u64; FIRST]>,
}

/// How many denials that differ in kind and origin are logged at `info`.
const FIRST: usize = 10;

impl SaidOnce {
    /// Whether to log that an inner `Cors` allows what this one does not.
    pub(super) fn is_first_loosening(&self) -> bool {
        !self.loosened.swap(true, Ordering::Relaxed)
    }

    /// Whether it may still be logged that "any header" does not cover `authorization`: if not, no request is searched
    /// for it.
    pub(super) fn may_be_first_authorization(&self) -> bool {
        !self.authorization.load(Ordering::Relaxed)
    }

    /// Whether to log that "any header" does not cover `authorization`.
    pub(super) fn is_first_authorization(&self) -> bool {
        !self.authorization.swap(true, Ordering::Relaxed)
    }

    /// Whether to log that a predicate panicked.
    pub(super) fn is_first_panic(&self) -> bool {
        !self.panic.swap(true, Ordering::Relaxed)
    }

    /// Whether a denial is among the first that differ from each other in kind and origin.
    fn is_among_first(&self, kind: Denial, origin: &[u8]) -> bool {
        if self.count.load(Ordering::Relaxed) >= FIRST {
            return false;
        }
        // If two denials have the same hash, the log lacks a line.
        let mut hasher = DefaultHasher::new();
        (kind, origin).hash(&mut hasher);
        let denial = hasher.finish();
        // Nobody waits for the lock: the log lacks a line instead.
        let Ok(mut denials) = self.denials.try_lock() else {
            return false;
        };
        let count = self.count.load(Ordering::Relaxed);
        if denials.iter().take(count).any(|known| *known == denial) {
            return false;
        }
        let Some(free) = denials.get_mut(count) else {
            return false;
        };
        *free = denial;
        self.count.store(count + 1, Ordering::Relaxed);
        true
    }

    /// The level at which a denial is logged: `info` if it is [among the first](Self::is_among_first).
    pub(super) fn level(&self, kind: Denial, origin: &[u8]) -> Level {
        if self.is_among_first(kind, origin) {
            Level::Info
        } else {
            Level::Debug
        }
    }

    /// Forgets the denials and the warning about `authorization`, because a new policy is in use.
    pub(super) fn begin_again(&self) {
        let _denials = self.denials.lock().unwrap_or_else(PoisonError::into_inner);
        self.count.store(0, Ordering::Relaxed);
        self.authorization.store(false, Ordering::Relaxed);
        self.panic.store(false, Ordering::Relaxed);
    }
}

/// Whether the nearest entry may be searched for the log. In a long list, that takes longer than the request. So it is
/// done at most once a second in this process, and never in very long lists. In a short list it is always done: only the
/// first denials ask for it.
pub(super) fn may_look_for_nearest(entries: usize) -> bool {
    const SHORT: usize = 100;
    const LONGEST: usize = 10_000;
    const PAUSE: Duration = Duration::from_secs(1);
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    if entries <= SHORT {
        return true;
    }
    if entries > LONGEST {
        return false;
    }
    let Ok(mut last) = LAST.try_lock() else {
        return false;
    };
    let now = Instant::now();
    if last.is_some_and(|last| now.duration_since(last) < PAUSE) {
        return false;
    }
    *last = Some(now);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ten_denials_that_differ_are_new() {
        let said = SaidOnce::default();
        let origins: Vec<String> = (0..20)
            .map(|number| format!("https://{number}.example"))
            .collect();
        let mut first = Vec::new();
        for origin in origins.iter().chain(&origins) {
            if said.is_among_first(Denial::OriginNotAllowed, origin.as_bytes()) {
                first.push(origin);
            }
        }
        assert_eq!(first, origins.iter().take(10).collect::<Vec<_>>());
        said.begin_again();
        assert!(said.is_among_first(Denial::MethodNotAllowed, b"https://0.example"));
        assert!(said.is_among_first(Denial::OriginNotAllowed, b"https://0.example"));
        assert!(!said.is_among_first(Denial::OriginNotAllowed, b"https://0.example"));
    }

    #[test]
    fn the_nearest_entry_is_not_looked_for_in_long_lists() {
        assert!(!may_look_for_nearest(10_001));
    }
}
