//! The grammar of serialized origins, as an automaton.
//!
//! It is a little wider than the grammar, which would have many times as many states with lengths, default ports and all
//! that makes an IPv6 address canonical: an origin that is found is parsed before it is shown.

use regex_automata::hybrid::LazyStateID;

use super::reverse_dfa::{ReverseDfa, TooLarge};

/// Which of the origins that a regex matches are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// All.
    Any,
    /// Those of the web, on hosts beyond loopback and private ranges.
    Web,
    /// Those of other schemes, whose hosts are no domains, beyond loopback.
    Custom,
    /// Those of plain `http`, beyond loopback.
    Insecure,
}

/// A set of goals.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Goals {
    any: bool,
    web: bool,
    custom: bool,
    insecure: bool,
    default_port: Option<u16>,
}

impl Goals {
    /// The port that the origin cannot have because of its scheme.
    pub(super) fn default_port(self) -> Option<u16> {
        self.default_port
    }

    pub(super) fn has(self, goal: Goal) -> bool {
        match goal {
            Goal::Any => self.any,
            Goal::Web => self.web,
            Goal::Custom => self.custom,
            Goal::Insecure => self.insecure,
        }
    }
}

/// The automaton that origins are read by, from the last byte: one for host and port, one for the scheme.
pub(super) struct Grammar {
    host: ReverseDfa,
    scheme: ReverseDfa,
}

/// What a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Host {
    loopback: bool,
    private: bool,
    /// A dot alone, which schemes of the web cannot have.
    dot: bool,
}

/// How far an origin was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Host(LazyStateID),
    Slash(Host),
    Slashes(Host),
    Scheme(Host, LazyStateID),
}

impl Place {
    pub(super) fn is_scheme(self) -> bool {
        matches!(self, Self::Scheme(..))
    }
}

impl Grammar {
    pub(super) fn new() -> Result<Self, TooLarge> {
        Ok(Self {
            host: ReverseDfa::compile(&HostTrait::ALL.map(|each| whole(&each.pattern())))?,
            scheme: ReverseDfa::compile(&SchemeTrait::ALL.map(|each| whole(&each.pattern())))?,
        })
    }

    pub(super) fn start(&mut self) -> Result<Place, TooLarge> {
        Ok(Place::Host(self.host.start()?))
    }

    /// Where one more byte leads; `None` if no origin has it there.
    pub(super) fn next(&mut self, place: Place, byte: u8) -> Result<Option<Place>, TooLarge> {
        Ok(match (place, byte) {
            (Place::Host(state), b'/') => self.ended_host(state)?.map(Place::Slash),
            (Place::Host(state), _) => self.host.next(state, byte)?.map(Place::Host),
            (Place::Slash(host), b'/') => Some(Place::Slashes(host)),
            (Place::Slashes(host), b':') => Some(Place::Scheme(host, self.scheme.start()?)),
            (Place::Slash(_) | Place::Slashes(_), _) => None,
            (Place::Scheme(host, state), _) => {
                let next = self.scheme.next(state, byte)?;
                next.map(|state| Place::Scheme(host, state))
            }
        })
    }

    fn ended_host(&mut self, state: LazyStateID) -> Result<Option<Host>, TooLarge> {
        let traits = self.host.matches(state)?;
        let is = |one| {
            traits
                .iter()
                .any(|number| HostTrait::ALL.get(*number) == Some(&one))
        };
        let is_host = is(HostTrait::Shape) && (is(HostTrait::Ipv4) || !is(HostTrait::Number));
        Ok(is_host.then(|| Host {
            loopback: is(HostTrait::Loopback),
            private: is(HostTrait::Private),
            dot: is(HostTrait::Dot),
        }))
    }

    /// The goals that are reached if the origin begins here.
    pub(super) fn goals(&mut self, place: Place) -> Result<Goals, TooLarge> {
        let Place::Scheme(host, state) = place else {
            return Ok(Goals::default());
        };
        let traits = self.scheme.matches(state)?;
        let is = |one| {
            traits
                .iter()
                .any(|number| SchemeTrait::ALL.get(*number) == Some(&one))
        };
        let mut numbers = traits
            .iter()
            .filter_map(|number| SchemeTrait::ALL.get(*number));
        let default_port = numbers.find_map(|each| match each {
            SchemeTrait::DefaultPort(port) => Some(*port),
            _ => None,
        });
        let is_web = is(SchemeTrait::Web);
        let any = is(SchemeTrait::Shape) && !is(SchemeTrait::Opaque) && !(is_web && host.dot);
        let beyond = any && !host.loopback;
        Ok(Goals {
            any,
            web: beyond && is_web && !host.private,
            custom: beyond && !is_web,
            insecure: beyond && is(SchemeTrait::PlainHttp),
            default_port,
        })
    }

    /// Which bytes are treated alike everywhere.
    pub(super) fn class_of(&self, byte: u8) -> (u8, u8) {
        (self.host.class_of(byte), self.scheme.class_of(byte))
    }
}

fn whole(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

/// An IPv6 address: canonical, but for which of its zeros are left out.
fn ipv6() -> String {
    const GROUP: &str = "(?:0|[1-9a-f][0-9a-f]{0,3})";
    let all = format!("{GROUP}(?::{GROUP}){{7}}");
    // At least two groups are left out.
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

/// Something that a host may be, with or without a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HostTrait {
    /// A host, but for what the others say.
    Shape,
    /// It ends in a number, and so must be an IPv4 address.
    Number,
    Ipv4,
    Loopback,
    Private,
    /// A dot, and nothing else.
    Dot,
}

impl HostTrait {
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
            // A dot at the end belongs to the host. With it, a number is no address, and no host.
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

/// Something that a scheme may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SchemeTrait {
    /// A scheme, but for what the others say.
    Shape,
    /// Browsers serialize its origins as `null`.
    Opaque,
    Web,
    PlainHttp,
    /// It has this default port.
    DefaultPort(u16),
}

impl SchemeTrait {
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
            Self::Web => fetch_standard::SPECIAL_SCHEMES
                .map(|(scheme, _)| scheme)
                .join("|"),
            Self::PlainHttp => "http".to_owned(),
            Self::DefaultPort(port) => {
                let schemes = fetch_standard::SPECIAL_SCHEMES.into_iter();
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

    /// Which states were made before must not change a verdict, and so there is room for all.
    #[test]
    fn the_grammar_fits_as_a_whole() {
        let mut grammar = Grammar::new().expect("a grammar");
        let start = grammar.start().expect("a start");
        let mut seen = HashSet::from([start]);
        let mut queue = vec![start];
        while let Some(place) = queue.pop() {
            grammar.goals(place).expect("room");
            for byte in 0x20..0x7f {
                let next = grammar.next(place, byte).expect("room");
                queue.extend(next.filter(|next| seen.insert(*next)));
            }
        }
        assert!(seen.len() > 400, "{}", seen.len());
    }
}
