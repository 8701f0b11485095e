//! A process that ends with this program.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to start.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long a server may take to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// How long to wait between two attempts to connect.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// A process that is stopped when this value is dropped, also after an error or a panic.
pub struct Process(Child);

impl Process {
    /// Starts servers that write their ports as the first line, and end when their input ends.
    pub fn start_and_read_ports(command: &mut Command) -> Result<(Self, Vec<u16>), String> {
        let name = format!("{command:?}");
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name}: {error}"))?;
        let mut process = Self(child);
        let output = process.0.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        read.map_err(|error| format!("{name}: {error}"))?;
        let ports: Result<Vec<u16>, _> = line.split_whitespace().map(str::parse).collect();
        let ports = ports.map_err(|_| format!("{name}: not a port: {line:?}"))?;
        Ok((process, ports))
    }

    /// Starts a server that listens on this port.
    pub fn start_and_connect(command: &mut Command, port: u16) -> Result<Self, String> {
        let name = format!("{command:?}");
        let child = command.stdin(Stdio::null()).spawn();
        let mut process = Self(child.map_err(|error| format!("{name}: {error}"))?);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begin = Instant::now();
        while TcpStream::connect_timeout(&address, TIMEOUT).is_err() {
            if let Ok(Some(status)) = process.0.try_wait() {
                return Err(format!("{name}: {status}"));
            }
            if begin.elapsed() > TIMEOUT {
                return Err(format!("{name}: nothing listens after {TIMEOUT:?}"));
            }
            thread::sleep(POLL_INTERVAL);
        }
        // Another program may have taken the port: then this one ends.
        thread::sleep(POLL_INTERVAL);
        match process.0.try_wait() {
            Ok(None) => Ok(process),
            ended => Err(format!("{name}: {ended:?}")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let asked = Pid::from_raw(i32::try_from(self.0.id()).unwrap_or(0))
            .is_some_and(|process| kill_process(process, Signal::TERM).is_ok());
        let begin = Instant::now();
        while asked && begin.elapsed() < SHUTDOWN_TIMEOUT && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(POLL_INTERVAL);
        }
        // Does nothing if the process has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port of loopback on which nothing listens.
pub fn free_port() -> Result<u16, String> {
    let port = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr();
    port()
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}
