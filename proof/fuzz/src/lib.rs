//! What the targets share: the middleware around a handler, and inputs in the notation of the tests.

mod layer;
mod oracle;
#[path = "../../../tests/it/model.rs"]
mod model;
mod text;

pub use self::{
    layer::{Layer, admits},
    oracle::whole_match,
    text::{Policy, Request, header_value, is_obeyed, variables},
};

/// Whether the model says that an entry, or a pattern, admits what may be an origin.
pub fn entry_admits(entry: &str, origin: &str) -> bool {
    match actix_cors_policy::Origin::parse(origin) {
        Some(origin) => model::entry_admits(entry, &origin),
        None => origin == "null" && entry == origin,
    }
}
