//! The same over sockets: every row of policies again, and answers as odd as servers give them.

use std::{
    future::Future,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::{App, HttpServer, rt};
use cors_test_browser::{Blocked, Body, Browser, Exchange, Fetch, Fetched, Wire};

use crate::{
    cases,
    support::{API, PAGE, Verdict, Verdict::Reads, block_on, browser, policy, routes, verdict},
};

/// Runs an app on a port of its own while something asks it.
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
fn rows_are_the_same_over_sockets() {
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
                .fold(Wire::new(), |wire, origin| wire.at(origin, address));
            let fetched = browser(page).fetch(&wire, fetch).await;
            let got = (verdict(&fetched), fetched.preflights());
            assert_eq!(
                got,
                (wanted, preflights),
                "{name}: {:#?}",
                fetched.exchanges()
            );
        }));
    }
}

#[test]
fn without_a_map_the_url_says_where() {
    block_on(serving(
        policy("ALLOWED_ORIGINS=https://app.example.com\nALLOWED_METHODS=PUT"),
        |address| async move {
            let mut browser = Browser::at(PAGE);
            for host in ["127.0.0.1", "localhost", "a.localhost"] {
                let url = format!("http://{host}:{}/echo?a=b#c", address.port());
                let fetched = browser
                    .fetch(&Wire::new(), Fetch::put(&url).body("hi"))
                    .await;
                assert_eq!(
                    (verdict(&fetched), fetched.preflights()),
                    (Reads(200), 1),
                    "{url}"
                );
                assert_eq!(fetched.text(), "hi");
                assert_eq!(fetched.url(), url.trim_end_matches("#c"));
            }
            let stream = Fetch::put(format!("http://{address}/echo")).body(Body::stream(*b"flow"));
            assert_eq!(browser.fetch(&Wire::new(), stream).await.text(), "flow");
            let empty = Fetch::put(format!("http://{address}/echo")).body(Body::stream(*b""));
            assert_eq!(browser.fetch(&Wire::new(), empty).await.text(), "");
            let redirect = format!(
                "http://{address}/to/307?http://localhost:{}/echo",
                address.port()
            );
            let fetched = browser
                .fetch(&Wire::new(), Fetch::post(redirect).body("hi"))
                .await;
            // Another origin redirected: `null`, which the policy does not allow.
            assert!(
                matches!(fetched.blocked_by(), Some(Blocked::Check(_))),
                "{fetched:#?}"
            );
            assert_eq!(
                fetched
                    .exchanges()
                    .last()
                    .and_then(|last| last.sent("origin")),
                Some("null")
            );
        },
    ));
}

/// What a page gets of a server that sends these bytes, and closes the connection or waits.
fn raw(bytes: &'static [u8], closes: bool, fetch: Fetch) -> Fetched {
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
        // In pieces, so that every address is one where a read may end.
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
            // Until the other side gives up.
            drop(stream.read(&mut byte));
        }
    });
    let wire = Wire::new()
        .at(API, address)
        .patience(Duration::from_millis(300));
    let fetched = block_on(async { Browser::at(PAGE).fetch(&wire, fetch).await });
    server.join().expect("no panic");
    fetched
}

/// What it is, what comes, whether the connection is closed then, what was asked, the status and the body.
type Row = (&'static str, &'static [u8], bool, Fetch, u16, &'static str);

#[test]
fn answers_are_read_however_they_end() {
    let get = || Fetch::get(API);
    #[rustfmt::skip]
    let rows: [Row; 10] = [
        ("a length", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nbodyrest", false, get(), 200, "body"),
        ("chunks", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", false, get(), 200, "body"),
        ("the connection's end", b"HTTP/1.0 200 OK\r\naccess-control-allow-origin: *\r\n\r\nbody", true, get(), 200, "body"),
        ("an informational answer before", b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n", false, get(), 200, ""),
        ("no body by HEAD", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\n", false, Fetch::head(API), 200, ""),
        ("no body by 204", b"HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\n\r\n", false, get(), 204, ""),
        ("no body by 304", b"HTTP/1.1 304 Not Modified\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\n", false, get(), 304, ""),
        ("no reason", b"HTTP/1.1 299\r\naccess-control-allow-origin:*\r\ncontent-length: 0\r\n\r\n", false, get(), 299, ""),
        ("an endless one unread", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\ndata: 1\n\n", false, get().without_body(), 200, ""),
        ("two lines", b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-a\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n", false, get(), 200, ""),
    ];
    for (name, bytes, closes, fetch, status, text) in rows {
        let fetched = raw(bytes, closes, fetch);
        assert_eq!(verdict(&fetched), Reads(status), "{name}");
        assert_eq!(fetched.text(), text, "{name}");
        if name == "two lines" {
            assert_eq!(fetched.header("x-a"), Some("1, 2"));
        }
    }
}

#[test]
fn what_is_no_answer_blocks() {
    #[rustfmt::skip]
    let rows: [(&str, &'static [u8], bool); 7] = [
        ("nothing", b"", false),
        ("an end at once", b"", true),
        ("half a head", b"HTTP/1.1 200 OK\r\naccess-control-", true),
        ("no head", b"hello, this is no HTTP\r\n\r\n", true),
        ("half a body", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 4\r\n\r\nbo", true),
        ("no length", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: four\r\n\r\n", true),
        ("no chunk", b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", true),
    ];
    for (name, bytes, closes) in rows {
        let fetched = raw(bytes, closes, Fetch::get(API));
        let Verdict::By(Blocked::Network(why)) = verdict(&fetched) else {
            panic!("{name}: {fetched:#?}");
        };
        assert!(!why.is_empty(), "{name}");
        assert_eq!(fetched.exchanges().last().and_then(Exchange::status), None);
    }
}

#[test]
fn nobody_there_is_no_answer() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    block_on(async {
        let mut browser = Browser::at(PAGE);
        let network = |fetched: Fetched| match fetched.blocked_by() {
            Some(Blocked::Network(why)) => why,
            other => panic!("{other:?}"),
        };
        let fetched = browser
            .fetch(&Wire::new(), Fetch::get(format!("http://{address}/")))
            .await;
        assert!(network(fetched).starts_with("cannot connect to http://127.0.0.1:"));
        let fetched = browser.fetch(&Wire::new(), Fetch::get(API)).await;
        assert_eq!(
            network(fetched),
            "no TLS is spoken: say where https://api.example.com is, by Wire::at"
        );
    });
    for (origin, address) in [("api.example.com", "127.0.0.1:80"), (API, "127.0.0.1")] {
        assert!(
            std::panic::catch_unwind(|| Wire::new().at(origin, address)).is_err(),
            "{origin}"
        );
    }
}
