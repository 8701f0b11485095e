//! Tables in Markdown, printed row by row as they are measured.

/// The head of a table.
pub fn head<'a>(title: &str, columns: impl IntoIterator<Item = &'a str>) {
    let columns: Vec<&str> = columns.into_iter().collect();
    println!("\n## {title}\n");
    row(columns.iter().copied());
    row(columns.iter().map(|_| "---"));
}

pub fn row(cells: impl IntoIterator<Item = impl AsRef<str>>) {
    let cells: Vec<String> = cells
        .into_iter()
        .map(|cell| cell.as_ref().to_owned())
        .collect();
    println!("| {} |", cells.join(" | "));
}

/// What stands where there is nothing to measure.
pub const NONE: &str = "–";

/// A whole number with its thousands apart.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
