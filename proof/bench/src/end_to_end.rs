//! Requests per second of a real server on loopback, and the CPU time that it needs for them, measured with `h2load`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{
    machine,
    scenarios::Scenario,
    subjects::Subject,
    table::{self, Table},
};

const SUBJECTS: [Subject; 6] = [
    Subject::Floor,
    Subject::Pass,
    Subject::Limit,
    Subject::Ours,
    Subject::Swapped,
    Subject::ActixCors,
];
const WORKERS: [&str; 2] = ["1", "2"];
/// Short and many: what else the machine does changes slowly, and so it is the same for all servers of a round.
const ROUNDS: usize = 25;

const CONNECTIONS: &str = "16";

/// A protocol, and how many requests each connection sends together. Without that, system calls would take so long that
/// they hide the cost of middleware.
#[derive(Clone, Copy)]
struct Protocol {
    name: &'static str,
    options: &'static [&'static str],
    /// How many requests each server gets in each round.
    requests: usize,
}

const PROTOCOLS: [Protocol; 2] = [
    Protocol {
        name: "HTTP/1.1",
        options: &["--h1", "-m16"],
        requests: 20_000,
    },
    // Without TLS, and with prior knowledge.
    Protocol {
        name: "HTTP/2",
        options: &["-m32"],
        requests: 8_000,
    },
];

/// Prints both tables.
pub fn report(scenarios: &[Scenario], is_whole: bool) {
    if !machine::has("h2load") {
        return;
    }
    let names = SUBJECTS.map(Subject::name);
    let columns = [&["", "protocol", "workers"], &names[..]].concat();
    let title = "Requests per second over sockets, as a multiple of the floor";
    let mut rates = Table::new("rates", title, &columns);
    let mut cpu_rows = Vec::new();
    for scenario in scenarios.iter().filter(|scenario| scenario.is_everyday) {
        for protocol in PROTOCOLS {
            for workers in WORKERS {
                let rounds = measure(scenario, protocol, workers);
                let head = [scenario.name, protocol.name, workers].map(str::to_owned);
                let rate = |turn: &Turn| turn.requests_per_second;
                let cells = cells(&rounds, rate, table::number);
                rates.row(&[&head[..], &cells].concat());
                let cpu = |turn: &Turn| turn.cpu_nanoseconds;
                let time = |nanoseconds| format!("{} ns", table::number(nanoseconds));
                let cells = self::cells(&rounds, cpu, time);
                cpu_rows.push([&head[..], &cells].concat());
            }
        }
    }
    rates.finish(is_whole);
    let title = "CPU time of the server for a request over sockets, as a multiple of the floor";
    let mut cpu = Table::new("cpu", title, &columns);
    for row in cpu_rows {
        cpu.row(&row);
    }
    cpu.finish(is_whole);
}

/// What one server did in one round.
struct Turn {
    requests_per_second: f64,
    /// For each request.
    cpu_nanoseconds: f64,
}

/// The rounds; in each, the subjects take turns. Each round begins with another one, because what runs first on a machine that
/// is busy otherwise may be better or worse off.
fn measure(scenario: &Scenario, protocol: Protocol, workers: &str) -> Vec<Vec<Turn>> {
    let servers = SUBJECTS.map(|subject| Server::start(subject, scenario, protocol, workers));
    // Connections, pools and branch predictors are warm afterwards.
    for server in &servers {
        server.take_turn(scenario, protocol);
    }
    let round = |first: usize| {
        let order = (0..servers.len()).map(|index| (first + index) % servers.len());
        let mut turns: Vec<(usize, Turn)> = order
            .map(|index| (index, servers[index].take_turn(scenario, protocol)))
            .collect();
        turns.sort_by_key(|(index, _)| *index);
        turns.into_iter().map(|(_, turn)| turn).collect()
    };
    (0..ROUNDS).map(round).collect()
}

/// The median of the floor, and for each other subject the median and the quartiles of its ratio to the floor of the same
/// round.
fn cells(
    rounds: &[Vec<Turn>],
    value: impl Fn(&Turn) -> f64,
    floor: impl Fn(f64) -> String,
) -> Vec<String> {
    let values = |of: &dyn Fn(&Vec<Turn>) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
    };
    let [_, median, _] = values(&|round| value(&round[0]));
    let ratio = |index: usize| {
        let [lower, median, upper] = values(&|round| value(&round[index]) / value(&round[0]));
        format!("{median:.2} ({lower:.2}–{upper:.2})")
    };
    [floor(median)]
        .into_iter()
        .chain((1..SUBJECTS.len()).map(ratio))
        .collect()
}

/// A server in a separate process: the program `server` of this package.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(subject: Subject, scenario: &Scenario, protocol: Protocol, workers: &str) -> Self {
        let mut process = machine::program("server")
            .args([subject.name(), scenario.name, protocol.name, workers])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        Self {
            process,
            port: line.trim().parse().expect("a port"),
        }
    }

    fn take_turn(&self, scenario: &Scenario, protocol: Protocol) -> Turn {
        let before = self.cpu_nanoseconds();
        let requests_per_second = self.load(scenario, protocol);
        let taken = self.cpu_nanoseconds() - before;
        Turn {
            requests_per_second,
            cpu_nanoseconds: taken / protocol.requests as f64,
        }
    }

    /// Sends the requests, and returns how many were answered per second.
    fn load(&self, scenario: &Scenario, protocol: Protocol) -> f64 {
        let mut command = Command::new("h2load");
        command
            .args(["-n", &protocol.requests.to_string(), "-c", CONNECTIONS])
            .args(["--connection-inactivity-timeout", "10s"])
            .args(protocol.options)
            .args(["-H", &format!(":method: {}", scenario.method)]);
        for (name, value) in scenario.request_headers() {
            match name {
                // HTTP/2 does not have it.
                "connection" => &mut command,
                "host" => command.args(["-H", &format!(":authority: {value}")]),
                _ => command.args(["-H", &format!("{name}: {value}")]),
            };
        }
        command.arg(format!("http://127.0.0.1:{}/", self.port));
        let output = command.output().expect("h2load");
        let output = String::from_utf8_lossy(&output.stdout);
        let succeeded = format!("{} succeeded,", protocol.requests);
        assert!(output.contains(&succeeded), "{}:\n{output}", scenario.name);
        let rate = output
            .lines()
            .find_map(|line| line.strip_prefix("finished in ")?.split(", ").nth(1));
        rate.and_then(|rate| rate.strip_suffix(" req/s")?.parse().ok())
            .expect("a rate")
    }

    /// The CPU time of all threads, as Linux counts it.
    fn cpu_nanoseconds(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).expect("its threads");
        let nanoseconds = |task: fs::DirEntry| machine::cpu_nanoseconds(&task.path());
        tasks.flatten().map(nanoseconds).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server stops at the end of its input.
        drop(self.process.stdin.take());
        self.process.wait().expect("an end");
    }
}
