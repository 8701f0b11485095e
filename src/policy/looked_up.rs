//! The decision about a request whose origin was looked up.

use super::{
    decision::{AllowedOrigin, Decision, decide_request, lines},
    origin_lookup::Verdict,
    reason::Reason,
    rules::Rules,
};
use crate::{
    http::{ORIGIN, RequestHead},
    origin::Match,
};

/// Decides about a request that needs a look-up, because nothing else admits its origin.
pub(crate) fn decide_looked_up<'r>(
    rules: &Rules,
    head: &'r RequestHead,
    is_tls: bool,
    verdict: Verdict,
) -> Decision<'r> {
    let [value] = lines(head, ORIGIN) else {
        // Such a request needs none.
        return Decision::NotCors;
    };
    let origin = match verdict {
        Verdict::Allowed => Ok(AllowedOrigin::Listed(value, Match::Lookup)),
        Verdict::Denied => Err(Reason::OriginNotAllowed(value.as_bytes())),
        Verdict::Failed => Err(Reason::LookupFailed(value.as_bytes())),
    };
    decide_request(rules, origin, head, is_tls)
}
