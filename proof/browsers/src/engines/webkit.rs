//! WebKitGTK, by `WebKitWebDriver`: the engine of Safari, with the network library of GNOME.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use actix_web::rt;
use cors_test_browser::{Blocked, CorsCheckError};
use expect_test::expect_file;
use futures_util::{FutureExt as _, future};
use serde_json::json;

use super::Engine;
use crate::{
    cases::EXAMPLE,
    console::{ConsoleMessage, Denial},
    driver::Launched,
    known_differences::{
        ANY, AUTHORIZATION_BY_WILDCARD, JOINED_VALUES, KnownDifference, PREFLIGHT_KEPT,
        authorization_by_wildcard, known, preflight_before, preflight_before_last,
    },
    origins::{HOSTS, Page},
    page_result::PageResult,
    process,
    run::Outcome,
};

pub static ENGINE: Engine = Engine {
    name: "webkit",
    title: "WebKit",
    installation_hint: "install the packages webkit2gtk-driver, gir1.2-webkit2-4.1, python3-gi, libnss-wrapper and xvfb",
    launch,
    max_age_limit: Duration::from_secs(600),
    console: |_| future::ready(console()).boxed_local(),
    set_dark: |_, is_dark| set_dark(is_dark).boxed_local(),
    forbid_storage: |_| tell("no storage").boxed_local(),
    message,
    denial_mark: "due to access control checks",
    has_console_of_frames: true,
    known_differences: &KNOWN_DIFFERENCES,
    table: || expect_file!["../../tables/webkit.md"],
};

/// How long the window may take to read what it is told.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The folder of the profile.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/browsers/webkit")
}

fn launch() -> io::Result<Launched> {
    let folder = folder();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    // WebKit has no setting for host names, so the names of the C library are replaced.
    let hosts = folder.join("hosts");
    let lines: Vec<_> = HOSTS
        .iter()
        .map(|host| format!("127.0.0.1 {host}\n"))
        .collect();
    fs::write(&hosts, lines.concat())?;

    // It has no mode without a window either.
    let mut screen = Command::new("Xvfb");
    screen.args([
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        "1400x1100x24",
    ]);
    let (screen, display) = process::start(&mut screen, &[""])?;

    let port = process::free_port()?;
    let mut command = Command::new("WebKitWebDriver");
    command
        .arg(format!("--port={port}"))
        .env("DISPLAY", format!(":{display}"))
        .env("GDK_BACKEND", "x11")
        .env("LD_PRELOAD", "libnss_wrapper.so")
        .env("NSS_WRAPPER_HOSTS", hosts);
    let driver = process::start_at(port, &mut command)?;
    let browser = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engines/webkit_browser.py");
    Ok(Launched {
        processes: vec![driver, screen],
        port,
        capabilities: json!({
            "acceptInsecureCerts": true,
            "webkitgtk:browserOptions": { "binary": "/usr/bin/python3", "args": [browser, folder] },
        }),
    })
}

/// Reads the file to which the browser writes its console, and empties it.
fn console() -> io::Result<Vec<String>> {
    let mut text = String::new();
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(folder().join("console"))?;
    file.read_to_string(&mut text)?;
    File::set_len(&file, 0)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Sets the color scheme of the window.
async fn set_dark(is_dark: bool) -> io::Result<()> {
    tell(if is_dark { "dark" } else { "light" }).await
}

/// Tells the window something, and waits until it has read it.
async fn tell(word: &str) -> io::Result<()> {
    let file = folder().join("told");
    fs::write(folder().join("telling"), word)?;
    fs::rename(folder().join("telling"), &file)?;
    let begin = Instant::now();
    while file.exists() {
        if begin.elapsed() > TIMEOUT {
            return Err(io::Error::other(format!(
                "the window did not read {word:?}"
            )));
        }
        rt::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// The messages are those of `Source/WebCore/loader/CrossOriginAccessControl.cpp` and
/// `CrossOriginPreflightResultCache.cpp` in the same folder, and of `MixedContentChecker.cpp`. `WebKit` checks the status of a
/// preflight first.
fn message(denial: &Denial) -> Option<ConsoleMessage> {
    let status = denial.status.unwrap_or_default();
    match &denial.blocked {
        Blocked::PreflightCorsCheck(_) | Blocked::PreflightStatus(_)
            if !(200..300).contains(&status) =>
        {
            Some(ConsoleMessage::new(format!(
                "Preflight response is not successful. Status code: {status}"
            )))
        }
        Blocked::CorsCheck(check) | Blocked::PreflightCorsCheck(check) => match check {
            // The value of the header is not in these messages.
            CorsCheckError::Mismatch { origin, allowed } if !allowed.contains(',') => {
                Some(ConsoleMessage::new(format!(
                    "Origin {origin} is not allowed by Access-Control-Allow-Origin"
                )))
            }
            _ => ConsoleMessage::of(2, &Blocked::CorsCheck(check.clone())),
        },
        Blocked::PreflightList(name) => Some(ConsoleMessage::new(format!(
            "Header {name} has an invalid value: …"
        ))),
        Blocked::MixedContent(_) => Some(ConsoleMessage::new(
            "requested insecure content from … This content was blocked and must be served over HTTPS"
                .to_owned(),
        )),
        other => ConsoleMessage::of(2, other),
    }
}

const REFERRER_OF_FRAME: &str = "WebKit sends a `Referer` from a sandboxed frame \
    ([Referrer Policy, determine request's referrer, step 3](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer)).";
const FONTS: &str = "WebKit loads fonts without CORS, and with cookies: from each origin, for each page \
    ([bug 86817](https://bugs.webkit.org/show_bug.cgi?id=86817); \
    [CSS Fonts, font fetching requirements](https://www.w3.org/TR/css-fonts-4/#font-fetching-requirements)).";
const IMPORT_IN_ATTRIBUTE: &str = "WebKit loads a module without CORS, and with cookies, if `import()` is in an attribute such as `onclick`, in a string \
    for `setTimeout()`, or in a script of a driver: such code has no script fetcher (`ScriptModuleLoader::importModule` in WebKit's \
    `ScriptModuleLoader.cpp`; [HTML, import a module script](https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule)).";
const UNIT_OF_RANGE: &str = "For WebKit, `Range` is safelisted even if its unit is in upper case \
    ([Fetch, simple range header value](https://fetch.spec.whatwg.org/#simple-range-header-value)).";
const METADATA_AFTER_REDIRECT: &str = "After a redirect to another origin in mode `cors`, WebKit sends no `Sec-Fetch-*`, except in preflights \
    ([Fetch Metadata, redirects](https://w3c.github.io/webappsec-fetch-metadata/#redirects)).";
const AUTHORIZATION_IN_PREFLIGHT: &str = "After a redirect to another origin, WebKit does not send `Authorization` there, but it asks for it \
    in a preflight (`checkCORSRequestWithPreflight` in WebKit's `NetworkLoadChecker.cpp`; \
    [Fetch, HTTP-redirect fetch, step 13](https://fetch.spec.whatwg.org/#http-redirect-fetch)).";
const DECODED_LETTERS: &str = "WebKitGTK decodes the percent-encoded letters of a URL before it sends it. This is its network library, \
    libsoup, which Safari does not use ([URL, path state](https://url.spec.whatwg.org/#path-state)).";
const SOCKET_REDIRECTS: &str = "WebKitGTK follows redirects of a WebSocket. This is libsoup too \
    ([WebSockets, establish a connection](https://websockets.spec.whatwg.org/#concept-websocket-establish): redirect mode `error`).";
const WHITESPACE: &str = "Over HTTP/2, WebKitGTK keeps the whitespace around the value of a header, where a server must not send any \
    ([RFC 9113, section 8.2.1](https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1)). Chromium and Firefox remove it.";

#[rustfmt::skip]
static KNOWN_DIFFERENCES: [KnownDifference; 26] = [
    known(ANY, REFERRER_OF_FRAME, |outcome| {
        let referrer = format!("{}/", outcome.page);
        for sent in &mut outcome.requests {
            sent.set("referer", &referrer);
        }
    // What the example server receives is not known.
    }).only(|case| case.page == Page::Sandboxed && case.policy != EXAMPLE),
    known("Accept-Language twice, of 100 bytes each", JOINED_VALUES, |outcome| {
        preflight_before(outcome, 0, Some("accept-language"));
    }),
    known("range: `BYTES=0-5`", UNIT_OF_RANGE, |outcome| {
        outcome.requests.retain(|sent| !sent.is_preflight());
    }),
    known("an encoded letter", DECODED_LETTERS, |outcome| {
        for sent in &mut outcome.requests {
            sent.target = sent.target.replace("%63", "c");
        }
    }),
    known("import() in an attribute", IMPORT_IN_ATTRIBUTE, without_cors),
    known("@font-face", FONTS, without_cors),
    known("FontFace", FONTS, without_cors),
    known("WebSocket, status 302", SOCKET_REDIRECTS, |outcome| {
        outcome.requests.extend(outcome.requests.first().cloned());
        if let Some(sent) = outcome.requests.last_mut() {
            let case = sent.target.rsplit('&').next().unwrap_or_default();
            sent.target = format!("/exact/socket?{case}");
        }
        succeed(outcome);
    }).only(|case| case.policy != "reject" || case.page == Page::App),
    known("redirect to another origin, which sends null", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect to another origin, which allows any", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect to another origin, which allows null", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect to another origin and back to a URL that allows any origin", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect to another origin and back to a URL that does not allow null", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect from its own origin to another", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect from its own origin to one that allows any", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect after a preflight, to another origin that allows any", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect after a preflight, to another origin that allows null", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect with x-tenant to another origin, which needs its own preflight", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect to another site and back", METADATA_AFTER_REDIRECT, without_metadata),
    known("POST, redirect from its own origin to another by 307", METADATA_AFTER_REDIRECT, without_metadata),
    known("redirect with Authorization to another origin, which does not get it", AUTHORIZATION_IN_PREFLIGHT, |outcome| {
        // The policy does not allow it, so the request is not sent.
        let last = outcome.requests.pop();
        outcome.requests.extend(last.map(|last| last.preflight(Some("authorization"))));
        outcome.results = vec![PageResult::error()];
    }),
    known("redirect with Authorization to another origin, which allows it", AUTHORIZATION_IN_PREFLIGHT, |outcome| {
        let last = outcome.requests.len().saturating_sub(1);
        preflight_before(outcome, last, Some("authorization"));
        without_metadata(outcome);
    }),
    known("redirect of PUT by 303", PREFLIGHT_KEPT, preflight_before_last),
    known("x-tenant, then Authorization, which * does not cover", AUTHORIZATION_BY_WILDCARD, |outcome| {
        outcome.requests.pop();
        let request = outcome.requests.last().cloned().map(|mut sent| {
            sent.remove("x-tenant");
            sent.set("authorization", "Bearer 7");
            sent
        });
        outcome.requests.extend(request);
        outcome.results.pop();
        outcome.results.extend(outcome.results.first().cloned());
        outcome.denials.clear();
    }),
    known("headers * and Authorization", AUTHORIZATION_BY_WILDCARD, authorization_by_wildcard),
    known("whitespace around the value", WHITESPACE, |outcome| {
        outcome.results = vec![PageResult::error()];
    }),
];

/// Without `Sec-Fetch-*` in all requests after the first one, except for preflights.
fn without_metadata(outcome: &mut Outcome) {
    let requests = outcome.requests.iter_mut();
    for sent in requests.filter(|sent| !sent.is_preflight()).skip(1) {
        sent.headers
            .retain(|(name, _)| !name.starts_with("sec-fetch-"));
    }
}

/// The call in mode `no-cors`, with credentials.
fn without_cors(outcome: &mut Outcome) {
    for sent in &mut outcome.requests {
        sent.remove("origin");
        sent.set("cookie", "session=7");
        sent.set("sec-fetch-mode", "no-cors");
    }
    succeed(outcome);
}

fn succeed(outcome: &mut Outcome) {
    outcome.results = vec![PageResult {
        outcome: "loaded".to_owned(),
        ..PageResult::default()
    }];
    outcome.denials.clear();
}
