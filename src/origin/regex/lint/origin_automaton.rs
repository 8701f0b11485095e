//! The grammar of serialized origins as an automaton, for the product with that of a regex.
//!
//! It answers two questions: can these bytes be the end of an origin, and what kind of origin is it if they are all of it?
//!
//! It accepts a little more than the grammar. Lengths, default ports and all the rules of canonical IPv6 addresses would
//! multiply its states. So whatever the lint finds with it is parsed as an origin before it is shown or believed.

use regex_automata::hybrid::LazyStateID;

use super::{
    origin_kind::OriginKinds,
    reverse_dfa::{ReverseDfa, TooLarge},
};

/// Reads origins from the last byte to the first, because the end of a host says whose it is.
///
/// Two automata, one for host and port, one for the scheme. One automaton would have a state for each pair of what the host
/// and what the scheme can still be, many times as many.
pub(super) struct OriginAutomaton {
    host: ReverseDfa,
    scheme: ReverseDfa,
}

/// What the kind of an origin depends on, once its host was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Host {
    loopback: bool,
    private: bool,
    /// A dot alone, which schemes of the web cannot have.
    dot: bool,
}

/// A state of the automaton: which part of an origin is being read, and what is known of the parts after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum OriginState {
    /// In the host or the port.
    Host(LazyStateID),
    Slash(Host),
    Slashes(Host),
    Scheme(Host, LazyStateID),
}

impl OriginState {
    pub(super) fn is_scheme(self) -> bool {
        matches!(self, Self::Scheme(..))
    }
}

impl OriginAutomaton {
    pub(super) fn new() -> Result<Self, TooLarge> {
        Ok(Self {
            host: ReverseDfa::compile(&HostProperty::ALL.map(|each| whole(&each.pattern())))?,
            scheme: ReverseDfa::compile(&SchemeProperty::ALL.map(|each| whole(&each.pattern())))?,
        })
    }

    pub(super) fn start(&mut self) -> Result<OriginState, TooLarge> {
        Ok(OriginState::Host(self.host.start()?))
    }

    /// The state after one more byte; `None` if no origin has that byte before what was read.
    pub(super) fn next(
        &mut self,
        state: OriginState,
        byte: u8,
    ) -> Result<Option<OriginState>, TooLarge> {
        Ok(match (state, byte) {
            (OriginState::Host(host), b'/') => self.ended_host(host)?.map(OriginState::Slash),
            (OriginState::Host(host), _) => self.host.next(host, byte)?.map(OriginState::Host),
            (OriginState::Slash(host), b'/') => Some(OriginState::Slashes(host)),
            (OriginState::Slashes(host), b':') => {
                Some(OriginState::Scheme(host, self.scheme.start()?))
            }
            (OriginState::Slash(_) | OriginState::Slashes(_), _) => None,
            (OriginState::Scheme(host, state), _) => {
                let next = self.scheme.next(state, byte)?;
                next.map(|state| OriginState::Scheme(host, state))
            }
        })
    }

    fn ended_host(&mut self, state: LazyStateID) -> Result<Option<Host>, TooLarge> {
        let properties = self.host.matches(state)?;
        let is = |one| {
            properties
                .iter()
                .any(|number| HostProperty::ALL.get(*number) == Some(&one))
        };
        let is_host =
            is(HostProperty::Shape) && (is(HostProperty::Ipv4) || !is(HostProperty::Number));
        Ok(is_host.then(|| Host {
            loopback: is(HostProperty::Loopback),
            private: is(HostProperty::Private),
            dot: is(HostProperty::Dot),
        }))
    }

    /// The kinds of the origin, if what was read is all of it.
    pub(super) fn kinds(&mut self, state: OriginState) -> Result<OriginKinds, TooLarge> {
        let OriginState::Scheme(host, state) = state else {
            return Ok(OriginKinds::default());
        };
        let properties = self.scheme.matches(state)?;
        let is = |one| {
            properties
                .iter()
                .any(|number| SchemeProperty::ALL.get(*number) == Some(&one))
        };
        let mut numbers = properties
            .iter()
            .filter_map(|number| SchemeProperty::ALL.get(*number));
        let default_port = numbers.find_map(|each| match each {
            SchemeProperty::DefaultPort(port) => Some(*port),
            _ => None,
        });
        let is_web = is(SchemeProperty::Web);
        let any = is(SchemeProperty::Shape) && !is(SchemeProperty::Opaque) && !(is_web && host.dot);
        let beyond = any && !host.loopback;
        Ok(OriginKinds {
            any,
            web: beyond && is_web && !host.private,
            custom: beyond && !is_web,
            insecure: beyond && is(SchemeProperty::PlainHttp),
            default_port,
        })
    }

    /// A byte class: all bytes of one class lead to the same state, from any state.
    pub(super) fn class_of(&self, byte: u8) -> (u8, u8) {
        (self.host.class_of(byte), self.scheme.class_of(byte))
    }
}

fn whole(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

/// An IPv6 address in canonical form, except that the wrong run of zeros may be left out: which one is the longest cannot
/// be said in a pattern of reasonable size.
fn ipv6() -> String {
    const GROUP: &str = "(?:0|[1-9a-f][0-9a-f]{0,3})";
    let all = format!("{GROUP}(?::{GROUP}){{7}}");
    // `::` stands for at least two groups.
    let shortened = (0..=6).map(|after: usize| {
        let before = match 6 - after {
            0 => String::new(),
            most => format!("(?:{GROUP}(?::{GROUP}){{0,{}}})?", most - 1),
        };
        let after = match after {
            0 => String::new(),
            count => format!("{GROUP}(?::{GROUP}){{{}}}", count - 1),
        };
        format!("{before}::{after}")
    });
    let shortened: Vec<String> = shortened.collect();
    format!("{all}|{}", shortened.join("|"))
}

/// Something that can be true of a host. Each is a pattern of one automaton, so that one pass finds all that are true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HostProperty {
    /// It consists of labels, or is an IPv6 address.
    Shape,
    /// It ends in a number, so that it must be an IPv4 address.
    Number,
    Ipv4,
    Loopback,
    Private,
    /// A dot, and nothing else.
    Dot,
}

impl HostProperty {
    /// In the order of the automaton's patterns.
    const ALL: [Self; 6] = [
        Self::Shape,
        Self::Number,
        Self::Ipv4,
        Self::Loopback,
        Self::Private,
        Self::Dot,
    ];

    fn pattern(self) -> String {
        const LABEL: &str = "[a-z0-9_-]+";
        const NUMBER: &str = "(?:[0-9]+|0x[0-9a-f]*)";
        const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        const PORT: &str = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
        let host = match self {
            // A dot at the end belongs to the host. A number with it is not an address, and so not a host.
            Self::Shape => format!(r"{LABEL}(?:\.{LABEL})*\.?|\.|\[(?:{})\]", ipv6()),
            Self::Number => format!(r"(?:.*\.)?{NUMBER}\.?"),
            Self::Ipv4 => format!(r"{OCTET}(?:\.{OCTET}){{3}}"),
            Self::Loopback => format!(r"(?:.*\.)?localhost\.?|127(?:\.{OCTET}){{3}}|\[::1\]"),
            // RFC 1918, and RFC 4193 for IPv6.
            Self::Private => format!(
                r"10(?:\.{OCTET}){{3}}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.{OCTET}){{2}}|192\.168(?:\.{OCTET}){{2}}|\[f[cd][0-9a-f]{{2}}:.*\]"
            ),
            Self::Dot => r"\.".to_owned(),
        };
        match self {
            Self::Shape => format!("(?:{host})(?::{PORT})?"),
            _ => format!("(?:{host})(?::[0-9]+)?"),
        }
    }
}

/// Something that can be true of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SchemeProperty {
    /// It consists of the characters of a scheme.
    Shape,
    /// Browsers serialize its origins as `null`.
    Opaque,
    Web,
    PlainHttp,
    /// Its default port is this one.
    DefaultPort(u16),
}

impl SchemeProperty {
    /// In the order of the automaton's patterns.
    const ALL: [Self; 7] = [
        Self::Shape,
        Self::Opaque,
        Self::Web,
        Self::PlainHttp,
        Self::DefaultPort(21),
        Self::DefaultPort(80),
        Self::DefaultPort(443),
    ];

    fn pattern(self) -> String {
        match self {
            Self::Shape => "[a-z][a-z0-9+.-]*".to_owned(),
            Self::Opaque => "file".to_owned(),
            Self::Web => fetch_standard::DEFAULT_PORTS
                .map(|(scheme, _)| scheme)
                .join("|"),
            Self::PlainHttp => "http".to_owned(),
            Self::DefaultPort(port) => {
                let schemes = fetch_standard::DEFAULT_PORTS.into_iter();
                let schemes = schemes.filter(|(_, default)| *default == port);
                let schemes: Vec<&str> = schemes.map(|(scheme, _)| scheme).collect();
                schemes.join("|")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The automaton is kept from regex to regex. If its states did not all fit, a verdict would depend on which regexes were
    /// checked before.
    #[test]
    fn all_states_of_the_automaton_fit() {
        let mut automaton = OriginAutomaton::new().expect("an automaton");
        let start = automaton.start().expect("a start");
        let mut seen = HashSet::from([start]);
        let mut queue = vec![start];
        while let Some(state) = queue.pop() {
            automaton.kinds(state).expect("room");
            for byte in 0x20..0x7f {
                let next = automaton.next(state, byte).expect("room");
                queue.extend(next.filter(|next| seen.insert(*next)));
            }
        }
        assert!(seen.len() > 400, "{}", seen.len());
    }
}
