//! Values in the elements and attributes of XML and HTML.

/// The texts between tags and the values of their attributes, a line each; `None` if a text is no markup, or is not
/// clear.
///
/// `<origin>https://a.example</origin>`, `<add origin="https://a.example" />`
pub(crate) fn texts_of_markup(text: &str) -> Option<String> {
    let is_markup = ["</", "/>", "<!--"].iter().any(|sign| text.contains(sign));
    if !is_markup || !text.trim_start().starts_with('<') {
        return None;
    }
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        lines.push(before.trim());
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        let (tag, after) = tag.split_once(end)?;
        lines.extend(attribute(tag)?);
        rest = after;
    }
    lines.push(rest.trim());
    lines.retain(|line| !line.is_empty());
    Some(lines.join("\n"))
}

/// The value of the attribute `value`, or of the only one: `add key="Origins" value="https://a.example"`. `None` if it is not
/// clear which is meant.
fn attribute(tag: &str) -> Option<Option<&str>> {
    if tag.starts_with("!--") || !tag.contains('=') {
        return Some(None);
    }
    let (_, quoted) = match tag.split_once("value=") {
        Some(value) => value,
        None => tag
            .split_once('=')
            .filter(|(_, rest)| !rest.contains('='))?,
    };
    let quote = quoted.chars().next()?;
    let value = quoted.split(quote).nth(1)?;
    ['"', '\''].contains(&quote).then_some(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_markup() {
        for (text, wanted) in [
            ("<a>x</a>", Some("x")),
            ("<l>\n <a>x</a>\n <a>y</a>\n</l>", Some("x\ny")),
            ("<add origin=\"x\" /><add origin='y'/>", Some("x\ny")),
            ("<add key=\"k\" value=\"x\" />", Some("x")),
            ("<!-- <a>x</a> --><a>y</a>", Some("y")),
            ("<!-- x -->", Some("")),
            ("<x>", None),
            ("https://<x>.example", None),
            ("<x></", None),
            ("<map path=\"/**\" origins=\"x\" />", None),
        ] {
            assert_eq!(texts_of_markup(text).as_deref(), wanted, "{text}");
        }
    }
}
