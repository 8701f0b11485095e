//! Over real sockets, with credentials: no value that somebody hoped would pass for an allowed origin is echoed, none
//! adds a line to a response, and the server lives through all of them.

use std::time::Duration;

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder};

use crate::{
    hostile_origins::{TARGETS, hostile_origins},
    support::Server,
};

#[test]
fn hostile_origins_are_many_and_of_every_kind() {
    let all = hostile_origins();
    assert!(all.len() > 3_000, "{} values are many", all.len());
    for byte in (0..=0xff_u8).filter(|byte| !byte.is_ascii_alphanumeric()) {
        assert!(
            all.iter().any(|origin| origin.contains(&byte)),
            "{byte:#x} occurs"
        );
    }
    assert!(all.contains(&b""[..]));
    assert!(all.contains(&b"https://app.example.com.evil.example"[..]));
    assert!(all.contains(&b"https://evilexample.com"[..]));
    assert!(all.contains(&b"https://app.example.com%60.evil.example"[..]));
    assert!(all.contains(&b"https://app.example.com\r\norigin: https://evil.example"[..]));
    assert!(all.iter().any(|origin| origin.len() > 8_192));
    assert!(
        TARGETS
            .iter()
            .all(|target| !all.contains(target.as_bytes()))
    );
}

#[test]
fn exact_entries_admit_no_hostile_origin() {
    const ENTRIES: [&str; 6] = [
        "https://app.example.com",
        "https://admin.example.com:8443",
        "https://203.0.113.7",
        "https://[2001:db8::7]",
        "https://example.net",
        "http://localhost:3000",
    ];
    let builder = CorsPolicy::builder().allow_origins(ENTRIES);
    no_hostile_origin_passes(builder, 6, |origin| ENTRIES.contains(&origin));
}

#[test]
fn subdomain_entries_admit_no_hostile_origin() {
    let builder = CorsPolicy::builder().allow_origin("https://*.example.com");
    no_hostile_origin_passes(builder, 3, |origin| {
        let host = origin.strip_prefix("https://");
        let below = host.and_then(|host| host.strip_suffix(".example.com"));
        below.is_some_and(are_labels)
    });
}

#[test]
fn port_entries_admit_no_hostile_origin() {
    let builder =
        CorsPolicy::builder().allow_origins(["http://localhost:*", "https://*.example.com:*"]);
    no_hostile_origin_passes(builder, 6, |origin| {
        if let Some(port) = origin.strip_prefix("http://localhost") {
            return is_port(port, ":80");
        }
        let host = origin.strip_prefix("https://");
        host.and_then(|rest| rest.rsplit_once(".example.com"))
            .is_some_and(|(below, port)| are_labels(below) && is_port(port, ":443"))
    });
}

#[test]
fn regexes_admit_no_hostile_origin() {
    let builder = CorsPolicy::builder()
        .allow_origin_regex(r"https://[a-z0-9-]+\.example\.com")
        .allow_origin_regex(r"https://(app|admin)\.example\.com(:\d+)?");
    no_hostile_origin_passes(builder, 3, |origin| {
        let host = origin.strip_prefix("https://");
        host.and_then(|rest| rest.rsplit_once(".example.com"))
            .is_some_and(|(below, port)| match port {
                "" => are_labels(below) && !below.contains(['.', '_']),
                _ => ["app", "admin"].contains(&below) && is_port(port, ":443"),
            })
    });
}

/// One or more labels before a name of the length of `example.com`, none of them too long, nor all together.
fn are_labels(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte)
            })
    };
    text.split('.').all(is_label) && text.len() + ".example.com".len() <= 253
}

/// What follows a host: nothing, or a port as browsers write it.
fn is_port(text: &str, default: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or_default();
    let port: u16 = digits.parse().unwrap_or(0);
    text.is_empty() || text != default && port > 0 && digits == port.to_string()
}

/// The whole trial of a policy. `allows` says by hand which values it is to allow, and `targets` how many of those that
/// the hostile ones are made from.
fn no_hostile_origin_passes(builder: CorsPolicyBuilder, targets: usize, allows: fn(&str) -> bool) {
    // All six of the headers are configured, so that each could leak.
    let builder = builder
        .allow_credentials()
        .allow_methods(["PUT"])
        .allow_headers(["x-request"])
        .expose_headers(["x-response"])
        .max_age(Duration::from_secs(600));
    let server = Server::start(builder.build().expect("a policy"));
    let good: Vec<&[u8]> = TARGETS
        .iter()
        .filter(|origin| allows(origin))
        .map(|origin| origin.as_bytes())
        .collect();
    assert_eq!(good.len(), targets, "targets that the policy allows");

    let all = hostile_origins();
    let (legitimate, hostile): (Vec<&[u8]>, Vec<&[u8]>) = all
        .iter()
        .map(Vec::as_slice)
        .partition(|origin| is_legitimate(origin, allows));
    assert!(
        legitimate.len() * 20 < all.len(),
        "{} of {} values are not hostile",
        legitimate.len(),
        all.len()
    );

    let (refusable, taken): (Vec<&[u8]>, Vec<&[u8]>) = hostile
        .into_iter()
        .partition(|origin| may_be_refused(origin));
    for kind in [Kind::Actual, Kind::Preflight] {
        ask_in_batches(&server, kind, &taken, &good);
        ask_one_by_one(&server, kind, &refusable, &good);
    }

    // The targets are still allowed, and so is what is not hostile: the check takes nothing out for being lax itself. A
    // line break among these only ends the value early, and need not be taken.
    let mut connection = server.connect();
    for kind in [Kind::Actual, Kind::Preflight] {
        for origin in good.iter().chain(&legitimate) {
            if !may_be_refused(origin) {
                connection.write(&kind.request(origin));
                assert_allowed(&connection.read_head(), kind, origin);
            }
        }
    }
}

/// Whether these bytes after `origin: ` are a single `Origin` line, of a value that is to be allowed. A line ends with
/// LF, before which a CR does not count; white space around a value is not part of it (RFC 9110, section 5.5).
fn is_legitimate(origin: &[u8], allows: fn(&str) -> bool) -> bool {
    let Ok(text) = std::str::from_utf8(origin) else {
        return false;
    };
    let (value, others) = match text.split_once('\n') {
        Some((value, others)) => (value.strip_suffix('\r').unwrap_or(value), others),
        None => (text, ""),
    };
    let is_origin = |line: &str| line.to_ascii_lowercase().starts_with("origin");
    !others.lines().any(is_origin) && allows(value.trim_matches([' ', '\t']))
}

/// Whether a parser of HTTP may answer 400 and close the connection: control characters, line breaks among them.
fn may_be_refused(origin: &[u8]) -> bool {
    origin
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Actual,
    Preflight,
}

impl Kind {
    /// `Origin` comes last, so that a line break in it can end the head and nothing worse.
    fn request(self, origin: &[u8]) -> Vec<u8> {
        let head: &[u8] = match self {
            Self::Actual => b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: ",
            Self::Preflight => {
                b"OPTIONS / HTTP/1.1\r\nhost: 127.0.0.1\r\naccess-control-request-method: PUT\r\n\
                  access-control-request-headers: x-request\r\norigin: "
            }
        };
        [head, origin, b"\r\n\r\n"].concat()
    }

    /// A response's first line and its other lines sorted, but for those of an allowed origin.
    fn denied(self) -> [&'static str; 3] {
        match self {
            Self::Actual => ["HTTP/1.1 200 OK", "content-length: 0", "vary: Origin"],
            Self::Preflight => [
                "HTTP/1.1 403 Forbidden",
                "content-length: 0",
                "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ],
        }
    }
}

/// Many requests at once on one connection, a good one behind each batch: it is answered, and in its turn.
fn ask_in_batches(server: &Server, kind: Kind, origins: &[&[u8]], good: &[&[u8]]) {
    let mut connection = server.connect();
    for (batch, good) in origins.chunks(50).zip(good.iter().cycle()) {
        let requests = batch
            .iter()
            .chain([good])
            .map(|origin| kind.request(origin));
        connection.write(&requests.collect::<Vec<_>>().concat());
        for origin in batch {
            assert_eq!(
                lines(&connection.read_head()),
                kind.denied(),
                "{kind:?} of \"{}\"",
                origin.escape_ascii()
            );
        }
        assert_allowed(&connection.read_head(), kind, good);
    }
}

/// The same for those after which the connection may be closed.
fn ask_one_by_one(server: &Server, kind: Kind, origins: &[&[u8]], good: &[&[u8]]) {
    let mut connection = server.connect();
    for (batch, good) in origins.chunks(50).zip(good.iter().cycle()) {
        for origin in batch {
            connection.write(&kind.request(origin));
            let mut lines = lines(&connection.read_head());
            if lines.iter().any(|line| line.contains(" 400 ")) {
                // Said only if this was the first request of its connection, and done in any case.
                lines.retain(|line| line != "connection: close");
                assert_eq!(lines, ["HTTP/1.1 400 Bad Request", "content-length: 0"]);
                let closed = std::mem::replace(&mut connection, server.connect());
                assert_eq!(
                    closed.read_to_end(),
                    b"",
                    "after \"{}\"",
                    origin.escape_ascii()
                );
            } else {
                assert_eq!(
                    lines,
                    kind.denied(),
                    "{kind:?} of \"{}\"",
                    origin.escape_ascii()
                );
            }
        }
        connection.write(&kind.request(good));
        assert_allowed(&connection.read_head(), kind, good);
    }
}

fn assert_allowed(head: &[u8], kind: Kind, origin: &[u8]) {
    let origin = String::from_utf8_lossy(origin);
    let acao = format!("access-control-allow-origin: {}", origin.trim());
    let mut wanted = vec!["access-control-allow-credentials: true", acao.as_str()];
    let [_, length, vary] = kind.denied();
    match kind {
        Kind::Actual => wanted.extend([
            "HTTP/1.1 200 OK",
            "access-control-expose-headers: x-response",
            length,
            vary,
        ]),
        Kind::Preflight => wanted.extend([
            "HTTP/1.1 204 No Content",
            "access-control-allow-headers: x-request",
            "access-control-allow-methods: GET, HEAD, POST, PUT",
            "access-control-max-age: 600",
            vary,
        ]),
    }
    wanted.sort_unstable();
    assert_eq!(lines(head), wanted, "{kind:?} of \"{origin}\"");
}

/// The lines of a head as they came, but for the date: nothing is trimmed, joined or looked up by name, so that a line
/// too many cannot hide. They are sorted, because their order is that of a hash table of actix's.
fn lines(head: &[u8]) -> Vec<String> {
    let printable = |byte: &u8| matches!(byte, 0x20..0x7f);
    let mut lines: Vec<String> = head
        .strip_suffix(b"\r\n\r\n")
        .expect("the head is whole")
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .map(|line| {
            assert!(line.iter().all(printable), "{}", line.escape_ascii());
            String::from_utf8_lossy(line).into_owned()
        })
        .collect();
    lines.sort_unstable();
    let date = lines
        .iter()
        .position(|line| line.starts_with("date: "))
        .map(|at| lines.remove(at).len());
    assert_eq!(date, Some("date: Sun, 06 Nov 1994 08:49:37 GMT".len()));
    lines
}
