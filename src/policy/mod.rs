//! What is allowed: from settings to a policy that decides.

mod allowed_headers;
mod builder;
mod causes;
mod changes;
mod compile;
mod decision;
#[cfg(feature = "serde")]
mod deserialize;
mod display;
mod env;
mod files;
mod locations;
#[cfg(feature = "lookup")]
mod looked_up;
mod meant_names;
mod names;
mod near_miss;
#[cfg(feature = "lookup")]
mod origin_lookup;
mod outcome;
#[expect(
    clippy::module_inception,
    reason = "the type and its folder have one name"
)]
mod policy;
mod reason;
mod registered;
mod rejection;
mod request_headers;
mod request_host;
mod rules;
mod same_origin;
mod setting;
mod sources;
mod warnings;

#[cfg(feature = "lookup")]
pub use self::origin_lookup::{OriginLookup, OriginQuery};
pub use self::{
    builder::CorsPolicyBuilder,
    causes::Cause,
    display::SettingValue,
    near_miss::NearMiss,
    policy::CorsPolicy,
    reason::{Denial, Outcome, RequestKind},
    request_host::request_host,
};
pub(crate) use self::{
    causes::{causes, reasons},
    changes::changes,
    decision::{AllowedOrigin, Decision, Preflight, decide, decide_origin},
    files::StampedFile,
    reason::Reason,
    request_headers::RequestedHeaders,
    rules::{Origins, Rules},
};
#[cfg(feature = "lookup")]
pub(crate) use self::{
    looked_up::decide_looked_up,
    origin_lookup::{BorrowedQuery, Keep, Verdict},
};
