//! An app with one handler for each way in which a response comes about, and two ways to ask it: in process and over
//! a socket.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use actix_cors_policy::{Cors, CorsPolicy, PolicyErrors};
use actix_web::{
    App, Error, HttpResponse, HttpServer,
    body::{BodyStream, MessageBody},
    dev::{ServerHandle, Service as _, ServiceResponse},
    error::{ErrorImATeapot, ErrorInternalServerError},
    http::{Method, StatusCode, Version, header},
    middleware::{Compress, from_fn},
    test, web,
};
use futures_util::{FutureExt as _, StreamExt as _, stream};

/// A policy from variables written `NAME=value`, one a line, without the prefix; `\n` in a value is a line break.
pub(crate) fn policy(vars: &str) -> CorsPolicy {
    try_policy(vars).unwrap_or_else(|errors| panic!("{vars}:\n{errors}"))
}

pub(crate) fn try_policy(vars: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::from_vars(
        "CORS_",
        vars.lines().map(|line| {
            let (name, value) = line.split_once('=').expect("NAME=value");
            (format!("CORS_{name}"), value.replace("\\n", "\n"))
        }),
    )
}

/// How often a handler, or the default service, was called.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<AtomicUsize>);

impl Calls {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// The routes. Every response header that is not of CORS must survive, so some handlers set such.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::route().to(HttpResponse::Ok))
        .route(
            "/headers",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .insert_header(("x-zebra", "1"))
                    .insert_header(("X-Apple", "2"))
                    .insert_header(("set-cookie", "a=b"))
                    .insert_header(("cache-control", "no-store"))
                    .insert_header(("content-type", "text/plain"))
                    .body("x")
            }),
        )
        .route(
            "/plain",
            web::get().to(|| async { HttpResponse::Ok().finish() }),
        )
        .route("/own", web::route().to(own_headers))
        .route(
            "/own-star",
            web::get().to(|| async { HttpResponse::Ok().insert_header(("vary", "*")).finish() }),
        )
        .route(
            "/fail",
            web::get()
                .to(|| async { Err::<HttpResponse, Error>(ErrorImATeapot("handler failed")) }),
        )
        .route(
            "/not-modified",
            web::get().to(|| async {
                HttpResponse::NotModified()
                    .insert_header(("etag", "\"1\""))
                    .insert_header(("x-tag", "1"))
                    .insert_header(("vary", "accept-encoding"))
                    .finish()
            }),
        )
        .service(
            web::resource("/vary")
                .wrap(Compress::default())
                .route(web::get().to(|| async {
                    HttpResponse::Ok()
                        .append_header(("vary", "accept-language, cookie"))
                        .append_header(("vary", "Cookie, x-tenant"))
                        .content_type("text/plain")
                        .body("a".repeat(10_000))
                })),
        )
        .service(
            web::scope("/inner-error")
                .wrap(from_fn(
                    |_, _: actix_web::middleware::Next<actix_web::body::BoxBody>| async {
                        let mut error: Error = ErrorInternalServerError("a layer inside failed");
                        error.add_response_mapper(|mut response| {
                            let headers = response.headers_mut();
                            headers
                                .insert(header::VARY, header::HeaderValue::from_static("cookie"));
                            headers.insert(
                                header::ACCESS_CONTROL_ALLOW_ORIGIN,
                                header::HeaderValue::from_static("https://evil.example"),
                            );
                            response
                        });
                        Err::<ServiceResponse, _>(error)
                    },
                ))
                .route("", web::get().to(HttpResponse::Ok)),
        )
        .service(web::resource("/get-only").route(web::get().to(HttpResponse::Ok)))
        .route(
            "/stream",
            web::get().to(|| async {
                let chunks = stream::iter(["one ", "two"])
                    .map(|text| Ok::<_, Error>(web::Bytes::from(text)));
                HttpResponse::Ok().body(BodyStream::new(chunks))
            }),
        )
        .route(
            "/events",
            web::get().to(|| async {
                let events = stream::iter(0..3)
                    .map(|number| Ok::<_, Error>(web::Bytes::from(format!("data: {number}\n\n"))));
                HttpResponse::Ok()
                    .content_type("text/event-stream")
                    .streaming(events)
            }),
        )
        .route(
            "/socket",
            web::get().to(|| async {
                HttpResponse::SwitchingProtocols()
                    .upgrade("websocket")
                    .streaming(stream::pending::<Result<web::Bytes, Error>>())
            }),
        )
        .route(
            "/file",
            web::get().to(|| async { actix_files::NamedFile::open_async("Cargo.toml").await }),
        )
        .service(
            web::scope("/guarded")
                .guard(actix_web::guard::Header("x-guard", "1"))
                .route("", web::get().to(HttpResponse::Ok)),
        );
}

async fn own_headers() -> HttpResponse {
    let mut response = HttpResponse::Created();
    for name in OWNED {
        response
            .append_header((name, "https://evil.example"))
            .append_header((name, "*"));
    }
    response
        .append_header(("vary", "x-one"))
        .append_header(("Vary", "X-Two"))
        .append_header(("x-kept", "1"))
        .finish()
}

/// The six response headers that the policy owns.
const OWNED: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-expose-headers",
];

/// `App::new()` with routes and a layer around them.
macro_rules! app {
    ($calls:expr, $cors:expr, $routes:expr) => {{
        let calls: Calls = $calls;
        App::new()
            .configure($routes)
            .wrap_fn(move |request, service| {
                calls.0.fetch_add(1, Ordering::SeqCst);
                service.call(request)
            })
            .wrap($cors)
    }};
}

/// An answer as a test wants to compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By lower-case name, each line of a header in its order.
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The lines of one header.
    pub(crate) fn header(&self, name: &str) -> &[String] {
        self.headers.get(name).map_or(&[], Vec::as_slice)
    }

    /// The status, and then every CORS response header and `Vary`, sorted by name: the whole set and nothing else.
    pub(crate) fn summary(&self) -> String {
        let mut lines = vec![self.status.to_string()];
        for (name, values) in &self.headers {
            if name.starts_with("access-control-") || name == "vary" {
                lines.extend(values.iter().map(|value| format!("{name}: {value}")));
            }
        }
        lines.join("\n")
    }
}

/// Several requests to one app in process, and how often its inside was called.
///
/// A request is written as its first line without a version, and its headers.
pub(crate) fn ask_all(policy: CorsPolicy, requests: &[&str]) -> (Vec<Answer>, usize) {
    actix_web::rt::System::new().block_on(async {
        let calls = Calls::default();
        let app = test::init_service(app!(calls.clone(), Cors::new(policy), routes)).await;
        let mut answers = Vec::new();
        for request in requests {
            let answer = match app.call(parse_request(request).to_request()).await {
                Ok(response) => answer_of(response.into_parts().1).await,
                Err(error) => answer_of(error.error_response()).await,
            };
            answers.push(answer);
        }
        (answers, calls.count())
    })
}

pub(crate) fn ask(policy: CorsPolicy, request: &str) -> (Answer, bool) {
    let (mut answers, calls) = ask_all(policy, &[request]);
    (answers.pop().expect("one answer"), calls == 1)
}

/// The `Vary` lines of a response whose handler set these.
pub(crate) fn vary_of(policy: CorsPolicy, lines: &[String]) -> Vec<String> {
    actix_web::rt::System::new().block_on(async {
        let lines = lines.to_vec();
        let handler = move || {
            let lines = lines.clone();
            async move {
                let mut response = HttpResponse::Ok();
                for line in lines {
                    response.append_header(("vary", line));
                }
                response.finish()
            }
        };
        let app = App::new()
            .route("/", web::get().to(handler))
            .wrap(Cors::new(policy));
        let app = test::init_service(app).await;
        let response = test::call_service(&app, test::TestRequest::get().to_request()).await;
        answer_of(response.into_parts().1)
            .await
            .header("vary")
            .to_vec()
    })
}

pub(crate) fn parse_request(text: &str) -> test::TestRequest {
    let mut lines = text.lines();
    let (method, path) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("METHOD /path");
    let mut request = test::TestRequest::with_uri(path)
        .method(Method::from_bytes(method.as_bytes()).expect("a method"));
    for line in lines {
        // As a request of HTTP/2 has it, which is written with no other line of its own.
        if let Some(authority) = line.strip_prefix(":authority: ") {
            request = request.version(Version::HTTP_2);
            request = request.uri(&format!("https://{authority}{path}"));
            continue;
        }
        let (name, value) = line.split_once(':').expect("name: value");
        // Latin-1, so that a test can write any byte as one character.
        let value: Vec<u8> = value
            .trim()
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
            .collect();
        request = request.append_header((
            name,
            header::HeaderValue::from_bytes(&value).expect("a value"),
        ));
    }
    request
}

async fn answer_of<B: MessageBody>(response: HttpResponse<B>) -> Answer {
    let status = response.status().as_u16();
    let mut headers = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.entry(name.to_string()).or_default().push(value);
    }
    // A body that never ends is that of an upgrade.
    let body = if status == StatusCode::SWITCHING_PROTOCOLS.as_u16() {
        Vec::new()
    } else {
        let body = actix_web::body::to_bytes(response.into_body()).await;
        body.unwrap_or_else(|_| panic!("a body fails")).to_vec()
    };
    Answer {
        status,
        headers,
        body,
    }
}

/// What a server speaks.
pub(crate) enum Connections {
    Plain,
    Either,
    Tls(Box<rustls::ServerConfig>),
}

/// A server on a loopback port of its own, stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) calls: Calls,
    handle: ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(policy: CorsPolicy) -> Self {
        Self::serve(Cors::new(policy), routes)
    }

    pub(crate) fn serve(cors: Cors, routes: fn(&mut web::ServiceConfig)) -> Self {
        Self::run(cors, routes, Connections::Plain)
    }

    /// Whether HTTP/1.1 or HTTP/2 comes, without TLS.
    pub(crate) fn serve_h2c(cors: Cors) -> Self {
        Self::run(cors, routes, Connections::Either)
    }

    /// On a connection with TLS.
    pub(crate) fn serve_tls(cors: Cors, tls: rustls::ServerConfig) -> Self {
        Self::run(cors, routes, Connections::Tls(Box::new(tls)))
    }

    pub(crate) fn run(
        cors: Cors,
        routes: fn(&mut web::ServiceConfig),
        connections: Connections,
    ) -> Self {
        let calls = Calls::default();
        let (sender, receiver) = mpsc::channel();
        let inner = calls.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || app!(inner.clone(), cors.clone(), routes))
                    .workers(2)
                    .disable_signals();
                let port = ("127.0.0.1", 0);
                let server = match connections {
                    Connections::Plain => server.bind(port),
                    Connections::Either => server.bind_auto_h2c(port),
                    Connections::Tls(tls) => server.bind_rustls_0_23(port, *tls),
                };
                let server = server.expect("a free port");
                let address = *server.addrs().first().expect("an address");
                let server = server.run();
                sender
                    .send((address, server.handle()))
                    .expect("the test waits");
                server.await.expect("the server runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the server starts");
        Self {
            address,
            calls,
            handle,
            thread: Some(thread),
        }
    }

    pub(crate) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a timeout");
        Connection {
            stream,
            buffer: Vec::new(),
        }
    }

    /// One request over HTTP/2, which has an authority, or none and perhaps a line of `Host`.
    pub(crate) fn ask_h2(&self, authority: Option<&str>, request: &str) -> Answer {
        let asked = parse_request(request).to_request();
        let mut uri = asked.path().to_owned();
        // Without an authority, the client takes it that a request of HTTP/1.1 is passed on.
        let mut version = Version::HTTP_11;
        if let Some(authority) = authority {
            uri = format!("http://{authority}{uri}");
            version = Version::HTTP_2;
        }
        let mut made = http::Request::new(());
        *made.method_mut() = asked.method().clone();
        *made.uri_mut() = uri.parse().expect("a target");
        *made.version_mut() = version;
        for (name, value) in &asked.head().headers {
            made.headers_mut().append(name, value.clone());
        }
        let address = self.address;
        actix_web::rt::System::new().block_on(async move {
            let socket = actix_web::rt::net::TcpStream::connect(address).await;
            let socket = socket.expect("the server listens");
            let (mut client, connection) = h2::client::handshake(socket).await.expect("HTTP/2");
            actix_web::rt::spawn(connection);
            let (response, _) = client.send_request(made, true).expect("a request");
            let (parts, mut body) = response.await.expect("an answer").into_parts();
            let mut answer = Answer {
                status: parts.status.as_u16(),
                headers: BTreeMap::new(),
                body: Vec::new(),
            };
            for (name, value) in &parts.headers {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                let lines = answer.headers.entry(name.to_string()).or_default();
                lines.push(value);
            }
            while let Some(chunk) = body.data().await {
                answer.body.extend(chunk.expect("a chunk"));
            }
            answer
        })
    }

    /// One request on a connection of its own.
    pub(crate) fn ask(&self, request: &str) -> Answer {
        self.connect().ask(request)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The future may be dropped: the command is sent when it is made.
        let _: Option<()> = self.handle.stop(false).now_or_never();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// A connection that is kept open.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: impl std::net::ToSocketAddrs) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a timeout");
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Sends a request, written as for [`ask_all`], and reads the whole answer.
    pub(crate) fn ask(&mut self, request: &str) -> Answer {
        let (first, headers) = request.split_once('\n').unwrap_or((request, ""));
        let mut bytes = format!("{first} HTTP/1.1\r\n").into_bytes();
        if !request.contains("\nhost: ") {
            bytes.extend(b"host: 127.0.0.1\r\n");
        }
        for line in headers.lines() {
            bytes.extend(
                line.chars()
                    .map(|c| u8::try_from(u32::from(c)).expect("Latin-1")),
            );
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        self.send(&bytes, first.starts_with("HEAD"))
    }

    pub(crate) fn send(&mut self, bytes: &[u8], is_head: bool) -> Answer {
        self.write(bytes);
        let head = self.read_head();
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok())
            .expect("a status line");
        let mut headers = BTreeMap::<String, Vec<String>>::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').expect("name: value");
            headers
                .entry(name.to_ascii_lowercase())
                .or_default()
                .push(value.trim().to_owned());
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let has_no_body = is_head || matches!(status, 101 | 204 | 304);
        if answer.header("transfer-encoding") == ["chunked"] && !has_no_body {
            loop {
                let size = self.read_until(b"\r\n");
                let size = String::from_utf8_lossy(&size);
                let size = usize::from_str_radix(size.trim(), 16).expect("a chunk's size");
                let mut chunk = self.read_exactly(size + 2);
                chunk.truncate(size);
                if chunk.is_empty() {
                    break;
                }
                answer.body.extend(chunk);
            }
        } else if !has_no_body {
            let length = answer
                .header("content-length")
                .first()
                .map_or(0, |length| length.parse().expect("a length"));
            answer.body = self.read_exactly(length);
        }
        answer
    }

    /// Sends bytes and reads nothing: several requests at once, or what is no request at all.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server reads");
    }

    /// The next head as it comes, its empty line included.
    pub(crate) fn read_head(&mut self) -> Vec<u8> {
        self.read_until(b"\r\n\r\n")
    }

    /// All that the server still sends before it closes the connection.
    pub(crate) fn read_to_end(mut self) -> Vec<u8> {
        self.stream
            .read_to_end(&mut self.buffer)
            .expect("the server closes the connection");
        self.buffer
    }

    fn read_until(&mut self, end: &[u8]) -> Vec<u8> {
        loop {
            if let Some(start) = self
                .buffer
                .windows(end.len())
                .position(|window| window == end)
            {
                return self.buffer.drain(..start + end.len()).collect();
            }
            self.fill();
        }
    }

    fn read_exactly(&mut self, length: usize) -> Vec<u8> {
        while self.buffer.len() < length {
            self.fill();
        }
        self.buffer.drain(..length).collect()
    }

    fn fill(&mut self) {
        let mut chunk = [0; 65_536];
        let read = self
            .stream
            .read(&mut chunk)
            .expect("the server answers in time");
        assert!(
            read > 0,
            "the server closed the connection after {:?}",
            String::from_utf8_lossy(&self.buffer)
        );
        self.buffer.extend(chunk.iter().take(read));
    }
}
