//! Whole programs: the examples, with variables of their own.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

use actix_cors_policy::CorsPolicy;

use crate::support::Connection;

/// The examples that are run here.
const EXAMPLES: [&str; 9] = [
    "environment",
    "metrics",
    "predicate",
    "reload",
    "rollout",
    "scopes",
    "server",
    "tenants",
    "test_your_cors",
];

/// The path of an example's program.
///
/// `cargo test --test it` alone builds no examples, and an old one would be worse than none, so they are built here: with the
/// features of this program, so that `cargo test` has built them already.
fn example(name: &str) -> PathBuf {
    static BUILT: LazyLock<Vec<PathBuf>> = LazyLock::new(build_examples);
    let is_it = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == name);
    let path = BUILT.iter().find(is_it);
    path.unwrap_or_else(|| panic!("{name} is among {:?}", *BUILT))
        .clone()
}

fn build_examples() -> Vec<PathBuf> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--locked", "--no-default-features"])
        .arg("--message-format=json-render-diagnostics");
    // What this program's own `cargo` said of it would make build scripts run anew.
    for (name, _) in env::vars_os() {
        let shown = name.to_string_lossy();
        if shown.starts_with("CARGO_PKG_") || shown.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    for example in EXAMPLES {
        cargo.args(["--example", example]);
    }
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo builds the examples");
    let messages = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let executable = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    };
    messages.lines().filter_map(executable).collect()
}

/// A command without the `CORS_*` variables of anyone who runs the tests.
fn command(name: &str, vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new(example(name));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CORS_"))
    {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").envs(vars.iter().copied());
    command
}

/// A running example server, ended when it is dropped.
pub(crate) struct Program {
    child: Child,
    /// What it printed until it was ready.
    pub(crate) said: Vec<String>,
    pub(crate) address: String,
}

impl Program {
    pub(crate) fn server(vars: &[(&str, &str)]) -> Self {
        Self::start(command("server", vars))
    }

    fn start(mut command: Command) -> Self {
        let mut child = command
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let mut said = Vec::new();
        let output = child.stdout.take().expect("its output");
        for line in BufReader::new(output).lines() {
            let line = line.expect("a line");
            said.push(line);
            if said.last().is_some_and(|line| line.starts_with("Try: ")) {
                break;
            }
        }
        let address = said
            .last()
            .and_then(|line| line.split_once("http://")?.1.split(['/', ' ']).next())
            .unwrap_or_else(|| panic!("it says where it listens: {said:?}"))
            .to_owned();
        Self {
            child,
            said,
            address,
        }
    }

    pub(crate) fn ask(&self, request: &str) -> crate::support::Answer {
        Connection::open(&self.address).ask(request)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn the_server_says_what_it_does() {
    let server = Program::server(&[]);
    let address = &server.address;
    assert_eq!(
        server.said,
        [
            "No CORS_* variable is set: using the demonstration policy.".to_owned(),
            format!("Listening on http://{address}"),
            "Policy: CorsPolicy { origins: [\"http://localhost:5173\"], methods: [\"GET\", \"HEAD\", \"POST\", \"PUT\", \"DELETE\"], headers: [\"content-type\", \"authorization\"], exposed_headers: [\"x-request-id\"], credentials: false, max_age: 600, preflight_status: 204, rejects_denied_origins: false }".to_owned(),
            format!("Try: curl -i http://{address}/api/items -H 'Origin: http://localhost:5173'"),
        ]
    );
    let allowed = "access-control-allow-origin: http://localhost:5173\naccess-control-expose-headers: x-request-id\nvary: Origin";
    for (request, status, body) in [
        ("GET /api/items", 200, r#"["apple","pear"]"#),
        ("PUT /api/items/7", 200, r#""7""#),
        ("DELETE /api/items/7", 204, ""),
        ("GET /api/fail", 500, "the handler failed"),
        (
            "GET /private/me",
            401,
            "send: Authorization: Bearer demonstration",
        ),
        (
            "GET /private/me\nauthorization: Bearer demonstration",
            200,
            r#""you""#,
        ),
        ("GET /nowhere", 404, ""),
    ] {
        let answer = server.ask(&format!("{request}\norigin: http://localhost:5173"));
        assert_eq!(
            answer.summary(),
            format!("{status}\n{allowed}"),
            "{request}"
        );
        assert_eq!(String::from_utf8_lossy(&answer.body), body, "{request}");
    }
}

#[test]
fn the_server_takes_its_policy_from_variables() {
    let server = Program::server(&[("CORS_ALLOWED_ORIGINS", "https://*.example.com:*")]);
    assert!(
        server
            .said
            .iter()
            .all(|line| !line.contains("demonstration"))
    );
    let answer = server.ask("GET /api/items\norigin: https://a.example.com:1");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        ["https://a.example.com:1"]
    );
    let answer = server.ask("GET /api/items\norigin: http://localhost:5173");
    assert!(answer.header("access-control-allow-origin").is_empty());
}

/// What an example prints to try is allowed by its policy, and a port that is taken is named.
#[test]
fn each_example_says_what_to_try() {
    let vars = [("CORS_ALLOWED_ORIGINS", "https://app.example.com")];
    for name in EXAMPLES {
        let example = || command(name, if name == "environment" { &vars } else { &[] });
        let program = Program::start(example());
        let line = program.said.last().expect("a line");
        let answer = program.ask(&request_of_curl(line));
        assert_eq!(answer.status, 200, "{line}");
        assert_eq!(
            answer.header("access-control-allow-origin").len(),
            1,
            "{line}"
        );

        let port = program.address.rsplit_once(':').expect("a port").1;
        let output = example().env("PORT", port).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{name}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        let wanted = format!("cannot listen on {}: ", program.address);
        assert!(stderr.contains(&wanted), "{name}: {stderr}");
    }
    let output = command("reload", &[]).arg("none.txt").output();
    let output = output.expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let wanted = "file cannot be read: `none.txt`";
    assert!(stderr.contains(wanted), "{stderr}");
}

/// The request that a line such as `Try: curl -i http://127.0.0.1:1/path -H 'name: value'` sends.
fn request_of_curl(line: &str) -> String {
    let (command, url) = line.split_once("http://").expect("an address");
    let method = command
        .split_once("-X ")
        .map_or("GET", |(_, method)| method.trim());
    let (url, headers) = url.split_once(' ').expect("a header");
    let path = url.find('/').and_then(|at| url.get(at..)).unwrap_or("/");
    let headers = headers.split('\'').skip(1).step_by(2);
    headers.fold(format!("{method} {path}"), |request, header| {
        format!("{request}\n{}", header.replace("Host:", "host:"))
    })
}

/// A program that ends with the test, however that ends.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A good change of the file is taken, a bad one is logged, and the last good policy stays in use.
#[test]
fn decisions_are_counted() {
    let program = Program::start(command("metrics", &[("RUST_LOG", "off")]));
    for request in [
        "GET /hello\norigin: https://app.example.com",
        "GET /hello\norigin: https://evil.example",
        "GET /hello\norigin: https://other.example",
        "OPTIONS /hello\norigin: https://app.example.com\naccess-control-request-method: PUT",
        "GET /hello",
    ] {
        program.ask(request);
    }
    let answer = program.ask("GET /metrics");
    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        "# HELP cors_requests_total CORS requests, by what was decided.\n\
         # TYPE cors_requests_total counter\n\
         cors_requests_total{kind=\"Actual\",outcome=\"allowed\",reason=\"\"} 1\n\
         cors_requests_total{kind=\"Actual\",outcome=\"denied\",reason=\"OriginNotAllowed\"} 2\n\
         cors_requests_total{kind=\"Preflight\",outcome=\"denied\",reason=\"MethodNotAllowed\"} 1\n"
    );
}

#[test]
fn a_candidate_is_tried_and_then_put_in_force() {
    let program = Program::start(command("rollout", &[("RUST_LOG", "off")]));
    let allows = |origin: &str| {
        let answer = program.ask(&format!("GET /hello\norigin: {origin}"));
        answer.headers.contains_key("access-control-allow-origin")
    };
    let body = |request: &str| String::from_utf8(program.ask(request).body).expect("text");
    assert!(allows("https://old.example.com") && allows("https://app.example.com"));
    assert_eq!(body("GET /differences"), "1");
    assert_eq!(program.ask("POST /replace").status, 200);
    assert!(!allows("https://old.example.com") && allows("https://app.example.com"));
    assert_eq!(body("GET /differences"), "1");
    assert_eq!(program.ask("POST /replace").status, 409);
}

#[test]
fn a_policy_is_reloaded_from_its_file() {
    let path = env::temp_dir().join(format!("cors-{}.txt", std::process::id()));
    let write = |text: &str| std::fs::write(&path, text).expect("a file");
    write("https://a.example");
    let child = command("reload", &[("PORT", "0")])
        .arg(&path)
        .stderr(Stdio::piped())
        .spawn();
    let mut child = Ended(child.expect("the example starts"));
    let lines = BufReader::new(child.0.stderr.take().expect("its log")).lines();
    let mut log = lines.map(|line| line.expect("a line"));
    // The server and its workers speak at once.
    let mut said = Vec::new();
    let has = |said: &[String], text: &str| said.iter().any(|line| line.contains(text));
    while !(has(&said, "listening on: ") && has(&said, "in use at /public")) {
        said.push(log.next().expect("it starts"));
    }
    assert!(
        has(&said, "  origins                 https://a.example"),
        "{said:?}"
    );
    let address = said
        .iter()
        .find_map(|line| line.split_once("listening on: "))
        .expect("it says where it listens")
        .1;
    let mut seen = |text: &str| log.any(|line| line.contains(text));
    write("https://b.example");
    assert!(seen(
        "now in use, because its source changed (origins: 1 added (`https://b.example`), 1 removed (`https://a.example`)):"
    ));
    assert!(seen("  origins                 https://b.example"));
    write("https://c.example/");
    assert!(seen("cannot load the policy, so the last good one stays:"));
    assert!(seen(", line 1: origin must not have a path"));

    let mut connection = Connection::open(address);
    for (request, acao) in [
        (
            "GET /hello\norigin: https://b.example",
            Some("https://b.example"),
        ),
        ("GET /hello\norigin: https://a.example", None),
        ("GET /public/hello\norigin: https://a.example", Some("*")),
    ] {
        let answer = connection.ask(request);
        assert_eq!(
            answer.header("access-control-allow-origin"),
            acao.as_slice(),
            "{request}"
        );
    }
    std::fs::remove_file(path).expect("a file");
}

#[test]
fn a_bad_policy_stops_the_program_before_the_port_is_bound() {
    for name in ["environment", "server"] {
        // A port that is taken: had it been bound first, the error would be another.
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = taken.local_addr().expect("an address").port().to_string();
        let output = command(
            name,
            &[
                ("CORS_ALLOWED_ORIGINS", "https://a.example/,*"),
                ("CORS_ALLOW_CREDENTIALS", "maybe"),
                ("CORS_MAXAGE", "60"),
                ("PORT", &port),
            ],
        )
        .output()
        .expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{name}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        for wanted in [
            "CORS_ALLOWED_ORIGINS, entry 1: origin must not have a path: `https://a.example/` (write `https://a.example`)\n",
            "CORS_ALLOWED_ORIGINS, entry 2: any origin must not be combined with other origins: `*` (remove the other origins, or this)\n",
            "CORS_ALLOW_CREDENTIALS: variable must be a boolean: `maybe` (write `true` or `false`)\n",
            "CORS_MAXAGE: variable is unknown (did you mean `CORS_MAX_AGE`? Rename it",
        ] {
            assert!(stderr.contains(wanted), "{name}: {stderr}");
        }
        assert!(
            output.stdout.is_empty(),
            "{name} does not say that it listens"
        );
    }
    let output = command("environment", &[]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("CORS_ALLOWED_ORIGINS: no variable says which origins are allowed"),
        "{stderr}"
    );
}

/// `allow_origins_from_env` reads the process's variables, so it is asked in a process of its own: this very program,
/// told to run one test.
#[test]
fn one_list_comes_from_one_variable() {
    const NAME: &str = "programs::one_list_comes_from_one_variable";
    let build = || {
        CorsPolicy::builder()
            .allow_origin("https://a.example")
            .allow_origins_from_env("EXTRA_ORIGINS_UNDER_TEST")
            .build()
    };
    if env::var_os("SHOW_POLICY").is_some() {
        match build() {
            Ok(policy) => println!("made {policy:?}"),
            Err(errors) => println!("{errors}"),
        }
        return;
    }
    for (value, wanted) in [
        (
            None,
            r#"made CorsPolicy { origins: ["https://a.example"], methods"#,
        ),
        (
            Some("https://b.example,\n http://localhost:*"),
            r#"made CorsPolicy { origins: ["https://a.example", "https://b.example", "http://localhost:*"], methods"#,
        ),
        (Some(""), "EXTRA_ORIGINS_UNDER_TEST: variable is empty: ``"),
        (
            Some("https://b.example,b"),
            "EXTRA_ORIGINS_UNDER_TEST, entry 2: origin must have a scheme: `b`",
        ),
        (
            Some("*"),
            "EXTRA_ORIGINS_UNDER_TEST: any origin must not be combined with other origins: `*`",
        ),
        (
            Some("none"),
            "EXTRA_ORIGINS_UNDER_TEST: `none` must not be combined with other origins: `none`",
        ),
    ] {
        let mut child = Command::new(env::current_exe().expect("a path"));
        child
            .args(["--exact", NAME, "--nocapture"])
            .env("SHOW_POLICY", "1");
        if let Some(value) = value {
            child.env("EXTRA_ORIGINS_UNDER_TEST", value);
        }
        let output = child.output().expect("it runs");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains(wanted), "{value:?}: {stdout}");
    }
}
