//! What a browser talks to: servers over sockets, by plain HTTP/1.1.
//!
//! One exchange a connection is all that is wanted, so this is no client of its own crate: those bring a tree of crates
//! (TLS, HTTP/2, pools), normalize what they are given, and follow redirects or keep cookies behind one's back. The parser
//! of heads and chunk sizes is the one that actix-web uses.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs},
    time::Duration,
};

use actix_web::rt::{net::TcpStream, time::timeout};
use url::{Host, Url};

use super::{
    headers::Headers,
    server::{Received, Sent, Server},
};

/// Servers over sockets, for a [`Browser`](super::Browser) to talk to by plain HTTP/1.1.
///
/// Without more, `http://127.0.0.1:8080/…` goes to that address and port, and `localhost` and its subdomains to
/// 127.0.0.1. [`at`](Self::at) says where the server of an origin really is, so that a test can talk of
/// `https://api.example.com`: the server is then asked without TLS, as by the proxy in front of it.
///
/// ```no_run
/// use actix_cors_policy::browser::{Browser, Fetch, Wire};
///
/// # async fn example() {
/// let mut browser = Browser::at("https://app.example.com");
/// let wire = Wire::new().at("https://api.example.com", "127.0.0.1:8080");
/// let fetched = browser.fetch(&wire, Fetch::get("https://api.example.com/items")).await;
/// assert!(fetched.readable());
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Wire {
    places: Vec<(String, Vec<SocketAddr>)>,
    patience: Option<Duration>,
}

impl Wire {
    /// Sockets at the places that the URLs name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The server of an origin is at this address. The last word on an origin counts.
    ///
    /// # Panics
    ///
    /// If `origin` is not the origin of a URL, such as `https://api.example.com`, or `address` not an address and port.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that is not one should say so")]
    pub fn at(mut self, origin: &str, address: impl ToSocketAddrs) -> Self {
        let Ok(url) = Url::parse(origin) else {
            panic!("{origin:?} is not an origin such as \"https://api.example.com\"");
        };
        let addresses = match address.to_socket_addrs() {
            Ok(addresses) => addresses.collect(),
            Err(error) => panic!("the address of {origin:?} is none: {error}"),
        };
        self.places
            .insert(0, (url.origin().ascii_serialization(), addresses));
        self
    }

    /// How long an answer may take; ten seconds if it is not called. What takes longer is
    /// [`Blocked::Network`](super::Blocked::Network).
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    async fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let origin = url.origin().ascii_serialization();
        let failed = |error: io::Error| format!("cannot connect to {origin}: {error}");
        if let Some((_, addresses)) = self.places.iter().find(|(known, _)| *known == origin) {
            return TcpStream::connect(addresses.as_slice())
                .await
                .map_err(failed);
        }
        if url.scheme() != "http" {
            return Err(format!(
                "no TLS is spoken: say where {origin} is, by Wire::at"
            ));
        }
        let port = url.port_or_known_default().unwrap_or(80);
        match url.host() {
            Some(Host::Ipv4(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Ipv6(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Domain(host)) if host == "localhost" || host.ends_with(".localhost") => {
                TcpStream::connect((IpAddr::V4(Ipv4Addr::LOCALHOST), port)).await
            }
            Some(Host::Domain(host)) => TcpStream::connect((host, port)).await,
            None => return Err(format!("{url} has no host")),
        }
        .map_err(failed)
    }

    async fn exchange(&self, sent: &Sent) -> Result<Received, String> {
        let stream = self.connect(&sent.url).await?;
        let mut connection = Connection {
            stream,
            buffer: Vec::new(),
        };
        let failed = |error: io::Error| error.to_string();
        connection.write(&head(sent)).await.map_err(failed)?;
        connection.read(sent).await.map_err(failed)
    }
}

impl Server for Wire {
    fn answer(&self, sent: &Sent) -> impl Future<Output = Result<Received, String>> {
        let patience = self.patience.unwrap_or(Duration::from_secs(10));
        async move {
            match timeout(patience, self.exchange(sent)).await {
                Ok(answer) => answer,
                Err(_) => Err(format!("nothing came within {patience:?}")),
            }
        }
    }
}

/// The request, its body included.
fn head(sent: &Sent) -> Vec<u8> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", sent.method, sent.target()).into_bytes();
    for (name, value) in sent.headers.iter() {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    }
    // An upgrade has one.
    if !sent.headers.contains("connection") {
        bytes.extend_from_slice(b"connection: close\r\n");
    }
    match &sent.body {
        None => bytes.extend_from_slice(b"\r\n"),
        Some(body) if sent.headers.contains("content-length") => {
            bytes.extend_from_slice(b"\r\n");
            bytes.extend_from_slice(body);
        }
        // A stream, in one chunk.
        Some(body) => {
            bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            if !body.is_empty() {
                bytes.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
                bytes.extend_from_slice(body);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
    }
    bytes
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The final answer: informational ones before it are passed over.
    async fn read(&mut self, sent: &Sent) -> io::Result<Received> {
        loop {
            let mut received = self.read_head().await?;
            if (100..200).contains(&received.status) && received.status != 101 {
                continue;
            }
            let has_none = sent.method == "HEAD" || matches!(received.status, 101 | 204 | 304);
            if sent.wants_body && !has_none {
                received.body = self.read_body(&received.headers).await?;
            }
            return Ok(received);
        }
    }

    async fn read_head(&mut self) -> io::Result<Received> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; 128];
            let mut response = httparse::Response::new(&mut fields);
            match response.parse(&self.buffer).map_err(invalid)? {
                httparse::Status::Complete(length) => {
                    let mut headers = Headers::default();
                    for field in response.headers.iter() {
                        headers.append(field.name, field.value);
                    }
                    let status = response.code.unwrap_or_default();
                    self.buffer.drain(..length);
                    return Ok(Received {
                        status,
                        headers,
                        body: Vec::new(),
                    });
                }
                httparse::Status::Partial => self.need_more().await?,
            }
        }
    }

    /// [RFC 9112, section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    async fn read_body(&mut self, headers: &Headers) -> io::Result<Vec<u8>> {
        if headers
            .get("transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case(b"chunked"))
        {
            return self.read_chunks().await;
        }
        match headers.seconds("content-length") {
            Ok(Some(length)) => {
                let length = usize::try_from(length).map_err(invalid)?;
                self.take(length).await
            }
            Ok(None) => {
                while self.fill().await? {}
                Ok(std::mem::take(&mut self.buffer))
            }
            Err(_) => Err(invalid("Content-Length is no length")),
        }
    }

    async fn read_chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.buffer)
                .map_err(|_| invalid("the size of a chunk is none"))?
            {
                httparse::Status::Complete((start, size)) => {
                    self.take(start).await?;
                    let size = usize::try_from(size).map_err(invalid)?;
                    // What follows the last chunk is dropped with the connection.
                    if size == 0 {
                        return Ok(body);
                    }
                    body.extend(self.take(size).await?);
                    self.take(2).await?;
                }
                httparse::Status::Partial => self.need_more().await?,
            }
        }
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.need_more().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn need_more(&mut self) -> io::Result<()> {
        if self.fill().await? {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }

    /// Reads what has come; whether there may be more.
    async fn fill(&mut self) -> io::Result<bool> {
        loop {
            self.stream.readable().await?;
            // Not kept while it waits, so that the future stays small.
            let mut chunk = [0; 16_384];
            match self.stream.try_read(&mut chunk) {
                Ok(0) => return Ok(false),
                Ok(read) => {
                    self.buffer.extend(chunk.iter().take(read));
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
