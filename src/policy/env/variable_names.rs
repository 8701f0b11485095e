//! Unknown names of variables: which known one is probably meant.

use crate::{
    characters::is_number,
    fix::{Fix, Piece},
    policy::registered::has_same_letters,
    settings::{self, SettingName},
};

/// Names that other software uses for a setting, without its prefix: django-cors-headers old and new, Flask-CORS,
/// Express's `cors`, Spring, Rails, Directus, and names that people make up. Their words may be in another order and have other
/// endings; names that differ from ours in a letter need not be listed.
const OF_OTHERS: [(SettingName, &[&str]); 14] = [
    (
        settings::PREFLIGHT_STATUS,
        &["OPTIONS_SUCCESS_STATUS", "OPTIONS_STATUS", "SUCCESS_STATUS"],
    ),
    (
        settings::ORIGINS,
        &[
            "ORIGIN",
            "WHITELIST",
            "ALLOWLIST",
            "ALLOWED",
            "ALLOWED_DOMAIN",
            "DOMAIN",
            "ALLOWED_HOST",
            "ALLOWED_URL",
            "ORIGIN_WHITELIST",
            "ORIGIN_ALLOWLIST",
            "WHITELISTED_ORIGIN",
            "TRUSTED_ORIGIN",
            "PERMITTED_ORIGIN",
            "ACCEPTED_ORIGINS",
            "VALID_ORIGIN",
            "ORIGIN_LIST",
        ],
    ),
    (
        settings::ANY_ORIGIN,
        &["ALLOW_ALL", "ALLOW_ALL_ORIGINS", "ALL_ORIGINS"],
    ),
    (settings::ANY_METHOD, &["ALLOW_ALL_METHODS", "ALL_METHODS"]),
    (settings::ANY_HEADER, &["ALLOW_ALL_HEADERS", "ALL_HEADERS"]),
    (settings::EXPOSE_ANY_HEADER, &["EXPOSE_ALL_HEADERS"]),
    (settings::ORIGINS_FILE, &["ORIGIN_FILE"]),
    (settings::CREDENTIALS_FOR, &["CREDENTIALS_FOR"]),
    (
        settings::ORIGIN_REGEXES,
        &["REGEX", "ORIGIN_REGEX", "ORIGIN_REGEX_WHITELIST"],
    ),
    (settings::METHODS, &["METHOD"]),
    (
        settings::HEADERS,
        &["HEADER", "REQUEST_HEADER", "ALLOWED_REQUEST_HEADER"],
    ),
    (
        settings::EXPOSED_HEADERS,
        &["EXPOSE", "EXPOSED_RESPONSE_HEADER", "RESPONSE_HEADER"],
    ),
    (
        settings::CREDENTIALS,
        &[
            "CREDENTIAL",
            "SUPPORT_CREDENTIALS",
            "WITH_CREDENTIALS",
            "USE_CREDENTIALS",
            "ENABLE_CREDENTIALS",
            "INCLUDE_CREDENTIALS",
            "ALLOW_COOKIES",
        ],
    ),
    (
        settings::MAX_AGE,
        &[
            "PREFLIGHT_MAX_AGE",
            "CACHE_MAX_AGE",
            "PREFLIGHT_CACHE_MAX_AGE",
        ],
    ),
];

/// What an unknown name probably means.
#[derive(Clone, Copy)]
pub(super) enum Meant {
    /// This setting: the name is similar to its variable, or other software uses it.
    Setting(SettingName),
    /// Unknown, but the name has the prefix.
    Nothing,
}

/// What an unknown name means; `None` if it belongs to another program.
pub(super) fn meant(prefix: &str, name: &str) -> Option<Meant> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    let is_exact = head == prefix;
    if !head.eq_ignore_ascii_case(prefix) || is_of_a_kubernetes_service(rest) {
        return None;
    }
    match meant_by(rest) {
        Some(setting) => Some(Meant::Setting(setting)),
        // A prefix in another case belongs to another program.
        None => is_exact.then_some(Meant::Nothing),
    }
}

/// Whether a name of another program looks as if its value were the origins of a policy: `BACKEND_CORS_ORIGINS`,
/// `Cors__AllowedOrigins`, `ORIGINS`, `GRAPHQL_CORS_DOMAIN`.
pub(super) fn is_about_origins(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    has(&["ORIGINS"])
        || (has(&["ORIGIN"]) && has(&["CORS", "ALLOW"]))
        || (has(&["CORS"]) && has(&["DOMAIN", "HOST", "URL"]))
}

/// What to do about a name that says that everything is allowed, so that its value is no list; `None` for other names.
pub(super) fn fix_for_any(setting: SettingName) -> Option<Fix> {
    let what = match setting {
        settings::ANY_ORIGIN => "origin",
        settings::ANY_METHOD => "method",
        settings::ANY_HEADER => "header",
        settings::EXPOSE_ANY_HEADER => "response header",
        _ => return None,
    };
    Some(
        Fix::from(format!("To allow any {what}, "))
            .and(Piece::SwitchOn(setting))
            .and(format!("; otherwise list the {what}s there")),
    )
}

/// The variable that a name with the prefix is similar to, or equal to in another case.
fn meant_by(rest: &str) -> Option<SettingName> {
    // Names of other programs have dots, hyphens and double underscores; names of other policies have numbers.
    let is_ours =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !rest.split('_').all(is_ours) {
        return None;
    }
    let upper = rest.to_ascii_uppercase();
    let words = plain_words(&upper);
    let of_others = |(setting, names): &(SettingName, &[&str])| {
        let is_it = |name: &&str| plain_words(name) == words;
        names.iter().any(is_it).then_some(*setting)
    };
    let of_ours = |setting: &&SettingName| {
        setting.variable.is_some_and(|name| {
            let name = name.strip_prefix("DANGER_").unwrap_or(name);
            plain_words(name) == words
        })
    };
    OF_OTHERS
        .iter()
        .find_map(of_others)
        .or_else(|| settings::ALL.iter().find(of_ours).copied())
        .or_else(|| nearest(&upper))
}

/// The words of a name without their endings and in one order, with one word for those that mean the same. Words that change
/// nothing are left out.
fn plain_words(name: &str) -> Vec<&str> {
    let name = name.strip_prefix("ACCESS_CONTROL_").unwrap_or(name);
    let mut words: Vec<&str> = Vec::new();
    for word in name.split('_') {
        match loose(word) {
            "HTTP" | "CODE" | "IN" | "SECOND" | "SEC" => {}
            "ANY" => words.push("ALL"),
            "VERB" => words.push("METHOD"),
            "REGEXP" | "PATTERN" => words.push("REGEX"),
            "MAXAGE" => words.extend(["MAX", "AGE"]),
            word => words.push(word),
        }
    }
    words.sort_unstable();
    words
}

/// The setting that a key of a settings file probably means: its words may be in another case, or have hyphens between them.
#[cfg(feature = "serde")]
pub(super) fn meant_by_key(key: &str) -> Option<SettingName> {
    let mut name = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() && name.ends_with(|last: char| last.is_ascii_lowercase())
        {
            name.push('_');
        }
        name.push(match character {
            '-' | '.' | ' ' => '_',
            other => other,
        });
    }
    let name = name.to_ascii_uppercase();
    meant_by(name.strip_prefix("CORS_").unwrap_or(&name))
}

/// The setting whose variable has the nearest name, if it is near.
fn nearest(upper: &str) -> Option<SettingName> {
    let mut nearest: Option<(usize, SettingName)> = None;
    for setting in settings::ALL {
        let edits = setting.variable.and_then(|known| edits(upper, known, NEAR));
        if let Some(edits) = edits
            && nearest.is_none_or(|(least, _)| edits < least)
        {
            nearest = Some((edits, *setting));
        }
    }
    nearest.map(|(_, setting)| setting)
}

/// How many letters may be wrong in a name.
const NEAR: usize = 2;

/// How many letters of a name differ from a known one, if at most `most`.
///
/// They are compared word by word, so an extra or a missing word is no misspelling: it is another name, such as
/// `ALLOWED_ORIGINS_BACKUP`. Underscores may be missing.
fn edits(name: &str, known: &str, most: usize) -> Option<usize> {
    let (word, known) = known.split_once('_').unwrap_or((known, ""));
    let shortest = word.len().saturating_sub(NEAR + 2);
    let ends = shortest..=word.len() + NEAR + 2;
    let of_split = |end| {
        let (head, rest) = name.split_at_checked(end)?;
        let here = edits_of_word(head, word).filter(|edits| *edits <= most)?;
        if known.is_empty() {
            return rest.is_empty().then_some(here);
        }
        let (missing, rest) = match rest.strip_prefix('_') {
            Some(rest) => (0, rest),
            None => (1, rest),
        };
        let left = most.checked_sub(here + missing)?;
        Some(here + missing + edits(rest, known, left)?)
    };
    let mut least = None;
    for end in ends {
        if let Some(edits) = of_split(end)
            && least.is_none_or(|least| edits < least)
        {
            least = Some(edits);
        }
    }
    least
}

/// How many letters of a word differ from a known one, without endings that people leave out. `None` if it is another
/// word or means the opposite.
fn edits_of_word(word: &str, known: &str) -> Option<usize> {
    /// In words of so few letters, each different letter makes another word: `MAX` and `MIN`, `AGE` and `PAGE`.
    const SHORT: usize = 4;
    if word.contains('_') || is_opposite(word, known) {
        return None;
    }
    let edits = strsim::osa_distance(word, known);
    if known.len() <= SHORT {
        let is_swap = edits == 1 && has_same_letters(word, known);
        return (edits == 0 || is_swap).then_some(edits);
    }
    let edits = edits.min(strsim::osa_distance(loose(word), loose(known)));
    (edits <= 1 || word.len() > SHORT).then_some(edits)
}

/// Whether one of two words means the opposite of the other: `UNALLOWED`, `INSECURE`.
fn is_opposite(word: &str, known: &str) -> bool {
    let denies = |one: &str, other: &str| {
        ["UN", "IN", "NO", "DE", "DIS", "NON", "NOT"]
            .iter()
            .filter_map(|no| one.strip_prefix(no))
            .any(|one| loose(one) == loose(other))
    };
    denies(word, known) || denies(known, word)
}

/// A word without the ending that people leave out: `ALLOWED` is `ALLOW`, `EXPOSED` is `EXPOSE`, plurals are singular.
fn loose(word: &str) -> &str {
    match word {
        "ALLOWED" => "ALLOW",
        "EXPOSED" => "EXPOSE",
        "REGEXES" => "REGEX",
        _ => word.strip_suffix('S').unwrap_or(word),
    }
}

/// Whether Kubernetes sets this variable for a service whose name begins like the prefix: a service `cors` has
/// `CORS_SERVICE_HOST`, `CORS_PORT`, `CORS_PORT_80_TCP_ADDR`.
fn is_of_a_kubernetes_service(rest: &str) -> bool {
    let words: Vec<&str> = rest.split('_').collect();
    words.ends_with(&["SERVICE", "HOST"])
        || words.windows(2).any(|pair| *pair == ["SERVICE", "PORT"])
        || words.ends_with(&["PORT"])
        || words.windows(3).any(|triple| {
            matches!(triple, ["PORT", number, "TCP" | "UDP" | "SCTP"] if is_number(number))
        })
}
