//! Checks of the text of a regex: people see it, and it must mean the same in every program.

use std::convert::Infallible;

use regex_syntax::ast::{
    Ast, ClassSetItem, Flag, Flags, FlagsItemKind, Literal, LiteralKind, Visitor, parse::Parser,
    visit,
};

use crate::error::{PolicyErrorKind as Kind, Violation};

/// Refuses control characters, characters that no origin has, and text that does not compile in every program.
///
/// A text that is no regex passes: another check reports that it does not compile.
pub(super) fn check(text: &str) -> Result<(), Violation> {
    if text.chars().all(is_plain) && !text.contains("(?") {
        return Ok(());
    }
    let Ok(parsed) = Parser::new().parse_with_comments(text) else {
        return Ok(());
    };
    let Ok(found) = visit(&parsed.ast, Found::default());
    if let Some(offset) = found.unicode {
        let violation = Violation::new(
            Kind::RegexSyntax,
            "regex must not turn on Unicode",
            format!(
                "remove the flag `u`, character {}: origins are ASCII, and with this flag a regex does not \
                 compile in every program",
                number(text, offset)
            ),
        );
        return Err(violation.spanning(Some(offset..offset + 1)));
    }
    // In the order of the text.
    let is_in_comment = |offset: usize| {
        let comments = &parsed.comments;
        let next = comments.partition_point(|comment| comment.span.end.offset <= offset);
        let next = comments.get(next);
        next.is_some_and(|comment| comment.span.start.offset <= offset)
    };
    // White space that is not a literal is ignored if `(?x)` is on. In the braces of a repetition, the parser always
    // ignores it, but there nobody needs it.
    let has_flags = text.contains("(?");
    let is_ignored = |offset: usize, character: char| {
        let is_space =
            || character.is_whitespace() && found.literals.binary_search(&offset).is_err();
        is_in_comment(offset) || (has_flags && is_space())
    };
    let mut characters = text.char_indices();
    let refused = characters
        .find(|&(offset, character)| !is_plain(character) && !is_ignored(offset, character));
    refused.map_or(Ok(()), |(offset, character)| {
        let is_in_class = found.in_classes.binary_search(&offset).is_ok();
        let violation = violation_of(text, offset, character, is_in_class);
        Err(violation.spanning(Some(offset..offset + character.len_utf8())))
    })
}

fn violation_of(text: &str, offset: usize, character: char, is_in_class: bool) -> Violation {
    let number = number(text, offset);
    let code = u32::from(character);
    let found = format!("character {number} is U+{code:04X}");
    if character.is_ascii() {
        let or_ignore = match character.is_whitespace() {
            true => "; after `(?x)`, white space is ignored",
            false => "",
        };
        return Violation::new(
            Kind::WhiteSpace,
            "regex must not have control characters",
            format!("{found}: remove it, or write `\\x{code:02x}`{or_ignore}"),
        );
    }
    let fix = match punycode(text, offset) {
        Some(label) if !is_in_class => {
            format!("{found}: write its label in the punycode form, `{label}`")
        }
        _ if character.is_alphanumeric() && !is_in_class => {
            format!("{found}: write an international domain in its punycode form, `xn--…`")
        }
        _ => format!("{found}: remove it; no origin has it"),
    };
    Violation::new(Kind::NonAscii, "regex must be ASCII", fix)
}

/// How browsers write the label with a letter outside ASCII, if the regex has the complete label.
fn punycode(text: &str, offset: usize) -> Option<String> {
    let is_of_label = |character: char| character.is_alphanumeric() || character == '-';
    let (before, after) = text.split_at_checked(offset)?;
    let kept = before.trim_end_matches(is_of_label);
    let start = before.get(kept.len()..)?;
    let end = after.get(..after.len() - after.trim_start_matches(is_of_label).len())?;
    let behind = after.get(end.len()..)?;
    // Escapes, and optional or repeated parts.
    if end.is_empty() || kept.ends_with('\\') || behind.starts_with(['?', '*', '+', '{']) {
        return None;
    }
    match url::Host::parse(&format!("{start}{end}")).ok()? {
        url::Host::Domain(label) if label.starts_with("xn--") && !label.contains('.') => {
            Some(label)
        }
        _ => None,
    }
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~')
}

/// Which character of the text begins at a byte, counted from 1.
fn number(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.chars().count() + 1
}

/// What the syntax tree shows about a text.
#[derive(Default)]
struct Found {
    /// Where a flag turns Unicode on.
    unicode: Option<usize>,
    /// The positions of characters that are not plain and stand for themselves, in ascending order, because the tree is
    /// visited in the order of the text.
    literals: Vec<usize>,
    /// Those of them in a class.
    in_classes: Vec<usize>,
}

impl Found {
    fn add_literal(&mut self, literal: &Literal, is_in_class: bool) {
        let offset = match literal.kind {
            LiteralKind::Verbatim => literal.span.start.offset,
            // After a backslash.
            LiteralKind::Meta | LiteralKind::Superfluous => literal.span.start.offset + 1,
            // Written in plain characters.
            _ => return,
        };
        if !is_plain(literal.c) {
            self.literals.push(offset);
            if is_in_class {
                self.in_classes.push(offset);
            }
        }
    }

    fn add_flags(&mut self, flags: &Flags) {
        if flags.flag_state(Flag::Unicode) == Some(true) {
            let items = flags.items.iter();
            let mut unicode = items.filter(|item| item.kind == FlagsItemKind::Flag(Flag::Unicode));
            let offset = unicode.next().map(|item| item.span.start.offset);
            self.unicode = self.unicode.or(offset);
        }
    }
}

impl Visitor for Found {
    type Output = Self;
    type Err = Infallible;

    fn finish(self) -> Result<Self, Infallible> {
        Ok(self)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Infallible> {
        match ast {
            Ast::Literal(literal) => self.add_literal(literal, false),
            Ast::Flags(set) => self.add_flags(&set.flags),
            Ast::Group(group) => {
                if let Some(flags) = group.flags() {
                    self.add_flags(flags);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Infallible> {
        match item {
            ClassSetItem::Literal(literal) => self.add_literal(literal, true),
            ClassSetItem::Range(range) => {
                self.add_literal(&range.start, true);
                self.add_literal(&range.end, true);
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Kind> {
        check(text).err().map(|violation| violation.kind)
    }

    /// All of C0, DEL, C1, bidi controls, line separators, what cannot be seen, and letters.
    fn characters() -> Vec<char> {
        let ranges = [
            '\0'..='\x1f',
            '\x7f'..='\u{a0}',
            '\u{200b}'..='\u{200f}',
            '\u{2028}'..='\u{202f}',
            '\u{2060}'..='\u{206f}',
            '\u{e0001}'..='\u{e0020}',
        ];
        let others = [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{feff}',
            '\u{fff9}',
            'é',
            'ß',
            '中',
            '\u{10ffff}',
        ];
        ranges.into_iter().flatten().chain(others).collect()
    }

    #[test]
    fn what_is_not_plain_is_refused_wherever_it_means_something() {
        for character in characters() {
            let wanted = match character.is_ascii() {
                true => Kind::WhiteSpace,
                false => Kind::NonAscii,
            };
            for text in [
                format!("https://a{character}b\\.example"),
                format!("{character}https://a\\.example"),
                format!("https://a\\.example{character}"),
                format!("https://[a{character}]\\.example"),
                format!("https://[a-{character}]\\.example"),
                format!("https://[^{character}]\\.example"),
                format!("https://[[a]&&[{character}]]\\.example"),
                format!("(?:(?:{character}?|b){{2}})+"),
                // A comment is one under `(?x)` alone.
                format!("https://a\\.example # {character}"),
                format!("(?x)(?-x:# {character}\n)"),
                format!("(?x:a)# {character}"),
            ] {
                let parses = Parser::new().parse(&text).is_ok();
                if parses {
                    assert_eq!(kind(&text), Some(wanted), "{text:?}");
                } else {
                    // Such as `[a-\0]`.
                    assert!(text.contains("[a-"), "{text:?}");
                }
            }
            // Escaped, it is still there.
            let escaped = format!("https://a\\{character}");
            match Parser::new().parse(&escaped) {
                Ok(_) => assert_eq!(kind(&escaped), Some(wanted), "{escaped:?}"),
                Err(_) => assert!(!character.is_ascii(), "{escaped:?}"),
            }
            // A name of a group.
            let named = format!("(?P<a{character}>b)");
            if Parser::new().parse(&named).is_ok() {
                assert_eq!(kind(&named), Some(Kind::NonAscii), "{named:?}");
            }
        }
        assert_eq!(kind("(?<é>b)"), Some(Kind::NonAscii));
    }

    #[test]
    fn white_space_and_comments_may_stand_where_they_are_ignored() {
        for character in characters() {
            for text in [
                format!("(?x)https://a # {character}\n \\.example"),
                format!("(?x)https://a # {character}"),
                format!("(?x: a # {character}\n)b"),
            ] {
                assert_eq!(kind(&text), None, "{text:?}");
            }
            let ignored = character.is_whitespace();
            for text in [
                format!("(?x)https:// a{character}b"),
                format!("(?x)[a{character}b]"),
                format!("(?x)a{character}"),
            ] {
                assert_eq!(kind(&text).is_none(), ignored, "{text:?}");
            }
        }
    }
}
