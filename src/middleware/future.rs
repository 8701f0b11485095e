//! The response future: a preflight's answer, or the inner service's with the headers that are due.

use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{Error, body::EitherBody, dev::ServiceResponse};
use futures_util::ready;
use pin_project_lite::pin_project;

use super::response::Worker;
use crate::http::HeaderValue;

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
            worker: Rc<Worker>,
            // `None` once it was handed to a response or an error.
            acao: Option<HeaderValue>,
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

    /// `acao` is the `Access-Control-Allow-Origin` that the response gets, if any.
    pub(super) fn inner(future: F, worker: Rc<Worker>, acao: Option<HeaderValue>) -> Self {
        Self {
            state: State::Inner {
                future,
                worker,
                acao,
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
                worker,
                acao,
            } => Poll::Ready(match ready!(future.poll(cx)) {
                Ok(mut response) => {
                    worker.decorate(&mut response, acao.take());
                    Ok(response.map_into_left_body())
                }
                Err(mut error) => {
                    let worker = Rc::clone(worker);
                    let acao = acao.take();
                    error.add_response_mapper(move |mut response| {
                        worker.decorate_error(&mut response, acao.clone());
                        response
                    });
                    Err(error)
                }
            }),
        }
    }
}
