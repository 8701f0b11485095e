//! All the origins that a regex matches: schemes, hosts, ports, and what is wrong with them.

use super::{
    graph::Graph,
    hosts::{Claimable, Hosts, LaxHosts, MAX_HOSTS},
    lax_rule::LaxRule,
    origin_kind::OriginKind,
    refusals::it_admits,
    reverse_dfa::TooLarge,
    verdict::{Finding, Verdict},
    walk::{Part, PartText, Walk},
};
use crate::origin::{grammar::is_misspelled_scheme, regex::OriginRegex};

/// How many schemes a regex may admit.
const MAX_SCHEMES: usize = 4;

/// How many origins are kept as examples. The one that is shown is chosen later.
const MAX_EXAMPLES: usize = 16;

/// Looks at all the origins that a regex matches. Examples are looked for only if they will be shown.
pub(super) fn survey(
    regex: &OriginRegex,
    graph: &Graph,
    is_shown: bool,
) -> Result<(Option<Finding>, Verdict), TooLarge> {
    let mut verdict = Verdict::default();
    let mut all = Walk::to(OriginKind::Any, graph);
    let admitted = |origin: &str| regex.admits_text(origin);
    let Some(any) = all.example(&admitted)? else {
        return Ok((Some(Finding::NeverMatches), verdict));
    };
    verdict.insecure = Walk::to(OriginKind::Insecure, graph)
        .example(&admitted)?
        .is_some();

    let ends = all.schemes();
    let schemes = all.texts(Part::Scheme, &ends, MAX_SCHEMES + 1)?;
    let mut custom = Walk::to(OriginKind::Custom, graph);
    if schemes.len() > MAX_SCHEMES {
        let mut origins = Vec::from_iter(custom.example(&admitted)?);
        if let Some((_, rest)) = any.split_once("://") {
            // Those of the web last: a scheme that browsers do not know is the better example.
            for is_web in [false, true] {
                for PartText { text, .. } in &schemes {
                    if fetch_standard::default_port(text).is_some() == is_web {
                        origins.push(format!("{text}://{rest}"));
                    }
                }
            }
        }
        origins.push(any);
        origins.retain(|origin| admitted(origin));
        let finding = Finding::Lax(LaxRule::ManySchemes, origins);
        return Ok((Some(finding), verdict));
    }

    let mut web = Walk::to(OriginKind::Web, graph);
    let ports = web.ports()?;
    let mut web_first = vec!["https", "http"];
    for PartText { text, .. } in &schemes {
        verdict.misspelled_scheme |= is_misspelled_scheme(text);
        web_first.push(text);
    }
    let example = |scheme: &str, host: &str| {
        // A dot at the end of a host was skipped.
        for dot in ["", "."] {
            for port in &ports {
                let origin = format!("{scheme}://{host}{dot}{}", port.text);
                if admitted(&origin) {
                    return Some(origin);
                }
            }
        }
        None
    };
    let examples = |hosts: &[String]| {
        let mut origins = Vec::new();
        for scheme in &web_first {
            for host in hosts {
                if origins.len() < MAX_EXAMPLES {
                    origins.extend(example(scheme, host));
                }
            }
        }
        origins
    };
    let mut hosts = Hosts::of(&mut web, is_shown)?;
    let choice = hosts.choice(regex.as_str());
    match hosts.risks()? {
        Ok(risks) => {
            verdict.label_choice = choice.map(|choice| choice.shown_by(&examples));
            verdict.unknown_suffix = risks.unknown_suffix;
            verdict.claimable = risks.claimable.map(|names| match names {
                Claimable::Hosts(hosts) => it_admits(examples(&hosts).first()),
                Claimable::Below(domain) => format!("there are public suffixes below {domain}"),
            });
        }
        Err(LaxHosts { rule, hosts }) => {
            return Ok((Some(Finding::Lax(rule, examples(&hosts))), verdict));
        }
    }
    // The hosts of other schemes are not domains but the names of extensions and apps.
    let ends = custom.ends();
    if custom.texts(Part::Host, &ends, MAX_HOSTS + 1)?.len() > MAX_HOSTS {
        let example = custom.example(&admitted)?;
        let reason = || it_admits(example.as_ref());
        verdict.claimable.get_or_insert_with(reason);
    }
    Ok((None, verdict))
}
