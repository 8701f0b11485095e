//! Firefox, by `geckodriver`.

use std::{io, process::Command, time::Duration};

use expect_test::expect_file;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

use super::Engine;
use crate::{
    console::ConsoleMessage,
    driver::{Driver, Launched},
    known_differences::{
        AUTHORIZATION_BY_WILDCARD, KnownDifference, PREFLIGHT_KEPT, authorization_by_wildcard,
        known, preflight_before, preflight_before_last,
    },
    origins::HOSTS,
    page_result::PageResult,
    process,
    run::Outcome,
};

pub static ENGINE: Engine = Engine {
    name: "firefox",
    title: "Firefox",
    installation_hint: "install the package firefox-esr, and `cargo install geckodriver`",
    launch,
    max_age_limit: Duration::from_secs(86_400),
    console: |driver| console(driver).boxed_local(),
    set_dark: |driver, is_dark| set_dark(driver, is_dark).boxed_local(),
    forbid_storage: |driver| forbid_storage(driver).boxed_local(),
    message: |denial| ConsoleMessage::of(1, &denial.blocked),
    denial_mark: "Cross-Origin Request Blocked",
    has_console_of_frames: true,
    known_differences: &KNOWN_DIFFERENCES,
    table: || expect_file!["../../tables/firefox.md"],
};

fn launch() -> io::Result<Launched> {
    let mut command = Command::new("geckodriver");
    // This is needed to read the console, which says why Firefox blocks a response.
    command.args(["--port", "0", "--allow-system-access"]);
    let (process, port) = process::start(&mut command, &["Listening on 127.0.0.1:"])?;
    Ok(Launched {
        processes: vec![process],
        port,
        capabilities: json!({
            "browserName": "firefox",
            "acceptInsecureCerts": true,
            "moz:firefoxOptions": {
                "args": ["-headless"],
                "prefs": {
                    "network.dns.localDomains": HOSTS.join(","),
                    "network.proxy.type": 0,
                    "dom.security.https_first": false,
                    // Cookies are sent to other sites, as in the simulated browser.
                    "network.cookie.cookieBehavior": 0,
                },
            },
        }),
    })
}

/// geckodriver has no command for this.
async fn console(driver: &Driver) -> io::Result<Vec<String>> {
    const SCRIPT: &str =
        "const said = Services.console.getMessageArray().map((entry) => entry.message);
        Services.console.reset();
        return said;";
    serde_json::from_value(run_inside(driver, SCRIPT).await?).map_err(io::Error::other)
}

async fn set_dark(driver: &Driver, is_dark: bool) -> io::Result<()> {
    const NAME: &str = "layout.css.prefers-color-scheme.content-override";
    let value = u8::from(!is_dark);
    let script = format!("Services.prefs.setIntPref('{NAME}', {value})");
    run_inside(driver, &script).await.map(drop)
}

async fn forbid_storage(driver: &Driver) -> io::Result<()> {
    const SCRIPT: &str = "Services.prefs.setBoolPref('dom.storage.enabled', false)";
    run_inside(driver, SCRIPT).await.map(drop)
}

/// Runs a script inside the browser, outside of any page.
async fn run_inside(driver: &Driver, script: &str) -> io::Result<Value> {
    driver
        .command("moz/context", json!({ "context": "chrome" }))
        .await?;
    let returned = driver.client.execute(script, Vec::new()).await;
    driver
        .command("moz/context", json!({ "context": "content" }))
        .await?;
    returned.map_err(io::Error::other)
}

const NAMED_TWICE: &str = "If a page sets a header twice, Firefox lists it twice in `Access-Control-Request-Headers` \
    ([Fetch, CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), a sorted set).";
const ORIGIN_OF_PREFLIGHT: &str = "After a redirect that changes the `Origin` of the request to `null`, the preflight of Firefox \
    still has the origin of the page ([Fetch, serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin)). \
    Firefox also sends this preflight if the request no longer needs one.";
const WILDCARD_NOT_CACHED: &str = "Firefox does not cache a permission that `*` gave \
    ([Fetch, method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method)).";
const CREDENTIALS_CACHED_APART: &str = "Firefox uses a cached permission with credentials only for requests with credentials \
    ([Fetch, cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match)).";

#[rustfmt::skip]
static KNOWN_DIFFERENCES: [KnownDifference; 11] = [
    known("headers * and Authorization", AUTHORIZATION_BY_WILDCARD, authorization_by_wildcard),
    known("x-tenant twice", NAMED_TWICE, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("access-control-request-headers", "x-tenant,x-tenant");
        }
    }),
    known("redirect after a preflight, to another origin that allows any", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known("redirect after a preflight, to another origin that allows null", ORIGIN_OF_PREFLIGHT, |outcome| {
        first_origin_in_preflights(outcome);
        // The server allows only `null`, so it denies this preflight.
        outcome.requests.pop();
        outcome.results = vec![PageResult::error()];
    }),
    known("redirect with Authorization to another origin, which does not get it", ORIGIN_OF_PREFLIGHT, needless_preflight),
    known("redirect with Authorization to another origin, which allows it", ORIGIN_OF_PREFLIGHT, needless_preflight),
    known("redirect with x-tenant to another origin, which needs its own preflight", ORIGIN_OF_PREFLIGHT, first_origin_in_preflights),
    known("redirect of PUT by 303", PREFLIGHT_KEPT, preflight_before_last),
    known("PUT twice", WILDCARD_NOT_CACHED, preflight_before_last).only(|case| case.policy == "any"),
    known("x-tenant, then x-other", WILDCARD_NOT_CACHED, |outcome| preflight_before(outcome, 2, Some("x-other"))).only(|case| case.policy == "any"),
    known("PUT with credentials, then without", CREDENTIALS_CACHED_APART, preflight_before_last),
];

fn needless_preflight(outcome: &mut Outcome) {
    preflight_before_last(outcome);
    first_origin_in_preflights(outcome);
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
