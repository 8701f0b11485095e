//! What a policy says of a request, put into words for a person who asks. No request comes by here.

use std::fmt;

use super::{
    AllowedOrigin, CorsPolicy, Decision, Origins, Reason, Rejection,
    near::{self, Sentence},
};
use crate::{
    error::{Quoted, Ticked},
    fetch,
    http::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderName,
        HeaderValue, Method, ORIGIN, RequestHead,
    },
    origin::{Difference, Listed, Near, NearPart},
};

/// A request to be explained by [`CorsPolicy::explain`]: what a page wants to send, or what came.
///
/// ```
/// use actix_cors_policy::{CorsPolicy, CorsRequest};
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_headers(["content-type"])
///     .build()?;
/// let request = CorsRequest::actual("https://app.example.com", "POST").headers(["content-type"]);
/// assert!(policy.explain(&request).is_allowed());
/// assert!(!policy.explain(&request.credentials()).is_allowed());
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct CorsRequest {
    head: RequestHead,
    is_tls: bool,
    credentials: bool,
    method: String,
    /// The names for which a browser asks.
    asked: Vec<String>,
    is_websocket: bool,
}

impl CorsRequest {
    /// What a page of an origin wants to send. If that needs a preflight, the [`Explanation`] has
    /// [that of the preflight](Explanation::preflight) in it, and is a permission only if both are.
    ///
    /// `origin` is taken as it is (a byte that no header can hold becomes `?`), `method` as
    /// [browsers normalize it](https://fetch.spec.whatwg.org/#concept-method-normalize).
    #[must_use]
    pub fn actual(origin: impl AsRef<str>, method: impl AsRef<str>) -> Self {
        let mut request = Self::of(origin.as_ref(), method.as_ref());
        // What is no method cannot be sent, and its preflight says so.
        request.head.method = Method::from_bytes(request.method.as_bytes()).unwrap_or(Method::GET);
        request
    }

    /// The preflight alone by which a browser asks for a request of that method.
    #[must_use]
    pub fn preflight(origin: impl AsRef<str>, method: impl AsRef<str>) -> Self {
        let mut request = Self::of(origin.as_ref(), method.as_ref());
        request.head = request.preflight_head();
        request
    }

    /// Adds request headers for which a browser asks: those that the page sets, without the
    /// [safelisted ones](https://fetch.spec.whatwg.org/#cors-safelisted-request-header). `content-type` is one if its value
    /// is another than that of a form or plain text, such as `application/json`.
    #[must_use]
    pub fn headers(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for name in names {
            let name = name.as_ref().to_ascii_lowercase();
            let is_asked_for =
                self.is_preflight() || !fetch::is_mostly_safelisted_request_header(&name);
            if is_asked_for && !self.asked.contains(&name) {
                self.asked.push(name);
            }
        }
        if self.is_preflight() {
            self.head = self.preflight_head();
        }
        self
    }

    /// The page sends credentials along and wants to read the answer:
    /// [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode) `include`.
    #[must_use]
    pub fn credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    /// The place that it is sent to, such as `https://api.example.com`. It matters to predicates that read `Host`, and to
    /// [`reject_denied_origins`](crate::CorsPolicyBuilder::reject_denied_origins).
    #[must_use]
    pub fn sent_to(mut self, place: impl AsRef<str>) -> Self {
        let place = place.as_ref();
        let (scheme, host) = place.split_once("://").unwrap_or(("", place));
        self.is_tls = scheme == "https";
        self.head.headers_mut().insert(HOST, value(host));
        self
    }

    /// It came over a connection with TLS; a request's head does not tell.
    #[must_use]
    pub fn over_tls(mut self) -> Self {
        self.is_tls = true;
        self
    }

    pub(crate) fn head(&self) -> &RequestHead {
        &self.head
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.is_tls
    }

    fn of(origin: &str, method: &str) -> Self {
        let mut head = RequestHead::default();
        head.headers_mut().append(ORIGIN, value(origin));
        Self {
            head,
            is_tls: false,
            credentials: false,
            method: fetch::normalized_method(method)
                .unwrap_or(method)
                .to_owned(),
            asked: Vec::new(),
            is_websocket: false,
        }
    }

    fn is_preflight(&self) -> bool {
        self.head.method == Method::OPTIONS
            && self
                .head
                .headers()
                .contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Why a browser asks before it sends this; `None` if it does not.
    fn needs_preflight(&self) -> Option<String> {
        if self.is_preflight() || self.is_websocket || !self.head.headers().contains_key(ORIGIN) {
            return None;
        }
        if !fetch::is_safelisted_method(self.method.as_bytes()) {
            return Some(format!("method {} is not safelisted", Ticked(&self.method)));
        }
        let name = self.asked.first()?;
        Some(if name == CONTENT_TYPE {
            "`content-type` is not safelisted, unless it is that of a form or plain text".to_owned()
        } else {
            format!("header {} is not safelisted", Ticked(name))
        })
    }

    /// The preflight of an actual request that needs one.
    pub(crate) fn to_preflight(&self) -> Option<Self> {
        self.needs_preflight()?;
        Some(Self {
            head: self.preflight_head(),
            ..self.clone()
        })
    }

    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), steps 1 to 5.
    fn preflight_head(&self) -> RequestHead {
        let mut head = RequestHead::default();
        head.method = Method::OPTIONS;
        head.uri = self.head.uri.clone();
        let headers = head.headers_mut();
        for name in [ORIGIN, HOST] {
            for line in self.head.headers().get_all(&name) {
                headers.append(name.clone(), line.clone());
            }
        }
        headers.append(ACCESS_CONTROL_REQUEST_METHOD, value(&self.method));
        if !self.asked.is_empty() {
            let mut names: Vec<&str> = self.asked.iter().map(String::as_str).collect();
            names.sort_unstable();
            headers.append(ACCESS_CONTROL_REQUEST_HEADERS, value(&names.join(",")));
        }
        head
    }
}

const CONTENT_TYPE: &str = "content-type";

/// A request as it came. Of an actual request, the names that browsers set by themselves are left out of those for which
/// they ask, as far as they can be told.
impl From<&RequestHead> for CorsRequest {
    fn from(head: &RequestHead) -> Self {
        let mut request = Self {
            head: head.clone(),
            is_tls: false,
            credentials: false,
            method: head.method.to_string(),
            asked: Vec::new(),
            is_websocket: head
                .headers()
                .get("upgrade")
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket")),
        };
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        if request.is_preflight() {
            if let Some(method) = head.headers().get(ACCESS_CONTROL_REQUEST_METHOD) {
                request.method = text(method);
            }
            for line in head.headers().get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
                let line = text(line);
                let names = line
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty());
                request.asked.extend(names.map(str::to_owned));
            }
        } else {
            let by_page = |(name, value): &(&HeaderName, &HeaderValue)| {
                !fetch::is_forbidden_request_header(name.as_str())
                    && !SET_BY_BROWSERS.contains(&name.as_str())
                    && !fetch::is_safelisted_request_header(name.as_str(), value.as_bytes())
            };
            for (name, _) in head.headers().iter().filter(by_page) {
                if !request.asked.iter().any(|known| known == name.as_str()) {
                    request.asked.push(name.to_string());
                }
            }
        }
        request
    }
}

/// Headers that a page may set, and that nearly always are the browser's own.
const SET_BY_BROWSERS: [&str; 8] = [
    "cache-control",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "priority",
    "upgrade-insecure-requests",
    "user-agent",
    "x-forwarded-for",
];

/// What a request with a text for a value holds.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| {
        let bytes: Vec<u8> = text
            .bytes()
            .map(|byte| if byte.is_ascii_control() { b'?' } else { byte })
            .collect();
        HeaderValue::from_bytes(&bytes).unwrap_or(HeaderValue::from_static("?"))
    })
}

/// What a request is, by its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestKind {
    /// `OPTIONS` with `Origin` and `Access-Control-Request-Method`.
    Preflight,
    /// Any other request with `Origin`.
    Actual,
    /// A request without `Origin`.
    NotCors,
}

/// What comes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The browser sends the request, and the page may read the answer.
    Allowed,
    /// The page may not read the answer; if the preflight is denied, the browser does not even send the request.
    Denied,
    /// An actual request that does not reach the handler.
    Rejected,
    /// It is not a CORS request, and goes to the handler.
    NotCors,
}

/// Why a request is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Denial {
    /// Several `Origin` lines.
    OriginRepeated,
    /// The origin is no serialized origin.
    OriginMalformed,
    /// No entry, regex or predicate admits the origin.
    OriginNotAllowed,
    /// Several `Access-Control-Request-Method` lines.
    MethodRepeated,
    /// The method is not a token.
    MethodMalformed,
    /// The Fetch standard forbids the method.
    MethodForbidden,
    /// The method is neither safelisted nor configured.
    MethodNotAllowed,
    /// A requested header is not a token.
    HeaderMalformed,
    /// A requested header is not configured.
    HeaderNotAllowed,
    /// More requested headers, or more text of them, than is read.
    HeadersOverLimit,
    /// Credentials are sent, and the policy does not allow them.
    CredentialsNotAllowed,
}

/// The part of a policy that allows an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedBy {
    what: &'static str,
    text: Option<String>,
    location: String,
}

impl AllowedBy {
    /// The entry or the regex as it was written; `None` if it is any origin or a predicate.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Where it came from, as in [`PolicyError::location`](crate::PolicyError::location):
    /// `CORS_ALLOWED_ORIGINS, entry 2`.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }
}

impl fmt::Display for AllowedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.as_deref().unwrap_or(self.what);
        write!(f, "{text} ({})", self.location)
    }
}

/// What a denied request nearly is. Displays as a sentence that names the difference, and what to set where that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    differences: Vec<Difference>,
    sentence: String,
    entry: Option<String>,
    location: Option<String>,
}

impl NearMiss {
    /// In what it differs: at least one.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The entry or the regex that comes nearest, where it is about one.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// Where that came from.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// What a policy says of a request, and why. Made by [`CorsPolicy::explain`]; displays as several lines for a person.
#[derive(Clone, Debug)]
pub struct Explanation {
    kind: RequestKind,
    outcome: Outcome,
    request: String,
    allowed_by: Option<AllowedBy>,
    denial: Option<(Denial, String)>,
    near_miss: Option<NearMiss>,
    needs_preflight: Option<String>,
    preflight: Option<Box<Explanation>>,
    answer: Answer,
}

/// What the layer answers, or adds to an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// `None` if it is the inner service's.
    status: Option<u16>,
    headers: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn new(status: Option<u16>, headers: &HeaderMap) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter();
        let mut headers: Vec<_> = headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        // The map has them in no order.
        headers.sort();
        Self { status, headers }
    }
}

impl Explanation {
    /// Whether the browser sends the request and the page may read the answer, so far as it depends on the policy.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }

    /// What comes of the request.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What the request is.
    #[must_use]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// What allows the origin; `None` if nothing does.
    #[must_use]
    pub fn allowed_by(&self) -> Option<&AllowedBy> {
        self.allowed_by.as_ref()
    }

    /// Why the request, or else its preflight, is denied.
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        self.denial.as_ref().map(|(denial, _)| *denial)
    }

    /// The same in the words of the log: escaped and bounded.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.denial.as_ref().map(|(_, reason)| &**reason)
    }

    /// What the denied request nearly is, if it is near to anything.
    #[must_use]
    pub fn near_miss(&self) -> Option<&NearMiss> {
        self.near_miss.as_ref()
    }

    /// Whether a browser asks by a preflight before it sends this
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#concept-fetch), by method and header names), unless it remembers an
    /// answer.
    #[must_use]
    pub fn needs_preflight(&self) -> bool {
        self.needs_preflight.is_some()
    }

    /// The explanation of the preflight, if the request needs one.
    #[must_use]
    pub fn preflight(&self) -> Option<&Explanation> {
        self.preflight.as_deref()
    }

    /// The status of the answer; `None` if it is the handler's.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// The headers, by name and value and sorted by name, that the layer sends, or adds to the answer of a handler that sets none of them and has the status 200.
    /// (With credentials, "expose any header" names those that the answer carries, so it names none here.)
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.answer.headers.iter();
        headers.map(|(name, value)| (&**name, &**value))
    }

    /// Judges a request by the decision about it; what is answered is told [afterwards](Self::with).
    pub(crate) fn new(
        policy: &CorsPolicy,
        request: &CorsRequest,
        decision: &Decision<'_>,
        preflight: Option<Self>,
    ) -> Self {
        let (kind, verdict) = match decision {
            Decision::NotCors => (RequestKind::NotCors, None),
            Decision::Actual(verdict) => (RequestKind::Actual, Some(verdict.as_ref())),
            Decision::Rejected(reason) => (RequestKind::Actual, Some(Err(reason))),
            Decision::Preflight(verdict) => (
                RequestKind::Preflight,
                Some(verdict.as_ref().map(|preflight| &preflight.origin)),
            ),
        };
        let mut explanation = Self {
            kind,
            outcome: Outcome::NotCors,
            request: describe(request, kind),
            allowed_by: None,
            denial: None,
            near_miss: None,
            needs_preflight: request.needs_preflight(),
            preflight: None,
            answer: Answer::default(),
        };
        match verdict {
            None => {}
            Some(Ok(origin)) => {
                explanation.outcome = Outcome::Allowed;
                explanation.allowed_by = Some(allowed_by(policy, origin));
                if request.credentials && !policy.rules().credentials {
                    explanation.deny_credentials(policy);
                }
            }
            Some(Err(reason)) => {
                let text = match decision {
                    Decision::Rejected(_) => Rejection(reason, request.head()).to_string(),
                    _ => reason.to_string(),
                };
                explanation.outcome = match decision {
                    Decision::Rejected(_) => Outcome::Rejected,
                    _ => Outcome::Denied,
                };
                explanation.denial = Some((denial(reason, &text), text));
                explanation.near_miss = near_miss(policy, reason);
            }
        }
        if let Some(preflight) = preflight {
            if !preflight.is_allowed() && explanation.is_allowed() {
                explanation.outcome = Outcome::Denied;
                explanation.denial.clone_from(&preflight.denial);
                explanation.near_miss.clone_from(&preflight.near_miss);
            }
            explanation.preflight = Some(Box::new(preflight));
        }
        explanation
    }

    pub(crate) fn with(self, answer: Answer) -> Self {
        Self { answer, ..self }
    }

    fn deny_credentials(&mut self, policy: &CorsPolicy) {
        self.outcome = Outcome::Denied;
        let reason = "credentials are not allowed".to_owned();
        self.denial = Some((Denial::CredentialsNotAllowed, reason));
        let sentence = near::credentials(policy.rules(), &policy.places().words);
        self.near_miss = Some(without_entry(sentence));
    }

    fn write_answer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.answer.status) {
            (RequestKind::Preflight, Some(status)) => {
                write!(f, "\n  answer to the preflight: {status}")?;
            }
            (_, Some(status)) => write!(f, "\n  answer: {status}")?,
            (_, None) => f.write_str("\n  answer: the handler's, with")?,
        }
        for (name, value) in self.headers() {
            write!(f, "\n    {name}: {value}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            Outcome::Allowed => "allowed",
            Outcome::Denied => "denied",
            Outcome::Rejected => "rejected",
            Outcome::NotCors => "not CORS",
        };
        write!(f, "{outcome}: {}", self.request)?;
        if let Some(by) = &self.allowed_by {
            write!(f, "\n  origin: allowed by {by}")?;
        }
        if let Some((_, reason)) = &self.denial {
            write!(f, "\n  reason: {reason}")?;
        }
        if let Some(near) = &self.near_miss {
            write!(f, "\n  nearest: {near}")?;
            if let (Some(entry), Some(location)) = (&near.entry, &near.location) {
                write!(f, "\n  entry: {entry} ({location})")?;
            }
        }
        if self.kind == RequestKind::Actual {
            match &self.needs_preflight {
                Some(why) => write!(f, "\n  preflight: needed, because {why}")?,
                None => f.write_str("\n  preflight: not needed")?,
            }
        }
        match &self.preflight {
            Some(preflight) => {
                preflight.write_answer(f)?;
                // A browser does not send what was denied.
                if preflight.is_allowed() {
                    self.write_answer(f)?;
                }
                Ok(())
            }
            None => self.write_answer(f),
        }
    }
}

fn describe(request: &CorsRequest, kind: RequestKind) -> String {
    let mut text = match kind {
        RequestKind::Preflight => "preflight for ".to_owned(),
        _ => String::new(),
    };
    if fetch::is_token(request.method.as_bytes()) && request.method.len() <= 32 {
        text.push_str(&request.method);
    } else {
        text.push_str(&Quoted(request.method.as_bytes()).to_string());
    }
    if let Some(origin) = request.head.headers().get(ORIGIN) {
        text.push_str(&format!(" from {}", Quoted(origin.as_bytes())));
    }
    if !request.asked.is_empty() {
        let names = request.asked.join(", ");
        text.push_str(&format!(" with {}", Ticked(&names)));
    }
    if request.credentials {
        text.push_str(" and credentials");
    }
    text
}

fn allowed_by(policy: &CorsPolicy, origin: &AllowedOrigin<'_>) -> AllowedBy {
    let places = policy.places();
    let (what, text, place) = match (origin, &policy.rules().origins) {
        (AllowedOrigin::Listed(origin, by), Origins::Listed(list)) => {
            let origin = origin.as_bytes();
            let place = match by {
                Listed::Entry(number) => places.entries.get(*number),
                Listed::Regex => list
                    .regex_of(origin)
                    .and_then(|number| places.regexes.get(number).cloned()),
                Listed::Predicate => places.predicates.first().cloned(),
            };
            let text = list.text(*by, origin).map(str::to_owned);
            ("a predicate", text, place)
        }
        _ => ("any origin", None, places.any_origin.clone()),
    };
    AllowedBy {
        what,
        text,
        location: place.map(|place| place.to_string()).unwrap_or_default(),
    }
}

fn denial(reason: &Reason<'_>, text: &str) -> Denial {
    match reason {
        Reason::OriginRepeated { .. } => Denial::OriginRepeated,
        // Told apart where it is put into words.
        Reason::OriginNotAllowed(_) if text.contains("is not a serialized origin") => {
            Denial::OriginMalformed
        }
        Reason::OriginNotAllowed(_) => Denial::OriginNotAllowed,
        Reason::MethodRepeated { .. } => Denial::MethodRepeated,
        Reason::MethodMalformed(_) => Denial::MethodMalformed,
        Reason::MethodForbidden(_) => Denial::MethodForbidden,
        Reason::MethodNotAllowed(_) => Denial::MethodNotAllowed,
        Reason::HeaderMalformed(_) => Denial::HeaderMalformed,
        Reason::HeaderNotAllowed(_) => Denial::HeaderNotAllowed,
        Reason::HeadersTooLong { .. } | Reason::HeadersTooMany | Reason::HeadersTooEmpty => {
            Denial::HeadersOverLimit
        }
    }
}

fn near_miss(policy: &CorsPolicy, reason: &Reason<'_>) -> Option<NearMiss> {
    let (rules, places) = (policy.rules(), policy.places());
    match (reason, &rules.origins) {
        (Reason::OriginNotAllowed(origin), Origins::Listed(list)) => {
            let Near {
                differences,
                part,
                sentence,
            } = list.nearest(origin)?;
            let (entry, place) = match part {
                Some(NearPart::Entry(number)) => {
                    (list.entries().get(number), places.entries.get(number))
                }
                Some(NearPart::Regex(number)) => (
                    list.regexes().get(number).map(String::as_str),
                    places.regexes.get(number).cloned(),
                ),
                None => (None, None),
            };
            Some(NearMiss {
                differences,
                sentence,
                entry: entry.map(str::to_owned),
                location: place.map(|place| place.to_string()),
            })
        }
        (Reason::MethodNotAllowed(method), _) => {
            near::method(rules, method, &places.words).map(without_entry)
        }
        (Reason::HeaderNotAllowed(name), _) => {
            near::header(rules, name, &places.words).map(without_entry)
        }
        _ => None,
    }
}

fn without_entry((difference, sentence): Sentence) -> NearMiss {
    NearMiss {
        differences: vec![difference],
        sentence,
        entry: None,
        location: None,
    }
}
