//! What is permitted in a policy but probably not intended: collected while settings are compiled, made into text at
//! the end.

use std::mem::take;

use super::{locations::Locations, registered, rules::Rules};
use crate::{
    error::PolicyWarning,
    fix::{Fix, Piece},
    location::Location,
    origin::Allowlist,
    quote::Quoted,
    settings,
};

/// Everything that was collected.
#[derive(Default)]
pub(super) struct Suspicions {
    /// Warnings that came with the settings.
    pub(super) given: Vec<PolicyWarning>,
    pub(super) any_origin: Tally,
    pub(super) null_origin: Tally,
    pub(super) insecure: Tally,
    pub(super) lax: Tally,
    pub(super) claimable: Tally,
    /// Regexes with a choice within a label, and what to do about the first.
    pub(super) choices: Tally,
    pub(super) choice_advice: Option<Fix>,
    pub(super) unknown_suffix: Tally,
    pub(super) misspelled_scheme: Tally,
    pub(super) misspelled_host: Tally,
    /// Hosts that end in a dot, and the first of them without the dot.
    end_dot: Tally,
    without_end_dot: String,
    /// Alternatives of regexes.
    pub(super) dead: Tally,
    /// Whether something reads request headers: a predicate, or a look-up by host.
    pub(super) reads_headers: bool,
    pub(super) vary_on: Tally,
    pub(super) omit_vary: Tally,
    pub(super) reject_denied: Tally,
    pub(super) own_origins: Tally,
    pub(super) trust_forwarded: Tally,
    pub(super) diagnostics: Tally,
    pub(super) repeated: Tally,
    /// Names that are nearly a known one, each with that one; and names of the other direction.
    misspelled: Vec<(Location, String, &'static str)>,
    only_in_responses: Tally,
    only_in_requests: Tally,
    headers_as_methods: Tally,
    methods_as_headers: Tally,
    pub(super) placeholder_host: Tally,
    /// Predicates, of which the first one has this location.
    pub(super) predicate: Option<Location>,
    #[cfg(feature = "lookup")]
    pub(super) lookup: Option<Location>,
    pub(super) safelisted_exposed: Tally,
    /// Names that have no effect where any name is allowed.
    pub(super) methods: Tally,
    pub(super) headers: Tally,
    pub(super) exposed: Tally,
    pub(super) long_max_age: Tally,
}

/// The first value of a kind, and how many there are: one warning is enough for a million.
#[derive(Default)]
pub(super) struct Tally {
    first: Option<(Location, String)>,
    count: usize,
}

impl Tally {
    pub(super) fn add(&mut self, location: &Location, value: &str) {
        self.first
            .get_or_insert_with(|| (location.clone(), value.to_owned()));
        self.count += 1;
    }

    /// Adds a warning in the form of an error: what is wrong, the value, what to do or to know.
    fn warning(&self, found: &mut Vec<Unworded>, what: &'static str, advice: impl Into<Fix>) {
        self.warning_if(found, true, what, advice);
    }

    fn warning_if(
        &self,
        found: &mut Vec<Unworded>,
        is_so: bool,
        what: &'static str,
        advice: impl Into<Fix>,
    ) {
        if is_so {
            found.extend(self.unworded(what, advice.into()));
        }
    }

    fn unworded(&self, what: &'static str, advice: Fix) -> Option<Unworded> {
        let (location, value) = self.first.as_ref()?;
        let value = Quoted(value.as_bytes());
        let more = match self.count - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(Unworded {
            location: location.clone(),
            found: format!("{what}: {value}{more}"),
            advice,
        })
    }
}

/// A warning that is not yet text.
struct Unworded {
    location: Location,
    found: String,
    advice: Fix,
}

impl Unworded {
    fn in_words(self) -> PolicyWarning {
        let advice = self.advice.in_words(self.location.words());
        PolicyWarning::new(self.location, format!("{} ({advice})", self.found))
    }
}

impl Suspicions {
    pub(super) fn take_method(&mut self, location: &Location, name: &str) {
        if registered::is_header(name) && !registered::is_method(name) {
            self.headers_as_methods.add(location, name);
        }
        self.take_misspelled(location, name, registered::nearest_method(name));
    }

    /// The name is in lower case.
    pub(super) fn take_request_header(&mut self, location: &Location, name: &str) {
        if registered::is_method(name) && !registered::is_header(name) {
            self.methods_as_headers.add(location, name);
        }
        if registered::is_only_in_responses(name) {
            self.only_in_responses.add(location, name);
        }
        self.take_misspelled(location, name, registered::nearest_request_header(name));
    }

    pub(super) fn take_exposed_header(&mut self, location: &Location, name: &str) {
        let lower = name.to_ascii_lowercase();
        if registered::is_only_in_requests(&lower) {
            self.only_in_requests.add(location, name);
        }
        self.take_misspelled(location, name, registered::nearest_response_header(&lower));
    }

    fn take_misspelled(&mut self, location: &Location, name: &str, known: Option<&'static str>) {
        if let Some(known) = known {
            self.misspelled
                .push((location.clone(), name.to_owned(), known));
        }
    }

    pub(super) fn take_end_dot(&mut self, location: &Location, text: &str) {
        if self.without_end_dot.is_empty() {
            self.without_end_dot = without_end_dot(text);
        }
        self.end_dot.add(location, text);
    }
}

/// An origin without the dot at the end of its host.
fn without_end_dot(origin: &str) -> String {
    match origin.strip_suffix('.') {
        Some(origin) => origin.to_owned(),
        None => origin.replacen(".:", ":", 1),
    }
}

const NO_CHANGE: &str = "setting has no effect";

impl Suspicions {
    /// First settings that allow more than expected, then settings without effect.
    pub(super) fn take_warnings(
        &mut self,
        rules: &Rules,
        list: &Allowlist,
        locations: &Locations,
    ) -> Vec<PolicyWarning> {
        let remove = "remove it";
        let (covered, covered_by) = covered(list, locations);
        let found = &mut Vec::new();
        self.any_origin.warning(
            found,
            "any origin is allowed",
            "every page on the web can read the responses",
        );
        self.null_origin.warning(
            found,
            "opaque origins are allowed",
            "any page can get one in a sandboxed frame",
        );
        self.insecure.warning(
            found,
            "plain http is allowed",
            "anyone on the network path can act as this origin; use https",
        );
        self.lax.warning(
            found,
            "lax regex is allowed",
            Fix::from("without ")
                .and(Piece::On(settings::LAX_REGEXES))
                .and(" it is an error, which shows the reason"),
        );
        self.claimable.warning(
            found,
            "names that anyone can register are allowed",
            "anyone who registers one can read the responses; list only your own names",
        );
        self.choices.warning(
            found,
            "regex has a choice within a label of a domain",
            take(&mut self.choice_advice).unwrap_or_default(),
        );
        self.unknown_suffix.warning(
            found,
            "subdomains of an unknown suffix are allowed",
            "anyone who can assign names there can read the responses",
        );
        self.end_dot.warning(
            found,
            "host ends in a dot",
            Fix::from(
                "browsers send the dot only if the page's URL has it; without the dot, write ",
            )
            .and(Piece::Value(take(&mut self.without_end_dot))),
        );
        self.misspelled_scheme.warning(
            found,
            "scheme is nearly http or https",
            "pages have one of those; correct it",
        );
        self.misspelled_host.warning(
            found,
            "host is nearly localhost",
            "correct it, if this machine is meant",
        );
        self.diagnostics.warning(
            found,
            "denied preflights show the reason",
            "anyone can see what is allowed; use it only for development",
        );
        self.dead.warning(
            found,
            "part of a regex matches no serialized origin",
            "remove it, or correct it",
        );
        self.repeated.warning(found, "entry is repeated", remove);
        covered.warning(found, "entry is covered by another", covered_by);
        self.only_in_responses.warning(found,
            "this is a response header",
            "pages do not send it; to let them read it, list it among the exposed headers; the policy \
             itself sets headers that start with `access-control-`",
        );
        self.headers_as_methods.warning(
            found,
            "method has the name of a header",
            "list it among the headers, if it is meant as one",
        );
        self.methods_as_headers.warning(
            found,
            "header has the name of a method",
            "list it among the methods, if it is meant as one",
        );
        self.only_in_requests.warning(
            found,
            "this is a request header",
            "servers do not send it; remove it",
        );
        self.placeholder_host.warning(
            found,
            "host looks like a placeholder",
            "write the host that is meant",
        );
        self.safelisted_exposed
            .warning(found, "response header can always be read", remove);
        self.methods.warning_if(
            found,
            rules.any_method,
            "method is named although any method is allowed",
            remove,
        );
        self.headers.warning_if(
            found,
            rules.any_header,
            "header is named although any header is allowed",
            remove,
        );
        self.exposed.warning_if(
            found,
            rules.any_exposed,
            "header is named although any header is allowed",
            remove,
        );
        self.long_max_age.warning(
            found,
            "max_age is longer than Chromium's maximum",
            "that is 7200 seconds",
        );
        self.vary_on.warning_if(
            found,
            !self.reads_headers,
            "no predicate reads this request header",
            "Vary does not need it; remove it",
        );
        self.omit_vary.warning_if(
            found,
            self.any_origin.count == 0,
            NO_CHANGE,
            "the policy does not allow any origin; remove it",
        );
        self.reject_denied.warning_if(found,
            rules.own_origins.is_empty(),
            "denied origins are rejected, but the own origins are not known",
            Fix::from(
                "with DNS rebinding, a page of another site is then treated as same-origin; list the \
                 public origins of this service in ",
            )
            .and(Piece::Named(settings::OWN_ORIGINS)),
        );
        self.own_origins.warning_if(
            found,
            !rules.reject_denied_origins,
            NO_CHANGE,
            Fix::from("denied origins are not rejected; remove it, or ")
                .and(Piece::SwitchOn(settings::REJECT_DENIED_ORIGINS)),
        );
        self.trust_forwarded.warning_if(found,
            !rules.reject_denied_origins || !rules.own_origins.is_empty(),
            NO_CHANGE,
            "forwarded headers are read only if denied origins are rejected and own origins are not set; \
             remove it",
        );
        let mut warnings = take(&mut self.given);
        let predicate = take(&mut self.predicate).filter(|_| rules.credentials);
        if let Some(location) = predicate {
            found.push(Unworded {
                location,
                found: "a predicate decides who may send credentials".to_owned(),
                advice: "compare complete hosts: others can own a host that contains yours".into(),
            });
        }
        #[cfg(feature = "lookup")]
        if let Some(location) = take(&mut self.lookup).filter(|_| rules.credentials) {
            found.push(Unworded {
                location,
                found: "a look-up decides who may send credentials".to_owned(),
                advice: "compare complete origins: others can own a host that contains yours"
                    .into(),
            });
        }
        for (location, name, known) in take(&mut self.misspelled) {
            found.push(Unworded {
                location,
                found: format!("name is nearly a known one: {}", Quoted(name.as_bytes())),
                advice: Fix::from("did you mean ")
                    .and(Piece::Value(known.to_owned()))
                    .and("?"),
            });
        }
        for found in found.drain(..) {
            warnings.push(found.in_words());
        }
        warnings
    }
}

/// The entries that another entry covers, and the covering entry of the first of them.
fn covered(list: &Allowlist, locations: &Locations) -> (Tally, String) {
    let texts = list.entries();
    let mut covered = Tally::default();
    let mut advice = String::new();
    for (entry, by) in list.covered() {
        if let (Some(location), Some(text), Some(by)) = (
            locations.entries.get(entry),
            texts.get(entry),
            texts.get(by),
        ) {
            if advice.is_empty() {
                advice = format!("remove it: {} admits it", Quoted(by.as_bytes()));
            }
            covered.add(&location, text);
        }
    }
    (covered, advice)
}
