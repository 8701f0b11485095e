//! A page on which you edit a policy and see what your browser does with it: `cargo run --example playground`.
//!
//! Pages of six origins, in hidden frames, each send ten requests to an API with CORS. A table shows what the browser did and
//! what [`CorsPolicy::explain`](actix_cors_policy::CorsPolicy::explain) says.
//! [`CorsHandle::replace`](actix_cors_policy::CorsHandle::replace) changes the policy while the API is running.
//!
//! The servers listen on loopback addresses only. `PORT` sets the port of the playground (default: 8090). The API and the
//! pages of the other origins use the next two ports. `PORT=0` uses any free ports.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints the address of the page, or an error"
)]

mod api;
mod console;
mod console_messages;
mod control;
mod copies;
mod exchanges;
mod frames;
mod origins;
mod policy_text;
mod presets;
mod requests;
mod sockets;
mod state;

use std::{env, io, process::ExitCode};

use actix_cors_policy::Cors;
use actix_web::{App, HttpServer, middleware::from_fn, web};
use futures_util::future::try_join3;

use self::{origins::Origins, state::State};

const DEFAULT_PORT: u16 = 8090;

#[actix_web::main]
async fn main() -> ExitCode {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("error"));
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> io::Result<()> {
    let [playground, api, pages] = sockets::open(port()?)?;
    let origins = Origins {
        playground: playground.port,
        api: api.port,
        pages: pages.port,
    };
    let text = presets::first(origins);
    let policy = policy_text::parse(&text).map_err(|errors| {
        let messages = errors.into_iter().map(|error| error.message);
        io::Error::other(messages.collect::<Vec<_>>().join("\n"))
    })?;
    let cors = Cors::new(policy);
    let state = web::Data::new(State::new(origins, cors.clone(), text));

    let mut playground_server = HttpServer::new({
        let state = state.clone();
        move || {
            App::new()
                .app_data(state.clone())
                .configure(|app| control::routes(app, origins))
                .wrap(from_fn(control::require_playground_host))
        }
    })
    .workers(1)
    // Policies are checked in these threads. A hostile text can take seconds, so only one is checked at a time.
    .worker_max_blocking_threads(1);
    let mut api_server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .configure(api::routes)
            .wrap(cors.clone())
            // Outside of `Cors`, so that it records requests as they arrive and responses as they leave.
            .wrap(from_fn(exchanges::record))
    })
    .workers(2);
    let mut frame_server =
        HttpServer::new(move || App::new().configure(|app| frames::routes(app, origins)))
            .workers(1);

    for socket in playground.sockets {
        playground_server = playground_server.listen(socket)?;
    }
    for socket in api.sockets {
        api_server = api_server.listen(socket)?;
    }
    for socket in pages.sockets {
        frame_server = frame_server.listen(socket)?;
    }
    println!("Open {}", origins.playground());
    try_join3(
        playground_server.run(),
        api_server.run(),
        frame_server.run(),
    )
    .await?;
    Ok(())
}

fn port() -> io::Result<u16> {
    let Some(text) = env::var_os("PORT") else {
        return Ok(DEFAULT_PORT);
    };
    let port = text.to_str().and_then(|text| text.parse().ok());
    port.filter(|port| *port <= sockets::LAST_PORT).ok_or_else(|| {
        io::Error::other(format!(
            "PORT: not a port with two more ports after it: {text:?} (write 1 to {}, or 0 for any free ports)",
            sockets::LAST_PORT
        ))
    })
}
