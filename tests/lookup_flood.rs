//! A flood of invented origins, against back ends that are fast, slow, failing, panicking and hanging; with callers
//! that disconnect, and a server that stops. It prints what was done, kept and measured:
//!
//! ```console
//! $ FLOOD=100000 cargo test --features lookup --test lookup_flood -- --nocapture
//! ```
#![expect(clippy::panic, reason = "what it asks panics")]
#![expect(clippy::print_stdout, reason = "it reports")]

use std::{
    env,
    future::pending,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use actix_cors_policy::{Cors, CorsPolicy, OriginLookup, OriginQuery};
use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};
use tokio::time::sleep;

/// How many requests a flood has, without another number in `FLOOD`.
const REQUESTS: usize = 4_000;
const CONNECTIONS: usize = 64;
/// Requests that are sent together.
const BATCH: usize = 20;
/// The share of new origins is half of it.
const MAX_IN_FLIGHT: usize = 64;
const ALLOWED: usize = 20;

/// What the back end does about an invented origin. About an allowed one, it answers after a millisecond.
#[derive(Clone, Copy, Debug, PartialEq)]
enum BackEnd {
    Fast,
    Slow,
    Failing,
    Panicking,
    Hanging,
}

#[derive(Default)]
struct Seen {
    /// Calls about invented origins, and about allowed ones.
    invented: Counter,
    allowed: Counter,
}

#[derive(Default)]
struct Counter {
    calls: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Counter {
    fn begin(&self) -> InFlight<'_> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        InFlight(self)
    }
}

struct InFlight<'c>(&'c Counter);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lookup(back_end: BackEnd, seen: &Arc<Seen>) -> OriginLookup {
    let seen = Arc::clone(seen);
    OriginLookup::new(move |query: OriginQuery| {
        let seen = Arc::clone(&seen);
        async move {
            if query.origin().starts_with("https://allowed-") {
                let _call = seen.allowed.begin();
                sleep(Duration::from_millis(1)).await;
                return Ok(true);
            }
            let _call = seen.invented.begin();
            match back_end {
                BackEnd::Fast => {}
                BackEnd::Slow => sleep(Duration::from_millis(50)).await,
                BackEnd::Failing => return Err(format!("no answer about {}", query.origin())),
                BackEnd::Panicking => panic!("about an invented origin"),
                BackEnd::Hanging => pending().await,
            }
            Ok(false)
        }
    })
    .max_in_flight(MAX_IN_FLIGHT)
    // It ends many times during the flood.
    .keep_allowed(Duration::from_millis(100), 100)
    .timeout(Duration::from_secs(2))
}

struct Server {
    address: SocketAddr,
    handle: ServerHandle,
    thread: JoinHandle<()>,
}

impl Server {
    fn start(cors: Cors) -> Self {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || {
                    App::new()
                        .wrap(cors.clone())
                        .default_service(web::to(HttpResponse::Ok))
                };
                let server = HttpServer::new(app).workers(2).disable_signals();
                let server = server.bind(("127.0.0.1", 0)).expect("a free port");
                let address = *server.addrs().first().expect("an address");
                let server = server.run();
                sender
                    .send((address, server.handle()))
                    .expect("the test waits");
                server.await.expect("it runs");
            });
        });
        let (address, handle) = receiver.recv().expect("it starts");
        Self {
            address,
            handle,
            thread,
        }
    }

    fn stop(self) {
        actix_web::rt::System::new().block_on(self.handle.stop(false));
        self.thread.join().expect("no panic");
    }
}

fn request(origin: &str) -> String {
    format!("GET / HTTP/1.1\r\nhost: api.example\r\norigin: {origin}\r\n\r\n")
}

/// Sends requests together. Gives back the text of the answers, which have no body; less if the server is gone.
fn send(stream: &mut TcpStream, origins: &[String]) -> String {
    let requests: String = origins.iter().map(|origin| request(origin)).collect();
    let mut answers = Vec::new();
    if stream.write_all(requests.as_bytes()).is_ok() {
        let mut buffer = [0; 16 * 1024];
        let ends = |answers: &[u8]| {
            let ends = answers.windows(4).filter(|window| window == b"\r\n\r\n");
            ends.count()
        };
        while ends(&answers) < origins.len() {
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => answers.extend(buffer.iter().take(count)),
                _ => break,
            }
        }
    }
    String::from_utf8(answers).expect("heads are ASCII")
}

fn connect(address: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a timeout");
    Some(stream)
}

/// Asks about invented origins, each once. Every tenth batch, the caller disconnects instead of waiting.
fn flood(address: SocketAddr, connection: usize, requests: usize) {
    let Some(mut stream) = connect(address) else {
        return;
    };
    for batch in 0..requests.div_ceil(BATCH) {
        let origin = |number| format!("https://invented-{connection}-{batch}-{number}.example");
        let origins: Vec<String> = (0..BATCH).map(origin).collect();
        if batch % 10 == 9 {
            let requests: String = origins.iter().map(|origin| request(origin)).collect();
            // The server may be gone.
            let _sent = stream.write_all(requests.as_bytes());
            let Some(next) = connect(address) else {
                return;
            };
            stream = next;
            continue;
        }
        let answers = send(&mut stream, &origins);
        assert!(!answers.contains("access-control-allow-origin"));
    }
}

/// Asks about allowed origins until the flood has ended. Gives back how long each answer took.
fn probe(address: SocketAddr, has_ended: &AtomicBool) -> Vec<Duration> {
    let mut stream = connect(address).expect("the server runs");
    let mut times = Vec::new();
    while !has_ended.load(Ordering::SeqCst) {
        for number in 0..ALLOWED {
            let origin = format!("https://allowed-{number}.example");
            let begun = Instant::now();
            let answer = send(&mut stream, std::slice::from_ref(&origin));
            times.push(begun.elapsed());
            let line = format!("access-control-allow-origin: {origin}\r\n");
            assert!(answer.contains(&line), "{origin} is allowed: {answer}");
        }
        thread::sleep(Duration::from_millis(2));
    }
    times.sort_unstable();
    times
}

/// The memory of this process, in KiB, where the system says so.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn run(back_end: BackEnd, requests: usize) {
    let seen = Arc::<Seen>::default();
    let policy = CorsPolicy::builder().allow_origin_lookup(lookup(back_end, &seen));
    let cors = Cors::new(policy.build().expect("it is good"));
    // Two servers with one layer, and so with the same answers and calls. One of them stops.
    let (server, stopping) = (Server::start(cors.clone()), Server::start(cors));
    let has_ended = AtomicBool::new(false);
    let (address, stopping_address) = (server.address, stopping.address);
    // Allowed before the flood.
    let is_over = AtomicBool::new(false);
    let before = thread::scope(|scope| {
        let probe = scope.spawn(|| probe(address, &is_over));
        thread::sleep(Duration::from_millis(300));
        is_over.store(true, Ordering::SeqCst);
        probe.join().expect("all are allowed")
    });
    let memory_before = memory();
    let begun = Instant::now();
    let times = thread::scope(|scope| {
        let probe = scope.spawn(|| probe(address, &has_ended));
        let floods: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                // Every fourth one asks the server that stops.
                let address = if connection % 4 == 3 {
                    stopping_address
                } else {
                    address
                };
                scope.spawn(move || flood(address, connection, requests / CONNECTIONS))
            })
            .collect();
        thread::sleep(Duration::from_millis(200));
        stopping.stop();
        for flood in floods {
            flood.join().expect("none is allowed");
        }
        // The time of the allowed ones ends once more.
        thread::sleep(Duration::from_millis(200));
        has_ended.store(true, Ordering::SeqCst);
        probe.join().expect("all are allowed")
    });
    let took = begun.elapsed();
    let at = |times: &[Duration], percent: usize| {
        let time = times.get(times.len() * percent / 100);
        time.or(times.last()).copied().unwrap_or_default()
    };
    let load = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
    println!(
        "{back_end:?}: {requests} invented origins in {took:.1?}: {} calls about them, {} at once at most; {} about \
         allowed ones; memory {} KiB before, {} KiB after; allowed ones in {:.1?}, {:.1?}, {:.1?} (half, 99 of 100, all \
         of {}), before in {:.1?}, {:.1?}, {:.1?}",
        load(&seen.invented.calls),
        load(&seen.invented.most),
        load(&seen.allowed.calls),
        memory_before.unwrap_or_default(),
        memory().unwrap_or_default(),
        at(&times, 50),
        at(&times, 99),
        at(&times, 100),
        times.len(),
        at(&before, 50),
        at(&before, 99),
        at(&before, 100),
    );
    assert!(load(&seen.invented.most) <= MAX_IN_FLIGHT / 2);
    assert!(load(&seen.allowed.most) <= ALLOWED, "one call for each");
    assert!(load(&seen.allowed.calls) > ALLOWED, "their time ended");
    if let (Some(before), Some(after)) = (memory_before, memory()) {
        assert!(after < before + 64 * 1024, "memory is bounded");
    }
    server.stop();
}

#[test]
fn a_flood_of_invented_origins_does_no_harm_to_allowed_ones() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str() != Some("about an invented origin") {
            hook(panic);
        }
    }));
    let requests = env::var("FLOOD").ok().and_then(|text| text.parse().ok());
    for back_end in [
        BackEnd::Fast,
        BackEnd::Slow,
        BackEnd::Failing,
        BackEnd::Panicking,
        BackEnd::Hanging,
    ] {
        run(back_end, requests.unwrap_or(REQUESTS));
    }
}
