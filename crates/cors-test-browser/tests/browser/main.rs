//! Tests of the public API: tables of requests to apps in the same process and over sockets.

mod blocked_messages;
mod cases;
mod cookies;
mod preflights;
mod redirects;
mod requests;
mod responses;
mod support;
mod wire;
