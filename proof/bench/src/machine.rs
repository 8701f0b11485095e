//! The machine and the versions of a measurement, and the other programs that it uses.

use std::{env, fs, path::Path, process::Command, thread};

/// One line: processor, cores, compiler, commit.
pub fn describe() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let compiler = output_of("rustc", &["--version"]);
    let commit = output_of(
        "git",
        &["describe", "--always", "--dirty=, changed", "--exclude=*"],
    );
    format!(
        "{}, {cores} cores; {compiler}; commit {commit}",
        processor()
    )
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
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = Command::new(cargo);
    command.args([
        "run",
        "--release",
        "--quiet",
        "--bin",
        name,
        "--manifest-path",
    ]);
    command.arg(manifest).arg("--");
    command
}
