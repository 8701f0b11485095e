//! The result for programs: one line of JSON.

use std::io;

use actix_cors_policy::{CorsPolicy, Explanation, PolicyError, PolicyWarning, SettingValue};
use serde::Serialize;
use serde_json::{Map, Value, ser::Formatter};

use crate::{Checked, env_file::Mistake};

pub(crate) fn write(out: &mut impl io::Write, checked: &Checked<'_>) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Ascii);
    Report::of(checked).serialize(&mut serializer)?;
    writeln!(out)
}

/// Escapes everything except printable ASCII, because a terminal may obey other characters.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for character in fragment.chars() {
            if matches!(character, ' '..='~') {
                write!(writer, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct Report<'a> {
    prefix: &'a str,
    good: bool,
    policy: Option<Map<String, Value>>,
    warnings: Vec<Warning>,
    errors: Vec<Error<'a>>,
    request: Option<Request<'a>>,
}

#[derive(Serialize)]
struct Warning {
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    message: String,
}

#[derive(Serialize)]
struct Error<'a> {
    kind: String,
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    value: Option<&'a str>,
    message: String,
}

#[derive(Serialize)]
struct Request<'a> {
    outcome: String,
    allowed_by: Option<AllowedBy<'a>>,
    denial: Option<String>,
    reason: Option<&'a str>,
    near_miss: Option<NearMiss<'a>>,
    causes: Vec<Cause<'a>>,
    needs_preflight: bool,
    preflight: Option<Box<Request<'a>>>,
    status: Option<u16>,
    headers: Vec<Header<'a>>,
}

#[derive(Serialize)]
struct AllowedBy<'a> {
    text: Option<&'a str>,
    location: String,
}

#[derive(Serialize)]
struct NearMiss<'a> {
    sentence: String,
    entry: Option<&'a str>,
    location: Option<String>,
}

#[derive(Serialize)]
struct Cause<'a> {
    denial: String,
    reason: &'a str,
    fix: Option<&'a str>,
}

#[derive(Serialize)]
struct Header<'a> {
    name: &'a str,
    value: &'a str,
}

impl<'a> Report<'a> {
    fn of(checked: &'a Checked<'_>) -> Self {
        let Checked {
            prefix,
            variables,
            policy,
            explanation,
            ..
        } = checked;
        let file = variables.file().unwrap_or_default();
        let unreadable = variables
            .errors()
            .map(|mistake| Error::of_line(file, mistake));
        let of_policy = policy.as_ref().err().into_iter().flatten();
        let errors = unreadable.chain(of_policy.map(|error| Error::of(checked, error)));
        let unreadable = variables
            .warnings()
            .map(|mistake| Warning::of_line(file, mistake));
        let of_policy = checked.warnings().iter();
        let warnings = unreadable.chain(of_policy.map(|warning| Warning::of(checked, warning)));
        let errors: Vec<_> = errors.collect();
        Self {
            prefix,
            good: checked.is_good(),
            policy: policy.as_ref().ok().map(settings),
            warnings: warnings.collect(),
            errors,
            request: explanation.as_ref().map(Request::of),
        }
    }
}

impl Warning {
    fn of(checked: &Checked<'_>, warning: &PolicyWarning) -> Self {
        Self {
            location: warning.location().to_string(),
            line: checked.line(warning.location()),
            message: warning.to_string(),
        }
    }

    fn of_line(file: &str, mistake: &Mistake) -> Self {
        Self {
            location: file.to_owned(),
            line: Some(mistake.line),
            message: mistake.rule.to_owned(),
        }
    }
}

impl<'a> Error<'a> {
    fn of(checked: &Checked<'_>, error: &'a PolicyError) -> Self {
        Self {
            kind: format!("{:?}", error.kind()),
            location: error.location().to_string(),
            line: checked.line(error.location()),
            value: error.value(),
            message: error.to_string(),
        }
    }

    fn of_line(file: &str, mistake: &Mistake) -> Self {
        Self {
            kind: "EnvFile".to_owned(),
            location: file.to_owned(),
            line: Some(mistake.line),
            value: None,
            message: format!("{} ({})", mistake.rule, mistake.fix),
        }
    }
}

fn settings(policy: &CorsPolicy) -> Map<String, Value> {
    let settings = policy.settings().into_iter().map(|(name, value)| {
        let value = match value {
            SettingValue::Word(word) => word.into(),
            SettingValue::Flag(flag) => flag.into(),
            SettingValue::Number(number) => number.into(),
            SettingValue::List(list) => list.into(),
            // A later version of the library may add variants.
            _ => Value::Null,
        };
        (name.to_owned(), value)
    });
    settings.collect()
}

impl<'a> Request<'a> {
    fn of(explanation: &'a Explanation) -> Self {
        Self {
            outcome: explanation.outcome().to_string(),
            allowed_by: explanation.allowed_by().map(|by| AllowedBy {
                text: by.text(),
                location: by.location().to_string(),
            }),
            denial: explanation.denial().map(|denial| format!("{denial:?}")),
            reason: explanation.reason(),
            near_miss: explanation.near_miss().map(|near| NearMiss {
                sentence: near.to_string(),
                entry: near.entry(),
                location: near.location().map(ToString::to_string),
            }),
            causes: explanation
                .causes()
                .iter()
                .map(|cause| Cause {
                    denial: format!("{:?}", cause.denial()),
                    reason: cause.reason(),
                    fix: cause.fix(),
                })
                .collect(),
            needs_preflight: explanation.needs_preflight(),
            preflight: explanation
                .preflight()
                .map(|preflight| Box::new(Self::of(preflight))),
            status: explanation.status(),
            headers: explanation
                .headers()
                .map(|(name, value)| Header { name, value })
                .collect(),
        }
    }
}
