//! One layer with two policies, of which one is read anew whenever its file changes:
//! `cargo run --example reload -- cors.env`, with lines such as `CORS_ALLOWED_ORIGINS=https://app.example.com`.

use std::{fs, io, thread, time::Duration};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy};
use actix_web::{App, HttpServer, web};

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let path = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "cors.env".to_owned());
    let text = fs::read_to_string(&path)?;

    let public = CorsPolicy::builder().allow_any_origin().build()?;
    let cors = Cors::new(parse(&text)?).at("/public", public)?;
    let handle = cors.handle();
    thread::spawn(move || watch(&path, text, &handle));

    let port = std::env::var("PORT")
        .ok()
        .and_then(|port| port.parse().ok());
    HttpServer::new(move || {
        App::new()
            .route("/hello", web::get().to(hello))
            .route("/public/hello", web::get().to(hello))
            .wrap(cors.clone())
    })
    .bind(("127.0.0.1", port.unwrap_or(8085)))?
    .run()
    .await
}

/// Variables, one a line, as a `.env` file has them without quotes.
fn parse(text: &str) -> io::Result<CorsPolicy> {
    let vars = text.lines().filter_map(|line| line.split_once('='));
    Ok(CorsPolicy::from_vars("CORS_", vars)?)
}

/// Looks once a second. A file that cannot be read, or a policy with errors, leaves the last good policy at work.
fn watch(path: &str, mut last: String, handle: &CorsHandle) {
    loop {
        thread::sleep(Duration::from_secs(1));
        match fs::read_to_string(path) {
            Ok(text) if text == last => {}
            Ok(text) => {
                match parse(&text) {
                    Ok(policy) => drop(handle.replace(policy)),
                    Err(errors) => log::error!("{path} is not taken:\n{errors}"),
                }
                last = text;
            }
            Err(error) => log::error!("{path} cannot be read: {error}"),
        }
    }
}

async fn hello() -> &'static str {
    "hello"
}
