//! A second way to find out what a regex admits, if its automaton is too large: by what its matches begin and end with.
//!
//! A large regex is safe if all that it matches begins with `https://` and ends in one domain. This cannot replace the
//! automaton, because it knows nothing if the start or the end is not one of a few literal texts.

use regex_syntax::{
    ParserBuilder,
    hir::{
        Hir, HirKind, Repetition,
        literal::{ExtractKind, Extractor},
    },
};

use super::{
    choices::Choice,
    hosts::{MAX_HOSTS, insert},
    verdict::{Finding, Verdict},
};
use crate::origin::{
    grammar::{ends_in_number, split_port, without_end_dot},
    regex::OriginRegex,
    suffix::PublicSuffix,
};

pub(super) fn check(regex: &OriginRegex) -> (Option<Finding>, Verdict) {
    let mut verdict = Verdict::default();
    match schemes_and_domains(regex) {
        Some((schemes, domains)) if domains.len() <= MAX_HOSTS => {
            verdict.insecure = schemes.iter().any(|scheme| scheme == "http");
            verdict.label_choice = Choice::between(&domains, &[], regex.as_str());
            (None, verdict)
        }
        _ => {
            verdict.unknown = true;
            (Some(Finding::TooLarge), verdict)
        }
    }
}

/// The schemes and the domains of all matches, if each match begins and ends with a literal text.
fn schemes_and_domains(regex: &OriginRegex) -> Option<(Vec<String>, Vec<String>)> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let hir = parser.parse(regex.whole()).ok()?;
    let starts = literals(&hir, ExtractKind::Prefix)?;
    let ends = literals(&without_port(&hir), ExtractKind::Suffix)?;
    let (mut schemes, mut domains) = (Vec::new(), Vec::new());
    for start in starts {
        schemes.push(scheme(&start)?);
    }
    for end in ends {
        insert(&mut domains, domain(&end)?);
    }
    Some((schemes, domains))
}

/// A few texts of which each match begins or ends with one.
fn literals(hir: &Hir, kind: ExtractKind) -> Option<Vec<String>> {
    let found = Extractor::new().kind(kind).extract(hir);
    let mut texts = Vec::new();
    for literal in found.literals()? {
        texts.push(String::from_utf8(literal.as_bytes().to_vec()).ok()?);
    }
    Some(texts)
}

/// The regex without an optional part at its end that begins with a colon.
fn without_port(hir: &Hir) -> Hir {
    let HirKind::Concat(parts) = hir.kind() else {
        return hir.clone();
    };
    let begins_with_colon = |part: &Hir| {
        literals(part, ExtractKind::Prefix)
            .is_some_and(|starts| starts.iter().all(|start| start.starts_with(':')))
    };
    let is_port = |part: &Hir| match part.kind() {
        HirKind::Repetition(Repetition {
            max: Some(1), sub, ..
        }) => begins_with_colon(sub),
        _ => false,
    };
    let is_anchor = |part: &Hir| matches!(part.kind(), HirKind::Look(_));
    let mut parts = parts.clone();
    while parts.pop_if(|part| is_anchor(part)).is_some() {}
    parts.pop_if(|part| is_port(part));
    Hir::concat(parts)
}

fn scheme(start: &str) -> Option<String> {
    let (scheme, _) = start.split_once("://")?;
    ["https", "http"]
        .contains(&scheme)
        .then(|| scheme.to_owned())
}

/// The domain of all hosts that end in `end`, if `end` contains all of it and there are no public suffixes below it.
fn domain(end: &str) -> Option<String> {
    let (host, _) = split_port(end)?;
    let host = without_end_dot(host);
    // The first label may be only the end of a label.
    let (_, whole) = host.split_once('.')?;
    let found = PublicSuffix::of(whole);
    let domain = found.domain(whole)?;
    (!found.more_below && !ends_in_number(whole)).then(|| domain.to_owned())
}
