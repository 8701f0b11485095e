//! Layers around layers: how the innermost one that saw a request tells the outer ones what it granted.
//!
//! A mark on the response would not do: a layer between may answer with another response, or rewrite the header that
//! bears the mark. A mark on the request would cost every app a look-up, and anyone who holds its extensions borrowed would
//! make it panic. But an inner layer is called while an outer one calls or polls, on the same thread, so that a slot
//! of the thread is enough; an app with one layer pays for looking at one byte of it.
//!
//! It is not seen where a layer between hands the call to another task (`spawn(async { next.call(request).await })`), nor
//! distinguished where a layer between drops a request, keeps its future, and calls what is inside for a later request of the
//! same app while it is polled for the dropped one.

use std::{
    cell::{Cell, RefCell},
    mem::ManuallyDrop,
};

use actix_web::dev::ServiceRequest;

use super::headers::PendingHeaders;

/// The name of a request: a handler may call another service with a layer of its own, whose requests are others.
///
/// Layers around the same request see one address of its head, and one app. That alone would not do, because the head of
/// a request that was dropped is used again for a later one. So the outermost layer gives it a number, which is never
/// used again, and the futures of all layers inside keep that number.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct RequestId {
    number: u64,
    /// Both addresses in one, because every future carries this.
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
    /// No layer is at work.
    Outside,
    /// Some layer is calling or polling what is inside of it, for the request that is at work.
    Inside,
    /// The same, and a layer there has told what it granted to this request.
    Told,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Outside) };
    /// Stale if the state is `Outside`.
    static AT_WORK: Cell<RequestId> = const { Cell::new(RequestId { number: 0, head_and_app: 0 }) };
    /// What a layer inside granted since the nearest outer one began to call or poll; stale unless the state is `Told`.
    static GRANTED: RefCell<Option<Box<PendingHeaders>>> = const { RefCell::new(None) };
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

/// Runs a call or a poll of what is inside. What a layer there granted to the same request replaces `inner`; the layer
/// outside, if there is one, learns that, or else what this layer granted by `own`.
///
/// All of it happens when what is inside panics too: a layer between may catch that, and go on.
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
        /// Taken when this is dropped. As usual there is nothing, and even to look for something to drop would cost.
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
            if STATE.get() == State::Told
                && let Some(granted) = GRANTED.take()
            {
                *self.inner = Some(granted);
            }
            match self.before.take() {
                None => STATE.set(State::Outside),
                Some(before) => {
                    before.put_back();
                    tell(self.request, self.inner.as_deref().unwrap_or(self.own));
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

/// What an outer layer had begun, and what it was told until now.
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

/// Tells the layer outside, if there is one, what was granted in here.
#[inline]
pub(super) fn tell(request: &RequestId, pending: &PendingHeaders) {
    // What a layer between, or a handler, asks of another service is another request, and none of that layer's business.
    if STATE.get() != State::Outside && AT_WORK.get() == *request {
        put(pending);
    }
}

#[cold]
fn put(pending: &PendingHeaders) {
    GRANTED.set(Some(Box::new(pending.clone())));
    STATE.set(State::Told);
}
