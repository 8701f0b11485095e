//! Policies in the settings structs of programs: each format, and the two crates that let variables override files.

use actix_cors_policy::{
    CorsPolicy, CorsPolicyBuilder, CorsRequest, PolicyError, PolicyErrorKind as Kind,
};
use serde::Deserialize;

/// A program's own settings.
#[derive(Deserialize)]
struct Settings {
    #[expect(dead_code, reason = "a program has more settings than these")]
    port: Option<u16>,
    cors: CorsPolicyBuilder,
}

fn toml(text: &str) -> CorsPolicyBuilder {
    let settings: Settings = toml::from_str(text).expect("it is TOML");
    settings.cors
}

fn yaml(text: &str) -> CorsPolicyBuilder {
    let settings: Settings = serde_saphyr::from_str(text).expect("it is YAML");
    settings.cors
}

fn json(text: &str) -> CorsPolicyBuilder {
    let settings: Settings = serde_json::from_str(text).expect("it is JSON");
    settings.cors
}

fn shown(builder: CorsPolicyBuilder) -> String {
    builder.build().expect("it is good").to_string()
}

fn errors(builder: CorsPolicyBuilder) -> String {
    builder.build().expect_err("it is refused").to_string()
}

const WHOLE: &str = "\
origins                 https://app.example.com
                        http://localhost:*
origin regexes          https://pr-[0-9]+\\.example\\.dev
methods                 GET, HEAD, POST, PUT, DELETE
headers                 content-type, authorization
exposed headers         any
credentials             yes
max age                 600 s
preflight status        200
rejects denied origins  no
diagnostics             yes";

#[test]
fn each_format_says_the_same() {
    let of_toml = toml(
        r#"
        port = 8080
        [cors]
        allowed_origins = ["https://app.example.com", "http://localhost:*"]
        allowed_origin_regexes = ['https://pr-[0-9]+\.example\.dev']
        allowed_methods = ["PUT", "DELETE"]
        allowed_headers = ["content-type", "authorization"]
        exposed_headers = "*"
        allow_credentials = true
        max_age = 600
        preflight_status = 200
        diagnostics = "on"
        reject_denied_origins = false
        "#,
    );
    let of_yaml = yaml(
        r#"
port: 8080
cors:
  allowed_origins:
    - https://app.example.com
    - http://localhost:*
  allowed_origin_regexes: 'https://pr-[0-9]+\.example\.dev'
  allowed_methods: [PUT, DELETE]
  allowed_headers: content-type, authorization
  exposed_headers: ["*"]
  allow_credentials: yes
  max_age: "600"
  preflight_status: 200
  own_origins: ~
  diagnostics: 1
"#,
    );
    let of_json = json(
        r#"{"cors": {
            "allowed_origins": "https://app.example.com,http://localhost:*",
            "allowed_origin_regexes": ["https://pr-[0-9]+\\.example\\.dev"],
            "allowed_methods": ["PUT", "DELETE"],
            "allowed_headers": ["content-type", "authorization"],
            "exposed_headers": ["*"],
            "allow_credentials": 1,
            "max_age": 600,
            "preflight_status": "200",
            "own_origins": null,
            "diagnostics": true
        }}"#,
    );
    for builder in [of_toml, of_yaml, of_json] {
        assert_eq!(shown(builder), WHOLE);
    }
}

#[test]
fn words_and_empty_lists() {
    for (json_text, wanted) in [
        (r#""*""#, "any"),
        (r#"["*"]"#, "any"),
        (r#""none""#, "none"),
        (r#"["none"]"#, "none"),
    ] {
        let builder = json(&format!(
            r#"{{"cors": {{"allowed_origins": {json_text}}}}}"#
        ));
        let shown = shown(builder);
        assert_eq!(
            shown.lines().next(),
            Some(&*format!("origins                 {wanted}"))
        );
    }
    for (names, wanted) in [
        ("[]", "none"),
        (r#"["none"]"#, "none"),
        (r#""none""#, "none"),
        (r#"["*"]"#, "any except authorization"),
        (r#"["*", "authorization"]"#, "any"),
        ("null", "none"),
    ] {
        let builder = json(&format!(
            r#"{{"cors": {{"allowed_origins": ["https://a.example"], "allowed_headers": {names}, "allowed_origin_regexes": []}}}}"#
        ));
        let line = format!("headers                 {wanted}");
        let shown = shown(builder);
        assert!(shown.lines().any(|shown| shown == line), "{names}: {shown}");
    }
}

/// All errors, in the order of the table, whatever the order in the file.
const ERRORS: &str = "\
allowed_origins, entry 2: origin must not have a path: `https://b.example/` (write `https://b.example`)
allowed_origins, entry 3: entry must be text, and is null (write `\"null\"` with quotes for opaque origins, or remove it)
allowed_origins, entry 4: entry must be text, and is a map (write each entry as text)
allowed_origin_regexes, entry 1: regex does not compile: `https://(a` (REASON)
allowed_methods, entry 1: methods are case-sensitive: `patch` (write `PATCH`, and send it so from the page)
allow_credentials: key must be a boolean: `maybe` (write `true` or `false`)
own_origins: list must not be empty (name at least one, or leave it out)
max_age: key must be a whole number of seconds: `1h` (write `3600`)
preflight_status: key must be a whole number, and is a list (write it in digits)
allowedOrigins: key is unknown (did you mean `allowed_origins`? Rename it, or remove it)
methods: key is unknown (did you mean `allowed_methods`? Rename it, or remove it)
retries: key is unknown (remove it; there are `allowed_origins`, `allowed_origin_regexes`, `allowed_origins_file`, \
`allowed_methods`, `allowed_headers`, `exposed_headers`, `allow_credentials`, `allow_credentials_for`, `reject_denied_origins`, `own_origins`, \
`max_age`, `preflight_status`, `diagnostics`)";

#[test]
fn all_errors_have_locations_in_one_order() {
    let of_yaml = "
cors:
  retries: 3
  preflight_status: [200]
  methods: []
  max_age: 1h
  own_origins: []
  allow_credentials: maybe
  allowed_methods: [patch]
  allowed_origin_regexes: ['https://(a']
  allowedOrigins: https://a.example
  allowed_origins: [https://a.example, https://b.example/, null, {a: b}]
";
    let of_json = r#"{"cors": {
        "allowedOrigins": "https://a.example",
        "own_origins": [],
        "allowed_origins": ["https://a.example", "https://b.example/", null, {"a": "b"}],
        "allowed_origin_regexes": ["https://(a"],
        "methods": [],
        "allow_credentials": "maybe",
        "allowed_methods": ["patch"],
        "retries": 3,
        "max_age": "1h",
        "preflight_status": [200]
    }}"#;
    for _ in 0..10 {
        for builder in [yaml(of_yaml), json(of_json)] {
            let errors = errors(builder);
            let reason = errors.split_once("`https://(a` (").expect("a regex").1;
            let reason = reason.split_once(")\n").expect("its end").0;
            assert_eq!(errors, ERRORS.replace("REASON", reason));
        }
    }
    // TOML has no null.
    let of_toml = toml(
        "[cors]\nallowed_origins = [\"https://a.example\", \"https://b.example/\"]\nmax_age = -1\n\
         allow_credentials = 2024-01-01\n",
    );
    assert_eq!(
        errors(of_toml),
        "allowed_origins, entry 2: origin must not have a path: `https://b.example/` (write `https://b.example`)\n\
         allow_credentials: key must be a boolean, and is a map (write `true` or `false`)\n\
         max_age: key must be a whole number of seconds: `-1` (write `0`, and browsers then cache no preflight)"
    );
}

/// In a list of a format, an entry has no commas, and the fix is for the entry alone.
#[test]
fn values_of_other_programs_in_a_list_have_a_fix() {
    for (key_and_list, fix) in [
        (
            r#""allowed_origins": ["https://a.example", 8443]"#,
            "write scheme, host and port, such as `https://app.example.com`",
        ),
        (
            r#""allowed_origins": [8080]"#,
            "for this machine, write `http://localhost:8080`",
        ),
        (
            r#""allowed_origins": ["http://localhost:3000,3001"]"#,
            "pass each entry separately: `http://localhost:3000`, `http://localhost:3001`",
        ),
        (
            r#""allowed_origin_regexes": ["https://a\\.example,https://b\\.example"]"#,
            r"write `https://a\.example|https://b\.example`",
        ),
        (
            r#""allowed_origin_regexes": ["^null$"]"#,
            "remove it; to allow opaque origins, add `null` to `allowed_origins`",
        ),
    ] {
        let errors = errors(json(&format!(r#"{{"cors": {{{key_and_list}}}}}"#)));
        assert!(errors.contains(&format!(" ({fix})")), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn a_key_that_occurs_twice_is_an_error() {
    let builder =
        json(r#"{"cors": {"allowed_origins": "https://a.example", "max_age": 1, "max_age": 1}}"#);
    assert_eq!(
        errors(builder),
        "max_age: key is set more than once (set it once)"
    );
}

#[test]
fn fixes_name_keys() {
    let builder =
        json(r#"{"cors": {"allowed_origins": ["https://*.com"], "allowed_methods": ["PUT"]}}"#);
    let message = errors(builder);
    let wanted = "setting `danger_allow_public_suffix_subdomains` to `true` permits this";
    assert!(message.contains(wanted), "{message}");

    // What is wrong with the value of a misspelled key is said at once.
    for (text, wanted) in [
        (
            r#"{"allowedOrigins": ["https://a.example/"], "allowOrigin": true}"#,
            "allowOrigin: key is unknown (did you mean `allowed_origins`? Rename it, or remove it)\n\
             allowOrigin, entry 1: entry is not an origin: `true` (to allow any origin, set `allowed_origins` to `*`)\n\
             allowedOrigins: key is unknown (did you mean `allowed_origins`? Rename it, or remove it)\n\
             allowedOrigins, entry 1: origin must not have a path: `https://a.example/` (write `https://a.example`)",
        ),
        (
            r#"{"allow_any_origin": true, "allow_all_methods": true}"#,
            "allow_all_methods: key is unknown (did you mean `allowed_methods`? To allow any method, set \
             `allowed_methods` to `*`; otherwise list the methods there)\n\
             allow_any_origin: key is unknown (did you mean `allowed_origins`? To allow any origin, set \
             `allowed_origins` to `*`; otherwise list the origins there)",
        ),
        (
            r#"{"allowed_origins": "*", "allow_credentials": ["https://a.example"]}"#,
            "allow_credentials: key must be a boolean, and is a list (write `true` or `false`; to let only some origins \
             send credentials, list them in `allow_credentials_for`)",
        ),
    ] {
        assert_eq!(errors(json(&format!(r#"{{"cors": {text}}}"#))), wanted);
    }

    let message = errors(json(r#"{"cors": {}}"#));
    assert_eq!(
        message,
        "allowed_origins: no key says which origins are allowed (list them here, or write `*` for any origin or `none` for no origin)"
    );

    let policy = json(r#"{"cors": {"allowed_origins": "https://a.example"}}"#)
        .build()
        .expect("good");
    let explained = policy.explain(&CorsRequest::actual("https://a.example", "PUT"));
    let fix = explained.causes().first().and_then(|cause| cause.fix());
    assert_eq!(fix, Some("add `PUT` to `allowed_methods`"));
}

#[test]
fn code_and_variables_go_on() {
    let builder =
        json(r#"{"cors": {"allowed_origins": ["https://a.example"], "allow_credentials": false}}"#);
    let builder = builder.allow_origin("https://b.example").with_vars(
        "CORS_",
        [
            ("CORS_ALLOWED_ORIGINS", "https://c.example"),
            ("CORS_MAX_AGE", "5"),
        ],
    );
    let policy = builder.clone().build().expect("it is good");
    assert!(policy.to_string().starts_with(
        "origins                 https://a.example\n                        https://b.example\n                        https://c.example\n"
    ));
    assert_eq!(
        errors(
            builder
                .allow_credentials()
                .max_age(std::time::Duration::from_secs(6))
        ),
        "allow_credentials: allow_credentials is set twice, with different values: `true` (allow_credentials sets it to `false`; remove one of them)\n\
         max_age: max_age is set twice, with different values: `6s` (CORS_MAX_AGE sets it to `5`; remove one of them)"
    );
}

#[test]
fn what_is_no_map_is_the_formats_error() {
    let error = serde_json::from_str::<CorsPolicyBuilder>("\"*\"").expect_err("no map");
    let wanted = "expected a map of CORS settings, such as `allowed_origins`";
    assert!(error.to_string().contains(wanted), "{error}");
}

/// A file, and variables that override it: `APP__CORS__ALLOWED_ORIGINS`.
#[test]
fn variables_override_a_file_by_config() {
    let vars = [
        (
            "APP__CORS__ALLOWED_ORIGINS",
            "https://b.example,https://c.example",
        ),
        ("APP__CORS__ALLOW_CREDENTIALS", "false"),
        ("APP__CORS__MAX_AGE", "60"),
    ];
    let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for parses in [false, true] {
        let environment = config::Environment::with_prefix("APP")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(parses)
            .source(Some(vars.iter().cloned().collect()));
        let file = "[cors]\nallowed_origins = [\"https://a.example\"]\nallow_credentials = true\nmax_age = 600\nallowed_methods = [\"PUT\"]\n";
        let merged = config::Config::builder()
            .add_source(config::File::from_str(file, config::FileFormat::Toml))
            .add_source(environment)
            .build()
            .expect("it merges");
        let settings: Settings = merged.try_deserialize().expect("it fits");
        let policy = settings.cors.build().expect("it is good");
        let shown = policy.to_string();
        for line in [
            "origins                 https://b.example",
            "                        https://c.example",
            "methods                 GET, HEAD, POST, PUT",
            "credentials             no",
            "max age                 60 s",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
        }
        assert!(!shown.contains("https://a.example"));
    }
}

#[test]
#[expect(clippy::result_large_err, reason = "the error is figment's own")]
fn variables_override_a_file_by_figment() {
    use figment::{
        Figment, Jail,
        providers::{Env, Format as _, Toml},
    };

    Jail::expect_with(|jail| {
        jail.set_env(
            "APP_CORS__ALLOWED_ORIGINS",
            "https://b.example,https://c.example",
        );
        jail.set_env("APP_CORS__MAX_AGE", "60");
        jail.set_env("APP_CORS__ALLOW_CREDENTIALS", "1");
        let file = "[cors]\nallowed_origins = [\"https://a.example\"]\nmax_age = 600\n";
        let merged = Figment::new()
            .merge(Toml::string(file))
            .merge(Env::prefixed("APP_").split("__"));
        let settings: Settings = merged.extract()?;
        let policy: CorsPolicy = settings.cors.build().map_err(|errors| errors.to_string())?;
        let shown = policy.to_string();
        for line in [
            "origins                 https://b.example",
            "                        https://c.example",
            "credentials             yes",
            "max age                 60 s",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
        }
        Ok(())
    });
}

/// Errors are the same after a crate has merged sources, and located by the same keys.
#[test]
#[expect(clippy::result_large_err, reason = "the error is figment's own")]
fn merged_settings_have_the_same_errors() {
    const WANTED: &str = "allowed_origins, entry 2: origin must not have a path: `https://b.example/` (write `https://b.example`)\n\
         allow_credentials: key must be a boolean: `perhaps` (write `true` or `false`)\n\
         max_age: key must be a whole number of seconds: `1h` (write `3600`)";
    let file = "[cors]\nallowed_origins = [\"https://a.example\", \"https://b.example/\"]\nmax_age = \"1h\"\n";
    let vars = [(
        "APP__CORS__ALLOW_CREDENTIALS".to_owned(),
        "perhaps".to_owned(),
    )];
    let environment = config::Environment::with_prefix("APP")
        .prefix_separator("__")
        .separator("__")
        .source(Some(vars.into_iter().collect()));
    let merged = config::Config::builder()
        .add_source(config::File::from_str(file, config::FileFormat::Toml))
        .add_source(environment)
        .build()
        .expect("it merges");
    let settings: Settings = merged.try_deserialize().expect("it fits");
    assert_eq!(errors(settings.cors), WANTED);

    figment::Jail::expect_with(|jail| {
        use figment::providers::Format as _;

        jail.set_env("APP_CORS__ALLOW_CREDENTIALS", "perhaps");
        let merged = figment::Figment::new()
            .merge(figment::providers::Toml::string(file))
            .merge(figment::providers::Env::prefixed("APP_").split("__"));
        let settings: Settings = merged.extract()?;
        assert_eq!(errors(settings.cors), WANTED);
        Ok(())
    });
}

/// What a deserializer gives that no format above does.
#[test]
fn values_of_other_types() {
    use serde::de::value::{Error, MapDeserializer};

    let pairs = [("max_age", 600_i128), ("allow_credentials", 1)];
    let map = MapDeserializer::<_, Error>::new(pairs.into_iter());
    let builder = CorsPolicyBuilder::deserialize(map).expect("a map");
    let policy = builder.allow_origin("https://a.example").build();
    assert!(policy.expect("it is good").to_string().contains("600 s"));

    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let builder = json(&format!(
        r#"{{"cors": {{"allowed_origins": [{deep}], "max_age": 1.5}}}}"#
    ));
    let errors = builder.build().expect_err("it is refused");
    let kinds: Vec<Kind> = errors.iter().map(PolicyError::kind).collect();
    assert_eq!(kinds, [Kind::ValueType, Kind::Number]);
}
