//! The response that a page gets, and the exchanges that led to it.

use crate::{
    blocked::Blocked,
    header_list::{HeaderList, isomorphic_decode},
    server::{ReceivedResponse, SentRequest},
};

/// The response that a page gets to a [`Fetch`](crate::Fetch): the part that the page may read, or a network error and its
/// reason.
///
/// The methods have the names of the properties of
/// [`Response`](https://fetch.spec.whatwg.org/#response-class) in JavaScript.
/// [`blocked_by`](Self::blocked_by), [`preflights`](Self::preflights) and [`exchanges`](Self::exchanges) say more than a page
/// can learn.
#[derive(Clone, Debug)]
pub struct Response {
    response_type: ResponseType,
    blocked: Option<Blocked>,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    url: String,
    is_redirected: bool,
    exchanges: Vec<Exchange>,
}

/// A [response type](https://fetch.spec.whatwg.org/#concept-response-type), which is `response.type` for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseType {
    /// The response is of the page's own origin: the page can read everything except forbidden response headers.
    Basic,
    /// The response is of another origin, which allows the page to read it.
    Cors,
    /// The response is of another origin, in mode [`NoCors`](crate::Mode::NoCors): the page can read nothing, not even the
    /// status.
    Opaque,
    /// A redirect that was not followed: the page can read nothing.
    OpaqueRedirect,
    /// A network error: [`Response::blocked_by`] says why.
    Error,
}

/// A request that was sent and the response to it, if one came.
///
/// The network panel of a browser shows these. A page cannot see them.
#[derive(Clone, Debug)]
pub struct Exchange {
    method: String,
    url: String,
    request_headers: Vec<(String, String)>,
    status: Option<u16>,
    response_headers: Vec<(String, String)>,
    is_preflight: bool,
}

impl Response {
    /// The [filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response), as main fetch, step 14,
    /// makes it.
    pub(crate) fn filter(
        response_type: ResponseType,
        response: ReceivedResponse,
        with_credentials: bool,
        url: String,
        is_redirected: bool,
    ) -> Self {
        let headers = match response_type {
            ResponseType::Basic => response
                .headers
                .sort_and_combine(|name| !fetch_standard::is_forbidden_response_header_name(name)),
            ResponseType::Cors => readable_headers(&response.headers, with_credentials),
            ResponseType::Opaque | ResponseType::Error => return Self::empty(response_type),
            ResponseType::OpaqueRedirect => {
                return Self {
                    url,
                    ..Self::empty(response_type)
                };
            }
        };
        Self {
            status: response.status,
            headers,
            body: response.body,
            url,
            is_redirected,
            ..Self::empty(response_type)
        }
    }

    /// A [network error](https://fetch.spec.whatwg.org/#concept-network-error).
    pub(crate) fn error(blocked: Blocked) -> Self {
        Self {
            blocked: Some(blocked),
            ..Self::empty(ResponseType::Error)
        }
    }

    pub(crate) fn with_exchanges(self, exchanges: Vec<Exchange>) -> Self {
        Self { exchanges, ..self }
    }

    fn empty(response_type: ResponseType) -> Self {
        Self {
            response_type,
            blocked: None,
            status: 0,
            headers: Vec::new(),
            body: Vec::new(),
            url: String::new(),
            is_redirected: false,
            exchanges: Vec::new(),
        }
    }

    /// Whether the page may read the response: its status, its body, and some of its headers.
    ///
    /// An [opaque](ResponseType::Opaque) response is neither readable nor blocked.
    #[must_use]
    pub fn readable(&self) -> bool {
        matches!(self.response_type, ResponseType::Basic | ResponseType::Cors)
    }

    /// Why the page got a network error; `None` if it got a response.
    #[must_use]
    pub fn blocked_by(&self) -> Option<Blocked> {
        self.blocked.clone()
    }

    /// `response.type`, which says how much of the response the page may read.
    #[must_use]
    pub fn response_type(&self) -> ResponseType {
        self.response_type
    }

    /// `response.status`; 0 if the page may not read it.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// `response.ok`: whether the status is an [ok status](https://fetch.spec.whatwg.org/#ok-status), 200 to 299. `false` if
    /// the page may not read the status.
    #[must_use]
    pub fn ok(&self) -> bool {
        fetch_standard::is_ok_status(self.status)
    }

    /// `response.headers.get(name)`, where upper and lower case make no difference; `None` if there is no such header or if
    /// the page may not read it.
    ///
    /// If the header has several lines, their values are joined by `, `.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// All headers that the page may read, sorted by name, with names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.headers)
    }

    /// The bytes of the body; empty if the page may not read them.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// `response.text()`: the body as UTF-8, with U+FFFD in place of invalid bytes; empty if the page may not read it.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `response.url`: the URL after all redirects, without the fragment; empty if the page may not read it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `response.redirected`: whether at least one redirect was followed; `false` if the page may not know.
    #[must_use]
    pub fn redirected(&self) -> bool {
        self.is_redirected
    }

    /// How many preflights were sent. There can be more than one only if there were redirects.
    #[must_use]
    pub fn preflights(&self) -> usize {
        self.exchanges
            .iter()
            .filter(|exchange| exchange.is_preflight)
            .count()
    }

    /// Everything that was sent and received for this fetch, including preflights and redirects, in order.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

impl Exchange {
    pub(crate) fn new(
        request: &SentRequest,
        response: Option<&ReceivedResponse>,
        is_preflight: bool,
    ) -> Self {
        let lines = |headers: &HeaderList| -> Vec<(String, String)> {
            headers
                .iter()
                .map(|(name, value)| (name.to_owned(), isomorphic_decode(value)))
                .collect()
        };
        Self {
            method: request.method.clone(),
            url: request.url.to_string(),
            request_headers: lines(&request.headers),
            status: response.map(|response| response.status),
            response_headers: response.map_or(Vec::new(), |response| lines(&response.headers)),
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

    /// The URL to which the request was sent.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status of the response; `None` if no response came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The value of a request header, where upper and lower case make no difference; `None` if it was not sent. Browsers send
    /// each header in one line.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        find(&self.request_headers, name)
    }

    /// All request headers in the order in which they were sent, with names in lower case.
    pub fn request_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.request_headers)
    }

    /// The value of the first line of a response header, where upper and lower case make no difference; `None` if the header
    /// is missing or if no response came.
    #[must_use]
    pub fn response_header(&self, name: &str) -> Option<&str> {
        find(&self.response_headers, name)
    }

    /// All lines of the response headers, with names in lower case.
    pub fn response_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.response_headers)
    }
}

/// [CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors), with the list of
/// exposed names from main fetch, step 14.1.
fn readable_headers(response: &HeaderList, with_credentials: bool) -> Vec<(String, String)> {
    // A list that does not parse exposes nothing.
    let exposed = response
        .tokens("access-control-expose-headers")
        .ok()
        .flatten()
        .unwrap_or_default();
    let exposes_any = !with_credentials && exposed.iter().any(|name| name == "*");
    response.sort_and_combine(|name| {
        fetch_standard::is_safelisted_response_header_name(name)
            || (!fetch_standard::is_forbidden_response_header_name(name)
                && (exposes_any || exposed.iter().any(|known| known.eq_ignore_ascii_case(name))))
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
