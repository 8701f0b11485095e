//! In what a denied request differs from an allowed one.

/// In what a denied request differs from one that would be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// Another scheme, such as `http` where an entry has `https`.
    Scheme,
    /// Another host, by a letter or two.
    Host,
    /// Another port.
    Port,
    /// The host of an entry, with `www.` before it or without.
    Www,
    /// Another name of the same machine, such as `127.0.0.1` where an entry has `localhost`.
    Loopback,
    /// A dot at the end of the host, where an entry has none, or the other way round.
    EndDot,
    /// Another last label, such as `.org` where an entry has `.com`.
    TopLevel,
    /// Another host that only begins or ends like that of an entry, such as `app.example.com.evil.example` where an entry has
    /// `app.example.com`. Attackers choose such names.
    LookAlike,
    /// A host below that of an exact entry.
    Subdomain,
    /// A host above that of an entry: a label is missing.
    MissingSubdomain,
    /// The host of a subdomain entry itself: the entry admits only hosts below it.
    Apex,
    /// `null`, which is not on the list.
    Opaque,
    /// Text that is not a serialized origin, such as one with a path.
    Form,
    /// Letters in upper case.
    UpperCase,
    /// A slash at the end.
    TrailingSlash,
    /// No scheme before the host.
    MissingScheme,
    /// The default port, which browsers leave out.
    DefaultPort,
    /// Several origins in one header.
    Several,
    /// The policy allows no origin.
    NoOrigins,
    /// A method in another case than the one that is allowed.
    MethodCase,
    /// A method that is not among the allowed ones.
    Method,
    /// A header that is nearly one of the allowed ones.
    HeaderSpelling,
    /// A header that is not among the allowed ones.
    Header,
    /// `authorization`, which "any header" does not cover.
    Authorization,
    /// Credentials, which are not allowed.
    Credentials,
}
