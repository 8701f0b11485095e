//! Rows of tests that stand in `data/`, where fuzzing reads them, too: `proof/fuzz/seeds.py`.
//!
//! In a `.tsv`, a row is a line, and tabs separate its columns. In a `.txt`, a row is some lines, and empty lines separate
//! the rows. A line that begins with `# ` is a comment. `<U+0009>` is the character of that number, for one that cannot be
//! seen or that would end the text; `<>` is the empty text.

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

/// The rows of a `.txt`.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let blocks = text.split("\n\n").map(|block| {
        let lines = block.lines().filter(|line| !is_comment(line));
        Block(lines.map(unescaped).collect())
    });
    blocks.filter(|block| !block.0.is_empty()).collect()
}

/// A row in lines. What a line is, its first character tells; the variables of a policy have none before them.
pub(crate) struct Block(Vec<String>);

impl Block {
    /// What stands behind a mark, line by line.
    pub(crate) fn marked(&self, mark: char) -> Vec<&str> {
        let lines = self.0.iter().filter_map(|line| line.strip_prefix(mark));
        lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect()
    }

    /// The same as one text.
    pub(crate) fn text(&self, mark: char) -> String {
        self.marked(mark).join("\n")
    }

    /// The variables of its policy.
    pub(crate) fn variables(&self) -> String {
        let is_variable =
            |line: &&String| line.starts_with(|first: char| first.is_ascii_uppercase());
        let lines = self.0.iter().filter(is_variable);
        lines.map(String::as_str).collect::<Vec<&str>>().join("\n")
    }

    pub(crate) fn has(&self, line: &str) -> bool {
        self.0.iter().any(|other| other == line)
    }
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
