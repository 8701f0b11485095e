//! The log: what is at work, and why a request was denied or allowed. Nothing is formatted unless the level is on.

use actix_web::dev::ServiceRequest;

use super::{response::Worker, snapshot::Shared};
use crate::{
    error::Quoted,
    policy::{AllowedOrigin, CorsPolicy, Decision, Reason, Rejection},
    quote::{Line, Name},
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
        Decision::Rejected(reason) => log::debug!(
            target: TARGET,
            "rejected request to {}: {}",
            path(request),
            Rejection(reason, request.head()),
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

fn path(request: &ServiceRequest) -> Quoted<'_> {
    Quoted(request.path().as_bytes())
}
