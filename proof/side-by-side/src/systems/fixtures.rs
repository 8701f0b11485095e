//! The files that nginx and Apache read.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;

use crate::{
    row::{Ours, Row},
    systems::system::package,
};

/// A row whose option is a file: what its first line says of it, or its code if that is not a comment.
pub fn row(name: &'static str, file: &str, ours: Ours) -> Row {
    let text = fs::read_to_string(package().join(file)).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let comment = first.strip_prefix("# ");
    let mut row = Row::new(name, comment.unwrap_or(&text), ours);
    row.is_code = comment.is_none();
    row.file = Some(file.to_owned());
    row
}

/// The names of the files in a folder that are options.
pub fn options(folder: &str, ending: &str, others: &[&str]) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(package().join(folder)).map_err(|error| error.to_string())?;
    let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names = files.filter_map(|file| Some(file.strip_suffix(ending)?.to_owned()));
    Ok(names
        .filter(|name| !others.contains(&name.as_str()))
        .collect())
}

/// A file with values in place of names such as `{api}`.
pub fn filled(file: &str, values: &[(&str, &str)]) -> Result<String, String> {
    let text = fs::read_to_string(package().join(file));
    let mut text = text.map_err(|error| format!("{file}: {error}"))?;
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    Ok(text)
}

/// A directory that a server which gives up its rights can read.
pub fn directory() -> Result<TempDir, String> {
    let make = || {
        let directory = tempfile::Builder::new().prefix("side-by-side-").tempdir()?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
        Ok(directory)
    };
    make().map_err(|error: std::io::Error| error.to_string())
}

/// A folder with the file that the API serves as `/ok`.
pub fn files(folder: &Path) -> Result<(), String> {
    let make = || {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("ok"), "ok")
    };
    make().map_err(|error: std::io::Error| error.to_string())
}
