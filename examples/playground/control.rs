//! The origin of the playground: its page, and the control API, which only this page may use.

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
    api::COOKIE,
    console::{self, Sentences},
    exchanges::Exchange,
    frames,
    origins::{Caller, Origins},
    policy_text::TextError,
    presets::{self, Preset},
    requests::{REQUESTS, Request},
    state::{CurrentPolicy, State},
};

/// The maximum size of a request body: the text of a policy in JSON.
const MAX_BODY_SIZE: usize = 8 * 1024;

/// The files of the page: path, content type and content.
const FILES: [(&str, &str, &str); 8] = [
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
    ("/share.js", SCRIPT, include_str!("page/share.js")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(crate) fn routes(app: &mut web::ServiceConfig, origins: Origins) {
    let frames: Vec<String> = origins
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
            .app_data(web::JsonConfig::default().limit(MAX_BODY_SIZE))
            .route("/state", web::get().to(state))
            .route("/policy", web::post().to(apply))
            .route("/cell", web::get().to(cell))
            // This wraps the scope, because the router knows all the ways to write its path.
            .wrap(from_fn(require_same_origin)),
    )
    .configure(|app| frames::routes(app, origins));
    for (path, content_type, text) in FILES {
        app.route(
            path,
            web::get().to(move || frames::file(content_type, text)),
        );
    }
}

fn index(policy: &str) -> HttpResponse {
    // Because of `SameSite=Lax`, only pages at `localhost` send this cookie to the API. It is not a secret.
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

/// Refuses requests whose `Host` is not the playground's. A request for the page is redirected to the right host.
pub(crate) async fn require_playground_host(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let origins = state.origins;
    // This stops DNS rebinding: another name that resolves to this machine has another `Host`.
    if header_value(&request, header::HOST) == Some(origins.playground_host().as_bytes()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let response = if request.path() == "/" && request.method() == Method::GET {
        HttpResponse::TemporaryRedirect()
            .insert_header((header::LOCATION, origins.playground()))
            .finish()
    } else {
        refused(origins)
    };
    Ok(request.into_response(response).map_into_right_body())
}

/// Refuses requests of pages of other origins. Requests that do not come from a page are accepted.
async fn require_same_origin(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let origins = state.origins;
    // A browser without `Sec-Fetch-Site` protects this too: pages of other origins cannot read the response, and cannot
    // send JSON without a preflight.
    let site = header_value(&request, header::HeaderName::from_static("sec-fetch-site"));
    let origin = header_value(&request, header::ORIGIN);
    if site.is_none_or(|site| site == b"same-origin")
        && origin.is_none_or(|origin| origin == origins.playground().as_bytes())
    {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    Ok(request
        .into_response(refused(origins))
        .map_into_right_body())
}

fn header_value(request: &ServiceRequest, name: header::HeaderName) -> Option<&[u8]> {
    let value = request.headers().get(name);
    value.map(header::HeaderValue::as_bytes)
}

fn refused(origins: Origins) -> HttpResponse {
    HttpResponse::Forbidden().body(format!("open {}\n", origins.playground()))
}

/// The data that the page shows.
#[derive(Serialize)]
struct PageData {
    api: String,
    callers: [Caller; 6],
    requests: &'static [Request],
    presets: [Preset; 7],
    current: CurrentPolicy,
}

async fn state(state: web::Data<State>) -> HttpResponse {
    let origins = state.origins;
    json_response(&PageData {
        api: origins.api(),
        callers: origins.callers(),
        requests: &REQUESTS,
        presets: presets::all(origins),
        current: state.current(),
    })
}

#[derive(Deserialize)]
struct Change {
    text: String,
}

#[derive(Serialize)]
struct ChangeResult {
    current: CurrentPolicy,
    errors: Vec<TextError>,
}

async fn apply(
    state: web::Data<State>,
    change: web::Json<Change>,
) -> Result<HttpResponse, BlockingError> {
    // Checking a regex can take a while. Other requests are served in the meantime.
    let apply = move || state.apply(change.into_inner().text);
    let (current, errors) = web::block(apply).await?;
    Ok(json_response(&ChangeResult { current, errors }))
}

/// A cell of the matrix, and the query of its last request.
#[derive(Deserialize)]
struct Cell {
    column: usize,
    row: usize,
    n: String,
}

#[derive(Serialize)]
struct CellData {
    exchanges: Vec<Exchange>,
    /// `None` if the policy allows the request.
    console: Option<Sentences>,
}

async fn cell(state: web::Data<State>, cell: web::Query<Cell>) -> HttpResponse {
    let callers = state.origins.callers();
    let console = match (callers.get(cell.column), REQUESTS.get(cell.row)) {
        (Some(caller), Some(request)) => console::sentences(&state, caller, request).await,
        _ => None,
    };
    json_response(&CellData {
        exchanges: state.exchanges.of(&cell.n),
        console,
    })
}

fn json_response(value: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(value)
}
