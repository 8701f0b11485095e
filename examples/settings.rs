//! A policy in a program's own settings: `cargo run --features serde --example settings`.
//!
//! `examples/settings.toml` is read first, or the file that `--settings` names. Variables override it, such as
//! `APP__CORS__ALLOWED_ORIGINS`, and `--allow-origin` adds to it. If nothing says a policy, there is a default.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::io;

use actix_cors_policy::{Cors, CorsPolicy, CorsPolicyBuilder};
use actix_web::{App, HttpServer, web};
use clap::Parser as _;
use config::{Config, ConfigError, Environment, File};
use serde::Deserialize;

#[derive(clap::Parser)]
struct Arguments {
    /// The file of settings.
    #[arg(long, default_value = "examples/settings.toml")]
    settings: String,
    /// An origin that is allowed in addition to those of the settings.
    #[arg(long)]
    allow_origin: Vec<String>,
}

#[derive(Deserialize)]
struct Settings {
    port: u16,
    cors: Option<CorsPolicyBuilder>,
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("info"));
    let arguments = Arguments::parse();
    let settings = read_settings(&arguments.settings).map_err(io::Error::other)?;
    let policy = settings
        .cors
        .unwrap_or_else(|| CorsPolicy::builder().allow_origin("http://localhost:*"))
        .allow_origins(arguments.allow_origin)
        .build()?;

    let cors = Cors::new(policy);
    let address = format!("127.0.0.1:{}", settings.port);
    let server = HttpServer::new(move || {
        App::new()
            .wrap(cors.clone())
            .route("/", web::get().to(|| async { "hello" }))
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address} -H 'Origin: https://app.example.com'");
    }
    server.run().await
}

/// The file, and then the variables: `config` merges them, key by key, before anything is checked.
fn read_settings(path: &str) -> Result<Settings, ConfigError> {
    Config::builder()
        .set_default("port", 8087)?
        .set_override_option("port", std::env::var("PORT").ok())?
        .add_source(File::with_name(path))
        .add_source(
            Environment::with_prefix("APP")
                .prefix_separator("__")
                .separator("__"),
        )
        .build()?
        .try_deserialize()
}
