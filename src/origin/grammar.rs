//! The grammar of serialized origins, part by part.

use std::{fmt, net::Ipv4Addr};

/// How an opaque origin is serialized.
pub(crate) const NULL: &str = "null";

/// The scheme whose origins browsers serialize as `null`.
pub(super) const OPAQUE_SCHEME: &str = "file";

pub(super) const MAX_SCHEME_LEN: usize = 64;
pub(super) const MAX_HOST_LEN: usize = 253;
pub(super) const MAX_LABEL_LEN: usize = 63;

/// Splits at `://`, and checks neither part.
pub(super) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    // Most origins have this scheme, and then there is no need to look for the colon.
    if let Some(authority) = text.strip_prefix("https://") {
        return Some(("https", authority));
    }
    let (scheme, rest) = text.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

pub(super) fn is_scheme(text: &str) -> bool {
    text.len() <= MAX_SCHEME_LEN
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'.' | b'-'))
}

/// Whether a scheme is one letter from `http` or `https`, and none that browsers know.
pub(super) fn is_misspelled_scheme(scheme: &str) -> bool {
    let is_near = |meant| strsim::osa_distance(scheme, meant) <= 1;
    // `httphttps`
    let is_repeated = || {
        let twice = ["httphttp", "httpshttp"];
        twice.iter().any(|twice| scheme.starts_with(twice))
    };
    !["https", "http"].contains(&scheme)
        && fetch_standard::default_port(scheme).is_none()
        && (is_near("http") || is_near("https") || is_repeated())
}

/// Splits `host[:port]` in two; the colons of an IPv6 address are inside its brackets. `None` if something other than
/// a port follows the bracket.
pub(super) fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if !authority.starts_with('[') {
        return Some(match split_at_byte(authority, b':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        });
    }
    let end = authority.find(']')? + 1;
    let (host, rest) = authority.split_at_checked(end)?;
    match rest {
        "" => Some((host, None)),
        _ => Some((host, Some(rest.strip_prefix(':')?))),
    }
}

/// Splits the domain from the start of a text, up to a colon or the end. It reads labels and dots in one pass, because
/// every origin for regexes or predicates is parsed here, and a million entries are. A dot at the end belongs to the domain:
/// browsers send it.
pub(super) fn split_domain(text: &str) -> Option<(&str, &str)> {
    let mut start = 0;
    let end = loop {
        let rest = text.as_bytes().get(start..)?;
        let is_of_label = |byte: &&u8| is_label_byte(**byte);
        let len = rest.iter().take_while(is_of_label).count();
        match (rest.get(len), len) {
            (Some(b'.'), 1..=MAX_LABEL_LEN) => start += len + 1,
            (None | Some(b':'), 1..=MAX_LABEL_LEN) => break start + len,
            // There is no label after a dot at the end. The one before it was checked.
            (None | Some(b':'), 0) if start > 0 => break start,
            _ => return None,
        }
    };
    (end <= MAX_HOST_LEN)
        .then(|| text.split_at_checked(end))
        .flatten()
}

/// `str::split_once` for an ASCII byte, in half the instructions for texts as short as hosts are.
pub(super) fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(byte, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

pub(super) fn is_host(text: &str) -> bool {
    if text.starts_with('[') {
        return is_canonical_ipv6(text);
    }
    is_domain(text) && is_no_number_or_address(text)
}

/// Whether a text is labels with dots between them, and none at the end.
pub(super) fn is_domain(text: &str) -> bool {
    split_domain(text).is_some_and(|(_, rest)| rest.is_empty()) && !text.ends_with('.')
}

/// Whether the URL standard does not treat a domain as an IPv4 address, or it is one in canonical form. A number with a
/// dot at the end is still a number, and such an address is never canonical.
pub(super) fn is_no_number_or_address(domain: &str) -> bool {
    !ends_in_number(without_end_dot(domain)) || domain.parse::<Ipv4Addr>().is_ok()
}

/// A host without the dot at its end, if it has one.
pub(super) fn without_end_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// `_`, and hyphens at the start and end, are permitted: the URL standard permits both, and browsers send them.
pub(super) fn is_label_byte(byte: u8) -> bool {
    LABEL_BYTES.get(usize::from(byte)) == Some(&true)
}

/// For each byte, whether a label may have it: one look instead of four comparisons.
static LABEL_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &mut [bool] = &mut table;
    let mut byte = 0_u8;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// Whether the URL standard treats a host as an IPv4 address (["ends in a
/// number"](https://url.spec.whatwg.org/#ends-in-a-number-checker)).
pub(super) fn ends_in_number(host: &str) -> bool {
    let last = host.as_bytes().rsplit(|byte| *byte == b'.').next();
    match last.unwrap_or_default() {
        [b'0', b'x', hex @ ..] => hex.iter().all(u8::is_ascii_hexdigit),
        [b'0'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether `text`, brackets included, is an IPv6 address exactly as the URL standard writes it. `std` writes some of
/// them differently (`::ffff:1.2.3.4`), so `url` parses and prints it, and the printed text is compared without being
/// stored.
pub(super) fn is_canonical_ipv6(text: &str) -> bool {
    struct Compare<'a>(&'a str);

    impl fmt::Write for Compare<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let Ok(host @ url::Host::Ipv6(_)) = url::Host::parse(text) else {
        return false;
    };
    let mut left = Compare(text);
    fmt::Write::write_fmt(&mut left, format_args!("{host}")).is_ok() && left.0.is_empty()
}

/// A port of 1 to 65535 without a leading zero.
pub(super) fn parse_port(digits: &str) -> Option<u16> {
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Whether a host is this machine: `localhost` and names below it ([RFC 6761, section
/// 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)), 127.0.0.0/8, `[::1]`.
pub(super) fn is_loopback(host: &str) -> bool {
    let name = without_end_dot(host);
    name == "localhost"
        || name.ends_with(".localhost")
        || host == "[::1]"
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The grammar, label by label.
    fn is_domain_by_labels(text: &str) -> bool {
        let is_label = |label: &str| {
            let is_of_label = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            };
            (1..=63).contains(&label.len()) && label.bytes().all(is_of_label)
        };
        text.len() <= 253
            && text
                .strip_suffix('.')
                .unwrap_or(text)
                .split('.')
                .all(is_label)
    }

    proptest! {
        #[test]
        fn a_domain_is_labels(text in prop_oneof!["[a-c0x_A.-]{0,8}(:[0-9:.]{0,3})?", "(a{60,64}[.]){1,5}", "[ -~]{0,6}", "\\PC{0,4}"]) {
            let domain = text.split(':').next().unwrap();
            let wanted = is_domain_by_labels(domain).then(|| text.split_at(domain.len()));
            prop_assert_eq!(split_domain(&text), wanted);
        }

        #[test]
        fn a_number_is_one_in_the_last_label(text in "([ax0-9]{0,2}[.]){0,2}(0x)?[0-9a-gx]{0,3}") {
            let last = text.rsplit('.').next().unwrap();
            let is_hex = last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
            prop_assert_eq!(ends_in_number(&text), is_hex || is_decimal);
        }
    }

    #[test]
    fn loopback_hosts_are_known() {
        for host in [
            "localhost",
            "a.localhost",
            "localhost.",
            "a.localhost.",
            "127.0.0.1",
            "127.255.0.9",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "xlocalhost",
            "localhost.example",
            "128.0.0.1",
            "[::2]",
            "10.0.0.1",
            "127.0.0.1.",
            "localhost..",
            ".",
            "",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
