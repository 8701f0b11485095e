//! The syntax tree of a regex as it was written, as far as serialized origins are concerned.
//!
//! The compiled form of a regex (`regex_syntax::hir`) is simplified: `example\.(com|co)` becomes `example\.co(?:m|)`, which
//! no longer shows that the alternatives were whole labels. So this tree keeps the structure and the spans of the text.

use std::ops::Range;

use regex_syntax::{
    ast::{Ast, Flag, RepetitionKind, RepetitionRange, parse::Parser},
    hir::{
        Class, Hir, HirKind,
        translate::{Translator, TranslatorBuilder},
    },
};

/// A regex, taken apart into numbered nodes.
pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
}

/// A node's index. The parts of a node have smaller ones than the node itself.
pub(super) type NodeId = usize;

pub(super) struct Node {
    pub(super) kind: Kind,
    /// Its position in the text.
    pub(super) span: Range<usize>,
    /// What it is a part of.
    pub(super) parent: Option<NodeId>,
}

pub(super) enum Kind {
    /// Nothing at all.
    Empty,
    /// No byte, but flags or a condition. A condition is treated as always true: the tree may then match more than the regex,
    /// but the domains that it is compared with come from the exact automaton.
    Mark,
    /// One of these bytes.
    Bytes(Bytes),
    Group(NodeId),
    Concat(Vec<NodeId>),
    Alternation(Vec<NodeId>),
    Repetition {
        part: NodeId,
        min: u32,
        max: Option<u32>,
    },
}

/// A set of ASCII bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bytes(u128);

impl Bytes {
    /// All that occur in a label.
    pub(super) const LABEL: Self = Self::of(b"abcdefghijklmnopqrstuvwxyz0123456789-_");
    /// All that occur in a serialized origin.
    const ORIGIN: Self = Self::of(b"abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]+");

    pub(super) const fn of(mut bytes: &[u8]) -> Self {
        let mut set = 0;
        while let [byte, rest @ ..] = bytes {
            if byte.is_ascii() {
                set |= 1 << *byte;
            }
            bytes = rest;
        }
        Self(set)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each byte as a text.
    pub(super) fn texts(self) -> Vec<String> {
        let mut texts = Vec::new();
        for byte in 0..128_u8 {
            if !self.and(Self::of(&[byte])).is_empty() {
                texts.push(char::from(byte).to_string());
            }
        }
        texts
    }
}

impl<'t> Tree<'t> {
    /// `None` if the text is not a regex.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let ast = Parser::new().parse(text).ok()?;
        let mut tree = Self {
            text,
            nodes: Vec::new(),
        };
        tree.add(&ast, &mut false)?;
        Some(tree)
    }

    /// The node of the whole regex, which is the last one.
    pub(super) fn root(&self) -> NodeId {
        self.nodes.len().saturating_sub(1)
    }

    pub(super) fn text_of(&self, id: NodeId) -> &'t str {
        let span = self.nodes.get(id).map(|node| node.span.clone());
        span.and_then(|span| self.text.get(span))
            .unwrap_or_default()
    }

    /// A node, then the node that it is a part of, and so on up to the root.
    pub(super) fn and_around(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |id| self.nodes.get(*id)?.parent)
    }

    /// Adds the nodes of a part. `ignores_case` is the flag `i`, which may change within it.
    fn add(&mut self, ast: &Ast, ignores_case: &mut bool) -> Option<NodeId> {
        let kind = match ast {
            Ast::Flags(set) => {
                *ignores_case = set
                    .flags
                    .flag_state(Flag::CaseInsensitive)
                    .unwrap_or(*ignores_case);
                Kind::Mark
            }
            Ast::Empty(_) => Kind::Empty,
            Ast::Assertion(_) => Kind::Mark,
            Ast::Group(group) => {
                let flags = group.flags();
                let flag = flags.and_then(|flags| flags.flag_state(Flag::CaseInsensitive));
                let mut ignores_case = flag.unwrap_or(*ignores_case);
                Kind::Group(self.add(&group.ast, &mut ignores_case)?)
            }
            Ast::Repetition(repetition) => {
                let (min, max) = bounds(&repetition.op.kind);
                Kind::Repetition {
                    part: self.add(&repetition.ast, ignores_case)?,
                    min,
                    max,
                }
            }
            Ast::Concat(list) => Kind::Concat(self.add_all(&list.asts, ignores_case)?),
            Ast::Alternation(list) => Kind::Alternation(self.add_all(&list.asts, ignores_case)?),
            Ast::Literal(_)
            | Ast::Dot(_)
            | Ast::ClassUnicode(_)
            | Ast::ClassPerl(_)
            | Ast::ClassBracketed(_) => {
                let mut translator = translator(*ignores_case);
                Kind::Bytes(bytes(&translator.translate(self.text, ast).ok()?))
            }
        };
        let span = ast.span();
        let id = self.nodes.len();
        for part in kind.parts() {
            if let Some(part) = self.nodes.get_mut(*part) {
                part.parent = Some(id);
            }
        }
        self.nodes.push(Node {
            kind,
            span: span.start.offset..span.end.offset,
            parent: None,
        });
        Some(id)
    }

    fn add_all(&mut self, asts: &[Ast], ignores_case: &mut bool) -> Option<Vec<NodeId>> {
        let mut nodes = Vec::new();
        for ast in asts {
            nodes.push(self.add(ast, ignores_case)?);
        }
        Some(nodes)
    }
}

impl Kind {
    pub(super) fn parts(&self) -> &[NodeId] {
        match self {
            Self::Empty | Self::Mark | Self::Bytes(_) => &[],
            Self::Group(part) | Self::Repetition { part, .. } => std::slice::from_ref(part),
            Self::Concat(parts) | Self::Alternation(parts) => parts,
        }
    }
}

fn bounds(kind: &RepetitionKind) -> (u32, Option<u32>) {
    match kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(RepetitionRange::Exactly(count)) => (*count, Some(*count)),
        RepetitionKind::Range(RepetitionRange::AtLeast(min)) => (*min, None),
        RepetitionKind::Range(RepetitionRange::Bounded(min, max)) => (*min, Some(*max)),
    }
}

fn translator(ignores_case: bool) -> Translator {
    TranslatorBuilder::new()
        .unicode(false)
        .utf8(false)
        .case_insensitive(ignores_case)
        .build()
}

/// The bytes that a part which matches one byte can match, of those that serialized origins contain.
fn bytes(hir: &Hir) -> Bytes {
    let mut set = Bytes::of(b"");
    for byte in 0..128_u8 {
        let is_in = match hir.kind() {
            HirKind::Literal(literal) => *literal.0 == [byte],
            HirKind::Class(Class::Bytes(class)) => {
                let mut ranges = class.iter();
                ranges.any(|range| (range.start()..=range.end()).contains(&byte))
            }
            HirKind::Class(Class::Unicode(class)) => {
                let mut ranges = class.iter();
                ranges.any(|range| (range.start()..=range.end()).contains(&char::from(byte)))
            }
            _ => false,
        };
        if is_in {
            set.0 |= Bytes::of(&[byte]).0;
        }
    }
    set.and(Bytes::ORIGIN)
}
