//! Runs the browsers of the distribution by `WebDriver`: with an empty profile, without a window, and with the host names of
//! the pages resolved to loopback.

use std::{
    io::{self, BufRead as _, BufReader},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use fantoccini::{
    Client, ClientBuilder,
    wd::{Capabilities, TimeoutConfiguration, WebDriverCompatibleCommand},
};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::origins::HOSTS;

/// How long a program may take to print its port.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long a program may take to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// A browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserKind {
    Chromium,
    Firefox,
}

impl BrowserKind {
    /// Its name, as an argument of the command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// What to install if the browser does not start.
    fn installation_hint(self) -> &'static str {
        match self {
            Self::Chromium => "install the packages chromium and chromium-driver",
            Self::Firefox => "install the package firefox-esr, and `cargo install geckodriver`",
        }
    }

    fn driver(self) -> Command {
        match self {
            Self::Chromium => {
                let mut command = Command::new("chromedriver");
                command.arg("--port=0");
                command
            }
            Self::Firefox => {
                let mut command = Command::new("geckodriver");
                // This is needed to read the console, which says why Firefox blocks a response.
                command.args(["--port", "0", "--allow-system-access"]);
                command
            }
        }
    }

    fn capabilities(self) -> io::Result<Value> {
        Ok(match self {
            Self::Chromium => {
                let hosts: Vec<_> = HOSTS
                    .iter()
                    .map(|host| format!("MAP {host} 127.0.0.1"))
                    .collect();
                let mut arguments = vec![
                    "--headless".to_owned(),
                    "--disable-gpu".to_owned(),
                    "--disable-quic".to_owned(),
                    "--no-first-run".to_owned(),
                    // The browser must not send requests of its own.
                    "--disable-background-networking".to_owned(),
                    "--disable-component-update".to_owned(),
                    "--disable-sync".to_owned(),
                    "--disable-features=HttpsUpgrades".to_owned(),
                    // The certificate is self-signed. The `WebDriver` setting for this has no effect in frames.
                    "--ignore-certificate-errors".to_owned(),
                    format!("--host-resolver-rules={}", hosts.join(", ")),
                ];
                // The sandbox does not work for root.
                if std::fs::metadata("/proc/self")?.uid() == 0 {
                    arguments.push("--no-sandbox".to_owned());
                }
                json!({
                    "browserName": "chrome",
                    "acceptInsecureCerts": true,
                    "goog:chromeOptions": { "args": arguments, "prefs": { "profile.cookie_controls_mode": 0, "profile.block_third_party_cookies": false } },
                    "goog:loggingPrefs": { "browser": "ALL" },
                })
            }
            Self::Firefox => json!({
                "browserName": "firefox",
                "acceptInsecureCerts": true,
                "moz:firefoxOptions": {
                    "args": ["-headless"],
                    "prefs": {
                        "network.dns.localDomains": HOSTS.join(","),
                        "network.proxy.type": 0,
                        "dom.security.https_first": false,
                        // Cookies are sent to other sites, as in the simulated browser.
                        "network.cookie.cookieBehavior": 0,
                    },
                },
            }),
        })
    }
}

/// A running browser. [`close`](Self::close) stops it.
pub struct Driver {
    pub kind: BrowserKind,
    pub client: Client,
    /// Name and version.
    pub version: String,
    process: Process,
}

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

impl Driver {
    pub async fn start(kind: BrowserKind) -> io::Result<Self> {
        let failed =
            |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", kind.name()));
        let mut command = kind.driver();
        let (process, port) = start(
            &mut command,
            &["successfully on port ", "Listening on 127.0.0.1:"],
        )
        .map_err(|error| failed(&format!("{error}: {}", kind.installation_hint())))?;
        let capabilities = match kind.capabilities()? {
            Value::Object(capabilities) => capabilities,
            _ => Capabilities::new(),
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|error| failed(&error))?;
        let said = |name: &str| {
            let capabilities = client.capabilities()?;
            Some(capabilities.get(name)?.as_str()?.to_owned())
        };
        let version = format!(
            "{} {}",
            kind.title(),
            said("browserVersion").unwrap_or_default()
        );
        client
            .update_timeouts(TimeoutConfiguration::new(
                Some(Duration::from_secs(30)),
                Some(Duration::from_secs(30)),
                None,
            ))
            .await
            .map_err(|error| failed(&error))?;
        Ok(Self {
            kind,
            client,
            version,
            process,
        })
    }

    /// The lines of the console since the last call.
    pub async fn console(&self) -> io::Result<Vec<String>> {
        match self.kind {
            BrowserKind::Chromium => {
                let log = self.command("se/log", json!({ "type": "browser" })).await?;
                let entries = log.as_array().cloned().unwrap_or_default();
                let text = |entry: &Value| Some(entry.get("message")?.as_str()?.to_owned());
                Ok(entries.iter().filter_map(text).collect())
            }
            BrowserKind::Firefox => {
                // geckodriver has no command for this.
                const SCRIPT: &str =
                    "const said = Services.console.getMessageArray().map((entry) => entry.message);
                    Services.console.reset();
                    return said;";
                serde_json::from_value(self.in_firefox(SCRIPT).await?).map_err(io::Error::other)
            }
        }
    }

    /// From now on, pages see this color scheme.
    pub async fn set_dark(&self, is_dark: bool) -> io::Result<()> {
        match self.kind {
            BrowserKind::Chromium => {
                let value = if is_dark { "dark" } else { "light" };
                let scheme = json!({ "name": "prefers-color-scheme", "value": value });
                let params = json!({ "features": [scheme] });
                self.devtools("Emulation.setEmulatedMedia", &params).await
            }
            BrowserKind::Firefox => {
                const NAME: &str = "layout.css.prefers-color-scheme.content-override";
                let value = u8::from(!is_dark);
                let script = format!("Services.prefs.setIntPref('{NAME}', {value})");
                self.in_firefox(&script).await.map(drop)
            }
        }
    }

    /// From now on, pages that are loaded cannot use `localStorage`.
    pub async fn forbid_storage(&self) -> io::Result<()> {
        match self.kind {
            BrowserKind::Chromium => {
                const SCRIPT: &str = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } })";
                let params = json!({ "source": SCRIPT });
                self.devtools("Page.addScriptToEvaluateOnNewDocument", &params)
                    .await
            }
            BrowserKind::Firefox => {
                const SCRIPT: &str = "Services.prefs.setBoolPref('dom.storage.enabled', false)";
                self.in_firefox(SCRIPT).await.map(drop)
            }
        }
    }

    /// Sends a command of Chromium's developer tools.
    async fn devtools(&self, cmd: &str, params: &Value) -> io::Result<()> {
        let body = json!({ "cmd": cmd, "params": params });
        self.command("goog/cdp/execute", body).await.map(drop)
    }

    /// Runs a script inside Firefox, outside of any page.
    async fn in_firefox(&self, script: &str) -> io::Result<Value> {
        self.command("moz/context", json!({ "context": "chrome" }))
            .await?;
        let returned = self.client.execute(script, Vec::new()).await;
        self.command("moz/context", json!({ "context": "content" }))
            .await?;
        returned.map_err(io::Error::other)
    }

    /// Sends a command that only this driver has.
    async fn command(&self, path: &'static str, body: Value) -> io::Result<Value> {
        let command = DriverCommand { path, body };
        self.client
            .issue_cmd(command)
            .await
            .map_err(io::Error::other)
    }

    pub async fn close(self) -> io::Result<()> {
        let Self {
            client, process, ..
        } = self;
        let closed = client.close().await.map_err(io::Error::other);
        drop(process);
        closed
    }
}

impl BrowserKind {
    pub fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
        }
    }
}

/// Starts a program, and waits until it prints its port after one of these texts.
pub fn start(command: &mut Command, before: &[&str]) -> io::Result<(Process, u16)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // Browsers write many messages there that do not matter here.
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| io::Error::other(format!("{program} does not start: {error}")))?;
    let output = child.stdout.take();
    let process = Process(child);
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

fn port_after(line: &str, before: &str) -> Option<u16> {
    let (_, rest) = line.split_once(before)?;
    let end = rest
        .find(|other: char| !other.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
