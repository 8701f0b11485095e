//! What is probably meant by a text that is no entry.
//!
//! People copy values from other programs, files and documents. The results here are proposals: each entry is parsed
//! before it is shown, and each regex is checked by the lint.

use super::{
    embedded::embedded,
    expansions::expansions,
    glob,
    markup::texts_of_markup,
    number_range::{numbers_between, range},
    one_entry::{LONGEST, of_each, one_entry},
    surroundings::{bare, is_other_setting},
};
use crate::{
    characters::{is_lower, is_number},
    origin::suffix::{PublicSuffix, SuffixOwner},
    placeholder::is_placeholder,
    words::{Word, meaning_for_origins},
};

/// What is probably meant by a text that is no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// Any origin.
    Any,
    /// No origin.
    None,
    /// The origin of the service itself, as in other policies of browsers.
    Own,
    /// A placeholder.
    Placeholder,
    /// A port without a host: the value is `http://localhost:` with this port.
    Port(String),
    /// Some valid entries.
    Entries(Vec<String>),
    /// A regex in several forms; the first good one is used.
    Regex(Vec<String>),
}

impl Meant {
    /// What is meant, if it is known.
    pub(crate) fn by(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        if let Some(meant) = texts_of_markup(text).and_then(|text| Self::by(&text)) {
            return Some(meant);
        }
        let whole = text;
        let text = bare(text);
        // `[]`, `""`, and the signs of YAML and of people for nothing.
        if text.is_empty() || ["-", "~"].contains(&text) {
            return Some(Self::None);
        }
        // `null` in another case is a misspelled entry, not a word for nothing.
        let word = meaning_for_origins(text).filter(|_| !text.eq_ignore_ascii_case("null"));
        // `true` in `credentials: true` says nothing about origins.
        if is_other_setting(whole) {
            return None;
        }
        match word {
            Some(Word::Any) => return Some(Self::Any),
            Some(Word::None) => return Some(Self::None),
            None => {}
        }
        let hyphened = text.to_ascii_lowercase().replace(['_', ' '], "-");
        if ["self", "same-origin", "same-site"].contains(&&*hyphened) {
            return Some(Self::Own);
        }
        // `bare` removes the brackets of a template, so a placeholder is looked for before.
        let is_name = !whole.contains("://") && is_placeholder(whole);
        // `+` of Keycloak stands for the origins of its clients.
        if is_name || whole == "+" || is_placeholder(text) {
            return Some(Self::Placeholder);
        }
        // No page has this scheme, and no other is near.
        if text.starts_with("ftp://") {
            return None;
        }
        if is_any_origin(text) {
            return Some(Self::Any);
        }
        if let Some(of_scheme) = of_name_of_scheme(text) {
            return Some(of_scheme);
        }
        if let Some(entry) = port_of_any_host(text) {
            return Some(Self::Port(entry));
        }
        if let Some(texts) = expansions(text)
            && let Some(entries) = of_each(&texts, &one_entry)
        {
            return Some(Self::Entries(entries));
        }
        if is_surely_glob(text)
            && let Some(regex) = glob::as_regex(text)
        {
            return Some(Self::Regex(vec![regex]));
        }
        if let Some(entry) = one_entry(text) {
            return Some(Self::Entries(vec![entry]));
        }
        if let Some(regex) = out_of_delimiters(text) {
            return Some(Self::Regex(forms_of_regex(regex)));
        }
        if let Some(of_scheme) = of_scheme_alone(text) {
            return Some(of_scheme);
        }
        if let Some(regex) = glob::as_regex(text) {
            return Some(Self::Regex(vec![regex]));
        }
        // Quotes inside are those of a call.
        if is_like_regex(text) && !text.contains(['"', '\'']) {
            return Some(Self::Regex(forms_of_regex(text)));
        }
        embedded(whole).map(Self::Entries)
    }
}

/// Whether a star or a question mark stands for a part of a label, although the text could be an origin with a query,
/// or subdomains of a name at a hosting platform.
fn is_surely_glob(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        let host = text.split([':', '/']).next().unwrap_or_default();
        return glob::is_range_of_addresses(host);
    };
    let of_host =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.:*".contains(&byte);
    let is_letter = rest.split_once('?').is_some_and(|(before, after)| {
        let is_host = !before.is_empty() && before.bytes().all(of_host);
        is_host && after.contains('.') && after.bytes().all(of_host)
    });
    let host = rest.split([':', '/']).next().unwrap_or_default();
    // `*-shop.vercel.app`: a name right below a suffix of a company.
    let is_of_platform = host.strip_prefix('*').is_some_and(|name| {
        let suffix = PublicSuffix::of(name);
        suffix.owner == SuffixOwner::Company
            && !name.starts_with('.')
            && suffix.domain(name) == Some(name)
    });
    // `http://localhost:300?`, and not a query behind a whole port.
    let is_digit = rest.split_once(':').is_some_and(|(_, port)| {
        let digits = port.trim_end_matches('?');
        digits.len() < port.len() && (1..4).contains(&digits.len()) && is_number(digits)
    });
    is_letter
        || is_digit
        || is_of_platform
        || glob::is_begin_of_address(host)
        || glob::is_range_of_addresses(host)
}

/// `http://*:3000`, `*:3000`, `:3000`, `3000`: the origin of this machine at the port.
fn port_of_any_host(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    // `+` is any host in .NET.
    let port = match rest.strip_prefix(['*', '+']) {
        Some(rest) => rest.strip_prefix(':')?,
        None if text.contains("://") => return None,
        None if rest.len() > 3 => rest.strip_prefix(':').unwrap_or(rest),
        None => rest.strip_prefix(':')?,
    };
    let is_port = is_number(port);
    if !is_port || !["http", "https"].contains(&scheme) {
        return None;
    }
    one_entry(&format!("{scheme}://localhost:{port}"))
}

/// `https://*`, `*:*`, `.*`, `http*://*`: nothing in it limits the origins.
fn is_any_origin(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let is_open = |text: &str| {
        text.chars()
            .all(|character| "*.:/^$+?()".contains(character))
    };
    let scheme = scheme.trim_start_matches(['^', '(', '*']);
    let scheme = scheme.trim_end_matches(['*', '?', 's', ')']);
    let is_scheme = ["", "http"].contains(&scheme);
    let is_all_addresses = ["0.0.0.0/0", "::/0"].contains(&text);
    // Escaped for the shell.
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    is_all_addresses
        || rest == ".+"
        || (is_scheme && rest.contains('*') && rest != "*." && is_open(rest))
}

/// `/…/i`, `~^…`, `regex:…`: how other programs mark a regex.
fn out_of_delimiters(text: &str) -> Option<&str> {
    for prefix in ["regex:", "regexp:", "re:", "~*", "~"] {
        if let Some(regex) = text.strip_prefix(prefix) {
            return Some(regex.trim_start());
        }
    }
    let (regex, flags) = text.strip_prefix('/')?.rsplit_once('/')?;
    let is_flag = |flag: char| "gimsuy".contains(flag);
    let has_scheme = regex.contains("://") || regex.contains(r":\/\/");
    ((has_scheme || is_like_regex(regex)) && flags.chars().all(is_flag)).then_some(regex)
}

/// A regex as it is, and with what is likely to have been forgotten.
fn forms_of_regex(text: &str) -> Vec<String> {
    let plain = with_ranges(&text.replace(r"\/", "/").replace(r"\\", r"\"));
    let mut forms = vec![plain.clone()];
    let escaped = with_escaped_dots(&plain);
    if escaped != plain {
        forms.push(escaped);
    }
    forms
}

/// The numbers of a range in brackets, such as `[1-50]`, which in a regex is one character.
fn with_ranges(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, inside, after)) = rest.split_once('[').and_then(|(before, more)| {
        more.split_once(']')
            .map(|(inside, after)| (before, inside, after))
    }) {
        written.push_str(before);
        match range(inside).filter(|(_, to)| *to > 9) {
            Some((from, to)) => written.push_str(&numbers_between(from, to)),
            None => written.push_str(&format!("[{inside}]")),
        }
        rest = after;
    }
    written + rest
}

/// A dot between two parts of a regex that stand for letters or digits is nearly always meant to be a dot.
fn with_escaped_dots(regex: &str) -> String {
    let mut escaped = String::with_capacity(regex.len() + 4);
    let mut before = None;
    let mut characters = regex.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_before = |side: char| side.is_ascii_alphanumeric() || ")]}+*?".contains(side);
        let is_next = |side: char| side.is_ascii_alphanumeric() || "([)".contains(side);
        if character == '.' && before.is_some_and(is_before) && next.is_some_and(is_next) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}

/// `chrome-extension`, `tauri:localhost`, `capacitor:*`
fn of_name_of_scheme(text: &str) -> Option<Meant> {
    const SCHEMES: [&str; 6] = [
        "chrome-extension",
        "moz-extension",
        "safari-web-extension",
        "tauri",
        "capacitor",
        "ionic",
    ];
    let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
    if !SCHEMES.contains(&scheme) || rest.starts_with("//") {
        return None;
    }
    let whole = format!("{scheme}://{rest}");
    of_scheme_alone(&whole).or_else(|| Some(Meant::Entries(vec![one_entry(&whole)?])))
}

/// `chrome-extension://*`, `tauri://`: hosts of such schemes have a known form.
fn of_scheme_alone(text: &str) -> Option<Meant> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(is_lower)
        && scheme
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'.' | b'-'));
    if !is_scheme || !["", "*", "**", ".*", "*/*", "*/", "/", "/*"].contains(&rest) {
        return None;
    }
    let entry = |entry: &str| Some(Meant::Entries(vec![entry.to_owned()]));
    let regex = |host: &str| Some(Meant::Regex(vec![format!("{scheme}://{host}")]));
    match scheme {
        _ if fetch_standard::default_port(scheme).is_some() => None,
        "file" => None,
        "chrome-extension" => regex("[a-p]{32}"),
        "moz-extension" | "safari-web-extension" => regex("[0-9A-Fa-f-]{36}"),
        "tauri" => entry("tauri://localhost"),
        "capacitor" => entry("capacitor://localhost"),
        "ionic" => entry("ionic://localhost"),
        "app" => entry("app://."),
        _ => regex("[a-z0-9._-]+"),
    }
}

/// Whether a text has characters that only regexes have. Browsers treat a single backslash as a slash.
fn is_like_regex(text: &str) -> bool {
    text.starts_with(['^', '('])
        || text.starts_with(".*")
        || text.ends_with('$')
        || (!text.contains('/') && [r"\.", r"\d"].iter().any(|escape| text.contains(escape)))
        || text.contains("?://")
        || text.contains("?)://")
        || text.split_once("://").is_some_and(|(_, rest)| {
            rest.contains(['(', '\\'])
                // At the end, it stands for every top-level domain.
                || rest.trim_end_matches(".*").contains(".*")
                || rest.contains(".+")
                || has_class(rest)
        })
}

/// `[a-z]`, `[^.]`, but not the brackets of an IPv6 address.
fn has_class(text: &str) -> bool {
    let mut brackets = text.split('[').skip(1);
    brackets.any(|rest| {
        let inside = rest.split(']').next().unwrap_or_default();
        inside.contains(['-', '^', '\\'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(entries: &[&str]) -> Option<Meant> {
        Some(Meant::Entries(
            entries.iter().map(|entry| (*entry).to_owned()).collect(),
        ))
    }

    #[test]
    fn what_is_meant_is_found() {
        let regex = |forms: &[&str]| {
            Some(Meant::Regex(
                forms.iter().map(|form| (*form).to_owned()).collect(),
            ))
        };
        for (text, meant) in [
            ("true", Some(Meant::Any)),
            ("All", Some(Meant::Any)),
            ("'*'", Some(Meant::Any)),
            ("*:*", Some(Meant::Any)),
            ("https://*", Some(Meant::Any)),
            ("http*://*", Some(Meant::Any)),
            ("https?://.*", Some(Meant::Any)),
            ("^https?://.*$", Some(Meant::Any)),
            (".*", Some(Meant::Any)),
            ("*.*", Some(Meant::Any)),
            ("https://*:*", Some(Meant::Any)),
            ("undefined", Some(Meant::None)),
            ("[]", Some(Meant::None)),
            ("\"\"", Some(Meant::None)),
            ("-", Some(Meant::None)),
            ("'none'", Some(Meant::None)),
            ("'self'", Some(Meant::Own)),
            ("%FRONTEND_URL%", Some(Meant::Placeholder)),
            ("https://YOUR-APP.vercel.app", Some(Meant::Placeholder)),
            ("https://a.example/ # mine", entries(&["https://a.example"])),
            ("https://https://a.example", entries(&["https://a.example"])),
            ("http://https://a.example", entries(&["https://a.example"])),
            ("https//a.example", entries(&["https://a.example"])),
            (
                "http://localhost::3000",
                entries(&["http://localhost:3000"]),
            ),
            (
                "http://localhost:3000:3000",
                entries(&["http://localhost:3000"]),
            ),
            ("wss://a.example.com", entries(&["https://a.example.com"])),
            ("ws://localhost:*", entries(&["http://localhost:*"])),
            ("tauri://*", entries(&["tauri://localhost"])),
            ("tauri", entries(&["tauri://localhost"])),
            (
                "chrome-extension:*",
                regex(&["chrome-extension://[a-p]{32}"]),
            ),
            (
                "https://app-?.example.com:*",
                regex(&[r"https://app-[a-z0-9-]\.example\.com(:\d+)?"]),
            ),
            (
                "chrome-extension://*",
                regex(&["chrome-extension://[a-p]{32}"]),
            ),
            (
                "https://app?.example.com",
                regex(&[r"https://app[a-z0-9-]\.example\.com"]),
            ),
            (
                r"^https?://(localhost|127\.0\.0\.1)(:[0-9]+)?$",
                regex(&[r"^https?://(localhost|127\.0\.0\.1)(:[0-9]+)?$"]),
            ),
            (
                r"/https?:\/\/localhost(:[0-9]+)?/",
                regex(&["https?://localhost(:[0-9]+)?"]),
            ),
            (
                "https?://a.example.com",
                regex(&["https?://a.example.com", r"https?://a\.example\.com"]),
            ),
            ("https://a b", None),
            ("ftp://a.example.com", None),
            ("https://*.com", None),
        ] {
            assert_eq!(Meant::by(text), meant, "{text}");
        }
    }
}
