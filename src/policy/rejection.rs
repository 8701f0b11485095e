//! What must not reach the handler, if a policy rejects denied origins: what a browser sends for a page that may not
//! act. To read is not to act: a page that may read without cookies may not send a form with them.

use std::fmt;

use super::{
    reason::{Reason, Sign},
    request_host::only_line,
    rules::Rules,
    same_origin::{self, Compared, SEC_FETCH_SITE},
};
use crate::{
    http::{COOKIE, HOST, HeaderName, HeaderValue, Method, ORIGIN, RequestHead, Version},
    quote::Quoted,
};

/// Why a request is rejected, and the comparison that did not show that it is same-origin.
#[derive(Debug)]
pub(crate) struct Rejection<'r> {
    pub(crate) reason: Reason<'r>,
    compared: Compared<'r>,
    head: &'r RequestHead,
}

/// Rejects a request without `Origin` that changes something, if the browser says that another site sends it.
#[inline]
pub(super) fn without_origin<'r>(rules: &Rules, head: &'r RequestHead) -> Option<Rejection<'r>> {
    if !rules.reject_denied_origins {
        return None;
    }
    let is_cross = matches!(
        only_line(head, SEC_FETCH_SITE),
        Some("cross-site" | "same-site")
    );
    (is_cross && is_write(head)).then(|| Rejection {
        reason: Reason::CrossSiteWithoutOrigin(head.method.as_str().as_bytes()),
        compared: Compared::SecFetchSite,
        head,
    })
}

/// Rejects an actual request that is not same-origin, if its origin is denied; or if it changes something, with
/// credentials that its origin may not use. `may_use_credentials` is about an allowed origin.
#[inline]
pub(super) fn of_actual<'r>(
    rules: &Rules,
    may_use_credentials: Result<bool, &Reason<'r>>,
    head: &'r RequestHead,
    is_tls: bool,
) -> Option<Rejection<'r>> {
    if !rules.reject_denied_origins {
        return None;
    }
    let reason = match may_use_credentials {
        Err(reason) => *reason,
        Ok(false) if is_write(head) => Reason::CrossSiteWithCredentials(sign_of_credentials(head)?),
        Ok(_) => return None,
    };
    let compared = same_origin::check(rules, head, is_tls).err()?;
    Some(Rejection {
        reason,
        compared,
        head,
    })
}

/// Whether a request may change something. `GET`, `HEAD` and `OPTIONS` must not.
fn is_write(head: &RequestHead) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(&head.method)
}

/// What shows that a request has credentials, or may have them: a page cannot send a form or a beacon without cookies.
/// (HTTP authentication and client certificates look the same as without.)
fn sign_of_credentials(head: &RequestHead) -> Option<Sign> {
    let is_mode = |mode: &str| {
        let mut lines = head.headers().get_all(&SEC_FETCH_MODE);
        lines.any(|line| line.as_bytes() == mode.as_bytes())
    };
    if is_mode("navigate") {
        Some(Sign::Navigate)
    } else if is_mode("no-cors") {
        Some(Sign::NoCors)
    } else {
        head.headers().contains_key(COOKIE).then_some(Sign::Cookie)
    }
}

/// How a page sends a request ([Fetch Metadata, section
/// 2.2](https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header)): `navigate` for a form, `no-cors` for a beacon.
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

impl Rejection<'_> {
    /// Its `Origin`, if it has one.
    pub(super) fn origin(&self) -> &[u8] {
        let origin = self.head.headers().get(ORIGIN);
        origin.map_or(b"", HeaderValue::as_bytes)
    }

    /// The path whose requests may come from elsewhere, if this one is sent as such requests are: a return of a login,
    /// a beacon, a report. Such a path needs a policy that rejects nothing.
    pub(super) fn path_for_others(&self) -> Option<&str> {
        sign_of_credentials(self.head)
            .filter(|sign| *sign != Sign::Cookie)
            .map(|_| self.head.uri.path())
    }
}

/// The text says what was compared, and nothing else.
impl fmt::Display for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = Host(self.head);
        let site = Line(self.head, SEC_FETCH_SITE);
        write!(f, "{}, nor is it same-origin (", self.reason)?;
        match self.compared {
            Compared::OwnOrigins => f.write_str("not one of the own origins")?,
            Compared::OwnHosts => write!(f, "not one of the own origins, nor sent to one: {host}")?,
            Compared::SecFetchSite => write!(f, "{site}")?,
            Compared::SentTo(target) => {
                match target.scheme {
                    Some(scheme) => write!(f, "scheme {}, ", Quoted(scheme.as_bytes()))?,
                    None => f.write_str("scheme `http` or `https`, ")?,
                }
                match target.forwarded_host {
                    Some(host) => write!(f, "forwarded host {}", Quoted(host.as_bytes()))?,
                    None => write!(f, "{host}")?,
                }
                write!(f, ", {site}")?;
            }
        }
        f.write_str(")")
    }
}

/// What [`request_host`](super::request_host()) returns, with the name of its source.
struct Host<'r>(&'r RequestHead);

impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(authority) = self.0.uri.authority() else {
            return Line(self.0, HOST).fmt(f);
        };
        let name = if self.0.version == Version::HTTP_2 {
            ":authority"
        } else {
            "host of the target"
        };
        write!(f, "{name} {}", Quoted(authority.as_str().as_bytes()))
    }
}

/// The value of a request header that is used only if it is on one line.
struct Line<'r>(&'r RequestHead, HeaderName);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(head, name) = self;
        match head.headers().get_all(name).as_slice() {
            [] => write!(f, "{name} absent"),
            [value] => write!(f, "{name} {}", Quoted(value.as_bytes())),
            lines => write!(f, "{name} in {} lines", lines.len()),
        }
    }
}
