//! A row of the table: an option of a system, our equivalent, and the differences that have a reason.

use actix_cors_policy::{CorsPolicy, CorsPolicyBuilder};

use crate::matrix::{Page, Probe};

/// A policy of ours: its source, which is what the table shows, and what that source does.
#[derive(Clone, Copy)]
pub struct Ours {
    source: &'static str,
    build: fn(CorsPolicyBuilder) -> CorsPolicyBuilder,
}

/// A policy from a closure, together with the text of the closure.
macro_rules! ours {
    ($build:expr) => {
        $crate::row::Ours::new(stringify!($build), $build)
    };
}
pub(crate) use ours;

impl Ours {
    pub const fn new(
        source: &'static str,
        build: fn(CorsPolicyBuilder) -> CorsPolicyBuilder,
    ) -> Self {
        Self { source, build }
    }

    /// The calls on the builder, in one line.
    pub fn source(&self) -> String {
        let words: Vec<&str> = self.source.split_whitespace().collect();
        let line = words.join(" ").replace(" .", ".").replace("( ", "(");
        let line = line.replace(", )", ")").replace(" )", ")");
        line.strip_prefix("|cors| cors").unwrap_or(&line).to_owned()
    }

    /// Adds the settings to a builder.
    pub fn apply(&self, cors: CorsPolicyBuilder) -> CorsPolicyBuilder {
        (self.build)(cors)
    }
}

/// Why the verdicts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Theirs is wrong: by which section, and why.
    Wrong(Section, &'static str),
    /// Ours is stricter on purpose: where that is documented, and why.
    Stricter(&'static str, &'static str),
    /// A gap of ours.
    Gap(&'static str),
}

/// A section of a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    CorsCheck,
    CorsPreflightFetch,
    CorsRequest,
    Credentials,
    Caches,
    SameOrigin,
}

impl Section {
    pub const ALL: [Self; 6] = [
        Self::CorsCheck,
        Self::CorsPreflightFetch,
        Self::CorsRequest,
        Self::Credentials,
        Self::Caches,
        Self::SameOrigin,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::CorsCheck => "CORS check",
            Self::CorsPreflightFetch => "CORS-preflight fetch",
            Self::CorsRequest => "CORS request",
            Self::Credentials => "CORS protocol and credentials",
            Self::Caches => "CORS protocol and HTTP caches",
            Self::SameOrigin => "same origin",
        }
    }

    pub fn address(self) -> &'static str {
        match self {
            Self::CorsCheck => "https://fetch.spec.whatwg.org/#concept-cors-check",
            Self::CorsPreflightFetch => "https://fetch.spec.whatwg.org/#cors-preflight-fetch",
            Self::CorsRequest => "https://fetch.spec.whatwg.org/#http-requests",
            Self::Credentials => "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
            Self::Caches => "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
            Self::SameOrigin => "https://html.spec.whatwg.org/multipage/browsers.html#same-origin",
        }
    }
}

/// Verdicts that are known to differ.
pub struct Difference {
    pub pages: Vec<Page>,
    pub probes: Vec<Probe>,
    /// Whether each of these requests has to differ for each of these pages.
    pub is_complete: bool,
    pub reason: Reason,
}

impl Difference {
    pub fn new(pages: &[Page], probes: &[Probe], reason: Reason) -> Self {
        Self {
            pages: pages.to_vec(),
            probes: probes.to_vec(),
            is_complete: false,
            reason,
        }
    }
}

/// An option of a system.
pub struct Row {
    /// The name in the fixture, which is part of the URL.
    pub name: &'static str,
    /// The option as people write it, or what the file says of it.
    pub option: String,
    pub is_code: bool,
    /// The file that has the option, if it is one of its own.
    pub file: Option<String>,
    /// What looks like the same with this crate, and is refused when it is built.
    pub refused: Option<Ours>,
    pub ours: Ours,
    /// The path prefix that has our policy, if it is not the whole app.
    pub prefix: Option<&'static str>,
    /// What the system does by default, and our policy does if it is told so.
    pub defaults: Option<Ours>,
    /// What is said of the row in addition.
    pub note: Option<&'static str>,
    pub probes: Vec<Probe>,
    pub differences: Vec<Difference>,
}

impl Row {
    pub fn new(name: &'static str, option: impl Into<String>, ours: Ours) -> Self {
        Self {
            name,
            option: option.into(),
            is_code: true,
            file: None,
            refused: None,
            ours,
            prefix: None,
            defaults: None,
            note: None,
            probes: Probe::ALL.to_vec(),
            differences: Vec::new(),
        }
    }

    /// This policy is refused. `ours` is what to write instead.
    pub fn refuses(mut self, refused: Ours) -> Self {
        self.refused = Some(refused);
        self
    }

    /// In addition to `ours`, the policy has the defaults of the system.
    pub fn with(mut self, defaults: Ours) -> Self {
        self.defaults = Some(defaults);
        self
    }

    /// Only this path prefix has our policy.
    pub fn at(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// The defaults of the system do not apply.
    pub fn without_defaults(mut self) -> Self {
        self.defaults = None;
        self
    }

    /// Our policy.
    pub fn policy(&self) -> Result<CorsPolicy, String> {
        let mut cors = self.ours.apply(CorsPolicy::builder());
        if let Some(defaults) = &self.defaults {
            cors = defaults.apply(cors);
        }
        let policy = cors.build();
        policy.map_err(|errors| format!("{}: {errors}", self.name))
    }

    /// The rule that the refused policy breaks, without the value and the fix. It is a fault if it is not refused.
    pub fn refusal(&self) -> Option<Result<String, String>> {
        let refused = self.refused.as_ref()?;
        Some(match refused.apply(CorsPolicy::builder()).build() {
            Ok(_) => Err(format!(
                "{}: {} is not refused",
                self.name,
                refused.source()
            )),
            Err(errors) => Ok(errors
                .into_iter()
                .map(|error| error.rule().to_string())
                .collect::<Vec<_>>()
                .join("; ")),
        })
    }

    pub fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// Only these requests make sense.
    pub fn only(mut self, probes: &[Probe]) -> Self {
        self.probes = probes.to_vec();
        self
    }

    /// The verdicts on each of these requests of each of these pages differ.
    pub fn differs_in_all(mut self, pages: &[Page], probes: &[Probe], reason: Reason) -> Self {
        self.differences.push(Difference {
            is_complete: true,
            ..Difference::new(pages, probes, reason)
        });
        self
    }

    /// The verdicts on these requests of these pages differ. Each of them has to be in one difference only.
    pub fn differs(mut self, pages: &[Page], probes: &[Probe], reason: Reason) -> Self {
        self.differences
            .push(Difference::new(pages, probes, reason));
        self
    }
}
