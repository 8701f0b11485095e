//! Where a browser is known to do otherwise than the standard says, and so otherwise than the browser for tests. Nothing
//! else may differ, and what stands here must.

use crate::{driver::Kind, run::Differs};

/// A difference, in all rows of one name.
pub struct Known {
    pub browser: Kind,
    pub about: &'static str,
    pub differs: Differs,
    pub why: &'static str,
}

const fn sent(browser: Kind, about: &'static str, why: &'static str) -> Known {
    Known {
        browser,
        about,
        differs: Differs::Sent,
        why,
    }
}

const fn verdict(browser: Kind, about: &'static str, why: &'static str) -> Known {
    Known {
        browser,
        about,
        differs: Differs::Verdict,
        why,
    }
}

const NO_METADATA: &str =
    "Chromium sends no `Sec-Fetch-Mode` and `Sec-Fetch-Site` with the handshake of a WebSocket.";
const EARLY_METADATA: &str =
    "Chromium sends `Sec-Fetch-Mode` with preflights to places that are not trustworthy too.";
const NOT_YET: &str = "Both browsers still take `*` for `Authorization` as well, and announce in their consoles that they \
    will not. This crate never relies on it.";
const ORIGIN_OF_PREFLIGHT: &str = "After a redirect that makes the request's `Origin` `null`, Firefox's preflight still \
    names the page's; and it asks by a preflight even if the request does not need one any more.";
const PREFLIGHT_KEPT: &str =
    "After a redirect, Firefox asks by a preflight even if the request does not need one any more.";
const WILDCARD_FORGOTTEN: &str = "Firefox does not remember what was allowed by `*`.";
const CREDENTIALS_APART: &str =
    "Firefox remembers what was allowed with credentials for requests with credentials alone.";

const JUDGED_TOGETHER: &str = "Chromium joins the values of a header before it judges whether they are safelisted, and so \
    asks by a preflight where the standard and Firefox do not.";
const NAMED_TWICE: &str =
    "Firefox names a header that is set twice two times in `Access-Control-Request-Headers`.";

/// All of them.
pub const KNOWN: [Known; 14] = [
    sent(
        Kind::Chromium,
        "Accept-Language twice, of 100 bytes each",
        JUDGED_TOGETHER,
    ),
    sent(Kind::Firefox, "x-tenant twice", NAMED_TWICE),
    sent(Kind::Chromium, "WebSocket", NO_METADATA),
    sent(Kind::Chromium, "to an API without TLS, PUT", EARLY_METADATA),
    verdict(Kind::Chromium, "headers * and Authorization", NOT_YET),
    verdict(Kind::Firefox, "headers * and Authorization", NOT_YET),
    sent(
        Kind::Firefox,
        "redirect after a preflight, to another origin that allows any",
        ORIGIN_OF_PREFLIGHT,
    ),
    verdict(
        Kind::Firefox,
        "redirect after a preflight, to another origin that allows null",
        ORIGIN_OF_PREFLIGHT,
    ),
    sent(
        Kind::Firefox,
        "redirect of Authorization to another origin, which is left out",
        ORIGIN_OF_PREFLIGHT,
    ),
    sent(
        Kind::Firefox,
        "redirect of x-tenant to another origin, which is asked for again",
        ORIGIN_OF_PREFLIGHT,
    ),
    sent(Kind::Firefox, "redirect of PUT by 303", PREFLIGHT_KEPT),
    sent(
        Kind::Firefox,
        "PUT twice, where any method is allowed",
        WILDCARD_FORGOTTEN,
    ),
    sent(
        Kind::Firefox,
        "x-tenant, then x-other, where any is allowed",
        WILDCARD_FORGOTTEN,
    ),
    sent(
        Kind::Firefox,
        "PUT with credentials, then without",
        CREDENTIALS_APART,
    ),
];

/// What is known of a row.
pub fn of(browser: Kind, about: &str) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| known.browser == browser && known.about == about)
}
