//! The check of regexes: whom they admit, whom they would admit, and what their author may have meant.

use std::time::{Duration, Instant};

use actix_cors_policy::{CorsPolicy, Origin, PolicyErrorKind as Kind, PolicyErrors};

use crate::{
    rows::{optional, table},
    suffix_rules,
    support::ask_all,
};

fn built(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder().allow_origin_regex(regex).build()
}

fn built_lax(regex: &str) -> CorsPolicy {
    CorsPolicy::builder()
        .allow_origin_regex(regex)
        .danger_allow_lax_regexes()
        .build()
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn with_credentials(regex: &str) -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_origin_regex(regex)
        .allow_credentials()
        .build()
}

fn warnings(policy: &CorsPolicy) -> Vec<String> {
    policy.warnings().iter().map(ToString::to_string).collect()
}

/// In a word: what is done about a regex. The words are those of `data/regexes.tsv`.
fn verdict(regex: &str) -> &'static str {
    match built(regex) {
        Ok(policy) => {
            let warnings = warnings(&policy).concat();
            if warnings.contains("names that anyone can register are allowed") {
                "claimable"
            } else if warnings.contains("choice within a label") {
                "choice"
            } else {
                "fine"
            }
        }
        Err(errors) => match errors.as_slice() {
            [error] => match error.kind() {
                Kind::LaxRegex => "lax",
                Kind::RegexNeverMatches => "never",
                Kind::Wildcard => "entry",
                other => panic!("{regex}: {other:?}"),
            },
            _ => panic!("{regex}: {errors}"),
        },
    }
}

fn admits(policy: CorsPolicy, origin: &str) -> bool {
    let (answers, _) = ask_all(policy, &[&format!("GET /plain\norigin: {origin}")]);
    let acao = answers
        .first()
        .map(|answer| answer.header("access-control-allow-origin"));
    acao.is_some_and(|acao| acao == [origin])
}

/// The text between two marks in a message.
fn between<'a>(message: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}

/// What people write, from public configurations. What a refusal shows is true, and what it advises is accepted.
#[test]
fn what_people_write_is_checked_and_fixed() {
    let rows = table(include_str!("data/regexes.tsv"));
    assert!(rows.len() >= 250);
    let (mut shown, mut fixed, mut refused) = (0, 0, 0);
    for [wanted, regex, _] in &rows {
        assert_eq!(verdict(regex), wanted, "{regex}");
        let Err(errors) = built(regex) else { continue };
        let message = errors.to_string();
        refused += 1;
        if let Some(origin) = between(&message, "it admits `", "`") {
            assert!(Origin::parse(origin).is_some(), "{message}");
            assert!(admits(built_lax(regex), origin), "{message}");
            shown += 1;
        } else {
            assert_ne!(wanted, "lax", "{message}");
        }
        if let Some(safer) = between(&message, "write `", "`") {
            assert!(built(safer).is_ok(), "{message}");
            if let Some(origin) = between(&message, "it admits `", "`") {
                assert!(!admits(built_lax(safer), origin), "{message}");
            }
            fixed += 1;
        }
        assert!(
            warnings(&built_lax(regex))
                .concat()
                .contains("lax regex is allowed"),
            "{regex}"
        );
    }
    assert!(
        shown >= 80 && fixed * 3 > refused,
        "{shown} {fixed} {refused}"
    );
}

/// A few milliseconds each; without optimization, not for ever.
#[test]
fn a_check_is_quick_and_bounded() {
    let bound = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 10 });
    let time = |regex: &str| {
        let once = || {
            let start = Instant::now();
            let _ = built(regex);
            start.elapsed()
        };
        // The quickest of some: other programs want to run, too.
        let times = if cfg!(debug_assertions) { 1 } else { 5 };
        (0..times).map(|_| once()).min().unwrap_or_default()
    };
    for [_, regex, _] in table(include_str!("data/regexes.tsv")) {
        let taken = time(&regex);
        assert!(taken < bound, "{regex}: {taken:?}");
    }
    // What is made to be slow.
    let long = ["https://a\\.example|".repeat(2_000)];
    let hostile = table(include_str!("data/regex_slow.tsv")).into_iter();
    assert!(hostile.len() >= 16);
    for [regex] in hostile.chain([long]) {
        let taken = time(&regex);
        assert!(
            taken < bound * 50,
            "{}: {taken:?}",
            regex.get(..60).unwrap_or(&regex)
        );
    }
}

/// Once, the shortest host was shown, which more often than not is the author's own, or none at all.
#[test]
fn the_origin_that_is_shown_is_not_the_authors() {
    let rows = table(include_str!("data/regex_shown.tsv"));
    assert!(rows.len() >= 24);
    for [wanted, regex] in &rows {
        let message = built(regex).expect_err(regex).to_string();
        let shown = between(&message, "it admits `", "`");
        assert_eq!(shown, Some(wanted.as_str()), "{message}");
        assert!(admits(built_lax(regex), wanted), "{message}");
        if let Some(safer) = between(&message, "write `", "`") {
            assert!(!admits(built_lax(safer), wanted), "{message}");
        }
    }
}

/// A fix must mean what its author meant: it admits no domain that the regex did not, and drops no part of it.
#[test]
fn a_fix_with_another_meaning_is_not_advised() {
    let rows = table(include_str!("data/regex_corrected.tsv"));
    assert!(rows.len() >= 28);
    for [wanted, regex] in &rows {
        let message = built(regex).expect_err(regex).to_string();
        let proposed = between(&message, "write `", "`");
        assert_eq!(proposed, optional(wanted), "{regex}");
    }
}

#[test]
fn regexes_are_checked_by_what_they_match() {
    let rows = table(include_str!("data/regex_verdicts.tsv"));
    assert!(rows.len() >= 203);
    for [wanted, regex] in &rows {
        assert_eq!(verdict(regex), wanted, "{regex}");
    }
}

#[test]
fn a_regex_matches_the_whole_origin_or_nothing() {
    let rows = table(include_str!("data/regex_matches.tsv"));
    assert!(rows.len() >= 37);
    for [wanted, regex, origin] in &rows {
        assert!(Origin::parse(origin).is_some(), "{origin}");
        let matches = if admits(built_lax(regex), origin) {
            "yes"
        } else {
            "no"
        };
        assert_eq!(matches, wanted, "{regex} on {origin}");
    }
}

/// Once, some of the shortest texts were tried, and when none of them was an origin, it was said that none is: of
/// `[a-z]{60}.example.com://e`, whose scheme is too long, there are many.
#[test]
fn what_matches_an_origin_is_not_said_to_match_none() {
    let rows = table(include_str!("data/regex_long.tsv"));
    assert!(rows.len() >= 11);
    for [regex, origin] in &rows {
        assert_ne!(verdict(regex), "never", "{regex}");
        assert!(admits(built_lax(regex), origin), "{regex}: {origin}");
    }
}

#[test]
fn a_suffix_that_no_list_knows_is_a_warning() {
    assert_eq!(
        warnings(&built(r"https://.*\.corp").expect("a warning")),
        [
            r"allow_origin_regex: subdomains of an unknown suffix are allowed: `https://.*\.corp` (anyone who can assign names there can read the responses)"
        ]
    );
}

/// Once, wildcard rules of the list did not count: the entry `https://*.eth.limo` was refused, and the regex that admits
/// the same was not. All plain rules are asked about by
/// `proof/fuzz/examples/suffix_verdicts.rs`.
#[test]
fn a_regex_is_refused_below_a_suffix_where_an_entry_is() {
    const ONE_OF: usize = 100;
    let rules = suffix_rules::all();
    assert!(rules.len() > 10_000);
    let (plain, others): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.is_plain());
    assert!(others.len() > 300);
    let asked = plain.into_iter().step_by(ONE_OF).chain(others);
    let wrong = suffix_rules::wrong(asked);
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}

#[test]
fn a_part_that_matches_nothing_is_a_warning() {
    let rows = table(include_str!("data/regex_dead_parts.tsv"));
    assert!(rows.len() >= 5);
    for [part, regex] in &rows {
        let warned = warnings(&built(regex).expect(regex));
        let wanted: Vec<String> = optional(part)
            .map(|part| {
                format!("allow_origin_regex: part of a regex matches no serialized origin: `{part}` (remove it, or correct it)")
            })
            .into_iter()
            .collect();
        assert_eq!(warned, wanted, "{regex}");
    }
}

/// What a regex admits is checked as entries are.
#[test]
fn credentials_are_permitted_if_no_one_can_forge_or_register_the_origin() {
    let rows = table(include_str!("data/regex_credentials.tsv"));
    assert!(rows.len() >= 14);
    for [what, regex] in &rows {
        if what == "other" {
            assert!(with_credentials(regex).is_ok(), "{regex}");
            continue;
        }
        let errors = with_credentials(regex).expect_err(regex);
        assert_eq!(
            errors.to_string(),
            format!(
                "allow_origin_regex: plain http must not be allowed with credentials: `{regex}` (serve the origin over https; `danger_allow_insecure_origins()` permits this, and then anyone on the network path can act as the origin)"
            )
        );
        let lifted = CorsPolicy::builder()
            .allow_credentials()
            .danger_allow_insecure_origins()
            .allow_origin_regex(regex);
        assert!(lifted.build().is_ok(), "{regex}");
        let warned = warnings(&built(regex).expect(regex)).concat();
        assert!(warned.contains("plain http is allowed"), "{warned}");
    }

    let errors = with_credentials("chrome-extension://[a-p]{2}").expect_err("open");
    assert_eq!(
        errors.to_string(),
        "allow_origin_regex: names that anyone can register must not be allowed with credentials: `chrome-extension://[a-p]{2}` (it admits `chrome-extension://ee`; list only your own names; `danger_allow_lax_regexes()` permits this)"
    );
    assert_eq!(
        errors
            .as_slice()
            .first()
            .map(actix_cors_policy::PolicyError::kind),
        Some(Kind::CredentialsWithClaimableOrigin)
    );
    let lifted = CorsPolicy::builder()
        .allow_origin_regex("chrome-extension://[a-p]{2}")
        .allow_credentials()
        .danger_allow_lax_regexes();
    assert_eq!(
        warnings(&lifted.build().expect("lifted")),
        [
            "allow_origin_regex: names that anyone can register are allowed: `chrome-extension://[a-p]{2}` (anyone who registers one can read the responses; list only your own names)"
        ]
    );
}

/// Once, a regex that was too large had no part known to be insecure, and passed with credentials where lax ones may.
#[test]
fn an_unchecked_regex_may_admit_anything() {
    for regex in [
        r"https://.{25}a.*example\.com",
        r"https://[a-z.]{20}a[a-z.]*\.[a-j][a-j]x\.com",
        r"(https://.{15}a.*){3}",
        r".{25}a.*\.example\.com",
    ] {
        let lax = || {
            let builder = CorsPolicy::builder().allow_origin_regex(regex);
            builder.danger_allow_lax_regexes()
        };
        assert!(lax().build().is_ok(), "{regex}");
        let errors = lax().allow_credentials().build().expect_err(regex);
        assert_eq!(
            errors.to_string(),
            format!(
                "allow_origin_regex: regex that may admit plain http must not be allowed with credentials: `{regex}` (it is too large to check; use smaller repetitions, or several regexes; `danger_allow_insecure_origins()` permits this, and then anyone on the network path can act as the origin)"
            )
        );
        let both = lax().allow_credentials().danger_allow_insecure_origins();
        assert!(both.build().is_ok(), "{regex}");
        // Refused for one reason, if lax ones are.
        let errors = with_credentials(regex).expect_err(regex);
        assert_eq!(errors.as_slice().len(), 1, "{errors}");
        assert!(
            errors.to_string().contains("regex is too large"),
            "{errors}"
        );
    }
}

#[test]
fn credentials_do_not_go_below_public_suffixes() {
    let errors = with_credentials(r"https://acme-[a-z]+\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-eevil.vercel.app`; list only"),
        "{errors}"
    );
    // A host right below the suffix is within reach; one below somebody's name there may not be.
    let errors = with_credentials(r"https://acme-.*\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-evil.vercel.app`;"),
        "{errors}"
    );
    let errors = with_credentials(r"https://acme-preview-.*\.vercel\.app").expect_err("open");
    assert!(
        errors
            .to_string()
            .contains("(it admits `https://acme-preview-evil.vercel.app`;"),
        "{errors}"
    );
    let entry = || CorsPolicy::builder().allow_origin("https://*.amazonaws.com");
    assert_eq!(
        warnings(&entry().build().expect("a warning")),
        [
            "allow_origin: names that anyone can register are allowed: `https://*.amazonaws.com` (anyone who registers one can read the responses; list only your own names)"
        ]
    );
    assert_eq!(
        entry()
            .allow_credentials()
            .build()
            .expect_err("open")
            .to_string(),
        "allow_origin: names that anyone can register must not be allowed with credentials: `https://*.amazonaws.com` (there are public suffixes below; list only your own names; `danger_allow_public_suffix_subdomains()` permits this)"
    );
    let lifted = entry()
        .allow_credentials()
        .danger_allow_public_suffix_subdomains();
    assert!(lifted.build().is_ok());
}

/// A proposal is copied, so nothing may be left out of it: not even what looks like a password.
#[test]
fn a_proposal_is_shown_whole_or_not_at_all() {
    for regex in [
        r"http@xs:127.0.0.1ple\.com|h",
        r"user:secret@app\.example\.com|h",
        r"tthpXX@XXs:127.0.0.1ple\.com|h",
    ] {
        let errors = CorsPolicy::builder()
            .allow_origin_regex(regex)
            .build()
            .unwrap_err();
        let message = errors.to_string();
        if let Some(proposed) = between(&message, "write `", "`") {
            let built = CorsPolicy::builder().allow_origin_regex(proposed).build();
            assert!(built.is_ok(), "{message}");
        }
    }
}

/// Browsers send a dot at the end of a host where the address of the page has one.
#[test]
fn a_dot_at_the_end_changes_nothing_about_whose_a_host_is() {
    let rows = table(include_str!("data/regex_end_dots.tsv"));
    assert!(rows.len() >= 19);
    for [wanted, shown, regex] in &rows {
        assert_eq!(verdict(regex), wanted, "{regex}");
        let said = match built(regex) {
            Ok(policy) => warnings(&policy).concat(),
            Err(errors) => errors.to_string(),
        };
        if let Some(shown) = optional(shown) {
            assert!(said.contains(&format!("{shown}`")), "{said}");
        }
    }
}
