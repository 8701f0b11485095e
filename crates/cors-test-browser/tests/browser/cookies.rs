//! Which requests have cookies: the credentials mode decides, and a preflight never has any.

use cors_test_browser::{Browser, Credentials, Fetch, Mode};

use crate::support::{API, PAGE, app_with_policy, block_on, policy};

const SESSION: &str =
    "ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=PUT\nALLOW_CREDENTIALS=true";

#[test]
fn the_credentials_mode_decides_whether_cookies_are_sent() {
    use Credentials::{Include, Omit, SameOrigin};
    let own = "https://app.example.com/items/7";
    let other = "https://api.example.com/items/7";
    for (url, credentials, mode, wanted) in [
        (own, Omit, Mode::Cors, None),
        (own, SameOrigin, Mode::Cors, Some("own=1")),
        (own, Include, Mode::Cors, Some("own=1")),
        (own, SameOrigin, Mode::SameOrigin, Some("own=1")),
        (other, Omit, Mode::Cors, None),
        (other, SameOrigin, Mode::Cors, None),
        (other, Include, Mode::Cors, Some("other=2; more=3")),
        (other, Omit, Mode::NoCors, None),
        (other, SameOrigin, Mode::NoCors, None),
        (other, Include, Mode::NoCors, Some("other=2; more=3")),
        (
            "https://api.example.com:8443/",
            Include,
            Mode::Cors,
            Some("other=2; more=3"),
        ),
        ("https://x.api.example.com/", Include, Mode::Cors, None),
    ] {
        block_on(async {
            let mut browser = Browser::at(PAGE);
            browser.set_cookie(API, "gone=0");
            browser.set_cookie(API, "other=2; more=3");
            browser.set_cookie(PAGE, "own=1");
            let fetch = Fetch::get(url).credentials(credentials).mode(mode);
            let response = browser
                .fetch(&app_with_policy(policy(SESSION)).await, fetch)
                .await;
            let exchange = response.exchanges().first().expect("an exchange");
            assert_eq!(
                exchange.request_header("cookie"),
                wanted,
                "{url} {credentials:?} {mode:?}"
            );
        });
    }
}

#[test]
fn a_preflight_has_no_cookies() {
    block_on(async {
        let mut browser = Browser::at(PAGE);
        browser.set_cookie(API, "a=b");
        let fetch = Fetch::put("https://api.example.com/items/7").credentials(Credentials::Include);
        let response = browser
            .fetch(&app_with_policy(policy(SESSION)).await, fetch)
            .await;
        assert!(response.readable());
        let cookies: Vec<_> = response
            .exchanges()
            .iter()
            .map(|exchange| exchange.request_header("cookie"))
            .collect();
        assert_eq!(cookies, [None, Some("a=b")]);
    });
}

#[test]
fn set_cookie_panics_without_a_host_or_a_valid_value() {
    for (url, cookie) in [
        ("api.example.com", "a=b"),
        ("data:,a", "a=b"),
        (API, "a\nb"),
    ] {
        let set = std::panic::catch_unwind(|| Browser::at(PAGE).set_cookie(url, cookie));
        assert!(set.is_err(), "{url} {cookie}");
    }
}
