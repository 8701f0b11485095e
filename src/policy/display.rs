//! A policy as lines for people, and as values for programs.

use std::fmt;

use super::{policy::CorsPolicy, rules::Origins};
use crate::quote::Line;

/// The value of one of the [settings](CorsPolicy::settings) of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingValue<'p> {
    /// A word in place of a list, such as `any`.
    Word(&'static str),
    /// Names or entries, as they were given.
    List(Vec<&'p str>),
    /// Yes or no.
    Flag(bool),
    /// A number; `None` if it is not set.
    Number(Option<u64>),
}

impl CorsPolicy {
    /// Name and value of each setting, always in the same order. Rare settings are included only if they are set. The
    /// names have underscores instead of spaces. `Display` and `Debug` show the same.
    ///
    /// ```
    /// use actix_cors_policy::{CorsPolicy, SettingValue};
    ///
    /// let policy = CorsPolicy::builder().allow_origin("https://app.example.com").build()?;
    /// let (name, value) = &policy.settings()[0];
    /// assert_eq!(*name, "origins");
    /// assert_eq!(*value, SettingValue::List(vec!["https://app.example.com"]));
    /// # Ok::<(), actix_cors_policy::PolicyErrors>(())
    /// ```
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, SettingValue<'_>)> {
        use SettingValue::{Flag, List, Number, Word};

        let rules = self.rules();
        let list = |names| List(borrowed(names));
        let mut settings = Vec::new();
        match &rules.origins {
            Origins::Any => settings.push(("origins", Word("any"))),
            Origins::Listed(allowlist) => {
                let entries = allowlist.entries().iter().collect();
                settings.push(("origins", List(entries)));
                if !allowlist.regexes().is_empty() {
                    settings.push(("origin_regexes", list(allowlist.regexes())));
                }
                if let Ok(count @ 1..) = u64::try_from(allowlist.predicates()) {
                    settings.push(("origin_predicates", Number(Some(count))));
                }
                #[cfg(feature = "lookup")]
                if let Some(lookup) = &rules.lookup {
                    let key = if lookup.is_by_host {
                        "by origin and host"
                    } else {
                        "by origin"
                    };
                    settings.push(("origin_lookup", Word(key)));
                }
            }
        }
        if !rules.vary_on.is_empty() {
            settings.push(("vary_on", list(&rules.vary_on)));
        }
        settings.push((
            "methods",
            if rules.any_method {
                Word("any")
            } else {
                List(rules.methods().collect())
            },
        ));
        settings.push((
            "headers",
            match (rules.any_header, rules.authorization()) {
                (true, false) => Word("any except authorization"),
                (true, true) => Word("any"),
                (false, _) => list(rules.headers.as_slice()),
            },
        ));
        settings.push((
            "exposed_headers",
            if rules.any_exposed {
                Word("any")
            } else {
                list(&rules.exposed)
            },
        ));
        settings.extend([
            ("credentials", Flag(rules.credentials)),
            ("max_age", Number(rules.max_age.map(u64::from))),
            (
                "preflight_status",
                Number(Some(rules.preflight_status.as_u16().into())),
            ),
            ("rejects_denied_origins", Flag(rules.reject_denied_origins)),
        ]);
        if let Some(allowlist) = &rules.credentials_for {
            let entries = allowlist.entries().iter().collect();
            settings.push(("credentials_for", List(entries)));
        }
        if !rules.own_origins.is_empty() {
            settings.push(("own_origins", list(&rules.own_origins)));
        }
        for (name, is_set) in [
            ("omits_vary_for_any_origin", rules.omit_vary_for_any_origin),
            ("trusts_forwarded_headers", rules.trust_forwarded_headers),
            ("diagnostics", rules.diagnostics),
        ] {
            if is_set {
                settings.push((name, Flag(true)));
            }
        }
        settings
    }
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// How many entries of a list are shown. It may have a million.
const SHOWN: usize = 16;

/// A line for each setting. A long list is shortened to the first entries and the number of the others.
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
        for (number, (name, value)) in self.settings().into_iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{:23} ", name.replace("_", " "))?;
            match value {
                SettingValue::Word(word) => f.write_str(word)?,
                SettingValue::Flag(flag) => f.write_str(if flag { "yes" } else { "no" })?,
                SettingValue::Number(None) => f.write_str("not sent")?,
                SettingValue::Number(Some(number)) if name == "max_age" => write!(f, "{number} s")?,
                SettingValue::Number(Some(number)) => write!(f, "{number}")?,
                SettingValue::List(list) => write_list(f, name, &list)?,
            }
        }
        Ok(())
    }
}

/// Names are on one line; origins are long, so each has its own line.
fn write_list(f: &mut fmt::Formatter<'_>, name: &str, list: &[&str]) -> fmt::Result {
    let separator = if [
        "origins",
        "origin_regexes",
        "credentials_for",
        "own_origins",
    ]
    .contains(&name)
    {
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

/// The same settings on one line.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let policy = CorsPolicy::builder()
///     .allow_origin("https://app.example.com")
///     .allow_methods(["PUT"])
///     .build()?;
///
/// assert_eq!(
///     format!("{policy:?}"),
///     "CorsPolicy { origins: [\"https://app.example.com\"], methods: [\"GET\", \"HEAD\", \"POST\", \"PUT\"], \
///      headers: [], exposed_headers: [], credentials: false, max_age: None, preflight_status: 204, \
///      rejects_denied_origins: false }"
/// );
/// # Ok::<(), actix_cors_policy::PolicyErrors>(())
/// ```
impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut policy = f.debug_struct("CorsPolicy");
        for (name, value) in self.settings() {
            match value {
                SettingValue::Word(word) => policy.field(name, &format_args!("{word}")),
                SettingValue::Flag(flag) => policy.field(name, &flag),
                SettingValue::Number(None) => policy.field(name, &None::<u64>),
                SettingValue::Number(Some(number)) => policy.field(name, &number),
                SettingValue::List(list) => policy.field(name, &Head(&list)),
            };
        }
        policy.finish()
    }
}

/// The first elements of a list, and how many more there are.
struct Head<'l>(&'l [&'l str]);

impl fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.0.iter().take(SHOWN).map(|text| Line(text)));
        match self.0.len().checked_sub(SHOWN) {
            None | Some(0) => list.finish(),
            Some(more) => list.entry(&format_args!("… {more} more")).finish(),
        }
    }
}
