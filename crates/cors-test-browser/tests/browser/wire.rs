//! Tests over sockets: the table of policies again, and unusual responses.

use std::{
    future::Future,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, rt};
use cors_test_browser::{Blocked, Body, Browser, Exchange, Fetch, Response, Wire};

use crate::{
    cases,
    support::{API, Outcome, Outcome::Reads, PAGE, block_on, browser, outcome, policy, routes},
};

/// Runs an app on a free port, and calls `ask` with its address.
async fn serving<F: Future>(policy: CorsPolicy, ask: impl FnOnce(SocketAddr) -> F) -> F::Output {
    let cors = Cors::new(policy);
    let server = HttpServer::new(move || App::new().configure(routes).wrap(cors.clone()))
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a free port");
    let address = *server.addrs().first().expect("an address");
    let server = server.run();
    let handle = server.handle();
    let running = rt::spawn(server);
    let asked = ask(address).await;
    handle.stop(false).await;
    running.await.expect("no panic").expect("it runs");
    asked
}

#[test]
fn pages_get_the_same_over_sockets() {
    for (name, vars, page, fetch, wanted, preflights) in cases::rows() {
        block_on(serving(policy(vars), |address| async move {
            let origins = [
                API,
                PAGE,
                "http://api.example.com",
                "https://api.example.com:6670",
                "http://127.0.0.2:8080",
                "http://a.localhost",
                "http://[::1]:8080",
            ];
            let wire = origins
                .iter()
                .fold(Wire::new(), |wire, origin| wire.resolve(origin, address));
            let response = browser(page).fetch(&wire, fetch).await;
            let got = (outcome(&response), response.preflights());
            assert_eq!(
                got,
                (wanted, preflights),
                "{name}: {:#?}",
                response.exchanges()
            );
        }));
    }
}

#[test]
fn without_resolve_the_url_has_the_address() {
    block_on(serving(
        policy("ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=PUT"),
        |address| async move {
            let mut browser = Browser::at(PAGE);
            for host in ["127.0.0.1", "localhost", "a.localhost"] {
                let url = format!("http://{host}:{}/echo?a=b#c", address.port());
                let response = browser
                    .fetch(&Wire::new(), Fetch::put(&url).body("hi"))
                    .await;
                assert_eq!(
                    (outcome(&response), response.preflights()),
                    (Reads(200), 1),
                    "{url}"
                );
                assert_eq!(response.text(), "hi");
                assert_eq!(response.url(), url.trim_end_matches("#c"));
            }
            let stream = Fetch::put(format!("http://{address}/echo")).body(Body::stream(*b"flow"));
            assert_eq!(browser.fetch(&Wire::new(), stream).await.text(), "flow");
            let empty = Fetch::put(format!("http://{address}/echo")).body(Body::stream(*b""));
            assert_eq!(browser.fetch(&Wire::new(), empty).await.text(), "");
            let redirect = format!(
                "http://{address}/to/307?http://localhost:{}/echo",
                address.port()
            );
            let response = browser
                .fetch(&Wire::new(), Fetch::post(redirect).body("hi"))
                .await;
            // After the redirect by another origin, the origin is `null`, which the policy does not allow.
            assert!(
                matches!(response.blocked_by(), Some(Blocked::CorsCheck(_))),
                "{response:#?}"
            );
            assert_eq!(
                response
                    .exchanges()
                    .last()
                    .and_then(|last| last.request_header("origin")),
                Some("null")
            );
        },
    ));
}

/// The response that a page gets from a server that sends these bytes and then closes the connection or keeps it open.
fn raw(bytes: &'static [u8], closes: bool, fetch: Fetch) -> Response {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("a head");
            request.push(byte[0]);
        }
        // Byte by byte, so that a read can end after every byte.
        for byte in bytes {
            if stream
                .write_all(&[*byte])
                .and_then(|()| stream.flush())
                .is_err()
            {
                break;
            }
        }
        if !closes {
            // Waits until the client closes the connection.
            drop(stream.read(&mut byte));
        }
    });
    let wire = Wire::new()
        .resolve(API, address)
        .timeout(Duration::from_millis(300));
    let response = block_on(async { Browser::at(PAGE).fetch(&wire, fetch).await });
    server.join().expect("no panic");
    response
}

/// A name, the bytes of the response, whether the server then closes the connection, the request, the status and the body.
type Row = (&'static str, &'static [u8], bool, Fetch, u16, &'static str);

#[test]
fn responses_are_read_with_every_kind_of_end() {
    let get = || Fetch::get(API);
    #[rustfmt::skip]
    let rows: [Row; 10] = [
        ("ends after Content-Length", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nbodyrest", false, get(), 200, "body"),
        ("ends with the last chunk", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", false, get(), 200, "body"),
        ("ends when the connection closes", b"HTTP/1.0 200 OK\r\naccess-control-allow-origin: *\r\n\r\nbody", true, get(), 200, "body"),
        ("comes after an informational response", b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n", false, get(), 200, ""),
        ("has no body because of HEAD", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\n", false, Fetch::head(API), 200, ""),
        ("has no body because of status 204", b"HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\n\r\n", false, get(), 204, ""),
        ("has no body because of status 304", b"HTTP/1.1 304 Not Modified\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\n", false, get(), 304, ""),
        ("has no reason phrase", b"HTTP/1.1 299\r\naccess-control-allow-origin:*\r\ncontent-length: 0\r\n\r\n", false, get(), 299, ""),
        ("never ends and its body is not read", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\ndata: 1\n\n", false, get().ignore_response_body(), 200, ""),
        ("has two lines of a header", b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-a\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n", false, get(), 200, ""),
    ];
    for (name, bytes, closes, fetch, status, text) in rows {
        let response = raw(bytes, closes, fetch);
        assert_eq!(outcome(&response), Reads(status), "{name}");
        assert_eq!(response.text(), text, "{name}");
        if name == "has two lines of a header" {
            assert_eq!(response.header("x-a"), Some("1, 2"));
        }
    }
}

#[test]
fn an_incomplete_response_is_a_network_error() {
    #[rustfmt::skip]
    let rows: [(&str, &'static [u8], bool); 7] = [
        ("the server sends nothing", b"", false),
        ("the connection closes at once", b"", true),
        ("the connection closes within the head", b"HTTP/1.1 200 OK\r\naccess-control-", true),
        ("the response is not HTTP", b"hello, this is not HTTP\r\n\r\n", true),
        ("the connection closes within the body", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nbo", true),
        ("Content-Length is not a number", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: four\r\n\r\n", true),
        ("a chunk has no valid size", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", true),
    ];
    for (name, bytes, closes) in rows {
        let response = raw(bytes, closes, Fetch::get(API));
        let Outcome::BlockedBy(Blocked::Network(why)) = outcome(&response) else {
            panic!("{name}: {response:#?}");
        };
        assert!(!why.is_empty(), "{name}");
        assert_eq!(response.exchanges().last().and_then(Exchange::status), None);
    }
}

#[test]
fn an_unreachable_server_is_a_network_error() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    block_on(async {
        let mut browser = Browser::at(PAGE);
        let network = |response: Response| match response.blocked_by() {
            Some(Blocked::Network(why)) => why,
            other => panic!("{other:?}"),
        };
        let response = browser
            .fetch(&Wire::new(), Fetch::get(format!("http://{address}/")))
            .await;
        assert!(network(response).starts_with("cannot connect to http://127.0.0.1:"));
        let response = browser.fetch(&Wire::new(), Fetch::get(API)).await;
        assert_eq!(
            network(response),
            "TLS is not supported: set the address for https://api.example.com with Wire::resolve"
        );
    });
    for (origin, address) in [("api.example.com", "127.0.0.1:80"), (API, "127.0.0.1")] {
        assert!(
            std::panic::catch_unwind(|| Wire::new().resolve(origin, address)).is_err(),
            "{origin}"
        );
    }
}
