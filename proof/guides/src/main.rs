//! Does what the guides say, each in a new project in an empty directory, and compares what is printed with what the page
//! shows:
//!
//! ```console
//! $ just guides
//! ```
//!
//! `cargo run -p guides -- from_nginx production` does so with these pages only. The recipe builds `cors-check` first, and
//! installs what checks manifests.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository"
)]

use std::{env, fs, process::ExitCode};

mod page;
mod perform;

/// The pages with steps.
const PERFORMED: [&str; 8] = [
    "behind_a_proxy",
    "from_actix_cors",
    "from_apache",
    "from_django",
    "from_express",
    "from_nginx",
    "from_tower_http",
    "production",
];

/// Pages whose code is in doctests. The commands of the first one are in `tests/it/curl_lines.rs`.
const OTHERS: [&str; 5] = [
    "how_cors_works",
    "cors_and_cross_site_requests",
    "environment",
    "recipes",
    "why_was_my_request_denied",
];

fn main() -> ExitCode {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let root = fs::canonicalize(root).expect("the root of the repository");
    let root = root.to_str().expect("a path in Unicode");
    let only: Vec<String> = env::args().skip(1).collect();
    let is_asked = |name: &&str| only.is_empty() || only.iter().any(|only| only == name);
    let mut failures = Vec::new();
    for name in PERFORMED.into_iter().filter(is_asked) {
        match perform::perform(name, root) {
            Ok(0) => failures.push(format!("{name}: has no command")),
            Ok(commands) => println!("{name}: {commands} commands"),
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    let guides = fs::read_dir(format!("{root}/src/guides")).expect("the guides");
    for file in guides.map(|file| file.expect("a file").path()) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        if name != "mod" && ![&PERFORMED[..], &OTHERS].concat().contains(&&*name) {
            failures.push(format!("{name}: is in neither list of pages"));
        }
    }
    for failure in &failures {
        eprintln!("{failure}\n");
    }
    ExitCode::from(u8::from(!failures.is_empty()))
}
