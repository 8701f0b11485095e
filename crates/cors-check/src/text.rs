//! The result for people. Colors are left out by the stream where there is no terminal.

use std::io;

use actix_cors_policy::printable;
use clap::builder::styling::{AnsiColor, Style};

use crate::Checked;

const fn bold(color: AnsiColor) -> Style {
    color.on_default().bold()
}

const RED: Style = bold(AnsiColor::Red);
const YELLOW: Style = bold(AnsiColor::Yellow);
const GREEN: Style = bold(AnsiColor::Green);

pub(crate) fn write(out: &mut impl io::Write, checked: &Checked<'_>) -> io::Result<()> {
    let Checked {
        prefix,
        variables,
        policy,
        explanation,
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
        let place = checked.line_of(error.location());
        writeln!(out, "{RED}error:{RED:#} {place}{error}")?;
    }
    for mistake in variables.warnings() {
        let file = printable(variables.file().unwrap_or_default());
        let (line, rule) = (mistake.line, mistake.rule);
        writeln!(
            out,
            "{YELLOW}warning:{YELLOW:#} {file}, line {line}: {rule}"
        )?;
    }
    if let Ok(policy) = policy {
        for warning in policy.warnings() {
            let place = checked.line_of(warning.location());
            writeln!(out, "{YELLOW}warning:{YELLOW:#} {place}{warning}")?;
        }
        if explanation.is_none() && variables.errors().next().is_none() {
            writeln!(out, "{prefix}*: {GREEN}good{GREEN:#}")?;
            for line in policy.to_string().lines() {
                writeln!(out, "  {line}")?;
            }
        }
    }
    if let Some(explanation) = explanation {
        let color = if explanation.is_allowed() { GREEN } else { RED };
        let text = explanation.to_string();
        let (verdict, rest) = text.split_once(':').unwrap_or((&text, ""));
        writeln!(out, "{color}{verdict}:{color:#}{rest}")?;
    }
    Ok(())
}
