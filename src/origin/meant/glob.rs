//! Patterns that entries do not have, as regexes: stars and question marks inside of labels, ranges of addresses and of ports.

use std::net::Ipv4Addr;

use super::{
    number_range::{numbers_between, range},
    one_entry::of_each,
};
use crate::characters::{is_digit, is_number};

/// The regex for a glob, for a host and port after a scheme; `None` if it is no glob, or if its meaning is not clear.
///
/// A star in a label means one or more letters, digits or hyphens; alone as the first label, one or more labels; in a port, any
/// digits. A question mark means one such character. A star in an IPv4 address means one octet or, at its end, all missing ones.
pub(crate) fn as_regex(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let has_scheme = text.contains("://");
    let is_scheme = !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || b"+-.".contains(&byte));
    if !is_scheme {
        return None;
    }
    if let Some(range) = range_of_addresses(rest) {
        return Some(format!("{scheme}://{range}"));
    }
    let rest = rest
        .strip_suffix("/*")
        .or_else(|| rest.strip_suffix('/'))
        .unwrap_or(rest);
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) => (host, port_as_regex(port)?),
        None => (rest, String::new()),
    };
    if let Some(address) = address_as_regex(host) {
        return Some(format!("{scheme}://{address}{port}"));
    }
    let scheme = match host {
        _ if has_scheme => scheme,
        "localhost" => "http",
        // A name of one label may be anything.
        _ if host.contains('.') => "https",
        _ => return None,
    };
    let is_known =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.*?".contains(&byte);
    // An entry can say this.
    let below = host.strip_prefix("*.").unwrap_or(host);
    let of_entry = |byte: u8| byte == b':' || byte.is_ascii_digit();
    if !below.contains(['*', '?']) && (port == ANY_PORT || port.bytes().all(of_entry)) {
        return None;
    }
    // Without a name at the end, everything would be admitted.
    let (_, end) = host.rsplit_once('.').unwrap_or(("", host));
    if host.is_empty() || !host.bytes().all(is_known) || end.contains(['*', '?']) || end.is_empty()
    {
        return None;
    }
    let mut regex = format!("{scheme}://");
    let mut labels = host.split('.').peekable();
    let mut is_first = true;
    while let Some(label) = labels.next() {
        match label {
            "**" | "*" if is_first => regex.push_str("[a-z0-9.-]+"),
            "" => return None,
            _ => regex.push_str(&label_as_regex(label)),
        }
        is_first = false;
        if labels.peek().is_some() {
            regex.push_str("\\.");
        }
    }
    Some(regex + &port)
}

/// The port that an entry writes as `:*`.
const ANY_PORT: &str = "(:\\d+)?";

fn label_as_regex(label: &str) -> String {
    let mut regex = String::new();
    for character in label.chars() {
        match character {
            // Two stars in a row say no more than one.
            '*' if regex.ends_with("[a-z0-9-]+") => {}
            '*' => regex.push_str("[a-z0-9-]+"),
            '?' => regex.push_str("[a-z0-9-]"),
            other => regex.push(other),
        }
    }
    regex
}

/// `192.168.*`, `192.168.1.*`, `10.*.*.*`, `192.168.1.1-50`
fn address_as_regex(host: &str) -> Option<String> {
    let host = match is_begin_of_address(host) {
        true => format!("{host}*"),
        false => host.to_owned(),
    };
    let groups: Vec<&str> = host.split('.').collect();
    let is_star = |group: &str| matches!(group, "*" | "x" | "X");
    let is_number = |group: &str| group.parse::<u8>().is_ok();
    let missing = 4_usize.checked_sub(groups.len())?;
    let is_whole = missing == 0 || groups.last().is_some_and(|last| is_star(last));
    if !is_whole || !groups.first().is_some_and(|first| is_number(first)) {
        return None;
    }
    if groups.iter().all(|group| is_number(group)) {
        return None;
    }
    let as_regex = |group: &str| match range(group) {
        Some((from, to)) if to <= 255 => Some(numbers_between(from, to)),
        _ if is_star(group) => Some(ANY_GROUP.to_owned()),
        _ => is_number(group).then(|| group.to_owned()),
    };
    let regexes = of_each(&groups, &as_regex)?.join("\\.");
    Some(regexes + &format!("\\.{ANY_GROUP}").repeat(missing))
}

/// Any number of an address.
const ANY_GROUP: &str = "\\d{1,3}";

/// Whether an octet of an address is a range: `192.168.1.1-50`. This would be a valid name of a host, but nobody has it.
pub(super) fn is_range_of_addresses(host: &str) -> bool {
    host.contains('-') && address_as_regex(host).is_some()
}

/// `192.168.`: the first octets of an address.
pub(super) fn is_begin_of_address(host: &str) -> bool {
    let groups = host.strip_suffix('.').map(|host| host.split('.'));
    groups.is_some_and(|mut groups| {
        groups.clone().count() < 4 && groups.all(|group| group.parse::<u8>().is_ok())
    })
}

/// `192.168.0.0/16`, with any port if none is given, because a range names machines and not ports.
fn range_of_addresses(rest: &str) -> Option<String> {
    let (address, length) = rest.split_once('/')?;
    let (length, port) = match length.split_once(':') {
        Some((length, port)) => (length, port_as_regex(port)?),
        None => (length, ANY_PORT.to_owned()),
    };
    let address: Ipv4Addr = address.parse().ok()?;
    let length: usize = length
        .parse()
        .ok()
        .filter(|length| (8..=32).contains(length))?;
    let mut regex = String::new();
    for (index, octet) in address.octets().into_iter().enumerate() {
        let fixed = length.saturating_sub(index * 8).min(8);
        let dot = if index == 0 { "" } else { "\\." };
        regex.push_str(dot);
        match fixed {
            8 => regex.push_str(&octet.to_string()),
            0 => regex.push_str("\\d{1,3}"),
            _ => {
                let others = (1 << (8 - fixed)) - 1;
                let first = u32::from(octet) & !others;
                regex.push_str(&numbers_between(first, first + others));
            }
        }
    }
    Some(regex + &port)
}

/// `*`, `30*`, `300?`, `3000-3010`, `[3000-3010]`, or a port as it is, with its colon.
fn port_as_regex(port: &str) -> Option<String> {
    if port == "*" {
        return Some(ANY_PORT.to_owned());
    }
    if is_number(port) {
        return Some(format!(":{port}"));
    }
    if let Some((from, to)) = range(port.trim_matches(['[', ']', '(', ')', '{', '}'])) {
        return Some(format!(":{}", numbers_between(from, to)));
    }
    let is_glob = port.starts_with(is_digit)
        && port
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"*?xX".contains(&byte));
    if !is_glob {
        return None;
    }
    let mut regex = ":".to_owned();
    for character in port.chars() {
        match character {
            '*' => regex.push_str("\\d*"),
            '?' | 'x' | 'X' => regex.push_str("\\d"),
            digit => regex.push(digit),
        }
    }
    Some(regex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_become_regexes() {
        for (glob, regex) in [
            (
                "https://app?.example.com",
                Some(r"https://app[a-z0-9-]\.example\.com"),
            ),
            (
                "https://*mysite.netlify.app",
                Some(r"https://[a-z0-9-]+mysite\.netlify\.app"),
            ),
            (
                "https://app-*.example.com",
                Some(r"https://app-[a-z0-9-]+\.example\.com"),
            ),
            (
                "https://*.*.example.com",
                Some(r"https://[a-z0-9.-]+\.[a-z0-9-]+\.example\.com"),
            ),
            (
                "https://a.*.example.com:*",
                Some(r"https://a\.[a-z0-9-]+\.example\.com(:\d+)?"),
            ),
            (
                "http://192.168.*:3000",
                Some(r"http://192\.168\.\d{1,3}\.\d{1,3}:3000"),
            ),
            (
                "192.168.1.1-50:3000",
                Some(r"http://192\.168\.1\.([1-9]|[1-4]\d|50):3000"),
            ),
            (
                "http://172.16-31.*.*",
                Some(r"http://172\.(1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}"),
            ),
            ("http://192.168.1.5", None),
            ("192.168.1.*", Some(r"http://192\.168\.1\.\d{1,3}")),
            ("http://10.*", Some(r"http://10\.\d{1,3}\.\d{1,3}\.\d{1,3}")),
            (
                "192.168.0.0/16",
                Some(r"http://192\.168\.\d{1,3}\.\d{1,3}(:\d+)?"),
            ),
            (
                "http://172.16.0.0/12",
                Some(r"http://172\.(1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}(:\d+)?"),
            ),
            (
                "http://192.168.0.0/16:3000",
                Some(r"http://192\.168\.\d{1,3}\.\d{1,3}:3000"),
            ),
            ("10.1.4.0/23", Some(r"http://10\.1\.[45]\.\d{1,3}(:\d+)?")),
            (
                "10.0.0.0/10",
                Some(r"http://10\.(\d|[1-5]\d|6[0-3])\.\d{1,3}\.\d{1,3}(:\d+)?"),
            ),
            ("http://10.", Some(r"http://10\.\d{1,3}\.\d{1,3}\.\d{1,3}")),
            ("localhost:300*", Some(r"http://localhost:300\d*")),
            ("http://localhost:3xxx", Some(r"http://localhost:3\d\d\d")),
            ("http://localhost:30*", Some(r"http://localhost:30\d*")),
            ("http://localhost:300?", Some(r"http://localhost:300\d")),
            (
                "http://localhost:3000-3010",
                Some(r"http://localhost:(300\d|3010)"),
            ),
            (
                "http://localhost:[3000-3999]",
                Some(r"http://localhost:3\d\d\d"),
            ),
            ("https://example.*", None),
            ("https://*", None),
            ("https://App*.example", None),
            ("*", None),
        ] {
            assert_eq!(as_regex(glob).as_deref(), regex, "{glob}");
        }
    }
}
