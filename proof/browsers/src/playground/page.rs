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
use crate::driver::Driver;

/// How long the page may take to react.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// How long to wait before the page is checked again.
pub const POLL_INTERVAL: Duration = Duration::from_millis(50);

pub struct Page<'a> {
    pub driver: &'a Driver,
    client: &'a Client,
    url: String,
}

const CELLS: &str = "[...document.querySelectorAll('#matrix button[data-request]')].map((cell) => ({ ...cell.dataset }))";

fn keyed(cells: Vec<Cell>) -> Matrix {
    let keyed = cells.into_iter();
    keyed
        .map(|cell| ((cell.origin.clone(), cell.request.clone()), cell))
        .collect()
}

impl<'a> Page<'a> {
    pub async fn open(driver: &'a Driver, port: u16) -> io::Result<Self> {
        let page = Self {
            driver,
            client: &driver.client,
            url: format!("http://localhost:{port}/"),
        };
        page.resize(1280, 990).await?;
        page.load("").await?;
        Ok(page)
    }

    /// Loads the page anew, with this fragment.
    pub async fn load(&self, fragment: &str) -> io::Result<()> {
        // Without this, a URL that differs only in its fragment loads nothing.
        for url in ["about:blank", &format!("{}{fragment}", self.url)] {
            self.client.goto(url).await.map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Changes the fragment of the page that is open.
    pub async fn go_to(&self, fragment: &str) -> io::Result<()> {
        const GO: &str = "location.hash = arguments[0]";
        self.run(GO, vec![fragment.into()]).await
    }

    pub async fn resize(&self, width: u32, height: u32) -> io::Result<()> {
        // A driver may count the frame of the window, so the size is corrected once.
        const SIZE: &str = "return [innerWidth, innerHeight]";
        let (mut outer_width, mut outer_height) = (width, height);
        for _ in 0..2 {
            let resized = self.client.set_window_size(outer_width, outer_height).await;
            resized.map_err(io::Error::other)?;
            let (inner_width, inner_height): (u32, u32) = self.run(SIZE, Vec::new()).await?;
            outer_width += width.saturating_sub(inner_width);
            outer_height += height.saturating_sub(inner_height);
        }
        Ok(())
    }

    /// Waits until the matrix of this revision or a later one is complete, and returns its revision with it. Both are
    /// read at once, because a page that was just loaded may send its requests again.
    pub async fn settled(&self, revision: u64) -> io::Result<(u64, Matrix)> {
        let state = format!(
            "return [+document.body.dataset.revision, document.body.dataset.state, {CELLS}]"
        );
        type Seen = (Option<u64>, Option<String>, Vec<Cell>);
        let begin = Instant::now();
        loop {
            let (now, is, cells): Seen = self.run(&state, Vec::new()).await?;
            if let (Some(now), Some("done")) = (now, is.as_deref())
                && now >= revision
            {
                return Ok((now, keyed(cells)));
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
        let cells: Vec<Cell> = self.run(&format!("return {CELLS}"), Vec::new()).await?;
        Ok(keyed(cells))
    }

    /// The errors that the page shows, in the words of the crate, and whether each has a button for its fix.
    pub async fn errors(&self) -> io::Result<Vec<(String, bool)>> {
        const ERRORS: &str = "return [...document.querySelectorAll('#errors li')].map((item) => {
            const text = item.querySelector('.message').textContent;
            return [`${text} (${item.querySelector('.fix span').textContent})`, item.querySelector('.fix button') !== null];
        })";
        self.run(ERRORS, Vec::new()).await
    }

    /// Presses the first button that this selector finds.
    pub async fn click(&self, selector: &str) -> io::Result<()> {
        let button = self.find(selector).await?;
        button.click().await.map_err(io::Error::other)
    }

    /// The text that is selected in the editor.
    pub async fn selection(&self) -> io::Result<String> {
        const SELECTION: &str = "const area = document.querySelector('#policy');
            return area.value.slice(area.selectionStart, area.selectionEnd)";
        self.run(SELECTION, Vec::new()).await
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
        // WebKit ignores the character at the end of a line, so the key is pressed.
        let keys = text.replace('\n', &char::from(Key::Enter).to_string());
        area.send_keys(&keys).await.map_err(io::Error::other)
    }

    /// Presses a button with this text.
    pub async fn press(&self, name: &str) -> io::Result<()> {
        let path = format!("//button[.='{name}']");
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
        let file = format!("{}-{name}.png", self.driver.engine.name);
        fs::write(folder.join(file), picture)
    }

    async fn find(&self, selector: &str) -> io::Result<Element> {
        let found = self.client.find(Locator::Css(selector)).await;
        found.map_err(io::Error::other)
    }

    /// Runs a script and returns its result.
    pub async fn run<T: DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> io::Result<T> {
        let returned = self.client.execute(script, args).await;
        Ok(serde_json::from_value(returned.map_err(io::Error::other)?)?)
    }
}
