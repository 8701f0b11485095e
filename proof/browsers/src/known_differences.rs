//! The known differences between real browsers and the standard, and so between them and the simulated browser. Each changes
//! the expected outcome of a case, and the outcome in the real browser has to be equal to that. The engines list them.

use crate::{cases::Case, log::ReceivedRequest, page_result::PageResult, run::Outcome};

/// A known difference, in cases of one name.
pub struct KnownDifference {
    about: &'static str,
    only: fn(&Case) -> bool,
    /// The explanation, with the section of the standard or the bug of the browser.
    pub why: &'static str,
    change: fn(&mut Outcome),
}

pub const AUTHORIZATION_BY_WILDCARD: &str = "In all browsers, `*` still covers `Authorization`, in WebKit from the cache too \
    ([Fetch, CORS-preflight fetch, step 7.6](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)). The consoles of \
    Chromium and Firefox announce that this will change. This crate does not rely on it.";
pub const JOINED_VALUES: &str = "Chromium and WebKit join the values of a header before they check whether they are safelisted. \
    So they send a preflight that the standard does not require and Firefox does not send \
    ([Fetch, CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)).";
pub const PREFLIGHT_KEPT: &str = "After a redirect, Firefox and WebKit send a preflight even if the request no longer needs one \
    ([Fetch, HTTP-redirect fetch, steps 12 and 13](https://fetch.spec.whatwg.org/#http-redirect-fetch)).";

/// In place of a name: cases of all names.
pub const ANY: &str = "*";

pub const fn known(
    about: &'static str,
    why: &'static str,
    change: fn(&mut Outcome),
) -> KnownDifference {
    KnownDifference {
        about,
        only: |_| true,
        why,
        change,
    }
}

impl KnownDifference {
    /// The same difference, only in some of the cases.
    pub const fn only(self, only: fn(&Case) -> bool) -> Self {
        Self { only, ..self }
    }

    pub fn is_of(&self, case: &Case) -> bool {
        (self.about == ANY || self.about == case.about) && (self.only)(case)
    }

    /// The expected outcome in this browser.
    pub fn apply(&self, mut outcome: Outcome) -> Outcome {
        (self.change)(&mut outcome);
        outcome
    }
}

pub fn preflight_before(outcome: &mut Outcome, number: usize, asked: Option<&str>) {
    if let Some(sent) = outcome.requests.get(number) {
        let preflight = sent.preflight(asked);
        outcome.requests.insert(number, preflight);
    }
}

pub fn preflight_before_last(outcome: &mut Outcome) {
    let last = outcome.requests.len().saturating_sub(1);
    preflight_before(outcome, last, None);
}

/// The preflight succeeds, so the browser sends the request, and the page reads the response.
pub fn authorization_by_wildcard(outcome: &mut Outcome) {
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
    outcome.denials.clear();
}
