//! Policies that are loaded again when a file changes, in a thread.

use std::{
    fmt::Display,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::Duration,
};

use super::{
    attempt::flatten,
    follow_target::{OVERTAKEN, Published, Target},
    follower::{Follower, Wake, Wish},
    handle::CorsHandle,
    log,
};
use crate::policy::{CorsPolicy, StampedFile};

impl CorsHandle {
    /// After each interval `every`, checks the files of the default policy
    /// ([`allow_origins_from_file`](crate::CorsPolicyBuilder::allow_origins_from_file), `CORS_ALLOWED_ORIGINS_FILE`).
    /// Calls `load` if a file has changed, or on [`Follower::refresh`]. If `every` is zero, it calls `load` only on
    /// `refresh`.
    ///
    /// A changed file is loaded when two checks find it in the same state, and only if it stays so during the load.
    /// (The state is the size and the time of modification; on Unix also device, inode and time of change.) So a file
    /// is not read while a program writes it, unless that program pauses for `every` or longer. A file that is renamed
    /// to its path, or reached by a changed link, is never read in part. If the current policy was built from no file,
    /// `load` is called at once, and after each interval until it succeeds. `refresh` calls `load` at once, without two
    /// checks, and again as long as a file changes during the load.
    ///
    /// After an error or a panic, the last good policy stays in use; the error is logged once at `error`, and again if
    /// it changes. A load has no time limit, and runs in a thread of its own. Everything else is as in
    /// [`follow`](Self::follow).
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// // CORS_ALLOWED_ORIGINS_FILE=/etc/shop/origins.txt
    /// let cors = Cors::new(CorsPolicy::from_env()?);
    /// let _follower = cors.handle().follow_files(Duration::from_secs(1), CorsPolicy::from_env);
    /// // HttpServer::new(move || App::new().wrap(cors.clone()) …).run().await
    /// # Ok(()) }
    /// ```
    pub fn follow_files<F, E>(&self, every: Duration, load: F) -> Follower
    where
        F: Fn() -> Result<CorsPolicy, E> + Send + 'static,
        E: Display,
    {
        let wish = Arc::<Wish>::default();
        let target = self.default_target(Arc::clone(&wish));
        let read = target.current().files().to_vec();
        let run = move || follow(&target, read, every, &load);
        if let Err(error) = thread::Builder::new().name("cors-follow".into()).spawn(run) {
            log::cannot_follow(&error);
        }
        self.follower(wish)
    }
}

fn follow<E: Display>(
    target: &Target,
    mut read: Vec<StampedFile>,
    every: Duration,
    load: &dyn Fn() -> Result<CorsPolicy, E>,
) {
    // `read` is how the files were when they were last read, and `seen` how they were at the last check.
    let mut seen = read.clone();
    // Nothing was loaded so far, and no file is known that could change.
    let mut is_unknown = read.is_empty();
    let mut is_due = is_unknown;
    // Somebody asked for the load, and does not wait until the files are at rest.
    let mut is_asked = is_due;
    loop {
        let mut is_changing = false;
        let mut pause = every;
        if is_due {
            // Before the load, because what is written during the load has to be read too.
            let tried = now(&read);
            match load_once(target, load) {
                Loaded::Good(files) => {
                    read = files;
                    is_unknown = false;
                }
                // Not again before they change.
                Loaded::Failed => read = tried,
                Loaded::Changing if is_asked => {
                    is_changing = true;
                    pause = every.max(CHANGING);
                }
                Loaded::Changing => {}
                Loaded::Stopped => return,
            }
            seen = now(&read);
        }
        is_due = match target.wish().wait(pause) {
            Wake::Stopped => return,
            Wake::Refresh => {
                is_asked = true;
                true
            }
            Wake::Time if is_changing => true,
            Wake::Time => {
                is_asked = false;
                let before = std::mem::replace(&mut seen, now(&read));
                is_unknown || (seen != read && seen == before)
            }
        };
    }
}

/// How long to wait at least before a load is made again during which a file changed.
const CHANGING: Duration = Duration::from_millis(100);

enum Loaded {
    /// The files that it was built from.
    Good(Vec<StampedFile>),
    Failed,
    /// They changed during the load, so its result is not known.
    Changing,
    Stopped,
}

fn load_once<E: Display>(target: &Target, load: &dyn Fn() -> Result<CorsPolicy, E>) -> Loaded {
    loop {
        let before = target.current();
        let policy = match flatten(catch_unwind(AssertUnwindSafe(load))) {
            Ok(policy) => policy,
            Err(error) => {
                target.fail(error);
                return Loaded::Failed;
            }
        };
        let files = policy.files().to_vec();
        if now(&files) != files {
            return Loaded::Changing;
        }
        if target.publish(&before, policy) == Published::Done {
            return Loaded::Good(files);
        }
        // Something that replaces the policy again and again must not take the whole processor.
        if target.wish().wait(OVERTAKEN) == Wake::Stopped {
            return Loaded::Stopped;
        }
    }
}

fn now(files: &[StampedFile]) -> Vec<StampedFile> {
    files.iter().map(StampedFile::now).collect()
}
