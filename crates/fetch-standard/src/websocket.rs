//! The handshake of a WebSocket.

/// The headers of the handshake of a WebSocket
/// ([WebSockets](https://websockets.spec.whatwg.org/#concept-websocket-establish), steps 3 to 8, with what
/// [fetch](https://fetch.spec.whatwg.org/#concept-fetch) and the cache mode `no-store` add), without a protocol or an
/// extension. The key is that of the example in
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

/// What `Sec-WebSocket-Accept` must be for that key, same section.
pub const WEBSOCKET_ACCEPT: &[u8] = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
