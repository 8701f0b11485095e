//! A policy in lines for a person, and the same as values for a tool.

use std::fmt;

use super::{CorsPolicy, Origins};
use crate::quote::Line;

/// One thing that a policy says, by its name, which has underscores for spaces.
pub(super) type Fact = (&'static str, FactValue);

/// What it says.
#[cfg_attr(
    not(feature = "cors-check"),
    expect(unreachable_pub, reason = "seen by the command alone")
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A word for what is no list, such as `any`.
    Word(&'static str),
    /// Names or entries, as they were given.
    List(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// A number; `None` if it is not set.
    Number(Option<u64>),
}

impl CorsPolicy {
    /// Every setting; those that are seldom set, only where they are.
    pub(super) fn facts(&self) -> Vec<Fact> {
        use FactValue::{Flag, List, Number, Word};

        let rules = self.rules();
        let list = |names: &[String]| List(names.to_vec());
        let mut facts = Vec::new();
        match &rules.origins {
            Origins::Any => facts.push(("origins", Word("any"))),
            Origins::Listed(allowlist) => {
                let entries = allowlist.entries().iter().map(str::to_owned).collect();
                facts.push(("origins", List(entries)));
                if !allowlist.regexes().is_empty() {
                    facts.push(("origin_regexes", list(allowlist.regexes())));
                }
                if let Ok(count @ 1..) = u64::try_from(allowlist.predicates()) {
                    facts.push(("origin_predicates", Number(Some(count))));
                }
            }
        }
        if !rules.vary_on.is_empty() {
            facts.push(("vary_on", list(&rules.vary_on)));
        }
        let methods = || List(rules.methods().map(str::to_owned).collect());
        facts.push((
            "methods",
            if rules.any_method {
                Word("any")
            } else {
                methods()
            },
        ));
        facts.push((
            "headers",
            match (rules.any_header, rules.authorization()) {
                (true, false) => Word("any but authorization"),
                (true, true) => Word("any"),
                (false, _) => list(rules.headers.as_slice()),
            },
        ));
        facts.push((
            "exposed_headers",
            if rules.any_exposed {
                Word("any")
            } else {
                list(&rules.exposed)
            },
        ));
        facts.extend([
            ("credentials", Flag(rules.credentials)),
            ("max_age", Number(rules.max_age.map(u64::from))),
            (
                "preflight_status",
                Number(Some(rules.preflight_status.as_u16().into())),
            ),
            ("rejects_denied_origins", Flag(rules.reject_denied_origins)),
        ]);
        if !rules.own_origins.is_empty() {
            facts.push(("own_origins", list(&rules.own_origins)));
        }
        for (name, is_set) in [
            ("omits_vary_for_any_origin", rules.omit_vary_for_any_origin),
            ("trusts_forwarded_headers", rules.trust_forwarded_headers),
            ("diagnostics", rules.diagnostics),
        ] {
            if is_set {
                facts.push((name, Flag(true)));
            }
        }
        facts
    }

    /// For `cors-check`.
    #[cfg(feature = "cors-check")]
    #[doc(hidden)]
    #[must_use]
    pub fn __facts(&self) -> Vec<Fact> {
        self.facts()
    }
}

/// A line for each setting; of a long list, the first entries and how many follow.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
/// let text = policy.to_string();
/// assert_eq!(text.lines().next(), Some("origins                 https://app.example.com"));
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
impl fmt::Display for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, value)) in self.facts().into_iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{:24}", name.replace('_', " "))?;
            match value {
                FactValue::Word(word) => f.write_str(word)?,
                FactValue::Flag(flag) => f.write_str(if flag { "yes" } else { "no" })?,
                FactValue::Number(None) => f.write_str("not sent")?,
                FactValue::Number(Some(number)) if name == "max_age" => write!(f, "{number} s")?,
                FactValue::Number(Some(number)) => write!(f, "{number}")?,
                FactValue::List(list) => write_list(f, name, &list)?,
            }
        }
        Ok(())
    }
}

/// Names beside each other; origins, which are long, below each other.
fn write_list(f: &mut fmt::Formatter<'_>, name: &str, list: &[String]) -> fmt::Result {
    const SHOWN: usize = 16;
    let separator = if name.contains("origin") {
        format!("\n{:24}", "")
    } else {
        ", ".to_owned()
    };
    if list.is_empty() {
        return f.write_str("none");
    }
    for (number, text) in list.iter().take(SHOWN).enumerate() {
        if number > 0 {
            f.write_str(&separator)?;
        }
        write!(f, "{}", Line(text))?;
    }
    match list.len().checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => write!(f, "{separator}… {more} more"),
    }
}
