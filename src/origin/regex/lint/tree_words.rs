//! The texts that a part of a regex matches, listed.

use super::{
    hosts::MAX_HOSTS,
    suggestions::push_new,
    tree::{Kind, NodeId, Tree},
};

impl Tree<'_> {
    /// All the texts that a part matches, in the order in which the regex names them. `None` if there are too many to list.
    fn words(&self, id: NodeId) -> Option<Vec<String>> {
        let mut words = Vec::new();
        match &self.nodes.get(id)?.kind {
            Kind::Empty => words.push(String::new()),
            Kind::Mark => return None,
            Kind::Bytes(bytes) => add(&mut words, bytes.texts())?,
            Kind::Group(part) => add(&mut words, self.words(*part)?)?,
            Kind::Concat(parts) => add(&mut words, self.words_of_all(parts)?)?,
            Kind::Alternation(parts) => {
                for part in parts {
                    add(&mut words, self.words(*part)?)?;
                }
            }
            Kind::Repetition { part, min, max } => {
                let most = u32::try_from(MAX_HOSTS).ok()?;
                let max = max.filter(|max| *max <= most)?;
                for count in (*min..=max).rev() {
                    let parts = vec![*part; usize::try_from(count).ok()?];
                    add(&mut words, self.words_of_all(&parts)?)?;
                }
            }
        }
        Some(words)
    }

    /// All the texts that parts in a row match.
    pub(super) fn words_of_all(&self, parts: &[NodeId]) -> Option<Vec<String>> {
        let mut words = vec![String::new()];
        for part in parts {
            let ends = self.words(*part)?;
            let mut all = Vec::new();
            for start in &words {
                let mut more = Vec::new();
                for end in &ends {
                    more.push(format!("{start}{end}"));
                }
                add(&mut all, more)?;
            }
            words = all;
        }
        Some(words)
    }
}

/// Adds those words that are not there yet. `None` if there are too many to list.
fn add(words: &mut Vec<String>, more: Vec<String>) -> Option<()> {
    for word in more {
        push_new(words, word);
    }
    (words.len() <= MAX_HOSTS).then_some(())
}
