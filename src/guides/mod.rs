//! Guides: how CORS works, recipes, moving from other software, proxies, production, and denied requests.

#[doc = include_str!("how_cors_works.md")]
pub mod how_cors_works {}

#[doc = include_str!("cors_and_cross_site_requests.md")]
pub mod cors_and_cross_site_requests {}

#[doc = include_str!("recipes.md")]
pub mod recipes {}

#[doc = include_str!("from_actix_cors.md")]
pub mod from_actix_cors {}

#[doc = include_str!("from_tower_http.md")]
pub mod from_tower_http {}

#[doc = include_str!("from_express.md")]
pub mod from_express {}

#[doc = include_str!("from_django.md")]
pub mod from_django {}

#[doc = include_str!("from_nginx.md")]
pub mod from_nginx {}

#[doc = include_str!("from_apache.md")]
pub mod from_apache {}

#[doc = include_str!("behind_a_proxy.md")]
pub mod behind_a_proxy {}

#[doc = include_str!("environment.md")]
pub mod environment {}

#[doc = include_str!("production.md")]
pub mod production {}

#[doc = include_str!("why_was_my_request_denied.md")]
pub mod why_was_my_request_denied {}
