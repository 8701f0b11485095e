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

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::systems::{
        actix_cors::ACTIX_CORS, django::DJANGO, express::EXPRESS, tower_http::TOWER_HTTP,
    };

    use super::*;

    #[test]
    fn titles_have_the_versions_that_are_installed() {
        let read = |file: &str| fs::read_to_string(package().join(file)).unwrap();
        let locked = |name: &str| {
            let lock = read("../../Cargo.lock");
            let name = format!("name = \"{name}\"\nversion = \"");
            let (_, rest) = lock.split_once(&name).unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        let listed = |file: &str, start: &str, end: char| {
            let text = read(file);
            let (_, rest) = text.split_once(start).unwrap();
            rest.split(end).next().unwrap().to_owned()
        };
        let pip = |name| listed("django/requirements.txt", name, '\n');
        let npm = |name| listed("express/package.json", name, '"');
        for (system, versions) in [
            (ACTIX_CORS, vec![locked("actix-cors")]),
            (TOWER_HTTP, vec![locked("tower-http")]),
            (DJANGO, vec![pip("Django=="), pip("django-cors-headers==")]),
            (EXPRESS, vec![npm("\"express\": \""), npm("\"cors\": \"")]),
        ] {
            for version in versions {
                assert!(
                    system.title.contains(&version),
                    "{}: {version}",
                    system.title
                );
            }
        }
    }
}
