//! Choices within a label of a domain: `(www)?example\.com` admits `wwwexample.com`, which anyone can have.

use std::collections::BTreeSet;

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder, PolicyErrorKind as Kind};

use crate::support::ask_all;

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

/// A refused regex, the part that is named, the two domains that are shown, and what is advised: a dot, and whole labels.
type Row<'t> = (&'t str, &'t str, [&'t str; 2], [Option<&'t str>; 2]);

const CHOICES: &[Row<'_>] = &[
    (
        r"https://(www)?example\.com",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"https://(www\.)?example\.com"),
            Some(r"https://(wwwexample|example)\.com"),
        ],
    ),
    (
        r"https://(app|dev)example\.com",
        "(app|dev)",
        ["https://appexample.com", "https://devexample.com"],
        [None, Some(r"https://(appexample|devexample)\.com")],
    ),
    (
        r"https://(a|b)example\.com",
        "(a|b)",
        ["https://aexample.com", "https://bexample.com"],
        [None, Some(r"https://(aexample|bexample)\.com")],
    ),
    (
        r"https://(dev-|staging-)?example\.com",
        "(dev-|staging-)?",
        ["https://example.com", "https://dev-example.com"],
        [
            None,
            Some(r"https://(dev-example|staging-example|example)\.com"),
        ],
    ),
    (
        r"https://examples?\.com",
        "s?",
        ["https://example.com", "https://examples.com"],
        [None, Some(r"https://(examples|example)\.com")],
    ),
    (
        r"https://example\.com?",
        "m?",
        ["https://example.co", "https://example.com"],
        [None, Some(r"https://example\.(com|co)")],
    ),
    (
        r"https://example\.com{1,2}",
        "m{1,2}",
        ["https://example.com", "https://example.comm"],
        [None, Some(r"https://example\.(comm|com)")],
    ),
    (
        r"https://example(-cdn)?\.com",
        "(-cdn)?",
        ["https://example.com", "https://example-cdn.com"],
        [None, Some(r"https://(example-cdn|example)\.com")],
    ),
    // A dot that can be left out, or be a letter.
    (
        r"https://www\.?example\.com",
        r"\.?",
        ["https://www.example.com", "https://wwwexample.com"],
        [
            Some(r"https://www\.example\.com"),
            Some(r"https://(www\.example|wwwexample)\.com"),
        ],
    ),
    (
        r"https://www[-.]example\.com",
        "[-.]",
        ["https://www.example.com", "https://www-example.com"],
        [
            Some(r"https://www\.example\.com"),
            Some(r"https://(www-example|www\.example)\.com"),
        ],
    ),
    (
        r"https://(a|b\.)example\.com",
        r"(a|b\.)",
        ["https://b.example.com", "https://aexample.com"],
        [None, Some(r"https://(aexample|b\.example)\.com")],
    ),
    (
        r"https://(www)?\.?example\.com",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            None,
            Some(r"https://(www\.example|wwwexample|example)\.com"),
        ],
    ),
    // One in another, and several.
    (
        r"https://((www)?example|foo)\.com",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"https://((www\.)?example|foo)\.com"),
            Some(r"https://(wwwexample|example|foo)\.com"),
        ],
    ),
    (
        r"https://(app|dev)?example\.com",
        "(app|dev)?",
        ["https://example.com", "https://appexample.com"],
        [
            Some(r"https://((app|dev)\.)?example\.com"),
            Some(r"https://(appexample|devexample|example)\.com"),
        ],
    ),
    (
        r"https://(?:(?:a|b)|c)example\.com",
        "(?:(?:a|b)|c)",
        ["https://aexample.com", "https://cexample.com"],
        [None, Some(r"https://(aexample|bexample|cexample)\.com")],
    ),
    (
        r"https://(www)?a\.com|https://(dev)?b\.com",
        "(www)?",
        ["https://a.com", "https://wwwa.com"],
        [
            Some(r"https://(www\.)?a\.com|https://(dev\.)?b\.com"),
            Some(r"https://(wwwa|a)\.com|https://(devb|b)\.com"),
        ],
    ),
    (
        r"https://(a-)?(b-)?c\.com",
        "(a-)?",
        ["https://b-c.com", "https://a-b-c.com"],
        [None, Some(r"https://(a-b-c|a-c|b-c|c)\.com")],
    ),
    (
        r"https://(ab){1,2}\.com",
        "(ab){1,2}",
        ["https://ab.com", "https://abab.com"],
        [None, Some(r"https://(abab|ab)\.com")],
    ),
    (
        r"(https://ex|https://foo)ample\.com",
        "(https://ex|https://foo)",
        ["https://example.com", "https://fooample.com"],
        [None, Some(r"(https://example|https://fooample)\.com")],
    ),
    (
        r"https://(x?){2}y\.com",
        "(x?)",
        ["https://xy.com", "https://xxy.com"],
        [None, Some(r"https://(xxy|xy|y)\.com")],
    ),
    // Anchors, flags, subdomains and ports.
    (
        r"^https://(.*\.)?(www)?example\.com(:\d+)?$",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"^https://(.*\.)?(www\.)?example\.com(:\d+)?$"),
            Some(r"^https://(.*\.)?(wwwexample|example)\.com(:\d+)?$"),
        ],
    ),
    (
        r"(?i)https://(WWW)?Example\.com",
        "(WWW)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"(?i)https://(WWW\.)?Example\.com"),
            Some(r"(?i)https://(wwwexample|example)\.com"),
        ],
    ),
    (
        r"(?x) https:// (www)? example \. com",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"(?x) https:// (www\.)? example \. com"),
            Some(r"(?x) https:// (wwwexample|example) \. com"),
        ],
    ),
    (
        r"https://(?:(?P<w>www))??example\.com",
        "(?:(?P<w>www))??",
        ["https://example.com", "https://wwwexample.com"],
        [
            Some(r"https://(?:(?P<w>www)\.)??example\.com"),
            Some(r"https://(wwwexample|example)\.com"),
        ],
    ),
    (
        r"https://(|www)example\.com",
        "(|www)",
        ["https://example.com", "https://wwwexample.com"],
        [None, Some(r"https://(example|wwwexample)\.com")],
    ),
    (
        r"(https|app)://(www)?example\.com:(8080|8443)",
        "(www)?",
        ["https://example.com:8080", "https://wwwexample.com:8080"],
        [
            Some(r"(https|app)://(www\.)?example\.com:(8080|8443)"),
            Some(r"(https|app)://(wwwexample|example)\.com:(8080|8443)"),
        ],
    ),
    // What stands for labels without number cannot be listed.
    (
        r"https://(([a-z]+\.)*(www)?)example\.com",
        "(www)?",
        ["https://example.com", "https://wwwexample.com"],
        [Some(r"https://(([a-z]+\.)*(www\.)?)example\.com"), None],
    ),
    // A name that no list knows, and too large for an automaton.
    (
        r"https://(www)?acme\.corp",
        "(www)?",
        ["https://acme.corp", "https://wwwacme.corp"],
        [
            Some(r"https://(www\.)?acme\.corp"),
            Some(r"https://(wwwacme|acme)\.corp"),
        ],
    ),
    (
        r"https://.{25}a.*\.(a|b)example\.com",
        "(a|b)",
        ["aexample.com", "bexample.com"],
        [None, None],
    ),
];

#[cfg(feature = "public-suffix")]
const BELOW_SUFFIXES: &[Row<'_>] = &[
    (
        r"https://example\.co(m|\.uk)",
        r"(m|\.uk)",
        ["https://example.com", "https://example.co.uk"],
        [None, Some(r"https://example\.(com|co\.uk)")],
    ),
    (
        r"https://acme(-staging)?\.vercel\.app",
        "(-staging)?",
        ["https://acme.vercel.app", "https://acme-staging.vercel.app"],
        [None, Some(r"https://(acme-staging|acme)\.vercel\.app")],
    ),
    // One of them is a suffix itself.
    (
        r"https://(www)?github\.io",
        "(www)?",
        ["https://github.io", "https://wwwgithub.io"],
        [
            Some(r"https://(www\.)?github\.io"),
            Some(r"https://(wwwgithub|github)\.io"),
        ],
    ),
];
#[cfg(not(feature = "public-suffix"))]
const BELOW_SUFFIXES: &[Row<'_>] = &[(
    // `co.uk` is the domain, since it is not known as a suffix.
    r"https://example\.co(m|\.uk)",
    r"(m|\.uk)",
    ["https://example.co.uk", "https://example.com"],
    [None, Some(r"https://example\.(com|co\.uk)")],
)];

#[test]
fn a_choice_within_a_label_is_refused_with_credentials_and_what_is_advised_is_not() {
    for (text, part, shown, [with_dot, whole]) in CHOICES.iter().chain(BELOW_SUFFIXES) {
        let message = refused(text).expect(text);
        let [one, other] = shown;
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
        let origins = [(*one).to_owned(), (*other).to_owned()];
        if one.contains("://") {
            let policy = regex(text).build().expect(text);
            assert_eq!(admits(policy, &origins), [true, true], "{text}");
            let entries = CorsPolicy::builder().allow_origins(origins.clone());
            assert!(entries.allow_credentials().build().is_ok(), "{text}");
        }
        let advised: Vec<String> = all_between(&advice, '`');
        let wanted: Vec<&str> = with_dot.iter().chain(whole).copied().collect();
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
fn whole_labels_and_what_is_beyond_the_domain_may_vary() {
    for text in [
        r"https://(www\.)?example\.(com|co\.uk)",
        r"https://example\.(com|co)",
        r"https://example(\.com|\.co\.uk)",
        r"https://(example|example-cdn)\.com",
        r"https://(?:www\.|)example\.com",
        r"https://(example\.com|examples\.com)",
        r"https://example\.com|https://examples\.com",
        r"^(https://(www\.)?a\.example|https://b\.example)$",
        r"https://(.*\.)?example\.com",
        r"https://([a-z0-9-]+\.)*example\.(com|org)",
        // Left of the domain, all is below it.
        r"https://(dev-|staging-)?api\.example\.com",
        r"https://(dev|staging)?api?\.example\.(com|org)",
        r"https://a(b\.|\.(c\.)?)example\.com",
        r"https://(www\.exam|exam)ple\.com",
        // Schemes and ports.
        r"https(:|:)//example\.(com|org)",
        r"(https|capacitor|ionic)://(example|beispiel)\.com",
        r"https://example\.(com|org)(:\d+)?",
        r"https://example\.(com|org)(:8?080|:84?43)",
        // No choice: it is there each time, or never.
        r"https://(example){1}\.(com|org)",
        r"https://w{3}example\.(com|org)",
        r"https://(www){2,2}example\.(com|org)",
        r"https://(www|WWW)example\.com|https://example\.org",
        // Nor are the same ones, or one of which the others match nothing. Found by the model below.
        r"https://(x-|\.)q(\.b)?\.com",
        r"https://(\.|(ab|ab|\.))q(\.b)?\.com",
        r"https://(e|E)xample\.com|https://example\.org",
        r"https://(WWW)?example\.com|https://example\.org",
        r"https://[Ee]xample\.com|https://[Ff]oo\.com",
        r"https://(www\b)?example\.com|https://example\.org",
        r"https://(www)?example\.com/|https://example\.(com|org)",
        // Classes list letters.
        r"https://example[.](com|org)",
        r"https://example-[0-9a-f]\.com",
        r"https://[ab]\.com|https://[ab][cd]\.org",
        // No domains.
        r"https://(my)?localhost",
        r"https://10\.0\.0\.1(2|3)?",
        r"https://(my)?intranet",
        r"(app|ionic)://(www)?example\.com",
    ] {
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

/// The judgement is that of a model that goes through all the hosts.
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
