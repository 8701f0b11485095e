//! The facts of nginx and Apache.

use crate::{
    facts::Fact,
    matrix::Page::{Allowed, Denied},
    raw::Head,
};

pub fn nginx() -> Vec<Fact> {
    let without = |head: &Head| head.status >= 400 && !head.is_permitted();
    let mut facts = Vec::from(Fact::denied_form_runs("map-vary"));
    facts.extend([
        Fact::get(
            "set",
            "/missing",
            Allowed,
            "without `always`, a 404 of the API loses the headers",
            without,
        ),
        Fact::get(
            "set",
            "/broken",
            Allowed,
            "a 500 of the API loses them",
            without,
        ),
        Fact::get(
            "set",
            "/private",
            Allowed,
            "a 401 of the API loses them",
            without,
        ),
        Fact::get(
            "set",
            "/inner",
            Allowed,
            "an error of nginx itself loses them",
            without,
        ),
        Fact::get(
            "always",
            "/inner",
            Allowed,
            "with `always`, it has them",
            |head| head.status == 502 && head.is_permitted(),
        ),
        Fact::get(
            "nested",
            "/ok",
            Allowed,
            "another `add_header` in the `location` removes them",
            |head| head.status == 200 && !head.is_permitted(),
        ),
        Fact::preflight(
            "files",
            Allowed,
            "over files, a preflight is a 405",
            |head| head.status == 405 && !head.is_permitted(),
        ),
        Fact::get(
            "own",
            "/ok",
            Allowed,
            "next to an API that sets one, there are two",
            |head| head.lines("access-control-allow-origin").len() == 2,
        ),
        Fact::get("map", "/ok", Denied, "`map` alone sets no `Vary`", |head| {
            !head.is_permitted() && !head.varies_on_origin()
        }),
    ]);
    facts
}

pub fn apache() -> Vec<Fact> {
    let with = |head: &Head| head.status >= 400 && head.is_permitted();
    let without = |head: &Head| head.status >= 400 && !head.is_permitted();
    let mut facts = Vec::from(Fact::denied_form_runs("setenvif"));
    facts.extend([
        Fact::get(
            "set",
            "/missing",
            Allowed,
            "without `always`, a 404 of the API keeps the headers",
            with,
        ),
        Fact::get(
            "set",
            "/broken",
            Allowed,
            "a 500 of the API keeps them",
            with,
        ),
        Fact::get(
            "set",
            "/private",
            Allowed,
            "a 401 of the API keeps them",
            with,
        ),
        Fact::get(
            "set",
            "/inner",
            Allowed,
            "an error of Apache itself loses them",
            without,
        ),
        Fact::get(
            "always",
            "/inner",
            Allowed,
            "with `always`, it has them",
            with,
        ),
        Fact::preflight(
            "rewrite-set",
            Allowed,
            "without `always`, `R=204` answers a preflight without them",
            |head| head.status == 204 && !head.is_permitted(),
        ),
        Fact::preflight(
            "htaccess",
            Allowed,
            "over files, a preflight is a 200 with them",
            |head| head.status == 200 && head.is_permitted(),
        ),
        Fact::get(
            "htaccess",
            "/missing",
            Allowed,
            "over files, a 404 has none",
            without,
        ),
        Fact::get(
            "own-always",
            "/ok",
            Allowed,
            "`always` next to an API that sets one makes two",
            |head| head.lines("access-control-allow-origin").len() == 2,
        ),
        Fact::get(
            "own-set",
            "/ok",
            Allowed,
            "without `always` it makes one",
            |head| head.lines("access-control-allow-origin").len() == 1,
        ),
        Fact::get(
            "no-module",
            "/ok",
            Allowed,
            "without `mod_headers`, `.htaccess` is a 500",
            |head| head.status == 500,
        ),
        Fact::get(
            "no-module-ifmodule",
            "/ok",
            Allowed,
            "with `<IfModule>`, there are no headers",
            |head| head.status == 200 && !head.is_permitted(),
        ),
    ]);
    facts
}
