//! The entry that one text means, with typing mistakes in what is nearly a URL.

use std::net::Ipv6Addr;

use super::{
    correct::corrected,
    surroundings::{bare, in_ascii},
};
use crate::{
    characters::is_number,
    origin::{entry::Entry, grammar::is_loopback, suffix::Suffix},
    placeholder::is_placeholder,
};

/// The longest text about which anything is guessed.
pub(super) const LONGEST: usize = 2048;

/// What `one` makes of each text. `None` if it makes nothing of one of them.
pub(crate) fn of_each<T: AsRef<str>>(
    texts: &[T],
    one: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for text in texts {
        all.push(one(text.as_ref())?);
    }
    Some(all)
}

/// The entry that one text means, if it means one.
pub(crate) fn one_entry(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    // `bare` removes the brackets of a template, so a placeholder is looked for before.
    let is_name = !text.contains("://") && is_placeholder(text);
    let text = bare(text);
    if is_name || is_placeholder(text) {
        return None;
    }
    let is_good = |entry: &String| {
        Entry::parse(entry).is_ok_and(|entry| entry.suffix() != Some(Suffix::Public))
    };
    if is_good(&text.to_owned()) {
        return Some(text.to_owned());
    }
    let text = without_slips(text);
    corrected(&text).map(of_page).filter(is_good)
}

/// The same of an origin at which a service is reached.
pub(crate) fn one_own_origin(text: &str) -> Option<String> {
    one_entry(text).filter(|entry| Entry::parse(entry).is_ok_and(|entry| entry.is_of_a_service()))
}

/// Without typing mistakes in what is nearly a URL.
fn without_slips(text: &str) -> String {
    let text = decoded(text);
    let text = with_plain_scheme(&text);
    let text = without_outer_scheme(&text);
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    format!("{scheme}://{}", with_plain_port(rest))
}

/// Without what other texts do to the signs of a URL: percent encoding, escaped slashes, full-width characters.
fn decoded(text: &str) -> String {
    const ENCODED: [(&str, &str); 6] = [
        ("%3A", ":"),
        ("%3a", ":"),
        ("%2F", "/"),
        ("%2f", "/"),
        (r"\\/", "/"),
        (r"\/", "/"),
    ];
    let is_encoded = text.contains("%2F%2F") || text.contains("%2f%2f") || text.contains(r"\/");
    let mut text = text.to_owned();
    if is_encoded {
        for (encoded, plain) in ENCODED {
            text = text.replace(encoded, plain);
        }
    }
    in_ascii(&text)
}

/// With `://` behind `http` or `https`, where other signs are: `https//`, `http;//`, `http:s//`.
fn with_plain_scheme(text: &str) -> String {
    let text = text.replace("://**.", "://*.");
    let is_scheme = text
        .get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    let Some(rest) = text.get(4..).filter(|_| is_scheme) else {
        return text;
    };
    let secure = rest.strip_prefix(['s', 'S']).or_else(|| {
        let rest = rest.strip_prefix(":s")?;
        rest.starts_with("//").then_some(rest)
    });
    let (scheme, rest) = match secure {
        Some(rest) => ("https", rest),
        None => ("http", rest),
    };
    let host = rest.trim_start_matches(|sign| ":;./\\ ".contains(sign));
    let signs = rest.strip_suffix(host).unwrap_or_default();
    // Dots at the end are of the host: `https:/.a.example`.
    let signs = signs.trim_end_matches('.');
    let host = rest.strip_prefix(signs).unwrap_or_default();
    // The second of two schemes.
    if signs == "://" {
        let inner = with_plain_scheme(host);
        return if inner == host { text } else { inner };
    }
    // What follows is of the host: `https://.a.example` has subdomains, `http://::1` is an address.
    let is_slip = match signs.strip_prefix("://") {
        Some(more) => more.bytes().all(|sign| b"/ ".contains(&sign)),
        // Two colons at the end are of an address: `https//::1`.
        None => signs.len() > 1 && signs.contains(['/', '\\']) && !signs.ends_with("::"),
    };
    match is_slip {
        true => format!("{scheme}://{host}"),
        false => text,
    }
}

/// Without a scheme that stands before another one.
fn without_outer_scheme(text: &str) -> &str {
    let is_scheme = |scheme: &str| {
        !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match text.split_once("://") {
        Some((outer, rest))
            if ["http", "https"].contains(&&*outer.to_ascii_lowercase())
                && rest
                    .split_once("://")
                    .is_some_and(|(inner, _)| is_scheme(inner)) =>
        {
            rest
        }
        _ => text,
    }
}

/// With one colon before one port, or `:*`.
fn with_plain_port(authority: &str) -> String {
    if authority.contains('[') || authority.parse::<Ipv6Addr>().is_ok() {
        return authority.to_owned();
    }
    let authority = authority.replace("::", ":");
    if let Some((host, port)) = authority.split_once(':') {
        if let Some((port, again)) = port.split_once(':')
            && port == again
        {
            return format!("{host}:{port}");
        }
        return match port.trim() {
            "**" | "any" | "all" | "x" => format!("{host}:*"),
            // A star after a loopback host means nothing.
            port if is_loopback(host.trim_end_matches('*')) => {
                format!("{}:{port}", host.trim_end_matches('*'))
            }
            port => format!("{host}:{port}"),
        };
    }
    // `localhost*`, `localhost.3000`, `localhost;3000`, `127.0.0.1.3000`: the names of this machine end somewhere.
    let of_this_machine = |separator: char| {
        let (host, port) = authority.rsplit_once(separator)?;
        let is_port = port.len() > 1 && is_number(port);
        (is_loopback(host) && is_port).then(|| format!("{host}:{port}"))
    };
    let any_port = || {
        let host = authority.strip_suffix('*')?;
        is_loopback(host).then(|| format!("{host}:*"))
    };
    any_port()
        .or_else(|| ['.', ';', ' '].into_iter().find_map(of_this_machine))
        .unwrap_or(authority)
}

/// The origin of the page from which a WebSocket is opened: no page has the scheme of the socket.
fn of_page(entry: String) -> String {
    match entry.split_once("://") {
        Some(("ws", rest)) => format!("http://{rest}"),
        Some(("wss", rest)) => format!("https://{rest}"),
        _ => entry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_corrected() {
        for (text, entry) in [
            ("https://https://a.example", "https://a.example"),
            ("https://https//a.example", "https://a.example"),
            ("https//a.example", "https://a.example"),
            ("https.//a.example", "https://a.example"),
            ("https//:a.example", "https://a.example"),
            ("http:s//a.example", "https://a.example"),
            ("HTTP:\\\\a.example", "http://a.example"),
            ("https://http.a.example", "https://http.a.example"),
            ("https://.a.example", "https://*.a.example"),
            ("http:// localhost:3000", "http://localhost:3000"),
            (r"https:\/\/a.example", "https://a.example"),
            ("https%3A%2F%2Fa.example%3A8443", "https://a.example:8443"),
            ("http：//localhost：３０００", "http://localhost:3000"),
            ("http://localhost::3000", "http://localhost:3000"),
            ("http://::1", "http://[::1]"),
            ("::1", "http://[::1]"),
            ("http://localhost:3000:3000", "http://localhost:3000"),
            ("http://localhost: 3000", "http://localhost:3000"),
            ("http://localhost:**", "http://localhost:*"),
            ("http://localhost:any", "http://localhost:*"),
            ("http://localhost*", "http://localhost:*"),
            ("http://localhost*:3000", "http://localhost:3000"),
            ("http://localhost.3000", "http://localhost:3000"),
            ("http://localhost;3000", "http://localhost:3000"),
            ("http://127.0.0.1.3000", "http://127.0.0.1:3000"),
            ("wss://a.example", "https://a.example"),
        ] {
            assert_eq!(one_entry(text).as_deref(), Some(entry), "{text}");
        }
        for text in ["https://a b", "<a>", "{{ .Values.a.b }}", "https://*.com"] {
            assert_eq!(one_entry(text), None, "{text}");
        }
    }
}
