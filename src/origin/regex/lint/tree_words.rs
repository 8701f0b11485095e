//! The texts that a part of a regex matches, listed.

use std::collections::BTreeSet;

use super::{
    hosts::MAX_HOSTS,
    tree::{Kind, NodeId, Tree},
};

impl Tree<'_> {
    /// All the texts that a part matches, in the order in which the regex names them. `None` if there are too many to list.
    fn words(&self, id: NodeId) -> Option<Vec<String>> {
        let node = self.nodes.get(id)?;
        let words = match &node.kind {
            Kind::Empty => vec![String::new()],
            Kind::Mark => return None,
            Kind::Bytes(bytes) => bytes.iter().map(String::from).collect(),
            Kind::Group(part) => self.words(*part)?,
            Kind::Concat(parts) => self.words_of_all(parts)?,
            Kind::Alternation(parts) => {
                let mut words = Vec::new();
                for part in parts {
                    words.append(&mut self.words(*part)?);
                }
                words
            }
            Kind::Repetition { part, min, max } => {
                let max =
                    max.filter(|max| usize::try_from(*max).is_ok_and(|max| max <= MAX_HOSTS))?;
                let mut words = Vec::new();
                for count in (*min..=max).rev() {
                    let parts = vec![*part; usize::try_from(count).ok()?];
                    words.append(&mut self.words_of_all(&parts)?);
                }
                words
            }
        };
        few(words)
    }

    /// All the texts that parts in a row match.
    pub(super) fn words_of_all(&self, parts: &[NodeId]) -> Option<Vec<String>> {
        let mut words = vec![String::new()];
        for part in parts {
            let ends = self.words(*part)?;
            let mut all = Vec::new();
            for start in &words {
                for end in &ends {
                    all.push(format!("{start}{end}"));
                }
            }
            words = few(all)?;
        }
        Some(words)
    }
}

/// The words without repetitions, if there are few.
fn few(mut words: Vec<String>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    (words.len() <= MAX_HOSTS).then_some(words)
}
