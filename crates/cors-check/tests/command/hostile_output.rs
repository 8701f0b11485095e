//! What a terminal would obey is not printed.

use crate::{all, command};

#[path = "../../../../tests/it/hostile_text.rs"]
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
