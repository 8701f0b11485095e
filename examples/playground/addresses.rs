//! Who plays which part: the playground, the API, and the pages that call it.

use serde::Serialize;

/// The ports of this run.
#[derive(Clone, Copy)]
pub(crate) struct Addresses {
    pub(crate) playground: u16,
    pub(crate) api: u16,
    pub(crate) pages: u16,
}

/// An origin that calls the API: a column of the matrix.
#[derive(Serialize)]
pub(crate) struct Caller {
    pub(crate) name: &'static str,
    /// As browsers serialize it.
    pub(crate) origin: String,
    /// The address of its page.
    pub(crate) page: String,
    /// A sandboxed frame has an opaque origin, whatever its address.
    pub(crate) is_sandboxed: bool,
}

impl Addresses {
    /// The playground's own origin, the only one that may change the policy.
    pub(crate) fn playground(self) -> String {
        format!("http://{}", self.playground_host())
    }

    /// `Host`, as a browser sends it to the playground.
    pub(crate) fn playground_host(self) -> String {
        host("localhost", self.playground)
    }

    /// At `localhost`, as the playground is: cookies know hosts and no ports, so the playground's cookie reaches the API.
    /// Not at `api.localhost`, which some browsers do not resolve.
    pub(crate) fn api(self) -> String {
        format!("http://{}", host("localhost", self.api))
    }

    /// An origin of the pages that are not the playground's. `name` may have a `*`, for an entry.
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

/// A name with a port, as browsers write it: without the default one.
fn host(name: &str, port: u16) -> String {
    match port {
        80 => name.to_owned(),
        _ => format!("{name}:{port}"),
    }
}
