//! Every refusal of the builder, with its kind and its whole message.

use std::time::Duration;

use actix_cors_policy::{
    CorsPolicy, CorsPolicyBuilder, PolicyError, PolicyErrorKind as Kind, PolicyErrors,
};

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
    let errors = errors(builder);
    assert_eq!(errors.to_string(), message);
    let [error] = errors.as_slice() else {
        panic!("more than one error: {errors}");
    };
    assert_eq!(
        (&*error.location().to_string(), error.value(), error.kind()),
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
    let long = format!("https://{}.example", "a".repeat(330));
    let long_label = format!("https://{}.example", "a".repeat(64));
    let long_host = format!("https://*.{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(60));
    let long_scheme = format!("{}://a", "s".repeat(65));
    for (entry, kind, rule, remedy) in [
        (
            "",
            Kind::Empty,
            "entry is empty",
            "remove it, or remove the extra separator",
        ),
        (
            "*",
            Kind::Wildcard,
            "`*` is not an origin",
            "to allow any origin, call `allow_any_origin()`",
        ),
        (
            "none",
            Kind::Scheme,
            "`none` is not an origin",
            "to deny every origin, call `allow_no_origin()`",
        ),
        (
            "https://a.example https://b.example",
            Kind::WhiteSpace,
            "entry must not have white space inside",
            "give each entry by itself",
        ),
        (
            " https://a.example",
            Kind::WhiteSpace,
            "entry must not have white space inside",
            "write `https://a.example`",
        ),
        (
            "https://a.example\n",
            Kind::WhiteSpace,
            "entry must not have white space inside",
            "write `https://a.example`",
        ),
        (
            "https://a.example\u{7f}",
            Kind::WhiteSpace,
            "entry must not have control characters",
            "remove them",
        ),
        (
            "https://résumé.example",
            Kind::NonAscii,
            "origin must be ASCII",
            "write `https://xn--rsum-bpad.example`",
        ),
        // What calls itself punycode and is none: no browser sends it. Found by fuzzing.
        (
            "https://xn--a.example",
            Kind::Host,
            "a label that begins with `xn--` must be punycode",
            "no browser reads this host as punycode; correct it",
        ),
        (
            "https://*.xn--80ak6aa92e-.example:*",
            Kind::Host,
            "a label that begins with `xn--` must be punycode",
            "no browser reads this host as punycode; correct it",
        ),
        (
            "https://a.example\u{a0}",
            Kind::NonAscii,
            "origin must be ASCII",
            "write `https://a.example`",
        ),
        (
            &long,
            Kind::Length,
            "origin must not be longer than 326 bytes",
            "no browser sends a longer one; remove it",
        ),
        (
            "https://${HOST}",
            Kind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        ),
        (
            "$CORS_ORIGINS",
            Kind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        ),
        (
            "https://$(host):3000",
            Kind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        ),
        (
            "https://{{host}}",
            Kind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        ),
        (
            "HTTPS://a.example",
            Kind::UpperCase,
            "origin must be in lower case",
            "write `https://a.example`",
        ),
        (
            "https://A.example",
            Kind::UpperCase,
            "origin must be in lower case",
            "write `https://a.example`",
        ),
        (
            "a.example",
            Kind::Scheme,
            "origin must have a scheme",
            "write `https://a.example`",
        ),
        (
            "a.example:8080",
            Kind::Scheme,
            "origin must have a scheme",
            "write `https://a.example:8080`",
        ),
        (
            "https:a.example",
            Kind::Scheme,
            "origin must have a scheme",
            "write `https://a.example`",
        ),
        (
            "/foo",
            Kind::Scheme,
            "origin must have a scheme",
            "write scheme, host and port, such as `https://app.example.com`, not a path",
        ),
        (
            "//a.example",
            Kind::Scheme,
            "origin must have a scheme",
            "write `https://a.example`",
        ),
        (
            "file://a",
            Kind::OpaqueScheme,
            "origins of files are opaque",
            "browsers send `null` for them; serve the page over http://localhost instead",
        ),
        (
            "file:/a",
            Kind::OpaqueScheme,
            "origins of files are opaque",
            "browsers send `null` for them; serve the page over http://localhost instead",
        ),
        (
            "http://::1",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write `http://[::1]`",
        ),
        (
            "file:///a",
            Kind::OpaqueScheme,
            "origins of files are opaque",
            "browsers send `null` for them; serve the page over http://localhost instead",
        ),
        (
            "*://a.example",
            Kind::Wildcard,
            "`*` must not stand in a scheme",
            "write an entry for each scheme",
        ),
        (
            "http*://a.example",
            Kind::Wildcard,
            "`*` must not stand in a scheme",
            "write an entry for each scheme",
        ),
        (
            &long_scheme,
            Kind::Scheme,
            "scheme must not be longer than 64 bytes",
            "no browser sends a longer one; remove it",
        ),
        (
            "1x://a.example",
            Kind::Scheme,
            "scheme must be a letter and then letters, digits, `+`, `.` or `-`",
            "begin with `https://` or another scheme",
        ),
        (
            "://a.example",
            Kind::Scheme,
            "scheme must be a letter and then letters, digits, `+`, `.` or `-`",
            "write `https://a.example`",
        ),
        (
            "https://u@a.example",
            Kind::UserInfo,
            "origin must not have a user name or password",
            "write `https://a.example`",
        ),
        (
            "https://u:p@a.example/",
            Kind::UserInfo,
            "origin must not have a user name or password",
            "write `https://a.example`",
        ),
        (
            "https://a.example/",
            Kind::Path,
            "origin must not have a path",
            "write `https://a.example`",
        ),
        (
            "https://a.example/x/y",
            Kind::Path,
            "origin must not have a path",
            "write `https://a.example`",
        ),
        (
            "https://a.example\\x",
            Kind::Path,
            "origin must not have a path",
            "write `https://a.example`",
        ),
        (
            "https://*.a.example:*/",
            Kind::Path,
            "origin must not have a path",
            "write `https://*.a.example:*`",
        ),
        (
            "https://a.example?x",
            Kind::Path,
            "origin must not have a query",
            "write `https://a.example`",
        ),
        (
            "https://a.example#x",
            Kind::Path,
            "origin must not have a fragment",
            "write `https://a.example`",
        ),
        (
            "https://",
            Kind::Host,
            "origin must have a host",
            "write it after `://`",
        ),
        (
            "https://:80",
            Kind::Host,
            "origin must have a host",
            "write it after `://`",
        ),
        (
            "https://*.",
            Kind::Host,
            "origin must have a host",
            "write it after `://`",
        ),
        (
            "https://*.a.example.",
            Kind::Host,
            "host of a pattern must not end in a dot",
            "write `https://*.a.example`",
        ),
        (
            "https://a..example",
            Kind::Host,
            "host must not have an empty label",
            "remove the extra dot",
        ),
        (
            "https://.a.example",
            Kind::Host,
            "host must not have an empty label",
            "write `https://*.a.example`",
        ),
        (
            ".a.example",
            Kind::Scheme,
            "origin must have a scheme",
            "write `https://*.a.example`",
        ),
        (
            "https://a!.example",
            Kind::Host,
            "host must be letters, digits, `-`, `_` and dots",
            "remove any other character",
        ),
        (
            "https://a%2e.example",
            Kind::Host,
            "host must be letters, digits, `-`, `_` and dots",
            "remove any other character",
        ),
        (
            &long_label,
            Kind::Host,
            "a label of the host must not be longer than 63 bytes",
            "no such name exists; correct it",
        ),
        (
            &long_host,
            Kind::Host,
            "host must not be longer than 253 bytes",
            "no such name exists; correct it",
        ),
        (
            "https://a.example:443",
            Kind::DefaultPort,
            "origin must not have the default port of its scheme",
            "write `https://a.example`",
        ),
        (
            "http://*.a.example:80",
            Kind::DefaultPort,
            "origin must not have the default port of its scheme",
            "write `http://*.a.example`",
        ),
        (
            "https://a.example:",
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "write `https://a.example`",
        ),
        (
            "https://a.example:0",
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "correct it, or leave it out with its colon",
        ),
        (
            "https://a.example:08080",
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "write `https://a.example:8080`",
        ),
        (
            "https://a.example:65536",
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "correct it, or leave it out with its colon",
        ),
        (
            "https://a.example:http",
            Kind::Port,
            "port must be a number of 1 to 65535 without a leading zero",
            "correct it, or leave it out with its colon",
        ),
        (
            "https://a.example:80*",
            Kind::Wildcard,
            "`*` must be the whole port",
            "write `:*` for any port",
        ),
        (
            "https://*example.com",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com`",
        ),
        (
            "https://*",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ),
        (
            "https://*:8080",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ),
        // What is no entry can be a regex.
        (
            "https://*-a.example.com",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "use a regex: `allow_origin_regex()`",
        ),
        (
            "https://a-*.example.com:*",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "use a regex: `allow_origin_regex()`",
        ),
        (
            r"http://localhost:\d+",
            Kind::Path,
            "origin must not have a path",
            "use a regex: `allow_origin_regex()`",
        ),
        (
            r"^https://(a|b)\.example$",
            Kind::Scheme,
            "scheme must be a letter and then letters, digits, `+`, `.` or `-`",
            "use a regex: `allow_origin_regex()`",
        ),
        (
            r"https://a\.example",
            Kind::Path,
            "origin must not have a path",
            "write `https://a.example`",
        ),
        (
            "http://::1:3000",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write `http://[::1]:3000`",
        ),
        (
            "https://a.*.example",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ),
        (
            "https://*.*.example",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ),
        (
            "https://example.*",
            Kind::Wildcard,
            "`*` must be a whole label at the start of the host, before another label",
            "write `https://*.example.com` for subdomains, and an entry for each other host",
        ),
        (
            "http://127.1",
            Kind::IpAddress,
            "a host that ends in a number must be an IPv4 address of four decimal numbers",
            "write `http://127.0.0.1`",
        ),
        (
            "http://1.2.3.256:*",
            Kind::IpAddress,
            "a host that ends in a number must be an IPv4 address of four decimal numbers",
            "write it as in `127.0.0.1`",
        ),
        (
            "http://a.0x7f",
            Kind::IpAddress,
            "a host that ends in a number must be an IPv4 address of four decimal numbers",
            "write it as in `127.0.0.1`",
        ),
        (
            "http://*.127.0.0.1",
            Kind::Wildcard,
            "an IP address has no subdomains",
            "write `http://127.0.0.1`",
        ),
        (
            "http://*.[::1]",
            Kind::Wildcard,
            "an IP address has no subdomains",
            "write `http://[::1]`",
        ),
        (
            "http://[0:0:0:0:0:0:0:1]",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write `http://[::1]`",
        ),
        (
            "http://[::ffff:1.2.3.4]:*",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write `http://[::ffff:102:304]:*`",
        ),
        (
            "http://[::1]x",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write it as browsers do, in brackets, compressed and in hexadecimal, as in `[::1]`",
        ),
        (
            "http://[::1",
            Kind::IpAddress,
            "an IPv6 address must be in its canonical form",
            "write it as browsers do, in brackets, compressed and in hexadecimal, as in `[::1]`",
        ),
    ] {
        // Without the password, and cut.
        let value = entry.replace(":p@", ":…@");
        let shown = if value.len() > 128 {
            let head: String = value.chars().take(128).collect();
            format!("`{}`… of {} bytes", head.escape_debug(), value.len())
        } else {
            format!("`{}`", shown_as(&value))
        };
        refused(
            CorsPolicy::builder().allow_origin(entry),
            "allow_origin",
            Some(value.as_str()),
            kind,
            &format!("allow_origin: {rule}: {shown} ({remedy})"),
        );
        // Which setter it was is part of the message, and so is the place in its list.
        let errors = errors(CorsPolicy::builder().allow_origins(["https://ok.example", entry]));
        assert_eq!(
            errors.to_string(),
            format!("allow_origins, entry 2: {rule}: {shown} ({remedy})")
        );
    }
}

#[test]
fn regexes() {
    for (regex, kind, wanted) in [
        (
            "",
            Kind::Empty,
            "allow_origin_regex: regex is empty: `` (remove it: it admits no origin)",
        ),
        (
            "*",
            Kind::Wildcard,
            "allow_origin_regex: `*` is not a regex: `*` (to allow any origin, call `allow_any_origin()`)",
        ),
        (
            "a)|(?:b",
            Kind::RegexSyntax,
            "allow_origin_regex: regex does not compile: `a)|(?:b` (unopened group)",
        ),
        (
            "(",
            Kind::RegexSyntax,
            "allow_origin_regex: regex does not compile: `(` (unclosed group)",
        ),
        (
            "(?:.{1000}){1000}",
            Kind::RegexSize,
            "allow_origin_regex: regex compiles to more than 65536 steps: `(?:.{1000}){1000}` (use smaller repetitions, or several regexes)",
        ),
        // Once, all of these were good, and reached terminals as they are.
        (
            "https://[a\x1b]*\\.example\\.com",
            Kind::WhiteSpace,
            "allow_origin_regex: regex must not have control characters: `https://[a\\u{1b}]*\\.example\\.com` (character 11 is U+001B: remove it, or write `\\x1b`)",
        ),
        (
            "https://app\\.example\\.com|\u{202e}x",
            Kind::NonAscii,
            "allow_origin_regex: regex must be ASCII: `https://app\\.example\\.com|\\u{202e}x` (character 27 is U+202E: remove it, for no origin has it)",
        ),
        (
            "https://(?:r\u{e9}sum\u{e9}|app)\\.example\\.com",
            Kind::NonAscii,
            "allow_origin_regex: regex must be ASCII: `https://(?:r\u{e9}sum\u{e9}|app)\\.example\\.com` (character 13 is U+00E9: write its label in the punycode form, `xn--rsum-bpad`)",
        ),
        (
            "(?x) https://app\\.example\\.com # caf\u{e9} \x07\n (?u:)",
            Kind::RegexSyntax,
            "allow_origin_regex: regex must not turn on Unicode: `(?x) https://app\\.example\\.com # caf\u{e9} \\u{7}\\n (?u:)` (remove the flag `u`, character 44: origins are ASCII, and whether it compiles depends on the rest of the program)",
        ),
    ] {
        refused(
            CorsPolicy::builder().allow_origin_regex(regex),
            "allow_origin_regex",
            Some(regex),
            kind,
            wanted,
        );
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
    assert!(listed(256).build().is_ok());
    for count in [257, 400] {
        refused(
            listed(count),
            "allow_origin_regex",
            Some(r"https://a\.tenant-256\.example"),
            Kind::TooManyRegexes,
            r"allow_origin_regex: there must not be more than 256 regexes: `https://a\.tenant-256\.example` (list hosts and their subdomains among the origins, as in `https://*.example.com`, a million if need be; write regexes that differ in a name as one, as in `https://pr-[0-9]+\.(one|two)\.example`; or ask your own data in `allow_origin_fn()`)",
        );
    }
}

#[test]
fn methods_and_headers() {
    let builder = || CorsPolicy::builder().allow_origin("https://a.example");
    for (method, kind, rule, remedy) in [
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
            "give each entry by itself",
        ),
        (
            "PUT,DELETE",
            Kind::Method,
            "method must be a token",
            "write one method an entry, such as `PUT`",
        ),
        (
            "ŒUVRE",
            Kind::Method,
            "method must be a token",
            "write one method an entry, such as `PUT`",
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
            "write `PATCH`",
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
            &format!("allow_methods, entry 1: {rule}: `{method}` ({remedy})"),
        );
    }
    refused(
        builder().allow_headers(["Cookie"]),
        "allow_headers, entry 1",
        Some("Cookie"),
        Kind::ForbiddenHeader,
        "allow_headers, entry 1: request header is forbidden by the Fetch standard: `Cookie` (remove it: the browser itself sends cookies, and asks no one; whether it does is a matter of `allow_credentials()`)",
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
                "allow_headers, entry 1: request header is forbidden by the Fetch standard: `{name}` (remove it: the browser itself sets it, and asks no one)"
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
        let place = format!("{setter}, entry 1");
        for name in ["x,y", "x:", "é"] {
            refused(
                set(builder(), name),
                &place,
                Some(name),
                Kind::HeaderName,
                &format!(
                    "{place}: header name must be a token: `{name}` (write one name an entry, such as `x-request-id`)"
                ),
            );
        }
        refused(
            set(builder(), ""),
            &place,
            Some(""),
            Kind::Empty,
            &format!("{place}: entry is empty: `` (remove it, or remove the extra separator)"),
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
        "max_age: max_age must not be over 86400 seconds: `86401s` (no browser keeps a preflight for longer than a day; Chromium does for 7200 seconds)",
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
        "max_age: max_age is set twice, with different values: `2s` (remove one of them)",
    );
    for status in [0, 99, 199, 300, 404, 1000, u16::MAX] {
        refused(
            builder().preflight_status(status),
            "preflight_status",
            Some(&status.to_string()),
            Kind::PreflightStatus,
            &format!(
                "preflight_status: preflight status must be 200 to 299: `{status}` (browsers treat any other as a denial; 204 is the default)"
            ),
        );
    }
    refused(
        builder().preflight_status(204).preflight_status(200),
        "preflight_status",
        Some("200"),
        Kind::Conflict,
        "preflight_status: preflight status is set twice, with different values: `200` (remove one of them)",
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
        "build",
        None,
        Kind::MissingOrigins,
        missing,
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
    let beside = "allow_any_origin: any origin must not be combined with other origins: `*` (remove the other origins, or this)";
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
            beside,
        );
    }
    refused(
        CorsPolicy::builder().allow_any_origin().allow_credentials(),
        "allow_any_origin",
        Some("*"),
        Kind::CredentialsWithAnyOrigin,
        "allow_any_origin: any origin must not be allowed with credentials: `*` (list the origins that may send credentials, or do not allow credentials)",
    );
    refused(
        CorsPolicy::builder()
            .allow_origin("null")
            .allow_credentials(),
        "allow_origin",
        Some("null"),
        Kind::CredentialsWithNullOrigin,
        "allow_origin: opaque origins must not be allowed with credentials: `null` (remove it: any page can make itself an opaque origin in a sandboxed frame)",
    );
    refused(
        CorsPolicy::builder()
            .allow_credentials()
            .allow_origins(["http://localhost", "http://a.example"]),
        "allow_origins, entry 2",
        Some("http://a.example"),
        Kind::CredentialsWithInsecureOrigin,
        "allow_origins, entry 2: plain http must not be allowed with credentials: `http://a.example` (serve the origin over https; `danger_allow_insecure_origins()` lifts this, and lets anyone on the network path speak for the origin)",
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
            None => assert_eq!(warnings, [] as [&str; 0], "{origin}"),
            Some(write) => assert_eq!(
                warnings,
                [format!(
                    "allow_origin: host ends in a dot: `{origin}` (browsers send the dot only where the page's address has \
                     one; without it, {write})"
                )]
            ),
        }
    }
}
