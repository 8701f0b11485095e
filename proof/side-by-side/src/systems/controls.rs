//! Servers that no one should have: without CORS headers, and one that permits everything. They differ from any policy where
//! they should, or else a run fails, so a difference is not overlooked.

use actix_web::{
    HttpResponse,
    dev::Service as _,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    web,
};
use futures_util::future::Either;

use crate::{
    api,
    matrix::{ANY, Page, Probe},
    row::{Ours, Reason, Row, Section, ours},
    systems::{
        reasons,
        system::{Running, System},
    },
};

pub const CONTROLS: System = System {
    name: "controls",
    title: "Controls",
    defaults: None,
    common: Vec::new,
    rows,
    options: || Ok(Vec::new()),
    facts: Vec::new,
    start,
};

const OURS: Ours = ours!(|cors| cors
    .allow_origin("https://your-allowed-origin.com")
    .allow_methods(["PUT", "DELETE"])
    .allow_headers(["content-type", "x-custom", "authorization"])
    .allow_credentials());

fn start(_: u16, rows: &[Row]) -> Result<Running, String> {
    let port = api::serve(|config| {
        let reflecting = web::scope("/reflecting").configure(api::routes);
        let reflecting = reflecting.wrap_fn(|request, next| {
            let permission = permission(request.headers());
            if request.method() == "OPTIONS" {
                let mut response = HttpResponse::NoContent().finish();
                permit(&permission, response.headers_mut());
                return Either::Left(async { Ok(request.into_response(response)) });
            }
            let response = next.call(request);
            Either::Right(async move {
                match response.await {
                    Ok(mut response) => {
                        permit(&permission, response.headers_mut());
                        Ok(response)
                    }
                    Err(mut error) => {
                        error.add_response_mapper(move |mut response| {
                            permit(&permission, response.headers_mut());
                            response
                        });
                        Err(error)
                    }
                }
            })
        });
        config
            .service(web::scope("/none").configure(api::routes))
            .service(reflecting);
    })?;
    Ok(Running::below(port, rows))
}

type Permission = Vec<(HeaderName, HeaderValue)>;

/// Everything that the request asks for.
fn permission(request: &HeaderMap) -> Permission {
    let credentials = HeaderValue::from_static("true");
    let mut permission = vec![(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials)];
    for (asked, permitted) in [
        (header::ORIGIN, header::ACCESS_CONTROL_ALLOW_ORIGIN),
        (
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_ALLOW_METHODS,
        ),
        (
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
        ),
    ] {
        let value = request.get(asked);
        permission.extend(value.map(|value| (permitted, value.clone())));
    }
    permission
}

fn permit(permission: &Permission, headers: &mut HeaderMap) {
    for (name, value) in permission {
        headers.insert(name.clone(), value.clone());
    }
}

fn rows() -> Vec<Row> {
    vec![
        Row::new("none", "(no CORS headers)", OURS).differs_in_all(
            &[Page::Allowed],
            &ANY,
            Reason::Wrong(Section::CorsCheck, "there is no permission"),
        ),
        Row::new(
            "reflecting",
            "(permits everything, with credentials and without Vary)",
            OURS,
        )
        .differs_in_all(
            &reasons::STRANGERS,
            &ANY,
            reasons::ANY_ORIGIN_WITH_CREDENTIALS,
        )
        .differs_in_all(
            &[Page::Allowed, Page::Subdomain, Page::Denied, Page::Null],
            &[Probe::SharedCache],
            reasons::NO_VARY,
        )
        .differs_in_all(
            &Page::ALL,
            &[Probe::PlainOptions],
            reasons::OPTIONS_IS_NO_PREFLIGHT,
        ),
    ]
}
