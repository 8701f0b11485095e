//! Values in which a template did not replace a placeholder.

use memchr::memchr3;

use crate::{
    characters::{
        has_behind, is_letter, is_letter_or_digit, is_lower, is_name_in_capitals, is_upper,
    },
    words::{in_one_word, meaning_of},
};

/// The longest text that is checked: each opening bracket costs a search in the text after it.
const LONGEST: usize = 2048;

/// Whether a text has a placeholder in any notation of templates, or a word that stands for a missing value.
///
/// No serialized origin, name, number or boolean has any of these, so no correct value is refused.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.len() <= LONGEST && has_placeholder(text)
}

/// The same for a path, in which brackets and underscores may be as they are: `${ORIGINS_FILE}`, `%CONFIG%\cors.txt`.
pub(crate) fn is_template_of_path(text: &str) -> bool {
    let is_around = |first: char, last: char| text.starts_with(first) && text.ends_with(last);
    ["${", "{{", "$(", "<%"]
        .iter()
        .any(|sign| text.contains(sign))
        || text.starts_with('$')
        || text.split('%').nth(2).is_some()
        || is_around('<', '>')
}

fn has_placeholder(text: &str) -> bool {
    is_template(text)
        || is_word_for_later(text)
        || is_variable(text)
        || has_shouted_label(text)
        || has_named_part(text)
}

/// `local.cors_origins`, `settings.ALLOWED_ORIGINS`: no host ends in a label with an underscore.
fn is_variable(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
    let last = text.rsplit_once('.').map_or("", |(_, last)| last);
    last.contains('_') && text.bytes().all(is_of_name)
}

/// `https://:tenant.example`, `http://host:port`, `http://localhost:undefined`, `https://...`
fn has_named_part(text: &str) -> bool {
    const PORTS: [&str; 8] = [
        "port",
        "xxxx",
        "nnnn",
        "yyyy",
        "undefined",
        "null",
        "nan",
        "none",
    ];
    let Some((_, rest)) = text.split_once("://") else {
        return ["...", "…"].contains(&text);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority
        .rsplit_once(':')
        .map(|(_, port)| port.to_ascii_lowercase());
    let is_parameter = authority
        .strip_prefix(':')
        .is_some_and(|name| name.starts_with(is_letter));
    is_parameter
        || port.is_some_and(|port| PORTS.contains(&&*port))
        || authority.starts_with("...")
        || authority.starts_with('…')
        || rest.starts_with("localhost:#")
}

/// Whether a host is what programs write for a value that they do not have, or people for one to come. Hosts may have such a
/// name.
pub(crate) fn is_stand_in(host: &str) -> bool {
    const WHOLE: [&str; 7] = [
        "null",
        "nan",
        "none",
        "hostname",
        "placeholder",
        "changeme",
        "todo",
    ];
    let mut labels = host.as_bytes().split(|&byte| byte == b'.');
    if WHOLE.contains(&host) {
        return true;
    }
    // Asked of a million hosts, of which many have none of these letters.
    memchr3(b'u', b'y', b'Y', host.as_bytes()).is_some()
        && labels.any(|label| label == b"undefined" || begins_with_your(label))
}

/// The same for a regex, where brackets, `$` and capitals have a meaning.
pub(crate) fn is_placeholder_of_regex(text: &str) -> bool {
    text.len() <= LONGEST && (is_whole_placeholder(text) || has_placeholder_in_regex(text))
}

/// What no regex that matches an origin has: a name behind its end, or in brackets that are no group and no repetition.
fn has_placeholder_in_regex(text: &str) -> bool {
    let is_name = |rest: &str| {
        let letters = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_');
        letters.count() > 1
    };
    let is_group = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        ["(?", "(?P", "\\"]
            .iter()
            .any(|group| before.ends_with(group))
    };
    let begins_as_name = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with(is_letter) || rest.starts_with('.')
    };
    ["${", "{{", "#{"]
        .iter()
        .any(|open| has_behind(text, open, &begins_as_name))
        || has_behind(text, "$", &is_name)
        || text.match_indices('<').any(|(at, _)| !is_group(at))
        || has_name_between(text, '%', '%')
}

fn is_whole_placeholder(text: &str) -> bool {
    let is_name = |text: &str| text.len() > 2 && is_name_in_capitals(text);
    let whole = [
        ("%", "%"),
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("$(", ")"),
        ("$", ""),
        ("", ""),
    ];
    whole.iter().any(|(open, close)| {
        let inner = text
            .strip_prefix(open)
            .and_then(|text| text.strip_suffix(close));
        inner.is_some_and(|inner| is_name(inner.trim()))
    })
}

/// The notations of shells, compose files, CI systems, template engines and secret stores.
pub(crate) fn is_template(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    const OPENINGS: [&str; 17] = [
        "${", "$(", "$[", "{{", "}}", "{%", "[[", "#{", "<%", "%(", "%s", "ENC[", "!Ref", "!Sub",
        "ref+", "%env(", "@(",
    ];
    const CALLS: [&str; 21] = [
        "os.getenv",
        "ENV[",
        "config(",
        "@Microsoft.",
        "arn:aws:",
        "process.env",
        "import.meta.env",
        "os.environ",
        "getenv(",
        "env(",
        "env:",
        "secrets.",
        "vault:",
        "op://",
        "os.Getenv(",
        "ENV.fetch(",
        "Configuration[",
        "data.aws_",
        "req.headers",
        "request.headers",
        "request.origin",
    ];
    // `[[:alpha:]]` is a class of a regex.
    (OPENINGS.iter().any(|opening| text.contains(opening)) && !text.contains("[[:"))
        || CALLS.iter().any(|call| text.starts_with(call))
        || has_shell_variable(text)
        || has_name_between(text, '%', '%')
        || has_name_between(text, '<', '>')
        || has_name_between(text, '@', '@')
        || has_name_between(text, '!', '!')
        || has_name_between(text, '~', '~')
        || has_name_between(text, '{', '}')
        || has_name_between(text, '[', ']')
        || has_double_underscores(text)
        || is_variable_of_terraform(text)
}

/// `var.allowed_origins`
fn is_variable_of_terraform(text: &str) -> bool {
    text.strip_prefix("var.").is_some_and(|name| {
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_of_name)
    })
}

/// `$NAME` and `$1` anywhere.
fn has_shell_variable(text: &str) -> bool {
    has_behind(text, "$", &|rest| {
        rest.starts_with(is_letter_or_digit) || rest.starts_with('_')
    })
}

/// `%NAME%`, `<your-domain>`, `[DOMAIN]`: a name of letters, digits and what joins words.
fn has_name_between(text: &str, open: char, close: char) -> bool {
    let is_part = |character: char| {
        // `{http.request.header.Origin}`
        character.is_alphanumeric()
            || "_- ".contains(character)
            || (open == '{' && character == '.')
    };
    let is_name = |name: &str| {
        // Two digits after a percent sign are an encoded byte; a short list in brackets is a class of a regex.
        let shortest = match open {
            '[' => 4,
            '@' | '%' => 3,
            _ => 1,
        };
        let is_class = open == '[' && name.contains('-') && name.len() < 8;
        name.len() >= shortest
            && name.starts_with(char::is_alphabetic)
            && name.chars().all(is_part)
            && !is_class
            // What a link or a list left around a host or a word.
            && !["localhost", "br"].contains(&name)
            && meaning_of(name).is_none()
    };
    // `%w[GET PUT]` is a list.
    let is_list = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        open == '[' && before.ends_with(char::is_alphanumeric)
    };
    text.match_indices(open).any(|(at, _)| {
        if is_list(at) {
            return false;
        }
        let rest = text.get(at + open.len_utf8()..).unwrap_or_default();
        rest.split_once(close)
            .is_some_and(|(name, _)| is_name(name))
    })
}

/// `__NAME__` as a whole word.
fn has_double_underscores(text: &str) -> bool {
    has_behind(text, "__", &is_name_in_capitals) && text.matches("__").count() > 1
}

/// `FRONTEND_URL`, and words for a value to come.
fn is_word_for_later(text: &str) -> bool {
    let is_name_of_variable = text.contains('_') && is_name_in_capitals(text);
    is_name_of_variable || is_word_to_replace(text)
}

/// `changeme`, `TODO`, `your-header`: nothing has such a name.
pub(crate) fn is_word_to_replace(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "changeme",
        "replaceme",
        "todo",
        "tbd",
        "fixme",
        "xxx",
        "xxxx",
        "placeholder",
        "fillmein",
    ];
    let word = in_one_word(text, "-_. ");
    WORDS.contains(&word.as_str()) || begins_with_your(text.as_bytes())
}

/// `https://YOUR-APP.vercel.app`: a label in capitals among others that are not. If all are in capitals, it is no
/// placeholder.
fn has_shouted_label(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let is_mixed = host.contains(is_lower);
    // `http://SERVER_IP:3000`: who writes all in capitals writes the scheme so, too.
    let is_variable = |label: &str| label.contains('_') && text.starts_with(is_lower);
    host.split('.').any(|label| {
        label.is_ascii()
            && label.contains(is_upper)
            && !label.contains(is_lower)
            && (is_variable(label)
                || (is_mixed && (label.contains(['-', '_']) || label.len() > 3))
                || begins_with_your(label.as_bytes()))
    })
}

/// `YOUR-DOMAIN`, `your_domain_here`, `<yourdomain`.
fn begins_with_your(label: &[u8]) -> bool {
    const WHAT: [&str; 9] = [
        "app", "domain", "site", "frontend", "company", "project", "host", "website", "origin",
    ];
    let begins_with = |text: &[u8], what: &str| {
        let start = text.get(..what.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(what.as_bytes()))
    };
    // Asked of each label of a million hosts, so nothing is made.
    let Some((start, rest)) = label.split_first_chunk::<4>() else {
        return false;
    };
    start.eq_ignore_ascii_case(b"your")
        && (matches!(rest, [b'-' | b'_' | b' ', ..])
            || WHAT.iter().any(|what| begins_with(rest, what)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known_in_every_notation() {
        for text in [
            "%FRONTEND_URL%",
            "<FRONTEND_URL>",
            "https://<your-domain>",
            "https://<your domain>.com",
            "https://YOUR-APP.vercel.app",
            "https://YOURDOMAIN.COM",
            "https://{domain}",
            "https://{x}.example.com",
            "https://<x>.example.com",
            "https://[[x]].example.com",
            "chrome-extension://<id>",
            "https://{tenant}.example.com",
            "https://[YOUR_DOMAIN]",
            "${CORS_ALLOWED_ORIGINS:-http://a.example}",
            "$FRONTEND_URL",
            "https://$HOST",
            "https://$HOST:3000",
            "$(FRONTEND_URL)",
            "{{ .Values.origin }}",
            "https://{{ domain }}",
            "#{Origin}#",
            "<%= origin %>",
            "%(ORIGIN)s",
            "@FRONTEND_URL@",
            "https://@DOMAIN@",
            "__FRONTEND_URL__",
            "https://__DOMAIN__",
            "FRONTEND_URL",
            "YOUR_FRONTEND_URL",
            "changeme",
            "CHANGE_ME",
            "TODO",
            "process.env.FRONTEND_URL",
            "env(FRONTEND_URL)",
            "secrets.FRONTEND_URL",
            "op://vault/cors/origins",
            "var.allowed_origins",
            "os.Getenv(\"ORIGINS\")",
            "%env(ORIGINS)%",
            "{http.request.header.Origin}",
            "!Ref FrontendUrl",
            "https://:tenant.example.com",
            "https://!tenant!.example.com",
            "https://~tenant~.example.com",
            "https://%s.example.com",
            "http://SERVER_IP:3000",
            "http://host:port",
            "http://localhost:XXXX",
            "http://localhost:undefined",
            "https://...",
            "...",
            "{% if a %}https://a.example{% endif %}",
            "os.getenv(\"ORIGINS\")",
            "ENV['ORIGINS']",
            "your origins",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_can_be_meant_is_no_placeholder() {
        for text in [
            "https://a.example",
            "HTTPS://A.EXAMPLE",
            "HTTPS://MY-APP.EXAMPLE.COM",
            "https://App.example.com",
            "https://A.example.com",
            "https://_dmarc.example.com",
            "https://xn--rsum-bpad.example.com",
            "http://[::1]:3000",
            "http://[fe80::1]",
            "https://a.example/%20",
            "https://a.example/%C3%A9%C3%A8",
            "https://[a-z]+.example.com",
            "https://[a-z0-9-]+.example.com",
            "https://user@a.example",
            "https://u:p@a.example,https://u:p@b.example",
            "<https://a.example>",
            "[a.example]",
            "http://MYPC:3000",
            "HTTP://MY_PC:3000",
            "https://((www|app)\\.)?a.example",
            "%w[GET PUT]",
            "[null]",
            "PUT",
            "X-API-KEY",
            "true",
            "3600",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn placeholders_in_regexes_are_what_no_regex_has() {
        for text in [
            "%REGEX%",
            "^https://$DOMAIN$",
            "^https://${DOMAIN}$",
            "^https://{{ domain }}$",
            "^https://<domain>$",
            r"https://%HOST%\.example",
        ] {
            assert!(is_placeholder_of_regex(text), "{text}");
        }
        for text in [
            r"^https://(?<name>a|b)\.example$",
            r"^https://(?P<name>a|b)\.example$",
            r"https://a{2,3}\.example",
            r"\<https://a\.example",
            "^https://a$|^https://b$",
        ] {
            assert!(!is_placeholder_of_regex(text), "{text}");
        }
    }
}
