//! For every policy and every request: what a page may read is what the policy says, read as naively as possible.

use std::{cell::RefCell, time::Duration};

use actix_cors_policy::{Cors, CorsPolicy, CorsRequest};
use actix_web::{
    App, HttpResponse,
    rt::System,
    test::{TestRequest, init_service},
    web,
};
use cors_test_browser::{Blocked, Browser, Credentials, Fetch};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{TestError, TestRunner},
};

use crate::model::{self, Asked};

/// What the handler's answer has in addition to what a page may always read, and `Set-Cookie`, which it never may.
const HANDLERS: [&str; 4] = ["etag", "x-c", "x-d", "x-secret"];

/// What a page asks for, and what is to be known of it: of each header, whether it is safelisted.
#[derive(Clone, Debug)]
struct Asks {
    page: String,
    /// `None` for the page's own origin.
    server: Option<&'static str>,
    method: &'static str,
    headers: Vec<(&'static str, &'static str, bool)>,
    credentials: Credentials,
}

/// What a page is to get.
#[derive(Debug, PartialEq)]
struct Gets {
    reads: bool,
    headers: Vec<String>,
    needs_preflight: bool,
}

/// A direct reading of the policy.
fn gets(asked: &Asked, asks: &Asks) -> Gets {
    let has =
        |list: &[String], name: &str| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    let headers = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if asks.server.is_none() {
        return Gets {
            reads: true,
            headers: headers(&HANDLERS),
            needs_preflight: false,
        };
    }
    let is_simple = ["GET", "HEAD", "POST", "post"].contains(&asks.method);
    let method = match asks.method {
        "patch" => "patch".to_owned(),
        method => method.to_uppercase(),
    };
    let unsafe_names: Vec<&str> = asks
        .headers
        .iter()
        .filter(|(_, _, is_safe)| !is_safe)
        .map(|(name, _, _)| *name)
        .collect();
    let needs_preflight = !is_simple || !unsafe_names.is_empty();

    let origin = model::allows_origin(asked, std::slice::from_ref(&asks.page));
    let credentials = asks.credentials != Credentials::Include || asked.credentials;
    let method = is_simple || asked.methods.contains(&method) || has(&asked.methods, "*");
    let names = unsafe_names.iter().all(|name| {
        has(&asked.headers, name)
            || (has(&asked.headers, "*") && !name.eq_ignore_ascii_case("authorization"))
    });
    let reads = origin && credentials && method && names;
    let readable: Vec<&str> = HANDLERS
        .into_iter()
        .filter(|name| reads && (has(&asked.exposed, name) || has(&asked.exposed, "*")))
        .collect();
    Gets {
        reads,
        headers: headers(&readable),
        needs_preflight,
    }
}

const HOSTS: [&str; 8] = [
    "example.com",
    "a.example.com",
    "aa.example.com",
    "b.a.example.com",
    "aexample.com",
    "example.com.evil.org",
    "localhost",
    "127.0.0.1",
];

fn entry() -> impl Strategy<Value = String> {
    let scheme = select(vec!["https", "https", "http", "app"]);
    let port = select(vec!["", "", ":8443", ":*"]);
    (scheme, any::<bool>(), select(HOSTS.to_vec()), port).prop_map(|(scheme, star, host, port)| {
        let star = star && host != "127.0.0.1";
        format!("{scheme}://{}{host}{port}", if star { "*." } else { "" })
    })
}

fn names(names: &[&str]) -> impl Strategy<Value = Vec<String>> + use<> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let most = names.len();
    subsequence(names, 0..=most)
}

fn asked() -> impl Strategy<Value = Asked> {
    let distinct = |mut list: Vec<String>| {
        list.sort();
        list.dedup();
        list
    };
    let entries = prop_oneof![
        2 => Just(vec!["*".to_owned()]),
        6 => vec(entry(), 1..5).prop_map(distinct),
        1 => Just(vec!["null".to_owned()]),
    ];
    let regexes = prop_oneof![
        7 => Just(Vec::new()),
        1 => Just(vec![r"https://[a-z]+\.example\.com(:8443)?".to_owned()]),
    ];
    (
        (entries, regexes),
        names(&["PUT", "DELETE", "PATCH", "CHICKEN", "*"]),
        names(&["x-a", "X-B", "content-type", "Authorization", "*"]),
        names(&["x-c", "X-D", "etag", "*"]),
        any::<bool>(),
        option::of(select(vec![0, 1, 600, 86_400])),
        any::<bool>(),
    )
        .prop_map(
            |((entries, regexes), methods, headers, exposed, credentials, max_age, rejects)| {
                let any_origin = entries == ["*"];
                Asked {
                    credentials: credentials && !any_origin && entries != ["null"],
                    regexes: if any_origin { Vec::new() } else { regexes },
                    entries,
                    methods,
                    headers,
                    exposed,
                    max_age,
                    reject_denied_origins: rejects,
                    ..Asked::default()
                }
            },
        )
}

fn policy(asked: &Asked) -> CorsPolicy {
    let named = |list: &[String]| {
        let list = list.iter().filter(|name| *name != "*").cloned();
        list.collect::<Vec<_>>()
    };
    let has_star = |list: &[String]| list.iter().any(|name| name == "*");
    let mut builder = CorsPolicy::builder()
        .danger_allow_insecure_origins()
        .danger_allow_public_suffix_subdomains()
        .danger_allow_lax_regexes()
        .allow_methods(named(&asked.methods))
        .allow_headers(named(&asked.headers))
        .expose_headers(named(&asked.exposed));
    builder = if asked.any_origin() {
        builder.allow_any_origin()
    } else {
        builder.allow_origins(&asked.entries)
    };
    for regex in &asked.regexes {
        builder = builder.allow_origin_regex(regex);
    }
    if has_star(&asked.methods) {
        builder = builder.allow_any_method();
    }
    if has_star(&asked.headers) {
        builder = builder.allow_any_header();
    }
    if has_star(&asked.exposed) {
        builder = builder.expose_any_header();
    }
    if asked.credentials {
        builder = builder.allow_credentials();
    }
    if asked.reject_denied_origins {
        builder = builder.reject_denied_origins();
    }
    if let Some(age) = asked.max_age {
        builder = builder.max_age(Duration::from_secs(age.into()));
    }
    builder.build().expect("a policy")
}

fn asks() -> impl Strategy<Value = Asks> {
    let page = prop_oneof![
        7 => (select(vec!["https", "https", "http", "app"]), select(vec!["", "", "a.", "b."]), select(HOSTS.to_vec()), select(vec!["", "", ":8443", ":81"]))
            .prop_map(|(scheme, below, host, port)| {
                let below = if host == "127.0.0.1" { "" } else { below };
                format!("{scheme}://{below}{host}{port}")
            }),
        1 => Just("null".to_owned()),
    ];
    let headers = subsequence(
        vec![
            ("accept", "text/html", true),
            ("Accept-Language", "de", true),
            ("content-language", "de/AT", false),
            ("content-type", "application/json", false),
            ("x-a", "1", false),
            ("X-b", "", false),
            ("authorization", "a", false),
            ("range", "bytes=0-9", true),
            ("cookie", "forbidden", true),
            ("sec-x", "forbidden", true),
            ("*", "", false),
        ],
        0..4,
    );
    (
        page,
        option::weighted(
            0.95,
            select(vec![
                "https://api.example.com",
                "https://example.com:81",
                "http://127.0.0.1:82",
            ]),
        ),
        select(vec![
            "GET", "GET", "HEAD", "POST", "post", "PUT", "put", "DELETE", "PATCH", "patch",
            "CHICKEN", "OPTIONS",
        ]),
        headers,
        select(vec![
            Credentials::Omit,
            Credentials::SameOrigin,
            Credentials::Include,
        ]),
    )
        .prop_map(|(page, server, method, headers, credentials)| Asks {
            // `None` only of a page at whose origin a server can be, and always where that is the server.
            server: match server {
                Some(server) if server == page => None,
                None if !page.starts_with("http") => Some("https://api.example.com"),
                server => server,
            },
            page,
            method,
            headers,
            credentials,
        })
}

/// The request as it comes, for `explain`: a browser has normalized the method, and left out what no page may set.
fn told(asks: &Asks) -> CorsRequest {
    let method = match asks.method {
        "patch" => "patch".to_owned(),
        method => method.to_uppercase(),
    };
    let mut request = TestRequest::default()
        .method(method.parse().expect("a method"))
        .insert_header(("origin", asks.page.as_str()));
    for (name, value, _) in &asks.headers {
        if !["cookie", "sec-x"].contains(name) {
            request = request.insert_header((*name, *value));
        }
    }
    let request = CorsRequest::from(request.to_srv_request().head());
    if asks.credentials == Credentials::Include {
        request.credentials()
    } else {
        request
    }
}

/// What `explain` says, and what the browser says, twice in a row.
async fn check(asked: &Asked, all: &[Asks]) -> Result<(), TestCaseError> {
    let handler = || async {
        HttpResponse::Ok()
            .insert_header(("x-c", "1"))
            .insert_header(("X-D", "2"))
            .insert_header(("etag", "\"3\""))
            .insert_header(("x-secret", "4"))
            .insert_header(("set-cookie", "5"))
            .body("secret")
    };
    let policy = policy(asked);
    let app = App::new()
        .default_service(web::to(handler))
        .wrap(Cors::new(policy.clone()));
    let app = init_service(app).await;
    for asks in all {
        let wanted = gets(asked, asks);
        let url = format!("{}/", asks.server.unwrap_or(&asks.page));
        let fetch = asks
            .headers
            .iter()
            .fold(Fetch::new(asks.method, url), |fetch, (name, value, _)| {
                fetch.header(*name, *value)
            })
            .credentials(asks.credentials);
        if asks.server.is_some() {
            let explanation = policy.explain(&told(asks));
            prop_assert_eq!(
                (explanation.is_allowed(), explanation.needs_preflight()),
                (wanted.reads, wanted.needs_preflight),
                "{:?}\n{}",
                asks,
                explanation
            );
        }
        let mut browser: Browser = browser(&asks.page);
        for is_again in [false, true] {
            let response = browser.fetch(&app, fetch.clone()).await;
            let headers = response
                .headers()
                .map(|(name, _)| name.to_owned())
                .filter(|name| name == "set-cookie" || HANDLERS.contains(&name.as_str()));
            let got = Gets {
                reads: response.readable(),
                headers: headers.collect(),
                needs_preflight: wanted.needs_preflight,
            };
            prop_assert_eq!(&got, &wanted, "{:?}\n{:#?}", asks, response);
            let text = if wanted.reads && asks.method != "HEAD" {
                "secret"
            } else {
                ""
            };
            prop_assert_eq!(response.text(), text);

            let is_remembered = is_again && wanted.reads && asked.max_age != Some(0);
            let preflights = usize::from(wanted.needs_preflight && !is_remembered);
            prop_assert_eq!(
                response.preflights(),
                preflights,
                "{:?}\n{:#?}",
                asks,
                response
            );
            let is_right = match response.blocked_by() {
                None => wanted.reads,
                Some(Blocked::PreflightCorsCheck(_)) => wanted.needs_preflight,
                // The one thing that this policy could not say in an allowed preflight.
                Some(Blocked::PreflightMethod(name)) => name == "*",
                Some(Blocked::CorsCheck(_)) => !wanted.needs_preflight,
                Some(_) => false,
            };
            prop_assert!(is_right, "{:?}\n{:#?}", asks, response);
        }
    }
    Ok(())
}

#[test]
fn a_page_reads_what_the_policy_says() {
    let system = System::new();
    let counts = RefCell::new((0, 0, 0, 0));
    let config = ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let result = runner.run(&(asked(), vec(asks(), 1..4)), |(asked, all)| {
        let mut counts = counts.borrow_mut();
        for asks in &all {
            let gets = gets(&asked, asks);
            counts.0 += 1;
            counts.1 += usize::from(gets.reads);
            counts.2 += usize::from(gets.needs_preflight);
            counts.3 += usize::from(gets.reads && gets.needs_preflight);
        }
        system.block_on(check(&asked, &all))
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, (asked, _))) => panic!("{why}\n{asked:#?}"),
        Err(other) => panic!("{other}"),
    }
    // What is generated reaches both sides of every question.
    let (all, reads, preflights, both) = counts.into_inner();
    assert!(all >= 10_000, "{all}");
    for (some, of) in [(reads, all), (preflights, all), (both, preflights)] {
        assert!(
            some * 20 > of && some * 20 < of * 19,
            "{all} {reads} {preflights} {both}"
        );
    }
}

fn browser(page: &str) -> Browser {
    if page == "null" {
        Browser::opaque()
    } else {
        Browser::at(page)
    }
}
