//! The server behind the caches: an actix-web app in this process that records every request it receives.

use std::{
    collections::HashMap,
    io,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::{Server as Running, ServerHandle, Service as _},
    http::{StatusCode, header},
    middleware::Compress,
    rt, web,
};

use crate::policies::Policy;

/// How long most responses are fresh, in seconds. They do not expire while the checks run.
const LONG: u32 = 600;
/// How long the response [`SHORT`](resource::SHORT) is fresh: long enough for a few requests on a busy machine.
pub const SHORT: Duration = Duration::from_secs(8);
/// How long the response [`SLOW`](resource::SLOW) takes, so that many requests arrive in the meantime.
const SLOW_DELAY: Duration = Duration::from_millis(200);

/// The resources in each directory.
pub mod resource {
    /// A response that stays fresh.
    pub const LONG: &str = "long";
    /// A response that expires soon.
    pub const SHORT: &str = "short";
    /// A response that expires soon and has another `ETag` after each swap of the policy.
    pub const VERSIONED: &str = "versioned";
    /// A response that comes after a delay.
    pub const SLOW: &str = "slow";
    /// A response to which the handler adds `Vary`.
    pub const OWN_VARY: &str = "own-vary";
    /// A response to which the handler adds CORS headers.
    pub const OWN_CORS: &str = "own-cors";
    /// A 404.
    pub const MISSING: &str = "missing";
    /// A 500.
    pub const BROKEN: &str = "broken";
}

/// The `ETag` of every response before the first swap of the policy.
pub const ETAG: &str = "\"0\"";

/// Responses in directories below this path are compressed.
pub const COMPRESSED: &str = "/compressed";
/// A middleware outside of the CORS middleware removes `Vary` from responses in directories below this path.
pub const WITHOUT_VARY: &str = "/without-vary";

/// A request that reached the server.
#[derive(Clone, Copy, Debug)]
pub struct ReceivedRequest {
    /// Whether the response was a 304.
    pub is_not_modified: bool,
}

/// A running server. Each directory has its own policy.
pub struct Server {
    /// The port on loopback on which it listens.
    pub port: u16,
    policies: CorsHandle,
    shared_state: Arc<SharedState>,
    running: ServerHandle,
}

/// The state that the threads of the server share.
#[derive(Default)]
struct SharedState {
    received: Mutex<HashMap<String, Vec<ReceivedRequest>>>,
    swaps: Mutex<HashMap<String, usize>>,
}

impl Server {
    /// Starts a server with these directories and their policies.
    pub fn start(directories: impl Iterator<Item = (String, Policy)>) -> io::Result<Self> {
        let mut cors = Cors::new(CorsPolicy::deny_all());
        for (directory, policy) in directories {
            cors = cors.at(directory, policy.build())?;
        }
        let policies = cors.handle();
        let shared_state = Arc::new(SharedState::default());
        let (port, running) = serve(cors, &shared_state)?;
        let server = Self {
            port,
            policies,
            shared_state,
            running: running.handle(),
        };
        rt::spawn(running);
        Ok(server)
    }

    /// The requests to this directory so far.
    pub fn received(&self, directory: &str) -> Vec<ReceivedRequest> {
        let received = lock(&self.shared_state.received);
        received.get(directory).cloned().unwrap_or_default()
    }

    /// Replaces the policy of a directory.
    pub fn swap(&self, directory: &str, policy: Policy) {
        self.policies
            .replace_at(directory, policy.build())
            .expect("a directory of this server");
        *lock(&self.shared_state.swaps)
            .entry(directory.to_owned())
            .or_default() += 1;
    }

    /// Stops the server without waiting for open connections.
    pub async fn stop(self) {
        self.running.stop(false).await;
    }
}

fn serve(cors: Cors, shared_state: &Arc<SharedState>) -> io::Result<(u16, Running)> {
    let shared_state = Arc::clone(shared_state);
    let server = HttpServer::new(move || {
        let shared_state = Arc::clone(&shared_state);
        App::new()
            .app_data(web::Data::from(Arc::clone(&shared_state)))
            .service(
                web::scope(COMPRESSED)
                    .wrap(Compress::default())
                    .default_service(web::to(respond)),
            )
            .default_service(web::to(respond))
            .wrap(cors.clone())
            .wrap_fn(move |request, next| {
                let directory = directory(request.path()).to_owned();
                let shared_state = Arc::clone(&shared_state);
                let response = next.call(request);
                async move {
                    let mut response = response.await?;
                    if directory.starts_with(WITHOUT_VARY) {
                        response.headers_mut().remove(header::VARY);
                    }
                    let is_not_modified = response.status() == StatusCode::NOT_MODIFIED;
                    lock(&shared_state.received)
                        .entry(directory)
                        .or_default()
                        .push(ReceivedRequest { is_not_modified });
                    Ok(response)
                }
            })
    })
    .workers(2)
    .disable_signals()
    .bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = server.addrs().first().map_or(0, std::net::SocketAddr::port);
    Ok((port, server.run()))
}

async fn respond(request: HttpRequest, shared_state: web::Data<SharedState>) -> HttpResponse {
    let directory = directory(request.path());
    let name = request.path().rsplit('/').next().unwrap_or_default();
    let swaps = lock(&shared_state.swaps)
        .get(directory)
        .copied()
        .unwrap_or(0);
    let etag = match name {
        resource::VERSIONED => format!("\"{swaps}\""),
        _ => ETAG.to_owned(),
    };
    if name == resource::SLOW {
        rt::time::sleep(SLOW_DELAY).await;
    }
    let sent = |name| request.headers().get(name);
    let is_known = sent(header::IF_NONE_MATCH).is_some_and(|known| *known == *etag);
    let mut response = HttpResponse::build(match name {
        resource::MISSING => StatusCode::NOT_FOUND,
        resource::BROKEN => StatusCode::INTERNAL_SERVER_ERROR,
        _ if is_known => StatusCode::NOT_MODIFIED,
        _ => StatusCode::OK,
    });
    let seconds = match name {
        resource::SHORT | resource::VERSIONED => SHORT.as_secs(),
        _ => LONG.into(),
    };
    response.insert_header((header::CACHE_CONTROL, format!("public, max-age={seconds}")));
    response.insert_header((header::ETAG, etag));
    // Without this header, nginx does not answer range requests from a stored response.
    response.insert_header((header::ACCEPT_RANGES, "bytes"));
    // Says for which client the response was made, so that it can be recognized at another client.
    let nobody = header::HeaderValue::from_static("nobody");
    let origin = sent(header::ORIGIN).unwrap_or(&nobody).clone();
    response.insert_header(("x-made-for", origin));
    match name {
        resource::OWN_VARY => {
            response.insert_header((header::VARY, "accept-language"));
        }
        resource::OWN_CORS => {
            response.insert_header(("access-control-allow-origin", "https://c.example"));
            response.insert_header(("access-control-allow-credentials", "true"));
        }
        _ => {}
    }
    if is_known {
        response.finish()
    } else {
        response
            .content_type("text/plain")
            .body("cached ".repeat(300))
    }
}

/// The path without its last segment.
fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
