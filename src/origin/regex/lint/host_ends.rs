//! Where hosts and schemes end: there may be a port after a host.

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
            let mut hosts = Vec::new();
            for node in nodes {
                hosts.append(&mut self.graph.step(node, b':'));
            }
            hosts.retain(|host| self.to_host_end.is_finite(*host));
            ports.push(PartText {
                text: format!(":{text}"),
                nodes: in_order(hosts),
            });
        }
        Ok(ports)
    }

    /// The nodes where hosts end, with any port after them. A dot at the end of a host is skipped: the owner of a name also
    /// has the name with the dot, so the dot does not change who owns the hosts.
    pub(super) fn ends(&self) -> Nodes {
        let mut ends = Nodes::new();
        for mut port in self.shortest_ports() {
            ends.append(&mut port.nodes);
        }
        ends.append(&mut self.read_byte(&in_order(ends.clone()), b'.', Part::Host));
        in_order(ends)
    }

    /// Each node where hosts end, with the shortest port that can follow.
    fn shortest_ports(&self) -> Vec<PartText> {
        // Node 0 is the end of an origin, and so the end of a host without a port.
        let mut found = vec![(Vec::new(), 0)];
        let mut seen = vec![false; self.graph.nodes.len()];
        let mut texts = vec![(Vec::new(), 0)];
        let mut visited = 0;
        while let Some((text, from)) = texts.get(visited).cloned() {
            visited += 1;
            let Some(node) = self.graph.nodes.get(from) else {
                continue;
            };
            for (byte, to) in &node.edges {
                let is_port = begins_port(node, *byte);
                let Some(seen) = seen.get_mut(*to).filter(|seen| !**seen) else {
                    continue;
                };
                if is_port || byte.is_ascii_digit() {
                    *seen = true;
                    let mut text: Vec<u8> = text.clone();
                    text.push(*byte);
                    if is_port {
                        found.push((text, *to));
                    } else {
                        texts.push((text, *to));
                    }
                }
            }
        }
        let mut ports = Vec::new();
        for (text, end) in found {
            if let Some(text) = unreversed(&text).filter(|_| self.to_host_end.is_finite(end)) {
                let nodes = vec![end];
                ports.push(PartText { text, nodes });
            }
        }
        ports
    }

    /// The nodes where schemes end.
    pub(super) fn schemes(&self) -> Nodes {
        let mut ends = Nodes::new();
        for host in 0..self.graph.nodes.len() {
            ends.append(&mut self.graph.ends_of_schemes(host));
        }
        ends.retain(|end| self.to_origin_end.is_finite(*end));
        in_order(ends)
    }
}
