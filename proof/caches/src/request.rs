//! The clients, and the requests that they send.

/// The client that sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    /// A client that sends no `Origin`: an image in a page, or a program.
    NoOrigin,
    /// A page that [`Policy::Listed`] allows.
    A,
    /// Another page that it allows.
    B,
    /// A page that it denies.
    C,
}

impl Client {
    /// All clients.
    pub const ALL: [Self; 4] = [Self::NoOrigin, Self::A, Self::B, Self::C];

    /// The value of `Origin` that the client sends.
    pub fn origin(self) -> Option<&'static str> {
        match self {
            Self::NoOrigin => None,
            Self::A => Some("https://a.example"),
            Self::B => Some("https://b.example"),
            Self::C => Some("https://c.example"),
        }
    }
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub client: Client,
    pub method: &'static str,
    /// The number of the item. All items are the same, but a cache stores them separately.
    pub item: usize,
    /// A request header, in addition to `Origin`, on which responses depend.
    pub variant: Option<(&'static str, &'static str)>,
    /// A request header on which responses do not depend.
    pub extra: Option<(&'static str, &'static str)>,
}
