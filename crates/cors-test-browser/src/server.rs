//! The server to which a browser sends requests.

use std::future::Future;

use url::Url;

use crate::header_list::HeaderList;

/// A server to which a [`Browser`](crate::Browser) can send requests: real servers over sockets ([`Wire`](crate::Wire)), or,
/// with the feature `actix`, the app that `actix_web::test::init_service` returns.
///
/// Such an app gets every request, whatever host the URL has. To simulate several servers with one app, separate their
/// routes by `actix_web::guard::Host`.
///
/// This trait cannot be implemented outside of this crate.
pub trait Server {
    /// Sends a request and waits for the response.
    ///
    /// # Errors
    ///
    /// If no response came; the text says why.
    #[doc(hidden)]
    fn send(&self, request: &SentRequest)
    -> impl Future<Output = Result<ReceivedResponse, String>>;
}

/// A request as the server receives it.
#[derive(Debug)]
pub struct SentRequest {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: HeaderList,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) reads_response_body: bool,
}

/// A response as the server sent it, before the browser filters it for the page.
#[derive(Debug)]
pub struct ReceivedResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderList,
    pub(crate) body: Vec<u8>,
}

impl SentRequest {
    /// The request target, which stands after the method in the request line: path and query.
    pub(crate) fn target(&self) -> String {
        match self.url.query() {
            None => self.url.path().to_owned(),
            Some(query) => format!("{}?{query}", self.url.path()),
        }
    }
}
