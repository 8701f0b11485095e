//! The settings that a variable or a key can set, each with how its text is read.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    list_settings::list_settings,
    scalars::{meant_boolean, meant_seconds, meant_status, parse_boolean, parse_number},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::bare,
    placeholder::{is_placeholder, is_template_of_path},
    policy::{
        compile::MAX_MAX_AGE,
        files::is_there,
        setting::{Flag, ListKind, Setting, SettingKind},
    },
    settings::{self, SettingName},
    words::{Word, meaning_of},
};

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
    List(ListKind),
    Flag(Flag),
    Number(fn(u64, &str) -> SettingKind),
    /// The path of a file.
    File,
}

pub(super) const fn variable(setting: SettingName, form: Form) -> Variable {
    Variable { setting, form }
}

/// The whole table, in the order in which errors are reported.
pub(super) static VARIABLES: [Variable; 18] = [
    variable(settings::ORIGINS, Form::List(ListKind::Origins)),
    variable(
        settings::ORIGIN_REGEXES,
        Form::List(ListKind::OriginRegexes),
    ),
    variable(settings::ORIGINS_FILE, Form::File),
    variable(settings::METHODS, Form::List(ListKind::Methods)),
    variable(settings::HEADERS, Form::List(ListKind::Headers)),
    variable(settings::EXPOSED_HEADERS, Form::List(ListKind::Exposed)),
    variable(settings::CREDENTIALS, Form::Flag(Flag::Credentials)),
    variable(
        settings::CREDENTIALS_FOR,
        Form::List(ListKind::CredentialOrigins),
    ),
    variable(
        settings::REJECT_DENIED_ORIGINS,
        Form::Flag(Flag::RejectDeniedOrigins),
    ),
    variable(settings::OWN_ORIGINS, Form::List(ListKind::OwnOrigins)),
    variable(
        settings::INSECURE_ORIGINS,
        Form::Flag(Flag::InsecureOrigins),
    ),
    variable(
        settings::PUBLIC_SUFFIX_SUBDOMAINS,
        Form::Flag(Flag::PublicSuffixSubdomains),
    ),
    variable(settings::LAX_REGEXES, Form::Flag(Flag::LaxRegexes)),
    variable(
        settings::OMIT_VARY_FOR_ANY_ORIGIN,
        Form::Flag(Flag::OmitVaryForAnyOrigin),
    ),
    variable(
        settings::TRUST_FORWARDED_HEADERS,
        Form::Flag(Flag::TrustForwardedHeaders),
    ),
    variable(settings::MAX_AGE, Form::Number(max_age)),
    variable(settings::PREFLIGHT_STATUS, Form::Number(preflight_status)),
    variable(settings::DIAGNOSTICS, Form::Flag(Flag::Diagnostics)),
];

/// The settings in the text of a variable or a key.
pub(super) fn read_text(variable: &Variable, location: &Location, value: &str) -> Vec<Setting> {
    let fail = |violation| {
        let about_origins = variable.setting.is_about_origins();
        let mistake = Setting::mistake(location.clone(), Some(value), violation, about_origins);
        vec![mistake]
    };
    let holder = location.words().holder();
    let text = value.trim_ascii();
    if text.is_empty() {
        let fix = if variable.setting == settings::ORIGINS {
            "list the origins, or write `*` for any origin or `none` for no origin"
        } else {
            "unset it to get the default"
        };
        let rule = format!("{holder} is empty");
        return fail(Violation::new(Kind::Empty, rule, fix));
    }
    if let Form::List(_) = variable.form
        && is_cut_placeholder(text)
    {
        return fail(Violation::placeholder());
    }
    match &variable.form {
        Form::List(kind) => list_settings(*kind, location, text),
        Form::Number(_) if meant_status(text).is_some() => {
            fail(no_number(variable.setting, holder, bare(text)))
        }
        Form::Flag(_) | Form::Number(_) if is_placeholder(text) => fail(Violation::placeholder()),
        Form::Flag(flag) => match parse_boolean(text) {
            Some(is_on) => vec![Setting::new(
                location.clone(),
                SettingKind::Flag(*flag, is_on),
            )],
            None => {
                let fix = match meant_boolean(bare(text)) {
                    Some(meant) => Fix::from("write ").and(Piece::Value(meant.to_string())),
                    None if *flag == Flag::Credentials && text.contains("://") => {
                        credentials_for_some()
                    }
                    None => TRUE_OR_FALSE.into(),
                };
                let rule = format!("{holder} must be a boolean");
                fail(Violation::new(Kind::Boolean, rule, fix))
            }
        },
        Form::Number(kind) => match parse_number(text) {
            Some(number) => vec![Setting::new(location.clone(), kind(number, value))],
            None => fail(no_number(variable.setting, holder, bare(text))),
        },
        Form::File if is_there(Path::new(text)) => origins_from_file(location, text),
        Form::File if is_template_of_path(text) => fail(Violation::placeholder()),
        Form::File => match no_path(text) {
            Some(fix) => {
                let rule = format!("{holder} must be the path of a file");
                fail(Violation::new(Kind::File, rule, fix))
            }
            None => origins_from_file(location, text),
        },
    }
}

fn origins_from_file(location: &Location, path: &str) -> Vec<Setting> {
    let path = SettingKind::OriginsFromFile(PathBuf::from(path));
    vec![Setting::new(location.clone(), path)]
}

pub(super) const TRUE_OR_FALSE: &str = "write `true` or `false`";

/// What to do with origins where a boolean says whether all may send credentials.
pub(super) fn credentials_for_some() -> Fix {
    Fix::from(TRUE_OR_FALSE)
        .and("; to let only some origins send credentials, list them in ")
        .and(Piece::Named(settings::CREDENTIALS_FOR))
}

/// What to write for a text that is not the path of a file, but origins or a path with something around it.
fn no_path(text: &str) -> Option<Fix> {
    let write = |path: &str| Some(Fix::from("write ").and(Piece::Value(path.to_owned())));
    let inner = text.trim_matches(['"', '\'']);
    if let Some(path) = text.strip_prefix("file://") {
        write(path)
    } else if text.contains("://") {
        Some(Fix::from("to list the origins, use ").and(Piece::Named(settings::ORIGINS)))
    } else if inner.len() < text.len() {
        write(inner)
    } else if let Some(path) = text.strip_prefix('@') {
        write(path)
    } else if let Some((path, _)) = text.split_once(" #") {
        write(path.trim_end())
    } else if text.starts_with("~/") {
        Some("write the whole path: `~` is not replaced here".into())
    } else {
        None
    }
}

fn no_number(setting: SettingName, holder: &str, text: &str) -> Violation {
    let write = |number: u64| Fix::from("write ").and(Piece::Value(number.to_string()));
    let is_default = meaning_of(text) == Some(Word::None)
        || ["default", "never", "unset"].contains(&&*text.to_ascii_lowercase());
    let unset = "unset it to get the default; otherwise write only digits";
    if setting == settings::MAX_AGE {
        let fix = match meant_seconds(text) {
            Some(0) => write(0).and(", and browsers then cache no preflight"),
            Some(seconds) if seconds > MAX_MAX_AGE => {
                write(MAX_MAX_AGE).and(", the longest time that a browser caches a preflight")
            }
            Some(seconds) => write(seconds),
            None if is_default => unset.into(),
            None => "write only digits, such as `7200`".into(),
        };
        let rule = format!("{holder} must be a whole number of seconds");
        return Violation::new(Kind::Number, rule, fix);
    }
    let mut digits = text.split(|character: char| !character.is_ascii_digit());
    let status = digits
        .find_map(|digits| parse_number(digits).filter(|status| (200..=299).contains(status)));
    let fix = match status.or_else(|| meant_status(text)) {
        Some(status) => write(status),
        None if is_default => unset.into(),
        None => "write only digits".into(),
    };
    let rule = format!("{holder} must be a whole number");
    Violation::new(Kind::Number, rule, fix)
}

/// Whether a placeholder of a template has commas in it, such as the default of `${NAME:-a,b}`.
fn is_cut_placeholder(text: &str) -> bool {
    [
        ("${", '}'),
        ("$(", ')'),
        ("{{", '}'),
        ("#{", '}'),
        ("env(", ')'),
        ("getenv(", ')'),
        ("environ.get(", ')'),
        ("ENV.fetch(", ')'),
        ("config(", ')'),
        (".split(", ')'),
        ("explode(", ')'),
    ]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_that_has_a_variable_is_read() {
        for setting in settings::ALL {
            let is_of_it = |variable: &Variable| Some(variable.name()) == setting.variable;
            let is_read = VARIABLES.iter().any(is_of_it);
            assert_eq!(is_read, setting.variable.is_some(), "{setting:?}");
        }
    }
}
