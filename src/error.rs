//! Errors and warnings of a policy: values with a kind, a location and a fix.

use std::{borrow::Cow, error::Error, fmt, io, ops::Range};

use crate::{
    fix::Fix,
    location::Location,
    quote::{Quoted, without_user_info},
};

/// Everything that is wrong with a policy: one [`PolicyError`] or more.
///
/// `Display` writes one line for each error. `Debug` writes the same lines, so they are printed if `main` returns this
/// type, or the [`std::io::Error`] made from it.
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
    /// `Ok` with the warnings if `errors` is empty, because `PolicyErrors` is never empty.
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

    /// The warnings about the same settings, as far as they are known before the errors are fixed; see
    /// [`CorsPolicy::warnings`](crate::CorsPolicy::warnings). `Display` does not show them.
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
/// `Display` writes *location: broken rule: `value` (fix)*. It shows the value escaped, shortened and without
/// passwords; [`value`](Self::value) returns it completely.
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

/// What is wrong and how to fix it, without the location.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) kind: PolicyErrorKind,
    pub(crate) rule: Cow<'static, str>,
    pub(crate) fix: Fix,
    /// The bytes of the value that are wrong; `None` if it is the whole value.
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

    /// A placeholder that a template did not replace.
    pub(crate) fn placeholder() -> Self {
        Self::new(
            PolicyErrorKind::Placeholder,
            "a placeholder was not replaced",
            "write the value: placeholders are not replaced here",
        )
    }

    /// The same, with the part of the value that is wrong. If `part` is not a slice of `value`, nothing is marked.
    pub(crate) fn at(self, value: &str, part: &str) -> Self {
        let start = part.as_ptr().addr().checked_sub(value.as_ptr().addr());
        let span = start.map(|start| start..start + part.len());
        self.spanning(span)
    }

    pub(crate) fn spanning(self, span: Option<Range<usize>>) -> Self {
        Self { span, ..self }
    }

    /// The same mistake, with a better fix.
    pub(crate) fn with_fix(self, fix: impl Into<Fix>) -> Self {
        Self {
            fix: fix.into(),
            ..self
        }
    }
}

impl PolicyError {
    /// Writes the fix with the names of setters if this setting was set in code, and with variables if it was set by
    /// variables.
    pub(crate) fn new(location: Location, value: Option<&str>, violation: Violation) -> Self {
        let without_password = |text: &str| {
            let shown = without_user_info(text.as_bytes());
            String::from_utf8_lossy(&shown).into_owned()
        };
        // A value with a hidden password is not proposed, because it cannot be copied.
        let suggestion = violation.fix.value().map(str::to_owned);
        let suggestion = suggestion.filter(|value| without_password(value) == *value);
        let shown = value.map(without_password);
        // If a password was left out, the positions after it are wrong.
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

    /// The wrong value as it was given, complete and not escaped, but without passwords of URLs; `None` if a setting is
    /// missing. Bytes that are not Unicode are replaced by U+FFFD.
    ///
    /// It is for programs that search for the value. To show or log it, display the error: that escapes control
    /// characters, and leaves out the password of a `https://user:password@host`.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// The bytes of the [`value`](Self::value) that are wrong; of several wrong parts, the first. The range is on
    /// character boundaries, and is never empty.
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

    /// How to fix it. The text names setters, or variables if the policy is made of variables.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.0.fix
    }

    /// What to write instead of the value, complete and not escaped, if it is known. It is a guess at what was
    /// intended; the [`fix`](Self::fix) contains it too.
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
    /// No setting says which origins are allowed.
    MissingOrigins,
    /// Any origin, or `none`, together with other origins.
    OriginConflict,
    /// Credentials together with any origin.
    CredentialsWithAnyOrigin,
    /// Credentials together with the opaque origin `null`.
    CredentialsWithNullOrigin,
    /// Credentials together with plain `http` on a host that is not loopback.
    CredentialsWithInsecureOrigin,
    /// Credentials together with names that anyone can register: names below a public suffix, names of extensions and
    /// apps, or domains that come from a choice within a label.
    CredentialsWithClaimableOrigin,
    /// Subdomains of a public suffix.
    PublicSuffix,
    /// An empty entry, an empty variable, an empty list, or a file without entries.
    Empty,
    /// White space or a control character inside an entry, or a control character in a regex.
    WhiteSpace,
    /// Several origins or names in one entry, with a wrong separator.
    Separator,
    /// A placeholder instead of a value, such as `${HOST}`.
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
    /// `*` in a position where it has no meaning.
    Wildcard,
    /// A scheme that is missing or malformed.
    Scheme,
    /// A scheme whose origins are opaque.
    OpaqueScheme,
    /// A user name or password.
    UserInfo,
    /// A path, a query or a fragment; a single slash at the end is a path.
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
    /// More regexes than a policy may have, or too many with the same end.
    TooManyRegexes,
    /// A regex that matches no serialized origin.
    RegexNeverMatches,
    /// A regex that may admit origins of other people.
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
    /// A look-up that could never answer, or a second one.
    #[cfg(feature = "lookup")]
    Lookup,
    /// The same setting given twice, or two settings that exclude each other.
    Conflict,
    /// A variable whose value must be a boolean and is not.
    Boolean,
    /// A variable whose value must be a whole number and is not.
    Number,
    /// A variable whose name is similar to that of a setting.
    MisspelledVariable,
    /// A file that cannot be read, is not a regular one, is too large, or changes while it is read.
    File,
    /// How many more errors a file has than are shown.
    MoreErrors,
    /// A key of a settings struct that no setting has.
    UnknownKey,
    /// A value of a type that the key of a settings struct does not take, or a null in a list.
    ValueType,
    /// An invalid prefix or name of variables.
    VariableName,
    /// A path prefix that is invalid, given twice, given after the handle was made, or unknown.
    PathPrefix,
    /// An own origin that is not an exact origin.
    OwnOrigin,
}

/// Something in a policy that is permitted but probably not intended.
///
/// Warnings are part of a [`CorsPolicy`](crate::CorsPolicy). They are logged once: when the first worker starts, or
/// when the policy replaces another one.
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

    /// Whether the warning is about an unknown variable with the prefix, whose name is not similar to a known one.
    /// Another program may read the variable, so `cors-check --deny-warnings` ignores this warning.
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
