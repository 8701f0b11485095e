//! Requests to the playground that no page of its own sends.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// A policy like those that are typed.
const POLICY: &str = r#"{"text":"CORS_ALLOWED_ORIGINS=none"}"#;

/// Sends some: what is let through or refused by mistake.
pub fn call(port: u16) -> io::Result<Vec<String>> {
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
                "{path} at {host} from {origin}: {status}, not {wanted}"
            ));
        }
    }
    Ok(faults)
}

/// The status of the answer. A socket, because clients write paths their own way.
fn post(port: u16, path: &str, host: &str, origin: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
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
