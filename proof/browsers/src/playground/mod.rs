//! The playground, used as a person uses it: policies are chosen and typed, cells are opened by keys, and the matrix has to
//! follow.

mod matrix;
mod page;
mod steps;
mod stranger;

use std::io;

use self::{
    matrix::{Matrix, origin_of, reads, reads_of},
    page::Page,
};
use crate::{driver::Driver, example};

/// Uses the playground in this browser. What is not as it should be, in words.
pub async fn visit(driver: &Driver) -> io::Result<Vec<String>> {
    let (process, port) = example::start("playground", &[])?;
    let visited = async {
        let mut visit = Visit {
            page: Page::open(driver, port).await?,
            revision: 0,
            faults: Vec::new(),
        };
        visit.all(port).await?;
        Ok(visit.faults)
    };
    let visited = visited.await;
    drop(process);
    visited
}

struct Visit<'a> {
    page: Page<'a>,
    /// Of the policy in force, as the page last said.
    revision: u64,
    faults: Vec<String>,
}

impl Visit<'_> {
    async fn all(&mut self, port: u16) -> io::Result<()> {
        let first = self.settled(1).await?;
        self.wants(first.len() == 60, "the matrix has 60 cells");
        let app = origin_of(&first, "app.localhost");
        self.wants(
            reads_of(&first, &app) == 7,
            "the page that may call the API reads 7 of 10 answers",
        );
        self.wants(reads(&first) == 7, "no other page reads anything");
        self.page.shot("first").await?;

        self.presets(&first).await?;
        self.typed(&app).await?;
        self.exposed(&app).await?;
        self.mistakes().await?;
        self.file().await?;
        self.details(&app).await?;
        self.narrow().await?;
        self.faults.extend(stranger::call(port)?);
        Ok(())
    }

    /// The matrix of a policy of this revision or a later one; browser and `explain` have to agree.
    async fn settled(&mut self, revision: u64) -> io::Result<Matrix> {
        self.revision = self.page.settled(revision).await?;
        let matrix = self.page.matrix().await?;
        for cell in matrix.values().filter(|cell| cell.agrees != "yes") {
            self.faults
                .push(format!("revision {}: {cell:?}", self.revision));
        }
        Ok(matrix)
    }

    fn wants(&mut self, is_so: bool, what: &str) {
        if !is_so {
            self.faults.push(what.to_owned());
        }
    }
}
