//! Booleans, `max_age` and the status of preflights: settings of one value. Two sources may set one only to the same.

use std::time::Duration;

use super::compiler::{Compiler, Scalar};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    http::StatusCode,
    location::Location,
    policy::setting::Flag,
    quote::Quoted,
};

/// The longest `max_age`, in seconds. No browser keeps a preflight for longer.
pub(in crate::policy) const MAX_MAX_AGE: u64 = 86_400;

impl Compiler {
    pub(super) fn take_flag(&mut self, location: &Location, flag: Flag, is_on: bool) {
        let text = if is_on { "true" } else { "false" };
        let name = flag.setting().setter;
        if !self.agrees(location, name, text, text) || !is_on {
            return;
        }
        match flag {
            Flag::Credentials => self.rules.credentials = true,
            Flag::InsecureOrigins => self.insecure_origins = true,
            Flag::PublicSuffixSubdomains => self.public_suffix_subdomains = true,
            Flag::LaxRegexes => self.lax_regexes = true,
            Flag::OmitVaryForAnyOrigin => {
                self.rules.omit_vary_for_any_origin = true;
                self.suspicions.omit_vary.add(location, text);
            }
            Flag::RejectDeniedOrigins => {
                self.rules.reject_denied_origins = true;
                self.suspicions.reject_denied.add(location, text);
            }
            Flag::TrustForwardedHeaders => {
                self.rules.trust_forwarded_headers = true;
                self.suspicions.trust_forwarded.add(location, text);
            }
            Flag::Diagnostics => {
                self.rules.diagnostics = true;
                self.suspicions.diagnostics.add(location, text);
            }
        }
    }

    /// Whether a setting of one value has no other value so far. If it has, that is an error that names both locations.
    fn agrees(
        &mut self,
        location: &Location,
        setting: &'static str,
        text: &str,
        value: &str,
    ) -> bool {
        let before = self.scalars.iter().find(|scalar| scalar.setting == setting);
        let Some(before) = before else {
            self.scalars.push(Scalar {
                setting,
                value: value.to_owned(),
                text: text.to_owned(),
                location: location.clone(),
            });
            return true;
        };
        if before.value == value {
            return true;
        }
        let fix = format!(
            "{} sets it to {}; remove one of them",
            before.location,
            Quoted(before.text.as_bytes())
        );
        let rule = format!("{setting} is set twice, with different values");
        self.fail(location, text, Violation::new(Kind::Conflict, rule, fix));
        false
    }

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
        } else if self.agrees(location, "max_age", text, &age.as_secs().to_string()) {
            if seconds > Some(fetch_standard::CHROMIUM_MAX_AGE) {
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
                if self.agrees(location, "preflight status", text, status.as_str()) {
                    self.rules.preflight_status = status;
                }
            }
            _ => {
                let violation = Violation::new(
                    Kind::PreflightStatus,
                    "preflight status must be 200 to 299",
                    Fix::from("write ").and(Piece::Value("204".to_owned())).and(
                        ", the default: browsers treat a status out of this range as a denial",
                    ),
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
    Fix::from("no browser caches a preflight for longer than a day: write ")
        .and(Piece::Value(MAX_MAX_AGE.to_string()))
        .and(" or less; Chromium's maximum is 7200 seconds")
}
