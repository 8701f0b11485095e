//! What is asked of every server: each request, from a page of each origin.

/// The origin that the policies allow.
pub const ALLOWED: &str = "https://your-allowed-origin.com";
/// A subdomain of it, which only some of the policies allow.
pub const SUBDOMAIN: &str = "https://admin.your-allowed-origin.com";

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Allowed,
    Subdomain,
    /// An origin that has nothing to do with the allowed one.
    Denied,
    /// A look-alike for a pattern that is not anchored at its end.
    Longer,
    /// A look-alike for a pattern that is not anchored at its start.
    Prefixed,
    /// A look-alike for a pattern whose dots are not escaped.
    Dotless,
    /// A sandboxed frame or a file.
    Null,
    /// A program that sends no `Origin`.
    NoOrigin,
}

impl Page {
    pub const ALL: [Self; 8] = [
        Self::Allowed,
        Self::Subdomain,
        Self::Denied,
        Self::Longer,
        Self::Prefixed,
        Self::Dotless,
        Self::Null,
        Self::NoOrigin,
    ];

    /// The value of `Origin`.
    pub fn origin(self) -> Option<&'static str> {
        Some(match self {
            Self::Allowed => ALLOWED,
            Self::Subdomain => SUBDOMAIN,
            Self::Denied => "https://other.example",
            Self::Longer => "https://your-allowed-origin.com.evil.example",
            Self::Prefixed => "https://not-your-allowed-origin.com",
            Self::Dotless => "https://your-allowed-originxcom",
            Self::Null => "null",
            Self::NoOrigin => return None,
        })
    }

    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "the allowed origin",
            Self::Subdomain => "its subdomain",
            Self::Denied => "another origin",
            Self::Longer => "`….com.evil.example`",
            Self::Prefixed => "`https://not-your-…`",
            Self::Dotless => "`https://…originxcom`",
            Self::Null => "`null`",
            Self::NoOrigin => "a program without `Origin`",
        }
    }
}

/// All requests, where a difference is about the origin. Plain `OPTIONS` and caches are matters of their own.
pub const ANY: [Probe; 15] = [
    Probe::Get,
    Probe::GetWithCredentials,
    Probe::Form,
    Probe::Put,
    Probe::PutWithCredentials,
    Probe::Delete,
    Probe::CustomHeader,
    Probe::Authorization,
    Probe::ResponseHeader,
    Probe::MinuteLater,
    Probe::Missing,
    Probe::Broken,
    Probe::InnerError,
    Probe::Unauthorized,
    Probe::Redirect,
];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    Get,
    GetWithCredentials,
    /// A form that is sent by `POST`, which needs no preflight.
    Form,
    /// `PUT` with a JSON body.
    Put,
    PutWithCredentials,
    Delete,
    /// `GET` with a request header of the API's own.
    CustomHeader,
    Authorization,
    /// Whether the page can read `X-Request-Id`.
    ResponseHeader,
    /// Whether the same `PUT` needs another preflight a minute later.
    MinuteLater,
    /// The path does not exist.
    Missing,
    /// The handler fails: 500.
    Broken,
    /// A layer between the CORS layer and the handler fails. For a proxy: the server behind it cannot be reached.
    InnerError,
    /// 401, without a session.
    Unauthorized,
    Redirect,
    /// `OPTIONS` that is not a preflight.
    PlainOptions,
    /// `GET` through a cache that has stored the response for somebody else.
    SharedCache,
}

impl Probe {
    pub const ALL: [Self; 17] = [
        Self::Get,
        Self::GetWithCredentials,
        Self::Form,
        Self::Put,
        Self::PutWithCredentials,
        Self::Delete,
        Self::CustomHeader,
        Self::Authorization,
        Self::ResponseHeader,
        Self::MinuteLater,
        Self::Missing,
        Self::Broken,
        Self::InnerError,
        Self::Unauthorized,
        Self::Redirect,
        Self::PlainOptions,
        Self::SharedCache,
    ];

    /// What files of a web server can be asked.
    pub const FILES: [Self; 7] = [
        Self::Get,
        Self::GetWithCredentials,
        Self::CustomHeader,
        Self::Authorization,
        Self::ResponseHeader,
        Self::Missing,
        Self::SharedCache,
    ];

    /// The path below the URL of the server.
    pub fn path(self) -> &'static str {
        match self {
            Self::Missing => "/missing",
            Self::Broken => "/broken",
            Self::InnerError => "/inner",
            Self::Unauthorized => "/private",
            Self::Redirect => "/moved",
            Self::PlainOptions => "/options",
            _ => "/ok",
        }
    }

    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "`GET`",
            Self::GetWithCredentials => "`GET` with credentials",
            Self::Form => "a form by `POST`",
            Self::Put => "`PUT`",
            Self::PutWithCredentials => "`PUT` with credentials",
            Self::Delete => "`DELETE`",
            Self::CustomHeader => "`X-Custom`",
            Self::Authorization => "`Authorization`",
            Self::ResponseHeader => "reading `X-Request-Id`",
            Self::MinuteLater => "`PUT` again a minute later",
            Self::Missing => "404",
            Self::Broken => "500 of the handler",
            Self::InnerError => "an error of an inner layer",
            Self::Unauthorized => "401",
            Self::Redirect => "a redirect",
            Self::PlainOptions => "plain `OPTIONS`",
            Self::SharedCache => "through a cache",
        }
    }

    /// Whether it is asked from this page. A program without `Origin` needs no preflight and reads everything.
    pub fn is_for(self, page: Page) -> bool {
        match self {
            Self::SharedCache => {
                [Page::Allowed, Page::Subdomain, Page::Denied, Page::Null].contains(&page)
            }
            Self::Get | Self::Form | Self::Put | Self::Missing | Self::Broken => true,
            Self::PlainOptions => true,
            _ => page != Page::NoOrigin,
        }
    }
}
