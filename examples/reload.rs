//! Two policies, one of which is loaded again whenever its file changes: `cargo run --example reload -- cors.env`.
//!
//! The file has lines such as `CORS_ALLOWED_ORIGINS=https://app.example.com`.
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, fs, io, thread, time::Duration};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let path = env::args().nth(1).unwrap_or_else(|| "cors.env".to_owned());
    let text = fs::read_to_string(&path)
        .map_err(|error| io::Error::other(format!("cannot read {path}: {error}")))?;

    let public = CorsPolicy::builder().allow_any_origin().build()?;
    let cors = Cors::new(parse(&text)?).at("/public", public)?;
    let handle = cors.handle();
    thread::spawn(move || watch(&path, text, &handle));

    let port = env::var("PORT").unwrap_or_else(|_| "8085".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .route("/hello", web::get().to(hello))
            .route("/public/hello", web::get().to(hello))
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Try: curl -i http://{address}/public/hello -H 'Origin: https://app.example.com'");
    }
    server.run().await
}

/// Parses variables, one per line, as in a `.env` file without quotes.
fn parse(text: &str) -> io::Result<CorsPolicy> {
    let vars = text.lines().filter_map(|line| line.split_once('='));
    Ok(CorsPolicy::from_vars("CORS_", vars)?)
}

/// Checks the file once a second. If the file cannot be read or has errors, the last good policy stays in force.
fn watch(path: &str, mut last: String, handle: &CorsHandle) {
    loop {
        thread::sleep(Duration::from_secs(1));
        match fs::read_to_string(path) {
            Ok(text) if text == last => {}
            Ok(text) => {
                match parse(&text) {
                    Ok(policy) => drop(handle.replace(policy)),
                    Err(errors) => {
                        log::error!("{path} has errors, so the policy is not replaced:\n{errors}");
                    }
                }
                last = text;
            }
            Err(error) => log::error!("cannot read {path}: {error}"),
        }
    }
}

async fn hello() -> &'static str {
    "hello"
}
