//! How an entry is read: part by part, each with what can be wrong with it and what to do about that.

use super::{
    entry::Entry,
    pattern::{ANY_PORT, Pattern},
};
use crate::{
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
    /// Parses an entry, or says what is wrong with it: the first rule broken, in the order in which one reads.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Violation> {
        if text == NULL {
            return Ok(Self::Null);
        }
        if let Some(origin) = Origin::parse(text) {
            check_punycode(origin.scheme(), origin.host())?;
            return Ok(Self::Exact(origin));
        }
        check_characters(text)?;
        let (scheme, authority) = text.split_once("://").ok_or_else(|| missing_scheme(text))?;
        check_scheme(scheme)?;
        check_end_of_origin(authority)?;
        let pattern = Pattern::split(text).ok_or_else(malformed_ipv6)?;
        if !authority.contains('[') && authority.matches(':').count() > 1 {
            return Err(malformed_ipv6());
        }
        if let Some(port) = pattern.port {
            check_port(port, scheme)?;
        }
        check_host(pattern.host, pattern.subdomains)?;
        check_punycode(scheme, pattern.host)?;
        Ok(Self::Pattern(pattern))
    }
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
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Violation::new(
            Kind::WhiteSpace,
            "entry must not have control characters",
            "remove them",
        ));
    }
    if let Some(character) = text.chars().find(|character| !character.is_ascii()) {
        let fix = if character.is_alphanumeric() {
            "write an international domain in its punycode form, `xn--…`".to_owned()
        } else {
            // Often one that cannot be seen: a no-break space, a byte order mark.
            format!("remove the character U+{:04X}", u32::from(character))
        };
        return Err(Violation::new(Kind::NonAscii, "origin must be ASCII", fix));
    }
    if text.len() > Origin::MAX_LEN {
        return Err(Violation::new(
            Kind::Length,
            "origin must not be longer than 326 bytes",
            "no browser sends a longer one; remove it",
        ));
    }
    if has_placeholder(text) {
        return Err(Violation::new(
            Kind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        ));
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(Violation::new(
            Kind::UpperCase,
            "origin must be in lower case",
            "browsers send it in lower case; write it so",
        ));
    }
    Ok(())
}

/// What a shell, an orchestrator or a template would have replaced: `$HOST`, `${HOST}`, `$(HOST)`, `{{ host }}`.
fn has_placeholder(text: &str) -> bool {
    let begins_name = |next: char| next.is_ascii_alphabetic() || "_{(".contains(next);
    text.contains("{{")
        || text
            .split('$')
            .skip(1)
            .any(|rest| rest.starts_with(begins_name))
}

fn missing_scheme(text: &str) -> Violation {
    if text.starts_with("file:") {
        return opaque_scheme();
    }
    let fix = if text.starts_with('/') {
        "write scheme, host and port, such as `https://app.example.com`, not a path"
    } else {
        "begin with `https://` or another scheme"
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

fn check_scheme(scheme: &str) -> Result<(), Violation> {
    if scheme == OPAQUE_SCHEME {
        return Err(opaque_scheme());
    }
    if scheme.contains('*') {
        return Err(Violation::new(
            Kind::Wildcard,
            "`*` must not stand in a scheme",
            "write an entry for each scheme",
        ));
    }
    if scheme.len() > MAX_SCHEME_LEN {
        return Err(Violation::new(
            Kind::Scheme,
            "scheme must not be longer than 64 bytes",
            "no browser sends a longer one; remove it",
        ));
    }
    if !is_scheme(scheme) {
        return Err(Violation::new(
            Kind::Scheme,
            "scheme must be a letter and then letters, digits, `+`, `.` or `-`",
            "begin with `https://` or another scheme",
        ));
    }
    Ok(())
}

/// What people leave at either end of an origin when they copy a URL.
fn check_end_of_origin(authority: &str) -> Result<(), Violation> {
    let (before, after) = match authority.find(['/', '\\', '?', '#']) {
        Some(end) => authority.split_at_checked(end).unwrap_or((authority, "")),
        None => (authority, ""),
    };
    if before.contains('@') {
        return Err(Violation::new(
            Kind::UserInfo,
            "origin must not have a user name or password",
            "remove what stands before `@`, and the `@`",
        ));
    }
    match after.bytes().next() {
        None => Ok(()),
        Some(b'?') => Err(Violation::new(
            Kind::Path,
            "origin must not have a query",
            "end it after the host or port",
        )),
        Some(b'#') => Err(Violation::new(
            Kind::Path,
            "origin must not have a fragment",
            "end it after the host or port",
        )),
        Some(_) => Err(Violation::new(
            Kind::Path,
            "origin must not have a path",
            "end it after the host or port, without a slash",
        )),
    }
}

fn check_port(text: &str, scheme: &str) -> Result<(), Violation> {
    if text == ANY_PORT {
        return Ok(());
    }
    if text.contains('*') {
        return Err(Violation::new(
            Kind::Wildcard,
            "`*` must be the whole port",
            "write `:*` for any port",
        ));
    }
    let Some(port) = parse_port(text) else {
        return Err(Violation::new(
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "correct it, or leave it out with its colon",
        ));
    };
    if fetch_standard::default_port(scheme) == Some(port) {
        return Err(Violation::new(
            Kind::DefaultPort,
            "origin must not have the default port of its scheme",
            "browsers leave it out; remove it with its colon",
        ));
    }
    Ok(())
}

fn check_host(host: &str, subdomains: bool) -> Result<(), Violation> {
    if host.contains('*') {
        return Err(Violation::new(
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ));
    }
    if host.starts_with('[') {
        return if subdomains {
            Err(no_subdomains_of_an_address())
        } else if is_canonical_ipv6(host) {
            Ok(())
        } else {
            Err(malformed_ipv6())
        };
    }
    if host.is_empty() {
        return Err(Violation::new(
            Kind::Host,
            "origin must have a host",
            "write it after `://`",
        ));
    }
    if host.ends_with('.') {
        return Err(Violation::new(
            Kind::Host,
            "host of a pattern must not end in a dot",
            "remove the dot: a host with it is another one, and needs an entry of its own",
        ));
    }
    if host.split('.').any(str::is_empty) {
        return Err(Violation::new(
            Kind::Host,
            "host must not have an empty label",
            "remove the extra dot",
        ));
    }
    if !host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    {
        return Err(Violation::new(
            Kind::Host,
            "host must be letters, digits, `-`, `_` and dots",
            "remove any other character",
        ));
    }
    if host.split('.').any(|label| label.len() > MAX_LABEL_LEN) {
        return Err(Violation::new(
            Kind::Host,
            "a label of the host must not be longer than 63 bytes",
            "no such name exists; correct it",
        ));
    }
    // Below a pattern's host there is room for one more label at least, "a.".
    if host.len() > MAX_HOST_LEN - if subdomains { 2 } else { 0 } {
        return Err(Violation::new(
            Kind::Host,
            "host must not be longer than 253 bytes",
            "no such name exists; correct it",
        ));
    }
    if !is_host(host) {
        return Err(Violation::new(
            Kind::IpAddress,
            "a host that ends in a number must be an IPv4 address of four decimal numbers",
            "write it as in `127.0.0.1`",
        ));
    }
    if subdomains && ends_in_number(host) {
        return Err(no_subdomains_of_an_address());
    }
    Ok(())
}

/// Labels that say of themselves that they are punycode. A request is spared this: one that is none does no harm there.
fn check_punycode(scheme: &str, host: &str) -> Result<(), Violation> {
    let is_encoded = || host.split('.').any(|label| label.starts_with("xn--"));
    let may_be = host.as_bytes().windows(4).any(|four| four == b"xn--");
    if !may_be || !is_encoded() || fetch_standard::default_port(scheme).is_none() {
        return Ok(());
    }
    match url::Host::parse(host) {
        Ok(url::Host::Domain(domain)) if domain == host => Ok(()),
        _ => Err(Violation::new(
            Kind::Host,
            "a label that begins with `xn--` must be punycode",
            "no browser reads this host as punycode; correct it",
        )),
    }
}

fn no_subdomains_of_an_address() -> Violation {
    Violation::new(
        Kind::Wildcard,
        "an IP address has no subdomains",
        "remove the `*.`",
    )
}

fn malformed_ipv6() -> Violation {
    Violation::new(
        Kind::IpAddress,
        "an IPv6 address must be in its canonical form",
        "write it as browsers do, in brackets, compressed and in hexadecimal, as in `[::1]`",
    )
}
