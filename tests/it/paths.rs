//! One layer with several policies: which one a path is under.

use std::{cell::RefCell, rc::Rc};

use actix_cors_policy::{Cors, CorsPolicy, PolicyErrorKind};
use actix_web::{
    App, Error, HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorBadGateway,
    guard,
    http::Method,
    middleware::{Compat, Condition, Next, NormalizePath, from_fn},
    test::{TestRequest, call_service, init_service},
    web,
};

use crate::support::{Server, policy};

const PREFLIGHT: &str = "access-control-request-method: GET";

/// A route whose macro hides preflights from all that is inside of it.
#[actix_web::get("/admin/macro", wrap = "from_fn(pass)")]
async fn by_macro() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn pass(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    next.call(request).await
}

/// Each area has a good route, one whose layer fails, and nothing else.
fn routes(config: &mut web::ServiceConfig) {
    config.service(by_macro);
    for area in ["", "/admin", "/admin/open", "/public", "/caf\u{e9}"] {
        let fails = |_: ServiceRequest, _: Next<BoxBody>| async {
            Err::<ServiceResponse, _>(ErrorBadGateway("a layer failed"))
        };
        config
            .route(&format!("{area}/ok"), web::get().to(HttpResponse::Ok))
            .service(
                web::resource(format!("{area}/error"))
                    .wrap(from_fn(fails))
                    .to(HttpResponse::Ok),
            )
            .service(
                web::resource(format!("{area}/guarded"))
                    .guard(guard::Post())
                    .to(HttpResponse::Ok),
            );
    }
}

/// The default policy allows one origin; below `/admin`, another; below `/admin/open`, both; below `/public`, any.
fn cors() -> Cors {
    Cors::new(policy("ALLOWED_ORIGINS=https://app.example"))
        .at("/public", policy("ALLOWED_ORIGINS=*"))
        .and_then(|cors| {
            cors.at(
                "/admin",
                policy("ALLOWED_ORIGINS=https://admin.example\nALLOW_CREDENTIALS=1"),
            )
        })
        .and_then(|cors| {
            cors.at(
                "/admin/open",
                policy("ALLOWED_ORIGINS=https://app.example,https://admin.example"),
            )
        })
        .and_then(|cors| cors.at("/caf\u{e9}", CorsPolicy::deny_all()))
        .expect("good prefixes")
}

#[test]
fn the_longest_prefix_wins_for_every_kind_of_request() {
    let server = Server::serve(cors(), routes);
    let app = "https://app.example";
    let admin = "https://admin.example";
    let evil = "https://evil.example";
    let any = [app, admin, evil];
    for (area, allowed) in [
        ("", &[app][..]),
        ("/admin", &[admin]),
        ("/admin/open", &[app, admin]),
        ("/public", &any),
        ("/caf%C3%A9", &[]),
        // What the router treats as the same.
        ("/%61dmin", &[admin]),
        ("/admin/%6Fpen", &[app, admin]),
        ("/caf%c3%a9", &[]),
        // Segments are whole, with case, and not repaired.
        ("/administrators", &[app]),
        ("/admin-x", &[app]),
        ("/admin/opener", &[admin]),
        ("/Admin", &[app]),
        ("//admin", &[app]),
        ("/admin%2Fopen", &[app]),
        ("/x/admin", &[app]),
        ("/admin/../public", &[admin]),
    ] {
        for origin in any {
            let is_allowed = allowed.contains(&origin);
            let acao = match (is_allowed, area) {
                (false, _) => None,
                (true, "/public") => Some("*"),
                (true, _) => Some(origin),
            };
            let has_routes = ![
                "/administrators",
                "/admin-x",
                "/admin/opener",
                "/Admin",
                "//admin",
                "/admin%2Fopen",
                "/x/admin",
                "/admin/../public",
            ]
            .contains(&area);
            for (path, status) in [("/ok", 200), ("/error", 502), ("/nowhere", 404)] {
                let status = if has_routes { status } else { 404 };
                let answer = server.ask(&format!("GET {area}{path}\norigin: {origin}"));
                let name = format!("{area}{path} for {origin}");
                assert_eq!(answer.status, status, "{name}");
                assert_eq!(
                    answer.header("access-control-allow-origin"),
                    acao.as_slice(),
                    "{name}"
                );
                assert_eq!(answer.header("vary"), ["Origin"], "{name}");
                let has_credentials = !answer.header("access-control-allow-credentials").is_empty();
                let wants_credentials = is_allowed && allowed == [admin];
                assert_eq!(has_credentials, wants_credentials, "{name}");
            }
            for path in ["/ok", "/error", "/guarded", "/nowhere"] {
                let answer = server.ask(&format!(
                    "OPTIONS {area}{path}\norigin: {origin}\n{PREFLIGHT}"
                ));
                let name = format!("preflight to {area}{path} for {origin}");
                assert_eq!(answer.status, if is_allowed { 204 } else { 403 }, "{name}");
                assert_eq!(
                    answer.header("access-control-allow-origin"),
                    acao.as_slice(),
                    "{name}"
                );
            }
        }
    }
    // The prefix itself, with and without a query, and what only looks like one.
    for (path, origin, allowed) in [
        ("/admin", admin, true),
        ("/admin?x", admin, true),
        ("/admin/", admin, true),
        ("/?/admin", admin, false),
        ("/admin/macro", admin, true),
        ("/admin/macro", app, false),
    ] {
        let answer = server.ask(&format!("OPTIONS {path}\norigin: {origin}\n{PREFLIGHT}"));
        assert_eq!(
            answer.status,
            if allowed { 204 } else { 403 },
            "{path} for {origin}"
        );
    }
    // No path at all.
    assert_eq!(
        server
            .ask(&format!("OPTIONS *\norigin: {app}\n{PREFLIGHT}"))
            .status,
        204
    );
}

#[test]
fn in_a_scope_prefixes_are_of_the_whole_path() {
    fn routes(config: &mut web::ServiceConfig) {
        let cors = Cors::new(CorsPolicy::deny_all())
            .at("/api/open", policy("ALLOWED_ORIGINS=https://app.example"))
            .and_then(|cors| cors.at("/open", policy("ALLOWED_ORIGINS=*")))
            .expect("good prefixes");
        config.service(
            web::scope("/api")
                .wrap(cors)
                .route("/open/x", web::get().to(HttpResponse::Ok))
                .route("/x", web::get().to(HttpResponse::Ok)),
        );
    }
    // The layer around the app would allow it: the inner one owns the headers.
    let server = Server::serve(Cors::new(policy("ALLOWED_ORIGINS=*")), routes);
    for (path, acao) in [
        ("/api/open/x", Some("https://app.example")),
        ("/api/%6fpen/x", Some("https://app.example")),
        ("/api/open/nowhere", Some("https://app.example")),
        ("/api/x", None),
        ("/nowhere", Some("*")),
    ] {
        let answer = server.ask(&format!("GET {path}\norigin: https://app.example"));
        assert_eq!(
            answer.header("access-control-allow-origin"),
            acao.as_slice(),
            "{path}"
        );
    }
}

#[test]
fn a_slash_covers_every_path() {
    let cors = Cors::new(CorsPolicy::deny_all())
        .at("/", policy("ALLOWED_ORIGINS=*"))
        .and_then(|cors| cors.at("/no", CorsPolicy::deny_all()))
        .expect("good prefixes");
    let server = Server::serve(cors, routes);
    for (path, allowed) in [
        ("/", true),
        ("/ok", true),
        ("//x", true),
        ("/no", false),
        ("/no/x", false),
        ("/nox", true),
    ] {
        let answer = server.ask(&format!("GET {path}\norigin: https://a.example"));
        assert_eq!(
            !answer.header("access-control-allow-origin").is_empty(),
            allowed,
            "{path}"
        );
    }
}

/// The layer compares the path as it is when it comes by. What rewrites paths inside of it shows the router another one.
#[actix_web::test]
async fn middleware_that_rewrites_paths_goes_outside() {
    let cors = || {
        Cors::new(policy("ALLOWED_ORIGINS=https://app.example"))
            .at("/admin", CorsPolicy::deny_all())
            .and_then(|cors| cors.at("/admin/open", policy("ALLOWED_ORIGINS=*")))
            .expect("good prefixes")
    };
    let app = |inside: bool| {
        App::new()
            .route("/admin/secret", web::get().to(HttpResponse::Ok))
            .route("/admin/open/x", web::get().to(HttpResponse::Ok))
            .wrap(Condition::new(inside, NormalizePath::trim()))
            .wrap(cors())
            .wrap(Condition::new(!inside, NormalizePath::trim()))
    };
    let (inside, outside) = (
        init_service(app(true)).await,
        init_service(app(false)).await,
    );
    let own = Some("https://app.example");
    for (path, of_inside, of_outside) in [
        ("/admin/secret", None, None),
        ("/%61dmin/secret", None, None),
        ("/admin/open/x", Some("*"), Some("*")),
        // The laxer default policy answers for what is of the stricter prefix.
        ("//admin/secret", own, None),
        ("///admin//secret", own, None),
        ("//%61dmin/secret/", own, None),
        ("//admin///open/x", own, Some("*")),
        // And the policy of the prefix for what is of one inside of it.
        ("/admin//open/x", None, Some("*")),
        ("/admin//secret", None, None),
    ] {
        for (app, acao) in [(&inside, of_inside), (&outside, of_outside)] {
            let request =
                TestRequest::with_uri(path).insert_header(("origin", "https://app.example"));
            let answer = call_service(app, request.to_request()).await;
            assert_eq!(answer.status(), 200, "{path}: the handler is reached");
            let got = answer.headers().get("access-control-allow-origin");
            let got = got.map(|value| value.to_str().expect("text"));
            assert_eq!(got, acao, "{path}");
        }
    }
}

/// What watches sees a preflight only from outside, and what it sees is complete.
#[actix_web::test]
async fn middleware_that_only_observes_goes_outside() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let watches = |location: &'static str| {
        let seen = Rc::clone(&seen);
        from_fn(move |request: ServiceRequest, next: Next<_>| {
            let seen = Rc::clone(&seen);
            async move {
                let answer: ServiceResponse<BoxBody> = next.call(request).await?;
                let has_acao = answer.headers().contains_key("access-control-allow-origin");
                seen.borrow_mut()
                    .push((location, answer.status().as_u16(), has_acao));
                Ok::<_, Error>(answer)
            }
        })
    };
    let app = App::new()
        .route("/", web::get().to(HttpResponse::Ok))
        .wrap(watches("inside"))
        .wrap(Compat::new(Cors::new(policy("ALLOWED_ORIGINS=*"))))
        .wrap(watches("outside"));
    let app = init_service(app).await;
    let request = || TestRequest::default().insert_header(("origin", "https://a.example"));
    call_service(&app, request().to_request()).await;
    assert_eq!(
        seen.take(),
        [("inside", 200, false), ("outside", 200, true)]
    );
    let preflight = request()
        .method(Method::OPTIONS)
        .insert_header(("access-control-request-method", "GET"));
    call_service(&app, preflight.to_request()).await;
    assert_eq!(seen.take(), [("outside", 204, true)]);
}

#[test]
fn bad_prefixes_are_errors() {
    let rule = |rule: &str, prefix: &str, remedy: &str| {
        format!("at: {rule}: `{}` ({remedy})", prefix.escape_debug())
    };
    let slash = "path prefix must begin with a slash";
    let empty = "path prefix must not have empty segments, nor a slash at its end";
    let dots = "path prefix must not have dot segments";
    let query = "path prefix must not have a query or a fragment";
    let percent = "path prefix must not be percent-encoded";
    let pattern = "path prefix must not be a pattern";
    let white = "path prefix must not have control characters, or white space around it";
    let alone = "write only its path";
    let characters = "write the characters themselves: paths are decoded before they are compared";
    let below = "write the part before it: a prefix covers everything below it";
    let lead = "write the path that they lead to";
    for (prefix, wanted) in [
        (
            "",
            rule(
                "path prefix is empty",
                "",
                "write `/` for every path, or give the policy to Cors::new",
            ),
        ),
        ("admin", rule(slash, "admin", "write `/admin`")),
        ("/admin/", rule(empty, "/admin/", "write `/admin`")),
        ("//admin", rule(empty, "//admin", "write `/admin`")),
        ("/a//b", rule(empty, "/a//b", "write `/a/b`")),
        ("//", rule(empty, "//", "write `/`")),
        ("/a/./b", rule(dots, "/a/./b", lead)),
        ("/..", rule(dots, "/..", lead)),
        ("/a?b", rule(query, "/a?b", "write `/a`")),
        ("/a#b", rule(query, "/a#b", "write `/a`")),
        ("?b", rule(slash, "?b", "write it with a slash before it")),
        ("/%61", rule(percent, "/%61", characters)),
        ("/a/*", rule(pattern, "/a/*", "write `/a`")),
        ("/a/{tail:.*}", rule(pattern, "/a/{tail:.*}", "write `/a`")),
        ("/*", rule(pattern, "/*", "write `/`")),
        ("/a*", rule(pattern, "/a*", below)),
        ("/a/*.js", rule(pattern, "/a/*.js", below)),
        ("/{a}*", rule(pattern, "/{a}*", below)),
        (
            "https://a.example?b=/c",
            rule(
                "path prefix must not be a URL",
                "https://a.example?b=/c",
                alone,
            ),
        ),
        ("/a/{b}/*", rule(pattern, "/a/{b}/*", below)),
        ("/a/{id}", rule(pattern, "/a/{id}", below)),
        (
            "https://a.example/b",
            rule(
                "path prefix must not be a URL",
                "https://a.example/b",
                "write `/b`",
            ),
        ),
        (
            "https://a.example",
            rule("path prefix must not be a URL", "https://a.example", alone),
        ),
        (" admin ", rule(white, " admin ", "write `/admin`")),
        ("admin/", rule(slash, "admin/", "write `/admin`")),
        ("\t", rule(white, "\t", "write it without them")),
        (" /a", rule(white, " /a", "write `/a`")),
        ("/a ", rule(white, "/a ", "write `/a`")),
        ("/a\nb", rule(white, "/a\nb", "write `/ab`")),
        (
            "/twice",
            rule(
                "path prefix is given twice",
                "/twice",
                "give each prefix one policy",
            ),
        ),
    ] {
        let errors = Cors::new(CorsPolicy::deny_all())
            .at("/twice", CorsPolicy::deny_all())
            .and_then(|cors| cors.at(prefix, CorsPolicy::deny_all()))
            .expect_err(prefix);
        assert_eq!(errors.to_string(), wanted);
        let error = errors.as_slice().first().expect("an error");
        assert_eq!(
            (error.kind(), error.value()),
            (PolicyErrorKind::PathPrefix, Some(prefix))
        );
    }
    for prefix in [
        "/",
        "/a",
        "/a/b",
        "/a b",
        "/.well-known",
        "/a.b/..c",
        "/~x",
        "/a+b",
        "/\u{e9}",
        "/a:b@c",
    ] {
        Cors::new(CorsPolicy::deny_all())
            .at(prefix, CorsPolicy::deny_all())
            .expect(prefix);
    }
}

/// What a handle could not reach is not added silently, and a clone is a layer of its own.
#[test]
fn prefixes_come_before_the_handle() {
    let cors = Cors::new(CorsPolicy::deny_all());
    let clone = cors
        .clone()
        .at("/a", CorsPolicy::deny_all())
        .expect("a good prefix");
    assert!(
        cors.handle().policy_at("/a").is_none(),
        "the one cloned from is unchanged"
    );
    assert!(clone.handle().policy_at("/a").is_some());
    let errors = cors
        .at("/b", CorsPolicy::deny_all())
        .expect_err("there is a handle");
    assert_eq!(
        errors.to_string(),
        "at: path prefix must be given before the handle is made: `/b` (call handle() last)"
    );
}
