//! Requests per second of a real server on loopback, measured with `wrk`.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{machine, scenarios::Scenario, subjects::Subject, table, time::median};

const SUBJECTS: [Subject; 5] = [
    Subject::Floor,
    Subject::Pass,
    Subject::Limit,
    Subject::Ours,
    Subject::ActixCors,
];
const WORKERS: [&str; 2] = ["1", "2"];
const ROUNDS: usize = 7;

/// How many requests are sent together. Without this, system calls would take so long that they hide the cost of middleware.
const PIPELINED: usize = 16;

/// Prints the table.
pub fn report(scenarios: &[Scenario]) {
    if !machine::has("wrk") {
        return;
    }
    table::head(
        "Requests per second over sockets, as a multiple of the floor",
        ["", "workers"]
            .into_iter()
            .chain(SUBJECTS.map(Subject::name)),
    );
    for scenario in scenarios.iter().filter(|scenario| scenario.is_everyday) {
        for workers in WORKERS {
            let servers = SUBJECTS.map(|subject| Server::start(subject, scenario, workers));
            let round = || {
                servers
                    .iter()
                    .map(|server| server.requests_per_second(scenario))
                    .collect()
            };
            let rounds: Vec<Vec<f64>> = (0..ROUNDS).map(|_| round()).collect();
            let ratio = |index| median(rounds.iter().map(|round| round[index] / round[0]));
            let floor = median(rounds.iter().map(|round| round[0]));
            let ratios = (1..SUBJECTS.len()).map(|index| table::multiple(ratio(index)));
            let cells = [
                scenario.name.to_owned(),
                workers.to_owned(),
                table::number(floor),
            ];
            table::row(&cells.into_iter().chain(ratios).collect::<Vec<_>>());
        }
    }
}

/// A server in a separate process: the program `server` of this package.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(subject: Subject, scenario: &Scenario, workers: &str) -> Self {
        let mut process = machine::program("server")
            .args([subject.name(), scenario.name, workers])
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

    /// Requests per second in one second.
    fn requests_per_second(&self, scenario: &Scenario) -> f64 {
        // `wrk` reads the script more than once, so it has to be a file.
        let script = env::temp_dir().join(format!("bench-{}.lua", self.process.id()));
        fs::write(&script, text(scenario)).expect("a file");
        let output = Command::new("wrk")
            .args(["-t1", "-c16", "-d1s", "-s"])
            .arg(&script)
            .arg(format!("http://127.0.0.1:{}/", self.port))
            .output()
            .expect("wrk");
        fs::remove_file(&script).expect("its file");
        let output = String::from_utf8_lossy(&output.stdout);
        let is_whole = !output.contains("Non-2xx") && !output.contains("Socket errors");
        assert!(is_whole, "{}:\n{output}", scenario.name);
        let rate = output
            .lines()
            .find_map(|line| line.strip_prefix("Requests/sec:"));
        rate.and_then(|rate| rate.trim().parse().ok())
            .expect("a rate")
    }
}

/// The script of `wrk`, which sends the request of a scenario many times.
fn text(scenario: &Scenario) -> String {
    let mut request = format!("{} / HTTP/1.1\r\n", scenario.method);
    for (name, value) in scenario.request_headers() {
        request += &format!("{name}: {value}\r\n");
    }
    format!(
        "local requests = string.rep({request:?} .. '\\r\\n', {PIPELINED})
         function request() return requests end"
    )
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server stops at the end of its input.
        drop(self.process.stdin.take());
        self.process.wait().expect("an end");
    }
}
