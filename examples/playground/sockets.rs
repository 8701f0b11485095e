//! The sockets of the servers, on loopback only.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
};

/// The highest port that has two more after it.
pub(crate) const LAST_PORT: u16 = u16::MAX - 2;

/// The sockets of one port, for IPv4 and, if the machine has it, for IPv6.
pub(crate) struct Sockets {
    pub(crate) port: u16,
    pub(crate) sockets: Vec<TcpListener>,
}

/// Opens `port` and the next two ports, or any three free ports if `port` is 0.
pub(crate) fn open(port: u16) -> io::Result<[Sockets; 3]> {
    if port == 0 {
        return Ok([open_any()?, open_any()?, open_any()?]);
    }
    let [second, third] = [1, 2].map(|offset| port.saturating_add(offset));
    Ok([open_one(port)?, open_one(second)?, open_one(third)?])
}

fn open_one(port: u16) -> io::Result<Sockets> {
    bind(port).map_err(|error| {
        io::Error::other(format!(
            "port {port}: {error} (set PORT to the first of three free ports, or to 0 for any free ports)"
        ))
    })
}

/// Opens any free port. A port that is free for IPv4 may be in use for IPv6, so this tries several times.
fn open_any() -> io::Result<Sockets> {
    const TRIES: usize = 16;
    let mut last = bind(0);
    for _ in 1..TRIES {
        if last.is_ok() {
            break;
        }
        last = bind(0);
    }
    last
}

fn bind(port: u16) -> io::Result<Sockets> {
    let listen = |address: IpAddr, port| TcpListener::bind((address, port));
    let v4 = listen(Ipv4Addr::LOCALHOST.into(), port)?;
    let port = v4.local_addr()?.port();
    // Some browsers try `[::1]` first for `localhost`, so no other program may listen there.
    let v6 = match listen(Ipv6Addr::LOCALHOST.into(), port) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
        // The machine has no IPv6.
        other => other.ok(),
    };
    let sockets = [Some(v4), v6].into_iter().flatten().collect();
    Ok(Sockets { port, sockets })
}
