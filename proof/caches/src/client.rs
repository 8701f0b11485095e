//! The clients of the caches: pages in a simulated browser, and a plain HTTP client for requests that a page cannot send.

use std::time::Duration;

use actix_web::web;
use cors_test_browser::{Browser, Credentials, Fetch, Mode, Wire};
use ureq::{Agent, http};

use crate::{
    policies::Headers,
    request::{Client, Request},
};

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A response, as the cache sent it.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// Whether the page can read it; `None` if the client is not a page.
    pub is_readable: Option<bool>,
}

impl Request {
    /// Sends the request to this port, from a page if a page can send it.
    pub async fn send(
        self,
        port: u16,
        path: &str,
        with_credentials: bool,
    ) -> Result<Response, String> {
        let url = format!("http://127.0.0.1:{port}{path}");
        let is_plain = self.variant.is_none() && self.extra.is_none() && self.method != "OPTIONS";
        if is_plain {
            self.send_from_page(&url, with_credentials).await
        } else {
            let response = web::block(move || self.send_from_program(&url)).await;
            response.map_err(|error| error.to_string())?
        }
    }

    async fn send_from_page(self, url: &str, with_credentials: bool) -> Result<Response, String> {
        let mut fetch = Fetch::new(self.method, url);
        if with_credentials {
            fetch = fetch.credentials(Credentials::Include);
        }
        // An image without `crossorigin` sends no `Origin`.
        if self.client == Client::NoOrigin {
            fetch = fetch.mode(Mode::NoCors);
        }
        let mut browser = Browser::at(self.client.origin().unwrap_or("https://a.example"));
        let response = browser.fetch(&Wire::new().timeout(TIMEOUT), fetch).await;
        let Some((exchange, status)) = response
            .exchanges()
            .last()
            .and_then(|exchange| Some((exchange, exchange.status()?)))
        else {
            return Err(format!("no response: {:?}", response.blocked_by()));
        };
        let headers = exchange.response_headers();
        Ok(Response {
            status,
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            is_readable: (self.client != Client::NoOrigin).then_some(response.readable()),
        })
    }

    fn send_from_program(self, url: &str) -> Result<Response, String> {
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        let mut request = http::Request::builder().method(self.method).uri(url);
        let origin = self.client.origin().map(|origin| ("origin", origin));
        for (name, value) in [origin, self.variant, self.extra].into_iter().flatten() {
            request = request.header(name, value);
        }
        let request = request.body(()).map_err(|error| error.to_string())?;
        let response = agent.run(request).map_err(|error| error.to_string())?;
        let headers = response.headers().iter();
        Ok(Response {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes());
                    (name.as_str().to_owned(), value.into_owned())
                })
                .collect(),
            is_readable: None,
        })
    }
}

impl Response {
    /// The value of a header; several lines are joined by `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(known, _)| known == name);
        let lines: Vec<&str> = lines.map(|(_, value)| value.as_str()).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// The CORS headers and `Vary`.
    pub fn cors(&self) -> Headers {
        let names = self.headers.iter().map(|(name, _)| name);
        names
            .filter(|name| name.starts_with("access-control-") || *name == "vary")
            .map(|name| (name.clone(), self.header(name).unwrap_or_default()))
            .collect()
    }
}
