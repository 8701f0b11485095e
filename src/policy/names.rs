//! Names of methods and headers as people write them, and text that no entry may have.

use std::ops::Range;

use super::{
    meant_names::{has_value, is_list_of_known_names, meaning_of_entry, name_before_value},
    registered,
    setting::ListKind,
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{WRITE_ORIGIN, in_ascii},
    placeholder::{is_template, is_word_to_replace},
    settings::{self, SettingName},
    words::Word,
};

/// Refuses separators of several entries, and characters copied together with the text.
pub(super) fn one_entry(location: &Location, kind: ListKind, text: &str) -> Result<(), Violation> {
    if kind == ListKind::OriginRegexes {
        return Ok(());
    }
    let apart = if location.has_separators() {
        "separate entries with commas"
    } else if location.file().is_some() {
        "write each on a line of its own"
    } else {
        "pass each entry separately"
    };
    let is_origin = kind.is_of_origins();
    if !is_origin && (meaning_of_entry(text).is_some() || is_template(text)) {
        // What is said of these is better.
        return Ok(());
    }
    let is_long_name = !is_origin && text.len() > 1;
    // Inside a name, these two are ordinary characters; around a name, they are quotes.
    let is_quoted_name = || {
        let is_around = |quote: char| text.starts_with(quote) && text.ends_with(quote);
        is_long_name && ['\'', '`'].into_iter().any(is_around)
    };
    let (wrong, violation) =
        if let Some(star) = text.find('*').filter(|_| is_long_name && !has_value(text)) {
            // Names may have a `*` too, but `x-*` is meant as a pattern.
            let fix = Fix::from("name each one");
            let fix = match kind.any() {
                Some(any) => fix.and("; to allow any, ").and(Piece::SwitchOn(any)),
                None => fix,
            };
            let violation = Violation::new(Kind::Wildcard, "`*` must not stand inside a name", fix);
            (Some(star), violation)
        } else if let Some(space) = text
            .find(|character: char| character.is_ascii_whitespace())
            .filter(|_| is_origin || !has_value(text))
        {
            let fix = match is_origin && !text.contains("://") {
                true => WRITE_ORIGIN,
                false => apart,
            };
            let violation = Violation::new(
                Kind::WhiteSpace,
                "entry must not have white space inside",
                fix,
            );
            (Some(space), violation)
        } else if is_origin && text.matches("://").count() > 1 {
            let violation = Violation::new(Kind::Separator, "entry must be one origin", apart);
            // Where the second one begins is not known.
            (None, violation)
        } else if let Some(bar) = text
            .find('|')
            .filter(|_| is_list_of_known_names(kind, text))
        {
            let violation = Violation::new(Kind::Separator, "entry must be one name", apart);
            (Some(bar), violation)
        } else if let Some(quote) = text
            .find(['"', '\'', '`'])
            .filter(|_| is_origin || is_quoted_name())
        {
            let violation = Violation::new(
                Kind::Quotes,
                "entry must not have quotes",
                "remove them, and brackets too",
            );
            (Some(quote), violation)
        } else {
            return Ok(());
        };
    Err(violation.spanning(wrong.map(|at| at..at + 1)))
}

/// Refuses words that mean everything or nothing, and placeholders: nobody sends such a name.
fn check_meaning(name: &str, what: &'static str, any: SettingName) -> Result<(), Violation> {
    let fix = match meaning_of_entry(name) {
        Some(Word::Any) => Fix::from(format!("to allow any {what}, ")).and(Piece::SwitchOn(any)),
        Some(Word::None) => Fix::from(format!(
            "remove it; without a {what} in the list, only the safelisted ones are allowed"
        )),
        None if is_template(name) || is_word_to_replace(name) => {
            return Err(Violation::placeholder());
        }
        None => return Ok(()),
    };
    Err(Violation::new(
        Kind::Wildcard,
        format!("entry is not the name of a {what}"),
        fix,
    ))
}

pub(super) fn parse_method(name: &str) -> Result<(), Violation> {
    if name == "*" {
        return Err(wildcard("method", settings::ANY_METHOD));
    }
    check_meaning(name, "method", settings::ANY_METHOD)?;
    if name.is_empty() {
        return Err(empty());
    }
    if !fetch_standard::is_token(name.as_bytes()) {
        let fix = fix_of_ascii(name)
            .unwrap_or_else(|| "write one method in each entry, such as `PUT`".into());
        let violation = Violation::new(Kind::Method, "method must be a token", fix);
        return Err(violation.spanning(not_of_token(name)));
    }
    if fetch_standard::is_forbidden_method(name.as_bytes()) {
        return Err(Violation::new(
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ));
    }
    // Browsers normalize only a few methods. But if people write another method in a different case, they mean the same
    // method.
    match registered::method_in_another_case(name) {
        None => Ok(()),
        Some(normal) => Err(Violation::new(
            Kind::MethodCase,
            "methods are case-sensitive",
            match fetch_standard::normalized_method(&normal.to_ascii_lowercase()) {
                Some(_) => Fix::from("write ").and(Piece::Value(normal.to_owned())),
                None => Fix::from("write ")
                    .and(Piece::Value(normal.to_owned()))
                    .and(", and send it so from the page"),
            },
        )),
    }
}

/// Returns the name in lower case.
pub(super) fn parse_request_header(name: &str) -> Result<String, Violation> {
    if name == "*" {
        return Err(wildcard("header", settings::ANY_HEADER));
    }
    check_meaning(name, "header", settings::ANY_HEADER)?;
    parse_header_name(name)?;
    let lower = name.to_ascii_lowercase();
    if fetch_standard::is_forbidden_request_header_name(&lower) {
        let fix = match lower.as_str() {
            "cookie" => Fix::from(
                "remove it: the browser sets it itself; for requests with cookies, see ",
            )
            .and(Piece::Named(settings::CREDENTIALS)),
            "set-cookie" => Fix::from(
                "remove it: servers send it; whether browsers keep and send cookies is a matter of ",
            )
            .and(Piece::Named(settings::CREDENTIALS)),
            _ => "remove it: the browser sets it itself".into(),
        };
        let rule = "request header is forbidden by the Fetch standard";
        return Err(Violation::new(Kind::ForbiddenHeader, rule, fix));
    }
    Ok(lower)
}

pub(super) fn parse_exposed_header(name: &str) -> Result<(), Violation> {
    if name == "*" {
        return Err(wildcard("header", settings::EXPOSE_ANY_HEADER));
    }
    check_meaning(name, "header", settings::EXPOSE_ANY_HEADER)?;
    parse_header_name(name)?;
    if fetch_standard::is_forbidden_response_header_name(&name.to_ascii_lowercase()) {
        return Err(Violation::new(
            Kind::ForbiddenHeader,
            "response header is forbidden by the Fetch standard",
            "remove it: no browser lets a page read it",
        ));
    }
    Ok(())
}

pub(super) fn parse_vary_name(name: &str) -> Result<(), Violation> {
    if name == "*" {
        return Err(Violation::new(
            Kind::Wildcard,
            "`*` is not a header",
            "name the request headers that the predicate reads",
        ));
    }
    parse_header_name(name)
}

fn parse_header_name(name: &str) -> Result<(), Violation> {
    if name.is_empty() {
        return Err(empty());
    }
    if !fetch_standard::is_token(name.as_bytes()) {
        let fix = match name_before_value(name) {
            Some(name) => Fix::from("write only the name: ").and(Piece::Value(name.to_owned())),
            None if is_media_type(name) => Fix::from("for the header that has it, write ")
                .and(Piece::Value("content-type".to_owned())),
            None => fix_of_ascii(name)
                .unwrap_or_else(|| "write one name in each entry, such as `x-request-id`".into()),
        };
        let violation = Violation::new(Kind::HeaderName, "header name must be a token", fix);
        return Err(violation.spanning(not_of_token(name)));
    }
    Ok(())
}

/// `application/json`
fn is_media_type(name: &str) -> bool {
    let (kind, rest) = name.split_once('/').unwrap_or_default();
    let is_known = [
        "application",
        "audio",
        "image",
        "multipart",
        "text",
        "video",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(kind));
    is_known && fetch_standard::is_token(rest.as_bytes())
}

/// What to do about a name with characters that only look like those of names.
fn fix_of_ascii(name: &str) -> Option<Fix> {
    let wrong = name.chars().find(|character| !character.is_ascii())?;
    let plain = in_ascii(name);
    if fetch_standard::is_token(plain.as_bytes()) {
        return Some(Fix::from("write ").and(Piece::Value(plain)));
    }
    let code = u32::from(wrong);
    Some(format!("type it anew: the character U+{code:04X} is not ASCII").into())
}

/// The first character that a token cannot have.
fn not_of_token(name: &str) -> Option<Range<usize>> {
    let mut characters = name.char_indices();
    let is_wrong = |character: char| !fetch_standard::is_token(character.to_string().as_bytes());
    let (at, character) = characters.find(|(_, character)| is_wrong(*character))?;
    Some(at..at + character.len_utf8())
}

fn wildcard(what: &str, any: SettingName) -> Violation {
    Violation::new(
        Kind::Wildcard,
        format!("`*` is not a {what}"),
        Fix::from(format!("to allow any {what}, ")).and(Piece::SwitchOn(any)),
    )
}

fn empty() -> Violation {
    Violation::new(
        Kind::Empty,
        "entry is empty",
        "remove it, or remove the extra separator",
    )
}
