//! The browser for tests, through the public API: rows over apps in process and over sockets.

mod cases;
mod cookies;
mod messages;
mod preflights;
mod redirects;
mod responses;
mod sent;
mod support;
mod wire;
