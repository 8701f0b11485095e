//! The machine and the versions of a measurement, and the other programs that it uses.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    thread,
};

/// What is measured: the crate, and the versions of what it needs.
const PRODUCT: [&str; 5] = [
    "--",
    "src",
    "crates/fetch-standard",
    "Cargo.toml",
    "Cargo.lock",
];

/// One line: the last commit that changed what is measured, processor, cores, compiler.
pub fn describe() -> &'static str {
    static LINE: LazyLock<String> = LazyLock::new(|| {
        let git = |words: &[&str]| {
            let root = ["-C", concat!(env!("CARGO_MANIFEST_DIR"), "/../..")];
            output_of("git", &[&root, words, &PRODUCT].concat())
        };
        let commit = git(&["log", "-1", "--format=%h"]);
        let changed = match git(&["status", "--porcelain"]).as_str() {
            "" => "",
            _ => ", changed",
        };
        let cores = thread::available_parallelism().map_or(0, usize::from);
        let compiler = output_of("rustc", &["--version"]);
        format!(
            "Commit {commit}{changed}; {}, {cores} cores; {compiler}.",
            processor()
        )
    });
    &LINE
}

/// Whether this program was built with the profile `bench-thin`: its folder has that name.
pub fn has_thin_lto() -> bool {
    let program = env::current_exe().expect("this program");
    let folder = program.parent().and_then(Path::file_name);
    folder.is_some_and(|folder| folder == "bench-thin")
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(": "));
    name.map_or("unknown processor", |(_, name)| name)
        .to_owned()
}

fn output_of(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_else(|_| format!("unknown {program}"))
}

/// The CPU time of a thread, by its folder in `/proc`.
pub fn cpu_nanoseconds(thread: &Path) -> f64 {
    let text = fs::read_to_string(thread.join("schedstat")).expect("a thread of Linux");
    let time = text.split_whitespace().next().map(str::parse);
    time.and_then(Result::ok).expect("a number")
}

/// Whether a program is installed. If it is not, this prints a message.
pub fn has(program: &str) -> bool {
    let is_installed = Command::new(program).arg("--version").output().is_ok();
    if !is_installed {
        println!("\n`{program}` is not installed, so one table is left out.");
    }
    is_installed
}

/// A command that builds and runs another program of this package.
pub fn program(name: &str) -> Command {
    let mut command = cargo("run", name);
    command.arg("--");
    command
}

/// Builds another program of this package.
pub fn build(name: &str) -> PathBuf {
    let status = cargo("build", name).status().expect("cargo");
    assert!(status.success(), "{name} cannot be built");
    let this = env::current_exe().expect("this program");
    this.with_file_name(name)
}

fn cargo(what: &str, name: &str) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let mut command = Command::new(cargo);
    command.args([what, "--release", "--quiet", "--manifest-path", manifest]);
    command.args(["--bin", name]);
    if name == "server" {
        command.args(["--features", "http2"]);
    }
    command
}
