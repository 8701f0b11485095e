//! A regex over whole origins.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

use super::{
    regex_text,
    reverse_nfa::{reverse_nfa, steps},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::origin::Origin,
    settings,
};

/// A regex that matches an origin as a whole or not at all.
#[derive(Clone, Debug)]
pub(crate) struct OriginRegex {
    text: String,
    whole: Regex,
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
        build(text).map_err(|violation| match violation.kind {
            Kind::RegexSyntax => violation.spanning(syntax_error(text)),
            _ => violation,
        })?;
        let whole = match build(&format!(r"\A(?:{text})\z")) {
            // Under `(?x)`, a comment at the end of the text swallows the frame's end. A line break ends the comment
            // and, under `(?x)`, has no meaning. Any other text that compiles alone has no syntax error here.
            Err(violation) if violation.kind == Kind::RegexSyntax => {
                build(&format!("\\A(?:{text}\n)\\z"))?
            }
            other => other?,
        };
        if reverse_nfa(&[whole.as_str()]).is_none_or(|nfa| steps(&nfa) > Self::MAX_STEPS) {
            return Err(too_large());
        }
        Ok(Self {
            text: text.to_owned(),
            whole,
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn admits(&self, origin: &Origin<'_>) -> bool {
        self.whole.is_match(origin.as_str().as_bytes())
    }

    /// Whether a text is an origin that the regex admits.
    pub(super) fn admits_text(&self, text: &str) -> bool {
        Origin::parse(text).is_some_and(|origin| self.admits(&origin))
    }

    /// The regex that matches whole origins only.
    pub(crate) fn whole(&self) -> &str {
        self.whole.as_str()
    }
}

/// Unicode is off: origins are ASCII, and `\d` needs no tables then.
fn build(text: &str) -> Result<Regex, Violation> {
    RegexBuilder::new(text)
        .unicode(false)
        .size_limit(OriginRegex::SIZE_LIMIT)
        .build()
        .map_err(|error| violation_of(text, &error))
}

fn violation_of(text: &str, error: &regex::Error) -> Violation {
    match error {
        regex::Error::CompiledTooBig(_) => too_large(),
        other => {
            // The crate's message shows the text over several lines; the last one says what is wrong.
            let message = other.to_string();
            let last = message.lines().last().unwrap_or_default();
            let reason = last.strip_prefix("error: ").unwrap_or(last);
            let reason = match instead_of_other_syntax(text) {
                Some(instead) => format!("{reason}; {instead}"),
                None => reason.to_owned(),
            };
            Violation::new(Kind::RegexSyntax, "regex does not compile", reason)
        }
    }
}

/// What to write for syntax that other engines have.
fn instead_of_other_syntax(text: &str) -> Option<&'static str> {
    if text.contains(r"\Z") {
        Some(r"for the end of the origin, write `\z`")
    } else if ["(?=", "(?!", "(?<=", "(?<!"]
        .iter()
        .any(|look| text.contains(look))
    {
        Some("write what is allowed, and nothing about the rest")
    } else {
        None
    }
}

/// Where a text does not compile. The error of the `regex` crate says it in its message alone.
fn syntax_error(text: &str) -> Option<Range<usize>> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let error = parser.parse(text).err()?;
    let span = match &error {
        regex_syntax::Error::Parse(error) => error.span(),
        regex_syntax::Error::Translate(error) => error.span(),
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
    use super::{super::regex_set::OriginRegexes, *};

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
            for all in [&all, &all.clone()] {
                assert_eq!(all.first(origin.as_bytes()), first, "{origin}");
                assert_eq!(all.admit(origin.as_bytes()), first.is_some(), "{origin}");
            }
        }
    }
}
