//! How to fix an error, in pieces. They become text when it is known whether to name setters or variables.

use std::borrow::Cow;

use crate::{
    quote::{Quoted, Suggested},
    settings::{SettingName, Words},
};

/// How to fix an error.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fix(Vec<Piece>);

/// A part of a [`Fix`].
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Text(Cow<'static, str>),
    /// A fix that is possible only in code.
    InCode(&'static str),
    /// The name of a setting.
    Named(SettingName),
    /// The call or assignment that switches a setting on, as a noun.
    On(SettingName),
    /// An instruction to switch a setting on.
    SwitchOn(SettingName),
    /// An instruction to add a value to another setting.
    Add(SettingName, String),
    /// What to write instead of the wrong value.
    Value(String),
}

impl Fix {
    pub(crate) fn and(mut self, piece: impl Into<Piece>) -> Self {
        self.0.push(piece.into());
        self
    }

    pub(crate) fn and_all(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The text, with the names of setters or of variables.
    pub(crate) fn in_words(&self, words: &Words) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            text.push_str(&piece.in_words(words));
        }
        text
    }

    /// Whether it says to switch a setting on.
    pub(crate) fn switches_on(&self, setting: SettingName) -> bool {
        let is_it = |piece: &Piece| matches!(piece, Piece::SwitchOn(name) if *name == setting);
        self.0.iter().any(is_it)
    }

    /// Whether it says to use a setting, or to add something to it.
    pub(crate) fn names(&self, setting: SettingName) -> bool {
        let is_it = |piece: &Piece| matches!(piece, Piece::Named(name) | Piece::Add(name, _) if *name == setting);
        self.0.iter().any(is_it)
    }

    /// What it says to add to a setting.
    pub(crate) fn added_to(&self, setting: SettingName) -> Option<&str> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Add(name, value) if *name == setting => Some(value.as_str()),
            _ => None,
        })
    }

    /// The same with another value to write.
    pub(crate) fn with_value(mut self, value: String) -> Self {
        let found = self
            .0
            .iter_mut()
            .find(|piece| matches!(piece, Piece::Value(_)));
        if let Some(piece) = found {
            *piece = Piece::Value(value);
        }
        self
    }

    /// What to write instead of the wrong value, if it is known.
    pub(crate) fn value(&self) -> Option<&str> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Value(value) => Some(value.as_str()),
            _ => None,
        })
    }
}

impl Piece {
    fn in_words(&self, words: &Words) -> String {
        match self {
            Self::Text(text) => text.clone().into_owned(),
            Self::InCode(text) => match words {
                Words::Setters => (*text).to_owned(),
                Words::Variables(_) | Words::Keys => String::new(),
            },
            Self::Named(setting) => match words.variable_or_key(setting) {
                None => format!("`{}()`", setting.setter),
                Some(variable) => Quoted(variable.as_bytes()).to_string(),
            },
            Self::On(setting) => match words.variable_or_key(setting) {
                None => format!("`{}()`", setting.setter),
                Some(key) if *words == Words::Keys => {
                    format!("setting `{key}` to `{}`", setting.word())
                }
                Some(variable) => {
                    Quoted(format!("{variable}={}", setting.word()).as_bytes()).to_string()
                }
            },
            Self::SwitchOn(setting) => match words.variable_or_key(setting) {
                None => format!("call `{}()`", setting.setter),
                Some(variable) => format!(
                    "set {} to `{}`",
                    Quoted(variable.as_bytes()),
                    setting.word()
                ),
            },
            Self::Add(setting, value) => match words.variable_or_key(setting) {
                None => format!("call `{}()` with {}", setting.setter, Suggested(value)),
                Some(variable) => {
                    format!(
                        "add {} to {}",
                        Suggested(value),
                        Quoted(variable.as_bytes())
                    )
                }
            },
            Self::Value(value) => Suggested(value).to_string(),
        }
    }
}

impl<P: Into<Piece>> From<P> for Fix {
    fn from(piece: P) -> Self {
        Self(vec![piece.into()])
    }
}

impl From<&'static str> for Piece {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;

    #[test]
    fn settings_are_called_as_they_are_where_the_policy_is_set() {
        let fix = Fix::from(Piece::SwitchOn(settings::ANY_ORIGIN))
            .and("; ")
            .and(Piece::SwitchOn(settings::DIAGNOSTICS))
            .and("; ")
            .and(Piece::On(settings::LAX_REGEXES))
            .and("; ")
            .and(Piece::Named(settings::METHODS))
            .and(Piece::InCode("; ask your own data"))
            .and("; write ")
            .and(Piece::Value("a`b".to_owned()));
        assert_eq!(
            fix.in_words(&Words::Setters),
            "call `allow_any_origin()`; call `diagnostics()`; `danger_allow_lax_regexes()`; `allow_methods()`; \
             ask your own data; write `a\\u{60}b`"
        );
        assert_eq!(
            fix.in_words(&Words::Variables("ADMIN_".into())),
            "set `ADMIN_ALLOWED_ORIGINS` to `*`; set `ADMIN_DIAGNOSTICS` to `true`; \
             `ADMIN_DANGER_ALLOW_LAX_REGEXES=true`; `ADMIN_ALLOWED_METHODS`; write `a\\u{60}b`"
        );
        assert_eq!(
            fix.in_words(&Words::Keys),
            "set `allowed_origins` to `*`; set `diagnostics` to `true`; \
             setting `danger_allow_lax_regexes` to `true`; `allowed_methods`; write `a\\u{60}b`"
        );
        assert_eq!(fix.value(), Some("a`b"));
    }
}
