//! The log: the policies in use, and why a request was denied or allowed. Text is made only if the level is on.

use ::log::Level;
use actix_web::dev::ServiceRequest;

use super::{
    headers::{LocalPolicy, Loosened},
    said_once::may_look_for_nearest,
};
use crate::{
    http::{ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue, ORIGIN, RequestHead},
    policy::{
        AllowedOrigin, Cause, CorsPolicy, Decision, Denial, Origins, Outcome, RequestKind, Rules,
        causes, changes, reasons,
    },
    quote::{Line, Name, Quoted},
};

/// The target of every record of this crate.
const TARGET: &str = "actix_cors_policy";

/// A policy that decides and is not obeyed.
pub(super) fn shadow_policy(shadow: &CorsPolicy) {
    policy("shadow policy, which is not obeyed", None, shadow);
}

/// Logs a policy at `info`, and its warnings at `warn`.
pub(super) fn policy(what: &str, prefix: Option<&str>, policy: &CorsPolicy) {
    if log::log_enabled!(target: TARGET, Level::Info) {
        // As `cors-check` shows it.
        let mut lines = String::new();
        for line in policy.to_string().lines() {
            lines.push_str(&format!("\n  {line}"));
        }
        match prefix {
            None => log::info!(target: TARGET, "{what}:{lines}"),
            Some(prefix) => log::info!(target: TARGET, "{what} at {}:{lines}", Name(prefix)),
        }
    }
    for warning in policy.warnings() {
        log::warn!(target: TARGET, "{warning}");
    }
}

/// How many lines are logged of an error that may be anything.
const MOST_LINES: usize = 100;

/// A policy that a follower put in force, and what is new in it.
pub(super) fn followed(prefix: Option<&str>, before: &CorsPolicy, after: &CorsPolicy) {
    if log::log_enabled!(target: TARGET, Level::Info) {
        let changes = changes(before, after);
        let what = format!("now in use, because its source changed ({changes})");
        policy(&what, prefix, after);
    } else {
        policy("now in use", prefix, after);
    }
}

/// A load of a follower that gave no policy. What it says may come from anywhere.
#[cold]
pub(super) fn load_failed(prefix: Option<&str>, error: &str) {
    let lines = indented(error);
    match prefix {
        None => {
            log::error!(target: TARGET, "cannot load the policy, so the last good one stays:{lines}");
        }
        Some(prefix) => log::error!(
            target: TARGET,
            "cannot load the policy at {}, so the last good one stays:{lines}",
            Name(prefix)
        ),
    }
}

fn indented(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines().take(MOST_LINES) {
        lines.push_str(&format!("\n  {}", Line(line)));
    }
    lines
}

/// A look-up that gave no answer. What it says may come from anywhere.
#[cfg(feature = "lookup")]
#[cold]
pub(super) fn lookup_failed(why: &str) {
    let lines = indented(why);
    log::error!(target: TARGET, "cannot look up an origin, so it is denied:{lines}");
}

/// No thread for a follower.
#[cold]
pub(super) fn cannot_follow(error: &std::io::Error) {
    log::error!(target: TARGET, "cannot follow the policy: {error}");
}

/// Logs a denial with all its causes at `debug`, and an allowed request, with what allows it, at `trace`. The first
/// denials that differ are logged at `info` instead, with what to set.
#[inline]
pub(super) fn decision(local: &LocalPolicy, request: &ServiceRequest, decision: &Decision<'_>) {
    let level = match decision {
        Decision::NotCors => return,
        // Logged when it is decided.
        #[cfg(feature = "lookup")]
        Decision::NeedsLookup => return,
        Decision::Preflight(Ok(_)) | Decision::Actual(Ok(_)) => Level::Trace,
        Decision::Preflight(Err(_)) | Decision::Actual(Err(_)) | Decision::Rejected(_) => {
            Level::Info
        }
    };
    // All that most requests pay for the log.
    if level <= log::max_level() {
        write(local, request, decision);
    }
}

#[cold]
fn write(local: &LocalPolicy, request: &ServiceRequest, decision: &Decision<'_>) {
    let what = match decision {
        Decision::NotCors => return,
        #[cfg(feature = "lookup")]
        Decision::NeedsLookup => return,
        Decision::Preflight(Ok(preflight)) => {
            return allowed("preflight", local, request, &preflight.origin);
        }
        Decision::Actual(Ok(origin)) => return allowed("request", local, request, origin),
        Decision::Preflight(Err(_)) => "denied preflight",
        Decision::Actual(Err(_)) => "denied request",
        Decision::Rejected(_) => "rejected request",
    };
    if log::log_enabled!(target: TARGET, Level::Info) {
        denied(what, local, request, decision);
    }
}

#[cold]
fn denied(what: &str, local: &LocalPolicy, request: &ServiceRequest, decision: &Decision<'_>) {
    let rules = local.rules();
    let head = request.head();
    let is_tls = request.app_config().secure();
    let origin = Quoted(origin_of(head));
    if decision.outcome(rules, head, is_tls) == Outcome::SameOrigin {
        log::trace!(target: TARGET, "same-origin request to {}: {origin}", path(request));
        return;
    }
    let Some(denial) = decision.denial() else {
        return;
    };
    let is_preflight = matches!(decision, Decision::Preflight(_));
    if is_preflight
        && rules.any_header
        && !rules.authorization()
        && local.said.may_be_first_authorization()
        && asks_for_authorization(head)
        && local.said.is_first_authorization()
    {
        log::warn!(
            target: TARGET,
            "{what} to {}: any header does not cover `authorization`, which must be named too ({})",
            path(request),
            local.policy().fix_of_authorization(),
        );
    }
    let level = local.said.level(denial, origin_of(head));
    if log::log_enabled!(target: TARGET, level) {
        let why = why(local, head, decision, level);
        log::log!(target: TARGET, level, "{what} to {}: {why}", path(request));
    }
}

/// What the shadow policy would do otherwise: the first ten differences in kind and origin at `info`.
#[cold]
pub(super) fn shadow(
    local: &LocalPolicy,
    shadow: &LocalPolicy,
    request: &ServiceRequest,
    decision: &Decision<'_>,
    candidate: &Decision<'_>,
    would: Outcome,
) {
    let head = request.head();
    let what = match decision.kind() {
        RequestKind::Preflight => "preflight",
        _ => "request",
    };
    let denial = candidate.denial().or(decision.denial());
    let level = shadow.said.level(
        denial.unwrap_or(Denial::CredentialsNotAllowed),
        origin_of(head),
    );
    if !log::log_enabled!(target: TARGET, level) {
        return;
    }
    let would = match would {
        Outcome::Denied => "deny",
        Outcome::Rejected => "reject",
        _ => "allow",
    };
    let why = match candidate.allowed() {
        Some(_) if would == "allow" && decision.allowed().is_some() => format!(
            "origin {} may send credentials (now: credentials are not allowed)",
            Quoted(origin_of(head))
        ),
        Some(origin) if would == "allow" => {
            let by = Line(admitted_by(shadow.rules(), origin));
            let now = why(local, head, decision, Level::Debug);
            format!(
                "origin {} is allowed by {by} (now: {now})",
                Quoted(origin_of(head))
            )
        }
        Some(_) => shown(&[Cause::of_credentials(shadow.policy(), origin_of(head))]),
        None if would == "allow" => why(local, head, decision, Level::Debug),
        None => why(shadow, head, candidate, level),
    };
    log::log!(target: TARGET, level, "the shadow policy would {would} the {what} to {}: {why}", path(request));
}

/// An observer panicked, which is not repeated.
#[cold]
pub(super) fn observer_panicked() {
    log::error!(target: TARGET, "an observer panicked; the request goes on, and its other panics are not logged");
}

/// A predicate of the shadow policy panicked, which is not repeated.
#[cold]
pub(super) fn shadow_panicked() {
    log::error!(target: TARGET, "a predicate of the shadow policy panicked; the request goes on, and its other panics are not logged");
}

/// All causes; at `info` with the nearest entries and what to set.
fn why(local: &LocalPolicy, head: &RequestHead, decision: &Decision<'_>, level: Level) -> String {
    if level == Level::Info {
        let finds_nearest = may_look_for_nearest(local.rules().entries());
        return shown(&causes(local.policy(), head, decision, finds_nearest));
    }
    match decision {
        Decision::Rejected(rejection) => rejection.to_string(),
        _ => {
            let mut texts = Vec::new();
            for reason in reasons(local.rules(), head, decision) {
                texts.push(reason.to_string());
            }
            texts.join("; ")
        }
    }
}

/// The causes, and in parentheses the nearest entries and what to set.
fn shown(causes: &[Cause]) -> String {
    let (mut reasons, mut advice, mut fixes) = (Vec::new(), Vec::new(), Vec::new());
    for cause in causes {
        reasons.push(cause.reason());
        if let Some(near) = cause.near_miss().filter(|near| near.is_near()) {
            advice.push(format!("nearest: {near}"));
        }
        if let Some(fix) = cause.fix() {
            fixes.push(format!("fix: {fix}"));
        }
    }
    advice.append(&mut fixes);
    let reasons = reasons.join("; ");
    if advice.is_empty() {
        reasons
    } else {
        format!("{reasons} ({})", advice.join("; "))
    }
}

fn asks_for_authorization(head: &RequestHead) -> bool {
    let authorization = fetch_standard::NON_WILDCARD_REQUEST_HEADER.as_bytes();
    let is_it = |name: &[u8]| name.trim_ascii().eq_ignore_ascii_case(authorization);
    let mut lines = head.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS);
    lines.any(|line| line.as_bytes().split(|byte| *byte == b',').any(is_it))
}

fn allowed(what: &str, local: &LocalPolicy, request: &ServiceRequest, origin: &AllowedOrigin<'_>) {
    match origin {
        AllowedOrigin::Any => {
            log::trace!(target: TARGET, "allowed {what} to {}: any origin is allowed", path(request));
        }
        AllowedOrigin::Listed(value, _) | AllowedOrigin::WithCredentials(value, _) => log::trace!(
            target: TARGET,
            "allowed {what} to {}: origin {} is allowed by {}",
            path(request),
            Quoted(value.as_bytes()),
            Line(admitted_by(local.rules(), origin)),
        ),
    }
}

/// What admitted an origin, in a person's words.
fn admitted_by<'p>(rules: &'p Rules, origin: &AllowedOrigin<'_>) -> &'p str {
    let (list, value, by) = match (origin, &rules.origins) {
        (AllowedOrigin::Listed(value, by), Origins::Listed(list)) => (Some(list), value, by),
        (AllowedOrigin::WithCredentials(value, by), _) => {
            (rules.credentials_for.as_deref(), value, by)
        }
        _ => return "any origin",
    };
    let text = list.and_then(|list| list.text(*by, value.as_bytes()));
    text.unwrap_or(by.kind())
}

/// An inner `Cors` grants what the outer one does not. The headers are sent, but that is seldom intended.
#[cold]
pub(super) fn loosened(loosened: &Loosened<'_>) {
    let (what, origin) = match loosened {
        Loosened::Origin(origin) => ("", origin),
        Loosened::Credentials(origin) => ("credentials to ", origin),
    };
    log::warn!(
        target: TARGET,
        "an inner Cors allows {what}origin {}, and the outer one does not (without a preflight, only the inner policy \
         counts; use one Cors with Cors::at)",
        Quoted(origin.as_bytes()),
    );
}

/// The origin as it was sent, or nothing.
fn origin_of(head: &RequestHead) -> &[u8] {
    let origin = head.headers().get(ORIGIN);
    origin.map_or(b"", HeaderValue::as_bytes)
}

fn path(request: &ServiceRequest) -> Quoted<'_> {
    Quoted(request.path().as_bytes())
}
