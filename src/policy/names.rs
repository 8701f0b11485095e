//! Names of methods and headers, as a person writes them; and what must not stand in any entry.

use std::ops::Range;

use super::setting::ListKind;
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    settings::{self, SettingName},
};

/// What people write when they mean several entries, or copy with the text.
pub(super) fn one_entry(location: &Location, kind: ListKind, text: &str) -> Result<(), Violation> {
    if kind == ListKind::OriginRegexes {
        return Ok(());
    }
    let apart = if location.is_variable() {
        "separate entries with commas"
    } else {
        "give each entry by itself"
    };
    let is_origin = kind.is_of_origins();
    let is_long_name = !is_origin && text.len() > 1;
    // In a name, these two are letters like others; around one, they are quotes.
    let is_quoted_name = || {
        let is_around = |quote: char| text.starts_with(quote) && text.ends_with(quote);
        is_long_name && ['\'', '`'].into_iter().any(is_around)
    };
    let (wrong, violation) = if let Some(star) = text.find('*').filter(|_| is_long_name) {
        // A letter of names too, but `x-*` is meant as a pattern.
        let violation = Violation::new(
            Kind::Wildcard,
            "`*` must not stand inside a name",
            "name each one, or allow any",
        );
        (Some(star), violation)
    } else if let Some(space) = text.find(|character: char| character.is_ascii_whitespace()) {
        let violation = Violation::new(
            Kind::WhiteSpace,
            "entry must not have white space inside",
            apart,
        );
        (Some(space), violation)
    } else if is_origin && text.matches("://").count() > 1 {
        let violation = Violation::new(Kind::Separator, "entry must be one origin", apart);
        // Where the second one begins is not known.
        (None, violation)
    } else if let Some(bar) = text.find('|').filter(|_| is_long_name) {
        // Again a letter of names that no one has in one.
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

pub(super) fn parse_method(name: &str) -> Result<(), Violation> {
    if name == "*" {
        return Err(wildcard("method", settings::ANY_METHOD));
    }
    if name.is_empty() {
        return Err(empty());
    }
    if !fetch_standard::is_token(name.as_bytes()) {
        let violation = Violation::new(
            Kind::Method,
            "method must be a token",
            "write one method an entry, such as `PUT`",
        );
        return Err(violation.spanning(not_of_token(name)));
    }
    if fetch_standard::is_forbidden_method(name.as_bytes()) {
        return Err(Violation::new(
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ));
    }
    // `PATCH` is not among the methods that browsers normalize, and nobody who writes it in another case means that.
    let normal = fetch_standard::normalized_method(name)
        .or_else(|| (name != "PATCH" && name.eq_ignore_ascii_case("PATCH")).then_some("PATCH"));
    match normal {
        None => Ok(()),
        Some(normal) => Err(Violation::new(
            Kind::MethodCase,
            "methods are case-sensitive",
            Fix::from("write ").and(Piece::Value(normal.to_owned())),
        )),
    }
}

/// Gives the name in lower case.
pub(super) fn parse_request_header(name: &str) -> Result<String, Violation> {
    if name == "*" {
        return Err(wildcard("header", settings::ANY_HEADER));
    }
    parse_header_name(name)?;
    let lower = name.to_ascii_lowercase();
    if fetch_standard::is_forbidden_request_header_name(&lower) {
        let fix = if lower == "cookie" {
            Fix::from(
                "remove it: the browser itself sends cookies, and asks no one; whether it does is a matter of ",
            )
            .and(Piece::Named(settings::CREDENTIALS))
        } else {
            "remove it: the browser itself sets it, and asks no one".into()
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
    parse_header_name(name)?;
    if fetch_standard::is_forbidden_response_header(&name.to_ascii_lowercase()) {
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
        let violation = Violation::new(
            Kind::HeaderName,
            "header name must be a token",
            "write one name an entry, such as `x-request-id`",
        );
        return Err(violation.spanning(not_of_token(name)));
    }
    Ok(())
}

/// The first character that no token has.
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
