//! What follows from a decision, for the log, observers and explanations.

use super::{
    decision::{AllowedOrigin, Decision},
    reason::{Denial, Outcome, Reason, RequestKind},
    rules::Rules,
    same_origin,
};
use crate::http::RequestHead;

impl<'r> Decision<'r> {
    /// What the request is, by its headers.
    pub(crate) fn kind(&self) -> RequestKind {
        match self {
            Self::NotCors => RequestKind::NotCors,
            // It is not known yet, and another decision tells.
            #[cfg(feature = "lookup")]
            Self::NeedsLookup => RequestKind::Actual,
            Self::Actual(_) => RequestKind::Actual,
            Self::Preflight(_) => RequestKind::Preflight,
            Self::Rejected(rejection) => match rejection.reason {
                Reason::CrossSiteWithoutOrigin(_) => RequestKind::NotCors,
                _ => RequestKind::Actual,
            },
        }
    }

    /// The origin, if it is allowed.
    pub(crate) fn allowed(&self) -> Option<&AllowedOrigin<'r>> {
        match self {
            Self::Actual(Ok(origin)) => Some(origin),
            Self::Preflight(Ok(preflight)) => Some(&preflight.origin),
            _ => None,
        }
    }

    /// Why it is denied: the first reason.
    pub(crate) fn denial(&self) -> Option<Denial> {
        match self {
            Self::Actual(Err(reason)) | Self::Preflight(Err(reason)) => Some(reason.denial()),
            Self::Rejected(rejection) => Some(rejection.reason.denial()),
            _ => None,
        }
    }

    /// The result. A request of a page to its own origin is not denied, whatever the policy says: the browser does not
    /// ask it.
    pub(crate) fn outcome(&self, rules: &Rules, head: &RequestHead, is_tls: bool) -> Outcome {
        match self {
            Self::NotCors => Outcome::NotCors,
            #[cfg(feature = "lookup")]
            Self::NeedsLookup => Outcome::NeedsLookup,
            Self::Actual(Ok(_)) | Self::Preflight(Ok(_)) => Outcome::Allowed,
            Self::Preflight(Err(_)) => Outcome::Denied,
            Self::Rejected(_) => Outcome::Rejected,
            Self::Actual(Err(_)) if same_origin::check(rules, head, is_tls).is_ok() => {
                Outcome::SameOrigin
            }
            Self::Actual(Err(_)) => Outcome::Denied,
        }
    }
}

impl AllowedOrigin<'_> {
    /// Whether its pages may send credentials.
    #[inline]
    pub(crate) fn may_use_credentials(&self, rules: &Rules) -> bool {
        match self {
            Self::Any => false,
            Self::Listed(..) => rules.credentials,
            Self::WithCredentials(..) => true,
        }
    }
}
