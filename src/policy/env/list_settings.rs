//! Lists of origins, regexes and names: the text of a variable becomes settings, or a mistake that says how to write it.

use super::lists::{entries, in_another_form, regexes_in_another_form};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{EntryTexts, Lint, bare, one_entry},
    placeholder::{is_placeholder_of_regex, is_template},
    policy::{
        names::{self, value_of_name},
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
        ListKind::CredentialOrigins if text == "none" => Vec::new(),
        ListKind::OwnOrigins | ListKind::CredentialOrigins => list(location, kind, entries(text)),
        ListKind::Vary | ListKind::Methods | ListKind::Headers | ListKind::Exposed => {
            names(location, text, kind)
        }
    }
}

/// Entries, or `*` or `none`. That these stand alone is checked with the other sources of origins.
fn origins(location: &Location, text: &str) -> Vec<Setting> {
    if let Some(kind) = word(ListKind::Origins, text) {
        return vec![Setting::new(location.clone(), kind)];
    }
    let has_other_form = || {
        let is_plain = |entry: &str| one_entry(entry).as_deref() == Some(entry);
        !entries(text).into_iter().all(is_plain)
    };
    if has_other_form()
        && let Some(values) = in_another_form(text, one_entry)
    {
        let violation = list_in_another_form(
            text,
            &values,
            "value must be the origin alone, with nothing around it",
        );
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            true,
        )];
    }
    list(location, ListKind::Origins, entries(text))
}

/// What to say of a list in another form.
fn list_in_another_form(text: &str, values: &[String], one: &'static str) -> Violation {
    let write = Fix::from("write ").and(Piece::Value(values.join(",")));
    let (kind, rule) = match values {
        [value] if text.trim_matches(['"', '\'', '`']) == value => (
            Kind::Quotes,
            "value must not have quotes: they are part of it",
        ),
        [_] => (Kind::Separator, one),
        _ => (
            Kind::Separator,
            "list must be separated by commas or line breaks, with nothing around its entries",
        ),
    };
    Violation::new(kind, rule, write)
}

fn regexes(location: &Location, text: &str) -> Vec<Setting> {
    // `null` is an opaque origin, which never reaches a regex; that is said as of any text that matches nothing.
    let word = meaning_of(bare(text)).filter(|_| text != "null");
    let fix = match word {
        Some(Word::Any) => Some(
            Fix::from("unset the variable; to allow any origin, ")
                .and(Piece::SwitchOn(settings::ANY_ORIGIN)),
        ),
        Some(Word::None) => Some(
            Fix::from("unset the variable; to deny every origin, ")
                .and(Piece::SwitchOn(settings::NO_ORIGIN)),
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
    if is_placeholder_of_regex(text) {
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            Violation::placeholder(),
            true,
        )];
    }
    if let Some(regexes) = regexes_in_another_form(text) {
        let fix = match regexes.iter().all(|regex| Lint::new().is_good_text(regex)) {
            true => Fix::from("write ").and(Piece::Value(regexes.join(" "))),
            false => "write them with white space between them, and nothing around each".into(),
        };
        let rule = "regexes must be separated by white space, with nothing around each";
        let violation = Violation::new(Kind::Separator, rule, fix);
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            true,
        )];
    }
    let regexes = text.split_ascii_whitespace();
    list(location, ListKind::OriginRegexes, regexes)
}

/// Names, and `*` alone or together with them. `none` alone is the default written out.
fn names(location: &Location, text: &str, kind: ListKind) -> Vec<Setting> {
    if text == "none" {
        return Vec::new();
    }
    let all = entries(text);
    let has_value = all
        .iter()
        .any(|entry| names::has_value(entry) || is_template(entry));
    let is_plain =
        |entry: &&str| *entry == "*" || value_of_name(kind, entry).as_deref() == Some(*entry);
    let form = (!has_value && !all.iter().all(is_plain))
        .then(|| in_another_form(text, |part| value_of_name(kind, part)));
    if let Some(values) = form.flatten() {
        let violation = list_in_another_form(
            text,
            &values,
            "value must be the name alone, with nothing around it",
        );
        return vec![Setting::mistake(
            location.clone(),
            Some(text),
            violation,
            false,
        )];
    }
    list(location, kind, all)
}

/// The entries of a list: one setting for those that follow each other, and one for each word that is not an entry.
fn list<'t>(
    location: &Location,
    kind: ListKind,
    entries: impl IntoIterator<Item = &'t str>,
) -> Vec<Setting> {
    list_with_mistakes(location, kind, entries.into_iter().map(Ok))
}

/// The same of entries some of which are mistakes already.
pub(super) fn list_with_mistakes<'t>(
    location: &Location,
    kind: ListKind,
    entries: impl IntoIterator<Item = Result<&'t str, SettingKind>>,
) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
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
                let texts = EntryTexts::from_iter([entry]);
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
