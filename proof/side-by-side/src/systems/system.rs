//! A system, and a running one.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    facts::Fact,
    process::Process,
    row::{Difference, Ours, Row},
};

/// A system that people come from.
pub struct System {
    /// The name on the command line.
    pub name: &'static str,
    /// The name in the table, with its version.
    pub title: &'static str,
    /// What it does by default, as settings of ours. Rows have it unless they say otherwise.
    pub defaults: Option<Ours>,
    /// Differences that rows have in common.
    pub common: fn() -> Vec<Difference>,
    pub rows: fn() -> Vec<Row>,
    /// The names of all options that can be served: each has to have a row.
    pub options: fn() -> Result<Vec<String>, String>,
    pub facts: fn() -> Vec<Fact>,
    /// Starts it, with all rows. The port is that of an API without CORS headers.
    pub start: fn(api: u16, rows: &[Row]) -> Result<Running, String>,
}

/// A running system. It ends when this is dropped.
#[derive(Default)]
pub struct Running {
    urls: HashMap<&'static str, String>,
    // Fields are dropped in this order: a process must end before its directory is removed.
    processes: Vec<Process>,
    directories: Vec<TempDir>,
}

impl Running {
    /// All rows are served at one port, each below its name.
    pub fn below(port: u16, rows: &[Row]) -> Self {
        let mut running = Self::default();
        for row in rows {
            running.add(row.name, format!("http://127.0.0.1:{port}/{}", row.name));
        }
        running
    }

    /// A row is served at this URL.
    pub fn add(&mut self, name: &'static str, url: String) {
        self.urls.insert(name, url);
    }

    pub fn keep(&mut self, process: Process) {
        self.processes.push(process);
    }

    pub fn keep_directory(&mut self, directory: TempDir) {
        self.directories.push(directory);
    }

    /// The URL of a row.
    pub fn url(&self, name: &str) -> Result<&str, String> {
        let url = self.urls.get(name).map(String::as_str);
        url.ok_or_else(|| format!("{name} is not served"))
    }
}

/// The folder of this package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where `install` puts what is not a system package.
pub fn installed() -> PathBuf {
    package().join("../../target/side-by-side")
}
