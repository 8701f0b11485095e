//! Asks each case of a browser, and compares what came of it.

use std::{fmt::Display, io, time::Duration};

use actix_cors_policy::browser::{Blocked, Browser, Wire};
use actix_web::rt;
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

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One for each call.
    pub verdicts: Vec<Verdict>,
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
        .at(&ports.api(), address)
        .at(&ports.plain_api(), address)
        .at(
            &format!("http://{API_HOST}:{}", ports.example),
            ("127.0.0.1", ports.example),
        )
        .at(&Page::EvilTls.origin(ports), address);
    let mut outcomes = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let browser = match case.page {
            Page::Sandboxed => Browser::opaque(),
            page => Browser::at(&page.origin(ports)),
        };
        let mut browser = browser.max_age_limit(limit);
        let (mut verdicts, mut blocked) = (Vec::new(), Vec::new());
        for step in &case.steps {
            match step {
                Step::Wait(time) => browser.advance(*time),
                Step::Call(call) => {
                    // As the real one has it, which is for TLS only.
                    if call.is_over_tls() {
                        browser.set_cookie(&format!("https://{API_HOST}"), "session=7");
                    }
                    let fetched = browser.fetch(&wire, call.to_fetch()).await;
                    blocked.extend(fetched.blocked_by());
                    verdicts.push(Verdict::of(call, &fetched));
                }
            }
        }
        outcomes.push(Outcome {
            verdicts,
            sent: log.take(Key {
                case: number,
                is_real: false,
            }),
            blocked,
            console: Vec::new(),
        });
    }
    outcomes
}

/// Asks a real browser.
pub async fn drive(
    driver: &Driver,
    cases: &[Case],
    ports: Ports,
    log: &Log,
) -> io::Result<Vec<Outcome>> {
    let client = &driver.client;
    goto(client, &format!("{}/cookie", ports.api())).await?;
    // Page by page, so that few are loaded.
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|number| cases[*number].page);
    let mut at = None;
    let mut outcomes = Vec::new();
    for number in order {
        let case = &cases[number];
        if at != Some(case.page) {
            goto(client, &format!("{}/", case.page.origin(ports))).await?;
            if case.page == Page::Sandboxed {
                client.enter_frame(0).await.map_err(io::Error::other)?;
            }
            driver.console().await?;
            at = Some(case.page);
        }
        let mut verdicts = Vec::new();
        for step in &case.steps {
            match step {
                Step::Wait(time) => rt::time::sleep(*time).await,
                Step::Call(call) => verdicts.push(act(client, call).await?.seen_by(call)),
            }
        }
        let outcome = Outcome {
            verdicts,
            sent: log.take(Key {
                case: number,
                is_real: true,
            }),
            blocked: Vec::new(),
            console: driver.console().await?,
        };
        outcomes.push((number, outcome));
    }
    outcomes.sort_by_key(|(number, _)| *number);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// In what the outcomes of a case differ, if they do: what matters most.
pub fn compare(
    browser: driver::Kind,
    case: &Case,
    simulated: &Outcome,
    real: &Outcome,
) -> Option<Differs> {
    let pairs = || simulated.verdicts.iter().zip(&real.verdicts);
    if simulated.verdicts.len() != real.verdicts.len()
        || !pairs().all(|(ours, real)| ours.equals(real))
    {
        return Some(Differs::Verdict);
    }
    if simulated.sent != real.sent {
        return Some(Differs::Sent);
    }
    let says = |words: &str| {
        real.console
            .iter()
            .any(|line| console::plain(line).contains(words))
    };
    let mut expected = simulated
        .blocked
        .iter()
        .filter_map(|blocked| console::words(browser, blocked));
    if has_console(browser, case) && !expected.all(says) {
        return Some(Differs::Console);
    }
    None
}

/// Whether the console says why: of what elements load it says less, and Chromium has a frame's in another place.
fn has_console(browser: driver::Kind, case: &Case) -> bool {
    let is_fetch = |step: &Step| match step {
        Step::Call(call) => call.kind == call::Kind::Fetch,
        Step::Wait(_) => true,
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
