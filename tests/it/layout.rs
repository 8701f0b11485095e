//! The layout: imports go one way, only some modules use the outside, and the files that auditors read are short.

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
                walk(&path, files);
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
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
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

/// The module of a file: its first directory, or its own name.
fn module(path: &Path) -> String {
    let first = path.components().next().expect("a component");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The levels, the lowest first. A file imports from its own level and from lower ones.
const LEVELS: [&str; 14] = [
    "words",
    "placeholder",
    "quote",
    "http",
    "settings",
    "location",
    "fix",
    "error",
    "origin",
    "policy",
    "middleware",
    "explain",
    "guides",
    "lib",
];

#[test]
fn imports_go_one_way() {
    let level = |file: &Path| {
        let module = module(file);
        LEVELS
            .iter()
            .position(|level| *level == module)
            .unwrap_or_else(|| panic!("{module} is in the list of levels"))
    };
    let imports = imports();
    for (from, to) in &imports {
        assert!(
            level(to) <= level(from),
            "{} imports {}, which is on a higher level",
            from.display(),
            to.display()
        );
    }
    for (from, to) in [
        ("policy/decision.rs", "policy/reason.rs"),
        ("policy/compile/conflicts.rs", "policy/compile/compiler.rs"),
        ("policy/rules.rs", "origin/allowlist/allowlist.rs"),
        ("middleware/cors.rs", "policy/decision.rs"),
        ("explain/explain.rs", "middleware/respond.rs"),
        ("origin/entry/parse.rs", "origin/grammar.rs"),
    ] {
        let edge = (PathBuf::from(from), PathBuf::from(to));
        assert!(imports.contains(&edge), "{from} imports {to}: {imports:?}");
    }
}

/// Neither two of them nor more in a circle.
#[test]
fn no_files_import_each_other() {
    let mut imports = imports();
    // What imports nothing that is left cannot be part of a circle.
    loop {
        let importing: BTreeSet<PathBuf> = imports.iter().map(|(from, _)| from.clone()).collect();
        let before = imports.len();
        imports.retain(|(_, to)| importing.contains(to));
        if imports.len() == before {
            break;
        }
    }
    assert!(imports.is_empty(), "in a circle: {imports:?}");
}

#[test]
fn a_file_name_is_used_once_and_a_mod_only_declares() {
    let mut names = BTreeSet::new();
    for (path, text) in sources() {
        let name = path.file_name().expect("a name").to_owned();
        if name == "mod.rs" {
            for word in ["fn ", "struct ", "enum ", "impl ", "const ", "trait "] {
                assert!(!text.contains(word), "{} has {word:?}", path.display());
            }
        } else {
            assert!(names.insert(name), "{} is a second one", path.display());
        }
    }
}

/// Which file imports from which. What comes through a `mod.rs` counts as of the file that defines it.
fn imports() -> BTreeSet<(PathBuf, PathBuf)> {
    let sources = sources();
    let files: BTreeSet<&Path> = sources.iter().map(|(path, _)| path.as_path()).collect();
    let mut imports = BTreeSet::new();
    for (from, text) in &sources {
        if from.ends_with("mod.rs") || from == Path::new("lib.rs") {
            continue;
        }
        for path in imported(text, from) {
            for to in defining(&path, &files, &sources) {
                if to != *from {
                    imports.insert((from.clone(), to));
                }
            }
        }
    }
    assert!(imports.len() > 100, "they are found: {imports:?}");
    imports
}

/// The files that define the item of a path: that of its longest module, or those in its folder that have the item.
fn defining(
    path: &[String],
    files: &BTreeSet<&Path>,
    sources: &[(PathBuf, String)],
) -> Vec<PathBuf> {
    for length in (1..=path.len()).rev() {
        let module: PathBuf = path.iter().take(length).collect();
        let file = module.with_extension("rs");
        if files.contains(file.as_path()) {
            return vec![file];
        }
        let Some(item) = path.get(length) else {
            continue;
        };
        if files.contains(module.join("mod.rs").as_path()) {
            let kinds = ["struct", "enum", "fn", "const", "static", "type", "trait"];
            let defines = |text: &str| {
                kinds.iter().any(|kind| {
                    text.match_indices(&format!("{kind} {item}"))
                        .any(|(at, found)| {
                            let rest = text.get(at + found.len()..).unwrap_or_default();
                            !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
                        })
                })
            };
            let within = sources.iter().filter(|(file, text)| {
                file.starts_with(&module) && !file.ends_with("mod.rs") && defines(text)
            });
            return within.map(|(file, _)| file.clone()).collect();
        }
    }
    Vec::new()
}

/// All paths that begin with `crate::` or `super::`, from the root of the crate; braced lists are taken apart.
fn imported(text: &str, from: &Path) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let parent: Vec<String> = from
        .parent()
        .into_iter()
        .flat_map(Path::components)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    for (start, base) in [("crate::", Vec::new()), ("super::", parent)] {
        for (at, _) in text.match_indices(start) {
            let rest = text.get(at + start.len()..).unwrap_or_default();
            take_apart(&mut rest.chars().peekable(), base.clone(), &mut paths);
        }
    }
    paths
}

/// Reads `a::{b, c::{d, e as f}}`, and adds a path for each leaf.
fn take_apart(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    mut path: Vec<String>,
    paths: &mut Vec<Vec<String>>,
) {
    loop {
        while rest.next_if(|next| next.is_whitespace()).is_some() {}
        if rest.next_if_eq(&'{').is_some() {
            loop {
                take_apart(rest, path.clone(), paths);
                while rest
                    .next_if(|next| next.is_whitespace() || *next == ',')
                    .is_some()
                {}
                if rest.next_if_eq(&'}').is_some() || rest.peek().is_none() {
                    return;
                }
            }
        }
        let mut word = String::new();
        while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || *next == '_') {
            word.push(next);
        }
        if word.is_empty() {
            // The star of all names, which stands alone or in a list.
            rest.next_if_eq(&'*');
            return;
        }
        if word != "self" {
            path.push(word);
        }
        if rest.next_if_eq(&':').is_none() || rest.next_if_eq(&':').is_none() {
            // A new name, in a list.
            while rest
                .next_if(|next| next.is_alphanumeric() || " _".contains(*next))
                .is_some()
            {}
            paths.push(path);
            return;
        }
    }
}

#[test]
fn only_some_modules_use_the_outside() {
    for (path, text) in sources() {
        let module = module(&path);
        let path = path.display().to_string();
        let talks = module == "middleware";
        for (word, allowed) in [
            ("actix_web::", talks || path == "http.rs"),
            ("actix_service", talks),
            ("log::", module == "middleware"),
            (".await", talks),
            ("async ", talks),
            ("std::net", module == "origin"),
            ("std::env::", path == "policy/builder.rs"),
            ("fs::", path == "policy/files.rs"),
            ("println!", false),
            ("unsafe ", false),
            ("#[allow", false),
        ] {
            assert!(allowed || !text.contains(word), "{path} has {word:?}");
        }
    }
}

#[test]
fn files_for_auditors_are_short() {
    for (page, most) in [("policy/decision.rs", 130), ("middleware/cors.rs", 160)] {
        let (_, text) = sources()
            .into_iter()
            .find(|(path, _)| path == Path::new(page))
            .unwrap_or_else(|| panic!("{page} exists"));
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines <= most, "{page} has {lines} lines of code");
    }
}

/// actix-web builds on targets whose atomics are no wider than a pointer, and so does this crate.
#[test]
fn no_source_needs_64_bit_atomics() {
    for (path, code) in sources() {
        for name in ["AtomicU64", "AtomicI64"] {
            assert!(!code.contains(name), "{}: {name}", path.display());
        }
    }
}
