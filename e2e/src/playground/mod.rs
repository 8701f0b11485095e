//! The playground, used as a person uses it: policies are chosen and typed, cells are opened by keys, and the matrix has to
//! follow.

use std::{
    collections::BTreeMap,
    fs, io,
    path::PathBuf,
    time::{Duration, Instant},
};

use actix_cors_policy::CorsPolicy;
use actix_web::rt;
use fantoccini::{Client, Locator, elements::Element, key::Key};
use serde::Deserialize;

use crate::{
    driver::{Driver, Kind},
    example,
};

/// How long the pages may take to ask everything.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the cells of the matrix show, by origin and request.
type Matrix = BTreeMap<(String, String), Cell>;

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
struct Cell {
    origin: String,
    request: String,
    browser: String,
    explain: String,
    agrees: String,
}

/// Uses the playground in this browser. What is not as it should be, in words.
pub async fn visit(driver: &Driver) -> io::Result<Vec<String>> {
    let (process, port) = example::start("playground", &[])?;
    let mut visit = Visit {
        client: &driver.client,
        browser: driver.kind,
        port,
        revision: 0,
        faults: Vec::new(),
    };
    let done = visit.all().await;
    drop(process);
    done?;
    Ok(visit.faults)
}

struct Visit<'a> {
    client: &'a Client,
    browser: Kind,
    port: u16,
    /// Of the policy in force, as the page last said.
    revision: u64,
    faults: Vec<String>,
}

impl Visit<'_> {
    async fn all(&mut self) -> io::Result<()> {
        self.client
            .set_window_size(1280, 990)
            .await
            .map_err(io::Error::other)?;
        let url = format!("http://localhost:{}/", self.port);
        self.client.goto(&url).await.map_err(io::Error::other)?;
        let first = self.settled(1).await?;
        self.wants(first.len() == 60, "the matrix has 60 cells");
        let app = self.origin_of("app.localhost", &first);
        self.wants(
            count(&first, &app, "read") == 7,
            "the page that may call the API reads 7 of 10 answers",
        );
        self.wants(reads(&first) == 7, "no other page reads anything");
        self.shot("first").await?;

        self.presets(&first).await?;
        self.typed(&app).await?;
        self.mistakes().await?;
        self.details(&app).await?;
        self.narrow().await
    }

    /// Each policy to start from changes the matrix, but those with mistakes.
    async fn presets(&mut self, first: &Matrix) -> io::Result<()> {
        let mut seen = vec![first.clone()];
        for (name, least, most) in [
            ("Preview deployments", 10, 16),
            ("Public API", 30, 36),
            ("With credentials", 30, 30),
            ("Rejecting", 2, 4),
            ("Deny all", 0, 0),
            ("One page of an app", 7, 7),
        ] {
            let next = self.revision + 1;
            self.press(name).await?;
            let matrix = self.settled(next).await?;
            let reads = reads(&matrix);
            self.wants(
                (least..=most).contains(&reads),
                &format!("{name}: {reads} cells are read"),
            );
            let is_new = !seen.contains(&matrix) || name == "One page of an app";
            self.wants(is_new, &format!("{name} changes the matrix"));
            seen.push(matrix);
        }
        Ok(())
    }

    /// What is typed is applied without more ado.
    async fn typed(&mut self, app: &str) -> io::Result<()> {
        let before = self.matrix().await?;
        self.wants(
            verdict(&before, app, "delete") == "blocked",
            "DELETE is blocked at first",
        );
        let next = self.revision + 1;
        let area = self.find("#policy").await?;
        let text = self.text_of_policy().await?;
        let changed = text.replace(
            "CORS_ALLOWED_METHODS=PUT",
            "CORS_ALLOWED_METHODS=PUT, DELETE",
        );
        self.wants(text != changed, "the text names its methods");
        self.retype(&area, &changed).await?;
        let after = self.settled(next).await?;
        self.wants(
            verdict(&after, app, "delete") == "read",
            "DELETE is read once it is allowed",
        );
        self.wants(reads(&after) == reads(&before) + 1, "nothing else changes");
        Ok(())
    }

    /// Errors are the crate's, word for word; the last good policy stays.
    async fn mistakes(&mut self) -> io::Result<()> {
        const BROKEN: &str = "CORS_ALLOWED_ORIGINS=https://app.example/, *.example.com\nCORS_MAX_AGE=1d\nCORS_ALLOWED_METHOD=PUT";
        let before = self.matrix().await?;
        let area = self.find("#policy").await?;
        let good = self.text_of_policy().await?;
        self.retype(&area, BROKEN).await?;
        let begin = Instant::now();
        let mut shown = self.errors().await?;
        while shown.is_empty() && begin.elapsed() < PATIENCE {
            rt::time::sleep(Duration::from_millis(50)).await;
            shown = self.errors().await?;
        }
        let vars = BROKEN.lines().filter_map(|line| line.split_once('='));
        let mut worded: Vec<String> = match CorsPolicy::from_vars("CORS_", vars) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        };
        self.shot("mistakes").await?;
        shown.sort();
        worded.sort();
        self.wants(
            worded.len() == 4 && shown == worded,
            &format!("errors are those of the crate: {shown:?} {worded:?}"),
        );
        let applied = self
            .find("#applied")
            .await?
            .text()
            .await
            .map_err(io::Error::other)?;
        self.wants(
            applied.contains("Not applied: 4 errors"),
            &format!("the page says so: {applied:?}"),
        );
        self.wants(
            self.matrix().await? == before,
            "the last good policy stays in force",
        );
        let stays = self.revision;
        self.retype(&area, &good).await?;
        let begin = Instant::now();
        while !self.errors().await?.is_empty() && begin.elapsed() < PATIENCE {
            rt::time::sleep(Duration::from_millis(50)).await;
        }
        self.settled(stays).await?;
        self.wants(
            self.errors().await?.is_empty(),
            "errors go when the text is good again",
        );
        Ok(())
    }

    /// By keys alone: from a cell to another, open, and back.
    async fn details(&mut self, app: &str) -> io::Result<()> {
        let start = format!("#matrix button[data-origin='{app}'][data-request='put']");
        self.client
            .execute(
                "document.querySelector(arguments[0]).focus()",
                vec![start.into()],
            )
            .await
            .map_err(io::Error::other)?;
        self.key(Key::Left).await?;
        self.key(Key::Enter).await?;
        let begin = Instant::now();
        let mut wire = String::new();
        while !wire.contains("OPTIONS") && begin.elapsed() < PATIENCE {
            rt::time::sleep(Duration::from_millis(50)).await;
            wire = self.text("#details-wire").await?;
        }
        let title = self.text("#details-title").await?;
        self.wants(
            title.contains("PUT, from http://127.0.0.1:"),
            &format!("the cell to the left: {title:?}"),
        );
        let explained = self.text("#details-explain").await?;
        self.wants(
            explained.starts_with("denied: PUT from"),
            &format!("explain speaks: {explained:?}"),
        );
        let is_whole = [
            "OPTIONS /items",
            "access-control-request-method: PUT",
            "403 Forbidden",
            "vary: Origin",
        ];
        self.wants(
            is_whole.iter().all(|part| wire.contains(part)),
            &format!("the exchange is there: {wire:?}"),
        );
        self.shot("details").await?;
        self.key(Key::Escape).await?;
        let panel = self.find("#details").await?;
        self.wants(
            !panel.is_displayed().await.map_err(io::Error::other)?,
            "Escape closes the panel",
        );
        const FOCUSED: &str =
            "return document.activeElement.dataset.request + document.activeElement.dataset.origin";
        let focused = self
            .client
            .execute(FOCUSED, Vec::new())
            .await
            .map_err(io::Error::other)?;
        let is_cell = focused
            .as_str()
            .is_some_and(|text| text.starts_with("puthttp://127.0.0.1:"));
        self.wants(
            is_cell,
            &format!("the focus is back at the cell: {focused}"),
        );
        Ok(())
    }

    /// On a phone, only the matrix may need to be scrolled sideways.
    async fn narrow(&mut self) -> io::Result<()> {
        self.client
            .set_window_size(360, 780)
            .await
            .map_err(io::Error::other)?;
        const FITS: &str = "return document.documentElement.scrollWidth <= window.innerWidth";
        let fits = self
            .client
            .execute(FITS, Vec::new())
            .await
            .map_err(io::Error::other)?;
        self.wants(fits == true, "a narrow page does not scroll sideways");
        self.shot("narrow").await
    }

    /// The matrix of a policy of this revision or a later one, whole; browser and `explain` have to agree.
    async fn settled(&mut self, revision: u64) -> io::Result<Matrix> {
        const STATE: &str = "return [+document.body.dataset.revision, document.body.dataset.state]";
        let begin = Instant::now();
        loop {
            let state = self
                .client
                .execute(STATE, Vec::new())
                .await
                .map_err(io::Error::other)?;
            let (now, state): (Option<u64>, Option<String>) = serde_json::from_value(state)?;
            if now.is_some_and(|now| now >= revision) && state.as_deref() == Some("done") {
                self.revision = now.unwrap_or_default();
                break;
            }
            if begin.elapsed() > PATIENCE {
                return Err(io::Error::other(format!(
                    "no revision {revision} after {PATIENCE:?}"
                )));
            }
            rt::time::sleep(Duration::from_millis(50)).await;
        }
        let matrix = self.matrix().await?;
        for cell in matrix.values().filter(|cell| cell.agrees != "yes") {
            self.faults
                .push(format!("revision {}: {cell:?}", self.revision));
        }
        Ok(matrix)
    }

    async fn matrix(&self) -> io::Result<Matrix> {
        const CELLS: &str = "return [...document.querySelectorAll('#matrix button[data-request]')].map((cell) => ({ ...cell.dataset }))";
        let cells = self
            .client
            .execute(CELLS, Vec::new())
            .await
            .map_err(io::Error::other)?;
        let cells: Vec<Cell> = serde_json::from_value(cells)?;
        let keyed = cells
            .into_iter()
            .map(|cell| ((cell.origin.clone(), cell.request.clone()), cell));
        Ok(keyed.collect())
    }

    async fn errors(&self) -> io::Result<Vec<String>> {
        const ERRORS: &str =
            "return [...document.querySelectorAll('#errors li')].map((item) => item.textContent)";
        let errors = self
            .client
            .execute(ERRORS, Vec::new())
            .await
            .map_err(io::Error::other)?;
        Ok(serde_json::from_value(errors)?)
    }

    async fn text_of_policy(&self) -> io::Result<String> {
        const TEXT: &str = "return document.querySelector('#policy').value";
        let text = self
            .client
            .execute(TEXT, Vec::new())
            .await
            .map_err(io::Error::other)?;
        Ok(serde_json::from_value(text)?)
    }

    /// Empties the text and types another.
    async fn retype(&self, area: &Element, text: &str) -> io::Result<()> {
        area.clear().await.map_err(io::Error::other)?;
        area.send_keys(text).await.map_err(io::Error::other)
    }

    async fn press(&self, name: &str) -> io::Result<()> {
        let path = format!("//div[@id='presets']/button[.='{name}']");
        let button = self
            .client
            .find(Locator::XPath(&path))
            .await
            .map_err(io::Error::other)?;
        button.click().await.map_err(io::Error::other)
    }

    async fn key(&self, key: Key) -> io::Result<()> {
        let focused = self
            .client
            .active_element()
            .await
            .map_err(io::Error::other)?;
        focused
            .send_keys(&char::from(key).to_string())
            .await
            .map_err(io::Error::other)
    }

    async fn find(&self, selector: &str) -> io::Result<Element> {
        self.client
            .find(Locator::Css(selector))
            .await
            .map_err(io::Error::other)
    }

    async fn text(&self, selector: &str) -> io::Result<String> {
        self.find(selector)
            .await?
            .text()
            .await
            .map_err(io::Error::other)
    }

    /// A picture, for whoever wants to look: `target/e2e/chromium-first.png`.
    async fn shot(&self, name: &str) -> io::Result<()> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/e2e");
        fs::create_dir_all(&folder)?;
        let picture = self.client.screenshot().await.map_err(io::Error::other)?;
        fs::write(
            folder.join(format!("{}-{name}.png", self.browser.name())),
            picture,
        )
    }

    fn origin_of(&self, host: &str, matrix: &Matrix) -> String {
        let origin = matrix
            .keys()
            .map(|(origin, _)| origin)
            .find(|origin| origin.contains(host));
        origin.cloned().unwrap_or_default()
    }

    fn wants(&mut self, is_so: bool, what: &str) {
        if !is_so {
            self.faults.push(what.to_owned());
        }
    }
}

fn reads(matrix: &Matrix) -> usize {
    matrix
        .values()
        .filter(|cell| cell.browser == "read")
        .count()
}

fn count(matrix: &Matrix, origin: &str, browser: &str) -> usize {
    let cells = matrix.values().filter(|cell| cell.origin == origin);
    cells.filter(|cell| cell.browser == browser).count()
}

fn verdict<'a>(matrix: &'a Matrix, origin: &str, request: &str) -> &'a str {
    let cell = matrix.get(&(origin.to_owned(), request.to_owned()));
    cell.map_or("", |cell| cell.browser.as_str())
}
