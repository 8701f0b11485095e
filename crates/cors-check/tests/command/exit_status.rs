//! The exit status, and what is printed with it.

use std::{io::Write as _, process::Stdio};

use crate::{command, run};

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

/// `cors-check | head -1` in a shell with `pipefail` is as strict as `cors-check`.
#[test]
fn the_exit_status_does_not_depend_on_the_reader_of_the_output() {
    for (vars, wanted) in [
        ("CORS_ALLOWED_ORIGINS=x\n", 1),
        ("CORS_ALLOWED_ORIGINS=https://a.example\n", 0),
    ] {
        let mut child = command(&[], &["--env-file", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        // Closed before the variables are there, so before anything is written.
        drop(child.stdout.take());
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(vars.as_bytes()).expect("it reads");
        drop(input);
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(wanted), "{vars}");
    }
}
