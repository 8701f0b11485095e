//! The origins of the pages and of the API: host names that both browsers resolve to loopback, and the ports of this run.

use std::fmt::{self, Display};

/// The host of the API. It is of the same site as [`Page::App`], and of another site than [`Page::Evil`].
pub const API_HOST: &str = "api.example.test";

/// All host names that are resolved to loopback. For names below `localhost`, browsers do that anyway.
pub const HOSTS: [&str; 5] = [
    API_HOST,
    "app.example.test",
    "pr-7.preview.example.test",
    "a.b.preview.example.test",
    "evil.test",
];

/// The ports of this run. Each of them serves the pages and the API.
#[derive(Clone, Copy, Debug)]
pub struct Ports<T = u16> {
    pub plain: T,
    pub other: T,
    pub tls: T,
    /// The port of the example server.
    pub example: T,
}

impl Ports {
    /// The API's origin, with TLS.
    pub fn api(self) -> String {
        format!("https://{API_HOST}:{}", self.tls)
    }

    /// The API's origin, without TLS.
    pub fn plain_api(self) -> String {
        format!("http://{API_HOST}:{}", self.plain)
    }
}

/// A page that sends requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    App,
    AppOtherPort,
    AppTls,
    Preview,
    Deep,
    Evil,
    EvilTls,
    Localhost,
    AppLocalhost,
    Address,
    /// A page of the origin of the API.
    Api,
    /// A sandboxed frame, which has an opaque origin, in a page of [`Page::App`].
    Sandboxed,
}

impl Page {
    /// The origin of the page. For a sandboxed frame, this is the origin of the page around it.
    pub fn origin<T: Display>(self, ports: Ports<T>) -> String {
        let Ports {
            plain, other, tls, ..
        } = ports;
        match self {
            Self::App | Self::Sandboxed => format!("http://app.example.test:{plain}"),
            Self::AppOtherPort => format!("http://app.example.test:{other}"),
            Self::AppTls => format!("https://app.example.test:{tls}"),
            Self::Preview => format!("http://pr-7.preview.example.test:{plain}"),
            Self::Deep => format!("http://a.b.preview.example.test:{plain}"),
            Self::Evil => format!("http://evil.test:{plain}"),
            Self::EvilTls => format!("https://evil.test:{tls}"),
            Self::Localhost => format!("http://localhost:{plain}"),
            Self::AppLocalhost => format!("http://app.localhost:{plain}"),
            Self::Address => format!("http://127.0.0.1:{plain}"),
            Self::Api => format!("https://{API_HOST}:{tls}"),
        }
    }
}

impl Display for Page {
    /// The origin with letters in place of the ports, which differ from run to run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandboxed => f.write_str("null"),
            page => f.write_str(&page.origin(Ports {
                plain: "P",
                other: "Q",
                tls: "T",
                example: "",
            })),
        }
    }
}
