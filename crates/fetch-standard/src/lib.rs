//! The tables and predicates of the [Fetch standard](https://fetch.spec.whatwg.org/) that the CORS protocol is made of,
//! each once and each with its section. No dependency, no allocation on the side of a server.
//!
//! Header names are in lower case, methods as the standard writes them. Each table is compared with a literal copy of the
//! standard's text in the tests.
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
        is_forbidden_response_header, is_mostly_safelisted_request_header,
        is_safelisted_response_header,
    },
    header_values::{
        MAX_SAFELISTED_VALUES, is_forbidden_request_header, is_no_cors_safelisted_request_header,
        is_safelisted_request_header,
    },
    limits::{CHROMIUM_MAX_AGE, DEFAULT_MAX_AGE, MAX_REDIRECTS},
    methods::{SAFELISTED_METHODS, is_forbidden_method, is_safelisted_method, normalized_method},
    schemes::{SPECIAL_SCHEMES, default_port, is_bad_port},
    statuses::{is_null_body_status, is_ok_status, is_redirect_status},
    token::{is_token, trim},
    websocket::{WEBSOCKET_ACCEPT, WEBSOCKET_HEADERS},
};
