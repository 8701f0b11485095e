//! The systems that are compared with ours: how each is started, and its rows.

pub mod actix_cors;
mod actix_cors_rows;
mod actix_cors_setups;
pub mod apache;
pub mod controls;
pub mod django;
pub mod express;
mod express_rows;
mod facts_of_frameworks;
mod facts_of_servers;
mod fixtures;
pub mod nginx;
pub mod reasons;
pub mod system;
pub mod tower_http;
mod tower_http_rows;
mod tower_http_setups;
