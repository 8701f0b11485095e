//! Real uses of actix-cors, and what becomes of each: the policy that means the same, what is said where the same calls
//! are refused or would deny silently, and what the pages of that program get.
//!
//! 152 uses: 20 of `permissive()` or any origin with credentials; 25 out of a settings struct or a command line; 9 out of
//! variables with a default; 26 predicates; 11 of any header; 6 switches between development and production; 9 with addresses
//! of a LAN; 6 that can be switched off; 8 with request headers that browsers set themselves, 3 with those of answers; 8 with
//! GET or POST listed; 5 of `null`; 5 with a layer for each scope; 11 app shells.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use actix_cors_policy::{
    Cors, CorsPolicy, CorsPolicyBuilder, CorsRequest, Origin, PolicyError, PolicyErrors,
    request_host,
};
use actix_web::{
    App, HttpResponse, dev::RequestHead, middleware::Condition, rt::System, test::init_service, web,
};
use cors_test_browser::{Browser, Credentials, Fetch};

use crate::rows::{Block, blocks};

const KINDS: [(&str, usize); 14] = [
    ("permissive", 20),
    ("settings", 25),
    ("variables", 9),
    ("predicate", 26),
    ("any header", 11),
    ("switch", 6),
    ("LAN", 9),
    ("off", 6),
    ("forbidden header", 8),
    ("ACAO", 3),
    ("GET listed", 8),
    ("null", 5),
    ("scopes", 5),
    ("app shell", 11),
];

const SERVER: &str = "https://api.example.com/";

/// What a handler's answer has in addition to what a page may always read.
const HANDLERS: [&str; 5] = [
    "content-disposition",
    "content-range",
    "etag",
    "x-request-id",
    "x-total-count",
];

/// Calls as they are written in code, but for quotes: `allow_origin(https://a.example).max_age(60)`.
fn calls(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split(").").map(|call| {
        let (name, arguments) = call.split_once('(').expect("name(arguments)");
        (name, arguments.strip_suffix(')').unwrap_or(arguments))
    })
}

/// The elements of a list. A comma alone separates them; `''` is the empty one.
fn list(arguments: &str) -> impl Iterator<Item = &str> {
    let elements = arguments.split(',').filter(move |_| !arguments.is_empty());
    elements.map(|element| if element == "''" { "" } else { element })
}

/// One call of actix-cors, or of this crate. `None` if it is a predicate of actix-cors, which is described only.
fn call(builder: CorsPolicyBuilder, name: &str, arguments: &str) -> Option<CorsPolicyBuilder> {
    Some(match name {
        "permissive" => builder
            .allow_any_origin()
            .allow_any_method()
            .allow_any_header()
            .expose_any_header()
            .allow_credentials(),
        "allowed_origin_fn" => return None,
        "allowed_origin" | "allow_origin" => builder.allow_origin(arguments),
        "allow_origins" => builder.allow_origins(list(arguments)),
        "allow_origin_regex" => builder.allow_origin_regex(arguments),
        "allow_origin_fn" => builder.allow_origin_fn(predicate(arguments)),
        "allow_origins_from_env" => builder.allow_origins_from_env(arguments),
        "allow_any_origin" => builder.allow_any_origin(),
        "allow_no_origin" => builder.allow_no_origin(),
        "vary_on" => builder.vary_on(list(arguments)),
        "allowed_methods" | "allow_methods" => builder.allow_methods(list(arguments)),
        "allow_any_method" => builder.allow_any_method(),
        "allowed_headers" | "allowed_header" | "allow_headers" => {
            builder.allow_headers(list(arguments))
        }
        "allow_any_header" => builder.allow_any_header(),
        "expose_headers" => builder.expose_headers(list(arguments)),
        "expose_any_header" => builder.expose_any_header(),
        "supports_credentials" | "allow_credentials" => builder.allow_credentials(),
        "max_age" => builder.max_age(Duration::from_secs(
            arguments.parse().expect("whole seconds"),
        )),
        "disable_vary_header" | "danger_omit_vary_for_any_origin" => {
            builder.danger_omit_vary_for_any_origin()
        }
        "danger_allow_lax_regexes" => builder.danger_allow_lax_regexes(),
        "danger_allow_insecure_origins" => builder.danger_allow_insecure_origins(),
        "reject_denied_origins" => builder.reject_denied_origins(),
        "own_origins" => builder.own_origins(list(arguments)),
        "block_on_origin_mismatch" if arguments == "true" => builder.reject_denied_origins(),
        // Any origin is always `*`; what is not CORS is not set.
        "default"
        | "send_wildcard"
        | "block_on_origin_mismatch"
        | "allow_private_network_access" => builder,
        _ => panic!("{name} is no call that is known here"),
    })
}

type Predicate = fn(&Origin<'_>, &RequestHead) -> bool;

fn predicate(name: &str) -> Predicate {
    match name {
        "any" => |_, _| true,
        "reads of any origin" => |_, head| head.method == "GET",
        "same host, any port" => |origin, head| {
            let host = request_host(head).map(|host| host.split(':').next().unwrap_or(host));
            host == Some(origin.host())
        },
        "the app's user agent" => |_, head| {
            let agent = head.headers().get("user-agent");
            agent.is_some_and(|agent| agent.as_bytes().starts_with(b"Mozilla/"))
        },
        "tenants" => |origin, _| {
            let tenants = ["https://red.example", "https://blue.example:8443"];
            tenants.contains(&origin.as_str())
        },
        _ => panic!("{name} is no predicate that is known here"),
    }
}

/// `None` if the calls are those of actix-cors with a predicate.
fn built(lines: &[&str]) -> Option<Result<CorsPolicy, PolicyErrors>> {
    let mut builder = CorsPolicy::builder();
    for (name, arguments) in lines.iter().flat_map(|line| calls(line)) {
        builder = call(builder, name, arguments)?;
    }
    Some(builder.build())
}

/// Whether the calls that build do what is proposed for an error of the first ones.
fn follows(error: &PolicyError, then: &[&str]) -> bool {
    let has = |text: &str| then.iter().any(|line| line.contains(text));
    if let Some(suggestion) = error.suggestion() {
        return has(suggestion);
    }
    let lists = then.iter().flat_map(|line| calls(line));
    let mut elements = lists.flat_map(|(_, arguments)| list(arguments));
    let is_gone = error
        .value()
        .is_some_and(|value| !elements.any(|element| element == value));
    let fix = error.fix().replace("(…)", "(").replace("()", "(");
    let calls = fix.split(['`', ' ']).filter(|word| word.ends_with('('));
    let pieces = fix.split('`').skip(1).step_by(2);
    is_gone || calls.chain(pieces).any(has)
}

/// What a page asks for, and what is said if it is denied: `ORIGIN METHOD [credentials] [NAME,NAME] [| NAME,NAME] [=> TEXT]`,
/// where the names after the bar are those of response headers that it may read.
struct Asks<'a> {
    page: &'a str,
    method: &'a str,
    credentials: bool,
    names: Vec<&'a str>,
    readable: Vec<&'a str>,
    says: Option<&'a str>,
}

impl<'a> Asks<'a> {
    fn parse(line: &'a str) -> Self {
        let (line, says) = match line.split_once(" => ") {
            Some((line, says)) => (line, Some(says)),
            None => (line, None),
        };
        let (line, readable) = line.split_once(" | ").unwrap_or((line, ""));
        let mut words = line.split(' ');
        let mut next = || words.next();
        let (page, method) = (next().expect("an origin"), next().expect("a method"));
        let mut names = next();
        let credentials = names == Some("credentials");
        if credentials {
            names = next();
        }
        Self {
            page,
            method,
            credentials,
            names: list(names.unwrap_or_default()).collect(),
            readable: list(readable).collect(),
            says,
        }
    }

    fn fetch(&self) -> Fetch {
        let value = |name: &str| match name {
            "content-type" => "application/json",
            "range" => "bytes=0-9",
            _ => "1",
        };
        let fetch = Fetch::new(self.method, SERVER).credentials(match self.credentials {
            true => Credentials::Include,
            false => Credentials::Omit,
        });
        let add = |fetch: Fetch, name: &&str| fetch.header(*name, value(name));
        self.names.iter().fold(fetch, add)
    }

    fn request(&self) -> CorsRequest {
        let request = CorsRequest::actual(self.page, self.method).headers(&self.names);
        let request = request.to(SERVER);
        match self.credentials {
            true => request.credentials(),
            false => request,
        }
    }
}

/// Whether each page gets what it is to get, and whether a denial is explained.
fn check(policy: &CorsPolicy, allowed: &[&str], denied: &[&str], wrong: &mut Vec<String>) {
    System::new().block_on(async {
        let handler = || async {
            let mut response = HttpResponse::Ok();
            for name in HANDLERS {
                response.insert_header((name, "1"));
            }
            response.finish()
        };
        let app = App::new().default_service(web::to(handler));
        let app = init_service(app.wrap(Cors::new(policy.clone()))).await;
        for (line, is_allowed) in allowed
            .iter()
            .map(|line| (line, true))
            .chain(denied.iter().map(|line| (line, false)))
        {
            let asks = Asks::parse(line);
            let mut browser = match asks.page {
                "null" => Browser::opaque(),
                page => Browser::at(page),
            };
            let response = browser.fetch(&app, asks.fetch()).await;
            let readable = |name: &&str| response.header(name).is_some();
            let readable: Vec<&str> = HANDLERS.into_iter().filter(readable).collect();
            let explanation = policy.explain(&asks.request()).to_string();
            let is_explained = asks.says.is_some_and(|says| explanation.contains(says));
            if response.readable() != is_allowed
                || readable != asks.readable
                || is_explained == is_allowed
            {
                wrong.push(format!(
                    "{line}\n  {:?}, reads {readable:?}\n{explanation}",
                    response.blocked_by()
                ));
            }
        }
    });
}

fn check_use(row: &Block) -> Vec<String> {
    let mut wrong = Vec::new();
    let (first, then) = (row.marked('?'), row.marked('+'));
    let (says, warns) = (row.marked('!'), row.marked('~'));
    let as_it_was = built(&first);
    match &as_it_was {
        Some(Err(errors)) => {
            let text = errors.to_string();
            let missing = says.iter().filter(|says| !text.contains(**says));
            wrong.extend(missing.map(|says| format!("not said: {says}")));
            let ignored = errors.iter().filter(|error| !follows(error, &then));
            wrong.extend(ignored.map(|error| format!("not followed: {error}")));
            if says.is_empty() || !wrong.is_empty() {
                wrong.push(text);
            }
        }
        Some(Ok(policy)) => {
            let denied = row.marked('-');
            if !says.is_empty() || denied.is_empty() != then.is_empty() {
                wrong.push("the same calls build a policy".to_owned());
            }
            check(policy, &[], &denied, &mut wrong);
        }
        None => {}
    }
    let policy = match then.is_empty() {
        true => as_it_was,
        false => built(&then),
    };
    let policy = match policy {
        Some(Ok(policy)) => policy,
        Some(Err(errors)) => {
            wrong.push(format!("in the end: {errors}"));
            return wrong;
        }
        None => {
            wrong.push("nothing is built".to_owned());
            return wrong;
        }
    };
    let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
    let is_said = |warns: &&&str| warnings.iter().any(|warning| warning.contains(**warns));
    if warnings.len() != warns.len() || !warns.iter().all(|warns| is_said(&warns)) {
        wrong.push(format!("warned of: {warnings:#?}"));
    }
    check(&policy, &row.marked('>'), &row.marked('<'), &mut wrong);
    wrong
}

#[test]
fn each_use_is_expressible_and_each_denial_has_its_sentence() {
    let rows = blocks(include_str!("data/uses_of_actix_cors.txt"));
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    for row in &rows {
        let name = row.text('=');
        let (kind, _) = name.split_once(": ").expect("kind: program");
        *counts.entry(kind.to_owned()).or_default() += 1;
        assert!(
            !row.marked('>').is_empty() || !row.marked('<').is_empty(),
            "{name}"
        );
        let found = check_use(row);
        if !found.is_empty() {
            wrong.push(format!("= {name}\n{}", found.join("\n")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    let kinds = KINDS.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(counts, BTreeMap::from(kinds));
}

/// What a program calls in each of its scopes: one layer for all, so that its policy is built, and logged, once.
fn default_cors() -> Cors {
    static CORS: LazyLock<Cors> = LazyLock::new(|| {
        let policy = CorsPolicy::builder().allow_origin("https://app.example.com");
        Cors::new(policy.build().expect("a policy"))
    });
    CORS.clone()
}

/// A layer that is there if the settings say so: `Condition` takes one in any case.
fn optional_cors(cors: Option<Cors>) -> Condition<Cors> {
    let is_on = cors.is_some();
    Condition::new(
        is_on,
        cors.unwrap_or_else(|| Cors::new(CorsPolicy::deny_all())),
    )
}

#[actix_web::test]
async fn scopes_share_a_layer_and_an_optional_one_is_a_condition() {
    let scope = |path| web::scope(path).default_service(web::to(HttpResponse::Ok));
    let app = App::new()
        .service(scope("/a").wrap(default_cors()))
        .service(scope("/b").wrap(default_cors()))
        .service(scope("/on").wrap(optional_cors(Some(default_cors()))))
        .service(scope("/off").wrap(optional_cors(None)));
    let app = init_service(app).await;
    let mut browser = Browser::at("https://app.example.com");
    for (path, is_readable) in [("a", true), ("b", true), ("on", true), ("off", false)] {
        let response = browser
            .fetch(&app, Fetch::get(format!("{SERVER}{path}")))
            .await;
        assert_eq!(response.readable(), is_readable, "{path}");
        let vary = response.exchanges()[0].response_header("vary");
        assert_eq!(vary.is_some(), path != "off", "{path}");
    }
}
