//! The judgement of a regex whose automaton is too large: by what its matches begin and end with.

use regex_syntax::{
    ParserBuilder,
    hir::literal::{ExtractKind, Extractor, Literal},
};

use super::{Finding, Verdict};
use crate::origin::{OriginRegex, split_port, suffix::Found};

pub(super) fn judge(regex: &OriginRegex) -> (Option<Finding>, Verdict) {
    let mut verdict = Verdict::default();
    match ends(regex) {
        Some((starts, ends))
            if starts.iter().all(|start| is_web(start)) && ends.iter().all(|end| is_owned(end)) =>
        {
            verdict.insecure = starts.iter().any(|start| start.starts_with("http://"));
            (None, verdict)
        }
        _ => (Some(Finding::TooLarge), verdict),
    }
}

/// What all matches begin with, and what they all end with, each one of a few.
fn ends(regex: &OriginRegex) -> Option<(Vec<String>, Vec<String>)> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let hir = parser.parse(regex.whole()).ok()?;
    let extract = |kind: ExtractKind| -> Option<Vec<String>> {
        let found = Extractor::new().kind(kind).extract(&hir);
        let text = |literal: &Literal| String::from_utf8(literal.as_bytes().to_vec()).ok();
        found.literals()?.iter().map(text).collect()
    };
    Some((extract(ExtractKind::Prefix)?, extract(ExtractKind::Suffix)?))
}

fn is_web(start: &str) -> bool {
    start.starts_with("https://") || start.starts_with("http://")
}

/// Whether the hosts that end like this are in a domain that is in it whole, and below which are no suffixes.
fn is_owned(end: &str) -> bool {
    let Some((host, _)) = split_port(end) else {
        return false;
    };
    // The first label may be the end of a longer one.
    let Some((_, whole)) = host.split_once('.') else {
        return false;
    };
    let found = Found::of(whole);
    found.domain(whole).is_some() && !found.more_below
}
