//! Words that people write where a list is expected, and that mean everything or nothing.

/// What a word means in place of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Any,
    None,
}

/// The meaning of a word in any case. `*` and the exact word `none` are values of lists and are not among them.
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
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_one_of(&ANY) {
        Some(Word::Any)
    } else if is_one_of(&NONE) {
        Some(Word::None)
    } else {
        None
    }
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
            ("allow", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(meaning_of(text), meaning, "{text}");
        }
    }
}
