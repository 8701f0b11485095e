//! Booleans and numbers, and what people write instead of them.

use crate::characters::is_number;

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

/// The boolean that another word probably means: words of other languages, and the credentials modes of `fetch()`.
pub(super) fn meant_boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 18] = [
        "include", "t", "y", "enable", "enabled", "allow", "allowed", "required", "require",
        "active", "ok", "always", "si", "oui", "ja", "*", "any", "all",
    ];
    const FALSE: [&str; 21] = [
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
        "disallow",
        "nothing",
        "default",
    ];
    let text = text.trim_end_matches(['.', '!']);
    let lower = text.to_ascii_lowercase();
    // `tru`, `flase`
    let is_nearly = |word: &str| {
        lower.len() < 8 && lower.len() + 1 >= word.len() && strsim::osa_distance(&lower, word) <= 1
    };
    let is_one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    parse_boolean(text).or_else(|| {
        if is_one_of(&TRUE) || is_nearly("true") {
            Some(true)
        } else if is_one_of(&FALSE) || is_nearly("false") {
            Some(false)
        } else {
            None
        }
    })
}

/// Digits alone: `str::parse` would accept a sign too. A number too large for `u64` is out of every range anyway.
pub(super) fn parse_number(text: &str) -> Option<u64> {
    is_number(text).then(|| text.parse().unwrap_or(u64::MAX))
}

/// The seconds that are probably meant by a duration that is no whole number: `24h`, `PT1H`, `86_400`, `60 * 60`, `-1`.
pub(super) fn meant_seconds(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    let lower = text.to_ascii_lowercase();
    let lower = without_type(&lower);
    if let Some(number) = lower.strip_prefix('-') {
        // A negative time means "do not cache".
        return number.parse::<f64>().is_ok().then_some(0);
    }
    if let Some(seconds) = product(lower)
        .or_else(|| scientific(lower))
        .or_else(|| clock(lower))
        .or_else(|| thousands(lower))
        .or_else(|| call(lower))
    {
        return Some(seconds);
    }
    // Longer than any browser keeps one.
    if [
        "forever",
        "infinity",
        "infinite",
        "always",
        "unlimited",
        "max",
    ]
    .contains(&lower)
    {
        return Some(u64::MAX);
    }
    if let Some(duration) = lower.strip_prefix('p') {
        let (date, time) = duration.split_once('t').unwrap_or((duration, ""));
        // In a date, `M` is a month.
        return match date.contains('m') {
            true => Some(u64::MAX),
            false => sum_of_units(&format!("{date}{time}")),
        };
    }
    // `an hour`
    if let Some(unit) = ["a ", "an ", "one "]
        .iter()
        .find_map(|one| lower.strip_prefix(one))
    {
        return seconds_of("1", unit);
    }
    sum_of_units(lower.strip_prefix('+').unwrap_or(lower))
}

/// A number of Java, Rust or C without its type: `1800L`, `3600u64`, `Some(3600)`.
fn without_type(text: &str) -> &str {
    let inner = text
        .strip_prefix("some(")
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(text);
    let digits = inner.trim_start_matches(|first: char| first.is_ascii_digit() || first == '_');
    let is_type = ["l", "ul", "u", "u16", "u32", "u64", "i32", "i64", "usize"].contains(&digits);
    let number = inner.get(..inner.len() - digits.len());
    number
        .filter(|number| is_type && !number.is_empty())
        .unwrap_or(inner)
}

/// `60 * 60 * 24`
fn product(text: &str) -> Option<u64> {
    let mut product = 1_u64;
    let mut count = 0;
    for factor in text.split(['*', '×']) {
        product = product.checked_mul(parse_number(factor.trim())?)?;
        count += 1;
    }
    (count > 1).then_some(product)
}

/// `1e3`, `8.64e4`
fn scientific(text: &str) -> Option<u64> {
    const LARGEST: usize = 20;
    let (number, exponent) = text.split_once('e')?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let exponent: usize = exponent.parse().ok()?;
    parse_number(whole)?;
    let zeros = exponent
        .checked_sub(part.len())
        .filter(|_| exponent <= LARGEST)?;
    parse_number(&format!("{whole}{part}{}", "0".repeat(zeros)))
}

/// `01:30:00`, and `1.00:00:00` with days before it
fn clock(text: &str) -> Option<u64> {
    if let Some((days, time)) = text.rsplit_once('.') {
        let days = parse_number(days)?.checked_mul(86_400)?;
        return days.checked_add(clock(time)?);
    }
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let (minutes, seconds) = (parse_number(minutes)?, parse_number(seconds)?);
    if minutes >= 60 || seconds >= 60 {
        return None;
    }
    let seconds = minutes * 60 + seconds;
    parse_number(hours)?.checked_mul(3600)?.checked_add(seconds)
}

/// `86 400`
fn thousands(text: &str) -> Option<u64> {
    let (first, rest) = text.split_once(' ')?;
    let is_group = |group: &str| group.len() == 3 && parse_number(group).is_some();
    let is_first = (1..=3).contains(&first.len());
    (is_first && rest.split(' ').all(is_group))
        .then(|| parse_number(&text.replace(" ", "")))
        .flatten()
}

/// `timedelta(hours=1)`, `Duration.ofMinutes(10)`, `10 * time.Minute`, `Duration::from_secs(3600)`: one number and the name
/// of one unit.
fn call(text: &str) -> Option<u64> {
    const UNITS: [&str; 11] = [
        "milliseconds",
        "millis",
        "seconds",
        "second",
        "secs",
        "minutes",
        "minute",
        "hours",
        "hour",
        "days",
        "day",
    ];
    if !text.contains(['(', '*', '.']) {
        return None;
    }
    let (mut number, mut unit) = (None, None);
    for digits in text.split(|letter: char| !letter.is_ascii_digit()) {
        if !digits.is_empty() && number.replace(digits).is_some() {
            return None;
        }
    }
    for word in text.split(|letter: char| !letter.is_ascii_alphabetic()) {
        if let Some(found) = UNITS.iter().find(|unit| word.ends_with(**unit))
            && unit.replace(*found).is_some()
        {
            return None;
        }
    }
    // `time.Hour` is one of them.
    seconds_of(number.unwrap_or("1"), unit?)
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
    // `1 0` has no units, so it is not a sum.
    (numbers == 1 || (numbers > 1 && !has_bare_number)).then_some(sum)
}

fn seconds_of(number: &str, unit: &str) -> Option<u64> {
    // `1,5h`; a comma before three digits separates thousands.
    let has_thousands = number
        .rsplit(',')
        .next()
        .is_some_and(|last| last.len() == 3);
    let number = match has_thousands {
        true => number,
        false => &number.replace(',', "."),
    };
    let digits: String = match number.split_once('.') {
        // `3600.0` is permitted; fractions of a unit are not.
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|digit| digit == b'0') => {
            whole.to_owned()
        }
        // `1.5h`
        Some((whole, "5")) if !unit.is_empty() => {
            let halves = parse_number(whole)?.checked_mul(2)?.checked_add(1)?;
            return seconds_of(&halves.to_string(), unit).map(|seconds| seconds / 2);
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
        "month" | "months" => 2_592_000,
        "y" | "yr" | "year" | "years" => 31_536_000,
        "ms" | "msec" | "millis" | "milliseconds" => {
            return (number % 1000 == 0).then_some(number / 1000);
        }
        _ => return None,
    };
    number.checked_mul(factor)
}

/// The status that is probably meant by its name.
pub(super) fn meant_status(text: &str) -> Option<u64> {
    // `HttpStatus.OK`, `StatusCode::NO_CONTENT`, `http.StatusNoContent`
    let name = text.rsplit(['.', ':']).next().unwrap_or_default();
    let name = name.strip_prefix("Status").unwrap_or(name);
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    match letters.collect::<String>().to_ascii_lowercase().as_str() {
        "ok" => Some(200),
        "nocontent" => Some(204),
        _ => None,
    }
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
            ("3.5h", Some(12_600)),
            ("3.25h", None),
            ("1,5h", Some(5400)),
            ("1,5", None),
            ("1e3", Some(1000)),
            ("8.64E+4", Some(86_400)),
            ("1e99", None),
            ("1.23e1", None),
            ("e3", None),
            ("an hour", Some(3600)),
            ("one day", Some(86_400)),
            ("a while", None),
            ("01:30:00", Some(5400)),
            ("10:00", None),
            ("86 400", Some(86_400)),
            ("timedelta(hours=1)", Some(3600)),
            ("Duration.ofMinutes(10)", Some(600)),
            ("12 * time.Hour", Some(43_200)),
            ("Duration::from_secs(3600)", Some(3600)),
            ("time.Hour", Some(3600)),
            ("1.00:00:00", Some(86_400)),
            ("1800L", Some(1800)),
            ("3600_u64", Some(3600)),
            ("Some(3600)", Some(3600)),
            ("time.Now", None),
            ("1y", Some(31_536_000)),
            ("forever", Some(u64::MAX)),
            ("soon", None),
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
            ("ture", Some(true)),
            ("flase", Some(false)),
            ("disallow", Some(false)),
            ("maybe", None),
            ("2", None),
        ] {
            assert_eq!(meant_boolean(text), boolean, "{text}");
        }
    }
}
