//! Words that people write instead of a list and that mean everything or nothing.

/// What a word means in place of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Any,
    None,
}

/// The meaning of a word in any case, alone or as in `allow-all` and `any method`. `*` and the exact word `none` are values
/// of lists and are not among them.
///
/// No name of a method or of a header is one of these words, so they are mistakes in every list.
pub(crate) fn meaning_of(text: &str) -> Option<Word> {
    const ANY: [&str; 8] = [
        "any",
        "all",
        "everyone",
        "everything",
        "true",
        "yes",
        "on",
        "wildcard",
    ];
    const NONE: [&str; 9] = [
        "none",
        "nothing",
        "no",
        "false",
        "off",
        "null",
        "nil",
        "undefined",
        "disabled",
    ];
    meaning(&plain(text)?, &ANY, &NONE)
}

/// The same of a word among origins, of which no word is one: more of them are clear there.
pub(crate) fn meaning_for_origins(text: &str) -> Option<Word> {
    const ANY: [&str; 12] = [
        "permissive",
        "reflect",
        "mirror",
        "mirrorrequest",
        "echo",
        "open",
        "public",
        "global",
        "anyone",
        "anywhere",
        "everywhere",
        "unrestricted",
    ];
    const NONE: [&str; 10] = [
        "deny", "denyall", "blockall", "unset", "notset", "n/a", "na", "empty", "closed", "nan",
    ];
    match text {
        "1" => Some(Word::Any),
        "0" => Some(Word::None),
        _ => meaning_of(text).or_else(|| meaning(&plain(text)?, &ANY, &NONE)),
    }
}

fn meaning(word: &str, any: &[&str], none: &[&str]) -> Option<Word> {
    if any.contains(&word) {
        Some(Word::Any)
    } else if none.contains(&word) {
        Some(Word::None)
    } else {
        None
    }
}

/// A word in lower case, without what joins it to others, `allow` before it and what it is about behind it.
fn plain(text: &str) -> Option<String> {
    const LONGEST: usize = 32;
    if text.len() > LONGEST {
        return None;
    }
    // `AllowOrigin::any()`, `policy.AllowAnyOrigin()`
    let text = match text.strip_suffix("()") {
        Some(call) => call.rsplit(['.', ':']).next().unwrap_or(call),
        None => text,
    };
    let word = in_one_word(text, " -_");
    let word = word.strip_prefix("allow").unwrap_or(&word);
    let about = [
        "origins", "origin", "methods", "method", "headers", "header",
    ];
    let word = about
        .iter()
        .find_map(|about| word.strip_suffix(about))
        .unwrap_or(word);
    Some(word.to_owned())
}

/// A text in lower case, without what joins its words.
pub(crate) fn in_one_word(text: &str, joints: &str) -> String {
    let mut word = text.to_ascii_lowercase();
    word.retain(|character| !joints.contains(character));
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_in_any_case_and_as_a_whole() {
        for (text, meaning) in [
            ("all", Some(Word::Any)),
            ("True", Some(Word::Any)),
            ("NONE", Some(Word::None)),
            ("undefined", Some(Word::None)),
            ("allow-all", Some(Word::Any)),
            ("ALL_METHODS", Some(Word::Any)),
            ("any header", Some(Word::Any)),
            ("allow", None),
            ("open", None),
            ("headers", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(meaning_of(text), meaning, "{text}");
        }
        for (text, meaning) in [
            ("allowAll", Some(Word::Any)),
            ("any origin", Some(Word::Any)),
            ("open", Some(Word::Any)),
            ("deny-all", Some(Word::None)),
            ("not set", Some(Word::None)),
            ("AllowOrigin::any()", Some(Word::Any)),
            ("policy.AllowAnyOrigin()", Some(Word::Any)),
            ("mirror_request()", Some(Word::Any)),
            ("policy.AllowOrigins()", None),
            ("same-origin", None),
            ("1", Some(Word::Any)),
            ("-1", None),
            ("localhost", None),
        ] {
            assert_eq!(meaning_for_origins(text), meaning, "{text}");
        }
    }
}
