//! A regex over whole origins.

use std::ops::Range;

use regex_syntax::{Error, ParserBuilder};

use super::{
    regex_set::OriginRegexes,
    regex_text,
    reverse_nfa::{reverse_nfa_within, steps},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::{grammar::NULL, origin::Origin},
    settings,
};

/// A regex that matches an origin as a whole or not at all.
#[derive(Clone)]
pub(crate) struct OriginRegex {
    text: String,
    /// Matches whole origins only.
    whole: String,
    automaton: OriginRegexes,
}

impl OriginRegex {
    /// The limit of the compiled size of one regex. Real ones take at most a few hundred.
    const MAX_STEPS: usize = 1 << 16;
    /// The limit in bytes while it is compiled, which is much higher on every target.
    const SIZE_LIMIT: usize = 1 << 23;

    /// Compiles `text` alone and then so that it matches whole origins only.
    ///
    /// Alone first, because a text that is only half a regex can complete the frame that is put around it: `a)|(?:b`
    /// would match every origin that begins with `a`.
    pub(crate) fn compile(text: &str) -> Result<Self, Violation> {
        if text.is_empty() {
            return Err(Violation::new(
                Kind::Empty,
                "regex is empty",
                "remove it: it admits no origin",
            ));
        }
        if text == "*" {
            return Err(Violation::new(
                Kind::Wildcard,
                "`*` is not a regex",
                Fix::from("to allow any origin, ").and(Piece::SwitchOn(settings::ANY_ORIGIN)),
            ));
        }
        regex_text::check(text)?;
        parse(text).map_err(|error| violation_of(text, &error).spanning(span_of(&error)))?;
        let mut whole = format!(r"\A(?:{text})\z");
        if parse(&whole).is_err() {
            // Under `(?x)`, a comment at the end of the text swallows the frame's end. A line break ends the comment
            // and, under `(?x)`, has no meaning. Any other text that compiles alone has no syntax error here.
            whole = format!("\\A(?:{text}\n)\\z");
            parse(&whole).map_err(|error| violation_of(text, &error))?;
        }
        let nfa = reverse_nfa_within(&whole, Some(Self::SIZE_LIMIT));
        let nfa = nfa.filter(|nfa| steps(nfa) <= Self::MAX_STEPS);
        let automaton = OriginRegexes::of_nfa(nfa.ok_or_else(too_large)?, 1)?;
        Ok(Self {
            text: text.to_owned(),
            whole,
            automaton,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn admits(&self, origin: &Origin<'_>) -> bool {
        self.automaton.admit(origin.as_str().as_bytes())
    }

    /// Whether a text is an origin that the regex admits.
    pub(super) fn admits_text(&self, text: &str) -> bool {
        Origin::parse(text).is_some_and(|origin| self.admits(&origin))
    }

    /// Whether the text of opaque origins matches. They have an entry of their own, and no regex is asked about them.
    pub(super) fn matches_null(&self) -> bool {
        self.automaton.admit(NULL.as_bytes())
    }

    /// The regex that matches whole origins only.
    pub(crate) fn whole(&self) -> &str {
        &self.whole
    }
}

/// Unicode is off: origins are ASCII, and `\d` needs no tables then.
fn parse(text: &str) -> Result<(), Box<Error>> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(text)?;
    Ok(())
}

fn violation_of(text: &str, error: &Error) -> Violation {
    // The crate's message shows the text over several lines; the last one says what is wrong.
    let message = error.to_string();
    let last = message.lines().last().unwrap_or_default();
    let reason = last.strip_prefix("error: ").unwrap_or(last);
    let reason = match instead_of_other_syntax(text) {
        Some(instead) => format!("{reason}; {instead}"),
        None => reason.to_owned(),
    };
    Violation::new(Kind::RegexSyntax, "regex does not compile", reason)
}

/// What to write for syntax that other engines have.
fn instead_of_other_syntax(text: &str) -> Option<&'static str> {
    if text.contains(r"\Z") {
        Some(r"for the end of the origin, write `\z`")
    } else if text.contains("(?>") {
        Some("instead of `(?>`, write `(?:`")
    } else if text.contains("(?'") {
        Some("write a name as in `(?<name>…)`")
    } else if ["(?=", "(?!", "(?<=", "(?<!"]
        .iter()
        .any(|look| text.contains(look))
    {
        Some("write what is allowed, and nothing about the rest")
    } else {
        None
    }
}

/// Where a text does not compile.
fn span_of(error: &Error) -> Option<Range<usize>> {
    let span = match error {
        Error::Parse(error) => error.span(),
        Error::Translate(error) => error.span(),
        _ => return None,
    };
    Some(span.start.offset..span.end.offset)
}

fn too_large() -> Violation {
    Violation::new(
        Kind::RegexSize,
        format!(
            "regex compiles to more than {} steps",
            OriginRegex::MAX_STEPS
        ),
        "use smaller repetitions, or several regexes",
    )
}

#[cfg(test)]
mod tests {
    use ::regex::bytes::RegexBuilder;

    use super::*;

    #[test]
    fn each_regex_admits_what_it_does_alone() {
        let texts = [
            r"https://[a-z]+\.example\.com",
            r"https://a\.example\.com(:\d+)?",
            r"(?i)HTTPS://B\b.*",
            r"https?://.*\.example\.(com|org)",
            r"^https://x$|https://xy",
            r"(?m)^https://z$",
        ];
        let regexes: Vec<OriginRegex> = texts
            .iter()
            .map(|text| OriginRegex::compile(text).expect(text))
            .collect();
        let whole: Vec<&str> = regexes.iter().map(OriginRegex::whole).collect();
        let all = OriginRegexes::new(&whole).expect("all").expect("some");
        for origin in [
            "https://a.example.com",
            "https://a.example.com:81",
            "https://b",
            "https://b.example.com",
            "https://bc",
            "https://x",
            "https://xy",
            "https://xyz",
            "https://z",
            "http://q.example.org",
            "http://q.example.orgs",
            "xhttps://a.example.com",
        ] {
            let parsed = Origin::parse(origin).expect(origin);
            let first = regexes.iter().position(|regex| regex.admits(&parsed));
            // The automaton is read backwards; the `regex` crate reads forwards.
            let mut forwards = whole.iter().map(|whole| {
                let mut regex = RegexBuilder::new(whole);
                regex.unicode(false).build().expect(whole)
            });
            let found = forwards.position(|regex| regex.is_match(origin.as_bytes()));
            assert_eq!(found, first, "{origin}");
            for all in [&all, &all.clone()] {
                assert_eq!(all.first(origin.as_bytes()), first, "{origin}");
                assert_eq!(all.admit(origin.as_bytes()), first.is_some(), "{origin}");
            }
        }
    }
}
