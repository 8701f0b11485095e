//! Look-ups: requests that wait for an answer about their origin, the calls that are under way, and the answers that are
//! kept.

mod answers;
mod asking;
mod failures;
mod in_flight;
mod lookups;

pub(super) use self::{
    asking::{Decided, Undecided, Waiting},
    lookups::Lookups,
};
