//! Express with the package `cors` from npm: `express/server.js`.

use std::process::Command;

use crate::{
    process::Process,
    row::Row,
    systems::{
        express_rows, facts_of_frameworks, reasons,
        system::{Running, System, installed, package},
    },
};

pub const EXPRESS: System = System {
    name: "express",
    title: "Express 5.3.0 with `cors` 2.8.6",
    defaults: Some(express_rows::DEFAULTS),
    common: reasons::plain_options,
    rows: express_rows::rows,
    options: express_rows::options,
    facts: facts_of_frameworks::express,
    start,
};

fn start(_: u16, rows: &[Row]) -> Result<Running, String> {
    let mut command = Command::new("node");
    command
        .arg(package().join("express/server.js"))
        .env("NODE_PATH", installed().join("npm/node_modules"));
    let (process, ports) = Process::start_and_read_ports(&mut command)?;
    let port = ports.first().ok_or("node does not start")?;
    let mut running = Running::below(*port, rows);
    running.keep(process);
    Ok(running)
}
