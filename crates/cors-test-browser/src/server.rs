//! What a browser talks to.

use std::future::Future;

use url::Url;

use crate::headers::Headers;

/// What a [`Browser`](crate::Browser) can talk to: servers over sockets, by [`Wire`](crate::Wire), or, with the feature
/// `actix`, an app under `actix_web::test`, which is what `init_service` gives.
///
/// An app gets every request, whatever its host, so it can play several servers, which `guard::Host` distinguishes. Nobody
/// else can implement this trait.
pub trait Server {
    /// Sends a request and waits for its answer; an error is the reason why there is none.
    #[doc(hidden)]
    fn answer(&self, sent: &Sent) -> impl Future<Output = Result<Received, String>>;
}

/// A request as it is sent.
#[derive(Debug)]
pub struct Sent {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) wants_body: bool,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    /// What the request line has after the method: path and query.
    pub(crate) fn target(&self) -> String {
        match self.url.query() {
            None => self.url.path().to_owned(),
            Some(query) => format!("{}?{query}", self.url.path()),
        }
    }
}
