//! The list in Redis, as a process reads it. With another source (etcd, Consul, a table), this file is another.
//!
//! `cors:origins` is a set of entries. `cors:version` is another text after each change, never one that was there
//! before. `cors:changed` is a channel with a message for each change.

use std::time::Duration;

use actix_cors_policy::CorsPolicy;
use futures_util::StreamExt as _;
use redis::{AsyncConnectionConfig, Client, RedisError, aio::MultiplexedConnection};
use tokio::{sync::Mutex, time::sleep};

use crate::policy;

pub(crate) const ORIGINS: &str = "cors:origins";
pub(crate) const VERSION: &str = "cors:version";
pub(crate) const CHANGED: &str = "cors:changed";

/// How long to connect, and to wait for a whole list.
const CONNECT: Duration = Duration::from_millis(300);
const RESPOND: Duration = Duration::from_secs(10);

pub(crate) struct Source {
    client: Client,
    read: Mutex<Read>,
}

/// What was read last.
#[derive(Default)]
struct Read {
    connection: Option<MultiplexedConnection>,
    /// What the list of a version gave: a policy, or its errors.
    version: Option<String>,
    policy: Option<Result<CorsPolicy, String>>,
}

impl Source {
    pub(crate) fn new(url: &str) -> Result<Self, RedisError> {
        Ok(Self {
            client: Client::open(url)?,
            read: Mutex::default(),
        })
    }

    /// Compares the version, and reads the whole list if it is another one, or if the connection is new. An error keeps
    /// the last good policy in use.
    pub(crate) async fn load(&self) -> Result<CorsPolicy, String> {
        let mut read = self.read.lock().await;
        let is_connected = read.connection.is_some();
        let mut loaded = self.load_with(&mut read).await;
        if loaded.is_err() {
            // The next one connects again, and reads everything.
            *read = Read::default();
        }
        if loaded.is_err() && is_connected {
            // Redis may be there, and only the connection gone.
            loaded = self.load_with(&mut read).await;
        }
        loaded.unwrap_or_else(|error| Err(format!("cannot read from Redis: {error}")))
    }

    async fn load_with(&self, read: &mut Read) -> Result<Result<CorsPolicy, String>, RedisError> {
        let mut connection = match read.connection.take() {
            Some(connection) => connection,
            None => {
                let limits = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(CONNECT))
                    .set_response_timeout(Some(RESPOND));
                let client = &self.client;
                client
                    .get_multiplexed_async_connection_with_config(&limits)
                    .await?
            }
        };
        let version: Option<String> = redis::cmd("GET")
            .arg(VERSION)
            .query_async(&mut connection)
            .await?;
        if read.policy.is_none() || read.version != version {
            // Both at the same moment.
            let (version, entries): (Option<String>, Vec<String>) = redis::pipe()
                .atomic()
                .get(VERSION)
                .smembers(ORIGINS)
                .query_async(&mut connection)
                .await?;
            read.policy = Some(compile(version.as_deref(), entries));
            read.version = version;
        }
        read.connection = Some(connection);
        Ok(read
            .policy
            .clone()
            .unwrap_or_else(|| Err("nothing was read".to_owned())))
    }

    /// Says when there is something new: after each message, and after each time that messages may have been missed.
    pub(crate) async fn listen(&self, changed: impl Fn()) {
        loop {
            if let Ok(mut messages) = self.client.get_async_pubsub().await
                && messages.subscribe(CHANGED).await.is_ok()
            {
                changed();
                let mut messages = messages.into_on_message();
                while messages.next().await.is_some() {
                    changed();
                }
            }
            // What fails is said by `load`.
            sleep(CONNECT).await;
        }
    }
}

/// The policy of a list. A Redis that lost its data has no version, and is not a list without entries.
fn compile(version: Option<&str>, mut entries: Vec<String>) -> Result<CorsPolicy, String> {
    if version.is_none() {
        return Err(format!("there is no list in Redis: `{VERSION}` is not set"));
    }
    // A set has no order. The same list gives the same policy.
    entries.sort_unstable();
    let builder = if entries.is_empty() {
        policy().allow_no_origin()
    } else {
        policy().allow_origins(entries)
    };
    builder.build().map_err(|errors| errors.to_string())
}
