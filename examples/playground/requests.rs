//! The requests that each page sends to the API: the rows of the matrix, from those that need no permission to those that
//! need most.

use actix_cors_policy::CorsRequest;
use cors_test_browser::{Credentials, Fetch};
use serde::Serialize;

/// A response header that a page can read only if the policy exposes it.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// A request of a page.
#[derive(Serialize)]
pub(crate) struct Request {
    id: &'static str,
    name: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: Option<&'static str>,
    has_credentials: bool,
    /// A response header that the page wants to read.
    pub(crate) reads: Option<&'static str>,
}

const GET: Request = Request {
    id: "get",
    name: "GET",
    method: "GET",
    path: "/items",
    headers: &[],
    body: None,
    has_credentials: false,
    reads: None,
};

pub(crate) static REQUESTS: [Request; 10] = [
    GET,
    Request {
        id: "post-text",
        name: "POST, plain text",
        method: "POST",
        body: Some("pear"),
        ..GET
    },
    Request {
        id: "unauthorized",
        name: "GET with response 401",
        path: "/private",
        ..GET
    },
    Request {
        id: "exposed",
        name: "GET, reads x-request-id",
        reads: Some(REQUEST_ID),
        ..GET
    },
    Request {
        id: "credentials",
        name: "GET with cookies",
        has_credentials: true,
        ..GET
    },
    Request {
        id: "post-json",
        name: "POST, JSON",
        method: "POST",
        headers: &[("content-type", "application/json")],
        body: Some("\"pear\""),
        ..GET
    },
    Request {
        id: "tenant",
        name: "GET with header x-tenant",
        headers: &[("x-tenant", "blue")],
        ..GET
    },
    Request {
        id: "authorization",
        name: "GET with header authorization",
        path: "/private",
        headers: &[("authorization", "Bearer demonstration")],
        ..GET
    },
    Request {
        id: "put",
        name: "PUT",
        method: "PUT",
        body: Some("pear"),
        ..GET
    },
    Request {
        id: "delete",
        name: "DELETE",
        method: "DELETE",
        ..GET
    },
];

impl Request {
    /// This request as a [`CorsRequest`], from a page of `origin` to `server`.
    pub(crate) fn to_cors_request(&self, origin: &str, server: &str) -> CorsRequest {
        // None of the content types here is safelisted, so every header needs a preflight.
        let names = self.headers.iter().map(|(name, _)| name);
        let request = CorsRequest::actual(origin, self.method)
            .headers(names)
            .to(server);
        if self.has_credentials {
            request.credentials()
        } else {
            request
        }
    }
    /// This request as a page sends it to `server`.
    pub(crate) fn to_fetch(&self, server: &str) -> Fetch {
        let mut fetch = Fetch::new(self.method, format!("{server}{}", self.path));
        for (name, value) in self.headers {
            fetch = fetch.header(*name, *value);
        }
        if let Some(body) = self.body {
            fetch = fetch.body(body);
        }
        if self.has_credentials {
            fetch = fetch.credentials(Credentials::Include);
        }
        fetch
    }
}
