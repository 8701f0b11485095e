//! What a policy says of a request, put into words for a person who asks. No request comes by here.

use std::fmt;

use super::cors_request::CorsRequest;
use crate::{
    http::{HeaderMap, HeaderValue},
    origin::Match,
    policy::{
        AllowedOrigin, CorsPolicy, Decision, Denial, NearMiss, Origins, Outcome, Rejection,
        RequestKind,
    },
    quote::Line,
};

/// The part of a policy that allows an origin.
#[derive(Clone, PartialEq, Eq)]
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
        write!(f, "{} ({})", Line(text), self.location)
    }
}

impl fmt::Debug for AllowedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
    /// (With credentials, "expose any header" names those that the answer carries, so here it names `vary` alone.)
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
            Decision::Rejected(Rejection { reason, .. }) => {
                (RequestKind::Actual, Some(Err(reason)))
            }
            Decision::Preflight(verdict) => (
                RequestKind::Preflight,
                Some(verdict.as_ref().map(|preflight| &preflight.origin)),
            ),
        };
        let mut explanation = Self {
            kind,
            outcome: Outcome::NotCors,
            request: request.describe(kind == RequestKind::Preflight),
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
                if request.has_credentials() && !policy.rules().credentials {
                    explanation.deny_credentials(policy);
                }
            }
            Some(Err(reason)) => {
                let text = match decision {
                    Decision::Rejected(rejection) => rejection.to_string(),
                    _ => reason.to_string(),
                };
                explanation.outcome = match decision {
                    Decision::Rejected(_) => Outcome::Rejected,
                    _ => Outcome::Denied,
                };
                explanation.denial = Some((reason.denial(), text));
                explanation.near_miss = NearMiss::of(policy, reason);
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
        self.near_miss = Some(NearMiss::of_credentials(policy));
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
            write!(f, "\n    {name}: {}", Line(value))?;
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
            if let (Some(entry), Some(location)) = (near.entry(), near.location()) {
                write!(f, "\n  entry: {} ({location})", Line(entry))?;
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

fn allowed_by(policy: &CorsPolicy, origin: &AllowedOrigin<'_>) -> AllowedBy {
    let places = policy.places();
    let (what, text, place) = match (origin, &policy.rules().origins) {
        (AllowedOrigin::Listed(origin, by), Origins::Listed(list)) => {
            let origin = origin.as_bytes();
            let place = match by {
                Match::Entry(number) => places.entries.get(*number),
                Match::Regex => list
                    .regex_of(origin)
                    .and_then(|number| places.regexes.get(number).cloned()),
                Match::Predicate => places.predicates.first().cloned(),
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
