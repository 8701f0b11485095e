//! All settings of a policy: the setter, the variable, and the type of the value.

use std::sync::Arc;

/// The names of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SettingName {
    /// The method of the builder.
    pub(crate) setter: &'static str,
    /// The variable without its prefix, if there is one. In lower case, it is the key in a file.
    pub(crate) variable: Option<&'static str>,
    pub(crate) takes: Takes,
}

/// The type of a setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Entries of the allowlist.
    Entries,
    /// Regexes over whole origins.
    Regexes,
    /// The path of a file that lists entries.
    File,
    /// Code, or the name of a variable; no variable can contain it.
    Code,
    /// Entries, for what is not the allowlist itself.
    CredentialEntries,
    /// Exact origins.
    Origins,
    /// Names of methods or headers.
    Names,
    /// A boolean.
    Flag,
    /// A whole number.
    Number,
    /// No value. In the variable of a list, this word stands alone or among the names.
    Word(&'static str),
}

impl SettingName {
    const fn of(setter: &'static str, variable: &'static str, takes: Takes) -> Self {
        Self {
            setter,
            variable: Some(variable),
            takes,
        }
    }

    const fn of_code(setter: &'static str, takes: Takes) -> Self {
        Self {
            setter,
            variable: None,
            takes,
        }
    }

    /// Whether the setting says which origins are allowed.
    pub(crate) fn is_about_origins(&self) -> bool {
        matches!(self.takes, Takes::Entries | Takes::Regexes | Takes::File)
            || [ANY_ORIGIN, NO_ORIGIN].contains(self)
    }

    /// The value of its variable if the setter takes no value.
    pub(crate) fn word(&self) -> &'static str {
        match self.takes {
            Takes::Word(word) => word,
            _ => "true",
        }
    }
}

macro_rules! settings {
    ($($(#[$cfg:meta])* $name:ident = $value:expr;)*) => {
        $($(#[$cfg])* pub(crate) const $name: SettingName = $value;)*

        /// All of them.
        pub(crate) const ALL: &[SettingName] = &[$($(#[$cfg])* $name),*];
    };
}

settings! {
    ORIGINS = SettingName::of("allow_origins", "ALLOWED_ORIGINS", Takes::Entries);
    ORIGIN = SettingName::of("allow_origin", "ALLOWED_ORIGINS", Takes::Entries);
    ANY_ORIGIN = SettingName::of("allow_any_origin", "ALLOWED_ORIGINS", Takes::Word("*"));
    NO_ORIGIN = SettingName::of("allow_no_origin", "ALLOWED_ORIGINS", Takes::Word("none"));
    ORIGIN_REGEXES = SettingName::of("allow_origin_regex", "ALLOWED_ORIGIN_REGEXES", Takes::Regexes);
    ORIGINS_FILE = SettingName::of("allow_origins_from_file", "ALLOWED_ORIGINS_FILE", Takes::File);
    ORIGIN_FN = SettingName::of_code("allow_origin_fn", Takes::Code);
    #[cfg(feature = "lookup")]
    ORIGIN_LOOKUP = SettingName::of_code("allow_origin_lookup", Takes::Code);
    ORIGINS_FROM_ENV = SettingName::of_code("allow_origins_from_env", Takes::Code);
    VARY_ON = SettingName::of_code("vary_on", Takes::Names);
    METHODS = SettingName::of("allow_methods", "ALLOWED_METHODS", Takes::Names);
    ANY_METHOD = SettingName::of("allow_any_method", "ALLOWED_METHODS", Takes::Word("*"));
    HEADERS = SettingName::of("allow_headers", "ALLOWED_HEADERS", Takes::Names);
    ANY_HEADER = SettingName::of("allow_any_header", "ALLOWED_HEADERS", Takes::Word("*"));
    EXPOSED_HEADERS = SettingName::of("expose_headers", "EXPOSED_HEADERS", Takes::Names);
    EXPOSE_ANY_HEADER = SettingName::of("expose_any_header", "EXPOSED_HEADERS", Takes::Word("*"));
    CREDENTIALS = SettingName::of("allow_credentials", "ALLOW_CREDENTIALS", Takes::Flag);
    CREDENTIALS_FOR =
        SettingName::of("allow_credentials_for", "ALLOW_CREDENTIALS_FOR", Takes::CredentialEntries);
    REJECT_DENIED_ORIGINS =
        SettingName::of("reject_denied_origins", "REJECT_DENIED_ORIGINS", Takes::Flag);
    OWN_ORIGINS = SettingName::of("own_origins", "OWN_ORIGINS", Takes::Origins);
    INSECURE_ORIGINS = SettingName::of(
        "danger_allow_insecure_origins",
        "DANGER_ALLOW_INSECURE_ORIGINS",
        Takes::Flag,
    );
    PUBLIC_SUFFIX_SUBDOMAINS = SettingName::of(
        "danger_allow_public_suffix_subdomains",
        "DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS",
        Takes::Flag,
    );
    LAX_REGEXES =
        SettingName::of("danger_allow_lax_regexes", "DANGER_ALLOW_LAX_REGEXES", Takes::Flag);
    OMIT_VARY_FOR_ANY_ORIGIN = SettingName::of(
        "danger_omit_vary_for_any_origin",
        "DANGER_OMIT_VARY_FOR_ANY_ORIGIN",
        Takes::Flag,
    );
    TRUST_FORWARDED_HEADERS = SettingName::of(
        "danger_trust_forwarded_headers",
        "DANGER_TRUST_FORWARDED_HEADERS",
        Takes::Flag,
    );
    MAX_AGE = SettingName::of("max_age", "MAX_AGE", Takes::Number);
    PREFLIGHT_STATUS = SettingName::of("preflight_status", "PREFLIGHT_STATUS", Takes::Number);
    DIAGNOSTICS = SettingName::of("diagnostics", "DIAGNOSTICS", Takes::Flag);
}

/// How settings are named where a policy is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Words {
    /// Methods of the builder.
    #[default]
    Setters,
    /// Variables with a prefix.
    Variables(Arc<str>),
    /// Keys of a settings file: the variables without a prefix, in lower case.
    Keys,
}

impl Words {
    /// The name of a setting: of its setter where no variable or key does the same.
    pub(crate) fn name(&self, setting: &SettingName) -> String {
        self.variable_or_key(setting)
            .unwrap_or_else(|| setting.setter.to_owned())
    }

    /// The name of the variable or the key, where those are in use.
    pub(crate) fn variable_or_key(&self, setting: &SettingName) -> Option<String> {
        let variable = setting.variable?;
        match self {
            Self::Setters => None,
            Self::Variables(prefix) => Some(format!("{prefix}{variable}")),
            Self::Keys => Some(variable.to_ascii_lowercase()),
        }
    }

    /// What holds a value: a variable or a key.
    pub(crate) fn holder(&self) -> &'static str {
        match self {
            Self::Keys => "key",
            Self::Setters | Self::Variables(_) => "variable",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use super::*;
    use crate::CorsPolicy;

    fn variables() -> BTreeSet<String> {
        let variables = ALL.iter().filter_map(|setting| setting.variable);
        variables
            .map(|variable| format!("CORS_{variable}"))
            .collect()
    }

    /// The variables with which the rows of a table begin, in backticks. In other tables, words come before a name.
    fn named_in_rows(text: &str) -> BTreeSet<String> {
        let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
        let rows = rows.filter(|row| row.starts_with('`'));
        let columns = rows.filter_map(|row| row.split(" | ").next());
        let names = columns.flat_map(|column| column.split('`'));
        names
            .filter(|name| name.starts_with("CORS_"))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_table_for_people_has_all_variables_and_no_other() {
        let known = variables();
        assert_eq!(known.len(), 18);
        assert_eq!(named_in_rows(include_str!("guides/environment.md")), known);
    }

    /// Calls each of these setters on a new builder. Returns its name, and what the builder shows.
    macro_rules! called {
        ($($setter:ident($($argument:expr),*);)*) => {
            [$({
                let builder = CorsPolicy::builder().$setter($($argument),*);
                (stringify!($setter), format!("{builder:?}"))
            }),*]
        };
    }

    #[test]
    fn each_setting_has_a_setter_that_is_called_as_the_table_says() {
        #[cfg_attr(not(feature = "lookup"), expect(unused_mut, reason = "it is added to"))]
        let mut called = called! {
            allow_origins(["https://a.example"]);
            allow_origin("https://a.example");
            allow_any_origin();
            allow_no_origin();
            allow_origin_regex(r"https://a\.example");
            allow_origin_fn(|_, _| true);
            allow_origins_from_env("LIST");
            allow_origins_from_file("origins.txt");
            vary_on(["x-tenant"]);
            allow_methods(["PUT"]);
            allow_any_method();
            allow_headers(["x-a"]);
            allow_any_header();
            expose_headers(["x-a"]);
            expose_any_header();
            allow_credentials();
            allow_credentials_for(["https://a.example"]);
            reject_denied_origins();
            own_origins(["https://a.example"]);
            danger_allow_insecure_origins();
            danger_allow_public_suffix_subdomains();
            danger_allow_lax_regexes();
            danger_omit_vary_for_any_origin();
            danger_trust_forwarded_headers();
            max_age(Duration::ZERO);
            preflight_status(204);
            diagnostics();
        }
        .to_vec();
        #[cfg(feature = "lookup")]
        called.extend(called! {
            allow_origin_lookup(crate::OriginLookup::new(|_| async { Ok::<_, String>(true) }));
        });
        for (name, shown) in &called {
            // Its location is of this name and of no other.
            assert!(shown.contains(&format!("Setter({name:?})")), "{shown}");
            assert_eq!(shown.matches("Setter(").count(), 1, "{shown}");
        }
        let known: BTreeSet<&str> = ALL.iter().map(|setting| setting.setter).collect();
        assert_eq!(known.len(), ALL.len(), "each stands once");
        let called: BTreeSet<&str> = called.iter().map(|(name, _)| *name).collect();
        assert_eq!(called, known);
    }
}
