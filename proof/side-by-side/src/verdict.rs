//! What a browser, a program or a cache makes of the responses of a server.

use std::{collections::BTreeMap, time::Duration};

use cors_test_browser::{Browser, Credentials, Fetch, Response, Wire};

use crate::{
    matrix::{Page, Probe},
    raw::{self, HANDLER},
    shared_cache,
};

/// What follows from the response to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The page, or the program, reads a successful response.
    Reads,
    /// It reads an error.
    ReadsError,
    Blocked,
    /// The page is blocked, but the handler has run.
    BlockedAfterwards,
    HeaderHidden,
    HeaderReadable,
    AsksAgain,
    AsksNotAgain,
    /// The handler answers.
    ByHandler,
    /// The handler is not called.
    WithoutHandler,
    /// The cache makes no difference.
    CacheIsHarmless,
    /// The stored response blocks a page that is allowed.
    CacheBlocks,
    /// The stored response lets a page read that is denied.
    CacheOpens,
}

impl Verdict {
    /// The names of two verdicts that differ. If one lets the page read and the other does not, that is all.
    pub fn names(self, ours: Self) -> (&'static str, &'static str) {
        match (self.reads(), ours.reads()) {
            (Some(true), Some(false)) => ("reads", "blocked"),
            (Some(false), Some(true)) => ("blocked", "reads"),
            _ => (self.name(), ours.name()),
        }
    }

    /// Whether the page reads the response; `None` if the verdict is about something else.
    pub fn reads(self) -> Option<bool> {
        match self {
            Self::Blocked | Self::BlockedAfterwards => Some(false),
            Self::Reads
            | Self::ReadsError
            | Self::HeaderHidden
            | Self::HeaderReadable
            | Self::AsksAgain
            | Self::AsksNotAgain => Some(true),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::ReadsError => "reads an error",
            Self::Blocked => "blocked",
            Self::BlockedAfterwards => "blocked after the handler ran",
            Self::HeaderHidden => "hidden",
            Self::HeaderReadable => "readable",
            Self::AsksAgain => "another preflight",
            Self::AsksNotAgain => "no preflight",
            Self::ByHandler => "the handler answers",
            Self::WithoutHandler => "the handler is not called",
            Self::CacheIsHarmless => "right",
            Self::CacheBlocks => "the stored response blocks the page",
            Self::CacheOpens => "the stored response lets the page read",
        }
    }
}

/// The verdicts on one server.
pub type Verdicts = BTreeMap<(Probe, Page), Verdict>;

/// Asks the server at this URL these requests, from each origin.
pub async fn ask_all(url: &str, probes: &[Probe]) -> Result<Verdicts, String> {
    let mut verdicts = Verdicts::new();
    for probe in probes {
        for page in Page::ALL {
            if probe.is_for(page) {
                let verdict = ask(url, *probe, page).await;
                let verdict =
                    verdict.map_err(|error| format!("{url}, {probe:?}, {page:?}: {error}"))?;
                verdicts.insert((*probe, page), verdict);
            }
        }
    }
    Ok(verdicts)
}

async fn ask(url: &str, probe: Probe, page: Page) -> Result<Verdict, String> {
    if probe == Probe::SharedCache {
        return shared_cache::ask(url, page).await;
    }
    if probe == Probe::PlainOptions || page == Page::NoOrigin {
        return ask_as_program(url, probe, page);
    }
    let mut browser = browser(page);
    browser.set_cookie(url, "session=7");
    let response = browser.fetch(&Wire::new(), fetch(url, probe)).await;
    has_answered(&response)?;
    Ok(match probe {
        _ if !response.readable() => {
            let last = response.exchanges().last();
            let ran = last.is_some_and(|exchange| {
                !exchange.is_preflight()
                    && !["GET", "HEAD"].contains(&exchange.method())
                    && exchange.response_header(HANDLER).is_some()
            });
            if ran {
                Verdict::BlockedAfterwards
            } else {
                Verdict::Blocked
            }
        }
        _ if !response.ok() => Verdict::ReadsError,
        Probe::ResponseHeader if response.header("x-request-id").is_some() => {
            Verdict::HeaderReadable
        }
        Probe::ResponseHeader => Verdict::HeaderHidden,
        Probe::MinuteLater => {
            browser.advance(Duration::from_secs(60));
            let again = browser.fetch(&Wire::new(), fetch(url, probe)).await;
            if again.preflights() == 0 {
                Verdict::AsksNotAgain
            } else {
                Verdict::AsksAgain
            }
        }
        _ => Verdict::Reads,
    })
}

/// A browser that shows a page of this origin.
pub fn browser(page: Page) -> Browser {
    match page.origin() {
        None | Some("null") => Browser::opaque(),
        Some(origin) => Browser::at(origin),
    }
}

/// A server that does not answer at all is a fault of this program, and nothing that a page concludes.
pub fn has_answered(response: &Response) -> Result<(), String> {
    let exchanges = response.exchanges();
    if exchanges.is_empty() || exchanges.iter().any(|exchange| exchange.status().is_none()) {
        return Err(format!("no response: {:?}", response.blocked_by()));
    }
    Ok(())
}

fn fetch(url: &str, probe: Probe) -> Fetch {
    let url = format!("{url}{}", probe.path());
    let put = || {
        Fetch::put(&url)
            .header("content-type", "application/json")
            .body("{}")
    };
    match probe {
        Probe::GetWithCredentials => Fetch::get(url).credentials(Credentials::Include),
        Probe::Form => Fetch::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("a=b"),
        Probe::Put | Probe::MinuteLater => put(),
        Probe::PutWithCredentials => put().credentials(Credentials::Include),
        Probe::Delete => Fetch::delete(url),
        Probe::CustomHeader => Fetch::get(url).header("x-custom", "1"),
        Probe::Authorization => Fetch::get(url).header("authorization", "Bearer 7"),
        _ => Fetch::get(url),
    }
}

fn ask_as_program(url: &str, probe: Probe, page: Page) -> Result<Verdict, String> {
    let method = match probe {
        Probe::PlainOptions => "OPTIONS",
        Probe::Form => "POST",
        Probe::Put => "PUT",
        _ => "GET",
    };
    let origin = page.origin().map(|origin| ("Origin", origin));
    let head = raw::send(method, &format!("{url}{}", probe.path()), origin.as_slice())?;
    Ok(match probe {
        Probe::PlainOptions if head.has(HANDLER) => Verdict::ByHandler,
        Probe::PlainOptions => Verdict::WithoutHandler,
        _ if head.status < 400 => Verdict::Reads,
        _ => Verdict::ReadsError,
    })
}
