//! The tables and predicates of the [Fetch standard](https://fetch.spec.whatwg.org/) that the CORS protocol uses, each
//! with a link to its section.
//!
//! The crate has no dependencies. Functions that take a header name expect it in lower case. Methods are spelled as the
//! standard spells them, and they are case-sensitive. The tests compare each table with a copy of the standard's text.
//!
//! # Examples
//!
//! ```
//! assert!(fetch_standard::is_safelisted_request_header("range", b"bytes=0-99"));
//! assert!(!fetch_standard::is_safelisted_request_header("range", b"bytes=99-0"));
//! assert!(fetch_standard::is_forbidden_method(b"trace"));
//! assert_eq!(fetch_standard::normalized_method("delete"), Some("DELETE"));
//! assert_eq!(fetch_standard::normalized_method("patch"), None);
//! ```

mod header_names;
mod header_values;
mod limits;
mod methods;
mod schemes;
mod statuses;
mod token;
mod websocket;

pub use self::{
    header_names::{
        NON_WILDCARD_REQUEST_HEADER, REQUEST_BODY_HEADERS, is_forbidden_request_header_name,
        is_forbidden_response_header_name, is_mostly_safelisted_request_header,
        is_safelisted_response_header_name,
    },
    header_values::{
        MAX_SAFELISTED_VALUES_SIZE, is_forbidden_request_header,
        is_no_cors_safelisted_request_header, is_safelisted_request_header,
    },
    limits::{CHROMIUM_MAX_AGE, DEFAULT_MAX_AGE, MAX_REDIRECTS},
    methods::{SAFELISTED_METHODS, is_forbidden_method, is_safelisted_method, normalized_method},
    schemes::{DEFAULT_PORTS, default_port, is_bad_port},
    statuses::{is_null_body_status, is_ok_status, is_redirect_status},
    token::{is_token, trim_tabs_and_spaces},
    websocket::{WEBSOCKET_ACCEPT, WEBSOCKET_HEADERS},
};
