//! The keys of a program's own settings: the same settings as variables, and lists that are sequences.

use std::collections::BTreeMap;

use super::{
    forms::{Form, TRUE_OR_FALSE, VARIABLES, Variable, credentials_for_some, read_text},
    list_settings::list_with_mistakes,
    variable_names::{fix_for_any, meant_by_key},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    policy::setting::{Flag, ListKind, Setting, SettingKind},
    settings::Words,
};

/// The value of a key, as far as a setting may need it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::policy) enum Value {
    /// A string, a boolean, or a number.
    Text(String),
    List(Vec<Value>),
    Null,
    /// What no setting takes, and what it is.
    Other(&'static str),
}

/// Every setting, in the order of the table; then the keys that are not of the table.
pub(in crate::policy) fn settings_of_keys(mut given: BTreeMap<String, Vec<Value>>) -> Vec<Setting> {
    let mut settings = Vec::new();
    for variable in &VARIABLES {
        let key = variable.name().to_ascii_lowercase();
        match given.remove(&key).as_deref() {
            None => {}
            Some([value]) => settings.extend(read(variable, &key, value)),
            Some(_) => {
                let rule = "key is set more than once";
                let violation = Violation::new(Kind::Conflict, rule, "set it once");
                settings.push(mistake(variable, Location::sequence(&key), violation));
            }
        }
    }
    for (key, values) in &given {
        settings.push(unknown(key));
        // What is wrong with its value is said at once, and not after it was renamed.
        let meant = meant_by_key(key).filter(|meant| fix_for_any(*meant).is_none());
        let variable = VARIABLES.iter().find(|variable| {
            meant.is_some_and(|meant| variable.setting.variable == meant.variable)
        });
        if let (Some(variable), [value]) = (variable, &**values) {
            settings.extend(read(variable, key, value));
        }
    }
    settings
}

fn read(variable: &Variable, key: &str, value: &Value) -> Vec<Setting> {
    let sequence = Location::sequence(key);
    let (kind, values) = match (value, &variable.form) {
        (Value::Null, _) => return Vec::new(),
        (Value::Text(text), _) => {
            return read_text(variable, &Location::text(key, &Words::Keys), text);
        }
        (Value::List(values), Form::List(kind)) => (*kind, values),
        (Value::List(_), Form::Flag(Flag::Credentials)) => {
            let rule = "key must be a boolean, and is a list";
            let violation = Violation::new(Kind::ValueType, rule, credentials_for_some());
            return vec![mistake(variable, sequence, violation)];
        }
        (Value::List(_), form) => return vec![mistake(variable, sequence, not(form, "a list"))],
        (Value::Other(what), form) => return vec![mistake(variable, sequence, not(form, what))],
    };
    if let [Value::Text(word)] = &**values
        && ["*", "none"].contains(&&**word)
    {
        return read_text(variable, &sequence, word);
    }
    if values.is_empty() && kind.is_of_origins() {
        let fix = match kind {
            ListKind::Origins => "name at least one, or write `none` to deny every origin",
            _ => "name at least one, or leave it out",
        };
        let violation = Violation::new(Kind::Empty, "list must not be empty", fix);
        return vec![mistake(variable, sequence, violation)];
    }
    let about_origins = variable.setting.is_about_origins();
    let entries = values.iter().map(|value| match value {
        Value::Text(text) => Ok(&**text),
        Value::Null => Err(in_list(
            "null",
            "write `\"null\"` with quotes for opaque origins, or remove it",
        )),
        Value::List(_) => Err(in_list("a list", "write its entries here")),
        Value::Other(what) => Err(in_list(what, "write each entry as text")),
    });
    let mut entries = entries.map(|entry| {
        entry.map_err(|violation| SettingKind::Mistake {
            value: None,
            violation,
            about_origins,
        })
    });
    list_with_mistakes(&sequence, kind, &mut entries)
}

fn in_list(what: &str, fix: &'static str) -> Violation {
    let rule = format!("entry must be text, and is {what}");
    Violation::new(Kind::ValueType, rule, fix)
}

/// What to say of a value of a type that the setting does not take.
fn not(form: &Form, what: &str) -> Violation {
    let (wanted, fix) = match form {
        Form::List(_) => (
            "a list",
            "write a list of strings, or one string with commas",
        ),
        Form::Flag(_) => ("a boolean", TRUE_OR_FALSE),
        Form::Number(_) => ("a whole number", "write it in digits"),
        Form::File => ("text", "write the path of a file"),
    };
    let rule = format!("key must be {wanted}, and is {what}");
    Violation::new(Kind::ValueType, rule, fix)
}

fn mistake(variable: &Variable, location: Location, violation: Violation) -> Setting {
    let about_origins = variable.setting.is_about_origins();
    Setting::mistake(location, None, violation, about_origins)
}

/// What to say of a key that is not of the table. The map is ours alone, so each is an error.
fn unknown(key: &str) -> Setting {
    let meant = meant_by_key(key);
    let did_you_mean = |setting| {
        Fix::from("did you mean ")
            .and(Piece::Named(setting))
            .and("? ")
    };
    let fix = match meant {
        Some(setting) => match fix_for_any(setting) {
            Some(fix) => did_you_mean(setting).and_all(fix),
            None => did_you_mean(setting).and("Rename it, or remove it"),
        },
        None => {
            let keys = VARIABLES.iter().map(Variable::name);
            let usual = keys.filter(|name| !name.starts_with("DANGER_"));
            let usual: Vec<String> = usual
                .map(|name| format!("`{}`", name.to_ascii_lowercase()))
                .collect();
            Fix::from(format!("remove it; there are {}", usual.join(", ")))
        }
    };
    let violation = Violation::new(Kind::UnknownKey, "key is unknown", fix);
    let about_origins = meant.is_some_and(|setting| setting.is_about_origins());
    Setting::mistake(
        Location::text(key, &Words::Keys),
        None,
        violation,
        about_origins,
    )
}
