//! The requests, each with the page that sends it.

use std::fmt::{self, Display};

use crate::origins::{API_HOST, Page, Ports};

/// A request that a page sends.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    pub source: Source,
    pub setting: Setting,
    /// A server of this origin gets the request first, and redirects it with 307.
    pub via: Option<Source>,
    pub what: What,
}

/// Where the page comes from, as the service sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The service itself.
    Own,
    /// Another origin of the same site.
    Sibling,
    /// Another site.
    Other,
    /// The service itself, without TLS. So the browser sends no `Sec-Fetch-*`.
    OwnWithoutTls,
    /// Another site, without TLS, to the service without TLS.
    OtherWithoutTls,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Default,
    /// `Referrer-Policy: no-referrer`
    NoReferrer,
    /// A frame with `sandbox="allow-scripts allow-forms"`, in such a page.
    Sandboxed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Form {
        method: &'static str,
        enctype: &'static str,
    },
    Link,
    /// Sends a form, and reloads the result.
    Reload,
    /// A URL that the user types, without any page.
    Typed,
    Fetch {
        method: &'static str,
        mode: &'static str,
        credentials: &'static str,
    },
    Beacon {
        content_type: &'static str,
    },
    Ping,
    /// `report-uri` of a `Content-Security-Policy`
    Report,
    Image,
    Socket,
}

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

const POST_FORM: What = What::Form {
    method: "post",
    enctype: URL_ENCODED,
};
const BEACON: What = What::Beacon { content_type: TEXT };

/// All requests, in the order of the table.
pub fn all() -> Vec<Act> {
    use Setting::{NoReferrer, Sandboxed};
    use Source::{Other, OtherWithoutTls, Own, OwnWithoutTls, Sibling};

    let mut all = Vec::new();
    let mut add = |setting, via, what: What, sources: &[Source]| {
        all.extend(sources.iter().map(|source| Act {
            source: *source,
            setting,
            via,
            what,
        }));
    };
    let sources = [Own, Sibling, Other];
    for method in ["get", "post"] {
        for enctype in [URL_ENCODED, MULTIPART, TEXT] {
            add(
                Setting::Default,
                None,
                What::Form { method, enctype },
                &sources,
            );
        }
    }
    add(Setting::Default, None, What::Reload, &sources);
    add(Setting::Default, None, What::Link, &sources);
    add(Setting::Default, None, What::Typed, &[Own]);
    for method in ["GET", "POST"] {
        for credentials in ["omit", "same-origin", "include"] {
            for mode in ["cors", "no-cors"] {
                add(
                    Setting::Default,
                    None,
                    fetch(method, mode, credentials),
                    &sources,
                );
            }
            // From another origin, this is an error of the page.
            add(
                Setting::Default,
                None,
                fetch(method, "same-origin", credentials),
                &[Own],
            );
        }
    }
    add(
        Setting::Default,
        None,
        fetch("PUT", "cors", "include"),
        &sources,
    );
    add(Setting::Default, None, BEACON, &sources);
    add(
        Setting::Default,
        None,
        What::Beacon { content_type: JSON },
        &sources,
    );
    for what in [What::Ping, What::Report, What::Image, What::Socket] {
        add(Setting::Default, None, what, &sources);
    }

    for what in [
        POST_FORM,
        fetch("POST", "cors", "include"),
        fetch("POST", "no-cors", "include"),
    ] {
        add(Setting::Default, Some(Other), what, &sources);
    }
    add(Setting::Default, Some(Sibling), POST_FORM, &[Own]);

    let posts = [
        POST_FORM,
        fetch("POST", "no-cors", "include"),
        fetch("POST", "cors", "include"),
        BEACON,
    ];
    for what in posts {
        add(NoReferrer, None, what, &sources);
    }
    for what in [What::Link, What::Ping, What::Report, What::Socket] {
        add(NoReferrer, None, what, &sources);
    }
    add(NoReferrer, Some(Other), POST_FORM, &[Own, Other]);
    for what in posts {
        add(Sandboxed, None, what, &[Own, Other]);
    }
    for setting in [Setting::Default, NoReferrer] {
        for what in posts {
            add(setting, None, what, &[OwnWithoutTls, OtherWithoutTls]);
        }
    }
    add(
        Setting::Default,
        None,
        What::Socket,
        &[OwnWithoutTls, OtherWithoutTls],
    );
    all
}

const fn fetch(method: &'static str, mode: &'static str, credentials: &'static str) -> What {
    What::Fetch {
        method,
        mode,
        credentials,
    }
}

impl Act {
    /// The heading of the table in which it stands.
    pub fn group(&self) -> &'static str {
        match (self.source, self.setting, self.via) {
            (Source::OwnWithoutTls | Source::OtherWithoutTls, ..) => "Without TLS",
            (_, Setting::NoReferrer, _) => "Pages with `Referrer-Policy: no-referrer`",
            (_, Setting::Sandboxed, _) => "Sandboxed frames",
            (.., Some(_)) => "Redirects with 307",
            _ => "Ordinary pages",
        }
    }

    /// Whether the browser leaves the page, or loads the frame anew.
    pub fn is_navigation(&self) -> bool {
        matches!(
            self.what,
            What::Form { .. } | What::Link | What::Reload | What::Typed
        )
    }

    /// The URL at which it arrives in the end.
    pub fn target(&self, policy: &str, number: usize, ports: Ports) -> String {
        let own = self.source.service().origin(ports);
        let own = match self.what {
            What::Socket => own.replacen("http", "ws", 1),
            _ => own,
        };
        format!("{own}/acts/{policy}/{number}")
    }

    /// Whether a page of the service itself sends it, with nobody else in between.
    pub fn is_same_origin(&self) -> bool {
        self.source == self.source.service()
            && self.setting != Setting::Sandboxed
            && self.via.is_none()
    }
}

impl Source {
    /// The service that such a page calls.
    pub fn service(self) -> Self {
        match self {
            Self::Own | Self::Sibling | Self::Other => Self::Own,
            Self::OwnWithoutTls | Self::OtherWithoutTls => Self::OwnWithoutTls,
        }
    }

    pub fn origin(self, ports: Ports) -> String {
        match self {
            Self::Own => Page::Api.origin(ports),
            Self::Sibling => Page::AppTls.origin(ports),
            Self::Other => Page::EvilTls.origin(ports),
            Self::OwnWithoutTls => format!("http://{API_HOST}:{}", ports.plain),
            Self::OtherWithoutTls => Page::Evil.origin(ports),
        }
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "own",
            Self::Sibling => "same site",
            Self::Other => "other site",
            Self::OwnWithoutTls => "own, without TLS",
            Self::OtherWithoutTls => "other site, without TLS",
        })
    }
}

impl Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Form { method, enctype } => {
                write!(f, "form, {}, `{enctype}`", method.to_uppercase())?;
            }
            What::Link => f.write_str("link")?,
            What::Reload => f.write_str("reload of the result of a form, POST")?,
            What::Typed => f.write_str("typed URL, without a page")?,
            What::Fetch {
                method,
                mode,
                credentials,
            } => write!(f, "`fetch`, {method}, `{mode}`, `{credentials}`")?,
            What::Beacon { content_type } => write!(f, "`sendBeacon`, `{content_type}`")?,
            What::Ping => f.write_str("`<a ping>`")?,
            What::Report => f.write_str("report, `report-uri`")?,
            What::Image => f.write_str("image")?,
            What::Socket => f.write_str("WebSocket")?,
        }
        f.write_str(match self.setting {
            Setting::Default => "",
            Setting::NoReferrer => ", `no-referrer`",
            Setting::Sandboxed => ", in a sandboxed frame",
        })?;
        match self.via {
            Some(Source::Sibling) => f.write_str(", redirected by the same site"),
            Some(_) => f.write_str(", redirected by the other site"),
            None => Ok(()),
        }
    }
}
