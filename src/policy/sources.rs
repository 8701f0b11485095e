//! What sets a policy: how its settings are named as a whole, and what to say if nothing says which origins are allowed.

use super::setting::{Setting, SettingKind};
use crate::{
    error::{PolicyErrorKind, Violation},
    location::Location,
    quote::Name,
    settings::{self, Words},
};

/// What sets a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// Sources that have all settings, in the order in which they were added.
    whole: Vec<Words>,
}

impl Sources {
    pub(super) fn add(&mut self, words: Words) {
        if !self.whole.contains(&words) {
            self.whole.push(words);
        }
    }

    /// The words for what is said of the policy as a whole. What can be set without changing code goes first.
    pub(super) fn words(&self) -> Words {
        self.whole.first().cloned().unwrap_or_default()
    }

    /// What to say if none of the settings says which origins are allowed.
    pub(super) fn missing(&self, settings: &[Setting], unset: &[String]) -> (Location, Violation) {
        let is_of_code = |setting: &Setting| *setting.location.words() == Words::Setters;
        let violation =
            |rule: String, fix: String| Violation::new(PolicyErrorKind::MissingOrigins, rule, fix);
        if let [words] = &*self.whole
            && !settings.iter().any(is_of_code)
            && unset.is_empty()
        {
            let mut fix =
                "list them here, or write `*` for any origin or `none` for no origin".to_owned();
            let (mut unknown, mut of_others) = (Vec::new(), Vec::new());
            for setting in settings {
                match setting.kind {
                    SettingKind::Unknown(_) => unknown.push(setting.location.to_string()),
                    SettingKind::OfOthers => of_others.push(setting.location.to_string()),
                    _ => {}
                }
            }
            if !unknown.is_empty() {
                fix = format!("{fix}; unknown and ignored: {}", unknown.join(", "));
            }
            if !of_others.is_empty() {
                let mut of_others: Vec<&str> = of_others.iter().map(String::as_str).collect();
                // The variables of a process have no order.
                of_others.sort_unstable();
                fix = format!(
                    "{fix}; not read, because of their names: {}",
                    of_others.join(", ")
                );
            }
            let rule = format!("no {} says which origins are allowed", words.holder());
            let location = Location::text(&words.name(&settings::ORIGINS), words);
            return (location, violation(rule, fix));
        }
        let mut names = Vec::new();
        for name in unset {
            names.push(Name(name).to_string());
        }
        for words in &self.whole {
            names.push(Name(&words.name(&settings::ORIGINS)).to_string());
        }
        let fix = if names.is_empty() {
            "call allow_origin(…) or another of its kind, or allow_no_origin()".to_owned()
        } else {
            format!(
                "set {}, or call allow_origin(…) or another of its kind",
                names.join(" or ")
            )
        };
        let rule = "no setting says which origins are allowed".to_owned();
        (Location::setter("build"), violation(rule, fix))
    }
}
