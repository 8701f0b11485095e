//! Policies from variables: what each means, and what is wrong with it.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

use actix_cors_policy::{CorsPolicy, PolicyError, PolicyErrorKind as Kind};

use crate::{
    rows::{blocks, table},
    support::{ask, policy, try_policy},
};

const ONE: &str = "ALLOWED_ORIGINS=https://a.example";

/// The messages of a broken environment, each with its kind.
fn errors(vars: &str) -> Vec<(Kind, String)> {
    match try_policy(vars) {
        Ok(policy) => panic!("{vars} makes {policy:?}"),
        Err(errors) => errors
            .iter()
            .map(|error| (error.kind(), error.to_string()))
            .collect(),
    }
}

fn one_error(vars: &str) -> (Kind, String) {
    let mut errors = errors(vars);
    assert_eq!(errors.len(), 1, "{vars}: {errors:?}");
    errors.remove(0)
}

#[test]
fn variables_do_what_the_docs_say() {
    let rows = blocks(include_str!("data/variables.txt"));
    assert!(rows.len() >= 113);
    let mut wrong = Vec::new();
    for row in &rows {
        let vars = row.variables();
        let (errors, warnings): (Vec<String>, Vec<String>) = match try_policy(&vars) {
            Ok(policy) => {
                for wanted in row.marked('>') {
                    assert_eq!(format!("{policy:?}"), wanted, "{vars}");
                }
                let warnings = policy.warnings().iter().map(ToString::to_string);
                (Vec::new(), warnings.collect())
            }
            Err(errors) => {
                let errors = errors.iter();
                let errors = errors.map(|error| format!("{:?} {error}", error.kind()));
                (errors.collect(), Vec::new())
            }
        };
        let said = errors.iter().map(|error| format!("! {error}"));
        let said: Vec<String> = said
            .chain(warnings.into_iter().map(|text: String| format!("? {text}")))
            .collect();
        let wanted = row
            .marked('!')
            .into_iter()
            .map(|error| format!("! {error}"));
        let wanted: Vec<String> = wanted
            .chain(row.marked('?').into_iter().map(|text| format!("? {text}")))
            .collect();
        if said != wanted {
            wrong.push(format!("{vars}\n{}", said.join("\n")));
        }
    }
    assert!(
        wrong.is_empty(),
        "rows that are answered otherwise, with what is said now:\n{}",
        wrong.join("\n\n")
    );
}

#[test]
fn no_variable_at_all_is_an_error() {
    let missing = "CORS_ALLOWED_ORIGINS: no variable says which origins are allowed (list them here, or write `*` for \
                   any origin or `none` for no origin)";
    assert_eq!(errors(""), [(Kind::MissingOrigins, missing.to_owned())]);
}

#[test]
fn a_variable_set_to_nothing_is_an_error() {
    for text in ["", " ", "\\n", " \t "] {
        let value = text.replace("\\n", "\n").escape_debug().to_string();
        assert_eq!(
            one_error(&format!("ALLOWED_ORIGINS={text}")),
            (
                Kind::Empty,
                format!(
                    "CORS_ALLOWED_ORIGINS: variable is empty: `{value}` (list the origins, or write `*` for \
                     any origin or `none` for no origin)"
                )
            )
        );
        for name in [
            "ALLOWED_METHODS",
            "ALLOWED_HEADERS",
            "EXPOSED_HEADERS",
            "ALLOW_CREDENTIALS",
            "ALLOW_CREDENTIALS_FOR",
            "ALLOWED_ORIGINS_FILE",
            "DANGER_ALLOW_INSECURE_ORIGINS",
            "DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS",
            "DANGER_ALLOW_LAX_REGEXES",
            "DANGER_OMIT_VARY_FOR_ANY_ORIGIN",
            "MAX_AGE",
            "PREFLIGHT_STATUS",
            "DIAGNOSTICS",
        ] {
            assert_eq!(
                one_error(&format!("{ONE}\n{name}={text}")),
                (
                    Kind::Empty,
                    format!(
                        "CORS_{name}: variable is empty: `{value}` (unset it to get the default)"
                    )
                )
            );
        }
    }
}

#[test]
fn what_is_not_unicode_is_an_error() {
    let bytes = OsString::from_vec(b"https://\xff.example".to_vec());
    let errors = CorsPolicy::from_vars("CORS_", [("CORS_ALLOWED_ORIGINS", bytes)]).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "CORS_ALLOWED_ORIGINS: variable is not Unicode: `https://\u{fffd}.example` (write it in UTF-8)"
    );
    assert_eq!(
        errors.as_slice().first().map(PolicyError::kind),
        Some(Kind::NotUnicode)
    );

    // Not ours: nothing to say.
    let name = OsString::from_vec(b"OTHER_\xff".to_vec());
    let vars = [
        (name, OsString::from_vec(vec![0xff])),
        ("CORS_ALLOWED_ORIGINS".into(), "none".into()),
    ];
    assert!(CorsPolicy::from_vars("CORS_", vars).is_ok());
}

#[test]
fn a_variable_given_twice_is_an_error() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_ALLOWED_ORIGINS", "https://b.example"),
    ];
    let errors = CorsPolicy::from_vars("CORS_", vars).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "CORS_ALLOWED_ORIGINS: variable is set more than once: `https://a.example\\nhttps://b.example` (set it once)"
    );
}

#[test]
fn subdomains_of_public_suffixes_are_refused() {
    let refused = |text: &str, entry: usize| {
        (
            Kind::PublicSuffix,
            format!(
                "CORS_ALLOWED_ORIGINS, entry {entry}: subdomains of a public suffix must not be allowed: `{text}` (write a domain that you own, as in `https://*.example.com`; on a hosting platform, match only your own names with a regex, as in `https://[a-z0-9-]+-my-team\\.vercel\\.app`; `CORS_DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=true` permits this, and then anyone with a name there can read the responses)"
            ),
        )
    };
    let rows = table(include_str!("data/entries_and_suffixes.tsv"));
    assert!(rows.len() >= 14);
    for [what, text] in &rows {
        if what == "fine" {
            let policy = policy(&format!("ALLOWED_ORIGINS={text}"));
            let mut warnings = policy.warnings().iter().map(ToString::to_string);
            assert!(!warnings.any(|text| text.contains("suffix")), "{text}");
            continue;
        }
        let vars = format!("ALLOWED_ORIGINS=https://a.example,{text}");
        assert_eq!(one_error(&vars), refused(text, 2));
        let lifted = format!("{vars}\nDANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=1");
        let warning = format!(
            "CORS_ALLOWED_ORIGINS, entry 2: names that anyone can register are allowed: `{text}` (anyone who registers one can read the responses; list only your own names)"
        );
        let lifted = policy(&lifted);
        let mut warnings = lifted.warnings().iter().map(ToString::to_string);
        assert!(warnings.any(|text| text == warning), "{text}");
    }
    // One that no list knows may be one's own.
    let policy = policy("ALLOWED_ORIGINS=https://*.corp");
    let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "CORS_ALLOWED_ORIGINS, entry 1: subdomains of an unknown suffix are allowed: `https://*.corp` (anyone who can assign names there can read the responses)"
        ]
    );
}

/// Suffixes that lists of a few years ago do not have: once, both entries were good with credentials.
#[test]
fn the_public_suffix_list_is_recent() {
    for text in ["https://*.up.railway.app", "https://*.amplifyapp.com"] {
        for credentials in ["false", "true"] {
            let vars = format!("ALLOWED_ORIGINS={text}\nALLOW_CREDENTIALS={credentials}");
            let kinds = errors(&vars).into_iter().map(|(kind, _)| kind);
            let wanted = [Kind::PublicSuffix, Kind::CredentialsWithClaimableOrigin];
            assert!(kinds.clone().count() > 0 && kinds.clone().all(|kind| wanted.contains(&kind)));
        }
    }
}

/// What is wrong with the value of a misspelled variable is said together with its name, and not after it was renamed.
#[test]
fn values_of_misspelled_variables_are_checked_too() {
    for (name, value, wanted) in [
        ("CORS_ORIGINS", "https://a.example", ""),
        (
            "CORS_ORIGINS",
            "https://a.example/",
            "CORS_ORIGINS, entry 1: origin must not have a path: `https://a.example/` (write `https://a.example`)",
        ),
        (
            "CORS_MAXAGE",
            "1d",
            "CORS_MAXAGE: variable must be a whole number of seconds: `1d` (write `86400`)",
        ),
        ("CORS_METHODS", "PUT", ""),
        ("CORS_ALLOW_ALL", "true", ""),
        // What may be a secret of another program is not shown.
        ("CORS_CREDENTIALS", "hunter2", ""),
        ("CORS_HEADERS", "authorization=Bearer x", ""),
    ] {
        let origins = ("CORS_ALLOWED_ORIGINS", "https://b.example");
        let is_about_origins = ["CORS_ORIGINS", "CORS_ALLOW_ALL"].contains(&name);
        let others = [origins].into_iter().filter(|_| !is_about_origins);
        let vars = others.chain([(name, value)]);
        let errors = CorsPolicy::from_vars("CORS_", vars)
            .unwrap_err()
            .to_string();
        let (first, rest) = errors.split_once('\n').unwrap_or((&errors, ""));
        assert!(
            first.contains("variable is unknown (did you mean"),
            "{errors}"
        );
        assert_eq!(rest, wanted, "{name}={value}");
    }
}

/// If nothing says which origins are allowed, other names that look like it are shown.
#[test]
fn variables_of_other_programs_are_named_if_there_are_no_origins() {
    let others = [
        ("BACKEND_CORS_ORIGINS", "[]"),
        ("Cors__AllowedOrigins__0", "x"),
        ("CORS_MAX_AGE", "60"),
        ("ORIGIN", "x"),
        ("ORIGINAL_PATH", "x"),
        ("GRAPHQL_CORS_DOMAIN", "x"),
        ("TRUSTED_ORIGINS", "x"),
    ];
    let errors = CorsPolicy::from_vars("CORS_", others).unwrap_err();
    let text = "; not read, because of their names: BACKEND_CORS_ORIGINS, Cors__AllowedOrigins__0, \
                GRAPHQL_CORS_DOMAIN, TRUSTED_ORIGINS)";
    assert!(errors.to_string().ends_with(text), "{errors}");
    let policy = CorsPolicy::from_vars(
        "CORS_",
        others.into_iter().chain([("CORS_ALLOWED_ORIGINS", "none")]),
    );
    assert!(policy.expect("they are nobody's").warnings().is_empty());
}

#[test]
fn similar_names_are_errors_that_name_the_right_one() {
    let rows = table(include_str!("data/near_misses.tsv"));
    assert!(rows.len() >= 37);
    for [meant, name] in &rows {
        let name = name.as_str();
        // It is an error only if what it means is not set: of names that mean origins, if no source of origins is.
        let regex = ("CORS_ALLOWED_ORIGIN_REGEXES", "https://a");
        let is_about_origins = meant.starts_with("CORS_ALLOWED_ORIGIN");
        let others = [regex].into_iter().filter(|_| !is_about_origins);
        let vars = others.chain([(name, "x")]);
        let errors = CorsPolicy::from_vars("CORS_", vars).unwrap_err();
        // Its value is a boolean, and renamed it would be none.
        let what = match name.to_ascii_uppercase().contains("ALLOW_ALL") {
            true => {
                format!(
                    "To allow any origin, set `{meant}` to `*`; otherwise list the origins there"
                )
            }
            false => {
                format!("Rename it; or, if another program reads it, set `{meant}` as well")
            }
        };
        let lines = errors.to_string();
        let mut lines = lines.lines();
        assert_eq!(
            lines.next(),
            Some(&*format!(
                "{name}: variable is unknown (did you mean `{meant}`? {what})"
            ))
        );
        // `x` is wrong in most of them, which is said at once.
        assert!(lines.all(|line| line.starts_with(name)), "{errors}");
        let good = match meant.as_str() {
            "CORS_MAX_AGE" => "60",
            "CORS_PREFLIGHT_STATUS" => "200",
            "CORS_ALLOWED_METHODS" => "PUT",
            "CORS_ALLOWED_HEADERS" | "CORS_EXPOSED_HEADERS" => "x-a",
            _ if is_about_origins => "https://a",
            _ => "false",
        };
        if meant != "CORS_ALLOWED_ORIGINS_FILE" && meant != "CORS_OWN_ORIGINS" {
            let others = [regex].into_iter().filter(|(name, _)| name != meant);
            let vars = others.chain([(&**meant, good), (name, "x")]);
            let policy = CorsPolicy::from_vars("CORS_", vars).expect("a warning");
            let wanted =
                format!("{name}: variable is unknown and ignored (did you mean `{meant}`?)");
            let mut warnings = policy.warnings().iter().map(ToString::to_string);
            assert!(warnings.any(|warning| warning == wanted), "{name}");
        }
        assert_eq!(
            errors.as_slice().first().map(PolicyError::kind),
            Some(Kind::MisspelledVariable)
        );
    }
}

/// A fix of a regex is shown as it is, so that it must be one line. Found by fuzzing.
#[test]
fn no_control_character_of_a_regex_is_shown() {
    let regex = "http-9p://[\0^.]+localhost:\\d+";
    let vars = [("CORS_ALLOWED_ORIGIN_REGEXES", regex)];
    let errors = CorsPolicy::from_vars("CORS_", vars).expect_err("an error");
    assert!(!errors.to_string().contains(char::is_control), "{errors}");
}

/// The names of variables are anyone's who can set one. Found by fuzzing.
#[test]
fn names_of_variables_are_shown_escaped() {
    let lines = |vars: &[(&str, &str)]| {
        let errors = CorsPolicy::from_vars("CORS_", vars.iter().copied()).expect_err("errors");
        errors.to_string()
    };
    assert_eq!(
        lines(&[
            ("CORS_ALLOWED_ORIGINS", "https://a.example"),
            ("CORS_MAX_AGE\n", "x"),
            ("CORS_MAX_AGE", "x")
        ]),
        "CORS_MAX_AGE: variable must be a whole number of seconds: `x` (write only digits, such as `7200`)"
    );
    assert_eq!(
        lines(&[("CORS_X\nforged: all is well", "1")]),
        "CORS_ALLOWED_ORIGINS: no variable says which origins are allowed (list them here, or write `*` for any \
         origin or `none` for no origin; unknown and ignored: CORS_X\\nforged: all is well)"
    );
    let long = format!("CORS_{}\u{1b}[31m\u{202e}", "Z".repeat(200));
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "none"),
        ("CORS_\u{1b}[31m\u{202e}", "1"),
        (&long, "1"),
    ];
    let policy = CorsPolicy::from_vars("CORS_", vars).expect("warnings");
    let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "CORS_\\u{1b}[31m\\u{202e}: variable is unknown and ignored".to_owned(),
            format!("CORS_{}…: variable is unknown and ignored", "Z".repeat(123)),
        ]
    );
}

#[test]
fn names_of_other_programs_are_ignored() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("PATH", "/bin"),
        ("ADMIN_CORS_ALLOWED_ORIGINS", "https://b.example"),
        ("CORS2_ALLOWED_ORIGINS", "https://c.example"),
        ("ALLOWED_ORIGINS", "https://d.example"),
        ("CSRF_MAX_AGE", "60"),
        ("CORE_MAX_AGE", "60"),
        ("CERT_MAX_AGE", "60"),
        ("CONN_MAX_AGE", "60"),
        ("LOGS_MAX_AGE", "60"),
        ("CORS2_MAX_AGE", "60"),
        ("HSTS_MAX_AGE", "60"),
        ("MAX_AGE", "60"),
        ("", "x"),
    ];
    let policy = CorsPolicy::from_vars("CORS_", vars).expect("no errors");
    assert!(policy.warnings().is_empty(), "{:?}", policy.warnings());
}

/// Programs share their variables, so what another one reads must not stop a server.
#[test]
fn names_of_other_software_stop_nothing() {
    let rows = table(include_str!("data/names.tsv"));
    assert!(rows.len() >= 200);
    let mut wrong = Vec::new();
    for [verdict, name, _] in &rows {
        let vars = [("CORS_ALLOWED_ORIGINS", "https://a.example"), (name, "x")];
        let found = match CorsPolicy::from_vars("CORS_", vars) {
            Err(errors) if errors.as_slice()[0].kind() == Kind::MisspelledVariable => "error",
            Err(errors) => panic!("{name}: {errors}"),
            Ok(policy) if policy.warnings().is_empty() => "ignored",
            Ok(_) => "warning",
        };
        if found != verdict {
            wrong.push(format!("{found}\t{name}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An edit of one letter is found in every word but the shortest, and never at the price of a word more or less.
#[test]
fn similar_names_have_the_same_words() {
    for known in ["ALLOWED_ORIGINS", "EXPOSED_HEADERS", "ALLOW_CREDENTIALS"] {
        let is_error = |rest: &str| {
            let regex = ("CORS_ALLOWED_ORIGIN_REGEXES", "https://a");
            let others = [regex].into_iter().filter(|_| known != "ALLOWED_ORIGINS");
            let name = format!("CORS_{rest}");
            let vars = others.chain([(&*name, "x")]);
            CorsPolicy::from_vars("CORS_", vars)
                .is_err_and(|errors| errors.as_slice()[0].kind() == Kind::MisspelledVariable)
        };
        for (at, letter) in known.char_indices() {
            let (before, rest) = known.split_at(at);
            let after = rest.strip_prefix(letter).expect("the letter");
            assert!(
                is_error(&format!("{before}{after}")),
                "{known} without {at}"
            );
            if letter != '_' {
                assert!(is_error(&format!("{before}Q{after}")), "{known}, {at}");
                assert!(
                    is_error(&format!("{before}Q{letter}{after}")),
                    "{known}, {at}"
                );
            }
        }
        for other in ["2", "B", "DEV", "X", "LIST"] {
            assert!(!is_error(&format!("{known}_{other}")), "{known}_{other}");
            assert!(!is_error(&format!("{other}_{known}")), "{other}_{known}");
        }
    }
}

#[test]
fn settings_without_effect_are_warnings() {
    let policy = policy(&format!("{ONE}\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=true"));
    let warnings: Vec<(&str, String)> = policy
        .warnings()
        .iter()
        .map(|warning| (warning.location().setting(), warning.to_string()))
        .collect();
    assert_eq!(
        warnings,
        [(
            "CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN",
            "CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN: setting has no effect: `true` (the policy does not allow any origin; remove it)".to_owned()
        )]
    );
}

#[test]
fn another_prefix_is_another_policy() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_MAX_AGE", "x"),
        ("ADMIN_CORS_ALLOWED_ORIGINS", "https://b.example"),
        ("ADMIN2_CORS_ALLOWED_ORIGINS", "https://c.example"),
    ];
    let policy = CorsPolicy::from_vars("ADMIN_CORS_", vars).expect("the other prefix is not read");
    let (answer, _) = ask(policy, "GET /\norigin: https://b.example");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        ["https://b.example"]
    );

    let errors = CorsPolicy::from_vars(
        "ADMIN_CORS_",
        [("ADMIN_CORS_ALLOWED_ORIGIN", "https://a.example")],
    )
    .unwrap_err();
    assert_eq!(
        errors.to_string(),
        "ADMIN_CORS_ALLOWED_ORIGIN: variable is unknown (did you mean `ADMIN_CORS_ALLOWED_ORIGINS`? Rename it; or, if another program reads it, set `ADMIN_CORS_ALLOWED_ORIGINS` as well)"
    );
    let errors = CorsPolicy::from_vars("", [("ALLOWED_ORIGINS", "x")]).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "prefix: prefix of variables must not be empty: `` (write one that no other program uses, such as `CORS_`)"
    );
}
