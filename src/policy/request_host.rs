//! The host that a request itself names. All code reads it here.

use crate::http::{HOST, HeaderName, HeaderValue, RequestHead};

/// The host, and the port if there is one, to which a request was sent. It is for a
/// [predicate](crate::CorsPolicyBuilder::allow_origin_fn) that depends on the host.
///
/// If the target of the request has an authority, the authority is returned: `:authority` over HTTP/2, which usually
/// has no `Host`, and over HTTP/1.1 that of an absolute target (`GET http://api.example.com/ HTTP/1.1`). `Host` is
/// ignored then ([RFC 9112, section 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)). Otherwise, the value
/// of the `Host` line is returned; `None` if there is no such line, if there are several, or if the value is not
/// visible ASCII.
///
/// The text is as it was sent: it may have upper case, a default port, or a dot at its end. `Forwarded` and
/// `X-Forwarded-Host` are not read, because anyone can send them.
///
/// A predicate that calls this function needs `vary_on(["host"])`. This is right over HTTP/2 too, where requests have
/// no `Host`: caches store responses by authority, and those that read `Vary` treat `:authority` as `Host`.
///
/// # Security
///
/// Any program can send any host. A page can do it too, with its own domain that points to the address of this service.
/// Compare the complete text with known hosts. `actix_web::guard::Host` and `ConnectionInfo::host` prefer `Host` to an
/// absolute target over HTTP/1.1; browsers never send such a target.
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

/// The value of a header, if it has exactly one line; browsers send it so.
pub(super) fn only_line(head: &RequestHead, name: HeaderName) -> Option<&str> {
    match head.headers().get_all(name).as_slice() {
        [value] => HeaderValue::to_str(value).ok(),
        _ => None,
    }
}
