//! What changed from one policy to the next, in a line for the log.

use super::{display::SettingValue, policy::CorsPolicy};
use crate::quote::{Line, Quoted};

/// How many entries are named of those that were added or removed.
const SHOWN: usize = 5;

/// Which settings changed; of lists, how much, and the first few entries.
pub(crate) fn changes(old: &CorsPolicy, new: &CorsPolicy) -> String {
    let (old, new) = (old.settings(), new.settings());
    let of = |settings: &'_ [(&'static str, SettingValue<'_>)], name: &str| {
        settings.iter().position(|(known, _)| *known == name)
    };
    let mut parts = Vec::new();
    for (name, before) in &old {
        let after = of(&new, name).and_then(|at| new.get(at));
        let after = after.map(|(_, value)| value);
        if Some(before) != after {
            parts.push(difference(name, Some(before), after));
        }
    }
    for (name, after) in &new {
        if of(&old, name).is_none() {
            parts.push(difference(name, None, Some(after)));
        }
    }
    if parts.is_empty() {
        // Nothing else has no text.
        return "what is not listed here, such as a predicate".to_owned();
    }
    parts.join("; ")
}

fn difference(
    name: &str,
    before: Option<&SettingValue<'_>>,
    after: Option<&SettingValue<'_>>,
) -> String {
    let (before, after) = (texts(before), texts(after));
    let mut parts = Vec::new();
    for (what, texts) in [
        ("added", only_in(after, before)),
        ("removed", only_in(before, after)),
    ] {
        if !texts.is_empty() {
            parts.push(format!("{} {what} ({})", texts.len(), first_of(&texts)));
        }
    }
    let name = Line(name).to_string().replace("_", " ");
    if parts.is_empty() {
        name
    } else {
        format!("{name}: {}", parts.join(", "))
    }
}

fn texts<'v>(value: Option<&'v SettingValue<'v>>) -> &'v [&'v str] {
    match value {
        Some(SettingValue::List(texts)) => texts,
        _ => &[],
    }
}

fn only_in<'t>(texts: &[&'t str], others: &[&str]) -> Vec<&'t str> {
    let mut others = others.to_vec();
    others.sort_unstable();
    let mut only = texts.to_vec();
    only.retain(|text| others.binary_search(text).is_err());
    only
}

fn first_of(texts: &[&str]) -> String {
    let mut shown = Vec::new();
    for text in texts.iter().take(SHOWN) {
        shown.push(Quoted(text.as_bytes()).to_string());
    }
    if texts.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}
