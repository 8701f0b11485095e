//! A running cache: its process and its directory.

use std::{
    fs::{self, File},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{nginx, varnish};

/// How long a cache may take to start.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a cache may take to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// How long to wait between two attempts to connect.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How often to try to start a cache. Another program may take the free port before the cache does.
const ATTEMPTS: usize = 3;

/// The program that is the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Varnish,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Nginx, Self::Varnish];

    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Varnish => "varnish",
        }
    }

    /// The program, its option that prints the version, and its Debian package.
    fn program(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Nginx => (nginx::PROGRAM, "-v", "nginx-light"),
            Self::Varnish => (varnish::PROGRAM, "-V", "varnish"),
        }
    }

    /// The version, such as `1.22.1`.
    pub fn version(self) -> Result<String, String> {
        let (program, option, package) = self.program();
        let output = Command::new(program).arg(option).output();
        let output = output.map_err(|error| {
            format!("{program} does not run ({error}): on Debian, apt-get install {package}")
        })?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let version = text
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .find(|word| word.contains('.'));
        Ok(version.unwrap_or("unknown").to_owned())
    }
}

/// A cache in front of a server.
pub struct Cache {
    pub kind: Kind,
    /// The port on loopback on which it listens.
    pub port: u16,
    // Fields are dropped in this order: the process must end before its directory is removed.
    _process: Process,
    _directory: TempDir,
}

impl Cache {
    /// Starts a cache in front of the server at this port, and waits until it listens.
    pub fn start(kind: Kind, server: u16) -> Result<Self, String> {
        let mut failed = String::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(kind, server) {
                Ok(cache) => return Ok(cache),
                Err(error) => failed = error,
            }
        }
        Err(format!("{} does not start: {failed}", kind.name()))
    }

    fn attempt(kind: Kind, server: u16) -> Result<Self, String> {
        let said = |error: io::Error| error.to_string();
        let directory = tempfile::Builder::new()
            .prefix("caches-")
            .tempdir()
            .map_err(said)?;
        let port = free_port().map_err(said)?;
        let log = directory.path().join("log");
        let mut command = match kind {
            Kind::Nginx => nginx::command(directory.path(), port, server),
            Kind::Varnish => varnish::command(directory.path(), port, server),
        }
        .map_err(said)?;
        let output = File::create(&log).map_err(said)?;
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(said)?)
            .stderr(output);
        let mut process = Process(command.spawn().map_err(said)?);
        process.wait_until_it_listens(port, &log)?;
        Ok(Self {
            kind,
            port,
            _process: process,
            _directory: directory,
        })
    }
}

/// A process that is stopped when this value is dropped, also after an error or a panic.
struct Process(Child);

impl Process {
    fn wait_until_it_listens(&mut self, port: u16, log: &Path) -> Result<(), String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begin = Instant::now();
        let why = loop {
            if let Ok(Some(status)) = self.0.try_wait() {
                break status.to_string();
            }
            if TcpStream::connect_timeout(&address, TIMEOUT).is_ok() {
                return Ok(());
            }
            if begin.elapsed() > TIMEOUT {
                break format!("nothing listens after {TIMEOUT:?}");
            }
            thread::sleep(POLL_INTERVAL);
        };
        let log = fs::read_to_string(log).unwrap_or_default();
        Err(format!("{why}\n{log}"))
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

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
