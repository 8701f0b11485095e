//! The header list of the Fetch standard.

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list): names and values in the order in which they were
/// added.
///
/// The list converts names to lower case. HTTP/2 sends them like that, and so names can be compared byte by byte.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderList(Vec<(String, Vec<u8>)>);

/// The value of a header does not match its grammar.
pub(crate) struct Malformed;

impl HeaderList {
    /// [Append](https://fetch.spec.whatwg.org/#concept-header-list-append), without the tabs and spaces
    /// around the value.
    pub(crate) fn append(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let value = fetch_standard::trim_tabs_and_spaces(value.as_ref()).to_vec();
        self.0.push((name.to_ascii_lowercase(), value));
    }

    /// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get): all values of a header, joined by `, `.
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

    /// The values of a header, one for each line.
    pub(crate) fn lines(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) with the grammar
    /// `#token`, which the [lists of the CORS protocol](https://fetch.spec.whatwg.org/#http-new-header-syntax) have.
    ///
    /// Empty elements are skipped, as
    /// [RFC 9110, section 5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2) requires of recipients. The
    /// result is `None` if the header is missing.
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
            tokens.push(isomorphic_decode(element));
        }
        Ok(Some(tokens))
    }

    /// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) with the grammar
    /// `delta-seconds`. More than one line is malformed, because the grammar has a single value.
    pub(crate) fn delta_seconds(&self, name: &str) -> Result<Option<u64>, Malformed> {
        let mut lines = self.lines(name);
        match (lines.next(), lines.next()) {
            (None, _) => Ok(None),
            (Some(line), None) if !line.is_empty() && line.iter().all(u8::is_ascii_digit) => {
                // A number that does not fit is greater than every limit of a browser, so the exact number does not matter.
                Ok(Some(isomorphic_decode(line).parse().unwrap_or(u64::MAX)))
            }
            _ => Err(Malformed),
        }
    }

    /// [Sort and combine](https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine) for the names that
    /// `is_included` selects: what a page gets when it iterates over `response.headers`.
    pub(crate) fn sort_and_combine(
        &self,
        is_included: impl Fn(&str) -> bool,
    ) -> Vec<(String, String)> {
        let mut names: Vec<&str> = self
            .iter()
            .map(|(name, _)| name)
            .filter(|name| is_included(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), isomorphic_decode(&self.get(name)?))))
            .collect()
    }
}

/// [Isomorphic decode](https://infra.spec.whatwg.org/#isomorphic-decode): each byte becomes the character with the same
/// number.
pub(crate) fn isomorphic_decode(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// [Isomorphic encode](https://infra.spec.whatwg.org/#isomorphic-encode): each character becomes the byte with the same
/// number. The result is `None` if a character is above U+00FF.
pub(crate) fn isomorphic_encode(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}
