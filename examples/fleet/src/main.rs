//! A server of which many processes follow one allowlist in Redis, and the command that changes the list.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a command")]

mod change;
mod source;

use std::{env, io, process::ExitCode, sync::Arc, time::Duration};

use actix_cors_policy::{Cors, CorsPolicy, CorsPolicyBuilder};
use actix_web::{App, HttpServer, web};

use change::Change;
use source::Source;

const USAGE: &str =
    "usage: fleet serve | fleet set ORIGIN… | fleet add ORIGIN… | fleet remove ORIGIN…
  REDIS_URL       redis://127.0.0.1:6379
  PORT            8087
  CHECK_EVERY_MS  how often each process compares the version: 500";

/// What the list of a policy is added to. The server and the command build the same, so what one refuses the other does.
fn policy() -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_headers(["content-type", "authorization"])
}

#[actix_web::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["serve"] => serve().await.map_err(|error| error.to_string()),
        ["set", origins @ ..] => Change::Set.make(&redis_url(), origins).await,
        ["add", origins @ ..] => Change::Add.make(&redis_url(), origins).await,
        ["remove", origins @ ..] => Change::Remove.make(&redis_url(), origins).await,
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let source = Arc::new(Source::new(&redis_url()).map_err(io::Error::other)?);
    // Until the list was read for the first time, no origin is allowed.
    let cors = Cors::new(CorsPolicy::deny_all());
    let loading = Arc::clone(&source);
    let follower = cors.handle().follow(check_every()?, move || {
        let source = Arc::clone(&loading);
        async move { source.load().await }
    });
    let listening = actix_web::rt::spawn(async move {
        source.listen(|| follower.refresh()).await;
    });

    let port = env::var("PORT").unwrap_or_else(|_| "8087".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .route("/", web::get().to(|| async { "hello" }))
            .wrap(cors.clone())
    })
    .workers(2)
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!("Listening on http://{address}");
    }
    server.run().await?;
    listening.abort();
    Ok(())
}

fn redis_url() -> String {
    env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

fn check_every() -> io::Result<Duration> {
    let text = env::var("CHECK_EVERY_MS").unwrap_or_else(|_| "500".to_owned());
    let millis = text.parse().ok().filter(|millis| *millis > 0);
    let millis = millis.ok_or_else(|| {
        let message = format!("CHECK_EVERY_MS is not a number of milliseconds: `{text}`");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })?;
    Ok(Duration::from_millis(millis))
}
