//! Taking a regex apart by its syntax tree, and editing parts of its text.

use regex_syntax::ast::{Ast, Span, parse::Parser};

/// Longer texts are not taken apart: no one could read what became of them.
pub(super) const MAX_LEN: usize = 256;

/// The alternatives of a regex that is a list of them, each as a regex of its own. Empty if the regex is not a list.
pub(super) fn alternatives(text: &str) -> Vec<&str> {
    // A flag in one alternative also applies to those after it, so they are not regexes of their own.
    if text.len() > MAX_LEN || text.replace("(?:", "").contains("(?") {
        return Vec::new();
    }
    let inner = text.strip_prefix('^').unwrap_or(text);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let is_group = |text| matches!(Parser::new().parse(text), Ok(Ast::Group(_)));
    let list = inner.strip_prefix('(').filter(|_| is_group(inner));
    let list = list.and_then(|list| list.strip_suffix(')'));
    let list = list.map_or(text, |list| list.strip_prefix("?:").unwrap_or(list));
    match &Parser::new().parse(list) {
        Ok(Ast::Alternation(alternation)) => {
            let spans = alternation.asts.iter().map(Ast::span);
            spans
                .filter_map(|span| list.get(span.start.offset..span.end.offset))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The text with some parts replaced. `edit` is called for each part with the parts before and after it, except in parts
/// that were edited and in repetitions of anything but a group.
pub(super) fn edited(
    text: &str,
    edit: impl Fn(&Ast, [Option<&Ast>; 2]) -> Option<(Span, String)>,
) -> Option<String> {
    let ast = Parser::new().parse(text).ok()?;
    let mut edits = Vec::new();
    let mut parts = vec![(&ast, [None, None])];
    while let Some((part, around)) = parts.pop() {
        if let Some(found) = edit(part, around) {
            edits.push(found);
            continue;
        }
        match part {
            Ast::Group(group) => parts.push((&group.ast, around)),
            Ast::Repetition(repetition) if matches!(*repetition.ast, Ast::Group(_)) => {
                parts.push((&repetition.ast, [None, None]));
            }
            Ast::Alternation(list) => parts.extend(list.asts.iter().map(|part| (part, around))),
            Ast::Concat(list) => {
                let [before, after] = around;
                let list = &list.asts;
                let heads = [before].into_iter().chain(list.iter().map(Some));
                let afters = list.iter().skip(1).map(Some).chain([after]);
                let around = heads.zip(afters).map(|(before, after)| [before, after]);
                parts.extend(list.iter().zip(around));
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(span, _)| span.start.offset);
    let mut edited = text.to_owned();
    for (span, part) in edits.into_iter().rev() {
        edited.replace_range(span.start.offset..span.end.offset, &part);
    }
    (edited != text).then_some(edited)
}
