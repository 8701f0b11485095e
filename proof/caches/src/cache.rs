//! A cache that runs: its process, its directory, and its end.

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

/// How long a cache may take until it listens.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it may take to end.
const FAREWELL: Duration = Duration::from_secs(3);

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// A port that was free may be taken by another program before the cache has it.
const ATTEMPTS: usize = 3;

/// Which cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Varnish,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Nginx, Self::Varnish];

    /// As it is called on the command line and in what is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Varnish => "varnish",
        }
    }

    /// What asks the program for its version, and the package that has it.
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
    /// Where it listens, on loopback.
    pub port: u16,
    // Ends before the directory goes: fields are dropped in this order.
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
        process.listens_at(port, &log)?;
        Ok(Self {
            kind,
            port,
            _process: process,
            _directory: directory,
        })
    }
}

/// A process that ends when this is dropped, whatever became of the checks.
struct Process(Child);

impl Process {
    fn listens_at(&mut self, port: u16, log: &Path) -> Result<(), String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begin = Instant::now();
        let why = loop {
            if let Ok(Some(status)) = self.0.try_wait() {
                break status.to_string();
            }
            if TcpStream::connect_timeout(&address, PATIENCE).is_ok() {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                break format!("nothing listens after {PATIENCE:?}");
            }
            thread::sleep(PAUSE);
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
        while asked && begin.elapsed() < FAREWELL && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(PAUSE);
        }
        // It has ended, or it is ended: either is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
