//! The response future: a preflight's answer, or the inner service's with the headers that are due.

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
use futures_util::ready;
use pin_project_lite::pin_project;

use super::{
    response::{Grant, Worker},
    stack,
};

pin_project! {
    /// The future of [`CorsMiddleware`](super::CorsMiddleware). It holds the inner one in place, without a box.
    #[must_use = "futures do nothing unless polled"]
    pub struct CorsFuture<F, B> {
        #[pin]
        state: State<F, B>,
        body: PhantomData<B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        /// Taken by the poll that returns it.
        Answered { response: Option<ServiceResponse<EitherBody<B, ()>>> },
        Inner {
            #[pin]
            future: F,
            grant: Grant,
            // What a layer inside granted: its word stands, and this layer's does not.
            inner: Option<Grant>,
        },
    }
}

impl<F, B> CorsFuture<F, B> {
    pub(super) fn answered(response: ServiceResponse<()>) -> Self {
        Self {
            state: State::Answered {
                response: Some(response.map_into_right_body()),
            },
            body: PhantomData,
        }
    }

    /// The same where a layer outside must know that this one denied.
    pub(super) fn rejected(response: ServiceResponse<()>, worker: Rc<Worker>) -> Self {
        stack::tell(&Grant::new(worker, None));
        Self::answered(response)
    }

    /// Calls the inner service.
    pub(super) fn inner<S>(service: &S, request: ServiceRequest, grant: Grant) -> Self
    where
        S: Service<ServiceRequest, Future = F>,
    {
        let mut inner = None;
        let future = stack::watch(&mut inner, || service.call(request));
        stack::tell(inner.as_ref().unwrap_or(&grant));
        Self {
            state: State::Inner {
                future,
                grant,
                inner,
            },
            body: PhantomData,
        }
    }
}

impl<F, B> Future for CorsFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B, ()>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Answered { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Polled again after it was ready, which no executor does.
                None => Poll::Pending,
            },
            StateProjection::Inner {
                future,
                grant,
                inner,
            } => {
                let poll = stack::watch(inner, || future.poll(cx));
                if let Some(inner) = inner {
                    stack::tell(inner);
                }
                Poll::Ready(match ready!(poll) {
                    Ok(mut response) => {
                        let status = response.status();
                        grant.apply(inner.as_ref(), response.headers_mut(), status);
                        Ok(response.map_into_left_body())
                    }
                    Err(mut error) => {
                        let (grant, inner) = (grant.clone(), inner.take());
                        error.add_response_mapper(move |mut response| {
                            let status = response.status();
                            grant.apply(inner.as_ref(), response.headers_mut(), status);
                            response
                        });
                        Err(error)
                    }
                })
            }
        }
    }
}
