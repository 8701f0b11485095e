//! Code of the user that may fail, panic or take too long.

use std::{
    any::Any,
    fmt::Display,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
    time::Duration,
};

use tokio::time::{error::Elapsed, timeout};

/// What a panic leaves.
pub(super) type Panic = Box<dyn Any + Send>;

/// Awaits a future for at most a time. `made` is the future, or the panic of the function that should have made it. A
/// panic is caught, also one when the future is dropped.
pub(super) async fn within<Fut, T, E>(
    limit: Duration,
    made: Result<Fut, Panic>,
) -> Result<Result<T, String>, Elapsed>
where
    Fut: Future<Output = Result<T, E>>,
    E: Display,
{
    let future = match made {
        Ok(future) => future,
        Err(panic) => return Ok(flatten::<T, E>(Err(panic))),
    };
    let mut future = Box::pin(future);
    let caught =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
                Ok(poll) => poll.map(Ok),
                Err(panic) => Poll::Ready(Err(panic)),
            },
        );
    let given = timeout(limit, caught).await;
    match catch_unwind(AssertUnwindSafe(|| drop(future))) {
        Ok(()) => given.map(flatten),
        Err(panic) => Ok(flatten::<T, E>(Err(panic))),
    }
}

/// What it gave, or why it gave nothing.
pub(super) fn flatten<T, E: Display>(given: Result<Result<T, E>, Panic>) -> Result<T, String> {
    match given {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => {
            let text = panic
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
            Err(format!("it panicked: {}", text.unwrap_or("no message")))
        }
    }
}
