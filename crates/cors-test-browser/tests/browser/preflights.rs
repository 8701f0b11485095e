//! Tables of responses to preflights, and of what the preflight cache does with them.

use std::time::Duration;

use cors_test_browser::{Blocked, Browser, CorsCheckError, Credentials, Fetch};

use crate::support::{
    API, Outcome,
    Outcome::{BlockedBy, Reads},
    PAGE, TextResponse, TextResponses, app_with_responses, block_on, fetch_responses, outcome,
};

const OK: TextResponses = &[(
    "",
    "200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true",
)];

type Row = (&'static str, TextResponse, Fetch, Outcome);

fn put() -> Fetch {
    Fetch::put(API)
}

fn with(name: &str) -> Fetch {
    Fetch::get(API).header(name, "a")
}

fn included(fetch: Fetch) -> Fetch {
    fetch.credentials(Credentials::Include)
}

fn check(check: CorsCheckError) -> Outcome {
    BlockedBy(Blocked::PreflightCorsCheck(check))
}

fn mismatch(allowed: &str) -> Outcome {
    check(CorsCheckError::Mismatch {
        allowed: allowed.to_owned(),
        origin: PAGE.to_owned(),
    })
}

fn method(name: &str) -> Outcome {
    BlockedBy(Blocked::PreflightMethod(name.to_owned()))
}

fn header(name: &str) -> Outcome {
    BlockedBy(Blocked::PreflightHeader(name.to_owned()))
}

/// A response to a preflight that passes the CORS check, with more headers.
macro_rules! passing {
    ($more:literal) => {
        concat!("204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true", $more)
    };
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let methods = Blocked::PreflightList("Access-Control-Allow-Methods");
    let headers = Blocked::PreflightList("Access-Control-Allow-Headers");
    vec![
        ("a preflight must pass the CORS check", "204\naccess-control-allow-methods: PUT", put(), check(CorsCheckError::Missing)),
        ("* passes the CORS check", "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("* does not pass the CORS check with credentials", "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT\naccess-control-allow-credentials: true", included(put()), check(CorsCheckError::Wildcard)),
        ("another origin does not pass", "204\naccess-control-allow-origin: https://a.example\naccess-control-allow-methods: PUT", put(), mismatch("https://a.example")),
        ("an origin with a slash at the end does not pass", "204\naccess-control-allow-origin: https://app.example.com/", put(), mismatch("https://app.example.com/")),
        ("an origin in upper case does not pass", "204\naccess-control-allow-origin: https://APP.example.com", put(), mismatch("https://APP.example.com")),
        ("null does not pass", "204\naccess-control-allow-origin: null", put(), mismatch("null")),
        ("two lines do not pass", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-origin: https://app.example.com", put(), mismatch("https://app.example.com, https://app.example.com")),
        ("two lines of * do not pass", "204\naccess-control-allow-origin: *\naccess-control-allow-origin: *", put(), mismatch("*, *")),
        ("an empty value does not pass", "204\naccess-control-allow-origin:", put(), mismatch("")),
        ("whitespace around the value is ignored", "204\naccess-control-allow-origin: \t https://app.example.com \t\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("credentials: True is not true", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: True", included(put()), check(CorsCheckError::Credentials(Some("True".to_owned())))),
        ("two lines of credentials: true are not true", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true\naccess-control-allow-credentials: true", included(put()), check(CorsCheckError::Credentials(Some("true, true".to_owned())))),
        ("credentials need the header", "204\naccess-control-allow-origin: https://app.example.com", included(put()), check(CorsCheckError::Credentials(None))),
        ("without credentials, the header may have any value", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: no\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("status 200 is ok", "200\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("status 299 is ok", "299\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("status 300 is not ok", "300\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), BlockedBy(Blocked::PreflightStatus(300))),
        ("status 404 is not ok", "404\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), BlockedBy(Blocked::PreflightStatus(404))),
        ("a redirect of a preflight is not followed", "307\naccess-control-allow-origin: *\nlocation: /", put(), BlockedBy(Blocked::PreflightStatus(307))),
        ("a method must be listed", passing!(""), put(), method("PUT")),
        ("the list of methods is case-sensitive", passing!("\naccess-control-allow-methods: put, Put"), put(), method("PUT")),
        ("a method may be in a longer list", passing!("\naccess-control-allow-methods: GET,\tPUT ,DELETE"), put(), Reads(200)),
        ("a method may be in the second line of the list", passing!("\naccess-control-allow-methods: GET\naccess-control-allow-methods: PUT"), put(), Reads(200)),
        ("elements of a list may be empty", passing!("\naccess-control-allow-methods: , ,PUT,"), put(), Reads(200)),
        ("a list may be empty", passing!("\naccess-control-allow-methods:"), put(), method("PUT")),
        ("a safelisted method need not be listed", passing!("\naccess-control-allow-headers: x-a"), with("x-a"), Reads(200)),
        ("a list of methods has only tokens", passing!("\naccess-control-allow-methods: PUT, G T"), put(), BlockedBy(methods.clone())),
        ("a list of methods has only tokens even if the method is safelisted", passing!("\naccess-control-allow-methods: \"GET\"\naccess-control-allow-headers: x-a"), with("x-a"), BlockedBy(methods)),
        ("* is any method", passing!("\naccess-control-allow-methods: *"), put(), Reads(200)),
        ("* in a longer list is any method", passing!("\naccess-control-allow-methods: GET, *"), put(), Reads(200)),
        ("* is not any method with credentials", passing!("\naccess-control-allow-methods: *"), included(put()), method("PUT")),
        ("* is the method * with credentials", passing!("\naccess-control-allow-methods: *"), included(Fetch::new("*", API)), Reads(200)),
        ("a header must be listed", passing!(""), with("x-a"), header("x-a")),
        ("the list of headers is case-insensitive", passing!("\naccess-control-allow-headers: X-B, X-A"), with("x-a"), Reads(200)),
        ("every header must be listed", passing!("\naccess-control-allow-headers: x-a"), with("x-a").header("x-b", "a"), header("x-b")),
        ("the first missing header in alphabetical order is reported", passing!(""), with("x-b").header("x-a", "a"), header("x-a")),
        ("a list of headers has only tokens", passing!("\naccess-control-allow-headers: x-a, x b"), with("x-a"), BlockedBy(headers.clone())),
        ("a list of headers has only tokens even if no header needs permission", passing!("\naccess-control-allow-methods: PUT\naccess-control-allow-headers: x:b"), put(), BlockedBy(headers)),
        ("* is any header", passing!("\naccess-control-allow-headers: *"), with("x-a"), Reads(200)),
        ("* is not any header with credentials", passing!("\naccess-control-allow-headers: *"), included(with("x-a")), header("x-a")),
        ("* is the header * with credentials", passing!("\naccess-control-allow-headers: *"), included(with("*")), Reads(200)),
        ("* does not cover authorization", passing!("\naccess-control-allow-headers: *"), with("authorization"), header("authorization")),
        ("authorization is allowed if it is listed in addition to *", passing!("\naccess-control-allow-headers: *, AUTHORIZATION"), with("authorization").header("x-a", "b"), Reads(200)),
        ("authorization is reported before other headers", passing!(""), with("a").header("authorization", "b"), header("authorization")),
        ("authorization may be listed with credentials", passing!("\naccess-control-allow-headers: authorization"), included(with("authorization")), Reads(200)),
        ("the use-CORS-preflight flag does not need a listed method", passing!(""), Fetch::post(API).use_cors_preflight(), Reads(200)),
        ("the flag allows its method if no methods are listed", passing!(""), put().use_cors_preflight(), Reads(200)),
        ("the flag does not allow its method if other methods are listed", passing!("\naccess-control-allow-methods: GET"), put().use_cors_preflight(), method("PUT")),
    ]
}

#[test]
fn responses_to_preflights_are_checked() {
    for (name, preflight, fetch, wanted) in rows() {
        let response = fetch_responses(preflight, OK, fetch);
        let got = (outcome(&response), response.preflights());
        assert_eq!(got, (wanted, 1), "{name}: {:#?}", response.exchanges());
        // The actual request is not sent if the preflight fails.
        let exchanges = if response.readable() { 2 } else { 1 };
        assert_eq!(response.exchanges().len(), exchanges, "{name}");
    }
}

/// A step of a test: a request with the number of preflights that it needs, or a time that passes.
enum Step {
    Fetches(Fetch, usize),
    Waits(f64),
}

#[test]
fn preflights_are_cached() {
    use Step::{Fetches, Waits};
    let age = |age| -> TextResponse {
        match age {
            "" => passing!(
                "\naccess-control-allow-methods: PUT, DELETE\naccess-control-allow-headers: x-a, x-b"
            ),
            "0" => passing!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 0"),
            "10" => passing!(
                "\naccess-control-allow-methods: PUT, DELETE\naccess-control-allow-headers: X-A\naccess-control-max-age: 10"
            ),
            "-1" => passing!("\naccess-control-allow-methods: PUT\naccess-control-max-age: -1"),
            "two" => passing!(
                "\naccess-control-allow-methods: PUT\naccess-control-max-age: 60\naccess-control-max-age: 60"
            ),
            "1e4" => passing!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 86400"),
            "huge" => passing!(
                "\naccess-control-allow-methods: PUT\naccess-control-max-age: 99999999999999999999999999"
            ),
            "star" => passing!(
                "\naccess-control-allow-methods: *\naccess-control-allow-headers: *, authorization"
            ),
            "star with" => passing!(
                "\naccess-control-allow-methods: *, PUT\naccess-control-allow-headers: *, x-a"
            ),
            "flag" => passing!(""),
            other => panic!("{other}"),
        }
    };
    let other = || Fetch::put("https://api.example.com/other");
    #[rustfmt::skip]
    let rows = [
        ("for five seconds by default", "", vec![Fetches(put(), 1), Fetches(put(), 0), Waits(4.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("not at all for max-age 0", "0", vec![Fetches(put(), 1), Fetches(put(), 1)]),
        ("for the max-age", "10", vec![Fetches(put(), 1), Waits(9.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("for five seconds if max-age is negative", "-1", vec![Fetches(put(), 1), Waits(4.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("for five seconds if there are two lines of max-age", "two", vec![Fetches(put(), 1), Waits(5.0), Fetches(put(), 1)]),
        ("for two hours at most", "1e4", vec![Fetches(put(), 1), Waits(7199.0), Fetches(put(), 0), Waits(1.0), Fetches(put(), 1)]),
        ("for two hours if max-age does not fit any integer type", "huge", vec![Fetches(put(), 1), Waits(7199.0), Fetches(put(), 0), Waits(1.0), Fetches(put(), 1)]),
        ("for other methods in the list", "", vec![Fetches(put(), 1), Fetches(Fetch::delete(API), 0)]),
        ("not for methods that are not in the list", "0", vec![Fetches(put(), 1), Fetches(Fetch::get(API), 0)]),
        ("for other headers in the list", "", vec![Fetches(with("x-a"), 1), Fetches(with("X-B"), 0), Fetches(put().header("x-a", "b"), 0)]),
        ("with header names in upper or lower case", "10", vec![Fetches(with("x-a"), 1), Fetches(with("x-a"), 0)]),
        ("for one URL only", "", vec![Fetches(put(), 1), Fetches(other(), 1), Fetches(put(), 0), Fetches(other(), 0)]),
        ("for one query only", "", vec![Fetches(put(), 1), Fetches(Fetch::put(format!("{API}?a")), 1)]),
        ("for requests without credentials if the first had credentials", "", vec![Fetches(included(put()), 1), Fetches(put(), 0)]),
        ("not for requests with credentials if the first had none", "", vec![Fetches(put(), 1), Fetches(included(put()), 1), Fetches(included(put()), 0)]),
        ("as any method if * is listed", "star", vec![Fetches(put(), 1), Fetches(Fetch::delete(API), 0)]),
        ("as any header if * is listed", "star", vec![Fetches(put(), 1), Fetches(with("x-z"), 0), Fetches(with("authorization"), 0)]),
        ("not as any method or header with credentials", "star with", vec![Fetches(included(put()), 1), Fetches(included(with("x-a")), 0), Fetches(put(), 0)]),
        ("for the use-CORS-preflight flag", "flag", vec![Fetches(Fetch::post(API).use_cors_preflight(), 1), Fetches(Fetch::post(API).use_cors_preflight(), 0), Fetches(Fetch::post(API), 0)]),
    ];
    for (name, preflight, steps) in rows {
        block_on(async {
            let app = app_with_responses(age(preflight), OK).await;
            let mut browser = Browser::at(PAGE);
            for (index, step) in steps.into_iter().enumerate() {
                match step {
                    Waits(seconds) => browser.advance(Duration::from_secs_f64(seconds)),
                    Fetches(fetch, preflights) => {
                        let response = browser.fetch(&app, fetch).await;
                        let got = (outcome(&response), response.preflights());
                        assert_eq!(got, (Reads(200), preflights), "{name}, step {index}");
                    }
                }
            }
        });
    }
}

#[test]
fn a_wildcard_with_credentials_is_not_a_wildcard_in_the_cache() {
    let preflight =
        passing!("\naccess-control-allow-methods: *, PUT\naccess-control-allow-headers: *");
    block_on(async {
        let app = app_with_responses(preflight, OK).await;
        let mut browser = Browser::at(PAGE);
        assert_eq!(browser.fetch(&app, included(put())).await.preflights(), 1);
        let response = browser.fetch(&app, included(Fetch::delete(API))).await;
        assert_eq!(outcome(&response), method("DELETE"));
    });
}

#[test]
fn a_wildcard_in_the_cache_does_not_cover_authorization() {
    let preflight = passing!("\naccess-control-allow-headers: *");
    block_on(async {
        let app = app_with_responses(preflight, OK).await;
        let mut browser = Browser::at(PAGE);
        assert_eq!(outcome(&browser.fetch(&app, with("x-a")).await), Reads(200));
        let response = browser.fetch(&app, with("authorization")).await;
        assert_eq!(
            (outcome(&response), response.preflights()),
            (header("authorization"), 1)
        );
    });
}

#[test]
fn a_network_error_after_a_preflight_clears_its_cache_entries() {
    let preflight = passing!("\naccess-control-allow-methods: PUT");
    block_on(async {
        let app = app_with_responses(preflight, &[("/", "200")]).await;
        let mut browser = Browser::at(PAGE);
        for _ in 0..2 {
            let response = browser.fetch(&app, put()).await;
            let missing = BlockedBy(Blocked::CorsCheck(CorsCheckError::Missing));
            assert_eq!((outcome(&response), response.preflights()), (missing, 1));
        }
    });
}

#[test]
fn a_test_can_set_the_max_age_limit_and_clear_the_cache() {
    let preflight = passing!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 86400");
    block_on(async {
        let app = app_with_responses(preflight, OK).await;
        let mut browser = Browser::at(PAGE).max_age_limit(Duration::from_secs(86_400));
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 1);
        browser.advance(Duration::from_secs(86_399));
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 0);
        browser.clear_preflight_cache();
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 1);
    });
}
