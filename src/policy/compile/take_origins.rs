//! Entries of the allowlist, regexes and own origins: what they allow, and what is checked later.

use super::{
    compiler::{Claimable, Compiler, NotWithCredentials, push_new},
    refused_entry::{refused_credential_entry, refused_own_origin},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{Entry, Lint, OriginRegex, OriginRegexes, Suffix},
    policy::{names, setting::ListKind},
};

impl Compiler {
    pub(super) fn take_entry(&mut self, location: &Location, text: &str, entry: Entry<'_>) {
        self.note_entry(location, text, &entry, |compiler| &mut compiler.listed);
        if self.list.entry(text, entry) {
            self.locations.entries.push(location);
        } else {
            self.suspicions.repeated.add(location, text);
        }
    }

    /// An entry whose origins may send credentials, where others may not.
    pub(super) fn take_credential_entry(
        &mut self,
        location: &Location,
        text: &str,
    ) -> Result<(), Violation> {
        let entry = Entry::parse(text).map_err(|violation| {
            let kind = ListKind::CredentialOrigins;
            let violation = names::one_entry(location, kind, text)
                .err()
                .unwrap_or(violation);
            let violation = refused_credential_entry(location, text, violation, &mut self.lint);
            self.with_fix_for_credentials(violation)
        })?;
        self.note_entry(location, text, &entry, |compiler| {
            &mut compiler.for_credentials
        });
        if self.credential_list.entry(text, entry) {
            self.locations.credential_entries.push(location);
        } else {
            self.suspicions.repeated.add(location, text);
        }
        Ok(())
    }

    fn note_entry(
        &mut self,
        location: &Location,
        text: &str,
        entry: &Entry<'_>,
        noted: fn(&mut Self) -> &mut NotWithCredentials,
    ) {
        if *entry == Entry::Null {
            self.suspicions.null_origin.add(location, text);
            noted(self).null_origin = Some(self.source(location.clone()));
        } else if entry.is_insecure() {
            self.take_insecure(location, text, noted);
        }
        if entry.has_end_dot() {
            self.suspicions.take_end_dot(location, text);
        }
        if entry.has_placeholder_host() {
            self.suspicions.placeholder_host.add(location, text);
        }
        if entry.has_misspelled_host() {
            self.suspicions.misspelled_host.add(location, text);
        }
        if entry.has_misspelled_scheme() {
            self.suspicions.misspelled_scheme.add(location, text);
        }
        match entry.suffix() {
            Some(Suffix::Public) => {
                let source = self.source(location.clone());
                self.public_suffixes.push((source, text.to_owned()));
            }
            Some(Suffix::Above) => self.take_claimable(location, text, None, noted),
            Some(Suffix::Unknown) => self.suspicions.unknown_suffix.add(location, text),
            Some(Suffix::Owned) | None => {}
        }
    }

    pub(super) fn take_regex(&mut self, location: &Location, text: &str) -> Result<(), Violation> {
        self.listed_origins = true;
        let regex = OriginRegex::compile(text).map_err(|violation| match violation.kind {
            Kind::RegexSyntax => {
                let lint = self.lint.get_or_insert_with(Lint::new);
                let violation = lint.refusal_of_syntax(text, violation);
                self.with_possible_fix(violation)
            }
            _ => violation,
        })?;
        // The lint takes most of the time. A repeated regex is checked once, and no regex is checked if there are too
        // many.
        let count = self.locations.regexes.len();
        if count > OriginRegexes::MAX || !self.list.regex(regex.clone()) {
            return Ok(());
        }
        self.locations.regexes.push(location.clone());
        if count == OriginRegexes::MAX {
            self.fail(location, text, too_many_regexes());
        }
        let lint = self.lint.get_or_insert_with(Lint::new);
        let verdict = lint.check(&regex, self.lax_regexes);
        if let Some(violation) = verdict.violation {
            let source = self.source(location.clone());
            self.lax.push((source, text.to_owned(), violation));
        }
        if verdict.unknown {
            let source = self.source(location.clone());
            self.unknown.push((source, text.to_owned()));
        }
        if verdict.insecure {
            self.take_insecure(location, text, |compiler| &mut compiler.listed);
        }
        if let Some(reason) = verdict.claimable {
            self.take_claimable(location, text, Some(reason), |compiler| {
                &mut compiler.listed
            });
        }
        if let Some(advice) = verdict.choice {
            self.suspicions.choices.add(location, text);
            self.suspicions
                .choice_advice
                .get_or_insert_with(|| advice.clone());
            let source = self.source(location.clone());
            self.choices.push((source, text.to_owned(), advice));
        }
        if verdict.unknown_suffix {
            self.suspicions.unknown_suffix.add(location, text);
        }
        if verdict.misspelled_scheme {
            self.suspicions.misspelled_scheme.add(location, text);
        }
        if let Some(part) = verdict.dead {
            self.suspicions.dead.add(location, &part);
        }
        Ok(())
    }

    fn take_insecure(
        &mut self,
        location: &Location,
        text: &str,
        noted: fn(&mut Self) -> &mut NotWithCredentials,
    ) {
        self.suspicions.insecure.add(location, text);
        let source = self.source(location.clone());
        noted(self).insecure.push((source, text.to_owned()));
    }

    fn take_claimable(
        &mut self,
        location: &Location,
        text: &str,
        reason: Option<String>,
        noted: fn(&mut Self) -> &mut NotWithCredentials,
    ) {
        self.suspicions.claimable.add(location, text);
        let claimable = Claimable {
            source: self.source(location.clone()),
            text: text.to_owned(),
            reason,
        };
        noted(self).claimable.push(claimable);
    }

    pub(super) fn take_own_origin(
        &mut self,
        location: &Location,
        text: &str,
    ) -> Result<(), Violation> {
        match Entry::parse(text) {
            Ok(entry) if entry.is_of_a_service() => {
                self.suspicions.own_origins.add(location, text);
                push_new(&mut self.rules.own_origins, text, str::eq);
                Ok(())
            }
            Err(violation) if text != "*" && !text.eq_ignore_ascii_case("none") => {
                Err(refused_own_origin(location, text, violation))
            }
            _ => Err(Violation::new(
                Kind::OwnOrigin,
                "own origin must be one exact origin of http or https",
                "write each origin at which browsers reach the service, such as `https://api.example.com`",
            )),
        }
    }
}

fn too_many_regexes() -> Violation {
    Violation::new(
        Kind::TooManyRegexes,
        format!("there must not be more than {} regexes", OriginRegexes::MAX),
        Fix::from(
            "list hosts and their subdomains among the origins, as in `https://*.example.com`, even a million; \
             write regexes that differ in a name as one, as in `https://pr-[0-9]+\\.(one|two)\\.example`",
        )
        .and(Piece::InCode(
            "; or check your own data in `allow_origin_fn()`",
        )),
    )
}
