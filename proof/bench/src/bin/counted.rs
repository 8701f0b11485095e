//! Counts allocations. This is a separate program, because counting takes time and would slow down everything that the other
//! program measures.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

use std::{alloc::System, env};

use bench::{allocations, memory};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let counts = match words.as_slice() {
        ["request", subject, row] => allocations::count(subject, row),
        ["policy", subject, origins, workers] => memory::count(subject, origins, workers),
        _ => None,
    };
    match counts {
        Some(counts) => println!("{counts}"),
        None => eprintln!("request SUBJECT ROW | policy SUBJECT ORIGINS WORKERS"),
    }
}
