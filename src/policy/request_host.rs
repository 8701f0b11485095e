//! Where a request was sent to, by its own word: the one reading of it.

use crate::http::{HOST, HeaderName, HeaderValue, RequestHead};

/// The host, with a port if one was sent, to which a request was sent: for a
/// [predicate](crate::CorsPolicyBuilder::allow_origin_fn) whose answer depends on it.
///
/// It is the authority of the request's target if there is one: `:authority` over HTTP/2, which has no `Host` as a rule,
/// and over HTTP/1.1 that of an absolute target (`GET http://api.example.com/ HTTP/1.1`), before which `Host` is ignored
/// ([RFC 9112, section 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)). Else it is what the `Host` line
/// holds. It is `None` if there is no such line, if there are several, or if it is not visible ASCII.
///
/// The text is as it was sent: it may have upper case, a default port, or a dot at its end. What proxies forward
/// (`Forwarded`, `X-Forwarded-Host`) is not read, because anyone can send that.
///
/// A predicate that reads it declares `vary_on(["host"])`. Over HTTP/2 that names no header that came, and none is needed:
/// caches keep answers by the authority. Those that read `Vary` turn `:authority` into `Host`.
///
/// # Security
///
/// Any program can send any host, and a page can do so too by a name of its own that points to the address of this
/// service. Compare the whole of it with hosts that are known. `actix_web::guard::Host` and `ConnectionInfo::host` read
/// `Host` before an absolute target over HTTP/1.1; browsers send none.
///
/// # Examples
///
/// ```
/// use actix_cors_policy::{CorsPolicy, request_host};
///
/// let policy = CorsPolicy::builder()
///     .allow_origin_fn(|origin, head| match request_host(head) {
///         Some("api.red.example") => origin.as_str() == "https://red.example",
///         Some("api.blue.example") => origin.as_str() == "https://blue.example",
///         _ => false,
///     })
///     .vary_on(["host"])
///     .build()?;
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[must_use]
pub fn request_host(head: &RequestHead) -> Option<&str> {
    match head.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only_line(head, HOST),
    }
}

/// The value of a header that came in one line, which is how browsers send those that are read so.
pub(super) fn only_line(head: &RequestHead, name: HeaderName) -> Option<&str> {
    match head.headers().get_all(name).as_slice() {
        [value] => HeaderValue::to_str(value).ok(),
        _ => None,
    }
}
