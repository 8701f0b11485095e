//! The steps of the test of the playground.

use std::{io, time::Instant};

use actix_cors_policy::CorsPolicy;
use actix_web::rt;
use cors_test_browser::{
    Blocked,
    CorsCheckError::{Credentials, Missing, Wildcard},
};
use fantoccini::key::Key;

use super::{
    Visit,
    matrix::{Matrix, browser_result, reads},
    page::{POLL_INTERVAL, TIMEOUT},
};
use crate::console::{ConsoleMessage, Denial};

impl Visit<'_> {
    /// Each example policy changes the matrix.
    pub(super) async fn presets(&mut self, first: &Matrix) -> io::Result<()> {
        let mut previous = vec![first.clone()];
        for (name, least, most) in [
            ("Preview deployments", 10, 16),
            ("Public API", 30, 36),
            ("With credentials", 30, 30),
            ("Reject denied origins", 2, 4),
            ("Deny all", 0, 0),
            ("One page of an app", 7, 7),
        ] {
            self.page.press(name).await?;
            let matrix = self.settled(self.revision + 1).await?;
            let reads = reads(&matrix);
            self.check(
                (least..=most).contains(&reads),
                &format!("{name}: {reads} cells are read, expected {least} to {most}"),
            );
            let is_new = !previous.contains(&matrix) || name == "One page of an app";
            self.check(is_new, &format!("{name} must change the matrix"));
            previous.push(matrix);
        }
        Ok(())
    }

    /// A typed policy is applied without pressing a button.
    pub(super) async fn typed(&mut self, app: &str) -> io::Result<()> {
        let before = self.page.matrix().await?;
        self.check(
            browser_result(&before, app, "delete") == "blocked",
            "DELETE must be blocked at first",
        );
        let text = self.page.policy().await?;
        let changed = text.replace(
            "CORS_ALLOWED_METHODS=PUT",
            "CORS_ALLOWED_METHODS=PUT, DELETE",
        );
        self.check(text != changed, "the text must list methods");
        let after = self.apply(&changed).await?;
        self.check(
            browser_result(&after, app, "delete") == "read",
            "DELETE must be read after it is allowed",
        );
        self.check(
            reads(&after) == reads(&before) + 1,
            "nothing else must change",
        );
        Ok(())
    }

    /// All the ways to expose a response header.
    pub(super) async fn exposed(&mut self, app: &str) -> io::Result<()> {
        let good = self.page.policy().await?;
        for (more, expected) in [
            ("CORS_EXPOSED_HEADERS=X-Request-ID", "read"),
            (
                "CORS_EXPOSED_HEADERS=*\nCORS_ALLOW_CREDENTIALS=true",
                "read",
            ),
            ("CORS_EXPOSED_HEADERS=*", "read"),
            ("CORS_EXPOSED_HEADERS=x-request", "hidden"),
            ("CORS_ALLOW_CREDENTIALS=true", "hidden"),
        ] {
            let text = format!("CORS_ALLOWED_ORIGINS={app}\n{more}");
            let matrix = self.apply(&text).await?;
            let result = browser_result(&matrix, app, "exposed");
            self.check(
                result == expected,
                &format!("the header is {result}, expected {expected}, with {more:?}"),
            );
        }
        self.apply(&good).await?;
        Ok(())
    }

    /// The page shows the errors of the crate, and the last good policy stays in force.
    pub(super) async fn mistakes(&mut self) -> io::Result<()> {
        const BROKEN: &str = "CORS_ALLOWED_ORIGINS=https://app.example/, *.example.com\nCORS_MAX_AGE=1d\nCORS_ALLOWED_METHOD=PUT";
        let before = self.page.matrix().await?;
        let good = self.page.policy().await?;
        let mut shown = self.refused(BROKEN).await?;
        let vars = BROKEN.lines().filter_map(|line| line.split_once('='));
        let mut expected: Vec<(String, bool)> = match CorsPolicy::from_vars("CORS_", vars) {
            Ok(_) => Vec::new(),
            Err(errors) => errors
                .iter()
                .map(|error| (error.to_string(), error.suggestion().is_some()))
                .collect(),
        };
        self.page.save_screenshot("mistakes").await?;
        shown.sort();
        expected.sort();
        self.check(
            expected.len() == 4 && shown == expected,
            &format!("the page must show the errors of the crate: {shown:?} {expected:?}"),
        );
        let applied = self.page.text("#applied").await?;
        self.check(
            applied.contains("Not applied: 4 errors"),
            &format!("the page must show the number of errors: {applied:?}"),
        );
        self.check(
            self.page.matrix().await? == before,
            "the last good policy must stay in force",
        );
        let is_dim = "return getComputedStyle(document.querySelector('#matrix')).opacity < 0.5";
        self.check(
            self.page.run(is_dim, Vec::new()).await?,
            "the matrix of the last good policy must be dimmed",
        );
        let status = self.page.text("#status").await?;
        self.check(
            status.contains("still the result of the last good policy"),
            &format!("the page must say that the matrix is old: {status:?}"),
        );
        self.restore(&good).await?;
        self.check(
            !self.page.run::<bool>(is_dim, Vec::new()).await?,
            "the matrix of the text must not be dimmed",
        );
        Ok(())
    }

    /// Each error that has a suggestion is fixed by its button.
    pub(super) async fn fixes(&mut self) -> io::Result<()> {
        const BROKEN: &str =
            "# ü\nCORS_MAX_AGE=1d\nCORS_ALLOWED_ORIGINS=https://a.example, https://b.example/x";
        const HALF: &str =
            "# ü\nCORS_MAX_AGE=86400\nCORS_ALLOWED_ORIGINS=https://a.example, https://b.example/x";
        const FIXED: &str =
            "# ü\nCORS_MAX_AGE=86400\nCORS_ALLOWED_ORIGINS=https://a.example, https://b.example";
        let good = self.page.policy().await?;
        let shown = self.refused(BROKEN).await?;
        self.check(shown.len() == 2, &format!("two errors: {shown:?}"));
        self.page
            .click("#errors li:last-child button.message")
            .await?;
        let selection = self.page.selection().await?;
        self.check(
            selection == "/x",
            &format!("an error must select the wrong part: {selection:?}"),
        );
        for (wanted, errors) in [(HALF, 1), (FIXED, 0)] {
            self.page.click("#errors .fix button").await?;
            let text = self.page.policy().await?;
            self.check(text == wanted, &format!("the fixed text is {text:?}"));
            let left = self.errors_but(errors + 1).await?;
            self.check(
                left.len() == errors,
                &format!("the fixed error must be gone: {left:?}"),
            );
        }
        self.settled(self.revision + 1).await?;
        self.apply(&good).await.map(drop)
    }

    /// The panel of a blocked cell has what the console says, in the words of this browser. `own` is the origin of the playground:
    /// Chromium has separate consoles for pages of other sites.
    pub(super) async fn console(&mut self, own: &str) -> io::Result<()> {
        let good = self.page.policy().await?;
        let (put, tenant) = ("PUT".to_owned(), "x-tenant".to_owned());
        for (text, request, blocked) in [
            ("none", "get", Blocked::CorsCheck(Missing)),
            ("none\n# too", "put", Blocked::PreflightCorsCheck(Missing)),
            ("*", "credentials", Blocked::CorsCheck(Wildcard)),
            (own, "credentials", Blocked::CorsCheck(Credentials(None))),
            (
                &format!("{own}\nCORS_DIAGNOSTICS=1"),
                "put",
                Blocked::PreflightMethod(put),
            ),
            (
                &format!("{own}\nCORS_DIAGNOSTICS=yes"),
                "tenant",
                Blocked::PreflightHeader(tenant),
            ),
        ] {
            self.page.driver.console().await?;
            self.apply(&format!("CORS_ALLOWED_ORIGINS={text}")).await?;
            self.page.focus(own, request).await?;
            self.page.key(Key::Enter).await?;
            let begin = Instant::now();
            let mut sentence = String::new();
            while sentence.is_empty() && begin.elapsed() < TIMEOUT {
                rt::time::sleep(POLL_INTERVAL).await;
                sentence = self.page.text("#details-sentence").await?;
            }
            let said = self.page.driver.console().await?;
            // WebKit's sentence about a preflight without CORS headers has only its status, which is 403 in the playground.
            let denial = Denial {
                blocked,
                status: Some(403),
            };
            let wanted = (self.page.driver.engine.message)(&denial);
            self.check(
                wanted.is_some_and(|message| message.is_in(&sentence)),
                &format!("{request} with {text:?}: {sentence:?} must be about {denial:?}"),
            );
            let message = ConsoleMessage::new(sentence.clone());
            self.check(
                said.iter().any(|line| message.is_in(line)),
                &format!("{request} with {text:?}: the console must say {sentence:?}: {said:#?}"),
            );
            self.page.key(Key::Escape).await?;
        }
        self.apply(&good).await.map(drop)
    }

    /// The playground refuses variables that would make it read a file, even if the crate does not know them.
    pub(super) async fn file(&mut self) -> io::Result<()> {
        let good = self.page.policy().await?;
        for name in ["CORS_ALLOWED_ORIGINS_FILE", "cors_anything_file"] {
            let text = format!("{good}\n{name}=/dev/null");
            let shown = self.refused(&text).await?;
            let is_plain = matches!(&*shown, [(one, false)] if one.contains("reads no files"));
            self.check(is_plain, &format!("{name} must be refused: {shown:?}"));
            self.restore(&good).await?;
        }
        Ok(())
    }

    /// By keys only: moves to another cell, opens the panel, and closes it.
    pub(super) async fn details(&mut self, app: &str) -> io::Result<()> {
        self.page.focus(app, "put").await?;
        self.page.key(Key::Left).await?;
        self.page.key(Key::Enter).await?;
        let begin = Instant::now();
        let mut wire = String::new();
        while !wire.contains("OPTIONS") && begin.elapsed() < TIMEOUT {
            rt::time::sleep(POLL_INTERVAL).await;
            wire = self.page.text("#details-wire").await?;
        }
        let title = self.page.text("#details-title").await?;
        self.check(
            title.contains("PUT, from http://127.0.0.1:"),
            &format!("the panel must show the cell to the left: {title:?}"),
        );
        let explained = self.page.text("#details-explain").await?;
        self.check(
            explained.starts_with("denied: PUT from"),
            &format!("the panel must show the explanation: {explained:?}"),
        );
        let is_whole = [
            "OPTIONS /items",
            "access-control-request-method: PUT",
            "403 Forbidden",
            "vary: Origin",
        ];
        self.check(
            is_whole.iter().all(|part| wire.contains(part)),
            &format!("the panel must show the exchange: {wire:?}"),
        );
        self.page.save_screenshot("details").await?;
        self.follows().await?;
        self.page.key(Key::Escape).await?;
        self.check(
            !self.page.is_displayed("#details").await?,
            "Escape must close the panel",
        );
        let focused = self.page.focused().await?;
        let is_cell = matches!(
            &focused,
            (Some(request), Some(origin)) if request == "put" && origin.starts_with("http://127.0.0.1:")
        );
        self.check(
            is_cell,
            &format!("the focus must return to the cell: {focused:?}"),
        );
        Ok(())
    }

    /// While the panel is open, it shows the cell to which an arrow key moves the focus.
    async fn follows(&mut self) -> io::Result<()> {
        for (key, wanted) in [
            (Key::Right, "PUT, from http://app.localhost:"),
            (Key::Left, "PUT, from http://127.0.0.1:"),
        ] {
            self.page.key(key).await?;
            let title = self.page.text("#details-title").await?;
            self.check(
                title.starts_with(wanted),
                &format!("the panel must follow the focus: {title:?}"),
            );
        }
        Ok(())
    }

    /// Types a policy, and waits for its matrix.
    pub(super) async fn apply(&mut self, text: &str) -> io::Result<Matrix> {
        self.page.type_policy(text).await?;
        loop {
            let matrix = self.settled(self.revision + 1).await?;
            // If the typing is slow, the page may first apply a part of the text.
            if self.page.current_policy().await? == text {
                return Ok(matrix);
            }
        }
    }

    /// Types a text with errors, and waits until the page shows them.
    pub(super) async fn refused(&self, text: &str) -> io::Result<Vec<(String, bool)>> {
        self.page.type_policy(text).await?;
        self.errors_but(0).await
    }

    /// Waits until the page shows another number of errors.
    pub(super) async fn errors_but(&self, number: usize) -> io::Result<Vec<(String, bool)>> {
        let begin = Instant::now();
        loop {
            let shown = self.page.errors().await?;
            if shown.len() != number || begin.elapsed() > TIMEOUT {
                return Ok(shown);
            }
            rt::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Types the text of the policy that is still in force.
    pub(super) async fn restore(&mut self, good: &str) -> io::Result<()> {
        self.page.type_policy(good).await?;
        let begin = Instant::now();
        while !self.page.errors().await?.is_empty() && begin.elapsed() < TIMEOUT {
            rt::time::sleep(POLL_INTERVAL).await;
        }
        self.settled(self.revision).await?;
        self.check(
            self.page.errors().await?.is_empty(),
            "the errors must disappear when the text is valid again",
        );
        Ok(())
    }
}
