//! Section by section of the design: what each request is answered. A row gives the whole set of CORS headers.

use crate::support::{ask, policy};

struct Row {
    name: &'static str,
    policy: &'static str,
    request: &'static str,
    answer: &'static str,
    /// Whether the inner service ran.
    called: bool,
}

fn check(rows: &[Row]) {
    for row in rows {
        let (answer, called) = ask(policy(row.policy), row.request);
        assert_eq!(answer.summary(), row.answer, "{}", row.name);
        assert_eq!(
            called, row.called,
            "whether the inner service ran: {}",
            row.name
        );
        if row.request.starts_with("OPTIONS") && !called {
            assert!(
                answer.body.is_empty(),
                "a preflight's answer has no body: {}",
                row.name
            );
        }
    }
}

const ONE: &str = "ALLOWED_ORIGINS=https://a.example";
const ANY: &str = "ALLOWED_ORIGINS=*";
const NONE: &str = "ALLOWED_ORIGINS=none";
const CREDENTIALS: &str = "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=true";

const PREFLIGHT_VARY: &str =
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

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
fn a_request_is_what_its_headers_make_it() {
    check(&[
        Row {
            name: "OPTIONS with Origin and ACRM is a preflight",
            policy: ONE,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
            answer: "204\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example\n\
                     vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "OPTIONS without ACRM is an actual request",
            policy: ONE,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-headers: x",
            answer: "200\naccess-control-allow-origin: https://a.example\nvary: Origin",
            called: true,
        },
        Row {
            name: "OPTIONS without Origin is not a CORS request",
            policy: ONE,
            request: "OPTIONS /\naccess-control-request-method: GET",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "another method with ACRM is an actual request",
            policy: ONE,
            request: "GET /\norigin: https://a.example\naccess-control-request-method: GET",
            answer: "200\naccess-control-allow-origin: https://a.example\nvary: Origin",
            called: true,
        },
        Row {
            name: "methods are with case: options is another",
            policy: ONE,
            request: "options /\norigin: https://a.example\naccess-control-request-method: GET",
            answer: "200\naccess-control-allow-origin: https://a.example\nvary: Origin",
            called: true,
        },
        Row {
            name: "an empty Origin makes a preflight, which is denied",
            policy: ONE,
            request: "OPTIONS /\norigin:\naccess-control-request-method: GET",
            answer: "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "an empty ACRM makes a preflight, which is denied",
            policy: ONE,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-method:",
            answer: "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "an empty Origin makes an actual request, which is denied",
            policy: ONE,
            request: "GET /\norigin:",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "no Origin is not a CORS request",
            policy: ONE,
            request: "GET /",
            answer: "200\nvary: Origin",
            called: true,
        },
    ]);
}

#[test]
fn allowed_and_denied_requests_get_their_headers_and_nothing_else() {
    check(&[
        Row {
            name: "allowed",
            policy: "ALLOWED_ORIGINS=https://a.example\nEXPOSED_HEADERS=x-a, X-B\nMAX_AGE=60",
            request: "GET /\norigin: https://a.example",
            answer: "200\naccess-control-allow-origin: https://a.example\naccess-control-expose-headers: x-a, X-B\nvary: Origin",
            called: true,
        },
        Row {
            name: "allowed with credentials",
            policy: CREDENTIALS,
            request: "POST /\norigin: https://a.example",
            answer: "200\naccess-control-allow-credentials: true\naccess-control-allow-origin: https://a.example\nvary: Origin",
            called: true,
        },
        Row {
            name: "denied: no CORS header at all",
            policy: "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=1\nEXPOSED_HEADERS=x-a\nMAX_AGE=60",
            request: "GET /\norigin: https://b.example",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "not CORS: no CORS header at all",
            policy: "ALLOWED_ORIGINS=https://a.example\nALLOW_CREDENTIALS=1\nEXPOSED_HEADERS=x-a",
            request: "GET /",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "two Origin lines are denied, equal ones too",
            policy: ONE,
            request: "GET /\norigin: https://a.example\norigin: https://a.example",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "two Origin lines deny a preflight",
            policy: ONE,
            request: "OPTIONS /\norigin: https://a.example\norigin: https://b.example\naccess-control-request-method: GET",
            answer: "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "a list of origins is denied",
            policy: ONE,
            request: "GET /\norigin: https://a.example https://a.example",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "bytes over 0x7F are denied",
            policy: "ALLOWED_ORIGINS=https://*.b.example",
            request: "GET /\norigin: https://\u{e9}.b.example",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "any origin: * for an allowed origin",
            policy: "ALLOWED_ORIGINS=*\nEXPOSED_HEADERS=x-a",
            request: "GET /\norigin: https://a.example",
            answer: "200\naccess-control-allow-origin: *\naccess-control-expose-headers: x-a\nvary: Origin",
            called: true,
        },
        Row {
            name: "any origin: * without an Origin, and exposed headers",
            policy: "ALLOWED_ORIGINS=*\nEXPOSED_HEADERS=x-a",
            request: "GET /",
            answer: "200\naccess-control-allow-origin: *\naccess-control-expose-headers: x-a\nvary: Origin",
            called: true,
        },
        Row {
            name: "any origin: * whatever Origin holds",
            policy: ANY,
            request: "GET /\norigin: \norigin: x y",
            answer: "200\naccess-control-allow-origin: *\nvary: Origin",
            called: true,
        },
        Row {
            name: "any origin: * for null",
            policy: ANY,
            request: "GET /\norigin: null",
            answer: "200\naccess-control-allow-origin: *\nvary: Origin",
            called: true,
        },
        Row {
            name: "any origin: a preflight is allowed whatever Origin holds",
            policy: ANY,
            request: "OPTIONS /\norigin:\norigin: x\naccess-control-request-method: POST",
            answer: "204\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: *\n\
                     vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "any origin: a preflight is denied by its method, without *",
            policy: ANY,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-method: PUT",
            answer: "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "none denies every origin",
            policy: NONE,
            request: "GET /\norigin: https://a.example",
            answer: "200\nvary: Origin",
            called: true,
        },
        Row {
            name: "none denies every preflight",
            policy: NONE,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
            answer: "403\nvary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
    ]);
}

#[test]
fn any_origin_policies_can_leave_vary_off() {
    let vars = "ALLOWED_ORIGINS=*\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=on";
    check(&[
        Row {
            name: "no Vary where there was none",
            policy: vars,
            request: "GET /\norigin: https://a.example",
            answer: "200\naccess-control-allow-origin: *",
            called: true,
        },
        Row {
            name: "a handler's Vary stays as it was",
            policy: vars,
            request: "GET /own",
            answer: "201\naccess-control-allow-origin: *\nvary: x-one\nvary: X-Two",
            called: true,
        },
        Row {
            name: "a preflight still varies on what it was judged by",
            policy: vars,
            request: "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
            answer: "204\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: *\n\
                     vary: Access-Control-Request-Method, Access-Control-Request-Headers",
            called: false,
        },
        Row {
            name: "other policies keep it",
            policy: "ALLOWED_ORIGINS=https://a.example\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=on",
            request: "GET /",
            answer: "200\nvary: Origin",
            called: true,
        },
    ]);
}

#[test]
fn every_response_is_decorated() {
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
fn other_headers_and_bodies_are_left_alone() {
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
fn null_has_an_entry_of_its_own() {
    let null = "200\naccess-control-allow-origin: null\nvary: Origin";
    let denied = "200\nvary: Origin";
    for (vars, origin, wanted) in [
        ("ALLOWED_ORIGINS=null", "null", null),
        ("ALLOWED_ORIGINS=https://a.example,null", "null", null),
        ("ALLOWED_ORIGINS=null", "https://a.example", denied),
        ("ALLOWED_ORIGINS=null", "NULL", denied),
        ("ALLOWED_ORIGINS=null", "null.", denied),
        ("ALLOWED_ORIGINS=https://a.example", "null", denied),
        (
            "ALLOWED_ORIGIN_REGEXES=.*\nDANGER_ALLOW_LAX_REGEXES=1",
            "null",
            denied,
        ),
        (
            "ALLOWED_ORIGIN_REGEXES=null\nDANGER_ALLOW_LAX_REGEXES=1",
            "null",
            denied,
        ),
    ] {
        let (answer, _) = ask(policy(vars), &format!("GET /\norigin: {origin}"));
        assert_eq!(answer.summary(), wanted, "{vars}, {origin}");
    }
}

#[test]
fn entries_admit_what_they_say() {
    for (vars, admitted, denied) in [
        (
            "ALLOWED_ORIGINS=https://app.example.com",
            &["https://app.example.com"][..],
            &[
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com:443",
                "https://app.example.com.",
                "https://app.example.com/",
                "https://App.example.com",
                "HTTPS://app.example.com",
                "https://xapp.example.com",
                "https://x.app.example.com",
                "https://app.example.com.evil.example",
                "https://app.example.co",
                "https://app-example.com",
            ][..],
        ),
        (
            "ALLOWED_ORIGINS=https://*.example.com",
            &[
                "https://a.example.com",
                "https://a.b.c.example.com",
                "https://_x.example.com",
            ],
            &[
                "https://example.com",
                "http://a.example.com",
                "https://a.example.com:8443",
                "https://aexample.com",
                "https://.example.com",
                "https://a..example.com",
                "https://a.example.com.evil.example",
                "https://*.example.com",
                "https://*.a.example.com",
                "https://a.*.example.com",
                "https://a.example.org",
                "https://evil.example/.example.com",
                "https://evil.example#.example.com",
                "https://evil@a.example.com",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://*.example.com:8443",
            &["https://a.example.com:8443"],
            &[
                "https://a.example.com",
                "https://a.example.com:8444",
                "https://example.com:8443",
            ],
        ),
        (
            "ALLOWED_ORIGINS=http://localhost:*",
            &[
                "http://localhost",
                "http://localhost:1",
                "http://localhost:65535",
            ],
            &[
                "https://localhost",
                "http://localhost:80",
                "http://localhost:0",
                "http://localhost:65536",
                "http://localhost:",
                "http://localhost:*",
                "http://a.localhost:1",
                "http://localhost.evil.example",
                "http://localhost:1.evil.example",
            ],
        ),
        (
            "ALLOWED_ORIGINS=https://*.example.com:*",
            &["https://a.example.com", "https://a.b.example.com:9"],
            &[
                "https://example.com",
                "https://example.com:9",
                "https://a.example.com:*",
                "https://*.a.example.com",
                "https://*.a.example.com:9",
                "https://*.a.example.com:*",
            ],
        ),
        (
            "ALLOWED_ORIGINS=http://[::1]:*,http://127.0.0.1:*",
            &["http://[::1]", "http://[::1]:3000", "http://127.0.0.1:3000"],
            &[
                "http://[::2]",
                "http://127.0.0.2",
                "http://[0:0:0:0:0:0:0:1]",
                "http://127.1",
            ],
        ),
        (
            "ALLOWED_ORIGINS=tauri://localhost,capacitor://localhost,chrome-extension://abcdefgh",
            &[
                "tauri://localhost",
                "capacitor://localhost",
                "chrome-extension://abcdefgh",
            ],
            &["tauri://localhosts", "chrome-extension://abcdefg"],
        ),
        (
            r"ALLOWED_ORIGIN_REGEXES=https://pr-[0-9]+\.example\.dev http://localhost:\d+",
            &[
                "https://pr-1.example.dev",
                "https://pr-123.example.dev",
                "http://localhost:8080",
            ],
            &[
                "https://pr-.example.dev",
                "https://pr-1.example.dev.evil.example",
                "https://pr-1.example.dev:8443",
                "http://localhost",
                "http://localhost:80",
            ],
        ),
        (
            // A regex sees well-formed origins only.
            "ALLOWED_ORIGIN_REGEXES=.*\nDANGER_ALLOW_LAX_REGEXES=1",
            &["https://a.example", "weird+scheme://x:1"],
            &[
                "",
                "x",
                "null",
                "file://",
                "https://a.example/",
                "https://A.example",
                "https://a.example:443",
            ],
        ),
        (
            // Several sources add up.
            "ALLOWED_ORIGINS=https://a.example\\nhttps://b.example, https://*.c.example\nALLOWED_ORIGIN_REGEXES=https://d",
            &[
                "https://a.example",
                "https://b.example",
                "https://x.c.example",
                "https://d",
            ],
            &["https://c.example", "https://e"],
        ),
    ] {
        for origin in admitted {
            let (answer, _) = ask(policy(vars), &format!("GET /\norigin: {origin}"));
            assert_eq!(
                answer.summary(),
                format!("200\naccess-control-allow-origin: {origin}\nvary: Origin"),
                "{vars} admits {origin}"
            );
        }
        for origin in denied {
            let (answer, _) = ask(policy(vars), &format!("GET /\norigin: {origin}"));
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
    let some = "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=PUT, CHICKEN, GET, DELETE, PUT";
    let listed = ["access-control-allow-methods: GET, HEAD, POST, PUT, CHICKEN, DELETE"];
    for method in ["GET", "HEAD", "POST", "PUT", "CHICKEN", "DELETE"] {
        allows(
            "configured",
            some,
            &format!("access-control-request-method: {method}"),
            &listed,
        );
    }
    denies(
        "not configured, or in another case",
        some,
        &["PATCH", "put", "get", "Chicken", "*"]
            .map(acrm)
            .each_ref()
            .map(String::as_str),
    );
    let any = "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=*";
    let star = ["access-control-allow-methods: *"];
    for method in ["GET", "PATCH", "chicken", "*"] {
        allows("any", any, &acrm(method), &star);
    }
    let credentials = "ALLOWED_ORIGINS=https://a.example\nALLOWED_METHODS=*\nALLOW_CREDENTIALS=yes";
    for method in ["GET", "PATCH", "chicken"] {
        let method_alone = format!("access-control-allow-methods: {method}");
        allows(
            "any with credentials: the requested one",
            credentials,
            &acrm(method),
            &["access-control-allow-credentials: true", &method_alone],
        );
    }
    for vars in [some, any, credentials] {
        denies(
            "not exactly one line with one token",
            vars,
            &[
                "access-control-request-method:",
                "access-control-request-method: GET, PUT",
                "access-control-request-method: GET PUT",
                "access-control-request-method: \"GET\"",
                "access-control-request-method: G\u{e9}T",
                "access-control-request-method: GET\naccess-control-request-method: GET",
                "access-control-request-method: GET\naccess-control-request-method:",
            ],
        );
        denies(
            "forbidden",
            vars,
            &["CONNECT", "TRACE", "TRACK", "connect", "Trace", "tRACK"]
                .map(acrm)
                .each_ref()
                .map(String::as_str),
        );
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
fn request_headers_are_configured() {
    let some =
        "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=X-Two, content-type, X-One, x-two";
    let listed = [
        "access-control-allow-headers: x-two, content-type, x-one",
        METHODS,
    ];
    for lines in [
        &[][..],
        &["x-one"],
        &["X-ONE"],
        &["x-two,x-one"],
        &["content-type,x-one,x-two"],
        &["x-one , \t x-two\t"],
        &["x-one\t,x-two \t ,x-one"],
        &["x-one", "x-two"],
        &["x-one,x-one"],
        &["", "x-one", ""],
        &[""],
        &[",,x-one,,"],
        &[&",".repeat(31)],
        &[&",".repeat(15), &",".repeat(15)],
    ] {
        allows("configured", some, &acrh(lines), &listed);
    }
    denies(
        "one that is not configured, wherever it stands",
        some,
        &[
            &acrh(&["x-three"]),
            &acrh(&["x-one,x-three"]),
            &acrh(&["x-one", "x-three"]),
            &acrh(&["x-on"]),
            &acrh(&["x-onee"]),
            &acrh(&["authorization"]),
            &acrh(&["*"]),
        ],
    );
    denies(
        "not a token",
        some,
        &[
            &acrh(&["x one"]),
            &acrh(&["x-one;x-two"]),
            &acrh(&["x-one, \"x-two\""]),
            &acrh(&["x-\u{e9}"]),
            &acrh(&["x-one:"]),
        ],
    );
    denies(
        "too many empty elements",
        some,
        &[
            &acrh(&[&",".repeat(32)]),
            &acrh(&[&",".repeat(16), &",".repeat(15)]),
        ],
    );
    // None configured: none is sent, and none may be asked for.
    allows("no names", ONE, &acrh(&[]), &[METHODS]);
    allows("no names", ONE, &acrh(&[""]), &[METHODS]);
    denies("no names", ONE, &[&acrh(&["x-one"])]);
}

#[test]
fn any_request_header_is_any_but_authorization() {
    let any = "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=*";
    let star = ["access-control-allow-headers: *", METHODS];
    for lines in [&[][..], &["x-one"], &["X-One, y"], &["*"], &["x", "y"]] {
        allows("any", any, &acrh(lines), &star);
    }
    let beside = "ALLOWED_ORIGINS=https://a.example\nALLOWED_HEADERS=*,Authorization";
    let both = ["access-control-allow-headers: *,authorization", METHODS];
    for lines in [&[][..], &["x-one"], &["x-one,AUTHORIZATION"]] {
        allows("any and authorization", beside, &acrh(lines), &both);
    }
    let credentials = "\nALLOW_CREDENTIALS=true";
    for vars in [any, &format!("{any}{credentials}")] {
        denies(
            "authorization is not any",
            vars,
            &[
                &acrh(&["authorization"]),
                &acrh(&["x-one,Authorization"]),
                &acrh(&["x", "authorization"]),
                &acrh(&["x y"]),
            ],
        );
    }
    for (vars, lines, wanted) in [
        (any, &["x-one"][..], Some("x-one")),
        (any, &["X-One , y,X-One"], Some("X-One , y,X-One")),
        (any, &["x", "y,z"], Some("x, y, z")),
        (any, &["x,,y,"], Some("x, y")),
        (any, &["", ""], None),
        (any, &[""], None),
        (any, &[], None),
        (beside, &["authorization,x"], Some("authorization,x")),
    ] {
        let vars = format!("{vars}{credentials}");
        let names = wanted.map(|names| format!("access-control-allow-headers: {names}"));
        let mut all = vec!["access-control-allow-credentials: true"];
        all.extend(names.as_deref());
        all.push(METHODS);
        allows(
            "any with credentials: the received ones",
            &vars,
            &acrh(lines),
            &all,
        );
    }
}

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
fn max_age_and_status_are_as_set() {
    for (vars, wanted) in [
        (
            "MAX_AGE=0",
            "204\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example\naccess-control-max-age: 0",
        ),
        (
            "MAX_AGE=86400",
            "204\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example\naccess-control-max-age: 86400",
        ),
        (
            "PREFLIGHT_STATUS=200",
            "200\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example",
        ),
        (
            "PREFLIGHT_STATUS=299",
            "299\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example",
        ),
        (
            "ALLOW_CREDENTIALS=on\nEXPOSED_HEADERS=x-a",
            "204\naccess-control-allow-credentials: true\naccess-control-allow-methods: GET, HEAD, POST\naccess-control-allow-origin: https://a.example",
        ),
    ] {
        let (answer, _) = ask(
            policy(&format!("{ONE}\n{vars}")),
            "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET",
        );
        assert_eq!(
            answer.summary(),
            format!("{wanted}\n{PREFLIGHT_VARY}"),
            "{vars}"
        );
    }
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
