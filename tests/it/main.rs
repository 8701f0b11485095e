//! Behaviour, through the public API. One binary: what needs a process of its own (a logger, an allocator) stands
//! beside it.

#![expect(clippy::panic, reason = "a helper of a test fails it by a panic")]

mod support;

mod api;
mod cases;
mod diagnostics;
mod environment;
mod errors;
mod explain;
mod flat;
mod hostile;
mod hostile_origins;
mod hostile_text;
mod house;
mod laws;
mod model;
mod paths;
mod programs;
mod readme;
mod regexes;
mod rejected;
mod shown;
mod stacked;
mod swap;
mod tls;
mod wire;
