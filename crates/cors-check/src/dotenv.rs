//! Files of variables, in the form that is known as dotenv.

use std::fmt;

/// What is wrong with a line.
#[derive(Debug, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) line: usize,
    what: &'static str,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// Names and values, or all the mistakes. A name that is set twice comes twice.
pub(crate) fn parse(text: &str) -> Result<Vec<(String, String)>, Vec<Mistake>> {
    let mut variables = Vec::new();
    let mut mistakes = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let (result, after) = read_line(rest);
        match result {
            Ok(variable) => variables.extend(variable),
            Err(what) => mistakes.push(Mistake { line, what }),
        }
        line += rest.matches('\n').count() - after.matches('\n').count();
        rest = after;
    }
    if mistakes.is_empty() {
        Ok(variables)
    } else {
        Err(mistakes)
    }
}

type Variable = Option<(String, String)>;

/// One line, or several if a quoted value goes on; and what follows.
fn read_line(text: &str) -> (Result<Variable, &'static str>, &str) {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    let content = line.trim_start();
    if content.trim_end().is_empty() || content.starts_with('#') {
        return (Ok(None), after);
    }
    let content = match content.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => content,
    };
    let Some((name, value)) = content.split_once('=') else {
        return (Err("a variable must be NAME=value"), after);
    };
    let name = name.trim_end();
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty()
        || name.starts_with(|first: char| first.is_ascii_digit())
        || !name.bytes().all(is_name_byte)
    {
        let what = "the name of a variable must be letters, digits and underscores";
        return (Err(what), after);
    }
    let value = value.trim_start_matches([' ', '\t']);
    let Some(quote) = value
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first))
    else {
        let value = without_comment(value).trim_end();
        return (Ok(Some((name.to_owned(), value.to_owned()))), after);
    };
    // From here on, line breaks belong to the value.
    let start = text.len() - after.len() - (line.len() + 1).min(text.len() - after.len());
    let offset = start + (line.len() - value.len()) + 1;
    let Some(quoted) = text.get(offset..) else {
        return (Err("the quotes of a value must be closed"), after);
    };
    match unquote(quoted, quote) {
        Err(what) => (Err(what), after),
        Ok((value, rest)) => {
            let (end, after) = rest.split_once('\n').unwrap_or((rest, ""));
            let end = end.trim();
            if end.is_empty() || end.starts_with('#') {
                (Ok(Some((name.to_owned(), value))), after)
            } else {
                (Err("nothing but a comment may follow the quotes"), after)
            }
        }
    }
}

/// Without what follows white space and a `#`.
fn without_comment(value: &str) -> &str {
    let begins_comment = |(at, _): &(usize, &str)| {
        *at == 0
            || value
                .get(..*at)
                .is_some_and(|before| before.ends_with([' ', '\t']))
    };
    match value.match_indices('#').find(begins_comment) {
        Some((at, _)) => value.get(..at).unwrap_or(value),
        None => value,
    }
}

/// The text up to the closing quote, and what follows it. Single quotes take everything literally.
fn unquote(text: &str, quote: char) -> Result<(String, &str), &'static str> {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            _ if character == quote => return Ok((value, characters.as_str())),
            '\\' if quote == '"' => match characters.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(escaped @ ('"' | '\\' | '$' | '\'')) => value.push(escaped),
                // A regex has many: they are kept.
                Some(other) => value.extend(['\\', other]),
                None => break,
            },
            _ => value.push(character),
        }
    }
    Err("the quotes of a value must be closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read_as_other_tools_read_them() {
        for (text, wanted) in [
            ("", &[][..]),
            ("\n# A=1\n  # B=2\n\r\n", &[]),
            ("A=1", &[("A", "1")]),
            ("\u{feff}A=1\r\nB=2\r\n", &[("A", "1"), ("B", "2")]),
            ("export A=1\nexport\tB = 2 ", &[("A", "1"), ("B", "2")]),
            (
                "A=x # y\nB=x#y\nC=#z\nD=",
                &[("A", "x"), ("B", "x#y"), ("C", ""), ("D", "")],
            ),
            ("A='x # $y\\n' # z", &[("A", "x # $y\\n")]),
            (r#"A="a\"b\\\d\n" "#, &[("A", "a\"b\\\\d\n")]),
            ("A=\"x,\n y\"\nB=1", &[("A", "x,\n y"), ("B", "1")]),
            ("A=1\nA=2", &[("A", "1"), ("A", "2")]),
            ("  exported=1", &[("exported", "1")]),
            ("A=é'x'", &[("A", "é'x'")]),
        ] {
            let wanted: Vec<(String, String)> = wanted
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(parse(text), Ok(wanted), "{text:?}");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "A=1\nB\n\n1C=2\nD-E=1\nF='x' y\n=1\nG=\"x\ny\"\nH=\"x\n";
        let lines = parse(text).unwrap_err();
        let lines: Vec<String> = lines.iter().map(Mistake::to_string).collect();
        let name = "the name of a variable must be letters, digits and underscores";
        assert_eq!(
            lines,
            [
                "line 2: a variable must be NAME=value".to_owned(),
                format!("line 4: {name}"),
                format!("line 5: {name}"),
                "line 6: nothing but a comment may follow the quotes".to_owned(),
                format!("line 7: {name}"),
                "line 10: the quotes of a value must be closed".to_owned(),
            ]
        );
    }
}
