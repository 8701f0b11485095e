//! A page that shows what browsers make of a policy, while it is edited: `cargo run --example playground`.
//!
//! Pages of six origins, in hidden frames, send ten requests each to an API behind the layer. In addition to what the browser did
//! stands what [`CorsPolicy::explain`](actix_cors_policy::CorsPolicy::explain) says. The policy is changed by
//! [`CorsHandle::replace`](actix_cors_policy::CorsHandle::replace), while the API serves.
//!
//! It listens on loopback addresses only. `PORT` changes the port of the playground (8090); the API and the pages of the
//! other origins take the two ports after it. `PORT=0` takes any free ports.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it tells the person who started it where to look, or what went wrong"
)]

mod addresses;
mod api;
mod control;
mod exchanges;
mod pages;
mod presets;
mod requests;
mod sockets;
mod state;

use std::{env, io, process::ExitCode};

use actix_cors_policy::Cors;
use actix_web::{App, HttpServer, middleware::from_fn, web};
use futures_util::future::try_join3;

use self::{addresses::Addresses, state::State};

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
    let addresses = Addresses {
        playground: playground.port,
        api: api.port,
        pages: pages.port,
    };
    let text = presets::first(addresses);
    let policy = state::parse(&text).map_err(|mistakes| {
        let messages = mistakes.into_iter().map(|mistake| mistake.message);
        io::Error::other(messages.collect::<Vec<_>>().join("\n"))
    })?;
    let cors = Cors::new(policy);
    let state = web::Data::new(State::new(addresses, cors.clone(), text));

    let mut at_playground = HttpServer::new({
        let state = state.clone();
        move || {
            App::new()
                .app_data(state.clone())
                .configure(|app| control::routes(app, addresses))
                .wrap(from_fn(control::is_addressed))
        }
    })
    .workers(1)
    // Texts are checked there, which takes seconds if they are made to: one at a time, and others wait.
    .worker_max_blocking_threads(1);
    let mut at_api = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .configure(api::routes)
            .wrap(cors.clone())
            // Outside of the layer, to see what comes in and what goes out.
            .wrap(from_fn(exchanges::record))
    })
    .workers(2);
    let mut at_pages =
        HttpServer::new(move || App::new().configure(|app| pages::routes(app, addresses)))
            .workers(1);

    for socket in playground.sockets {
        at_playground = at_playground.listen(socket)?;
    }
    for socket in api.sockets {
        at_api = at_api.listen(socket)?;
    }
    for socket in pages.sockets {
        at_pages = at_pages.listen(socket)?;
    }
    println!("Open {}", addresses.playground());
    try_join3(at_playground.run(), at_api.run(), at_pages.run()).await?;
    Ok(())
}

fn port() -> io::Result<u16> {
    let Some(text) = env::var_os("PORT") else {
        return Ok(DEFAULT_PORT);
    };
    let port = text.to_str().and_then(|text| text.parse().ok());
    port.filter(|port| *port <= sockets::LAST_PORT).ok_or_else(|| {
        io::Error::other(format!(
            "PORT: not a port that has two more after it: {text:?} (write 1 to {}, or 0 for any free ports)",
            sockets::LAST_PORT
        ))
    })
}
