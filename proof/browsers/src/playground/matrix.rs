//! What the playground's matrix shows.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The cells, by origin and request.
pub type Matrix = BTreeMap<(String, String), Cell>;

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Cell {
    pub origin: String,
    pub request: String,
    /// What the browser did.
    pub browser: String,
    /// What the policy says.
    pub explain: String,
    pub agrees: String,
}

/// How many cells are read.
pub fn reads(matrix: &Matrix) -> usize {
    let cells = matrix.values();
    cells.filter(|cell| cell.browser == "read").count()
}

/// How many of this origin's are.
pub fn reads_of(matrix: &Matrix, origin: &str) -> usize {
    let cells = matrix.values().filter(|cell| cell.origin == origin);
    cells.filter(|cell| cell.browser == "read").count()
}

/// What the browser did.
pub fn verdict<'a>(matrix: &'a Matrix, origin: &str, request: &str) -> &'a str {
    let cell = matrix.get(&(origin.to_owned(), request.to_owned()));
    cell.map_or("", |cell| cell.browser.as_str())
}

/// The origin in which this host stands.
pub fn origin_of(matrix: &Matrix, host: &str) -> String {
    let mut origins = matrix.keys().map(|(origin, _)| origin);
    let found = origins.find(|origin| origin.contains(host));
    found.cloned().unwrap_or_default()
}
