//! A regex that matches only whole texts. The anchors are added to the syntax tree, so that the text of the regex cannot
//! disable them.

use regex_automata::meta;
use regex_syntax::hir::{Hir, Look};

fn parse(regex: &str) -> Result<Hir, regex_syntax::Error> {
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(regex)
}

pub fn is_regex(text: &str) -> bool {
    parse(text).is_ok()
}

/// Anchors a valid regex at both ends.
pub fn whole_match(regex: &str) -> meta::Regex {
    let hir = parse(regex).expect("the crate accepted this as a regex");
    let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    meta::Builder::new()
        .configure(meta::Config::new().utf8_empty(false))
        .build_from_hir(&whole)
        .expect("no larger than the regex that the crate compiled")
}
