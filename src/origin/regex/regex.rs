//! A regex over whole origins.

use regex::bytes::{Regex, RegexBuilder};

use super::{
    regex_text,
    reverse_nfa::{reverse_nfa, steps},
};
use crate::{
    error::{Fault, PolicyErrorKind as Kind},
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
    /// The bound on the compiled size of one regex. The longest in use by people take a few hundred.
    const MAX_STEPS: usize = 1 << 16;
    /// The bound in bytes while it is compiled, which is far beyond that one on every target.
    const SIZE_LIMIT: usize = 1 << 23;

    /// Compiles `text` alone and then so that it matches whole origins only.
    ///
    /// Alone first, because a text that is only half a regex can complete the frame that is put around it: `a)|(?:b`
    /// would match every origin that begins with `a`.
    pub(crate) fn compile(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::new(
                Kind::Empty,
                "regex is empty",
                "remove it: it admits no origin",
            ));
        }
        if text == "*" {
            return Err(Fault::new(
                Kind::Wildcard,
                "`*` is not a regex",
                Fix::from("to allow any origin, ").and(Piece::SwitchOn(settings::ANY_ORIGIN)),
            ));
        }
        regex_text::check(text)?;
        build(text)?;
        let whole = match build(&format!(r"\A(?:{text})\z")) {
            // Under `(?x)`, a comment at the end of the text swallows the frame's end. A line break ends the comment
            // and, under `(?x)`, stands for nothing. No other text that compiles alone fails for its syntax here.
            Err(fault) if fault.kind == Kind::RegexSyntax => build(&format!("\\A(?:{text}\n)\\z"))?,
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
    pub(super) fn whole(&self) -> &str {
        self.whole.as_str()
    }
}

/// Unicode is off: origins are ASCII, and `\d` needs no tables then.
fn build(text: &str) -> Result<Regex, Fault> {
    RegexBuilder::new(text)
        .unicode(false)
        .size_limit(OriginRegex::SIZE_LIMIT)
        .build()
        .map_err(|error| fault(&error))
}

fn fault(error: &regex::Error) -> Fault {
    match error {
        regex::Error::CompiledTooBig(_) => too_large(),
        other => {
            // The crate's message shows the text over several lines; the last one says what is wrong.
            let message = other.to_string();
            let last = message.lines().last().unwrap_or_default();
            let reason = last.strip_prefix("error: ").unwrap_or(last).to_owned();
            Fault::new(Kind::RegexSyntax, "regex does not compile", reason)
        }
    }
}

fn too_large() -> Fault {
    Fault::new(
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
    use super::*;
    use crate::origin::OriginRegexes;

    fn admits(regex: &str, origin: &str) -> bool {
        assert!(Origin::parse(origin).is_some(), "{origin}");
        let regexes = [OriginRegex::compile(regex).expect(regex)];
        let set = OriginRegexes::new(&regexes)
            .expect(regex)
            .expect("one regex");
        set.admit(origin.as_bytes())
    }

    #[test]
    fn a_regex_matches_the_whole_origin_or_nothing() {
        for (regex, origin, wanted) in [
            (r"https://a\.example", "https://a.example", true),
            (
                r"https://a\.example",
                "https://a.example.evil.example",
                false,
            ),
            (r"https://a\.example", "xhttps://a.example", false),
            (
                r"https://a\.example|https://b\.example",
                "https://b.example",
                true,
            ),
            (
                r"https://a\.example|https://b\.example",
                "https://a.example.evil",
                false,
            ),
            (
                r"https://a\.example|https://b\.example",
                "x://https.b.example",
                false,
            ),
            // Leftmost-first search would stop at the first alternative; the whole must still match.
            (r"https://a|https://ab", "https://ab", true),
            (r"^https://a\.example$", "https://a.example", true),
            (r"^https://a$|.*b", "https://a.example", false),
            (
                r"https://pr-\d+\.example\.dev",
                "https://pr-12.example.dev",
                true,
            ),
            (r"https://.*", "https://anything.example:81", true),
            (r"(?i)HTTPS://A\.EXAMPLE", "https://a.example", true),
            ("(?x) https:// a # comment", "https://a", true),
            ("(?x) https:// a # comment", "https://ab", false),
            (
                "(?x) https:// a # comment\n | https://b # another",
                "https://b",
                true,
            ),
            ("(?x) https:// a # )|(?:.*", "https://evil", false),
            (r"(?m)^https://a$", "https://a.example", false),
            (r"https://[^.]+\.example", "https://a.b.example", false),
            // Three quarters of the bound on the size.
            (r"https://[a-z]{1,9800}", "https://a", true),
        ] {
            assert_eq!(admits(regex, origin), wanted, "{regex} on {origin}");
        }
    }

    #[test]
    fn what_does_not_compile_alone_is_refused() {
        for (regex, kind) in [
            ("", Kind::Empty),
            ("a)|(?:b", Kind::RegexSyntax),
            ("(", Kind::RegexSyntax),
            ("a)", Kind::RegexSyntax),
            ("[", Kind::RegexSyntax),
            ("a\\", Kind::RegexSyntax),
            ("(?x)a)#", Kind::RegexSyntax),
            (r"(?=a)", Kind::RegexSyntax),
            (r"\p{Greek}", Kind::RegexSyntax),
            ("(?:.{1000}){1000}", Kind::RegexSize),
            // A quarter too much.
            (r"https://[a-z]{1,16400}", Kind::RegexSize),
        ] {
            assert_eq!(
                OriginRegex::compile(regex).err().map(|fault| fault.kind),
                Some(kind),
                "{regex}"
            );
        }
    }
}
