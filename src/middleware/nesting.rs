//! One `Cors` inside of another: how the innermost one that saw a request informs the outer ones about what it granted.
//!
//! A mark on the response does not work: a middleware between them may send another response, or change the header with
//! the mark. A mark on the request would cost every app a look-up, and would panic if anyone has borrowed the
//! extensions. But an inner `Cors` is called while an outer one calls or polls, on the same thread. So a thread-local
//! variable is enough; an app with one `Cors` reads only one byte of it.
//!
//! Two cases are not recognized. A middleware between them may call the inner one in another task
//! (`spawn(async { next.call(request).await })`). Or it may drop a request, keep its future, and call the inner service
//! for a later request of the same app while it is polled for the dropped one.

use std::{
    cell::{Cell, RefCell},
    mem::ManuallyDrop,
};

use actix_web::dev::ServiceRequest;

use super::headers::PendingHeaders;

/// Identifies a request: a handler may call another service with its own `Cors`, which gets other requests.
///
/// Each `Cors` around the same request sees the same address of its head, and the same app. That is not enough, because
/// actix uses the head of a dropped request again. So the outermost `Cors` gives the request a number that is never
/// used again, and the futures of all inner ones keep it.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct RequestId {
    number: u64,
    /// Both addresses in one number, because every future contains it.
    head_and_app: usize,
}

impl RequestId {
    #[inline]
    pub(super) fn of(request: &ServiceRequest) -> Self {
        let head = std::ptr::from_ref(request.head()).addr();
        let app = std::ptr::from_ref(request.app_config()).addr();
        let head_and_app = head ^ app.rotate_left(usize::BITS / 2);
        if STATE.get() != State::Outside {
            let outer = AT_WORK.get();
            if outer.head_and_app == head_and_app {
                return outer;
            }
        }
        let number = NEXT.get();
        NEXT.set(number.wrapping_add(1));
        Self {
            number,
            head_and_app,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// No `Cors` is calling or polling.
    Outside,
    /// A `Cors` is calling or polling its inner service, for the current request.
    Inside,
    /// The same, and an inner `Cors` has reported what it granted to this request.
    Reported,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Outside) };
    /// Stale if the state is `Outside`.
    static AT_WORK: Cell<RequestId> = const { Cell::new(RequestId { number: 0, head_and_app: 0 }) };
    /// What an inner `Cors` granted since the nearest outer one began to call or poll; stale unless the state is
    /// `Reported`.
    static GRANTED: RefCell<Option<Box<PendingHeaders>>> = const { RefCell::new(None) };
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

/// Runs a call or a poll of the inner service. What an inner `Cors` granted to the same request replaces `inner`. That
/// is reported to the outer `Cors`, if there is one; if `inner` is empty, `own` is reported.
///
/// This also happens if the inner service panics: a middleware between them may catch the panic and continue.
#[inline]
pub(super) fn watch<R>(
    request: &RequestId,
    own: &PendingHeaders,
    inner: &mut Option<Box<PendingHeaders>>,
    inside: impl FnOnce() -> R,
) -> R {
    struct Watch<'a> {
        request: &'a RequestId,
        own: &'a PendingHeaders,
        inner: &'a mut Option<Box<PendingHeaders>>,
        /// Taken in `drop`. Usually it is empty, and even the check whether there is something to drop would cost time.
        before: ManuallyDrop<Option<Box<Before>>>,
    }

    impl Drop for Watch<'_> {
        #[inline]
        fn drop(&mut self) {
            if self.before.is_none() && STATE.get() == State::Inside {
                STATE.set(State::Outside);
            } else {
                self.hand_over();
            }
        }
    }

    impl Watch<'_> {
        #[cold]
        fn hand_over(&mut self) {
            if STATE.get() == State::Reported
                && let Some(granted) = GRANTED.take()
            {
                *self.inner = Some(granted);
            }
            match self.before.take() {
                None => STATE.set(State::Outside),
                Some(before) => {
                    before.put_back();
                    let granted = self.inner.as_deref().unwrap_or(self.own);
                    report(self.request, || granted.clone());
                }
            }
        }
    }

    let before = if STATE.get() == State::Outside {
        None
    } else {
        Some(Before::take())
    };
    STATE.set(State::Inside);
    AT_WORK.set(*request);
    let _watch = Watch {
        request,
        own,
        inner,
        before: ManuallyDrop::new(before),
    };
    inside()
}

/// What an outer `Cors` had begun, and what was reported to it so far.
struct Before {
    state: State,
    at_work: RequestId,
    granted: Option<Box<PendingHeaders>>,
}

impl Before {
    #[cold]
    fn take() -> Box<Self> {
        Box::new(Self {
            state: STATE.get(),
            at_work: AT_WORK.get(),
            granted: GRANTED.take(),
        })
    }

    fn put_back(self) {
        STATE.set(self.state);
        AT_WORK.set(self.at_work);
        GRANTED.set(self.granted);
    }
}

/// Reports to the outer `Cors`, if there is one, what was granted.
#[inline]
pub(super) fn report(request: &RequestId, granted: impl FnOnce() -> PendingHeaders) {
    // If a middleware between them or a handler calls another service, that is another request and is not reported.
    if STATE.get() != State::Outside && AT_WORK.get() == *request {
        put(granted());
    }
}

#[cold]
fn put(granted: PendingHeaders) {
    GRANTED.set(Some(Box::new(granted)));
    STATE.set(State::Reported);
}
