//! The matrix that the playground shows.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The cells, by origin and request.
pub type Matrix = BTreeMap<(String, String), Cell>;

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Cell {
    pub origin: String,
    pub request: String,
    /// The result in the browser.
    pub browser: String,
    /// The result of `explain`.
    pub explain: String,
    pub agrees: String,
}

/// The number of cells in which the page reads the response.
pub fn reads(matrix: &Matrix) -> usize {
    let cells = matrix.values();
    cells.filter(|cell| cell.browser == "read").count()
}

/// The number of such cells of one origin.
pub fn reads_of(matrix: &Matrix, origin: &str) -> usize {
    let cells = matrix.values().filter(|cell| cell.origin == origin);
    cells.filter(|cell| cell.browser == "read").count()
}

/// The result in the browser, in one cell.
pub fn browser_result<'a>(matrix: &'a Matrix, origin: &str, request: &str) -> &'a str {
    let cell = matrix.get(&(origin.to_owned(), request.to_owned()));
    cell.map_or("", |cell| cell.browser.as_str())
}

/// The origin with this host.
pub fn origin_of(matrix: &Matrix, host: &str) -> String {
    let mut origins = matrix.keys().map(|(origin, _)| origin);
    let found = origins.find(|origin| origin.contains(host));
    found.cloned().unwrap_or_default()
}
