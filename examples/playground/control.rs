//! The playground's own origin: its page, and what that page alone may ask and change.

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::BlockingError,
    http::{Method, header},
    middleware::Next,
    web,
};
use serde::{Deserialize, Serialize};

use crate::{
    api::COOKIE,
    exchanges::Exchange,
    pages,
    places::{Caller, Places},
    presets::{self, Preset},
    requests::{REQUESTS, Request},
    state::{InForce, Mistake, State},
};

/// How long a policy's text may be, with its JSON around it.
const LONGEST_BODY: usize = 16 * 1024;

/// Path, content type and text.
const FILES: [(&str, &str, &str); 7] = [
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    ("/icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/details.js", SCRIPT, include_str!("page/details.js")),
    ("/editor.js", SCRIPT, include_str!("page/editor.js")),
    ("/frames.js", SCRIPT, include_str!("page/frames.js")),
    ("/matrix.js", SCRIPT, include_str!("page/matrix.js")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(crate) fn routes(app: &mut web::ServiceConfig, places: Places) {
    let frames: Vec<String> = places
        .callers()
        .into_iter()
        .map(|caller| caller.page)
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src {}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        frames.join(" ")
    );
    app.app_data(web::JsonConfig::default().limit(LONGEST_BODY))
        .route(
            "/",
            web::get().to(move || {
                let page = index(&policy);
                async move { page }
            }),
        )
        .route("/control/state", web::get().to(state))
        .route("/control/policy", web::post().to(apply))
        .route("/control/exchanges", web::get().to(exchanges))
        .configure(|app| pages::routes(app, places));
    for (path, content_type, text) in FILES {
        app.route(path, web::get().to(move || pages::file(content_type, text)));
    }
}

fn index(policy: &str) -> HttpResponse {
    // Sent to the API by pages at `localhost` alone, as `SameSite=Lax` has it. It is no secret.
    let cookie = format!("{COOKIE}=demonstration; Path=/; HttpOnly; SameSite=Lax");
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::SET_COOKIE, cookie))
        .body(include_str!("page/index.html"))
}

/// Lets through what a page of the playground's own origin asks, and whoever opens that page.
pub(crate) async fn guard(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let places = state.places;
    let header = |name| {
        request
            .headers()
            .get(name)
            .map(header::HeaderValue::as_bytes)
    };
    // A name that is made to resolve to this machine shows here.
    let is_addressed = header("host") == Some(places.playground_host().as_bytes());
    let is_control = request.path().starts_with("/control/");
    // Browsers without `Sec-Fetch-Site` do not let other origins read this, nor send JSON without asking first.
    let is_same_origin = header("sec-fetch-site").is_none_or(|site| site == b"same-origin")
        && header("origin").is_none_or(|origin| origin == places.playground().as_bytes());
    if !is_addressed && request.path() == "/" && request.method() == Method::GET {
        let here = HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, places.playground()))
            .finish();
        return Ok(request.into_response(here).map_into_right_body());
    }
    if !is_addressed || (is_control && !is_same_origin) {
        let refused = HttpResponse::Forbidden().body(format!("open {}\n", places.playground()));
        return Ok(request.into_response(refused).map_into_right_body());
    }
    let response = next.call(request).await?;
    Ok(response.map_into_left_body())
}

/// All that the page is made of.
#[derive(Serialize)]
struct Whole {
    api: String,
    callers: [Caller; 6],
    requests: &'static [Request],
    presets: [Preset; 7],
    in_force: InForce,
}

async fn state(state: web::Data<State>) -> HttpResponse {
    let places = state.places;
    answer(&Whole {
        api: places.api(),
        callers: places.callers(),
        requests: &REQUESTS,
        presets: presets::all(places),
        in_force: state.in_force(),
    })
}

#[derive(Deserialize)]
struct Change {
    text: String,
}

#[derive(Serialize)]
struct Changed {
    in_force: InForce,
    mistakes: Vec<Mistake>,
}

async fn apply(
    state: web::Data<State>,
    change: web::Json<Change>,
) -> Result<HttpResponse, BlockingError> {
    // To judge a regex may take a while, in which others are served.
    let apply = move || state.apply(change.into_inner().text);
    let (in_force, mistakes) = web::block(apply).await?;
    Ok(answer(&Changed { in_force, mistakes }))
}

#[derive(Deserialize)]
struct Key {
    n: String,
}

async fn exchanges(state: web::Data<State>, key: web::Query<Key>) -> HttpResponse {
    let found: Vec<Exchange> = state.exchanges.of(&key.n);
    answer(&found)
}

fn answer(value: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(value)
}
