//! The entry or regex that is nearest to a denied origin.
//!
//! It compares with every entry, so it runs only where someone asks why a request was denied, never to decide one.

use super::{
    allowlist::{Allowlist, Match},
    difference::Difference,
    entry::{Entry, Pattern},
    grammar::NULL,
    host_difference::{HostDifference, WWW, cost, is_port_covered},
    origin::Origin,
};
use crate::quote::Quoted;

/// What is nearest to a denied origin, and a sentence that says how they differ.
#[derive(Debug)]
pub(crate) struct Near {
    pub(crate) differences: Vec<Difference>,
    /// An entry or a regex.
    pub(crate) part: Option<NearPart>,
    pub(crate) sentence: String,
}

/// An entry or a regex, by its number.
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

/// Up to this cost, an entry is certainly what was meant, and regexes are not tried.
const CLEAR: usize = 3;

/// Above this cost, an entry is not mentioned: it would only mislead.
const FAR: usize = 7;

impl Allowlist {
    /// What is nearest to a denied origin. It compares with every entry.
    pub(crate) fn nearest(&self, value: &[u8]) -> Option<Near> {
        if self.entries().is_empty() && self.regexes().is_empty() && self.predicates() == 0 {
            let sentence = "the policy allows no origin".to_owned();
            return Some(Near::new(Difference::NoOrigins, None, sentence));
        }
        let text = std::str::from_utf8(value).ok()?;
        if text.len() > Origin::MAX_LEN {
            return None;
        }
        if text == NULL {
            let sentence = "`null` is an opaque origin, such as that of a file or of a sandboxed frame, and needs its own \
                            entry: `null`"
                .to_owned();
            return Some(Near::new(Difference::Opaque, None, sentence));
        }
        match Origin::parse(text) {
            None => self.nearest_to_malformed(text),
            Some(origin) => {
                if let Some(near) = self.nearest_by_end_dot(origin) {
                    return Some(near);
                }
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
            let sentence =
                "there are several origins in one header, but a browser sends one".to_owned();
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

    /// The entry or regex that admits the host with a dot at its end, or without one.
    fn nearest_by_end_dot(&self, origin: Origin<'_>) -> Option<Near> {
        let host = origin.host();
        let (other, what) = match host.strip_suffix('.') {
            Some("") => return None,
            Some(bare) => (bare.to_owned(), "has no dot at the end"),
            None => (format!("{host}."), "has a dot at the end"),
        };
        let port = origin.port().map(|port| format!(":{port}"));
        let meant = format!("{}://{other}{}", origin.scheme(), port.unwrap_or_default());
        let found = self.admit_without_head(&meant)?;
        let part = self.part(found, &meant);
        let kind = match part {
            Some(NearPart::Regex(_)) => "regex",
            _ => "entry",
        };
        let sentence = format!(
            "{} where the host of the {kind} {what}",
            Quoted(host.as_bytes())
        );
        Some(Near::new(Difference::EndDot, part, sentence))
    }

    fn part(&self, found: Match, origin: &str) -> Option<NearPart> {
        match found {
            Match::Entry(number) => Some(NearPart::Entry(number)),
            Match::Regex => self.regex_of(origin.as_bytes()).map(NearPart::Regex),
            Match::Predicate => None,
            #[cfg(feature = "lookup")]
            Match::Lookup => None,
        }
    }

    /// The entry that differs least, the first of several, and the cost of the difference.
    fn nearest_entry(&self, origin: Origin<'_>) -> Option<(usize, Near)> {
        let origin = Pattern::split(origin.as_str())?;
        let mut best: Option<(usize, usize, Pattern<'_>, HostDifference)> = None;
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

    /// A regex that would admit the origin with another scheme, without its port, or with or without `www.`.
    ///
    /// Not by distance: what a regex nearly matches is not defined. So the mistakes that people make are undone one by one, and
    /// each result is matched.
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
        let other_host = match host.strip_prefix(WWW) {
            Some(bare) => bare.to_owned(),
            None => format!("{WWW}{host}"),
        };
        let part = find(&format!("{scheme}://{other_host}{port}"))?;
        let sentence = format!(
            "{} where the regex admits {}",
            Quoted(host.as_bytes()),
            Quoted(other_host.as_bytes())
        );
        Some(Near::new(Difference::Www, Some(part), sentence))
    }
}

/// Why a text is not a serialized origin, if another one is meant.
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
