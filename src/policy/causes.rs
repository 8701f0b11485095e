//! All causes of a denial, and what to set for each. Searched only if somebody asks for the reason: a decision stops at
//! the first cause, because one is enough.

use std::fmt;

use super::{
    decision::{Decision, decide_method, lines},
    near_miss::{NearMiss, header_spelled_nearly},
    policy::CorsPolicy,
    reason::{Denial, Reason},
    registered::method_in_another_case,
    rejection::Rejection,
    request_headers,
    rules::{Origins, Rules},
};
use crate::{
    fix::{Fix, Piece},
    http::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, RequestHead},
    origin::{Entry, Origin, Suffix},
    quote::Quoted,
    settings::{self, SettingName, Words},
};

/// One cause of a denial. `Display` gives the reason as the log has it, escaped and shortened.
#[derive(Clone, Debug)]
pub struct Cause {
    denial: Denial,
    reason: String,
    near_miss: Option<NearMiss>,
    fix: Option<String>,
}

impl Cause {
    /// What kind of cause it is.
    #[must_use]
    pub fn denial(&self) -> Denial {
        self.denial
    }

    /// The cause as the log has it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What is nearest to it, if something is near.
    #[must_use]
    pub fn near_miss(&self) -> Option<&NearMiss> {
        self.near_miss.as_ref()
    }

    /// What to set so that this is allowed, or what to send instead; `None` if the near miss says it already, or if
    /// nothing can be proposed. Add an origin only if you trust it: the origins of attackers are denied too.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }

    /// The cause for a reason. `finds_nearest` says whether to search for the nearest entry of the
    /// allowlist.
    fn new(policy: &CorsPolicy, reason: &Reason<'_>, finds_nearest: bool) -> Self {
        let is_origin = matches!(reason, Reason::OriginNotAllowed(_));
        Self {
            denial: reason.denial(),
            reason: reason.to_string(),
            near_miss: NearMiss::of(policy, reason).filter(|_| finds_nearest || !is_origin),
            fix: fix(policy, reason),
        }
    }

    /// The cause of a rejection. What comes from a form or a beacon cannot be allowed by an origin alone.
    fn of_rejection(policy: &CorsPolicy, rejection: &Rejection<'_>, finds_nearest: bool) -> Self {
        let cause = Self::new(policy, &rejection.reason, finds_nearest);
        let fix = match (rejection.path_for_others(), rejection.reason) {
            (Some(path), _) => Some(fix_of_path(path)),
            (None, Reason::CrossSiteWithCredentials(_)) => {
                let fix = fix_of_credentials(policy, rejection.origin());
                Some(fix.in_words(&policy.locations().words))
            }
            _ => cause.fix,
        };
        Self {
            reason: rejection.to_string(),
            fix,
            ..cause
        }
    }

    /// Credentials that are sent and not allowed.
    pub(crate) fn of_credentials(policy: &CorsPolicy, origin: &[u8]) -> Self {
        Self {
            denial: Denial::CredentialsNotAllowed,
            reason: "credentials are not allowed".to_owned(),
            near_miss: Some(NearMiss::of_credentials(policy, origin)),
            fix: Some(fix_of_credentials(policy, origin).in_words(&policy.locations().words)),
        }
    }

    pub(crate) fn is_credentials(&self) -> bool {
        matches!(
            self.denial,
            Denial::CredentialsNotAllowed | Denial::CrossSiteWithCredentials
        )
    }
}

/// Lets an origin send credentials, if the policy would accept that.
fn fix_of_credentials(policy: &CorsPolicy, origin: &[u8]) -> Fix {
    let rules = policy.rules();
    if rules.credentials_for.is_some() || !may_all_have_credentials(rules) {
        // What may not have them is not proposed.
        let text = std::str::from_utf8(origin).ok();
        let may = |text: &&str| {
            Origin::parse(text).is_some()
                && Entry::parse(text).is_ok_and(|entry| !entry.is_insecure())
        };
        match text.filter(may) {
            Some(text) => {
                let added = add(text.as_bytes(), settings::CREDENTIALS_FOR);
                if_trusted(text, added)
            }
            None => Fix::from("list those that may send credentials in ")
                .and(Piece::Named(settings::CREDENTIALS_FOR)),
        }
    } else {
        Fix::from(Piece::SwitchOn(settings::CREDENTIALS))
    }
}

/// Such requests come from elsewhere on purpose only at a few paths.
fn fix_of_path(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    let path = if path.len() <= LONGEST && path.bytes().all(is_plain) {
        format!("`.at({path:?}, CorsPolicy::deny_all())`")
    } else {
        "`.at(…, CorsPolicy::deny_all())`".to_owned()
    };
    format!(
        "if other sites may send this, as the return of a login or a beacon does, give its path a policy that rejects \
         nothing: {path}"
    )
}

/// Whether credentials for all that is allowed are surely not refused. What was found out about regexes is not kept.
fn may_all_have_credentials(rules: &Rules) -> bool {
    let may = |text: &str| {
        Entry::parse(text).is_ok_and(|entry| {
            let is_claimable = matches!(entry.suffix(), Some(Suffix::Public | Suffix::Above));
            entry != Entry::Null && !entry.is_insecure() && !is_claimable
        })
    };
    match &rules.origins {
        Origins::Any => false,
        Origins::Listed(list) => list.regexes().is_empty() && list.entries().iter().all(may),
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// All causes of a denial, in the order of the checks; empty if the request is allowed. `finds_nearest` says
/// whether to search for the nearest entry of the allowlist.
pub(crate) fn causes(
    policy: &CorsPolicy,
    head: &RequestHead,
    decision: &Decision<'_>,
    finds_nearest: bool,
) -> Vec<Cause> {
    if let Decision::Rejected(rejection) = decision {
        return vec![Cause::of_rejection(policy, rejection, finds_nearest)];
    }
    let mut causes = Vec::new();
    for reason in reasons(policy.rules(), head, decision) {
        causes.push(Cause::new(policy, &reason, finds_nearest));
    }
    causes
}

/// All reasons why a request is denied, in the order of the checks; empty if it is allowed.
pub(crate) fn reasons<'r>(
    rules: &Rules,
    head: &'r RequestHead,
    decision: &Decision<'r>,
) -> Vec<Reason<'r>> {
    match decision {
        Decision::NotCors | Decision::Actual(Ok(_)) | Decision::Preflight(Ok(_)) => Vec::new(),
        #[cfg(feature = "lookup")]
        Decision::NeedsLookup => Vec::new(),
        Decision::Actual(Err(reason)) => vec![*reason],
        Decision::Rejected(rejection) => vec![rejection.reason],
        Decision::Preflight(Err(first)) => {
            let mut reasons = Vec::new();
            // The origin is checked first, so any other reason means that it is allowed. The predicate is not called
            // again.
            if first.is_of_origin() {
                reasons.push(*first);
            }
            let method = decide_method(rules, lines(head, ACCESS_CONTROL_REQUEST_METHOD));
            reasons.extend(method.err());
            let headers = lines(head, ACCESS_CONTROL_REQUEST_HEADERS);
            request_headers::causes(rules, headers, &mut reasons);
            reasons
        }
    }
}

/// The length of the longest name that is shown completely.
const LONGEST: usize = 128;

/// What to set to allow a request that is denied for this reason.
fn fix(policy: &CorsPolicy, reason: &Reason<'_>) -> Option<String> {
    let fix = match reason {
        Reason::OriginNotAllowed(origin) => fix_of_origin(policy, origin)?,
        Reason::MethodNotAllowed(method) => match policy.rules().method_in_any_case(method) {
            // `fetch` does not change the case of `patch`.
            Some(known) => Fix::from(format!("send {} from the page", Quoted(known.as_bytes()))),
            None => add_method(method),
        },
        Reason::HeaderNotAllowed(name) => {
            let name = name.to_ascii_lowercase();
            let text = String::from_utf8_lossy(&name);
            if fetch_standard::is_forbidden_request_header_name(&text) {
                return Some("remove it from the request: the browser sets it itself".to_owned());
            }
            if policy.rules().any_header {
                return Some(fix_of_authorization(&policy.locations().words));
            }
            let added = add(&name, settings::HEADERS);
            match header_spelled_nearly(policy.rules(), &text) {
                Some(known) => {
                    let send = format!("send {} from the page, or ", Quoted(known.as_bytes()));
                    Fix::from(send).and_all(added)
                }
                None => added,
            }
        }
        Reason::MethodForbidden(_) => "use another method: no page can send this one".into(),
        _ => return None,
    };
    // Nobody could use a fix that shows only a part of a value.
    let is_whole = match reason {
        Reason::MethodNotAllowed(value) | Reason::HeaderNotAllowed(value) => value.len() <= LONGEST,
        _ => true,
    };
    is_whole.then(|| fix.in_words(&policy.locations().words))
}

/// A registered method is refused in another case.
fn add_method(method: &[u8]) -> Fix {
    let text = String::from_utf8_lossy(method);
    match method_in_another_case(&text) {
        Some(known) => Fix::from(format!(
            "send {} from the page, and ",
            Quoted(known.as_bytes())
        ))
        .and_all(add(known.as_bytes(), settings::METHODS)),
        None => add(method, settings::METHODS),
    }
}

/// An origin is proposed only if the policy would accept it.
fn fix_of_origin(policy: &CorsPolicy, origin: &[u8]) -> Option<Fix> {
    let rules = policy.rules();
    let Origins::Listed(list) = &rules.origins else {
        return None;
    };
    let text = std::str::from_utf8(origin).ok()?;
    let entry = Entry::parse(text).ok()?;
    if entry != Entry::Null {
        // A request can send what is a pattern in a policy.
        Origin::parse(text)?;
    }
    if entry == Entry::Null {
        let serve = "serve the page from its own origin";
        return Some(if rules.credentials {
            Fix::from(format!("{serve}: opaque origins cannot have credentials"))
        } else {
            Fix::from(format!("{serve}, or add `null` to "))
                .and(Piece::Named(settings::ORIGINS))
                .and(", which admits every sandboxed page")
        });
    }
    let denies_all =
        list.entries().is_empty() && list.regexes().is_empty() && list.predicates() == 0;
    let is_allowed_over_https = text
        .strip_prefix("http://")
        .is_some_and(|rest| policy.allows_origin(&format!("https://{rest}")));
    if is_allowed_over_https && entry.is_insecure() {
        let serve = Fix::from("serve the page over https: that origin is allowed");
        return Some(if rules.credentials {
            serve
        } else {
            serve
                .and("; or, if you trust it and the network, ")
                .and_all(add(origin, settings::ORIGINS))
        });
    }
    let fix = if rules.credentials && entry.is_insecure() {
        "serve the page over https, and add that origin".into()
    } else if rules.has_lookup() {
        let origin = Quoted(origin);
        Fix::from(format!("add {origin} to what the look-up reads, or to "))
            .and(Piece::Named(settings::ORIGINS))
    } else if denies_all {
        let origin = Quoted(origin);
        Fix::from(format!("write {origin} instead of `none` in "))
            .and(Piece::Named(settings::ORIGINS))
    } else {
        add(origin, settings::ORIGINS)
    };
    Some(if_trusted(text, fix))
}

/// What lets an origin read responses, and what to make sure of before. The origin of an attacker is denied too, and may look
/// like one that is allowed.
fn if_trusted(origin: &str, fix: Fix) -> Fix {
    let is_of_this_machine = Entry::parse(origin).is_ok_and(|entry| entry.is_of_this_machine());
    if is_of_this_machine {
        fix
    } else {
        Fix::from("if you trust it, ").and_all(fix)
    }
}

impl CorsPolicy {
    /// What to set to allow `authorization` in addition to any header.
    pub(crate) fn fix_of_authorization(&self) -> String {
        fix_of_authorization(&self.locations().words)
    }
}

/// "Any header" does not cover `authorization`.
fn fix_of_authorization(words: &Words) -> String {
    match words.variable_or_key(&settings::HEADERS) {
        Some(variable) => format!("write `*,authorization` in {}", Quoted(variable.as_bytes())),
        None => "call `allow_headers([\"authorization\"])` too, which sends `*,authorization`"
            .to_owned(),
    }
}

fn add(value: &[u8], setting: SettingName) -> Fix {
    Fix::from(format!("add {} to ", Quoted(value))).and(Piece::Named(setting))
}
