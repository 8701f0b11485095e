//! What a person probably meant by an entry that is refused.
//!
//! The `url` crate knows how browsers write hosts (punycode, IPv4, IPv6) and which ports they leave out. This module
//! knows only the usual mistakes of people. Each result is parsed as an entry before it is shown.

use std::net::Ipv6Addr;

use url::Url;

use crate::{
    characters::{has_behind, is_digit, is_number},
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::{
        entry::Entry,
        grammar::{NULL, is_label_byte, is_loopback, parse_port, split_port},
        suffix::Suffix,
    },
    placeholder::is_placeholder,
    settings,
};

impl Entry<'_> {
    /// The violation of a refused entry, with the corrected form as its fix if there is one.
    pub(crate) fn correct(text: &str, violation: Violation) -> Violation {
        let is_good = |entry: &Entry<'_>| entry.suffix() != Some(Suffix::Public);
        // The faults that a regex causes. The fixes of other faults also work for a regex.
        let may_be_regex = matches!(
            violation.kind,
            Kind::UpperCase
                | Kind::Scheme
                | Kind::Path
                | Kind::Host
                | Kind::Wildcard
                | Kind::Port
                | Kind::IpAddress
        );
        let needs_regex = may_be_regex && (is_like_regex(text) || has_star_in_label(text));
        match corrected_to(text, is_good) {
            None if needs_regex => violation
                .with_fix(Fix::from("use a regex: ").and(Piece::Named(settings::ORIGIN_REGEXES))),
            entry => with_suggestion(violation, entry),
        }
    }

    /// The entry that is meant by a text, if its only fault is that it is below a public suffix.
    pub(crate) fn meant_of_public_suffix(text: &str) -> Option<String> {
        corrected_to(text, |entry| entry.suffix() == Some(Suffix::Public))
    }

    /// The origin that a browser sends for a text that is not a serialized origin, if there is one.
    pub(crate) fn corrected_origin(text: &str) -> Option<String> {
        corrected_to(text, |entry| !matches!(entry, Entry::Pattern(_)))
    }

    /// The same for an own origin.
    pub(crate) fn correct_own(text: &str, violation: Violation) -> Violation {
        if !text.contains("://") && is_placeholder(text) {
            return Violation::placeholder();
        }
        let is_good = |entry: &Entry<'_>| entry.is_of_a_service();
        with_suggestion(violation, corrected_to(text, is_good))
    }
}

fn with_suggestion(violation: Violation, entry: Option<String>) -> Violation {
    match entry {
        Some(entry) => violation.with_fix(Fix::from("write ").and(Piece::Value(entry))),
        None => violation,
    }
}

fn corrected_to(text: &str, is_good: impl Fn(&Entry<'_>) -> bool) -> Option<String> {
    corrected(text)
        .filter(|entry| entry != text && Entry::parse(entry).is_ok_and(|entry| is_good(&entry)))
}

pub(super) fn corrected(text: &str) -> Option<String> {
    let mut text = unquoted(text);
    if let Some(list) = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        && list.contains("://")
    {
        text = unquoted(list);
    }
    // Several entries; and the URL parser would drop tabs and line breaks.
    if text.contains(|character: char| character.is_whitespace() || character.is_control())
        || text.matches("://").count() > 1
    {
        return None;
    }
    if text.eq_ignore_ascii_case(NULL) {
        return Some(NULL.to_owned());
    }
    let text = literal(text);
    if is_like_regex(&text) {
        return None;
    }
    let (scheme, rest) = split_scheme(&text)?;
    let has_scheme = text.contains("://");
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host_and_port = authority.rsplit('@').next()?;
    // Spring writes `:[*]`.
    let without_any = [":*", ":[*]", ":{*}", ":(*)", ":**"]
        .iter()
        .find_map(|any| host_and_port.strip_suffix(any));
    let (host_and_port, any_port) = match without_any {
        Some(rest) => (rest, ":*"),
        None => (host_and_port, ""),
    };
    let (below, subdomains) = split_subdomains(host_and_port)?;
    let host_and_port = match below.parse() {
        Ok(address) => ipv6_and_port(below, address)?,
        Err(_) => below.to_owned(),
    };
    // Addresses to listen at: what is meant is a page on the same machine.
    let host = split_port(&host_and_port)?.0;
    let host_and_port = match ["0.0.0.0", "[::]"].contains(&host) && !has_scheme {
        true => host_and_port.replacen(host, "localhost", 1),
        false => host_and_port,
    };
    let scheme = match scheme.as_str() {
        "" => scheme_of(&host_and_port)?,
        "http" | "https" => &scheme,
        // A handshake has the origin of its page.
        "ws" => "http",
        "wss" => "https",
        "ftp" => return None,
        // The URL standard does not change the host of other schemes.
        _ => return Some(format!("{scheme}://{}", authority.to_lowercase())),
    };
    let url = Url::parse(&format!("{scheme}://{host_and_port}")).ok()?;
    let host = url.host_str()?;
    let host = host.trim_end_matches('.');
    let subdomains = match url.host()? {
        url::Host::Domain(_) => subdomains,
        url::Host::Ipv4(_) => {
            // Browsers treat any number as an address. But without a scheme, it may be a port or a version.
            let written = split_port(&host_and_port)?.0;
            let is_whole = written.split('.').count() == 4;
            let is_meant = is_whole || (has_scheme && subdomains.is_empty());
            if !is_meant || is_range(rest) || has_octal_number(written) {
                return None;
            }
            ""
        }
        url::Host::Ipv6(_) => "",
    };
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    Some(format!("{scheme}://{subdomains}{host}{port}{any_port}"))
}

/// The text that a simple regex matches: the regex without anchors and escapes.
fn literal(text: &str) -> String {
    let text = text.strip_prefix('^').unwrap_or(text);
    let text = text.strip_suffix('$').unwrap_or(text);
    // Escaped twice in strings of other languages.
    text.replace(r"\\", r"\").replace(r"\.", ".")
}

/// Whether an entry has characters that only regexes have. Browsers treat a single backslash as a slash.
fn is_like_regex(text: &str) -> bool {
    // `\d` is a class, `\docs` a path.
    let is_escape = |rest: &str| {
        let mut characters = rest.chars();
        characters.next().is_some_and(|escaped| {
            let is_alone = !characters.next().is_some_and(char::is_alphanumeric);
            escaped == '.' || ("bdswBDSW".contains(escaped) && is_alone)
        })
    };
    // Text around an origin is not part of it.
    let inner = text.split_once("://").map_or("", |(_, rest)| rest);
    let is_class = |rest: &str| {
        let inside = rest.split(']').next().unwrap_or_default();
        inside.contains(['-', '^', '\\'])
    };
    text.starts_with('^')
        || inner.contains('(')
        || has_behind(inner, "[", &is_class)
        || has_behind(text, "\\", &is_escape)
}

/// Whether a star stands for a part of a label, which is not possible in an entry. At the end of a host and before a
/// complete name, it means something else.
fn has_star_in_label(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let Some((labels, _)) = host.rsplit_once('.') else {
        return false;
    };
    let is_part = |label: &str| {
        let rest = label.trim_start_matches('*');
        let before_name = rest.len() < label.len() && rest.starts_with(char::is_alphanumeric);
        let name = label.replace("*", "");
        let is_label = !name.is_empty() && name.bytes().all(is_label_byte);
        label.contains('*') && is_label && !before_name
    };
    labels.split('.').any(is_part)
}

/// The host, and `*.` if subdomains are meant, otherwise an empty text. `None` if a star is part of a label.
fn split_subdomains(host: &str) -> Option<(&str, &'static str)> {
    let below = match host.strip_prefix('*') {
        Some(below) => below,
        // As in the lists of other programs: `.example.com`.
        None if host.starts_with('.') => host,
        None => return Some((host, "")),
    };
    match below.strip_prefix('.') {
        Some(below) => Some((below, "*.")),
        None => below
            .starts_with(char::is_alphanumeric)
            .then_some((below, "*.")),
    }
}

/// An IPv6 address without its brackets. The text after its last colon may be a port; that is clear only for this
/// machine.
fn ipv6_and_port(text: &str, address: Ipv6Addr) -> Option<String> {
    let split = text
        .rsplit_once(':')
        .and_then(|(before, port)| Some((before.parse::<Ipv6Addr>().ok()?, parse_port(port)?)));
    match split {
        None => Some(format!("[{address}]")),
        Some((before, port)) => before.is_loopback().then(|| format!("[{before}]:{port}")),
    }
}

/// The scheme for a host without a scheme.
fn scheme_of(host_and_port: &str) -> Option<&'static str> {
    let (host, port) = split_port(host_and_port)?;
    let is_plain = is_loopback(&host.to_lowercase()) || port == Some("80");
    Some(if is_plain { "http" } else { "https" })
}

/// Whether an address has a number that begins with a zero. Browsers read it as octal, people do not: `010.0.0.1` is `8.0.0.1`,
/// which belongs to someone else.
fn has_octal_number(address: &str) -> bool {
    address
        .split('.')
        .any(|number| number.len() > 1 && number.starts_with('0') && is_number(number))
}

/// Whether an address is in CIDR notation.
fn is_range(rest: &str) -> bool {
    let length = rest.split_once('/').map(|(_, length)| length);
    // With or without a port.
    length.is_some_and(|length| {
        length.starts_with(is_digit)
            && length
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b':')
    })
}

/// Without the text around a copied value.
fn unquoted(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || "\"'`<>;,\u{feff}".contains(character)
    })
}

/// The scheme in lower case, or nothing if there is none, and what follows it.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    if let Some((scheme, rest)) = text.split_once("://") {
        return Some((scheme.to_ascii_lowercase(), rest));
    }
    // `https:a.example`, `https:/a.example`
    if let Some((scheme, rest)) = text.split_once(':')
        && ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
    {
        return Some((scheme.to_ascii_lowercase(), rest.trim_start_matches('/')));
    }
    let rest = text.strip_prefix("//").unwrap_or(text);
    if rest.parse::<Ipv6Addr>().is_ok() {
        return Some((String::new(), rest));
    }
    let is_named_at_first =
        rest.starts_with(|first: char| first.is_alphanumeric() || "*.[".contains(first));
    // A single word is rarely a host, unless it is this machine. A word with a colon is probably another scheme.
    let (host, port) = split_port(rest.split(['/', '?', '#']).next()?)?;
    let begins_with_digit = |port: &str| port.starts_with(is_digit);
    // `blob:*` is a source of a content security policy.
    let is_host = host.trim_end_matches('.').contains(['.', ':'])
        || host.eq_ignore_ascii_case("localhost")
        || port.is_some_and(begins_with_digit);
    let looks_like_host = is_named_at_first
        && is_host
        && port.is_none_or(|port| port == "*" || begins_with_digit(port));
    looks_like_host.then(|| (String::new(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_fault_stays() {
        let violation = Entry::parse("https://a.example/").unwrap_err();
        let corrected = Entry::correct("https://a.example/", violation);
        assert_eq!(corrected.kind, Kind::Path);
        assert_eq!(corrected.rule, "origin must not have a path");
    }
}
