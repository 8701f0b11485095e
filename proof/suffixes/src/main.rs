//! The public suffix list of this crate, compared with the one in the package of the crate `psl`:
//!
//! ```console
//! $ cargo run -p suffixes
//! ```
//!
//! With `UPDATE_EXPECT=1`, `src/origin/suffix_rules.txt` is written. What `src/origin/suffix.rs` says about every name in the
//! list, and about names above, below and next to it, must be what the [algorithm of the list] says. Only whether a rule is
//! private is taken from `psl` itself, because its search has a mistake: where there are rules for `*.futurecms.at` and
//! `*.ex.futurecms.at`, it does not find that `ex.futurecms.at` is a suffix.
//!
//! [algorithm of the list]: https://github.com/publicsuffix/list/wiki/Format#formal-algorithm

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of this repository"
)]

#[cfg_attr(not(test), expect(dead_code, reason = "what the crate itself uses"))]
#[path = "../../../src/origin/suffix.rs"]
mod suffix;

use std::{
    collections::HashSet,
    error::Error,
    fs, iter,
    path::Path,
    process::{Command, ExitCode},
};

use expect_test::expect_file;
use psl::{Psl as _, Type};
use serde_json::Value;
use suffix::{PublicSuffix, SuffixOwner};

fn main() -> ExitCode {
    let rules = match packed_rules() {
        Ok(rules) => rules,
        Err(error) => {
            eprintln!("The rules of the crate psl: {error}");
            return ExitCode::FAILURE;
        }
    };
    let table = table(&rules);
    expect_file!["../../../src/origin/suffix_rules.txt"].assert_eq(&table);
    if table != include_str!("../../../src/origin/suffix_rules.txt") {
        println!("The list is written. This program has the old one: run it again.");
        return ExitCode::FAILURE;
    }
    let mut above = HashSet::new();
    for rule in &rules {
        let name = rule.trim_start_matches('!');
        above.extend(tails(name).skip(1).map(str::to_owned));
    }
    let list = List {
        rules: rules.iter().cloned().collect(),
        above,
    };
    let names: HashSet<String> = rules.iter().flat_map(|rule| names_at(rule)).collect();
    let mut different = 0;
    for name in &names {
        let (ours, wanted) = (verdict(name), list.verdict(name));
        if ours != wanted {
            eprintln!("{name}: {ours:?}, by the algorithm {wanted:?}");
            different += 1;
        }
    }
    println!(
        "{} rules, {} names, {different} different",
        rules.len(),
        names.len()
    );
    match different {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The rules that the crate `psl` was made from, which are in its package, in ASCII.
fn packed_rules() -> Result<Vec<String>, Box<dyn Error>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut packages = packages.into_iter().flatten();
    let is_psl = |package: &&Value| package.get("name").is_some_and(|name| name == "psl");
    let psl = packages.find(is_psl).ok_or("no crate psl")?;
    let manifest = psl.get("manifest_path").and_then(Value::as_str);
    let folder = manifest.and_then(|path| Path::new(path).parent());
    let rules = fs::read_to_string(folder.ok_or("no folder")?.join("data/rules.txt"))?;
    rules.lines().map(ascii).collect()
}

fn ascii(rule: &str) -> Result<String, Box<dyn Error>> {
    let host = rule.trim_start_matches(['!', '*', '.']);
    let url::Host::Domain(in_ascii) = url::Host::parse(host)? else {
        return Err(format!("{rule} is not about a name").into());
    };
    Ok(rule.replace(host, &in_ascii))
}

/// As `src/origin/suffix.rs` reads it: sorted by the bytes from the last to the first, dots before all others.
fn table(rules: &[String]) -> String {
    let key = |rule: &String| -> Vec<u8> {
        let bytes = rule.trim_start_matches('!').bytes().rev();
        bytes
            .map(|byte| if byte == b'.' { 0 } else { byte })
            .collect()
    };
    let mut rules: Vec<_> = rules.iter().collect();
    rules.sort_by_cached_key(|rule| key(rule));
    let line = |rule: &String| match is_private(rule) {
        true => format!("+{rule}\n"),
        false => format!("{rule}\n"),
    };
    rules.into_iter().map(line).collect()
}

/// The name that a rule is about, those above it, and some below and next to each.
fn names_at(rule: &str) -> Vec<String> {
    let name = rule.trim_start_matches(['!', '*', '.']);
    tails(name)
        .flat_map(|name| {
            let next = format!("zz-{name}");
            let below =
                ["a", "zz9", "www", "xn--p1ai", "a.b"].map(|label| format!("{label}.{name}"));
            below
                .into_iter()
                .chain([name.to_owned(), format!("a.{next}"), next])
        })
        .collect()
}

/// The suffix; whether it is private, `None` if it is unknown; whether there are suffixes below the name; whether each name right
/// below it is one.
type Verdict = (String, Option<bool>, bool, bool);

fn verdict(name: &str) -> Verdict {
    let found = PublicSuffix::of(name);
    let is_private = match found.owner {
        SuffixOwner::Registry => Some(false),
        SuffixOwner::Company => Some(true),
        SuffixOwner::Unknown => None,
    };
    (
        found.text.to_owned(),
        is_private,
        found.more_below,
        found.is_wildcard_root,
    )
}

/// The list as sets, which are slow to make and simple to ask.
struct List {
    rules: HashSet<String>,
    /// The names that have rules below them.
    above: HashSet<String>,
}

impl List {
    fn verdict(&self, name: &str) -> Verdict {
        let has = |rule: &str| self.rules.contains(rule);
        let parent = |name: &str| name.split_once('.').map(|(_, parent)| parent.to_owned());
        let wildcard = |name: &str| parent(name).map(|parent| format!("*.{parent}"));
        let exception = tails(name).find(|tail| has(&format!("!{tail}")));
        let rule = |tail: &str| {
            [Some(tail.to_owned()), wildcard(tail)]
                .into_iter()
                .flatten()
                .find(|rule| has(rule))
        };
        let longest = || tails(name).find_map(|tail| Some((tail.to_owned(), rule(tail)?)));
        let found = match exception {
            Some(exception) => parent(exception).map(|suffix| (suffix, exception.to_owned())),
            None => longest(),
        };
        let (suffix, rule) = found.unzip();
        let last = || tails(name).last().unwrap_or(name).to_owned();
        (
            suffix.unwrap_or_else(last),
            rule.map(|rule| is_private(&rule)),
            self.above.contains(name),
            has(&format!("*.{name}")),
        )
    }
}

/// A name, and those above it.
fn tails(name: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(name), |name| Some(name.split_once('.')?.1))
}

/// Whether a rule is of the private part of the list, by `psl`.
fn is_private(rule: &str) -> bool {
    // The first label of a wildcard stands for any, and no rule has this one.
    let name = rule.trim_start_matches('!').replace('*', "0--0");
    let labels: &mut dyn Iterator<Item = &[u8]> = &mut name.rsplit('.').map(str::as_bytes);
    psl::List.find(labels).typ == Some(Type::Private)
}
