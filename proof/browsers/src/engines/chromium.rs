//! Chromium, by `chromedriver`.

use std::{fs, io, os::unix::fs::MetadataExt as _, process::Command, time::Duration};

use expect_test::expect_file;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

use super::Engine;
use crate::{
    console::ConsoleMessage,
    driver::{Driver, Launched},
    known_differences::{
        AUTHORIZATION_BY_WILDCARD, JOINED_VALUES, KnownDifference, authorization_by_wildcard,
        known, preflight_before,
    },
    origins::HOSTS,
    process,
    run::Outcome,
};

pub static ENGINE: Engine = Engine {
    name: "chromium",
    title: "Chromium",
    installation_hint: "install the packages chromium and chromium-driver",
    launch,
    max_age_limit: Duration::from_secs(7_200),
    console: |driver| console(driver).boxed_local(),
    set_dark: |driver, is_dark| set_dark(driver, is_dark).boxed_local(),
    forbid_storage: |driver| forbid_storage(driver).boxed_local(),
    message: |denial| ConsoleMessage::of(0, &denial.blocked),
    denial_mark: "blocked by CORS policy",
    // It has a separate console for each sandboxed frame.
    has_console_of_frames: false,
    known_differences: &KNOWN_DIFFERENCES,
    table: || expect_file!["../../tables/chromium.md"],
};

fn launch() -> io::Result<Launched> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0");
    let (process, port) = process::start(&mut command, &["successfully on port "])?;
    Ok(Launched {
        processes: vec![process],
        port,
        capabilities: capabilities()?,
    })
}

fn capabilities() -> io::Result<Value> {
    let hosts: Vec<_> = HOSTS
        .iter()
        .map(|host| format!("MAP {host} 127.0.0.1"))
        .collect();
    let mut arguments = vec![
        "--headless".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        // The browser must not send requests of its own.
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-features=HttpsUpgrades".to_owned(),
        // The certificate is self-signed. The `WebDriver` setting for this has no effect in frames.
        "--ignore-certificate-errors".to_owned(),
        format!("--host-resolver-rules={}", hosts.join(", ")),
    ];
    // The sandbox does not work for root.
    if fs::metadata("/proc/self")?.uid() == 0 {
        arguments.push("--no-sandbox".to_owned());
    }
    Ok(json!({
        "browserName": "chrome",
        "acceptInsecureCerts": true,
        "goog:chromeOptions": { "args": arguments, "prefs": { "profile.cookie_controls_mode": 0, "profile.block_third_party_cookies": false } },
        "goog:loggingPrefs": { "browser": "ALL" },
    }))
}

async fn console(driver: &Driver) -> io::Result<Vec<String>> {
    let log = driver
        .command("se/log", json!({ "type": "browser" }))
        .await?;
    let entries = log.as_array().cloned().unwrap_or_default();
    let text = |entry: &Value| Some(entry.get("message")?.as_str()?.to_owned());
    Ok(entries.iter().filter_map(text).collect())
}

async fn set_dark(driver: &Driver, is_dark: bool) -> io::Result<()> {
    let value = if is_dark { "dark" } else { "light" };
    let scheme = json!({ "name": "prefers-color-scheme", "value": value });
    let params = json!({ "features": [scheme] });
    devtools(driver, "Emulation.setEmulatedMedia", &params).await
}

async fn forbid_storage(driver: &Driver) -> io::Result<()> {
    const SCRIPT: &str = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })";
    let params = json!({ "source": SCRIPT });
    devtools(driver, "Page.addScriptToEvaluateOnNewDocument", &params).await
}

/// Sends a command of the developer tools.
async fn devtools(driver: &Driver, cmd: &str, params: &Value) -> io::Result<()> {
    let body = json!({ "cmd": cmd, "params": params });
    driver.command("goog/cdp/execute", body).await.map(drop)
}

const NO_METADATA: &str = "Chromium sends no `Sec-Fetch-Mode`, `Sec-Fetch-Site` and `Accept` in the handshake of a WebSocket \
    ([Fetch Metadata, section 3](https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration)).";
const EARLY_METADATA: &str = "Chromium sends `Sec-Fetch-Mode` in preflights even to URLs that are not trustworthy \
    ([Fetch Metadata, section 2](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-mode-header)).";
const HINTS: &str = "For Chromium, client hints and `Save-Data` are safelisted, so it sends no preflight for them \
    ([Fetch, CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header)).";
const RANGE: &str =
    "Chromium changes the unit of `Range` to lower case, which the standard does not say.";

#[rustfmt::skip]
static KNOWN_DIFFERENCES: [KnownDifference; 7] = [
    known("Accept-Language twice, of 100 bytes each", JOINED_VALUES, |outcome| {
        preflight_before(outcome, 0, Some("accept-language"));
    }),
    known("client hints and Save-Data", HINTS, |outcome| {
        outcome.requests.retain(|sent| !sent.is_preflight());
    }),
    known("range: `BYTES=0-5`", RANGE, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| !sent.is_preflight()) {
            sent.set("range", "bytes=0-5");
        }
    }),
    known("WebSocket", NO_METADATA, without_metadata),
    known("WebSocket, status 302", NO_METADATA, without_metadata),
    known("to an API without TLS, PUT", EARLY_METADATA, |outcome| {
        for sent in outcome.requests.iter_mut().filter(|sent| sent.is_preflight()) {
            sent.set("sec-fetch-mode", "cors");
        }
    }),
    known("headers * and Authorization", AUTHORIZATION_BY_WILDCARD, authorization_by_wildcard),
];

fn without_metadata(outcome: &mut Outcome) {
    for sent in &mut outcome.requests {
        for name in ["sec-fetch-mode", "sec-fetch-site", "accept"] {
            sent.remove(name);
        }
    }
}
