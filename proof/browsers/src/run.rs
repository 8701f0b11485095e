//! Asks each case of a browser, and compares what came of it.

use std::{
    fmt::Display,
    io,
    time::{Duration, Instant},
};

use actix_web::rt;
use cors_test_browser::{Blocked, Browser, Wire};
use fantoccini::Client;
use serde_json::json;

use crate::{
    call::{self, Call},
    cases::{Case, Step},
    console,
    driver::{self, Driver},
    log::{Key, Log, Sent},
    origins::{API_HOST, Page, Ports},
    server,
    verdict::Verdict,
};

/// The headers that are compared in each row.
const COMPARED: [&str; 11] = [
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "content-length",
    "content-type",
    "cookie",
    "origin",
    "referer",
    "sec-fetch-mode",
    "sec-fetch-site",
    "x-tenant",
];

/// What a browser says for itself, whatever a page says.
const OWN: [&str; 3] = ["host", "sec-ch-ua", "te"];

/// What came of a case.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// One for each call.
    pub verdicts: Vec<Verdict>,
    /// What was asked for.
    pub urls: Vec<String>,
    /// What reached the server.
    pub sent: Vec<Sent>,
    /// Why calls were blocked, as the browser for tests has it.
    pub blocked: Vec<Blocked>,
    /// What the console of a real browser says.
    pub console: Vec<String>,
}

/// In what a real browser differs from the browser for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// In what a page gets.
    Verdict,
    /// In what it sends.
    Sent,
    /// In the reason.
    Console,
}

/// Asks the browser for tests, which remembers preflights for no longer than this.
pub async fn simulate(cases: &[Case], ports: Ports, log: &Log, limit: Duration) -> Vec<Outcome> {
    let address = server::without_tls(ports);
    let wire = Wire::new()
        .resolve(&ports.api(), address)
        .resolve(&ports.plain_api(), address)
        .resolve(
            &format!("http://{API_HOST}:{}", ports.example),
            ("127.0.0.1", ports.example),
        )
        .resolve(&Page::EvilTls.origin(ports), address);
    let mut outcomes = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let browser = match case.page {
            Page::Sandboxed => Browser::opaque(),
            page => Browser::at(&page.origin(ports)),
        };
        let mut browser = browser.max_age_limit(limit);
        let mut outcome = Outcome::default();
        for step in &case.steps {
            match step {
                Step::Wait(time) | Step::Expire(time) => browser.advance(*time),
                Step::Call(call) => {
                    // As the real one has it, which is for TLS only.
                    if call.is_over_tls() {
                        browser.set_cookie(&format!("https://{API_HOST}"), "session=7");
                    }
                    let response = browser.fetch(&wire, call.to_fetch()).await;
                    outcome.blocked.extend(response.blocked_by());
                    outcome.verdicts.push(Verdict::of(call, &response));
                    outcome.urls.push(call.url.clone());
                }
            }
        }
        outcome.sent = sent(
            case,
            log,
            Key {
                case: number,
                is_real: false,
            },
        );
        outcomes.push(outcome);
    }
    outcomes
}

/// Asks a real browser. Where time has to go by, others are asked meanwhile.
pub async fn drive(
    driver: &Driver,
    cases: &[Case],
    ports: Ports,
    log: &Log,
) -> io::Result<Vec<Outcome>> {
    let client = &driver.client;
    goto(client, &format!("{}/cookie", ports.api())).await?;
    let mut outcomes = vec![Outcome::default(); cases.len()];
    // Page by page, so that few are loaded.
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|number| cases[*number].page);
    let mut waiting: Vec<(usize, usize, Instant)> = Vec::new();
    let mut at = None;
    for number in order {
        let case = &cases[number];
        if at != Some(case.page) {
            open(driver, case.page, ports).await?;
            at = Some(case.page);
        }
        let (done, time) = steps(driver, &case.steps, &mut outcomes[number]).await?;
        if let Some(time) = time {
            waiting.push((number, done, Instant::now() + time));
        }
    }
    for (number, done, until) in waiting {
        rt::time::sleep(until.saturating_duration_since(Instant::now())).await;
        let case = &cases[number];
        open(driver, case.page, ports).await?;
        steps(driver, &case.steps[done..], &mut outcomes[number]).await?;
    }
    for (number, (case, outcome)) in cases.iter().zip(&mut outcomes).enumerate() {
        outcome.sent = sent(
            case,
            log,
            Key {
                case: number,
                is_real: true,
            },
        );
    }
    Ok(outcomes)
}

async fn open(driver: &Driver, page: Page, ports: Ports) -> io::Result<()> {
    goto(&driver.client, &format!("{}/", page.origin(ports))).await?;
    if page == Page::Sandboxed {
        driver
            .client
            .enter_frame(0)
            .await
            .map_err(io::Error::other)?;
    }
    driver.console().await?;
    Ok(())
}

/// Takes steps until some time has to go by: how many were taken, that one included, and how much time.
async fn steps(
    driver: &Driver,
    steps: &[Step],
    outcome: &mut Outcome,
) -> io::Result<(usize, Option<Duration>)> {
    let mut taken = 0;
    let mut left = None;
    for step in steps {
        taken += 1;
        match step {
            Step::Wait(time) => rt::time::sleep(*time).await,
            Step::Expire(time) => {
                left = Some(*time);
                break;
            }
            Step::Call(call) => outcome
                .verdicts
                .push(act(&driver.client, call).await?.seen_by(call)),
        }
    }
    outcome.console.extend(driver.console().await?);
    Ok((taken, left))
}

/// What reached the server for a case, with the headers that are compared.
fn sent(case: &Case, log: &Log, key: Key) -> Vec<Sent> {
    let mut names: Vec<String> = COMPARED.map(str::to_owned).into();
    let calls = || {
        case.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call),
            Step::Wait(_) | Step::Expire(_) => None,
        })
    };
    // Those that a page sets, whatever they are; a browser has an `Accept` of its own for each kind of element.
    names.extend(
        calls()
            .flat_map(|call| &call.headers)
            .map(|(name, _)| name.to_lowercase()),
    );
    if calls().all(|call| call.kind == call::Kind::Fetch) {
        names.extend(["accept", "sec-fetch-dest"].map(str::to_owned));
    }
    names.retain(|name| !OWN.contains(&name.as_str()));
    let mut sent = log.take(key);
    for request in sent.iter_mut().filter(|request| request.is_preflight()) {
        // There it is the browser's, and the browser for tests has no language.
        request.remove("accept-language");
    }
    sent.into_iter().map(|sent| sent.only(&names)).collect()
}

/// In what the outcomes of a case differ, if they do: what matters most.
pub fn compare(
    browser: driver::Kind,
    case: &Case,
    expected: &Outcome,
    real: &Outcome,
) -> Option<Differs> {
    let mut pairs = expected.verdicts.iter().zip(&real.verdicts);
    if expected.verdicts.len() != real.verdicts.len()
        || !pairs.all(|(ours, real)| ours.equals(real))
    {
        return Some(Differs::Verdict);
    }
    if expected.sent != real.sent {
        return Some(Differs::Sent);
    }
    if !has_console(browser, case) {
        return None;
    }
    let mut words = expected
        .blocked
        .iter()
        .filter_map(|blocked| console::words(browser, blocked));
    let are_said = words.all(|words| real.console.iter().any(|line| words.are_in(line)));
    let is_quiet = !real.console.iter().any(|line| console::is_denial(line));
    let is_blocked = expected.verdicts.iter().any(Verdict::is_error);
    (!are_said || !(is_quiet || is_blocked)).then_some(Differs::Console)
}

/// Whether the console says why: of what elements load it says less, and Chromium has a frame's in another place.
fn has_console(browser: driver::Kind, case: &Case) -> bool {
    let is_fetch = |step: &Step| match step {
        Step::Call(call) => call.kind == call::Kind::Fetch,
        Step::Wait(_) | Step::Expire(_) => true,
    };
    case.steps.iter().all(is_fetch)
        && !(browser == driver::Kind::Chromium && case.page == Page::Sandboxed)
}

async fn goto(client: &Client, url: &str) -> io::Result<()> {
    let failed = |error| io::Error::other(format!("cannot go to {url}: {error}"));
    client.goto(url).await.map_err(failed)
}

async fn act(client: &Client, call: &Call) -> io::Result<Verdict> {
    const SCRIPT: &str = "const [call, done] = arguments; act(call).then(done);";
    let failed =
        |error: &dyn Display| io::Error::other(format!("{} {}: {error}", call.method, call.url));
    let verdict = client
        .execute_async(SCRIPT, vec![json!(call)])
        .await
        .map_err(|error| failed(&error))?;
    serde_json::from_value(verdict).map_err(|error| failed(&error))
}
