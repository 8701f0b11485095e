//! Laws that hold for every policy and every request, against a model of the design that is as naive as possible.

use actix_cors_policy::{
    CorsPolicy, CorsRequest, Explanation, Origin, Outcome, PolicyErrorKind, RequestKind,
};
use actix_web::http::uri::Authority;
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    model::{self, Asked, Asks},
    sample::Sampler,
    support::{Answer, ask_all, parse_request},
};

impl Asked {
    fn vars(&self) -> Vec<(String, String)> {
        let mut vars = vec![(
            "CORS_ALLOW_CREDENTIALS".to_owned(),
            self.credentials.to_string(),
        )];
        for (name, is_on) in [
            ("CORS_REJECT_DENIED_ORIGINS", self.reject_denied_origins),
            (
                "CORS_DANGER_OMIT_VARY_FOR_ANY_ORIGIN",
                self.omit_vary_for_any_origin,
            ),
        ] {
            vars.push((name.to_owned(), is_on.to_string()));
        }
        // The hosts below are chosen to be near each other, `com` among them, and the regexes to be wide.
        for name in [
            "INSECURE_ORIGINS",
            "PUBLIC_SUFFIX_SUBDOMAINS",
            "LAX_REGEXES",
        ] {
            vars.push((format!("CORS_DANGER_ALLOW_{name}"), "true".to_owned()));
        }
        for (name, list, separator) in [
            ("CORS_ALLOWED_ORIGINS", &self.entries, ","),
            ("CORS_ALLOWED_ORIGIN_REGEXES", &self.regexes, " "),
            ("CORS_ALLOWED_METHODS", &self.methods, ", "),
            ("CORS_ALLOWED_HEADERS", &self.headers, "\n"),
            ("CORS_EXPOSED_HEADERS", &self.exposed, ","),
            ("CORS_OWN_ORIGINS", &self.own_origins, ","),
            ("CORS_ALLOW_CREDENTIALS_FOR", &self.credentials_for, ","),
        ] {
            if !list.is_empty() {
                vars.push((name.to_owned(), list.join(separator)));
            }
        }
        vars.extend(
            self.max_age
                .map(|age| ("CORS_MAX_AGE".to_owned(), age.to_string())),
        );
        vars.extend(
            self.preflight_status
                .map(|status| ("CORS_PREFLIGHT_STATUS".to_owned(), status.to_string())),
        );
        vars
    }

    fn policy(&self) -> CorsPolicy {
        CorsPolicy::from_vars("CORS_", self.vars())
            .unwrap_or_else(|errors| panic!("{self:?}:\n{errors}"))
    }

    /// The same by the builder.
    fn built(&self) -> CorsPolicy {
        let not_star = |name: &&String| *name != "*";
        let mut builder = CorsPolicy::builder()
            .danger_allow_insecure_origins()
            .danger_allow_public_suffix_subdomains()
            .danger_allow_lax_regexes()
            .allow_methods(self.methods.iter().filter(not_star))
            .allow_headers(self.headers.iter().filter(not_star))
            .expose_headers(self.exposed.iter().filter(not_star));
        if self.any_origin() {
            builder = builder.allow_any_origin();
        } else {
            builder = builder.allow_origins(&self.entries);
        }
        for regex in &self.regexes {
            builder = builder.allow_origin_regex(regex);
        }
        if self.methods.iter().any(|name| name == "*") {
            builder = builder.allow_any_method();
        }
        if self.headers.iter().any(|name| name == "*") {
            builder = builder.allow_any_header();
        }
        if self.exposed.iter().any(|name| name == "*") {
            builder = builder.expose_any_header();
        }
        if self.credentials {
            builder = builder.allow_credentials();
        }
        builder = builder.allow_credentials_for(&self.credentials_for);
        if self.reject_denied_origins {
            builder = builder.reject_denied_origins();
        }
        if !self.own_origins.is_empty() {
            builder = builder.own_origins(&self.own_origins);
        }
        if let Some(age) = self.max_age {
            builder = builder.max_age(std::time::Duration::from_secs(age.into()));
        }
        if let Some(status) = self.preflight_status {
            builder = builder.preflight_status(status);
        }
        if self.omit_vary_for_any_origin {
            builder = builder.danger_omit_vary_for_any_origin();
        }
        builder.build().expect("as good as the variables")
    }
}

impl Asks {
    fn text(&self) -> String {
        let mut text = format!("{} /get-only", self.method);
        if let Some(authority) = &self.authority {
            text.push_str(&format!("\n:authority: {authority}"));
        }
        for (name, lines) in [
            ("host", &self.hosts),
            ("origin", &self.origins),
            ("access-control-request-method", &self.acrm),
            ("access-control-request-headers", &self.acrh),
            ("sec-fetch-site", &self.sites),
            ("sec-fetch-mode", &self.modes),
            ("cookie", &self.cookies),
        ] {
            for line in lines {
                text.push_str(&format!("\n{name}: {line}"));
            }
        }
        text
    }
}

/// Hosts that share prefixes and suffixes, which is where look-ups go wrong.
const HOSTS: [&str; 14] = [
    "example.com",
    "a.example.com",
    "aa.example.com",
    "b.a.example.com",
    "xample.com",
    "aexample.com",
    "com",
    "example.co",
    "example.com.evil.org",
    "example.comm",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "a-b_c.example.com",
];

fn entry() -> impl Strategy<Value = String> {
    let scheme = select(vec!["https", "https", "app"]);
    let port = select(vec!["", "", ":8443", ":*", ":1"]);
    (scheme, any::<bool>(), select(HOSTS.to_vec()), port).prop_map(|(scheme, star, host, port)| {
        let star = star && !host.starts_with('[') && host != "127.0.0.1";
        format!("{scheme}://{}{host}{port}", if star { "*." } else { "" })
    })
}

fn distinct(list: Vec<String>) -> Vec<String> {
    let mut seen = Vec::<String>::new();
    for name in list {
        if !seen.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            seen.push(name);
        }
    }
    seen
}

fn asked() -> impl Strategy<Value = Asked> {
    let names = |names: &[&'static str]| {
        vec(select(names.to_vec()).prop_map(str::to_owned), 0..5).prop_map(distinct)
    };
    let entries = prop_oneof![
        1 => Just(vec!["*".to_owned()]),
        6 => vec(entry(), 1..6).prop_map(distinct),
        1 => (vec(entry(), 0..3).prop_map(distinct)).prop_map(|mut list| { list.push("null".to_owned()); list }),
    ];
    let regexes = vec(
        select(vec![
            r"https://[a-z]+\.example\.com",
            r"https://a|https://a\.example\.com",
            r"app://[a-z.]+",
            r"https://localhost(:\d+)?",
        ])
        .prop_map(str::to_owned),
        0..3,
    )
    .prop_map(distinct);
    (
        entries,
        regexes,
        names(&["PUT", "DELETE", "PATCH", "CHICKEN", "*"]),
        names(&["x-a", "X-B", "content-type", "Authorization", "*"]),
        names(&["x-c", "X-D", "etag", "*"]),
        any::<bool>(),
        (
            option::of(0..=86_400_u32),
            option::of(200..=299_u16),
            any::<bool>(),
        ),
        any::<bool>(),
        vec(select(HOSTS.to_vec()), 0..2),
        vec(select(HOSTS.to_vec()), 0..3),
    )
        .prop_map(
            |(
                entries,
                regexes,
                methods,
                headers,
                exposed,
                credentials,
                (max_age, preflight_status, omit_vary),
                rejects,
                own,
                alone,
            )| {
                let form = |(number, host): (usize, &&str)| match number {
                    0 => format!("https://{host}"),
                    _ => format!("https://{host}:*"),
                };
                let any_origin = entries == ["*"];
                let bare = any_origin || entries.iter().any(|entry| entry == "null");
                let credentials_for: Vec<_> = match credentials && !bare {
                    true => Vec::new(),
                    false => alone.iter().enumerate().map(form).collect(),
                };
                Asked {
                    regexes: if any_origin { Vec::new() } else { regexes },
                    credentials: credentials && !bare,
                    omit_vary_for_any_origin: omit_vary && credentials_for.is_empty(),
                    credentials_for,
                    entries,
                    methods,
                    headers,
                    exposed,
                    max_age,
                    preflight_status,
                    reject_denied_origins: rejects,
                    own_origins: own.iter().map(|host| format!("https://{host}")).collect(),
                }
            },
        )
}

fn origin() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (
            select(vec!["https", "http", "app", "HTTPS", "httpss", "ws", "wss", "WSS"]),
            select(vec!["", "", "", "a.", "b.a.", ".", "x", "*."]),
            select(HOSTS.to_vec()),
            select(vec!["", "", "", ":8443", ":1", ":443", ":80", ":0", ":65536", ":", "/", ".", "%"]),
        )
            .prop_map(|(scheme, below, host, end)| format!("{scheme}://{below}{host}{end}")),
        1 => Just("null".to_owned()),
        1 => "[ -~]{0,20}".prop_map(|text: String| text.trim().to_owned()),
    ]
}

fn asks() -> impl Strategy<Value = Asks> {
    let methods = [
        "GET", "PUT", "CHICKEN", "put", "TRACE", "", "*", "G T", "HEAD",
    ];
    let element = select(vec![
        "x-a",
        "X-A",
        "x-b",
        "content-type",
        "authorization",
        "x-z",
        "cookie",
        "sec-x",
        "*",
        "",
        " ",
        "x y",
        "\u{7e}",
    ]);
    let line = vec(element, 0..5).prop_map(|elements| elements.join(",").trim().to_owned());
    let port = select(vec!["", "", "", ":443", ":80", ":8443"]);
    let host = (select(HOSTS.to_vec()), port).prop_map(|(host, port)| format!("{host}{port}"));
    let host = host.prop_flat_map(|host| prop_oneof![Just(host.to_uppercase()), Just(host)]);
    (
        (
            select(vec!["GET", "OPTIONS", "OPTIONS", "OPTIONS", "POST", "PUT"]),
            option::of(host.clone()),
            prop_oneof![2 => vec(host.clone(), 0..2), 1 => vec(host, 2..3)],
        ),
        prop_oneof![1 => Just(Vec::new()), 8 => vec(origin(), 1..2), 1 => vec(origin(), 2..3)],
        prop_oneof![1 => Just(Vec::new()), 8 => vec(select(methods.to_vec()), 1..2), 1 => vec(select(methods.to_vec()), 2..3)],
        vec(line, 0..3),
        said_by_browsers(),
    )
        .prop_flat_map(|asks| (Just(asks), 0..4_usize))
        .prop_map(|(((method, mut authority, mut hosts), origins, acrm, acrh, said), own)| {
            let (sites, modes, cookies) = said;
            // The host of the origin, so that some requests are same-origin.
            if let Some((_, host)) = origins.first().and_then(|origin| origin.split_once("://"))
                && host.parse::<Authority>().is_ok()
            {
                match own {
                    0 => authority = Some(host.to_owned()),
                    1 => (authority, hosts) = (None, vec![host.to_owned()]),
                    _ => {}
                }
            }
            Asks {
                method: method.to_owned(),
                authority,
                hosts,
                origins,
                acrm: acrm.into_iter().map(str::to_owned).collect(),
                acrh,
                sites,
                modes,
                cookies,
            }
        })
}

/// `Sec-Fetch-Site`, `Sec-Fetch-Mode` and `Cookie`: mostly as browsers send them, which is at most one line of each.
fn said_by_browsers() -> impl Strategy<Value = (Vec<String>, Vec<String>, Vec<String>)> {
    let lines = |values: &[&'static str]| {
        let value = select(values.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            4 => Just(Vec::new()),
            4 => vec(value.clone(), 1..2),
            1 => vec(value, 2..3),
        ]
    };
    (
        lines(&[
            "same-origin",
            "same-site",
            "cross-site",
            "none",
            "Same-Origin",
            "",
        ]),
        lines(&["navigate", "no-cors", "cors", "websocket", "Navigate", ""]),
        lines(&["a=b", ""]),
    )
}

fn answers(policy: CorsPolicy, asks: &[Asks]) -> Vec<Answer> {
    let texts: Vec<String> = asks.iter().map(Asks::text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    ask_all(policy, &texts).0
}

/// Whether a browser goes on after a preflight that compares methods case-insensitively, takes `*` for everything, and does not
/// look at headers that no page can set.
fn is_passed_by_a_lax_browser(asks: &Asks, answer: &Answer) -> bool {
    let list = |name: &str| -> Vec<String> {
        let lines = answer.header(name).iter();
        lines
            .flat_map(|line| line.split(','))
            .map(|name| name.trim().to_lowercase())
            .collect()
    };
    let (methods, headers) = (
        list("access-control-allow-methods"),
        list("access-control-allow-headers"),
    );
    let has = |list: &[String], name: &str| list.iter().any(|known| known == name || known == "*");
    let acao = answer.header("access-control-allow-origin").concat();
    let names = asks.acrh.iter().flat_map(|line| line.split(','));
    (200..300).contains(&answer.status)
        && (acao == "*" || asks.origins.contains(&acao))
        && asks.acrm.iter().all(|method| {
            let method = method.to_lowercase();
            ["get", "head", "post"].contains(&&*method) || has(&methods, &method)
        })
        && names.map(|name| name.trim().to_lowercase()).all(|name| {
            name.is_empty() || name.starts_with("sec-") || name == "cookie" || has(&headers, &name)
        })
}

/// A regex made of what regexes over origins are made of, near the bounds on lengths.
fn origin_regex() -> impl Strategy<Value = String> {
    let counts = || {
        let count = select(vec![1_usize, 2, 8, 20, 50, 61, 62, 63, 64, 65]);
        (count, select(vec!["", ",", ",80"])).prop_map(|(count, more)| format!("{{{count}{more}}}"))
    };
    let some = |texts: &'static [&'static str]| select(texts.to_vec()).prop_map(str::to_owned);
    let scheme = prop_oneof![
        some(&[
            "https://",
            "https?://",
            "(https://)?",
            "(https?://)?",
            "(ws|http)://",
            "(wss|https)://",
            "(http|ftp|app)://",
            "(.*://)?",
            ".*",
            "",
        ]),
        counts().prop_map(|count| format!("[a-z]{count}://")),
        counts().prop_map(|count| format!("([a-z]{count}://)?")),
    ];
    let label = || {
        prop_oneof![
            some(&[
                "a",
                "example",
                "[a-z]+",
                ".*",
                "(www)?",
                r"(www\.)?a",
                "[^.]+",
                "[0-9]{1,3}"
            ]),
            counts().prop_map(|count| format!("[a-z]{count}")),
            counts().prop_map(|count| format!("[a-z0-9.-]{count}")),
        ]
    };
    let ipv6 = counts().prop_map(|count| format!(r"\[[0-9a-f:]{count}\]"));
    let labels = vec(label(), 1..6).prop_map(|labels| labels.join(r"\."));
    let host = prop_oneof![8 => labels, 1 => ipv6];
    let end = some(&[
        "",
        r"(:\d+)?",
        r":\d+",
        ":80",
        ":443",
        ":(80|443)",
        "(:443|:21)",
        ":8443",
        ".*",
        "$",
        r"(://[a-z]+)?",
    ]);
    let one = (scheme, host, end).prop_map(|(scheme, host, end)| format!("{scheme}{host}{end}"));
    vec(one, 1..3).prop_map(|alternatives| alternatives.join("|"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The whole decision is that of the model; with it go the laws that hold whatever the model says.
    #[test]
    fn decisions_are_those_of_the_model(asked in asked(), asks in vec(asks(), 1..12)) {
        for (asks, answer) in asks.iter().zip(answers(asked.policy(), &asks)) {
            prop_assert_eq!(answer.summary(), model::answer(&asked, asks), "{:?}", asks);

            let acao = answer.header("access-control-allow-origin");
            prop_assert!(acao.is_empty() || acao == ["*"] || acao == asks.origins);
            if !answer.header("access-control-allow-credentials").is_empty() {
                prop_assert!(!acao.is_empty() && acao != ["*"]);
            }
            if acao.is_empty() {
                prop_assert!(answer.headers.keys().all(|name| !name.starts_with("access-control-")));
            }
        }
    }

    /// What `explain` says is sent is what the layer sends, and what it says is allowed is what the layer allows.
    #[test]
    fn explanations_are_those_of_the_middleware(asked in asked(), asks in vec(asks(), 1..12)) {
        let policy = asked.policy();
        // The handler of this path takes any method, and sets no header.
        let texts: Vec<String> = asks.iter().map(|asks| asks.text().replace("/get-only", "/")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (answers, calls) = ask_all(policy.clone(), &texts);
        let mut inside = 0;
        for (text, answer) in texts.iter().zip(answers) {
            let request = parse_request(text).to_srv_request();
            let explanation = policy.explain(&CorsRequest::from(request.head()));
            inside += usize::from(explanation.status().is_none());
            let headers: Vec<(&str, &str)> = explanation.headers().collect();
            let sent: Vec<(&str, &str)> = answer.headers.iter().flat_map(|(name, values)| values.iter().map(|value| (&**name, &**value))).collect();
            prop_assert_eq!((explanation.status().unwrap_or(200), headers), (answer.status, sent), "{}\n{}", text, explanation);
            if explanation.outcome() == Outcome::SameOrigin {
                // The page may read the response without any header.
                prop_assert_eq!((explanation.is_allowed(), explanation.denial()), (true, None));
            } else if explanation.kind() != RequestKind::NotCors && !explanation.needs_preflight() {
                let is_allowed = !answer.header("access-control-allow-origin").is_empty();
                prop_assert_eq!(explanation.is_allowed(), is_allowed, "{}\n{}", text, explanation);
                prop_assert_eq!(explanation.denial().is_some(), !is_allowed);
                prop_assert_eq!(explanation.allowed_by().is_some(), is_allowed);
            }
        }
        prop_assert_eq!(inside, calls);
    }

    /// Whatever is asked is explained, in lines that are bounded and hold nothing that a terminal treats as a command.
    #[test]
    fn any_request_is_explained(asked in asked(), origin in prop_oneof![origin(), "\\PC{0,400}", any::<String>()], method in any::<String>(), names in vec(any::<String>(), 0..4), preflight in any::<bool>(), credentials in any::<bool>()) {
        let policy = asked.policy();
        let mut request = match preflight {
            true => CorsRequest::preflight(&origin, &method),
            false => CorsRequest::actual(&origin, &method),
        }
        .headers(names);
        if credentials {
            request = request.credentials();
        }
        let explanation = policy.explain(&request);
        let text = explanation.to_string();
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text);
        prop_assert!(text.len() < 8192);
        prop_assert_eq!(explanation.is_allowed(), explanation.denial().is_none());
        prop_assert_eq!(explanation.near_miss().is_some() && explanation.is_allowed(), false);
        prop_assert!(!explanation.is_allowed() || explanation.preflight().is_none_or(Explanation::is_allowed));
    }

    /// With diagnostics, what is denied without them is denied by the laxest of browsers, and what is allowed is answered
    /// byte for byte the same.
    #[test]
    fn diagnostics_allow_nothing(asked in asked(), asks in vec(asks(), 1..12)) {
        let mut vars = asked.vars();
        vars.push(("CORS_DIAGNOSTICS".to_owned(), "true".to_owned()));
        let telling = CorsPolicy::from_vars("CORS_", vars).expect("a policy");
        let pairs = answers(asked.policy(), &asks).into_iter().zip(answers(telling, &asks));
        for (asks, (silent, telling)) in asks.iter().zip(pairs) {
            let is_denied_preflight = silent.status == 403 && asks.method == "OPTIONS" && !asks.acrm.is_empty();
            if is_denied_preflight {
                prop_assert!(!is_passed_by_a_lax_browser(asks, &telling), "{:?}\n{}", asks, telling.summary());
                prop_assert!(telling.header("access-control-max-age").is_empty());
                prop_assert_eq!(telling.header("x-content-type-options"), ["nosniff"]);
                let text = String::from_utf8(telling.body).expect("text");
                prop_assert!(text.starts_with("denied preflight: ") && text.len() < 4096, "{}", text);
                prop_assert_eq!(silent.header("vary"), telling.headers.get("vary").map_or(&[][..], Vec::as_slice));
            } else {
                prop_assert_eq!(silent, telling, "{:?}", asks);
            }
        }
    }

    /// The text of the environment equals the same entries given to the builder.
    #[test]
    fn variables_equal_setters(asked in asked(), asks in vec(asks(), 1..6)) {
        prop_assert_eq!(format!("{:?}", asked.policy()), format!("{:?}", asked.built()));
        prop_assert_eq!(answers(asked.policy(), &asks), answers(asked.built(), &asks));
    }

    /// A policy of several entries admits exactly the union of what each admits alone.
    #[test]
    fn entries_do_not_disturb_each_other(entries in vec(entry(), 1..8), origins in vec(origin(), 1..10)) {
        let entries = distinct(entries);
        let requests: Vec<String> = origins.iter().map(|origin| format!("GET /plain\norigin: {origin}")).collect();
        let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
        let admitted = |entries: &[String]| -> Vec<bool> {
            let policy = CorsPolicy::builder().danger_allow_public_suffix_subdomains().allow_origins(entries).build().expect("good entries");
            let (answers, _) = ask_all(policy, &requests);
            answers.iter().map(|answer| !answer.header("access-control-allow-origin").is_empty()).collect()
        };
        let mut union = vec![false; origins.len()];
        for entry in &entries {
            for (any, one) in union.iter_mut().zip(admitted(std::slice::from_ref(entry))) {
                *any |= one;
            }
        }
        prop_assert_eq!(admitted(&entries), union);
    }

    /// An exact entry admits no edit of itself by one byte.
    #[test]
    fn an_exact_entry_admits_itself_alone(host in select(HOSTS.to_vec()), at in any::<prop::sample::Index>(), byte in 0x21..0x7f_u8, edit in 0..3_u8) {
        let entry = format!("https://{host}");
        let mut bytes = entry.clone().into_bytes();
        let at = at.index(bytes.len());
        match edit {
            0 => bytes.insert(at, byte),
            1 => { bytes.remove(at); }
            _ => { bytes.splice(at..=at, [byte]); }
        }
        let edited = String::from_utf8(bytes).expect("ASCII");
        let policy = CorsPolicy::builder().allow_origin(&entry).build().expect("a policy");
        let request = format!("GET /plain\norigin: {edited}");
        let same = format!("GET /plain\norigin: {entry}");
        let (answers, _) = ask_all(policy, &[&request, &same]);
        let allowed: Vec<bool> = answers.iter().map(|answer| !answer.header("access-control-allow-origin").is_empty()).collect();
        prop_assert_eq!(allowed, [edited == entry, true], "{}", edited);
    }

    /// Every subset, order, case and split over lines of the configured names passes.
    #[test]
    fn configured_names_are_allowed_in_every_form(
        names in Just(["x-a", "x-bb", "content-type", "authorization", "x-c"]).prop_shuffle(),
        count in 0..=5_usize,
        upper in vec(any::<bool>(), 5),
        breaks in vec(0..4_u8, 5),
    ) {
        let policy = CorsPolicy::builder()
            .allow_origin("https://a.example")
            .allow_headers(["authorization", "content-type", "X-A", "X-BB", "X-C"])
            .build()
            .expect("a policy");
        let mut request = "OPTIONS /\norigin: https://a.example\naccess-control-request-method: GET\naccess-control-request-headers:".to_owned();
        for ((name, upper), split) in names.iter().zip(upper).zip(breaks).take(count) {
            let name = if upper { name.to_uppercase() } else { (*name).to_owned() };
            request.push_str(&match split {
                0 => format!("{name}\naccess-control-request-headers:"),
                1 => format!("{name} ,\t"),
                2 => format!(",{name},"),
                _ => format!("{name},"),
            });
        }
        let (answers, calls) = ask_all(policy, &[&request]);
        prop_assert_eq!((answers.first().map(|answer| answer.status), calls), (Some(204), 0), "{}", request);
    }

    /// Order and repetition of setters change no byte but the order within lists.
    #[test]
    fn the_order_of_setters_changes_no_decision(order in Just([0, 1, 2, 3, 4, 5, 6]).prop_shuffle(), again in 0..7_usize, asks in vec(asks(), 1..6)) {
        let build = |order: &[usize]| {
            let mut builder = CorsPolicy::builder();
            for step in order {
                builder = match step {
                    0 => builder.allow_origin("https://a.example.com"),
                    1 => builder.allow_origins(["https://*.example.com:*"]),
                    2 => builder.allow_origin_regex("app://[a-z.]+").danger_allow_lax_regexes(),
                    3 => builder.allow_credentials(),
                    4 => builder.max_age(std::time::Duration::from_secs(9)),
                    5 => builder.allow_headers(["x-a", "x-b"]),
                    _ => builder.allow_any_method(),
                };
            }
            builder.build().expect("a policy")
        };
        let mut repeated = order.to_vec();
        repeated.extend(order.get(again));
        prop_assert_eq!(answers(build(&[0, 1, 2, 3, 4, 5, 6]), &asks), answers(build(&repeated), &asks));
    }

    /// What a handler says it varies on is still said.
    #[test]
    fn vary_keeps_what_was_there(lines in vec("[a-zA-Z*, -]{0,12}", 0..4)) {
        let policy = CorsPolicy::builder().allow_origin("https://a.example").build().expect("a policy");
        let merged = crate::support::vary_of(policy, &lines);
        let tokens = |line: &str| -> Vec<String> {
            line.split(',').map(|token| token.trim().to_lowercase()).filter(|token| !token.is_empty()).collect()
        };
        let before: Vec<String> = lines.iter().flat_map(|line| tokens(line)).collect();
        prop_assert_eq!(merged.len(), 1);
        let after = tokens(&merged.concat());
        if before.iter().any(|token| token == "*") {
            prop_assert_eq!(after, ["*"]);
        } else {
            let mut wanted = distinct(before);
            if !wanted.iter().any(|token| token == "origin") {
                wanted.push("origin".to_owned());
            }
            prop_assert_eq!(after, wanted);
        }
    }

    /// Whatever text is configured: a policy or errors, and never a panic.
    #[test]
    fn any_text_makes_a_policy_or_errors(values in vec(("[A-Z_]{0,12}", "\\PC{0,40}"), 0..6), origins in "\\PC{0,60}") {
        let mut vars: Vec<(String, String)> = values.into_iter().map(|(name, value)| (format!("CORS_{name}"), value)).collect();
        for name in ["ALLOWED_ORIGINS", "ALLOWED_ORIGIN_REGEXES", "ALLOWED_METHODS", "ALLOWED_HEADERS", "MAX_AGE"] {
            vars.push((format!("CORS_{name}"), origins.clone()));
        }
        match CorsPolicy::from_vars("CORS_", vars) {
            Ok(policy) => {
                let debug = format!("{policy:?}");
                prop_assert_eq!(debug.get(..10), Some("CorsPolicy"));
            }
            Err(errors) => prop_assert_eq!(errors.to_string().lines().count(), errors.as_slice().len()),
        }
    }
}

proptest! {
    // Large automata take a while without optimization; `fuzz/` asks about many more.
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is made at random out of a regex may be an origin of any length.
    #[test]
    fn what_matches_an_origin_is_not_said_to_match_none(regex in origin_regex(), seed in any::<u64>()) {
        let built = CorsPolicy::builder().allow_origin_regex(&regex).build();
        let never = built.err().is_some_and(|errors| errors.as_slice().iter().any(|error| error.kind() == PolicyErrorKind::RegexNeverMatches));
        if never {
            let whole = regex::Regex::new(&format!(r"\A(?:{regex})\z")).expect("a regex");
            let mut sampler = Sampler::new(&regex, seed).expect("a regex");
            for text in std::iter::repeat_with(|| sampler.text()).take(200).flatten() {
                prop_assert!(Origin::parse(&text).is_none() || !whole.is_match(&text), "{regex} matches {text}");
            }
        }
    }
}
