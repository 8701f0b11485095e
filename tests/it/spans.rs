//! Which part of a value is wrong.

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder, PolicyErrorKind as Kind};
use proptest::prelude::*;

type Setter = fn(CorsPolicyBuilder, &str) -> CorsPolicyBuilder;

/// Setters that take a text, without other settings that could be wrong.
const SETTERS: [(&str, Setter); 7] = [
    ("origin", |builder, text| builder.allow_origin(text)),
    ("regex", |builder, text| builder.allow_origin_regex(text)),
    ("own", |builder, text| {
        builder.allow_no_origin().own_origins([text])
    }),
    ("vary", |builder, text| {
        builder.allow_no_origin().vary_on([text])
    }),
    ("method", |builder, text| {
        builder.allow_no_origin().allow_methods([text])
    }),
    ("header", |builder, text| {
        builder.allow_no_origin().allow_headers([text])
    }),
    ("exposed", |builder, text| {
        builder.allow_no_origin().expose_headers([text])
    }),
];

fn set(way: &str, text: &str) -> CorsPolicyBuilder {
    let (_, setter) = SETTERS
        .into_iter()
        .find(|(name, _)| *name == way)
        .expect("a way");
    setter(CorsPolicy::builder(), text)
}

/// The part that is marked, in its value.
#[track_caller]
fn marked(way: &str, text: &str) -> (Kind, Option<String>) {
    let errors = set(way, text).build().expect_err(text);
    let [error] = errors.as_slice() else {
        panic!("more than one error: {errors}");
    };
    let part = error.span().map(|span| {
        let mut value = error.value().expect("a span has a value").to_owned();
        value.insert(span.end, '»');
        value.insert(span.start, '«');
        value
    });
    (error.kind(), part)
}

#[test]
fn the_wrong_part_of_a_value_is_marked() {
    let long_label = "a".repeat(64);
    let long_scheme = "s".repeat(65);
    for (way, kind, wanted) in [
        ("origin", Kind::Path, "https://a.example«/»"),
        ("origin", Kind::Path, "https://a.example:8443«/x?y#z»"),
        ("origin", Kind::Path, r"https://a.example«\docs»"),
        ("origin", Kind::Path, "https://a.example«?q»"),
        ("origin", Kind::Path, "https://a.example«#f»"),
        ("origin", Kind::UserInfo, "https://«user@»a.example"),
        ("origin", Kind::UserInfo, "https://«a@b@»a.example/x"),
        ("origin", Kind::UpperCase, "«HTTPS»://A.example"),
        ("origin", Kind::UpperCase, "https://«A»pp.Example.com"),
        ("origin", Kind::NonAscii, "https://r«é»sumé.example"),
        (
            "origin",
            Kind::NonAscii,
            "https://a«\u{a0}\u{200b}».example",
        ),
        ("origin", Kind::WhiteSpace, "https://a.example« » b"),
        ("origin", Kind::WhiteSpace, "«\t»https://a.example"),
        (
            "origin",
            Kind::WhiteSpace,
            "https://a«\u{1b}\u{7}»b.example",
        ),
        ("origin", Kind::Quotes, "«\"»https://a.example\""),
        ("origin", Kind::Placeholder, "https://«${HOST}».${NAME}"),
        ("origin", Kind::Placeholder, "https://«$HOST».example"),
        ("origin", Kind::Placeholder, "https://«$(HOST)»:80"),
        ("origin", Kind::Placeholder, "https://«${{vars.HOST}}»"),
        ("origin", Kind::Placeholder, "https://«{{host}}».example"),
        ("origin", Kind::DefaultPort, "https://a.example«:443»"),
        ("origin", Kind::Port, "https://a.example:«99999»"),
        ("origin", Kind::Port, "https://a.example«:»"),
        ("origin", Kind::Wildcard, "https://a.example:«80*»"),
        ("origin", Kind::Wildcard, "https://«*»example.com"),
        ("origin", Kind::Wildcard, "https://a.«**».example"),
        ("origin", Kind::Wildcard, "http«*»://a.example"),
        ("origin", Kind::Wildcard, "http://«*.»10.0.0.1"),
        ("origin", Kind::Wildcard, "http://«*.»[::1]"),
        ("origin", Kind::OpaqueScheme, "«file»://a"),
        ("origin", Kind::OpaqueScheme, "«file»:a"),
        ("origin", Kind::Scheme, "«1a»://a.example"),
        ("origin", Kind::Host, "https://*.a.example«.»"),
        ("origin", Kind::Host, "https://a«..»example"),
        ("origin", Kind::Host, "https://«.»a.example"),
        ("origin", Kind::Host, "https://a«,»b.example,c"),
        ("origin", Kind::Host, "https://b.«xn--a».example"),
        ("origin", Kind::IpAddress, "http://«127.1»:3000"),
        ("origin", Kind::IpAddress, "http://«::1»"),
        ("origin", Kind::IpAddress, "http://«[0:0::1]»"),
        ("own", Kind::Path, "https://a.example«/»"),
        ("own", Kind::WhiteSpace, "https://a.example« »"),
        ("method", Kind::Method, "PUT«,»PATCH,"),
        ("method", Kind::Method, "P«É»"),
        ("method", Kind::WhiteSpace, "PUT« »"),
        ("method", Kind::Separator, "PUT«|»PATCH"),
        ("header", Kind::HeaderName, "x«:»y"),
        ("header", Kind::Wildcard, "x-«*»"),
        ("header", Kind::Quotes, "«'»x-a'"),
        ("exposed", Kind::HeaderName, "x-a«;»x-b"),
        ("vary", Kind::HeaderName, "x«(»y"),
        ("regex", Kind::NonAscii, r"https://«é»\.example"),
        ("regex", Kind::WhiteSpace, "https://a«\u{1b}»b"),
        ("regex", Kind::RegexSyntax, "(?i«u»)https://a"),
        ("regex", Kind::RegexSyntax, "https://«(»a"),
        ("regex", Kind::RegexSyntax, r"https://a«(?=»b)"),
        ("regex", Kind::RegexSyntax, r"https://«\p{Greek}»"),
        ("origin", Kind::Host, &format!("https://b.«{long_label}».c")),
        ("origin", Kind::Scheme, &format!("«{long_scheme}»://a")),
    ] {
        let text = wanted.replace(['«', '»'], "");
        let wanted = (kind, Some(wanted.to_owned()));
        assert_eq!(marked(way, &text), wanted, "{way}: {text}");
    }
}

#[test]
fn nothing_is_marked_where_all_of_it_is_wrong_or_something_is_missing() {
    let long = format!("https://{}.example", "a.".repeat(170));
    for (way, text) in [
        ("origin", ""),
        ("origin", "*"),
        ("origin", "NONE"),
        ("origin", "/foo"),
        ("origin", "app.example.com"),
        ("origin", "https://"),
        ("origin", "https://:8080"),
        ("origin", "https://a.example,https://b.example"),
        ("origin", &long),
        ("origin", "https://*.com"),
        // The password is left out of the value.
        ("origin", "https://user:password@a.example"),
        ("origin", "https://user:password@a.example/x"),
        ("own", "https://*.example.com"),
        ("method", "TRACE"),
        ("method", "put"),
        ("method", "É"),
        ("header", "cookie"),
        ("exposed", "set-cookie"),
        ("regex", "*"),
        ("regex", "https://.*example\\.com"),
        ("regex", "(?:.{1000}){1000}"),
    ] {
        assert_eq!(marked(way, text).1, None, "{way}: {text}");
    }
    let builder = CorsPolicy::builder()
        .allow_no_origin()
        .preflight_status(404);
    let errors = builder.build().expect_err("a status of an error");
    assert_eq!(errors.as_slice()[0].span(), None);
}

/// A list in a variable is trimmed and split; the part is one of the entry, as the value is.
#[test]
fn a_span_is_one_of_the_entry() {
    let vars = [(
        "CORS_ALLOWED_ORIGINS",
        " https://a.example ,\n https://é.example/ ",
    )];
    let errors = CorsPolicy::from_vars("CORS_", vars).expect_err("not ASCII");
    let error = &errors.as_slice()[0];
    assert_eq!(error.value(), Some("https://é.example/"));
    assert_eq!(error.span(), Some(8..10));
}

/// Parts of which entries, names and regexes are made, rightly and wrongly.
fn text() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "https",
        "HTTP",
        "file",
        "://",
        ":",
        "/",
        "//",
        "a",
        "B",
        ".",
        "..",
        "example",
        "*",
        "*.",
        "[",
        "]",
        "::1",
        "127.1",
        "@",
        "user",
        "443",
        "99999",
        "é",
        "\u{a0}",
        "ß\u{301}",
        " ",
        "\t",
        "\u{1b}",
        "$",
        "${",
        "{{",
        "}",
        "}}",
        "$(",
        ")",
        "(",
        "(?u)",
        "(?x)",
        "#",
        "?",
        "|",
        "\\",
        "\\d",
        "\"",
        "'",
        "`",
        ",",
        "-",
        "xn--",
        "null",
        "none",
        "PUT",
        "cookie",
        "\u{10ffff}",
    ];
    let part = prop_oneof![
        4 => prop::sample::select(PARTS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    /// It can be cut out of the value, is neither empty nor the whole.
    #[test]
    fn a_span_is_a_part_of_the_value(text in text()) {
        for (way, setter) in SETTERS {
            let errors = setter(CorsPolicy::builder(), &text).build().err();
            for error in errors.iter().flatten() {
                let Some(span) = error.span() else {
                    continue;
                };
                let value = error.value().expect("a span has a value");
                let part = value.get(span.clone());
                prop_assert!(part.is_some(), "{way}: {value:?} {span:?}");
                let is_part = part.is_some_and(|part| !part.is_empty() && part != value);
                prop_assert!(is_part, "{way}: {value:?} {span:?}");
            }
        }
    }
}
