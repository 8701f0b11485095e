//! The playground's own origin: its page, and what that page alone may ask and change.

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::BlockingError,
    http::{Method, header},
    middleware::{Next, from_fn},
    web,
};
use serde::{Deserialize, Serialize};

use crate::{
    addresses::{Addresses, Caller},
    api::COOKIE,
    exchanges::Exchange,
    pages,
    presets::{self, Preset},
    requests::{REQUESTS, Request},
    state::{InForce, Mistake, State},
};

/// How long a policy's text may be, with its JSON around it.
const LONGEST_BODY: usize = 8 * 1024;

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

pub(crate) fn routes(app: &mut web::ServiceConfig, addresses: Addresses) {
    let frames: Vec<String> = addresses
        .callers()
        .into_iter()
        .map(|caller| caller.page)
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src {}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        frames.join(" ")
    );
    app.route(
        "/",
        web::get().to(move || {
            let page = index(&policy);
            async move { page }
        }),
    )
    .service(
        web::scope("/control")
            .app_data(web::JsonConfig::default().limit(LONGEST_BODY))
            .route("/state", web::get().to(state))
            .route("/policy", web::post().to(apply))
            .route("/exchanges", web::get().to(exchanges))
            // Around the scope: a path may be written in many ways, and the router knows them.
            .wrap(from_fn(is_same_origin)),
    )
    .configure(|app| pages::routes(app, addresses));
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

/// Lets through what is asked of the playground by its own name; anyone who asks for its page by another is shown there.
pub(crate) async fn is_addressed(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let addresses = state.addresses;
    // A name that is made to resolve to this machine shows here.
    if sent(&request, header::HOST) == Some(addresses.playground_host().as_bytes()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let answer = if request.path() == "/" && request.method() == Method::GET {
        HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, addresses.playground()))
            .finish()
    } else {
        refused(addresses)
    };
    Ok(request.into_response(answer).map_into_right_body())
}

/// Lets through what a page of the playground's own origin asks, and what no page does.
async fn is_same_origin(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let addresses = state.addresses;
    // Browsers without `Sec-Fetch-Site` do not let other origins read this, nor send JSON without asking first.
    let site = sent(&request, header::HeaderName::from_static("sec-fetch-site"));
    let origin = sent(&request, header::ORIGIN);
    if site.is_none_or(|site| site == b"same-origin")
        && origin.is_none_or(|origin| origin == addresses.playground().as_bytes())
    {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    Ok(request
        .into_response(refused(addresses))
        .map_into_right_body())
}

fn sent(request: &ServiceRequest, name: header::HeaderName) -> Option<&[u8]> {
    let value = request.headers().get(name);
    value.map(header::HeaderValue::as_bytes)
}

fn refused(addresses: Addresses) -> HttpResponse {
    HttpResponse::Forbidden().body(format!("open {}\n", addresses.playground()))
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
    let addresses = state.addresses;
    answer(&Whole {
        api: addresses.api(),
        callers: addresses.callers(),
        requests: &REQUESTS,
        presets: presets::all(addresses),
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
    // To check a regex may take a while, in which others are served.
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
