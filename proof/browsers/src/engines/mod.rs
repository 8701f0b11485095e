//! The browser engines: how each one starts, what its console says, and in what it differs from the standard.

mod chromium;
mod firefox;
mod webkit;

use std::{io, time::Duration};

use expect_test::ExpectFile;
use futures_util::future::LocalBoxFuture;

use crate::{
    cases::Case,
    console::{ConsoleMessage, Denial},
    driver::{Driver, Launched},
    known_differences::KnownDifference,
    origins::Page,
};

/// A browser engine.
pub struct Engine {
    /// Its name, as an argument of the command.
    pub name: &'static str,
    pub title: &'static str,
    /// What to install if the browser does not start.
    pub installation_hint: &'static str,
    pub launch: fn() -> io::Result<Launched>,
    /// The maximum time for which it caches a preflight.
    pub max_age_limit: Duration,
    /// The lines of the console since the last call.
    pub console: fn(&Driver) -> LocalBoxFuture<'_, io::Result<Vec<String>>>,
    /// From now on, pages see a dark color scheme, or a light one.
    pub set_dark: fn(&Driver, bool) -> LocalBoxFuture<'_, io::Result<()>>,
    /// From now on, pages that are loaded cannot use `localStorage`.
    pub forbid_storage: fn(&Driver) -> LocalBoxFuture<'_, io::Result<()>>,
    /// The message that the console must have for a denial; `None` if nothing is expected.
    pub message: fn(&Denial) -> Option<ConsoleMessage>,
    /// What each message of the console about CORS contains.
    pub denial_mark: &'static str,
    /// Whether the console has the messages of a sandboxed frame.
    pub has_console_of_frames: bool,
    pub known_differences: &'static [KnownDifference],
    /// Its table in `tables/`.
    pub table: fn() -> ExpectFile,
}

/// All engines, in the order of the columns in the docs.
pub static ENGINES: [&Engine; 3] = [&chromium::ENGINE, &firefox::ENGINE, &webkit::ENGINE];

impl Engine {
    /// The known difference in a case.
    pub fn known_difference(&self, case: &Case) -> Option<&'static KnownDifference> {
        self.known_differences
            .iter()
            .find(|known| known.is_of(case))
    }

    /// Whether the console shows the messages of this page.
    pub fn has_console_of(&self, page: Page) -> bool {
        self.has_console_of_frames || page != Page::Sandboxed
    }
}
