//! As much JSON as is printed here, which does not earn a dependency.

use std::fmt;

use actix_cors_policy::__without_user_info as without_user_info;

pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write_text(f, text),
            Self::List(list) => {
                f.write_str("[")?;
                for (number, value) in list.iter().enumerate() {
                    let comma = if number > 0 { "," } else { "" };
                    write!(f, "{comma}{value}")?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (number, (name, value)) in members.iter().enumerate() {
                    let comma = if number > 0 { "," } else { "" };
                    write!(f, "{comma}\"{name}\":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

/// [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7), and what is not ASCII escaped too: a terminal
/// may take some of it for commands. Passwords are left out: what a pipeline prints is read by many.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let text = without_user_info(text.as_bytes());
    f.write_str("\"")?;
    for unit in String::from_utf8_lossy(&text).encode_utf16() {
        match char::from_u32(unit.into()) {
            Some(character @ ('"' | '\\')) => write!(f, "\\{character}")?,
            Some(character @ ' '..='~') => write!(f, "{character}")?,
            _ => write!(f, "\\u{unit:04x}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let text = Json::from("a\"b\\c\n\u{1b}é😀\u{7f}").to_string();
        assert_eq!(text, r#""a\"b\\c\u000a\u001b\u00e9\ud83d\ude00\u007f""#);
        let text = Json::from("https://user:secret@a.example").to_string();
        assert_eq!(text, r#""https://user:\u2026@a.example""#);
        let object = Json::Object(vec![
            (
                "a",
                Json::List(vec![Json::Null, true.into(), Json::Number(1)]),
            ),
            ("b", Json::from(None::<&str>)),
        ]);
        assert_eq!(object.to_string(), r#"{"a":[null,true,1],"b":null}"#);
    }
}
