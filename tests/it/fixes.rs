//! What to do about a mistake is said in the words in which the policy is set, and as values.

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder, PolicyError, PolicyErrors};

/// What is said of a policy that code or variables make: the fixes of its errors, or its warnings.
fn said(built: Result<CorsPolicy, PolicyErrors>) -> String {
    match built {
        Ok(policy) => policy.warnings().iter().map(ToString::to_string).collect(),
        Err(errors) => errors.iter().map(PolicyError::fix).collect(),
    }
}

#[test]
fn settings_are_called_as_they_are_where_the_policy_is_set() {
    type Build = fn(CorsPolicyBuilder) -> CorsPolicyBuilder;
    type Row<'a> = (Build, &'a [(&'a str, &'a str)], &'a str, &'a str);
    let rows: [Row<'_>; 11] = [
        (
            |builder| builder.allow_origin_regex("*"),
            &[("ALLOWED_ORIGIN_REGEXES", "*")],
            "call `allow_any_origin()`",
            "set `ADMIN_ALLOWED_ORIGINS` to `*`",
        ),
        (
            |builder| builder.allow_origin("None"),
            &[("ALLOWED_ORIGINS", "None")],
            "call `allow_no_origin()`",
            "set `ADMIN_ALLOWED_ORIGINS` to `none`",
        ),
        (
            |builder| builder.allow_origin("https://*.com"),
            &[("ALLOWED_ORIGINS", "https://*.com")],
            "`danger_allow_public_suffix_subdomains()` permits this",
            "`ADMIN_DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=true` permits this",
        ),
        (
            |builder| builder.allow_origin_regex("https://.*"),
            &[("ALLOWED_ORIGIN_REGEXES", "https://.*")],
            "`danger_allow_lax_regexes()` permits this",
            "`ADMIN_DANGER_ALLOW_LAX_REGEXES=true` permits this",
        ),
        (
            |builder| builder.allow_origin(r"https://\d+.example.com"),
            &[("ALLOWED_ORIGINS", r"https://\d+.example.com")],
            r"use a regex: call `allow_origin_regex()` with `https://\d+\.example\.com`",
            r"use a regex: add `https://\d+\.example\.com` to `ADMIN_ALLOWED_ORIGIN_REGEXES`",
        ),
        (
            |builder| {
                let http = builder.allow_origin("http://a.example");
                http.allow_credentials()
            },
            &[
                ("ALLOWED_ORIGINS", "http://a.example"),
                ("ALLOW_CREDENTIALS", "true"),
            ],
            "`danger_allow_insecure_origins()` permits this",
            "`ADMIN_DANGER_ALLOW_INSECURE_ORIGINS=true` permits this",
        ),
        (
            |builder| {
                let cookie = builder.allow_origin("https://a.example");
                cookie.allow_headers(["Cookie"])
            },
            &[
                ("ALLOWED_ORIGINS", "https://a.example"),
                ("ALLOWED_HEADERS", "Cookie"),
            ],
            "for requests with cookies, see `allow_credentials()`",
            "for requests with cookies, see `ADMIN_ALLOW_CREDENTIALS`",
        ),
        (
            |builder| {
                let many = (0..2501).map(|number| format!(r"https://a{number}\.example"));
                many.fold(builder, CorsPolicyBuilder::allow_origin_regex)
            },
            &[],
            "; or check your own data in `allow_origin_fn()`",
            "",
        ),
        // Warnings.
        (
            |builder| builder.allow_no_origin().own_origins(["https://a.example"]),
            &[
                ("ALLOWED_ORIGINS", "none"),
                ("OWN_ORIGINS", "https://a.example"),
            ],
            "remove it, or call `reject_denied_origins()`",
            "remove it, or set `ADMIN_REJECT_DENIED_ORIGINS` to `true`",
        ),
        (
            |builder| {
                let lax = builder.allow_origin_regex("https://.*");
                lax.danger_allow_lax_regexes()
            },
            &[
                ("ALLOWED_ORIGIN_REGEXES", "https://.*"),
                ("DANGER_ALLOW_LAX_REGEXES", "true"),
            ],
            "without `danger_allow_lax_regexes()` it is",
            "without `ADMIN_DANGER_ALLOW_LAX_REGEXES=true` it is",
        ),
        (
            |builder| builder.allow_origin_regex("https://.*"),
            &[("ALLOWED_ORIGIN_REGEXES", "none")],
            "`danger_allow_lax_regexes()` permits this",
            "set `ADMIN_ALLOWED_ORIGINS` to `none`",
        ),
    ];
    for (build, vars, by_setter, by_variable) in rows {
        let said_of_code = said(build(CorsPolicy::builder()).build());
        assert!(said_of_code.contains(by_setter), "{said_of_code}");
        assert!(!said_of_code.contains("ADMIN_"), "{said_of_code}");
        let vars = vars
            .iter()
            .map(|(name, value)| (format!("ADMIN_{name}"), value));
        let said_of_vars = said(CorsPolicy::from_vars("ADMIN_", vars));
        assert!(said_of_vars.contains(by_variable), "{said_of_vars}");
        assert!(!said_of_vars.contains("()"), "{said_of_vars}");
    }
}

#[test]
fn a_prefix_is_escaped_like_any_text() {
    let vars = [("A`\u{1b}ALLOWED_ORIGIN_REGEXES", "*")];
    let said = said(CorsPolicy::from_vars("A`\u{1b}", vars));
    let wanted = r"unset it; to allow any origin, set `A\u{60}\u{1b}ALLOWED_ORIGINS` to `*`";
    assert_eq!(said, wanted);
}

#[test]
fn a_suggestion_is_the_value_to_write() {
    let builder = CorsPolicy::builder;
    for (builder, wanted) in [
        (
            builder().allow_origin("https://A.example/"),
            Some("https://a.example"),
        ),
        (
            builder().allow_origin("a.example"),
            Some("https://a.example"),
        ),
        (
            builder().allow_origin("https://me:secret@a.example"),
            Some("https://a.example"),
        ),
        (builder().allow_origin("https://a.example:0"), None),
        (builder().allow_origin("https://*.com"), None),
        (
            builder().allow_no_origin().allow_methods(["patch"]),
            Some("PATCH"),
        ),
        (builder().allow_no_origin().allow_methods(["a b"]), None),
        (
            builder().allow_origin_regex(r"https://.*example\.com"),
            Some(r"https://(.*\.)?example\.com"),
        ),
        (
            builder().allow_origin_regex(r"https://*.example.com"),
            Some(r"https://.+\.example\.com"),
        ),
        (builder().allow_origin_regex("https://("), None),
        (
            builder()
                .allow_origin_regex(r"https://(www)?example\.com")
                .allow_credentials(),
            Some(r"https://(www\.)?example\.com"),
        ),
        (builder(), None),
    ] {
        let errors = builder.build().unwrap_err();
        let [error] = errors.as_slice() else {
            panic!("{errors}");
        };
        assert_eq!(error.suggestion(), wanted, "{errors}");
        if let Some(wanted) = wanted {
            assert!(error.fix().contains(&format!("`{wanted}`")), "{errors}");
        }
        let text = error.to_string();
        assert!(text.contains(error.rule()), "{text}");
        assert!(text.ends_with(&format!(" ({})", error.fix())), "{text}");
    }
}

#[test]
fn locations_are_values() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example,x"),
        ("CORS_MAX_AGE", "1d"),
    ];
    let errors = CorsPolicy::from_vars("CORS_", vars).unwrap_err();
    let locations = errors.iter().map(PolicyError::location);
    let found: Vec<_> = locations
        .map(|location| (location.setting(), location.entry()))
        .collect();
    assert_eq!(
        found,
        [("CORS_ALLOWED_ORIGINS", Some(2)), ("CORS_MAX_AGE", None)]
    );
}
