//! A guide's steps, in a new project in a directory of its own.

use std::{
    env,
    error::Error,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use crate::page::{Step, difference, steps};

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(20);

/// What a system's `nginx.conf` is around the file of the page.
const NGINX: &str = include_str!("nginx.conf");

/// What checks a file that other programs read. `systemd-analyze` only warns, and wants the program to exist.
const CHECKS: [(&str, &str); 3] = [
    (
        "api.service",
        "sed -i 's,/usr/local/bin/api,/bin/true,' api.service
         systemd-analyze verify ./api.service 2>&1 | tee log; [ ! -s log ]",
    ),
    (
        "compose.yaml",
        "check-jsonschema --builtin-schema vendor.compose-spec compose.yaml",
    ),
    (
        "kubernetes.yaml",
        "kubernetes-validate --strict kubernetes.yaml",
    ),
];

struct Guide<'a> {
    root: &'a str,
    directory: TempDir,
    /// Those on the page, and those that are free here: of the app, of nginx, of Caddy.
    ports: [(&'static str, u16); 3],
    servers: Vec<Server>,
}

/// Performs all steps. Returns how many commands did what the page shows.
pub(crate) fn perform(name: &str, root: &str) -> Result<usize, Box<dyn Error>> {
    let page = fs::read_to_string(format!("{root}/src/guides/{name}.md"))?;
    let mut guide = Guide {
        root,
        directory: TempDir::with_prefix("guides-")?,
        ports: [
            ("8080", free_port()?),
            ("8000", free_port()?),
            ("8001", free_port()?),
        ],
        servers: Vec::new(),
    };
    guide.must(&format!("cargo init --quiet --vcs none --name {name}"))?;
    // The versions of dependencies are those that the other tests have.
    guide.must(&format!("cp {root}/Cargo.lock ."))?;
    // No progress bar.
    guide.write(".curlrc", "silent")?;
    let mut commands = 0;
    for step in steps(&page) {
        match step {
            Step::File { path, text } => guide.file(&path, &guide.with_own_ports(&text))?,
            Step::Command { command, shown } => {
                guide.command(&guide.with_own_ports(&command), &shown)?;
                commands += 1;
            }
        }
    }
    Ok(commands)
}

impl Guide<'_> {
    /// A file of the page. `Cargo.toml` has the dependencies only. What is below `/etc` starts the server that reads it.
    fn file(&mut self, path: &str, text: &str) -> Result<(), Box<dyn Error>> {
        match path {
            "Cargo.toml" => {
                let new = fs::read_to_string(self.directory.path().join(path))?;
                let here = format!("actix-cors-policy = {{ path = {:?} }}", self.root);
                let dependencies = text.replace("actix-cors-policy = \"0.1\"", &here);
                self.write(path, &new.replace("[dependencies]", &dependencies))
            }
            "/etc/nginx/conf.d/api.conf" => {
                self.write("api.conf", &text.replace("/var/cache/nginx/", ""))?;
                self.write("nginx.conf", NGINX)?;
                self.start("nginx -e stderr -p . -c nginx.conf", 1)
            }
            "/etc/caddy/Caddyfile" => {
                let options = "{\nadmin off\nauto_https off\n}\n";
                self.write("Caddyfile", &format!("{options}{text}"))?;
                self.start("caddy run --config Caddyfile", 2)
            }
            _ => {
                self.write(path, text)?;
                let mut checks = CHECKS.iter().filter(|(name, _)| *name == path);
                checks.try_for_each(|(_, check)| self.must(check))
            }
        }
    }

    /// A command of the page. `cargo run` is the server; the other commands are those of another terminal.
    fn command(&mut self, command: &str, shown: &str) -> Result<(), Box<dyn Error>> {
        if command.ends_with("cargo run") {
            self.must("cargo build --quiet")?;
            return self.start(command, 0);
        }
        let mut printed = printed(&self.bash(command).output()?);
        for (shown, own) in self.ports {
            printed = printed.replace(&own.to_string(), shown);
        }
        let difference = difference(shown, &printed);
        difference.map_or(Ok(()), |text| Err(format!("$ {command}\n{text}").into()))
    }

    fn start(&mut self, command: &str, port: usize) -> Result<(), Box<dyn Error>> {
        let port = self.ports.get(port).ok_or("a port")?.1;
        let log = self.directory.path().join("log");
        let mut bash = self.bash(&format!("exec env {command}"));
        bash.stdout(Stdio::null()).stderr(File::create(&log)?);
        let mut server = Server(bash.process_group(0).spawn()?);
        let begin = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if server.0.try_wait()?.is_some() || begin.elapsed() > START {
                let log = fs::read_to_string(log)?;
                return Err(format!("$ {command}\ndoes not listen:\n{log}").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.servers.push(server);
        Ok(())
    }

    fn must(&self, command: &str) -> Result<(), Box<dyn Error>> {
        let output = self.bash(command).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("$ {command}\n{}", printed(&output)).into())
    }

    fn bash(&self, command: &str) -> Command {
        let mut bash = Command::new("bash");
        let path = env::var("PATH").unwrap_or_default();
        bash.args(["-c", command]).stdin(Stdio::null());
        bash.current_dir(&self.directory);
        bash.env("CURL_HOME", self.directory.path());
        bash.env(
            "PATH",
            format!("{}/target/debug:{path}:/usr/sbin", self.root),
        );
        bash.env("CARGO_TARGET_DIR", format!("{}/target/guides", self.root));
        // Nobody debugs it, and nothing is built a second time.
        bash.envs([("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_INCREMENTAL", "0")]);
        bash
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Box<dyn Error>> {
        let path = self.directory.path().join(path);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    fn with_own_ports(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (shown, own) in self.ports {
            text = text.replace(shown, &own.to_string());
        }
        text
    }
}

/// Ends with this value, together with all that it started.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Another program might get it before it is used, which would be an error of that run.
fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.local_addr().map(|address| address.port())
}
