//! The policy in the notations in which people write it: Rust, `.env`, compose files, and TOML.

use serde::Serialize;

use crate::policy_text::{PREFIX, Variable, variables};

/// The policy in one notation.
#[derive(Serialize)]
pub(crate) struct PolicyCopy {
    name: &'static str,
    text: String,
}

/// What a variable contains, and the methods of the builder that do the same.
enum Setting {
    /// A method for the entries, for the word `*`, and for `none`. Some settings do not have these words.
    List(&'static str, Option<&'static str>, Option<&'static str>),
    /// Separated by white space, and set one by one.
    Regexes(&'static str),
    /// The method has the name of the variable.
    Flag,
    /// The same, with seconds.
    Seconds,
    Number,
}

use Setting::{Flag, List, Number, Regexes, Seconds};

/// All variables without their prefix, but for the one that names a file: the playground reads no files.
const SETTINGS: [(&str, Setting); 17] = [
    (
        "ALLOWED_ORIGINS",
        List(
            "allow_origins",
            Some("allow_any_origin"),
            Some("allow_no_origin"),
        ),
    ),
    ("ALLOWED_ORIGIN_REGEXES", Regexes("allow_origin_regex")),
    (
        "ALLOWED_METHODS",
        List("allow_methods", Some("allow_any_method"), None),
    ),
    (
        "ALLOWED_HEADERS",
        List("allow_headers", Some("allow_any_header"), None),
    ),
    (
        "EXPOSED_HEADERS",
        List("expose_headers", Some("expose_any_header"), None),
    ),
    ("ALLOW_CREDENTIALS", Flag),
    (
        "ALLOW_CREDENTIALS_FOR",
        List("allow_credentials_for", None, None),
    ),
    ("REJECT_DENIED_ORIGINS", Flag),
    ("OWN_ORIGINS", List("own_origins", None, None)),
    ("DANGER_ALLOW_INSECURE_ORIGINS", Flag),
    ("DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS", Flag),
    ("DANGER_ALLOW_LAX_REGEXES", Flag),
    ("DANGER_OMIT_VARY_FOR_ANY_ORIGIN", Flag),
    ("DANGER_TRUST_FORWARDED_HEADERS", Flag),
    ("MAX_AGE", Seconds),
    ("PREFLIGHT_STATUS", Number),
    ("DIAGNOSTICS", Flag),
];

/// All copies of a text without errors. Comments, and variables of other programs, are left out.
pub(crate) fn all(text: &str) -> [PolicyCopy; 4] {
    let settings: Vec<_> = variables(text)
        .filter_map(|variable| {
            let name = variable.name.strip_prefix(PREFIX)?;
            let (_, setting) = SETTINGS.iter().find(|(known, _)| *known == name)?;
            Some((variable, name.to_ascii_lowercase(), setting))
        })
        .collect();
    let copy = |name, head: &str, line: fn(&Variable<'_>, &str, &Setting) -> String, tail: &str| {
        let lines = settings
            .iter()
            .map(|(variable, key, setting)| line(variable, key, setting));
        let text = format!("{head}{}{tail}", lines.collect::<String>());
        PolicyCopy { name, text }
    };
    let has_seconds = settings
        .iter()
        .any(|(_, _, setting)| matches!(setting, Seconds));
    let uses = if has_seconds {
        "use std::time::Duration;\n\n"
    } else {
        ""
    };
    let function = format!(
        "{uses}use actix_cors_policy::{{CorsPolicy, PolicyErrors}};\n\n\
         fn cors_policy() -> Result<CorsPolicy, PolicyErrors> {{\n    CorsPolicy::builder()\n"
    );
    [
        copy("Rust", &function, rust, "        .build()\n}\n"),
        copy(".env", "", dotenv, ""),
        copy(
            "compose",
            "services:\n  app:\n    environment:\n",
            compose,
            "",
        ),
        copy("TOML", "[cors]\n", toml, ""),
    ]
}

/// The calls of one variable, each on a line.
fn rust(variable: &Variable<'_>, key: &str, setting: &Setting) -> String {
    let calls: Vec<String> = match setting {
        List(entries, any, none) => list_calls(variable.value, entries, *any, *none),
        Regexes(method) => regexes(variable.value)
            .map(|regex| format!("{method}({})", rust_text(regex)))
            .collect(),
        Flag if is_on(variable.value) => vec![format!("{key}()")],
        Flag => Vec::new(),
        Seconds => vec![format!(
            "{key}(Duration::from_secs({}))",
            number(variable.value)
        )],
        Number => vec![format!("{key}({})", number(variable.value))],
    };
    let lines = calls.iter().map(|call| format!("        .{call}\n"));
    lines.collect()
}

fn list_calls(value: &str, method: &str, any: Option<&str>, none: Option<&str>) -> Vec<String> {
    let mut calls = Vec::new();
    let mut names = entries(value);
    if let Some(any) = any.filter(|_| names.contains(&"*")) {
        calls.push(format!("{any}()"));
        names.retain(|name| *name != "*");
    }
    if names == ["none"] {
        calls.extend(none.map(|none| format!("{none}()")));
        return calls;
    }
    let texts: Vec<String> = names.iter().map(|name| rust_text(name)).collect();
    let list = format!("[{}]", texts.join(", "));
    // As rustfmt breaks lines.
    const MAX: usize = 60;
    match texts.as_slice() {
        [] => {}
        [text] if method == "allow_origins" => calls.push(format!("allow_origin({text})")),
        _ if list.len() <= MAX => calls.push(format!("{method}({list})")),
        _ => {
            let lines = texts.iter().map(|text| format!("            {text},\n"));
            let lines: String = lines.collect();
            calls.push(format!("{method}([\n{lines}        ])"));
        }
    }
    calls
}

/// A string literal, raw if it would have escapes else.
fn rust_text(text: &str) -> String {
    let escaped = format!("{text:?}");
    if text.contains(char::is_control) || escaped.trim_matches('"') == text {
        return escaped;
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// In single quotes, everything is literal. If the value has one, `dotenvy` needs escapes.
fn dotenv(variable: &Variable<'_>, _: &str, _: &Setting) -> String {
    let Variable { name, value, .. } = variable;
    if !value.contains('\'') {
        return format!("{name}='{value}'\n");
    }
    let mut escaped = String::new();
    for character in value.chars() {
        if ['\\', '"', '$'].contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    format!("{name}=\"{escaped}\"\n")
}

/// `$` begins a variable of compose itself, unless there are two.
fn compose(variable: &Variable<'_>, _: &str, _: &Setting) -> String {
    let value = variable.value.replace('$', "$$");
    let value = if value.contains(char::is_control) {
        escaped(&value)
    } else {
        format!("'{}'", value.replace('\'', "''"))
    };
    format!("      {}: {value}\n", variable.name)
}

fn toml(variable: &Variable<'_>, key: &str, setting: &Setting) -> String {
    let text = |text: &str| {
        if text.contains(['\\', '"']) && !text.contains('\'') && !text.contains(char::is_control) {
            format!("'{text}'")
        } else {
            escaped(text)
        }
    };
    let list = |values: &[&str]| match values {
        [word @ ("*" | "none")] => text(word),
        _ => {
            let texts: Vec<String> = values.iter().map(|value| text(value)).collect();
            format!("[{}]", texts.join(", "))
        }
    };
    let value = match setting {
        List(..) => list(&entries(variable.value)),
        Regexes(_) => list(&regexes(variable.value).collect::<Vec<_>>()),
        Flag => is_on(variable.value).to_string(),
        Seconds | Number => number(variable.value).to_string(),
    };
    format!("{key} = {value}\n")
}

/// In double quotes, with the escapes that YAML and TOML have in common.
fn escaped(text: &str) -> String {
    let mut escaped = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            _ if character.is_control() => {
                escaped.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped.push('"');
    escaped
}

/// One comma at the end is not followed by an entry.
fn entries(value: &str) -> Vec<&str> {
    let value = value.strip_suffix(',').unwrap_or(value);
    value.split(',').map(str::trim).collect()
}

fn regexes(value: &str) -> impl Iterator<Item = &str> {
    value.split_ascii_whitespace()
}

fn is_on(value: &str) -> bool {
    let is = |word: &&str| word.eq_ignore_ascii_case(value);
    ["true", "1", "yes", "on"].iter().any(is)
}

/// The text has no errors, so this is a number.
fn number(value: &str) -> u64 {
    value.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use actix_cors_policy::CorsPolicy;

    use super::*;
    use crate::policy_text::parse;

    /// A copy in Rust: its text, and the policy that it makes.
    macro_rules! compiled {
        ($file:literal) => {{
            mod code {
                include!($file);

                pub(super) fn policy() -> Result<CorsPolicy, PolicyErrors> {
                    cors_policy()
                }
            }
            (include_str!($file), code::policy())
        }};
    }

    const LISTED: &str = r##"
# A comment is not copied, and neither is the variable of another program.
CORS_PROXY_URL=http://proxy.example
CORS_ALLOWED_ORIGINS=https://app.example.com, https://*.preview.example.com, http://localhost:*,
  CORS_ALLOWED_ORIGIN_REGEXES = https://pr-[0-9]{1,4}\.example\.dev$ https://(a|'|"#|b)\.example\.dev
CORS_ALLOWED_METHODS=PUT, DELETE, PATCH, PROPFIND, REPORT, MKCOL
CORS_ALLOWED_HEADERS=content-type, Authorization
CORS_EXPOSED_HEADERS=x-request-id
CORS_ALLOW_CREDENTIALS=Yes
CORS_REJECT_DENIED_ORIGINS=on
CORS_OWN_ORIGINS=https://api.example.com
CORS_DANGER_ALLOW_INSECURE_ORIGINS=1
CORS_DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=true
CORS_DANGER_ALLOW_LAX_REGEXES=true
CORS_DANGER_TRUST_FORWARDED_HEADERS=true
CORS_MAX_AGE=0600
CORS_PREFLIGHT_STATUS=200
CORS_DIAGNOSTICS=true
"##;

    const ANY: &str = "\
CORS_ALLOWED_ORIGINS=*
CORS_ALLOWED_METHODS=*
CORS_ALLOWED_HEADERS=*, authorization
CORS_EXPOSED_HEADERS=*
CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN=true
CORS_ALLOW_CREDENTIALS=false";

    const CREDENTIALS_FOR: &str =
        "CORS_ALLOWED_ORIGINS=*\nCORS_ALLOW_CREDENTIALS_FOR=https://app.example.com";

    const NONE: &str = "CORS_ALLOWED_ORIGINS=none\nCORS_ALLOWED_METHODS=none";

    const POLICIES: [&str; 4] = [LISTED, ANY, CREDENTIALS_FOR, NONE];

    fn policy(text: &str) -> CorsPolicy {
        let messages = |errors: Vec<crate::policy_text::TextError>| -> Vec<String> {
            errors.into_iter().map(|error| error.message).collect()
        };
        parse(text).map_err(messages).expect("it has no errors")
    }

    fn copy(text: &str, name: &str) -> String {
        let copies = all(text);
        let found = copies.into_iter().find(|copy| copy.name == name);
        found.expect("a copy").text
    }

    #[test]
    fn each_setting_has_a_row() {
        let names: Vec<&str> = POLICIES
            .iter()
            .flat_map(|text| variables(text))
            .filter_map(|variable| variable.name.strip_prefix(PREFIX))
            .collect();
        for (name, _) in SETTINGS {
            assert!(names.contains(&name), "{name} is tested");
        }
    }

    #[test]
    fn the_copy_in_rust_is_the_policy() {
        let compiled = [
            compiled!("copied/listed.rs"),
            compiled!("copied/any.rs"),
            compiled!("copied/credentials_for.rs"),
            compiled!("copied/none.rs"),
        ];
        for (text, (wanted, compiled)) in POLICIES.into_iter().zip(compiled) {
            assert_eq!(copy(text, "Rust"), wanted);
            let compiled = compiled.expect("it has no errors");
            assert_eq!(compiled.settings(), policy(text).settings());
        }
    }

    #[test]
    fn the_copy_for_env_files_is_the_policy() {
        for text in POLICIES {
            let copied = copy(text, ".env");
            let read: Vec<(String, String)> = dotenvy::from_read_iter(copied.as_bytes())
                .map(|item| item.expect("a line"))
                .collect();
            assert_eq!(read.len(), copied.lines().count());
            let read = CorsPolicy::from_vars(PREFIX, read).expect("it has no errors");
            assert_eq!(read.settings(), policy(text).settings());
        }
    }

    #[test]
    fn the_copy_for_compose_files_is_the_policy() {
        #[derive(serde::Deserialize)]
        struct Service {
            environment: BTreeMap<String, String>,
        }
        #[derive(serde::Deserialize)]
        struct File {
            services: BTreeMap<String, Service>,
        }
        for text in POLICIES {
            let file: File = serde_saphyr::from_str(&copy(text, "compose")).expect("it is YAML");
            let service = file.services.into_values().next().expect("a service");
            let read = service.environment.into_iter().map(|(name, value)| {
                assert!(
                    !value.replace("$$", "").contains('$'),
                    "compose replaces {value}"
                );
                (name, value.replace("$$", "$"))
            });
            let read = CorsPolicy::from_vars(PREFIX, read).expect("it has no errors");
            assert_eq!(read.settings(), policy(text).settings());
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn the_copy_in_toml_is_the_policy() {
        #[derive(serde::Deserialize)]
        struct Settings {
            cors: actix_cors_policy::CorsPolicyBuilder,
        }
        for text in POLICIES {
            let settings: Settings = ::toml::from_str(&copy(text, "TOML")).expect("it is TOML");
            let read = settings.cors.build().expect("it has no errors");
            assert_eq!(read.settings(), policy(text).settings());
        }
    }

    #[test]
    fn special_characters_are_read_as_they_were() {
        for (value, in_rust) in [
            ("a", r#""a""#),
            ("a'b", r#""a'b""#),
            (r"\d", r#"r"\d""#),
            (r#"'"\$"#, r##"r#"'"\$"#"##),
            ("${HOME} #x", r#""${HOME} #x""#),
            ("\u{1}", r#""\u{1}""#),
        ] {
            assert_eq!(rust_text(value), in_rust);
            let variable = Variable::of("X", value);

            let line = dotenv(&variable, "", &Number);
            let read = dotenvy::from_read_iter(line.as_bytes()).next();
            let read = read.expect("a line").expect("a variable");
            assert_eq!(read.1, value, "{line}");

            let line = compose(&variable, "", &Number);
            let read: BTreeMap<String, String> = serde_saphyr::from_str(&line).expect("YAML");
            assert_eq!(read["X"].replace("$$", "$"), value, "{line}");

            // Regexes are separated by white space.
            let regex = value.replace(' ', "");
            let line = toml(&Variable::of("X", &regex), "x", &Regexes(""));
            let read: BTreeMap<String, Vec<String>> = ::toml::from_str(&line).expect("TOML");
            assert_eq!(read["x"], [regex], "{line}");
        }
    }
}
