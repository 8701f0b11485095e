//! Serves the app of a subject on a free port of loopback, and prints the port. This is a separate program, so that it does
//! not change how the compiler optimizes the code that is measured in process.

#![expect(
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

use std::{
    env,
    io::{self, Read as _},
    net::Ipv4Addr,
    thread,
};

use actix_web::{App, HttpServer, dev::ServerHandle, rt};
use bench::{
    actix::{self, Inner, Visitor},
    scenarios,
    subjects::Subject,
};

fn main() -> io::Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    serve(&words).unwrap_or_else(|| {
        Err(io::Error::other(
            "usage: server SUBJECT ROW PROTOCOL WORKERS",
        ))
    })
}

fn serve(words: &[&str]) -> Option<io::Result<()>> {
    let [subject, row, protocol, workers] = words else {
        return None;
    };
    let workers = workers.parse().ok()?;
    let scenario = scenarios::named(row)?;
    Some(actix::visit(
        Subject::named(subject)?,
        &scenario,
        Serve {
            is_http2: *protocol == "HTTP/2",
            workers,
        },
    ))
}

struct Serve {
    is_http2: bool,
    workers: usize,
}

impl Visitor for Serve {
    type Output = io::Result<()>;

    fn visit<I: Inner>(self, app: impl Fn() -> App<I> + Clone + Send + 'static) -> Self::Output {
        rt::System::new().block_on(async {
            let server = HttpServer::new(app).workers(self.workers);
            let address = (Ipv4Addr::LOCALHOST, 0);
            let server = match self.is_http2 {
                false => server.bind(address)?,
                true => server.bind_auto_h2c(address)?,
            };
            for address in server.addrs() {
                println!("{}", address.port());
            }
            let server = server.disable_signals().run();
            let handle = server.handle();
            thread::spawn(move || stop_at_end(&handle));
            server.await
        })
    }
}

/// Stops the server at the end of its input. That comes when the parent process ends, even if it crashes.
fn stop_at_end(handle: &ServerHandle) {
    let _ = io::stdin().read_to_end(&mut Vec::new());
    drop(handle.stop(false));
}
