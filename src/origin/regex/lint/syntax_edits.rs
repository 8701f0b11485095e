//! Taking a regex apart by its syntax tree, and editing parts of its text.

use std::ops::Range;

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
            let mut texts = Vec::new();
            for ast in &alternation.asts {
                let span = ast.span();
                texts.extend(list.get(span.start.offset..span.end.offset));
            }
            texts
        }
        _ => Vec::new(),
    }
}

/// What to write instead of a part, if anything, given the parts before and after it.
type Edit<'e> = dyn Fn(&Ast, [Option<&Ast>; 2]) -> Option<(Span, String)> + 'e;

/// The text with some parts replaced. `edit` is called for each part with the parts before and after it, except in parts
/// that were edited and in repetitions of anything but a group.
pub(super) fn edited(text: &str, edit: &Edit<'_>) -> Option<String> {
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
            Ast::Alternation(list) => {
                for part in &list.asts {
                    parts.push((part, around));
                }
            }
            Ast::Concat(list) => {
                let [before, after] = around;
                let list = &list.asts;
                for (index, part) in list.iter().enumerate() {
                    let last = index.checked_sub(1).and_then(|last| list.get(last));
                    let next = list.get(index + 1);
                    parts.push((part, [last.or(before), next.or(after)]));
                }
            }
            _ => {}
        }
    }
    let mut edited = text.to_owned();
    // They were found from the last to the first, so the spans of those that are left stay right.
    for (span, by) in edits {
        edited = replaced(&edited, &(span.start.offset..span.end.offset), &by)?;
    }
    (edited != text).then_some(edited)
}

/// The text with other text at a span.
pub(super) fn replaced(text: &str, span: &Range<usize>, by: &str) -> Option<String> {
    let before = text.get(..span.start)?;
    let after = text.get(span.end..)?;
    Some(format!("{before}{by}{after}"))
}

/// Escapes those characters of an origin that mean something else in a regex.
pub(super) fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for character in word.chars() {
        if matches!(character, '.' | '+' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
