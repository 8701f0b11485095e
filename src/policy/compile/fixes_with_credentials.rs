//! What is proposed for a refused entry, where credentials are allowed: nothing that would be refused next because of them.

use super::compiler::Compiler;
use crate::{
    error::Violation,
    fix::{Fix, Piece},
    origin::{Entry, Lint, OriginRegex, one_entry},
    settings,
};

pub(super) const NOT_WITH_CREDENTIALS: &str = "any origin must not be allowed with credentials";

/// What to do in place of allowing any origin.
pub(super) fn in_place_of_any_origin() -> Fix {
    Fix::from(
        "for development, write `http://localhost:*`; if the page itself sets a token, such as a bearer token, do not allow credentials; otherwise list the origins or write a regex; to allow any \
         origin without credentials, and yours with, use ",
    )
    .and(Piece::Named(settings::CREDENTIALS_FOR))
}

/// What to do about an entry of opaque origins.
pub(super) const IN_PLACE_OF_NULL: &str =
    "remove it: any page can get an opaque origin in a sandboxed frame";

impl Compiler {
    /// The same violation, with a fix that can be followed if credentials are allowed.
    pub(super) fn with_possible_fix(&mut self, violation: Violation) -> Violation {
        if self.has_credentials {
            self.with_fix_for_credentials(violation)
        } else {
            violation
        }
    }

    /// The same violation, with a fix that can be followed of an entry that may send credentials.
    pub(super) fn with_fix_for_credentials(&mut self, violation: Violation) -> Violation {
        match self.possible_fix(&violation.fix) {
            Some(fix) => violation.with_fix(fix),
            None => violation,
        }
    }

    /// `None` if the fix is possible as it is.
    fn possible_fix(&mut self, fix: &Fix) -> Option<Fix> {
        if let Some(values) = fix.value() {
            let entries: Vec<&str> = values.split(',').collect();
            if entries == ["null"] {
                return Some(IN_PLACE_OF_NULL.into());
            }
            if entries.iter().all(|entry| Entry::parse(entry).is_err()) {
                let secure = self.regexes_over_https(values)?;
                return Some(fix.clone().with_value(secure).and_all(or_plain_http()));
            }
            let is_insecure =
                |text: &&str| Entry::parse(text).is_ok_and(|entry| entry.is_insecure());
            if self.insecure_origins || !entries.iter().any(is_insecure) {
                // Any origin may be the other way out.
                let any = fix.switches_on(settings::ANY_ORIGIN);
                return any.then(|| write(values.to_owned()));
            }
            let mut secure: Vec<String> = Vec::new();
            for entry in entries {
                let entry = over_https(entry)?;
                if !secure.contains(&entry) {
                    secure.push(entry);
                }
            }
            return Some(write(secure.join(",")).and_all(or_plain_http()));
        }
        if fix.added_to(settings::ORIGINS) == Some("null") {
            return Some(IN_PLACE_OF_NULL.into());
        }
        if fix.switches_on(settings::ANY_ORIGIN) {
            let fix = Fix::from(format!("{NOT_WITH_CREDENTIALS}: "));
            return Some(fix.and_all(in_place_of_any_origin()));
        }
        let regex = fix.added_to(settings::ORIGIN_REGEXES)?;
        if self.is_possible(regex) {
            return None;
        }
        let secure = regex_over_https(regex).filter(|regex| self.is_possible(regex));
        Some(match secure {
            Some(regex) => Fix::from("use a regex: ")
                .and(Piece::Add(settings::ORIGIN_REGEXES, regex))
                .and_all(or_plain_http()),
            None => "list those that are yours: with credentials, plain http and names that anyone can take are not \
                 allowed"
                .into(),
        })
    }

    /// Regexes, over https where one of them would be refused; `None` if none would, or if that does not help.
    fn regexes_over_https(&mut self, regexes: &str) -> Option<String> {
        let mut secure: Vec<String> = Vec::new();
        for regex in regexes.split(' ') {
            if self.is_possible(regex) {
                secure.push(regex.to_owned());
            } else {
                secure.push(regex_over_https(regex).filter(|regex| self.is_possible(regex))?);
            }
        }
        let secure = secure.join(" ");
        (secure != regexes).then_some(secure)
    }

    /// Whether a regex is not refused for the credentials.
    fn is_possible(&mut self, text: &str) -> bool {
        let Ok(regex) = OriginRegex::compile(text) else {
            return false;
        };
        let lint = self.lint.get_or_insert_with(Lint::new);
        let verdict = lint.check(&regex, self.lax_regexes);
        (self.insecure_origins || !verdict.insecure)
            && (self.lax_regexes || (verdict.claimable.is_none() && verdict.choice.is_none()))
    }
}

/// What plain http needs together with credentials.
fn or_plain_http() -> Fix {
    Fix::from("; with credentials, plain http needs ").and(Piece::On(settings::INSECURE_ORIGINS))
}

fn write(value: String) -> Fix {
    Fix::from("write ").and(Piece::Value(value))
}

/// An entry over https, with which plain http is replaced where it is not on the machine itself.
fn over_https(entry: &str) -> Option<String> {
    let is_insecure = Entry::parse(entry).is_ok_and(|entry| entry.is_insecure());
    match entry.strip_prefix("http://").filter(|_| is_insecure) {
        Some(rest) => one_entry(&format!("https://{rest}")),
        None => Some(entry.to_owned()),
    }
}

fn regex_over_https(regex: &str) -> Option<String> {
    if regex.contains('|') && !regex.contains('(') {
        let mut parts: Vec<String> = Vec::new();
        for part in regex.split('|') {
            let part = regex_over_https(part).unwrap_or_else(|| part.to_owned());
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        return Some(parts.join("|"));
    }
    let schemes = ["https?://", "http://", "(http|https)://", "(https|http)://"];
    let (start, rest) = ["^", "", "^(", "("].into_iter().find_map(|start| {
        let whole = regex.strip_prefix(start)?;
        let rest = schemes
            .iter()
            .find_map(|scheme| whole.strip_prefix(scheme))?;
        Some((start, rest))
    })?;
    Some(format!("{start}https://{rest}"))
}
