//! The log: what is at work, and why a request was denied or allowed. Nothing is formatted unless the level is on.

use actix_web::dev::ServiceRequest;

use super::{
    headers::{Loosened, Worker},
    live::Shared,
};
use crate::{
    policy::{AllowedOrigin, CorsPolicy, Decision, Reason},
    quote::{Line, Name, Quoted},
};

/// The target of every record of this crate.
const TARGET: &str = "actix_cors_policy";

/// The policies of a layer, when its first worker starts.
pub(super) fn announce(shared: &Shared) {
    if shared.is_new_to_the_log() {
        let policies = shared.policies();
        let prefixes = std::iter::once(None).chain(shared.prefixes().iter().map(Some));
        for (prefix, below) in prefixes.zip(policies.iter()) {
            policy("at work", prefix, below);
        }
    }
}

/// A policy at `info`, and its warnings at `warn`.
pub(super) fn policy(what: &str, prefix: Option<&str>, policy: &CorsPolicy) {
    match prefix {
        None => log::info!(target: TARGET, "{what}: {policy:?}"),
        Some(prefix) => log::info!(target: TARGET, "{what} at {}: {policy:?}", Name(prefix)),
    }
    for warning in policy.warnings() {
        log::warn!(target: TARGET, "{warning}");
    }
}

/// A denial with its reason at `debug`, a permission with what gave it at `trace`.
pub(super) fn decision(worker: &Worker, request: &ServiceRequest, decision: &Decision<'_>) {
    match decision {
        Decision::NotCors => {}
        Decision::Preflight(Ok(preflight)) => {
            allowed("preflight", worker, request, &preflight.origin);
        }
        Decision::Actual(Ok(origin)) => allowed("request", worker, request, origin),
        Decision::Preflight(Err(reason)) => denied("denied preflight", request, reason),
        Decision::Actual(Err(reason)) => denied("denied request", request, reason),
        Decision::Rejected(rejection) => log::debug!(
            target: TARGET,
            "rejected request to {}: {rejection}",
            path(request),
        ),
    }
}

fn denied(what: &str, request: &ServiceRequest, reason: &Reason<'_>) {
    log::debug!(target: TARGET, "{what} to {}: {reason}", path(request));
}

fn allowed(what: &str, worker: &Worker, request: &ServiceRequest, origin: &AllowedOrigin<'_>) {
    match origin {
        AllowedOrigin::Any => {
            log::trace!(target: TARGET, "allowed {what} to {}: any origin is", path(request));
        }
        AllowedOrigin::Listed(origin, by) => log::trace!(
            target: TARGET,
            "allowed {what} to {}: origin {} is, by {}",
            path(request),
            Quoted(origin.as_bytes()),
            Line(worker.rules().admitted_by(*by, origin.as_bytes())),
        ),
    }
}

/// An inner layer grants what the one around it does not: it is on the wire, and seldom meant.
#[cold]
pub(super) fn loosened(loosened: &Loosened<'_>) {
    let (what, origin) = match loosened {
        Loosened::Origin(origin) => ("", origin),
        Loosened::Credentials(origin) => ("credentials to ", origin),
    };
    log::warn!(
        target: TARGET,
        "stacked layers: an inner one allows {what}origin {}, and this one around it does not (what needs no preflight is \
         answered by the inner policy alone; give the policies to one layer with Cors::at)",
        Quoted(origin.as_bytes()),
    );
}

fn path(request: &ServiceRequest) -> Quoted<'_> {
    Quoted(request.path().as_bytes())
}
