//! Lists of origins, regexes and names: the text of a variable becomes settings, or a mistake that says how to write it.

use super::{
    column::column_of_table,
    lists::{entries, in_another_form, regexes_in_another_form},
    port_list::ports_behind,
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{
        EntryTexts, Lint, Meant, bare, is_other_setting, of_each, one_entry, one_own_origin,
        texts_of_markup, with_expansions,
    },
    placeholder::{is_placeholder_of_regex, is_template},
    policy::{
        meant_names::{self, value_of_name},
        setting::{ListKind, Setting, SettingKind},
    },
    settings,
    words::{Word, meaning_of},
};

/// The settings in the text of a list.
pub(super) fn list_settings(kind: ListKind, location: &Location, text: &str) -> Vec<Setting> {
    match kind {
        ListKind::Origins => origins(location, text),
        ListKind::OriginRegexes => regexes(location, text),
        ListKind::CredentialOrigins => origins_of_credentials(location, text),
        ListKind::OwnOrigins => own_origins(location, text),
        ListKind::Vary | ListKind::Methods | ListKind::Headers | ListKind::Exposed => {
            names(location, text, kind)
        }
    }
}

/// Entries, or `*` or `none`. Whether these two are alone is checked later, together with other origins.
fn origins(location: &Location, text: &str) -> Vec<Setting> {
    if let Some(kind) = word(ListKind::Origins, text) {
        return vec![Setting::new(location.clone(), kind)];
    }
    if let Some(violation) = entries_in_another_form(text, one_entry) {
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            true,
        )];
    }
    list(location, ListKind::Origins, entries(text))
}

/// What to say of a list of origins that is written as in other programs; `None` if it is written as it has to be, or if it
/// is not clear what each part means.
fn entries_in_another_form(text: &str, one: fn(&str) -> Option<String>) -> Option<Violation> {
    let is_plain = |entry: &str| one(entry).as_deref() == Some(entry);
    // Of the brackets of a template, nothing is left around a name.
    let is_name = !text.contains("://") && is_template(text);
    if is_name || entries(text).into_iter().all(is_plain) {
        return None;
    }
    if let Some(text) = with_expansions(text) {
        let values = of_each(&entries(&text), &one)?;
        let write = Fix::from("write ").and(Piece::Value(values.join(",")));
        let rule = "each choice must be an entry of its own";
        return Some(Violation::new(Kind::Separator, rule, write));
    }
    let values = of_markup(text, &one)
        .or_else(|| in_another_form(text, &one))
        .or_else(|| within_other_text(text, one))
        .or_else(|| column_of_table(text, &one))?;
    Some(list_in_another_form(
        text,
        &values,
        "value must be only the origin",
    ))
}

/// The values of a list that is written as elements of XML; an empty one is left out.
fn of_markup(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let text = texts_of_markup(text)?;
    let values: Option<Vec<String>> = entries(&text).into_iter().map(value).collect();
    let values = values?.into_iter().filter(|value| !value.is_empty());
    Some(values.collect())
}

/// The origins within other text, such as the parts of an object or of a call; and ports that follow an origin with a port.
fn within_other_text(text: &str, one: fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    let mut has_other_text = false;
    let mut is_in_other_list = false;
    for entry in entries(text) {
        // `{ origin: "…", methods: ["GET", "PUT"] }`
        let is_other = is_in_other_list || is_other_setting(entry);
        if is_other {
            has_other_text = true;
            is_in_other_list = !entry.contains(']') && (is_in_other_list || entry.contains('['));
            continue;
        }
        if let Some(value) = one(entry) {
            values.push(value);
            continue;
        }
        has_other_text = true;
        if let Some(mut more) = ports_behind(&values, entry, one) {
            values.append(&mut more);
        } else if let Some(Meant::Entries(found)) = Meant::by(entry) {
            for entry in found {
                values.push(one(&entry)?);
            }
        } else {
            return None;
        }
    }
    (has_other_text && !values.is_empty()).then_some(values)
}

/// The error for a list in another form.
fn list_in_another_form(text: &str, values: &[String], one: &'static str) -> Violation {
    // All of them may be forbidden.
    let value = match values {
        [] => "none".to_owned(),
        _ => values.join(","),
    };
    let write = Fix::from("write ").and(Piece::Value(value));
    let (kind, rule) = match values {
        [value] if text.trim_matches(['"', '\'', '`']) == value => (
            Kind::Quotes,
            "value must not have quotes: they are part of it",
        ),
        [_] => (Kind::Separator, one),
        _ => (
            Kind::Separator,
            "list must be entries separated by commas or line breaks, and nothing else",
        ),
    };
    Violation::new(kind, rule, write)
}

fn origins_of_credentials(location: &Location, text: &str) -> Vec<Setting> {
    if text == "none" {
        return Vec::new();
    }
    match entries_in_another_form(text, one_entry) {
        Some(violation) => vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            false,
        )],
        None => list(location, ListKind::CredentialOrigins, entries(text)),
    }
}

fn own_origins(location: &Location, text: &str) -> Vec<Setting> {
    match entries_in_another_form(text, one_own_origin) {
        Some(violation) => vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            false,
        )],
        None => list(location, ListKind::OwnOrigins, entries(text)),
    }
}

fn regexes(location: &Location, text: &str) -> Vec<Setting> {
    // `null` is an opaque origin, which no regex gets; it has a message of its own.
    let word = match bare(text) {
        "*" => Some(Word::Any),
        "" => Some(Word::None),
        word => meaning_of(word).filter(|_| text != "null"),
    };
    let fix = match word {
        Some(Word::Any) => Some(
            Fix::from("unset it; to allow any origin, ").and(Piece::SwitchOn(settings::ANY_ORIGIN)),
        ),
        Some(Word::None) => Some(
            Fix::from("unset it; to deny every origin, ").and(Piece::SwitchOn(settings::NO_ORIGIN)),
        ),
        None => None,
    };
    if let Some(fix) = fix {
        let violation = Violation::new(Kind::RegexSyntax, "value is not a regex", fix);
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            true,
        )];
    }
    if is_placeholder_of_regex(text) && texts_of_markup(text).is_none() {
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            Violation::placeholder(),
            true,
        )];
    }
    if let Some(regexes) = regexes_in_another_form(text) {
        let good = |regexes: Vec<String>| -> Option<Vec<String>> {
            let good = |regex: &String| Lint::new().good_text(regex);
            let regexes: Option<Vec<String>> = regexes.iter().map(good).collect();
            regexes.filter(|regexes| !regexes.is_empty())
        };
        let fix = match good(regexes.clone()).or_else(|| good(with_scheme(regexes))) {
            Some(regexes) => Fix::from("write ").and(Piece::Value(regexes.join(" "))),
            None => "write only white space between them".into(),
        };
        let rule = "regexes must be separated by white space, and nothing else";
        let violation = Violation::new(Kind::Separator, rule, fix);
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            true,
        )];
    }
    let regexes = text.split_ascii_whitespace().collect();
    list(location, ListKind::OriginRegexes, regexes)
}

/// The regexes among words of a server's configuration: `SetEnvIf Origin "^https://a\\.example$" ORIGIN=$0`. A bracket of the
/// configuration may be left at the end.
fn with_scheme(parts: Vec<String>) -> Vec<String> {
    let is_regex = |part: &String| part.contains("://");
    let mut regexes: Vec<String> = parts.into_iter().filter(is_regex).collect();
    for regex in &mut regexes {
        if regex.ends_with(')') && regex.matches(')').count() > regex.matches('(').count() {
            regex.pop();
            *regex = regex.trim_matches(['"', '\'']).to_owned();
        }
    }
    regexes
}

/// Names, and `*` alone or together with them. `none` alone means the default.
fn names(location: &Location, text: &str, kind: ListKind) -> Vec<Setting> {
    if text == "none" {
        return Vec::new();
    }
    let all = entries(text);
    let mistake = |violation| {
        vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            false,
        )]
    };
    // A single entry that is removed leaves a variable that is set to nothing.
    if meant_names::meaning_of_entry(text) == Some(Word::None) {
        let fix = Fix::from("write ")
            .and(Piece::Value("none".to_owned()))
            .and(", which is the default, or unset it");
        return mistake(Violation::new(Kind::Wildcard, "value is not a name", fix));
    }
    if let Some(values) = of_markup(text, &|part| value_of_name(kind, part)) {
        return mistake(list_in_another_form(
            text,
            &values,
            "value must be only the name",
        ));
    }
    let has_value = all
        .iter()
        .any(|entry| meant_names::has_value(entry) || is_template(entry));
    let is_plain =
        |entry: &&str| *entry == "*" || value_of_name(kind, entry).as_deref() == Some(*entry);
    // An apostrophe is a letter of names, so that a list in quotes is one of names with one each.
    let is_quoted = all.len() > 1 && text.starts_with('\'') && text.ends_with('\'');
    // What is forbidden is said of each, unless quotes or brackets hide it.
    let is_forbidden =
        |entry: &&str| value_of_name(kind, entry).is_some_and(|name| name.is_empty());
    let has_other_form =
        !has_value && !all.iter().any(is_forbidden) && (is_quoted || !all.iter().all(is_plain));
    // `* Authorization` begins with no bullet.
    let with_star = text.strip_prefix("* ").filter(|_| !text.contains('\n'));
    let form = has_other_form.then(|| {
        if let Some(rest) = with_star {
            let mut names = vec!["*".to_owned()];
            for name in entries(rest) {
                names.push(value_of_name(kind, name)?);
            }
            return Some(names);
        }
        in_another_form(text, &|part| value_of_name(kind, part)).or_else(|| {
            let is_token = |entry: &&str| fetch_standard::is_token(entry.as_bytes());
            let is_any = meant_names::meaning_of_entry(text) == Some(Word::Any);
            (!is_any && !all.iter().all(is_token)).then(|| meant_names::known_names(kind, text))?
        })
    });
    if let Some(values) = form.flatten() {
        return mistake(list_in_another_form(
            text,
            &values,
            "value must be only the name",
        ));
    }
    list(location, kind, all)
}

/// The entries of a list: one setting for consecutive entries, and one for each word that is not an entry.
fn list(location: &Location, kind: ListKind, entries: Vec<&str>) -> Vec<Setting> {
    list_with_mistakes(location, kind, &mut entries.into_iter().map(Ok))
}

/// The same of entries some of which are mistakes already.
pub(super) fn list_with_mistakes(
    location: &Location,
    kind: ListKind,
    entries: &mut dyn Iterator<Item = Result<&str, SettingKind>>,
) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for (index, entry) in entries.enumerate() {
        let entry = entry.and_then(|entry| match word(kind, entry) {
            Some(word) => Err(word),
            None => Ok(entry),
        });
        match (entry, settings.last_mut()) {
            (Err(other), _) => settings.push(Setting::new(location.at(index), other)),
            (
                Ok(entry),
                Some(Setting {
                    kind: SettingKind::List(_, texts),
                    ..
                }),
            ) => texts.push(entry),
            (Ok(entry), _) => {
                let mut texts = EntryTexts::default();
                texts.push(entry);
                let kind = SettingKind::List(kind, texts);
                settings.push(Setting::new(location.at(index), kind));
            }
        }
    }
    settings
}

/// What an entry means that is a word.
fn word(kind: ListKind, entry: &str) -> Option<SettingKind> {
    match (kind, entry) {
        (ListKind::Origins, "*") => Some(SettingKind::AnyOrigin),
        (ListKind::Origins, "none") => Some(SettingKind::NoOrigin),
        (ListKind::Methods, "*") => Some(SettingKind::AnyMethod),
        (ListKind::Headers, "*") => Some(SettingKind::AnyHeader),
        (ListKind::Exposed, "*") => Some(SettingKind::AnyExposed),
        _ => None,
    }
}
