//! The layout: imports go one way, only some rooms touch the outside, and the pages that people read are short.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(directory: &Path, files: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                // Programs see what the public does, and print.
                if !path.ends_with("src/bin") {
                    walk(&path, files);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a source");
                files.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let files: Vec<_> = files
        .into_iter()
        .map(|(path, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<&str> = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            (
                path.strip_prefix(&root).expect("below src").to_owned(),
                code.join("\n"),
            )
        })
        .collect();
    assert!(files.len() > 15, "the sources are read");
    files
}

/// The room that a file is in: its first directory, or its own name.
fn room(path: &Path) -> String {
    let first = path.components().next().expect("a component");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

#[test]
fn imports_go_one_way() {
    const ORDER: [&[&str]; 7] = [
        &["quote"],
        &["http", "fetch", "error"],
        &["origin"],
        &["policy"],
        &["middleware"],
        &["browser"],
        &["lib"],
    ];
    let level = |room: &str| ORDER.iter().position(|level| level.contains(&room));
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let from = room(&path);
        let from_level = level(&from).unwrap_or_else(|| panic!("{from} is a room of the house"));
        for to in imported_rooms(&text) {
            let to_level = level(&to).unwrap_or_else(|| panic!("{to} is a room of the house"));
            assert!(
                to_level < from_level || to == from,
                "{} imports {to}, which is above it or beside it",
                path.display()
            );
            seen.insert((from.clone(), to));
        }
    }
    for (from, to) in [
        ("policy", "origin"),
        ("policy", "fetch"),
        ("middleware", "policy"),
        ("origin", "error"),
    ] {
        assert!(
            seen.contains(&(from.to_owned(), to.to_owned())),
            "{from} imports {to}: {seen:?}"
        );
    }
}

/// The first segments of all paths that begin with `crate::`, braced lists of them included.
fn imported_rooms(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for after in text.split("crate::").skip(1) {
        let mut depth = 0;
        let mut name = String::new();
        for character in after.chars().filter(|character| !character.is_whitespace()) {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            let is_word = character.is_ascii_alphanumeric() || character == '_';
            if is_word && depth <= 1 {
                name.push(character);
                continue;
            }
            // The end of a first segment, or of a later one, which begins with a colon.
            if !name.is_empty() && !name.starts_with(':') {
                rooms.push(std::mem::take(&mut name));
            }
            name.clear();
            if character == ':' {
                name.push(':');
            }
            if depth <= 0 {
                break;
            }
        }
    }
    rooms
}

#[test]
fn only_some_rooms_touch_the_outside() {
    for (path, text) in sources() {
        let room = room(&path);
        let path = path.display().to_string();
        // The two that talk: one to clients, one, in tests, to servers.
        let talks = ["middleware", "browser"].contains(&room.as_str());
        for (word, allowed) in [
            ("actix_web::", talks || path == "http.rs"),
            ("actix_service", talks),
            ("actix_http", path == "browser/server.rs"),
            ("log::", room == "middleware"),
            (".await", talks),
            ("async ", talks),
            ("std::net", path == "browser/wire.rs" || room == "origin"),
            // What is under test does not know that it is.
            (
                "\"test-browser\"",
                !["policy", "middleware"].contains(&room.as_str()),
            ),
            ("std::env::", path == "policy/builder.rs"),
            ("println!", false),
            ("unsafe ", false),
            ("#[allow", false),
        ] {
            assert!(allowed || !text.contains(word), "{path} has {word:?}");
        }
    }
}

#[test]
fn the_auditors_page_is_a_page() {
    for (page, most) in [("policy/decision.rs", 130), ("middleware/mod.rs", 160)] {
        let (_, text) = sources()
            .into_iter()
            .find(|(path, _)| path == Path::new(page))
            .unwrap_or_else(|| panic!("{page} exists"));
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= most, "{page} has {lines} lines of code");
    }
}
