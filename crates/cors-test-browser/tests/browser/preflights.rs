//! Rows over answers to preflights, and the cache of them.

use std::time::Duration;

use cors_test_browser::{Blocked, Browser, CorsCheck, Credentials, Fetch};

use crate::support::{
    API, PAGE, Script, Scripts, Verdict,
    Verdict::{By, Reads},
    block_on, fetch_scripted, scripted, verdict,
};

const OK: Scripts = &[(
    "",
    "200\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true",
)];

type Row = (&'static str, Script, Fetch, Verdict);

fn put() -> Fetch {
    Fetch::put(API)
}

fn with(name: &str) -> Fetch {
    Fetch::get(API).header(name, "a")
}

fn included(fetch: Fetch) -> Fetch {
    fetch.credentials(Credentials::Include)
}

fn check(check: CorsCheck) -> Verdict {
    By(Blocked::PreflightCheck(check))
}

fn mismatch(allowed: &str) -> Verdict {
    check(CorsCheck::Mismatch {
        allowed: allowed.to_owned(),
        origin: PAGE.to_owned(),
    })
}

fn method(name: &str) -> Verdict {
    By(Blocked::PreflightMethod(name.to_owned()))
}

fn header(name: &str) -> Verdict {
    By(Blocked::PreflightHeader(name.to_owned()))
}

/// `$more` after what passes the CORS check.
macro_rules! passed {
    ($more:literal) => {
        concat!("204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true", $more)
    };
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let methods = Blocked::PreflightList("Access-Control-Allow-Methods");
    let headers = Blocked::PreflightList("Access-Control-Allow-Headers");
    vec![
        ("a preflight must pass the CORS check", "204\naccess-control-allow-methods: PUT", put(), check(CorsCheck::Missing)),
        ("a star passes it", "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("not with credentials", "204\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT\naccess-control-allow-credentials: true", included(put()), check(CorsCheck::Wildcard)),
        ("another origin does not", "204\naccess-control-allow-origin: https://a.example\naccess-control-allow-methods: PUT", put(), mismatch("https://a.example")),
        ("nor one with a slash", "204\naccess-control-allow-origin: https://app.example.com/", put(), mismatch("https://app.example.com/")),
        ("nor one in upper case", "204\naccess-control-allow-origin: https://APP.example.com", put(), mismatch("https://APP.example.com")),
        ("nor null", "204\naccess-control-allow-origin: null", put(), mismatch("null")),
        ("nor two", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-origin: https://app.example.com", put(), mismatch("https://app.example.com, https://app.example.com")),
        ("nor two stars", "204\naccess-control-allow-origin: *\naccess-control-allow-origin: *", put(), mismatch("*, *")),
        ("nor an empty one", "204\naccess-control-allow-origin:", put(), mismatch("")),
        ("white space around it is no part of it", "204\naccess-control-allow-origin: \t https://app.example.com \t\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("credentials are true by case", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: True", included(put()), check(CorsCheck::Credentials(Some("True".to_owned())))),
        ("credentials are true once", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: true\naccess-control-allow-credentials: true", included(put()), check(CorsCheck::Credentials(Some("true, true".to_owned())))),
        ("credentials must be there", "204\naccess-control-allow-origin: https://app.example.com", included(put()), check(CorsCheck::Credentials(None))),
        ("without them it may say anything", "204\naccess-control-allow-origin: https://app.example.com\naccess-control-allow-credentials: no\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("200 is ok", "200\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("299 is ok", "299\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), Reads(200)),
        ("300 is not", "300\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), By(Blocked::PreflightStatus(300))),
        ("404 is not", "404\naccess-control-allow-origin: *\naccess-control-allow-methods: PUT", put(), By(Blocked::PreflightStatus(404))),
        ("a preflight is not redirected", "307\naccess-control-allow-origin: *\nlocation: /", put(), By(Blocked::PreflightStatus(307))),
        ("a method must be listed", passed!(""), put(), method("PUT")),
        ("a method must be listed by case", passed!("\naccess-control-allow-methods: put, Put"), put(), method("PUT")),
        ("a method may be listed among others", passed!("\naccess-control-allow-methods: GET,\tPUT ,DELETE"), put(), Reads(200)),
        ("a method may be listed in another line", passed!("\naccess-control-allow-methods: GET\naccess-control-allow-methods: PUT"), put(), Reads(200)),
        ("elements may be empty", passed!("\naccess-control-allow-methods: , ,PUT,"), put(), Reads(200)),
        ("a list may be empty", passed!("\naccess-control-allow-methods:"), put(), method("PUT")),
        ("a safelisted method need not be listed", passed!("\naccess-control-allow-headers: x-a"), with("x-a"), Reads(200)),
        ("a list of methods is of tokens", passed!("\naccess-control-allow-methods: PUT, G T"), put(), By(methods.clone())),
        ("also where the method needs none", passed!("\naccess-control-allow-methods: \"GET\"\naccess-control-allow-headers: x-a"), with("x-a"), By(methods)),
        ("a star is any method", passed!("\naccess-control-allow-methods: *"), put(), Reads(200)),
        ("a star among others is any method", passed!("\naccess-control-allow-methods: GET, *"), put(), Reads(200)),
        ("not with credentials (method)", passed!("\naccess-control-allow-methods: *"), included(put()), method("PUT")),
        ("with credentials a star is a method", passed!("\naccess-control-allow-methods: *"), included(Fetch::new("*", API)), Reads(200)),
        ("a header must be listed", passed!(""), with("x-a"), header("x-a")),
        ("a header may be listed in any case", passed!("\naccess-control-allow-headers: X-B, X-A"), with("x-a"), Reads(200)),
        ("every header must be listed", passed!("\naccess-control-allow-headers: x-a"), with("x-a").header("x-b", "a"), header("x-b")),
        ("the first by name is told", passed!(""), with("x-b").header("x-a", "a"), header("x-a")),
        ("a list of headers is of tokens", passed!("\naccess-control-allow-headers: x-a, x b"), with("x-a"), By(headers.clone())),
        ("also where no header is asked for", passed!("\naccess-control-allow-methods: PUT\naccess-control-allow-headers: x:b"), put(), By(headers)),
        ("a star is any header", passed!("\naccess-control-allow-headers: *"), with("x-a"), Reads(200)),
        ("not with credentials (header)", passed!("\naccess-control-allow-headers: *"), included(with("x-a")), header("x-a")),
        ("with credentials a star is a header", passed!("\naccess-control-allow-headers: *"), included(with("*")), Reads(200)),
        ("a star is not authorization", passed!("\naccess-control-allow-headers: *"), with("authorization"), header("authorization")),
        ("authorization together with a star is", passed!("\naccess-control-allow-headers: *, AUTHORIZATION"), with("authorization").header("x-a", "b"), Reads(200)),
        ("authorization is told before others", passed!(""), with("a").header("authorization", "b"), header("authorization")),
        ("authorization with credentials is named", passed!("\naccess-control-allow-headers: authorization"), included(with("authorization")), Reads(200)),
        ("a flag needs no method", passed!(""), Fetch::post(API).use_cors_preflight(), Reads(200)),
        ("not even one that is not safelisted", passed!(""), put().use_cors_preflight(), Reads(200)),
        ("but one that is listed, if any is", passed!("\naccess-control-allow-methods: GET"), put().use_cors_preflight(), method("PUT")),
    ]
}

#[test]
fn preflights_are_checked() {
    for (name, preflight, fetch, wanted) in rows() {
        let fetched = fetch_scripted(preflight, OK, fetch);
        let got = (verdict(&fetched), fetched.preflights());
        assert_eq!(got, (wanted, 1), "{name}: {:#?}", fetched.exchanges());
        // What fails the preflight is never sent.
        let exchanges = if fetched.readable() { 2 } else { 1 };
        assert_eq!(fetched.exchanges().len(), exchanges, "{name}");
    }
}

/// What a page does, or what time does to it, and how many preflights that takes.
enum Does {
    Fetches(Fetch, usize),
    Waits(f64),
}

#[test]
fn preflights_are_remembered() {
    use Does::{Fetches, Waits};
    let age = |age| -> Script {
        match age {
            "" => passed!(
                "\naccess-control-allow-methods: PUT, DELETE\naccess-control-allow-headers: x-a, x-b"
            ),
            "0" => passed!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 0"),
            "10" => passed!(
                "\naccess-control-allow-methods: PUT, DELETE\naccess-control-allow-headers: X-A\naccess-control-max-age: 10"
            ),
            "-1" => passed!("\naccess-control-allow-methods: PUT\naccess-control-max-age: -1"),
            "two" => passed!(
                "\naccess-control-allow-methods: PUT\naccess-control-max-age: 60\naccess-control-max-age: 60"
            ),
            "1e4" => passed!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 86400"),
            "huge" => passed!(
                "\naccess-control-allow-methods: PUT\naccess-control-max-age: 99999999999999999999999999"
            ),
            "star" => passed!(
                "\naccess-control-allow-methods: *\naccess-control-allow-headers: *, authorization"
            ),
            "star with" => passed!(
                "\naccess-control-allow-methods: *, PUT\naccess-control-allow-headers: *, x-a"
            ),
            "flag" => passed!(""),
            other => panic!("{other}"),
        }
    };
    let other = || Fetch::put("https://api.example.com/other");
    #[rustfmt::skip]
    let rows = [
        ("for five seconds", "", vec![Fetches(put(), 1), Fetches(put(), 0), Waits(4.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("not at all for an age of 0", "0", vec![Fetches(put(), 1), Fetches(put(), 1)]),
        ("for the age", "10", vec![Fetches(put(), 1), Waits(9.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("for five seconds if the age is negative", "-1", vec![Fetches(put(), 1), Waits(4.9), Fetches(put(), 0), Waits(0.1), Fetches(put(), 1)]),
        ("for five seconds if there are two ages", "two", vec![Fetches(put(), 1), Waits(5.0), Fetches(put(), 1)]),
        ("for two hours at most", "1e4", vec![Fetches(put(), 1), Waits(7199.0), Fetches(put(), 0), Waits(1.0), Fetches(put(), 1)]),
        ("also if the age is beyond all numbers", "huge", vec![Fetches(put(), 1), Waits(7199.0), Fetches(put(), 0), Waits(1.0), Fetches(put(), 1)]),
        ("with other methods that it listed", "", vec![Fetches(put(), 1), Fetches(Fetch::delete(API), 0)]),
        ("without those that it did not", "0", vec![Fetches(put(), 1), Fetches(Fetch::get(API), 0)]),
        ("with other headers that it listed", "", vec![Fetches(with("x-a"), 1), Fetches(with("X-B"), 0), Fetches(put().header("x-a", "b"), 0)]),
        ("in any case", "10", vec![Fetches(with("x-a"), 1), Fetches(with("x-a"), 0)]),
        ("for one URL", "", vec![Fetches(put(), 1), Fetches(other(), 1), Fetches(put(), 0), Fetches(other(), 0)]),
        ("for one query", "", vec![Fetches(put(), 1), Fetches(Fetch::put(format!("{API}?a")), 1)]),
        ("without credentials if they were there", "", vec![Fetches(included(put()), 1), Fetches(put(), 0)]),
        ("with credentials not if they were not", "", vec![Fetches(put(), 1), Fetches(included(put()), 1), Fetches(included(put()), 0)]),
        ("as any method", "star", vec![Fetches(put(), 1), Fetches(Fetch::delete(API), 0)]),
        ("as any header", "star", vec![Fetches(put(), 1), Fetches(with("x-z"), 0), Fetches(with("authorization"), 0)]),
        ("with credentials not as any", "star with", vec![Fetches(included(put()), 1), Fetches(included(with("x-a")), 0), Fetches(put(), 0)]),
        ("for the flag", "flag", vec![Fetches(Fetch::post(API).use_cors_preflight(), 1), Fetches(Fetch::post(API).use_cors_preflight(), 0), Fetches(Fetch::post(API), 0)]),
    ];
    for (name, preflight, steps) in rows {
        block_on(async {
            let app = scripted(age(preflight), OK).await;
            let mut browser = Browser::at(PAGE);
            for (index, step) in steps.into_iter().enumerate() {
                match step {
                    Waits(seconds) => browser.advance(Duration::from_secs_f64(seconds)),
                    Fetches(fetch, preflights) => {
                        let fetched = browser.fetch(&app, fetch).await;
                        let got = (verdict(&fetched), fetched.preflights());
                        assert_eq!(got, (Reads(200), preflights), "{name}, step {index}");
                    }
                }
            }
        });
    }
}

#[test]
fn a_star_of_a_preflight_with_credentials_is_not_remembered_as_any() {
    let preflight =
        passed!("\naccess-control-allow-methods: *, PUT\naccess-control-allow-headers: *");
    block_on(async {
        let app = scripted(preflight, OK).await;
        let mut browser = Browser::at(PAGE);
        assert_eq!(browser.fetch(&app, included(put())).await.preflights(), 1);
        let fetched = browser.fetch(&app, included(Fetch::delete(API))).await;
        assert_eq!(verdict(&fetched), method("DELETE"));
    });
}

#[test]
fn an_authorization_is_not_any_header_in_the_cache_either() {
    let preflight = passed!("\naccess-control-allow-headers: *");
    block_on(async {
        let app = scripted(preflight, OK).await;
        let mut browser = Browser::at(PAGE);
        assert_eq!(verdict(&browser.fetch(&app, with("x-a")).await), Reads(200));
        let fetched = browser.fetch(&app, with("authorization")).await;
        assert_eq!(
            (verdict(&fetched), fetched.preflights()),
            (header("authorization"), 1)
        );
    });
}

#[test]
fn what_is_blocked_after_a_preflight_is_forgotten() {
    let preflight = passed!("\naccess-control-allow-methods: PUT");
    block_on(async {
        let app = scripted(preflight, &[("/", "200")]).await;
        let mut browser = Browser::at(PAGE);
        for _ in 0..2 {
            let fetched = browser.fetch(&app, put()).await;
            let missing = By(Blocked::Check(CorsCheck::Missing));
            assert_eq!((verdict(&fetched), fetched.preflights()), (missing, 1));
        }
    });
}

#[test]
fn the_limit_of_the_age_and_the_cache_itself_are_the_testers() {
    let preflight = passed!("\naccess-control-allow-methods: PUT\naccess-control-max-age: 86400");
    block_on(async {
        let app = scripted(preflight, OK).await;
        let mut browser = Browser::at(PAGE).max_age_limit(Duration::from_secs(86_400));
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 1);
        browser.advance(Duration::from_secs(86_399));
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 0);
        browser.forget_preflights();
        assert_eq!(browser.fetch(&app, put()).await.preflights(), 1);
    });
}
