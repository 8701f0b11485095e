//! Every rule of the public suffix list, and what a policy does about names below it. The program `suffixes` of `fuzz/`
//! asks about all ten thousand rules, the tests about fewer.

use std::{collections::HashMap, fs, path::Path, process::Command};

use actix_cors_policy::{CorsPolicy, PolicyErrorKind as Kind, PolicyErrors};
use serde_json::Value;

/// One line of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// `co.uk`: this is a suffix.
    Plain(String),
    /// `*.ck`: each name right below this is one.
    Wildcard(String),
    /// `!www.ck`: this is not one, though it is below a wildcard.
    Exception(String),
}

/// The rules that the crate `psl` was made from, which are in its package. `manifest_dir` is that of a package which
/// depends on it.
pub(crate) fn all(manifest_dir: &str) -> Vec<Rule> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(manifest_dir)
        .output()
        .expect("cargo");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata.get("packages").and_then(Value::as_array);
    let text = |package: &Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let mut packages = packages.into_iter().flatten();
    let psl = packages.find(|package| text(package, "name").is_some_and(|name| name == "psl"));
    let manifest = psl.and_then(|psl| text(psl, "manifest_path"));
    let manifest = manifest.expect("the crate psl");
    let folder = Path::new(&manifest).parent();
    let rules = folder.expect("a folder").join("data/rules.txt");
    let rules = fs::read_to_string(rules).expect("the rules in the package");
    rules.lines().map(Rule::parse).collect()
}

impl Rule {
    fn parse(line: &str) -> Self {
        if let Some(root) = line.strip_prefix("*.") {
            Self::Wildcard(ascii(root))
        } else if let Some(host) = line.strip_prefix('!') {
            Self::Exception(ascii(host))
        } else {
            Self::Plain(ascii(line))
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// The hosts that it is about, and whether each is a suffix, as far as this rule says.
    fn hosts(&self) -> Vec<(String, Option<bool>)> {
        let (host, is_suffix, is_suffix_below) = match self {
            Self::Plain(host) => (host, true, None),
            // Its names are what anyone can have, as those of a suffix are.
            Self::Wildcard(root) => (root, true, Some(true)),
            Self::Exception(host) => (host, false, Some(false)),
        };
        // No rule has this label.
        let below = format!("zz9zz.{host}");
        vec![(host.clone(), Some(is_suffix)), (below, is_suffix_below)]
    }
}

/// What is wrong with the verdicts on names below the hosts that rules are about: a regex that admits what an entry
/// does must have the entry's verdict.
pub(crate) fn wrong<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> Vec<String> {
    let hosts: Vec<_> = rules.into_iter().flat_map(Rule::hosts).collect();
    // Many at once, because what checks regexes costs as much as a regex.
    hosts.chunks(20).flat_map(wrong_among).collect()
}

fn wrong_among(hosts: &[(String, Option<bool>)]) -> Vec<String> {
    const BEFORE: [&str; 4] = [".+", "[a-z0-9-]+", "acme-[a-z0-9]+", "acme"];
    let entry = |host: &str| format!("https://*.{host}");
    let regex =
        |before: &str, host: &str| format!(r"https://{before}\.{}", host.replace('.', r"\."));
    let mut builder = CorsPolicy::builder().allow_credentials();
    for (host, _) in hosts {
        builder = builder.allow_origin(entry(host));
        for before in BEFORE {
            builder = builder.allow_origin_regex(regex(before, host));
        }
    }
    let errors = builder.build().err();
    let errors = errors.iter().flat_map(PolicyErrors::as_slice);
    let errors: HashMap<_, _> = errors.map(|error| (error.value(), error.kind())).collect();
    let verdict = |text: String| match errors.get(&Some(text.as_str())) {
        None => Verdict::Fine,
        Some(Kind::CredentialsWithClaimableOrigin) => Verdict::Claimable,
        Some(_) => Verdict::Refused,
    };

    let mut wrong = Vec::new();
    for (host, is_suffix) in hosts {
        let entry = verdict(entry(host));
        let [any, every, some, one] = BEFORE.map(|before| verdict(regex(before, host)));
        let is_refused = entry == Verdict::Refused;
        let is_right = is_suffix.is_none_or(|is_suffix| is_suffix == is_refused)
            && any == entry
            && (every == Verdict::Refused) == is_refused
            && (some == Verdict::Fine) != is_refused
            && one == Verdict::Fine;
        if !is_right {
            let regexes = format!("any {any:?}, every {every:?}, some {some:?}, one {one:?}");
            wrong.push(format!("{host}: entry {entry:?}, {regexes}"));
        }
    }
    wrong
}

/// What is done about an entry or a regex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Refused,
    /// A warning, and refused with credentials.
    Claimable,
    Fine,
}

fn ascii(host: &str) -> String {
    match url::Host::parse(host) {
        Ok(url::Host::Domain(host)) => host,
        other => panic!("{host}: {other:?}"),
    }
}
