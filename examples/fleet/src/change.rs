//! A change of the list: checked first, then made at once, with a new version and a message.

use std::hash::{BuildHasher as _, RandomState};

use redis::Client;

use crate::{
    policy,
    source::{CHANGED, ORIGINS, VERSION},
};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// The list is these entries.
    Set,
    Add,
    Remove,
}

impl Change {
    pub(crate) async fn make(self, url: &str, origins: &[&str]) -> Result<(), String> {
        if self != Self::Remove && !origins.is_empty() {
            let checked = policy().allow_origins(origins).build();
            checked.map_err(|errors| format!("nothing was changed:\n{errors}"))?;
        }
        let client = Client::open(url).map_err(|error| error.to_string())?;
        let connection = client.get_multiplexed_async_connection().await;
        let mut connection = connection.map_err(|error| error.to_string())?;
        let mut changes = redis::pipe();
        changes.atomic();
        if self == Self::Set {
            changes.del(ORIGINS).ignore();
        }
        match self {
            _ if origins.is_empty() => {}
            Self::Set | Self::Add => drop(changes.sadd(ORIGINS, origins).ignore()),
            Self::Remove => drop(changes.srem(ORIGINS, origins).ignore()),
        }
        changes.set(VERSION, new_version()).ignore();
        changes.publish(CHANGED, "").ignore();
        let made: Result<(), _> = changes.query_async(&mut connection).await;
        made.map_err(|error| error.to_string())
    }
}

/// A random number. One that counts up would begin again in a Redis that lost its data, and be one that processes know.
fn new_version() -> String {
    format!("{:016x}", RandomState::new().hash_one(()))
}
