//! The arguments of the command.

use std::path::PathBuf;

use actix_cors_policy::CorsRequest;
use clap::{Parser, ValueEnum};
use url::Url;

use crate::env_file::Form;

/// Checks the CORS_* variables of actix-cors-policy, and explains whether a request is allowed
#[derive(Debug, Parser)]
#[command(
    name = "cors-check",
    version,
    after_help = "Variables, with the prefix CORS_ or another:\n  \
                  ALLOWED_ORIGINS, ALLOWED_ORIGIN_REGEXES, ALLOWED_ORIGINS_FILE, ALLOWED_METHODS, ALLOWED_HEADERS,\n  \
                  EXPOSED_HEADERS, ALLOW_CREDENTIALS, ALLOW_CREDENTIALS_FOR, MAX_AGE, PREFLIGHT_STATUS, DIAGNOSTICS,\n  \
                  REJECT_DENIED_ORIGINS, OWN_ORIGINS,\n  \
                  DANGER_ALLOW_INSECURE_ORIGINS, DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS, DANGER_ALLOW_LAX_REGEXES,\n  \
                  DANGER_OMIT_VARY_FOR_ANY_ORIGIN, DANGER_TRUST_FORWARDED_HEADERS\n\n\
                  Exit status: 0 good (and the request is allowed), 1 errors (or warnings with --deny-warnings), \
                  2 usage, 3 the request is denied"
)]
pub(crate) struct Arguments {
    /// The prefix of the variables
    #[arg(long, value_name = "PREFIX", default_value = "CORS_")]
    pub(crate) prefix: String,
    /// Reads variables from a file instead of the environment; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,
    /// How the file is read
    #[arg(
        long,
        value_name = "FORM",
        value_enum,
        default_value_t,
        requires = "env_file"
    )]
    pub(crate) env_file_form: Form,
    /// Exits with 1 if there are warnings
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Explains a request from a page of this origin
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// The method of the request
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "GET",
        requires = "origin",
        value_parser = method
    )]
    method: String,
    /// The name of a header that the page sets and that is not safelisted; may be repeated
    #[arg(long, value_name = "NAME", requires = "origin", value_parser = header_name)]
    header: Vec<String>,
    /// The page sends credentials
    #[arg(long, requires = "origin")]
    credentials: bool,
    /// The URL to which it is sent, such as `https://api.example.com/items`
    #[arg(long, value_name = "URL", requires = "origin", value_parser = url)]
    to: Option<String>,
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One line of JSON
    Json,
}

impl Arguments {
    /// The request to explain.
    pub(crate) fn request(&self) -> Option<CorsRequest> {
        let origin = self.origin.as_deref()?;
        let mut request = CorsRequest::actual(origin, &self.method).headers(&self.header);
        if self.credentials {
            request = request.credentials();
        }
        if let Some(url) = &self.to {
            request = request.to(url);
        }
        Some(request)
    }
}

fn method(text: &str) -> Result<String, &'static str> {
    if fetch_standard::is_token(text.as_bytes()) {
        Ok(text.to_owned())
    } else {
        Err("it must be one method, such as `PUT`")
    }
}

/// CORS does not depend on the values of headers, except for `content-type`; here too, only its name is needed.
fn header_name(text: &str) -> Result<String, String> {
    if fetch_standard::is_token(text.as_bytes()) {
        return Ok(text.to_owned());
    }
    let name = text.split([':', '=']).next().unwrap_or_default().trim();
    Err(if fetch_standard::is_token(name.as_bytes()) {
        format!("give the name alone: `--header {name}`")
    } else {
        "it must be the name of one header, such as `x-request-id`; repeat `--header` for more"
            .to_owned()
    })
}

fn url(text: &str) -> Result<String, &'static str> {
    let is_good = Url::parse(text)
        .is_ok_and(|url| ["http", "https", "ws", "wss"].contains(&url.scheme()) && url.has_host());
    if is_good {
        Ok(text.to_owned())
    } else {
        Err("it must be a whole URL, such as `https://api.example.com/items`")
    }
}
