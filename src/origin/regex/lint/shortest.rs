//! The shortest origin to a goal. Whether there is one at all is answered exactly: a regex that is said to match no
//! origin matches none. So bounds on lengths and default ports, which the graph does not know, are kept here.

use std::collections::{HashSet, VecDeque};

use super::{
    graph::{Distances, rank},
    reverse_dfa::TooLarge,
    walk::{Part, Walk, begins_port, forwards},
};
use crate::origin::grammar::{MAX_HOST_LEN, MAX_LABEL_LEN, MAX_SCHEME_LEN};

/// Places where hosts end, each with the shortest port that can stand behind it.
#[derive(Default)]
struct Ends {
    /// What all the ports are, if they are the default one of some schemes.
    default: Option<u16>,
    /// The ports with their colons, or nothing.
    list: Vec<(String, usize)>,
}

/// A byte of a host that was read, and where that led.
struct Visit {
    node: usize,
    byte: u8,
    /// The number of the one before, or of where the host ends.
    from: Result<usize, usize>,
    label: usize,
    host: usize,
}

impl Walk<'_> {
    /// How many IPv6 addresses are tried. The graph takes some for such that are not in their canonical form.
    const MAX_ADDRESSES: usize = 64;

    /// A shortest origin, with no port if there is one without. `parses` is true of all origins that the graph knows,
    /// but for some with an IPv6 address.
    pub(super) fn example(
        &mut self,
        parses: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, TooLarge> {
        for ends in self.ends_by_port() {
            let schemes = self.schemes_beside(ends.default);
            if let Some(origin) = self.with_domain(&ends, &schemes) {
                return match parses(&origin) {
                    true => Ok(Some(origin)),
                    false => Err(TooLarge),
                };
            }
            for (port, end) in &ends.list {
                let found =
                    self.with_ipv6(*end, &schemes, |origin| parses(&format!("{origin}{port}")))?;
                if let Some(origin) = found {
                    return Ok(Some(format!("{origin}{port}")));
                }
            }
        }
        Ok(None)
    }

    /// Where hosts end: without a port, before ports that are no scheme's default, and before each that is one.
    fn ends_by_port(&self) -> Vec<Ends> {
        let mut defaults: Vec<u16> = fetch_standard::SPECIAL_SCHEMES
            .map(|(_, port)| port)
            .to_vec();
        defaults.sort_unstable();
        defaults.dedup();
        let texts: Vec<String> = defaults.iter().map(u16::to_string).collect();
        let without_port = Ends {
            default: None,
            list: vec![(String::new(), 0)],
        };
        let mut others = Ends::default();
        let mut by_default: Vec<Ends> = defaults
            .iter()
            .map(|port| Ends {
                default: Some(*port),
                list: Vec::new(),
            })
            .collect();

        // All texts that are no end of a default port are alike.
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
        let all = [without_port, others].into_iter().chain(by_default);
        all.filter(|ends| !ends.list.is_empty()).collect()
    }

    /// How far it is to the start of a scheme that may stand beside such a port, from within the scheme.
    fn schemes_beside(&self, default: Option<u16>) -> Distances {
        self.graph.distances(
            |node| {
                node.accepts.has(self.goal)
                    && (default.is_none() || node.accepts.default_port() != default)
            },
            |node, _, _| node.is_scheme,
        )
    }

    /// With the shortest domain or IPv4 address. Of two ways to one place, the one with a longer host is followed only if
    /// its last label is shorter: nothing else can make it fit where the other does not.
    fn with_domain(&self, ends: &Ends, schemes: &Distances) -> Option<String> {
        let mut shortest_label = vec![usize::MAX; self.graph.nodes.len()];
        let mut visits: Vec<Visit> = Vec::new();
        let mut queue: VecDeque<Result<usize, usize>> = (0..ends.list.len()).map(Err).collect();
        while let Some(at) = queue.pop_front() {
            let (from, label, host) = match at {
                Ok(visit) => {
                    let visit = visits.get(visit)?;
                    (visit.node, visit.label, visit.host)
                }
                Err(end) => (ends.list.get(end)?.1, 0, 0),
            };
            if let Some(scheme) = self.scheme_before(from, schemes) {
                let (host, port) = self.read_until(at, &visits, ends)?;
                return Some(format!("{scheme}://{host}{port}"));
            }
            let Some(node) = self.graph.nodes.get(from) else {
                continue;
            };
            let mut edges: Vec<(u8, usize)> = node.edges.clone();
            edges.sort_by_key(|(byte, _)| rank(*byte));
            for (byte, to) in edges {
                let label = if byte == b'.' { 0 } else { label + 1 };
                let is_of_domain = !matches!(byte, b'/' | b':' | b'[' | b']');
                let fits = host < MAX_HOST_LEN && label <= MAX_LABEL_LEN;
                if !is_of_domain || !fits || !self.to_host_end.is_finite(to) {
                    continue;
                }
                if let Some(shortest) = shortest_label.get_mut(to).filter(|length| label < **length)
                {
                    *shortest = label;
                    queue.push_back(Ok(visits.len()));
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

    /// The host that was read, and the port behind it.
    fn read_until<'e>(
        &self,
        mut at: Result<usize, usize>,
        visits: &[Visit],
        ends: &'e Ends,
    ) -> Option<(String, &'e str)> {
        let mut host = String::new();
        loop {
            match at {
                Ok(number) => {
                    let visit = visits.get(number)?;
                    host.push(char::from(visit.byte));
                    at = visit.from;
                }
                Err(end) => return Some((host, &ends.list.get(end)?.0)),
            }
        }
    }

    /// With one of some IPv6 addresses, but without the port.
    fn with_ipv6(
        &mut self,
        end: usize,
        schemes: &Distances,
        parses: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, TooLarge> {
        let inside = self.before(&vec![end], b']', Part::Host);
        if inside.is_empty() {
            return Ok(None);
        }
        let found = self.texts(Part::Host, &inside, Self::MAX_ADDRESSES)?;
        let is_cut = found.len() == Self::MAX_ADDRESSES;
        for host in found {
            let mut starts = host.to.iter();
            let scheme = starts.find_map(|node| self.scheme_before(*node, schemes));
            let origin = scheme.map(|scheme| format!("{scheme}://{}]", host.text));
            if let Some(origin) = origin.filter(|origin| parses(origin)) {
                return Ok(Some(origin));
            }
        }
        if is_cut { Err(TooLarge) } else { Ok(None) }
    }

    /// The shortest scheme before a host that begins here, within the bound on its length.
    fn scheme_before(&self, host: usize, schemes: &Distances) -> Option<String> {
        let slashes = self.graph.step(host, b'/');
        let slashes = slashes.flat_map(|node| self.graph.step(node, b'/'));
        let starts = slashes.flat_map(|node| self.graph.step(node, b':'));
        let mut node = starts.min_by_key(|node| schemes.get(*node))?;
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
        forwards(&text)
    }
}
