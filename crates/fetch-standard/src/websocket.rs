//! The opening handshake of a WebSocket connection.

/// The request headers of an opening handshake that offers no subprotocol and no extension: the headers that
/// [establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish) sets in steps 3 to
/// 8, and those that [fetch](https://fetch.spec.whatwg.org/#concept-fetch) and the cache mode `no-store` add.
///
/// A browser makes a random `Sec-WebSocket-Key`. This one is the key of the example in
/// [RFC 6455, section 1.3](https://www.rfc-editor.org/rfc/rfc6455#section-1.3).
pub const WEBSOCKET_HEADERS: [(&str, &str); 7] = [
    ("upgrade", "websocket"),
    ("connection", "Upgrade"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
    ("accept", "*/*"),
    ("pragma", "no-cache"),
    ("cache-control", "no-cache"),
];

/// The value of `Sec-WebSocket-Accept` with which a server must answer the key in [`WEBSOCKET_HEADERS`], from the same
/// section of RFC 6455.
pub const WEBSOCKET_ACCEPT: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
