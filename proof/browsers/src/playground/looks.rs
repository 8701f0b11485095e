//! What can be measured of the looks: sizes, contrasts, and what fits into a window.

use std::io;

use super::Visit;

/// Returns a text for each element that is hard to read or to find.
const AUDIT: &str = include_str!("audit.js");

impl Visit<'_> {
    /// In three widths and two color schemes, with a good policy and with a broken one.
    pub(super) async fn looks(&mut self) -> io::Result<()> {
        self.page.press("Reject denied origins").await?;
        self.settled(self.revision + 1).await?;
        self.page.press("Preview deployments").await?;
        self.settled(self.revision + 1).await?;
        self.one_line_a_cell().await?;
        for (width, height) in [(1440, 900), (1024, 768), (390, 844)] {
            self.page.resize(width, height).await?;
            for scheme in ["light", "dark"] {
                self.page.driver.set_dark(scheme == "dark").await?;
                self.audit(&format!("{width}-{scheme}")).await?;
            }
        }
        self.page.driver.set_dark(false).await?;
        self.fold().await?;

        self.page.press("With errors").await?;
        self.errors_but(0).await?;
        for (width, scheme) in [(1440, "light"), (1440, "dark"), (390, "dark")] {
            self.page.resize(width, 900).await?;
            self.page.driver.set_dark(scheme == "dark").await?;
            self.audit(&format!("{width}-{scheme}-broken")).await?;
        }
        self.page.driver.set_dark(false).await?;
        self.page.resize(1280, 990).await?;
        self.page.press("Restore the current policy").await?;
        self.settled(self.revision).await.map(drop)
    }

    async fn audit(&mut self, name: &str) -> io::Result<()> {
        let found: Vec<String> = self.page.run(AUDIT, Vec::new()).await?;
        self.check(found.is_empty(), &format!("{name}: {found:#?}"));
        let fits = self.page.fits().await?;
        self.check(fits, &format!("{name}: the page must not scroll sideways"));
        self.page.save_screenshot(name).await
    }

    /// All ten rows are visible without scrolling.
    async fn fold(&mut self) -> io::Result<()> {
        self.page.resize(1024, 768).await?;
        const VISIBLE: &str = "scrollTo(0, 0);
            return [innerWidth, innerHeight, [...document.querySelectorAll('#matrix tbody tr:not(.group)')]
                .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length]";
        let (width, height, rows): (u32, u32, usize) = self.page.run(VISIBLE, Vec::new()).await?;
        self.check(
            (width, height, rows) == (1024, 768, 10),
            &format!("{rows} rows are visible at {width}×{height}"),
        );
        Ok(())
    }

    /// While browser and `explain` agree, a cell has one line. What is read looks different, also without color.
    async fn one_line_a_cell(&mut self) -> io::Result<()> {
        const LINES: &str = "return [...document.querySelectorAll('#matrix button')]
            .map((cell) => [cell.dataset.browser, cell.querySelectorAll('.verdict').length, cell.querySelector('use').href.baseVal])";
        let cells: Vec<(String, usize, String)> = self.page.run(LINES, Vec::new()).await?;
        let icon = |browser: &str| match browser {
            "read" => "#icon-yes",
            "hidden" => "#icon-hidden",
            _ => "#icon-no",
        };
        let is_right = |(browser, lines, shown): &(String, usize, String)| {
            *lines == 1 && shown == icon(browser)
        };
        self.check(
            cells.len() == 60 && cells.iter().all(is_right),
            &format!("one line a cell, with its icon: {cells:?}"),
        );
        Ok(())
    }

    /// No policy makes browser and `explain` disagree, so a matrix of one cell is made that does.
    pub(super) async fn disagreement(&mut self) -> io::Result<()> {
        const MADE: &str = r#"
            return import("/matrix.js").then(({ Matrix }) => {
                const table = document.createElement("table");
                const caller = { name: "a", origin: "http://a.example" };
                const explanation = { needs_preflight: false };
                const matrix = new Matrix(table, [caller], [{ id: "get", name: "GET" }], [[explanation]]);
                matrix.set(0, 0, "read", "denied");
                const cell = table.querySelector("button");
                return [cell.dataset.look, cell.innerText, cell.ariaLabel];
            })"#;
        let (look, text, label): (String, String, String) = self.page.run(MADE, Vec::new()).await?;
        self.check(
            look == "clash" && text.contains("read") && text.contains("denied"),
            &format!("both must be shown: {look} {text:?}"),
        );
        self.check(label.ends_with("they disagree"), &label);
        Ok(())
    }
}
