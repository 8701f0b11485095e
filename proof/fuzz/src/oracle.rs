//! A regex that matches whole texts, anchored where no text of it can reach.

use regex_automata::meta;
use regex_syntax::hir::{Hir, Look};

/// Of a text that is a regex.
pub fn whole_match(regex: &str) -> meta::Regex {
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(regex)
        .expect("what the crate takes is a regex alone");
    let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
    meta::Builder::new()
        .configure(meta::Config::new().utf8_empty(false))
        .build_from_hir(&whole)
        .expect("no larger than what the crate compiled")
}
