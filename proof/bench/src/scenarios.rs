//! The scenarios: a policy, a request, and the expected response. Each is a row of the tables.

use crate::goals::Goal;

/// The lists that every policy has in addition to its origins.
pub const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "PUT", "DELETE"];
pub const HEADERS: [&str; 4] = ["content-type", "authorization", "x-request-id", "x-tenant"];
pub const MAX_AGE: u64 = 600;

/// A row of the tables.
pub struct Scenario {
    pub name: &'static str,
    /// The goal for this crate.
    pub goal: Goal,
    pub origins: Origins,
    /// How many prefixes of paths have a policy of their own in this crate. One of them covers the path of the request.
    pub prefixes: usize,
    /// Whether the handler is in a scope that has the same middleware once more. Only instructions are measured.
    pub is_stacked: bool,
    /// What is told about decisions in this crate.
    pub watch: Watch,
    /// `OPTIONS` for preflights, `GET` for all others.
    pub method: &'static str,
    /// The CORS headers of the request.
    headers: Vec<(&'static str, String)>,
    /// The `Vary` of a response that has 20 more headers. Without it, the handler's response has almost none.
    pub vary: Option<&'static str>,
    /// Whether it is measured over sockets too.
    pub is_everyday: bool,
    pub ours: ResponseSummary,
    pub actix_cors: ResponseSummary,
    pub tower_http: ResponseSummary,
}

/// What is told about decisions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    Nothing,
    /// An observer that counts.
    Observer,
    /// A shadow policy with this many entries, which decides as the policy in force.
    Shadow(usize),
}

/// A summary of a response: its status, and whether it has `Access-Control-Allow-Origin`.
pub type ResponseSummary = (u16, bool);

/// The allowed origins. A number says how many entries to generate, so that a million entries exist only while they are used.
#[derive(Clone, Copy)]
pub enum Origins {
    Any,
    Exact(usize),
    Subdomains(usize),
    /// A look-up. Its answer is kept.
    LookedUp,
    /// Ten regexes of different forms.
    Regexes,
    /// One regex for each tenant.
    TenantRegexes(usize),
    /// One regex for each tenant and its subdomains.
    OpenRegexes(usize),
}

/// The headers of a response with many headers.
const RICH: [(&str, &str); 20] = [
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
];

/// The headers of the handler's response, apart from those that every response has.
pub fn response_headers(
    vary: Option<&'static str>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let own = vary.map(|vary| ("vary", vary));
    RICH.into_iter().filter(move |_| own.is_some()).chain(own)
}

/// The headers that browsers send in addition to the CORS headers.
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
    /// The exact entries and pattern entries. Empty if the origins are regexes.
    pub fn entries(self) -> Vec<String> {
        let each = |count, entry: fn(usize) -> String| (0..count).map(entry).collect();
        match self {
            Self::Exact(count) => each(count, exact),
            Self::Subdomains(count) => {
                each(count, |number| format!("https://*.shop-{number}.example"))
            }
            Self::Any
            | Self::LookedUp
            | Self::Regexes
            | Self::TenantRegexes(_)
            | Self::OpenRegexes(_) => Vec::new(),
        }
    }

    pub fn regexes(self) -> Vec<String> {
        match self {
            Self::Regexes => TEN_REGEXES.map(str::to_owned).into(),
            Self::TenantRegexes(count) => (0..count)
                .map(|number| format!(r"https://[a-z0-9-]+\.tenant-{number}\.example"))
                .collect(),
            Self::OpenRegexes(count) => (0..count)
                .map(|number| format!(r"https://(.+\.)?pr-[0-9]+\.tenant-{number}\.example"))
                .collect(),
            Self::Any | Self::LookedUp | Self::Exact(_) | Self::Subdomains(_) => Vec::new(),
        }
    }

    /// The origin that the last entry allows. A linear scan finds it last.
    fn last(self) -> String {
        match self {
            Self::Any | Self::LookedUp => exact(0),
            Self::Exact(count) => exact(count - 1),
            Self::Subdomains(count) => format!("https://de.app.shop-{}.example", count - 1),
            Self::Regexes => "https://v2.api.example.com".to_owned(),
            Self::TenantRegexes(count) => format!("https://app-7.tenant-{}.example", count - 1),
            Self::OpenRegexes(count) => format!("https://pr-7.tenant-{}.example", count - 1),
        }
    }
}

/// The path of the scope of [stacked](Scenario::is_stacked) middleware.
pub const SCOPE: &str = "/api";

/// One of many prefixes of paths, in their order.
pub fn prefix(number: usize) -> String {
    format!("/tenants/{number:06}")
}

/// One of many origins that are similar and have different lengths.
fn exact(number: usize) -> String {
    let label = ["app", "www", "admin", "checkout"][number % 4];
    format!("https://{label}.shop-{number}.example")
}

const PASSED: ResponseSummary = (200, false);
const ALLOWED: ResponseSummary = (200, true);
const FORBIDDEN: ResponseSummary = (403, false);
const BAD: ResponseSummary = (400, false);

impl Scenario {
    /// A denied request, with or without `Origin`.
    fn get(name: &'static str, origins: Origins, origin: Option<&str>) -> Self {
        let headers = origin.map(|origin| ("origin", origin.to_owned()));
        Self {
            name,
            goal: Goal::None,
            origins,
            prefixes: 0,
            is_stacked: false,
            watch: Watch::Nothing,
            method: "GET",
            headers: headers.into_iter().collect(),
            vary: None,
            is_everyday: false,
            ours: PASSED,
            actix_cors: PASSED,
            tower_http: PASSED,
        }
    }

    fn allowed(name: &'static str, origins: Origins) -> Self {
        let scenario = Self::get(name, origins, Some(&origins.last()));
        scenario.answered(ALLOWED, ALLOWED, ALLOWED)
    }

    fn denied(name: &'static str, origins: Origins) -> Self {
        Self::get(name, origins, Some(EVIL))
    }

    /// An allowed preflight for `PUT` with request headers.
    fn preflight(name: &'static str, names: impl Into<String>) -> Self {
        let scenario = Self {
            method: "OPTIONS",
            ..Self::allowed(name, THREE)
        };
        scenario
            .with("access-control-request-method", "PUT")
            .with("access-control-request-headers", names)
            .answered((204, true), ALLOWED, ALLOWED)
    }

    fn goal(self, goal: Goal) -> Self {
        Self { goal, ..self }
    }

    fn at_most(self, instructions: u32) -> Self {
        self.goal(Goal::AtMost(instructions))
    }

    /// Nearly as fast as the same with three entries.
    fn near(self, row: &'static str) -> Self {
        self.goal(Goal::Over { row, by: 300 })
    }

    fn rich(self, vary: &'static str) -> Self {
        let vary = Some(vary);
        Self { vary, ..self }
    }

    fn everyday(self) -> Self {
        let is_everyday = true;
        Self {
            is_everyday,
            ..self
        }
    }

    fn below(self, prefixes: usize) -> Self {
        Self { prefixes, ..self }
    }

    fn stacked(self) -> Self {
        let is_stacked = true;
        Self { is_stacked, ..self }
    }

    fn watched(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// Sets a header to one value.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    /// Repeats the last header this many times.
    fn repeated(mut self, times: usize) -> Self {
        let last = self.headers.pop();
        self.headers.extend(last.into_iter().cycle().take(times));
        self
    }

    fn answered(
        self,
        ours: ResponseSummary,
        actix_cors: ResponseSummary,
        tower_http: ResponseSummary,
    ) -> Self {
        Self {
            ours,
            actix_cors,
            tower_http,
            ..self
        }
    }

    /// The headers of the request.
    pub fn request_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let own = self.headers.iter();
        BROWSER
            .into_iter()
            .chain(own.map(|(name, value)| (*name, value.as_str())))
    }

    /// The path of the request.
    pub fn path(&self) -> String {
        match self.prefixes {
            0 if self.is_stacked => SCOPE.to_owned() + "/items",
            0 => "/".to_owned(),
            count => prefix(count / 2) + "/items",
        }
    }

    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS"
    }
}

const RICH_GOAL: Goal = Goal::AtMostAndBelowActixCors(2_400);
const ALLOWED_3: &str = "allowed, 3 exact origins";
const DENIED_3: &str = "denied, 3 exact origins";
const SUBDOMAIN_ALLOWED_3: &str = "allowed, 3 subdomain entries";
const SUBDOMAIN_DENIED_3: &str = "denied, 3 subdomain entries";
const BELOW_3_PREFIXES: &str = "allowed, 3 prefixes of paths";
const THREE: Origins = Origins::Exact(3);
const MILLION: Origins = Origins::Exact(1_000_000);
const MILLION_SUBDOMAINS: Origins = Origins::Subdomains(1_000_000);
const EVIL: &str = "https://app.shop-evil.example";
const ASKED: &str = "content-type,x-request-id,x-tenant";

pub fn named(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}

/// All rows, in the order of the tables.
#[rustfmt::skip] // A row is a line.
pub fn all() -> Vec<Scenario> {
    let distinct: Vec<String> = (0..7_500).map(|number| format!("x-{number:05}")).collect();
    let again = "x-tenant,".repeat(6_700) + "x-tenant";
    // The maximum number of names and bytes that this crate reads.
    let most = format!("{:31},", "x-tenant").repeat(255) + "x-tenant";
    // The regexes read all of this text, because only its scheme is wrong.
    let hostile = (0..9).map(|number| format!("pr-{number}.tenant-{number}.example.x."));
    let hostile = format!("http://{}pr-7.tenant-7.example", hostile.collect::<String>());
    vec![
        Scenario::get("no `Origin`", THREE, None).at_most(850).everyday(),
        Scenario::allowed(ALLOWED_3, THREE).at_most(1_150).everyday(),
        Scenario::denied(DENIED_3, THREE).at_most(900),
        Scenario::allowed("any origin", Origins::Any).at_most(1_250),
        Scenario::allowed("allowed, 10 regexes", Origins::Regexes).at_most(2_500),
        Scenario::allowed("allowed, 100 tenants' regexes", Origins::TenantRegexes(100)).at_most(4_500),
        Scenario::denied("denied, 256 regexes, 240 bytes", Origins::OpenRegexes(256)).at_most(8_000)
            .with("origin", hostile),
        Scenario::allowed("allowed among 100 000 exact origins", Origins::Exact(100_000)).near(ALLOWED_3),
        Scenario::allowed("allowed among 1 000 000 exact origins", MILLION).near(ALLOWED_3),
        Scenario::denied("denied among 1 000 000 exact origins", MILLION).near(DENIED_3),
        Scenario::allowed(SUBDOMAIN_ALLOWED_3, Origins::Subdomains(3)),
        Scenario::denied(SUBDOMAIN_DENIED_3, Origins::Subdomains(3)),
        Scenario::allowed("allowed among 1 000 000 subdomain entries", MILLION_SUBDOMAINS).near(SUBDOMAIN_ALLOWED_3),
        Scenario::denied("denied among 1 000 000 subdomain entries", MILLION_SUBDOMAINS).near(SUBDOMAIN_DENIED_3),
        Scenario::allowed("allowed by a look-up, answer kept", Origins::LookedUp),
        Scenario::allowed("allowed, 3 exact origins, an observer that counts", THREE).watched(Watch::Observer),
        Scenario::allowed("allowed, 3 exact origins, a shadow policy of 3", THREE).watched(Watch::Shadow(3)),
        Scenario::allowed("allowed, 3 exact origins, a shadow policy of 100 000", THREE).watched(Watch::Shadow(100_000)),
        Scenario::allowed("response with 20 headers and its own `Vary`", THREE).goal(RICH_GOAL).rich("Accept-Encoding"),
        Scenario::allowed("the same, with three tokens in `Vary`", THREE).goal(RICH_GOAL).rich("Accept-Encoding, Cookie, Accept-Language"),
        Scenario::allowed(BELOW_3_PREFIXES, THREE).below(3).at_most(1_600),
        Scenario::allowed("allowed, 1 000 prefixes of paths", THREE).below(1_000).near(BELOW_3_PREFIXES),
        Scenario::allowed("allowed, 100 000 prefixes of paths", THREE).below(100_000).near(BELOW_3_PREFIXES),
        Scenario::allowed("allowed, 2 stacked layers", THREE).stacked(),
        Scenario::preflight("preflight allowed, 3 headers asked", ASKED).at_most(1_750).everyday(),
        Scenario::preflight("preflight allowed, 2 stacked layers", ASKED).stacked(),
        Scenario::preflight("preflight denied by its origin", ASKED).at_most(1_000)
            .with("origin", EVIL).answered(FORBIDDEN, BAD, PASSED),
        Scenario::preflight("preflight denied by its method", ASKED).at_most(1_300)
            .with("access-control-request-method", "PATCH").answered(FORBIDDEN, BAD, ALLOWED),
        Scenario::preflight("preflight denied by a header", "content-type,x-evil,x-tenant").at_most(1_300)
            .answered(FORBIDDEN, BAD, ALLOWED),
        Scenario::preflight("preflight, 60 KB of request headers", distinct.join(",")).at_most(5_000)
            .answered(FORBIDDEN, BAD, ALLOWED),
        Scenario::preflight("preflight, 100 KB of commas", ",".repeat(100_000)).at_most(5_000)
            .answered(FORBIDDEN, BAD, ALLOWED),
        Scenario::preflight("preflight, one name repeated over 60 KB", again).at_most(5_000)
            .answered(FORBIDDEN, ALLOWED, ALLOWED),
        Scenario::preflight("preflight, one name 256 times in 8 KB", most).at_most(32_768),
        Scenario::preflight("preflight, 80 lines of 3 request headers", ASKED).at_most(10_880).repeated(80),
        Scenario::denied("an 8 KB `Origin`", THREE).at_most(5_000)
            .with("origin", format!("https://{}", "a".repeat(8_000))),
    ]
}
