//! What is logged of a look-up that fails: not a line for each request.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The failures of one look-up.
pub(super) struct Failures {
    last: Mutex<Last>,
    /// Logs why there is no answer.
    log: fn(&str),
}

/// What was logged last.
#[derive(Default)]
struct Last {
    is_failing: bool,
    line: Option<(Instant, String)>,
}

impl Failures {
    pub(super) fn new(log: fn(&str)) -> Self {
        Self {
            last: Mutex::default(),
            log,
        }
    }

    /// Logs a failure that is other than the last one, or the first after an answer. The text may have the origin in it,
    /// so a flood could fill the log: there is at most one line a second.
    pub(super) fn say(&self, why: &str) {
        const PAUSE: Duration = Duration::from_secs(1);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, line)) = &last.line {
            let is_known = last.is_failing && line == why;
            if is_known || when.elapsed() < PAUSE {
                return;
            }
        }
        *last = Last {
            is_failing: true,
            line: Some((Instant::now(), why.to_owned())),
        };
        // Without the lock: a logger may block, and other requests go on.
        drop(last);
        (self.log)(why);
    }

    /// The look-up has answered.
    pub(super) fn end(&self) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_failing = false;
    }
}
