//! Each variable with a name that is known: how its text is read.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    time::Duration,
};

use super::{
    list_settings::{names, origins, own_origins, regexes},
    lists::trim,
    scalars::{meant_boolean, meant_seconds, meant_status, parse_boolean, parse_number},
    variable_names::{self, Meant},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::bare,
    placeholder::is_placeholder,
    policy::{
        compile::MAX_MAX_AGE,
        setting::{ListKind, Setting, SettingKind},
    },
    settings::{self, SettingName, Words},
    words::{Word, meaning_of},
};

/// The default prefix of variables.
pub(in crate::policy) const PREFIX: &str = "CORS_";

/// A setting with a variable, and how its text is read.
pub(super) struct Variable {
    pub(super) setting: SettingName,
    pub(super) form: Form,
}

impl Variable {
    /// Without its prefix.
    pub(super) fn name(&self) -> &'static str {
        self.setting.variable.unwrap_or_default()
    }
}

pub(super) enum Form {
    List(fn(&Location, &str) -> Vec<Setting>),
    /// What `*` means, and what names are.
    Names(SettingKind, ListKind),
    Flag(SettingKind),
    Number(fn(u64, &str) -> SettingKind),
    NotSupportedYet,
}

const fn variable(setting: SettingName, form: Form) -> Variable {
    Variable { setting, form }
}

/// The whole table, in the order in which errors are reported.
pub(super) static VARIABLES: [Variable; 17] = [
    variable(settings::ORIGINS, Form::List(origins)),
    variable(settings::ORIGIN_REGEXES, Form::List(regexes)),
    variable(settings::ORIGINS_FILE, Form::NotSupportedYet),
    variable(
        settings::METHODS,
        Form::Names(SettingKind::AnyMethod, ListKind::Methods),
    ),
    variable(
        settings::HEADERS,
        Form::Names(SettingKind::AnyHeader, ListKind::Headers),
    ),
    variable(
        settings::EXPOSED_HEADERS,
        Form::Names(SettingKind::AnyExposed, ListKind::Exposed),
    ),
    variable(settings::CREDENTIALS, Form::Flag(SettingKind::Credentials)),
    variable(
        settings::REJECT_DENIED_ORIGINS,
        Form::Flag(SettingKind::RejectDeniedOrigins),
    ),
    variable(settings::OWN_ORIGINS, Form::List(own_origins)),
    variable(
        settings::INSECURE_ORIGINS,
        Form::Flag(SettingKind::InsecureOrigins),
    ),
    variable(
        settings::PUBLIC_SUFFIX_SUBDOMAINS,
        Form::Flag(SettingKind::PublicSuffixSubdomains),
    ),
    variable(settings::LAX_REGEXES, Form::Flag(SettingKind::LaxRegexes)),
    variable(
        settings::OMIT_VARY_FOR_ANY_ORIGIN,
        Form::Flag(SettingKind::OmitVaryForAnyOrigin),
    ),
    variable(
        settings::TRUST_FORWARDED_HEADERS,
        Form::Flag(SettingKind::TrustForwardedHeaders),
    ),
    variable(settings::MAX_AGE, Form::Number(max_age)),
    variable(settings::PREFLIGHT_STATUS, Form::Number(preflight_status)),
    variable(settings::DIAGNOSTICS, Form::Flag(SettingKind::Diagnostics)),
];

/// Every setting of variables under `prefix`, in the order of the table; then what is wrong with other names.
pub(in crate::policy) fn settings<N, V>(
    prefix: &str,
    vars: impl IntoIterator<Item = (N, V)>,
) -> Vec<Setting>
where
    N: AsRef<OsStr>,
    V: AsRef<OsStr>,
{
    if prefix.is_empty() {
        let violation = Violation::new(
            Kind::VariableName,
            "prefix of variables must not be empty",
            "give one that is yours alone, such as `CORS_`",
        );
        let location = Location::setter("prefix");
        return vec![Setting::mistake(location, Some(prefix), violation, true)];
    }
    let words = Words::Variables(prefix.into());
    // Sorted by name, because a process has its variables in no order.
    let mut known: BTreeMap<String, Vec<OsString>> = BTreeMap::new();
    let mut settings = Vec::new();
    let mut others = BTreeMap::new();
    let mut has_missing_underscore = false;
    for (name, value) in vars {
        // A name that is not Unicode is not ours, and may be a near miss of one.
        let name = name.as_ref().to_string_lossy().into_owned();
        let is_known = name
            .strip_prefix(prefix)
            .is_some_and(|rest| VARIABLES.iter().any(|variable| variable.name() == rest));
        if is_known {
            known
                .entry(name.clone())
                .or_default()
                .push(value.as_ref().to_owned());
        } else if let Some(meant) = variable_names::meant(prefix, &name) {
            others.insert(name.clone(), meant);
        }
        has_missing_underscore |= is_known_behind_underscore(prefix, &name);
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
    for variable in &VARIABLES {
        let name = format!("{prefix}{}", variable.name());
        if let Some(values) = known.get(&name) {
            settings.extend(read(variable, &name, &words, values));
        }
    }
    let is_set = |setting: SettingName| {
        known.keys().any(|name| {
            let variable = VARIABLES
                .iter()
                .find(|variable| name.strip_prefix(prefix) == Some(variable.name()));
            variable.is_some_and(|variable| {
                variable.setting.variable == setting.variable
                    || (variable.setting.is_about_origins() && setting.is_about_origins())
            })
        })
    };
    for (name, meant) in others {
        settings.push(unknown(&name, meant, &words, is_set));
    }
    settings
}

/// Whether a name is one of ours, were there an underscore behind the prefix.
fn is_known_behind_underscore(prefix: &str, name: &str) -> bool {
    let rest = name
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'));
    !prefix.ends_with('_')
        && rest.is_some_and(|rest| VARIABLES.iter().any(|variable| variable.name() == rest))
}

/// What to say of a variable that is not of the table. If the one that is probably meant is set, both may be there on
/// purpose, for different programs.
fn unknown(
    name: &str,
    meant: Meant,
    words: &Words,
    is_set: impl Fn(SettingName) -> bool,
) -> Setting {
    let location = Location::variable(name, words);
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
            let fix = match setting {
                settings::ANY_ORIGIN => did_you_mean(setting)
                    .and(" To allow any origin, ")
                    .and(Piece::SwitchOn(setting))
                    .and("; otherwise list the origins there"),
                _ => did_you_mean(setting)
                    .and(" Rename it; or, if another program reads it, set ")
                    .and(Piece::Named(setting))
                    .and(" as well"),
            };
            let violation = Violation::new(Kind::MisspelledVariable, "variable is unknown", fix);
            // No value: it was meant for a setting that is not read, and may be a secret of something else.
            Setting::mistake(
                location,
                None,
                violation,
                setting.is_about_origins() || setting == settings::ANY_ORIGIN,
            )
        }
    }
}

/// The entries in one variable that is not of the table. Code names it, so all other settings are those of code.
pub(in crate::policy) fn origins_of(name: &str, value: &OsStr) -> Vec<Setting> {
    let variable = variable(settings::ORIGINS, Form::List(origins));
    read(&variable, name, &Words::Setters, &[value.to_owned()])
}

fn read(variable: &Variable, name: &str, words: &Words, values: &[OsString]) -> Vec<Setting> {
    let fail = |value: &str, kind, rule: &'static str, fix: &'static str| {
        let violation = Violation::new(kind, rule, fix);
        let about_origins = variable.setting.is_about_origins();
        let location = Location::variable(name, words);
        vec![Setting::mistake(
            location,
            Some(value),
            violation,
            about_origins,
        )]
    };
    let (value, text) = match values {
        [value] => match value.to_str() {
            Some(text) => (text, trim(text)),
            None => {
                return fail(
                    &value.to_string_lossy(),
                    Kind::NotUnicode,
                    "variable is not Unicode",
                    "write it in UTF-8",
                );
            }
        },
        _ => {
            let all: Vec<Cow<'_, str>> =
                values.iter().map(|value| value.to_string_lossy()).collect();
            return fail(
                &all.join("\n"),
                Kind::Conflict,
                "variable is set more than once",
                "set it once",
            );
        }
    };
    if let Form::NotSupportedYet = variable.form {
        return fail(
            value,
            Kind::UnsupportedVariable,
            "variable is not supported yet",
            "unset it: this version would not do what it says",
        );
    }
    if text.is_empty() {
        return fail(
            value,
            Kind::Empty,
            "variable is set to nothing",
            if variable.setting == settings::ORIGINS {
                "unset it, or write `none` to deny every origin"
            } else {
                "unset it, which means the default"
            },
        );
    }
    let location = Location::variable(name, words);
    if let Form::List(..) | Form::Names(..) = variable.form
        && is_cut_placeholder(text)
    {
        let about_origins = variable.setting.is_about_origins();
        return vec![Setting::mistake(
            location,
            Some(value),
            Violation::placeholder(),
            about_origins,
        )];
    }
    match &variable.form {
        Form::List(parse) => parse(&location, text),
        Form::Names(any, kind) => names(&location, text, any, *kind),
        Form::Flag(kind) => match parse_boolean(text) {
            Some(true) => vec![Setting::new(location, kind.clone())],
            Some(false) => Vec::new(),
            None => {
                let violation = if is_placeholder(text) {
                    Violation::placeholder()
                } else {
                    let meant = meant_boolean(bare(text));
                    let fix = meant.map_or("write `true` or `false`".into(), |meant| {
                        Fix::from("write ").and(Piece::Value(meant.to_string()))
                    });
                    Violation::new(Kind::Boolean, "variable must be a boolean", fix)
                };
                vec![Setting::mistake(location, Some(value), violation, false)]
            }
        },
        Form::Number(kind) => match parse_number(text) {
            Some(number) => vec![Setting::new(location, kind(number, value))],
            None => {
                let violation = if is_placeholder(text) && meant_status(text).is_none() {
                    Violation::placeholder()
                } else {
                    no_number(variable.setting, bare(text))
                };
                vec![Setting::mistake(location, Some(value), violation, false)]
            }
        },
        Form::NotSupportedYet => Vec::new(),
    }
}

fn no_number(setting: SettingName, text: &str) -> Violation {
    let write = |number: u64| Fix::from("write ").and(Piece::Value(number.to_string()));
    let is_default = meaning_of(text) == Some(Word::None)
        || ["default", "never", "unset"].contains(&&*text.to_ascii_lowercase());
    let unset = "unset it, which means the default; otherwise write it in digits alone";
    if setting == settings::MAX_AGE {
        let fix = match meant_seconds(text) {
            Some(0) => write(0).and(", with which browsers keep no preflight"),
            Some(seconds) if seconds > MAX_MAX_AGE => {
                write(MAX_MAX_AGE).and(", the most that a browser keeps a preflight")
            }
            Some(seconds) => write(seconds),
            None if is_default => unset.into(),
            None => "write it in digits alone, such as `7200`".into(),
        };
        let rule = "variable must be a whole number of seconds";
        return Violation::new(Kind::Number, rule, fix);
    }
    let digits = text.split(|character: char| !character.is_ascii_digit());
    let status = digits
        .filter_map(parse_number)
        .find(|status| (200..=299).contains(status));
    let fix = match status.or_else(|| meant_status(text)) {
        Some(status) => write(status),
        None if is_default => unset.into(),
        None => "write it in digits alone".into(),
    };
    Violation::new(Kind::Number, "variable must be a whole number", fix)
}

/// Whether a placeholder of a template has commas in it, such as the default of `${NAME:-a,b}`.
fn is_cut_placeholder(text: &str) -> bool {
    [("${", '}'), ("$(", ')'), ("{{", '}'), ("#{", '}')]
        .iter()
        .any(|(open, close)| {
            let inside = text
                .split_once(open)
                .and_then(|(_, rest)| rest.split_once(*close));
            inside.is_some_and(|(inside, _)| inside.contains([',', '\n']))
        })
}

fn max_age(seconds: u64, text: &str) -> SettingKind {
    SettingKind::MaxAge(Duration::from_secs(seconds), text.to_owned())
}

fn preflight_status(status: u64, text: &str) -> SettingKind {
    SettingKind::PreflightStatus(status, text.to_owned())
}
