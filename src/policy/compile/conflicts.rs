//! Errors that are found only when all settings are known: settings that conflict, and values that no other setting
//! permits.

use super::{
    compiler::{Claimable, Compiler, NotWithCredentials, Source},
    fixes_with_credentials::{IN_PLACE_OF_NULL, NOT_WITH_CREDENTIALS, in_place_of_any_origin},
};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{Lint, Meant},
    policy::env::regexes_in_another_form,
    settings,
};

impl Compiler {
    /// What was meant as any origin, and would be refused once it is written so, is told what to do then.
    pub(super) fn check_meant_any_origin(&mut self) {
        if !self.locations.has_listed_origins() {
            return;
        }
        let mistakes = self.errors.iter_mut();
        for mistake in mistakes.filter(|mistake| mistake.means_any_origin()) {
            let fix = mistake.violation.fix.clone();
            let fix = fix.and(Piece::InCode(", and remove the other origins"));
            mistake.violation = mistake.violation.clone().with_fix(fix);
        }
    }

    /// Any origin and `none` must be alone, also inside of a list; and some setting must say which origins are allowed.
    pub(super) fn check_sources(&mut self, missing: (Location, Violation)) {
        if let Some(source) = &self.any_origin
            && (self.listed_origins || self.no_origin.is_some() || source.location.is_entry())
        {
            let violation = Violation::new(
                Kind::OriginConflict,
                "any origin must not be combined with other origins",
                "remove the other origins, or this",
            );
            self.errors.push(source.error("*", violation));
        }
        if let Some(source) = &self.no_origin
            && (self.listed_origins
                || source.location.is_entry()
                || self.locations.credential_entries.get(0).is_some())
        {
            let violation = Violation::new(
                Kind::OriginConflict,
                "`none` must not be combined with other origins",
                "remove the other origins, or this",
            );
            self.errors.push(source.error("none", violation));
        }
        let is_set = self.listed_origins || self.any_origin.is_some() || self.no_origin.is_some();
        if !is_set && !self.origin_mistakes {
            // Before all other errors: without origins, they do not matter.
            let (location, violation) = match &self.empty_origins {
                Some(source) => (source.location.clone(), self.no_origins_in_list()),
                None => missing,
            };
            let source = Source {
                number: 0,
                location,
            };
            self.errors.push(source.mistake(None, violation));
        }
    }

    fn no_origins_in_list(&self) -> Violation {
        let mut fix = Fix::from("list them, ");
        if !self.rules.credentials {
            fix = fix
                .and(Piece::SwitchOn(settings::ANY_ORIGIN))
                .and(" for any, ");
        }
        let fix = fix.and("or ").and(Piece::SwitchOn(settings::NO_ORIGIN));
        Violation::new(
            Kind::MissingOrigins,
            "list of origins is empty",
            fix.and(" for none"),
        )
    }

    /// Subdomains that anyone can register. If they are permitted, there is a warning.
    pub(super) fn check_suffixes(&mut self) {
        for (source, text) in &self.public_suffixes {
            if self.public_suffix_subdomains {
                self.suspicions.claimable.add(&source.location, text);
                continue;
            }
            let violation = of_public_suffix();
            self.errors.push(source.error(text, violation));
        }
    }

    /// Regexes that admit more than their authors may mean. If that is permitted, there is a warning.
    pub(super) fn check_regexes(&mut self) {
        for (source, text, violation) in std::mem::take(&mut self.lax) {
            if self.lax_regexes {
                self.suspicions.lax.add(&source.location, &text);
            } else {
                let violation = self.without_marks(&text, violation);
                let violation = self.with_possible_fix(violation);
                let violation = self.or_any_origin(&text, violation);
                self.errors.push(source.error(&text, violation));
            }
        }
    }

    /// The refusal of a regex that matches nothing for what stands around it: the slashes of another language, quotes.
    fn without_marks(&mut self, text: &str, violation: Violation) -> Violation {
        if violation.kind != Kind::RegexNeverMatches || violation.fix.value().is_some() {
            return violation;
        }
        let lint = self.lint.get_or_insert_with(Lint::new);
        let regexes = regexes_in_another_form(text).into_iter().flatten();
        let good: Option<Vec<String>> = regexes.map(|regex| lint.good_text(&regex)).collect();
        match good.filter(|regexes| !regexes.is_empty()) {
            // Several in one text are one regex with alternatives.
            Some(regexes) => {
                violation.with_fix(Fix::from("write ").and(Piece::Value(regexes.join("|"))))
            }
            None => violation,
        }
    }

    /// The refusal of a regex that admits any origin, with the setting that does so.
    fn or_any_origin(&self, text: &str, violation: Violation) -> Violation {
        if self.has_credentials || Meant::by(text) != Some(Meant::Any) {
            return violation;
        }
        let fix = violation.fix.clone();
        let fix = fix.and("; to allow any origin, remove it and ");
        let fix = fix.and(Piece::SwitchOn(settings::ANY_ORIGIN));
        violation.with_fix(fix)
    }

    /// What Fetch forbids together with credentials, and origins that anyone on the network path can forge.
    pub(super) fn check_credentials(&mut self) {
        if self.rules.credentials {
            if let Some(source) = &self.any_origin {
                let violation = Violation::new(
                    Kind::CredentialsWithAnyOrigin,
                    NOT_WITH_CREDENTIALS,
                    in_place_of_any_origin(),
                );
                self.errors.push(source.error("*", violation));
            }
            let listed = std::mem::take(&mut self.listed);
            self.check_noted(&listed);
            if !self.lax_regexes {
                self.check_choices();
            } else if !self.insecure_origins {
                self.check_unknown();
            }
        }
        let for_credentials = std::mem::take(&mut self.for_credentials);
        self.check_noted(&for_credentials);
        self.check_credentials_for();
    }

    fn check_noted(&mut self, noted: &NotWithCredentials) {
        if let Some(source) = &noted.null_origin {
            let violation = Violation::new(
                Kind::CredentialsWithNullOrigin,
                "opaque origins must not be allowed with credentials",
                IN_PLACE_OF_NULL,
            );
            self.errors.push(source.error("null", violation));
        }
        if !self.insecure_origins {
            for (source, text) in &noted.insecure {
                let violation = Violation::new(
                    Kind::CredentialsWithInsecureOrigin,
                    "plain http must not be allowed with credentials",
                    or_lift_insecure("serve the origin over https; "),
                );
                self.errors.push(source.error(text, violation));
            }
        }
        self.check_claimable(&noted.claimable);
    }

    /// What does not go together with credentials for some origins.
    fn check_credentials_for(&mut self) {
        let Some(location) = self.locations.credential_entries.get(0) else {
            return;
        };
        if self.rules.credentials {
            let fix = Fix::from("remove one of them: ")
                .and(Piece::On(settings::CREDENTIALS))
                .and(" is for all origins that are allowed");
            let rule = "credentials for some origins must not be combined with credentials for all";
            let source = self.source(location);
            self.errors
                .push(source.mistake(None, Violation::new(Kind::Conflict, rule, fix)));
        }
        let omits = settings::OMIT_VARY_FOR_ANY_ORIGIN.setter;
        let omits = self.scalars.iter().find(|scalar| scalar.setting == omits);
        if let Some(scalar) = omits.filter(|scalar| scalar.value == "true") {
            let fix = Fix::from("remove it, or ").and(Piece::Named(settings::CREDENTIALS_FOR));
            let rule = "`Vary` must not be left out where credentials depend on the origin";
            let source = self.source(scalar.location.clone());
            self.errors
                .push(source.mistake(None, Violation::new(Kind::Conflict, rule, fix)));
        }
    }

    /// Domains that are similar to the author's own. No setting permits them: the author can list the domains instead.
    fn check_choices(&mut self) {
        for (source, text, advice) in &self.choices {
            let violation = Violation::new(
                Kind::CredentialsWithClaimableOrigin,
                "choices within a label of a domain must not be allowed with credentials",
                advice.clone(),
            );
            self.errors.push(source.error(text, violation));
        }
    }

    /// Without it, they are refused as too large already. It also permits names that anyone can register.
    fn check_unknown(&mut self) {
        for (source, text) in &self.unknown {
            let violation = Violation::new(
                Kind::CredentialsWithInsecureOrigin,
                "regex that may admit plain http must not be allowed with credentials",
                or_lift_insecure(
                    "it is too large to check; use smaller repetitions, or several regexes; ",
                ),
            );
            self.errors.push(source.error(text, violation));
        }
    }

    fn check_claimable(&mut self, claimable: &[Claimable]) {
        for Claimable {
            source,
            text,
            reason,
        } in claimable
        {
            let (reason, lift, is_lifted) = match reason {
                Some(reason) => (&**reason, settings::LAX_REGEXES, self.lax_regexes),
                None => (
                    "there are public suffixes below",
                    settings::PUBLIC_SUFFIX_SUBDOMAINS,
                    self.public_suffix_subdomains,
                ),
            };
            if !is_lifted {
                let violation = Violation::new(
                    Kind::CredentialsWithClaimableOrigin,
                    "names that anyone can register must not be allowed with credentials",
                    Fix::from(format!("{reason}; list only your own names; "))
                        .and(Piece::On(lift))
                        .and(" permits this"),
                );
                self.errors.push(source.error(text, violation));
            }
        }
    }
}

/// What to say of subdomains that anyone can have.
pub(super) fn of_public_suffix() -> Violation {
    let fix = Fix::from(
        "write a domain that you own, as in `https://*.example.com`; on a hosting platform, match only your own names with a regex, as in `https://[a-z0-9-]+-my-team\\.vercel\\.app`; ",
    )
    .and(Piece::On(settings::PUBLIC_SUFFIX_SUBDOMAINS))
    .and(" permits this, and then anyone with a name there can read the responses");
    let rule = "subdomains of a public suffix must not be allowed";
    Violation::new(Kind::PublicSuffix, rule, fix)
}

/// How to fix plain http, and which setting permits it.
fn or_lift_insecure(fix: &'static str) -> Fix {
    Fix::from(fix)
        .and(Piece::On(settings::INSECURE_ORIGINS))
        .and(" permits this, and then anyone on the network path can act as the origin")
}
