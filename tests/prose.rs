//! What people read: no page, comment, message or name has a word that readers stumble over, and each path that a page for
//! contributors names exists.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// What is not written, and what to write. Forms of one word are separated by `|`; a phrase matches across a line break,
/// and within a name (`judge_name`, `JudgeName`).
const AVOIDED: &[(&str, &str)] = &[
    // Words that readers had to read twice.
    ("beside|besides", "next to, in addition to, together with"),
    (
        "judge|judges|judged|judging|judgment|judgement|judgments|judgements",
        "check, analyze, decide",
    ),
    ("mend|mends|mended|mending", "fix"),
    ("truth value|truth values", "boolean"),
    ("whoever|whomever", "anyone who, the one who"),
    ("is none|are none", "is not one"),
    (
        "take for|takes for|taken for|taking for|took for",
        "mistake for, treat as",
    ),
    (
        "tell apart|tells apart|told apart|telling apart",
        "distinguish",
    ),
    ("told by", "distinguished by, recognized by"),
    ("place|places", "location, slot, state: by what it is"),
    ("a person asks|person asks for", "what is configured"),
    ("compare with case|compares with case", "case-sensitive"),
    ("without case", "case-insensitive"),
    ("separator too many", "the extra separator"),
    // The other column of the words of the field.
    ("normal request|normal requests", "actual request"),
    ("banned", "forbidden"),
    ("accepted origin|accepted origins", "allowed origin"),
    ("blocked origin|blocked origins", "denied origin"),
    (
        "whitelist|whitelists|whitelisted|blacklist|blacklists|blacklisted",
        "allowlist",
    ),
    ("hdr|hdrs", "header"),
    // British forms that a spelling checker lets pass.
    ("misspelt", "misspelled"),
    ("spelt", "spelled"),
    ("learnt", "learned"),
    ("whilst", "while"),
    ("amongst", "among"),
];

/// Phrases that contain a word of the list and are fine.
const FINE: &[&str] = &[
    // English.
    "there is none",
    "there are none",
    "in place",
    "take place",
    "takes place",
    "taken place",
    "took place",
    // A variable of django-cors-headers.
    "origin whitelist",
    "regex whitelist",
    // Names by which other software calls a setting.
    "whitelist",
    "whitelisted",
    "accepted origins",
];

/// Not read: what other people wrote, input of tests, and this file.
const SKIPPED: &[&str] = &[
    ".git",
    "target",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "LICENSE-MPL",
    "tests/it/data",
    "src/origin/suffix_rules.txt",
    "tests/prose.rs",
    "proof/fuzz/artifacts",
    "proof/fuzz/corpus",
    "proof/fuzz/coverage",
    "proof/fuzz/target",
];

const READ: &[&str] = &[
    "css", "html", "js", "md", "py", "rs", "sh", "toml", "txt", "yml",
];

/// Files without an ending.
const READ_TOO: &[&str] = &["justfile", "run"];

#[test]
fn no_word_that_readers_stumble_over() {
    let files = files();
    assert!(files.len() > 200, "the files are read: {}", files.len());
    let mut report = String::new();
    for file in &files {
        let text = fs::read_to_string(root().join(file)).expect("text");
        for (line, found, instead) in findings(&text) {
            let file = file.display();
            writeln!(report, "{file}:{line}: {found:?} (write: {instead})").expect("memory");
        }
    }
    let count = report.lines().count();
    assert!(report.is_empty(), "{count} findings:\n{report}");
}

#[test]
fn the_search_finds_what_it_is_for() {
    let found = |text: &str| {
        let found: Vec<_> = findings(text)
            .into_iter()
            .map(|(line, found, _)| format!("{line} {found}"))
            .collect();
        found.join(", ")
    };
    assert_eq!(found("We JUDGE it, and mend it."), "1 judge, 1 mend");
    assert_eq!(found("/// A truth\n    /// value."), "1 truth value");
    assert_eq!(
        found("a\nfn judge_name(places: PlaceOf)"),
        "2 judge, 2 places, 2 place"
    );
    assert_eq!(found("what is none of ours"), "1 is none");
    for fine in [
        "option.is_none()",
        "is `None`",
        "is None",
        "in place of it, which takes\n// place",
        "taken();\n    for a in b",
        "if there is none",
        "adjudged, replaced, commend",
        "a truth. Value",
        "ORIGIN_WHITELIST",
    ] {
        assert_eq!(found(fine), "", "{fine}");
    }
}

/// Folders and files are renamed; the pages that lead people to them follow.
#[test]
fn each_path_that_a_page_names_exists() {
    let mut paths = 0;
    for page in [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "RELEASING.md",
        "SECURITY.md",
    ] {
        let text = fs::read_to_string(root().join(page)).expect("a page");
        let quoted = text.split('`').skip(1).step_by(2).filter(|text| {
            let folders = ["src/", "tests/", "crates/", "proof/", "examples/", "."];
            folders.iter().any(|folder| text.starts_with(folder)) && !text.contains([' ', '*'])
        });
        let linked = text.split("](").skip(1);
        let linked = linked.filter_map(|rest| rest.split(')').next());
        let linked = linked.filter(|path| !path.contains("://"));
        for path in quoted.chain(linked) {
            assert!(
                root().join(path).exists(),
                "{page} names {path}, which does not exist"
            );
            paths += 1;
        }
    }
    assert!(paths > 30, "they are found: {paths}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file that is read, from the root, sorted.
fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if SKIPPED.iter().any(|skipped| path == Path::new(skipped)) {
                continue;
            }
            let ending = path
                .extension()
                .map(|ending| ending.to_string_lossy().into_owned());
            if entry.file_type().expect("a type").is_dir() {
                walk(&path, files);
            } else if ending.is_some_and(|ending| READ.contains(&ending.as_str()))
                || READ_TOO.iter().any(|name| path.ends_with(name))
            {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(Path::new(""), &mut files);
    files.sort();
    files
}

/// A word of a text in lower case, and how the one before it is separated from it.
struct Word {
    text: String,
    line: usize,
    is_lower: bool,
    gap: Gap,
}

#[derive(Clone, Copy, PartialEq)]
enum Gap {
    /// White space, or a line break and what begins a line of a comment.
    Space,
    /// `_`, or the next word of a `CamelCase` name.
    InName,
    /// Anything else: the two are no phrase.
    Other,
}

/// The line, the phrase and what to write for it, for each phrase that is to be avoided.
fn findings(text: &str) -> Vec<(usize, String, &'static str)> {
    let words = words(text);
    let avoided: Vec<(Vec<&str>, &str)> = AVOIDED
        .iter()
        .flat_map(|(forms, instead)| forms.split('|').map(|form| (split(form), *instead)))
        .collect();
    let fine: Vec<Vec<&str>> = FINE.iter().map(|phrase| split(phrase)).collect();
    let mut findings = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let found = avoided
            .iter()
            .find(|(phrase, _)| is_avoided(&words, at, phrase));
        let Some((found, instead)) = found else {
            continue;
        };
        let is_fine = fine.iter().any(|phrase| {
            // The phrase begins so few words earlier that it still covers all that was found.
            (0..phrase.len()).any(|back| {
                at >= back
                    && back + found.len() <= phrase.len()
                    && is_phrase(&words, at - back, phrase)
            })
        });
        if !is_fine {
            findings.push((word.line, found.join(" "), *instead));
        }
    }
    findings
}

fn split(phrase: &str) -> Vec<&str> {
    phrase.split(' ').collect()
}

fn is_avoided(words: &[Word], at: usize, phrase: &[&str]) -> bool {
    // `Option::is_none`, and `is None`.
    let is_prose = !matches!(phrase.first(), Some(&("is" | "are")))
        || words
            .get(at + 1)
            .is_some_and(|next| next.is_lower && next.gap == Gap::Space);
    is_prose && is_phrase(words, at, phrase)
}

fn is_phrase(words: &[Word], at: usize, phrase: &[&str]) -> bool {
    phrase.iter().enumerate().all(|(offset, wanted)| {
        words
            .get(at + offset)
            .is_some_and(|word| word.text == **wanted && (offset == 0 || word.gap != Gap::Other))
    })
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut gap = Gap::Other;
    for (index, line) in text.lines().enumerate() {
        let line = line
            .trim()
            .trim_start_matches(['/', '!', '#', '*', '>', '-']);
        let mut word = String::new();
        let mut push = |word: &mut String, gap: Gap| {
            if !word.is_empty() {
                words.push(Word {
                    text: word.to_ascii_lowercase(),
                    line: index + 1,
                    is_lower: word.chars().all(|char| char.is_ascii_lowercase()),
                    gap,
                });
                word.clear();
            }
        };
        for char in line.chars() {
            let was_lower = word.ends_with(|last: char| last.is_ascii_lowercase());
            if char.is_ascii_uppercase() && was_lower {
                push(&mut word, gap);
                gap = Gap::InName;
                word.push(char);
            } else if char.is_ascii_alphabetic() {
                word.push(char);
            } else {
                let ended = !word.is_empty();
                push(&mut word, gap);
                let next = match char {
                    ' ' | '\t' => Gap::Space,
                    '_' => Gap::InName,
                    _ => Gap::Other,
                };
                gap = if ended || next == Gap::Other {
                    next
                } else {
                    gap
                };
            }
        }
        // A sentence goes on in the next line, code does not.
        let goes_on = !word.is_empty();
        push(&mut word, gap);
        gap = if goes_on { Gap::Space } else { Gap::Other };
    }
    words
}
