//! The origins of the playground, of the API, and of the pages that call the API.

use serde::Serialize;

/// The ports of this run.
#[derive(Clone, Copy)]
pub(crate) struct Origins {
    pub(crate) playground: u16,
    pub(crate) api: u16,
    pub(crate) pages: u16,
}

/// An origin that calls the API: a column of the matrix.
#[derive(Serialize)]
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    /// The serialized origin.
    pub(crate) origin: String,
    /// The URL of its page.
    pub(crate) page: String,
    /// Whether the page is in a sandboxed frame, which has an opaque origin whatever its URL is.
    pub(crate) is_sandboxed: bool,
}

impl Origins {
    /// The playground's own origin, the only one that may change the policy.
    pub(crate) fn playground(self) -> String {
        format!("http://{}", self.playground_host())
    }

    /// `Host`, as a browser sends it to the playground.
    pub(crate) fn playground_host(self) -> String {
        host("localhost", self.playground)
    }

    /// The origin of the API. It has the host of the playground, `localhost`: cookies do not depend on the port, so the cookie
    /// of the playground is sent to the API. Some browsers do not resolve a name such as `api.localhost`.
    pub(crate) fn api(self) -> String {
        format!("http://{}", host("localhost", self.api))
    }

    /// The origin of a page with this host name. `name` may contain `*`, for a pattern entry.
    pub(crate) fn page_at(self, name: &str) -> String {
        format!("http://{}", host(name, self.pages))
    }

    pub(crate) fn callers(self) -> [Caller; 6] {
        let caller = |name, origin: String| Caller {
            name,
            page: format!("{origin}/frame"),
            origin,
            is_sandboxed: false,
        };
        [
            caller("playground", self.playground()),
            caller("other port", self.page_at("localhost")),
            caller("IP address", self.page_at("127.0.0.1")),
            caller("app", self.page_at("app.localhost")),
            caller("preview", self.page_at("pr-42.preview.localhost")),
            Caller {
                origin: "null".to_owned(),
                is_sandboxed: true,
                ..caller("sandboxed", self.page_at("localhost"))
            },
        ]
    }
}

/// A host name with a port. The default port is left out, as in a browser.
fn host(name: &str, port: u16) -> String {
    match port {
        80 => name.to_owned(),
        _ => format!("{name}:{port}"),
    }
}
