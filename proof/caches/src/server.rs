//! The server behind the caches: an actix app in this process, which notes down every request that reaches it.

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

/// How long an answer is fresh, in seconds, so that nothing expires while a check runs.
const LONG: u32 = 600;
/// How long the answer [`SHORT`](resource::SHORT) is fresh: long enough for a few requests on a busy machine.
pub const SHORT: Duration = Duration::from_secs(8);
/// How long the answer [`SLOW`](resource::SLOW) takes, in which many requests arrive.
const SLOWNESS: Duration = Duration::from_millis(200);

/// What there is in each directory.
pub mod resource {
    /// An answer that stays fresh.
    pub const LONG: &str = "long";
    /// One that is soon to be revalidated.
    pub const SHORT: &str = "short";
    /// One that is soon to be revalidated, and whose `ETag` is another after a swap of the policy.
    pub const VERSIONED: &str = "versioned";
    /// One that takes its time.
    pub const SLOW: &str = "slow";
    /// One that has a `Vary` of its own.
    pub const OWN_VARY: &str = "own-vary";
    /// One that has CORS headers of its own.
    pub const OWN_CORS: &str = "own-cors";
    /// A 404.
    pub const MISSING: &str = "missing";
    /// A 500.
    pub const BROKEN: &str = "broken";
}

/// The `ETag` of every answer before the policy is swapped.
pub const ETAG: &str = "\"0\"";

/// Below this, answers are compressed.
pub const COMPRESSED: &str = "/compressed";
/// Below this, a layer outside of the policy's takes `Vary` away.
pub const FORGETFUL: &str = "/forgetful";

/// A request that reached the server.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Whether the answer was a 304.
    pub is_not_modified: bool,
}

/// A running server. Each directory has a policy of its own.
pub struct Server {
    /// Where it listens, on loopback.
    pub port: u16,
    policies: CorsHandle,
    notes: Arc<Notes>,
    running: ServerHandle,
}

/// What the server's threads share.
#[derive(Default)]
struct Notes {
    seen: Mutex<HashMap<String, Vec<Seen>>>,
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
        let notes = Arc::new(Notes::default());
        let (port, running) = serve(cors, &notes)?;
        let server = Self {
            port,
            policies,
            notes,
            running: running.handle(),
        };
        rt::spawn(running);
        Ok(server)
    }

    /// What reached this directory so far.
    pub fn seen(&self, directory: &str) -> Vec<Seen> {
        let seen = lock(&self.notes.seen);
        seen.get(directory).cloned().unwrap_or_default()
    }

    /// Puts another policy in force for a directory.
    pub fn swap(&self, directory: &str, policy: Policy) {
        self.policies
            .replace_at(directory, policy.build())
            .expect("a directory of this server");
        *lock(&self.notes.swaps)
            .entry(directory.to_owned())
            .or_default() += 1;
    }

    /// Stops it at once.
    pub async fn stop(self) {
        self.running.stop(false).await;
    }
}

fn serve(cors: Cors, notes: &Arc<Notes>) -> io::Result<(u16, Running)> {
    let notes = Arc::clone(notes);
    let server = HttpServer::new(move || {
        let notes = Arc::clone(&notes);
        App::new()
            .app_data(web::Data::from(Arc::clone(&notes)))
            .service(
                web::scope(COMPRESSED)
                    .wrap(Compress::default())
                    .default_service(web::to(answer)),
            )
            .default_service(web::to(answer))
            .wrap(cors.clone())
            .wrap_fn(move |request, next| {
                let directory = directory(request.path()).to_owned();
                let notes = Arc::clone(&notes);
                let response = next.call(request);
                async move {
                    let mut response = response.await?;
                    if directory.starts_with(FORGETFUL) {
                        response.headers_mut().remove(header::VARY);
                    }
                    let is_not_modified = response.status() == StatusCode::NOT_MODIFIED;
                    lock(&notes.seen)
                        .entry(directory)
                        .or_default()
                        .push(Seen { is_not_modified });
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

async fn answer(request: HttpRequest, notes: web::Data<Notes>) -> HttpResponse {
    let directory = directory(request.path());
    let name = request.path().rsplit('/').next().unwrap_or_default();
    let swaps = lock(&notes.swaps).get(directory).copied().unwrap_or(0);
    let etag = match name {
        resource::VERSIONED => format!("\"{swaps}\""),
        _ => ETAG.to_owned(),
    };
    if name == resource::SLOW {
        rt::time::sleep(SLOWNESS).await;
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
    // Without it, nginx makes no parts of what it has stored.
    response.insert_header((header::ACCEPT_RANGES, "bytes"));
    // Tells for whom an answer was made, wherever it ends up.
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
