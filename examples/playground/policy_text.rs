//! The text of a policy: lines of `NAME=value`, and what is wrong with them.

use std::ops::Range;

use actix_cors_policy::{CorsPolicy, PolicyError};
use serde::Serialize;

/// The prefix of all variables.
pub(crate) const PREFIX: &str = "CORS_";

/// A line that sets a variable.
#[derive(Clone, Copy)]
pub(crate) struct Variable<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
    line: &'t str,
    /// Counted from 1.
    number: usize,
    /// Where the value begins in the line.
    start: usize,
}

/// An error in the text of a policy.
#[derive(Serialize)]
pub(crate) struct TextError {
    pub(crate) message: String,
    fix: String,
    /// The line, counted from 1; `None` if the error is that something is missing.
    line: Option<usize>,
    /// The wrong part of the line, in UTF-16 code units as in a text field; `None` if it is the whole line.
    part: Option<Range<usize>>,
    /// The line with the wrong value replaced, if the library suggests a value.
    fixed_line: Option<String>,
}

/// The policy of a text.
pub(crate) fn parse(text: &str) -> Result<CorsPolicy, Vec<TextError>> {
    let mut variables = Vec::new();
    let mut errors = Vec::new();
    for read in lines(text) {
        match read {
            Ok(variable) => variables.push(variable),
            Err(error) => errors.push(error),
        }
    }
    let pairs = variables
        .iter()
        .map(|variable| (variable.name, variable.value));
    match CorsPolicy::from_vars(PREFIX, pairs) {
        Ok(policy) if errors.is_empty() => return Ok(policy),
        Ok(_) => {}
        Err(policy_errors) => {
            errors.extend(
                policy_errors
                    .iter()
                    .map(|error| TextError::new(error, &variables)),
            );
        }
    }
    // An error without a line, about something that is missing, comes last.
    errors.sort_by_key(|error| error.line.unwrap_or(usize::MAX));
    Err(errors)
}

/// The variables of a text, without lines that have errors.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    lines(text).filter_map(Result::ok)
}

/// Empty lines and lines that begin with `#` are ignored.
fn lines(text: &str) -> impl Iterator<Item = Result<Variable<'_>, TextError>> {
    let numbered = (1..).zip(text.lines());
    let set = numbered.filter(|(_, line)| {
        let content = line.trim();
        !content.is_empty() && !content.starts_with('#')
    });
    set.map(|(number, line)| {
        variable(number, line).map_err(|(rule, fix)| TextError {
            message: format!("line {number}: {rule}"),
            fix: fix.to_owned(),
            line: Some(number),
            part: None,
            fixed_line: None,
        })
    })
}

/// The variable of a line, or what is wrong with the line and how to fix it.
fn variable(number: usize, line: &str) -> Result<Variable<'_>, (String, &'static str)> {
    let (name, value) = line.split_once('=').ok_or_else(|| {
        let rule = format!("a variable must be NAME=value: {:?}", line.trim());
        (rule, "write a value; a comment begins with #")
    })?;
    let start = line.len() - value.trim_start().len();
    let name = name.trim();
    // The library ignores variables without its prefix.
    let has_prefix = name
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    if !has_prefix {
        let rule = format!("a variable must begin with {PREFIX}: {name:?}");
        return Err((rule, "remove the line, or correct the name"));
    }
    // Any program on this machine can send a text, and error messages contain parts of values. So no file is read.
    if name.to_ascii_uppercase().ends_with("_FILE") {
        let rule = format!("the playground reads no files: {name:?}");
        return Err((rule, "write the content of the file here"));
    }
    Ok(Variable {
        name,
        value: value.trim(),
        line,
        number,
        start,
    })
}

#[cfg(test)]
impl<'t> Variable<'t> {
    pub(crate) fn of(name: &'t str, value: &'t str) -> Self {
        let (line, number, start) = (value, 1, 0);
        Self {
            name,
            value,
            line,
            number,
            start,
        }
    }
}

impl TextError {
    fn new(error: &PolicyError, variables: &[Variable<'_>]) -> Self {
        let name = error.location().setting();
        let variable = variables
            .iter()
            .rev()
            .find(|variable| variable.name == name);
        let found = variable.and_then(|variable| Some((variable, wrong_value(variable, error)?)));
        let whole = error.to_string();
        let message = whole.strip_suffix(&format!(" ({})", error.fix()));
        Self {
            message: message.unwrap_or(&whole).to_owned(),
            fix: error.fix().to_owned(),
            line: variable.map(|variable| variable.number),
            part: found.as_ref().and_then(|(variable, value)| {
                let part = match error.span() {
                    Some(span) => value.start + span.start..value.start + span.end,
                    None => value.clone(),
                };
                in_utf_16(variable.line, &part)
            }),
            fixed_line: found.and_then(|(variable, value)| {
                let suggestion = error.suggestion().filter(|value| !value.contains('\n'))?;
                let before = variable.line.get(..value.start)?;
                let after = variable.line.get(value.end..)?;
                Some(format!("{before}{suggestion}{after}"))
            }),
        }
    }
}

/// Where the wrong value of an error is in the line of its variable.
fn wrong_value(variable: &Variable<'_>, error: &PolicyError) -> Option<Range<usize>> {
    let Variable { value, start, .. } = *variable;
    let wrong = error.value()?;
    let found = match error.location().entry() {
        None => (value == wrong).then_some(0),
        Some(number) => value
            .match_indices(wrong)
            .map(|(at, _)| at)
            .find(|at| is_entry(value, *at, wrong.len(), number)),
    };
    found.map(|at| start + at..start + at + wrong.len())
}

/// Whether a part of a list is the entry with this number.
fn is_entry(list: &str, at: usize, length: usize, number: usize) -> bool {
    let (Some(before), Some(after)) = (list.get(..at), list.get(at + length..)) else {
        return false;
    };
    let is_end = |text: &str, separator: fn(char) -> bool| {
        text.is_empty() || text.starts_with(separator) || text.ends_with(separator)
    };
    // Regexes are separated by white space, everything else by commas.
    let is_space: fn(char) -> bool = |character| character.is_ascii_whitespace();
    let is_comma: fn(char) -> bool = |character| character == ',';
    let by_commas = before.matches(',').count() + 1 == number
        && is_end(before.trim_end(), is_comma)
        && is_end(after.trim_start(), is_comma);
    let by_spaces = before.split_ascii_whitespace().count() + 1 == number
        && is_end(before, is_space)
        && is_end(after, is_space);
    by_commas || by_spaces
}

fn in_utf_16(line: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let units = |end| Some(line.get(..end)?.encode_utf16().count());
    Some(units(part.start)?..units(part.end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The errors of a line: the selected part, and the fixed line.
    fn errors(line: &str) -> Vec<(String, Option<String>)> {
        let errors = parse(line).expect_err("it has errors");
        let units: Vec<u16> = line.encode_utf16().collect();
        let selected = |error: &TextError| match &error.part {
            Some(part) => String::from_utf16(&units[part.clone()]).expect("characters"),
            None => line.to_owned(),
        };
        errors
            .into_iter()
            .map(|error| (selected(&error), error.fixed_line))
            .collect()
    }

    #[test]
    fn the_wrong_part_is_found_and_replaced() {
        for (line, wanted) in [
            (
                "CORS_ALLOWED_ORIGINS = https://a.example, https://b.example/x ,https://c.example",
                &[(
                    "/x",
                    Some(
                        "CORS_ALLOWED_ORIGINS = https://a.example, https://b.example ,https://c.example",
                    ),
                )][..],
            ),
            // The second of two equal texts, the first of which is part of another entry.
            (
                "CORS_ALLOWED_ORIGINS=https://a.example/x,https://a.example/",
                &[
                    (
                        "/x",
                        Some("CORS_ALLOWED_ORIGINS=https://a.example,https://a.example/"),
                    ),
                    (
                        "/",
                        Some("CORS_ALLOWED_ORIGINS=https://a.example/x,https://a.example"),
                    ),
                ],
            ),
            (
                "  CORS_ALLOWED_ORIGINS=[\"https://a.example\"]  ",
                &[(
                    "[\"https://a.example\"]",
                    Some("  CORS_ALLOWED_ORIGINS=https://a.example  "),
                )],
            ),
            (
                "CORS_ALLOWED_ORIGINS=https://bücher.example",
                &[(
                    "ü",
                    Some("CORS_ALLOWED_ORIGINS=https://xn--bcher-kva.example"),
                )],
            ),
            ("CORS_ALLOWED_ORIGINS", &[("CORS_ALLOWED_ORIGINS", None)]),
        ] {
            let errors = errors(line);
            let found: Vec<_> = errors
                .iter()
                .filter(|(part, _)| !part.is_empty())
                .map(|(part, fixed)| (part.as_str(), fixed.as_deref()))
                .take(wanted.len())
                .collect();
            assert_eq!(found, wanted, "{line}");
        }
    }

    #[test]
    fn a_regex_is_found_among_others() {
        let line = r"CORS_ALLOWED_ORIGIN_REGEXES=https://a\.example https://b.example";
        let found = errors(line);
        assert_eq!(
            found[0].1.as_deref(),
            Some(r"CORS_ALLOWED_ORIGIN_REGEXES=https://a\.example https://b\.example")
        );
    }
}
