//! Variables out of files and of standard input.

use std::{io::Write as _, process::Stdio};

use crate::{all, command, run};

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
            "CORS_ALLOWED_ORIGINS: https://a.example\n",
            &[],
            1,
            "(this is YAML: write `CORS_ALLOWED_ORIGINS='https://a.example'`)",
        ),
        (
            "environment:\n  - \"CORS_ALLOWED_ORIGINS=https://a.example\"\n",
            &[],
            1,
            "cannot read this line or any line after it",
        ),
        (
            "  - CORS_ALLOWED_ORIGINS=https://a.example\n",
            &[],
            1,
            "(this is YAML: write `CORS_ALLOWED_ORIGINS='https://a.example'`)",
        ),
        (
            "CORS_ALLOWED_ORIGINS: \"https://a.example, https://b.example\"\n",
            &docker,
            1,
            "(this is YAML: write `CORS_ALLOWED_ORIGINS=https://a.example, https://b.example`)",
        ),
        (
            "- CORS_ALLOWED_ORIGINS=https://a.example\n",
            &docker,
            1,
            "(this is YAML: write `CORS_ALLOWED_ORIGINS=https://a.example`)",
        ),
        (
            "ENV CORS_ALLOWED_ORIGINS https://a.example\n",
            &[],
            1,
            "(write `CORS_ALLOWED_ORIGINS='https://a.example'`)",
        ),
        (
            "ENV CORS_ALLOWED_ORIGINS=https://a.example CORS_MAX_AGE=600\n",
            &[],
            1,
            "(set each variable on a line of its own",
        ),
        (
            "$env:CORS_ALLOWED_ORIGINS = \"https://a.example\"\n",
            &[],
            1,
            "(write `CORS_ALLOWED_ORIGINS='https://a.example'`)",
        ),
        (
            "{\"CORS_ALLOWED_ORIGINS\": \"https://a.example\"}\n",
            &[],
            1,
            "(write `CORS_ALLOWED_ORIGINS='https://a.example'`)",
        ),
        (
            "CORS_ALLOWED_ORIGINS\n",
            &[],
            1,
            "(write `CORS_ALLOWED_ORIGINS=` and the value)",
        ),
        (
            "export CORS_ALLOWED_ORIGINS=https://a.example\n",
            &docker,
            1,
            "(write `CORS_ALLOWED_ORIGINS=https://a.example`)",
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
