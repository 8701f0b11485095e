//! The forms that a choice takes: which alternative, how often, a dot or a letter.

use super::{
    domain_match::DomainMatch,
    position_set::{BEGIN, LABEL},
    tree::{Kind, NodeId, Tree},
};

/// One of the forms of a choice, as it occurs in the origins of a domain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Form<'t> {
    kind: FormKind,
    /// `None` if it is not known, because it is below the domain.
    text: Option<&'t str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FormKind {
    Alternative(usize),
    /// Of a class: whether it is the dot.
    Dot(bool),
    Nothing,
    Once,
    /// More than once; how often is not known.
    Repeated,
}

impl Form<'_> {
    /// Whether a choice decides between two forms. Two repetitions may differ in how often they repeat.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        let is_same_text = self.text.is_some() && self.text == other.text;
        (self.kind != other.kind || self.kind == FormKind::Repeated) && !is_same_text
    }
}

/// The forms that a choice takes in the origins of a domain.
pub(super) fn forms<'t>(tree: &Tree<'_>, domain: &DomainMatch<'t>, id: NodeId) -> Vec<Form<'t>> {
    let Some(node) = tree.nodes.get(id) else {
        return Vec::new();
    };
    let form = |kind, stretch| Form {
        kind,
        text: domain.text(stretch),
    };
    let mut forms = Vec::new();
    match &node.kind {
        Kind::Alternation(parts) => {
            for part in parts {
                // An alternative that is written twice is one alternative.
                let text = tree.text_of(*part);
                let first = parts.iter().position(|other| tree.text_of(*other) == text);
                let kind = FormKind::Alternative(first.unwrap_or_default());
                for stretch in domain.stretches(*part) {
                    forms.push(form(kind, stretch));
                }
            }
        }
        Kind::Repetition { part, .. } => {
            let once = domain.stretches(*part);
            for stretch in domain.stretches(id) {
                let is_nothing = stretch.0 == stretch.1;
                if is_nothing {
                    let (kind, text) = (FormKind::Nothing, Some(""));
                    forms.push(Form { kind, text });
                }
                if once.contains(&stretch) {
                    forms.push(form(FormKind::Once, stretch));
                } else if !is_nothing {
                    forms.push(form(FormKind::Repeated, stretch));
                }
            }
        }
        _ => {
            for stretch in domain.stretches(id) {
                let is_dot = stretch == (LABEL, BEGIN) || domain.text(stretch) == Some(".");
                forms.push(form(FormKind::Dot(is_dot), stretch));
            }
        }
    }
    forms
}
