//! The variables that are checked, with the lines of the file that they come from.

use std::{
    ffi::{OsStr, OsString},
    fmt, fs,
    io::{self, Read as _},
    path::Path,
};

use crate::{
    arguments::Arguments,
    env_file::{EnvFile, Mistake},
};

pub(crate) enum Variables {
    /// Those of the process.
    Process(Vec<(OsString, OsString)>),
    File {
        /// As it is shown.
        name: String,
        content: EnvFile,
    },
}

impl Variables {
    pub(crate) fn read(arguments: &Arguments) -> io::Result<Self> {
        let Some(path) = &arguments.env_file else {
            return Ok(Self::Process(std::env::vars_os().collect()));
        };
        let is_standard_input = path == Path::new("-");
        let name = if is_standard_input {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let named = |what: &dyn fmt::Display| io::Error::other(format!("{name}: {what}"));
        let bytes = if is_standard_input {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(path)
        };
        let bytes = bytes.map_err(|error| named(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| named(&"the file is not UTF-8"))?;
        let environment = |name: &str| std::env::var(name).ok();
        let form = arguments.env_file_form;
        Ok(Self::File {
            content: EnvFile::parse(&text, form, &arguments.prefix, environment),
            name,
        })
    }

    pub(crate) fn pairs(&self) -> Vec<(&OsStr, &OsStr)> {
        match self {
            Self::Process(variables) => variables
                .iter()
                .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
                .collect(),
            Self::File { content, .. } => content
                .variables
                .iter()
                .map(|variable| (variable.name.as_ref(), variable.value.as_ref()))
                .collect(),
        }
    }

    /// Lines that hide a variable with the prefix.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes().filter(|mistake| mistake.is_ours)
    }

    /// Lines of other programs that cannot be read.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Mistake> {
        self.mistakes().filter(|mistake| !mistake.is_ours)
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> Option<&str> {
        match self {
            Self::Process(_) => None,
            Self::File { name, .. } => Some(name),
        }
    }

    /// The line of the file on which a variable is set.
    pub(crate) fn line_of(&self, variable: &str) -> Option<usize> {
        match self {
            Self::Process(_) => None,
            Self::File { content, .. } => content
                .variables
                .iter()
                .find(|known| known.name == variable)
                .map(|known| known.line),
        }
    }

    fn mistakes(&self) -> impl Iterator<Item = &Mistake> {
        let content = match self {
            Self::Process(_) => None,
            Self::File { content, .. } => Some(content),
        };
        content.into_iter().flat_map(|content| &content.mistakes)
    }
}
