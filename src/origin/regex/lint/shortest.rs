//! The shortest origin of a kind.
//!
//! Whether there is one at all must be answered exactly: a policy is refused if a regex "matches no serialized origin", and
//! that must be true. So the bounds on lengths and the rule about default ports, which the graph leaves out, are checked
//! during this search. Where it cannot be exact (some IPv6 addresses), it fails as too large instead of answering "none".

use std::collections::{HashSet, VecDeque};

use super::{
    graph::{Distances, rank},
    reverse_dfa::TooLarge,
    walk::{Part, Walk, begins_port, in_order, unreversed},
};
use crate::origin::grammar::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_SCHEME_LEN};

/// Nodes where hosts end, each with the shortest port that can follow.
#[derive(Default)]
struct Ends {
    /// The default port of some schemes, if all the ports in the list are that one. Those schemes cannot come before it.
    default: Option<usize>,
    /// Each port with its colon, or the empty text.
    list: Vec<(String, usize)>,
}

/// A byte of a host that was read, and the node that it led to.
struct Visit {
    node: usize,
    byte: u8,
    from: Before,
    /// How many bytes of the label and of the host were read.
    label: usize,
    host: usize,
}

/// What was read before a byte.
#[derive(Clone, Copy)]
enum Before {
    /// Another byte of the host, by the number of its visit.
    Visit(usize),
    /// The end of the host, by its number in the list.
    End(usize),
}

impl Walk<'_> {
    /// How many IPv6 addresses are tried. The graph has some that are not in canonical form.
    const MAX_ADDRESSES: usize = 64;

    /// A shortest origin, without a port if possible. `parses` must be true for all origins of the graph, except for some
    /// with an IPv6 address.
    pub(super) fn example(
        &mut self,
        parses: &dyn Fn(&str) -> bool,
    ) -> Result<Option<String>, TooLarge> {
        for ends in self.ends_by_port() {
            let schemes = self.schemes_before_port(ends.default);
            if let Some(origin) = self.with_domain(&ends, &schemes) {
                return match parses(&origin) {
                    true => Ok(Some(origin)),
                    false => Err(TooLarge),
                };
            }
            for (port, end) in &ends.list {
                let found =
                    self.with_ipv6(*end, &schemes, &|origin| parses(&format!("{origin}{port}")))?;
                if let Some(origin) = found {
                    return Ok(Some(format!("{origin}{port}")));
                }
            }
        }
        Ok(None)
    }

    /// Where hosts end: without a port, before ports that are not the default of any scheme, and before each default port.
    fn ends_by_port(&self) -> Vec<Ends> {
        let ports = fetch_standard::DEFAULT_PORTS.map(|(_, port)| usize::from(port));
        let defaults = in_order(ports.to_vec());
        let without_port = Ends {
            default: None,
            list: vec![(String::new(), 0)],
        };
        let mut others = Ends::default();
        let mut texts = Vec::new();
        let mut by_default = Vec::new();
        for port in defaults {
            texts.push(port.to_string());
            by_default.push(Ends {
                default: Some(port),
                list: Vec::new(),
            });
        }

        // Digits that are not the end of a default port are treated alike, or there would be a visit for each port.
        let kind = |text: &str| {
            let is_end = texts.iter().any(|port| port.ends_with(text));
            is_end.then(|| text.to_owned())
        };
        let mut seen = HashSet::from([(0, kind(""))]);
        let mut queue = VecDeque::from([(String::new(), 0)]);
        while let Some((text, from)) = queue.pop_front() {
            let Some(node) = self.graph.nodes.get(from) else {
                continue;
            };
            for (byte, to) in &node.edges {
                if byte.is_ascii_digit() {
                    let text = format!("{}{text}", char::from(*byte));
                    if self.to_port_end.is_finite(*to) && seen.insert((*to, kind(&text))) {
                        queue.push_back((text, *to));
                    }
                } else if begins_port(node, *byte) && self.to_host_end.is_finite(*to) {
                    let number = texts.iter().position(|port| *port == text);
                    let ends = number.and_then(|number| by_default.get_mut(number));
                    let list = &mut ends.unwrap_or(&mut others).list;
                    if list.iter().all(|(_, end)| end != to) {
                        list.push((format!(":{text}"), *to));
                    }
                }
            }
        }
        let mut all = vec![without_port, others];
        all.append(&mut by_default);
        all.retain(|ends| !ends.list.is_empty());
        all
    }

    /// The distances to the starts of schemes that may have such a port, from the nodes of schemes.
    fn schemes_before_port(&self, default: Option<usize>) -> Distances {
        self.graph.distances(
            &|node| {
                let own_default = node.accepts.default_port.map(usize::from);
                node.accepts.has(self.kind) && (default.is_none() || own_default != default)
            },
            &|node, _, _| node.is_scheme,
        )
    }

    /// An origin with the shortest domain or IPv4 address, by a breadth-first search.
    ///
    /// A node is visited again only with a shorter label than before. The first visit has the shortest host, so a later one
    /// can only be better if its label, which has its own bound, can still grow. Visiting each node once would be
    /// wrong: it would miss hosts that fit only because their labels are divided differently.
    fn with_domain(&self, ends: &Ends, schemes: &Distances) -> Option<String> {
        let mut shortest_label = vec![usize::MAX; self.graph.nodes.len()];
        let mut visits: Vec<Visit> = Vec::new();
        let mut queue: VecDeque<Before> = (0..ends.list.len()).map(Before::End).collect();
        while let Some(at) = queue.pop_front() {
            let (from, label, host) = match at {
                Before::Visit(visit) => {
                    let visit = visits.get(visit)?;
                    (visit.node, visit.label, visit.host)
                }
                Before::End(end) => (ends.list.get(end)?.1, 0, 0),
            };
            if let Some(scheme) = self.scheme_before(from, schemes) {
                let (host, port) = self.read_until(at, &visits, ends)?;
                return Some(format!("{scheme}://{host}{port}"));
            }
            for (byte, nodes) in self.edges_by_byte(&vec![from], Part::Host) {
                let label = if byte == b'.' { 0 } else { label + 1 };
                let is_of_domain = !matches!(byte, b'/' | b':' | b'[' | b']');
                let fits = host < MAX_HOST_LEN && label <= MAX_LABEL_LEN;
                if !is_of_domain || !fits {
                    continue;
                }
                for to in nodes {
                    let Some(shortest) = shortest_label.get_mut(to) else {
                        continue;
                    };
                    if label >= *shortest {
                        continue;
                    }
                    *shortest = label;
                    queue.push_back(Before::Visit(visits.len()));
                    visits.push(Visit {
                        node: to,
                        byte,
                        from: at,
                        label,
                        host: host + 1,
                    });
                }
            }
        }
        None
    }

    /// The host up to a visit, and the port after it.
    fn read_until<'e>(
        &self,
        mut at: Before,
        visits: &[Visit],
        ends: &'e Ends,
    ) -> Option<(String, &'e str)> {
        let mut host = String::new();
        loop {
            match at {
                Before::Visit(number) => {
                    let visit = visits.get(number)?;
                    host.push(char::from(visit.byte));
                    at = visit.from;
                }
                Before::End(end) => return Some((host, &ends.list.get(end)?.0)),
            }
        }
    }

    /// An origin with one of the first IPv6 addresses, without its port.
    fn with_ipv6(
        &mut self,
        end: usize,
        schemes: &Distances,
        parses: &dyn Fn(&str) -> bool,
    ) -> Result<Option<String>, TooLarge> {
        let inside = self.read_byte(&vec![end], b']', Part::Host);
        if inside.is_empty() {
            return Ok(None);
        }
        let found = self.texts(Part::Host, &inside, Self::MAX_ADDRESSES)?;
        let is_cut = found.len() == Self::MAX_ADDRESSES;
        for host in found {
            let mut starts = host.nodes.iter();
            let scheme = starts.find_map(|node| self.scheme_before(*node, schemes));
            let origin = scheme.map(|scheme| format!("{scheme}://{}]", host.text));
            if let Some(origin) = origin.filter(|origin| parses(origin)) {
                return Ok(Some(origin));
            }
        }
        if is_cut { Err(TooLarge) } else { Ok(None) }
    }

    /// The shortest scheme before a host that begins at this node, within the bound on its length.
    fn scheme_before(&self, host: usize, schemes: &Distances) -> Option<String> {
        let ends = self.graph.ends_of_schemes(host).into_iter();
        let mut node = ends.min_by_key(|node| schemes.get(*node))?;
        if usize::try_from(schemes.get(node)).ok()? > MAX_SCHEME_LEN {
            return None;
        }
        let mut text = Vec::new();
        while schemes.get(node) > 0 {
            let edges = &self.graph.nodes.get(node)?.edges;
            let nearer = edges
                .iter()
                .filter(|(_, to)| schemes.get(*to) < schemes.get(node));
            let (byte, to) = nearer.min_by_key(|(byte, _)| rank(*byte))?;
            text.push(*byte);
            node = *to;
        }
        unreversed(&text)
    }
}
