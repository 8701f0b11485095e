//! Files of variables, read in the same way as for the deployed program: by `dotenvy`, or as `docker run --env-file`
//! does.

use std::{
    cell::Cell,
    io::{self, Read},
};

/// How a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// As `dotenvy` reads it: quotes, escapes, comments and `${NAME}`
    #[default]
    Dotenv,
    /// As `docker run --env-file` reads it: each line as it is, quotes and comments included
    Docker,
}

/// The content of a file, in the order of its lines.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct EnvFile {
    pub(crate) variables: Vec<Variable>,
    pub(crate) mistakes: Vec<Mistake>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Counted from 1.
    pub(crate) line: usize,
}

/// Lines that cannot be read.
#[derive(Debug, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) line: usize,
    pub(crate) rule: &'static str,
    pub(crate) fix: String,
    /// Whether it hides a variable with the prefix. Variables of other programs do not matter.
    pub(crate) is_ours: bool,
}

impl EnvFile {
    /// Reads a text. `environment` returns the variables of the process: for docker, a line with only a name means the
    /// value there.
    pub(crate) fn parse(
        text: &str,
        form: Form,
        prefix: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match form {
            Form::Dotenv => dotenv(text, prefix),
            Form::Docker => docker(text, prefix, environment),
        }
    }
}

fn dotenv(text: &str, prefix: &str) -> EnvFile {
    let read = Cell::new(0);
    let lines: Vec<&str> = text.lines().collect();
    let mut file = EnvFile::default();
    let mut items = dotenvy::from_read_iter(Lines {
        rest: text.as_bytes(),
        read: &read,
    });
    loop {
        let before = read.get();
        let Some(item) = items.next() else { break };
        // An item includes the blank lines and comments before it.
        let own = || {
            let range = lines.iter().enumerate().take(read.get()).skip(before);
            range.skip_while(|(_, line)| {
                let line = line.trim_start();
                line.is_empty() || line.starts_with('#')
            })
        };
        let line = own().next().map_or(before, |(index, _)| index) + 1;
        match item {
            Ok((name, value)) => file.variables.push(Variable { name, value, line }),
            Err(_) => {
                let ours = own().find(|(_, line)| is_of(line, prefix));
                file.mistakes.push(Mistake {
                    line: ours.map_or(line, |(index, _)| index + 1),
                    rule: "`dotenvy` cannot read this line or any line after it",
                    fix: fix_of(ours.map_or("", |(_, line)| line), prefix),
                    is_ours: ours.is_some(),
                });
            }
        }
    }
    file
}

/// The line with its value in single quotes, which take everything literally, if it has a value.
fn fix_of(line: &str, prefix: &str) -> String {
    if let Some(assignment) = of_yaml(line) {
        return format!("this is YAML: write `{assignment}`");
    }
    let name = line.trim();
    if name.starts_with(prefix) && !name.contains(['=', ' ']) {
        return format!("write `{name}=` and the value");
    }
    let is_plain = name.contains('=') && (name.starts_with(prefix) || name.starts_with("export"));
    if let Some((name, value)) = assignment(line, prefix).filter(|_| !is_plain) {
        return match sets_several(value) {
            true => EACH_ALONE.to_owned(),
            false => format!("write `{name}='{value}'`"),
        };
    }
    let quoted = line
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(_, value)| !value.contains('\''));
    match quoted {
        Some((name, value)) if !value.contains('"') => {
            format!("put the value in single quotes: `{name}='{value}'`")
        }
        _ => "put the value in single quotes, which take everything literally".to_owned(),
    }
}

/// What a line of a YAML file sets, as a line of an environment file: `NAME: value`, `- NAME=value`. `None` if the line
/// is of another form, or if its value is not clear.
fn of_yaml(line: &str) -> Option<String> {
    let item = line.trim().strip_prefix("- ").map(str::trim_start);
    let text = unquoted(item.unwrap_or(line).trim());
    let is_name = |name: &str| {
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_of_name)
    };
    let by_colon = text.split_once(": ").filter(|(name, _)| is_name(name));
    let by_sign = || text.split_once('=').filter(|_| item.is_some());
    let (name, value) = by_colon.or_else(by_sign)?;
    let value = unquoted(value.trim());
    let is_clear =
        is_name(name) && !value.is_empty() && !value.contains(['\'', '"', '\\', '#', '|', '>']);
    is_clear.then(|| format!("{name}='{value}'"))
}

fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// Whether a line sets a variable with the prefix.
fn is_of(line: &str, prefix: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    line.starts_with(prefix) || assignment(line, prefix).is_some()
}

const EACH_ALONE: &str = "set each variable on a line of its own, as `NAME=value`";

/// Whether a value goes on with other variables: `ENV A=1 B=2`.
fn sets_several(value: &str) -> bool {
    value
        .split_whitespace()
        .skip(1)
        .any(|word| word.contains('='))
}

/// The variable with the prefix that a line sets in another form, and its value: `ENV NAME value`, `set NAME=value`,
/// `$env:NAME = "value"`, `{"NAME": "value"}`.
fn assignment<'l>(line: &'l str, prefix: &str) -> Option<(&'l str, &'l str)> {
    let (before, rest) = line.split_at_checked(line.find(prefix)?)?;
    let is_of_form =
        |character: char| character.is_ascii_alphabetic() || " \t\"'{$:=".contains(character);
    let is_word = !before.ends_with(|last: char| last.is_ascii_alphabetic());
    let end =
        rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))?;
    let (name, value) = rest.split_at_checked(end)?;
    let value = value.trim_start_matches(['"', '\'', ':', '=', ' ', '\t']);
    let value = value.trim_end_matches(['"', '\'', '}', ',', ' ', '\t']);
    let is_clear = !value.is_empty() && !value.contains(['\'', '"', '\\', '#']);
    let is_of_form = before.chars().all(is_of_form) && before.split_whitespace().count() < 2;
    (is_word && is_clear && is_of_form).then_some((name, value))
}

fn docker(text: &str, prefix: &str, environment: impl Fn(&str) -> Option<String>) -> EnvFile {
    let mut file = EnvFile::default();
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let (name, value) = match content.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (content, environment(content)),
        };
        let is_ours = is_of(content, prefix);
        if name.is_empty() {
            file.mistakes.push(Mistake {
                line,
                rule: "docker refuses a file with a line that has no name",
                fix: "write `NAME=value`".to_owned(),
                is_ours,
            });
        } else if name.contains(char::is_whitespace) {
            let whole: String = name.split_whitespace().collect();
            file.mistakes.push(Mistake {
                line,
                rule: "docker refuses a file with white space in a name",
                fix: match of_yaml(content) {
                    // Docker takes quotes literally.
                    Some(assignment) => {
                        format!("this is YAML: write `{}`", assignment.replace('\'', ""))
                    }
                    None => match assignment(content, prefix) {
                        Some((_, value)) if sets_several(value) => EACH_ALONE.to_owned(),
                        Some((name, value)) if !content.starts_with(name) => {
                            format!("write `{name}={value}`")
                        }
                        _ => format!("write `{whole}=` without it"),
                    },
                },
                is_ours,
            });
        } else if let Some(value) = value {
            file.variables.push(Variable {
                name: name.to_owned(),
                value,
                line,
            });
        }
    }
    file
}

/// Gives a text line by line, and counts the lines. So a buffered reader has never read beyond the line that it
/// returns.
struct Lines<'a> {
    rest: &'a [u8],
    read: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = match self.rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            None => self.rest.len(),
        };
        let (now, later) = self.rest.split_at(line.min(buffer.len()));
        if now.ends_with(b"\n") || (later.is_empty() && !now.is_empty()) {
            self.read.set(self.read.get() + 1);
        }
        for (slot, byte) in buffer.iter_mut().zip(now) {
            *slot = *byte;
        }
        self.rest = later;
        Ok(now.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables = Vec<(String, String, usize)>;

    /// The variables, and the lines that cannot be read, each with whether it is ours.
    fn read(text: &str, form: Form) -> (Variables, Vec<(usize, bool)>) {
        let file = EnvFile::parse(text, form, "CORS_", |name| {
            (name == "CORS_FROM_PROCESS").then(|| "x".to_owned())
        });
        (
            file.variables
                .into_iter()
                .map(|variable| (variable.name, variable.value, variable.line))
                .collect(),
            file.mistakes
                .into_iter()
                .map(|mistake| (mistake.line, mistake.is_ours))
                .collect(),
        )
    }

    /// What `dotenvy::load` reads from the same bytes, up to its first error.
    fn loaded(text: &str) -> Vec<(String, String)> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        dotenvy::from_read_iter(text.as_bytes())
            .map_while(Result::ok)
            .collect()
    }

    #[test]
    fn dotenv_files_are_read_as_dotenvy_reads_them() {
        for (text, wanted, mistakes) in [
            ("", &[][..], &[][..]),
            ("\n# CORS_A=1\n  # B=2\n\r\n", &[], &[]),
            ("CORS_A=1", &[("CORS_A", "1", 1)], &[]),
            (
                "\u{feff}CORS_A=1\r\nCORS_B=2\r\n",
                &[("CORS_A", "1", 1), ("CORS_B", "2", 2)],
                &[],
            ),
            ("export CORS_A=1", &[("CORS_A", "1", 1)], &[]),
            (
                "A=x # y\n\nB=x#y\nC=#z\nD=",
                &[("A", "x", 1), ("B", "x#y", 3), ("C", "", 4), ("D", "", 5)],
                &[],
            ),
            ("A='x # $y\\n' # z", &[("A", "x # $y\\n", 1)], &[]),
            (
                "A=\"x,\n y\"\nB=1",
                &[("A", "x,\n y", 1), ("B", "1", 3)],
                &[],
            ),
            // A value without quotes ends at a space, and `dotenvy` permits only a comment after it.
            (
                "CORS_ALLOWED_ORIGINS=https://a.example, https://b.example",
                &[],
                &[(1, true)],
            ),
            // It permits a backslash only before certain characters.
            (
                "CORS_ALLOWED_ORIGIN_REGEXES=https://pr-[0-9]+\\.example\\.dev",
                &[],
                &[(1, true)],
            ),
            (
                "CORS_ALLOWED_ORIGIN_REGEXES='https://pr-[0-9]+\\.example\\.dev$'",
                &[(
                    "CORS_ALLOWED_ORIGIN_REGEXES",
                    "https://pr-[0-9]+\\.example\\.dev$",
                    1,
                )],
                &[],
            ),
            (
                "URL=https://a.example\nCORS_A=${URL}",
                &[
                    ("URL", "https://a.example", 1),
                    ("CORS_A", "https://a.example", 2),
                ],
                &[],
            ),
            (
                "spring.profiles.active=prod\nCORS_A=1",
                &[("spring.profiles.active", "prod", 1), ("CORS_A", "1", 2)],
                &[],
            ),
            // Lines of other programs.
            (
                "# a comment\nthis is no line\nCORS_A=1\n1B=2",
                &[("CORS_A", "1", 3)],
                &[(2, false), (4, false)],
            ),
            // An open quote takes the rest of the file.
            ("OTHER='x\nCORS_A=1\n", &[], &[(2, true)]),
        ] {
            let (variables, found) = read(text, Form::Dotenv);
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(name, value, line)| ((*name).to_owned(), (*value).to_owned(), *line))
                .collect();
            assert_eq!(variables, wanted, "{text:?}");
            assert_eq!(found, mistakes, "{text:?}");
            let pairs: Vec<_> = variables
                .into_iter()
                .map(|(name, value, _)| (name, value))
                .collect();
            let loaded = loaded(text);
            assert_eq!(pairs[..loaded.len().min(pairs.len())], loaded, "{text:?}");
        }
    }

    #[test]
    fn docker_takes_each_line_as_it_is() {
        for (text, wanted, mistakes) in [
            ("# c\n\n  CORS_A=1 ", &[("CORS_A", "1 ", 3)][..], &[][..]),
            ("CORS_A=\"1\" # c", &[("CORS_A", "\"1\" # c", 1)], &[]),
            ("CORS_A", &[], &[]),
            ("CORS_FROM_PROCESS", &[("CORS_FROM_PROCESS", "x", 1)], &[]),
            ("CORS_A=${B}", &[("CORS_A", "${B}", 1)], &[]),
            ("CORS_A =1\nB C=2", &[], &[(1, true), (2, false)]),
            ("=1", &[], &[(1, false)]),
            ("export CORS_A=1", &[], &[(1, true)]),
            ("export OTHER=1", &[], &[(1, false)]),
        ] {
            let (variables, found) = read(text, Form::Docker);
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(name, value, line)| ((*name).to_owned(), (*value).to_owned(), *line))
                .collect();
            assert_eq!(variables, wanted, "{text:?}");
            assert_eq!(found, mistakes, "{text:?}");
        }
    }

    #[test]
    fn the_fix_is_the_line_in_single_quotes() {
        let file = EnvFile::parse(
            "CORS_ALLOWED_ORIGINS=https://a.example, https://b.example",
            Form::Dotenv,
            "CORS_",
            |_| None,
        );
        let fix = file.mistakes[0].fix.as_str();
        let line = "CORS_ALLOWED_ORIGINS='https://a.example, https://b.example'";
        assert_eq!(fix, format!("put the value in single quotes: `{line}`"));
        let fixed = EnvFile::parse(line, Form::Dotenv, "CORS_", |_| None);
        assert_eq!(fixed.mistakes, []);
        assert_eq!(
            fixed.variables[0].value,
            "https://a.example, https://b.example"
        );
    }
}
