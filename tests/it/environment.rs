//! Policies from variables: what each means, and what is wrong with it.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

use actix_cors_policy::{CorsPolicy, PolicyError, PolicyErrorKind as Kind};

use crate::{
    rows::table,
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

/// A value as messages show it.
fn shown_as(value: &str) -> String {
    let show = |character: char| match character {
        '`' => r"\u{60}".to_owned(),
        '"' | '\'' | '\\' => character.to_string(),
        _ => character.escape_debug().to_string(),
    };
    value.chars().map(show).collect()
}

fn one_error(vars: &str) -> (Kind, String) {
    let mut errors = errors(vars);
    assert_eq!(errors.len(), 1, "{vars}: {errors:?}");
    errors.remove(0)
}

#[test]
fn variables_mean_what_the_builder_says() {
    for (vars, wanted) in [
        (
            "ALLOWED_ORIGINS=https://a.example, https://*.b.example\\n\\thttp://localhost:*\\r\\n null ",
            r#"origins: ["https://a.example", "https://*.b.example", "http://localhost:*", "null"], methods: ["GET", "HEAD", "POST"], headers: [], exposed_headers: [], credentials: false, max_age: None, preflight_status: 204, rejects_denied_origins: false"#,
        ),
        (
            " ALLOWED_ORIGINS= * ",
            r#"origins: any, methods: ["GET", "HEAD", "POST"], headers: [], exposed_headers: [], credentials: false, max_age: None, preflight_status: 204, rejects_denied_origins: false"#,
        ),
        (
            "ALLOWED_ORIGINS=none",
            r#"origins: [], methods: ["GET", "HEAD", "POST"], headers: [], exposed_headers: [], credentials: false, max_age: None, preflight_status: 204, rejects_denied_origins: false"#,
        ),
        (
            "ALLOWED_ORIGIN_REGEXES=  https://a  \\n https://b{1,2} ",
            r#"origins: [], origin_regexes: ["https://a", "https://b{1,2}"], methods: ["GET", "HEAD", "POST"], headers: [], exposed_headers: [], credentials: false, max_age: None, preflight_status: 204, rejects_denied_origins: false"#,
        ),
        (
            "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT,\\n PATCH\nALLOWED_HEADERS=X-A\\nx-b\nEXPOSED_HEADERS=X-C\nALLOW_CREDENTIALS=TRUE\nMAX_AGE= 60 \nPREFLIGHT_STATUS=200",
            r#"origins: ["https://a.example"], methods: ["GET", "HEAD", "POST", "PUT", "PATCH"], headers: ["x-a", "x-b"], exposed_headers: ["X-C"], credentials: true, max_age: 60, preflight_status: 200, rejects_denied_origins: false"#,
        ),
        (
            "ALLOWED_ORIGINS=*\nALLOWED_METHODS=*,PUT\nALLOWED_HEADERS=authorization,*\nEXPOSED_HEADERS=*\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=1",
            r#"origins: any, methods: any, headers: any, exposed_headers: any, credentials: false, max_age: None, preflight_status: 204, rejects_denied_origins: false, omits_vary_for_any_origin: true"#,
        ),
    ] {
        let vars = vars.replace("\\t", "\t").replace("\\r", "\r");
        let vars = vars.trim_start();
        assert_eq!(
            format!("{:?}", policy(vars)),
            format!("CorsPolicy {{ {wanted} }}"),
            "{vars}"
        );
    }
}

#[test]
fn truth_values_are_of_four_spellings_each() {
    for (text, on) in [
        ("true", true),
        ("True", true),
        ("1", true),
        ("yes", true),
        ("ON", true),
        (" on ", true),
        ("false", false),
        ("FALSE", false),
        ("0", false),
        ("no", false),
        ("off", false),
    ] {
        let debug = format!("{:?}", policy(&format!("{ONE}\nALLOW_CREDENTIALS={text}")));
        assert!(
            debug.contains(&format!("credentials: {on}")),
            "{text}: {debug}"
        );
    }
    for text in ["y", "n", "2", "t", "enabled", "true,false", "tru\u{e9}"] {
        assert_eq!(
            one_error(&format!("{ONE}\nALLOW_CREDENTIALS={text}")),
            (
                Kind::Boolean,
                format!(
                    "CORS_ALLOW_CREDENTIALS: variable must be a truth value: `{text}` (write `true` or `false`)"
                )
            )
        );
    }
}

#[test]
fn numbers_are_digits_in_range() {
    for text in ["-1", "+1", "1.5", "60s", "0x10", "1 0", "\u{661}"] {
        assert_eq!(
            one_error(&format!("{ONE}\nMAX_AGE={text}")),
            (
                Kind::Number,
                format!(
                    "CORS_MAX_AGE: variable must be a whole number: `{text}` (write it in digits alone)"
                )
            )
        );
    }
    for text in ["86401", "99999999999999999999999999"] {
        assert_eq!(
            one_error(&format!("{ONE}\nMAX_AGE={text}")),
            (
                Kind::MaxAge,
                format!(
                    "CORS_MAX_AGE: max_age must not be over 86400 seconds: `{text}` (no browser keeps a preflight for \
                     longer than a day; Chromium does for 7200 seconds)"
                )
            )
        );
    }
    for text in [
        "0",
        "199",
        "300",
        "404",
        "65536",
        "99999999999999999999999999",
    ] {
        assert_eq!(
            one_error(&format!("{ONE}\nPREFLIGHT_STATUS={text}")),
            (
                Kind::PreflightStatus,
                format!(
                    "CORS_PREFLIGHT_STATUS: preflight status must be 200 to 299: `{text}` (browsers take any other for \
                     a denial; 204 is the default)"
                )
            )
        );
    }
}

#[test]
fn no_origin_source_is_an_error() {
    let missing = (
        Kind::MissingOrigins,
        "CORS_ALLOWED_ORIGINS: no variable says which origins are allowed (list them here, or write `*` for any \
         origin or `none` for no origin)"
            .to_owned(),
    );
    assert_eq!(errors(""), std::slice::from_ref(&missing));
    assert_eq!(errors("MAX_AGE=60"), std::slice::from_ref(&missing));

    // What was ignored may be what was meant.
    assert_eq!(
        errors("ORIGIN=https://a.example\nMETHODS=PUT"),
        [(
            Kind::MissingOrigins,
            "CORS_ALLOWED_ORIGINS: no variable says which origins are allowed (list them here, or write `*` for any \
             origin or `none` for no origin; unknown and ignored: CORS_METHODS, CORS_ORIGIN)"
                .to_owned()
        )]
    );

    // It comes first, because the rest says nothing without it; the others are reported all the same.
    let all = errors("MAX_AGE=x");
    assert_eq!(all.len(), 2);
    assert_eq!(all.first(), Some(&missing));
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
                    "CORS_ALLOWED_ORIGINS: variable is set to nothing: `{value}` (unset it, or write `none` to deny \
                     every origin)"
                )
            )
        );
        for name in [
            "ALLOWED_METHODS",
            "ALLOWED_HEADERS",
            "EXPOSED_HEADERS",
            "ALLOW_CREDENTIALS",
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
                        "CORS_{name}: variable is set to nothing: `{value}` (unset it, which means the default)"
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
fn entries_are_numbered_and_all_are_judged() {
    assert_eq!(
        errors(
            "ALLOWED_ORIGINS=https://a.example/,https://b.example,,c.example\n\
             ALLOWED_ORIGIN_REGEXES=https://ok (\n\
             ALLOWED_METHODS=put,TRACE,P T\n\
             ALLOWED_HEADERS=x-a,cookie,x:y\n\
             EXPOSED_HEADERS=Set-Cookie,\n\
             MAX_AGE=never"
        )
        .into_iter()
        .map(|(_, text)| text)
        .collect::<Vec<_>>(),
        [
            "CORS_ALLOWED_ORIGINS, entry 1: origin must not have a path: `https://a.example/` (write `https://a.example`)",
            "CORS_ALLOWED_ORIGINS, entry 3: entry is empty: `` (remove it, or the separator too many)",
            "CORS_ALLOWED_ORIGINS, entry 4: origin must have a scheme: `c.example` (write `https://c.example`)",
            "CORS_ALLOWED_ORIGIN_REGEXES, entry 2: regex does not compile: `(` (unclosed group)",
            "CORS_ALLOWED_METHODS, entry 1: method compares with case: `put` (write `PUT`)",
            "CORS_ALLOWED_METHODS, entry 2: method is forbidden by the Fetch standard: `TRACE` (remove it: no browser sends it)",
            "CORS_ALLOWED_METHODS, entry 3: entry must not have white space inside: `P T` (separate entries with commas)",
            "CORS_ALLOWED_HEADERS, entry 2: request header is forbidden by the Fetch standard: `cookie` (remove it: the browser itself sends cookies, and asks no one; whether it does is a matter of `CORS_ALLOW_CREDENTIALS`)",
            "CORS_ALLOWED_HEADERS, entry 3: header name must be a token: `x:y` (write one name an entry, such as `x-request-id`)",
            "CORS_EXPOSED_HEADERS, entry 1: response header is forbidden by the Fetch standard: `Set-Cookie` (remove it: no browser lets a page read it)",
            "CORS_EXPOSED_HEADERS, entry 2: entry is empty: `` (remove it, or the separator too many)",
            "CORS_MAX_AGE: variable must be a whole number: `never` (write it in digits alone)",
        ]
    );
}

#[test]
fn white_space_separates_no_entries() {
    for text in [
        "https://a.example https://b.example",
        "https://a.example\thttps://b.example",
    ] {
        assert_eq!(
            one_error(&format!("ALLOWED_ORIGINS={text}")),
            (
                Kind::WhiteSpace,
                format!(
                    "CORS_ALLOWED_ORIGINS, entry 1: entry must not have white space inside: `{}` (separate entries with commas)",
                    text.escape_debug()
                )
            )
        );
    }
    // The bar is a letter of names, and one that no name has.
    for (variable, text) in [
        ("ALLOWED_METHODS", "PUT|DELETE"),
        ("ALLOWED_HEADERS", "x-a|x-b"),
        ("EXPOSED_HEADERS", "x-a|x-b"),
    ] {
        assert_eq!(
            one_error(&format!("{ONE}\n{variable}={text}")),
            (
                Kind::Separator,
                format!(
                    "CORS_{variable}, entry 1: entry must be one name: `{text}` (separate entries with commas)"
                )
            )
        );
    }
    for (text, kind, rule, remedy) in [
        (
            "https://a.example;https://b.example",
            Kind::Separator,
            "entry must be one origin",
            "separate entries with commas",
        ),
        (
            "https://a.example|https://b.example",
            Kind::Separator,
            "entry must be one origin",
            "separate entries with commas",
        ),
        (
            "https://a.example;https://(b).example",
            Kind::Separator,
            "entry must be one origin",
            "separate entries with commas",
        ),
        (
            "[`https://a.example`",
            Kind::Quotes,
            "entry must not have quotes",
            "remove them, and brackets too",
        ),
        (
            "'https://a.example'",
            Kind::Quotes,
            "entry must not have quotes",
            "write `https://a.example`",
        ),
        (
            "`https://a.example`",
            Kind::Quotes,
            "entry must not have quotes",
            "write `https://a.example`",
        ),
        (
            "https://a\u{200b}.example",
            Kind::NonAscii,
            "origin must be ASCII",
            "write `https://a.example`",
        ),
        (
            "https://a\u{a0}b.example",
            Kind::NonAscii,
            "origin must be ASCII",
            "remove the character U+00A0",
        ),
        (
            "NONE",
            Kind::Scheme,
            "`none` is not an origin",
            "to deny every origin, set `CORS_ALLOWED_ORIGINS` to `none`",
        ),
        (
            "\u{a0}https://a.example",
            Kind::NonAscii,
            "origin must be ASCII",
            "write `https://a.example`",
        ),
        (
            "\u{feff}https://a.example",
            Kind::NonAscii,
            "origin must be ASCII",
            "write `https://a.example`",
        ),
    ] {
        assert_eq!(
            one_error(&format!("ALLOWED_ORIGINS={text}")),
            (
                kind,
                format!(
                    "CORS_ALLOWED_ORIGINS, entry 1: {rule}: `{}` ({remedy})",
                    shown_as(text)
                )
            )
        );
    }
    // A line break separates, and beside a comma it is white space.
    assert!(try_policy("ALLOWED_ORIGINS=https://a.example,\\nhttps://b.example\\n").is_ok());
    for text in [
        ",https://a.example",
        "https://a.example,",
        "https://a.example,,https://b.example",
        "https://a.example\\n\\nhttps://b.example",
        ",",
    ] {
        let all = errors(&format!("ALLOWED_ORIGINS={text}"));
        assert!(
            all.iter().all(|(kind, _)| *kind == Kind::Empty),
            "{text}: {all:?}"
        );
    }
}

#[test]
fn no_names_is_an_unset_variable() {
    for name in ["ALLOWED_METHODS", "ALLOWED_HEADERS", "EXPOSED_HEADERS"] {
        assert_eq!(
            one_error(&format!("{ONE}\n{name}=none")),
            (
                Kind::Empty,
                format!(
                    "CORS_{name}: `none` is not a name: `none` (unset the variable, which means none but the safelisted ones)"
                )
            )
        );
    }
}

#[test]
fn any_origin_and_none_stand_alone() {
    for (vars, wanted) in [
        (
            "ALLOWED_ORIGINS=*,https://a.example",
            "CORS_ALLOWED_ORIGINS, entry 1: any origin must not stand beside other origins: `*` (remove the other origins, or this)",
        ),
        (
            "ALLOWED_ORIGINS=https://a.example\\nnone",
            "CORS_ALLOWED_ORIGINS, entry 2: `none` must not stand beside other origins: `none` (remove the other origins, or this)",
        ),
        (
            "ALLOWED_ORIGINS=*\nALLOWED_ORIGIN_REGEXES=https://a",
            "CORS_ALLOWED_ORIGINS: any origin must not stand beside other origins: `*` (remove the other origins, or this)",
        ),
        (
            "ALLOWED_ORIGINS=none\nALLOWED_ORIGIN_REGEXES=https://a",
            "CORS_ALLOWED_ORIGINS: `none` must not stand beside other origins: `none` (remove the other origins, or this)",
        ),
    ] {
        assert_eq!(
            one_error(vars),
            (Kind::OriginConflict, wanted.to_owned()),
            "{vars}"
        );
    }
}

#[test]
fn credentials_go_with_trustworthy_origins_only() {
    for (vars, kind, wanted) in [
        (
            "ALLOWED_ORIGINS=*",
            Kind::CredentialsWithAnyOrigin,
            "CORS_ALLOWED_ORIGINS: any origin must not be allowed with credentials: `*` (list the origins that may send credentials, or do not allow credentials)",
        ),
        (
            "ALLOWED_ORIGINS=https://a.example,null",
            Kind::CredentialsWithNullOrigin,
            "CORS_ALLOWED_ORIGINS, entry 2: opaque origins must not be allowed with credentials: `null` (remove it: any page can make itself an opaque origin in a sandboxed frame)",
        ),
        (
            "ALLOWED_ORIGINS=http://a.example",
            Kind::CredentialsWithInsecureOrigin,
            "CORS_ALLOWED_ORIGINS, entry 1: plain http must not be allowed with credentials: `http://a.example` (serve the origin over https; `CORS_DANGER_ALLOW_INSECURE_ORIGINS=true` lifts this, and lets whoever is on the network path speak for the origin)",
        ),
        (
            "ALLOWED_ORIGINS=http://*.a.example:*",
            Kind::CredentialsWithInsecureOrigin,
            "CORS_ALLOWED_ORIGINS, entry 1: plain http must not be allowed with credentials: `http://*.a.example:*` (serve the origin over https; `CORS_DANGER_ALLOW_INSECURE_ORIGINS=true` lifts this, and lets whoever is on the network path speak for the origin)",
        ),
    ] {
        assert!(
            try_policy(vars).is_ok(),
            "{vars} is fine without credentials"
        );
        assert_eq!(
            one_error(&format!("{vars}\nALLOW_CREDENTIALS=true")),
            (kind, wanted.to_owned()),
            "{vars}"
        );
    }
    for vars in [
        "ALLOWED_ORIGINS=http://localhost:*,http://*.localhost,http://127.0.0.1:3000,http://[::1]",
        "ALLOWED_ORIGINS=http://a.example\nDANGER_ALLOW_INSECURE_ORIGINS=true",
        "ALLOWED_ORIGINS=none",
    ] {
        assert!(
            try_policy(&format!("{vars}\nALLOW_CREDENTIALS=true")).is_ok(),
            "{vars}"
        );
    }
    assert_eq!(
        one_error(
            "ALLOWED_ORIGINS=null\nALLOW_CREDENTIALS=true\nDANGER_ALLOW_INSECURE_ORIGINS=true"
        )
        .0,
        Kind::CredentialsWithNullOrigin
    );
}

#[test]
fn subdomains_of_public_suffixes_are_refused() {
    let refused = |text: &str, entry: usize| {
        (
            Kind::PublicSuffix,
            format!(
                "CORS_ALLOWED_ORIGINS, entry {entry}: subdomains of a public suffix must not be allowed: `{text}` (name a domain that is yours, as in `https://*.example.com`; `CORS_DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=true` lifts this, and lets whoever has a name there read the answers)"
            ),
        )
    };
    let mut suffixes = vec!["https://*.com", "http://*.org:*", "wss://*.dev:81"];
    if cfg!(feature = "public-suffix") {
        suffixes.extend([
            "https://*.co.uk",
            "https://*.github.io",
            "https://*.vercel.app",
            "https://*.ck",
            "https://*.kawasaki.jp",
        ]);
    }
    for text in suffixes {
        let vars = format!("ALLOWED_ORIGINS=https://a.example,{text}");
        assert_eq!(one_error(&vars), refused(text, 2));
        let lifted = format!("{vars}\nDANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=1");
        let warning = format!(
            "CORS_ALLOWED_ORIGINS, entry 2: names are allowed that anyone can take: `{text}` (whoever takes one can read the answers; name those that are yours)"
        );
        let lifted = policy(&lifted);
        let mut warnings = lifted.warnings().iter().map(ToString::to_string);
        assert!(warnings.any(|text| text == warning), "{text}");
    }
    for text in [
        "https://*.example.com",
        "https://*.example.co.uk",
        "https://*.me.github.io",
        "http://*.localhost:*",
        "https://com:*",
        "chrome-extension://*.abc",
    ] {
        let policy = policy(&format!("ALLOWED_ORIGINS={text}"));
        let mut warnings = policy.warnings().iter().map(ToString::to_string);
        assert!(!warnings.any(|text| text.contains("suffix")), "{text}");
    }
    // One that no list knows may be one's own.
    if cfg!(feature = "public-suffix") {
        let policy = policy("ALLOWED_ORIGINS=https://*.corp");
        let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "CORS_ALLOWED_ORIGINS, entry 1: subdomains are allowed of a suffix that no public list knows: `https://*.corp` (whoever can give out names there can read the answers)"
            ]
        );
    }
}

/// Suffixes that lists of a few years ago do not have: with psl 2.1.0 both entries were good with credentials.
#[cfg(feature = "public-suffix")]
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

/// No browser sends such an origin, and an app of its own scheme may.
#[test]
fn schemes_that_are_misspelled_are_warnings() {
    for text in [
        "ALLOWED_ORIGINS=htps://a.example",
        "ALLOWED_ORIGINS=htttps://*.a.example",
        "ALLOWED_ORIGINS=hhtp://localhost:*",
        r"ALLOWED_ORIGIN_REGEXES=htps://a\.example",
        r"ALLOWED_ORIGIN_REGEXES=(https|htpp)://a\.example",
        "ALLOWED_ORIGINS=wss://a.example,ws://localhost,ftp://a.example,hxxp://a,app://a,tauri://localhost,null",
        r"ALLOWED_ORIGIN_REGEXES=https?://a\.example",
    ] {
        let policy = policy(text);
        let mut warnings = policy.warnings().iter().map(ToString::to_string);
        let warned = warnings.any(|text| {
            text.contains(": scheme is one letter from http or https: `")
                && text.ends_with("(browsers send those for pages; correct it)")
        });
        let is_misspelled = !text.contains("wss:") && !text.contains("https?");
        assert_eq!(warned, is_misspelled, "{text}");
    }
}

#[test]
fn variables_that_are_not_built_yet_are_errors() {
    for value in ["/etc/origins", ""] {
        assert_eq!(
            one_error(&format!("{ONE}\nALLOWED_ORIGINS_FILE={value}")),
            (
                Kind::UnsupportedVariable,
                format!(
                    "CORS_ALLOWED_ORIGINS_FILE: variable is not supported yet: `{value}` (unset it: this version would not do what it says)"
                )
            )
        );
    }
    // A source of origins that cannot be read is not a missing one.
    assert_eq!(
        one_error("ALLOWED_ORIGINS_FILE=/etc/origins").0,
        Kind::UnsupportedVariable
    );
}

#[test]
fn near_misses_are_errors_that_name_the_one_meant() {
    for (name, meant) in [
        ("CORS_ALLOWED_ORIGIN", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALLOW_ORIGIN", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALOWED_ORIGNS", "CORS_ALLOWED_ORIGINS"),
        ("cors_allowed_origins", "CORS_ALLOWED_ORIGINS"),
        ("Cors_Max_Age", "CORS_MAX_AGE"),
        ("cors_origin_allow_all", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALLOWED_ORIGIN_REGEX", "CORS_ALLOWED_ORIGIN_REGEXES"),
        ("CORS_ALLOW_ORIGIN_REGEX", "CORS_ALLOWED_ORIGIN_REGEXES"),
        ("CORS_ALLOW_METHODS", "CORS_ALLOWED_METHODS"),
        ("CORS_ALLOW_METHOD", "CORS_ALLOWED_METHODS"),
        ("CORS_ALLOW_HEADERS", "CORS_ALLOWED_HEADERS"),
        ("CORS_EXPOSE_HEADERS", "CORS_EXPOSED_HEADERS"),
        ("CORS_EXPOSED_HEADER", "CORS_EXPOSED_HEADERS"),
        ("CORS_ALLOWED_CREDENTIALS", "CORS_ALLOW_CREDENTIALS"),
        ("CORS_ALLOW_CREDENTIAL", "CORS_ALLOW_CREDENTIALS"),
        ("CORS_MAXAGE", "CORS_MAX_AGE"),
        ("CORS_PREFLIGHT_MAX_AGE", "CORS_MAX_AGE"),
        ("CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ORIGIN_ALLOW_ALL", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ORIGIN_WHITELIST", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ORIGIN_REGEX_WHITELIST", "CORS_ALLOWED_ORIGIN_REGEXES"),
        (
            "CORS_DANGER_ALLOW_INSECURE_ORIGIN",
            "CORS_DANGER_ALLOW_INSECURE_ORIGINS",
        ),
        ("CORS_PREFLIGHT_STATUSS", "CORS_PREFLIGHT_STATUS"),
        ("CORS_ALLOWEDORIGINS", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALLOWORIGINS", "CORS_ALLOWED_ORIGINS"),
        ("Cors_AllowedOrigins", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALLOWED_ORGIINS", "CORS_ALLOWED_ORIGINS"),
        ("CORS_ALOW_CREDENTIALS", "CORS_ALLOW_CREDENTIALS"),
        ("CORS_ALLWO_CREDNTIALS", "CORS_ALLOW_CREDENTIALS"),
        ("CORS_MXA_AGE", "CORS_MAX_AGE"),
        ("CORS_MAX_AEG", "CORS_MAX_AGE"),
        ("CORS_MXA_GAE", "CORS_MAX_AGE"),
        ("CORS_OWN_ORIGIN", "CORS_OWN_ORIGINS"),
        ("CORS_DIAGNOSTIC", "CORS_DIAGNOSTICS"),
        ("CORS_ALLOWED_ORIGIN_REGEXP", "CORS_ALLOWED_ORIGIN_REGEXES"),
        ("CORS_REJECT_DENIED_ORIGIN", "CORS_REJECT_DENIED_ORIGINS"),
    ] {
        let vars = [("CORS_ALLOWED_ORIGIN_REGEXES", "https://a"), (name, "x")];
        let errors = CorsPolicy::from_vars("CORS_", vars).unwrap_err();
        assert_eq!(
            errors.to_string(),
            format!("{name}: variable is unknown (did you mean `{meant}`?)")
        );
        assert_eq!(
            errors.as_slice().first().map(PolicyError::kind),
            Some(Kind::MisspelledVariable)
        );
    }
    // One message: what was meant as a source of origins is not missing besides.
    assert_eq!(
        one_error("ALLOWED_ORIGIN=https://a.example").0,
        Kind::MisspelledVariable
    );
}

#[test]
fn unknown_names_under_the_prefix_are_warnings() {
    // The last is of another policy, whose prefix begins as this one's does.
    let policy = policy(&format!("{ONE}\nZEBRA=1\nDEBUG=1\nX_MAX_AGE=60"));
    let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "CORS_DEBUG: variable is unknown and ignored",
            "CORS_X_MAX_AGE: variable is unknown and ignored",
            "CORS_ZEBRA: variable is unknown and ignored"
        ]
    );
}

/// A mend of a regex is shown as it is, so that it must be one line. Found by fuzzing.
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
        "CORS_MAX_AGE: variable must be a whole number: `x` (write it in digits alone)"
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
fn names_of_kubernetes_and_of_others_are_ignored() {
    let policy = policy(&format!(
        "{ONE}\nSERVICE_HOST=10.0.0.1\nSERVICE_PORT=80\nSERVICE_PORT_HTTP=80\nPORT=tcp://10.0.0.1:80\n\
         PORT_80_TCP=tcp://10.0.0.1:80\nPORT_80_TCP_PROTO=tcp\nPORT_80_TCP_PORT=80\nPORT_80_TCP_ADDR=10.0.0.1\n\
         API_SERVICE_HOST=10.0.0.1\nAPI_SERVICE_PORT=80\nAPI_PORT=tcp://10.0.0.1:80\nAPI_PORT_53_UDP_ADDR=10.0.0.1"
    ));
    assert!(policy.warnings().is_empty(), "{:?}", policy.warnings());

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
    for [verdict, name, _] in &rows {
        let vars = [("CORS_ALLOWED_ORIGINS", "https://a.example"), (name, "x")];
        let found = match CorsPolicy::from_vars("CORS_", vars) {
            Err(errors) if errors.as_slice()[0].kind() == Kind::MisspelledVariable => "error",
            Err(errors) => panic!("{name}: {errors}"),
            Ok(policy) if policy.warnings().is_empty() => "ignored",
            Ok(_) => "warning",
        };
        assert_eq!(found, verdict, "{name}");
    }
}

/// An edit of one letter is found in every word but the shortest, and never at the price of a word more or less.
#[test]
fn near_misses_are_of_the_same_words() {
    for known in ["ALLOWED_ORIGINS", "EXPOSED_HEADERS", "ALLOW_CREDENTIALS"] {
        let is_error = |rest: &str| {
            let vars = [
                ("CORS_ALLOWED_ORIGIN_REGEXES", "https://a"),
                (&format!("CORS_{rest}"), "x"),
            ];
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
fn what_is_legal_and_risky_is_a_warning() {
    for (vars, wanted) in [
        (ONE, &[][..]),
        ("ALLOWED_ORIGINS=none", &[]),
        (
            "ALLOWED_ORIGINS=http://localhost:*,http://127.0.0.1,https://*.a.example,https://a.example",
            &[],
        ),
        (
            "ALLOWED_ORIGINS=*",
            &[
                "CORS_ALLOWED_ORIGINS: any origin is allowed: `*` (every page on the web may read the answers)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example,null",
            &[
                "CORS_ALLOWED_ORIGINS, entry 2: opaque origins are allowed: `null` (any page can make itself one in a sandboxed frame)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example,http://b.example,http://*.c.example",
            &[
                "CORS_ALLOWED_ORIGINS, entry 2: plain http is allowed: `http://b.example` and 1 more (whoever is on the network path can speak for it; serve it over https)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example\nMAX_AGE=7201",
            &[
                "CORS_MAX_AGE: max_age is longer than Chromium keeps a preflight: `7201` (that is 7200 seconds)",
            ],
        ),
        ("ALLOWED_ORIGINS=https://a.example\nMAX_AGE=7200", &[]),
        (
            "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT,GET,HEAD\nEXPOSED_HEADERS=x-a,Content-Type",
            &[
                "CORS_ALLOWED_METHODS, entry 2: method is always allowed: `GET` and 1 more (remove it)",
                "CORS_EXPOSED_HEADERS, entry 2: response header can always be read: `Content-Type` (remove it)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT,*\nALLOWED_HEADERS=*,x-a,authorization\nEXPOSED_HEADERS=*,x-b",
            &[
                "CORS_ALLOWED_METHODS, entry 1: method is named beside any method: `PUT` (remove it)",
                "CORS_ALLOWED_HEADERS, entry 2: header is named beside any header: `x-a` (remove it)",
                "CORS_EXPOSED_HEADERS, entry 2: header is named beside any header: `x-b` (remove it)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=*,authorization",
            &[],
        ),
        (
            "ALLOWED_ORIGINS=https://a.example,https://b.example,https://a.example",
            &["CORS_ALLOWED_ORIGINS, entry 3: entry is repeated: `https://a.example` (remove it)"],
        ),
        (
            "ALLOWED_ORIGINS=https://x.a.example,https://*.a.example,https://y.x.a.example",
            &[
                "CORS_ALLOWED_ORIGINS, entry 1: entry is covered by another: `https://x.a.example` and 1 more (remove it: `https://*.a.example` admits it)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://*.b.a.example,https://*.a.example",
            &[
                "CORS_ALLOWED_ORIGINS, entry 1: entry is covered by another: `https://*.b.a.example` (remove it: `https://*.a.example` admits it)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=http://localhost:3000,http://localhost:*",
            &[
                "CORS_ALLOWED_ORIGINS, entry 1: entry is covered by another: `http://localhost:3000` (remove it: `http://localhost:*` admits it)",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://*.a.example:*,https://*.a.example,https://*.a.example:8443,https://a.example:*,https://b.a.example:*",
            &[
                "CORS_ALLOWED_ORIGINS, entry 2: entry is covered by another: `https://*.a.example` and 2 more (remove it: `https://*.a.example:*` admits it)",
            ],
        ),
        // Of several that cover it, the most special one.
        (
            "ALLOWED_ORIGINS=https://*.a.example:*,https://x.b.a.example,https://*.b.a.example:*,https://*.b.a.example",
            &[
                "CORS_ALLOWED_ORIGINS, entry 2: entry is covered by another: `https://x.b.a.example` and 2 more (remove it: `https://*.b.a.example` admits it)",
            ],
        ),
        // Near each other, and yet none covers another.
        (
            "ALLOWED_ORIGINS=https://*.a.example,https://*.a.example:8443,https://xa.example,https://x.a.example:1,app://x.a.example,https://*.b.example:2",
            &[],
        ),
    ] {
        let policy = policy(vars);
        let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(warnings, wanted, "{vars}");
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
            "CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN: setting changes nothing: `true` (the policy does not allow any origin; remove it)".to_owned()
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

    let errors =
        CorsPolicy::from_vars("ADMIN_CORS_", [("ADMIN_CORS_ALLOWED_ORIGIN", "x")]).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "ADMIN_CORS_ALLOWED_ORIGIN: variable is unknown (did you mean `ADMIN_CORS_ALLOWED_ORIGINS`?)"
    );
    let errors = CorsPolicy::from_vars("", [("ALLOWED_ORIGINS", "x")]).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "prefix: prefix of variables must not be empty: `` (give one that is yours alone, such as `CORS_`)"
    );
}
