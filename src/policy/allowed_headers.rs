//! The request headers that a policy names, for look-up.

/// The names that a policy allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RequestHeaderNames {
    /// In lower case, in the order given.
    given: Vec<String>,
    /// The same in the order in which browsers ask for them
    /// ([CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), step 5).
    sorted: Vec<String>,
}

impl RequestHeaderNames {
    /// Adds a name in lower case, if it is not there.
    pub(super) fn add(&mut self, name: String) {
        if let Err(index) = self.sorted.binary_search(&name) {
            self.sorted.insert(index, name.clone());
            self.given.push(name);
        }
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.given
    }

    /// The known name at the start of a list, if it has this number or one soon after it. Returns its number, and the
    /// list after the name and its comma.
    pub(super) fn first_of<'l>(
        &self,
        list: &'l [u8],
        near: usize,
    ) -> Option<(usize, Option<&'l [u8]>)> {
        const NEAR: usize = 8;
        let some = self.sorted.get(near..)?.iter().enumerate().take(NEAR);
        some.into_iter()
            .find_map(|(after, name)| match list.strip_prefix(name.as_bytes())? {
                [] => Some((near + after, None)),
                [b',', rest @ ..] => Some((near + after, Some(rest))),
                _ => None,
            })
    }

    /// The number of a known name. Header names are compared case-insensitively; most are in lower case.
    pub(super) fn position(&self, name: &[u8]) -> Option<usize> {
        let by_bytes = |known: &String| known.as_bytes().cmp(name);
        let exactly = self.sorted.binary_search_by(by_bytes).ok();
        if exactly.is_some() || !name.iter().any(u8::is_ascii_uppercase) {
            return exactly;
        }
        let lower = name.iter().map(u8::to_ascii_lowercase);
        self.sorted
            .binary_search_by(|known| known.bytes().cmp(lower.clone()))
            .ok()
    }
}
