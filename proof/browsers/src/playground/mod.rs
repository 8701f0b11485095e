//! Tests the playground like a user: selects and types policies, opens cells by keys, and checks the matrix.

mod foreign_requests;
mod kept_text;
mod looks;
mod matrix;
mod page;
mod steps;

use std::io;

use self::{
    matrix::{Matrix, origin_of, reads, reads_of},
    page::Page,
};
use crate::{driver::Driver, example};

/// Tests the playground in this browser. Returns a text for each fault.
pub async fn visit(driver: &Driver) -> io::Result<Vec<String>> {
    let (process, port) = example::start("playground", &[])?;
    let visited = async {
        let mut visit = Visit {
            page: Page::open(driver, port).await?,
            revision: 0,
            faults: Vec::new(),
        };
        visit.run_all(port).await?;
        Ok(visit.faults)
    };
    let visited = visited.await;
    drop(process);
    visited
}

struct Visit<'a> {
    page: Page<'a>,
    /// The revision of the policy that the page showed last.
    revision: u64,
    faults: Vec<String>,
}

impl Visit<'_> {
    async fn run_all(&mut self, port: u16) -> io::Result<()> {
        let first = self.settled(1).await?;
        self.check(first.len() == 60, "the matrix must have 60 cells");
        let app = origin_of(&first, "app.localhost");
        self.check(
            reads_of(&first, &app) == 7,
            "the allowed page must read 7 of 10 responses",
        );
        self.check(reads(&first) == 7, "other pages must read nothing");
        self.page.save_screenshot("first").await?;

        self.presets(&first).await?;
        self.typed(&app).await?;
        self.exposed(&app).await?;
        self.mistakes().await?;
        self.fixes().await?;
        self.file().await?;
        self.details(&app).await?;
        self.console(&format!("http://localhost:{port}")).await?;
        self.copies(&app).await?;
        self.reload().await?;
        self.link(&app).await?;
        self.hostile_links().await?;
        self.looks().await?;
        self.disagreement().await?;
        self.without_storage().await?;
        self.faults.extend(foreign_requests::send(port)?);
        Ok(())
    }

    /// Waits for the matrix of this revision or a later one, and checks that the browser and `explain` agree in each cell.
    async fn settled(&mut self, revision: u64) -> io::Result<Matrix> {
        let (revision, matrix) = self.page.settled(revision).await?;
        self.revision = revision;
        for cell in matrix.values().filter(|cell| cell.agrees != "yes") {
            self.faults
                .push(format!("revision {}: {cell:?}", self.revision));
        }
        Ok(matrix)
    }

    fn check(&mut self, condition: bool, what: &str) {
        if !condition {
            self.faults.push(what.to_owned());
        }
    }
}
