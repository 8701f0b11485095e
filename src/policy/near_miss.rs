//! What a policy allows that is nearest to a denied request. It is searched only if somebody asks for the reason.

use std::fmt;

use super::{
    locations::Runs,
    policy::CorsPolicy,
    reason::Reason,
    rules::{Origins, Rules},
};
use crate::{
    location::Location,
    origin::{Allowlist, Difference, Near, NearPart},
    quote::{Line, Quoted},
    settings::Words,
};

/// What the policy allows that is nearest to a denied request. `Display` names the difference;
/// [`Cause::fix`](crate::Cause::fix) says what to set.
#[derive(Clone, PartialEq, Eq)]
pub struct NearMiss {
    differences: Vec<Difference>,
    sentence: String,
    entry: Option<String>,
    location: Option<Location>,
}

impl CorsPolicy {
    /// What the policy allows that is nearest to an origin that it [does not allow](Self::allows_origin): the entry or
    /// regex, and what differs. `None` if the origin is allowed, or if nothing is near. Text that is not a serialized
    /// origin can be near too, such as an origin with a slash at the end. In a list of a million entries, the search
    /// takes up to a fraction of a second.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, Difference};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("http://localhost:3000").build()?;
    /// let near = policy.near_miss("http://localhost:5173").unwrap();
    /// assert_eq!(near.differences(), [Difference::Port]);
    /// assert_eq!(near.entry(), Some("http://localhost:3000"));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[must_use]
    pub fn near_miss(&self, origin: &str) -> Option<NearMiss> {
        if self.allows_origin(origin) {
            return None;
        }
        NearMiss::of(self, &Reason::OriginNotAllowed(origin.as_bytes())).filter(NearMiss::is_near)
    }
}

impl NearMiss {
    /// What is nearest to a request that is denied for this reason, if anything is near.
    pub(crate) fn of(policy: &CorsPolicy, reason: &Reason<'_>) -> Option<Self> {
        let (rules, locations) = (policy.rules(), policy.locations());
        match (reason, &rules.origins) {
            (Reason::OriginNotAllowed(origin), Origins::Listed(list)) => {
                let listed = Self::in_list(list, &locations.entries, &locations.regexes, origin);
                // What is not listed may be in a database.
                let listed = listed.filter(|near| near.names_a_part() || !rules.has_lookup());
                let is_near = listed.as_ref().is_some_and(Self::names_a_part);
                let with_credentials = || Self::with_credentials(policy, origin);
                if is_near {
                    listed
                } else {
                    with_credentials().or(listed)
                }
            }
            (Reason::MethodNotAllowed(name), _) => method(rules, name).map(without_entry),
            (Reason::HeaderNotAllowed(name), _) => {
                header(rules, name, &locations.words).map(without_entry)
            }
            _ => None,
        }
    }

    /// What is missing if credentials are sent and not allowed, or the entry that nearly allows them.
    pub(crate) fn of_credentials(policy: &CorsPolicy, origin: &[u8]) -> Self {
        let nearest = Self::with_credentials(policy, origin);
        nearest.unwrap_or_else(|| without_entry(credentials(policy.rules())))
    }

    /// The nearest of the entries whose origins may send credentials, where others may not.
    fn with_credentials(policy: &CorsPolicy, origin: &[u8]) -> Option<Self> {
        let list = policy.rules().credentials_for.as_deref()?;
        let entries = &policy.locations().credential_entries;
        Self::in_list(list, entries, &[], origin).filter(Self::names_a_part)
    }

    fn in_list(
        list: &Allowlist,
        entries: &Runs,
        regexes: &[Location],
        origin: &[u8],
    ) -> Option<Self> {
        let Near {
            differences,
            part,
            sentence,
        } = list.nearest(origin)?;
        let (entry, location) = match part {
            Some(NearPart::Entry(number)) => (list.entries().get(number), entries.get(number)),
            Some(NearPart::Regex(number)) => (
                list.regexes().get(number).map(String::as_str),
                regexes.get(number).cloned(),
            ),
            None => (None, None),
        };
        Some(Self {
            differences,
            sentence,
            entry: entry.map(str::to_owned),
            location,
        })
    }

    fn names_a_part(&self) -> bool {
        self.entry.is_some()
    }

    /// Whether something allowed is near. If not, the text only says what is missing.
    pub(crate) fn is_near(&self) -> bool {
        let is_missing = |difference: &Difference| {
            matches!(
                difference,
                Difference::Method | Difference::Header | Difference::Credentials
            )
        };
        !self.differences.iter().all(is_missing)
    }

    /// The differences; there is at least one.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The nearest entry or regex; `None` if this is about a method, a header or credentials.
    #[must_use]
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// The location of that entry or regex.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl fmt::Debug for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NearMiss")
            .field("differences", &self.differences)
            .field("sentence", &Line(&self.sentence))
            .field("entry", &self.entry.as_deref().map(Line))
            .field("location", &self.location.as_ref().map(Location::to_string))
            .finish()
    }
}

/// The difference, and the sentence about it.
type Sentence = (Difference, String);

fn method(rules: &Rules, method: &[u8]) -> Option<Sentence> {
    let method = std::str::from_utf8(method).ok()?;
    let in_another_case = rules
        .methods()
        .find(|known| known.eq_ignore_ascii_case(method));
    Some(match in_another_case {
        Some(known) => (
            Difference::MethodCase,
            format!(
                "{} where {} is allowed, and methods are case-sensitive",
                Quoted(method.as_bytes()),
                Quoted(known.as_bytes())
            ),
        ),
        None => (
            Difference::Method,
            format!(
                "{} is not among the allowed methods",
                Quoted(method.as_bytes())
            ),
        ),
    })
}

fn header(rules: &Rules, name: &[u8], words: &Words) -> Option<Sentence> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    if rules.any_header {
        let any = match words {
            Words::Setters => "any header",
            Words::Variables(_) | Words::Keys => "`*`",
        };
        return Some((
            Difference::Authorization,
            format!("{any} does not cover `authorization`, which must be named too"),
        ));
    }
    if fetch_standard::is_forbidden_request_header_name(&name) {
        return Some((
            Difference::Header,
            format!(
                "{} is a header that no page can set, so no browser asks for it",
                Quoted(name.as_bytes())
            ),
        ));
    }
    Some(match header_spelled_nearly(rules, &name) {
        Some(known) => (
            Difference::HeaderSpelling,
            format!(
                "{} where {} is allowed",
                Quoted(name.as_bytes()),
                Quoted(known.as_bytes())
            ),
        ),
        None => (
            Difference::Header,
            format!(
                "{} is not among the allowed headers",
                Quoted(name.as_bytes())
            ),
        ),
    })
}

/// An allowed header that differs from a name in lower case by a letter or two.
pub(super) fn header_spelled_nearly<'r>(rules: &'r Rules, name: &str) -> Option<&'r str> {
    let is_near = |known: &&String| {
        known.len().abs_diff(name.len()) <= 2
            && name.len() > 4
            && strsim::osa_distance(known, name) <= 2
    };
    let known = rules.headers.as_slice().iter().find(is_near);
    known.map(String::as_str)
}

fn credentials(rules: &Rules) -> Sentence {
    let sentence = if rules.any_origin() && rules.credentials_for.is_none() {
        "credentials cannot be combined with any origin"
    } else if rules.credentials_for.is_some() {
        "the policy allows credentials for other origins"
    } else {
        "the policy does not allow credentials"
    };
    let sentence = sentence.to_owned();
    (Difference::Credentials, sentence)
}

fn without_entry((difference, sentence): Sentence) -> NearMiss {
    NearMiss {
        differences: vec![difference],
        sentence,
        entry: None,
        location: None,
    }
}
