//! Values that people bring out of other programs, files and documents: what is said about each, and that following it
//! leads to a good policy in one step.

use std::{
    collections::BTreeMap,
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder, PolicyError, PolicyErrors};

/// Kind, variables, what is right, what has to be said, what must not be said. `O`, `R`, `M`, `H` and `E` stand for the lists;
/// where no origins are given, `O=https://a.example` is set too.
const ROWS: &str = include_str!("data/brought_values.tsv");

const SHORT: [(&str, &str); 5] = [
    ("O", "CORS_ALLOWED_ORIGINS"),
    ("R", "CORS_ALLOWED_ORIGIN_REGEXES"),
    ("M", "CORS_ALLOWED_METHODS"),
    ("H", "CORS_ALLOWED_HEADERS"),
    ("E", "CORS_EXPOSED_HEADERS"),
];

type Variables = BTreeMap<String, String>;

fn variables(text: &str) -> Variables {
    let pairs = text.split(" ;; ").map(|pair| {
        let (name, value) = pair.split_once('=').expect("NAME=value");
        let long = SHORT.iter().find(|(short, _)| *short == name);
        let name = long.map_or(name, |(_, long)| long);
        (name.to_owned(), value.replace("\\n", "\n"))
    });
    let mut variables: Variables = pairs.collect();
    variables
        .entry("CORS_ALLOWED_ORIGINS".to_owned())
        .or_insert_with(|| "https://a.example".to_owned());
    variables
}

fn built(variables: &Variables) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::from_vars("CORS_", variables)
}

/// What is said, without the value that it is said about.
fn said(built: &Result<CorsPolicy, PolicyErrors>, variables: &Variables) -> String {
    let text = match built {
        Ok(policy) => policy
            .warnings()
            .iter()
            .map(|warning| format!("{warning}\n"))
            .collect(),
        Err(errors) => errors
            .iter()
            .map(|error| format!("{}: {} ({})\n", error.location(), error.rule(), error.fix()))
            .collect::<String>(),
    };
    let text = match built {
        // A warning shows the value too.
        Ok(_) => variables
            .values()
            .fold(text, |text, value| text.replace(&format!("`{value}`"), "")),
        Err(_) => text,
    };
    text.to_lowercase()
}

/// The variables after what the first error proposes was done, if it proposes something that can be done without thinking.
fn followed(error: &PolicyError, variables: &Variables) -> Option<Variables> {
    let mut variables = variables.clone();
    let setting = error.location().setting().to_owned();
    let value = variables.get(&setting).cloned();
    let are_regexes = setting.ends_with("_REGEXES");
    let entries = || -> Vec<String> {
        let value = value.clone().unwrap_or_default();
        if are_regexes {
            return value.split_whitespace().map(str::to_owned).collect();
        }
        // As the variable is split: a line break next to a comma is white space.
        let parts = value.split(',').map(str::trim);
        let entries = parts.flat_map(|part| part.split('\n').map(str::trim));
        entries.map(str::to_owned).collect()
    };
    let fix = error.fix();
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    if let Some(suggestion) = error.suggestion() {
        let new = match error.location().entry() {
            Some(number) => {
                let mut entries = entries();
                *entries.get_mut(number - 1)? = suggestion.to_owned();
                entries.join(if are_regexes { " " } else { "," })
            }
            None => suggestion.to_owned(),
        };
        variables.insert(setting, new);
        return Some(variables);
    }
    if let Some((_, rest)) = fix.split_once("set `") {
        let name = rest.split('`').next()?;
        let value = quoted(rest.split_once(" to ")?.1)?;
        // "As well": the other name stays.
        variables.remove(&setting);
        variables.insert(name.to_owned(), value);
        return Some(variables);
    }
    if let Some((_, rest)) = fix.split_once("use a regex: add ") {
        let regex = quoted(rest)?;
        let name = quoted(rest.split_once("` to ")?.1)?;
        let number = error.location().entry();
        let left: Vec<String> = entries()
            .into_iter()
            .enumerate()
            .filter(|(index, _)| Some(index + 1) != number && number.is_some())
            .map(|(_, entry)| entry)
            .collect();
        if left.is_empty() {
            variables.remove(&setting);
        } else {
            variables.insert(setting, left.join(","));
        }
        variables.insert(name, regex);
        return Some(variables);
    }
    None
}

#[test]
fn each_brought_value_gets_the_right_fix() {
    let mut wrong = Vec::new();
    for line in ROWS.lines().filter(|line| !line.starts_with("# ")).skip(1) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (_, given, right, says, not) = (next(), next(), next(), next(), next());
        let variables = variables(given);
        let built = built(&variables);
        let verdict = match &built {
            Ok(policy) if policy.warnings().is_empty() => "good",
            Ok(_) => "warning",
            Err(_) => "error",
        };
        let said = said(&built, &variables);
        let parts = |column: &'static str| column.split(" ;; ").filter(|part| !part.is_empty());
        let missing: Vec<&str> = parts(says)
            .filter(|part| !said.contains(&part.to_lowercase()))
            .collect();
        let extra: Vec<&str> = parts(not)
            .filter(|part| said.contains(&part.to_lowercase()))
            .collect();
        if verdict != right || !missing.is_empty() || !extra.is_empty() {
            wrong.push(format!(
                "{given}: {verdict} for {right}; lacks {missing:?}, has {extra:?}: {said}"
            ));
        }
        let Err(errors) = &built else { continue };
        let first = &errors.as_slice()[0];
        if let Some(followed) = followed(first, &variables)
            && let Err(again) = self::built(&followed)
        {
            wrong.push(format!("{given}: {first}\n  after it: {again}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The same values in code: what is said of each, and that it names no variable.
#[test]
fn values_in_code_are_answered_as_those_of_variables() {
    type Set = fn(CorsPolicyBuilder, &str) -> CorsPolicyBuilder;
    let origin: Set = |builder, value| builder.allow_origin(value);
    let own: Set = |builder, value| builder.allow_no_origin().own_origins([value]);
    let method: Set = |builder, value| builder.allow_no_origin().allow_methods([value]);
    let header: Set = |builder, value| builder.allow_no_origin().allow_headers([value]);
    let regex: Set = |builder, value| builder.allow_origin_regex(value);
    let mut wrong = Vec::new();
    for (set, value, says) in [
        (origin, "all", "call `allow_any_origin()`"),
        (origin, "none at all", "write scheme, host and port"),
        (origin, "http://*:3000", "write `http://localhost:3000`"),
        (
            origin,
            "http://localhost:{3000,3001}",
            "pass each entry separately: `http://localhost:3000`, `http://localhost:3001`",
        ),
        (
            origin,
            "https://a.example, https://b.example",
            "pass each entry separately: `https://a.example`, `https://b.example`",
        ),
        (
            origin,
            "[\"https://a.example\",\"https://b.example\"]",
            "pass each entry separately: `https://a.example`, `https://b.example`",
        ),
        (
            origin,
            "https://a.example # mine",
            "write `https://a.example`",
        ),
        (
            origin,
            "url('https://a.example')",
            "write `https://a.example`",
        ),
        (
            origin,
            "https://app?.example.com",
            r"call `allow_origin_regex()` with `https://app[a-z0-9-]\.example\.com`",
        ),
        (origin, "<origin>", "write the value"),
        (own, "https://a.example/", "write `https://a.example`"),
        (own, "\"https://a.example\"", "write `https://a.example`"),
        (
            own,
            "https://a.example https://b.example",
            "pass each entry separately: `https://a.example`, `https://b.example`",
        ),
        (
            own,
            "http*://a.example",
            "pass each entry separately: `https://a.example`, `http://a.example`",
        ),
        (own, "wss://a.example", "write `https://a.example`"),
        (own, "<origin>", "write the value"),
        (method, "all", "call `allow_any_method()`"),
        (method, "patch", "write `PATCH`"),
        (
            method,
            "GET, PUT",
            "pass each entry separately: `GET`, `PUT`",
        ),
        (
            method,
            "['GET','PUT']",
            "pass each entry separately: `GET`, `PUT`",
        ),
        (
            method,
            "GET|PUT",
            "pass each entry separately: `GET`, `PUT`",
        ),
        (method, "'PUT'", "write `PUT`"),
        (header, "X-*", "call `allow_any_header()`"),
        (
            header,
            "Content-Type, Authorization",
            "pass each entry separately: `Content-Type`, `Authorization`",
        ),
        (
            header,
            "Content-Type: text/plain",
            "write only the name: `Content-Type`",
        ),
        (header, "Content Type", "write `Content-Type`"),
        (regex, "*", "call `allow_any_origin()`"),
        (
            regex,
            r"/^https:\/\/a\.example$/",
            r"write `^https:\/\/a\.example$`",
        ),
    ] {
        let built = set(CorsPolicy::builder(), value).build();
        let errors = built.expect_err(value);
        let fix = errors.as_slice()[0].fix();
        if !fix.contains(says) || fix.contains("CORS_") || fix.contains("unset") {
            wrong.push(format!("lacks {says}: {errors}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Origins that are good as they are.
const GOOD: [&str; 8] = [
    "https://a.example.com",
    "https://*.b.example.com",
    "http://localhost:3000",
    "http://localhost:*",
    "https://c.example.co.uk:8443",
    "http://127.0.0.1:5173",
    "http://[::1]:8080",
    "tauri://localhost",
];

/// What people do to a value: a text with `V` for the value.
const AROUND: [&str; 25] = [
    "V",
    "\"V\"",
    "'V'",
    "`V`",
    "\\\"V\\\"",
    "- V",
    "* V",
    "• V",
    "1. V",
    "V # mine",
    "V // mine",
    "V (mine)",
    "V [mine]",
    "<V>",
    "[mine](V)",
    "[V]",
    "V;",
    "V/",
    "V/path?q#f",
    " V ",
    "\u{feff}V",
    "Origin: V",
    "CORS_ALLOWED_ORIGINS=V",
    "“V”",
    "https://V",
];

const SEPARATORS: [&str; 9] = [",", ", ", "\n", ";", " ", " | ", " and ", "\\n", ",\n  "];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    /// Whatever choices of schemes, hosts and ports are written as one text: the correction is their product, and good.
    #[test]
    fn choices_are_written_out(
        scheme in 0..6_usize,
        hosts in proptest::sample::subsequence(vec!["localhost", "127.0.0.1", "app.localhost"], 1..=3),
        ports in proptest::sample::subsequence(vec!["3000", "5173", "8080", "8443"], 1..=4),
        brackets in 0..3_usize,
    ) {
        let (scheme, schemes) = [
            ("http", &["http"][..]),
            ("https", &["https"]),
            ("http*", &["https", "http"]),
            ("http(s)", &["https", "http"]),
            ("*", &["https", "http"]),
            ("{http,https}", &["http", "https"]),
        ][scheme];
        let (open, separator, close) = [("{", ",", "}"), ("[", ", ", "]"), ("{", "|", "}")][brackets];
        let choice = |parts: &[&str]| match parts {
            [part] => (*part).to_owned(),
            parts => format!("{open}{}{close}", parts.join(separator)),
        };
        let text = format!("{scheme}://{}:{}", choice(&hosts), choice(&ports));
        let variables = Variables::from([("CORS_ALLOWED_ORIGINS".to_owned(), text.clone())]);
        let Err(errors) = built(&variables) else {
            proptest::prop_assert!(schemes.len() * hosts.len() * ports.len() == 1, "{text}");
            return Ok(());
        };
        let mut wanted: Vec<String> = Vec::new();
        for scheme in schemes {
            for host in &hosts {
                wanted.extend(ports.iter().map(|port| format!("{scheme}://{host}:{port}")));
            }
        }
        let proposed = errors.as_slice()[0].suggestion().unwrap_or_default();
        proptest::prop_assert_eq!(proposed, wanted.join(","), "{}\n{}", text, errors);
        let followed = Variables::from([("CORS_ALLOWED_ORIGINS".to_owned(), proposed.to_owned())]);
        proptest::prop_assert!(built(&followed).is_ok(), "{}", proposed);
    }

    /// Whatever stands around good origins, and whatever separates them: what is said leads to a good policy in one step.
    #[test]
    fn each_fix_of_a_brought_value_is_accepted(
        values in proptest::collection::vec((0..GOOD.len(), 0..AROUND.len(), 0..AROUND.len()), 1..4),
        separator in 0..SEPARATORS.len(),
        outside in 0..8_usize,
    ) {
        let outsides = ["L", "[L]", "\"L\"", "(L)", "{L}", "['L']", "L,", "L # mine"];
        let list: Vec<String> = values
            .iter()
            .map(|(good, inner, outer)| {
                // Two schemes are taken off once, and only from what has one of the web.
                let inner = AROUND[*inner].replace('V', GOOD[*good]);
                if AROUND[*outer] == "https://V" { inner } else { AROUND[*outer].replace('V', &inner) }
            })
            .collect();
        let text = outsides[outside].replace('L', &list.join(SEPARATORS[separator]));
        let variables = Variables::from([("CORS_ALLOWED_ORIGINS".to_owned(), text.clone())]);
        let Err(errors) = built(&variables) else { return Ok(()) };
        // What cannot be guessed is not, but what is proposed is good as a whole, or leaves errors of other entries only.
        for error in &errors {
            if let Some(followed) = followed(error, &variables)
                && let Err(again) = built(&followed)
            {
                let same = again.iter().any(|again| again.location() == error.location());
                proptest::prop_assert!(!same, "{text:?}\n{errors}\nafter it: {again}");
            }
        }
    }
}

/// One thing around one value, and one other separator between two: what is said is always a value to write.
#[test]
fn text_around_a_value_is_removed() {
    let mut without = Vec::new();
    for good in GOOD {
        for around in AROUND {
            let text = around.replace('V', good);
            let variables = Variables::from([("CORS_ALLOWED_ORIGINS".to_owned(), text.clone())]);
            if let Err(errors) = built(&variables)
                && errors.iter().any(|error| error.suggestion().is_none())
            {
                without.push(format!("{text:?}: {errors}"));
            }
        }
        for separator in SEPARATORS {
            let text = format!("https://z.example.com{separator}{good}");
            let variables = Variables::from([("CORS_ALLOWED_ORIGINS".to_owned(), text.clone())]);
            if let Err(errors) = built(&variables)
                && errors.iter().any(|error| error.suggestion().is_none())
            {
                without.push(format!("{text:?}: {errors}"));
            }
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}

/// Variables are bounded by the system alone, so what is guessed about them must not cost more than reading them.
#[test]
fn long_values_are_read_in_linear_time() {
    for part in [
        "[",
        "(\"",
        "a ",
        " ",
        "${",
        "<a",
        "://",
        "https://a.example;",
        "'",
        "\\",
        "%A",
        "*.",
        "- ",
        "{a,b}",
        "http",
        "https://a.example ",
        "https://a.example:1 2 ",
        "<b",
        "</b>",
        "\",\"\n",
        "$A",
        "a:",
        "GET/",
    ] {
        for name in [
            "CORS_ALLOWED_ORIGINS",
            "CORS_ALLOWED_HEADERS",
            "CORS_ALLOWED_ORIGIN_REGEXES",
            "CORS_MAX_AGE",
        ] {
            // A regex is compiled, which takes longer than a look at it.
            let bytes = if name.ends_with("REGEXES") {
                20_000
            } else {
                200_000
            };
            let text = part.repeat(bytes / part.len());
            let variables = Variables::from([(name.to_owned(), format!("x{text}y"))]);
            let start = processor_time();
            drop(built(&variables));
            let took = processor_time() - start;
            assert!(took.as_secs() < 5, "{name} of {part:?}: {took:?}");
        }
    }
}

/// What is understood in part is not compared with all before it, nor read by a function that calls itself for each part.
#[test]
fn long_values_that_are_nearly_right_are_read_in_linear_time() {
    let ports: String = (0..20_000)
        .map(|port| format!(",{}", port + 10_000))
        .collect();
    for (name, text) in [
        ("CORS_MAX_AGE", "1.".repeat(100_000) + "1:00:00"),
        ("CORS_MAX_AGE", "1.".repeat(100_000) + "1"),
        (
            "CORS_ALLOWED_ORIGINS",
            format!("http://localhost:3000{ports}"),
        ),
    ] {
        let start = processor_time();
        drop(built(&Variables::from([(name.to_owned(), text)])));
        let took = processor_time() - start;
        assert!(took.as_secs() < 5, "{name}: {took:?}");
    }
}

/// What this thread has used of the processor, which other programs do not change; where that is not known, the time that has
/// passed.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let used = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = used.and_then(|used| used.split(' ').next()?.parse().ok());
    used.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
