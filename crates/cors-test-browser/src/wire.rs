//! The server as real servers over sockets, by plain HTTP/1.1.
//!
//! This uses a bare connection of hyper. HTTP clients with more features normalize requests, follow redirects or keep
//! cookies, and all of that is the task of the browser here.

use std::{
    convert::Infallible,
    error::Error,
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs},
    pin::pin,
    time::Duration,
};

use futures_util::{
    future::{Either, select},
    stream,
};
use http_body_util::{BodyExt, Empty, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Request, Response,
    body::{Bytes, Frame, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};
use url::{Host, Url};

use crate::{
    header_list::HeaderList,
    server::{ReceivedResponse, SentRequest, Server},
};

/// How long a response may take if [`Wire::timeout`] is not called.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// Servers over sockets, to which a [`Browser`](crate::Browser) sends requests by plain HTTP/1.1.
///
/// By default, a request goes to the host and port of its URL, such as `http://127.0.0.1:8080/`; `localhost` and its
/// subdomains are 127.0.0.1. TLS is not supported.
///
/// [`resolve`](Self::resolve) sets the address for an origin. So a test can use URLs such as `https://api.example.com`
/// although the server listens elsewhere and without TLS, like a server behind a proxy that terminates TLS.
///
/// # Examples
///
/// ```no_run
/// use cors_test_browser::{Browser, Fetch, Wire};
///
/// # async fn example() {
/// let mut browser = Browser::at("https://app.example.com");
/// let wire = Wire::new().resolve("https://api.example.com", "127.0.0.1:8080");
/// let response = browser.fetch(&wire, Fetch::get("https://api.example.com/items")).await;
/// assert!(response.readable());
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Wire {
    addresses: Vec<(String, Vec<SocketAddr>)>,
    timeout: Option<Duration>,
}

impl Wire {
    /// Requests go to the hosts and ports of their URLs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends all requests for `origin` to `address`, without TLS. If this is called more than once for an origin, the last
    /// call counts.
    ///
    /// # Panics
    ///
    /// If `origin` is not the origin of a URL, such as `https://api.example.com`, or if `address` is not an address with a
    /// port.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test should stop the test")]
    pub fn resolve(mut self, origin: &str, address: impl ToSocketAddrs) -> Self {
        let Ok(url) = Url::parse(origin) else {
            panic!("{origin:?} is not an origin such as \"https://api.example.com\"");
        };
        let addresses = match address.to_socket_addrs() {
            Ok(addresses) => addresses.collect(),
            Err(error) => {
                panic!("the address for {origin:?} is not an address with a port: {error}")
            }
        };
        self.addresses
            .insert(0, (url.origin().ascii_serialization(), addresses));
        self
    }

    /// Sets how long a request and its response may take, including the body of the response. If they take longer, the page
    /// gets [`Blocked::Network`](crate::Blocked::Network).
    ///
    /// The default is ten seconds. The limit counts for each exchange: a preflight and the actual request have it separately.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    async fn connect(&self, url: &Url) -> Result<TcpStream, String> {
        let origin = url.origin().ascii_serialization();
        let failed = |error: io::Error| format!("cannot connect to {origin}: {error}");
        if let Some((_, addresses)) = self.addresses.iter().find(|(known, _)| *known == origin) {
            return TcpStream::connect(addresses.as_slice())
                .await
                .map_err(failed);
        }
        if url.scheme() != "http" {
            return Err(format!(
                "TLS is not supported: set the address for {origin} with Wire::resolve"
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

    async fn exchange(&self, sent: &SentRequest) -> Result<ReceivedResponse, String> {
        let request = hyper_request(sent)?;
        let stream = TokioIo::new(self.connect(&sent.url).await?);
        let failed = |error: hyper::Error| with_causes(&error);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(failed)?;
        let response = pin!(async {
            let response = sender.send_request(request).await?;
            received_response(response, sent.reads_response_body).await
        });
        // The connection is a future that does the reading and writing, so it has to run while the response is awaited. It is
        // dropped afterward, because each connection serves a single exchange.
        match select(response, pin!(connection)).await {
            Either::Left((response, _)) => response,
            Either::Right((_, response)) => response.await,
        }
        .map_err(failed)
    }
}

impl Server for Wire {
    fn send(&self, sent: &SentRequest) -> impl Future<Output = Result<ReceivedResponse, String>> {
        let limit = self.timeout.unwrap_or(DEFAULT_TIMEOUT);
        async move {
            match timeout(limit, self.exchange(sent)).await {
                Ok(response) => response,
                Err(_) => Err(format!("no response within {limit:?}")),
            }
        }
    }
}

/// The request with its body, as hyper sends it. Only the framing of the body and `Connection` are added.
fn hyper_request(sent: &SentRequest) -> Result<Request<BoxBody<Bytes, Infallible>>, String> {
    let target = sent.target();
    let cannot =
        |error: hyper::http::Error| format!("cannot send {} {target:?}: {error}", sent.method);
    let mut request = Request::builder()
        .method(sent.method.as_str())
        .uri(target.as_str());
    for (name, value) in sent.headers.iter() {
        request = request.header(name, value);
    }
    // The handshake of a WebSocket has its own `Connection` header.
    if !sent.headers.contains("connection") {
        request = request.header("connection", "close");
    }
    let body = match &sent.body {
        None => Empty::new().boxed(),
        Some(body) if sent.headers.contains("content-length") => {
            Full::new(Bytes::from(body.clone())).boxed()
        }
        // A stream is sent in chunks, because a browser does not know its length.
        Some(body) => {
            let frame = Frame::data(Bytes::from(body.clone()));
            BodyExt::boxed(StreamBody::new(stream::iter([Ok(frame)])))
        }
    };
    request.body(body).map_err(cannot)
}

async fn received_response(
    response: Response<Incoming>,
    reads_response_body: bool,
) -> hyper::Result<ReceivedResponse> {
    let status = response.status().as_u16();
    let mut headers = HeaderList::default();
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.as_bytes());
    }
    // After an upgrade, the payload is the new protocol and not a response body.
    let body = if reads_response_body && status != 101 {
        response.into_body().collect().await?.to_bytes().to_vec()
    } else {
        Vec::new()
    };
    Ok(ReceivedResponse {
        status,
        headers,
        body,
    })
}

/// The message of an error, followed by those of its causes. The first message of hyper often says too little.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
