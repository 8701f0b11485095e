//! The `curl` lines of the first guide are sent to the example server, and its answers are those that the guide shows.

use std::collections::BTreeSet;

use crate::programs::Program;

const GUIDE: &str = include_str!("../../src/guides/how_cors_works.md");

/// Each `curl` line of the guide with the answer below it.
fn exchanges() -> Vec<(String, Vec<String>)> {
    let mut exchanges = Vec::<(String, Vec<String>)>::new();
    for block in GUIDE
        .split("```console\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
    {
        // A command may go on after a backslash.
        let block = block.replace("\\\n", "");
        if let Some((command, answer)) = block.split_once('\n')
            && command.starts_with("$ curl ")
        {
            exchanges.push((
                command.to_owned(),
                answer.lines().map(str::to_owned).collect(),
            ));
        }
    }
    exchanges
}

#[test]
fn the_answers_are_as_they_really_come() {
    let server = Program::server(&[]);
    let exchanges = exchanges();
    assert!(exchanges.len() >= 3, "{exchanges:?}");
    for (command, shown) in exchanges {
        let method = command
            .split(" -X ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .unwrap_or("GET");
        let path = command
            .split("http://127.0.0.1:8080")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .expect("a path");
        let mut request = format!("{method} {path}");
        for header in command.split("-H '").skip(1) {
            request.push('\n');
            request.push_str(header.split('\'').next().expect("a header"));
        }
        let answer = server.ask(&request);

        let mut lines = shown.iter();
        let status = lines.next().expect("a status line");
        assert!(
            status.starts_with(&format!("HTTP/1.1 {} ", answer.status)),
            "{command}: {status}"
        );
        let headers: BTreeSet<String> = lines
            .by_ref()
            .take_while(|line| !line.is_empty())
            .cloned()
            .collect();
        // The date is another each time, and the order of headers is the server's.
        let came: BTreeSet<String> = answer
            .headers
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| format!("{name}: {value}")))
            .filter(|line| !line.starts_with("date: "))
            .collect();
        assert_eq!(headers, came, "{command}");
        let body: Vec<&str> = lines.map(String::as_str).collect();
        assert_eq!(
            body.join("\n"),
            String::from_utf8_lossy(&answer.body),
            "{command}"
        );
    }
}
