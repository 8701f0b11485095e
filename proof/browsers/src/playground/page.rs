//! The page of the playground: reads what it shows, and does what a user does.

use std::{
    fs, io,
    path::PathBuf,
    time::{Duration, Instant},
};

use actix_web::rt;
use fantoccini::{Client, Locator, elements::Element, key::Key};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::matrix::{Cell, Matrix};
use crate::driver::{BrowserKind, Driver};

/// How long the page may take to react.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// How long to wait before the page is checked again.
pub const POLL_INTERVAL: Duration = Duration::from_millis(50);

pub struct Page<'a> {
    client: &'a Client,
    browser: BrowserKind,
}

impl<'a> Page<'a> {
    pub async fn open(driver: &'a Driver, port: u16) -> io::Result<Self> {
        let page = Self {
            client: &driver.client,
            browser: driver.kind,
        };
        page.resize(1280, 990).await?;
        let url = format!("http://localhost:{port}/");
        page.client.goto(&url).await.map_err(io::Error::other)?;
        Ok(page)
    }

    pub async fn resize(&self, width: u32, height: u32) -> io::Result<()> {
        let resized = self.client.set_window_size(width, height).await;
        resized.map_err(io::Error::other)
    }

    /// Waits until the matrix of this revision or a later one is complete, and returns its revision.
    pub async fn settled(&self, revision: u64) -> io::Result<u64> {
        const STATE: &str = "return [+document.body.dataset.revision, document.body.dataset.state]";
        let begin = Instant::now();
        loop {
            let (now, state): (Option<u64>, Option<String>) = self.run(STATE, Vec::new()).await?;
            if let (Some(now), Some("done")) = (now, state.as_deref())
                && now >= revision
            {
                return Ok(now);
            }
            if begin.elapsed() > TIMEOUT {
                return Err(io::Error::other(format!(
                    "no revision {revision} after {TIMEOUT:?}"
                )));
            }
            rt::time::sleep(POLL_INTERVAL).await;
        }
    }

    pub async fn matrix(&self) -> io::Result<Matrix> {
        const CELLS: &str = "return [...document.querySelectorAll('#matrix button[data-request]')].map((cell) => ({ ...cell.dataset }))";
        let cells: Vec<Cell> = self.run(CELLS, Vec::new()).await?;
        let keyed = cells
            .into_iter()
            .map(|cell| ((cell.origin.clone(), cell.request.clone()), cell));
        Ok(keyed.collect())
    }

    /// The errors that the page shows.
    pub async fn errors(&self) -> io::Result<Vec<String>> {
        const ERRORS: &str =
            "return [...document.querySelectorAll('#errors li')].map((item) => item.textContent)";
        self.run(ERRORS, Vec::new()).await
    }

    /// The text in the editor, which may have errors.
    pub async fn policy(&self) -> io::Result<String> {
        const TEXT: &str = "return document.querySelector('#policy').value";
        self.run(TEXT, Vec::new()).await
    }

    /// The text of the current policy of the server.
    pub async fn current_policy(&self) -> io::Result<String> {
        const TEXT: &str = "return fetch('control/state').then((response) => response.json()).then((state) => state.current.text)";
        self.run(TEXT, Vec::new()).await
    }

    /// Clears the text of the policy and types another text.
    pub async fn type_policy(&self, text: &str) -> io::Result<()> {
        let area = self.find("#policy").await?;
        area.clear().await.map_err(io::Error::other)?;
        area.send_keys(text).await.map_err(io::Error::other)
    }

    /// Selects an example policy.
    pub async fn press(&self, name: &str) -> io::Result<()> {
        let path = format!("//div[@id='presets']/button[.='{name}']");
        let button = self.client.find(Locator::XPath(&path)).await;
        let button = button.map_err(io::Error::other)?;
        button.click().await.map_err(io::Error::other)
    }

    /// Moves the focus to a cell of the matrix.
    pub async fn focus(&self, origin: &str, request: &str) -> io::Result<()> {
        let cell = format!("#matrix button[data-origin='{origin}'][data-request='{request}']");
        const FOCUS: &str = "document.querySelector(arguments[0]).focus()";
        self.run(FOCUS, vec![cell.into()]).await
    }

    /// The request and the origin of the focused cell.
    pub async fn focused(&self) -> io::Result<(Option<String>, Option<String>)> {
        const FOCUSED: &str =
            "const { request, origin } = document.activeElement.dataset; return [request, origin]";
        self.run(FOCUSED, Vec::new()).await
    }

    /// Presses a key in the focused element.
    pub async fn key(&self, key: Key) -> io::Result<()> {
        let focused = self.client.active_element().await;
        let focused = focused.map_err(io::Error::other)?;
        let text = char::from(key).to_string();
        focused.send_keys(&text).await.map_err(io::Error::other)
    }

    pub async fn text(&self, selector: &str) -> io::Result<String> {
        let element = self.find(selector).await?;
        element.text().await.map_err(io::Error::other)
    }

    pub async fn is_displayed(&self, selector: &str) -> io::Result<bool> {
        let element = self.find(selector).await?;
        element.is_displayed().await.map_err(io::Error::other)
    }

    /// Whether the page fits into the width of the window.
    pub async fn fits(&self) -> io::Result<bool> {
        const FITS: &str = "return document.documentElement.scrollWidth <= window.innerWidth";
        self.run(FITS, Vec::new()).await
    }

    /// Saves a screenshot, such as `target/browsers/chromium-first.png`.
    pub async fn save_screenshot(&self, name: &str) -> io::Result<()> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/browsers");
        fs::create_dir_all(&folder)?;
        let picture = self.client.screenshot().await.map_err(io::Error::other)?;
        let file = format!("{}-{name}.png", self.browser.name());
        fs::write(folder.join(file), picture)
    }

    async fn find(&self, selector: &str) -> io::Result<Element> {
        let found = self.client.find(Locator::Css(selector)).await;
        found.map_err(io::Error::other)
    }

    /// Runs a script and returns its result.
    async fn run<T: DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> io::Result<T> {
        let returned = self.client.execute(script, args).await;
        Ok(serde_json::from_value(returned.map_err(io::Error::other)?)?)
    }
}
