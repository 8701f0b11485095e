//! Booleans and numbers, and what people write in their location.

/// A boolean in one of its spellings, in any case.
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(["true", "1", "yes", "on"]) {
        Some(true)
    } else if is(["false", "0", "no", "off"]) {
        Some(false)
    } else {
        None
    }
}

/// The boolean that is probably meant by another word: of other languages, and the credentials modes of `fetch()`.
pub(super) fn meant_boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 18] = [
        "include", "t", "y", "enable", "enabled", "allow", "allowed", "required", "require",
        "active", "ok", "always", "si", "oui", "ja", "*", "any", "all",
    ];
    const FALSE: [&str; 20] = [
        "omit",
        "same-origin",
        "f",
        "n",
        "disable",
        "disabled",
        "deny",
        "denied",
        "none",
        "null",
        "nil",
        "undefined",
        "inactive",
        "never",
        "non",
        "nein",
        "not",
        "forbidden",
        "nothing",
        "default",
    ];
    let text = text.trim_end_matches(['.', '!']);
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    parse_boolean(text).or_else(|| {
        if is_one_of(&TRUE) {
            Some(true)
        } else if is_one_of(&FALSE) {
            Some(false)
        } else {
            None
        }
    })
}

/// Digits alone: `str::parse` would accept a sign too. A number too large for `u64` is out of every range anyway.
pub(super) fn parse_number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().unwrap_or(u64::MAX))
}

/// The seconds that are probably meant by a duration that is no whole number: `24h`, `PT1H`, `86_400`, `60 * 60`, `-1`.
pub(super) fn meant_seconds(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    let lower = text.to_ascii_lowercase();
    if let Some(number) = lower.strip_prefix('-') {
        // A page may not be told to keep an answer for less than no time.
        return number.parse::<f64>().is_ok().then_some(0);
    }
    if let Some(seconds) = product(&lower) {
        return Some(seconds);
    }
    if let Some(duration) = lower.strip_prefix('p') {
        return sum_of_units(&duration.replacen('t', "", 1));
    }
    sum_of_units(lower.strip_prefix('+').unwrap_or(&lower))
}

/// `60 * 60 * 24`
fn product(text: &str) -> Option<u64> {
    let factors = text
        .split(['*', '×'])
        .map(|factor| parse_number(factor.trim()));
    let factors: Option<Vec<u64>> = factors.collect();
    let factors = factors.filter(|factors| factors.len() > 1)?;
    factors.into_iter().try_fold(1_u64, u64::checked_mul)
}

/// `1h 30m`, `3600 seconds`, `1 day`, `3600.0`, `86_400`, `86,400`
fn sum_of_units(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut sum = 0_u64;
    let mut numbers = 0;
    let mut has_bare_number = false;
    while !rest.is_empty() {
        let end = rest
            .find(|character: char| !(character.is_ascii_digit() || "_.,'".contains(character)))
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let end = after
            .find(|character: char| !character.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(end)?;
        sum = sum.checked_add(seconds_of(number, unit)?)?;
        numbers += 1;
        has_bare_number |= unit.is_empty();
        rest = next.trim_start_matches([' ', ',', '+']);
    }
    // `1 0` is no sum.
    (numbers == 1 || (numbers > 1 && !has_bare_number)).then_some(sum)
}

fn seconds_of(number: &str, unit: &str) -> Option<u64> {
    let digits: String = match number.split_once('.') {
        // `3600.0`; a part of a unit is not guessed.
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|digit| digit == b'0') => {
            whole.to_owned()
        }
        Some(_) => return None,
        None => number.chars().filter(char::is_ascii_digit).collect(),
    };
    let number = parse_number(&digits)?;
    let factor = match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        "ms" | "msec" | "millis" | "milliseconds" => {
            return (number % 1000 == 0).then_some(number / 1000);
        }
        _ => return None,
    };
    number.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_with_units_are_understood() {
        for (text, seconds) in [
            ("24h", Some(86_400)),
            ("1d", Some(86_400)),
            ("3600s", Some(3600)),
            ("3600 seconds", Some(3600)),
            ("10m", Some(600)),
            ("1h30m", Some(5400)),
            ("1h 30m", Some(5400)),
            ("PT1H", Some(3600)),
            ("P1D", Some(86_400)),
            ("86_400", Some(86_400)),
            ("86,400", Some(86_400)),
            ("3600.0", Some(3600)),
            ("60 * 60", Some(3600)),
            ("60*60*24", Some(86_400)),
            ("3600000ms", Some(3600)),
            ("-1", Some(0)),
            ("+60", Some(60)),
            ("3.5h", None),
            ("forever", None),
            ("1 0", None),
            ("0x10", None),
            ("", None),
            ("-", None),
            ("99999999999999999999w", None),
        ] {
            assert_eq!(meant_seconds(text), seconds, "{text}");
        }
    }

    #[test]
    fn booleans_of_other_languages_are_understood() {
        for (text, boolean) in [
            ("include", Some(true)),
            ("Enabled", Some(true)),
            ("same-origin", Some(false)),
            ("none", Some(false)),
            ("maybe", None),
            ("2", None),
        ] {
            assert_eq!(meant_boolean(text), boolean, "{text}");
        }
    }
}
