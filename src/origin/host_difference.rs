//! How an origin differs from an entry, what that costs, and how it is worded.

use super::{difference::Difference, entry::Pattern, grammar::is_loopback};
use crate::quote::Quoted;

pub(super) const WWW: &str = "www.";

/// How the host of an origin differs from that of an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HostDifference {
    Same,
    /// The host of a `*.` entry itself.
    Apex,
    Www,
    Loopback,
    /// Below the host of the entry, which has no `*.`.
    Below,
    /// The host of the entry is below it.
    Above,
    TopLevel,
    Letters,
    /// It begins like the host of the entry, and belongs to somebody else.
    BeginsAlike,
    /// It ends like the host of the entry, in the middle of a label.
    EndsAlike,
}

/// The cost of the difference between an origin and what an entry admits, if it is less than `most`.
///
/// A cost says how unlikely it is that the author meant this origin by this entry; the entry with the lowest cost is shown.
///
/// | difference | cost |
/// | --- | --- |
/// | port; `http` for `https`; the host of a `*.` entry itself | 1 |
/// | `www.`; another name of the same machine | 2 |
/// | another scheme; a host above or below that of the entry | 3 |
/// | one or two wrong letters | 4 or 5 |
/// | another top-level domain | 5 |
/// | another host that only begins or ends like that of the entry | 5 |
///
/// An edit distance over the whole text would not do. By that, `https://a.example:3000` is nearer to `https://b.example:3000`
/// than to `https://a.example`, but it is the port that was forgotten.
///
/// `most` is the lowest cost so far. With it, the slow comparison of letters is left out for most entries, which matters in a
/// list of a million.
pub(super) fn cost(
    origin: &Pattern<'_>,
    entry: &Pattern<'_>,
    most: usize,
) -> Option<(usize, HostDifference)> {
    let scheme = match (origin.scheme, entry.scheme) {
        (has, wanted) if has == wanted => 0,
        ("http" | "https", "http" | "https") => 1,
        _ => 3,
    };
    let port = usize::from(!is_port_covered(origin, entry));
    let rest = most.checked_sub(scheme + port).filter(|rest| *rest > 0)?;
    let (host, how) = host_cost(origin.host, entry, rest)?;
    let cost = scheme + port + host;
    // A cost of 0 means that the entry admits the origin, or would if the labels before its host or the port were well formed.
    (cost > 0 && cost < most).then_some((cost, how))
}

pub(super) fn is_port_covered(origin: &Pattern<'_>, entry: &Pattern<'_>) -> bool {
    entry.has_any_port() || origin.port == entry.port
}

fn host_cost(origin: &str, entry: &Pattern<'_>, most: usize) -> Option<(usize, HostDifference)> {
    let is_below = |host: &str, of: &str| {
        host.strip_suffix(of)
            .is_some_and(|labels| labels.ends_with('.'))
    };
    let is = |cost, how| Some((cost, how));
    let host = entry.host;
    if entry.subdomains {
        if is_below(origin, host) {
            return is(0, HostDifference::Same);
        }
        if origin == host {
            return is(1, HostDifference::Apex);
        }
        // Compare as many of the last labels as the entry has.
        let labels = host.split('.').count();
        let dot = origin.rmatch_indices('.').nth(labels.checked_sub(1)?);
        let last_labels = dot.and_then(|(dot, _)| origin.get(dot + 1..));
        let letters = last_labels.and_then(|last| letters_between(last, host, most));
        return match letters {
            Some(letters) => is(3 + letters, HostDifference::Letters),
            None => is(5, likeness(origin, entry)?),
        };
    }
    if origin == host {
        return is(0, HostDifference::Same);
    }
    if origin.strip_prefix(WWW) == Some(host) || host.strip_prefix(WWW) == Some(origin) {
        return is(2, HostDifference::Www);
    }
    if is_loopback(origin) && is_loopback(host) {
        return is(2, HostDifference::Loopback);
    }
    if is_below(origin, host) {
        return is(3, HostDifference::Below);
    }
    // A single label such as `com` is above half of the web, and says nothing.
    if origin.contains('.') && is_below(host, origin) {
        return is(3, HostDifference::Above);
    }
    if let Some(letters) = letters_between(origin, host, most) {
        return is(3 + letters, HostDifference::Letters);
    }
    if let Some(alike) = likeness(origin, entry) {
        return is(5, alike);
    }
    let before_last = |host: &'_ str| host.rsplit_once('.').map(|(before, _)| before.len());
    let same = before_last(origin).filter(|length| Some(*length) == before_last(host))?;
    (origin.get(..same) == host.get(..same)).then_some((5, HostDifference::TopLevel))
}

/// Whether another host begins or ends like that of an entry, as attackers choose theirs.
fn likeness(origin: &str, entry: &Pattern<'_>) -> Option<HostDifference> {
    let begins = |origin: &str| {
        let rest = origin.strip_prefix(entry.host);
        rest.is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    // A single label such as `app` says nothing.
    let is_telling = entry.host.contains('.') || is_loopback(entry.host);
    if !is_telling || origin.len() <= entry.host.len() {
        None
    } else if origin.ends_with(entry.host) {
        Some(HostDifference::EndsAlike)
    } else if begins(origin)
        || entry.subdomains
            && (origin.match_indices('.')).any(|(dot, _)| origin.get(dot + 1..).is_some_and(begins))
    {
        Some(HostDifference::BeginsAlike)
    } else {
        None
    }
}

/// How many letters are wrong, if it is one or two of five or more.
///
/// The common start and end are removed first, so that the quadratic comparison sees only the part that differs.
fn letters_between(one: &str, other: &str, most: usize) -> Option<usize> {
    /// Two wrong letters are mostly close together. If a longer part differs, the letters are not compared, so that the search
    /// of a million entries ends soon.
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

impl HostDifference {
    /// The difference, and how the sentence names it. `None` if the hosts do not differ.
    pub(super) fn words(
        self,
        origin: &Pattern<'_>,
        entry: &Pattern<'_>,
    ) -> Option<(Difference, String)> {
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
            Self::BeginsAlike => (
                Difference::LookAlike,
                format!("{has} is another host, which only begins like {wanted}"),
            ),
            Self::EndsAlike => (
                Difference::LookAlike,
                format!("{has} is another host, which only ends like {wanted}"),
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

/// Says that a `*.` entry does not cover the host itself.
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
            "{} does not cover {} itself",
            Quoted(entry.as_bytes()),
            Quoted(origin.as_bytes())
        )
    } else {
        format!(
            "only subdomains of {} are covered",
            Quoted(origin.host.as_bytes())
        )
    }
}
