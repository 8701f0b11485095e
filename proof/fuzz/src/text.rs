//! Policies and requests in the notation of the tests: `NAME=value` lines, and `METHOD /path` with one header per line. So a
//! row of a test can be a seed, and an input that the fuzzer finds can be a row of a test.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

use actix_cors_policy::CorsPolicy;
use actix_web::http::{
    Method, Version,
    header::{
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, COOKIE, HOST, HeaderName,
        HeaderValue, ORIGIN,
    },
    uri::Authority,
};

use crate::model::{self, Asked, Asks};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Parses variables, one per line. `\n` in a value is a line break.
pub fn variables(prefix: &str, text: &[u8]) -> Vec<(OsString, OsString)> {
    text.split(|&byte| byte == b'\n')
        .filter_map(|line| {
            let (name, value) = split_once(line, b'=')?;
            let name = [prefix.as_bytes(), name].concat();
            Some((OsString::from_vec(name), with_line_breaks(value)))
        })
        .collect()
}

fn with_line_breaks(value: &[u8]) -> OsString {
    let mut text = Vec::with_capacity(value.len());
    let mut rest = value;
    loop {
        match rest {
            [b'\\', b'n', after @ ..] => {
                text.push(b'\n');
                rest = after;
            }
            [byte, after @ ..] => {
                text.push(*byte);
                rest = after;
            }
            [] => return OsString::from_vec(text),
        }
    }
}

/// A policy, and its settings for the model.
pub struct Policy {
    pub policy: CorsPolicy,
    asked: Asked,
}

impl Policy {
    /// The policy of variables without their prefix. `None` if the variables are refused, or if there is a regex that is not
    /// in the short list: the model compiles regexes for every request, which would take too long for others.
    pub fn parse(text: &[u8]) -> Option<Self> {
        const REGEXES: [&str; 4] = [
            r"https://[a-z]+\.example\.com",
            r"https://pr-[0-9]+\.example\.dev",
            r"https://a\.example|https://a\.example\.com",
            r"http://localhost(:\d+)?",
        ];
        let vars = variables("", text);
        let asked = asked(&vars)?;
        if !asked
            .regexes
            .iter()
            .all(|text| REGEXES.contains(&text.as_str()))
        {
            return None;
        }
        let vars = vars.iter().map(|(name, value)| {
            let mut full = OsString::from("CORS_");
            full.push(name);
            (full, value)
        });
        let policy = CorsPolicy::from_vars("CORS_", vars).ok()?;
        Some(Self { policy, asked })
    }

    /// The response to a request according to the model.
    pub fn wanted(&self, request: &Request) -> String {
        let lines = |name: &HeaderName| -> Vec<String> {
            let lines = request.headers.iter().filter(|(other, _)| other == name);
            lines
                .map(|(_, value)| value.as_bytes().iter().copied().map(char::from).collect())
                .collect()
        };
        let asks = Asks {
            method: request.method.to_string(),
            authority: request.authority.as_ref().map(ToString::to_string),
            hosts: lines(&HOST),
            origins: lines(&ORIGIN),
            acrm: lines(&ACCESS_CONTROL_REQUEST_METHOD),
            acrh: lines(&ACCESS_CONTROL_REQUEST_HEADERS),
            sites: lines(&SEC_FETCH_SITE),
            modes: lines(&SEC_FETCH_MODE),
            cookies: lines(&COOKIE),
        };
        model::answer(&self.asked, &asks)
    }
}

/// The settings of variables that make a valid policy. `None` if a value is not Unicode, which never makes one.
fn asked(vars: &[(OsString, OsString)]) -> Option<Asked> {
    let mut asked = Asked::default();
    for (name, value) in vars {
        let value = value.to_str()?.trim();
        let flag = ["true", "1", "yes", "on"].contains(&value.to_ascii_lowercase().as_str());
        match name.to_str()? {
            "ALLOWED_ORIGINS" => {
                asked.entries = list(value, |a, b| a == b);
                asked.entries.retain(|entry| entry != "none");
            }
            "ALLOWED_ORIGIN_REGEXES" => {
                asked.regexes = value.split_whitespace().map(str::to_owned).collect();
            }
            "ALLOWED_METHODS" => {
                asked.methods = list(value, |a, b| a == b);
                let safelisted = ["GET", "HEAD", "POST"];
                asked
                    .methods
                    .retain(|name| !safelisted.contains(&name.as_str()));
            }
            "ALLOWED_HEADERS" => asked.headers = list(value, str::eq_ignore_ascii_case),
            "EXPOSED_HEADERS" => asked.exposed = list(value, str::eq_ignore_ascii_case),
            "ALLOW_CREDENTIALS" => asked.credentials = flag,
            "ALLOW_CREDENTIALS_FOR" => {
                asked.credentials_for = list(value, |a, b| a == b);
                asked.credentials_for.retain(|entry| entry != "none");
            }
            "DANGER_OMIT_VARY_FOR_ANY_ORIGIN" => asked.omit_vary_for_any_origin = flag,
            "REJECT_DENIED_ORIGINS" => asked.reject_denied_origins = flag,
            "OWN_ORIGINS" => asked.own_origins = list(value, |a, b| a == b),
            // What is in a file is no input of a fuzzer.
            "ALLOWED_ORIGINS_FILE" => return None,
            "MAX_AGE" => asked.max_age = value.parse().ok(),
            // The model does not include the explanations in responses to denied preflights.
            "DIAGNOSTICS" if flag => return None,
            "PREFLIGHT_STATUS" => asked.preflight_status = value.parse().ok(),
            _ => {}
        }
    }
    Some(asked)
}

/// The entries of a list, without duplicates.
fn list(text: &str, same: fn(&str, &str) -> bool) -> Vec<String> {
    let mut entries = Vec::<String>::new();
    for entry in text.split([',', '\n']).map(str::trim) {
        if !entry.is_empty() && !entries.iter().any(|known| same(known, entry)) {
            entries.push(entry.to_owned());
        }
    }
    entries
}

/// A request with the headers that matter, and `:authority` over HTTP/2.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// `:authority` of a request over HTTP/2.
    authority: Option<Authority>,
    path: &'static str,
}

impl Request {
    pub fn new(method: Method) -> Self {
        Self {
            method,
            headers: Vec::new(),
            authority: None,
            path: "/",
        }
    }

    /// Parses a request. `None` if no server would accept it. Other headers are ignored.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut lines = text.split(|&byte| byte == b'\n');
        let (method, path) = split_once(lines.next()?, b' ')?;
        let mut request = Self::new(Method::from_bytes(method).ok()?);
        request.path = match path {
            b"/own" => "/own",
            b"/fail" => "/fail",
            _ => "/",
        };
        for line in lines {
            if let Some(authority) = line.strip_prefix(b":authority: ") {
                request.authority = Some(Authority::try_from(authority).ok()?);
                continue;
            }
            let Some((name, value)) = split_once(line, b':') else {
                continue;
            };
            let known = [
                HOST,
                ORIGIN,
                ACCESS_CONTROL_REQUEST_METHOD,
                ACCESS_CONTROL_REQUEST_HEADERS,
                SEC_FETCH_SITE,
                SEC_FETCH_MODE,
                COOKIE,
            ];
            let is = |known: &HeaderName| known.as_str().as_bytes().eq_ignore_ascii_case(name);
            if let Some(name) = known.into_iter().find(is) {
                request.headers.push((name, header_value(value)?));
            }
        }
        Some(request)
    }

    /// The target, and the HTTP version that has a target of this form.
    pub fn target(&self) -> (String, Version) {
        match &self.authority {
            Some(authority) => (format!("https://{authority}{}", self.path), Version::HTTP_2),
            None => (self.path.to_owned(), Version::HTTP_11),
        }
    }

    /// Whether this is a preflight. Only the presence of the headers matters.
    pub fn is_preflight(&self) -> bool {
        let has = |name: HeaderName| self.headers.iter().any(|(other, _)| *other == name);
        self.method == Method::OPTIONS && has(ORIGIN) && has(ACCESS_CONTROL_REQUEST_METHOD)
    }
}

/// The value of a header without the whitespace around it, as a server reads it. `None` if it contains control characters.
pub fn header_value(bytes: &[u8]) -> Option<HeaderValue> {
    let mut bytes = bytes;
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    HeaderValue::from_bytes(bytes).ok()
}

fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|&byte| byte == separator)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether a terminal interprets a character instead of showing it: control and format characters, including those for
/// bidirectional text.
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
