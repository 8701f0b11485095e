//! The text of variables becomes settings.

mod column;
#[expect(
    clippy::module_inception,
    reason = "what reads variables and its module have one name"
)]
mod env;
mod forms;
#[cfg(feature = "serde")]
mod keys;
mod list_settings;
mod lists;
mod port_list;
mod scalars;
mod variable_names;

#[cfg(feature = "serde")]
pub(super) use self::keys::{Value, settings_of_keys};
pub(super) use self::{
    env::{PREFIX, origins_of, settings},
    lists::{in_another_form, regexes_in_another_form},
};
