//! What a page does: a call of `fetch()`, an element, an `EventSource` or a `WebSocket`. The script of the page executes such
//! a call in a real browser, and `cors-test-browser` simulates it.

use cors_test_browser::{self as browser, Fetch};
use serde::Serialize;

/// A call, in the form that the script of the page expects.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub kind: CallKind,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub mode: Mode,
    pub credentials: Credentials,
    pub redirect: Redirect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CallKind {
    Fetch,
    /// `XMLHttpRequest` with a listener on `upload`.
    Xhr,
    /// `<script type="module">`
    Module,
    /// `import()`
    Import,
    /// `import()` in an attribute such as `onclick`
    ImportInAttribute,
    /// `<script>`
    Script,
    /// `<img>`
    Image,
    /// `@font-face` in a style sheet
    Font,
    /// `FontFace`
    FontFace,
    /// `EventSource`
    Events,
    /// `WebSocket`
    Socket,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Cors,
    NoCors,
    SameOrigin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credentials {
    Omit,
    SameOrigin,
    Include,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Redirect {
    Follow,
    Error,
    Manual,
}

/// A call of `fetch()`. If the URL is a path, it is below the path of the policy of the case.
pub fn fetch(method: &str, url: &str) -> Call {
    Call {
        kind: CallKind::Fetch,
        method: method.to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: None,
        mode: Mode::Cors,
        credentials: Credentials::SameOrigin,
        redirect: Redirect::Follow,
    }
}

/// A call of another kind.
pub fn load(kind: CallKind, url: &str) -> Call {
    Call {
        kind,
        ..fetch("GET", url)
    }
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(self, body: &str) -> Self {
        let body = Some(body.to_owned());
        Self { body, ..self }
    }

    pub fn mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    pub fn include(self) -> Self {
        let credentials = Credentials::Include;
        Self {
            credentials,
            ..self
        }
    }

    pub fn omit(self) -> Self {
        let credentials = Credentials::Omit;
        Self {
            credentials,
            ..self
        }
    }

    pub fn redirect(self, redirect: Redirect) -> Self {
        Self { redirect, ..self }
    }

    pub fn is_over_tls(&self) -> bool {
        self.url.starts_with("https:") || self.url.starts_with("wss:")
    }

    /// The same call for the simulated browser.
    pub fn to_fetch(&self) -> Fetch {
        if self.kind == CallKind::Socket {
            return Fetch::websocket(&self.url);
        }
        let mut fetch = Fetch::new(&self.method, &self.url)
            .mode(match self.mode {
                Mode::Cors => browser::Mode::Cors,
                Mode::NoCors => browser::Mode::NoCors,
                Mode::SameOrigin => browser::Mode::SameOrigin,
            })
            .credentials(match self.credentials {
                Credentials::Omit => browser::Credentials::Omit,
                Credentials::SameOrigin => browser::Credentials::SameOrigin,
                Credentials::Include => browser::Credentials::Include,
            })
            .redirect(match self.redirect {
                Redirect::Follow => browser::Redirect::Follow,
                Redirect::Error => browser::Redirect::Error,
                Redirect::Manual => browser::Redirect::Manual,
            });
        for (name, value) in &self.headers {
            fetch = fetch.header(name, value);
        }
        if let Some(body) = &self.body {
            fetch = fetch.body(body.as_str());
        }
        match self.kind {
            CallKind::Xhr => fetch.use_cors_preflight(),
            CallKind::Events => fetch.header("accept", "text/event-stream"),
            _ => fetch,
        }
    }
}
