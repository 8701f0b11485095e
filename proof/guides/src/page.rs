//! What a reader of a guide does: its files and its commands, in the order of the page.

/// A step of a guide.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// A block whose first line is a comment with nothing but a path is that file.
    File { path: String, text: String },
    /// A line after `$ ` in a `console` block, and the lines below it.
    Command { command: String, shown: String },
}

/// The steps of a page. What a doctest hides is part of the program.
pub(crate) fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let blocks = page.split("\n```").skip(1).step_by(2);
    for (language, block) in blocks.filter_map(|block| block.split_once('\n')) {
        if language == "console" {
            // A command may go on after a backslash.
            for command in format!("\n{block}")
                .replace("\\\n", "")
                .split("\n$ ")
                .skip(1)
            {
                let (command, shown) = command.split_once('\n').unwrap_or((command, ""));
                steps.push(Step::Command {
                    command: command.to_owned(),
                    shown: shown.to_owned(),
                });
            }
        } else if let Some((first, text)) = block.split_once('\n')
            && let Some(path) = first.strip_prefix("// ").or(first.strip_prefix("# "))
            && !path.contains(' ')
        {
            steps.push(Step::File {
                path: path.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    steps
}

/// What differs, if a command printed anything else than the page shows. Of a response by HTTP, the order of the headers
/// does not count, nor does what depends on the day, the server and its version. A line `…` stands for all that follows.
pub(crate) fn difference(shown: &str, printed: &str) -> Option<String> {
    let (shown, printed) = (comparable(shown), comparable(printed));
    let is_equal = match shown.split_once('…') {
        Some((begin, _)) => printed.starts_with(begin),
        None => shown == printed,
    };
    (!is_equal).then(|| format!("shown:\n{shown}\nprinted:\n{printed}"))
}

fn comparable(text: &str) -> String {
    let text = text.replace('\r', "");
    let text = text.trim_end();
    if !text.starts_with("HTTP/") {
        return text.to_owned();
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut head: Vec<&str> = head.lines().collect();
    head.retain(|line| {
        let name = line.split(':').next().unwrap_or_default();
        !["date", "server", "connection"].contains(&name.to_ascii_lowercase().as_str())
    });
    if let Some((_, headers)) = head.split_first_mut() {
        headers.sort_unstable();
    }
    format!("{}\n\n{body}", head.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_files_and_commands() {
        let page = "Text.\n\n```no_run\n// src/main.rs\nfn main() {}\n```\n\n```js\n// Not a file.\n```\n\n```console\n\
                    $ curl -i \\\n    b\nHTTP/1.1 200 OK\n\nhi\n$ c\n```\n";
        let file = Step::File {
            path: "src/main.rs".to_owned(),
            text: "fn main() {}".to_owned(),
        };
        let command = |command: &str, shown: &str| Step::Command {
            command: command.to_owned(),
            shown: shown.to_owned(),
        };
        let curl = command("curl -i     b", "HTTP/1.1 200 OK\n\nhi");
        assert_eq!(steps(page), [file, curl, command("c", "")]);
    }

    #[test]
    fn a_response_that_differs_is_found() {
        let shown = "HTTP/1.1 200 OK\na: 1\nb: 2\n\nhi";
        let same = "HTTP/1.1 200 OK\r\ndate: today\r\nb: 2\r\nServer: x\r\na: 1\r\n\r\nhi\n";
        assert_eq!(difference(shown, same), None);
        for other in [
            "HTTP/1.1 204 OK\na: 1\nb: 2\n\nhi",
            "HTTP/1.1 200 OK\na: 1\n\nhi",
            "HTTP/1.1 200 OK\na: 1\nb: 2\nc: 3\n\nhi",
            "HTTP/1.1 200 OK\na: 1\nb: 3\n\nhi",
            "HTTP/1.1 200 OK\na: 1\nb: 2\n\nho",
            "",
        ] {
            assert!(difference(shown, other).is_some(), "{other}");
        }
        assert_eq!(difference("a\n…", "a\nb"), None);
        assert!(
            difference("a\n…", "b").is_some(),
            "what comes before `…` counts"
        );
    }
}
