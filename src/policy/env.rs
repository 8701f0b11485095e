//! The text of variables becomes settings.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    time::Duration,
};

use super::setting::{ListKind, Setting, SettingKind};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::EntryTexts,
    settings::{self, SettingName, Words},
};

/// The default prefix of variables.
pub(super) const PREFIX: &str = "CORS_";

/// A setting with a variable, and how its text is read.
struct Variable {
    setting: SettingName,
    form: Form,
}

impl Variable {
    /// Without its prefix.
    fn name(&self) -> &'static str {
        self.setting.variable.unwrap_or_default()
    }
}

enum Form {
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
static VARIABLES: [Variable; 17] = [
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

/// Names of other programs that people bring along and that are too far from ours to be recognized by their letters,
/// each with the one meant: those of django-cors-headers, old and new.
const FOREIGN_NAMES: [(&str, SettingName); 5] = [
    ("ALLOW_ALL_ORIGINS", settings::ORIGINS),
    ("ORIGIN_ALLOW_ALL", settings::ORIGINS),
    ("ORIGIN_WHITELIST", settings::ORIGINS),
    ("ORIGIN_REGEX_WHITELIST", settings::ORIGIN_REGEXES),
    ("PREFLIGHT_MAX_AGE", settings::MAX_AGE),
];

/// Every setting of variables under `prefix`, in the order of the table; then what is wrong with other names.
pub(super) fn settings<N, V>(prefix: &str, vars: impl IntoIterator<Item = (N, V)>) -> Vec<Setting>
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
        return vec![mistake(location, Some(prefix), violation, true)];
    }
    let words = Words::Variables(prefix.into());
    // Sorted by name, because a process has its variables in no order.
    let mut known: BTreeMap<String, Vec<OsString>> = BTreeMap::new();
    let mut settings = Vec::new();
    let mut others = BTreeMap::new();
    for (name, value) in vars {
        // A name that is not Unicode is none of ours, and may be a near miss of one.
        let name = name.as_ref().to_string_lossy();
        let is_known = name
            .strip_prefix(prefix)
            .is_some_and(|rest| VARIABLES.iter().any(|variable| variable.name() == rest));
        if is_known {
            known
                .entry(name.into_owned())
                .or_default()
                .push(value.as_ref().to_owned());
        } else if let Some(setting) = check_name(prefix, &words, &name) {
            others.insert(name.into_owned(), setting);
        }
    }
    for variable in &VARIABLES {
        let name = format!("{prefix}{}", variable.name());
        if let Some(values) = known.get(&name) {
            settings.extend(read(variable, &name, &words, values));
        }
    }
    settings.extend(others.into_values());
    settings
}

/// The entries in one variable that is not of the table. Code names it, so all other settings are those of code.
pub(super) fn origins_of(name: &str, value: &OsStr) -> Vec<Setting> {
    let variable = variable(settings::ORIGINS, Form::List(origins));
    read(&variable, name, &Words::Setters, &[value.to_owned()])
}

fn read(variable: &Variable, name: &str, words: &Words, values: &[OsString]) -> Vec<Setting> {
    let fail = |value: &str, kind, rule: &'static str, fix: &'static str| {
        let violation = Violation::new(kind, rule, fix);
        let about_origins = variable.setting.is_about_origins();
        let location = Location::variable(name, words);
        vec![mistake(location, Some(value), violation, about_origins)]
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
    match &variable.form {
        Form::List(parse) => parse(&location, text),
        Form::Names(any, kind) => names(&location, text, any, *kind),
        Form::Flag(kind) => match parse_flag(text) {
            Some(true) => vec![Setting::new(location, kind.clone())],
            Some(false) => Vec::new(),
            None => fail(
                value,
                Kind::Boolean,
                "variable must be a boolean",
                "write `true` or `false`",
            ),
        },
        Form::Number(kind) => match parse_number(text) {
            Some(number) => vec![Setting::new(location, kind(number, value))],
            None => fail(
                value,
                Kind::Number,
                "variable must be a whole number",
                "write it in digits alone",
            ),
        },
        Form::NotSupportedYet => Vec::new(),
    }
}

/// Entries, or `*` or `none`. That these stand alone is checked with the other sources of origins.
fn origins(location: &Location, text: &str) -> Vec<Setting> {
    let word = |entry: &str| match entry {
        "*" => Some(SettingKind::AnyOrigin),
        "none" => Some(SettingKind::NoOrigin),
        _ => None,
    };
    match word(text) {
        Some(kind) => vec![Setting::new(location.clone(), kind)],
        None => list(location, split(text), ListKind::Origins, word),
    }
}

fn own_origins(location: &Location, text: &str) -> Vec<Setting> {
    list(location, split(text), ListKind::OwnOrigins, |_| None)
}

fn regexes(location: &Location, text: &str) -> Vec<Setting> {
    if text == "none" {
        let violation = Violation::new(
            Kind::RegexSyntax,
            "`none` is not a regex",
            Fix::from("unset the variable; to deny every origin, ")
                .and(Piece::SwitchOn(settings::NO_ORIGIN)),
        );
        return vec![mistake(location.clone(), Some(text), violation, true)];
    }
    let regexes = text.split_ascii_whitespace();
    list(location, regexes, ListKind::OriginRegexes, |_| None)
}

/// Names, and `*` alone or together with them.
fn names(location: &Location, text: &str, any: &SettingKind, kind: ListKind) -> Vec<Setting> {
    if text.eq_ignore_ascii_case("none") {
        let violation = Violation::new(
            Kind::Empty,
            "`none` is not a name",
            "unset the variable, which means none but the safelisted ones",
        );
        return vec![mistake(location.clone(), Some(text), violation, false)];
    }
    list(location, split(text), kind, |name| {
        (name == "*").then(|| any.clone())
    })
}

fn max_age(seconds: u64, text: &str) -> SettingKind {
    SettingKind::MaxAge(Duration::from_secs(seconds), text.to_owned())
}

fn preflight_status(status: u64, text: &str) -> SettingKind {
    SettingKind::PreflightStatus(status, text.to_owned())
}

/// The entries of a list: one setting for those that follow each other, and one for each word that is not an entry.
fn list<'t>(
    location: &Location,
    entries: impl Iterator<Item = &'t str>,
    kind: ListKind,
    word: impl Fn(&str) -> Option<SettingKind>,
) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for (index, entry) in entries.enumerate() {
        match (word(entry), settings.last_mut()) {
            (Some(word), _) => settings.push(Setting::new(location.at(index), word)),
            (
                None,
                Some(Setting {
                    kind: SettingKind::List(_, texts),
                    ..
                }),
            ) => texts.push(entry),
            (None, _) => {
                let texts = EntryTexts::from_iter([entry]);
                let kind = SettingKind::List(kind, texts);
                settings.push(Setting::new(location.at(index), kind));
            }
        }
    }
    settings
}

/// Entries separated by commas or line breaks. A line break next to a comma is white space around an entry.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .flat_map(|part| trim(part).split('\n').map(trim))
}

/// Without ASCII white space at both ends. Other white space is a mistake to be shown, not to be guessed away.
fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_ascii_whitespace())
}

fn parse_flag(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(["true", "1", "yes", "on"]) {
        Some(true)
    } else if is(["false", "0", "no", "off"]) {
        Some(false)
    } else {
        None
    }
}

/// Digits alone: `str::parse` would take a sign too. A number too large for `u64` is out of every range anyway.
fn parse_number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().unwrap_or(u64::MAX))
}

fn mistake(
    location: Location,
    value: Option<&str>,
    violation: Violation,
    about_origins: bool,
) -> Setting {
    let kind = SettingKind::Mistake {
        value: value.map(str::to_owned),
        violation,
        about_origins,
    };
    Setting::new(location, kind)
}

/// What to say of a variable that is not of the table: an error if its name nearly is one that is, a warning if it is
/// under the prefix all the same, nothing otherwise.
fn check_name(prefix: &str, words: &Words, name: &str) -> Option<Setting> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    let is_exact = head == prefix;
    if !head.eq_ignore_ascii_case(prefix) || is_of_a_kubernetes_service(rest) {
        return None;
    }
    let location = Location::variable(name, words);
    if let Some(meant) = meant_by(rest) {
        let violation = Violation::new(
            Kind::MisspelledVariable,
            "variable is unknown",
            Fix::from("did you mean ")
                .and(Piece::Named(meant.setting))
                .and("?"),
        );
        // No value: it was meant for a setting that is not read, and may be a secret of something else.
        let about_origins = meant.setting.is_about_origins();
        return Some(mistake(location, None, violation, about_origins));
    }
    // A prefix in another case is another program's.
    is_exact.then(|| Setting::new(location, SettingKind::Unknown))
}

/// The variable that a name under the prefix nearly is, or is in another case.
fn meant_by(rest: &str) -> Option<&'static Variable> {
    // Other programs have dots, hyphens and two underscores, and other policies have numbers.
    let is_ours =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !rest.split('_').all(is_ours) {
        return None;
    }
    let upper = rest.to_ascii_uppercase();
    let foreign = FOREIGN_NAMES
        .iter()
        .find(|(foreign, _)| *foreign == upper)
        .map(|(_, meant)| *meant);
    VARIABLES
        .iter()
        .find(|variable| Some(variable.setting) == foreign)
        .or_else(|| nearest(&upper))
}

/// The variable whose name is the nearest, if it is near.
fn nearest(upper: &str) -> Option<&'static Variable> {
    VARIABLES
        .iter()
        .filter_map(|variable| Some((edits(upper, variable.name(), NEAR)?, variable)))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, variable)| variable)
}

/// How many letters may be wrong in a name.
const NEAR: usize = 2;

/// In how many letters a name differs from a known one, if in `most` or fewer.
///
/// They are compared word by word, so that a word more or less is no misspelling: that is the name of another thing, such as
/// `ALLOWED_ORIGINS_BACKUP`. Underscores may be missing.
fn edits(name: &str, known: &str, most: usize) -> Option<usize> {
    let (word, known) = known.split_once('_').unwrap_or((known, ""));
    let shortest = word.len().saturating_sub(NEAR + 2);
    let ends = shortest..=word.len() + NEAR + 2;
    let of_split = |end| {
        let (head, rest) = name.split_at_checked(end)?;
        let here = edits_of_word(head, word).filter(|edits| *edits <= most)?;
        if known.is_empty() {
            return rest.is_empty().then_some(here);
        }
        let (missing, rest) = match rest.strip_prefix('_') {
            Some(rest) => (0, rest),
            None => (1, rest),
        };
        let left = most.checked_sub(here + missing)?;
        Some(here + missing + edits(rest, known, left)?)
    };
    ends.filter_map(of_split).min()
}

/// In how many letters a word differs from a known one, endings that people leave out aside. `None` if it is another word
/// or says the opposite.
fn edits_of_word(word: &str, known: &str) -> Option<usize> {
    /// Of so few letters, each one makes another word: `MAX` and `MIN`, `AGE` and `PAGE`.
    const SHORT: usize = 4;
    if word.contains('_') || is_opposite(word, known) {
        return None;
    }
    let edits = strsim::osa_distance(word, known);
    if known.len() <= SHORT {
        let is_swap = edits == 1 && sorted(word) == sorted(known);
        return (edits == 0 || is_swap).then_some(edits);
    }
    let edits = edits.min(strsim::osa_distance(loose(word), loose(known)));
    (edits <= 1 || word.len() > SHORT).then_some(edits)
}

/// Whether one of two words denies the other: `UNALLOWED`, `INSECURE`.
fn is_opposite(word: &str, known: &str) -> bool {
    let denies = |one: &str, other: &str| {
        ["UN", "IN", "NO", "DE", "DIS", "NON", "NOT"]
            .iter()
            .filter_map(|no| one.strip_prefix(no))
            .any(|one| loose(one) == loose(other))
    };
    denies(word, known) || denies(known, word)
}

fn sorted(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

/// A word without the ending that people leave out: `ALLOWED` is `ALLOW`, `EXPOSED` is `EXPOSE`, plurals are singular.
fn loose(word: &str) -> &str {
    match word {
        "ALLOWED" => "ALLOW",
        "EXPOSED" => "EXPOSE",
        "REGEXES" => "REGEX",
        _ => word.strip_suffix('S').unwrap_or(word),
    }
}

/// What Kubernetes sets for a service whose name begins as the prefix does: a service `cors` has `CORS_SERVICE_HOST`,
/// `CORS_PORT`, `CORS_PORT_80_TCP_ADDR`.
fn is_of_a_kubernetes_service(rest: &str) -> bool {
    let words: Vec<&str> = rest.split('_').collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    words.ends_with(&["SERVICE", "HOST"])
        || words.windows(2).any(|pair| *pair == ["SERVICE", "PORT"])
        || words.ends_with(&["PORT"])
        || words.windows(3).any(|triple| {
            matches!(triple, ["PORT", number, "TCP" | "UDP" | "SCTP"] if is_number(number))
        })
}
