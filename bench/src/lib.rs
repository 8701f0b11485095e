//! What the layer costs beside others: `cargo run --release -p bench`.

pub mod actix;
pub mod allocations;
pub mod end_to_end;
pub mod instructions;
pub mod layers;
pub mod machine;
pub mod memory;
pub mod policies;
pub mod scenarios;
pub mod subjects;
pub mod table;
pub mod time;
pub mod tower;
