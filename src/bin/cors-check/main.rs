//! Tells whether the `CORS_*` variables of a deployment are good, and what the policy that they make says of a request.

mod dotenv;
mod json;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use actix_cors_policy::{
    __FactValue as FactValue, __Line as Line, CorsPolicy, CorsRequest, Explanation, Outcome,
    PolicyErrors,
};
use clap::{
    Arg, ArgAction, ArgMatches, Command,
    builder::{PathBufValueParser, styling::AnsiColor},
};

use self::json::Json;

/// The variables are good, and the request is allowed.
const GOOD: u8 = 0;
/// They have errors, or warnings with `--deny-warnings`.
const BAD: u8 = 1;
/// The command was not understood. `clap` has the same.
const USAGE: u8 = 2;
/// They are good, and the request is denied.
const DENIED: u8 = 3;

fn main() -> ExitCode {
    let arguments = match command().try_get_matches() {
        Ok(arguments) => arguments,
        // The help, for example.
        Err(error) if !error.use_stderr() => error.exit(),
        Err(error) => return usage(&error),
    };
    match run(&arguments) {
        Ok(status) => ExitCode::from(status),
        // Whoever read the output has enough of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(GOOD),
        Err(error) => {
            for line in format!("cors-check: {error}").lines() {
                drop(writeln!(anstream::stderr(), "{}", Line(line)));
            }
            ExitCode::from(USAGE)
        }
    }
}

/// What `clap` says of arguments that it does not understand. It repeats them as they came.
fn usage(error: &clap::Error) -> ExitCode {
    for line in error.to_string().lines() {
        drop(writeln!(anstream::stderr(), "{}", Line(line)));
    }
    ExitCode::from(USAGE)
}

fn command() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    Command::new("cors-check")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Checks the CORS_* variables of actix-cors-policy, and explains what they say of a request")
        .after_help(
            "Exit status: 0 good (and the request is allowed), 1 errors (or warnings with --deny-warnings), \
             2 usage, 3 the request is denied",
        )
        .arg(option("prefix", "PREFIX", "The prefix of the variables").default_value("CORS_"))
        .arg(
            option("env-file", "FILE", "Reads variables from a file in the dotenv form instead of the environment")
                .value_parser(PathBufValueParser::new()),
        )
        .arg(flag("deny-warnings", "Takes warnings for errors"))
        .arg(flag("json", "Prints JSON, on one line"))
        .arg(option("origin", "ORIGIN", "Explains a request of a page of this origin"))
        .arg(
            option("method", "METHOD", "The method of the request")
                .default_value("GET")
                .requires("origin"),
        )
        .arg(
            option("header", "NAME", "A header that the page sets and that is not safelisted; may be repeated")
                .action(ArgAction::Append)
                .requires("origin"),
        )
        .arg(flag("credentials", "The page sends credentials").requires("origin"))
        .arg(option("to", "URL", "Where it is sent to, such as https://api.example.com").requires("origin"))
}

fn run(arguments: &ArgMatches) -> io::Result<u8> {
    let prefix = text(arguments, "prefix").unwrap_or_default();
    let policy = match arguments.get_one::<PathBuf>("env-file") {
        None => CorsPolicy::from_vars(prefix, std::env::vars_os()),
        Some(path) => {
            let named = |what: &dyn std::fmt::Display| {
                io::Error::other(format!("{}: {what}", path.display()))
            };
            let bytes = std::fs::read(path).map_err(|error| named(&error))?;
            let content = String::from_utf8(bytes).map_err(|_| named(&"the file is not UTF-8"))?;
            let variables = dotenv::parse(&content).map_err(|mistakes| {
                let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                named(&lines.join("\n  "))
            })?;
            let os = |text: String| OsString::from(text);
            CorsPolicy::from_vars(
                prefix,
                variables
                    .into_iter()
                    .map(|(name, value)| (os(name), os(value))),
            )
        }
    };
    let explanation = policy
        .as_ref()
        .ok()
        .zip(request(arguments))
        .map(|(policy, request)| policy.explain(&request));
    let denies_warnings = arguments.get_flag("deny-warnings");
    let mut out = anstream::stdout().lock();
    if arguments.get_flag("json") {
        writeln!(out, "{}", as_json(prefix, &policy, explanation.as_ref()))?;
    } else {
        print(&mut out, prefix, &policy, explanation.as_ref())?;
    }
    out.flush()?;
    Ok(match (&policy, explanation) {
        (Err(_), _) => BAD,
        (Ok(policy), _) if denies_warnings && !policy.warnings().is_empty() => BAD,
        (Ok(_), Some(explanation)) if !explanation.is_allowed() => DENIED,
        _ => GOOD,
    })
}

fn text<'a>(arguments: &'a ArgMatches, name: &str) -> Option<&'a str> {
    arguments.get_one::<String>(name).map(String::as_str)
}

/// The request that is to be explained.
fn request(arguments: &ArgMatches) -> Option<CorsRequest> {
    let origin = text(arguments, "origin")?;
    let method = text(arguments, "method").unwrap_or("GET");
    let headers = arguments.get_many::<String>("header").into_iter().flatten();
    let mut request = CorsRequest::actual(origin, method).headers(headers);
    if arguments.get_flag("credentials") {
        request = request.credentials();
    }
    if let Some(place) = text(arguments, "to") {
        request = request.sent_to(place);
    }
    Some(request)
}

type Checked = Result<CorsPolicy, PolicyErrors>;

/// For a person. Colours are left out by the stream where there is no terminal.
fn print(
    out: &mut impl io::Write,
    prefix: &str,
    policy: &Checked,
    explanation: Option<&Explanation>,
) -> io::Result<()> {
    let bold = |color: AnsiColor| color.on_default().bold();
    let (red, yellow, green) = (
        bold(AnsiColor::Red),
        bold(AnsiColor::Yellow),
        bold(AnsiColor::Green),
    );
    match policy {
        Err(errors) => {
            let count = errors.as_slice().len();
            let many = if count == 1 { "" } else { "s" };
            writeln!(out, "{}*: {red}{count} error{many}{red:#}", Line(prefix))?;
            for error in errors {
                writeln!(out, "{red}error:{red:#} {error}")?;
            }
        }
        Ok(policy) => {
            if explanation.is_none() {
                writeln!(out, "{}*: {green}good{green:#}", Line(prefix))?;
                for line in policy.to_string().lines() {
                    writeln!(out, "  {line}")?;
                }
            }
            for warning in policy.warnings() {
                writeln!(out, "{yellow}warning:{yellow:#} {warning}")?;
            }
        }
    }
    if let Some(explanation) = explanation {
        let color = if explanation.is_allowed() { green } else { red };
        let text = explanation.to_string();
        let (verdict, rest) = text.split_once(':').unwrap_or((&text, ""));
        writeln!(out, "{color}{verdict}:{color:#}{rest}")?;
    }
    Ok(())
}

fn as_json(prefix: &str, policy: &Checked, explanation: Option<&Explanation>) -> Json {
    let (facts, warnings, errors) = match policy {
        Ok(policy) => (Some(facts(policy)), policy.warnings(), &[][..]),
        Err(errors) => (None, &[][..], errors.as_slice()),
    };
    let warnings = warnings.iter().map(|warning| {
        Json::Object(vec![
            ("location", warning.location().into()),
            ("message", Json::Text(warning.to_string())),
        ])
    });
    let errors = errors.iter().map(|error| {
        Json::Object(vec![
            ("kind", Json::Text(format!("{:?}", error.kind()))),
            ("location", error.location().into()),
            ("value", error.value().into()),
            ("message", Json::Text(error.to_string())),
        ])
    });
    Json::Object(vec![
        ("prefix", prefix.into()),
        ("good", policy.is_ok().into()),
        ("policy", facts.into()),
        ("warnings", Json::List(warnings.collect())),
        ("errors", Json::List(errors.collect())),
        ("request", explanation.map(explained).into()),
    ])
}

fn facts(policy: &CorsPolicy) -> Json {
    let facts = policy.__facts().into_iter().map(|(name, value)| {
        let value = match value {
            FactValue::Word(word) => word.into(),
            FactValue::Flag(flag) => flag.into(),
            FactValue::Number(number) => number.map_or(Json::Null, Json::Number),
            FactValue::List(list) => Json::List(list.into_iter().map(Json::Text).collect()),
        };
        (name, value)
    });
    Json::Object(facts.collect())
}

fn explained(explanation: &Explanation) -> Json {
    let outcome = match explanation.outcome() {
        Outcome::Allowed => "allowed",
        Outcome::Rejected => "rejected",
        Outcome::NotCors => "not CORS",
        _ => "denied",
    };
    let allowed_by = explanation.allowed_by().map(|by| {
        Json::Object(vec![
            ("text", by.text().into()),
            ("location", by.location().into()),
        ])
    });
    let near_miss = explanation.near_miss().map(|near| {
        Json::Object(vec![
            ("sentence", Json::Text(near.to_string())),
            ("entry", near.entry().into()),
            ("location", near.location().into()),
        ])
    });
    let denial = explanation
        .denial()
        .map(|denial| Json::Text(format!("{denial:?}")));
    let headers = explanation
        .headers()
        .map(|(name, value)| Json::Object(vec![("name", name.into()), ("value", value.into())]));
    Json::Object(vec![
        ("outcome", outcome.into()),
        ("allowed_by", allowed_by.into()),
        ("denial", denial.into()),
        ("reason", explanation.reason().into()),
        ("near_miss", near_miss.into()),
        ("needs_preflight", explanation.needs_preflight().into()),
        ("preflight", explanation.preflight().map(explained).into()),
        (
            "status",
            explanation
                .status()
                .map(|status| Json::Number(status.into()))
                .into(),
        ),
        ("headers", Json::List(headers.collect())),
    ])
}
