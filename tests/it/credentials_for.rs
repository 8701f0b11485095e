//! Credentials for some origins, while all others are allowed without.

use std::time::Duration;

use actix_cors_policy::{
    Cause, Cors, CorsPolicy, CorsRequest, Denial, NearMiss, PolicyErrorKind as Kind,
};
use actix_web::{App, HttpResponse, error::ErrorNotFound, test::init_service, web};
use cors_test_browser::{Browser, Credentials, Fetch};

use crate::support::ask_all;

const OWN: &str = "https://www.example.com";

fn policy() -> CorsPolicy {
    CorsPolicy::builder()
        .allow_any_origin()
        .allow_credentials_for([OWN, "https://*.shop.example"])
        .allow_any_method()
        .allow_any_header()
        .expose_any_header()
        .max_age(Duration::from_secs(60))
        .build()
        .expect("it is good")
}

fn summaries(policy: CorsPolicy, requests: &[&str]) -> Vec<String> {
    let (answers, _) = ask_all(policy, requests);
    answers
        .iter()
        .map(crate::support::Answer::summary)
        .collect()
}

#[test]
fn each_origin_is_answered_by_what_it_may_do() {
    let preflight = "access-control-request-method: PUT\naccess-control-request-headers: x-a,x-b";
    let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let of_preflights = [
        (
            OWN,
            format!(
                "204\naccess-control-allow-credentials: true\naccess-control-allow-headers: x-a,x-b\naccess-control-allow-methods: PUT\naccess-control-allow-origin: {OWN}\naccess-control-max-age: 60\n{vary}"
            ),
        ),
        (
            "https://other.example",
            format!(
                "204\naccess-control-allow-headers: *\naccess-control-allow-methods: *\naccess-control-allow-origin: *\naccess-control-max-age: 60\n{vary}"
            ),
        ),
        (
            "null",
            format!(
                "204\naccess-control-allow-headers: *\naccess-control-allow-methods: *\naccess-control-allow-origin: *\naccess-control-max-age: 60\n{vary}"
            ),
        ),
    ];
    for (origin, wanted) in of_preflights {
        let request = format!("OPTIONS /\norigin: {origin}\n{preflight}");
        assert_eq!(summaries(policy(), &[&request]), [wanted], "{origin}");
    }
    let star =
        "200\naccess-control-allow-origin: *\naccess-control-expose-headers: *\nvary: Origin";
    for (headers, wanted) in [
        ("", star.to_owned()),
        ("\norigin: https://other.example", star.to_owned()),
        ("\norigin: https://shop.example", star.to_owned()),
        ("\norigin: https://www.example.com\norigin: https://www.example.com", star.to_owned()),
        (
            "\norigin: https://a.b.shop.example",
            "200\naccess-control-allow-credentials: true\naccess-control-allow-origin: https://a.b.shop.example\naccess-control-expose-headers: vary\nvary: Origin".to_owned(),
        ),
    ] {
        assert_eq!(summaries(policy(), &[&format!("GET /{headers}")]), [wanted], "{headers}");
    }
}

/// With a list, an origin of these entries is allowed too, also if the list does not name it.
#[test]
fn together_with_a_list() {
    let policy = CorsPolicy::builder()
        .allow_origins(["https://partner.example", OWN])
        .allow_credentials_for([OWN, "https://admin.example.com"])
        .build()
        .expect("it is good");
    for (origin, is_allowed, has_credentials) in [
        ("https://partner.example", true, false),
        (OWN, true, true),
        ("https://admin.example.com", true, true),
        ("https://other.example", false, false),
    ] {
        let request = CorsRequest::actual(origin, "GET");
        let explained = policy.explain(&request);
        assert_eq!(explained.is_allowed(), is_allowed, "{origin}");
        assert_eq!(
            policy.explain(&request.credentials()).is_allowed(),
            has_credentials,
            "{origin}"
        );
    }
    let explained = policy.explain(&CorsRequest::actual(OWN, "GET"));
    let by = explained.allowed_by().expect("an entry").to_string();
    assert_eq!(
        by,
        "https://www.example.com (allow_credentials_for, entry 1)"
    );
    let explained =
        policy.explain(&CorsRequest::actual("https://partner.example", "GET").credentials());
    assert_eq!(explained.denial(), Some(Denial::CredentialsNotAllowed));
    let fix = explained.causes().first().and_then(|cause| cause.fix());
    assert_eq!(
        fix,
        Some("if you trust it, add `https://partner.example` to `allow_credentials_for()`")
    );
}

/// What a page gets, errors of inner middleware included, and what an old answer in its cache does.
#[actix_web::test]
async fn pages_get_what_they_may() {
    let app = App::new()
        .route(
            "/",
            web::get().to(|| async { HttpResponse::Ok().insert_header(("x-a", "1")).body("ok") }),
        )
        .route(
            "/fails",
            web::get().to(|| async { Err::<HttpResponse, _>(ErrorNotFound("none")) }),
        )
        .wrap(Cors::new(policy()));
    let app = init_service(app).await;
    for (page, credentials, can_read) in [
        (OWN, Credentials::Include, true),
        (OWN, Credentials::Omit, true),
        ("https://other.example", Credentials::Omit, true),
        ("https://other.example", Credentials::Include, false),
        (
            "https://www.example.com.evil.example",
            Credentials::Include,
            false,
        ),
    ] {
        let mut browser = Browser::at(page);
        for path in ["/", "/fails"] {
            for method in ["GET", "PUT"] {
                let fetch = Fetch::new(method, format!("https://api.example.com{path}"));
                let fetch = fetch.header("x-asked", "1").credentials(credentials);
                let response = browser.fetch(&app, fetch).await;
                assert_eq!(
                    response.blocked_by().is_none(),
                    can_read,
                    "{page} {credentials:?} {path}"
                );
                if can_read && path == "/" && method == "GET" {
                    assert_eq!(response.header("x-a"), Some("1"), "{page}");
                }
            }
        }
    }
}

#[test]
fn what_does_not_go_with_it() {
    let any = || CorsPolicy::builder().allow_any_origin();
    for (builder, kind, wanted) in [
        (
            any().allow_credentials_for(["null"]),
            Kind::CredentialsWithNullOrigin,
            "allow_credentials_for, entry 1: opaque origins",
        ),
        (
            any().allow_credentials_for([OWN, "http://a.example"]),
            Kind::CredentialsWithInsecureOrigin,
            "allow_credentials_for, entry 2: plain http must not",
        ),
        (
            any().allow_credentials_for(["https://*.com"]),
            Kind::PublicSuffix,
            "allow_credentials_for, entry 1: subdomains of a public suffix",
        ),
        (
            any().allow_credentials_for(["*"]),
            Kind::CredentialsWithAnyOrigin,
            "allow_credentials_for, entry 1: any origin must not",
        ),
        (
            any().allow_credentials_for(["https://a.example/"]),
            Kind::Path,
            "allow_credentials_for, entry 1: origin must not have a path: `https://a.example/` (write `https://a.example`)",
        ),
        (
            CorsPolicy::builder()
                .allow_origin(OWN)
                .allow_credentials()
                .allow_credentials_for([OWN]),
            Kind::Conflict,
            "allow_credentials_for, entry 1: credentials for some origins must not be combined with credentials for all",
        ),
        (
            any()
                .danger_omit_vary_for_any_origin()
                .allow_credentials_for([OWN]),
            Kind::Conflict,
            "danger_omit_vary_for_any_origin: `Vary` must not be left out",
        ),
        (
            CorsPolicy::builder()
                .allow_no_origin()
                .allow_credentials_for([OWN]),
            Kind::OriginConflict,
            "allow_no_origin: `none` must not be combined with other origins",
        ),
        (
            CorsPolicy::builder().allow_credentials_for([OWN]),
            Kind::MissingOrigins,
            "build: no setting says which origins are allowed",
        ),
    ] {
        let errors = builder.build().expect_err(wanted);
        let error = errors.as_slice().first().expect("an error");
        assert_eq!(error.kind(), kind, "{errors}");
        assert!(errors.to_string().starts_with(wanted), "{errors}");
        assert_eq!(errors.as_slice().len(), 1, "{errors}");
    }
    for (name, value) in [
        ("CORS_ALLOW_CREDENTIALS_FOR", "none"),
        ("CORS_MAX_AGE", "5"),
    ] {
        let vars = [("CORS_ALLOWED_ORIGINS", "*"), (name, value)];
        let policy = CorsPolicy::from_vars("CORS_", vars).expect("it is good");
        assert!(!policy.to_string().contains("credentials for"));
    }
    // Loopback is fine, and so is what somebody lifted.
    let lifted = any()
        .allow_credentials_for(["http://localhost:*", "http://a.example"])
        .danger_allow_insecure_origins();
    let shown = lifted.build().expect("it is good").to_string();
    assert!(
        shown.contains(
            "credentials for         http://localhost:*\n                        http://a.example"
        ),
        "{shown}"
    );
    // The refusal of what people ask for leads here.
    let errors = any()
        .allow_credentials()
        .build()
        .expect_err("refused")
        .to_string();
    assert!(errors.contains("`allow_credentials_for()`"), "{errors}");
}

/// What a request sends is proposed only if it is an origin, and only what the policy would take.
#[test]
fn only_origins_are_proposed() {
    let listed = |entries: &[&str]| CorsPolicy::builder().allow_origins(entries);
    for (builder, origin, wanted) in [
        (
            listed(&["https://a.example", "http://b.example"]),
            "https://a.example",
            Some("if you trust it, add `https://a.example` to `allow_credentials_for()`"),
        ),
        (
            CorsPolicy::builder().allow_any_origin(),
            "https://*.com",
            Some("list those that may send credentials in `allow_credentials_for()`"),
        ),
        (
            listed(&["https://a.example"]),
            "https://*.evil.example",
            None,
        ),
    ] {
        let policy = builder.build().expect("it is good");
        let explained = policy.explain(&CorsRequest::actual(origin, "GET").credentials());
        let fix = explained.causes().first().and_then(Cause::fix);
        assert_eq!(fix, wanted, "{origin}");
    }
}

/// The nearest entry may be one of those that allow credentials.
#[test]
fn the_nearest_entry_is_found() {
    let policy = CorsPolicy::builder()
        .allow_origin("https://other.example")
        .allow_credentials_for([OWN])
        .build()
        .expect("it is good");
    let explained = policy.explain(&CorsRequest::actual("http://www.example.com", "GET"));
    let near = explained.near_miss().expect("it is near");
    assert_eq!(near.entry(), Some(OWN));
    let location = near.location().expect("it has one").to_string();
    assert_eq!(location, "allow_credentials_for, entry 1");

    let page = CorsRequest::actual("https://www.example.com.", "GET").credentials();
    let explained = self::policy().explain(&page);
    let near = explained.causes().first().and_then(Cause::near_miss);
    assert_eq!(near.and_then(NearMiss::entry), Some(OWN));
}

/// What is said of a wrong entry leads to another entry, and not to a setting of the allowlist.
#[test]
fn wrong_entries_lead_to_right_ones() {
    for (entry, wanted) in [
        (
            "https://a.example,https://b.example",
            "pass each entry separately: `https://a.example`, `https://b.example`",
        ),
        ("\"https://a.example\"", "write `https://a.example`"),
        ("true", "list the origins that may send credentials"),
        ("*", "list the origins that may send credentials"),
        (
            "none",
            "remove it: no other origin than those listed may send credentials",
        ),
        (
            "https://x-*.example.com",
            "list the origins, or all subdomains, as in `https://*.example.com`",
        ),
        (
            "http://a.example/",
            "write `https://a.example`; with credentials, plain http needs `danger_allow_insecure_origins()`",
        ),
    ] {
        let builder = CorsPolicy::builder().allow_any_origin();
        let errors = builder.allow_credentials_for([entry]).build();
        let errors = errors.expect_err(entry);
        assert_eq!(errors.as_slice().len(), 1, "{errors}");
        assert_eq!(errors.as_slice()[0].fix(), wanted, "{errors}");
    }
}
