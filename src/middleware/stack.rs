//! Layers around layers: how the innermost one that saw a request tells the outer ones what it granted.
//!
//! A mark on the response would not do: a layer between may answer with another response, or rewrite the header that
//! bears the mark. A mark on the request would cost every app a look-up, and whoever holds its extensions borrowed would
//! make it panic. But an inner layer is called while an outer one calls or polls, on the same thread, so that a place
//! of the thread is enough; an app with one layer pays for looking at it.

use std::cell::{Cell, RefCell};

use super::response::Grant;

thread_local! {
    /// Whether some layer is calling or polling what is inside of it.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// What a layer inside granted since the nearest outer one began to call or poll.
    static GRANTED: RefCell<Option<Grant>> = const { RefCell::new(None) };
}

/// Runs a call or a poll of what is inside; what a layer there granted replaces `granted`.
pub(super) fn watch<R>(granted: &mut Option<Grant>, inside: impl FnOnce() -> R) -> R {
    /// Puts back what was there before, when what is inside panics too.
    struct Restore(bool, Option<Grant>);

    impl Drop for Restore {
        fn drop(&mut self) {
            INSIDE.set(self.0);
            GRANTED.replace(self.1.take());
        }
    }

    let restore = Restore(INSIDE.replace(true), GRANTED.take());
    let result = inside();
    if let Some(inner) = GRANTED.take() {
        *granted = Some(inner);
    }
    drop(restore);
    result
}

/// Tells the layer outside, if there is one, what was granted in here.
pub(super) fn tell(grant: &Grant) {
    if INSIDE.get() {
        GRANTED.set(Some(grant.clone()));
    }
}
