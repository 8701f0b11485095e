//! Characters that a terminal obeys, or that a person does not see where they stand.

use std::ops::RangeInclusive;

/// C0 and DEL, C1, format characters (General Category Cf, which has those of bidirectional text), separators of lines and
/// of paragraphs, other spaces, and marks and letters without a shape.
const HOSTILE: [RangeInclusive<u32>; 37] = [
    0..=0x1f,
    0x7f..=0x9f,
    0xa0..=0xa0,
    0xad..=0xad,
    0x34f..=0x34f,
    0x600..=0x605,
    0x61c..=0x61c,
    0x6dd..=0x6dd,
    0x70f..=0x70f,
    0x890..=0x891,
    0x8e2..=0x8e2,
    0x115f..=0x1160,
    0x1680..=0x1680,
    0x17b4..=0x17b5,
    0x180b..=0x180f,
    0x2000..=0x200f,
    0x2028..=0x202f,
    0x205f..=0x206f,
    0x2800..=0x2800,
    0x3000..=0x3000,
    0x3164..=0x3164,
    0xe000..=0xe000,
    0xfe00..=0xfe0f,
    0xfeff..=0xfeff,
    0xffa0..=0xffa0,
    0xfff9..=0xfffb,
    0xffff..=0xffff,
    0x110bd..=0x110bd,
    0x110cd..=0x110cd,
    0x13430..=0x1343f,
    0x1bca0..=0x1bca3,
    0x1d173..=0x1d17a,
    0xe0001..=0xe0001,
    0xe0020..=0xe007f,
    0xe0100..=0xe0103,
    0xf0000..=0xf0000,
    0x0010_ffff..=0x0010_ffff,
];

/// What follows a hostile character here. It is never the beginning of a line, where it would be believed.
pub(crate) const FORGED: &str = "forged";

pub(crate) fn hostile() -> Vec<char> {
    let all: Vec<char> = HOSTILE
        .into_iter()
        .flatten()
        .map(|number| char::from_u32(number).expect("a character"))
        .collect();
    assert!(all.len() == 290, "{}", all.len());
    all
}

/// A text with each of them at its start.
pub(crate) fn texts() -> Vec<String> {
    let text = |character| format!("{character}{FORGED}");
    hostile().into_iter().map(text).collect()
}

/// A few texts with all of them, further on too.
pub(crate) fn crowded() -> Vec<String> {
    let crowd = |some: &[char]| some.iter().collect::<String>() + FORGED;
    hostile().chunks(40).map(crowd).collect()
}

/// Looks at what a person sees, in which a line break may be the writer's own.
#[track_caller]
pub(crate) fn look(way: &str, shown: &str) {
    for line in shown.split('\n') {
        assert!(
            !line.trim_start().starts_with(FORGED),
            "{way} shows a line that was forged: {shown:?}"
        );
    }
    let is_hostile = |character: &char| {
        let number = u32::from(*character);
        *character != '\n' && HOSTILE.iter().any(|range| range.contains(&number))
    };
    let bad = shown.chars().find(is_hostile);
    assert_eq!(bad, None, "{way} shows it: {shown:?}");
}
