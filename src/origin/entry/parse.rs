//! How an entry is parsed: part by part, with the possible errors of each part and their fixes.

use super::{
    entry::Entry,
    pattern::{ANY_PORT, Pattern},
};
use crate::{
    characters::is_letter_or_digit,
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::{
        grammar::{
            MAX_HOST_LEN, MAX_LABEL_LEN, MAX_SCHEME_LEN, NULL, OPAQUE_SCHEME, ends_in_number,
            is_canonical_ipv6, is_host, is_scheme, parse_port,
        },
        origin::Origin,
    },
    settings,
};

impl<'a> Entry<'a> {
    /// Parses an entry, or returns the first rule that it breaks, from left to right.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Violation> {
        if text == NULL {
            return Ok(Self::Null);
        }
        if let Some(origin) = Origin::parse(text) {
            check_scheme_of_page(text, origin.scheme())?;
            check_punycode(text, origin.scheme(), origin.host())?;
            return Ok(Self::Exact(origin));
        }
        check_characters(text)?;
        let (scheme, authority) = text.split_once("://").ok_or_else(|| missing_scheme(text))?;
        check_scheme(text, scheme)?;
        check_scheme_of_page(text, scheme)?;
        check_end_of_origin(text, authority)?;
        let is_split = authority.contains('[') || authority.matches(':').count() <= 1;
        if !is_split && begins_with_name(authority) {
            let port = authority.split_once(':').map_or("", |(_, port)| port);
            return Err(Violation::new(
                Kind::Port,
                "origin must have one port at most",
                "write one colon, and one port after it",
            )
            .at(text, port));
        }
        let Some(pattern) = Pattern::split(text).filter(|_| is_split) else {
            return Err(malformed_ipv6().at(text, authority));
        };
        if let Some(port) = pattern.port {
            check_port(text, port, scheme)?;
        }
        check_host(text, pattern.host, pattern.subdomains)?;
        check_punycode(text, scheme, pattern.host)?;
        Ok(Self::Pattern(pattern))
    }
}

/// Whether there is a name before the first colon, and not a part of an IPv6 address.
fn begins_with_name(authority: &str) -> bool {
    let name = authority.split(':').next().unwrap_or_default();
    name.contains('.')
        || name
            .bytes()
            .any(|byte| matches!(byte, b'g'..=b'z' | b'-' | b'_' | b'*'))
}

/// Characters that no serialized origin has, and its length.
fn check_characters(text: &str) -> Result<(), Violation> {
    if text.is_empty() {
        return Err(Violation::new(
            Kind::Empty,
            "entry is empty",
            "remove it, or remove the extra separator",
        ));
    }
    if text == "*" {
        return Err(Violation::new(
            Kind::Wildcard,
            "`*` is not an origin",
            Fix::from("to allow any origin, ").and(Piece::SwitchOn(settings::ANY_ORIGIN)),
        ));
    }
    if text.eq_ignore_ascii_case("none") {
        return Err(Violation::new(
            Kind::Scheme,
            "`none` is not an origin",
            Fix::from("to deny every origin, ").and(Piece::SwitchOn(settings::NO_ORIGIN)),
        ));
    }
    if let Some(part) = first_run(text, &|character| character.is_ascii_control()) {
        let violation = Violation::new(
            Kind::WhiteSpace,
            "entry must not have control characters",
            "remove them",
        );
        return Err(violation.at(text, part));
    }
    if let Some(part) = first_run(text, &|character| !character.is_ascii())
        && let Some(character) = part.chars().next()
    {
        let fix = if character.is_alphanumeric() {
            "write an international domain in its punycode form, `xn--…`".to_owned()
        } else {
            // Often one that cannot be seen: a no-break space, a byte order mark.
            format!("remove the character U+{:04X}", u32::from(character))
        };
        return Err(Violation::new(Kind::NonAscii, "origin must be ASCII", fix).at(text, part));
    }
    if text.len() > Origin::MAX_LEN {
        return Err(Violation::new(
            Kind::Length,
            "origin must not be longer than 326 bytes",
            "no browser sends a longer one; remove it",
        ));
    }
    if let Some(part) = placeholder(text) {
        let violation = Violation::placeholder();
        return Err(violation.at(text, part));
    }
    if let Some(part) = first_run(text, &|character| character.is_ascii_uppercase()) {
        let violation = Violation::new(
            Kind::UpperCase,
            "origin must be in lower case",
            "write it in lower case, as browsers send it",
        );
        return Err(violation.at(text, part));
    }
    Ok(())
}

/// The first characters of a kind that follow each other.
fn first_run<'t>(text: &'t str, is_of_kind: &dyn Fn(char) -> bool) -> Option<&'t str> {
    let start = text.find(is_of_kind)?;
    let rest = text.get(start..)?;
    let end = rest.find(|character| !is_of_kind(character));
    rest.get(..end.unwrap_or(rest.len()))
}

/// Placeholders of a shell, an orchestrator or a template: `$HOST`, `${HOST}`, `$(HOST)`, `{{ host }}`. The first of
/// them.
fn placeholder(text: &str) -> Option<&str> {
    let mut dollars = text.match_indices('$');
    let dollar = dollars.find(|(at, _)| {
        let name = text.get(at + 1..).unwrap_or_default();
        name.starts_with(is_letter_or_digit) || name.starts_with(['_', '{', '('])
    });
    let at_end = text.len();
    let dollar = dollar.map_or(at_end, |(at, _)| at);
    let start = text.find("{{").unwrap_or(at_end).min(dollar);
    if start == at_end {
        return None;
    }
    let rest = text.get(start..)?;
    let brackets = [("${{", "}}"), ("{{", "}}"), ("${", "}"), ("$(", ")")];
    let bracket = brackets.iter().find(|(open, _)| rest.starts_with(open));
    let closed = bracket.and_then(|(_, close)| Some(rest.find(close)? + close.len()));
    let is_of_name =
        |character: char| character.is_ascii_alphanumeric() || "$_".contains(character);
    let end = closed.or_else(|| rest.find(|character| !is_of_name(character)));
    rest.get(..end.unwrap_or(rest.len()))
}

/// What to do about a text that is not nearly an origin.
pub(crate) const WRITE_ORIGIN: &str =
    "write scheme, host and port, such as `https://app.example.com`";

fn missing_scheme(text: &str) -> Violation {
    if text.starts_with("file:") {
        return opaque_scheme().spanning(Some(0..OPAQUE_SCHEME.len()));
    }
    let fix = if text.starts_with('/') {
        "write scheme, host and port, such as `https://app.example.com`, not a path"
    } else {
        WRITE_ORIGIN
    };
    Violation::new(Kind::Scheme, "origin must have a scheme", fix)
}

fn opaque_scheme() -> Violation {
    Violation::new(
        Kind::OpaqueScheme,
        "origins of files are opaque",
        "browsers send `null` for them; serve the page over http://localhost instead",
    )
}

fn check_scheme(text: &str, scheme: &str) -> Result<(), Violation> {
    let violation = if scheme == OPAQUE_SCHEME {
        opaque_scheme()
    } else if let Some(star) = first_run(scheme, &is_star) {
        let violation = Violation::new(
            Kind::Wildcard,
            "`*` must not stand in a scheme",
            "write an entry for each scheme",
        );
        return Err(violation.at(text, star));
    } else if scheme.len() > MAX_SCHEME_LEN {
        Violation::new(
            Kind::Scheme,
            "scheme must not be longer than 64 bytes",
            "no browser sends a longer one; remove it",
        )
    } else if !is_scheme(scheme) {
        Violation::new(
            Kind::Scheme,
            "scheme must be a letter and then letters, digits, `+`, `.` or `-`",
            "begin with `https://` or another scheme",
        )
    } else {
        return Ok(());
    };
    Err(violation.at(text, scheme))
}

/// The handshake of a WebSocket has the origin of its page, and no page uses FTP any more.
fn check_scheme_of_page(text: &str, scheme: &str) -> Result<(), Violation> {
    let fix = match scheme {
        "ws" | "wss" => "write the origin of the page, with `http` or `https`",
        "ftp" => "remove it: browsers do not show pages of `ftp`",
        _ => return Ok(()),
    };
    let rule = "no page has this scheme";
    Err(Violation::new(Kind::Scheme, rule, fix).at(text, scheme))
}

/// What people leave at either end of an origin when they copy a URL.
fn check_end_of_origin(text: &str, authority: &str) -> Result<(), Violation> {
    let (before, after) = match authority.find(['/', '\\', '?', '#']) {
        Some(end) => authority.split_at_checked(end).unwrap_or((authority, "")),
        None => (authority, ""),
    };
    if let Some(at) = before.rfind('@') {
        let user_info = before.get(..=at).unwrap_or_default();
        let violation = Violation::new(
            Kind::UserInfo,
            "origin must not have a user name or password",
            "remove the `@` and the text before it",
        );
        return Err(violation.at(text, user_info));
    }
    let (rule, fix) = match after.bytes().next() {
        None => return Ok(()),
        Some(b'?') => (
            "origin must not have a query",
            "end it after the host or port",
        ),
        Some(b'#') => (
            "origin must not have a fragment",
            "end it after the host or port",
        ),
        Some(_) => (
            "origin must not have a path",
            "end it after the host or port, without a slash",
        ),
    };
    Err(Violation::new(Kind::Path, rule, fix).at(text, after))
}

fn check_port(text: &str, port: &str, scheme: &str) -> Result<(), Violation> {
    if port == ANY_PORT {
        return Ok(());
    }
    if port.contains('*') {
        let violation = Violation::new(
            Kind::Wildcard,
            "`*` must be the whole port",
            "write `:*` for any port",
        );
        return Err(violation.at(text, port));
    }
    // The port is the end of the text. If the port must be removed, its colon must be too.
    let with_colon = text.get(text.len() - port.len() - 1..).unwrap_or(port);
    let Some(number) = parse_port(port) else {
        let violation = Violation::new(
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "correct it, or remove it with its colon",
        );
        let part = if port.is_empty() { with_colon } else { port };
        return Err(violation.at(text, part));
    };
    if fetch_standard::default_port(scheme) == Some(number) {
        let violation = Violation::new(
            Kind::DefaultPort,
            "origin must not have the default port of its scheme",
            "browsers leave it out; remove it with its colon",
        );
        return Err(violation.at(text, with_colon));
    }
    Ok(())
}

fn check_host(text: &str, host: &str, subdomains: bool) -> Result<(), Violation> {
    let wrong = |part: &str, rule: &'static str, fix: &'static str| {
        Err(Violation::new(Kind::Host, rule, fix).at(text, part))
    };
    if let Some(star) = first_run(host, &is_star) {
        let violation = Violation::new(
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "subdomains are written as in `https://*.example.com`; write an entry for each other host",
        );
        return Err(violation.at(text, star));
    }
    if host.starts_with('[') {
        return if subdomains {
            Err(no_subdomains_of_an_address(text))
        } else if is_canonical_ipv6(host) {
            Ok(())
        } else {
            Err(malformed_ipv6().at(text, host))
        };
    }
    if host.is_empty() {
        return wrong(host, "origin must have a host", "write it after `://`");
    }
    if host.ends_with('.') && !host.ends_with("..") {
        let dot = host.get(host.len() - 1..).unwrap_or_default();
        return wrong(
            dot,
            "host of a pattern must not end in a dot",
            "remove the dot: a host with it is another host, and needs its own entry",
        );
    }
    if host.split('.').any(str::is_empty) {
        let dots = match host.starts_with('.') {
            true => host.get(..1),
            false => host.find("..").and_then(|at| host.get(at..at + 2)),
        };
        return wrong(
            dots.unwrap_or_default(),
            "host must not have an empty label",
            "remove the extra dot",
        );
    }
    let is_of_host =
        |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    if let Some(part) = first_run(host, &|character| !is_of_host(character)) {
        return wrong(
            part,
            "host must be letters, digits, `-`, `_` and dots",
            "remove any other character",
        );
    }
    if let Some(label) = host.split('.').find(|label| label.len() > MAX_LABEL_LEN) {
        return wrong(
            label,
            "a label of the host must not be longer than 63 bytes",
            "no such name exists; correct it",
        );
    }
    // The host of a pattern must leave at least two bytes for one more label, "a.".
    if host.len() > MAX_HOST_LEN - if subdomains { 2 } else { 0 } {
        return wrong(
            host,
            "host must not be longer than 253 bytes",
            "no such name exists; correct it",
        );
    }
    if !is_host(host) {
        let violation = Violation::new(
            Kind::IpAddress,
            "a host that ends in a number must be an IPv4 address of four decimal numbers",
            "write it as in `127.0.0.1`",
        );
        return Err(violation.at(text, host));
    }
    if subdomains && ends_in_number(host) {
        return Err(no_subdomains_of_an_address(text));
    }
    Ok(())
}

/// Labels that begin with `xn--` must be punycode. It is not checked in requests, where a wrong label does no harm.
fn check_punycode(text: &str, scheme: &str, host: &str) -> Result<(), Violation> {
    let mut encoded = host.split('.').filter(|label| label.starts_with("xn--"));
    // Asked of a million hosts: in one pass without a branch, many bytes at a time.
    let bytes = host.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let may_be = pairs.fold(false, |found, (one, next)| {
        found | ((*one == b'-') & (*next == b'-'))
    });
    if !may_be || encoded.clone().next().is_none() || fetch_standard::default_port(scheme).is_none()
    {
        return Ok(());
    }
    let is_canonical = |host: &str| matches!(url::Host::parse(host), Ok(url::Host::Domain(domain)) if domain == host);
    if is_canonical(host) {
        return Ok(());
    }
    let violation = Violation::new(
        Kind::Host,
        "a label that begins with `xn--` must be punycode",
        "no browser reads this host as punycode; correct it",
    );
    let label = encoded.find(|label| !is_canonical(label));
    Err(violation.at(text, label.unwrap_or(host)))
}

fn is_star(character: char) -> bool {
    character == '*'
}

fn no_subdomains_of_an_address(text: &str) -> Violation {
    let star = text.find("*.");
    Violation::new(
        Kind::Wildcard,
        "an IP address has no subdomains",
        "remove the `*.`",
    )
    .spanning(star.map(|at| at..at + 2))
}

fn malformed_ipv6() -> Violation {
    Violation::new(
        Kind::IpAddress,
        "an IPv6 address must be in its canonical form",
        "write it as browsers do, in brackets, compressed and in hexadecimal, as in `[::1]`",
    )
}
