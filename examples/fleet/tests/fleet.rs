//! Three processes follow a Redis that is stopped and started, that is emptied, and that loses its messages. Each change
//! is in each process within a second, and nothing wrong is ever allowed or denied. Needs `redis-server`.
#![expect(clippy::print_stdout, reason = "it reports how long changes took")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use redis::Commands as _;

const SECOND: Duration = Duration::from_secs(1);
/// In every list.
const ALWAYS: &str = "https://always.example";
/// In none.
const NEVER: &str = "https://never.example";

/// Ends a process when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

struct Redis {
    port: u16,
    folder: PathBuf,
    server: Option<Running>,
}

impl Redis {
    fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let folder = std::env::temp_dir().join(format!("fleet-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let server = None;
        let mut redis = Self {
            port,
            folder,
            server,
        };
        drop(listener);
        redis.start();
        redis
    }

    /// What was there before is there again.
    fn start(&mut self) {
        let mut command = Command::new("redis-server");
        command
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args([
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                "",
            ])
            .arg("--dir")
            .arg(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().expect("redis-server is installed");
        self.server = Some(Running(child));
        let begun = Instant::now();
        while self.ask::<String>(&["PING"]).is_err() {
            assert!(begun.elapsed() < 10 * SECOND, "Redis starts");
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn stop(&mut self) {
        self.server = None;
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> redis::RedisResult<T> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_connection()?;
        let (name, arguments) = words.split_first().expect("a command");
        redis::cmd(name).arg(arguments).query(&mut connection)
    }

    /// The example's own command.
    fn change(&self, arguments: &[&str]) -> Result<(), String> {
        let output = Command::new(env!("CARGO_BIN_EXE_fleet"))
            .args(arguments)
            .env("REDIS_URL", self.url())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            Ok(())
        } else {
            Err(said)
        }
    }

    /// As a program that checks nothing and tells nobody.
    fn change_silently(&self, entries: &[&str], version: &str) {
        let client = redis::Client::open(self.url()).expect("a URL");
        let mut connection = client.get_connection().expect("Redis runs");
        let mut changes = redis::pipe();
        changes
            .atomic()
            .del("cors:origins")
            .sadd("cors:origins", entries);
        changes.set("cors:version", version);
        let _: () = changes.query(&mut connection).expect("it is done");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

struct Server {
    address: SocketAddr,
    log: Arc<Mutex<String>>,
    _process: Running,
}

impl Server {
    fn start(redis: &Redis) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fleet"))
            .arg("serve")
            .env("REDIS_URL", redis.url())
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let log = Arc::<Mutex<String>>::default();
        let (kept, mut lines) = (Arc::clone(&log), child.stderr.take().expect("it is piped"));
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = lines.read(&mut buffer) {
                let text =
                    String::from_utf8_lossy(buffer.get(..count).unwrap_or_default()).into_owned();
                kept.lock().expect("no panic").push_str(&text);
            }
        });
        let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says where");
        let address = line.trim().strip_prefix("Listening on http://");
        let address = address.and_then(|address| address.parse().ok());
        Self {
            address: address.expect("an address"),
            log,
            _process: Running(child),
        }
    }

    fn allows(&self, origin: &str) -> bool {
        allows(self.address, origin)
    }

    fn logged(&self, text: &str) -> usize {
        self.log.lock().expect("no panic").matches(text).count()
    }
}

fn allows(address: SocketAddr, origin: &str) -> bool {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request =
        format!("GET / HTTP/1.1\r\nhost: a\r\norigin: {origin}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    answer.contains(&format!("access-control-allow-origin: {origin}\r\n"))
}

/// Waits until each process allows and denies these. It may take a second.
fn within_a_second(what: &str, servers: &[Server], allowed: &[&str], denied: &[&str]) {
    let begun = Instant::now();
    for server in servers {
        let is_so = || {
            allowed.iter().all(|origin| server.allows(origin))
                && !denied.iter().any(|origin| server.allows(origin))
        };
        while !is_so() {
            assert!(
                begun.elapsed() < SECOND,
                "{what}: {}",
                server.log.lock().expect("no panic")
            );
            thread::sleep(Duration::from_millis(5));
        }
    }
    println!("{what}: {:.0?}", begun.elapsed());
}

#[test]
fn each_change_is_in_each_process_within_a_second() {
    let (a, b, c) = (
        "https://a.example",
        "https://b.example",
        "https://c.example",
    );
    let mut redis = Redis::new();
    let servers: Vec<Server> = (0..3).map(|_| Server::start(&redis)).collect();
    within_a_second("no list", &servers, &[], &[ALWAYS, a, b, c]);
    redis.change(&["set", ALWAYS, a]).expect("it is good");
    within_a_second("the first list", &servers, &[ALWAYS, a], &[b, c]);

    // From now on, this one is always allowed, and the other one never.
    let addresses: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
    let is_over = AtomicBool::new(false);
    let asked = AtomicUsize::new(0);
    thread::scope(|scope| {
        let watching = scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                for address in &addresses {
                    assert!(allows(*address, ALWAYS), "it is always allowed");
                    assert!(!allows(*address, NEVER), "it is never allowed");
                    asked.fetch_add(2, Ordering::SeqCst);
                }
                thread::sleep(Duration::from_millis(2));
            }
        });
        // It must end, also if the test fails.
        struct Over<'o>(&'o AtomicBool);
        impl Drop for Over<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let over = Over(&is_over);

        redis.change(&["add", b]).expect("it is good");
        within_a_second("added", &servers, &[a, b], &[c]);
        redis.change(&["remove", a]).expect("it is good");
        within_a_second("removed", &servers, &[b], &[a, c]);
        for number in 0..20 {
            let (add, remove) = if number % 2 == 0 { (a, b) } else { (b, a) };
            redis.change(&["set", ALWAYS, add]).expect("it is good");
            within_a_second("one after the other", &servers, &[add], &[remove]);
        }

        redis.change_silently(&[ALWAYS, c], "without a message");
        within_a_second("a message was lost", &servers, &[c], &[a, b]);
        let _: i64 = redis
            .ask(&["CLIENT", "KILL", "TYPE", "pubsub"])
            .expect("it is done");
        redis.change(&["set", ALWAYS, a]).expect("it is good");
        within_a_second("the channel was lost", &servers, &[a], &[b, c]);
        let _: i64 = redis
            .ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
            .expect("it is done");
        redis.change_silently(&[ALWAYS, b], "after the connections");
        within_a_second("the connections were lost", &servers, &[b], &[a, c]);

        redis.stop();
        thread::sleep(2 * SECOND);
        for server in &servers {
            assert!(server.allows(b) && !server.allows(a), "the last list stays");
            assert_eq!(
                server.logged("cannot read from Redis"),
                1,
                "it is logged once"
            );
        }
        // The change is there before any process connects again.
        redis.start();
        redis.change_silently(&[ALWAYS, c], "while nobody was connected");
        within_a_second("Redis was started again", &servers, &[c], &[a, b]);

        let _: String = redis.ask(&["FLUSHALL"]).expect("it is done");
        thread::sleep(2 * SECOND);
        for server in &servers {
            assert!(server.allows(c) && !server.allows(a), "the last list stays");
            assert_eq!(
                server.logged("there is no list in Redis"),
                2,
                "once more than at the start"
            );
        }
        redis.change(&["set", ALWAYS, a]).expect("it is good");
        within_a_second("Redis was flushed", &servers, &[a], &[b, c]);

        // A bad entry is refused by name, by the command and by each process, and the last list stays.
        let said = redis
            .change(&["add", b, "https://c.example/"])
            .expect_err("it is bad");
        assert_eq!(
            said,
            "nothing was changed:\nallow_origins, entry 2: origin must not have a path: \
             `https://c.example/` (write `https://c.example`)\n"
        );
        redis.change_silently(&[ALWAYS, b, "https://c.example/"], "with a bad entry");
        thread::sleep(2 * SECOND);
        for server in &servers {
            assert!(server.allows(a) && !server.allows(b), "the last list stays");
            assert_eq!(
                server.logged("`https://c.example/` (write `https://c.example`)"),
                1
            );
        }
        redis
            .change(&["remove", "https://c.example/"])
            .expect("it is good");
        within_a_second("the bad entry was removed", &servers, &[b], &[a, c]);

        drop(over);
        watching
            .join()
            .expect("nothing was missed, and nothing was wrong");
    });
    println!(
        "{} requests in between were answered right",
        asked.load(Ordering::SeqCst)
    );
    let client = redis::Client::open(redis.url()).expect("a URL");
    let left: usize = client
        .get_connection()
        .and_then(|mut connection| connection.scard("cors:origins"))
        .expect("Redis runs");
    assert_eq!(left, 2);
}
