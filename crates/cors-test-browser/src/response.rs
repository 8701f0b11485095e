//! What a page gets, and what was sent for it.

use crate::{
    blocked::Blocked,
    headers::{self, Headers},
    server::{Received, Sent},
};

/// What a page gets of a [`Fetch`](crate::Fetch): as much of the answer as it may read, or the reason why it gets none.
#[derive(Clone, Debug)]
pub struct Fetched {
    kind: Kind,
    blocked: Option<Blocked>,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    url: String,
    is_redirected: bool,
    exchanges: Vec<Exchange>,
}

/// A [response type](https://fetch.spec.whatwg.org/#concept-response-type), `response.type` to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Of the page's own origin: everything can be read but forbidden response headers.
    Basic,
    /// Of another origin, which allowed the page to read it.
    Cors,
    /// Of another origin in mode [`NoCors`](crate::Mode::NoCors): nothing can be read, not even the status.
    Opaque,
    /// A redirect that was not followed: nothing can be read.
    OpaqueRedirect,
    /// A network error: [`Fetched::blocked_by`] says why.
    Error,
}

/// A request that was sent, and what came back: what the network panel of a browser shows, and a page never sees.
#[derive(Clone, Debug)]
pub struct Exchange {
    method: String,
    url: String,
    sent: Vec<(String, String)>,
    status: Option<u16>,
    received: Vec<(String, String)>,
    is_preflight: bool,
}

impl Fetched {
    /// The [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response), by main fetch, step 14.
    pub(crate) fn filter(
        kind: Kind,
        response: Received,
        with_credentials: bool,
        url: String,
        is_redirected: bool,
    ) -> Self {
        let headers = match kind {
            Kind::Basic => response
                .headers
                .sorted(|name| !fetch_standard::is_forbidden_response_header(name)),
            Kind::Cors => readable_headers(&response.headers, with_credentials),
            Kind::Opaque | Kind::Error => return Self::nothing(kind),
            Kind::OpaqueRedirect => {
                return Self {
                    url,
                    ..Self::nothing(kind)
                };
            }
        };
        Self {
            status: response.status,
            headers,
            body: response.body,
            url,
            is_redirected,
            ..Self::nothing(kind)
        }
    }

    /// A [network error](https://fetch.spec.whatwg.org/#concept-network-error).
    pub(crate) fn error(blocked: Blocked) -> Self {
        Self {
            blocked: Some(blocked),
            ..Self::nothing(Kind::Error)
        }
    }

    pub(crate) fn after(self, exchanges: Vec<Exchange>) -> Self {
        Self { exchanges, ..self }
    }

    fn nothing(kind: Kind) -> Self {
        Self {
            kind,
            blocked: None,
            status: 0,
            headers: Vec::new(),
            body: Vec::new(),
            url: String::new(),
            is_redirected: false,
            exchanges: Vec::new(),
        }
    }

    /// Whether the page may read the answer: its status, its body, and some of its headers.
    ///
    /// An [opaque](Kind::Opaque) answer is not readable, and not blocked either.
    #[must_use]
    pub fn readable(&self) -> bool {
        matches!(self.kind, Kind::Basic | Kind::Cors)
    }

    /// Why the page got a network error, if it did.
    #[must_use]
    pub fn blocked_by(&self) -> Option<Blocked> {
        self.blocked.clone()
    }

    /// `response.type`.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// `response.status`: 0 where the page may not read it.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// `response.ok`: whether the status is one of 200–299.
    #[must_use]
    pub fn ok(&self) -> bool {
        fetch_standard::is_ok_status(self.status)
    }

    /// `response.headers.get(name)`: `None` if there is no such header or the page may not read it. Several lines of it
    /// are one, with commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// All headers that the page may read, by name in lower case, sorted.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.headers)
    }

    /// The bytes of the body; empty where the page may not read them.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// `response.text()`.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `response.url`: where redirects led, without the fragment; empty where the page may not read it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `response.redirected`.
    #[must_use]
    pub fn redirected(&self) -> bool {
        self.is_redirected
    }

    /// How many preflights were sent: more than one only after redirects.
    #[must_use]
    pub fn preflights(&self) -> usize {
        self.exchanges
            .iter()
            .filter(|exchange| exchange.is_preflight)
            .count()
    }

    /// All that was sent and received, preflights and redirects included, in order.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

impl Exchange {
    pub(crate) fn new(sent: &Sent, received: Option<&Received>, is_preflight: bool) -> Self {
        let lines = |headers: &Headers| -> Vec<(String, String)> {
            headers
                .iter()
                .map(|(name, value)| (name.to_owned(), headers::text(value)))
                .collect()
        };
        Self {
            method: sent.method.clone(),
            url: sent.url.to_string(),
            sent: lines(&sent.headers),
            status: received.map(|received| received.status),
            received: received.map_or(Vec::new(), |received| lines(&received.headers)),
            is_preflight,
        }
    }

    /// Whether this is a preflight.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// The method that was sent.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL that was asked for.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status that came, if an answer came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// A request header. Browsers write one line for each name.
    #[must_use]
    pub fn sent(&self, name: &str) -> Option<&str> {
        find(&self.sent, name)
    }

    /// All request headers, by name in lower case.
    pub fn sent_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.sent)
    }

    /// A response header: its first line.
    #[must_use]
    pub fn received(&self, name: &str) -> Option<&str> {
        find(&self.received, name)
    }

    /// All response headers, line by line, by name in lower case.
    pub fn received_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.received)
    }
}

/// [CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors), with the list of names that
/// main fetch, step 14.1, makes.
fn readable_headers(response: &Headers, with_credentials: bool) -> Vec<(String, String)> {
    // What cannot be parsed exposes nothing.
    let exposed = response
        .tokens("access-control-expose-headers")
        .ok()
        .flatten()
        .unwrap_or_default();
    let all = !with_credentials && exposed.iter().any(|name| name == "*");
    response.sorted(|name| {
        fetch_standard::is_safelisted_response_header(name)
            || (!fetch_standard::is_forbidden_response_header(name)
                && (all || exposed.iter().any(|known| known.eq_ignore_ascii_case(name))))
    })
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn pairs(headers: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}
