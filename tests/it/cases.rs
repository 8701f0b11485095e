//! Section by section of the design: what each request is answered. A row gives the whole set of CORS headers.

use crate::{
    rows::{Block, blocks},
    support::{ask, policy},
};

const ONE: &str = "ALLOWED_ORIGINS=https://a.example";
const CREDENTIALS: &str = "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=true";

const PREFLIGHT_VARY: &str =
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

#[test]
fn requests_get_their_headers_and_nothing_else() {
    let rows = blocks(include_str!("data/decisions.txt"));
    assert!(rows.len() >= 34);
    for row in &rows {
        let (name, request) = (row.text('='), row.text('>'));
        let (answer, called) = ask(policy(&row.variables()), &request);
        assert_eq!(answer.summary(), row.text('<'), "{name}");
        assert!(row.has("called") != row.has("not called"), "{name}");
        assert_eq!(
            called,
            row.has("called"),
            "whether the inner service ran: {name}"
        );
        if request.starts_with("OPTIONS") && !called {
            assert!(
                answer.body.is_empty(),
                "a preflight's answer has no body: {name}"
            );
        }
    }
}

/// A preflight of `https://a.example` that is denied by `policy`, for each of several sets of header lines.
fn denies(name: &str, vars: &str, headers: &[&str]) {
    for headers in headers {
        let (answer, called) = ask(
            policy(vars),
            &format!("OPTIONS /\norigin: https://a.example\n{headers}"),
        );
        assert_eq!(
            answer.summary(),
            format!("403\n{PREFLIGHT_VARY}"),
            "{name}: {headers}"
        );
        assert!(!called, "{name}: {headers}");
    }
}

/// The same for one that is allowed; `answer` is what of it is not `Vary`, but for `Access-Control-Allow-Origin`.
fn allows(name: &str, vars: &str, headers: &str, wanted: &[&str]) {
    let (answer, called) = ask(
        policy(vars),
        &format!("OPTIONS /\norigin: https://a.example\n{headers}"),
    );
    let summary = answer.summary();
    let lines: Vec<&str> = summary
        .lines()
        .filter(|line| {
            !line.starts_with("vary: ") && !line.starts_with("access-control-allow-origin: ")
        })
        .collect();
    let mut all = vec!["204"];
    all.extend(wanted);
    assert_eq!(lines, all, "{name}: {headers}");
    assert!(!called, "{name}");
}

#[test]
fn every_response_gets_the_headers() {
    let allowed = [
        ("a success", "GET /plain", "200", ""),
        ("HEAD", "HEAD /", "200", ""),
        ("a 404", "GET /nowhere", "404", ""),
        ("a 405", "POST /get-only", "405", ""),
        ("a guard that fails", "GET /guarded", "404", ""),
        ("a handler's error", "GET /fail", "418", ""),
        (
            "an inner layer's error, its own CORS headers replaced",
            "GET /inner-error",
            "500",
            "cookie, ",
        ),
        (
            "a 304, like any response",
            "GET /not-modified",
            "304",
            "accept-encoding, ",
        ),
        ("a stream", "GET /stream", "200", ""),
        ("server-sent events", "GET /events", "200", ""),
        ("an upgrade to WebSocket", "GET /socket", "101", ""),
        (
            "a handler's own CORS headers, all lines replaced",
            "GET /own",
            "201",
            "x-one, X-Two, ",
        ),
        ("a file", "GET /file", "200", ""),
    ];
    for (name, request, status, vary) in allowed {
        let (answer, called) = ask(
            policy(CREDENTIALS),
            &format!("{request}\norigin: https://a.example"),
        );
        assert_eq!(
            answer.summary(),
            format!(
                "{status}\naccess-control-allow-credentials: true\n\
                 access-control-allow-origin: https://a.example\nvary: {vary}Origin"
            ),
            "{name}, allowed"
        );
        assert!(called, "{name}");

        for (who, origin) in [
            ("denied", "origin: https://b.example"),
            ("not CORS", "x: y"),
        ] {
            let (answer, _) = ask(policy(CREDENTIALS), &format!("{request}\n{origin}"));
            assert_eq!(
                answer.summary(),
                format!("{status}\nvary: {vary}Origin"),
                "{name}, {who}"
            );
        }
    }
}

#[test]
fn other_headers_and_bodies_are_not_changed() {
    let (answer, _) = ask(policy(ONE), "GET /own\norigin: https://a.example");
    assert_eq!(answer.header("x-kept"), ["1"]);
    let (answer, _) = ask(policy(ONE), "GET /stream\norigin: https://a.example");
    assert_eq!(answer.body, b"one two");
    let (answer, _) = ask(policy(ONE), "GET /fail\norigin: https://b.example");
    assert_eq!(answer.body, b"handler failed");
    let (answer, _) = ask(policy(ONE), "GET /inner-error\norigin: https://b.example");
    assert_eq!(answer.body, b"a layer inside failed");
}

#[test]
fn vary_is_merged() {
    for (request, wanted) in [
        // Compress appends a line of its own to the two of the handler.
        (
            "GET /vary\naccept-encoding: gzip",
            "accept-language, cookie, x-tenant, accept-encoding, Origin",
        ),
        ("GET /own-star", "*"),
        ("GET /own", "x-one, X-Two, Origin"),
    ] {
        for origin in [
            "origin: https://a.example",
            "origin: https://b.example",
            "x: y",
        ] {
            let (answer, _) = ask(policy(ONE), &format!("{request}\n{origin}"));
            assert_eq!(answer.header("vary"), [wanted], "{request}, {origin}");
        }
    }
}

#[test]
fn entries_admit_what_they_say() {
    let rows = blocks(include_str!("data/admitted.txt"));
    assert!(rows.len() >= 14);
    for row in &rows {
        let vars = row.variables();
        for origin in row.marked('+') {
            let (answer, _) = ask(policy(&vars), &format!("GET /\norigin: {origin}"));
            assert_eq!(
                answer.summary(),
                format!("200\naccess-control-allow-origin: {origin}\nvary: Origin"),
                "{vars} admits {origin}"
            );
        }
        for origin in row.marked('-') {
            let (answer, _) = ask(policy(&vars), &format!("GET /\norigin: {origin}"));
            assert_eq!(
                answer.summary(),
                "200\nvary: Origin",
                "{vars} denies {origin}"
            );
        }
    }
}

#[test]
fn the_longest_origin_is_admitted_and_no_longer_one() {
    let scheme = "s".repeat(64);
    let label = "a".repeat(63);
    let below = format!("{label}.{label}.{}", "a".repeat(61));
    let longest = format!("{scheme}://{label}.{below}:65535");
    assert_eq!(longest.len(), 326);
    for vars in [
        format!("ALLOWED_ORIGINS={longest}"),
        format!("ALLOWED_ORIGINS={scheme}://{label}.{below}:*"),
        format!("ALLOWED_ORIGINS={scheme}://*.{below}:*"),
        "ALLOWED_ORIGIN_REGEXES=.*\nDANGER_ALLOW_LAX_REGEXES=1".to_owned(),
    ] {
        for (origin, acao) in [
            (longest.clone(), Some(&longest)),
            (format!("{longest}0"), None),
            // A host of 254, in good labels.
            (
                format!("{scheme}://a.{}.{below}:6553", &"a".repeat(62)),
                None,
            ),
        ] {
            let (answer, _) = ask(policy(&vars), &format!("GET /\norigin: {origin}"));
            let acao: Vec<String> = acao.into_iter().cloned().collect();
            assert_eq!(
                answer.header("access-control-allow-origin"),
                acao,
                "{vars}, {origin}"
            );
        }
    }
}

#[test]
fn methods_are_safelisted_or_configured() {
    let rows = blocks(include_str!("data/request_methods.txt"));
    assert!(rows.len() >= 12);
    let lines = |lines: &[&str]| lines.iter().map(|line| acrm(line)).collect::<Vec<_>>();
    preflights(&rows, |list| lines(list).join("\n"));
}

#[test]
fn request_headers_are_configured() {
    let rows = blocks(include_str!("data/request_headers.txt"));
    assert!(rows.len() >= 16);
    preflights(&rows, acrh);
}

/// Asks what stands in the rows, with header lines for each list of values.
fn preflights(rows: &[Block], headers: impl Fn(&[&str]) -> String) {
    let values = |text: &str| {
        let inner = text.strip_prefix('[')?.strip_suffix(']')?;
        Some(headers(&inner.split("] [").collect::<Vec<_>>()))
    };
    for row in rows {
        let (name, vars) = (row.text('='), row.variables());
        for list in row.marked('+') {
            let headers = values(list).unwrap_or_else(|| headers(&[]));
            allows(&name, &vars, &headers, &row.marked('<'));
        }
        for list in row.marked('-') {
            denies(&name, &vars, &[&values(list).expect("lines in brackets")]);
        }
    }
}

fn acrm(method: &str) -> String {
    format!("access-control-request-method: {method}")
}

/// A preflight's header lines, for `GET` and these lines of requested headers.
fn acrh(lines: &[&str]) -> String {
    let mut text = acrm("GET");
    for line in lines {
        text.push_str("\naccess-control-request-headers: ");
        text.push_str(line);
    }
    text
}

const METHODS: &str = "access-control-allow-methods: GET, HEAD, POST";

#[test]
fn request_header_lists_are_bounded() {
    let some = "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=x-one";
    let any = "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=*";
    let listed = ["access-control-allow-headers: x-one", METHODS];
    let star = ["access-control-allow-headers: *", METHODS];
    let times = |count: usize| vec!["x-one"; count].join(",");

    allows("256 elements", some, &acrh(&[&times(256)]), &listed);
    allows(
        "256 elements in two lines",
        some,
        &acrh(&[&times(128), &times(128)]),
        &listed,
    );
    denies(
        "257 elements",
        some,
        &[&acrh(&[&times(257)]), &acrh(&[&times(128), &times(129)])],
    );

    let commas = |count: usize| ",".repeat(count);
    allows("32 empty elements", some, &acrh(&[&commas(31)]), &listed);
    allows(
        "32 empty elements in two lines",
        some,
        &acrh(&[&commas(15), &commas(15)]),
        &listed,
    );
    denies(
        "too many empty elements",
        some,
        &[&acrh(&[&commas(32)]), &acrh(&[&commas(16), &commas(15)])],
    );

    let padding = " ".repeat(8192 - 11);
    allows(
        "8192 bytes",
        some,
        &acrh(&[&format!("x-one,{padding}x-one")]),
        &listed,
    );
    denies(
        "8193 bytes",
        some,
        &[&acrh(&[&format!("x-one, {padding}x-one")])],
    );
    let long = "x".repeat(8192);
    allows("one name of 8192 bytes", any, &acrh(&[&long]), &star);
    denies(
        "one name of 8193 bytes",
        any,
        &[&acrh(&[&format!("{long}x")])],
    );
    denies("8193 bytes in two lines", any, &[&acrh(&[&long, "x"])]);
    denies("100 KB", any, &[&acrh(&[&"x-abcdefg,".repeat(10_000)])]);
    denies("100 KB of commas", any, &[&acrh(&[&",".repeat(100_000)])]);
}

#[test]
fn exposed_headers_are_as_set() {
    for (vars, request, wanted) in [
        (
            "EXPOSED_HEADERS=X-B,x-a,x-b",
            "GET /headers",
            Some("X-B, x-a"),
        ),
        (
            "EXPOSED_HEADERS=X-B,x-a,x-b",
            "GET /not-modified",
            Some("X-B, x-a"),
        ),
        ("EXPOSED_HEADERS=*", "GET /headers", Some("*")),
        ("EXPOSED_HEADERS=*", "GET /plain", Some("*")),
        ("EXPOSED_HEADERS=*", "GET /not-modified", Some("*")),
        // With credentials: what the response carries, sorted, without safelisted and forbidden names.
        (
            "EXPOSED_HEADERS=*\nALLOW_CREDENTIALS=1",
            "GET /headers",
            Some("vary, x-apple, x-zebra"),
        ),
        (
            "EXPOSED_HEADERS=*\nALLOW_CREDENTIALS=1",
            "GET /own",
            Some("vary, x-kept"),
        ),
        // `Vary` is the layer's own.
        (
            "EXPOSED_HEADERS=*\nALLOW_CREDENTIALS=1",
            "GET /plain",
            Some("vary"),
        ),
        (
            "EXPOSED_HEADERS=*\nALLOW_CREDENTIALS=1",
            "GET /not-modified",
            None,
        ),
        (
            "EXPOSED_HEADERS=*\nALLOW_CREDENTIALS=1",
            "GET /fail",
            Some("vary"),
        ),
    ] {
        let vars = format!("{ONE}\n{vars}");
        let (answer, _) = ask(
            policy(&vars),
            &format!("{request}\norigin: https://a.example"),
        );
        let wanted: Vec<&str> = wanted.into_iter().collect();
        assert_eq!(
            answer.header("access-control-expose-headers"),
            wanted,
            "{vars}, {request}"
        );

        let (answer, _) = ask(
            policy(&vars),
            &format!("{request}\norigin: https://b.example"),
        );
        assert!(
            answer.header("access-control-expose-headers").is_empty(),
            "{vars}, {request}, denied"
        );
    }
    let (answer, _) = ask(
        policy("ALLOWED_ORIGINS=*\nEXPOSED_HEADERS=*"),
        "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
    );
    assert!(
        answer.header("access-control-expose-headers").is_empty(),
        "a preflight exposes nothing"
    );
}
