//! The code that the targets share: the middleware around a handler, and inputs in the notation of the tests.

mod test_app;
#[path = "../../../tests/it/model.rs"]
mod model;
mod oracle;
#[path = "../../../tests/it/sample.rs"]
mod sample;
mod text;

pub use self::{
    test_app::{TestApp, admits},
    oracle::{is_regex, whole_match},
    text::{Policy, Request, header_value, is_obeyed, variables},
};

/// Makes random texts that a regex matches.
pub struct Sampler(sample::Sampler);

impl Sampler {
    pub fn new(regex: &str, seed: u64) -> Option<Self> {
        sample::Sampler::new(regex, seed).map(Self)
    }

    pub fn text(&mut self) -> Option<String> {
        self.0.text()
    }
}

/// Whether an exact entry or a pattern entry admits a text that may be an origin, according to the model.
pub fn entry_admits(entry: &str, origin: &str) -> bool {
    match actix_cors_policy::Origin::parse(origin) {
        Some(origin) => model::entry_admits(entry, &origin),
        None => origin == "null" && entry == origin,
    }
}
