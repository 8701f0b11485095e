//! Where a browser is known to do otherwise than the standard says, and so otherwise than the browser for tests: what
//! comes of a row is changed accordingly, and then has to be the same.

use crate::{cases::Case, driver::Kind, log::Sent, run::Outcome, verdict::Verdict};

/// A difference, in all rows of one name, or in that of one policy.
pub struct Known {
    browser: Kind,
    policy: Option<&'static str>,
    about: &'static str,
    pub why: &'static str,
    change: fn(&mut Outcome),
}

const NO_METADATA: &str = "Chromium sends no `Sec-Fetch-Mode`, `Sec-Fetch-Site` and `Accept` with the handshake of a WebSocket.";
const EARLY_METADATA: &str =
    "Chromium sends `Sec-Fetch-Mode` with preflights to locations that are not trustworthy too.";
const NOT_YET: &str = "Both browsers still take `*` for `Authorization` as well, and announce in their consoles that they \
    will not. This crate never relies on it.";
const CHECKED_TOGETHER: &str = "Chromium joins the values of a header before it checks whether they are safelisted, and so \
    asks by a preflight where the standard and Firefox do not.";
const HINTS: &str =
    "Chromium takes client hints and `Save-Data` for safelisted, and asks no preflight for them.";
const RANGE: &str = "Chromium writes the unit of a `Range` in lower case.";
const NAMED_TWICE: &str =
    "Firefox names a header that is set twice two times in `Access-Control-Request-Headers`.";
const ORIGIN_OF_PREFLIGHT: &str = "After a redirect that makes the request's `Origin` `null`, Firefox's preflight still \
    names the page's; and it asks by a preflight even if the request does not need one any more.";
const PREFLIGHT_KEPT: &str =
    "After a redirect, Firefox asks by a preflight even if the request does not need one any more.";
const WILDCARD_FORGOTTEN: &str = "Firefox does not remember what was allowed by `*`.";
const CREDENTIALS_APART: &str =
    "Firefox remembers what was allowed with credentials for requests with credentials alone.";

const fn known(
    browser: Kind,
    about: &'static str,
    why: &'static str,
    change: fn(&mut Outcome),
) -> Known {
    Known {
        browser,
        policy: None,
        about,
        why,
        change,
    }
}

/// All of them.
#[rustfmt::skip]
pub const KNOWN: [Known; 17] = [
    known(Kind::Chromium, "Accept-Language twice, of 100 bytes each", CHECKED_TOGETHER, |outcome| {
        preflight_before(outcome, 0, Some("accept-language"));
    }),
    known(Kind::Chromium, "client hints and Save-Data", HINTS, |outcome| {
        outcome.sent.retain(|sent| !sent.is_preflight());
    }),
    known(Kind::Chromium, "range: `BYTES=0-5`", RANGE, |outcome| {
        for sent in outcome.sent.iter_mut().filter(|sent| !sent.is_preflight()) {
            sent.set("range", "bytes=0-5");
        }
    }),
    known(Kind::Chromium, "WebSocket", NO_METADATA, without_metadata),
    known(Kind::Chromium, "WebSocket, status 302", NO_METADATA, without_metadata),
    known(Kind::Chromium, "to an API without TLS, PUT", EARLY_METADATA, |outcome| {
        for sent in outcome.sent.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("sec-fetch-mode", "cors");
        }
    }),
    known(Kind::Chromium, "headers * and Authorization", NOT_YET, authorization_by_wildcard),
    known(Kind::Firefox, "headers * and Authorization", NOT_YET, authorization_by_wildcard),
    known(Kind::Firefox, "x-tenant twice", NAMED_TWICE, |outcome| {
        for sent in outcome.sent.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("access-control-request-headers", "x-tenant,x-tenant");
        }
    }),
    known(Kind::Firefox, "redirect after a preflight, to another origin that allows any", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known(Kind::Firefox, "redirect after a preflight, to another origin that allows null", ORIGIN_OF_PREFLIGHT, |outcome| {
        first_origin_in_preflights(outcome);
        // So it is denied.
        outcome.sent.pop();
        outcome.verdicts = vec![Verdict::error()];
    }),
    known(Kind::Firefox, "redirect of Authorization to another origin, which is left out", ORIGIN_OF_PREFLIGHT, |outcome| {
        preflight_before_last(outcome);
        first_origin_in_preflights(outcome);
    }),
    known(Kind::Firefox, "redirect of x-tenant to another origin, which is asked for again", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known(Kind::Firefox, "redirect of PUT by 303", PREFLIGHT_KEPT, preflight_before_last),
    Known {
        policy: Some("any"),
        ..known(Kind::Firefox, "PUT twice", WILDCARD_FORGOTTEN, preflight_before_last)
    },
    Known {
        policy: Some("any"),
        ..known(Kind::Firefox, "x-tenant, then x-other", WILDCARD_FORGOTTEN, |outcome| preflight_before(outcome, 2, Some("x-other")))
    },
    known(Kind::Firefox, "PUT with credentials, then without", CREDENTIALS_APART, preflight_before_last),
];

/// What is known of a row.
pub fn of(browser: Kind, case: &Case) -> Option<&'static Known> {
    KNOWN.iter().find(|known| {
        known.browser == browser
            && known.about == case.about
            && known.policy.is_none_or(|policy| policy == case.policy)
    })
}

impl Known {
    /// What comes of the row in this browser.
    pub fn apply(&self, mut outcome: Outcome) -> Outcome {
        (self.change)(&mut outcome);
        outcome
    }
}

fn without_metadata(outcome: &mut Outcome) {
    for sent in &mut outcome.sent {
        for name in ["sec-fetch-mode", "sec-fetch-site", "accept"] {
            sent.remove(name);
        }
    }
}

fn preflight_before(outcome: &mut Outcome, number: usize, asked: Option<&str>) {
    if let Some(sent) = outcome.sent.get(number) {
        let preflight = sent.preflight(asked);
        outcome.sent.insert(number, preflight);
    }
}

fn preflight_before_last(outcome: &mut Outcome) {
    let last = outcome.sent.len().saturating_sub(1);
    preflight_before(outcome, last, None);
}

fn first_origin_in_preflights(outcome: &mut Outcome) {
    let first = outcome.sent.first().and_then(|sent| sent.header("origin"));
    let Some(first) = first.map(str::to_owned) else {
        return;
    };
    for sent in outcome.sent.iter_mut().filter(|sent| sent.is_preflight()) {
        sent.set("origin", &first);
    }
}

/// The request is sent, and read.
fn authorization_by_wildcard(outcome: &mut Outcome) {
    let Some(preflight) = outcome.sent.first().cloned() else {
        return;
    };
    let mut request = Sent {
        method: "GET".to_owned(),
        ..preflight
    };
    request.remove("access-control-request-method");
    request.remove("access-control-request-headers");
    request.set("authorization", "Bearer 7");
    outcome.verdicts = vec![Verdict {
        outcome: "cors".to_owned(),
        status: 200,
        url: outcome.urls.first().cloned().unwrap_or_default(),
        headers: ["content-length: 3", "content-type: text/plain"]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: "raw".to_owned(),
        ..Verdict::default()
    }];
    outcome.sent.push(request);
    outcome.blocked.clear();
}
