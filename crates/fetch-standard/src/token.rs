//! Tokens, and how header values are trimmed and split.

/// Whether `text` is a `token` of [RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2). Every
/// method and every header name is a token. The empty text is not.
#[must_use]
pub fn is_token(text: &[u8]) -> bool {
    let is_token_byte = |&byte: &u8| TOKEN_BYTES.get(usize::from(byte)) == Some(&true);
    !text.is_empty() && text.iter().all(is_token_byte)
}

/// For each byte, whether a token may have it: servers check what anyone sends, and one look is cheaper than several
/// comparisons.
static TOKEN_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &mut [bool] = &mut table;
    let mut byte = 0;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = is_token_byte(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Removes the [HTTP tab or space](https://fetch.spec.whatwg.org/#http-tab-or-space) bytes from both ends of a value.
///
/// Line breaks are not removed.
#[must_use]
pub fn trim_tabs_and_spaces(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// [Get, decode, and split](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split) a value: splits it at
/// commas that are not inside a quoted string.
pub(crate) fn get_decode_and_split(value: &[u8]) -> Vec<Vec<u8>> {
    let mut values = vec![Vec::new()];
    let mut is_quoted = false;
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == b',' && !is_quoted {
            values.push(Vec::new());
            continue;
        }
        let Some(last) = values.last_mut() else { break };
        last.push(byte);
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\\' if is_quoted => last.extend(bytes.next()),
            _ => {}
        }
    }
    values
        .iter()
        .map(|value| trim_tabs_and_spaces(value).to_vec())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_bytes_match_rfc_9110() {
        let tchar = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for byte in 0..=u8::MAX {
            assert_eq!(
                is_token(&[byte]),
                tchar.as_bytes().contains(&byte),
                "byte {byte}"
            );
        }
        assert!(!is_token(b""));
        assert!(!is_token(b"a b"));
    }
}
