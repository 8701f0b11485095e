//! A header list of the standard: names in lower case, values as bytes, in order.

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list). Names are kept in lower case, which is how HTTP/2
/// sends them and how everything here compares them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers(Vec<(String, Vec<u8>)>);

/// The value of a header does not parse by its grammar.
pub(crate) struct Malformed;

impl Headers {
    /// [Append](https://fetch.spec.whatwg.org/#concept-header-list-append); what is around the value is no part of it.
    pub(crate) fn append(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let value = fetch_standard::trim_tabs_and_spaces(value.as_ref()).to_vec();
        self.0.push((name.to_ascii_lowercase(), value));
    }

    /// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get): all values in one.
    pub(crate) fn get(&self, name: &str) -> Option<Vec<u8>> {
        let lines: Vec<&[u8]> = self.lines(name).collect();
        (!lines.is_empty()).then(|| lines.join(&b", "[..]))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.lines(name).next().is_some()
    }

    /// [Delete](https://fetch.spec.whatwg.org/#concept-header-list-delete).
    pub(crate) fn delete(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The values of one header, one by one.
    pub(crate) fn lines(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) where the grammar is
    /// `#token`, as of [the lists of the CORS protocol](https://fetch.spec.whatwg.org/#http-new-header-syntax): elements
    /// may be empty ([RFC 9110, section 5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2)). `None` if
    /// there is no such header.
    pub(crate) fn tokens(&self, name: &str) -> Result<Option<Vec<String>>, Malformed> {
        if !self.contains(name) {
            return Ok(None);
        }
        let mut tokens = Vec::new();
        for element in self
            .lines(name)
            .flat_map(|line| line.split(|&byte| byte == b','))
            .map(fetch_standard::trim_tabs_and_spaces)
            .filter(|element| !element.is_empty())
        {
            if !fetch_standard::is_token(element) {
                return Err(Malformed);
            }
            tokens.push(text(element));
        }
        Ok(Some(tokens))
    }

    /// The same where the grammar is `delta-seconds`, of which there is one.
    pub(crate) fn seconds(&self, name: &str) -> Result<Option<u64>, Malformed> {
        let mut lines = self.lines(name);
        match (lines.next(), lines.next()) {
            (None, _) => Ok(None),
            (Some(line), None) if !line.is_empty() && line.iter().all(u8::is_ascii_digit) => {
                // What is too great for the type is beyond every limit.
                Ok(Some(text(line).parse().unwrap_or(u64::MAX)))
            }
            _ => Err(Malformed),
        }
    }

    /// [Sort and combine](https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine), of the names that are
    /// wanted: what a page sees when it iterates.
    pub(crate) fn sorted(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut names: Vec<&str> = self
            .iter()
            .map(|(name, _)| name)
            .filter(|name| is_wanted(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), text(&self.get(name)?))))
            .collect()
    }
}

/// [Isomorphic decode](https://infra.spec.whatwg.org/#isomorphic-decode): each byte a character.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// [Isomorphic encode](https://infra.spec.whatwg.org/#isomorphic-encode); `None` if a character is no byte.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}
