//! Many regexes as one automaton.

use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
    nfa::thompson::NFA,
    util::pool::Pool,
};

use super::{reverse_nfa::reverse_nfa, shared_ends::SharedEnds};
use crate::{
    error::{PolicyErrorKind as Kind, Violation},
    fix::{Fix, Piece},
};

/// Several regexes; each matches a whole origin or not at all. An origin is read once for all of them.
///
/// It is read from its end, because regexes over origins differ at the end: after `.tenant-7.example` only one of a
/// thousand can match. Forwards, all of them can match until the last label, and with `https://.*` anywhere. Then there
/// are as many states as shared suffixes, each as large as the list, and a hostile origin needs hundreds of new ones.
pub(crate) struct OriginRegexes {
    dfa: DFA,
    /// States that were made, and memory for more; one cache for each thread that matches.
    caches: Pool<Cache, MakeCache>,
}

type MakeCache = Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>;

impl OriginRegexes {
    /// The maximum number of regexes. After their common ends, which are one path of the automaton, few of them can match.
    pub(crate) const MAX: usize = 2500;
    /// The maximum number of regexes that can match after one literal end. A hostile origin needs a new state for each of its
    /// bytes. If the regexes are open on both sides of a name, as `https://.*name.*\.example\.com`, most states contain all
    /// of them. Measured with 250 bytes: 72 000 instructions for each regex, 18 million for 256, which is one or two
    /// milliseconds. Of other lists, such as `https://name-.*\.example\.com`, a request takes microseconds.
    const MAX_ALIKE: usize = 256;

    /// The limit of the states in memory, in bytes. A usual regex needs less than one kilobyte.
    const CACHE_CAPACITY: usize = 2 << 20;
    const CACHE_CAPACITY_EACH: usize = 4 << 10;

    /// `None` without regexes, or with too many. Each of them has its frame.
    pub(crate) fn new(whole: &[&str]) -> Result<Option<Self>, Violation> {
        if whole.is_empty() || whole.len() > Self::MAX {
            return Ok(None);
        }
        let mut ends = SharedEnds::new();
        for regex in whole {
            let nfa = reverse_nfa(regex).ok_or_else(too_large)?;
            ends.add(&nfa).ok_or_else(too_large)?;
        }
        if ends.most_open() > Self::MAX_ALIKE {
            return Err(too_many_alike());
        }
        let nfa = ends.build().ok_or_else(too_large)?;
        Self::of_nfa(nfa, whole.len()).map(Some)
    }

    pub(super) fn of_nfa(nfa: NFA, regexes: usize) -> Result<Self, Violation> {
        let config = DFA::config()
            .match_kind(MatchKind::All)
            // Origins are ASCII, where all word boundaries are the same.
            .unicode_word_boundary(true)
            .cache_capacity(Self::CACHE_CAPACITY + regexes * Self::CACHE_CAPACITY_EACH)
            // A few states fit in any case.
            .skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa);
        dfa.map(Self::of).map_err(|_| too_large())
    }

    fn of(dfa: DFA) -> Self {
        let making = dfa.clone();
        Self {
            dfa,
            caches: Pool::new(Box::new(move || making.create_cache())),
        }
    }

    pub(crate) fn admit(&self, origin: &[u8]) -> bool {
        let whole = Input::new(origin).anchored(Anchored::Yes);
        // It cannot fail: memory is freed if necessary, and origins are ASCII.
        let found = self.dfa.try_search_rev(&mut self.caches.get(), &whole);
        found.is_ok_and(|found| found.is_some())
    }

    /// The number of the first regex that admits an origin.
    pub(crate) fn first(&self, origin: &[u8]) -> Option<usize> {
        let cache = &mut self.caches.get();
        let state = self.read(cache, origin).filter(LazyStateID::is_match)?;
        let matches = 0..self.dfa.match_len(cache, state);
        let number = |index| self.dfa.match_pattern(cache, state, index).as_usize();
        matches.map(number).min()
    }

    /// The state after the whole origin was read from its end; `None` if no regex can match any more.
    fn read(&self, cache: &mut Cache, origin: &[u8]) -> Option<LazyStateID> {
        let after_the_last_byte = Input::new("").anchored(Anchored::Yes);
        let mut state = self
            .dfa
            .start_state_reverse(cache, &after_the_last_byte)
            .ok()?;
        for byte in origin.iter().rev() {
            state = self.dfa.next_state(cache, state, *byte).ok()?;
            if state.is_dead() || state.is_quit() {
                return None;
            }
        }
        self.dfa.next_eoi_state(cache, state).ok()
    }
}

/// The clone has its own caches, so workers with a clone each never write to shared memory.
impl Clone for OriginRegexes {
    fn clone(&self) -> Self {
        Self::of(self.dfa.clone())
    }
}

fn too_many_alike() -> Violation {
    Violation::new(
        Kind::TooManyRegexes,
        format!(
            "there must not be more than {} regexes with the same end",
            OriginRegexes::MAX_ALIKE
        ),
        Fix::from(
            "write what differs at the end of the host, as in `https://[a-z]+\\.tenant-7\\.example`, without \
             an optional port after it; or write several as one, as in \
             `https://app-(7|8)-[a-z]+\\.example\\.com`",
        )
        .and(Piece::InCode(
            "; or check your own data in `allow_origin_fn()`",
        )),
    )
}

/// This does not happen with regexes that compile alone.
fn too_large() -> Violation {
    Violation::new(
        Kind::RegexSize,
        "regexes are too large together",
        "use smaller repetitions, or fewer regexes",
    )
}
