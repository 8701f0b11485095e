//! Entries of a file: a million of them, or a file of something else.

use super::compiler::{Compiler, Mistake};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    location::Location,
    origin::Entry,
    policy::{files::OriginFile, setting::ListKind},
    settings,
};

/// How many errors of one file are shown. If a file is not what was meant, each line is one.
const SHOWN: usize = 100;

/// Words stand alone: they are set where the file is named, and not in it.
fn violation_of_word(text: &str) -> Option<Violation> {
    let setting = match text {
        "*" => settings::ANY_ORIGIN,
        "none" => settings::NO_ORIGIN,
        _ => return None,
    };
    let fix = Fix::from(Piece::SwitchOn(setting)).and(" instead of naming a file");
    Some(Violation::new(
        Kind::Wildcard,
        format!("`{text}` must not stand in a file"),
        fix,
    ))
}

impl Compiler {
    pub(super) fn take_lines(&mut self, location: &Location, file: OriginFile) {
        let first = location.first_line(file.path.clone());
        let errors_before = self.errors.len();
        let mut more = 0;
        self.listed_origins = true;
        for (line, text) in file.entries() {
            self.taken += 1;
            if let Some(violation) = violation_of_word(text) {
                self.fail(&first.after(line), text, violation);
                continue;
            }
            if self.errors.len() - errors_before < SHOWN {
                self.take_text(&first.after(line), ListKind::Origins, text);
                continue;
            }
            // To find out what was meant takes longer than to find out that it is wrong.
            match Entry::parse(text) {
                Ok(entry) => self.take_entry(&first.after(line), text, entry),
                Err(_) => more += 1,
            }
        }
        let source = self.source(location.clone());
        self.files_taken.push((source, file.path.clone(), more));
        self.locations.files.push(file.into_stamped());
    }

    /// All errors in the order of the settings; of each file, the first ones and how many there are more.
    pub(super) fn errors_in_order(&mut self) -> Vec<Mistake> {
        let mut errors = std::mem::take(&mut self.errors);
        for (source, path, more) in std::mem::take(&mut self.files_taken) {
            let mut of_file = 0;
            errors.retain(|error| {
                let is_of_file = error.location().file() == Some(&*path);
                of_file += usize::from(is_of_file);
                !is_of_file || of_file <= SHOWN
            });
            let more = more + of_file.saturating_sub(SHOWN);
            if more > 0 {
                let rule = format!("{more} more entries of the file have errors");
                let fix = "fix those that are shown, and look again";
                errors.push(source.mistake(None, Violation::new(Kind::MoreErrors, rule, fix)));
            }
        }
        errors.sort_by_key(|error| error.number);
        errors
    }
}
