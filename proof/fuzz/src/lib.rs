//! What the targets share: the middleware around a handler, and inputs in the notation of the tests.

mod layer;
#[path = "../../../tests/it/model.rs"]
mod model;
mod oracle;
#[path = "../../../tests/it/sample.rs"]
mod sample;
mod text;

pub use self::{
    layer::{Layer, admits},
    oracle::whole_match,
    text::{Policy, Request, header_value, is_obeyed, variables},
};

/// Makes texts that a regex matches, at random.
pub struct Sampler(sample::Sampler);

impl Sampler {
    pub fn new(regex: &str, seed: u64) -> Option<Self> {
        sample::Sampler::new(regex, seed).map(Self)
    }

    pub fn text(&mut self) -> Option<String> {
        self.0.text()
    }
}

/// Whether the model says that an entry, or a pattern, admits what may be an origin.
pub fn entry_admits(entry: &str, origin: &str) -> bool {
    match actix_cors_policy::Origin::parse(origin) {
        Some(origin) => model::entry_admits(entry, &origin),
        None => origin == "null" && entry == origin,
    }
}
