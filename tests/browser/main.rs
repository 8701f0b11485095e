//! The browser for tests, through the public API: rows over apps in process and over sockets, and a law over policies and
//! requests.

mod cases;
mod cookies;
mod laws;
mod messages;
#[expect(
    dead_code,
    reason = "only what a policy admits is read here, not how it is answered"
)]
#[path = "../it/model.rs"]
mod model;
mod preflights;
mod redirects;
mod responses;
mod sent;
mod support;
mod wire;
