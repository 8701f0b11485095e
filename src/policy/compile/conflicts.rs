//! What shows only when all settings are known: which of them do not go together, and what others permit.

use super::compile::{Asked, Claimable, Compiler};
use crate::{
    error::{Fault, PolicyErrorKind as Kind},
    fix::{Fix, Piece},
    location::Location,
    settings,
};

impl Compiler {
    /// Any origin and `none` each stand alone, also in the list that they are an entry of, and there must be something.
    pub(super) fn judge_sources(&mut self, missing: impl FnOnce() -> (Location, Fault)) {
        if let Some(asked) = &self.any_origin
            && (self.listed_origins || self.no_origin.is_some() || asked.place.is_entry())
        {
            let fault = Fault::new(
                Kind::OriginConflict,
                "any origin must not stand beside other origins",
                "remove the other origins, or this",
            );
            self.errors.push(asked.error("*", fault));
        }
        if let Some(asked) = &self.no_origin
            && (self.listed_origins || asked.place.is_entry())
        {
            let fault = Fault::new(
                Kind::OriginConflict,
                "`none` must not stand beside other origins",
                "remove the other origins, or this",
            );
            self.errors.push(asked.error("none", fault));
        }
        let is_set = self.listed_origins || self.any_origin.is_some() || self.no_origin.is_some();
        if !is_set && !self.origin_mistakes {
            // Before all others: without origins the rest says nothing.
            let (place, fault) = missing();
            let asked = Asked { number: 0, place };
            self.errors.push(asked.mistake(None, fault));
        }
    }

    /// Subdomains that anyone can have. Where they are permitted, it is at least said.
    pub(super) fn judge_suffixes(&mut self) {
        for (asked, text) in &self.public_suffixes {
            if self.public_suffix_subdomains {
                self.suspicions.claimable.add(&asked.place, text);
                continue;
            }
            let fault = Fault::new(
                Kind::PublicSuffix,
                "subdomains of a public suffix must not be allowed",
                Fix::from("name a domain that is yours, as in `https://*.example.com`; ")
                    .and(Piece::On(settings::PUBLIC_SUFFIX_SUBDOMAINS))
                    .and(" lifts this, and lets whoever has a name there read the answers"),
            );
            self.errors.push(asked.error(text, fault));
        }
    }

    /// Regexes that admit more than their authors may mean. Where that is permitted, it is at least said.
    pub(super) fn judge_regexes(&mut self) {
        for (asked, text, fault) in std::mem::take(&mut self.lax) {
            if self.lax_regexes {
                self.suspicions.lax.add(&asked.place, &text);
            } else {
                self.errors.push(asked.error(&text, fault));
            }
        }
    }

    /// What Fetch forbids beside credentials, and what would hand them to whoever sits on the wire.
    pub(super) fn judge_credentials(&mut self) {
        if let Some(asked) = &self.any_origin {
            let fault = Fault::new(
                Kind::CredentialsWithAnyOrigin,
                "any origin must not be allowed with credentials",
                "list the origins that may send credentials, or do not allow credentials",
            );
            self.errors.push(asked.error("*", fault));
        }
        if let Some(asked) = &self.null_origin {
            let fault = Fault::new(
                Kind::CredentialsWithNullOrigin,
                "opaque origins must not be allowed with credentials",
                "remove it: any page can make itself an opaque origin in a sandboxed frame",
            );
            self.errors.push(asked.error("null", fault));
        }
        if !self.insecure_origins {
            self.judge_insecure();
        }
        self.judge_claimable();
        if !self.lax_regexes {
            self.judge_choices();
        }
    }

    /// Domains next to the author's own. Nothing has to be lifted: the same domains can be listed.
    fn judge_choices(&mut self) {
        for (asked, text, advice) in &self.choices {
            let fault = Fault::new(
                Kind::CredentialsWithClaimableOrigin,
                "choices within a label of a domain must not be allowed with credentials",
                advice.clone(),
            );
            self.errors.push(asked.error(text, fault));
        }
    }

    fn judge_insecure(&mut self) {
        for (asked, text) in &self.insecure {
            let fault = Fault::new(
                Kind::CredentialsWithInsecureOrigin,
                "plain http must not be allowed with credentials",
                or_lift_insecure("serve the origin over https; "),
            );
            self.errors.push(asked.error(text, fault));
        }
        // Otherwise they are refused as too large already. That names which anyone can take are admitted is lifted, too.
        if self.lax_regexes {
            for (asked, text) in &self.unknown {
                let fault = Fault::new(
                    Kind::CredentialsWithInsecureOrigin,
                    "regex that may admit plain http must not be allowed with credentials",
                    or_lift_insecure(
                        "it is too large to see what it admits; use smaller repetitions, or several regexes; ",
                    ),
                );
                self.errors.push(asked.error(text, fault));
            }
        }
    }

    fn judge_claimable(&mut self) {
        for Claimable {
            asked,
            text,
            reason,
        } in &self.claimable
        {
            let (reason, lift, is_lifted) = match reason {
                Some(reason) => (&**reason, settings::LAX_REGEXES, self.lax_regexes),
                None => (
                    "public suffixes lie below",
                    settings::PUBLIC_SUFFIX_SUBDOMAINS,
                    self.public_suffix_subdomains,
                ),
            };
            if !is_lifted {
                let fault = Fault::new(
                    Kind::CredentialsWithClaimableOrigin,
                    "names that anyone can take must not be allowed with credentials",
                    Fix::from(format!("{reason}; name those that are yours; "))
                        .and(Piece::On(lift))
                        .and(" lifts this"),
                );
                self.errors.push(asked.error(text, fault));
            }
        }
    }
}

/// What to do about plain http, and what lifts the refusal.
fn or_lift_insecure(fix: &'static str) -> Fix {
    Fix::from(fix)
        .and(Piece::On(settings::INSECURE_ORIGINS))
        .and(" lifts this, and lets whoever is on the network path speak for the origin")
}
