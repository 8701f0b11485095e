//! The question to an allowlist that is in a database, and its limits. `middleware/lookup/lookups.rs` asks it.

use std::{borrow::Cow, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use super::request_host::request_host;
use crate::http::RequestHead;

/// An allowlist in a database or in a service: an async function that says whether an origin is allowed, and the limits
/// within which it is asked. [`allow_origin_lookup`](crate::CorsPolicyBuilder::allow_origin_lookup) takes it.
///
/// Answers are kept, and are the same for all requests of the same origin, so the function sees the origin and nothing
/// else of a request. With [`by_host`](Self::by_host), it also sees the host to which the request was sent.
///
/// All requests that wait for the same answer share one call, whichever worker they are on. The call is a task of the
/// tokio runtime: it goes on if the client that caused it disconnects. If the runtime stops, requests that still wait
/// begin another call. The function must not block.
///
/// | limit | default |
/// | --- | --- |
/// | [`timeout`](Self::timeout): how long a request waits | 1 second |
/// | [`keep_allowed`](Self::keep_allowed): how long "allowed" is kept, and for how many origins | 60 seconds, 10 000 |
/// | [`keep_denied`](Self::keep_denied): the same for "denied" | 5 seconds, 1000 |
/// | [`max_in_flight`](Self::max_in_flight): calls at the same time | 64 |
///
/// If there is no answer, the origin is denied, and this is not kept. There is no answer after an error, a panic or the
/// time limit, and if too many calls are in flight. The reason is logged at `error`: once, and again if it changes or
/// comes back, but at most once a second.
///
/// # Security
///
/// Compare the origin as a whole, as `=` does in SQL. Any program can send any origin and any host, as many as it
/// likes. A flood of invented origins costs memory and calls only up to these limits. It does not push out the answers
/// for allowed origins, and does not use the calls that are reserved for origins that were allowed before. This holds
/// only if invented origins are denied: a look-up that admits all subdomains of a domain admits as many origins as
/// somebody invents.
///
/// A call runs in the worker whose request began it. If a handler blocks that worker, requests that wait for the same
/// answer are denied after the time limit. After twenty times the limit, the next request begins another call.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use actix_cors_policy::{CorsPolicy, OriginLookup, OriginQuery};
///
/// # async fn is_in_table(_origin: &str) -> std::io::Result<bool> { Ok(true) }
/// let lookup = OriginLookup::new(|query: OriginQuery| async move {
///     // SELECT EXISTS (SELECT 1 FROM origins WHERE origin = $1)
///     is_in_table(query.origin()).await
/// })
/// .timeout(Duration::from_millis(500))
/// .keep_allowed(Duration::from_secs(300), 50_000);
///
/// let policy = CorsPolicy::builder().allow_origin_lookup(lookup).build()?;
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone)]
pub struct OriginLookup {
    ask: Ask,
    pub(crate) is_by_host: bool,
    pub(crate) timeout: Duration,
    pub(crate) allowed: Keep,
    pub(crate) denied: Keep,
    pub(crate) max_in_flight: usize,
}

type Ask = Arc<dyn Fn(OriginQuery) -> Answer + Send + Sync>;

/// The answer, or the text of an error.
type Answer = Pin<Box<dyn Future<Output = Result<bool, String>> + Send>>;

/// How long answers of a kind are kept, and at most how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    pub(crate) time: Duration,
    pub(crate) entries: usize,
}

impl OriginLookup {
    /// A look-up by an async function, which returns whether an origin is allowed.
    pub fn new<F, Fut, E>(ask: F) -> Self
    where
        F: Fn(OriginQuery) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<bool, E>> + Send + 'static,
        E: fmt::Display + Send,
    {
        let in_words = |answer: Result<bool, E>| answer.map_err(|error| error.to_string());
        Self {
            ask: Arc::new(move |query| Box::pin(ask(query).map(in_words))),
            is_by_host: false,
            timeout: Duration::from_secs(1),
            allowed: Keep {
                time: Duration::from_secs(60),
                entries: 10_000,
            },
            denied: Keep {
                time: Duration::from_secs(5),
                entries: 1000,
            },
            max_in_flight: 64,
        }
    }

    /// Asks for each pair of origin and host: for tenants that each have a host and their own origins.
    /// [`OriginQuery::host`] is the host. `Host` is added to `Vary`, as with
    /// [`vary_on`](crate::CorsPolicyBuilder::vary_on).
    #[must_use]
    pub fn by_host(self) -> Self {
        Self {
            is_by_host: true,
            ..self
        }
    }

    /// How long a request waits for an answer; then its origin is denied. It must not be zero. The call itself goes on
    /// for up to ten times as long, so that a slow answer is there for later requests; then it is dropped.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self {
            timeout: limit,
            ..self
        }
    }

    /// How long "allowed" is kept, and for how many origins (with [`by_host`](Self::by_host), pairs of origin and
    /// host). It is also how long an origin stays allowed after it was removed from the database, unless the policy is
    /// [replaced](crate::CorsHandle::replace), which forgets all answers. With zero, nothing is kept.
    ///
    /// After this time, the origin is looked up again. As long as its answer is not pushed out by others, the origin
    /// counts as one that was allowed before, and may use the calls that are reserved for such origins.
    #[must_use]
    pub fn keep_allowed(self, time: Duration, entries: usize) -> Self {
        Self {
            allowed: Keep { time, entries },
            ..self
        }
    }

    /// How long "denied" is kept, and for how many origins. It is also how long an origin stays denied after it was
    /// added to the database. With zero, nothing is kept.
    #[must_use]
    pub fn keep_denied(self, time: Duration, entries: usize) -> Self {
        Self {
            denied: Keep { time, entries },
            ..self
        }
    }

    /// How many calls may be in flight at the same time, of all workers together. Origins that were not allowed before
    /// get at most half of the calls, rounded up; if all of this half are in use, such an origin is denied. Origins
    /// that were allowed before may use all calls, and wait until one is free. It must not be zero.
    #[must_use]
    pub fn max_in_flight(self, calls: usize) -> Self {
        Self {
            max_in_flight: calls,
            ..self
        }
    }

    /// Asks. The function of the user may panic here.
    pub(crate) fn ask(&self, query: OriginQuery) -> Answer {
        (self.ask)(query)
    }

    /// What to ask about a request with this origin.
    pub(crate) fn query<'r>(&self, origin: &'r str, head: &'r RequestHead) -> BorrowedQuery<'r> {
        let host = self.is_by_host.then(|| host_of(head)).flatten();
        BorrowedQuery { origin, host }
    }
}

/// Equal if one is a clone of the other, with the same limits: functions are compared as pieces of code.
impl PartialEq for OriginLookup {
    fn eq(&self, other: &Self) -> bool {
        let limits = |lookup: &Self| {
            (
                lookup.is_by_host,
                lookup.timeout,
                lookup.allowed,
                lookup.denied,
                lookup.max_in_flight,
            )
        };
        Arc::ptr_eq(&self.ask, &other.ask) && limits(self) == limits(other)
    }
}

impl fmt::Debug for OriginLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginLookup")
            .field("by_host", &self.is_by_host)
            .field("timeout", &self.timeout)
            .field("keep_allowed", &self.allowed)
            .field("keep_denied", &self.denied)
            .field("max_in_flight", &self.max_in_flight)
            .finish_non_exhaustive()
    }
}

/// What an [`OriginLookup`] is asked: whether this origin is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginQuery {
    origin: Box<str>,
    host: Option<Box<str>>,
}

impl OriginQuery {
    /// The origin, which is a [serialized origin](crate::Origin#grammar), never `null`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host to which the request was sent, as `:authority` or `Host` says: in lower case, without the port. `None`
    /// if the look-up is not [`by_host`](OriginLookup::by_host), if there is no such line or several, or if it is
    /// longer than a host can be. `Forwarded` and `X-Forwarded-Host` are not read, because anyone can send them.
    ///
    /// It is text that anyone can send, so use it only as a key.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    pub(crate) fn borrowed(&self) -> BorrowedQuery<'_> {
        BorrowedQuery {
            origin: &self.origin,
            host: self.host.as_deref().map(Cow::Borrowed),
        }
    }
}

/// The same, borrowed, as from a request: to find an answer that is kept, nothing is copied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BorrowedQuery<'r> {
    origin: &'r str,
    host: Option<Cow<'r, str>>,
}

impl BorrowedQuery<'_> {
    pub(crate) fn is(&self, query: &OriginQuery) -> bool {
        self.origin == &*query.origin && self.host.as_deref() == query.host.as_deref()
    }

    pub(crate) fn into_owned(self) -> OriginQuery {
        OriginQuery {
            origin: self.origin.into(),
            host: self.host.map(|host| host.into_owned().into()),
        }
    }
}

/// What a look-up said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    Denied,
    /// It gave no answer.
    Failed,
}

/// The longest host: a domain, and a dot at its end.
const LONGEST_HOST: usize = 254;

/// The host of a request, in lower case and without the port.
fn host_of(head: &RequestHead) -> Option<Cow<'_, str>> {
    let host = without_port(request_host(head)?);
    if host.is_empty() || host.len() > LONGEST_HOST {
        return None;
    }
    Some(if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    })
}

fn without_port(host: &str) -> &str {
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match host.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher as _, RandomState};

    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_borrowed_query_is_found_as_the_owned_one() {
        let hasher = RandomState::new();
        for host in [None, Some("api.example"), Some("API.example")] {
            let borrowed = BorrowedQuery {
                origin: "https://a.example",
                host: host.map(Cow::from),
            };
            let owned = borrowed.clone().into_owned();
            assert!(borrowed.is(&owned));
            assert_eq!(hasher.hash_one(&borrowed), hasher.hash_one(&owned));
            assert_eq!(owned.origin(), "https://a.example");
            assert_eq!(owned.host(), host);
        }
    }

    #[test]
    fn the_host_is_in_lower_case_and_without_a_port() {
        let long = format!("{}.example", "a.".repeat(130));
        for (sent, wanted) in [
            ("api.example", Some("api.example")),
            ("API.Example:8080", Some("api.example")),
            ("api.example:", Some("api.example")),
            ("api.example.", Some("api.example.")),
            ("[::1]", Some("[::1]")),
            ("[::1]:8080", Some("[::1]")),
            ("api.example:x", Some("api.example:x")),
            (":80", None),
            ("", None),
            (long.as_str(), None),
        ] {
            let request = TestRequest::get().insert_header(("host", sent));
            let request = request.to_request();
            assert_eq!(host_of(request.head()).as_deref(), wanted, "{sent}");
        }
        let request = TestRequest::get()
            .append_header(("host", "a.example"))
            .append_header(("host", "a.example"));
        assert_eq!(host_of(request.to_request().head()), None);
    }
}
