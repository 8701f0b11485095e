//! The result for people. Without a terminal, the stream removes the colors.

use std::io;

use actix_cors_policy::{PolicyError, printable};
use clap::builder::styling::{AnsiColor, Style};

use crate::Checked;

const fn bold(color: AnsiColor) -> Style {
    color.on_default().bold()
}

const RED: Style = bold(AnsiColor::Red);
const YELLOW: Style = bold(AnsiColor::Yellow);
const BLUE: Style = bold(AnsiColor::Blue);
const GREEN: Style = bold(AnsiColor::Green);

/// With `draws`, for a terminal, an error has several lines; one of them marks the wrong part.
pub(crate) fn write(
    out: &mut impl io::Write,
    checked: &Checked<'_>,
    draws: bool,
) -> io::Result<()> {
    let Checked {
        prefix,
        variables,
        policy,
        explanation,
        ..
    } = checked;
    let prefix = printable(prefix);
    let errors = match policy {
        Ok(_) => &[][..],
        Err(errors) => errors.as_slice(),
    };
    match variables.errors().count() + errors.len() {
        0 => {}
        1 => writeln!(out, "{prefix}*: {RED}1 error{RED:#}")?,
        count => writeln!(out, "{prefix}*: {RED}{count} errors{RED:#}")?,
    }
    for mistake in variables.errors() {
        let file = printable(variables.file().unwrap_or_default());
        let (line, rule, fix) = (mistake.line, mistake.rule, printable(&mistake.fix));
        writeln!(
            out,
            "{RED}error:{RED:#} {file}, line {line}: {rule} ({fix})"
        )?;
    }
    for error in errors {
        let line = checked.line_of(error.location());
        if draws {
            write!(out, "{RED}error:{RED:#} {line}")?;
            draw(out, error)?;
        } else {
            writeln!(out, "{RED}error:{RED:#} {line}{error}")?;
        }
    }
    for mistake in variables.warnings() {
        let file = printable(variables.file().unwrap_or_default());
        let (line, rule) = (mistake.line, mistake.rule);
        writeln!(
            out,
            "{YELLOW}warning:{YELLOW:#} {file}, line {line}: {rule}"
        )?;
    }
    for warning in checked.warnings() {
        let line = checked.line_of(warning.location());
        writeln!(out, "{YELLOW}warning:{YELLOW:#} {line}{warning}")?;
    }
    if let Err(errors) = policy
        && let Some(error) = errors
            .iter()
            .find(|error| error.location().setting() == "prefix")
        && let Some(prefix) = error.suggestion()
    {
        writeln!(out, "{GREEN}help:{GREEN:#} --prefix {}", printable(prefix))?;
    }
    if let Ok(policy) = policy
        && explanation.is_none()
        && checked.is_good()
    {
        writeln!(out, "{prefix}*: {GREEN}good{GREEN:#}")?;
        for line in policy.to_string().lines() {
            writeln!(out, "  {line}")?;
        }
    }
    if let Some(explanation) = explanation {
        let color = if explanation.is_allowed() { GREEN } else { RED };
        let outcome = explanation.outcome();
        writeln!(out, "{color}{outcome}:{color:#} {explanation:#}")?;
    }
    Ok(())
}

/// Writes an error as compilers do.
fn draw(out: &mut impl io::Write, error: &PolicyError) -> io::Result<()> {
    writeln!(out, "{}: {}", error.location(), error.rule())?;
    if let Some(value) = error.value() {
        let shown = printable(value).to_string();
        writeln!(out, "  {BLUE}|{BLUE:#} {shown}")?;
        if let Some((before, part)) = mark(error, value, &shown) {
            let (spaces, carets) = (" ".repeat(before), "^".repeat(part));
            writeln!(out, "  {BLUE}|{BLUE:#} {spaces}{RED}{carets}{RED:#}")?;
        }
    }
    writeln!(out, "  {GREEN}help:{GREEN:#} {}", error.fix())
}

/// The number of characters before the wrong part of the shown value, and the number in that part. `None` if the parts
/// look different when shown alone, because something is left out or cut.
fn mark(error: &PolicyError, value: &str, shown: &str) -> Option<(usize, usize)> {
    let span = error.span()?;
    let [before, part, after] = [
        value.get(..span.start)?,
        value.get(span.clone())?,
        value.get(span.end..)?,
    ]
    .map(|text| printable(text).to_string());
    let is_same = format!("{before}{part}{after}") == shown;
    is_same.then(|| (before.chars().count(), part.chars().count()))
}

#[cfg(test)]
mod tests {
    use actix_cors_policy::CorsPolicy;

    use super::*;

    fn drawn(value: &str) -> String {
        let errors = CorsPolicy::from_vars("CORS_", [("CORS_ALLOWED_ORIGINS", value)]);
        let errors = errors.expect_err(value);
        let mut out = Vec::new();
        for error in &errors {
            draw(&mut out, error).expect("memory");
        }
        let text = String::from_utf8(out).expect("UTF-8");
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn the_wrong_part_has_carets_below() {
        for (value, wanted) in [
            (
                "https://a.example,https://b.example/x",
                "CORS_ALLOWED_ORIGINS, entry 2: origin must not have a path\n  \
                 | https://b.example/x\n  \
                 |                  ^^\n  \
                 help: write `https://b.example`\n",
            ),
            // An escaped character is wider.
            (
                "https://a\u{1b}.example",
                "CORS_ALLOWED_ORIGINS, entry 1: entry must not have control characters\n  \
                 | https://a\\u{1b}.example\n  \
                 |          ^^^^^^\n  \
                 help: remove them\n",
            ),
            // If a password is left out, nothing can be marked.
            (
                "https://me:secret@a.example",
                "CORS_ALLOWED_ORIGINS, entry 1: origin must not have a user name or password\n  \
                 | https://me:…@a.example\n  \
                 help: write `https://a.example`\n",
            ),
        ] {
            assert_eq!(drawn(value), wanted);
        }
    }
}
