//! The response future: the response to a preflight, or that of the inner service with the headers of the policy.

use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_service::Service;
use actix_web::{
    Error,
    body::EitherBody,
    dev::{ServiceRequest, ServiceResponse},
};
use pin_project_lite::pin_project;

use super::{
    headers::{LocalPolicy, PendingHeaders},
    log,
    nesting::{self, RequestId},
};
#[cfg(feature = "lookup")]
use super::{
    lookup::{Decided, Undecided, Waiting},
    respond::Action,
};
use crate::http::Bytes;

pin_project! {
    /// The future of [`CorsMiddleware`](super::CorsMiddleware). It contains the inner future itself, without a box.
    #[must_use = "futures do nothing unless polled"]
    pub struct CorsFuture<S, F, B> {
        #[pin]
        state: State<S, F, B>,
        body: PhantomData<B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, F, B> {
        /// The inner service is not called, or not yet.
        Apart { apart: Apart<S, B> },
        Inner {
            #[pin]
            future: F,
            id: RequestId,
            pending: PendingHeaders,
            // What an inner `Cors` granted: it is used instead of `pending`.
            inner: Option<Box<PendingHeaders>>,
        },
    }
}

enum Apart<S, B> {
    /// Taken by the poll that returns it.
    Answered(Option<ServiceResponse<EitherBody<B, Bytes>>>),
    /// A look-up is asked. Then the future has another state.
    #[cfg_attr(
        not(feature = "lookup"),
        expect(dead_code, reason = "without look-ups, nothing waits")
    )]
    Waiting(Next<S>),
}

/// What waits, and the service that is called then.
#[cfg(feature = "lookup")]
type Next<S> = Box<(Waiting, Rc<S>)>;

/// Without look-ups, there is no value of it.
#[cfg(not(feature = "lookup"))]
type Next<S> = (std::convert::Infallible, PhantomData<S>);

impl<S, F, B> CorsFuture<S, F, B> {
    /// A response without the inner service. It is complete; an outer `Cors` must not add anything. Inlined, because a
    /// response is too large to be moved once more.
    #[inline(always)]
    pub(super) fn answered(
        response: ServiceResponse<Bytes>,
        id: RequestId,
        local: Rc<LocalPolicy>,
    ) -> Self {
        nesting::report(&id, || PendingHeaders::new(local, None));
        Self {
            state: State::Apart {
                apart: Apart::Answered(Some(response.map_into_right_body())),
            },
            body: PhantomData,
        }
    }

    /// Asks the look-up first.
    #[cfg(feature = "lookup")]
    #[cold]
    pub(super) fn asking(service: &Rc<S>, request: Undecided) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        match request.ask() {
            Ok(decided) => Self::decided(service, decided),
            Err(waiting) => Self {
                state: State::Apart {
                    apart: Apart::Waiting(Box::new((waiting, Rc::clone(service)))),
                },
                body: PhantomData,
            },
        }
    }

    #[cfg(feature = "lookup")]
    #[cold]
    fn decided(service: &S, decided: Decided) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        let Decided {
            request,
            id,
            local,
            action,
        } = decided;
        let grant = match action {
            Action::Respond(response) => {
                return Self::answered(request.into_response(response), id, local);
            }
            Action::Forward(grant) => grant,
        };
        Self::inner(service, request, id, PendingHeaders::new(local, grant))
    }

    /// Calls the inner service. Inlined for the same reason.
    #[inline(always)]
    pub(super) fn inner(
        service: &S,
        request: ServiceRequest,
        id: RequestId,
        pending: PendingHeaders,
    ) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        let mut inner = None;
        let future = nesting::watch(&id, &pending, &mut inner, || service.call(request));
        Self {
            state: State::Inner {
                future,
                id,
                pending,
                inner,
            },
            body: PhantomData,
        }
    }
}

#[cfg(feature = "lookup")]
impl<S, F, B> CorsFuture<S, F, B>
where
    S: Service<ServiceRequest, Future = F>,
{
    /// Waits for the answer of the look-up. Then the future has another state.
    #[cold]
    fn poll_waiting(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let StateProjection::Apart { apart } = self.as_mut().project().state.project()
            && let Apart::Waiting(next) = apart
        {
            let (waiting, service) = &mut **next;
            let decided = std::task::ready!(waiting.poll(cx));
            let next = Self::decided(service, decided);
            self.project().state.set(next.state);
        }
        Poll::Ready(())
    }
}

impl<S, F, B> Future for CorsFuture<S, F, B>
where
    S: Service<ServiceRequest, Future = F>,
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B, Bytes>>, Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.as_mut().project().state.project() {
            StateProjection::Apart { apart } => match apart {
                Apart::Answered(response) => match response.take() {
                    Some(response) => Poll::Ready(Ok(response)),
                    // No executor polls again after `Ready`.
                    None => Poll::Pending,
                },
                #[cfg(feature = "lookup")]
                Apart::Waiting(_) => {
                    std::task::ready!(self.as_mut().poll_waiting(cx));
                    self.poll(cx)
                }
                #[cfg(not(feature = "lookup"))]
                Apart::Waiting(next) => match next.0 {},
            },
            StateProjection::Inner {
                future,
                id,
                pending,
                inner,
            } => {
                let mut poll = nesting::watch(id, pending, inner, || future.poll(cx));
                if let Some(inner) = inner
                    && poll.is_ready()
                    && let Some(loosened) = pending.loosened_by(inner)
                {
                    log::loosened(&loosened);
                }
                match &mut poll {
                    Poll::Pending => return Poll::Pending,
                    // The response stays where it is: moving it costs as much as comparing three origins.
                    Poll::Ready(Ok(response)) => {
                        let status = response.status();
                        pending.apply(inner.as_deref_mut(), response.headers_mut(), status);
                    }
                    Poll::Ready(Err(error)) => add_to_error(error, pending, inner),
                }
                poll.map_ok(ServiceResponse::map_into_left_body)
            }
        }
    }
}

/// The response that actix-web makes of an error gets the headers too.
#[cold]
fn add_to_error(
    error: &mut Error,
    pending: &PendingHeaders,
    inner: &mut Option<Box<PendingHeaders>>,
) {
    let (pending, inner) = (pending.clone(), inner.take());
    error.add_response_mapper(move |mut response| {
        // The mapper may run more than once, and `apply` takes the values.
        let (mut pending, mut inner) = (pending.clone(), inner.clone());
        let status = response.status();
        pending.apply(inner.as_deref_mut(), response.headers_mut(), status);
        response
    });
}
