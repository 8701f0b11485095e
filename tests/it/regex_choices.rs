//! Choices within a label of a domain: `(www)?example\.com` admits `wwwexample.com`, which anyone can have.

use std::collections::BTreeSet;

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder, PolicyErrorKind as Kind};

use crate::{
    rows::{optional, table},
    support::ask_all,
};

fn regex(text: &str) -> CorsPolicyBuilder {
    CorsPolicy::builder().allow_origin_regex(text)
}

fn warnings(policy: &CorsPolicy) -> Vec<String> {
    policy.warnings().iter().map(ToString::to_string).collect()
}

/// The message, if the regex is refused with credentials for a choice and for nothing else; it is warned of without.
fn refused(text: &str) -> Option<String> {
    let built = regex(text)
        .build()
        .unwrap_or_else(|errors| panic!("{errors}"));
    let warned = warnings(&built);
    let warned = warned.iter().find(|warning| warning.contains("choice"));
    let Err(errors) = regex(text).allow_credentials().build() else {
        assert_eq!(warned, None, "{text}");
        return None;
    };
    let [error] = errors.as_slice() else {
        panic!("{errors}");
    };
    assert_eq!(
        error.kind(),
        Kind::CredentialsWithClaimableOrigin,
        "{error}"
    );
    let message = error.to_string();
    let what = "allow_origin_regex: choices within a label of a domain must not be allowed with credentials: ";
    let rest = message.strip_prefix(what).expect(&message);
    let what = "allow_origin_regex: regex has a choice within a label of a domain: ";
    assert_eq!(warned, Some(&format!("{what}{rest}")));
    Some(message)
}

fn admits(policy: CorsPolicy, origins: &[String]) -> Vec<bool> {
    let requests: Vec<String> = origins
        .iter()
        .map(|origin| format!("GET /plain\norigin: {origin}"))
        .collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    let (answers, _) = ask_all(policy, &requests);
    answers
        .iter()
        .map(|answer| !answer.header("access-control-allow-origin").is_empty())
        .collect()
}

/// What stands between each pair of marks.
fn all_between(text: &str, mark: char) -> Vec<String> {
    let parts = text.split(mark).skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

#[test]
fn a_choice_within_a_label_is_refused_with_credentials_and_what_is_advised_is_not() {
    let rows = table(include_str!("data/regex_choices.tsv"));
    assert!(rows.len() >= 32);
    for [part, one, other, with_dot, whole, text] in &rows {
        let (with_dot, whole) = (optional(with_dot), optional(whole));
        let message = refused(text).expect(text);
        let whole_labels = whole.map_or(String::new(), |whole| format!(", `{whole}`,"));
        let mut advice = format!("name whole labels{whole_labels} or list the origins");
        if let Some(with_dot) = with_dot {
            advice = format!("write `{with_dot}`; if all these domains are yours, {advice}");
        }
        let end = format!(
            "(`{part}` is a choice within a label and admits `{one}` and `{other}`; {advice})"
        );
        assert!(message.ends_with(&end), "{message}\n{end}");
        assert!(!message.contains("danger"), "{message}");

        // What is shown is true.
        let origins = [one.clone(), other.clone()];
        if one.contains("://") {
            let policy = regex(text).build().expect(text);
            assert_eq!(admits(policy, &origins), [true, true], "{text}");
            let entries = CorsPolicy::builder().allow_origins(origins.clone());
            assert!(entries.allow_credentials().build().is_ok(), "{text}");
        }
        let advised: Vec<String> = all_between(&advice, '`');
        let wanted: Vec<&str> = with_dot.into_iter().chain(whole).collect();
        assert_eq!(advised, wanted, "{text}");
        for text in wanted {
            let policy = regex(text).allow_credentials().build();
            let policy = policy.unwrap_or_else(|errors| panic!("{errors}"));
            let warned = warnings(&policy).concat();
            assert!(!warned.contains("choice"), "{text}: {warned}");
        }
        // Whole labels stand for the same domains; with the dot, what was glued is gone.
        if let Some(whole) = whole {
            let policy = regex(whole).build().expect(whole);
            assert_eq!(admits(policy, &origins), [true, true], "{whole}");
        }
        if let Some(with_dot) = with_dot {
            let policy = regex(with_dot).build().expect(with_dot);
            assert_eq!(admits(policy, &origins), [true, false], "{with_dot}");
        }
    }
}

#[test]
fn choices_of_whole_labels_or_outside_of_the_domain_are_permitted() {
    let rows = table(include_str!("data/regex_no_choices.tsv"));
    assert!(rows.len() >= 36);
    for [text] in &rows {
        assert_eq!(refused(text), None, "{text}");
    }
}

#[test]
fn a_choice_is_reported_once_and_next_to_other_mistakes_only_if_it_is_another() {
    // The regex is refused anyway.
    for (text, kind) in [
        (r"https://(www)?example.com", Kind::LaxRegex),
        (r"https://(www.)?example\.com", Kind::LaxRegex),
        (r"https://[a-z]*(www)?example\.com", Kind::LaxRegex),
        (r"https://(www)?example\.com:*", Kind::Wildcard),
        (r"https://(www)?example\.com/", Kind::RegexNeverMatches),
    ] {
        let errors = regex(text).allow_credentials().build().expect_err(text);
        let kinds: Vec<Kind> = errors
            .iter()
            .map(actix_cors_policy::PolicyError::kind)
            .collect();
        assert_eq!(kinds, [kind], "{errors}");
        let lifted = regex(text).danger_allow_lax_regexes().build().expect(text);
        assert!(!warnings(&lifted).concat().contains("choice"), "{text}");
    }
    // What is wrong elsewhere in it is said, too.
    let text = r"http://(www)?example\.com|https://(a|b)example\.org";
    let errors = regex(text).allow_credentials().build().expect_err(text);
    assert_eq!(errors.as_slice().len(), 2, "{errors}");
    // Of many regexes, the first is shown with what is to be done about it.
    let policy = regex(r"https://(a|b)x\.com")
        .allow_origin_regex(r"https://(c|d)y\.com")
        .build()
        .expect("a warning");
    assert_eq!(
        warnings(&policy),
        [
            r"allow_origin_regex: regex has a choice within a label of a domain: `https://(a|b)x\.com` and 1 more (`(a|b)` is a choice within a label and admits `https://ax.com` and `https://bx.com`; name whole labels, `https://(ax|bx)\.com`, or list the origins)"
        ]
    );
    // It can be lifted, and is said all the same.
    let text = r"https://(www)?example\.com";
    let lifted = regex(text).danger_allow_lax_regexes().allow_credentials();
    let warned = warnings(&lifted.build().expect("lifted"));
    assert!(
        warned.len() == 1 && warned.concat().contains("choice within a label"),
        "{warned:?}"
    );
}

/// A regex in parts, in a host that ends in `.com`.
#[derive(Clone, Debug)]
enum Part {
    Text(&'static str),
    Row(Vec<Part>),
    Either(Vec<Part>),
    Times(Box<Part>, usize, usize),
}

impl Part {
    fn random(seed: &mut u64, depth: usize) -> Self {
        let mut next = |below: u64| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (*seed >> 33) % below
        };
        match next(if depth == 0 { 3 } else { 6 }) {
            kind @ 0..=2 => {
                let texts = match kind {
                    0 => ["a", "b", "ab", "x-"],
                    1 => ["."; 4],
                    _ => ["a.", ".b", "www", ""],
                };
                let mut texts = texts.into_iter().cycle();
                let skipped = usize::try_from(next(4)).expect("small");
                Self::Text(texts.nth(skipped).unwrap_or_default())
            }
            3 => {
                let min = usize::try_from(next(2)).expect("small");
                let max = min + usize::try_from(next(2)).expect("small");
                let part = Self::random(seed, depth - 1);
                Self::Times(Box::new(part), min, max.max(1))
            }
            kind => {
                let count = 2 + next(2);
                let parts = (0..count).map(|_| Self::random(seed, depth - 1)).collect();
                match kind {
                    4 => Self::Row(parts),
                    _ => Self::Either(parts),
                }
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.replace('.', r"\."),
            Self::Row(parts) => parts.iter().map(Self::text).collect(),
            Self::Either(parts) => {
                let parts: Vec<String> = parts.iter().map(Self::text).collect();
                format!("({})", parts.join("|"))
            }
            Self::Times(part, min, max) => format!("(?:{}){{{min},{max}}}", part.text()),
        }
    }

    /// All that it can be: a text, and for each choice that was gone through, its number and where it begins and ends.
    fn all(&self, number: &mut usize) -> Vec<(String, Vec<Border>)> {
        match self {
            Self::Text(text) => vec![((*text).to_owned(), Vec::new())],
            Self::Row(parts) => {
                let mut all = vec![(String::new(), Vec::new())];
                for part in parts {
                    let ends = part.all(number);
                    all = all
                        .iter()
                        .flat_map(|start| ends.iter().map(|end| joined(start, end)))
                        .collect();
                }
                all
            }
            Self::Either(parts) => {
                *number += 1;
                let own = *number;
                let all: Vec<_> = parts.iter().flat_map(|part| part.all(number)).collect();
                all.into_iter().map(|each| bordered(each, own)).collect()
            }
            Self::Times(part, min, max) => {
                *number += 1;
                let own = *number;
                let once = part.all(number);
                if min == max {
                    let mut all = vec![(String::new(), Vec::new())];
                    for _ in 0..*max {
                        all = all
                            .iter()
                            .flat_map(|start| once.iter().map(|end| joined(start, end)))
                            .collect();
                    }
                    return all;
                }
                let mut all = Vec::new();
                let mut times = vec![(String::new(), Vec::new())];
                for count in 0..=*max {
                    if count >= *min {
                        all.extend(times.iter().cloned().map(|each| bordered(each, own)));
                    }
                    let mut next = Vec::new();
                    for start in &times {
                        for end in &once {
                            let mut both = joined(start, end);
                            // The border between two times is one of the choice; it stands for nothing by itself.
                            both.1.push((own, start.0.len(), start.0.len(), false));
                            next.push(both);
                        }
                    }
                    times = next;
                }
                all
            }
        }
    }
}

/// Which choice, from where to where, and whether that is all of it.
type Border = (usize, usize, usize, bool);

fn joined(start: &(String, Vec<Border>), end: &(String, Vec<Border>)) -> (String, Vec<Border>) {
    let at = start.0.len();
    let moved = end
        .1
        .iter()
        .map(|(own, from, to, is_all)| (*own, from + at, to + at, *is_all));
    let borders = start.1.iter().copied().chain(moved);
    (format!("{}{}", start.0, end.0), borders.collect())
}

fn bordered((text, mut borders): (String, Vec<Border>), own: usize) -> (String, Vec<Border>) {
    borders.push((own, 0, text.len(), true));
    (text, borders)
}

fn is_valid(host: &str) -> bool {
    host.split('.').all(|label| !label.is_empty())
}

/// By all the hosts that a regex stands for, one by one.
fn has_choice(hosts: &[(String, Vec<Border>)]) -> bool {
    let domain = |host: &str| {
        let (before, last) = host.rsplit_once('.')?;
        let name = before.rsplit('.').next().unwrap_or_default();
        Some(format!("{name}.{last}"))
    };
    let hosts: Vec<_> = hosts.iter().filter(|(host, _)| is_valid(host)).collect();
    let within = |host: &str, at: usize| {
        let start = host.len() - domain(host).map_or(0, |domain| domain.len());
        let letter = |at: usize| host.as_bytes().get(at).is_some_and(|byte| *byte != b'.');
        at > start && letter(at - 1) && letter(at)
    };
    let whole = |host: &'_ str, own: usize, borders: &[Border]| -> Vec<String> {
        let own = borders.iter().filter(|border| border.0 == own && border.3);
        own.filter_map(|(_, from, to, _)| Some(host.get(*from..*to)?.to_owned()))
            .collect()
    };
    hosts.iter().any(|(host, borders)| {
        borders.iter().any(|(own, from, to, _)| {
            (within(host, *from) || within(host, *to))
                && domain(host).is_some()
                && hosts.iter().any(|(other, others)| {
                    let texts = whole(other, *own, others);
                    domain(other) != domain(host)
                        && whole(host, *own, borders)
                            .iter()
                            .any(|text| texts.iter().any(|other| other != text))
                })
        })
    })
}

/// The check is that of a model that goes through all the hosts.
#[test]
fn choices_are_found_where_they_are() {
    let (mut seed, mut found, mut not, mut advised) = (1, 0, 0, 0);
    while found + not < 160 {
        let host = Part::Row(vec![
            Part::random(&mut seed, 3),
            Part::Text("q"),
            Part::random(&mut seed, 1),
            Part::Text(".com"),
        ]);
        let all = host.all(&mut 0);
        let hosts = all.iter().map(|(host, _)| host.as_str());
        let hosts: BTreeSet<&str> = hosts.filter(|host| is_valid(host)).collect();
        if all.len() > 200 || !(2..=16).contains(&hosts.len()) {
            continue;
        }
        let text = format!("https://{}", host.text());
        let message = refused(&text);
        assert_eq!(message.is_some(), has_choice(&all), "{text}: {message:?}");
        let Some(message) = message else {
            not += 1;
            continue;
        };
        found += 1;
        let origins: Vec<String> = hosts.iter().map(|host| format!("https://{host}")).collect();
        let before = admits(regex(&text).build().expect(&text), &origins);
        for advice in all_between(advised_in(&message), '`') {
            assert_eq!(refused(&advice), None, "{message}");
            advised += 1;
            let after = admits(regex(&advice).build().expect(&advice), &origins);
            if message.contains(&format!("whole labels, `{advice}`")) {
                assert_eq!(after, before, "{message}");
            }
        }
    }
    assert!(
        found > 30 && not > 30 && advised > 30,
        "{found} {not} {advised}"
    );
}

/// What a message says behind what is admitted.
fn advised_in(message: &str) -> &str {
    let (_, admits) = message.split_once(" and admits ").expect("origins");
    admits.split_once("; ").expect("an advice").1
}
