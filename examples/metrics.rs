//! Counts of what was decided, in the text form of Prometheus: `cargo run --example metrics`.
//!
//! The labels are kind, outcome and reason, so there are a few dozen time series at most. An origin is never a label:
//! anyone can send any origin, and each would be a new time series.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{
    collections::BTreeMap,
    env, fmt, io,
    sync::{Mutex, PoisonError},
};

use actix_cors_policy::{Cors, CorsEvent, CorsPolicy, Denial, Outcome, RequestKind};
use actix_web::{App, HttpServer, web};

/// A count for each kind, outcome and reason. The lock is held for a few instructions.
#[derive(Default)]
struct Counts(Mutex<BTreeMap<String, u64>>);

impl Counts {
    fn count(&self, event: &CorsEvent<'_>) {
        let labels = labels(event.kind(), event.outcome(), event.denial());
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(labels).or_default() += 1;
    }
}

fn labels(kind: RequestKind, outcome: Outcome, denial: Option<Denial>) -> String {
    let reason = denial.map_or(String::new(), |denial| format!("{denial:?}"));
    format!("kind=\"{kind:?}\",outcome=\"{outcome}\",reason=\"{reason}\"")
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# HELP cors_requests_total CORS requests, by what was decided."
        )?;
        writeln!(f, "# TYPE cors_requests_total counter")?;
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (labels, count) in &*counts {
            writeln!(f, "cors_requests_total{{{labels}}} {count}")?;
        }
        Ok(())
    }
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let counts = web::Data::new(Counts::default());
    let observed = counts.clone();
    let policy = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .build()?;
    let cors = Cors::new(policy).observe(move |event| observed.count(event));

    let port = env::var("PORT").unwrap_or_else(|_| "8087".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .app_data(counts.clone())
            .route("/hello", web::get().to(|| async { "hello" }))
            // In production, on a port of its own.
            .route("/metrics", web::get().to(metrics))
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Counts: http://{address}/metrics");
        println!("Try: curl -i http://{address}/hello -H 'Origin: https://app.example.com'");
    }
    server.run().await
}

async fn metrics(counts: web::Data<Counts>) -> String {
    counts.to_string()
}
