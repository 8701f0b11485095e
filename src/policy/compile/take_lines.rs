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

/// So many errors may be those of a short list.
const FEW: usize = 3;

impl Compiler {
    pub(super) fn take_lines(&mut self, location: &Location, file: OriginFile) {
        let first = location.first_line(file.path.clone());
        let errors_before = self.errors.len();
        let (mut more, mut good) = (0, 0);
        let mut may_be_secret = false;
        self.listed_origins = true;
        self.list.reserve_texts(file.bytes());
        for (line, text) in file.entries() {
            self.taken += 1;
            let failed_before = self.errors.len();
            if failed_before - errors_before < SHOWN {
                match violation_of_line(text) {
                    Some(violation) => self.fail(&first.after(line), text, violation),
                    None => self.take_text(&first.after(line), ListKind::Origins, text),
                }
                let is_good = self.errors.len() == failed_before;
                good += usize::from(is_good);
                may_be_secret |= !is_good && !is_like_entry(text);
                continue;
            }
            // To find out what was meant takes longer than to find out that it is wrong.
            match Entry::parse(text) {
                Ok(entry) if violation_of_line(text).is_none() => {
                    self.take_entry(&first.after(line), text, entry);
                    good += 1;
                }
                _ => more += 1,
            }
        }
        let failed = self.errors.len() - errors_before + more;
        if good == 0 && (failed > FEW || may_be_secret) {
            more = 0;
            let errors = self.errors.split_off(errors_before);
            self.fail_as_another_file(location, &file, errors.first());
        }
        let source = self.source(location.clone());
        self.files_taken.push((source, file.path.clone(), more));
        self.locations.files.push(file.into_stamped());
    }

    /// The path is probably that of another file, and what is in it may be a secret: its lines are not shown.
    fn fail_as_another_file(
        &mut self,
        location: &Location,
        file: &OriginFile,
        first: Option<&Mistake>,
    ) {
        let fix = match first.and_then(|error| Some((error.location().line()?, error))) {
            Some((line, error)) => format!(
                "check the path; each line must be an entry, such as `https://app.example.com`, and of line {line}: {}",
                error.violation.rule
            ),
            None => "check the path".to_owned(),
        };
        let violation = Violation::new(Kind::File, "file has no valid entry", fix);
        self.fail(location, &file.path.to_string_lossy(), violation);
    }

    /// All errors in the order of the settings; of each file, the first ones and how many there are more.
    pub(super) fn errors_in_order(&mut self) -> Vec<Mistake> {
        let mut errors = std::mem::take(&mut self.errors);
        let number = |error: &Mistake| error.number;
        errors.sort_by_key(number);
        for (source, path, more) in std::mem::take(&mut self.files_taken) {
            let mut of_file = 0;
            errors.retain(|error| {
                let is_of_file = error.location().file() == Some(&*path)
                    && error.location().setting() == source.location.setting();
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
        errors.sort_by_key(number);
        errors
    }
}

/// Whether a line that is no entry may be shown: it is an origin, a host with a dot, or one of this machine, nearly.
fn is_like_entry(text: &str) -> bool {
    let is_host = |entry: Entry<'_>| entry.is_of_this_machine() || text.contains('.');
    let host = text.strip_suffix('/').unwrap_or(text);
    text.contains("://")
        || ["http:", "https:", "http/", "https/"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        || text == "*"
        || text.eq_ignore_ascii_case("none")
        || Entry::parse(&format!("https://{host}")).is_ok_and(is_host)
}

/// Words stand alone: they are set where the file is named, and not in it. Comments of other files begin otherwise.
fn violation_of_line(text: &str) -> Option<Violation> {
    let comment = ["//", ";", "--"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .filter(|rest| rest.starts_with(' '));
    if let Some(comment) = comment {
        let fix = Fix::from("write ").and(Piece::Value(format!("#{comment}")));
        return Some(Violation::new(
            Kind::Separator,
            "a comment must begin with `#`",
            fix,
        ));
    }
    let setting = match text {
        "*" => settings::ANY_ORIGIN,
        text if text.eq_ignore_ascii_case("none") => settings::NO_ORIGIN,
        _ => return None,
    };
    let fix = Fix::from(Piece::SwitchOn(setting)).and(" instead of naming a file");
    Some(Violation::new(
        Kind::Wildcard,
        format!("`{text}` must not stand in a file"),
        fix,
    ))
}
