//! A builder from the settings of a program, in any format.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    builder::CorsPolicyBuilder,
    env::{Value, settings_of_keys},
};

/// With the feature `serde`, the settings of a program can contain a builder:
///
/// ```
/// use actix_cors_policy::CorsPolicyBuilder;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Settings {
///     port: u16,
///     cors: CorsPolicyBuilder,
/// }
///
/// let settings: Settings = toml::from_str(
///     r#"
///     port = 8080
///
///     [cors]
///     allowed_origins = ["https://app.example.com", "http://localhost:*"]
///     allowed_methods = ["PUT"]
///     allow_credentials = true
///     max_age = 600
///     "#,
/// )?;
/// let policy = settings.cors.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The keys are the [variables](crate::guides::environment) without their prefix, in lower case. A list is a sequence, or one
/// string as in the variable. `*` and `none` mean the same as in variables, also as the only element of a sequence. An
/// empty sequence of names or regexes means the default. An empty sequence of origins is an error, because its meaning
/// is not clear; `none` denies every origin. A boolean may be a word of the variable, or `0` or `1`. A number may be a
/// string of digits. A missing key or a null means unset.
///
/// [`build`](CorsPolicyBuilder::build) reports all errors, in the order of the table of variables. A key that is
/// unknown or set twice, a null in a list, and a value of another type are errors too. The location of an error names
/// the key (`allowed_origins, entry 2`). If the value is not a map, the format reports the error.
///
/// The format must be self-describing, such as TOML, YAML and JSON. `#[serde(flatten)]` is not supported, because then
/// all other keys of the program would be unknown keys. If variables should override a file, merge them before, as the
/// crates `config` and `figment` do.
impl<'de> Deserialize<'de> for CorsPolicyBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = deserializer.deserialize_map(Keys)?;
        Ok(Self::of_keys(settings_of_keys(given)))
    }
}

/// The values of each key that occurs.
struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = BTreeMap<String, Vec<Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of CORS settings, such as `allowed_origins`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut given = BTreeMap::<String, Vec<Value>>::new();
        while let Some(key) = map.next_key()? {
            let value = map.next_value_seed(AnyValue { in_list: false })?;
            given.entry(key).or_default().push(value);
        }
        Ok(given)
    }
}

/// Takes a value of any type. No setting has lists in lists, so they are not kept.
#[derive(Clone, Copy)]
struct AnyValue {
    in_list: bool,
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The visitor methods for values that a setting reads as text.
macro_rules! texts {
    ($($method:ident($type:ty);)*) => {
        $(fn $method<E: de::Error>(self, value: $type) -> Result<Value, E> {
            Ok(Value::Text(value.to_string()))
        })*
    };
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a CORS setting")
    }

    texts! {
        visit_bool(bool);
        visit_i64(i64);
        visit_i128(i128);
        visit_u64(u64);
        visit_u128(u128);
        visit_f64(f64);
        visit_str(&str);
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        if self.in_list {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Other("a list"));
        }
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(AnyValue { in_list: true })? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let key = map.next_key_seed(AnyValue { in_list: true })?;
        // How `serde_json` gives numbers if a crate of the program has switched on its `arbitrary_precision`.
        if key == Some(Value::Text("$serde_json::private::Number".to_owned())) {
            return map.next_value_seed(AnyValue { in_list: true });
        }
        if key.is_some() {
            map.next_value::<IgnoredAny>()?;
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other("a map"))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Value, E> {
        Ok(Value::Other("bytes"))
    }
}
