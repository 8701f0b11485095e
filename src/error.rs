//! What is wrong with a policy, and what is merely risky: values with a kind, a location and a fix.

use std::{borrow::Cow, error::Error, fmt, io, ops::Range};

use crate::{
    fix::Fix,
    location::Location,
    quote::{Quoted, without_user_info},
};

/// Everything that is wrong with a policy: one [`PolicyError`] or more.
///
/// Displays one line per error; its `Debug` prints the same lines, so that a `main` that returns this type, or the
/// [`std::io::Error`] that it converts into, says to an operator what to fix.
///
/// ```
/// use actix_cors_policy::CorsPolicy;
///
/// let errors = CorsPolicy::builder()
///     .allow_origin("https://app.example.com/")
///     .allow_methods(["PUT", "TRACE"])
///     .build()
///     .unwrap_err();
///
/// assert_eq!(
///     errors.to_string(),
///     "allow_origin: origin must not have a path: `https://app.example.com/` \
/// (write `https://app.example.com`)\n\
///      allow_methods, entry 2: method is forbidden by the Fetch standard: `TRACE` \
///      (remove it: no browser sends it)"
/// );
/// ```
#[derive(Clone)]
pub struct PolicyErrors {
    errors: Vec<PolicyError>,
    warnings: Vec<PolicyWarning>,
}

impl PolicyErrors {
    /// `Ok` with the warnings if `errors` is empty: a list of errors is never empty.
    pub(crate) fn none_or(
        errors: Vec<PolicyError>,
        warnings: Vec<PolicyWarning>,
    ) -> Result<Vec<PolicyWarning>, Self> {
        if errors.is_empty() {
            Ok(warnings)
        } else {
            Err(Self { errors, warnings })
        }
    }

    /// The errors, in the order in which the settings were given.
    #[must_use]
    pub fn as_slice(&self) -> &[PolicyError] {
        &self.errors
    }

    /// What is legal and risky in the same settings, as [`CorsPolicy::warnings`](crate::CorsPolicy::warnings) has it once they
    /// are right, as far as it can be known before. They are not part of what is displayed.
    #[must_use]
    pub fn warnings(&self) -> &[PolicyWarning] {
        &self.warnings
    }

    /// Iterates over the errors, in the order in which the settings were given.
    pub fn iter(&self) -> std::slice::Iter<'_, PolicyError> {
        self.errors.iter()
    }
}

impl From<PolicyError> for PolicyErrors {
    fn from(error: PolicyError) -> Self {
        Self {
            errors: vec![error],
            warnings: Vec::new(),
        }
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(error, f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PolicyErrors {}

/// For `?` in a `main` that returns [`std::io::Result`]; the kind is [`InvalidInput`](io::ErrorKind::InvalidInput).
impl From<PolicyErrors> for io::Error {
    fn from(errors: PolicyErrors) -> Self {
        Self::new(io::ErrorKind::InvalidInput, errors)
    }
}

impl IntoIterator for PolicyErrors {
    type Item = PolicyError;
    type IntoIter = std::vec::IntoIter<PolicyError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

impl<'a> IntoIterator for &'a PolicyErrors {
    type Item = &'a PolicyError;
    type IntoIter = std::slice::Iter<'a, PolicyError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One thing that is wrong with a policy.
///
/// Displays as *location: rule broken: `value` (fix)*. The value is escaped there, bounded in length, and without
/// passwords; [`value`](Self::value) gives all of it.
#[derive(Clone)]
pub struct PolicyError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    location: Location,
    value: Option<String>,
    span: Option<Range<usize>>,
    kind: PolicyErrorKind,
    rule: Cow<'static, str>,
    fix: String,
    suggestion: Option<String>,
}

/// What is wrong and what to do about it, before it is known where.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) kind: PolicyErrorKind,
    pub(crate) rule: Cow<'static, str>,
    pub(crate) fix: Fix,
    /// Which part of the value is wrong, in bytes, where it is not the whole.
    pub(crate) span: Option<Range<usize>>,
}

impl Violation {
    pub(crate) fn new(
        kind: PolicyErrorKind,
        rule: impl Into<Cow<'static, str>>,
        fix: impl Into<Fix>,
    ) -> Self {
        Self {
            kind,
            rule: rule.into(),
            fix: fix.into(),
            span: None,
        }
    }

    /// What a template was to replace, and did not.
    pub(crate) fn placeholder() -> Self {
        Self::new(
            PolicyErrorKind::Placeholder,
            "a placeholder was not replaced",
            "write the value: what is read here is read as it is",
        )
    }

    /// The same, with the part of the value that is wrong. What is not a part of it marks nothing.
    pub(crate) fn at(self, value: &str, part: &str) -> Self {
        let start = part.as_ptr().addr().checked_sub(value.as_ptr().addr());
        let span = start.map(|start| start..start + part.len());
        self.spanning(span)
    }

    pub(crate) fn spanning(self, span: Option<Range<usize>>) -> Self {
        Self { span, ..self }
    }

    /// The same mistake, with a fix that is known better.
    pub(crate) fn with_fix(self, fix: impl Into<Fix>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }
}

impl PolicyError {
    /// Puts into words what to do, by the names that settings have where this one was set.
    pub(crate) fn new(location: Location, value: Option<&str>, violation: Violation) -> Self {
        let without_password = |text: &str| {
            let shown = without_user_info(text.as_bytes());
            String::from_utf8_lossy(&shown).into_owned()
        };
        // What would have to be hidden of a value is no value to be copied.
        let suggestion = violation.fix.value().map(str::to_owned);
        let suggestion = suggestion.filter(|value| without_password(value) == *value);
        let shown = value.map(without_password);
        // What was left out has moved what follows.
        let is_whole = shown.as_deref() == value;
        let span = violation.span.filter(|span| {
            let part = shown.as_deref().and_then(|text| text.get(span.clone()));
            is_whole && part.is_some_and(|part| !part.is_empty() && Some(part) != value)
        });
        let fix = violation.fix.in_words(location.words());
        Self(Box::new(Inner {
            location,
            value: shown,
            span,
            kind: violation.kind,
            rule: violation.rule,
            fix,
            suggestion,
        }))
    }

    /// What kind of mistake it is.
    #[must_use]
    pub fn kind(&self) -> PolicyErrorKind {
        self.0.kind
    }

    /// The wrong value as it was given, unescaped and whole but for the passwords of URLs; `None` if something is missing. Text that is not
    /// Unicode has its bad parts replaced by U+FFFD.
    ///
    /// It is for programs that look the value up. To show it or to log it, display the error: that escapes what a terminal
    /// would obey, and leaves out the password of a `https://user:password@host`.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Which part of the [`value`](Self::value) is wrong, in bytes; of several parts, the first. It begins and ends between
    /// characters, and is never empty.
    ///
    /// `None` if the whole value is wrong, if something is missing, or if a password was left out of the value.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let builder = CorsPolicy::builder().allow_origin("https://app.example.com:443/login");
    /// let errors = builder.build().unwrap_err();
    /// let error = &errors.as_slice()[0];
    ///
    /// let (value, span) = (error.value().unwrap(), error.span().unwrap());
    /// assert_eq!(error.rule(), "origin must not have a path");
    /// assert_eq!(value.get(span), Some("/login"));
    /// ```
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.0.span.clone()
    }

    /// Where the value came from: the setter or the variable, and the number of the entry in a list, counted from 1.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// The rule that is broken: lower case, without a full stop.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.0.rule
    }

    /// What to do. Settings are called by their setters, or by their variables where the policy is made of those.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.0.fix
    }

    /// What to write in place of the value, unescaped and whole, where that follows. It is a guess at what is meant, and
    /// the [`fix`](Self::fix) names it too.
    ///
    /// ```
    /// use actix_cors_policy::CorsPolicy;
    ///
    /// let builder = CorsPolicy::builder().allow_origin("https://app.example.com/");
    /// let errors = builder.build().unwrap_err();
    /// let error = &errors.as_slice()[0];
    ///
    /// assert_eq!(error.rule(), "origin must not have a path");
    /// assert_eq!(error.fix(), "write `https://app.example.com`");
    /// assert_eq!(error.suggestion(), Some("https://app.example.com"));
    /// ```
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            location,
            value,
            rule,
            fix,
            ..
        } = &*self.0;
        write!(f, "{location}: {rule}")?;
        if let Some(value) = value {
            write!(f, ": {}", Quoted(value.as_bytes()))?;
        }
        write!(f, " ({fix})")
    }
}

impl fmt::Debug for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PolicyError {}

/// The kinds of mistakes in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyErrorKind {
    /// No source of origins is set at all.
    MissingOrigins,
    /// Any origin, or `none`, together with another source of origins.
    OriginConflict,
    /// Credentials together with any origin.
    CredentialsWithAnyOrigin,
    /// Credentials together with the opaque origin `null`.
    CredentialsWithNullOrigin,
    /// Credentials together with plain `http` on a host that is not loopback.
    CredentialsWithInsecureOrigin,
    /// Credentials together with names that anyone can take: some below a public suffix, any of a scheme of extensions
    /// and apps, or those that a choice within a label of a domain makes.
    CredentialsWithClaimableOrigin,
    /// Subdomains of a public suffix.
    PublicSuffix,
    /// An entry without text, or a variable set to nothing.
    Empty,
    /// White space or a control character inside an entry, or a control character in a regex.
    WhiteSpace,
    /// Several origins or names in one entry, without a separator that is one.
    Separator,
    /// The name of a value in place of the value, such as `${HOST}`.
    Placeholder,
    /// Quotes in an entry.
    Quotes,
    /// Text that is not Unicode.
    NotUnicode,
    /// Characters outside ASCII.
    NonAscii,
    /// Letters in upper case where a browser sends lower case.
    UpperCase,
    /// Longer than any serialized origin.
    Length,
    /// `*` where it means nothing.
    Wildcard,
    /// A scheme that is missing or malformed.
    Scheme,
    /// A scheme whose origins are opaque.
    OpaqueScheme,
    /// A user name or password.
    UserInfo,
    /// A path, a query or a fragment, a lone slash at the end included.
    Path,
    /// A host that is missing or malformed.
    Host,
    /// An IP address that is malformed or not in its canonical form.
    IpAddress,
    /// A port that is malformed or out of range.
    Port,
    /// A port that browsers leave out, because it is the default one of the scheme.
    DefaultPort,
    /// A regex that does not compile, or that turns on Unicode.
    RegexSyntax,
    /// A regex that compiles to more than the permitted size.
    RegexSize,
    /// More regexes than one list may have.
    TooManyRegexes,
    /// A regex that matches no serialized origin.
    RegexNeverMatches,
    /// A regex that admits origins which its author need not own.
    LaxRegex,
    /// A method that is not a token.
    Method,
    /// A method in another case than browsers send.
    MethodCase,
    /// A method that the Fetch standard forbids.
    ForbiddenMethod,
    /// A header name that is not a token.
    HeaderName,
    /// A header name that the Fetch standard forbids.
    ForbiddenHeader,
    /// A `max_age` that is out of range or not in whole seconds.
    MaxAge,
    /// A preflight status that is out of range.
    PreflightStatus,
    /// The same setting given twice, with different values.
    Conflict,
    /// A variable whose value must be a boolean and is not.
    Boolean,
    /// A variable whose value must be a whole number and is not.
    Number,
    /// A variable whose name nearly is the name of a setting.
    MisspelledVariable,
    /// A file that cannot be read, is not a regular one, or is too large.
    File,
    /// How many more errors a file has than are shown.
    MoreErrors,
    /// A key of a settings struct that is not of the table.
    UnknownKey,
    /// A value of a type that the key of a settings struct does not take, or a null in a list.
    ValueType,
    /// A prefix or a name of variables that cannot be one.
    VariableName,
    /// A prefix of paths that cannot be one, is given twice, or is not known.
    PathPrefix,
    /// An own origin that is not an exact one.
    OwnOrigin,
}

/// Something in a policy that is legal and probably not meant.
///
/// Warnings are part of a [`CorsPolicy`](crate::CorsPolicy) and are logged once, when it is first put to work.
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyWarning {
    location: Location,
    message: Cow<'static, str>,
    is_unknown_variable: bool,
}

impl PolicyWarning {
    pub(crate) fn new(location: Location, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            location,
            message: message.into(),
            is_unknown_variable: false,
        }
    }

    /// The warning of a variable that another program may read.
    pub(crate) fn unknown_variable(location: Location) -> Self {
        Self {
            is_unknown_variable: true,
            ..Self::new(location, "variable is unknown and ignored")
        }
    }

    /// Whether it is about a variable under the prefix that is not known and means nothing that is known: another program may
    /// read it, so `cors-check --deny-warnings` lets it pass.
    #[must_use]
    pub fn is_unknown_variable(&self) -> bool {
        self.is_unknown_variable
    }

    /// Where it came from: the setter or the variable, and the number of the entry in a list.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl fmt::Display for PolicyWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)
    }
}

impl fmt::Debug for PolicyWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
