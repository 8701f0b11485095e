//! tower-http, in front of the same API as an axum router.

use std::{
    net::{Ipv4Addr, TcpListener},
    thread,
};

use crate::{
    row::Row,
    systems::{
        facts_of_frameworks, reasons,
        system::{Running, System},
        tower_http_rows,
        tower_http_setups::SETUPS,
    },
};
pub const TOWER_HTTP: System = System {
    name: "tower-http",
    title: "tower-http 0.7.1 with axum 0.8",
    defaults: None,
    common: reasons::plain_options,
    rows: tower_http_rows::rows,
    options: || Ok(SETUPS.map(|(name, ..)| name.to_owned()).into()),
    facts: facts_of_frameworks::tower_http,
    start,
};

/// Each option has a server of its own, so that its router answers paths that do not exist.
fn start(_: u16, _: &[Row]) -> Result<Running, String> {
    let mut running = Running::default();
    let mut servers = Vec::new();
    for (name, _, router) in SETUPS {
        let bind = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            Ok((listener.local_addr()?.port(), listener))
        };
        let (port, listener) = bind().map_err(|error: std::io::Error| error.to_string())?;
        running.add(name, format!("http://127.0.0.1:{port}"));
        servers.push((listener, router));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    thread::spawn(move || {
        runtime.block_on(async {
            for (listener, router) in servers {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                tokio::spawn(async move { axum::serve(listener, router()).await });
            }
            std::future::pending::<()>().await;
        });
    });
    Ok(running)
}
