//! What stands around a regex in the source of a program: quotes, slashes and flags, and the call that compiles it.

/// The flags of PHP, Perl, Ruby and JavaScript, but for `x`. None of them changes which origins match, which have no upper
/// case and no line breaks.
const FLAGS: &str = "dgimosuvyADSUXJ";

/// A call, a string in it, and a regex in that. More would be read again for each layer.
const MOST_LAYERS: usize = 4;

/// Delimiters that are equal at both ends. PHP permits most punctuation; `|` and parentheses begin regexes too.
const EQUAL: [char; 6] = ['/', '#', '~', '@', '%', '!'];

/// What compiles a regex in JavaScript, Python, Go, Rust, Java and C#.
const CALLS: [&str; 7] = [
    "new RegExp(",
    "RegExp(",
    "re.compile(",
    "regexp.MustCompile(",
    "Regex::new(",
    "Pattern.compile(",
    "new Regex(",
];

/// The regex alone; `None` if nothing stands around it.
pub(crate) fn undelimited(text: &str) -> Option<&str> {
    let mut inner = without_method(text.trim().trim_end_matches(';'));
    for _ in 0..MOST_LAYERS {
        let less = of_call(inner).or_else(|| in_quotes(inner));
        match less.or_else(|| in_delimiters(inner)) {
            Some(less) => inner = less,
            None => break,
        }
    }
    (inner.len() < text.len() && !inner.is_empty()).then_some(inner)
}

/// A call in Rust without what is called of its result.
fn without_method(text: &str) -> &str {
    if !text.starts_with("Regex::new(") {
        return text;
    }
    let end = [").unwrap()", ").expect(", ")?"]
        .iter()
        .find_map(|method| text.rfind(method));
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// The first argument of a call, or what `.test(origin)` is called of.
fn of_call(text: &str) -> Option<&str> {
    let argument = CALLS
        .iter()
        .find_map(|call| text.strip_prefix(call))
        .and_then(|rest| rest.rsplit_once(')'))
        .map(|(arguments, _)| arguments);
    // Another argument has the flags, or what is matched.
    let first = |arguments| {
        let end = ["\",", "',", "`,", "/,"]
            .iter()
            .find_map(|end| str::find(arguments, end));
        end.map_or(arguments, |end| arguments.get(..=end).unwrap_or(arguments))
    };
    argument.map(first).or_else(|| {
        let (tested, _) = text.split_once(".test(")?;
        tested.starts_with('/').then_some(tested)
    })
}

/// A string, also a raw one of Python, Rust or C#.
fn in_quotes(text: &str) -> Option<&str> {
    let raw = text
        .strip_prefix('r')
        .or_else(|| text.strip_prefix('@'))
        .filter(|rest| rest.starts_with(['"', '\'', '#']));
    let raw = raw.map(|rest| {
        rest.strip_prefix('#')
            .and_then(|rest| rest.strip_suffix('#'))
            .unwrap_or(rest)
    });
    let text = raw.unwrap_or(text);
    ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// `/…/i`, `#…#u`, `qr{…}`, `%r{…}`.
fn in_delimiters(text: &str) -> Option<&str> {
    let operator = ["qr", "%r", "m"]
        .iter()
        .find_map(|operator| text.strip_prefix(operator));
    let has_operator = |rest: &&str| rest.starts_with(['/', '{', '!', '#', '|', '~', '@']);
    let text = operator.filter(has_operator).unwrap_or(text);
    let open = text.chars().next()?;
    let close = match open {
        '{' => '}',
        open => open,
    };
    let is_delimiter = EQUAL.contains(&open) || close == '}';
    let (inner, flags) = text
        .strip_prefix(open)
        .filter(|_| is_delimiter)?
        .rsplit_once(close)?;
    let are_flags = flags.chars().all(|flag| FLAGS.contains(flag));
    (are_flags && begins_as_regex(inner)).then_some(inner)
}

/// Whether it may be a regex of origins, and not a comment or a repetition.
fn begins_as_regex(inner: &str) -> bool {
    inner.starts_with(['^', '(', '[', '.', '\\'])
        || inner.ends_with('$')
        || inner.starts_with("http")
        || inner.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_regex_is_known() {
        let regex = r"^https://[a-z]+\.example\.com$";
        for text in [
            "/_/",
            "/_/i",
            "/_/;",
            "#_#",
            "#_#u",
            "~_~",
            "@_@i",
            "%_%",
            "!_!",
            "{_}",
            "%r{_}",
            "%r{_}i",
            "qr/_/",
            "qr{_}",
            "m/_/",
            "m!_!",
            "\"_\"",
            "'_'",
            "`_`",
            "r\"_\"",
            "r'_'",
            "r#\"_\"#",
            "@\"_\"",
            "'/_/'",
            "\"#_#\"",
            "new RegExp(\"_\")",
            "new RegExp('_', 'i')",
            "RegExp(/_/)",
            "new RegExp(/_/, \"i\");",
            "re.compile(r\"_\")",
            "re.compile(r'_', re.I)",
            "regexp.MustCompile(`_`)",
            "Regex::new(r\"_\")",
            "Pattern.compile(\"_\");",
            "/_/.test(origin)",
            "/_/i.test(origin)",
        ] {
            let text = text.replace('_', regex);
            assert_eq!(undelimited(&text), Some(regex), "{text}");
        }
    }

    #[test]
    fn a_regex_alone_is_left_as_it_is() {
        for text in [
            r"^https://[a-z]+\.example\.com$",
            r"https://a\.example",
            r"(https://a\.example|https://b\.example)",
            "# a comment",
            "a{3}",
            "{3}",
            "",
            "/",
            "\"",
            "''",
            r"/^https://a\.example  # white space/x",
        ] {
            assert_eq!(undelimited(text), None, "{text}");
        }
    }
}
