//! What must happen to a request, stated twice without the code of the crate: by what was sent, as the docs of
//! `reject_denied_origins` say, and by who sent it.

use std::fmt::{self, Display};

use super::{
    act::{Act, Setting, Source, What},
    receiver::{Arrived, POLICIES, Policy},
};
use crate::origins::Ports;

/// What happened to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passes,
    Rejected,
    /// The preflight did not allow it, so the browser did not send it.
    PreflightDenied,
    NotSent,
    /// A status that neither the handler nor a rejection has.
    Other(u16),
}

/// The request that counts, of those that arrived: the last one, and a preflight only if nothing else came.
pub fn decisive(arrived: &[Arrived]) -> Option<&Arrived> {
    let actual = arrived.iter().rfind(|arrived| !arrived.is_preflight);
    actual.or_else(|| arrived.last())
}

pub fn of(arrived: &[Arrived]) -> Verdict {
    match decisive(arrived) {
        None => Verdict::NotSent,
        Some(arrived) if arrived.has_reached_handler => Verdict::Passes,
        Some(arrived) if arrived.is_preflight => Verdict::PreflightDenied,
        Some(arrived) if arrived.status == 403 => Verdict::Rejected,
        Some(arrived) => Verdict::Other(arrived.status),
    }
}

/// What is wrong with the requests that arrived at each policy.
pub fn faults(act: &Act, arrived: &[Vec<Arrived>; POLICIES.len()], ports: Ports) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| {
        faults.push(format!("{act}, page: {}: {text}", act.source));
    };
    for (policy, arrived) in POLICIES.into_iter().zip(arrived) {
        let verdict = of(arrived);
        let Some(sent) = decisive(arrived).filter(|sent| !sent.is_preflight) else {
            continue;
        };
        let wanted = by_headers(sent, policy, ports);
        if verdict != wanted {
            fault(format!(
                "{policy:?}: {verdict}, but the rules say: {wanted}"
            ));
        }
        if let Some(wanted) = by_sender(sent, act, policy).filter(|wanted| verdict != *wanted) {
            fault(format!(
                "{policy:?}: {verdict}, but by who sent it: {wanted}"
            ));
        }
    }
    let all = arrived.each_ref().map(|arrived| shown(arrived));
    for pair in all.windows(2).filter(|pair| differ(&pair[0], &pair[1])) {
        fault(format!("what is sent depends on the policy: {pair:?}"));
    }
    faults
}

/// A request without what the policy does with it.
fn shown(arrived: &[Arrived]) -> Option<Arrived> {
    decisive(arrived).map(|arrived| Arrived {
        has_reached_handler: false,
        status: 0,
        ..arrived.clone()
    })
}

/// A preflight that was denied is not compared with the request that another policy allowed.
fn differ(one: &Option<Arrived>, other: &Option<Arrived>) -> bool {
    let is_preflight =
        |arrived: &Option<Arrived>| arrived.as_ref().is_some_and(|sent| sent.is_preflight);
    is_preflight(one) == is_preflight(other) && one != other
}

/// The rules of `reject_denied_origins`, for services with own origins.
fn by_headers(sent: &Arrived, policy: Policy, ports: Ports) -> Verdict {
    let is_own = |origin: &str| {
        [Source::Own, Source::OwnWithoutTls]
            .iter()
            .any(|own| own.origin(ports) == origin)
    };
    let is_listed = |origin: &str| {
        let listed = [Source::Sibling, Source::Other, Source::OtherWithoutTls];
        policy != Policy::Denied && listed.iter().any(|source| source.origin(ports) == origin)
    };
    let is_write = !["GET", "HEAD", "OPTIONS"].contains(&sent.method.as_str());
    let site = sent.site.as_deref();
    let is_rejected = match &sent.origin {
        None => is_write && (site == Some("cross-site") || site == Some("same-site")),
        // All requests go to a host of its own.
        Some(origin) if is_own(origin) || site == Some("same-origin") => false,
        Some(origin) if !is_listed(origin) => true,
        Some(_) => {
            let is_without_choice = ["navigate", "no-cors"]
                .map(Some)
                .contains(&sent.mode.as_deref());
            let may_have_credentials = is_without_choice || !sent.cookies.is_empty();
            is_write && policy != Policy::WithCredentials && may_have_credentials
        }
    };
    if is_rejected {
        Verdict::Rejected
    } else {
        Verdict::Passes
    }
}

/// Nothing that the service's own pages send is rejected, and nothing of others that changes something arrives with
/// cookies, unless they may use credentials.
fn by_sender(sent: &Arrived, act: &Act, policy: Policy) -> Option<Verdict> {
    // Without TLS, browsers do not say that an opaque origin is the service's own. The docs of `reject_denied_origins` say so.
    let is_unknown = act.source == Source::OwnWithoutTls
        && act.setting == Setting::NoReferrer
        && sent.origin.as_deref() == Some("null");
    // WebKit sends the origin of the page in place of `null`, and the policy believes it.
    let is_disguised = act.setting == Setting::Sandboxed
        && matches!(act.what, What::Beacon { .. })
        && sent.origin.as_deref() != Some("null");
    if is_unknown || is_disguised {
        return None;
    }
    if act.is_same_origin() {
        return Some(Verdict::Passes);
    }
    let is_write = !["GET", "HEAD", "OPTIONS"].contains(&sent.method.as_str());
    let is_trusted = policy == Policy::WithCredentials && act.setting != Setting::Sandboxed;
    let is_forgery = is_write && !sent.cookies.is_empty() && !is_trusted;
    is_forgery.then_some(Verdict::Rejected)
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passes => f.write_str("passes"),
            Self::Rejected => f.write_str("rejected"),
            Self::PreflightDenied => f.write_str("preflight denied"),
            Self::NotSent => f.write_str("not sent"),
            Self::Other(status) => write!(f, "status {status}"),
        }
    }
}
