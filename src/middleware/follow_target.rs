//! The policy that a follower replaces, and what it says of the loads that failed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{follower::Wish, live::SharedPolicies, log};
use crate::policy::CorsPolicy;

/// One of the policies in force.
pub(super) struct Target {
    policies: Arc<SharedPolicies>,
    position: usize,
    prefix: Option<String>,
    wish: Arc<Wish>,
    /// What was logged of the last load, if it failed.
    failure: Mutex<Option<String>>,
}

/// What became of a policy that was loaded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// It is in force, or one with the same settings was already.
    Done,
    /// Something else replaced the policy during the load, and may know more: it has to be made again.
    Overtaken,
}

impl Target {
    pub(super) fn new(
        policies: Arc<SharedPolicies>,
        position: usize,
        prefix: Option<String>,
        wish: Arc<Wish>,
    ) -> Self {
        Self {
            policies,
            position,
            prefix,
            wish,
            failure: Mutex::default(),
        }
    }

    /// The policy in force.
    pub(super) fn current(&self) -> CorsPolicy {
        let snapshot = self.policies.snapshot();
        let policy = snapshot.policies.get(self.position).cloned();
        policy.expect("prefixes do not go")
    }

    pub(super) fn wish(&self) -> &Wish {
        &self.wish
    }

    /// Puts a loaded policy in force, if that of before the load still is and following was not stopped.
    pub(super) fn publish(&self, before: &CorsPolicy, policy: CorsPolicy) -> Published {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let is_same = policy.has_settings_of(before);
        let mut is_overtaken = false;
        let logged = policy.clone();
        let replaced = self.policies.replace_if(self.position, policy, |current| {
            if self.wish.is_stopped() || current.is(before) {
                return !self.wish.is_stopped() && !is_same;
            }
            is_overtaken = !logged.has_settings_of(current);
            false
        });
        if replaced.is_some() {
            log::followed(self.prefix.as_deref(), before, &logged);
        }
        if is_overtaken {
            Published::Overtaken
        } else {
            Published::Done
        }
    }

    /// Says once that a load failed, until it fails otherwise or is good again.
    pub(super) fn fail(&self, error: String) {
        let mut last = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() != Some(&error) && !self.wish.is_stopped() {
            log::load_failed(self.prefix.as_deref(), &error);
            *last = Some(error);
        }
    }
}

/// How long to wait before a load is made again that was overtaken.
pub(super) const OVERTAKEN: Duration = Duration::from_millis(10);
