//! Drives a browser of the distribution by `WebDriver`.

use std::{fmt::Display, io, time::Duration};

use fantoccini::{
    Client, ClientBuilder,
    wd::{Capabilities, TimeoutConfiguration, WebDriverCompatibleCommand},
};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use url::{ParseError, Url};

use crate::{engines::Engine, process::Process};

/// The processes of a `WebDriver`, and how to ask it for a browser.
pub struct Launched {
    /// They stop in this order.
    pub processes: Vec<Process>,
    pub port: u16,
    pub capabilities: Value,
}

/// A running browser. [`close`](Self::close) stops it.
pub struct Driver {
    pub engine: &'static Engine,
    pub client: Client,
    pub version: String,
    processes: Vec<Process>,
}

impl Driver {
    pub async fn start(engine: &'static Engine) -> io::Result<Self> {
        let failed = |error: &dyn Display| io::Error::other(format!("{}: {error}", engine.name));
        let launched = (engine.launch)();
        let Launched {
            processes,
            port,
            capabilities,
        } = launched.map_err(|error| failed(&format!("{error}: {}", engine.installation_hint)))?;
        let capabilities = match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => Capabilities::new(),
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|error| failed(&format!("{error}: {}", engine.installation_hint)))?;
        let said = |name: &str| {
            let capabilities = client.capabilities()?;
            Some(capabilities.get(name)?.as_str()?.to_owned())
        };
        let version = said("browserVersion").unwrap_or_default();
        client
            .update_timeouts(TimeoutConfiguration::new(
                Some(Duration::from_secs(30)),
                Some(Duration::from_secs(30)),
                None,
            ))
            .await
            .map_err(|error| failed(&error))?;
        Ok(Self {
            engine,
            client,
            version,
            processes,
        })
    }

    /// The lines of the console since the last call.
    pub async fn console(&self) -> io::Result<Vec<String>> {
        (self.engine.console)(self).await
    }

    /// From now on, pages see this color scheme.
    pub async fn set_dark(&self, is_dark: bool) -> io::Result<()> {
        (self.engine.set_dark)(self, is_dark).await
    }

    /// From now on, pages that are loaded cannot use `localStorage`.
    pub async fn forbid_storage(&self) -> io::Result<()> {
        (self.engine.forbid_storage)(self).await
    }

    /// Sends a command that only this driver has.
    pub async fn command(&self, path: &'static str, body: Value) -> io::Result<Value> {
        let command = DriverCommand { path, body };
        self.client
            .issue_cmd(command)
            .await
            .map_err(io::Error::other)
    }

    pub async fn close(self) -> io::Result<()> {
        let Self {
            client, processes, ..
        } = self;
        let closed = client.close().await.map_err(io::Error::other);
        drop(processes);
        closed
    }
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
