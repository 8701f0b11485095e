//! The error for a refused entry, depending on what was probably meant.

use super::fixes_with_credentials::NOT_WITH_CREDENTIALS;
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::{Entry, Lint, Meant, WRITE_ORIGIN, of_each, one_entry, one_own_origin},
    policy::{
        env::in_another_form,
        meant_names::{known_names, value_of_name},
        setting::ListKind,
    },
    settings,
};

/// The error for a refused entry. `violation` is the first rule that it breaks, from left to right.
pub(super) fn refused_entry(
    location: &Location,
    text: &str,
    violation: Violation,
    lint: &mut Option<Lint>,
) -> Violation {
    // These have their own messages.
    if text.is_empty() || text == "*" || text.eq_ignore_ascii_case("none") {
        return violation;
    }
    if is_path_of_file(text) {
        let fix = Fix::from("to read origins from a file, give its path to ")
            .and(Piece::Named(settings::ORIGINS_FILE));
        return Violation::new(Kind::Scheme, "entry must be an origin, and is a path", fix);
    }
    // `1` and `0` are words alone, and not behind another entry.
    let is_behind = location.entry().is_some_and(|number| number > 1);
    let meant = Meant::by(text).filter(|_| !is_behind || !["1", "0"].contains(&text));
    let no_origin = |rule: &'static str, fix: Fix| Violation::new(Kind::Scheme, rule, fix);
    match &meant {
        Some(Meant::Any) => {
            let fix = Fix::from("to allow any origin, ").and(Piece::SwitchOn(settings::ANY_ORIGIN));
            return Violation::new(Kind::Wildcard, "entry is not an origin", fix);
        }
        Some(Meant::None) => {
            let fix = Fix::from("list the origins; to deny every origin, ")
                .and(Piece::SwitchOn(settings::NO_ORIGIN));
            return no_origin("entry is not an origin", fix);
        }
        Some(Meant::Own) => {
            let fix = Fix::from("remove it: a page needs no permission for its own origin; to deny every other one, ")
                .and(Piece::SwitchOn(settings::NO_ORIGIN));
            return no_origin("entry is not an origin", fix);
        }
        Some(Meant::Placeholder) => {
            return Violation::placeholder().spanning(
                violation
                    .span
                    .filter(|_| violation.kind == Kind::Placeholder),
            );
        }
        // It may be a port of the entry before it, which in a variable is proposed for the whole list.
        Some(Meant::Port(_)) if is_behind && !text.contains('*') && !location.has_separators() => {
            return violation.with_fix(WRITE_ORIGIN);
        }
        Some(Meant::Port(entry)) => {
            let fix = Fix::from("for this machine, write ").and(Piece::Value(entry.clone()));
            return violation.with_fix(match text.contains(['*', '+']) {
                true => fix
                    .and("; to allow any origin, ")
                    .and(Piece::SwitchOn(settings::ANY_ORIGIN)),
                false => fix,
            });
        }
        Some(Meant::Entries(entries)) => {
            return violation.with_fix(write_each(location, entries));
        }
        Some(Meant::Regex(_)) | None => {}
    }
    // Then the text that looks like a query is a glob.
    let is_glob = violation.kind == Kind::Path
        && !text.contains('\\')
        && matches!(meant, Some(Meant::Regex(_)));
    let violation = match is_glob {
        true => Violation::new(
            Kind::Wildcard,
            "entry must not have a wildcard within a label",
            violation.fix,
        ),
        false => violation,
    };
    let mut corrected = Entry::correct(text, violation);
    if corrected.kind == Kind::UpperCase && corrected.fix.value().is_none() && !text.contains("://")
    {
        // In lower case, it has no scheme either.
        corrected = no_origin("origin must have a scheme", WRITE_ORIGIN.into());
    }
    if corrected.fix.value().is_some() && !matches!(meant, Some(Meant::Regex(_))) {
        return corrected;
    }
    match meant {
        Some(Meant::Regex(forms))
            if !(corrected.kind == Kind::Separator && text.contains([';', ' '])) =>
        {
            let lint = lint.get_or_insert_with(Lint::new);
            let good = forms.iter().find(|form| lint.is_good_text(form));
            let good = good.cloned().or_else(|| {
                let mut forms = forms.iter();
                forms.find_map(|form| lint.good_text(form))
            });
            match good {
                Some(regex) => corrected.with_fix(
                    Fix::from("use a regex: ").and(Piece::Add(settings::ORIGIN_REGEXES, regex)),
                ),
                // If it is clear that a regex is needed, `corrected` says so already.
                None => corrected,
            }
        }
        _ => match in_another_form(text, &one_entry).or_else(|| at_commas(text)) {
            Some(entries) => corrected.with_fix(write_each(location, &entries)),
            None => corrected,
        },
    }
}

/// Whether a text is the path of a file, and not of a URL.
fn is_path_of_file(text: &str) -> bool {
    const STARTS: [&str; 6] = ["/etc/", "/run/", "/var/", "/opt/", "./", "~/"];
    const ENDS: [&str; 5] = [".txt", ".list", ".conf", ".cfg", ".csv"];
    let path = text.strip_prefix('@').unwrap_or(text);
    let path = path.strip_prefix("file://").unwrap_or(path);
    let is_absolute = path.starts_with('/') || path.get(1..3) == Some(":\\");
    STARTS.iter().any(|start| path.starts_with(start))
        || (is_absolute && ENDS.iter().any(|end| path.ends_with(end)))
}

/// The entries of a list that code gives as one: in a variable, commas separate them already.
fn at_commas(text: &str) -> Option<Vec<String>> {
    let entries: Vec<&str> = text.split(',').collect();
    of_each(&entries, &one_entry).filter(|entries| entries.len() > 1)
}

/// The same of an entry whose origins may send credentials, where others may not: settings of the allowlist are no way out.
pub(super) fn refused_credential_entry(
    location: &Location,
    text: &str,
    violation: Violation,
    lint: &mut Option<Lint>,
) -> Violation {
    let violation = refused_entry(location, text, violation, lint);
    if violation.fix.value().is_some() && !violation.fix.names(settings::ORIGIN_REGEXES) {
        return violation;
    }
    if violation.fix.switches_on(settings::ANY_ORIGIN) {
        let fix = "list the origins that may send credentials";
        return Violation::new(Kind::CredentialsWithAnyOrigin, NOT_WITH_CREDENTIALS, fix);
    }
    if violation.fix.switches_on(settings::NO_ORIGIN) {
        return violation
            .with_fix("remove it: no other origin than those listed may send credentials");
    }
    if violation.fix.names(settings::ORIGIN_REGEXES) || violation.fix.names(settings::ORIGINS_FILE)
    {
        return violation
            .with_fix("list the origins, or all subdomains, as in `https://*.example.com`");
    }
    violation
}

/// The same of a refused own origin.
pub(super) fn refused_own_origin(
    location: &Location,
    text: &str,
    violation: Violation,
) -> Violation {
    let violation = Entry::correct_own(text, violation);
    if violation.fix.value().is_some() || violation.kind == Kind::Placeholder {
        return violation;
    }
    let entries = match Meant::by(text) {
        Some(Meant::Entries(entries)) => of_each(&entries, &one_own_origin),
        _ => in_another_form(text, &one_own_origin),
    };
    match entries {
        Some(entries) => violation.with_fix(write_each(location, &entries)),
        None => violation,
    }
}

/// The same of a refused name.
pub(super) fn refused_name(
    location: &Location,
    kind: ListKind,
    text: &str,
    violation: Violation,
) -> Violation {
    let is_of_form = matches!(
        violation.kind,
        Kind::WhiteSpace | Kind::Separator | Kind::Quotes | Kind::Method | Kind::HeaderName
    );
    if !is_of_form || violation.fix.value().is_some() {
        return violation;
    }
    let names = in_another_form(text, &|part| value_of_name(kind, part))
        .or_else(|| known_names(kind, text))
        .filter(|names| !names.is_empty());
    match names {
        Some(names) => violation.with_fix(write_each(location, &names)),
        None => violation,
    }
}

/// What is to be written in place of an entry.
fn write_each(location: &Location, entries: &[String]) -> Fix {
    if location.has_separators() || entries.len() == 1 {
        return Fix::from("write ").and(Piece::Value(entries.join(",")));
    }
    let mut quoted = Vec::new();
    for entry in entries {
        quoted.push(format!("`{entry}`"));
    }
    let apart = match location.file() {
        Some(_) => "write each on a line of its own",
        None => "pass each entry separately",
    };
    format!("{apart}: {}", quoted.join(", ")).into()
}
