//! A small model of a shared cache: it stores the response to one request, and sends it to the next one, if the headers that
//! `Vary` names are the same ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).

use actix_web::{App, HttpResponse, http::StatusCode, test, web};
use cors_test_browser::{Credentials, Exchange, Fetch, Mode, Wire};

use crate::{
    matrix::Page,
    verdict::{Verdict, browser, has_answered},
};

/// Who may have asked before, so that a response is stored.
const EARLIER: [Page; 4] = [Page::NoOrigin, Page::Allowed, Page::Subdomain, Page::Denied];

/// What a page reads if the cache has stored the response for somebody else, compared with its own response.
pub async fn ask(url: &str, page: Page) -> Result<Verdict, String> {
    let mut verdict = Verdict::CacheIsHarmless;
    for credentials in [Credentials::Omit, Credentials::Include] {
        let (own, reads) = exchange(url, page, credentials).await?;
        for earlier in EARLIER {
            let (stored, _) = exchange(url, earlier, Credentials::Omit).await?;
            if earlier == page || !is_sent_for(&stored, &own) {
                continue;
            }
            match (reads, shown(&stored, page, credentials).await) {
                // What is denied must not be read: this outweighs the other.
                (false, true) => verdict = Verdict::CacheOpens,
                (true, false) if verdict == Verdict::CacheIsHarmless => {
                    verdict = Verdict::CacheBlocks;
                }
                _ => {}
            }
        }
    }
    Ok(verdict)
}

/// The exchange of a `GET`, and whether the page reads the response. What sends no `Origin` is an image.
async fn exchange(
    url: &str,
    page: Page,
    credentials: Credentials,
) -> Result<(Exchange, bool), String> {
    let mut fetch = Fetch::get(format!("{url}/ok")).credentials(credentials);
    if page == Page::NoOrigin {
        fetch = fetch.mode(Mode::NoCors);
    }
    let response = browser(page).fetch(&Wire::new(), fetch).await;
    has_answered(&response)?;
    let exchange = response.exchanges().last().ok_or("no exchange")?;
    Ok((exchange.clone(), response.readable()))
}

/// Whether a cache sends the stored response for this request.
fn is_sent_for(stored: &Exchange, request: &Exchange) -> bool {
    let headers = stored.response_headers();
    let vary = headers.filter(|(name, _)| *name == "vary");
    let mut names = vary
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let is_stored = stored.status() == Some(200);
    is_stored
        && names
            .all(|name| name != "*" && stored.request_header(name) == request.request_header(name))
}

/// Whether the page reads the stored response.
async fn shown(stored: &Exchange, page: Page, credentials: Credentials) -> bool {
    let status = stored
        .status()
        .and_then(|status| StatusCode::from_u16(status).ok());
    let headers: Vec<(String, String)> = stored
        .response_headers()
        .filter(|(name, _)| name.starts_with("access-control-"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let cache = App::new().default_service(web::to(move || {
        let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
        for (name, value) in &headers {
            response.append_header((name.as_str(), value.as_str()));
        }
        async move { response.finish() }
    }));
    let cache = test::init_service(cache).await;
    let fetch = Fetch::get("http://127.0.0.1/ok").credentials(credentials);
    browser(page).fetch(&cache, fetch).await.readable()
}
