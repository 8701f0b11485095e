//! Writes tables into pages of this repository, between two comments that readers do not see.

use std::{env, fs, path::Path};

const END: &str = "<!-- end -->\n";

/// Whether the run was started to write pages.
pub fn is_wanted() -> bool {
    env::var_os("UPDATE_EXPECT").is_some()
}

/// Replaces the table of this name.
///
/// # Panics
///
/// If the page has no comments with this name.
pub fn store(page: &str, name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(page);
    let text = fs::read_to_string(&path).expect("the page");
    let begin = format!("<!-- bench: {name} -->\n");
    let (before, rest) = text.split_once(&begin).expect("where the table begins");
    let (_, after) = rest.split_once(END).expect("where it ends");
    fs::write(&path, format!("{before}{begin}{table}{END}{after}")).expect("the page");
}
