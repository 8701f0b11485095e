//! The known differences between real browsers and the standard, and so between them and the simulated browser. Each changes
//! the expected outcome of a case, and the outcome in the real browser has to be equal to that.

use crate::{
    cases::Case, driver::BrowserKind, log::ReceivedRequest, page_result::PageResult, run::Outcome,
};

/// A known difference, in all cases of one name, or in the case with that name and one policy.
pub struct KnownDifference {
    browser: BrowserKind,
    policy: Option<&'static str>,
    about: &'static str,
    pub why: &'static str,
    change: fn(&mut Outcome),
}

const NO_METADATA: &str = "Chromium sends no `Sec-Fetch-Mode`, `Sec-Fetch-Site` and `Accept` in the handshake of a WebSocket.";
const EARLY_METADATA: &str =
    "Chromium sends `Sec-Fetch-Mode` in preflights even to URLs that are not trustworthy.";
const AUTHORIZATION_BY_WILDCARD: &str = "In both browsers, `*` still covers `Authorization`. Their consoles announce that this will change. \
    This crate does not rely on it.";
const JOINED_VALUES: &str = "Chromium joins the values of a header before it checks whether they are safelisted. So it sends \
    a preflight that the standard does not require and Firefox does not send.";
const HINTS: &str =
    "For Chromium, client hints and `Save-Data` are safelisted, so it sends no preflight for them.";
const RANGE: &str = "Chromium changes the unit of `Range` to lower case.";
const NAMED_TWICE: &str =
    "If a page sets a header twice, Firefox lists it twice in `Access-Control-Request-Headers`.";
const ORIGIN_OF_PREFLIGHT: &str = "After a redirect that changes the `Origin` of the request to `null`, the preflight of Firefox \
    still has the origin of the page. Firefox also sends this preflight if the request no longer needs one.";
const PREFLIGHT_KEPT: &str =
    "After a redirect, Firefox sends a preflight even if the request no longer needs one.";
const WILDCARD_NOT_CACHED: &str = "Firefox does not cache a permission that `*` gave.";
const CREDENTIALS_CACHED_APART: &str =
    "Firefox uses a cached permission with credentials only for requests with credentials.";

const fn known(
    browser: BrowserKind,
    about: &'static str,
    why: &'static str,
    change: fn(&mut Outcome),
) -> KnownDifference {
    KnownDifference {
        browser,
        policy: None,
        about,
        why,
        change,
    }
}

/// All known differences.
#[rustfmt::skip]
pub const KNOWN_DIFFERENCES: [KnownDifference; 17] = [
    known(BrowserKind::Chromium, "Accept-Language twice, of 100 bytes each", JOINED_VALUES, |outcome| {
        preflight_before(outcome, 0, Some("accept-language"));
    }),
    known(BrowserKind::Chromium, "client hints and Save-Data", HINTS, |outcome| {
        outcome.requests.retain(|sent| !sent.is_preflight());
    }),
    known(BrowserKind::Chromium, "range: `BYTES=0-5`", RANGE, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| !sent.is_preflight()) {
            sent.set("range", "bytes=0-5");
        }
    }),
    known(BrowserKind::Chromium, "WebSocket", NO_METADATA, without_metadata),
    known(BrowserKind::Chromium, "WebSocket, status 302", NO_METADATA, without_metadata),
    known(BrowserKind::Chromium, "to an API without TLS, PUT", EARLY_METADATA, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("sec-fetch-mode", "cors");
        }
    }),
    known(BrowserKind::Chromium, "headers * and Authorization", AUTHORIZATION_BY_WILDCARD, authorization_by_wildcard),
    known(BrowserKind::Firefox, "headers * and Authorization", AUTHORIZATION_BY_WILDCARD, authorization_by_wildcard),
    known(BrowserKind::Firefox, "x-tenant twice", NAMED_TWICE, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("access-control-request-headers", "x-tenant,x-tenant");
        }
    }),
    known(BrowserKind::Firefox, "redirect after a preflight, to another origin that allows any", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known(BrowserKind::Firefox, "redirect after a preflight, to another origin that allows null", ORIGIN_OF_PREFLIGHT, |outcome| {
        first_origin_in_preflights(outcome);
        // The server allows only `null`, so it denies this preflight.
        outcome.requests.pop();
        outcome.results = vec![PageResult::error()];
    }),
    known(BrowserKind::Firefox, "redirect with Authorization to another origin, which does not get it", ORIGIN_OF_PREFLIGHT, |outcome| {
        preflight_before_last(outcome);
        first_origin_in_preflights(outcome);
    }),
    known(BrowserKind::Firefox, "redirect with x-tenant to another origin, which needs its own preflight", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known(BrowserKind::Firefox, "redirect of PUT by 303", PREFLIGHT_KEPT, preflight_before_last),
    KnownDifference {
        policy: Some("any"),
        ..known(BrowserKind::Firefox, "PUT twice", WILDCARD_NOT_CACHED, preflight_before_last)
    },
    KnownDifference {
        policy: Some("any"),
        ..known(BrowserKind::Firefox, "x-tenant, then x-other", WILDCARD_NOT_CACHED, |outcome| preflight_before(outcome, 2, Some("x-other")))
    },
    known(BrowserKind::Firefox, "PUT with credentials, then without", CREDENTIALS_CACHED_APART, preflight_before_last),
];

/// The known difference of a case in this browser.
pub fn of(browser: BrowserKind, case: &Case) -> Option<&'static KnownDifference> {
    KNOWN_DIFFERENCES.iter().find(|known| {
        known.browser == browser
            && known.about == case.about
            && known.policy.is_none_or(|policy| policy == case.policy)
    })
}

impl KnownDifference {
    /// The expected outcome in this browser.
    pub fn apply(&self, mut outcome: Outcome) -> Outcome {
        (self.change)(&mut outcome);
        outcome
    }
}

fn without_metadata(outcome: &mut Outcome) {
    for sent in &mut outcome.requests {
        for name in ["sec-fetch-mode", "sec-fetch-site", "accept"] {
            sent.remove(name);
        }
    }
}

fn preflight_before(outcome: &mut Outcome, number: usize, asked: Option<&str>) {
    if let Some(sent) = outcome.requests.get(number) {
        let preflight = sent.preflight(asked);
        outcome.requests.insert(number, preflight);
    }
}

fn preflight_before_last(outcome: &mut Outcome) {
    let last = outcome.requests.len().saturating_sub(1);
    preflight_before(outcome, last, None);
}

fn first_origin_in_preflights(outcome: &mut Outcome) {
    let first = outcome
        .requests
        .first()
        .and_then(|sent| sent.header("origin"));
    let Some(first) = first.map(str::to_owned) else {
        return;
    };
    for sent in outcome
        .requests
        .iter_mut()
        .filter(|sent| sent.is_preflight())
    {
        sent.set("origin", &first);
    }
}

/// The preflight succeeds, so the browser sends the request, and the page reads the response.
fn authorization_by_wildcard(outcome: &mut Outcome) {
    let Some(preflight) = outcome.requests.first().cloned() else {
        return;
    };
    let mut request = ReceivedRequest {
        method: "GET".to_owned(),
        ..preflight
    };
    request.remove("access-control-request-method");
    request.remove("access-control-request-headers");
    request.set("authorization", "Bearer 7");
    outcome.results = vec![PageResult {
        outcome: "cors".to_owned(),
        status: 200,
        url: outcome.urls.first().cloned().unwrap_or_default(),
        headers: ["content-length: 3", "content-type: text/plain"]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: "raw".to_owned(),
        ..PageResult::default()
    }];
    outcome.requests.push(request);
    outcome.blocked.clear();
}
