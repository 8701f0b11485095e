//! Runs programs of `examples/` as processes.

use std::{
    env, io,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::process::{self, Process};

/// Builds an example and starts it with these variables on a free port. Returns the process and the port.
pub fn start(name: &str, vars: &[(&str, String)]) -> io::Result<(Process, u16)> {
    let mut command = Command::new(build(name)?);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CORS_") {
            command.env_remove(name);
        }
    }
    command
        .env("PORT", "0")
        .envs(vars.iter().map(|(name, value)| (name, value)));
    process::start(&mut command, &["http://127.0.0.1:", "http://localhost:"])
}

/// Builds an example and returns the path of the program.
fn build(name: &str) -> io::Result<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--locked",
            "--message-format=json-render-diagnostics",
            "--example",
            name,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR").trim_end_matches("proof/browsers"))
        .stderr(Stdio::inherit())
        .output()?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| Some(message.get("executable")?.as_str()?.to_owned()))
        .ok_or_else(|| io::Error::other(format!("the example {name} does not build")))
}
