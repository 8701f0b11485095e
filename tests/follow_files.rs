//! A file that changes a hundred times under load, by rename, by a link that is swapped and in place, a third of the versions
//! broken: a program of its own, because it takes its time.

#![cfg(unix)]

use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use actix_cors_policy::{Cors, CorsHandle, CorsPolicy};
use actix_web::{App, HttpResponse, HttpServer, web};

const EVERY: Duration = Duration::from_millis(40);

/// A folder of one test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("cors-{name}-{}", process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The version that a policy was built from, and that it is whole: the first and the last line name it.
fn version(policy: &CorsPolicy) -> Option<usize> {
    let text = policy.to_string();
    let numbers: Vec<usize> = text
        .lines()
        .filter_map(|line| {
            line.split_once("https://v")?
                .1
                .split_once('-')?
                .0
                .parse()
                .ok()
        })
        .collect();
    match (
        numbers.first(),
        numbers.last(),
        text.contains("-last.example"),
    ) {
        (Some(first), Some(last), true) if first == last => Some(*first),
        _ => None,
    }
}

fn lines(version: usize, is_broken: bool) -> String {
    let broken = if is_broken { "/" } else { "" };
    format!(
        "https://v{version}-first.example{broken}\n# the middle\nhttps://v{version}-last.example\n"
    )
}

/// Writes a version in one of the three ways. Whether it was quick: a pause as long as a look cannot be told from an end.
fn write(path: &Path, version: usize, text: &str) -> bool {
    let start = Instant::now();
    let aside = path.with_extension(format!("v{}", version % 2));
    match version % 3 {
        0 => {
            fs::write(&aside, text).expect("a file");
            fs::rename(&aside, path).expect("it is renamed");
        }
        1 => {
            fs::write(&aside, text).expect("a file");
            let link = path.with_extension("link");
            symlink(&aside, &link).expect("a link");
            fs::rename(&link, path).expect("it is swapped");
        }
        _ => {
            let target = fs::canonicalize(path).expect("it is there");
            let mut file = fs::File::create(target).expect("a file");
            let (head, tail) = text.split_at(text.len() / 2);
            file.write_all(head.as_bytes()).expect("a half");
            file.sync_all().expect("it is on the disk");
            file.write_all(tail.as_bytes()).expect("the other half");
        }
    }
    start.elapsed() < EVERY / 2
}

fn wait_for(what: &str, is_done: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_done() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// All that was in force, looked at again and again.
fn watch(
    handle: CorsHandle,
    is_over: Arc<AtomicBool>,
) -> thread::JoinHandle<BTreeSet<Option<usize>>> {
    thread::spawn(move || {
        let mut seen = BTreeSet::new();
        while !is_over.load(Ordering::Relaxed) {
            seen.insert(version(&handle.policy()));
            thread::sleep(Duration::from_millis(1));
        }
        seen
    })
}

/// A client that asks for as long as the test runs.
fn ask(address: std::net::SocketAddr, is_over: Arc<AtomicBool>) -> thread::JoinHandle<usize> {
    use std::io::{Read as _, Write as _};

    thread::spawn(move || {
        let mut count = 0;
        let mut stream = std::net::TcpStream::connect(address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a limit");
        let request = b"GET / HTTP/1.1\r\nhost: a\r\norigin: https://always.example\r\n\r\n";
        let mut bytes = [0; 4096];
        while !is_over.load(Ordering::Relaxed) {
            stream.write_all(request).expect("it is sent");
            let read = stream.read(&mut bytes).expect("an answer");
            let answer = String::from_utf8_lossy(bytes.get(..read).expect("read"));
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert!(
                answer.contains("access-control-allow-origin: https://always.example"),
                "{answer}"
            );
            count += 1;
        }
        count
    })
}

#[test]
fn each_whole_version_arrives_and_no_other() {
    let folder = Folder::new("follow");
    let path = folder.file("origins.txt");
    fs::write(&path, lines(0, false)).expect("a file");
    let source = path.clone();
    let load = move || {
        CorsPolicy::builder()
            .allow_origin("https://always.example")
            .allow_origins_from_file(&source)
            .build()
    };
    let cors = Cors::new(load().expect("it is good"));
    let handle = cors.handle();
    let (told, tell) = std::sync::mpsc::channel();
    let serving = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let server = HttpServer::new(move || {
                App::new()
                    .route("/", web::get().to(HttpResponse::Ok))
                    .wrap(cors.clone())
            });
            let server = server.workers(1).bind(("127.0.0.1", 0)).expect("a port");
            let address = server.addrs()[0];
            let server = server.run();
            told.send((address, server.handle()))
                .expect("the test waits");
            server.await
        })
    });
    let (address, server) = tell.recv().expect("it serves");

    let is_over = Arc::new(AtomicBool::new(false));
    let follower = handle.follow_files(EVERY, load);
    let watched = watch(handle.clone(), Arc::clone(&is_over));
    let asked = ask(address, Arc::clone(&is_over));

    let mut good = BTreeSet::from([Some(0)]);
    let mut was_quick = true;
    for number in 1..=100 {
        // Every third version is broken, in each of the three ways of writing.
        let is_broken = (number / 3) % 3 == 1;
        was_quick &= write(&path, number, &lines(number, is_broken));
        if is_broken {
            // Complete for two looks, and never taken.
            thread::sleep(EVERY * 4);
        } else {
            good.insert(Some(number));
            wait_for(&format!("version {number} arrives"), || {
                version(&handle.policy()) == Some(number)
            });
        }
    }
    fs::remove_file(&path).expect("a file");
    thread::sleep(EVERY * 4);
    assert_eq!(
        version(&handle.policy()),
        Some(100),
        "a file that is gone leaves the last good policy"
    );
    write(&path, 102, &lines(102, false));
    good.insert(Some(102));
    wait_for("it is back", || version(&handle.policy()) == Some(102));

    // What was dropped takes no notice.
    drop(follower);
    write(&path, 105, &lines(105, false));
    thread::sleep(EVERY * 4);
    assert_eq!(version(&handle.policy()), Some(102));

    is_over.store(true, Ordering::Relaxed);
    let seen = watched.join().expect("it watched");
    let requests = asked.join().expect("it asked");
    actix_web::rt::System::new().block_on(server.stop(false));
    serving
        .join()
        .expect("it served")
        .expect("without an error");
    assert!(requests > 100, "{requests}");
    if was_quick {
        assert_eq!(seen, good);
    } else {
        assert!(seen.is_superset(&good));
    }
}

#[test]
fn a_refresh_loads_and_what_is_no_change_does_not() {
    let folder = Folder::new("refresh");
    let path = folder.file("origins.txt");
    fs::write(&path, lines(1, false)).expect("a file");
    let calls = Arc::new(Mutex::new(0));
    let (counted, source) = (Arc::clone(&calls), path.clone());
    let load = move || {
        *counted.lock().expect("a count") += 1;
        CorsPolicy::builder()
            .allow_origins_from_file(&source)
            .build()
    };
    let count = || *calls.lock().expect("a count");
    let handle = Cors::new(load().expect("it is good")).handle();
    let follower = handle.follow_files(EVERY, load);
    thread::sleep(EVERY * 5);
    assert_eq!(count(), 1, "nothing changed");
    follower.refresh();
    wait_for("a refresh", || count() == 2);
    fs::write(&path, lines(2, false)).expect("a file");
    wait_for("a change", || version(&handle.policy()) == Some(2));
    assert_eq!(count(), 3);
    drop(follower);

    // A policy that was built from no file is loaded at once.
    let handle = Cors::new(CorsPolicy::deny_all()).handle();
    let load = move || CorsPolicy::builder().allow_origins_from_file(&path).build();
    let _follower = handle.follow_files(Duration::ZERO, load);
    wait_for("the first load", || version(&handle.policy()) == Some(2));
}

/// What is written while a load fails is read all the same, and a first load is tried until it succeeds.
#[test]
fn no_good_version_is_lost() {
    let folder = Folder::new("lost");
    let (path, good) = (folder.file("origins.txt"), folder.file("good.txt"));
    fs::write(&path, lines(1, false)).expect("a file");
    let source = path.clone();
    let load = move || {
        let policy = CorsPolicy::builder()
            .allow_origins_from_file(&source)
            .build();
        if policy.is_err() {
            // Between the read that failed and its end.
            drop(fs::rename(folder.file("good.txt"), &source));
        }
        policy
    };
    let handle = Cors::new(load().expect("it is good")).handle();
    let follower = handle.follow_files(EVERY, load);
    fs::write(&good, lines(3, false)).expect("a file");
    fs::write(&path, lines(2, true)).expect("a file");
    wait_for("the good version", || version(&handle.policy()) == Some(3));
    drop(follower);

    let folder = Folder::new("later");
    let path = folder.file("origins.txt");
    let source = path.clone();
    let load = move || {
        CorsPolicy::builder()
            .allow_origins_from_file(&source)
            .build()
    };
    let handle = Cors::new(CorsPolicy::deny_all()).handle();
    let _follower = handle.follow_files(EVERY, load);
    thread::sleep(EVERY * 3);
    fs::write(&path, lines(7, false)).expect("a file");
    wait_for("the first version", || version(&handle.policy()) == Some(7));
}

/// A load during which its file changed is made again, also if nothing else would begin one.
#[test]
fn a_file_that_changes_during_a_refresh_is_loaded_again() {
    let folder = Folder::new("changing");
    let path = folder.file("origins.txt");
    let source = path.clone();
    let calls = Mutex::new(0);
    let load = move || {
        let policy = CorsPolicy::builder()
            .allow_origins_from_file(&source)
            .build();
        let mut calls = calls.lock().expect("a count");
        *calls += 1;
        if *calls == 1 {
            fs::write(&source, lines(10, false)).expect("a file");
        }
        policy
    };
    fs::write(&path, lines(9, false)).expect("a file");
    let handle = Cors::new(CorsPolicy::deny_all()).handle();
    let _follower = handle.follow_files(Duration::ZERO, load);
    wait_for("the last version", || version(&handle.policy()) == Some(10));
}
