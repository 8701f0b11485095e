//! Policies that a task loads regularly.

use std::{
    fmt::Display,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    thread,
    time::Duration,
};

use futures_util::future::select;
use tokio::{
    runtime::{Builder, Handle},
    time::sleep,
};

use super::{
    attempt::within,
    follow_target::{OVERTAKEN, Published, Target},
    follower::{Follower, Wish},
    handle::CorsHandle,
    log,
};
use crate::{error::PolicyErrors, policy::CorsPolicy};

/// How long one load may take.
const LIMIT: Duration = Duration::from_secs(30);

impl CorsHandle {
    /// Calls `load` for the default policy: at once, then after each interval `every`, and on [`Follower::refresh`]. If
    /// `every` is zero, it is called again only on `refresh`. Following stops when the returned [`Follower`] is
    /// dropped.
    ///
    /// There is one load at a time, and it may take at most 30 seconds; for a shorter limit, use `tokio::time::timeout`
    /// in `load`. After an error, a panic or a timeout, the last good policy stays in use; the error is logged once at
    /// `error`, and again if it changes. A policy with the same settings as the current one replaces nothing. If
    /// anything else replaced the policy during a load, the loaded policy is dropped, and `load` is called again.
    /// Changes are logged at `info`, with counts and the first few entries.
    ///
    /// `load` runs on the tokio runtime in which `follow` is called, such as that of `#[actix_web::main]`, and needs
    /// its timer. Outside of a runtime, it has its own thread. Call `follow` once, not in the app factory, which runs
    /// for each worker. `load` must not block.
    ///
    /// Two predicates are the same only if they are one object: with
    /// [`allow_origin_fn`](crate::CorsPolicyBuilder::allow_origin_fn) in `load`, each load replaces the policy. A
    /// policy set by [`replace`](Self::replace) stays until the next load.
    ///
    /// A policy that [allows no origin](crate::CorsPolicyBuilder::allow_no_origin) is used too. So `load` should return
    /// an error if the source is empty by accident.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use actix_cors_policy::{Cors, CorsPolicy};
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> std::io::Result<()> {
    /// # async fn origins_of_the_database() -> std::io::Result<Vec<String>> { Ok(vec!["https://a.example".into()]) }
    /// let cors = Cors::new(CorsPolicy::deny_all());
    /// let follower = cors.handle().follow(Duration::from_secs(60), || async {
    ///     let origins = origins_of_the_database().await?;
    ///     Ok::<_, std::io::Error>(CorsPolicy::builder().allow_origins(origins).build()?)
    /// });
    /// // HttpServer::new(move || App::new().wrap(cors.clone()) …).run().await
    /// follower.refresh(); // when a message says that there is something new
    /// # Ok(()) }
    /// ```
    pub fn follow<F, Fut, E>(&self, every: Duration, load: F) -> Follower
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = Result<CorsPolicy, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        self.follow_target(|wish| self.default_target(wish), every, load)
    }

    /// Like [`follow`](Self::follow), for exactly this prefix.
    ///
    /// # Errors
    ///
    /// If no policy was given for this prefix, as for [`replace_at`](Self::replace_at).
    pub fn follow_at<F, Fut, E>(
        &self,
        prefix: impl AsRef<str>,
        every: Duration,
        load: F,
    ) -> Result<Follower, PolicyErrors>
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = Result<CorsPolicy, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let position = self.position(prefix.as_ref(), "follow_at")?;
        let target = |wish| self.target(position, Some(prefix.as_ref()), wish);
        Ok(self.follow_target(target, every, load))
    }

    fn follow_target<F, Fut, E>(
        &self,
        target: impl FnOnce(Arc<Wish>) -> Target,
        every: Duration,
        load: F,
    ) -> Follower
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = Result<CorsPolicy, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let wish = Arc::<Wish>::default();
        let task = until_stopped(target(Arc::clone(&wish)), every, load);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(task)),
            Err(_) => in_a_thread(task),
        }
        self.follower(wish)
    }
}

/// A thread with a runtime of its own.
fn in_a_thread(task: impl Future<Output = ()> + Send + 'static) {
    let run = || match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(task),
        Err(error) => log::cannot_follow(&error),
    };
    if let Err(error) = thread::Builder::new().name("cors-follow".into()).spawn(run) {
        log::cannot_follow(&error);
    }
}

async fn until_stopped<F, Fut, E>(target: Target, every: Duration, load: F)
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Result<CorsPolicy, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    let following = pin!(follow(&target, every, load));
    let stopped = pin!(target.wish().stopped());
    select(following, stopped).await;
}

async fn follow<F, Fut, E>(target: &Target, every: Duration, load: F)
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Result<CorsPolicy, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    loop {
        let before = target.current();
        // A panic before the future is there is one, too.
        let loading = catch_unwind(AssertUnwindSafe(&load));
        let loaded = within(LIMIT, loading)
            .await
            .unwrap_or_else(|_| Err(format!("it took longer than {} seconds", LIMIT.as_secs())));
        match loaded {
            Ok(policy) => {
                if target.publish(&before, policy) == Published::Overtaken {
                    // Something that replaces the policy again and again must not take the whole processor.
                    sleep(OVERTAKEN).await;
                    continue;
                }
            }
            Err(error) => target.fail(error),
        }
        wait(target.wish(), every).await;
    }
}

async fn wait(wish: &Wish, every: Duration) {
    if every.is_zero() {
        wish.asked().await;
    } else {
        select(pin!(wish.asked()), pin!(sleep(every))).await;
    }
}
