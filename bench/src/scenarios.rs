//! What is asked of which policy, and what a right answer is: one row of the tables each.

/// The lists of every policy beside its origins.
pub const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "PUT", "DELETE"];
pub const HEADERS: [&str; 4] = ["content-type", "authorization", "x-request-id", "x-tenant"];
pub const MAX_AGE: u64 = 600;

/// A row.
pub struct Scenario {
    pub name: &'static str,
    /// What our layer may cost over the floor, in instructions.
    pub goal: &'static str,
    pub origins: Origins,
    /// `OPTIONS` for preflights, `GET` for all others.
    pub method: &'static str,
    /// The CORS headers of the request.
    headers: Vec<(&'static str, String)>,
    /// Whether the handler's response has 20 headers and a `Vary`, or next to none.
    pub is_rich: bool,
    pub ours: Seen,
    pub actix_cors: Seen,
    pub tower_http: Seen,
}

/// What tells one answer from another: its status, and whether it has `Access-Control-Allow-Origin`.
pub type Seen = (u16, bool);

/// Who is allowed. Numbers stand for generated entries, because a million of them are made when they are needed.
#[derive(Clone, Copy)]
pub enum Origins {
    Any,
    Exact(usize),
    Subdomains(usize),
    /// Ten of different forms.
    Regexes,
    /// One for each tenant.
    TenantRegexes(usize),
}

/// A response with much in it.
pub const RICH: [(&str, &str); 21] = [
    ("cache-control", "private, max-age=60"),
    ("content-disposition", "inline"),
    ("content-language", "en"),
    ("content-security-policy", "default-src 'none'"),
    ("content-type", "application/json"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ("etag", "\"33a64df551425fcc55e4d42a148795d9\""),
    ("expires", "Thu, 01 Jan 2026 00:01:00 GMT"),
    ("last-modified", "Wed, 31 Dec 2025 23:59:59 GMT"),
    ("link", "</items?page=2>; rel=next"),
    ("permissions-policy", "geolocation=()"),
    ("referrer-policy", "no-referrer"),
    ("server-timing", "db;dur=53"),
    ("strict-transport-security", "max-age=63072000"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("x-ratelimit-limit", "100"),
    ("x-ratelimit-remaining", "99"),
    ("x-request-id", "5f2b7c1e"),
    ("vary", "Accept-Encoding"),
];

/// What browsers send beside the CORS headers.
const BROWSER: [(&str, &str); 8] = [
    ("host", "api.example.com"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ),
    ("accept", "application/json"),
    ("accept-language", "en-US,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("connection", "keep-alive"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-site", "cross-site"),
];

const TEN_REGEXES: [&str; 10] = [
    r"https://pr-[0-9]+\.example\.dev",
    r"https://[a-z0-9-]+\.preview\.example\.dev",
    r"https://(www|app|admin)\.example\.com",
    r"https://[a-z]+-staging\.example\.com",
    r"https://[a-z0-9-]+\.eu\.example\.net",
    r"https://[a-z0-9-]+\.us\.example\.net",
    r"https://deploy-preview-[0-9]+--shop\.example\.org",
    r"http://localhost:[0-9]+",
    r"https://(.*\.)?tools\.example\.com",
    r"https://v[0-9]+\.api\.example\.com",
];

impl Origins {
    /// The entries, exact ones or patterns, in the crate's own notation; regexes are none.
    pub fn entries(self) -> Vec<String> {
        let each = |count, entry: fn(usize) -> String| (0..count).map(entry).collect();
        match self {
            Self::Exact(count) => each(count, exact),
            Self::Subdomains(count) => {
                each(count, |number| format!("https://*.shop-{number}.example"))
            }
            Self::Any | Self::Regexes | Self::TenantRegexes(_) => Vec::new(),
        }
    }

    pub fn regexes(self) -> Vec<String> {
        match self {
            Self::Regexes => TEN_REGEXES.map(str::to_owned).into(),
            Self::TenantRegexes(count) => (0..count)
                .map(|number| format!(r"https://[a-z0-9-]+\.tenant-{number}\.example"))
                .collect(),
            Self::Any | Self::Exact(_) | Self::Subdomains(_) => Vec::new(),
        }
    }

    /// The origin that the last entry allows, which is the one that a scan finds last.
    fn last(self) -> String {
        match self {
            Self::Any => exact(0),
            Self::Exact(count) => exact(count - 1),
            Self::Subdomains(count) => format!("https://de.app.shop-{}.example", count - 1),
            Self::Regexes => "https://v2.api.example.com".to_owned(),
            Self::TenantRegexes(count) => format!("https://app-7.tenant-{}.example", count - 1),
        }
    }
}

/// One of many origins that look alike and are not all of one length.
fn exact(number: usize) -> String {
    let label = ["app", "www", "admin", "checkout"][number % 4];
    format!("https://{label}.shop-{number}.example")
}

const PASSED: Seen = (200, false);
const ALLOWED: Seen = (200, true);

impl Scenario {
    fn get(
        name: &'static str,
        goal: &'static str,
        origins: Origins,
        origin: Option<String>,
    ) -> Self {
        Self {
            name,
            goal,
            origins,
            method: "GET",
            headers: origin
                .into_iter()
                .map(|origin| ("origin", origin))
                .collect(),
            is_rich: false,
            ours: PASSED,
            actix_cors: PASSED,
            tower_http: PASSED,
        }
    }

    fn allowed(name: &'static str, goal: &'static str, origins: Origins) -> Self {
        let scenario = Self::get(name, goal, origins, Some(origins.last()));
        scenario.answered(ALLOWED, ALLOWED, ALLOWED)
    }

    fn denied(name: &'static str, goal: &'static str, origins: Origins) -> Self {
        Self::get(name, goal, origins, Some(EVIL.to_owned()))
    }

    /// A preflight for `PUT` from an allowed origin, that asks for request headers.
    fn preflight(name: &'static str, goal: &'static str, names: impl Into<String>) -> Self {
        let mut scenario = Self::allowed(name, goal, THREE);
        scenario.method = "OPTIONS";
        scenario
            .headers
            .push(("access-control-request-method", "PUT".to_owned()));
        scenario
            .headers
            .push(("access-control-request-headers", names.into()));
        scenario.answered((204, true), ALLOWED, ALLOWED)
    }

    /// With another value of a header.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    fn answered(self, ours: Seen, actix_cors: Seen, tower_http: Seen) -> Self {
        Self {
            ours,
            actix_cors,
            tower_http,
            ..self
        }
    }

    /// The headers of the request.
    pub fn request_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        BROWSER.into_iter().chain(own)
    }

    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS"
    }
}

const THREE: Origins = Origins::Exact(3);
const EVIL: &str = "https://app.shop-evil.example";

/// All rows, in the order of the tables.
pub fn all() -> Vec<Scenario> {
    const ASKED: &str = "content-type,x-request-id,x-tenant";
    let many = 1_000_000;
    let (exact, subdomains) = (Origins::Exact(many), Origins::Subdomains(many));
    let mut rich = Scenario::allowed(
        "response with 20 headers and its own `Vary`",
        "2 600",
        THREE,
    );
    rich.is_rich = true;
    let distinct: Vec<String> = (0..7_500).map(|number| format!("x-{number:05}")).collect();
    let repeated = "x-tenant,".repeat(6_700) + HEADERS[0];
    // At the bounds of what is read of the list: 256 names, 8 KiB.
    let padded = format!("{:31},", HEADERS[0]).repeat(255) + HEADERS[0];
    let mut lines = Scenario::preflight("preflight, 80 lines of request headers", "5 000", ASKED);
    lines.headers.extend(std::iter::repeat_n(
        ("access-control-request-headers", "x-tenant".to_owned()),
        79,
    ));
    vec![
        Scenario::get("no `Origin`", "850", THREE, None),
        Scenario::allowed("allowed, 3 exact origins", "1 150", THREE),
        Scenario::denied("denied, 3 exact origins", "900", THREE),
        Scenario::allowed("any origin", "1 250", Origins::Any),
        Scenario::allowed("allowed, 10 regexes", "2 500", Origins::Regexes),
        Scenario::allowed(
            "allowed, 100 tenants' regexes",
            "4 500",
            Origins::TenantRegexes(100),
        ),
        Scenario::allowed(
            "allowed among 100 000 exact origins",
            "with 3, + 300",
            Origins::Exact(100_000),
        ),
        Scenario::allowed(
            "allowed among 1 000 000 exact origins",
            "with 3, + 300",
            exact,
        ),
        Scenario::denied(
            "denied among 1 000 000 exact origins",
            "with 3, + 300",
            exact,
        ),
        Scenario::allowed(
            "allowed among 1 000 000 subdomain entries",
            "with 3, + 300",
            subdomains,
        ),
        Scenario::denied(
            "denied among 1 000 000 subdomain entries",
            "with 3, + 300",
            subdomains,
        ),
        rich,
        Scenario::preflight("preflight allowed, 3 headers asked", "1 750", ASKED),
        Scenario::preflight("preflight denied by its origin", "1 000", ASKED)
            .with("origin", EVIL)
            .answered((403, false), (400, false), (200, false)),
        Scenario::preflight("preflight denied by its method", "1 300", ASKED)
            .with("access-control-request-method", "PATCH")
            .answered((403, false), (400, false), ALLOWED),
        Scenario::preflight(
            "preflight denied by a header",
            "1 300",
            "content-type,x-evil,x-tenant",
        )
        .answered((403, false), (400, false), ALLOWED),
        Scenario::preflight(
            "preflight, 60 KB of request headers",
            "5 000",
            distinct.join(","),
        )
        .answered((403, false), (400, false), ALLOWED),
        Scenario::preflight("preflight, 100 KB of commas", "5 000", ",".repeat(100_000)).answered(
            (403, false),
            (400, false),
            ALLOWED,
        ),
        Scenario::preflight("preflight, a name repeated over 60 KB", "5 000", repeated).answered(
            (403, false),
            ALLOWED,
            ALLOWED,
        ),
        Scenario::preflight("preflight, 256 names in 8 KB", "4 a byte", padded),
        lines,
        Scenario::denied("an 8 KB `Origin`", "5 000", THREE)
            .with("origin", format!("https://{}", "a".repeat(8_000))),
    ]
}
