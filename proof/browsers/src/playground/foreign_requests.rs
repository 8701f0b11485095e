//! Requests to the playground that its own page never sends.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(10);

/// A policy in the format of the page.
const POLICY: &str = r#"{"text":"CORS_ALLOWED_ORIGINS=none"}"#;

/// Sends such requests. Returns a text for each one that gets the wrong status.
pub fn send(port: u16) -> io::Result<Vec<String>> {
    let (own, foreign) = (&*format!("localhost:{port}"), "evil.example");
    let (same, other) = (&*format!("http://{own}"), "http://evil.example");
    let long = &*format!(r#"{{"text":"{}"}}"#, "#".repeat(8 * 1024));
    let mut faults = Vec::new();
    for (path, host, origin, body, wanted) in [
        ("/control/policy", own, same, POLICY, "200"),
        ("/control/policy", own, same, long, "413"),
        ("/control/policy", own, other, POLICY, "403"),
        ("/%63ontrol/policy", own, other, POLICY, "403"),
        ("/control%2Fpolicy", own, other, POLICY, "404"),
        ("/%63ontrol/nothing", own, other, POLICY, "403"),
        ("//control/policy", own, other, POLICY, "404"),
        ("/control/policy", foreign, same, POLICY, "403"),
        ("/%63ontrol/policy", foreign, same, POLICY, "403"),
    ] {
        let status = post(port, path, host, origin, body)?;
        if status != wanted {
            faults.push(format!(
                "{path} at {host} from {origin}: status {status}, expected {wanted}"
            ));
        }
    }
    Ok(faults)
}

/// Sends a request and returns the status of the response. It uses a bare socket, because HTTP clients normalize paths.
fn post(port: u16, path: &str, host: &str, origin: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.split(' ').nth(1).unwrap_or_default().to_owned())
}
