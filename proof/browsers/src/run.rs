//! Runs each case in a browser, and compares the outcomes.

use std::{
    fmt::Display,
    io,
    time::{Duration, Instant},
};

use actix_web::rt;
use cors_test_browser::{Browser, Exchange, Wire};
use fantoccini::Client;
use serde_json::json;

use crate::{
    call::{self, Call},
    cases::{Case, Step},
    console::Denial,
    driver::Driver,
    engines::Engine,
    log::{Key, Log, ReceivedRequest},
    origins::{API_HOST, Page, Ports},
    page_result::PageResult,
    server,
};

/// The headers that are compared in each case.
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

/// Headers that browsers set themselves even if a page sets them.
const SET_BY_BROWSER: [&str; 3] = ["host", "sec-ch-ua", "te"];

/// The outcome of a case.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The origin of the page, or of the page around a frame.
    pub page: String,
    /// The result of each call.
    pub results: Vec<PageResult>,
    /// The URL of each call.
    pub urls: Vec<String>,
    /// The requests that reached the server.
    pub requests: Vec<ReceivedRequest>,
    /// Why calls were blocked, according to the simulated browser.
    pub denials: Vec<Denial>,
    /// The lines in the console of a real browser.
    pub console: Vec<String>,
}

/// A difference between a real browser and the simulated browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// In the result that the page gets.
    PageResult,
    /// In the requests that the browser sends.
    Requests,
    /// In the reason, which the console shows.
    Console,
}

/// Runs the cases in the simulated browser, which caches preflights for at most `limit`.
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
        let mut outcome = Outcome {
            page: case.page.origin(ports),
            ..Outcome::default()
        };
        for step in &case.steps {
            match step {
                Step::Wait(time) | Step::Expire(time) => browser.advance(*time),
                Step::Call(call) => {
                    // The cookie of the real browser is `Secure`, so it is sent only over TLS.
                    if call.is_over_tls() {
                        browser.set_cookie(&format!("https://{API_HOST}"), "session=7");
                    }
                    let response = browser.fetch(&wire, call.to_fetch()).await;
                    let last = response.exchanges().last();
                    let status = last.and_then(Exchange::status);
                    let denial = |blocked| Denial { blocked, status };
                    outcome.denials.extend(response.blocked_by().map(denial));
                    outcome.results.push(PageResult::of(call, &response));
                    outcome.urls.push(call.url.clone());
                }
            }
        }
        outcome.requests = received_requests(
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

/// Runs the cases in a real browser. While a case waits for time to pass, other cases run.
pub async fn drive(
    driver: &Driver,
    cases: &[Case],
    ports: Ports,
    log: &Log,
) -> io::Result<Vec<Outcome>> {
    let client = &driver.client;
    open_url(client, &format!("{}/cookie", ports.api())).await?;
    let mut outcomes = vec![Outcome::default(); cases.len()];
    // In the order of their pages, so that each page is loaded only once.
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|number| cases[*number].page);
    let mut waiting: Vec<(usize, usize, Instant)> = Vec::new();
    let mut opened = None;
    for number in order {
        let case = &cases[number];
        if opened != Some(case.page) {
            open_page(driver, case.page, ports).await?;
            opened = Some(case.page);
        }
        let (done, time) = steps(driver, &case.steps, &mut outcomes[number]).await?;
        if let Some(time) = time {
            waiting.push((number, done, Instant::now() + time));
        }
    }
    for (number, done, until) in waiting {
        rt::time::sleep(until.saturating_duration_since(Instant::now())).await;
        let case = &cases[number];
        open_page(driver, case.page, ports).await?;
        steps(driver, &case.steps[done..], &mut outcomes[number]).await?;
    }
    for (number, (case, outcome)) in cases.iter().zip(&mut outcomes).enumerate() {
        outcome.requests = received_requests(
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

async fn open_page(driver: &Driver, page: Page, ports: Ports) -> io::Result<()> {
    open_url(&driver.client, &format!("{}/", page.origin(ports))).await?;
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

/// Runs steps until one of them waits. Returns the number of steps done, including that one, and how long it has to wait.
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
                .results
                .push(perform(&driver.client, call).await?.visible_to_script(call)),
        }
    }
    outcome.console.extend(driver.console().await?);
    Ok((taken, left))
}

/// The requests of a case that reached the server, with only the headers that are compared.
fn received_requests(case: &Case, log: &Log, key: Key) -> Vec<ReceivedRequest> {
    let mut names: Vec<String> = COMPARED.map(str::to_owned).into();
    let calls = || {
        case.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call),
            Step::Wait(_) | Step::Expire(_) => None,
        })
    };
    // Headers that the page sets are compared too. `Accept` is compared only for `fetch()`, because it depends on the kind of
    // the element.
    names.extend(
        calls()
            .flat_map(|call| &call.headers)
            .map(|(name, _)| name.to_lowercase()),
    );
    if calls().all(|call| call.kind == call::CallKind::Fetch) {
        names.extend(["accept", "sec-fetch-dest"].map(str::to_owned));
    }
    names.retain(|name| !SET_BY_BROWSER.contains(&name.as_str()));
    let mut sent = log.take(key);
    for request in sent.iter_mut().filter(|request| request.is_preflight()) {
        // In a preflight, this header comes from the browser, and the simulated browser has no language.
        request.remove("accept-language");
    }
    sent.into_iter().map(|sent| sent.only(&names)).collect()
}

/// The most important difference between the outcomes of a case, if there is one.
pub fn compare(
    engine: &Engine,
    case: &Case,
    expected: &Outcome,
    real: &Outcome,
) -> Option<Difference> {
    let mut pairs = expected.results.iter().zip(&real.results);
    if expected.results.len() != real.results.len()
        || !pairs.all(|(expected, real)| expected.equals(real))
    {
        return Some(Difference::PageResult);
    }
    if expected.requests != real.requests {
        return Some(Difference::Requests);
    }
    if !has_console(engine, case) {
        return None;
    }
    let mut messages = expected
        .denials
        .iter()
        .filter_map(|denial| (engine.message)(denial));
    let are_present = messages.all(|message| real.console.iter().any(|line| message.is_in(line)));
    let is_denial = |line: &String| line.contains(engine.denial_mark);
    let is_quiet = !real.console.iter().any(is_denial);
    let is_blocked = expected.results.iter().any(PageResult::is_error);
    (!are_present || !(is_quiet || is_blocked)).then_some(Difference::Console)
}

/// Whether the console has a message for a blocked call. For elements, it often has none.
fn has_console(engine: &Engine, case: &Case) -> bool {
    let is_fetch = |step: &Step| match step {
        Step::Call(call) => call.kind == call::CallKind::Fetch,
        Step::Wait(_) | Step::Expire(_) => true,
    };
    case.steps.iter().all(is_fetch) && engine.has_console_of(case.page)
}

async fn open_url(client: &Client, url: &str) -> io::Result<()> {
    let failed = |error| io::Error::other(format!("cannot open {url}: {error}"));
    client.goto(url).await.map_err(failed)
}

async fn perform(client: &Client, call: &Call) -> io::Result<PageResult> {
    const SCRIPT: &str = "const [call, done] = arguments; perform(call).then(done);";
    let failed =
        |error: &dyn Display| io::Error::other(format!("{} {}: {error}", call.method, call.url));
    let verdict = client
        .execute_async(SCRIPT, vec![json!(call)])
        .await
        .map_err(|error| failed(&error))?;
    serde_json::from_value(verdict).map_err(|error| failed(&error))
}
