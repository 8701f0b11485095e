//! Long random sequences of requests, which are the same in every run.

use std::collections::HashMap;

use crate::{
    cache_check::{
        Check,
        Step::{self, Swap, Wait},
        hit, miss, revalidated,
    },
    policies::Policy::{self, Any, Credentials, Deny, Listed, OnlyC},
    request::Client,
    server::resource,
};

/// The policies that are swapped in.
const POLICIES: [Policy; 5] = [Listed, Any, OnlyC, Deny, Credentials];

/// Requests for one item.
pub fn under_one_policy(length: usize) -> Vec<Step> {
    let mut sequence = RandomSequence::new(1, false);
    (0..length).map(|_| sequence.request()).collect()
}

/// Requests for several items, so that responses of several policies are stored at the same time.
pub fn across_swaps() -> Vec<Check> {
    vec![
        Check::new(
            "300 requests in random order across 12 swaps",
            Listed,
            RandomSequence::new(10, false).across(12, 25, None),
        ),
        Check::new(
            "120 requests in random order across 6 swaps, revalidated after the third",
            Listed,
            RandomSequence::new(4, false).across(6, 20, Some(3)),
        )
        .resource(resource::SHORT),
        Check::new(
            "120 requests in random order across 6 swaps, each with another `ETag`, expired after the third",
            Listed,
            RandomSequence::new(4, true).across(6, 20, Some(3)),
        )
        .resource(resource::VERSIONED),
    ]
}

struct RandomSequence {
    seed: u64,
    items: usize,
    /// Whether a swap changes the `ETag`.
    is_versioned: bool,
    swaps: usize,
    waits: usize,
    /// The stored responses, each with the number of swaps and waits before it was stored.
    stored: HashMap<(Client, usize), (usize, usize)>,
}

impl RandomSequence {
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
        let client = Client::ALL[self.random(Client::ALL.len())];
        let item = self.random(self.items);
        let now = (self.swaps, self.waits);
        let step = match self.stored.get(&(client, item)) {
            Some((_, waits)) if *waits == self.waits => return hit(client).item(item),
            Some((swaps, _)) if !self.is_versioned || *swaps == self.swaps => revalidated(client),
            _ => miss(client),
        };
        self.stored.insert((client, item), now);
        step.item(item)
    }

    /// A random number less than `below`, by xorshift64.
    fn random(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        let below = u64::try_from(below).unwrap_or(u64::MAX);
        usize::try_from(self.seed % below).unwrap_or(0)
    }
}
