//! Files that list entries, one entry in each line. Only this module reads files.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
    quote::Quoted,
    settings,
};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A file as it was when it was read.
#[derive(Clone, Debug)]
pub(crate) struct OriginFile {
    pub(super) path: PathBuf,
    text: String,
    stamp: FileStamp,
}

impl OriginFile {
    pub(super) fn read(path: &Path) -> Result<Self, Violation> {
        let cannot = |error: &io::Error| {
            let mut fix = format!("{error}; write the path of a file that this program can read");
            if path.is_relative()
                && let Ok(whole) = std::path::absolute(path)
            {
                let whole = whole.to_string_lossy();
                fix = format!("{fix}, which is now {}", Quoted(whole.as_bytes()));
            }
            Violation::new(Kind::File, "file cannot be read", fix)
        };
        let mut bytes = Vec::new();
        // What is written while it is read is read once more. A program that writes in place and for long needs `follow_files`.
        for _ in 0..3 {
            // Before it is opened: to open a pipe waits for a writer.
            check(&fs::metadata(path).map_err(|error| cannot(&error))?)?;
            let file = File::open(path).map_err(|error| cannot(&error))?;
            let before = file.metadata().map_err(|error| cannot(&error))?;
            check(&before)?;
            bytes.clear();
            let mut limited = (&file).take(MAX_BYTES + 1);
            limited
                .read_to_end(&mut bytes)
                .map_err(|error| cannot(&error))?;
            let stamp = FileStamp::of(&before);
            let after = file.metadata().map_err(|error| cannot(&error))?;
            if stamp == FileStamp::of(&after) {
                return Self::new(path, bytes, stamp);
            }
        }
        let fix = "write to another file, and rename it to this one";
        Err(Violation::new(
            Kind::File,
            "file changes while it is read",
            fix,
        ))
    }

    fn new(path: &Path, bytes: Vec<u8>, stamp: FileStamp) -> Result<Self, Violation> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(too_large());
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let before = error.as_bytes().get(..good).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let fix = format!("write it in UTF-8: line {line} is not");
            Violation::new(Kind::NotUnicode, "file is not Unicode", fix)
        })?;
        let file = Self {
            path: path.to_owned(),
            text,
            stamp,
        };
        if file.entries().next().is_none() {
            let fix = Fix::from("write an entry a line; to deny every origin, ")
                .and(Piece::SwitchOn(settings::NO_ORIGIN))
                .and(" instead");
            return Err(Violation::new(Kind::Empty, "file has no entry", fix));
        }
        Ok(file)
    }

    /// Each entry, with the number of its line, counted from 0.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        text.lines().enumerate().filter_map(|(number, line)| {
            let entry = line.split('#').next().unwrap_or_default();
            let entry = entry.trim_ascii();
            (!entry.is_empty()).then_some((number, entry))
        })
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn into_stamped(self) -> StampedFile {
        StampedFile {
            path: self.path,
            stamp: Some(self.stamp),
        }
    }
}

/// A file that a policy was built from, without what it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StampedFile {
    path: PathBuf,
    /// `None` if there is none.
    stamp: Option<FileStamp>,
}

impl StampedFile {
    /// The same file as it is now.
    pub(crate) fn now(&self) -> Self {
        Self {
            path: self.path.clone(),
            stamp: fs::metadata(&self.path).ok().as_ref().map(FileStamp::of),
        }
    }
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileStamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the last change of either.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

impl FileStamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt as _;
            (
                metadata.dev(),
                metadata.ino(),
                metadata.ctime(),
                metadata.ctime_nsec(),
            )
        };
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity,
        }
    }
}

/// Whether there is something at a path, so that nothing else is meant by it.
pub(super) fn is_there(path: &Path) -> bool {
    path.exists()
}

fn check(metadata: &Metadata) -> Result<(), Violation> {
    if !metadata.is_file() {
        let fix = "give the path of one with an entry a line";
        return Err(Violation::new(
            Kind::File,
            "file must be a regular one",
            fix,
        ));
    }
    if metadata.len() > MAX_BYTES {
        return Err(too_large());
    }
    Ok(())
}

fn too_large() -> Violation {
    let fix = "use fewer entries: `https://*.example.com` is all subdomains";
    Violation::new(Kind::File, "file must not be over 256 MiB", fix)
}
