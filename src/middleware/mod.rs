//! How it is sent: the middleware, the headers of responses, and policies that change while the server runs.

mod attempt;
mod cors;
mod diagnostics;
mod follow;
mod follow_files;
mod follow_target;
mod follower;
mod future;
mod handle;
mod header_value;
mod headers;
mod live;
mod log;
#[cfg(feature = "lookup")]
mod lookup;
mod nesting;
mod observe;
mod prefixes;
mod preflight;
mod respond;
mod said_once;
mod vary;

pub use self::{cors::Cors, follower::Follower, handle::CorsHandle, observe::CorsEvent};
pub(crate) use self::{
    headers::{LocalPolicy, PendingHeaders},
    respond::{Action, answer},
};
