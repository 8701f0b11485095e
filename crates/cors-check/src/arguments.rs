//! The arguments of the command.

use std::path::PathBuf;

use actix_cors_policy::CorsRequest;
use clap::{Parser, ValueEnum};

use crate::env_file::Form;

/// Checks the CORS_* variables of actix-cors-policy, and explains what they say of a request
#[derive(Debug, Parser)]
#[command(
    name = "cors-check",
    version,
    after_help = "Variables, with the prefix CORS_ or another:\n  \
                  ALLOWED_ORIGINS, ALLOWED_ORIGIN_REGEXES, ALLOWED_METHODS, ALLOWED_HEADERS, EXPOSED_HEADERS,\n  \
                  ALLOW_CREDENTIALS, MAX_AGE, PREFLIGHT_STATUS, DIAGNOSTICS, REJECT_DENIED_ORIGINS, OWN_ORIGINS,\n  \
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
    /// Explains a request of a page of this origin
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// The method of the request
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "GET",
        requires = "origin"
    )]
    method: String,
    /// The name of a header that the page sets and that is not safelisted; may be repeated
    #[arg(long, value_name = "NAME", requires = "origin")]
    header: Vec<String>,
    /// The page sends credentials
    #[arg(long, requires = "origin")]
    credentials: bool,
    /// Where it is sent to, such as `https://api.example.com`
    #[arg(long, value_name = "URL", requires = "origin")]
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
    /// The request that is to be explained.
    pub(crate) fn request(&self) -> Option<CorsRequest> {
        let origin = self.origin.as_deref()?;
        let mut request = CorsRequest::actual(origin, &self.method).headers(&self.header);
        if self.credentials {
            request = request.credentials();
        }
        if let Some(url) = &self.to {
            request = request.sent_to(url);
        }
        Some(request)
    }
}
