//! What a request reads: one snapshot of all policies, replaced as a whole.
//!
//! For each request, a worker reads one shared number, which changes only when a policy is replaced. Everything else
//! that a request reads belongs to its worker.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

#[cfg(feature = "lookup")]
use super::lookup::Lookups;
use super::{
    headers::LocalPolicy,
    log,
    observe::{Observer, Watch},
    prefixes::{Finder, Prefixes},
    said_once::SaidOnce,
};
use crate::{policy::CorsPolicy, quote::Line};

/// The current policies, shared by a `Cors`, its clones, its handles and its workers.
pub(super) struct SharedPolicies {
    prefixes: Prefixes,
    /// How often a policy was replaced. Not every target has a wider atomic number. With 32 bits it may wrap, which is
    /// harmless: a worker misses a change only if there were exactly 2^32 changes between two of its requests, and it
    /// sees the next one.
    epoch: AtomicUsize,
    snapshot: Mutex<Arc<Snapshot>>,
    has_handle: AtomicBool,
    logged: AtomicBool,
    /// What was logged already.
    said: Arc<SaidOnce>,
    said_of_shadow: Arc<SaidOnce>,
}

/// What is in force.
#[derive(Clone)]
pub(super) struct Snapshot {
    /// The default policy, and then one for each prefix.
    pub(super) policies: Vec<CorsPolicy>,
    /// A candidate for the default policy, which is never obeyed.
    pub(super) shadow: Option<CorsPolicy>,
    /// What asks for each policy that has a look-up, and keeps the answers. New if the policy is replaced.
    #[cfg(feature = "lookup")]
    lookups: Vec<Option<Arc<Lookups>>>,
}

impl Snapshot {
    pub(super) fn new(policies: Vec<CorsPolicy>) -> Self {
        Self {
            #[cfg(feature = "lookup")]
            lookups: policies.iter().map(lookups).collect(),
            policies,
            shadow: None,
        }
    }

    /// Adds a policy. The others keep what they have, so that a hundred thousand of them can be added one by one.
    pub(super) fn insert(&mut self, index: usize, policy: CorsPolicy) {
        #[cfg(feature = "lookup")]
        self.lookups.insert(index, lookups(&policy));
        self.policies.insert(index, policy);
    }

    #[cfg(feature = "lookup")]
    fn lookups(&self, position: usize) -> Option<&Arc<Lookups>> {
        self.lookups.get(position)?.as_ref()
    }
}

impl SharedPolicies {
    pub(super) fn new(prefixes: Prefixes, snapshot: Snapshot) -> Self {
        Self {
            prefixes,
            epoch: AtomicUsize::new(0),
            snapshot: Mutex::new(Arc::new(snapshot)),
            has_handle: AtomicBool::new(false),
            logged: AtomicBool::new(false),
            said: Arc::default(),
            said_of_shadow: Arc::default(),
        }
    }

    /// Whether a handle was made.
    pub(super) fn has_handle(&self) -> bool {
        self.has_handle.load(Ordering::Relaxed)
    }

    pub(super) fn set_has_handle(&self) {
        self.has_handle.store(true, Ordering::Relaxed);
    }

    /// Logs all policies, when the first worker starts.
    pub(super) fn log_once(&self) {
        if self.logged.swap(true, Ordering::Relaxed) {
            return;
        }
        let snapshot = self.snapshot();
        let prefixes = std::iter::once(None).chain(self.prefixes.iter().map(Some));
        for (prefix, policy) in prefixes.zip(&snapshot.policies) {
            log::policy("in use", prefix, policy);
        }
        if let Some(shadow) = &snapshot.shadow {
            log::shadow_policy(shadow);
        }
    }

    pub(super) fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock())
    }

    /// The parts of a `Cors`, to make another one of them; nothing is copied if they are not shared.
    pub(super) fn into_parts(self: Arc<Self>) -> (Prefixes, Snapshot) {
        match Arc::try_unwrap(self) {
            Ok(shared) => {
                let snapshot = shared.snapshot.into_inner();
                let snapshot = snapshot.unwrap_or_else(PoisonError::into_inner);
                (shared.prefixes, Arc::unwrap_or_clone(snapshot))
            }
            Err(shared) => (shared.prefixes.clone(), Snapshot::clone(&shared.snapshot())),
        }
    }

    /// Replaces the policy of a position, for each worker from its next request on, and gives back the one before.
    pub(super) fn replace(&self, position: usize, policy: CorsPolicy) -> Option<CorsPolicy> {
        self.replace_if(position, policy, |_| true)
    }

    /// The same, if it is still wanted: asked of the policy in force, while nobody else can replace it.
    pub(super) fn replace_if(
        &self,
        position: usize,
        policy: CorsPolicy,
        is_wanted: impl FnOnce(&CorsPolicy) -> bool,
    ) -> Option<CorsPolicy> {
        self.change(|snapshot| {
            let current = snapshot.policies.get_mut(position)?;
            if !is_wanted(current) {
                return None;
            }
            #[cfg(feature = "lookup")]
            if let Some(before) = snapshot.lookups.get_mut(position) {
                *before = lookups(&policy);
            }
            Some(std::mem::replace(current, policy))
        })
    }

    /// Replaces the shadow policy, and gives back the one before.
    pub(super) fn replace_shadow(&self, shadow: Option<CorsPolicy>) -> Option<CorsPolicy> {
        let before = self.change(|snapshot| Some(std::mem::replace(&mut snapshot.shadow, shadow)));
        before.flatten()
    }

    /// Changes the snapshot, unless `change` returns `None`.
    fn change<T>(&self, change: impl FnOnce(&mut Snapshot) -> Option<T>) -> Option<T> {
        let mut snapshot = self.lock();
        let mut changed = Snapshot::clone(&snapshot);
        let before = change(&mut changed)?;
        let snapshot_before = std::mem::replace(&mut *snapshot, Arc::new(changed));
        self.epoch.fetch_add(1, Ordering::Release);
        drop(snapshot);
        self.said.begin_again();
        self.said_of_shadow.begin_again();
        // Dropped last, without the lock, because the `Drop` of a predicate may call this again.
        drop(snapshot_before);
        Some(before)
    }

    /// Returns once no swap is under way.
    pub(super) fn wait_for_swap(&self) {
        drop(self.lock());
    }

    /// The value behind the lock is replaced in one step, so a panic cannot leave it half changed.
    fn lock(&self) -> MutexGuard<'_, Arc<Snapshot>> {
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot();
        let names = std::iter::once("default")
            .chain(self.prefixes.iter())
            .map(Line);
        let shadow = snapshot
            .shadow
            .iter()
            .map(|shadow| (Line("shadow"), shadow));
        f.debug_map()
            .entries(names.zip(&snapshot.policies))
            .entries(shadow)
            .finish()
    }
}

/// A worker's own copy of the shared policies, and of the header values made from them.
#[derive(Debug)]
pub(super) struct WorkerPolicies {
    shared: Arc<SharedPolicies>,
    observers: Rc<[Observer]>,
    finder: Finder,
    epoch: Cell<usize>,
    /// In the order of the policies.
    policies: RefCell<Vec<InForce>>,
}

/// The policy for a request, and what is told about its decisions.
#[derive(Clone, Debug)]
pub(super) struct InForce {
    pub(super) local: Rc<LocalPolicy>,
    pub(super) watch: Option<Rc<Watch>>,
}

impl WorkerPolicies {
    pub(super) fn new(shared: Arc<SharedPolicies>, observers: &[Observer]) -> Self {
        let worker = Self {
            finder: Finder::new(shared.prefixes.clone()),
            observers: observers.into(),
            epoch: Cell::default(),
            policies: RefCell::default(),
            shared,
        };
        worker.renew();
        worker
    }

    /// The current policy for a path, from this worker's copy. Only the first request after a change takes a lock or
    /// writes shared memory.
    #[inline]
    pub(super) fn find<'p>(&self, path: impl FnOnce() -> &'p str) -> InForce {
        if self.shared.epoch.load(Ordering::Acquire) != self.epoch.get() {
            self.renew();
        }
        match self.policies.borrow().as_slice() {
            [only] => only.clone(),
            several => self.find_by_path(several, path()),
        }
    }

    fn find_by_path(&self, policies: &[InForce], path: &str) -> InForce {
        let found = policies.get(self.finder.find(path));
        let found = found.or_else(|| policies.first());
        found
            .expect("`Cors::new` was given a default policy")
            .clone()
    }

    #[cold]
    fn renew(&self) {
        // Read before the policies: if they change in between, the first request reads them again.
        let epoch = self.shared.epoch.load(Ordering::Acquire);
        let snapshot = self.shared.snapshot();
        let before = self.policies.borrow().clone();
        let prefixes = std::iter::once(None).chain(self.shared.prefixes.iter().map(Some));
        let policies = snapshot.policies.iter().zip(prefixes).enumerate();
        let copies = policies.map(|(position, (policy, prefix))| {
            let known = before.get(position).map(|known| &known.local);
            let known = known.filter(|known| known.is_of(policy));
            #[cfg(feature = "lookup")]
            let known = known.filter(|known| known.has(snapshot.lookups(position)));
            let local = match known {
                Some(local) => Rc::clone(local),
                None => {
                    let local = LocalPolicy::new(policy, Arc::clone(&self.shared.said));
                    #[cfg(feature = "lookup")]
                    let local = local.with(snapshot.lookups(position));
                    Rc::new(local)
                }
            };
            let shadow = snapshot.shadow.as_ref().filter(|_| prefix.is_none());
            let shadow = shadow.map(|shadow| {
                let said = Arc::clone(&self.shared.said_of_shadow);
                Rc::new(LocalPolicy::new(shadow, said))
            });
            InForce {
                local,
                watch: Watch::new(&self.observers, shadow, prefix),
            }
        });
        self.policies.replace(copies.collect());
        // Set last: after a panic, the old number is still there and the next request tries again.
        self.epoch.set(epoch);
    }
}

#[cfg(feature = "lookup")]
fn lookups(policy: &CorsPolicy) -> Option<Arc<Lookups>> {
    Lookups::of(policy, log::lookup_failed)
}
