//! The API behind each middleware of this process, and behind the proxies. Those in other languages have the same paths.

use std::{io, net::Ipv4Addr};

use actix_web::{
    App, Error, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::{Method, header},
    middleware::{Next, from_fn},
    rt, web,
};

use crate::raw::HANDLER;

/// The paths that [`Probe::path`](crate::matrix::Probe::path) names.
pub fn routes(config: &mut web::ServiceConfig) {
    let ok = web::resource("/ok")
        .route(web::get().to(ran))
        .route(web::put().to(ran))
        .route(web::post().to(ran))
        .route(web::delete().to(ran));
    let inner = web::resource("/inner").get(ran).wrap(from_fn(fail));
    config
        .service(ok)
        .service(inner)
        .route("/options", web::method(Method::OPTIONS).to(ran))
        .route("/broken", web::get().to(broken))
        .route("/private", web::get().to(HttpResponse::Unauthorized))
        .route("/moved", web::get().to(moved));
}

/// Serves this on a free port of loopback until the program ends.
pub fn serve(
    configure: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> Result<u16, String> {
    let server = HttpServer::new(move || App::new().configure(configure.clone()))
        .workers(1)
        .disable_signals();
    let bound = server.bind((Ipv4Addr::LOCALHOST, 0));
    let server = bound.map_err(|error: io::Error| error.to_string())?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    rt::spawn(server.run());
    Ok(address.port())
}

async fn ran() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((HANDLER, "ran"))
        .insert_header(("x-request-id", "7"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=600"))
        .body("ok")
}

async fn broken() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("broken"))
}

async fn moved() -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, "ok"))
        .finish()
}

/// A layer whose own error reaches the layers around it as an error, and not as a response.
async fn fail(_: ServiceRequest, _: Next<impl MessageBody>) -> Result<ServiceResponse, Error> {
    Err(ErrorInternalServerError("inner"))
}
