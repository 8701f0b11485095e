//! Ranges of numbers, as regexes.

use crate::characters::is_number;

/// The regex for the numbers from one to another, both included: `(300\d|3010)` for 3000 to 3010.
///
/// The range is cut into blocks of 1, 10, 100, … numbers. Neighboring blocks of one size that differ in one digit become one
/// alternative: `[1-4]\d`.
pub(in crate::origin) fn numbers_between(from: u32, to: u32) -> String {
    let mut parts = Vec::new();
    let mut next = from;
    while next <= to {
        let mut size = 1;
        while next > 0 && next.is_multiple_of(size * 10) && next + size * 10 - 1 <= to {
            size *= 10;
        }
        let first = next / size % 10;
        let mut last = first;
        while last < 9 && next + (last + 2 - first) * size - 1 <= to {
            last += 1;
        }
        let before = match next / size / 10 {
            0 => String::new(),
            before => before.to_string(),
        };
        let digit = match (first, last) {
            (0, 9) => "\\d".to_owned(),
            _ if first == last => first.to_string(),
            _ if first + 1 == last => format!("[{first}{last}]"),
            _ => format!("[{first}-{last}]"),
        };
        let rest = "\\d".repeat(size.ilog10().try_into().unwrap_or_default());
        parts.push(format!("{before}{digit}{rest}"));
        next += (last - first + 1) * size;
    }
    match parts.as_slice() {
        [part] => part.clone(),
        _ => format!("({})", parts.join("|")),
    }
}

/// The two numbers of `3000-3010`, if they are a range of ports or of octets of addresses.
pub(in crate::origin) fn range(text: &str) -> Option<(u32, u32)> {
    const MOST: u32 = 65535;
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| is_number(text));
    let (from, to) = text.split_once('-').or_else(|| text.split_once(".."))?;
    let (from, to) = (number(from)?, number(to)?);
    (from <= to && to <= MOST).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_numbers_of_a_range_match() {
        for (text, regex) in [
            ("3000-3010", r"(300\d|3010)"),
            ("3000-3999", r"3\d\d\d"),
            ("3000-4000", r"(3\d\d\d|4000)"),
            ("5173..5175", r"517[3-5]"),
            ("8080-8080", "8080"),
            ("0-255", r"(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])"),
            ("16-31", r"(1[6-9]|2\d|3[01])"),
            (
                "1024-65535",
                r"(102[4-9]|10[3-9]\d|1[1-9]\d\d|[2-9]\d\d\d|[1-5]\d\d\d\d|6[0-4]\d\d\d|65[0-4]\d\d|655[0-2]\d|6553[0-5])",
            ),
        ] {
            let (from, to) = range(text).expect("a range");
            assert_eq!(numbers_between(from, to), regex, "{text}");
        }
        for (from, to) in [(0, 255), (7, 1203), (999, 1001), (1, 65535), (980, 20341)] {
            let regex = format!("(?-u)^{}$", numbers_between(from, to));
            let regex = regex::bytes::Regex::new(&regex).expect("a regex");
            for number in 0..=70_000 {
                let is_between = (from..=to).contains(&number);
                assert_eq!(
                    regex.is_match(number.to_string().as_bytes()),
                    is_between,
                    "{number} in {from}-{to}"
                );
            }
        }
        for text in ["3010-3000", "1-99999", "1-", "a-b", "3000"] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
