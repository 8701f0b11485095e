//! Rows of tests that stand in `data/`, where fuzzing reads them, too: `proof/fuzz/seeds.py`.
//!
//! In a `.tsv`, a row is a line, and tabs separate its columns. A line that begins with `# ` is a comment. `<U+0009>` is the
//! character of that number, for one that cannot be seen or that would end the text; `<>` is the empty text.

/// The rows of a `.tsv`.
pub(crate) fn table<const COLUMNS: usize>(text: &str) -> Vec<[String; COLUMNS]> {
    let lines = text.lines().filter(|line| !is_comment(line));
    let row = |line: &str| {
        let columns: Vec<String> = line.split('\t').map(unescaped).collect();
        <[String; COLUMNS]>::try_from(columns)
            .unwrap_or_else(|_| panic!("{COLUMNS} columns: {line}"))
    };
    lines.map(row).collect()
}

/// What a column has where there is nothing.
pub(crate) fn optional(column: &str) -> Option<&str> {
    Some(column).filter(|column| *column != "-")
}

fn is_comment(line: &str) -> bool {
    line.starts_with("# ")
}

fn unescaped(text: &str) -> String {
    if text == "<>" {
        return String::new();
    }
    let mut parts = text.split("<U+");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('>').expect("a number, and `>`");
        let number = u32::from_str_radix(number, 16).expect("a number in hexadecimal");
        plain.push(char::from_u32(number).expect("a character"));
        plain.push_str(rest);
    }
    plain
}
