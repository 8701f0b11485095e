//! What outlives the page: the stored text, links, and copies in other notations.

use std::io;

use super::Visit;

/// The text in storage.
const STORED: &str = "return localStorage.getItem('cors-policy')";

impl Visit<'_> {
    /// Unit tests of the playground read the copies; this tests the buttons.
    pub(super) async fn copies(&mut self, app: &str) -> io::Result<()> {
        let good = self.page.policy().await?;
        self.apply(&format!(
            "CORS_ALLOWED_ORIGINS={app}\nCORS_MAX_AGE=60\nCORS_ALLOWED_ORIGIN_REGEXES=https://a\\.example"
        ))
        .await?;
        for (name, parts) in [
            (
                "Rust",
                [
                    &format!(".allow_origin(\"{app}\")"),
                    r#".allow_origin_regex(r"https://a\.example")"#,
                ],
            ),
            (
                ".env",
                [
                    &format!("CORS_ALLOWED_ORIGINS='{app}'"),
                    "CORS_MAX_AGE='60'",
                ],
            ),
            (
                "compose",
                [
                    &format!("      CORS_ALLOWED_ORIGINS: '{app}'"),
                    r"CORS_ALLOWED_ORIGIN_REGEXES: 'https://a\.example'",
                ],
            ),
            (
                "TOML",
                [
                    &format!("allowed_origins = [\"{app}\"]"),
                    r"allowed_origin_regexes = ['https://a\.example']",
                ],
            ),
        ] {
            self.page.press(name).await?;
            let copied = self.page.text("#copied").await?;
            let note = self.page.text("#copied-note").await?;
            self.check(
                parts.iter().all(|part| copied.contains(part)) && note.starts_with(name),
                &format!("{name}: {copied:?} {note:?}"),
            );
        }
        self.refused("CORS_ALLOWED_ORIGINS=https://a.example/")
            .await?;
        const DISABLED: &str = "return document.querySelectorAll('#copies button:disabled').length";
        let disabled: usize = self.page.run(DISABLED, Vec::new()).await?;
        self.check(
            disabled == 4,
            "a text with errors must have no copies, only a link",
        );
        self.apply(&good).await.map(drop)
    }

    /// The text survives a reload, with its errors too.
    pub(super) async fn reload(&mut self) -> io::Result<()> {
        const BROKEN: &str = "CORS_ALLOWED_ORIGINS=https://a.example/\n# unfinished";
        let good = self.page.policy().await?;
        self.refused(BROKEN).await?;
        self.page.load("").await?;
        let errors = self.errors_but(0).await?;
        let text = self.page.policy().await?;
        self.check(
            text == BROKEN && errors.len() == 1,
            &format!("a reload must keep the text: {text:?} {errors:?}"),
        );
        self.settled(self.revision).await?;
        self.restore(&good).await
    }

    /// A link restores a policy, without a change of what is stored.
    pub(super) async fn link(&mut self, app: &str) -> io::Result<()> {
        let good = self.page.policy().await?;
        let linked = format!("# ü & \"<b>\" %41\nCORS_ALLOWED_ORIGINS={app}\nCORS_MAX_AGE=7");
        self.apply(&linked).await?;
        self.page.press("Link").await?;
        let link = self.page.text("#copied").await?;
        let fragment = link.split_once('#').map_or("", |(_, fragment)| fragment);
        let fragment = format!("#{fragment}");
        self.apply(&good).await?;

        self.page.load(&fragment).await?;
        self.settled(self.revision + 1).await?;
        let stored: String = self.page.run(STORED, Vec::new()).await?;
        let text = self.page.policy().await?;
        self.check(
            text == linked && self.page.current_policy().await? == linked,
            &format!("the link must restore the policy: {text:?}"),
        );
        self.check(
            stored == good,
            &format!("a link stores nothing: {stored:?}"),
        );

        self.apply(&good).await?;
        const FRAGMENT: &str = "return location.hash";
        let left: String = self.page.run(FRAGMENT, Vec::new()).await?;
        self.check(left.is_empty(), "a change must remove the link");

        self.page.go_to(&fragment).await?;
        self.settled(self.revision + 1).await?;
        let text = self.page.policy().await?;
        self.check(text == linked, "a link must work in an open page");
        self.apply(&good).await.map(drop)
    }

    /// Links that are damaged, too long, or hold HTML.
    pub(super) async fn hostile_links(&mut self) -> io::Result<()> {
        const SAFE: &str = "return document.title === 'actix-cors-policy: playground'
            && document.querySelector('img, #errors b + b') === null";
        let good = self.page.policy().await?;
        let long = format!("#policy={}", "a".repeat(100_000));
        for fragment in ["#policy=%E0%A4%A", &long, "#policy", "#<img src=x>"] {
            self.page.load(fragment).await?;
            self.settled(self.revision).await?;
            let start: String = fragment.chars().take(20).collect();
            self.check(
                self.page.policy().await? == good,
                &format!("{start} must be ignored"),
            );
        }
        let html = "#policy=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D1%22%3E";
        self.page.load(html).await?;
        let errors = self.errors_but(0).await?;
        self.check(
            errors.len() == 2 && self.page.run(SAFE, Vec::new()).await?,
            &format!("HTML must be shown as text: {errors:?}"),
        );
        self.page.load("").await?;
        self.settled(self.revision).await?;
        self.check(
            self.page.policy().await? == good,
            "the stored text must be there again",
        );
        Ok(())
    }

    /// Everything else works if the browser does not permit storage.
    pub(super) async fn without_storage(&mut self) -> io::Result<()> {
        self.page.driver.forbid_storage().await?;
        self.page.load("").await?;
        self.settled(self.revision).await?;
        const FORBIDDEN: &str =
            "try { return !localStorage.getItem('cors-policy') } catch { return true }";
        self.check(
            self.page.run(FORBIDDEN, Vec::new()).await?,
            "the storage must be forbidden",
        );
        self.apply("CORS_ALLOWED_ORIGINS=none").await.map(drop)
    }
}
