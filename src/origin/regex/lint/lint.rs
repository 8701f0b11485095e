//! Whom a regex lets in beside those whom its author meant.
//!
//! The judgement is about all the origins that a regex matches, not about how it is written: the automaton of the regex
//! is intersected with that of serialized origins, and what is left is read from its end. So alternations, optional
//! ports, flags and anchors need no rules of their own.

use std::sync::Mutex;

use super::{
    choices::Choice,
    goals::{Goal, Grammar},
    graph::Graph,
    hosts::{Claimable, Foreign, Hosts, MAX_HOSTS},
    literals, repair,
    reverse_dfa::TooLarge,
    verdict::{Finding, Verdict},
    walk::{Part, Read, Walk},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::{grammar::is_misspelled_scheme, origin::Origin, regex::OriginRegex},
    quote::Quoted,
    settings,
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
            let fix = Fix::from("list it among the origins");
            let fix = self.and_if_good(fix, ", or write ", meant);
            verdict.fault = Some(like_entry(fix));
        } else if let Some(meant) = repair::from_any_port(text).filter(|_| is_origin) {
            let fix = Fix::from("in a regex, `:*` is any number of colons");
            let fix = self.and_if_good(fix, ": write ", meant);
            verdict.fault = Some(like_entry(fix));
        } else if let Some(finding) = finding {
            let candidates = repair::candidates(text).into_iter();
            let mut candidates = candidates.filter(|_| !is_lifted);
            let safer = candidates.find(|text| self.is_good(text));
            let safer = safer.and_then(|text| OriginRegex::compile(&text).ok());
            verdict.fault = Some(finding.into_fault(safer.as_ref()));
        } else {
            verdict.dead = self.dead_part(text).map(str::to_owned);
            verdict.choice = verdict.partial.take().map(|choice| self.advice(choice));
        }
        verdict
    }

    /// With the advice to write another text instead, if nothing is wrong with it.
    fn and_if_good(&mut self, fix: Fix, advice: &'static str, text: String) -> Fix {
        match self.is_good(&text) {
            true => fix.and(advice).and(Piece::Value(text)),
            false => fix,
        }
    }

    /// Whether another text is a regex with which nothing is wrong.
    fn is_good(&mut self, text: &str) -> bool {
        repair::is_readable(text)
            && repair::from_entry(text).is_none()
            && repair::from_any_port(text).is_none()
            && matches!(self.look(text), Some((None, verdict)) if verdict.partial.is_none())
            && self.dead_part(text).is_none()
    }

    /// What a choice within a label admits, and how to write what may be meant.
    fn advice(&mut self, choice: Choice) -> Fix {
        let part = Quoted(choice.part.as_bytes());
        let [one, other] = &choice.shown;
        let (one, other) = (Quoted(one.as_bytes()), Quoted(other.as_bytes()));
        let with_dot = self.without_choices(choice.with_dot, |choice| {
            choice.with_dot.or(choice.with_whole_labels)
        });
        let whole =
            self.without_choices(choice.with_whole_labels, |choice| choice.with_whole_labels);
        let mut fix = Fix::from(format!(
            "{part} is a choice within a label and admits {one} and {other}; "
        ));
        if let Some(text) = with_dot {
            let write = fix.and("write ").and(Piece::Value(text));
            fix = write.and("; if all these domains are yours, ");
        }
        fix = fix.and("name whole labels");
        if let Some(text) = whole {
            fix = fix.and(", ").and(Piece::Value(text)).and(",");
        }
        fix.and(" or list the origins")
    }

    /// A text without such choices, after each that is left was written as `form` says, if nothing else is wrong with it.
    fn without_choices(
        &mut self,
        text: Option<String>,
        form: impl Fn(Choice) -> Option<String>,
    ) -> Option<String> {
        let mut text = text.filter(|text| repair::is_readable(text))?;
        for _ in 0..MAX_HOSTS {
            let (None, verdict) = self.look(&text)? else {
                return None;
            };
            match verdict.partial {
                Some(choice) => text = form(choice).filter(|text| repair::is_readable(text))?,
                None => return self.is_good(&text).then_some(text),
            }
        }
        None
    }

    /// The first of the alternatives of a regex that matches no serialized origin.
    fn dead_part<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let mut parts = repair::alternatives(text).into_iter().take(MAX_HOSTS);
        parts.find(|part| matches!(self.finding(part), Some(Some(Finding::NeverMatches))))
    }

    /// What is wrong with another text as a regex; `None` of no regex, and if enough was done for the one at hand.
    fn finding(&mut self, text: &str) -> Option<Option<Finding>> {
        Some(self.look(text)?.0)
    }

    /// The same, with what else there is to say.
    fn look(&mut self, text: &str) -> Option<(Option<Finding>, Verdict)> {
        if self.spent >= Self::MAX_SPENT {
            return None;
        }
        let regex = OriginRegex::compile(text).ok()?;
        Some(self.examine(&regex, false))
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
            schemes.sort_by_key(|scheme| fetch_standard::default_port(scheme).is_some());
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
            // The dot at the end of a host was passed over.
            let origins = ["", "."].into_iter().flat_map(|dot| {
                let origin = move |port: &Read| format!("{scheme}://{host}{dot}{}", port.text);
                ports.iter().map(origin)
            });
            origins.into_iter().find(|origin| admitted(origin))
        });
        origins.take(MAX_EXAMPLES).collect::<Vec<_>>()
    };
    let mut hosts = Hosts::of(&mut web, is_shown)?;
    let choice = hosts.choice(regex.as_str());
    match hosts.judge()? {
        Ok(risks) => {
            verdict.partial = choice.map(|choice| choice.shown_by(examples));
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

fn like_entry(fix: Fix) -> Violation {
    let fix = or_lift(fix);
    Violation::new(Kind::Wildcard, "regex is written like an entry", fix)
}

impl Finding {
    fn into_fault(self, safer: Option<&OriginRegex>) -> Violation {
        let admitted = |origin: &String| safer.is_some_and(|regex| admits(regex, origin));
        let safer =
            safer.map(|regex| Fix::from("write ").and(Piece::Value(regex.as_str().to_owned())));
        match self {
            Self::NeverMatches => Violation::new(
                Kind::RegexNeverMatches,
                "regex matches no serialized origin",
                safer.unwrap_or_else(|| {
                    "an origin is scheme://host or scheme://host:port, in lower case, without a path and without the \
                     scheme's default port"
                        .into()
                }),
            ),
            Self::Lax(rule, examples) => {
                // What a safer regex admits too is what its author meant.
                let example = examples.iter().find(|origin| !admitted(origin));
                let safer = safer.unwrap_or_else(|| {
                    r"name the scheme and the domain, with dots escaped, as in `https://[a-z0-9-]+\.example\.com`"
                        .into()
                });
                let admits = Fix::from(it_admits(example)).and("; ");
                Violation::new(Kind::LaxRegex, rule, or_lift(admits.and_all(safer)))
            }
            Self::TooLarge => Violation::new(
                Kind::LaxRegex,
                "regex is too large to be judged",
                or_lift("use smaller repetitions, or several regexes".into()),
            ),
        }
    }
}

/// What to do, and what lifts the refusal.
fn or_lift(fix: Fix) -> Fix {
    fix.and("; ")
        .and(Piece::On(settings::LAX_REGEXES))
        .and(" lifts this")
}
