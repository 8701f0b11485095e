//! Who asks, and for what.

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Who sends no `Origin`: an image of a page, a program.
    Nobody,
    /// A page that [`Policy::Listed`] allows.
    A,
    /// Another one.
    B,
    /// A page that it denies.
    C,
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nobody, Self::A, Self::B, Self::C];

    /// What is sent as `Origin`.
    pub fn origin(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::A => Some("https://a.example"),
            Self::B => Some("https://b.example"),
            Self::C => Some("https://c.example"),
        }
    }
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub who: Who,
    pub method: &'static str,
    /// Which of many things that are the same.
    pub item: usize,
    /// A request header by which answers differ, in addition to `Origin`.
    pub variant: Option<(&'static str, &'static str)>,
    /// A request header by which they do not.
    pub extra: Option<(&'static str, &'static str)>,
}
