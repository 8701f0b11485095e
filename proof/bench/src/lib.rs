//! Benchmarks of the middleware, compared with others: `cargo run --release -p bench`.

#![expect(
    missing_docs,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

pub mod actix;
pub mod allocations;
pub mod compile;
pub mod end_to_end;
pub mod goals;
pub mod instructions;
pub mod layers;
pub mod machine;
pub mod memory;
pub mod policies;
pub mod readme;
pub mod scenarios;
pub mod subjects;
pub mod table;
pub mod time;
pub mod tower;
