//! The public API of each published library, compared with its list in `lists/`:
//!
//! ```console
//! $ just public-api
//! ```
//!
//! With `UPDATE_EXPECT=1`, the lists are written. What rustdoc says as JSON is not stable, so the version of the crate that
//! reads it and the nightly toolchain that writes it belong together; `just` names the toolchain, in `NIGHTLY`.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository"
)]

use std::{
    env,
    path::Path,
    process::{Command, ExitCode},
};

use expect_test::{ExpectFile, expect_file};
use public_api::Builder;

fn main() -> ExitCode {
    let lists = [
        (
            "actix-cors-policy",
            expect_file!["../lists/actix-cors-policy.txt"],
        ),
        (
            "cors-test-browser",
            expect_file!["../lists/cors-test-browser.txt"],
        ),
        (
            "fetch-standard",
            expect_file!["../lists/fetch-standard.txt"],
        ),
    ];
    for (package, list) in lists {
        if let Err(error) = compare(package, &list) {
            eprintln!("{package}: {error}");
            return ExitCode::FAILURE;
        }
        println!("{package}: as listed");
    }
    ExitCode::SUCCESS
}

/// Panics with the difference where there is one.
fn compare(package: &str, list: &ExpectFile) -> Result<(), String> {
    let nightly = env::var("NIGHTLY").unwrap_or_else(|_| "nightly".to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = root.join("target/nightly");
    let documented = Command::new("rustup")
        .args(["run", &nightly, "cargo", "rustdoc", "--locked", "--quiet"])
        .args(["--lib", "--all-features", "--package", package])
        .arg("--target-dir")
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format=json"])
        .current_dir(&root)
        // `cargo run` sets them for the toolchain that runs this.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .status()
        .map_err(|error| format!("rustup: {error}"))?;
    if !documented.success() {
        return Err(format!("cargo rustdoc ended with {documented}"));
    }
    let json = format!("doc/{}.json", package.replace('-', "_"));
    let api = Builder::from_rustdoc_json(target.join(json))
        // `Any`, `Into` and their like say nothing. That types are `Send` and `Sync` is tested where it matters.
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| error.to_string())?;
    list.assert_eq(&api.to_string());
    Ok(())
}
