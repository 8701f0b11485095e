//! Whom a regex lets in beside those whom its author meant.
//!
//! The judgement is about all the origins that a regex matches, not about how it is written: the automaton of the regex
//! is intersected with that of serialized origins, and what is left is read from its end. So alternations, optional
//! ports, flags and anchors need no rules of their own.

mod automaton;
mod examples;
mod grammar;
mod hosts;
mod literals;
mod repair;
mod shortest;
mod walk;

use std::sync::Mutex;

use self::{
    automaton::{Graph, TooLarge},
    grammar::{Goal, Grammar},
    hosts::{Claimable, Foreign, Hosts, MAX_HOSTS},
    walk::{Part, Read, Walk},
};
use super::{Origin, OriginRegex, is_misspelled_scheme};
use crate::{
    error::{Fault, PolicyErrorKind as Kind, Quoted},
    fetch,
};

/// How many schemes a regex may admit.
const MAX_SCHEMES: usize = 4;

/// How many origins are kept of which one may show what is wrong.
const MAX_EXAMPLES: usize = 16;

/// The grammar that was used last, with the states that were made of it: to make them takes longer than most regexes.
static KEPT: Mutex<Option<Grammar>> = Mutex::new(None);

/// A judge of regexes.
pub(crate) struct Lint {
    grammar: Option<Grammar>,
    /// What the regex at hand and its variations have taken so far, in bytes of automata.
    spent: usize,
}

/// What is to be said about a regex.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Why it is refused.
    pub(crate) fault: Option<Fault>,
    /// Whether it is too large, so that what it admits is not known.
    pub(crate) unknown: bool,
    /// Whether it admits plain `http` beyond loopback.
    pub(crate) insecure: bool,
    /// Why it can be said that it admits hosts which anyone can have, though not all of a kind.
    pub(crate) claimable: Option<String>,
    /// Whether it admits any name below a suffix that no list knows.
    pub(crate) unknown_suffix: bool,
    /// Whether a scheme that it admits is nearly one of the web.
    pub(crate) misspelled_scheme: bool,
    /// The first of its alternatives that matches no serialized origin.
    pub(crate) dead: Option<String>,
}

/// What is wrong with a regex.
enum Finding {
    NeverMatches,
    /// The rule that it breaks, and origins of which one may show it.
    Lax(&'static str, Vec<String>),
    TooLarge,
}

impl Lint {
    /// When no more variations of a regex are judged.
    const MAX_SPENT: usize = 1 << 20;

    pub(crate) fn new() -> Self {
        let kept = KEPT.lock().ok().and_then(|mut kept| kept.take());
        Self {
            grammar: kept.or_else(|| Grammar::new().ok()),
            spent: 0,
        }
    }

    /// `is_lifted` says that a refusal is lifted, so that no one reads its reason and its remedy: these take most of the
    /// time.
    pub(crate) fn judge(&mut self, regex: &OriginRegex, is_lifted: bool) -> Verdict {
        let text = regex.as_str();
        self.spent = 0;
        let (finding, mut verdict) = self.examine(regex, !is_lifted);
        let is_origin = !matches!(finding, Some(Finding::NeverMatches));
        if let Some(meant) = repair::from_entry(text) {
            let or_write = self.if_good(", or write", &meant);
            let remedy = format!("list it among the origins{or_write}; {LIFT}");
            verdict.fault = Some(like_entry(remedy));
        } else if let Some(meant) = repair::from_any_port(text).filter(|_| is_origin) {
            let write = self.if_good(": write", &meant);
            let remedy = format!("in a regex, \":*\" is any number of colons{write}; {LIFT}");
            verdict.fault = Some(like_entry(remedy));
        } else if let Some(finding) = finding {
            let candidates = repair::candidates(text).into_iter();
            let mut candidates = candidates.filter(|_| !is_lifted);
            let safer = candidates.find(|text| self.is_good(text));
            let safer = safer.and_then(|text| OriginRegex::compile(&text).ok());
            verdict.fault = Some(finding.into_fault(safer.as_ref()));
        } else {
            verdict.dead = self.dead_part(text).map(str::to_owned);
        }
        verdict
    }

    /// An advice to write another text instead, if nothing is wrong with it.
    fn if_good(&mut self, advice: &str, text: &str) -> String {
        match repair::is_readable(text) && self.is_good(text) {
            true => format!("{advice} `{text}`"),
            false => String::new(),
        }
    }

    /// Whether another text is a regex with which nothing is wrong.
    fn is_good(&mut self, text: &str) -> bool {
        repair::from_entry(text).is_none()
            && repair::from_any_port(text).is_none()
            && matches!(self.finding(text), Some(None))
            && self.dead_part(text).is_none()
    }

    /// The first of the alternatives of a regex that matches no serialized origin.
    fn dead_part<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let mut parts = repair::alternatives(text).into_iter().take(MAX_HOSTS);
        parts.find(|part| matches!(self.finding(part), Some(Some(Finding::NeverMatches))))
    }

    /// What is wrong with another text as a regex; `None` of no regex, and if enough was done for the one at hand.
    fn finding(&mut self, text: &str) -> Option<Option<Finding>> {
        if self.spent >= Self::MAX_SPENT {
            return None;
        }
        let regex = OriginRegex::compile(text).ok()?;
        Some(self.examine(&regex, false).0)
    }

    fn examine(&mut self, regex: &OriginRegex, is_shown: bool) -> (Option<Finding>, Verdict) {
        let graph = match &mut self.grammar {
            Some(grammar) => Graph::of(regex.whole(), grammar),
            None => Err(TooLarge),
        };
        let result = graph.as_ref().map(|graph| survey(regex, graph, is_shown));
        self.spent += match &graph {
            Ok(graph) => graph.spent(),
            Err(TooLarge) => Self::MAX_SPENT,
        };
        match result {
            Ok(Ok(result)) => result,
            Ok(Err(TooLarge)) | Err(TooLarge) => literals::judge(regex),
        }
    }
}

impl Drop for Lint {
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Ok(mut kept) = KEPT.lock()
        {
            *kept = self.grammar.take();
        }
    }
}

/// Looks at all the origins that a regex matches. Examples are looked for only if they will be shown.
fn survey(
    regex: &OriginRegex,
    graph: &Graph,
    is_shown: bool,
) -> Result<(Option<Finding>, Verdict), TooLarge> {
    let mut verdict = Verdict::default();
    let mut all = Walk::to(Goal::Any, graph);
    let admitted = |origin: &str| admits(regex, origin);
    let Some(any) = all.example(admitted)? else {
        return Ok((Some(Finding::NeverMatches), verdict));
    };
    verdict.insecure = Walk::to(Goal::Insecure, graph).example(admitted)?.is_some();

    let ends = all.schemes();
    let schemes = all.texts(Part::Scheme, &ends, MAX_SCHEMES + 1)?;
    let mut custom = Walk::to(Goal::Custom, graph);
    if schemes.len() > MAX_SCHEMES {
        let mut origins = Vec::from_iter(custom.example(admitted)?);
        if let Some((_, rest)) = any.split_once("://") {
            let mut schemes: Vec<&str> = schemes.iter().map(|scheme| &*scheme.text).collect();
            schemes.sort_by_key(|scheme| fetch::default_port(scheme).is_some());
            origins.extend(schemes.iter().map(|scheme| format!("{scheme}://{rest}")));
        }
        origins.push(any);
        origins.retain(|origin| admitted(origin));
        let finding = Finding::Lax("regex must not leave the scheme open", origins);
        return Ok((Some(finding), verdict));
    }

    let mut names = schemes.iter().map(|scheme| &scheme.text);
    verdict.misspelled_scheme = names.any(|scheme| is_misspelled_scheme(scheme));

    let mut web = Walk::to(Goal::Web, graph);
    let ports = web.ports()?;
    let examples = |hosts: &[String]| {
        let schemes = schemes.iter().map(|scheme| scheme.text.as_str());
        let schemes = ["https", "http"].into_iter().chain(schemes);
        let ends = schemes.flat_map(|scheme| hosts.iter().map(move |host| (scheme, host)));
        let origins = ends.filter_map(|(scheme, host)| {
            let origin = |port: &Read| format!("{scheme}://{host}{}", port.text);
            ports.iter().map(origin).find(|origin| admitted(origin))
        });
        origins.take(MAX_EXAMPLES).collect::<Vec<_>>()
    };
    match Hosts::of(&mut web, is_shown)?.judge()? {
        Ok(risks) => {
            verdict.unknown_suffix = risks.unknown_suffix;
            verdict.claimable = risks.claimable.map(|names| match names {
                Claimable::Hosts(hosts) => it_admits(examples(&hosts).first()),
                Claimable::Below(domain) => format!("public suffixes lie below {domain}"),
            });
        }
        Err(Foreign { rule, hosts }) => {
            return Ok((Some(Finding::Lax(rule, examples(&hosts))), verdict));
        }
    }
    // Hosts of other schemes are the names of extensions and apps.
    let ends = custom.ends();
    if custom.texts(Part::Host, &ends, MAX_HOSTS + 1)?.len() > MAX_HOSTS {
        let example = custom.example(admitted)?;
        let reason = || it_admits(example.as_ref());
        verdict.claimable.get_or_insert_with(reason);
    }
    Ok((None, verdict))
}

/// Whether a regex admits a text, and it is an origin.
fn admits(regex: &OriginRegex, text: &str) -> bool {
    Origin::parse(text).is_some_and(|origin| regex.admits(&origin))
}

/// An example, or what is known without one.
fn it_admits(origin: Option<&String>) -> String {
    match origin {
        Some(origin) => format!("it admits {}", Quoted(origin.as_bytes())),
        None => "it leaves the host open".to_owned(),
    }
}

fn like_entry(remedy: String) -> Fault {
    Fault::new(Kind::Wildcard, "regex is written like an entry", remedy)
}

impl Finding {
    fn into_fault(self, safer: Option<&OriginRegex>) -> Fault {
        let admitted = |origin: &String| safer.is_some_and(|regex| admits(regex, origin));
        let safer = safer.map(|regex| format!("write `{}`", regex.as_str()));
        match self {
            Self::NeverMatches => Fault::new(
                Kind::RegexNeverMatches,
                "regex matches no serialized origin",
                safer.unwrap_or_else(|| {
                    "an origin is scheme://host or scheme://host:port, in lower case, without a path and without the \
                     scheme's default port"
                        .to_owned()
                }),
            ),
            Self::Lax(rule, examples) => {
                // What a safer regex admits too is what its author meant.
                let example = examples.iter().find(|origin| !admitted(origin));
                let safer = safer.unwrap_or_else(|| {
                    r"name the scheme and the domain, with dots escaped, as in `https://[a-z0-9-]+\.example\.com`"
                        .to_owned()
                });
                let admits = it_admits(example);
                Fault::new(Kind::LaxRegex, rule, format!("{admits}; {safer}; {LIFT}"))
            }
            Self::TooLarge => Fault::new(
                Kind::LaxRegex,
                "regex is too large to be judged",
                format!("use smaller repetitions, or several regexes; {LIFT}"),
            ),
        }
    }
}

const LIFT: &str = "danger_allow_lax_regexes(), or its variable, lifts this";
