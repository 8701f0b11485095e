//! The only module that imports the `http` types which actix-web re-exports, and its request head.
//!
//! All other modules import them from here, so a new major version of either crate changes one file.

pub(crate) use actix_web::{
    dev::RequestHead,
    http::{
        Method, StatusCode, Uri, Version,
        header::{
            ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
            ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
            ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, COOKIE, FORWARDED, HOST, HeaderMap,
            HeaderName, HeaderValue, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS, X_FORWARDED_HOST,
            X_FORWARDED_PROTO,
        },
    },
    web::Bytes,
};
