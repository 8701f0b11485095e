//! `cors-check` as a whole program, and the README's lines of it as it really prints them.

use std::{
    collections::BTreeSet,
    io::Write as _,
    process::{Command, Output, Stdio},
};

const README: &str = include_str!("../../../README.md");

/// The command without the variables of anyone who runs the tests.
fn command(vars: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cors-check"));
    command
        .env_clear()
        .envs(vars.iter().copied())
        .args(arguments);
    command
}

fn run(vars: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(vars, arguments).output().expect("it runs");
    (output.status.code(), all(&output))
}

fn all(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn the_readme_shows_what_it_prints() {
    let mut shown = 0;
    for block in README
        .split("```console\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
    {
        let block = block.replace("\\\n", "");
        let Some((line, output)) = block.split_once('\n') else {
            continue;
        };
        let words: Vec<&str> = line.trim_start_matches("$ ").split_whitespace().collect();
        let Some(at) = words.iter().position(|word| *word == "cors-check") else {
            continue;
        };
        if words[..at].iter().any(|word| !word.contains('=')) {
            continue;
        }
        let vars: Vec<_> = words[..at]
            .iter()
            .map(|word| word.split_once('=').expect("NAME=value"))
            .collect();
        let (status, printed) = run(&vars, &words[at + 1..]);
        assert_eq!(printed, output, "{line}\n{printed}");
        assert_eq!(status, Some([0, 1, 3][shown]), "{line}");
        shown += 1;
    }
    assert_eq!(
        shown, 3,
        "a good environment, a broken one, a denied request"
    );
}

#[test]
fn the_exit_status_is_for_a_pipeline() {
    let good = [("CORS_ALLOWED_ORIGINS", "https://a.example")];
    let warned = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_NEWS", "1"),
    ];
    for (vars, arguments, status, wanted) in [
        (&good[..], &[][..], 0, "CORS_*: good\n"),
        (
            &warned,
            &[],
            0,
            "warning: CORS_NEWS: variable is unknown and ignored\n",
        ),
        (&warned, &["--deny-warnings"], 0, "warning: CORS_NEWS"),
        (
            &[
                ("CORS_ALLOWED_ORIGINS", "http://a.example"),
                ("CORS_MAX_AGE", "x"),
            ],
            &[],
            1,
            "warning: CORS_ALLOWED_ORIGINS, entry 1: plain http is allowed",
        ),
        (
            &[("ADMIN_CORS_ALLOWED_ORIGINS", "https://a.example")],
            &["--prefix", "ADMIN_CORS"],
            1,
            "help: --prefix ADMIN_CORS_\n",
        ),
        (
            &[],
            &[],
            1,
            "CORS_*: 1 error\nerror: CORS_ALLOWED_ORIGINS: no variable says which origins are allowed",
        ),
        (&good, &["--prefix", "X_"], 1, "error: X_ALLOWED_ORIGINS"),
        (
            &good,
            &["--prefix", ""],
            1,
            "prefix of variables must not be empty",
        ),
        (&good, &["--nonsense"], 2, "--nonsense"),
        (&good, &["--method", "PUT"], 2, "--origin"),
        (
            &good,
            &["--env-file", "/no/such/file"],
            2,
            "cors-check: /no/such/file: ",
        ),
        (
            &good,
            &["--origin", "https://a.example"],
            0,
            "allowed: GET from `https://a.example`\n",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--credentials"],
            3,
            "reason: credentials are not allowed\n",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--method", "put"],
            3,
            "fix: add `PUT` to `CORS_ALLOWED_METHODS`",
        ),
        (
            &good,
            &[
                "--origin",
                "https://a.example",
                "--header",
                "X-A",
                "--header",
                "X-B",
            ],
            3,
            "with `x-a, x-b`",
        ),
        (
            &good,
            &[
                "--origin",
                "https://a.example",
                "--method",
                "PUT",
                "--header",
                "x-foo",
                "--header",
                "x-bar",
                "--credentials",
            ],
            3,
            "  fix: add `PUT` to `CORS_ALLOWED_METHODS`\n  \
             reason: request header `x-bar` is not allowed\n  \
             fix: add `x-bar` to `CORS_ALLOWED_HEADERS`\n  \
             reason: request header `x-foo` is not allowed\n  \
             fix: add `x-foo` to `CORS_ALLOWED_HEADERS`\n  \
             reason: credentials are not allowed\n  \
             fix: set `CORS_ALLOW_CREDENTIALS` to `true`\n",
        ),
        (
            &good,
            &[
                "--origin",
                "https://b.example",
                "--to",
                "https://b.example/",
            ],
            0,
            "same-origin: GET from `https://b.example`\n  CORS does not apply",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--to", "nonsense here"],
            2,
            "it must be a whole URL",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--to", "api.example.com"],
            2,
            "it must be a whole URL",
        ),
        (
            &good,
            &[
                "--origin",
                "https://a.example",
                "--header",
                "Content-Type: application/json",
            ],
            2,
            "give the name alone: `--header Content-Type`",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--header", "x-a,x-b"],
            2,
            "it must be the name of one header",
        ),
        (
            &good,
            &["--origin", "https://a.example", "--method", "GET POST"],
            2,
            "it must be one method",
        ),
        (
            &[],
            &["--origin", "https://a.example"],
            1,
            "CORS_*: 1 error\n",
        ),
    ] {
        let (code, text) = run(vars, arguments);
        assert_eq!(code, Some(status), "{arguments:?}: {text}");
        assert!(text.contains(wanted), "{arguments:?}: {text}");
        assert!(!text.contains('\u{1b}'), "no color in a pipe: {text:?}");
    }
}

#[test]
fn colors_are_for_who_wants_them() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CLICOLOR_FORCE", "1"),
    ];
    assert!(run(&vars, &[]).1.contains("\u{1b}["));
    let vars = [vars[0], ("NO_COLOR", "1")];
    assert!(!run(&vars, &[]).1.contains('\u{1b}'));
}

#[test]
fn variables_come_from_a_file() {
    let path = std::env::temp_dir().join(format!("cors-check-{}.env", std::process::id()));
    let path = path.to_str().expect("Unicode");
    let docker = ["--env-file-form", "docker"];
    for (content, more, status, wanted) in [
        (
            "# ours\nexport CORS_ALLOWED_ORIGINS=\"https://a.example,\n  https://b.example\" # two\nOTHER='1'\n",
            &[][..],
            0,
            "https://b.example\n",
        ),
        (
            "FRONTEND_URL=https://a.example\nCORS_ALLOWED_ORIGINS=${FRONTEND_URL}\n",
            &[],
            0,
            "  origins                 https://a.example\n",
        ),
        (
            "CORS_ALLOWED_ORIGINS=*\nCORS_ALLOWED_ORIGINS=*\n",
            &[],
            1,
            ", line 1: CORS_ALLOWED_ORIGINS: variable is set more than once",
        ),
        (
            "\nCORS_ALLOWED_ORIGINS=x\n",
            &[],
            1,
            ", line 2: CORS_ALLOWED_ORIGINS, entry 1: origin must have a scheme",
        ),
        (
            "CORS_ALLOWED_ORIGINS=https://a.example, https://b.example\n",
            &[],
            1,
            ", line 1: `dotenvy` cannot read this line or any line after it \
             (put the value in single quotes: `CORS_ALLOWED_ORIGINS='https://a.example, https://b.example'`)\n",
        ),
        (
            "CORS_ALLOWED_ORIGIN_REGEXES=https://pr-[0-9]+\\.example\\.dev\n",
            &[],
            1,
            "`CORS_ALLOWED_ORIGIN_REGEXES='https://pr-[0-9]+\\.example\\.dev'`",
        ),
        (
            "spring.profiles.active=prod\nCORS_ALLOWED_ORIGINS=https://a.example\n",
            &["--deny-warnings"],
            0,
            "CORS_*: good\n",
        ),
        (
            "CORS_ALLOWED_ORIGINS=https://a.example\nnot a line\n",
            &[],
            0,
            ", line 2: `dotenvy` cannot read this line or any line after it\nCORS_*: good\n",
        ),
        (
            "CORS_ALLOWED_ORIGINS=https://a.example\nnot a line\n",
            &["--deny-warnings"],
            1,
            "warning: ",
        ),
        (
            "CORS_ALLOWED_ORIGINS=\"https://a.example\"\n",
            &docker,
            1,
            ", line 1: CORS_ALLOWED_ORIGINS: value must not have quotes: they are part of it",
        ),
        (
            "CORS_ALLOWED_ORIGINS=https://a.example, https://b.example\n",
            &docker,
            0,
            "https://b.example\n",
        ),
    ] {
        std::fs::write(path, content).expect("a file");
        // The variables of the process are not read then.
        let arguments = [&["--env-file", path], more].concat();
        let (code, text) = run(&[("CORS_ALLOWED_METHODS", "?")], &arguments);
        assert_eq!(code, Some(status), "{text}");
        assert!(text.contains(wanted), "{text}");
    }
    std::fs::write(path, b"\xff").expect("a file");
    let (code, text) = run(&[], &["--env-file", path]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("the file is not UTF-8"), "{text}");
    std::fs::remove_file(path).expect("it is there");
}

#[test]
fn variables_come_from_standard_input() {
    let mut child = command(&[], &["--env-file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("it is piped");
    input
        .write_all(b"CORS_ALLOWED_ORIGINS=x\n")
        .expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let text = all(&output);
    let wanted = "error: standard input, line 1: CORS_ALLOWED_ORIGINS, entry 1: origin must";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn machines_read_json() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_MAX_AGE", "60"),
    ];
    let (status, text) = run(
        &vars,
        &[
            "--format",
            "json",
            "--origin",
            "http://a.example",
            "--method",
            "PUT",
        ],
    );
    assert_eq!(status, Some(3));
    assert_eq!(
        text,
        concat!(
            r#"{"prefix":"CORS_","good":true,"policy":{"origins":["https://a.example"],"methods":["GET","HEAD","POST"],"#,
            r#""headers":[],"exposed_headers":[],"credentials":false,"max_age":60,"preflight_status":204,"#,
            r#""rejects_denied_origins":false},"warnings":[],"errors":[],"request":{"outcome":"denied","#,
            r#""allowed_by":null,"denial":"OriginNotAllowed","reason":"origin `http://a.example` is not allowed","#,
            r#""near_miss":{"sentence":"`http` where the entry has `https`","entry":"https://a.example","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1"},"causes":[{"denial":"OriginNotAllowed","#,
            r#""reason":"origin `http://a.example` is not allowed","fix":"add `http://a.example` to `CORS_ALLOWED_ORIGINS`"},"#,
            r#"{"denial":"MethodNotAllowed","reason":"method `PUT` is not allowed","#,
            r#""fix":"add `PUT` to `CORS_ALLOWED_METHODS`"}],"#,
            r#""needs_preflight":true,"preflight":{"outcome":"denied","#,
            r#""allowed_by":null,"denial":"OriginNotAllowed","reason":"origin `http://a.example` is not allowed","#,
            r#""near_miss":{"sentence":"`http` where the entry has `https`","entry":"https://a.example","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1"},"causes":[{"denial":"OriginNotAllowed","#,
            r#""reason":"origin `http://a.example` is not allowed","fix":"add `http://a.example` to `CORS_ALLOWED_ORIGINS`"},"#,
            r#"{"denial":"MethodNotAllowed","reason":"method `PUT` is not allowed","#,
            r#""fix":"add `PUT` to `CORS_ALLOWED_METHODS`"}],"#,
            r#""needs_preflight":false,"preflight":null,"status":403,"#,
            r#""headers":[{"name":"vary","value":"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}]},"#,
            r#""status":null,"headers":[{"name":"vary","value":"Origin"}]}}"#,
            "\n"
        )
    );
    let (status, text) = run(&[("CORS_ALLOWED_ORIGINS", "x")], &["--format", "json"]);
    assert_eq!(status, Some(1));
    assert_eq!(
        text,
        concat!(
            r#"{"prefix":"CORS_","good":false,"policy":null,"warnings":[],"errors":[{"kind":"Scheme","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1","value":"x","message":"CORS_ALLOWED_ORIGINS, entry 1: "#,
            r#"origin must have a scheme: `x` (begin with `https://` or another scheme)"}],"request":null}"#,
            "\n"
        )
    );
}

#[path = "../../../tests/it/hostile_text.rs"]
mod hostile_text;

/// What a terminal would obey: the colors of the command are its own, and these are switched off.
#[test]
fn nothing_hostile_is_printed() {
    use self::hostile_text::{crowded, look, texts};

    let path = std::env::temp_dir().join(format!("cors-check-{}\u{202e}.env", std::process::id()));
    let file = path.to_str().expect("Unicode");
    let origin = ("CORS_ALLOWED_ORIGINS", "https://a.example");
    let some = texts().into_iter().step_by(50);
    for text in crowded().into_iter().chain(some) {
        // No argument and no variable of a process has a NUL.
        let text = text.replace('\0', "x");
        let name = format!("CORS_{text}").replace('=', "");
        let prefix = format!("{text}ALLOWED_ORIGINS");
        let regex = format!("(?x)https://c\\.example # {text}\n");
        let entries = format!("https://a.example,https://{text},{text}");
        let bad = format!("https://user:secret@a.example/{text}");
        let option = format!("--{text}");
        std::fs::write(
            &path,
            format!("CORS_ALLOWED_ORIGINS=https://a.example\nCORS_MAX_AGE='{text}'\n{text}\n"),
        )
        .expect("a file");
        for (vars, arguments) in [
            (&[origin, (&name, "1")][..], &[][..]),
            (&[(&name, "1")], &[]),
            (&[(&prefix, "https://a.example")], &["--prefix", &text]),
            (&[(&prefix, "a")], &["--prefix", &text]),
            (&[], &["--prefix", &text]),
            (&[("CORS_ALLOWED_ORIGINS", &entries)], &[]),
            (&[("CORS_ALLOWED_ORIGINS", &bad)], &[]),
            (&[origin, ("CORS_MAX_AGE", &text)], &[]),
            (&[origin, ("CORS_ALLOWED_METHODS", &text)], &[]),
            (&[("CORS_ALLOWED_ORIGIN_REGEXES", &text)], &[]),
            (&[("CORS_ALLOWED_ORIGIN_REGEXES", &regex)], &[]),
            (&[origin], &["--origin", &text]),
            (&[origin], &["--origin", "https://c.example", "--to", &text]),
            (
                &[origin],
                &["--origin", "https://a.example", "--method", &text],
            ),
            (
                &[origin],
                &["--origin", "https://a.example", "--header", &text],
            ),
            (&[origin], &[&text]),
            (&[origin], &[&option]),
            (&[origin], &["--env-file", &text]),
            (&[origin], &["--env-file", file]),
            (&[origin], &["--format=json", &option]),
        ] {
            for json in [false, true] {
                let mut command = command(vars, arguments);
                // A pipe would be spared all escape sequences, hostile ones too, were it not said that it is a terminal.
                command.env("CLICOLOR_FORCE", "1");
                if json {
                    command.arg("--format=json");
                }
                let output = all(&command.output().expect("it runs"));
                assert!(!output.is_empty(), "{arguments:?}");
                let mut plain = output.clone();
                for color in [
                    "1m\u{1b}[31",
                    "1m\u{1b}[32",
                    "1m\u{1b}[33",
                    "0",
                    "31",
                    "32",
                    "33",
                    "1",
                ] {
                    plain = plain.replace(&format!("\u{1b}[{color}m"), "");
                }
                look(&format!("{vars:?} {arguments:?}"), &plain);
                assert!(!output.contains("secret"), "{output}");
                if json && !output.starts_with("error: ") && !output.starts_with("cors-check: ") {
                    assert!(output.is_ascii(), "{output}");
                }
            }
        }
    }
    std::fs::remove_file(path).expect("it is there");
}

/// The README's table is compared with the library's own by a test of the library.
#[test]
fn the_help_names_the_variables_of_the_readme() {
    let rows = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `CORS_"));
    let known: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let (status, help) = run(&[], &["--help"]);
    assert_eq!(status, Some(0));
    let list = help.split("Variables,").nth(1).expect("a list");
    let list = list.split("Exit status").next().expect("its end");
    let (_, list) = list.split_once('\n').expect("lines");
    let named: BTreeSet<&str> = list.split(',').map(str::trim).collect();
    assert_eq!(named, known);
}
