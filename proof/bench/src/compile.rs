//! The CPU time to compile a program with a CORS middleware, by crate.
//!
//! Programs are built with one job. This program stands between Cargo and the compiler, and adds up what the compiler takes.

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{goals::is_reached, table::Table};

/// Where the times are written. If it is set, this program was called by Cargo, to call the compiler.
const TIMES: &str = "BENCH_COMPILE_TIMES";
const ROUNDS: usize = 3;
/// The most by that of actix-web: half of what it was at commit b186241.
const GOAL: f64 = 3.6;
/// To compare with.
const ACTIX_WEB: &str = "actix_web";

/// Prints the table.
pub fn report(has_goals: bool) {
    let ours = format!(
        "actix-cors-policy = {{ path = {:?} }}",
        root().to_string_lossy()
    );
    let programs = [
        ("without", String::new()),
        ("actix-cors", "actix-cors = \"0.7.2\"".to_owned()),
        ("ours", ours),
    ];
    let [without, actix_cors, ours] = least(&programs);
    let columns = [
        "only for",
        "crate",
        "seconds of CPU",
        "by that of actix-web",
    ];
    let mut table = Table::new("compile", "Time to compile", &columns);
    let unit = without.get(ACTIX_WEB).copied().expect("actix-web");
    let mut row = |layer: &str, name: &str, seconds: f64| {
        let ratio = format!("{:.2}", seconds / unit);
        let name = name.replace('_', "-");
        table.row(&[layer.to_owned(), name, format!("{seconds:.1}"), ratio]);
    };
    row("–", ACTIX_WEB, unit);
    let mut sum = 0.0;
    for (layer, times) in [("actix-cors", &actix_cors), ("ours", &ours)] {
        let is_new = |(name, _): &(&String, &f64)| !without.contains_key(*name);
        let mut new: Vec<_> = times.iter().filter(is_new).collect();
        new.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        for (name, seconds) in &new {
            row(layer, name, **seconds);
        }
        sum = new.iter().map(|(_, seconds)| **seconds).sum();
        row(layer, "all", sum);
    }
    if has_goals {
        let reached = is_reached(sum / unit <= GOAL);
        table.note(&format!(
            "Goal: at most {GOAL} times the time of actix-web ({reached})."
        ));
    }
    table.finish(true);
}

/// Calls the compiler if Cargo wants that of this program, and notes the time.
pub fn compile_for_cargo() -> Option<ExitCode> {
    let times = env::var_os(TIMES)?;
    let words: Vec<String> = env::args().skip(1).collect();
    let (compiler, options) = words.split_first()?;
    let status = Command::new(compiler).args(options).status().ok()?;
    let name = options.windows(2).find_map(|pair| match pair {
        [option, name] if option == "--crate-name" => Some(name),
        _ => None,
    });
    if let Some(name) = name {
        let mut file = fs::File::options()
            .append(true)
            .create(true)
            .open(times)
            .ok()?;
        writeln!(file, "{name} {}", seconds_of_children()?).ok()?;
    }
    Some(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// By program, the seconds of each crate: the least of a few builds, in which the programs take turns.
fn least<const N: usize>(programs: &[(&str, String); N]) -> [BTreeMap<String, f64>; N] {
    let mut least = [const { BTreeMap::new() }; N];
    for _ in 0..ROUNDS {
        for ((program, dependency), least) in programs.iter().zip(&mut least) {
            for (name, seconds) in build(program, dependency) {
                let known = least.entry(name).or_insert(f64::INFINITY);
                *known = known.min(seconds);
            }
        }
    }
    least
}

/// The seconds of each crate of a program that depends on actix-web and on one crate more.
fn build(program: &str, dependency: &str) -> BTreeMap<String, f64> {
    let folder = root().join("target/compile").join(program);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"program\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n{dependency}\n\
         actix-web = {{ version = \"4\", default-features = false, features = [\"macros\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.join("src/main.rs"), "fn main() {}\n").expect("a program");
    // The same versions in each program.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let times = folder.join("times");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--quiet", "--jobs", "1"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTC_WRAPPER", env::current_exe().expect("this program"))
        .env(TIMES, &times)
        .status()
        .expect("cargo");
    assert!(status.success(), "{program} cannot be built");
    let text = fs::read_to_string(&times).expect("times");
    let _ = fs::remove_dir_all(&folder);
    let mut seconds = BTreeMap::new();
    for (name, taken) in text.lines().filter_map(|line| line.split_once(' ')) {
        // Build scripts have one name; those of a crate count as a crate of this name.
        *seconds.entry(name.to_owned()).or_default() += taken.parse::<f64>().expect("a number");
    }
    seconds
}

/// The CPU time of programs that this one has started and that have ended. Linux counts it in hundredths of a second.
fn seconds_of_children() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the name of the program, in parentheses, and the third one is the first after it.
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(16)? + ticks(17)?) / 100.0)
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the repository")
}
