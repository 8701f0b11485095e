//! Long sequences in random order, the same in every run.

use std::collections::HashMap;

use crate::{
    ask::Who,
    check::{
        Check,
        Step::{self, Swap, Wait},
        hit, miss, revalidated,
    },
    policies::Policy::{self, Any, Credentials, Deny, Listed, OnlyC},
    server::resource,
};

/// What is swapped in.
const POLICIES: [Policy; 5] = [Listed, Any, OnlyC, Deny, Credentials];

/// Requests for one thing.
pub fn under_one_policy(length: usize) -> Vec<Step> {
    let mut walk = Walk::new(1, false);
    (0..length).map(|_| walk.request()).collect()
}

/// Requests for several things, so that answers of many policies are stored while others come and go.
pub fn across_swaps() -> Vec<Check> {
    vec![
        Check::new(
            "300 requests in random order across 12 swaps",
            Listed,
            Walk::new(10, false).across(12, 25, None),
        ),
        Check::new(
            "120 requests in random order across 6 swaps, revalidated after the third",
            Listed,
            Walk::new(4, false).across(6, 20, Some(3)),
        )
        .of(resource::SHORT),
        Check::new(
            "120 requests in random order across 6 swaps, each with its `ETag`, expired after the third",
            Listed,
            Walk::new(4, true).across(6, 20, Some(3)),
        )
        .of(resource::VERSIONED),
    ]
}

struct Walk {
    seed: u64,
    items: usize,
    /// Whether a swap changes the `ETag`.
    is_versioned: bool,
    swaps: usize,
    waits: usize,
    /// What is stored, and how many swaps and waits came before.
    stored: HashMap<(Who, usize), (usize, usize)>,
}

impl Walk {
    fn new(items: usize, is_versioned: bool) -> Self {
        Self {
            seed: 0x2545_f491_4f6c_dd1d,
            items,
            is_versioned,
            swaps: 0,
            waits: 0,
            stored: HashMap::new(),
        }
    }

    fn across(mut self, swaps: usize, stretch: usize, wait_after: Option<usize>) -> Vec<Step> {
        let mut steps = Vec::new();
        for swap in 1..=swaps {
            steps.extend((0..stretch).map(|_| self.request()));
            let policy = POLICIES[self.random(POLICIES.len())];
            steps.push(Swap(policy));
            self.swaps += 1;
            if wait_after == Some(swap) {
                steps.push(Wait);
                self.waits += 1;
            }
        }
        steps
    }

    fn request(&mut self) -> Step {
        let who = Who::ALL[self.random(Who::ALL.len())];
        let item = self.random(self.items);
        let now = (self.swaps, self.waits);
        let step = match self.stored.get(&(who, item)) {
            Some((_, waits)) if *waits == self.waits => return hit(who).item(item),
            Some((swaps, _)) if !self.is_versioned || *swaps == self.swaps => revalidated(who),
            _ => miss(who),
        };
        self.stored.insert((who, item), now);
        step.item(item)
    }

    /// A number below this one: xorshift64.
    fn random(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let below = u64::try_from(below).unwrap_or(u64::MAX);
        usize::try_from(self.seed % below).unwrap_or(0)
    }
}
