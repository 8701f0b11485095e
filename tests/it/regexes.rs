//! The judgement of regexes: whom they admit, whom they would admit, and what their author may have meant.

use std::time::{Duration, Instant};

use actix_cors_policy::{CorsPolicy, PolicyErrorKind as Kind, PolicyErrors};

#[cfg(feature = "public-suffix")]
use crate::suffix_rules;
use crate::support::ask_all;

fn built(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder().allow_origin_regex(regex).build()
}

fn built_lax(regex: &str) -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origin_regex(regex)
        .danger_allow_lax_regexes()
        .build()
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn with_credentials(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_origin_regex(regex)
        .allow_credentials()
        .build()
}

fn warnings(policy: &CorsPolicy) -> Vec<String> {
    policy.warnings().iter().map(ToString::to_string).collect()
}

/// In a word: what is done about a regex. The words are those of `data/regexes.tsv`.
fn verdict(regex: &str) -> &'static str {
    match built(regex) {
        Ok(policy) => {
            let warnings = warnings(&policy).concat();
            if warnings.contains("names are allowed that anyone can take") {
                "claimable"
            } else if warnings.contains("choice within a label") {
                "choice"
            } else {
                "fine"
            }
        }
        Err(errors) => match errors.as_slice() {
            [error] => match error.kind() {
                Kind::LaxRegex => "lax",
                Kind::RegexNeverMatches => "never",
                Kind::Wildcard => "entry",
                other => panic!("{regex}: {other:?}"),
            },
            _ => panic!("{regex}: {errors}"),
        },
    }
}

fn admits(policy: CorsPolicy, origin: &str) -> bool {
    let (answers, _) = ask_all(policy, &[&format!("GET /plain\norigin: {origin}")]);
    let acao = answers
        .first()
        .map(|answer| answer.header("access-control-allow-origin"));
    acao.is_some_and(|acao| acao == [origin])
}

/// The text between two marks in a message.
fn between<'a>(message: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}

/// What people write, from public configurations. What a refusal shows is true, and what it advises is accepted.
#[cfg(feature = "public-suffix")]
#[test]
fn what_people_write_is_judged_and_mended() {
    let rows: Vec<(&str, &str)> = include_str!("data/regexes.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [verdict, regex, _] => (verdict, regex),
            _ => panic!("{line}"),
        })
        .collect();
    assert!(rows.len() >= 250);
    let (mut shown, mut mended, mut refused) = (0, 0, 0);
    for (wanted, regex) in rows {
        assert_eq!(verdict(regex), wanted, "{regex}");
        let Err(errors) = built(regex) else { continue };
        let message = errors.to_string();
        refused += 1;
        if let Some(origin) = between(&message, "it admits `", "`") {
            assert!(
                actix_cors_policy::Origin::parse(origin).is_some(),
                "{message}"
            );
            assert!(admits(built_lax(regex), origin), "{message}");
            shown += 1;
        } else {
            assert_ne!(wanted, "lax", "{message}");
        }
        if let Some(safer) = between(&message, "write `", "`") {
            assert!(built(safer).is_ok(), "{message}");
            if let Some(origin) = between(&message, "it admits `", "`") {
                assert!(!admits(built_lax(safer), origin), "{message}");
            }
            mended += 1;
        }
        assert!(
            warnings(&built_lax(regex))
                .concat()
                .contains("regex is taken as it is"),
            "{regex}"
        );
    }
    assert!(
        shown >= 80 && mended * 3 > refused,
        "{shown} {mended} {refused}"
    );
}

/// A few milliseconds each; without optimization, not for ever.
#[test]
fn a_judgement_is_quick_and_bounded() {
    let bound = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 10 });
    let time = |regex: &str| {
        let once = || {
            let start = Instant::now();
            let _ = built(regex);
            start.elapsed()
        };
        // The quickest of some: other programs want to run, too.
        let times = if cfg!(debug_assertions) { 1 } else { 5 };
        (0..times).map(|_| once()).min().unwrap_or_default()
    };
    for line in include_str!("data/regexes.tsv").lines() {
        if let [_, regex, _] = line.split('\t').collect::<Vec<_>>()[..] {
            let taken = time(regex);
            assert!(taken < bound, "{regex}: {taken:?}");
        }
    }
    // What is made to be slow: many states read from the end, many ways to read one text, deep nesting, much text.
    let long = "https://a\\.example|".repeat(2_000);
    let hostile = [
        "https://.{25}a.*\\.example\\.com(:\\d+)?",
        "(https://.{15}a.*){3}",
        ".*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*",
        "((((((((((.*)*)*)*)*)*)*)*)*)*)*",
        "https://([a-z]{1,20}[0-9]{1,20}){1,20}\\.example\\.com",
        "https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}[a-z]{2,63}",
        "https://(a|b|ab|ba|aab|bba)*c{60}[ab]{20}\\.example",
        "c{60}[ab]{20}://x",
        "[a-z]{1,300}://[a-z]{1,300}",
        "https://[0-9.]+",
        "https://[0-9.:]+[0-9.]+",
        "https?://\\[[0-9a-f:]+\\](:\\d+)?",
        "https://(?:a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?u?v?w?x?y?z?){60}\\.a\\.io",
        r"https?://A\\.B.c/(?:a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?u?v?w?x?y?z?){40}x.*\.io:443",
        r"https?://A\\.B.c/(\w?){1300}x.*\.io:443",
        "(a{0,9}){99}|(b{0,9}){99}|(c{0,9}){99}|(d{0,9}){99}|(e{0,9}){99}|https://f",
        &long,
    ];
    for regex in hostile {
        let taken = time(regex);
        assert!(
            taken < bound * 50,
            "{}: {taken:?}",
            regex.get(..60).unwrap_or(regex)
        );
    }
}

#[test]
fn what_is_refused_says_what_it_admits_and_what_to_write() {
    const LIFT: &str = "; `danger_allow_lax_regexes()` lifts this)";
    for (regex, kind, wanted) in [
        (
            r"https://.*example\.com",
            Kind::LaxRegex,
            r"regex must not admit more than 16 domains: `https://.*example\.com` (it admits `https://evilexample.com`; write `https://(.*\.)?example\.com`",
        ),
        (
            "https://example.com",
            Kind::LaxRegex,
            r"regex must not admit more than 16 hosts that are single labels or public suffixes: `https://example.com` (it admits `https://exampleacom`; write `https://example\.com`",
        ),
        (
            r"https://app\.example\.com.*",
            Kind::LaxRegex,
            r"regex must not admit more than 16 domains: `https://app\.example\.com.*` (it admits `https://app.example.com.evil.net`; write `https://app\.example\.com(:\d+)?`",
        ),
        (
            r".*\.example\.com",
            Kind::LaxRegex,
            r"regex must not leave the scheme open: `.*\.example\.com` (it admits `e://e.example.com`; write `https://.*\.example\.com`",
        ),
        (
            "https://.*",
            Kind::LaxRegex,
            r"regex must not admit more than 16 domains: `https://.*` (it admits `https://evil.net`; name the scheme and the domain, with dots escaped, as in `https://[a-z0-9-]+\.example\.com`",
        ),
        (
            r"http://\d+\.\d+\.\d+\.\d+",
            Kind::LaxRegex,
            r"regex must not admit several addresses beyond loopback and private ranges: `http://\d+\.\d+\.\d+\.\d+` (it admits `http://203.0.113.7`; name the scheme and the domain, with dots escaped, as in `https://[a-z0-9-]+\.example\.com`",
        ),
        (
            "https://*.example.com",
            Kind::Wildcard,
            r"regex is written like an entry: `https://*.example.com` (list it among the origins, or write `https://.+\.example\.com`",
        ),
        (
            "https://*.example.com/*",
            Kind::Wildcard,
            r"regex is written like an entry: `https://*.example.com/*` (list it among the origins, or write `https://.+\.example\.com`",
        ),
        (
            "^https?://localhost:*$",
            Kind::Wildcard,
            r"regex is written like an entry: `^https?://localhost:*$` (in a regex, `:*` is any number of colons: write `^https?://localhost(:\d+)?$`",
        ),
        (
            "(?x) https://localhost:* # any\n",
            Kind::Wildcard,
            r"regex is written like an entry: `(?x) https://localhost:* # any\n` (in a regex, `:*` is any number of colons",
        ),
        // What it would be as a regex would be refused, too. Found by fuzzing.
        (
            "https://*.com",
            Kind::Wildcard,
            r"regex is written like an entry: `https://*.com` (list it among the origins",
        ),
        (
            r"https://.{25}a.*example\.com",
            Kind::LaxRegex,
            r"regex is too large to analyze: `https://.{25}a.*example\.com` (use smaller repetitions, or several regexes",
        ),
        (
            r"https://app\.example\.com/",
            Kind::RegexNeverMatches,
            r"regex matches no serialized origin: `https://app\.example\.com/` (write `https://app\.example\.com`)",
        ),
        // A mend would be an entry, or more than a line. Found by fuzzing.
        (
            "https://A.example:*",
            Kind::RegexNeverMatches,
            r"regex matches no serialized origin: `https://A.example:*` (an origin is scheme://host or scheme://host:port, in lower case, without a path and without the scheme's default port)",
        ),
        (
            "(?x) https://App\\.example\\.com # the app\n",
            Kind::RegexNeverMatches,
            r"regex matches no serialized origin: `(?x) https://App\.example\.com # the app\n` (an origin is scheme://host or scheme://host:port, in lower case, without a path and without the scheme's default port)",
        ),
        (
            "app://",
            Kind::RegexNeverMatches,
            r"regex matches no serialized origin: `app://` (an origin is scheme://host or scheme://host:port, in lower case, without a path and without the scheme's default port)",
        ),
    ] {
        let errors = built(regex).expect_err(regex);
        let end = if wanted.ends_with(')') { "" } else { LIFT };
        assert_eq!(
            errors.to_string(),
            format!("allow_origin_regex: {wanted}{end}")
        );
        assert_eq!(
            errors
                .as_slice()
                .first()
                .map(actix_cors_policy::PolicyError::kind),
            Some(kind)
        );
    }
}

/// Once, the shortest host was shown, which more often than not is the author's own, or none at all.
#[cfg(feature = "public-suffix")]
#[test]
fn the_origin_that_is_shown_is_not_the_authors() {
    for (regex, wanted) in [
        (r"https://example\.com.*", "https://example.com.evil.net"),
        (
            r"https://example\.co\.uk.*",
            "https://example.co.uk.evil.net",
        ),
        (r"https://example\.com\b.*", "https://example.com.evil.net"),
        (
            r"https://example\.com/?(.*)?",
            "https://example.com.evil.net",
        ),
        (r"https://example\.com:?.*", "https://example.com.evil.net"),
        (
            r"https://example\.com(\..*)?",
            "https://example.com.evil.net",
        ),
        (r"https://(www.)?example.com", "https://wwwaexample.com"),
        (
            r"^https?://(www\.)?example.com(:\d+)?$",
            "https://www.exampleacom",
        ),
        (r"^https://.*\.example.com$", "https://e.exampleacom"),
        (r"https://example[0-9]*\.com", "https://example0.com"),
        (
            r"https://example\.(?:com|co\.[a-z]{2})",
            "https://example.co.uk",
        ),
        (r"http://203\.0\.113.7", "http://203.0.113e7"),
        (
            r"https+://app\.example\.com|http://localhost",
            "httpss://app.example.com",
        ),
        (r"https+://localhost|http://localhost", "httpss://localhost"),
        // A part of these hosts can be had and is no host alone.
        (
            r"^https://acme-.*.vercel.app$",
            "https://acme-.evilvercel.app",
        ),
        (
            r"https://.*-acme.vercel.app",
            "https://evil-acmeevercel.app",
        ),
        (
            r"^https://deploy-preview-\d+--acme\.netlify.app$",
            "https://deploy-preview-0--acme.netlifyaapp",
        ),
        (
            r"https://pr-\d+\.acme\.pages.dev",
            "https://pr-0.acme.pagesadev",
        ),
        (r"http://192\.168\.1.\d+", "http://192.168.1a0"),
        (
            r"^https?://(localhost|127\.0\.0.1|\[::1\])(:\d{1,5})?$",
            "https://127.0.0a1",
        ),
        // The first address that is found is all that ends in its last number.
        (r"http://203\.0\.113\.\d+(:\d+)?", "http://203.0.113.7"),
        (r"http://203\.0\.113\.\d{1,3}", "http://203.0.113.7"),
        (
            r"http://203\.0\.113\.[0-9]{1,3}:3000",
            "http://203.0.113.7:3000",
        ),
        (
            r"https://example\.com|http://198\.51\.100\.\d+",
            "http://198.51.100.0",
        ),
    ] {
        let message = built(regex).expect_err(regex).to_string();
        let shown = between(&message, "it admits `", "`");
        assert_eq!(shown, Some(wanted), "{message}");
        assert!(admits(built_lax(regex), wanted), "{message}");
        if let Some(safer) = between(&message, "write `", "`") {
            assert!(!admits(built_lax(safer), wanted), "{message}");
        }
    }
}

/// A mend must mean what its author meant: it admits no domain that the regex did not, and drops no part of it.
#[test]
fn what_would_mean_something_else_is_not_advised() {
    for (regex, wanted) in [
        // These are no labels that run into a name.
        (r"https://my[a-z]+bank\.com", None),
        (r"https://app-.+example\.com", None),
        (r"https://pr-\d+example\.com", None),
        // Each alternative has a path.
        (
            r"https://app\.example\.com/.*|https://admin\.example\.com/.*",
            Some(r"https://app\.example\.com|https://admin\.example\.com"),
        ),
        (
            r"(https://app\.example\.com|https://admin\.example\.com)/.*",
            None,
        ),
        (r"https://app\.example\.com/|http://192\.168\..*", None),
        // Named schemes are meant, and so is what is excluded.
        (r"(capacitor|ionic|tauri|app|wails)://localhost", None),
        (r"https://[^A-Z.]+\.EXAMPLE", None),
        (r"https://(.+\.)?google\..+", None),
        ("null", None),
        ("https://.*", None),
        // The scheme is there, though broken, and of a lone label there may be more.
        (r"https:app\.example\.com", None),
        (r"https.*\.example\.com", None),
        (r"https://example-.*", None),
        (r"https://example.*", None),
        (r"https?://.*example.*", None),
        // These follow.
        (
            r"https//app\.example\.com",
            Some(r"https://app\.example\.com"),
        ),
        (
            r"^https?//app\.example\.com",
            Some(r"^https?://app\.example\.com"),
        ),
        (
            r"/^https\/\/app\.example\.com/",
            Some(r"^https:\/\/app\.example\.com"),
        ),
        (r"httpbin\.org", Some(r"https://httpbin\.org")),
        (
            r"https://example\.com\b.*",
            Some(r"https://example\.com\b(:\d+)?"),
        ),
        (
            r"https://example\.(com|org).*",
            Some(r"https://example\.(com|org)(:\d+)?"),
        ),
        (r"http://localhost.*", Some(r"http://localhost(:\d+)?")),
        (
            r"https://(.*)example\.com",
            Some(r"https://((.*)\.)?example\.com"),
        ),
        (
            r"https://App\.example\.com/.*",
            Some(r"https://app\.example\.com"),
        ),
        (
            r"http.*://www.example.com",
            Some(r"https://www\.example\.com"),
        ),
        (r"\.example\.com$", Some(r"https://.*\.example\.com$")),
        (
            r"/^https:\/\/app\.example\.com$/i",
            Some(r"^https:\/\/app\.example\.com$"),
        ),
    ] {
        let message = built(regex).expect_err(regex).to_string();
        assert_eq!(between(&message, "write `", "`"), wanted, "{regex}");
    }
}

#[test]
fn regexes_are_judged_by_what_they_match() {
    for (wanted, regexes) in [
        (
            "fine",
            &[
                r"https://[a-z0-9-]+\.example\.com",
                r"https://.*\.example\.com",
                r"https://(app|admin)\.example\.com(:\d+)?",
                r"^https://app\.example\.com$",
                r"https?://localhost:\d+",
                r"https://(.+\.)?example\.(com|org|net)",
                r"(?i)HTTPS://APP\.EXAMPLE\.COM",
                "(?x) https://  # secure \n [a-z]+ \\.example\\.com",
                r"https://(?:(?:a|b)\.)*example\.com",
                r"\Ahttps://\w+\.example\.com\z",
                r"https://\bapp\b\.example\.com",
                r"https://[[:alnum:]]+\.example\.com(?::[[:digit:]]{2,5})?",
                // Dead ends are not counted: no origin has an upper-case letter, a slash or a default port.
                r"https://([a-z]+|[A-Z].*)\.example\.com",
                r"https://a\.example\.com(:443|:8443|/.*)?",
                r"https?://a\.example\.com:443",
                r"https://[a-z0-9-]+\.acme\.io:(443|8443)",
                r"http://(.*\.)?localhost:(80|3000)",
                r"https?://192\.168\.\d{3}\.\d{3}(:\d+)?",
                r"http://10\.\d\d\.\d\d\.\d\d",
                // The shortest hosts have a label that is too long; there are others.
                r"https://([a-z]{64}|[a-z]{1,2}(\.[a-z]{40}){2})\.example\.com",
                // Too large for an automaton: judged by what is literal.
                r"https://[a-z0-9-]{1,63}-[a-z0-9-]{1,63}\.example\.com(:\d+)?",
                r"^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,126}example\.com(:[0-9]+)?$",
                // Loopback, private addresses, and names that need no domain.
                r"http://(.*\.)?localhost(:.*)?",
                r"https?://127\.0\.0\.\d+(:\d+)?",
                r"http://127\.\d+\.\d+\.\d+",
                r"http://\[::1\](:\d+)?",
                r"http://192\.168\.\d{1,3}\.\d{1,3}(:\d+)?",
                r"http://10(\.\d+){3}",
                r"http://172\.(1[6-9]|2\d|3[01])\.\d+\.\d+",
                r"http://\[fd00:[0-9a-f:]+\]:\d+",
                r"http://(intranet|wiki)(:\d+)?",
                r"http://203\.0\.113\.7(:\d+)?",
                r"tauri://localhost",
                r"(capacitor|ionic)://localhost|https?://localhost",
                "chrome-extension://[a]{32}",
                // One of sixteen.
                r"https://node[0-9a-f]\.example\.com",
                r"https://app-[0-9]\.example|https://www\.example",
                r"http://node[0-9a-f]",
                r"https://example-[0-9a-f]\.com",
                r"https://a[0-7]\.com|https://a[0-7]\.org",
                // Four schemes.
                r"(https?|wss?)://example\.com",
            ][..],
        ),
        (
            "lax",
            &[
                ".*",
                "https://.*",
                "https?://.+",
                r"https://example\.[a-z]+",
                r"https://.+\.com",
                r"https://[^.]+\.com",
                r"https://.*:8443",
                r"https://[a-z]+\.com:\d+",
                r"https?://\d+\.\d+\.\d+\.\d+:(80|8080)",
                r"https://.*example\.com(:\d+)?",
                r"https://.*(\.example\.com|example\.org)",
                r"https://[a-z]+-?example\.com",
                r"https://example\.com.*",
                r"https://(a\.example\.com|.*)",
                r"https://a\.example\.com|https://b.example\.com",
                "https://a.example.com",
                // Labels that are too long to be any do not hide the rest.
                r"https://(?:[a-z]{64}\.[a-z0-9]+|[a-z]+\.com)",
                r"https://[0-9a-f]{64}\.[a-z]{1,2}|https://.*\.com",
                // Too large for an automaton: judged by what is literal.
                r"https://(?:[a-z.]{20}a[a-z.]*\.example\.com|[0-9]+\.45\.67\.89)",
                r"https://[a-z.]{20}a[a-z.]*\.[a-j][a-j]x\.com",
                r"https://.{25}a.*example\.com",
                r".{25}a.*\.example\.com",
                r"https://.{25}a.*\.example\.com(:.*)",
                r"(http|https|ws|wss|ftp)://example\.com",
                r"[a-z]+://example\.com",
                r"(.*://)?example\.com",
                r"\w+://localhost",
                r"http://192\.168\..*",
                r"http://192\.168\.1.*",
                r"http://10.*",
                r"http://172\.\d+\.\d+\.\d+",
                r"http://172\.3\d\.1\.1",
                r"http://203\.0\.113\.[78]",
                r"http://\[.*\]",
                r"http://\[2001:db8::[0-9a-f]+\]",
                r"https?://[\d.]+",
                r"http://localhost.*",
                r"http://.*localhost",
                "http://[a-z]+",
                r"http://web-\d+",
                // Seventeen.
                r"http://[a-q]",
                r"https://example-[0-9a-g]\.com",
                r"https://a[0-8]\.com|https://a[0-7]\.org",
            ],
        ),
        (
            "never",
            &[
                r"https://app\.example\.com/",
                r"https://app\.example\.com/.*",
                r"https://App\.example\.com",
                r"HTTPS://app\.example\.com",
                r"https://app\.example\.com:443",
                r"http://localhost:80",
                r"app\.example\.com",
                r"//app\.example\.com",
                r"https:app\.example\.com",
                r"https://app\.example\.com\.",
                r"https://user@app\.example\.com",
                r"https://app\.example\.com:0",
                r"https://app\.example\.com:99999",
                r"https://app\.example\.com:0?8[0]80x",
                r"https://a{64}\.example\.com",
                r"https://\.example\.com",
                r"https://a\.\.example\.com",
                r"https://a b\.example\.com",
                r"https://example\.1",
                r"https://256\.1\.1\.1",
                r"http://1\.2\.3",
                r"http://\[::0001\]",
                "file://.*",
                "null",
                "null|https://",
                r#""https://app\.example\.com""#,
                r"/^https:\/\/app\.example\.com$/",
                r"https://a\.example\.com,https://b\.example\.com",
                r"https://app\\.example\\.com",
                r"(?m)^https://app\.example\.com\n",
                r"\bapp$^",
                r"(https://)?[a-z]{64}\.example\.com",
                r"https://([a-z]{63}\.){3}[a-z]{62}",
                r"[a-z]{65}://localhost",
                r"(https|wss)://[a-z]+\.example\.com:443",
                r"ftp://[a-z]+:21|(http|ws)://[a-z]+:80|(https|wss)://[a-z]+:443",
                r"http://\[[0-9a-f:]{40,}\]",
                r"http://\[[0-9a-f]{5,}:.*\]",
                r"\*",
                r"\$\{ORIGIN\}",
            ],
        ),
        (
            "claimable",
            &[
                r"chrome-extension://[a-p]{32}",
                "chrome-extension://.*",
                r"(moz|safari-web)-extension://.+|https://app\.example\.com",
                r"app://.*",
            ],
        ),
        (
            "entry",
            &[
                "http://localhost:*",
                "https://*.example.com:*",
                "https://app.example.com:*",
                r"https://app\.example\.com:*",
                r"https://*\.example\.com",
                r"^http:\/\/localhost:*$",
                r"^https?://localhost:*$",
                r"https?://(localhost|127\.0\.0\.1:*)",
                r"^https://*.example.com/*$",
                "https://*.example.com/",
            ],
        ),
    ] {
        for regex in regexes {
            assert_eq!(verdict(regex), wanted, "{regex}");
        }
    }
}

/// Once, some of the shortest texts were tried, and when none of them was an origin, it was said that none is: of
/// `[a-z]{60}.example.com://e`, whose scheme is too long, there are many.
#[test]
fn what_matches_an_origin_is_not_said_to_match_none() {
    let letters = "a".repeat(60);
    let label = "a".repeat(63);
    let scheme = "s".repeat(64);
    for (regex, origin) in [
        (
            r"^(https://)?[a-z]{60}\.example\.com.*$",
            format!("https://{letters}.example.com"),
        ),
        (
            r"(https://)?[a-z]{60}\.example\.com(:\d+)?",
            format!("https://{letters}.example.com:8443"),
        ),
        (
            r"^(https?://)?[a-z]{50,}\.a\.example\.com.*",
            format!("http://{letters}.a.example.com"),
        ),
        (
            r"(https://)?[a-z.]{65,}(://[a-z])?",
            format!("https://{label}.example"),
        ),
        (
            r"([a-z]{65}|[a-z]{64})://([a-z]{64}|[a-z]{63})",
            format!("{scheme}://{label}"),
        ),
        (
            r"https://([a-z]{63}\.){3}([a-z]{62}|[a-z]{61})",
            format!("https://{label}.{label}.{label}.{}", "a".repeat(61)),
        ),
        // All short ones have a port that their scheme leaves out.
        (
            r"(ws|http)://[a-z]\.example\.com:80|https://[a-z]{5}\.example\.com:80",
            "https://hello.example.com:80".to_owned(),
        ),
        (
            r"(wss|https)://[a-z]{1,2}\.example\.com:443|(ws|ftp)://[a-z]{9}\.example\.com:(21|80|443)",
            "ftp://elsewhere.example.com:443".to_owned(),
        ),
        // Most have an address that is not canonical.
        (
            r"http://\[[0-9a-f:]{20,39}\]",
            "http://[2001:db8:1:2:3:4:5:6]".to_owned(),
        ),
        (
            r"http://\[(0{1,4}:)*[0-9a-f:]{12,}\]",
            "http://[2001:db8:1:2:3:4:5:6]".to_owned(),
        ),
        (
            r"http://\[[0-9a-f:]{30,}\]|https://[a-z]{60}\.example\.com",
            format!("https://{letters}.example.com"),
        ),
    ] {
        assert_ne!(verdict(regex), "never", "{regex}");
        assert!(admits(built_lax(regex), &origin), "{regex}: {origin}");
    }
}

#[cfg(feature = "public-suffix")]
#[test]
fn regexes_are_judged_by_the_public_suffix_list() {
    for (wanted, regexes) in [
        (
            "fine",
            &[
                r"https://[a-z-]+\.example\.co\.uk",
                r"https://me\.github\.io",
                r"https://[a-z]+\.me\.github\.io",
                r"https://(www\.)?vercel\.app",
                // Names and exceptions below a wildcard's root.
                r"https://acme\.eth\.limo",
                r"https://(www\.|acme\.)?eth\.limo",
                r"https://ec2-3-8-0-[1-9]\.compute-1\.amazonaws\.com",
                r"https://[a-z]+\.www\.acme\.eth\.limo",
                r"https://(.+\.)?city\.kawasaki\.jp",
                r"https://(city|www\.city)\.(kobe|kawasaki)\.jp",
                r"https://[a-z]+\.www\.ck",
                // No list knows these, as with entries.
                r"https://.*\.corp",
                r"https://[a-z]+\.svc\.cluster\.local(:\d+)?",
            ][..],
        ),
        (
            "claimable",
            &[
                r"https://acme-[a-z]+\.vercel\.app",
                r"https://acme-.*\.vercel\.app",
                r"https://[a-z-]+-acme\.vercel\.app",
                r"https://.*acme.*\.vercel\.app",
                // Here, dots are but letters of one label.
                r"https://acme-[a-z.-]+\.vercel\.app",
                r"https://[^/]+-acme\.vercel\.app",
                r"https://main\.acme-[a-z0-9]+\.amplifyapp\.com",
                r"https://(.+\.)?acme-.+\.pages\.dev",
                r"https://pr-\d+\.acme\.pages\.dev|https://pr-\d+\.netlify\.app",
                // Each name is a suffix by a wildcard.
                r"https://acme-[a-z0-9]+\.eth\.limo",
                r"https://ec2-[\d-]+\.compute-1\.amazonaws\.com",
                r"https://ec2-[\d-]+\.(compute-1|compute)\.amazonaws\.com(:\d+)?",
                r"https://(www\.)?acme-.+\.eth\.limo",
                r"https://main\.acme-[a-z0-9]+\.eth\.limo",
                r"https://.+\.acme-[a-z]+\.eth\.limo",
                r"https://[a-z0-9-]+-acme\.a\.run\.app",
                r"(?i)https://ACME-[a-z]+\.ETH\.LIMO",
                r"https://acme-[a-z]+\.svc\.firenet\.ch",
                r"https://(acme-[a-z]+|www)\.eth\.(limo|link)",
                // Below this, some names are anyone's: a bucket of S3.
                r"https://.*\.amazonaws\.com",
            ],
        ),
        (
            "lax",
            &[
                r"https://.*\.co\.uk",
                r"https://[a-z]+\.uk",
                r"https://.*\.github\.io",
                r"https://[a-z0-9]{9}\.vercel\.app",
                r"https://\w+-\w+\.vercel\.app",
                r"https://(acme-[a-z]+|[a-z]+)\.vercel\.app",
                r"https://.*github\.io",
                r"https://a\.example\.com|https://.*\.s3\.amazonaws\.com",
                r"https://.*\.kawasaki\.jp",
                // Each name is a suffix by a wildcard.
                r"https://[a-z0-9-]+\.eth\.limo",
                r"https://[a-z0-9-]+(\.eth)?\.limo(:\d+)?",
                r"https://(.+\.)?eth\.limo",
                r"https://(acme|[a-z]+)\.eth\.limo",
                r"https://\w+\.compute\.amazonaws\.com",
                r"https://[^.]+\.acme\.eth\.limo",
                r"https://[a-z0-9-]+\.[a-z0-9-]+\.eth\.limo",
                r"https://main\.[a-z0-9]+\.eth\.limo",
                r"https://[a-z]+\.(ex\.)?futurecms\.at",
                r"https://[a-z]+\.(oci|acme-[a-z]+)\.customer-oci\.com",
                r"https://[a-z]+\.ck",
                r"https://acme-[a-z]+\.ck",
                r"https://[a-z]+\.(city|www)\.kawasaki\.jp",
                r"https://[a-z0-9-]{1,63}-[a-z0-9-]{1,63}\.eth\.limo",
                r"https://[a-z0-9-]{1,63}-[a-z0-9-]{1,63}\.acme\.eth\.limo",
                // Every name, with something fixed below it.
                r"https://main\.[a-z0-9]+\.amplifyapp\.com",
                r"https://dev\..+\.pages\.dev",
                r"https://acme\.[a-z0-9-]+\.workers\.dev(:\d+)?",
                r"https://.+\..+\.pages\.dev",
                r"https://[a-z]+\.[^/]+\.pages\.dev",
                r"https://(acme|main\.[a-z0-9]+)\.amplifyapp\.com",
                // What is below a domain that has suffixes below it.
                r"https://[a-z0-9-]+(\.up)?\.railway\.app",
                r"https://[a-z0-9-]+(\.s3)?\.amazonaws\.com",
                r"https://[a-z]+\.(blob\.core\.)?windows\.net",
            ],
        ),
    ] {
        for regex in regexes {
            assert_eq!(verdict(regex), wanted, "{regex}");
        }
    }
    assert_eq!(
        warnings(&built(r"https://.*\.corp").expect("a warning")),
        [
            r"allow_origin_regex: subdomains are allowed of a suffix that no public list knows: `https://.*\.corp` (whoever can give out names there can read the answers)"
        ]
    );
}

/// Once, wildcard rules of the list did not count: the entry `https://*.eth.limo` was refused, and the regex that admits
/// the same was not. All plain rules are asked about by the program `suffixes` of `fuzz/`.
#[cfg(feature = "public-suffix")]
#[test]
fn a_regex_is_refused_below_a_suffix_where_an_entry_is() {
    const ONE_OF: usize = 100;
    let rules = suffix_rules::all(env!("CARGO_MANIFEST_DIR"));
    assert!(rules.len() > 10_000);
    let (plain, others): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.is_plain());
    assert!(others.len() > 300);
    let asked = plain.into_iter().step_by(ONE_OF).chain(others);
    let wrong = suffix_rules::wrong(asked);
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}

#[test]
fn a_part_that_matches_nothing_is_a_warning() {
    for (regex, wanted) in [
        (r"https://a\.example\.com|b", Some("b")),
        (
            r"^(https://a\.example\.com|https://b\.example\.com/)$",
            Some(r"https://b\.example\.com/"),
        ),
        (r"https://a\.example\.com|(https://b\.example\.com)", None),
        (r"https://(a|b|B)\.example\.com", None),
        // The flag of the first part holds for the second.
        (r"(?i)https://a\.example\.com|HTTPS://B\.EXAMPLE\.COM", None),
    ] {
        let warned = warnings(&built(regex).expect(regex));
        let wanted: Vec<String> = wanted
            .map(|part| {
                format!("allow_origin_regex: part of a regex matches no serialized origin: `{part}` (remove it, or correct it)")
            })
            .into_iter()
            .collect();
        assert_eq!(warned, wanted, "{regex}");
    }
}

/// What a regex admits is judged as entries are.
#[test]
fn credentials_go_with_what_no_one_can_forge_or_take() {
    for regex in [
        r"https?://.*\.acme\.io",
        r"http://app\.example\.com(:\d+)?",
        r"http://192\.168\.1\.\d+",
        r"https://a\.example\.com|http://b\.example\.com",
        // Some of the ports are default ones, and some numbers no octets.
        r"https?://[a-z0-9-]+\.acme\.io:(80|443)",
        r"https?://.*\.acme\.io:(80|8080)",
        r"https?://192\.168\.\d+\.\d+:(80|8080)",
        r"https://acme\.io|http://192\.168\.\d{3}\.\d{3}",
        r"https?://.{25}a.*\.example\.com",
        r"https://acme\.io|http://([a-z]{64}|[a-z]{1,2}(\.[a-z]{40}){2})\.acme\.io",
    ] {
        let errors = with_credentials(regex).expect_err(regex);
        assert_eq!(
            errors.to_string(),
            format!(
                "allow_origin_regex: plain http must not be allowed with credentials: `{regex}` (serve the origin over https; `danger_allow_insecure_origins()` lifts this, and lets whoever is on the network path speak for the origin)"
            )
        );
        let lifted = CorsPolicy::builder()
            .allow_credentials()
            .danger_allow_insecure_origins()
            .allow_origin_regex(regex);
        assert!(lifted.build().is_ok(), "{regex}");
        let warned = warnings(&built(regex).expect(regex)).concat();
        assert!(warned.contains("plain http is allowed"), "{warned}");
    }
    for regex in [
        r"https?://localhost(:\d+)?",
        r"http://.*\.localhost|http://127\.0\.0\.1|http://\[::1\]:\d+",
        r"https://.*\.acme\.io",
        r"https?://app\.example\.com:80",
    ] {
        assert!(with_credentials(regex).is_ok(), "{regex}");
    }

    let errors = with_credentials("chrome-extension://[a-p]{2}").expect_err("open");
    assert_eq!(
        errors.to_string(),
        "allow_origin_regex: names that anyone can take must not be allowed with credentials: `chrome-extension://[a-p]{2}` (it admits `chrome-extension://ee`; name those that are yours; `danger_allow_lax_regexes()` lifts this)"
    );
    assert_eq!(
        errors
            .as_slice()
            .first()
            .map(actix_cors_policy::PolicyError::kind),
        Some(Kind::CredentialsWithClaimableOrigin)
    );
    let lifted = CorsPolicy::builder()
        .allow_origin_regex("chrome-extension://[a-p]{2}")
        .allow_credentials()
        .danger_allow_lax_regexes();
    assert_eq!(
        warnings(&lifted.build().expect("lifted")),
        [
            "allow_origin_regex: names are allowed that anyone can take: `chrome-extension://[a-p]{2}` (whoever takes one can read the answers; name those that are yours)"
        ]
    );
}

/// Once, a regex that was too large had no part known to be insecure, and passed with credentials where lax ones may.
#[test]
fn what_is_not_known_of_a_regex_may_be_so() {
    for regex in [
        r"https://.{25}a.*example\.com",
        r"https://[a-z.]{20}a[a-z.]*\.[a-j][a-j]x\.com",
        r"(https://.{15}a.*){3}",
        r".{25}a.*\.example\.com",
    ] {
        let lax = || {
            let builder = CorsPolicy::builder().allow_origin_regex(regex);
            builder.danger_allow_lax_regexes()
        };
        assert!(lax().build().is_ok(), "{regex}");
        let errors = lax().allow_credentials().build().expect_err(regex);
        assert_eq!(
            errors.to_string(),
            format!(
                "allow_origin_regex: regex that may admit plain http must not be allowed with credentials: `{regex}` (it is too large to see what it admits; use smaller repetitions, or several regexes; `danger_allow_insecure_origins()` lifts this, and lets whoever is on the network path speak for the origin)"
            )
        );
        let both = lax().allow_credentials().danger_allow_insecure_origins();
        assert!(both.build().is_ok(), "{regex}");
        // Refused for one reason, if lax ones are.
        let errors = with_credentials(regex).expect_err(regex);
        assert_eq!(errors.as_slice().len(), 1, "{errors}");
        assert!(
            errors.to_string().contains("regex is too large"),
            "{errors}"
        );
    }
}

#[cfg(feature = "public-suffix")]
#[test]
fn credentials_do_not_go_below_public_suffixes() {
    let errors = with_credentials(r"https://acme-[a-z]+\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-eevil.vercel.app`; name those"),
        "{errors}"
    );
    // A host right below the suffix is within reach; one below somebody's name there may not be.
    let errors = with_credentials(r"https://acme-.*\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-evil.vercel.app`;"),
        "{errors}"
    );
    let errors = with_credentials(r"https://acme-preview-.*\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-preview-evil.vercel.app`;"),
        "{errors}"
    );
    let entry = || CorsPolicy::builder().allow_origin("https://*.amazonaws.com");
    assert_eq!(
        warnings(&entry().build().expect("a warning")),
        [
            "allow_origin: names are allowed that anyone can take: `https://*.amazonaws.com` (whoever takes one can read the answers; name those that are yours)"
        ]
    );
    assert_eq!(
        entry()
            .allow_credentials()
            .build()
            .expect_err("open")
            .to_string(),
        "allow_origin: names that anyone can take must not be allowed with credentials: `https://*.amazonaws.com` (public suffixes lie below; name those that are yours; `danger_allow_public_suffix_subdomains()` lifts this)"
    );
    let lifted = entry()
        .allow_credentials()
        .danger_allow_public_suffix_subdomains();
    assert!(lifted.build().is_ok());
}

/// A proposal is copied, so nothing may be left out of it: not even what looks like a password.
#[test]
fn a_proposal_is_shown_whole_or_not_at_all() {
    for regex in [
        r"http@xs:127.0.0.1ple\.com|h",
        r"user:secret@app\.example\.com|h",
        r"tthpXX@XXs:127.0.0.1ple\.com|h",
    ] {
        let errors = CorsPolicy::builder()
            .allow_origin_regex(regex)
            .build()
            .unwrap_err();
        let message = errors.to_string();
        if let Some(proposed) = between(&message, "write `", "`") {
            let built = CorsPolicy::builder().allow_origin_regex(proposed).build();
            assert!(built.is_ok(), "{message}");
        }
    }
}
