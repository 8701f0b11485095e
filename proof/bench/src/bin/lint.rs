//! Prints how long the checks of the tests' regexes take, or builds a policy with the regex that is given, for a profiler.

#![expect(
    clippy::print_stdout,
    reason = "a program of this repository: it prints"
)]

use std::{env, hint::black_box, time::Instant};

use actix_cors_policy::CorsPolicy;
use bench::time::median;

const PUBLIC: &str = include_str!("../../../../tests/it/data/regexes.tsv");
const SLOW: &str = include_str!("../../../../tests/it/data/regex_slow.tsv");
const ROUNDS: usize = 5;

fn main() {
    // The first policy makes what later ones share.
    build("a");
    if let Some(regex) = env::args().nth(1) {
        return build(&regex);
    }
    let column = |text: &'static str, column| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(move |line| line.split('\t').nth(column))
    };
    report("what people write", column(PUBLIC, 1));
    report("made to be slow", column(SLOW, 0));
}

fn report<'r>(name: &str, regexes: impl Iterator<Item = &'r str>) {
    let mut times: Vec<(f64, &str)> = regexes.map(|regex| (time(regex), regex)).collect();
    times.sort_by(|one, other| one.0.total_cmp(&other.0));
    let median = median(times.iter().map(|(time, _)| *time));
    println!("{name}: {} regexes, median {median:.2} ms", times.len());
    for (time, regex) in times.iter().rev().take(3) {
        println!("{time:8.2} ms  {regex}");
    }
}

/// In milliseconds.
fn time(regex: &str) -> f64 {
    median((0..ROUNDS).map(|_| {
        let start = Instant::now();
        build(regex);
        start.elapsed().as_secs_f64() * 1e3
    }))
}

fn build(regex: &str) {
    // Many are refused, and the error is what they are for.
    let _ = black_box(CorsPolicy::builder().allow_origin_regex(regex).build());
}
