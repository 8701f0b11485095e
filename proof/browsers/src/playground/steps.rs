//! What is done in a visit, and what has to come of it.

use std::{io, time::Instant};

use actix_cors_policy::CorsPolicy;
use actix_web::rt;
use fantoccini::key::Key;

use super::{
    Visit,
    matrix::{Matrix, reads, verdict},
    page::{PATIENCE, PAUSE},
};

impl Visit<'_> {
    /// Each policy to start from changes the matrix, but those with mistakes.
    pub(super) async fn presets(&mut self, first: &Matrix) -> io::Result<()> {
        let mut seen = vec![first.clone()];
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
    pub(super) async fn typed(&mut self, app: &str) -> io::Result<()> {
        let before = self.page.matrix().await?;
        self.wants(
            verdict(&before, app, "delete") == "blocked",
            "DELETE is blocked at first",
        );
        let text = self.page.policy().await?;
        let changed = text.replace(
            "CORS_ALLOWED_METHODS=PUT",
            "CORS_ALLOWED_METHODS=PUT, DELETE",
        );
        self.wants(text != changed, "the text names its methods");
        let after = self.apply(&changed).await?;
        self.wants(
            verdict(&after, app, "delete") == "read",
            "DELETE is read once it is allowed",
        );
        self.wants(reads(&after) == reads(&before) + 1, "nothing else changes");
        Ok(())
    }

    /// What a page may read of an answer, in all the ways to say so.
    pub(super) async fn exposed(&mut self, app: &str) -> io::Result<()> {
        let good = self.page.policy().await?;
        for (more, wanted) in [
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
            let seen = verdict(&matrix, app, "exposed");
            self.wants(
                seen == wanted,
                &format!("the header is {seen}, not {wanted}, by {more:?}"),
            );
        }
        self.apply(&good).await?;
        Ok(())
    }

    /// Errors are the crate's, word for word; the last good policy stays.
    pub(super) async fn mistakes(&mut self) -> io::Result<()> {
        const BROKEN: &str = "CORS_ALLOWED_ORIGINS=https://app.example/, *.example.com\nCORS_MAX_AGE=1d\nCORS_ALLOWED_METHOD=PUT";
        let before = self.page.matrix().await?;
        let good = self.page.policy().await?;
        let mut shown = self.refused(BROKEN).await?;
        let vars = BROKEN.lines().filter_map(|line| line.split_once('='));
        let mut worded: Vec<String> = match CorsPolicy::from_vars("CORS_", vars) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        };
        self.page.shot("mistakes").await?;
        shown.sort();
        worded.sort();
        self.wants(
            worded.len() == 4 && shown == worded,
            &format!("errors are those of the crate: {shown:?} {worded:?}"),
        );
        let applied = self.page.text("#applied").await?;
        self.wants(
            applied.contains("Not applied: 4 errors"),
            &format!("the page says so: {applied:?}"),
        );
        self.wants(
            self.page.matrix().await? == before,
            "the last good policy stays in force",
        );
        self.fix(&good).await
    }

    /// A variable that would have the playground read a file is refused, whether the crate knows it or not.
    pub(super) async fn file(&mut self) -> io::Result<()> {
        let good = self.page.policy().await?;
        for name in ["CORS_ALLOWED_ORIGINS_FILE", "cors_anything_file"] {
            let text = format!("{good}\n{name}=/dev/null");
            let shown = self.refused(&text).await?;
            let is_plain = matches!(&*shown, [one] if one.contains("reads no files"));
            self.wants(is_plain, &format!("{name} is refused: {shown:?}"));
            self.fix(&good).await?;
        }
        Ok(())
    }

    /// By keys alone: from a cell to another, open, and back.
    pub(super) async fn details(&mut self, app: &str) -> io::Result<()> {
        self.page.focus(app, "put").await?;
        self.page.key(Key::Left).await?;
        self.page.key(Key::Enter).await?;
        let begin = Instant::now();
        let mut wire = String::new();
        while !wire.contains("OPTIONS") && begin.elapsed() < PATIENCE {
            rt::time::sleep(PAUSE).await;
            wire = self.page.text("#details-wire").await?;
        }
        let title = self.page.text("#details-title").await?;
        self.wants(
            title.contains("PUT, from http://127.0.0.1:"),
            &format!("the cell to the left: {title:?}"),
        );
        let explained = self.page.text("#details-explain").await?;
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
        self.page.shot("details").await?;
        self.follows().await?;
        self.page.key(Key::Escape).await?;
        self.wants(
            !self.page.is_displayed("#details").await?,
            "Escape closes the panel",
        );
        let focused = self.page.focused().await?;
        let is_cell = matches!(
            &focused,
            (Some(request), Some(origin)) if request == "put" && origin.starts_with("http://127.0.0.1:")
        );
        self.wants(
            is_cell,
            &format!("the focus is back at the cell: {focused:?}"),
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
            self.wants(
                title.starts_with(wanted),
                &format!("the panel follows the focus: {title:?}"),
            );
        }
        Ok(())
    }

    /// On a phone, only the matrix may need to be scrolled sideways.
    pub(super) async fn narrow(&mut self) -> io::Result<()> {
        self.page.resize(360, 780).await?;
        let fits = self.page.fits().await?;
        self.wants(fits, "a narrow page does not scroll sideways");
        self.page.shot("narrow").await
    }

    /// Types a policy: the matrix that follows.
    async fn apply(&mut self, text: &str) -> io::Result<Matrix> {
        self.page.type_policy(text).await?;
        loop {
            let matrix = self.settled(self.revision + 1).await?;
            // Not what was typed so far, if the typing was slow.
            if self.page.in_force().await? == text {
                return Ok(matrix);
            }
        }
    }

    /// Types a text with mistakes: the errors that follow.
    async fn refused(&self, text: &str) -> io::Result<Vec<String>> {
        self.page.type_policy(text).await?;
        let begin = Instant::now();
        loop {
            let shown = self.page.errors().await?;
            if !shown.is_empty() || begin.elapsed() > PATIENCE {
                return Ok(shown);
            }
            rt::time::sleep(PAUSE).await;
        }
    }

    /// Types the text of the policy that is still in force.
    async fn fix(&mut self, good: &str) -> io::Result<()> {
        self.page.type_policy(good).await?;
        let begin = Instant::now();
        while !self.page.errors().await?.is_empty() && begin.elapsed() < PATIENCE {
            rt::time::sleep(PAUSE).await;
        }
        self.settled(self.revision).await?;
        self.wants(
            self.page.errors().await?.is_empty(),
            "errors go when the text is good again",
        );
        Ok(())
    }
}
