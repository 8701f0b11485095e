//! Processes that end together with this program.

use std::{
    io::{self, BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long a program may take to print its port, or to listen at it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long a program may take to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// A process that is stopped when this value is dropped, together with all processes that it has started: they are one
/// process group.
pub struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let asked = Pid::from_raw(i32::try_from(self.0.id()).unwrap_or(0))
            .is_some_and(|group| kill_process_group(group, Signal::TERM).is_ok());
        let begin = Instant::now();
        while asked && begin.elapsed() < SHUTDOWN_TIMEOUT && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        // Does nothing if the process has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program, and waits until it prints its port after one of these texts.
pub fn start(command: &mut Command, before: &[&str]) -> io::Result<(Process, u16)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut process = spawn(command.stdout(Stdio::piped()))?;
    let output = process.0.stdout.take();
    let (lines, said) = mpsc::channel();
    // The thread reads until the end, even if the receiver is gone, so that the pipe does not fill up.
    thread::spawn(move || {
        for line in output
            .into_iter()
            .flat_map(|output| BufReader::new(output).lines())
        {
            let _ = lines.send(line);
        }
    });
    let end = Instant::now() + TIMEOUT;
    loop {
        let Ok(line) = said.recv_timeout(end.saturating_duration_since(Instant::now())) else {
            let text = format!("{program} did not print its port within {TIMEOUT:?}");
            return Err(io::Error::other(text));
        };
        let line = line?;
        if let Some(port) = before.iter().find_map(|before| port_after(&line, before)) {
            return Ok((process, port));
        }
    }
}

/// Starts a program that does not print its port, and waits until it listens at this one.
pub fn start_at(port: u16, command: &mut Command) -> io::Result<Process> {
    let program = command.get_program().to_string_lossy().into_owned();
    let process = spawn(command.stdout(Stdio::null()))?;
    let begin = Instant::now();
    while let Err(error) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
        if begin.elapsed() > TIMEOUT {
            let text = format!("{program} does not listen at {port}: {error}");
            return Err(io::Error::other(text));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(process)
}

/// A port that nothing listens at.
pub fn free_port() -> io::Result<u16> {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(socket.local_addr()?.port())
}

fn spawn(command: &mut Command) -> io::Result<Process> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        // Browsers write many messages there that do not matter here.
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| io::Error::other(format!("{program} does not start: {error}")))?;
    Ok(Process(child))
}

fn port_after(line: &str, before: &str) -> Option<u16> {
    let (_, rest) = line.split_once(before)?;
    let end = rest
        .find(|other: char| !other.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}
