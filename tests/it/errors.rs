//! Every refusal of the builder, with its kind and its whole message.

use std::time::Duration;

use actix_cors_policy::{
    CorsPolicy, CorsPolicyBuilder, PolicyError, PolicyErrorKind as Kind, PolicyErrors,
};

use crate::rows::{optional, table};

fn errors(builder: CorsPolicyBuilder) -> PolicyErrors {
    match builder.build() {
        Ok(policy) => panic!("makes {policy:?}"),
        Err(errors) => errors,
    }
}

#[track_caller]
fn refused(
    builder: CorsPolicyBuilder,
    location: &str,
    value: Option<&str>,
    kind: Kind,
    message: &str,
) {
    refused_as(builder, location, value, &format!("{kind:?}"), message);
}

/// The same by the name of its kind.
#[track_caller]
fn refused_as(
    builder: CorsPolicyBuilder,
    location: &str,
    value: Option<&str>,
    kind: &str,
    message: &str,
) {
    let errors = errors(builder);
    assert_eq!(errors.to_string(), message);
    let [error] = errors.as_slice() else {
        panic!("more than one error: {errors}");
    };
    assert_eq!(
        (
            &*error.location().to_string(),
            error.value(),
            &*format!("{:?}", error.kind())
        ),
        (location, value, kind),
        "{message}"
    );
}

/// A value as messages show it.
fn shown_as(value: &str) -> String {
    let shown = value.escape_debug().to_string();
    shown
        .replace("\\\"", "\"")
        .replace("\\'", "'")
        .replace("\\\\", "\\")
        .replace('`', "\\u{60}")
}

#[test]
fn entries() {
    let long = [
        (
            format!("https://{}.example", "a".repeat(330)),
            "Length",
            "origin must not be longer than 326 bytes",
            "no browser sends a longer one; remove it",
        ),
        (
            format!("https://{}.example", "a".repeat(64)),
            "Host",
            "a label of the host must not be longer than 63 bytes",
            "no such name exists; correct it",
        ),
        (
            format!("https://*.{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(60)),
            "Host",
            "host must not be longer than 253 bytes",
            "no such name exists; correct it",
        ),
        (
            format!("{}://a", "s".repeat(65)),
            "Scheme",
            "scheme must not be longer than 64 bytes",
            "no browser sends a longer one; remove it",
        ),
    ];
    let long = long.map(|(entry, kind, rule, fix)| [kind.into(), entry, rule.into(), fix.into()]);
    let rows = table(include_str!("data/entries_refused.tsv"));
    assert!(rows.len() >= 76);
    for [kind, entry, rule, fix] in rows.iter().chain(&long) {
        // Without the password, and cut.
        let value = entry.replace(":p@", ":…@");
        let shown = if value.len() > 128 {
            let head: String = value.chars().take(128).collect();
            format!("`{}`… of {} bytes", head.escape_debug(), value.len())
        } else {
            format!("`{}`", shown_as(&value))
        };
        refused_as(
            CorsPolicy::builder().allow_origin(entry),
            "allow_origin",
            Some(value.as_str()),
            kind,
            &format!("allow_origin: {rule}: {shown} ({fix})"),
        );
        // Which setter it was is part of the message, and so are the location in its list, and the other origins where they
        // would be in the way.
        let any = "call `allow_any_origin()`";
        let fix = fix.replace(any, &format!("{any}, and remove the other origins"));
        let errors =
            errors(CorsPolicy::builder().allow_origins(["https://ok.example", entry.as_str()]));
        assert_eq!(
            errors.to_string(),
            format!("allow_origins, entry 2: {rule}: {shown} ({fix})")
        );
    }
}

/// What is told to write in its location.
#[test]
fn a_refused_entry_is_corrected_where_it_can_be_guessed() {
    let rows = table(include_str!("data/entries_corrected.tsv"));
    assert!(rows.len() >= 105);
    for [meant, entry] in &rows {
        let errors = errors(CorsPolicy::builder().allow_origin(entry));
        let suggestion = errors.as_slice().first().and_then(PolicyError::suggestion);
        assert_eq!(suggestion, optional(meant), "{entry:?}");
    }
}

#[test]
fn what_only_regexes_have_is_known() {
    let rows = table(include_str!("data/entries_or_regexes.tsv"));
    assert!(rows.len() >= 20);
    for [what, entry] in &rows {
        let errors = errors(CorsPolicy::builder().allow_origin(entry));
        let fix = errors.as_slice().first().map_or("", PolicyError::fix);
        let is_regex = fix.starts_with("use a regex");
        let said = if is_regex { "regex" } else { "other" };
        assert_eq!(said, what, "{entry}: {fix}");
    }
}

#[test]
fn insecure_entries_are_plain_http_outside_of_loopback() {
    let rows = table(include_str!("data/entries_accepted.tsv"));
    assert!(rows.len() >= 11);
    for [what, entry] in &rows {
        let policy = CorsPolicy::builder().allow_origin(entry).build();
        let policy = policy.unwrap_or_else(|errors| panic!("{errors}"));
        let mut warnings = policy.warnings().iter().map(ToString::to_string);
        let is_plain = warnings.any(|text| text.contains("plain http is allowed"));
        let said = if is_plain { "plain" } else { "other" };
        assert_eq!(said, what, "{entry}");
    }
}

#[test]
fn regexes() {
    let rows = table(include_str!("data/regex_refused.tsv"));
    assert!(rows.len() >= 55);
    for [kind, regex, message] in &rows {
        let builder = CorsPolicy::builder().allow_origin_regex(regex);
        let message = match optional(message) {
            Some(message) => format!("allow_origin_regex: {message}"),
            None => errors(builder.clone()).to_string(),
        };
        let value = Some(regex.as_str());
        refused_as(builder, "allow_origin_regex", value, kind, &message);
    }
}

/// The first one too many, once.
#[test]
fn too_many_regexes() {
    let listed = |count| {
        let mut builder = CorsPolicy::builder();
        for number in 0..count {
            builder = builder.allow_origin_regex(format!(r"https://a\.tenant-{number}\.example"));
        }
        // What is repeated does not count.
        builder.allow_origin_regex(r"https://a\.tenant-0\.example")
    };
    refused(
        listed(2502),
        "allow_origin_regex",
        Some(r"https://a\.tenant-2500\.example"),
        Kind::TooManyRegexes,
        r"allow_origin_regex: there must not be more than 2500 regexes: `https://a\.tenant-2500\.example` (list hosts and their subdomains among the origins, as in `https://*.example.com`, even a million; write regexes that differ in a name as one, as in `https://pr-[0-9]+\.(one|two)\.example`; or check your own data in `allow_origin_fn()`)",
    );
}

/// All of them can match an origin until its end was read and much more.
#[test]
fn too_many_regexes_with_one_end() {
    let listed = |count| {
        let regexes =
            (0..count).map(|number| format!(r"https://app-{number}-[a-z]+\.example\.com"));
        // The others do not count.
        let others = (0..99).map(|number| format!(r"https://[a-z]+\.tenant-{number}\.example"));
        CorsPolicy::from_vars(
            "CORS_",
            [(
                "CORS_ALLOWED_ORIGIN_REGEXES",
                others.chain(regexes).collect::<Vec<_>>().join(" "),
            )],
        )
    };
    assert!(listed(256).is_ok());
    assert_eq!(
        listed(257).expect_err("one too many").to_string(),
        r"CORS_ALLOWED_ORIGIN_REGEXES, entry 356: there must not be more than 256 regexes with the same end (write what differs at the end of the host, as in `https://[a-z]+\.tenant-7\.example`, without an optional port after it; or write several as one, as in `https://app-(7|8)-[a-z]+\.example\.com`)"
    );
}

#[test]
fn methods_and_headers() {
    let builder = || CorsPolicy::builder().allow_origin("https://a.example");
    for (method, kind, rule, fix) in [
        (
            "*",
            Kind::Wildcard,
            "`*` is not a method",
            "to allow any method, call `allow_any_method()`",
        ),
        (
            "",
            Kind::Empty,
            "entry is empty",
            "remove it, or remove the extra separator",
        ),
        (
            "PUT DELETE",
            Kind::WhiteSpace,
            "entry must not have white space inside",
            "pass each entry separately: `PUT`, `DELETE`",
        ),
        (
            "PUT,DELETE",
            Kind::Method,
            "method must be a token",
            "pass each entry separately: `PUT`, `DELETE`",
        ),
        (
            "ŒUVRE",
            Kind::Method,
            "method must be a token",
            "type it anew: the character U+0152 is not ASCII",
        ),
        (
            "CONNECT",
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ),
        (
            "trace",
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ),
        (
            "Track",
            Kind::ForbiddenMethod,
            "method is forbidden by the Fetch standard",
            "remove it: no browser sends it",
        ),
        (
            "put",
            Kind::MethodCase,
            "methods are case-sensitive",
            "write `PUT`",
        ),
        (
            "Patch",
            Kind::MethodCase,
            "methods are case-sensitive",
            "write `PATCH`, and send it so from the page",
        ),
        (
            "get",
            Kind::MethodCase,
            "methods are case-sensitive",
            "write `GET`",
        ),
    ] {
        refused(
            builder().allow_methods([method]),
            "allow_methods, entry 1",
            Some(method),
            kind,
            &format!("allow_methods, entry 1: {rule}: `{method}` ({fix})"),
        );
    }
    refused(
        builder().allow_headers(["Cookie"]),
        "allow_headers, entry 1",
        Some("Cookie"),
        Kind::ForbiddenHeader,
        "allow_headers, entry 1: request header is forbidden by the Fetch standard: `Cookie` (remove it: the browser sets it itself; for requests with cookies, see `allow_credentials()`)",
    );
    refused(
        builder().allow_headers(["Set-Cookie"]),
        "allow_headers, entry 1",
        Some("Set-Cookie"),
        Kind::ForbiddenHeader,
        "allow_headers, entry 1: request header is forbidden by the Fetch standard: `Set-Cookie` (remove it: servers send it; whether browsers keep and send cookies is a matter of `allow_credentials()`)",
    );
    for name in [
        "cookie2",
        "Host",
        "Origin",
        "Sec-Fetch-Site",
        "PROXY-foo",
        "accept-encoding",
        "te",
    ] {
        refused(
            builder().allow_headers([name]),
            "allow_headers, entry 1",
            Some(name),
            Kind::ForbiddenHeader,
            &format!(
                "allow_headers, entry 1: request header is forbidden by the Fetch standard: `{name}` (remove it: the browser sets it itself)"
            ),
        );
    }
    for name in ["set-cookie", "Set-Cookie2"] {
        refused(
            builder().expose_headers([name]),
            "expose_headers, entry 1",
            Some(name),
            Kind::ForbiddenHeader,
            &format!(
                "expose_headers, entry 1: response header is forbidden by the Fetch standard: `{name}` (remove it: no browser lets a page read it)"
            ),
        );
    }
    type Setter = fn(CorsPolicyBuilder, &str) -> CorsPolicyBuilder;
    let setters: [(&str, Setter); 3] = [
        ("allow_headers", |builder, name| {
            builder.allow_headers([name])
        }),
        ("expose_headers", |builder, name| {
            builder.expose_headers([name])
        }),
        ("vary_on", |builder, name| builder.vary_on([name])),
    ];
    for (setter, set) in setters {
        let location = format!("{setter}, entry 1");
        for (name, fix) in [
            (
                "x,y",
                "write one name in each entry, such as `x-request-id`",
            ),
            ("é", "type it anew: the character U+00E9 is not ASCII"),
        ] {
            refused(
                set(builder(), name),
                &location,
                Some(name),
                Kind::HeaderName,
                &format!("{location}: header name must be a token: `{name}` ({fix})"),
            );
        }
        refused(
            set(builder(), ""),
            &location,
            Some(""),
            Kind::Empty,
            &format!("{location}: entry is empty: `` (remove it, or remove the extra separator)"),
        );
    }
    refused(
        builder().vary_on(["*"]),
        "vary_on, entry 1",
        Some("*"),
        Kind::Wildcard,
        "vary_on, entry 1: `*` is not a header: `*` (name the request headers that the predicate reads)",
    );
    refused(
        builder().allow_headers(["*"]),
        "allow_headers, entry 1",
        Some("*"),
        Kind::Wildcard,
        "allow_headers, entry 1: `*` is not a header: `*` (to allow any header, call `allow_any_header()`)",
    );
    refused(
        builder().expose_headers(["*"]),
        "expose_headers, entry 1",
        Some("*"),
        Kind::Wildcard,
        "expose_headers, entry 1: `*` is not a header: `*` (to allow any header, call `expose_any_header()`)",
    );
}

#[test]
fn max_age_and_status() {
    let builder = || CorsPolicy::builder().allow_origin("https://a.example");
    refused(
        builder().max_age(Duration::from_secs(86_401)),
        "max_age",
        Some("86401s"),
        Kind::MaxAge,
        "max_age: max_age must not be over 86400 seconds: `86401s` (no browser caches a preflight for longer than a day: write `86400` or less; Chromium's maximum is 7200 seconds)",
    );
    refused(
        builder().max_age(Duration::from_millis(1500)),
        "max_age",
        Some("1.5s"),
        Kind::MaxAge,
        "max_age: max_age must be in whole seconds: `1.5s` (Access-Control-Max-Age has no fractions; round it)",
    );
    refused(
        builder()
            .max_age(Duration::from_secs(1))
            .max_age(Duration::from_secs(2)),
        "max_age",
        Some("2s"),
        Kind::Conflict,
        "max_age: max_age is set twice, with different values: `2s` (max_age sets it to `1s`; remove one of them)",
    );
    for status in [0, 99, 199, 300, 404, 1000, u16::MAX] {
        refused(
            builder().preflight_status(status),
            "preflight_status",
            Some(&status.to_string()),
            Kind::PreflightStatus,
            &format!(
                "preflight_status: preflight status must be 200 to 299: `{status}` (write `204`, the default: browsers treat a status out of this range as a denial)"
            ),
        );
    }
    refused(
        builder().preflight_status(204).preflight_status(200),
        "preflight_status",
        Some("200"),
        Kind::Conflict,
        "preflight_status: preflight status is set twice, with different values: `200` (preflight_status sets it to `204`; remove one of them)",
    );
    assert!(
        builder()
            .preflight_status(200)
            .preflight_status(200)
            .build()
            .is_ok()
    );
    assert!(
        builder()
            .max_age(Duration::ZERO)
            .max_age(Duration::ZERO)
            .build()
            .is_ok()
    );
}

#[test]
fn sources_of_origins() {
    let missing = "build: no setting says which origins are allowed (call allow_origin(…) or another of its kind, or allow_no_origin())";
    refused(
        CorsPolicy::builder(),
        "build",
        None,
        Kind::MissingOrigins,
        missing,
    );
    refused(
        CorsPolicy::builder()
            .allow_origins([""; 0])
            .allow_methods(["PUT"]),
        "allow_origins",
        None,
        Kind::MissingOrigins,
        "allow_origins: list of origins is empty (list them, call `allow_any_origin()` for any, or call `allow_no_origin()` for none)",
    );
    let with_another = CorsPolicy::builder().allow_origins([""; 0]);
    assert!(
        with_another
            .allow_origin("https://a.example")
            .build()
            .is_ok()
    );
    refused(
        CorsPolicy::builder().allow_origins_from_env("NO_SUCH_VARIABLE_UNDER_TEST"),
        "build",
        None,
        Kind::MissingOrigins,
        "build: no setting says which origins are allowed (set NO_SUCH_VARIABLE_UNDER_TEST, or call allow_origin(…) or another of its kind)",
    );
    for name in ["", "A=B", "A\0"] {
        refused(
            CorsPolicy::builder().allow_origins_from_env(name),
            "allow_origins_from_env",
            Some(name),
            Kind::VariableName,
            &format!(
                "allow_origins_from_env: variable must have a name, without `=`: `{}` (give the name of a variable of the environment)",
                name.escape_debug()
            ),
        );
    }
    let stars = CorsPolicy::builder().allow_origins(["*"]);
    refused(
        stars.clone().allow_origin("https://a.example"),
        "allow_origins, entry 1",
        Some("*"),
        Kind::Wildcard,
        "allow_origins, entry 1: `*` is not an origin: `*` (to allow any origin, call `allow_any_origin()`, and remove the other origins)",
    );
    refused(
        stars.allow_origin("https://a.example").allow_credentials(),
        "allow_origins, entry 1",
        Some("*"),
        Kind::Wildcard,
        "allow_origins, entry 1: `*` is not an origin: `*` (any origin must not be allowed with credentials: for development, write `http://localhost:*`; if the page itself sets a token, such as a bearer token, do not allow credentials; otherwise list the origins or write a regex; to allow any origin without credentials, and yours with, use `allow_credentials_for()`)",
    );
    let combined = "allow_any_origin: any origin must not be combined with other origins: `*` (remove the other origins, or this)";
    for builder in [
        CorsPolicy::builder()
            .allow_any_origin()
            .allow_origin("https://a.example"),
        CorsPolicy::builder()
            .allow_origins(["null"])
            .allow_any_origin(),
        CorsPolicy::builder()
            .allow_any_origin()
            .allow_origin_regex("https://a"),
        CorsPolicy::builder()
            .allow_any_origin()
            .allow_origin_fn(|_, _| true),
    ] {
        refused(
            builder,
            "allow_any_origin",
            Some("*"),
            Kind::OriginConflict,
            combined,
        );
    }
    refused(
        CorsPolicy::builder().allow_any_origin().allow_credentials(),
        "allow_any_origin",
        Some("*"),
        Kind::CredentialsWithAnyOrigin,
        "allow_any_origin: any origin must not be allowed with credentials: `*` (for development, write `http://localhost:*`; if the page itself sets a token, such as a bearer token, do not allow credentials; otherwise list the origins or write a regex; to allow any origin without credentials, and yours with, use `allow_credentials_for()`)",
    );
    refused(
        CorsPolicy::builder()
            .allow_origin("null")
            .allow_credentials(),
        "allow_origin",
        Some("null"),
        Kind::CredentialsWithNullOrigin,
        "allow_origin: opaque origins must not be allowed with credentials: `null` (remove it: any page can get an opaque origin in a sandboxed frame)",
    );
    refused(
        CorsPolicy::builder()
            .allow_credentials()
            .allow_origins(["http://localhost", "http://a.example"]),
        "allow_origins, entry 2",
        Some("http://a.example"),
        Kind::CredentialsWithInsecureOrigin,
        "allow_origins, entry 2: plain http must not be allowed with credentials: `http://a.example` (serve the origin over https; `danger_allow_insecure_origins()` permits this, and then anyone on the network path can act as the origin)",
    );
    assert!(
        CorsPolicy::builder()
            .allow_origin("http://a.example")
            .allow_credentials()
            .danger_allow_insecure_origins()
            .build()
            .is_ok()
    );
    // A predicate alone is a source.
    assert!(
        CorsPolicy::builder()
            .allow_origin_fn(|_, _| true)
            .allow_credentials()
            .build()
            .is_ok()
    );
}

#[test]
fn all_errors_are_reported_in_the_order_of_the_settings() {
    let errors = errors(
        CorsPolicy::builder()
            .max_age(Duration::from_secs(100_000))
            .allow_any_origin()
            .allow_methods(["PUT", "TRACE"])
            .allow_credentials()
            .allow_origin("https://a.example/")
            .allow_origin("http://b.example"),
    );
    let kinds: Vec<Kind> = errors.iter().map(PolicyError::kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::MaxAge,
            Kind::OriginConflict,
            Kind::CredentialsWithAnyOrigin,
            Kind::ForbiddenMethod,
            Kind::Path,
            Kind::CredentialsWithInsecureOrigin,
        ]
    );
    assert_eq!(errors.to_string().lines().count(), 6);
    assert_eq!(format!("{errors:?}"), errors.to_string());
    assert_eq!((&errors).into_iter().count(), errors.as_slice().len());

    let error = std::io::Error::from(errors.clone());
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), errors.to_string());
}

#[test]
fn values_are_shown_escaped_and_bounded() {
    let value = format!("https://a.example/\u{1b}[31m\"{}", "é".repeat(200));
    let errors = errors(CorsPolicy::builder().allow_origin(&value));
    let message = errors.to_string();
    assert!(
        !message.contains('\u{1b}') && message.len() < 400,
        "{message}"
    );
    assert_eq!(
        errors.as_slice().first().and_then(|error| error.value()),
        Some(value.as_str())
    );
}

/// Browsers send the dot where the address of the page has one, and packaged Electron apps send `app://.`.
#[test]
fn hosts_may_end_in_a_dot() {
    for (origin, warning) in [
        ("app://.", None),
        ("app://a.", None),
        (
            "https://a.example.com.",
            Some("write `https://a.example.com`"),
        ),
        (
            "http://localhost.:3000",
            Some("write `http://localhost:3000`"),
        ),
    ] {
        let policy = CorsPolicy::builder().allow_origin(origin).build();
        let policy = policy.expect("an entry");
        let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
        match warning {
            None => assert!(warnings.is_empty(), "{origin}: {warnings:?}"),
            Some(write) => assert_eq!(
                warnings,
                [format!(
                    "allow_origin: host ends in a dot: `{origin}` (browsers send the dot only if the page's URL has it; \
                     without the dot, {write})"
                )]
            ),
        }
    }
}
