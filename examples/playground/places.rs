//! Who plays which part: the playground, the API, and the pages that call it.

use serde::Serialize;

/// The ports of this run.
#[derive(Clone, Copy)]
pub(crate) struct Places {
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

impl Places {
    /// The playground's own origin, the only one that may change the policy.
    pub(crate) fn playground(self) -> String {
        format!("http://{}", self.playground_host())
    }

    /// `Host`, as a browser sends it to the playground.
    pub(crate) fn playground_host(self) -> String {
        format!("localhost:{}", self.playground)
    }

    /// At `localhost`, as the playground is: cookies know hosts and no ports, so the playground's cookie reaches the API.
    /// Not at `api.localhost`, which some browsers do not resolve.
    pub(crate) fn api(self) -> String {
        format!("http://localhost:{}", self.api)
    }

    pub(crate) fn callers(self) -> [Caller; 6] {
        let page_of = |name, host| Caller {
            name,
            origin: format!("http://{host}:{}", self.pages),
            page: format!("http://{host}:{}/frame", self.pages),
            is_sandboxed: false,
        };
        [
            Caller {
                name: "this page",
                origin: self.playground(),
                page: format!("{}/frame", self.playground()),
                is_sandboxed: false,
            },
            page_of("other port", "localhost"),
            page_of("address", "127.0.0.1"),
            page_of("app", "app.localhost"),
            page_of("preview", "pr-42.preview.localhost"),
            Caller {
                name: "sandboxed",
                origin: "null".to_owned(),
                page: format!("http://localhost:{}/frame", self.pages),
                is_sandboxed: true,
            },
        ]
    }
}
