//! Where hosts and schemes end: there may be a port after a host.

use std::collections::{HashSet, VecDeque};

use super::{
    reverse_dfa::TooLarge,
    walk::{Nodes, Part, PartText, Walk, begins_port, in_order, unreversed},
};

impl Walk<'_> {
    /// How many ports are tried. Up to three of them may be the default ports of schemes, which no origin has.
    const MAX_PORTS: usize = 16;

    /// Some ports, each with its colon and with the nodes where hosts end before it; no port first, if hosts can be without.
    pub(super) fn ports(&mut self) -> Result<Vec<PartText>, TooLarge> {
        let mut ports = self.shortest_ports();
        for PartText { text, nodes } in self.texts(Part::Port, &vec![0], Self::MAX_PORTS)? {
            let hosts = nodes
                .into_iter()
                .flat_map(|node| self.graph.step(node, b':'));
            let hosts = hosts.filter(|host| self.to_host_end.is_finite(*host));
            ports.push(PartText {
                text: format!(":{text}"),
                nodes: in_order(hosts.collect()),
            });
        }
        Ok(ports)
    }

    /// The nodes where hosts end, with any port after them. A dot at the end of a host is skipped: the owner of a name also
    /// has the name with the dot, so the dot does not change who owns the hosts.
    pub(super) fn ends(&self) -> Nodes {
        let ports = self.shortest_ports().into_iter();
        let mut ends: Nodes = ports.flat_map(|port| port.nodes).collect();
        ends.extend(self.read_byte(&in_order(ends.clone()), b'.', Part::Host));
        in_order(ends)
    }

    /// Each node where hosts end, with the shortest port that can follow.
    fn shortest_ports(&self) -> Vec<PartText> {
        // Node 0 is the end of an origin, and so the end of a host without a port.
        let mut found = vec![(Vec::new(), 0)];
        let mut seen = HashSet::from([0]);
        let mut queue = VecDeque::from(found.clone());
        while let Some((text, from)) = queue.pop_front() {
            let Some(node) = self.graph.nodes.get(from) else {
                continue;
            };
            for (byte, to) in &node.edges {
                let is_port = begins_port(node, *byte);
                if (is_port || byte.is_ascii_digit()) && seen.insert(*to) {
                    let mut text: Vec<u8> = text.clone();
                    text.push(*byte);
                    if is_port {
                        found.push((text, *to));
                    } else {
                        queue.push_back((text, *to));
                    }
                }
            }
        }
        found.retain(|(_, end)| self.to_host_end.is_finite(*end));
        let read = |(text, end): (Vec<u8>, usize)| {
            Some(PartText {
                text: unreversed(&text)?,
                nodes: vec![end],
            })
        };
        found.into_iter().filter_map(read).collect()
    }

    /// The nodes where schemes end.
    pub(super) fn schemes(&self) -> Nodes {
        let graph = self.graph;
        let ends = (0..graph.nodes.len())
            .flat_map(|node| graph.step(node, b'/'))
            .flat_map(|node| graph.step(node, b'/'))
            .flat_map(|node| graph.step(node, b':'))
            .filter(|node| self.to_origin_end.is_finite(*node));
        in_order(ends.collect())
    }
}
