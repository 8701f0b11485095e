//! The kinds of origins that the lint asks for.

/// A kind of origin that the lint asks for: does the regex match any of it, and which?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OriginKind {
    /// Any origin.
    Any,
    /// An origin of the web, on a host that is neither loopback nor in a private range.
    Web,
    /// An origin of another scheme, whose host is not a domain, and not loopback.
    Custom,
    /// An origin of plain `http` that is not loopback.
    Insecure,
}

/// The kinds that one origin is of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OriginKinds {
    pub(super) any: bool,
    pub(super) web: bool,
    pub(super) custom: bool,
    pub(super) insecure: bool,
    /// The port that the origin cannot have, because it is the default port of its scheme.
    pub(super) default_port: Option<u16>,
}

impl OriginKinds {
    pub(super) fn has(self, kind: OriginKind) -> bool {
        match kind {
            OriginKind::Any => self.any,
            OriginKind::Web => self.web,
            OriginKind::Custom => self.custom,
            OriginKind::Insecure => self.insecure,
        }
    }
}
