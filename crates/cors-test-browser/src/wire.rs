//! What a browser talks to: servers over sockets, by plain HTTP/1.1.
//!
//! By the connection of hyper's client, and not by a client on top of it: those normalize what they are given, follow
//! redirects or keep cookies behind one's back.

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
    headers::Headers,
    server::{Received, Sent, Server},
};

/// Servers over sockets, for a [`Browser`](crate::Browser) to talk to by plain HTTP/1.1.
///
/// Without more, `http://127.0.0.1:8080/…` goes to that address and port, and `localhost` and its subdomains to
/// 127.0.0.1. [`at`](Self::at) says where the server of an origin really is, so that a test can talk of
/// `https://api.example.com`: the server is then asked without TLS, as by the proxy in front of it.
///
/// ```no_run
/// use cors_test_browser::{Browser, Fetch, Wire};
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
    addresses: Vec<(String, Vec<SocketAddr>)>,
    patience: Option<Duration>,
}

impl Wire {
    /// Sockets at the addresses that the URLs name.
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
            Err(error) => panic!("the address of {origin:?} is not one: {error}"),
        };
        self.addresses
            .insert(0, (url.origin().ascii_serialization(), addresses));
        self
    }

    /// How long an answer may take; ten seconds if it is not called. What takes longer is
    /// [`Blocked::Network`](crate::Blocked::Network).
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
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
        let request = request(sent)?;
        let stream = TokioIo::new(self.connect(&sent.url).await?);
        let failed = |error: hyper::Error| with_causes(&error);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(failed)?;
        let answer = pin!(async {
            let response = sender.send_request(request).await?;
            received(response, sent.wants_body).await
        });
        // The connection is read and written as long as the answer is waited for, and then dropped: one exchange on each
        // is all that is wanted.
        match select(answer, pin!(connection)).await {
            Either::Left((answer, _)) => answer,
            Either::Right((_, answer)) => answer.await,
        }
        .map_err(failed)
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

/// The request, its body included, as it is sent: nothing is added to it but how the body ends.
fn request(sent: &Sent) -> Result<Request<BoxBody<Bytes, Infallible>>, String> {
    let target = sent.target();
    let cannot =
        |error: hyper::http::Error| format!("{} {target:?} cannot be sent: {error}", sent.method);
    let mut request = Request::builder()
        .method(sent.method.as_str())
        .uri(target.as_str());
    for (name, value) in sent.headers.iter() {
        request = request.header(name, value);
    }
    // An upgrade has one.
    if !sent.headers.contains("connection") {
        request = request.header("connection", "close");
    }
    let body = match &sent.body {
        None => Empty::new().boxed(),
        Some(body) if sent.headers.contains("content-length") => {
            Full::new(Bytes::from(body.clone())).boxed()
        }
        // A stream: in chunks, because its length is not known.
        Some(body) => {
            let frame = Frame::data(Bytes::from(body.clone()));
            BodyExt::boxed(StreamBody::new(stream::iter([Ok(frame)])))
        }
    };
    request.body(body).map_err(cannot)
}

async fn received(response: Response<Incoming>, wants_body: bool) -> hyper::Result<Received> {
    let status = response.status().as_u16();
    let mut headers = Headers::default();
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.as_bytes());
    }
    // The body of an upgrade is not one.
    let body = if wants_body && status != 101 {
        response.into_body().collect().await?.to_bytes().to_vec()
    } else {
        Vec::new()
    };
    Ok(Received {
        status,
        headers,
        body,
    })
}

/// The sentence of an error, and those of what caused it: the first one alone often says nothing.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
