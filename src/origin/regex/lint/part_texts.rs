//! Texts of a part of an origin: labels, hosts, schemes, ports.

use std::collections::HashSet;

use super::{
    graph::{Distances, Graph},
    reverse_dfa::TooLarge,
    walk::{Nodes, Part, PartText, Walk, unreversed},
};
use crate::origin::grammar::{MAX_HOST_LEN, MAX_LABEL_LEN};

impl Walk<'_> {
    /// At most `most` texts of a part, found by a depth-first search that always goes on with the nearest end.
    /// It counts its steps and fails beyond the bound of the graph.
    pub(super) fn texts(
        &mut self,
        part: Part,
        from: &Nodes,
        most: usize,
    ) -> Result<Vec<PartText>, TooLarge> {
        let mut found = Vec::new();
        self.collect(part, from, most, &mut Vec::new(), &mut found)?;
        Ok(found)
    }

    fn collect(
        &self,
        part: Part,
        from: &Nodes,
        most: usize,
        text: &mut Vec<u8>,
        found: &mut Vec<PartText>,
    ) -> Result<(), TooLarge> {
        self.graph.count_step()?;
        let distances = self.distances(part);
        if distances.least(from) == 0 && !text.is_empty() {
            found.push(PartText {
                text: unreversed(text).unwrap_or_default(),
                nodes: from.clone(),
            });
        }
        let mut edges = self.edges_by_byte(from, part);
        edges.retain(|(byte, nodes)| self.has_room(part, text, *byte, nodes));
        while found.len() < most {
            let mut nearest: Option<(u32, usize)> = None;
            for (number, (_, nodes)) in edges.iter().enumerate() {
                let left = distances.least(nodes);
                if nearest.is_none_or(|(least, _)| left < least) {
                    nearest = Some((left, number));
                }
            }
            let Some((_, nearest)) = nearest else {
                break;
            };
            let (byte, nodes) = edges.remove(nearest);
            text.push(byte);
            self.collect(part, &nodes, most, text, found)?;
            text.pop();
        }
        Ok(())
    }

    /// Whether there is room for one more byte: whether the part, the host and the label can then still end within the bounds
    /// on their lengths. The graph does not know these bounds.
    fn has_room(&self, part: Part, text: &[u8], byte: u8, to: &Nodes) -> bool {
        let fits = |read: usize, distances: &Distances, most: usize| {
            usize::try_from(distances.least(to)).is_ok_and(|left| read + left < most)
        };
        let dot = text.iter().rposition(|byte| *byte == b'.');
        let label = text.len() - dot.map_or(0, |dot| dot + 1);
        fits(text.len(), self.distances(part), part.max_len())
            && (part != Part::Host
                || (fits(text.len(), &self.to_host_end, MAX_HOST_LEN)
                    && (byte == b'.' || fits(label, &self.to_label_end, MAX_LABEL_LEN))))
    }

    /// A shortest label that `ends` and has none of the letters and digits in `avoided`.
    ///
    /// A breadth-first search over sets of nodes; sets that were seen are not visited again, and their number is bounded.
    pub(super) fn label_without(
        &self,
        avoided: &str,
        from: &Nodes,
        ends: fn(&Self, &Nodes) -> bool,
    ) -> Option<String> {
        let mut seen = HashSet::from([from.clone()]);
        let mut texts = vec![(Vec::new(), from.clone())];
        let mut visited = 0;
        while let Some((text, from)) = texts.get(visited).cloned() {
            visited += 1;
            if !text.is_empty() && ends(self, &from) {
                return unreversed(&text);
            }
            if seen.len() > Graph::MAX_NODES {
                return None;
            }
            for (byte, to) in self.edges_by_byte(&from, Part::Label) {
                if !avoided.as_bytes().contains(&byte) && seen.insert(to.clone()) {
                    let mut text = text.clone();
                    text.push(byte);
                    texts.push((text, to));
                }
            }
        }
        None
    }
}
