//! The explanation of a request, as text for people. Serving a request does not use it.

use std::fmt;

use super::cors_request::CorsRequest;
use crate::{
    http::{HeaderMap, HeaderValue, ORIGIN},
    location::Location,
    origin::Match,
    policy::{
        AllowedOrigin, Cause, CorsPolicy, Decision, Denial, NearMiss, Origins, Outcome,
        RequestKind, causes,
    },
    quote::Line,
};

/// The part of a policy that allows an origin.
#[derive(Clone, PartialEq, Eq)]
pub struct AllowedBy {
    what: &'static str,
    text: Option<String>,
    location: Location,
}

impl AllowedBy {
    /// The entry or the regex as it was written; `None` if it is any origin, a predicate or a look-up.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Where it came from, as in [`PolicyError::location`](crate::PolicyError::location).
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl fmt::Display for AllowedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.as_deref().unwrap_or(self.what);
        write!(f, "{} ({})", Line(text), self.location)
    }
}

impl fmt::Debug for AllowedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a policy allows a request, and why. [`CorsPolicy::explain`] returns it. `Display` writes several lines for
/// people, beginning with the [outcome](Self::outcome). `{:#}` leaves the outcome out, for programs that show it
/// themselves.
#[derive(Clone, Debug)]
pub struct Explanation {
    kind: RequestKind,
    outcome: Outcome,
    request: String,
    allowed_by: Option<AllowedBy>,
    causes: Vec<Cause>,
    needs_preflight: Option<String>,
    preflight: Option<Box<Explanation>>,
    answer: LayerResponse,
}

/// What the middleware answers, or adds to a response.
#[derive(Clone, Debug, Default)]
pub(crate) struct LayerResponse {
    /// `None` if the inner service answers.
    status: Option<u16>,
    headers: Vec<(String, String)>,
}

impl LayerResponse {
    pub(crate) fn new(status: Option<u16>, headers: &HeaderMap) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = headers.iter();
        let mut headers: Vec<_> = headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        // The map is not sorted.
        headers.sort_unstable();
        Self { status, headers }
    }
}

impl Explanation {
    /// Whether the policy lets the browser send the request and the page read the response. False if a look-up decides.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self.outcome, Outcome::Allowed | Outcome::SameOrigin)
    }

    /// Whether it is allowed, or a look-up may allow it.
    fn may_be_allowed(&self) -> bool {
        #[cfg(feature = "lookup")]
        if self.outcome == Outcome::NeedsLookup {
            return true;
        }
        self.is_allowed()
    }

    /// The result of the request.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The kind of the request.
    #[must_use]
    pub fn kind(&self) -> RequestKind {
        self.kind
    }

    /// What allows the origin, or the look-up that may; `None` if nothing does.
    #[must_use]
    pub fn allowed_by(&self) -> Option<&AllowedBy> {
        self.allowed_by.as_ref()
    }

    /// All causes for which the request or its preflight is denied: origin, method, each request header, credentials,
    /// in this order. Empty if it is allowed. At most 256 requested headers are read.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Why the request or its preflight is denied: the first of the [causes](Self::causes).
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        self.causes.first().map(Cause::denial)
    }

    /// The same as text, as the log has it: escaped and shortened.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.causes.first().map(Cause::reason)
    }

    /// What the policy allows that is nearest to the first cause; `None` if nothing is near.
    #[must_use]
    pub fn near_miss(&self) -> Option<&NearMiss> {
        self.causes.first().and_then(Cause::near_miss)
    }

    /// Whether a browser sends a preflight before this request ([HTTP
    /// fetch](https://fetch.spec.whatwg.org/#concept-fetch), by method and header names), unless it has a preflight
    /// response in its cache.
    #[must_use]
    pub fn needs_preflight(&self) -> bool {
        self.needs_preflight.is_some()
    }

    /// The explanation of the preflight, if the request needs one.
    #[must_use]
    pub fn preflight(&self) -> Option<&Explanation> {
        self.preflight.as_deref()
    }

    /// The status of the response; `None` if the handler sets it.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// The headers that the middleware sends, or adds to the response of a handler, as name and value, sorted by name.
    /// They are those for a response of the handler with status 200 and without headers of its own. (So with
    /// credentials, "expose any header" lists only `vary`.)
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.answer.headers.iter();
        headers.map(|(name, value)| (&**name, &**value))
    }

    /// Explains a request by the decision about it; [`with`](Self::with) adds the response afterwards.
    pub(crate) fn new(
        policy: &CorsPolicy,
        request: &CorsRequest,
        decision: &Decision<'_>,
        preflight: Option<Self>,
    ) -> Self {
        let kind = decision.kind();
        let mut explanation = Self {
            kind,
            outcome: Outcome::NotCors,
            request: request.describe(kind == RequestKind::Preflight),
            allowed_by: None,
            causes: Vec::new(),
            needs_preflight: request.needs_preflight(),
            preflight: None,
            answer: LayerResponse::default(),
        };
        match (decision, decision.allowed()) {
            (Decision::NotCors, _) => {}
            (_, Some(origin)) => {
                explanation.outcome = Outcome::Allowed;
                explanation.allowed_by = allowed_by(policy, origin);
            }
            (_, None) => {
                explanation.causes = causes(policy, request.head(), decision, true);
                explanation.outcome = match decision {
                    Decision::Rejected(_) => Outcome::Rejected,
                    _ => Outcome::Denied,
                };
            }
        }
        if let Some(preflight) = preflight {
            if explanation.is_allowed() {
                explanation.causes.clone_from(&preflight.causes);
            } else {
                // The origin of the preflight is denied too; the preflight also has the causes of method and headers.
                let others = preflight.causes.iter().skip_while(|cause| {
                    let of_origin = explanation.causes.first().map(Cause::denial);
                    Some(cause.denial()) == of_origin
                });
                let others: Vec<Cause> = others.cloned().collect();
                explanation.causes.extend(others);
            }
            explanation.preflight = Some(Box::new(preflight));
        }
        let origin = match request.head().headers().get_all(ORIGIN).as_slice() {
            [origin] => origin.as_bytes(),
            _ => b"",
        };
        let lacks_credentials =
            request.has_credentials() && !policy.rules().allows_credentials_of(origin);
        let is_known = explanation.causes.iter().any(Cause::is_credentials);
        if kind != RequestKind::NotCors && lacks_credentials && !is_known {
            explanation
                .causes
                .push(Cause::of_credentials(policy, origin));
        }
        let is_same_origin = request.is_same_origin().unwrap_or_else(|| {
            let outcome = decision.outcome(policy.rules(), request.head(), request.is_tls());
            outcome == Outcome::SameOrigin
        });
        if is_same_origin && explanation.outcome != Outcome::Rejected {
            explanation.outcome = Outcome::SameOrigin;
            explanation.causes.clear();
        }
        if explanation.is_allowed() && !explanation.causes.is_empty() {
            explanation.outcome = Outcome::Denied;
        }
        #[cfg(feature = "lookup")]
        if explanation.outcome == Outcome::Allowed
            && let Some(AllowedOrigin::Listed(_, Match::Lookup)) = decision.allowed()
        {
            explanation.outcome = Outcome::NeedsLookup;
        }
        explanation
    }

    pub(crate) fn with(self, answer: LayerResponse) -> Self {
        Self { answer, ..self }
    }

    fn write_answer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.answer.status) {
            (RequestKind::Preflight, Some(status)) => {
                write!(f, "\n  response to the preflight: {status}")?;
            }
            (_, Some(status)) => write!(f, "\n  response: {status}")?,
            (_, None) => f.write_str("\n  response: the handler's, with")?,
        }
        for (name, value) in self.headers() {
            write!(f, "\n    {name}: {}", Line(value))?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            write!(f, "{}: ", self.outcome)?;
        }
        f.write_str(&self.request)?;
        if self.outcome == Outcome::SameOrigin {
            return f.write_str(
                "\n  CORS does not apply: the page sends to its own origin, and may read the response",
            );
        }
        if let Some(by) = &self.allowed_by {
            if self.may_be_allowed() && !self.is_allowed() {
                write!(f, "\n  origin: decided by {by}; if it is allowed:")?;
            } else {
                write!(f, "\n  origin: allowed by {by}")?;
            }
        }
        for cause in &self.causes {
            write!(f, "\n  reason: {cause}")?;
            if let Some(near) = cause.near_miss().filter(|near| near.is_near()) {
                write!(f, "\n  nearest: {near}")?;
                if let (Some(entry), Some(location)) = (near.entry(), near.location()) {
                    write!(f, "\n  entry: {} ({location})", Line(entry))?;
                }
            }
            if let Some(fix) = cause.fix() {
                write!(f, "\n  fix: {fix}")?;
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
                if preflight.may_be_allowed() {
                    self.write_answer(f)?;
                }
                Ok(())
            }
            None => self.write_answer(f),
        }
    }
}

/// Always `Some`, because everything that is allowed has a location.
fn allowed_by(policy: &CorsPolicy, origin: &AllowedOrigin<'_>) -> Option<AllowedBy> {
    let locations = policy.locations();
    let (what, text, location) = match (origin, &policy.rules().origins) {
        (AllowedOrigin::Listed(origin, by), Origins::Listed(list)) => {
            let origin = origin.as_bytes();
            let location = match by {
                Match::Entry(number) => locations.entries.get(*number),
                Match::Regex => list
                    .regex_of(origin)
                    .and_then(|number| locations.regexes.get(number).cloned()),
                Match::Predicate => locations.predicates.first().cloned(),
                #[cfg(feature = "lookup")]
                Match::Lookup => locations.lookup.clone(),
            };
            let text = list.text(*by, origin).map(str::to_owned);
            (by.kind(), text, location)
        }
        (AllowedOrigin::WithCredentials(origin, by @ Match::Entry(number)), _) => {
            let list = policy.rules().credentials_for.as_deref()?;
            let text = list.text(*by, origin.as_bytes()).map(str::to_owned);
            (by.kind(), text, locations.credential_entries.get(*number))
        }
        _ => ("any origin", None, locations.any_origin.clone()),
    };
    Some(AllowedBy {
        what,
        text,
        location: location?,
    })
}
