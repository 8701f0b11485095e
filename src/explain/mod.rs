//! Why: a policy explains a request.

mod cors_request;
#[expect(
    clippy::module_inception,
    reason = "the verb and its folder have one name"
)]
mod explain;
mod explanation;

pub use self::{
    cors_request::CorsRequest,
    explanation::{AllowedBy, Explanation},
};
