//! The variables of one prefix: those of the table, and what other names mean.

use std::ffi::{OsStr, OsString};

use super::{
    forms::{Form, VARIABLES, Variable, read_text, variable},
    variable_names::{self, Meant},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    policy::setting::{ListKind, Setting, SettingKind},
    settings::{self, SettingName, Words},
};

/// The default prefix of variables.
pub(in crate::policy) const PREFIX: &str = "CORS_";

/// All settings from variables with the prefix, in the order of the table; then the errors and warnings about other
/// names.
pub(in crate::policy) fn settings<N, V>(
    prefix: &str,
    vars: impl IntoIterator<Item = (N, V)>,
) -> Vec<Setting>
where
    N: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    let texts = |(name, value): (N, V)| (name.as_ref().to_owned(), value.as_ref().to_owned());
    settings_of(prefix, &mut vars.into_iter().map(texts))
}

/// The same, compiled once for all types of variables.
fn settings_of(prefix: &str, vars: &mut dyn Iterator<Item = (OsString, OsString)>) -> Vec<Setting> {
    if prefix.is_empty() {
        let violation = Violation::new(
            Kind::VariableName,
            "prefix of variables must not be empty",
            "write one that no other program uses, such as `CORS_`",
        );
        let location = Location::setter("prefix");
        return vec![Setting::mistake(location, Some(prefix), violation, true)];
    }
    let words = Words::Variables(prefix.into());
    // The values of each variable of the table.
    let mut known = [const { Vec::new() }; VARIABLES.len()];
    // Sorted by name, because the variables of a process have no order.
    let mut others: Vec<(String, Meant, OsString)> = Vec::new();
    let mut settings = Vec::new();
    let mut has_missing_underscore = false;
    for (name, value) in vars {
        // A name that is not Unicode is not ours, but may be similar to one of ours.
        let name = name.to_string_lossy().into_owned();
        has_missing_underscore |= is_known_behind_underscore(prefix, &name);
        let number = name.strip_prefix(prefix).and_then(number_in_table);
        if let Some(values) = number.and_then(|number| known.get_mut(number)) {
            values.push(value);
        } else if let Some(meant) = variable_names::meant(prefix, &name) {
            let at = others.partition_point(|(other, ..)| *other < name);
            match others.get_mut(at) {
                Some((other, _, last)) if *other == name => *last = value,
                _ => others.insert(at, (name, meant, value)),
            }
        } else if variable_names::is_about_origins(&name) {
            settings.push(Setting::new(
                Location::text(&name, &words),
                SettingKind::OfOthers,
            ));
        }
    }
    if has_missing_underscore {
        let violation = Violation::new(
            Kind::VariableName,
            "prefix of variables must have its underscore",
            Fix::from("write ").and(Piece::Value(format!("{prefix}_"))),
        );
        return vec![Setting::mistake(
            Location::setter("prefix"),
            Some(prefix),
            violation,
            true,
        )];
    }
    let mut set = Vec::new();
    for (variable, values) in VARIABLES.iter().zip(&known) {
        if !values.is_empty() {
            let name = format!("{prefix}{}", variable.name());
            settings.extend(read(variable, &name, &words, values));
            set.push(variable.setting);
        }
    }
    let is_set = |setting: SettingName| {
        set.iter().any(|known| {
            known.variable == setting.variable
                || (known.is_about_origins() && setting.is_about_origins())
        })
    };
    for (name, meant, value) in others {
        let unknown = unknown(&name, meant, &words, &is_set);
        let is_error = matches!(unknown.kind, SettingKind::Mistake { .. });
        settings.push(unknown);
        // What is wrong with its value is said at once, and not after it was renamed. An error shows the value, so only
        // those of origins and numbers: what is named like the others may be a secret of another program.
        let is_shown = |setting: SettingName| {
            setting.is_about_origins()
                || [settings::MAX_AGE, settings::PREFLIGHT_STATUS].contains(&setting)
        };
        if let Meant::Setting(setting) = meant
            && variable_names::fix_for_any(setting).is_none()
            && is_shown(setting)
            && is_error
            && let Some(variable) = VARIABLES
                .iter()
                .find(|variable| variable.setting.variable == setting.variable)
        {
            settings.extend(read(variable, &name, &words, &[value]));
        }
    }
    settings
}

fn number_in_table(name: &str) -> Option<usize> {
    VARIABLES
        .iter()
        .position(|variable| variable.name() == name)
}

/// Whether a name would be ours with an underscore after the prefix.
fn is_known_behind_underscore(prefix: &str, name: &str) -> bool {
    let rest = name
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'));
    !prefix.ends_with('_') && rest.and_then(number_in_table).is_some()
}

/// The error or warning about an unknown variable. If the right one is set too, both may be intended, for different
/// programs.
fn unknown(
    name: &str,
    meant: Meant,
    words: &Words,
    is_set: &dyn Fn(SettingName) -> bool,
) -> Setting {
    let location = Location::text(name, words);
    let did_you_mean = |setting| {
        Fix::from("did you mean ")
            .and(Piece::Named(setting))
            .and("?")
    };
    match meant {
        Meant::Nothing => Setting::new(location, SettingKind::Unknown(None)),
        Meant::Setting(setting) if is_set(setting) => {
            Setting::new(location, SettingKind::Unknown(Some(did_you_mean(setting))))
        }
        Meant::Setting(setting) => {
            let fix = match variable_names::fix_for_any(setting) {
                Some(fix) => did_you_mean(setting).and(" ").and_all(fix),
                None => did_you_mean(setting)
                    .and(" Rename it; or, if another program reads it, set ")
                    .and(Piece::Named(setting))
                    .and(" as well"),
            };
            let violation = Violation::new(Kind::MisspelledVariable, "variable is unknown", fix);
            // The value is not shown, because it may be a secret of another program.
            Setting::mistake(location, None, violation, setting.is_about_origins())
        }
    }
}

/// The entries in a variable that code names. All other settings are set in code, so messages name setters.
pub(in crate::policy) fn origins_of(name: &str, value: &OsStr) -> Vec<Setting> {
    let variable = variable(settings::ORIGINS, Form::List(ListKind::Origins));
    read(&variable, name, &Words::Setters, &[value.to_owned()])
}

fn read(variable: &Variable, name: &str, words: &Words, values: &[OsString]) -> Vec<Setting> {
    let location = Location::text(name, words);
    let fail = |value: &str, violation| {
        let about_origins = variable.setting.is_about_origins();
        let mistake = Setting::mistake(location.clone(), Some(value), violation, about_origins);
        vec![mistake]
    };
    match values {
        [value] => match value.to_str() {
            Some(text) => read_text(variable, &location, text),
            None => {
                let fix = "write it in UTF-8";
                let violation = Violation::new(Kind::NotUnicode, "variable is not Unicode", fix);
                fail(&value.to_string_lossy(), violation)
            }
        },
        _ => {
            let mut all = Vec::new();
            for value in values {
                all.push(value.to_string_lossy().into_owned());
            }
            let rule = "variable is set more than once";
            fail(
                &all.join("\n"),
                Violation::new(Kind::Conflict, rule, "set it once"),
            )
        }
    }
}
