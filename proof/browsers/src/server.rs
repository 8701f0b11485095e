//! The server: an API below the path of each policy, and the pages that call it, over HTTP/1.1, and over HTTP/2 with TLS.

use std::{
    collections::HashMap,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_cors_policy::Cors;
use actix_web::{
    App, Error, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    error::{ErrorInternalServerError, ErrorNotFound, ErrorUnauthorized},
    http::{StatusCode, header},
    middleware::from_fn,
    rt, web,
};
use rustls::ServerConfig;
use serde::Deserialize;

use crate::{
    log::{self, Log},
    origins::{API_HOST, Ports},
    policies,
};

/// The responses of a server without this crate.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    pub preflight: Option<RawResponse>,
    pub response: RawResponse,
}

/// A status and lines of headers.
#[derive(Clone, Debug, Default)]
pub struct RawResponse {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
}

/// The raw responses by the number of their case.
pub type Raws = HashMap<usize, Raw>;

/// The sockets. They are bound first, because policies and cases need the ports.
pub struct Sockets {
    plain: TcpListener,
    other: TcpListener,
    tls: TcpListener,
}

impl Sockets {
    pub fn bind() -> io::Result<Self> {
        let bind = || TcpListener::bind(("127.0.0.1", 0));
        Ok(Self {
            plain: bind()?,
            other: bind()?,
            tls: bind()?,
        })
    }

    pub fn ports(&self) -> io::Result<Ports> {
        let port = |socket: &TcpListener| socket.local_addr().map(|address| address.port());
        Ok(Ports {
            plain: port(&self.plain)?,
            other: port(&self.other)?,
            tls: port(&self.tls)?,
            example: 0,
        })
    }

    /// Starts the server. The handle stops it.
    pub fn serve(self, raws: Raws, log: &Arc<Log>) -> io::Result<ServerHandle> {
        let cors = policies::cors(self.ports()?)?;
        let raws = web::Data::new(raws);
        let log = web::Data::from(Arc::clone(log));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(raws.clone())
                .app_data(log.clone())
                .configure(pages)
                .service(web::scope("").wrap(Cors::clone(&cors)).configure(api))
                .wrap(from_fn(log::record))
        })
        .workers(1)
        .listen(self.plain)?
        .listen(self.other)?
        .listen_rustls_0_23(self.tls, certificate()?)?
        .disable_signals()
        .shutdown_timeout(1)
        .run();
        let handle = server.handle();
        rt::spawn(server);
        Ok(handle)
    }
}

/// A self-signed certificate, which the browsers are configured to accept.
fn certificate() -> io::Result<ServerConfig> {
    let made =
        rcgen::generate_simple_self_signed([API_HOST.to_owned()]).map_err(io::Error::other)?;
    let key = made.signing_key.serialize_der();
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            key.try_into().map_err(io::Error::other)?,
        )
        .map_err(io::Error::other)
}

/// The routes without the CORS middleware.
fn pages(config: &mut web::ServiceConfig) {
    let page = || async { file("text/html", include_str!("site/page.html")) };
    let frame = || async { file("text/html", include_str!("site/frame.html")) };
    let script = || async { file("text/javascript", include_str!("site/page.js")) };
    config
        .route("/", web::get().to(page))
        .route("/frame", web::get().to(frame))
        .route("/page.js", web::get().to(script))
        .route("/cookie", web::get().to(cookie))
        .route("/raw", web::to(raw));
}

fn api(config: &mut web::ServiceConfig) {
    let module = || async { file("text/javascript", "0;") };
    let events = || async { file("text/event-stream", "data: hello\n\n") };
    let font = || async { file("font/ttf", include_bytes!("site/square.ttf").as_slice()) };
    let image = || async { file("image/png", include_bytes!("site/dot.png").as_slice()) };
    config
        .route("/{policy:.+}/items", web::to(items))
        .route("/{policy:.+}/status/{status}", web::to(status))
        .route("/{policy:.+}/redirect", web::to(redirect))
        .route("/{policy:.+}/script.js", web::get().to(module))
        .route("/{policy:.+}/events", web::get().to(events))
        .route("/{policy:.+}/square.ttf", web::get().to(font))
        .route("/{policy:.+}/dot.png", web::get().to(image))
        .route("/{policy:.+}/socket", web::get().to(socket));
}

fn file(content_type: &str, content: impl Into<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .body(content.into())
}

/// Sets a cookie for the host of the API that is sent from pages of other sites too.
async fn cookie() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((
            header::SET_COOKIE,
            "session=7; Path=/; Secure; HttpOnly; SameSite=None",
        ))
        .finish()
}

/// A response with one header that policies expose and one that they do not.
async fn items(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("x-request-id", "7"))
        .insert_header(("x-hidden", "8"))
        .content_type("text/plain")
        .body(request.method().to_string())
}

/// An error of a handler, which actix-web turns into a response.
async fn status(status: web::Path<(String, u16)>) -> Result<HttpResponse, Error> {
    match status.1 {
        401 => Err(ErrorUnauthorized("who are you?")),
        404 => Err(ErrorNotFound("there is none")),
        500 => Err(ErrorInternalServerError("the handler failed")),
        other => Ok(
            HttpResponse::build(StatusCode::from_u16(other).map_err(ErrorNotFound)?)
                .insert_header(("x-request-id", "7"))
                .finish(),
        ),
    }
}

#[derive(Deserialize)]
struct Redirect {
    status: u16,
    to: String,
    case: usize,
}

/// Redirects to a URL, to which it adds the number of the case.
async fn redirect(query: web::Query<Redirect>) -> Result<HttpResponse, Error> {
    let Redirect { status, to, case } = query.into_inner();
    let status = StatusCode::from_u16(status).map_err(ErrorNotFound)?;
    let and = if to.contains('?') { '&' } else { '?' };
    Ok(HttpResponse::build(status)
        .insert_header((header::LOCATION, format!("{to}{and}case={case}")))
        .finish())
}

async fn raw(request: HttpRequest, raws: web::Data<Raws>) -> Result<HttpResponse, Error> {
    let raw = log::case_of(request.query_string()).and_then(|case| raws.get(&case));
    let raw = raw.ok_or_else(|| ErrorNotFound("no such case"))?;
    let is_preflight = request
        .headers()
        .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let raw_response = match &raw.preflight {
        Some(preflight) if is_preflight => preflight,
        _ => &raw.response,
    };
    let status = StatusCode::from_u16(raw_response.status).map_err(ErrorNotFound)?;
    let mut response = HttpResponse::build(status);
    for (name, value) in &raw_response.headers {
        response.append_header((*name, value.as_str()));
    }
    // HTTP/2 does not permit a body here, and WebKitGTK is strict about it.
    if status == StatusCode::NOT_MODIFIED {
        return Ok(response.finish());
    }
    Ok(response.content_type("text/plain").body("raw"))
}

/// Sends a message and closes the WebSocket.
async fn socket(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    let (response, mut session, _) = actix_ws::handle(&request, body)?;
    rt::spawn(async move {
        if session.text("hello").await.is_ok() {
            rt::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        session.close(None).await
    });
    Ok(response)
}

/// The address at which the simulated browser, which does not support TLS, finds the server.
pub fn without_tls(ports: Ports) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], ports.plain))
}
