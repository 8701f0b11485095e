#![no_main]
//! The lint of a regex: an accepted regex admits only few domains, addresses and schemes, as far as edits of an origin can
//! show; the message of a refused regex is true; and the lint does not take too long. The last line of the input is an origin,
//! and the rest is the regex.

use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    time::Duration,
};

use actix_cors_policy::{CorsPolicy, Origin, PolicyErrorKind, PolicyErrors};
use actix_cors_policy_fuzz::{Sampler, is_regex, whole_match};
use cpu_time::ThreadTime;
use libfuzzer_sys::fuzz_target;
use regex_automata::meta::Regex;

/// More than sixteen characters, so that one open character makes more domains than the limit.
const ALPHABET: &[u8] = b"abcdefghijklmnopqrst01-.";

fuzz_target!(|text: &str| {
    let (regex, origin) = text.rsplit_once('\n').unwrap_or((text, ""));
    match build_in_time(regex) {
        Ok(policy) => {
            let oracle = whole_match(regex);
            // Texts made from the regex are more often origins than texts that the fuzzer guessed.
            let made = matching_texts(regex, origin, 20).into_iter();
            let mut origins = std::iter::once(origin.to_owned()).chain(made);
            if let Some(origin) = origins.find(|origin| admits(&oracle, origin)) {
                check_edits(&policy, regex, &oracle, &origin);
            }
            check_choice_warning(regex, &policy, &oracle);
        }
        // The text is not a regex, so the lint did not run.
        Err(errors) if regex == "*" || has_any(&errors, &NOT_A_REGEX) => {}
        // A pattern of another kind, of which only some are regexes.
        Err(errors) if has_any(&errors, &[PolicyErrorKind::Wildcard]) && !is_regex(regex) => {}
        Err(errors) => check_message(&errors, &whole_match(regex), regex, origin),
    }
});

const NOT_A_REGEX: [PolicyErrorKind; 5] = [
    PolicyErrorKind::Empty,
    PolicyErrorKind::WhiteSpace,
    PolicyErrorKind::NonAscii,
    PolicyErrorKind::RegexSyntax,
    PolicyErrorKind::RegexSize,
];

fn has_any(errors: &PolicyErrors, kinds: &[PolicyErrorKind]) -> bool {
    let mut errors = errors.as_slice().iter();
    errors.any(|error| kinds.contains(&error.kind()))
}

/// Texts that a regex matches, up to the length of origins. The seed comes from the input, so that a finding is
/// reproducible.
fn matching_texts(regex: &str, origin: &str, count: usize) -> Vec<String> {
    let seed = origin
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let Some(mut sampler) = Sampler::new(regex, seed) else {
        return Vec::new();
    };
    (0..count).filter_map(|_| sampler.text()).collect()
}

/// Builds a policy and checks that this does not take too long. Normally it takes a fraction of the limit, but fuzzed code is
/// instrumented. CPU time is measured, because the machine may do other work.
fn build_in_time(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    const LIMIT: Duration = Duration::from_secs(4);
    let start = ThreadTime::now();
    let built = CorsPolicy::builder().allow_origin_regex(regex).build();
    let took = start.elapsed();
    assert!(took < LIMIT, "takes {took:?} to build: {regex:?}");
    built
}

/// Checks the message of a refused regex.
fn check_message(errors: &PolicyErrors, oracle: &Regex, regex: &str, origin: &str) {
    let message = errors.to_string();
    let [error] = errors.as_slice() else {
        panic!("{message}");
    };
    if error.kind() == PolicyErrorKind::RegexNeverMatches {
        for origin in [origin, "https://a.example", "http://localhost:3000"] {
            assert!(!admits(oracle, origin), "{message}: {origin}");
        }
        for origin in matching_texts(regex, origin, 100) {
            assert!(!admits(oracle, &origin), "{message}: {origin}");
        }
    }
    let admitted = error.fix().strip_prefix("it admits `");
    let shown = admitted.map(|rest| rest.split_once('`').expect("the end of a quotation"));
    // A long origin is shortened in the message.
    let shown = shown.filter(|(_, rest)| !rest.starts_with("… of ")).map(|(origin, _)| origin);
    if let Some(origin) = shown {
        assert!(admits(oracle, origin), "{message}");
    }
    if let Some(safer) = error.suggestion() {
        let built = CorsPolicy::builder().allow_origin_regex(safer).build();
        assert!(built.is_ok(), "{message}");
        let oracle = whole_match(safer);
        assert!(
            !shown.is_some_and(|origin| admits(&oracle, origin)),
            "{message}"
        );
    }
}

/// Checks the warning about a choice within a label: both domains are admitted, and the suggestions have no such choice.
fn check_choice_warning(regex: &str, policy: &CorsPolicy, oracle: &Regex) {
    let choice = |policy: &CorsPolicy| {
        let mut warnings = policy.warnings().iter().map(ToString::to_string);
        warnings.find(|warning| warning.contains("regex has a choice within a label"))
    };
    let Some(message) = choice(policy).filter(|_| !regex.contains(['`', '"'])) else {
        return;
    };
    let (_, admitted) = message.rsplit_once("` is a choice within a label and admits ").expect("two domains");
    let (admitted, suggestion) = admitted.split_once("; ").expect("a suggestion");
    for origin in admitted.split('`').skip(1).step_by(2) {
        assert!(!origin.contains("://") || admits(oracle, origin), "{message}");
    }
    for text in suggestion.split('`').skip(1).step_by(2) {
        match CorsPolicy::builder().allow_origin_regex(text).build() {
            Ok(policy) => assert!(choice(&policy).is_none(), "{message}"),
            Err(errors) => panic!("{message}: {errors}"),
        }
    }
}

/// Checks that few edits of an admitted origin are admitted too.
fn check_edits(policy: &CorsPolicy, regex: &str, oracle: &Regex, origin: &str) {
    let (scheme, rest) = origin.split_once("://").expect("an origin");
    let schemes = [
        "http", "https", "ws", "wss", "ftp", "x", "xhttps", "httpss", "a-b",
    ];
    let schemes: Vec<&str> = schemes
        .into_iter()
        .filter(|scheme| admits(oracle, &format!("{scheme}://{rest}")))
        .collect();
    assert!(schemes.len() <= 4, "{regex:?}: {schemes:?}");

    if !["http", "https", "ws", "wss", "ftp"].contains(&scheme) {
        return;
    }
    let mut hosts = BTreeSet::new();
    for at in 0..=rest.len() {
        for byte in ALPHABET {
            let byte = char::from(*byte);
            let (before, after) = rest.split_at(at);
            hosts.insert(format!("{before}{byte}{after}"));
            if let Some(after) = after.get(1..) {
                hosts.insert(format!("{before}{byte}{after}"));
            }
        }
    }
    for word in ["evil", "evil.", "a.b.", "1.1.1.1"] {
        hosts.insert(format!("{word}{rest}"));
        hosts.insert(format!("{rest}{word}"));
    }
    let mut domains = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    let mut suffixes = BTreeSet::new();
    for rest in hosts {
        let origin = format!("{scheme}://{rest}");
        let Some(origin) = Origin::parse(&origin).filter(|_| admits(oracle, &origin)) else {
            continue;
        };
        if let Ok(address) = origin.host().parse::<Ipv4Addr>() {
            if !address.is_private() && !address.is_loopback() {
                addresses.insert(address);
            }
        } else if let Some(domain) = psl::domain(origin.host().as_bytes())
            && domain.suffix().typ() == Some(psl::Type::Icann)
        {
            domains.insert(String::from_utf8_lossy(domain.as_bytes()).into_owned());
        } else if let Some(suffix) = psl::suffix(origin.host().as_bytes())
            && suffix.is_known()
            && suffix.as_bytes() == origin.host().as_bytes()
        {
            suffixes.insert(origin.host().to_owned());
        }
    }
    // A name directly below the base of a wildcard rule is a public suffix too, so anyone can register names below it.
    let mut warnings = policy.warnings().iter().map(ToString::to_string);
    let is_claimable = warnings.any(|text| text.contains("names that anyone can register are allowed"));
    assert!(
        suffixes.len() <= 16 || is_claimable,
        "{regex:?}: {suffixes:?}"
    );
    assert!(domains.len() <= 16, "{regex:?}: {domains:?}");
    assert!(addresses.len() <= 1, "{regex:?}: {addresses:?}");
}

fn admits(oracle: &Regex, origin: &str) -> bool {
    Origin::parse(origin).is_some() && oracle.is_match(origin)
}
