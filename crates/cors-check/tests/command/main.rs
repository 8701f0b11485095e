//! `cors-check` as a whole program, and what the README and the guides show of it as it really prints it.

use std::{
    collections::BTreeSet,
    process::{Command, Output},
};

mod env_files;
mod exit_status;
mod hostile_output;
mod json;

/// What people read, with lines of this command.
const PAGES: [&str; 3] = [
    include_str!("../../../../src/guides/production.md"),
    include_str!("../../../../README.md"),
    include_str!("../../README.md"),
];
const ENVIRONMENT: &str = include_str!("../../../../src/guides/environment.md");

/// The command without the variables of anyone who runs the tests.
fn command(vars: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cors-check"));
    command
        .env_clear()
        .envs(vars.iter().copied())
        .args(arguments);
    command
}

fn run(vars: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(vars, arguments).output().expect("it runs");
    (output.status.code(), all(&output))
}

fn all(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn the_pages_show_what_it_prints() {
    let mut shown = 0;
    for block in PAGES
        .iter()
        .flat_map(|page| page.split("```console\n").skip(1))
        .filter_map(|rest| rest.split("```").next())
    {
        let block = block.replace("\\\n", "");
        let Some((line, output)) = block.split_once('\n') else {
            continue;
        };
        let words: Vec<&str> = line.trim_start_matches("$ ").split_whitespace().collect();
        let Some(at) = words.iter().position(|word| *word == "cors-check") else {
            continue;
        };
        if words[..at].iter().any(|word| !word.contains('=')) {
            continue;
        }
        let vars: Vec<_> = words[..at]
            .iter()
            .map(|word| word.split_once('=').expect("NAME=value"))
            .collect();
        let (status, printed) = run(&vars, &words[at + 1..]);
        assert_eq!(printed, output, "{line}\n{printed}");
        assert_eq!(status, Some([0, 1, 3, 1][shown]), "{line}");
        shown += 1;
    }
    assert_eq!(
        shown, 4,
        "a good environment, a broken one, a denied request, a broken environment"
    );
}

#[test]
fn colors_are_for_who_wants_them() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CLICOLOR_FORCE", "1"),
    ];
    assert!(run(&vars, &[]).1.contains("\u{1b}["));
    let vars = [vars[0], ("NO_COLOR", "1")];
    assert!(!run(&vars, &[]).1.contains('\u{1b}'));
}

/// The guide's table is compared with the library's own by a test of the library.
#[test]
fn the_help_names_the_variables_of_the_guide() {
    let rows = ENVIRONMENT
        .lines()
        .filter_map(|line| line.strip_prefix("| `CORS_"));
    let known: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let (status, help) = run(&[], &["--help"]);
    assert_eq!(status, Some(0));
    let list = help.split("Variables,").nth(1).expect("a list");
    let list = list.split("Exit status").next().expect("its end");
    let (_, list) = list.split_once('\n').expect("lines");
    let named: BTreeSet<&str> = list.split(',').map(str::trim).collect();
    assert_eq!(named, known);
}
