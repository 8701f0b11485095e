//! Layers around layers: how the innermost one that saw a request tells the outer ones what it granted.
//!
//! A mark on the response would not do: a layer between may answer with another response, or rewrite the header that
//! bears the mark. A mark on the request would cost every app a look-up, and whoever holds its extensions borrowed would
//! make it panic. But an inner layer is called while an outer one calls or polls, on the same thread, so that a place
//! of the thread is enough; an app with one layer pays for looking at one byte of it.
//!
//! It is not seen where a layer between hands the call to another task (`spawn(async { next.call(request).await })`).

use std::cell::{Cell, RefCell};

use actix_web::dev::ServiceRequest;

use super::response::Grant;

/// Tells requests apart while they live: a handler may call another service with a layer of its own.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct RequestId(usize);

impl RequestId {
    pub(super) fn of(request: &ServiceRequest) -> Self {
        Self(std::ptr::from_ref(request.head()).addr())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// No layer is at work.
    Outside,
    /// Some layer is calling or polling what is inside of it, for this request.
    Inside(RequestId),
    /// The same, and a layer there has told what it granted to this request.
    Told(RequestId),
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Outside) };
    /// What a layer inside granted since the nearest outer one began to call or poll; stale unless the state is `Told`.
    static GRANTED: RefCell<Option<Grant>> = const { RefCell::new(None) };
}

/// Runs a call or a poll of what is inside; what a layer there granted to the same request replaces `granted`.
#[inline]
pub(super) fn watch<R>(
    request: RequestId,
    granted: &mut Option<Box<Grant>>,
    inside: impl FnOnce() -> R,
) -> R {
    /// Puts back what was there before, when what is inside panics too.
    struct Restore(State);

    impl Drop for Restore {
        #[inline]
        fn drop(&mut self) {
            STATE.set(self.0);
        }
    }

    let restore = Restore(STATE.replace(State::Inside(request)));
    // What another layer told, beside this one and inside the same outer one.
    let before = matches!(restore.0, State::Told(_)).then(take).flatten();
    let result = inside();
    if STATE.get() == State::Told(request) {
        keep(granted);
    }
    drop(restore);
    if before.is_some() {
        GRANTED.set(before);
    }
    result
}

/// Tells the layer outside, if there is one, what was granted in here.
#[inline]
pub(super) fn tell(request: RequestId, grant: &Grant) {
    match STATE.get() {
        State::Inside(of) | State::Told(of) if of == request => put(request, grant),
        // What a layer between, or a handler, asks of another service is another request, and none of that layer's business.
        _ => {}
    }
}

#[cold]
fn put(request: RequestId, grant: &Grant) {
    GRANTED.set(Some(grant.clone()));
    STATE.set(State::Told(request));
}

#[cold]
fn keep(granted: &mut Option<Box<Grant>>) {
    if let Some(grant) = take() {
        *granted = Some(Box::new(grant));
    }
}

#[cold]
fn take() -> Option<Grant> {
    GRANTED.take()
}
