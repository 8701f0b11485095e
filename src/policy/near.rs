//! What a denied method or header nearly is, and what to set. Only where somebody asks why.

use super::{Rules, places::Words};
use crate::{error::Ticked, origin::Difference};

/// In what, and the sentence.
pub(super) type Sentence = (Difference, String);

pub(super) fn method(rules: &Rules, method: &[u8], words: &Words) -> Option<Sentence> {
    let method = std::str::from_utf8(method).ok()?;
    let setting = words.name("allow_methods", "ALLOWED_METHODS");
    let in_another_case = rules
        .methods()
        .find(|known| known.eq_ignore_ascii_case(method));
    Some(match in_another_case {
        Some(known) => (
            Difference::MethodCase,
            format!(
                "{} where {} is allowed, and methods compare with case",
                Ticked(method),
                Ticked(known)
            ),
        ),
        None => (
            Difference::Method,
            format!(
                "{} is not among the allowed methods; add it to `{setting}`",
                Ticked(method)
            ),
        ),
    })
}

pub(super) fn header(rules: &Rules, name: &[u8], words: &Words) -> Option<Sentence> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let setting = words.name("allow_headers", "ALLOWED_HEADERS");
    if rules.any_header {
        let any = match words {
            Words::Setters => "any header",
            Words::Variables(_) => "`*`",
        };
        return Some((
            Difference::Authorization,
            format!("{any} does not cover `authorization`; name it too, in `{setting}`"),
        ));
    }
    if fetch_standard::is_forbidden_request_header_name(&name) {
        return Some((
            Difference::Header,
            format!(
                "{} is a header that no page can set, so no browser asks for it",
                Ticked(&name)
            ),
        ));
    }
    let is_near = |known: &&String| {
        known.len().abs_diff(name.len()) <= 2
            && name.len() > 4
            && strsim::osa_distance(known, &name) <= 2
    };
    Some(match rules.headers.as_slice().iter().find(is_near) {
        Some(known) => (
            Difference::HeaderSpelling,
            format!(
                "{} where {} is allowed; correct it, or add it to `{setting}`",
                Ticked(&name),
                Ticked(known)
            ),
        ),
        None => (
            Difference::Header,
            format!(
                "{} is not among the allowed headers; add it to `{setting}`",
                Ticked(&name)
            ),
        ),
    })
}

pub(super) fn credentials(rules: &Rules, words: &Words) -> Sentence {
    let sentence = if rules.any_origin() {
        "credentials never go with any origin; list the origins that may send them".to_owned()
    } else {
        match words {
            Words::Setters => {
                "the policy does not allow credentials; call `allow_credentials`".to_owned()
            }
            Words::Variables(_) => format!(
                "the policy does not allow credentials; set `{}` to `true`",
                words.name("", "ALLOW_CREDENTIALS")
            ),
        }
    };
    (Difference::Credentials, sentence)
}
