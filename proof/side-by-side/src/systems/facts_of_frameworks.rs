//! The facts of the middleware of frameworks.

use crate::{
    facts::Fact,
    matrix::Page::{Allowed, Denied},
    raw::{HANDLER, Head},
};

const TOKEN: &[(&str, &str)] = &[
    ("Cookie", "csrftoken=abcdefghijklmnopqrstuvwxyzabcdef"),
    ("X-CSRFToken", "abcdefghijklmnopqrstuvwxyzabcdef"),
];

pub fn express() -> Vec<Fact> {
    let mut facts = Vec::from(Fact::denied_form_runs("array"));
    facts.extend([
        Fact::get(
            "string",
            "/ok",
            Denied,
            "a denied origin is sent the allowed one",
            |head| head.is_permitted() && head.varies_on_origin(),
        ),
        Fact::get(
            "array",
            "/ok",
            Denied,
            "an array has `Vary` for denied origins",
            |head| !head.is_permitted() && head.varies_on_origin(),
        ),
        Fact::get(
            "function",
            "/ok",
            Denied,
            "a function leaves `Vary` out for denied origins",
            |head| !head.is_permitted() && !head.varies_on_origin(),
        ),
        Fact::get(
            "function-error",
            "/ok",
            Denied,
            "an error of the function is a 500",
            |head| head.status == 500 && !head.is_permitted(),
        ),
        Fact::get(
            "any-credentials",
            "/ok",
            Allowed,
            "`*` together with `true` is sent",
            |head| {
                head.lines("access-control-allow-origin") == ["*"]
                    && head.has("access-control-allow-credentials")
            },
        ),
        Fact::get(
            "late",
            "/private",
            Allowed,
            "a middleware before it answers without headers",
            |head| head.status == 401 && !head.is_permitted(),
        ),
        Fact::preflight(
            "route",
            Allowed,
            "without `app.options`, Express answers the preflight itself",
            |head| head.status == 200 && !head.is_permitted(),
        ),
    ]);
    facts
}

pub fn actix_cors() -> Vec<Fact> {
    let mut facts = Vec::from(Fact::denied_form_runs("origin"));
    facts.extend([
        Fact::get(
            "origin",
            "/ok",
            Denied,
            "a denied origin is sent `Access-Control-Allow-Credentials`",
            |head| !head.is_permitted() && head.has("access-control-allow-credentials"),
        ),
        Fact::get(
            "expose",
            "/ok",
            Denied,
            "a denied origin is sent `Access-Control-Expose-Headers`",
            |head| !head.is_permitted() && head.has("access-control-expose-headers"),
        ),
        Fact::preflight("origin", Denied, "a denied preflight is a 400", |head| {
            head.status == 400
        }),
        Fact::get(
            "origin",
            "/inner",
            Allowed,
            "errors of inner layers have the headers",
            |head| head.status == 500 && head.is_permitted(),
        ),
    ]);
    facts
}

pub fn tower_http() -> Vec<Fact> {
    let mut facts = Vec::from(Fact::denied_form_runs("list"));
    facts.extend([
        Fact::get(
            "exact",
            "/ok",
            Denied,
            "a denied origin is sent the allowed one, and `Access-Control-Allow-Credentials`",
            |head| head.is_permitted() && head.has("access-control-allow-credentials"),
        ),
        Fact::preflight("list", Denied, "a denied preflight is a 200", |head| {
            head.status == 200 && !head.is_permitted()
        }),
    ]);
    facts
}

pub fn django() -> Vec<Fact> {
    let without = |head: &Head| head.status == 401 && !head.is_permitted();
    let mut facts = Vec::from(Fact::denied_form_runs("origins"));
    facts.extend([
        Fact::get(
            "late",
            "/ok",
            Allowed,
            "a 401 of an earlier middleware has none",
            without,
        ),
        Fact::preflight("late", Allowed, "that is so for preflights", without),
        Fact::get(
            "last",
            "/inner",
            Allowed,
            "an error of an earlier middleware has none",
            |head| head.status == 500 && !head.is_permitted(),
        ),
        Fact::get(
            "any_credentials",
            "/ok",
            Denied,
            "any origin with credentials is reflected",
            |head| {
                head.lines("access-control-allow-origin") != ["*"]
                    && head.has("access-control-allow-credentials")
            },
        ),
        Fact::preflight("origins", Denied, "a denied preflight is a 200", |head| {
            head.status == 200 && !head.is_permitted()
        }),
        Fact::get(
            "urls_regex",
            "/moved",
            Denied,
            "what `CORS_URLS_REGEX` leaves out has no `Vary`",
            |head| !head.varies_on_origin(),
        ),
        Fact::post(
            "csrf",
            Allowed,
            TOKEN,
            "with a token, a trusted origin may act",
            |head| head.has(HANDLER),
        ),
        Fact::post(
            "csrf",
            Denied,
            TOKEN,
            "with a token, another origin may not",
            |head| head.status == 403 && !head.has(HANDLER),
        ),
        Fact::post(
            "csrf_untrusted",
            Allowed,
            TOKEN,
            "an origin that CORS allows and `CSRF_TRUSTED_ORIGINS` does not have may not",
            |head| head.status == 403 && head.is_permitted(),
        ),
    ]);
    facts
}
