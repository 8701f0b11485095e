//! What each page asks of the API: the rows of the matrix, from what needs no leave to what needs most.

use actix_cors_policy::CorsRequest;
use serde::Serialize;

/// The header whose reading a policy has to permit.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// A request as a page makes it.
#[derive(Serialize)]
pub(crate) struct Request {
    id: &'static str,
    name: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: Option<&'static str>,
    has_credentials: bool,
    /// A header of the answer that the page wants to read.
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
        name: "GET, answered 401",
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
    /// It in the words of the crate, sent by a page of `origin` to `address`.
    pub(crate) fn from(&self, origin: &str, address: &str) -> CorsRequest {
        // All content types here are such that a browser asks before it sends them.
        let names = self.headers.iter().map(|(name, _)| name);
        let request = CorsRequest::actual(origin, self.method)
            .headers(names)
            .to(address);
        if self.has_credentials {
            request.credentials()
        } else {
            request
        }
    }
}
