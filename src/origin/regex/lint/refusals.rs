//! How the refusal of a regex is worded.

use super::{lax_rule::LaxRule, verdict::Finding};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    origin::{grammar::NULL, regex::OriginRegex},
    quote::Quoted,
    settings,
};

/// The refusal of a regex, with a safer one to write instead.
pub(super) fn violation(finding: Finding, safer: Option<&OriginRegex>) -> Violation {
    let admitted = |origin: &String| safer.is_some_and(|regex| regex.admits_text(origin));
    let safer = safer.map(|regex| Fix::from("write ").and(Piece::Value(regex.as_str().to_owned())));
    match finding {
            Finding::NeverMatches => Violation::new(
                Kind::RegexNeverMatches,
                "regex matches no serialized origin",
                safer.unwrap_or_else(|| {
                    "it must match a whole origin, scheme://host or scheme://host:port, in lower case, without a path and \
                     without the scheme's default port"
                        .into()
                }),
            ),
            Finding::Lax(rule, examples) => {
                // What the safer regex admits, too, is what the author meant.
                let example = examples.iter().find(|origin| !admitted(origin));
                let (rule, instead) = in_words(rule);
                let safer = safer.unwrap_or_else(|| instead.into());
                let admits = Fix::from(it_admits(example)).and("; ");
                Violation::new(Kind::LaxRegex, rule, or_lift(admits.and_all(safer)))
            }
            Finding::TooLarge => Violation::new(
                Kind::LaxRegex,
                "regex is too large to analyze",
                or_lift("use smaller repetitions, or several regexes".into()),
            ),
        }
}

/// The refusal of a regex for opaque origins.
pub(super) fn of_null() -> Violation {
    let fix = Fix::from("remove it; to allow opaque origins, ")
        .and(Piece::Add(settings::ORIGINS, NULL.to_owned()));
    Violation::new(
        Kind::RegexNeverMatches,
        "no regex matches opaque origins",
        fix,
    )
}

/// A rule, and what to do if no safer regex follows.
fn in_words(rule: LaxRule) -> (&'static str, &'static str) {
    let domain = r"write the scheme and the domain, with dots escaped, as in `https://[a-z0-9-]+\.example\.com`";
    match rule {
        LaxRule::ManySchemes => ("regex must not leave the scheme open", domain),
        LaxRule::ManyAddresses => (
            "regex must not admit several public IP addresses",
            r"list those that are yours, or keep to a private range, as in `http://192\.168\.\d+\.\d+`",
        ),
        LaxRule::ManyDomains => ("regex must not admit more than 16 domains", domain),
        LaxRule::ManyHosts => (
            "regex must not admit more than 16 hosts that are single labels or public suffixes",
            domain,
        ),
        LaxRule::EverySubdomain => (
            "regex must not admit every subdomain of a public suffix",
            r"name what is yours there, as in `https://[a-z0-9-]+-my-team\.vercel\.app`",
        ),
    }
}

/// The refusal of a regex that is written like an entry.
pub(super) fn written_like_entry(fix: Fix) -> Violation {
    let fix = or_lift(fix);
    Violation::new(Kind::Wildcard, "regex is written like an entry", fix)
}

/// The refusal of a regex with a range of numbers in brackets.
pub(super) fn one_character(fix: Fix) -> Violation {
    let rule = "regex must not have a range of numbers in brackets";
    Violation::new(Kind::Wildcard, rule, or_lift(fix))
}

/// Adds the setting that permits the regex as it is.
fn or_lift(fix: Fix) -> Fix {
    fix.and("; ")
        .and(Piece::On(settings::LAX_REGEXES))
        .and(" permits this")
}

/// Says what a regex admits, by an example if there is one.
pub(super) fn it_admits(origin: Option<&String>) -> String {
    match origin {
        Some(origin) => format!("it admits {}", Quoted(origin.as_bytes())),
        None => "it leaves the host open".to_owned(),
    }
}
