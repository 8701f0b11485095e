//! Checks the `CORS_*` variables of a deployment, and explains whether their policy allows a request.

mod arguments;
mod env_file;
mod json;
mod text;
mod variables;

use std::{
    fmt,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use actix_cors_policy::{
    CorsPolicy, Explanation, Location, PolicyErrors, PolicyWarning, printable,
};
use clap::Parser as _;

use self::{
    arguments::{Arguments, Format},
    variables::Variables,
};

/// The variables are good, and the request is allowed.
const GOOD: u8 = 0;
/// They have errors, or warnings with `--deny-warnings`.
const BAD: u8 = 1;
/// The command was not understood. `clap` uses the same status.
const USAGE: u8 = 2;
/// They are good, and the request is denied.
const DENIED: u8 = 3;

/// The complete result.
struct Checked<'a> {
    prefix: &'a str,
    variables: Variables,
    policy: Result<CorsPolicy, PolicyErrors>,
    explanation: Option<Explanation>,
    deny_warnings: bool,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // The help, for example.
        Err(error) if !error.use_stderr() => error.exit(),
        // The message contains the arguments, so it is escaped.
        Err(error) => {
            complain(&error);
            return ExitCode::from(USAGE);
        }
    };
    match run(&arguments) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            complain(&format_args!("cors-check: {error}"));
            ExitCode::from(USAGE)
        }
    }
}

fn complain(error: &dyn fmt::Display) {
    for line in error.to_string().lines() {
        drop(writeln!(anstream::stderr(), "{}", printable(line)));
    }
}

fn run(arguments: &Arguments) -> io::Result<u8> {
    let variables = Variables::read(arguments)?;
    let policy = CorsPolicy::from_vars(&arguments.prefix, variables.pairs());
    let explanation = policy
        .as_ref()
        .ok()
        .zip(arguments.request())
        .map(|(policy, request)| policy.explain(&request));
    let checked = Checked {
        prefix: &arguments.prefix,
        variables,
        policy,
        explanation,
        deny_warnings: arguments.deny_warnings,
    };
    match write(arguments.format, &checked) {
        // Whatever reads the output has closed it, and the status counts all the same.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(checked.status()),
    }
}

fn write(format: Format, checked: &Checked<'_>) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    match format {
        Format::Text => text::write(&mut out, checked, io::stdout().is_terminal())?,
        Format::Json => json::write(&mut out, checked)?,
    }
    out.flush()
}

impl Checked<'_> {
    fn status(&self) -> u8 {
        match &self.explanation {
            _ if !self.is_good() => BAD,
            Some(explanation) if !explanation.is_allowed() => DENIED,
            _ => GOOD,
        }
    }

    /// Whether there are no errors and no denied warnings. Warnings about variables of other programs are never denied.
    fn is_good(&self) -> bool {
        let is_denied = |warning: &PolicyWarning| !warning.is_unknown_variable();
        let has_denied =
            || self.variables.warnings().next().is_some() || self.warnings().iter().any(is_denied);
        self.policy.is_ok()
            && self.variables.errors().next().is_none()
            && !(self.deny_warnings && has_denied())
    }

    /// The warnings, whether there are errors or not.
    fn warnings(&self) -> &[PolicyWarning] {
        match &self.policy {
            Ok(policy) => policy.warnings(),
            Err(errors) => errors.warnings(),
        }
    }

    /// The line of the file on which the variable of a location is set.
    fn line(&self, location: &Location) -> Option<usize> {
        self.variables.line_of(location.setting())
    }

    /// File and line before a location, for people.
    fn line_of(&self, location: &Location) -> String {
        let line = self.line(location).zip(self.variables.file());
        line.map_or(String::new(), |(line, file)| {
            format!("{}, line {line}: ", printable(file))
        })
    }
}
