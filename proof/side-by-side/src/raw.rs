//! Requests that no page sends, written to a socket byte by byte, and what came back.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

/// The response header by which a handler says that it ran.
pub const HANDLER: &str = "x-handler";

/// The status and the headers of a response.
#[derive(Clone, Debug)]
pub struct Head {
    pub status: u16,
    /// Each line, with the name in lower case.
    pub headers: Vec<(String, String)>,
}

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends a request to a URL such as `http://name.localhost:8080/path`; each host is loopback.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)]) -> Result<Head, String> {
    let rest = url.strip_prefix("http://").ok_or("not a plain URL")?;
    let (host, path) = rest.split_once('/').ok_or("a URL without a path")?;
    let (_, port) = host.rsplit_once(':').ok_or("a URL without a port")?;
    let port: u16 = port.parse().map_err(|_| "not a port")?;
    let mut lines = format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        lines.push_str(&format!("{name}: {value}\r\n"));
    }
    if matches!(method, "POST" | "PUT") {
        lines.push_str("Content-Length: 0\r\n");
    }
    lines.push_str("\r\n");
    let exchange = || {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.write_all(lines.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = exchange().map_err(|error| format!("{method} {url}: {error}"))?;
    let text = String::from_utf8_lossy(&bytes);
    parse(&text).ok_or_else(|| format!("{method} {url}: not a response: {text:?}"))
}

fn parse(text: &str) -> Option<Head> {
    let (head, _) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    Some(Head {
        status,
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
    })
}

impl Head {
    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known == name)
    }

    /// The value of each line of a header.
    pub fn lines(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(known, _)| known == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    /// Whether an origin is permitted, if only in words.
    pub fn is_permitted(&self) -> bool {
        self.has("access-control-allow-origin")
    }

    /// Whether `Vary` names `Origin`.
    pub fn varies_on_origin(&self) -> bool {
        let names = self.lines("vary");
        let mut names = names.iter().flat_map(|line| line.split(','));
        names.any(|name| name.trim().eq_ignore_ascii_case("origin"))
    }
}
