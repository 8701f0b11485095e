//! What single responses of the systems have, observed byte by byte.

use crate::{
    matrix::Page,
    raw::{self, Head},
    systems::system::Running,
};

/// Something that is said of a response. It is a fault if the response is not so.
pub struct Fact {
    pub row: &'static str,
    says: &'static str,
    method: &'static str,
    path: &'static str,
    page: Page,
    headers: &'static [(&'static str, &'static str)],
    /// Whether our response is meant, to the same policy.
    is_of_ours: bool,
    holds: fn(&Head) -> bool,
}

/// A fact, and the response that shows it.
pub struct Observed {
    pub says: &'static str,
    pub request: String,
    pub response: String,
}

const PREFLIGHT: &[(&str, &str)] = &[
    ("Access-Control-Request-Method", "PUT"),
    ("Access-Control-Request-Headers", "content-type"),
];

impl Fact {
    pub fn get(
        row: &'static str,
        path: &'static str,
        page: Page,
        says: &'static str,
        holds: fn(&Head) -> bool,
    ) -> Self {
        Self {
            row,
            says,
            method: "GET",
            path,
            page,
            headers: &[],
            is_of_ours: false,
            holds,
        }
    }

    pub fn preflight(
        row: &'static str,
        page: Page,
        says: &'static str,
        holds: fn(&Head) -> bool,
    ) -> Self {
        Self {
            method: "OPTIONS",
            headers: PREFLIGHT,
            ..Self::get(row, "/ok", page, says, holds)
        }
    }

    pub fn post(
        row: &'static str,
        page: Page,
        headers: &'static [(&'static str, &'static str)],
        says: &'static str,
        holds: fn(&Head) -> bool,
    ) -> Self {
        Self {
            method: "POST",
            headers,
            ..Self::get(row, "/ok", page, says, holds)
        }
    }

    /// A form of a denied origin runs the handler, there and with our policy.
    pub fn denied_form_runs(row: &'static str) -> [Self; 2] {
        let runs = |head: &Head| head.has(raw::HANDLER) && !head.is_permitted();
        let fact = |says| Self::post(row, Page::Denied, &[], says, runs);
        [
            fact("a form of a denied origin runs the handler"),
            Self {
                is_of_ours: true,
                ..fact("the same with our policy, unless `reject_denied_origins`")
            },
        ]
    }

    /// Asks, and compares what is said with the response.
    pub fn observe(&self, theirs: &Running, ours: &Running) -> Result<Observed, String> {
        let running = if self.is_of_ours { ours } else { theirs };
        let url = format!("{}{}", running.url(self.row)?, self.path);
        let origin = self.page.origin().map(|origin| ("Origin", origin));
        let headers = origin.iter().chain(self.headers).copied();
        let headers: Vec<(&str, &str)> = headers.collect();
        let head = raw::send(self.method, &url, &headers)?;
        let request = format!(
            "`{}`: {} `{}` of {}",
            self.row,
            if self.headers == PREFLIGHT {
                "preflight,"
            } else {
                ""
            },
            [self.method, self.path].join(" "),
            self.page.name()
        );
        if !(self.holds)(&head) {
            return Err(format!("not so: {}: {request}: {head:?}", self.says));
        }
        Ok(Observed {
            says: self.says,
            request: request.replace("  ", " "),
            response: shown(&head),
        })
    }
}

/// The status, the CORS headers and `Vary`, sorted, because some servers have no order of their own.
fn shown(head: &Head) -> String {
    let headers = head.headers.iter();
    let mut headers: Vec<String> = headers
        .filter(|(name, _)| name.starts_with("access-control-") || name == "vary")
        .map(|(name, value)| format!("<br>`{name}: {value}`"))
        .collect();
    headers.sort();
    head.status.to_string() + &headers.concat()
}
