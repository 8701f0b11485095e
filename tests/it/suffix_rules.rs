//! The rules of the public suffix list, and what a policy does about names below it. The program
//! `suffix_verdicts` of `proof/fuzz/examples/` asks about all ten thousand rules, the tests about fewer.

use std::collections::HashMap;

use actix_cors_policy::{CorsPolicy, PolicyErrorKind as Kind, PolicyErrors};

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

/// The crate's own list, which `just suffixes` compares with the one of `psl`.
pub(crate) fn all() -> Vec<Rule> {
    let rules = include_str!("../../src/origin/suffix_rules.txt").lines();
    rules.map(Rule::parse).collect()
}

impl Rule {
    fn parse(line: &str) -> Self {
        let line = line.trim_start_matches('+');
        if let Some(root) = line.strip_prefix("*.") {
            Self::Wildcard(root.to_owned())
        } else if let Some(host) = line.strip_prefix('!') {
            Self::Exception(host.to_owned())
        } else {
            Self::Plain(line.to_owned())
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
