//! Checks every rule of the public suffix list: an entry, and regexes that admit the same hosts, must get the same result.
//! This takes one minute on one core:
//!
//! ```console
//! $ cargo run --release --example suffix_verdicts
//! ```

#[path = "../../../tests/it/suffix_rules.rs"]
mod suffix_rules;

use std::process::ExitCode;

fn main() -> ExitCode {
    let rules = suffix_rules::all();
    let plain = rules.iter().filter(|rule| rule.is_plain()).count();
    let wrong = suffix_rules::wrong(&rules);
    for each in &wrong {
        println!("{each}");
    }
    println!(
        "{} rules, {plain} of them plain: {} wrong",
        rules.len(),
        wrong.len()
    );
    if wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
