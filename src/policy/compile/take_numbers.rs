//! `max_age` and the status of preflights.

use std::time::Duration;

use super::compiler::Compiler;
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    http::StatusCode,
    location::Location,
};

/// The longest `max_age`, in seconds. No browser keeps a preflight for longer.
pub(in crate::policy) const MAX_MAX_AGE: u64 = 86_400;

/// The longest time for which Chromium keeps a preflight, in seconds.
const CHROMIUM_MAX_AGE: u32 = 7_200;

impl Compiler {
    pub(super) fn take_max_age(&mut self, location: &Location, age: Duration, text: &str) {
        let seconds = u32::try_from(age.as_secs())
            .ok()
            .filter(|seconds| u64::from(*seconds) <= MAX_MAX_AGE);
        if age.subsec_nanos() != 0 {
            let violation = Violation::new(
                Kind::MaxAge,
                "max_age must be in whole seconds",
                "Access-Control-Max-Age has no fractions; round it",
            );
            self.fail(location, text, violation);
        } else if seconds.is_none() {
            let violation = Violation::new(
                Kind::MaxAge,
                "max_age must not be over 86400 seconds",
                fix_of_max_age(age.as_secs()),
            );
            self.fail(location, text, violation);
        } else if self.rules.max_age.is_some() && self.rules.max_age != seconds {
            self.fail(location, text, conflict("max_age"));
        } else {
            if seconds > Some(CHROMIUM_MAX_AGE) {
                self.suspicions.long_max_age.add(location, text);
            }
            self.rules.max_age = seconds;
        }
    }

    pub(super) fn take_preflight_status(&mut self, location: &Location, status: u64, text: &str) {
        match u16::try_from(status)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
        {
            Some(status) if status.is_success() => {
                let before = self.preflight_status.get_or_insert(status);
                if *before == status {
                    self.rules.preflight_status = status;
                } else {
                    self.fail(location, text, conflict("preflight status"));
                }
            }
            _ => {
                let violation = Violation::new(
                    Kind::PreflightStatus,
                    "preflight status must be 200 to 299",
                    "browsers treat any other as a denial; 204 is the default",
                );
                self.fail(location, text, violation);
            }
        }
    }
}

/// Where thousands are a whole number of seconds, milliseconds are likely to be meant.
fn fix_of_max_age(value: u64) -> Fix {
    let meant = value / 1000;
    // Whole days, up to a year, are likely to be in seconds.
    let is_days = value.is_multiple_of(MAX_MAX_AGE) && value / MAX_MAX_AGE <= 366;
    if !is_days && value.is_multiple_of(1000) && (60..=MAX_MAX_AGE).contains(&meant) {
        return Fix::from("it is in seconds, not in milliseconds: write ")
            .and(Piece::Value(meant.to_string()));
    }
    Fix::from("no browser keeps a preflight for longer than a day: write ")
        .and(Piece::Value(MAX_MAX_AGE.to_string()))
        .and(" or less; Chromium keeps one for 7200 seconds")
}

fn conflict(setting: &str) -> Violation {
    Violation::new(
        Kind::Conflict,
        format!("{setting} is set twice, with different values"),
        "remove one of them",
    )
}
