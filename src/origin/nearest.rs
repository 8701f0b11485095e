//! What an origin that is denied nearly is: looked for only where somebody asks why, over the whole list.

use super::{
    allowlist::{Allowlist, Match},
    entry::{Entry, Pattern},
    grammar::{NULL, is_loopback},
    origin::Origin,
};
use crate::quote::Quoted;

/// In what a denied request differs from one that would be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// Another scheme, such as `http` where an entry has `https`.
    Scheme,
    /// Another host, by a letter or two.
    Host,
    /// Another port.
    Port,
    /// The host of an entry, with `www.` before it or without.
    Www,
    /// Another name of this machine, such as `127.0.0.1` where an entry has `localhost`.
    Loopback,
    /// Another last label, such as `.org` where an entry has `.com`.
    TopLevel,
    /// A host below that of an exact entry.
    Subdomain,
    /// A host above that of an entry: a label is missing.
    MissingSubdomain,
    /// The very host below which an entry admits others.
    Apex,
    /// `null`, which is not on the list.
    Opaque,
    /// Text that is no serialized origin, such as one with a path.
    Form,
    /// Letters in upper case.
    UpperCase,
    /// A slash at the end.
    TrailingSlash,
    /// No scheme before the host.
    MissingScheme,
    /// The default port, which browsers leave out.
    DefaultPort,
    /// Several origins in one header.
    Several,
    /// The policy allows no origin.
    NoOrigins,
    /// A method in another case than the one that is allowed.
    MethodCase,
    /// A method that is not among the allowed ones.
    Method,
    /// A header that is nearly one of the allowed ones.
    HeaderSpelling,
    /// A header that is not among the allowed ones.
    Header,
    /// `authorization`, which "any header" does not cover.
    Authorization,
    /// Credentials, which are not allowed.
    Credentials,
}

/// The part of a list that comes nearest to a denied origin, with a sentence.
#[derive(Debug)]
pub(crate) struct Near {
    pub(crate) differences: Vec<Difference>,
    /// An entry or a regex.
    pub(crate) part: Option<NearPart>,
    pub(crate) sentence: String,
}

/// By its number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NearPart {
    Entry(usize),
    Regex(usize),
}

impl Near {
    fn new(difference: Difference, part: Option<NearPart>, sentence: String) -> Self {
        Self {
            differences: vec![difference],
            part,
            sentence,
        }
    }
}

impl Allowlist {
    /// What a denied origin nearly is. It looks at every entry.
    pub(crate) fn nearest(&self, value: &[u8]) -> Option<Near> {
        if self.entries().iter().len() == 0 && self.regexes().is_empty() && self.predicates() == 0 {
            let sentence = "the policy allows no origin".to_owned();
            return Some(Near::new(Difference::NoOrigins, None, sentence));
        }
        let text = std::str::from_utf8(value).ok()?;
        if text.len() > Origin::MAX_LEN {
            return None;
        }
        if text == NULL {
            let sentence = "`null` is an opaque origin, such as that of a file or of a sandboxed frame, and needs an entry of its \
                            own: `null`"
                .to_owned();
            return Some(Near::new(Difference::Opaque, None, sentence));
        }
        match Origin::parse(text) {
            None => self.nearest_to_malformed(text),
            Some(origin) => {
                let entry = self.nearest_entry(origin);
                match entry {
                    Some((cost, near)) if cost <= CLEAR => Some(near),
                    entry => self
                        .nearest_regex(origin)
                        .or_else(|| entry.map(|(_, near)| near)),
                }
            }
        }
    }

    fn nearest_to_malformed(&self, text: &str) -> Option<Near> {
        if text.matches("://").count() > 1 {
            let sentence = "several origins are in one header, and a browser sends one".to_owned();
            return Some(Near::new(Difference::Several, None, sentence));
        }
        if text.starts_with("file:") {
            let sentence = "browsers send `null` as the origin of a file".to_owned();
            return Some(Near::new(Difference::Opaque, None, sentence));
        }
        let meant = Entry::corrected_origin(text)?;
        let (difference, what) = form(text, &meant);
        let found = self.admit_without_head(&meant);
        let part = found.and_then(|found| self.part(found, &meant));
        let verdict = if part.is_some() {
            "which is allowed"
        } else {
            "which is not allowed either"
        };
        let sentence = format!(
            "{} {what}; a browser sends {}, {verdict}",
            Quoted(text.as_bytes()),
            Quoted(meant.as_bytes())
        );
        Some(Near::new(difference, part, sentence))
    }

    fn part(&self, found: Match, origin: &str) -> Option<NearPart> {
        match found {
            Match::Entry(number) => Some(NearPart::Entry(number)),
            Match::Regex => self.regex_of(origin.as_bytes()).map(NearPart::Regex),
            Match::Predicate => None,
        }
    }

    /// The entry that differs least, the first of several, and how much it does.
    fn nearest_entry(&self, origin: Origin<'_>) -> Option<(usize, Near)> {
        let origin = Pattern::split(origin.as_str())?;
        let mut best: Option<(usize, usize, Pattern<'_>, Host)> = None;
        for (number, text) in self.entries().iter().enumerate() {
            let Some(entry) = Pattern::split(text) else {
                continue;
            };
            let most = best.map_or(FAR + 1, |(cost, ..)| cost);
            if let Some((cost, host)) = cost(&origin, &entry, most) {
                best = Some((cost, number, entry, host));
            }
        }
        let (cost, number, entry, host) = best?;
        let mut near = Near {
            differences: Vec::new(),
            part: Some(NearPart::Entry(number)),
            sentence: String::new(),
        };
        let mut parts = Vec::new();
        if origin.scheme != entry.scheme {
            near.differences.push(Difference::Scheme);
            parts.push(format!(
                "{} where the entry has {}",
                Quoted(origin.scheme.as_bytes()),
                Quoted(entry.scheme.as_bytes())
            ));
        }
        if let Some((difference, words)) = host.words(&origin, &entry) {
            near.differences.push(difference);
            parts.push(words);
        }
        if !is_port_covered(&origin, &entry) {
            near.differences.push(Difference::Port);
            parts.push(match (origin.port, entry.port) {
                (Some(has), Some(wanted)) => format!("port {has} where the entry has {wanted}"),
                (None, Some(wanted)) => {
                    format!("the default port where the entry has {wanted}")
                }
                (Some(has), None) => format!("port {has} where the entry has the default one"),
                (None, None) => String::new(),
            });
        }
        near.sentence = parts.join(", and ");
        Some((cost, near))
    }

    /// A regex that would admit the origin but for its scheme, its port or `www.`.
    fn nearest_regex(&self, origin: Origin<'_>) -> Option<Near> {
        if self.regexes().is_empty() {
            return None;
        }
        let (scheme, host) = (origin.scheme(), origin.host());
        let port = origin.port().map(|port| format!(":{port}"));
        let port = port.as_deref().unwrap_or_default();
        let find = |text: &str| {
            Origin::parse(text)?;
            self.regex_of(text.as_bytes()).map(NearPart::Regex)
        };
        let other_scheme = match scheme {
            "http" => "https",
            "https" => "http",
            _ => "",
        };
        if let Some(part) = find(&format!("{other_scheme}://{host}{port}")) {
            let sentence = format!("`{scheme}` where the regex admits `{other_scheme}`");
            return Some(Near::new(Difference::Scheme, Some(part), sentence));
        }
        if let Some(number) = origin.port()
            && let Some(part) = find(&format!("{scheme}://{host}"))
        {
            let sentence = format!("port {number} where the regex admits the default one");
            return Some(Near::new(Difference::Port, Some(part), sentence));
        }
        let (other_host, what) = match host.strip_prefix(WWW) {
            Some(bare) => (bare.to_owned(), "without `www.`"),
            None => (format!("{WWW}{host}"), "with `www.`"),
        };
        let part = find(&format!("{scheme}://{other_host}{port}"))?;
        let sentence = format!("the regex admits {} only {what}", Quoted(host.as_bytes()));
        Some(Near::new(Difference::Www, Some(part), sentence))
    }
}

const WWW: &str = "www.";

/// So little that nobody means anything else.
const CLEAR: usize = 3;

/// The most by which an entry may differ and still be told of.
const FAR: usize = 7;

/// How two hosts differ.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Host {
    Same,
    Apex,
    Www,
    Loopback,
    Below,
    Above,
    TopLevel,
    Letters,
}

/// How much an origin differs from what an entry admits, if by less than `most`.
fn cost(origin: &Pattern<'_>, entry: &Pattern<'_>, most: usize) -> Option<(usize, Host)> {
    let scheme = match (origin.scheme, entry.scheme) {
        (has, wanted) if has == wanted => 0,
        ("http" | "https", "http" | "https") => 1,
        _ => 3,
    };
    let port = usize::from(!is_port_covered(origin, entry));
    let rest = most.checked_sub(scheme + port).filter(|rest| *rest > 0)?;
    let (host, how) = host_cost(origin.host, entry, rest)?;
    let cost = scheme + port + host;
    // Nothing at all differs where the origin is admitted, or is not well formed where the entry leaves it open.
    (cost > 0 && cost < most).then_some((cost, how))
}

fn is_port_covered(origin: &Pattern<'_>, entry: &Pattern<'_>) -> bool {
    entry.has_any_port() || origin.port == entry.port
}

fn host_cost(origin: &str, entry: &Pattern<'_>, most: usize) -> Option<(usize, Host)> {
    let is_below = |host: &str, of: &str| {
        host.strip_suffix(of)
            .is_some_and(|labels| labels.ends_with('.'))
    };
    let is = |cost, how| Some((cost, how));
    let host = entry.host;
    if entry.subdomains {
        if is_below(origin, host) {
            return is(0, Host::Same);
        }
        if origin == host {
            return is(1, Host::Apex);
        }
        // As many of the last labels as the entry has.
        let labels = host.split('.').count();
        let start = origin.rmatch_indices('.').nth(labels.checked_sub(1)?)?.0 + 1;
        let letters = letters_between(origin.get(start..)?, host, most)?;
        return is(3 + letters, Host::Letters);
    }
    if origin == host {
        return is(0, Host::Same);
    }
    if origin.strip_prefix(WWW) == Some(host) || host.strip_prefix(WWW) == Some(origin) {
        return is(2, Host::Www);
    }
    if is_loopback(origin) && is_loopback(host) {
        return is(2, Host::Loopback);
    }
    if is_below(origin, host) {
        return is(3, Host::Below);
    }
    // A host of one label is above half of the web.
    if origin.contains('.') && is_below(host, origin) {
        return is(3, Host::Above);
    }
    if let Some(letters) = letters_between(origin, host, most) {
        return is(3 + letters, Host::Letters);
    }
    let before_last = |host: &'_ str| host.rsplit_once('.').map(|(before, _)| before.len());
    let same = before_last(origin).filter(|length| Some(*length) == before_last(host))?;
    (origin.get(..same) == host.get(..same)).then_some((5, Host::TopLevel))
}

/// How many letters are wrong, if it is one or two of many.
fn letters_between(one: &str, other: &str, most: usize) -> Option<usize> {
    /// A typo of two letters mostly is one place. What differs over a longer part is not looked at, so that a look at a
    /// million entries ends soon.
    const LONGEST: usize = 24;
    if most <= 4 || one.len().min(other.len()) < 5 || one.len().abs_diff(other.len()) > 2 {
        return None;
    }
    let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let before = same(&mut one.bytes().zip(other.bytes()));
    let (one, other) = (one.get(before..)?, other.get(before..)?);
    let after = same(&mut one.bytes().rev().zip(other.bytes().rev()));
    let one = one.get(..one.len() - after)?;
    let other = other.get(..other.len() - after)?;
    if one.len().max(other.len()) > LONGEST {
        return None;
    }
    let distance = strsim::osa_distance(one, other);
    (1..=2).contains(&distance).then_some(distance)
}

impl Host {
    fn words(self, origin: &Pattern<'_>, entry: &Pattern<'_>) -> Option<(Difference, String)> {
        let (has, wanted) = (
            Quoted(origin.host.as_bytes()),
            Quoted(entry.host.as_bytes()),
        );
        Some(match self {
            Self::Same => return None,
            Self::Apex => {
                let covered = covered_only_below(origin, entry);
                (Difference::Apex, covered)
            }
            Self::Www => (
                Difference::Www,
                format!("{has} where the entry has {wanted}"),
            ),
            Self::Loopback => (
                Difference::Loopback,
                format!("{has} where the entry has {wanted}, which are two origins to a browser"),
            ),
            Self::Below => (
                Difference::Subdomain,
                format!(
                    "{has} is below {wanted}, and an entry covers subdomains only if it has `*.`"
                ),
            ),
            Self::Above => {
                let missing = entry.host.strip_suffix(origin.host).unwrap_or_default();
                (
                    Difference::MissingSubdomain,
                    format!(
                        "{has} without the subdomain {} that the entry has",
                        Quoted(missing.trim_end_matches('.').as_bytes())
                    ),
                )
            }
            Self::TopLevel => (
                Difference::TopLevel,
                format!("{has} where the entry has {wanted}"),
            ),
            Self::Letters if entry.subdomains => (
                Difference::Host,
                format!("{has} where the entry has what is below {wanted}"),
            ),
            Self::Letters => (
                Difference::Host,
                format!("{has} where the entry has {wanted}"),
            ),
        })
    }
}

fn covered_only_below(origin: &Pattern<'_>, entry: &Pattern<'_>) -> String {
    let text = |pattern: &Pattern<'_>| {
        let star = if pattern.subdomains { "*." } else { "" };
        let port = pattern.port.map(|port| format!(":{port}"));
        format!(
            "{}://{star}{}{}",
            pattern.scheme,
            pattern.host,
            port.unwrap_or_default()
        )
    };
    if origin.scheme == entry.scheme && is_port_covered(origin, entry) {
        let (origin, entry) = (text(origin), text(entry));
        format!(
            "{} is covered by {} only below it",
            Quoted(origin.as_bytes()),
            Quoted(entry.as_bytes())
        )
    } else {
        format!(
            "{} is covered only below it",
            Quoted(origin.host.as_bytes())
        )
    }
}

/// In what a text is no serialized origin, when this one is meant.
fn form(text: &str, meant: &str) -> (Difference, &'static str) {
    let lower = text.to_ascii_lowercase();
    let Some((scheme, authority)) = text.split_once("://") else {
        return (Difference::MissingScheme, "has no scheme");
    };
    if lower == meant {
        return (Difference::UpperCase, "has upper case");
    }
    if text.strip_suffix('/') == Some(meant) {
        return (Difference::TrailingSlash, "has a slash at the end");
    }
    let default = fetch_standard::default_port(scheme).map(|port| format!(":{port}"));
    if default.is_some_and(|port| text.strip_suffix(&*port) == Some(meant)) {
        return (Difference::DefaultPort, "has the default port");
    }
    let what = if authority.contains(['/', '?', '#']) {
        "has more than scheme, host and port"
    } else {
        "is not in the form in which browsers write origins"
    };
    (Difference::Form, what)
}
