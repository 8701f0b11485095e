//! What a regex admits in addition to the origins that its author meant.
//!
//! The lint looks at all the origins that a regex matches, not at how the regex is written: the automaton of the regex is
//! intersected with that of serialized origins, and the result is read from the end. So alternations, optional ports, flags
//! and anchors need no rules of their own, and cannot hide anything.
//!
//! Everything is bounded, because the text of a regex may come from someone else, such as a tenant: automata in bytes, the
//! graph in nodes, searches in steps. If a bound is reached, the result is `TooLarge`, never "nothing found".

use std::sync::Mutex;

use super::{
    choices::Choice,
    entry_syntax::{from_any_port, from_entry, from_glob, from_meant, from_number_ranges},
    graph::Graph,
    hosts::MAX_HOSTS,
    literals,
    origin_automaton::OriginAutomaton,
    refusals::{of_null, one_character, violation, written_like_entry},
    reverse_dfa::TooLarge,
    suggestions::{candidates, is_readable},
    survey::survey,
    syntax_edits::alternatives,
    verdict::{Finding, Verdict},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::regex::OriginRegex,
    quote::Quoted,
};

/// The automaton of origins, with the states that were made so far, for the next lint. Making them takes longer than checking
/// most regexes, and a program that replaces its policy does it again and again.
///
/// A lint takes it out and puts it back, so that no lint waits for another: a second one at the same time makes its own.
static CACHED_ORIGINS: Mutex<Option<OriginAutomaton>> = Mutex::new(None);

/// Checks regexes.
pub(crate) struct Lint {
    origins: Option<OriginAutomaton>,
    /// The cost so far of the current regex and its variations, in bytes of automata.
    spent: usize,
}

impl Lint {
    /// From this cost on, no more variations of a regex are checked. The regex itself always is.
    const MAX_SPENT: usize = 1 << 20;

    pub(crate) fn new() -> Self {
        let cached = CACHED_ORIGINS
            .lock()
            .ok()
            .and_then(|mut cached| cached.take());
        Self {
            origins: cached.or_else(|| OriginAutomaton::new().ok()),
            spent: 0,
        }
    }

    /// `is_lifted` says that lax regexes are permitted, so that no one reads why this one would be refused and what to write
    /// instead: finding these takes most of the time.
    pub(crate) fn check(&mut self, regex: &OriginRegex, is_lifted: bool) -> Verdict {
        let text = regex.as_str();
        self.spent = 0;
        let (finding, mut verdict) = self.examine(regex, !is_lifted);
        // At least one variation is checked.
        self.spent = self.spent.min(Self::MAX_SPENT - 1);
        let matches_origins = !matches!(finding, Some(Finding::NeverMatches));
        if let Some(meant) = from_entry(text) {
            let fix = Fix::from("list it among the origins");
            let fix = self.and_if_good(fix, ", or write ", meant);
            verdict.violation = Some(written_like_entry(fix));
        } else if let Some(meant) = from_any_port(text).filter(|_| matches_origins) {
            let fix = Fix::from("in a regex, `:*` is any number of colons");
            let fix = self.and_if_good(fix, ": write ", meant);
            verdict.violation = Some(written_like_entry(fix));
        } else if let Some(meant) = from_glob(text) {
            let fix = Fix::from("in a regex, `*` and `?` repeat what is before them");
            let fix = self.and_if_good(fix, ": write ", meant);
            verdict.violation = Some(written_like_entry(fix));
        } else if let Some(meant) = from_number_ranges(text).filter(|_| matches_origins) {
            let fix = Fix::from("brackets stand for one character");
            let fix = self.and_if_good(fix, ": write ", meant);
            verdict.violation = Some(one_character(fix));
        } else if !matches_origins && regex.matches_null() {
            verdict.violation = Some(of_null());
        } else if let Some(finding) = finding {
            let mut forms = from_meant(text);
            forms.append(&mut candidates(text));
            let mut forms = forms.iter();
            let safer = forms.find(|form| !is_lifted && self.is_good(form));
            let safer = safer.and_then(|form| OriginRegex::compile(form).ok());
            verdict.violation = Some(violation(finding, safer.as_ref()));
        } else {
            verdict.dead = self.dead_alternative(text).map(str::to_owned);
            verdict.choice = verdict
                .label_choice
                .take()
                .map(|choice| self.advice(choice));
        }
        verdict
    }

    /// The refusal of a text that does not compile. If it is written like entries, they are what is meant.
    pub(crate) fn refusal_of_syntax(&mut self, text: &str, violation: Violation) -> Violation {
        self.spent = 0;
        match from_meant(text)
            .into_iter()
            .find(|meant| self.is_good(meant))
        {
            Some(meant) => {
                let fix = Fix::from("write ");
                let rule = "regex is written like an entry";
                Violation::new(Kind::Wildcard, rule, fix.and(Piece::Value(meant)))
            }
            None => violation,
        }
    }

    /// Whether a text is a regex that is not refused. It may have a warning.
    pub(crate) fn is_good_text(&mut self, text: &str) -> bool {
        let regex = OriginRegex::compile(text);
        regex.is_ok_and(|regex| self.check(&regex, false).violation.is_none())
    }

    /// A text if it is a regex that is not refused, or what is to be written instead.
    pub(crate) fn good_text(&mut self, text: &str) -> Option<String> {
        let regex = OriginRegex::compile(text).ok()?;
        match self.check(&regex, false).violation {
            None => Some(text.to_owned()),
            Some(violation) => violation.fix.value().map(str::to_owned),
        }
    }

    /// Adds the advice to write another text instead, if nothing is wrong with that text.
    fn and_if_good(&mut self, fix: Fix, advice: &'static str, text: String) -> Fix {
        match self.is_good(&text) {
            true => fix.and(advice).and(Piece::Value(text)),
            false => fix,
        }
    }

    /// Whether nothing is wrong with another text as a regex.
    fn is_good(&mut self, text: &str) -> bool {
        is_readable(text)
            && from_entry(text).is_none()
            && from_any_port(text).is_none()
            && from_glob(text).is_none()
            && from_number_ranges(text).is_none()
            && matches!(self.look(text), Some((None, verdict)) if verdict.label_choice.is_none())
            && self.dead_alternative(text).is_none()
    }

    /// Says what a choice within a label admits, and how to write what may be meant.
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

    /// The text with each further choice replaced by what `form` picks, if nothing is wrong with the result.
    fn without_choices(
        &mut self,
        text: Option<String>,
        form: fn(Choice) -> Option<String>,
    ) -> Option<String> {
        let mut text = text.filter(|text| is_readable(text))?;
        for _ in 0..MAX_HOSTS {
            let (None, verdict) = self.look(&text)? else {
                return None;
            };
            match verdict.label_choice {
                Some(choice) => text = form(choice).filter(|text| is_readable(text))?,
                None => return self.is_good(&text).then_some(text),
            }
        }
        None
    }

    /// The first alternative of a regex that matches no serialized origin.
    fn dead_alternative<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        for part in alternatives(text).into_iter().take(MAX_HOSTS) {
            if let Some((Some(Finding::NeverMatches), _)) = self.look(part) {
                return Some(part);
            }
        }
        None
    }

    /// What is wrong with another text as a regex, and what to warn of. `None` if it is not a regex, or if the bound on the
    /// cost was reached.
    fn look(&mut self, text: &str) -> Option<(Option<Finding>, Verdict)> {
        if self.spent >= Self::MAX_SPENT {
            return None;
        }
        let regex = OriginRegex::compile(text).ok()?;
        Some(self.examine(&regex, false))
    }

    fn examine(&mut self, regex: &OriginRegex, is_shown: bool) -> (Option<Finding>, Verdict) {
        let graph = match &mut self.origins {
            Some(origins) => Graph::of(regex.whole(), origins),
            None => Err(TooLarge),
        };
        let result = graph.as_ref().map(|graph| survey(regex, graph, is_shown));
        self.spent += match &graph {
            Ok(graph) => graph.spent(),
            Err(TooLarge) => Self::MAX_SPENT,
        };
        match result {
            Ok(Ok(result)) => result,
            Ok(Err(TooLarge)) | Err(TooLarge) => literals::check(regex),
        }
    }
}

impl Drop for Lint {
    fn drop(&mut self) {
        // A panic may have left the automaton half changed.
        if !std::thread::panicking()
            && let Ok(mut cached) = CACHED_ORIGINS.lock()
        {
            *cached = self.origins.take();
        }
    }
}
