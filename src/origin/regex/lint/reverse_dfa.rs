//! A regex that is read from its end.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, DFA},
    },
};

use crate::origin::regex::reverse_nfa::backwards;

/// More than a judgement is worth: an automaton has too many states, or a walk too many steps.
#[derive(Debug)]
pub(super) struct TooLarge;

/// An automaton that reads whole texts backwards. Its states are made when they are needed.
pub(super) struct ReverseDfa {
    dfa: DFA,
    cache: Cache,
    /// How many states were made, and what the cache took then.
    states: usize,
    bytes: usize,
}

impl ReverseDfa {
    /// The bound on the states that are made, in bytes. The time that it takes to make one grows with its size.
    const MAX_SIZE: usize = 1 << 19;
    /// The states that each cache begins with.
    const SENTINELS: usize = 3;

    pub(super) fn compile(patterns: &[impl AsRef<str>]) -> Result<Self, TooLarge> {
        let nfa = backwards(patterns).ok_or(TooLarge)?;
        let dfa = DFA::builder()
            .configure(
                DFA::config()
                    // Every match counts, not only the one that a search would prefer.
                    .match_kind(MatchKind::All)
                    // What is read is ASCII, where all word boundaries are the same.
                    .unicode_word_boundary(true)
                    // The cache counts pointers. What is refused must not depend on their width, so that the bound
                    // above is kept below.
                    .cache_capacity(2 * Self::MAX_SIZE)
                    .skip_cache_capacity_check(true)
                    .minimum_cache_clear_count(Some(0)),
            )
            .build_from_nfa(nfa)
            .map_err(|_| TooLarge)?;
        let cache = dfa.create_cache();
        Ok(Self {
            bytes: cache.memory_usage(),
            states: Self::SENTINELS,
            dfa,
            cache,
        })
    }

    pub(super) fn start(&mut self) -> Result<LazyStateID, TooLarge> {
        let behind_the_last_byte = Input::new("").anchored(Anchored::Yes);
        let start = self
            .dfa
            .start_state_reverse(&mut self.cache, &behind_the_last_byte)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        Ok(start)
    }

    /// The state before one more byte; `None` if nothing that ends like this matches.
    pub(super) fn next(
        &mut self,
        state: LazyStateID,
        byte: u8,
    ) -> Result<Option<LazyStateID>, TooLarge> {
        let next = self
            .dfa
            .next_state(&mut self.cache, state, byte)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        Ok((!next.is_dead()).then_some(next))
    }

    /// The numbers of the patterns that match if the text begins here.
    pub(super) fn matches(&mut self, state: LazyStateID) -> Result<Vec<usize>, TooLarge> {
        let end = self
            .dfa
            .next_eoi_state(&mut self.cache, state)
            .map_err(|_| TooLarge)?;
        self.count_state()?;
        if !end.is_match() {
            return Ok(Vec::new());
        }
        let count = self.dfa.match_len(&self.cache, end);
        let number = |index| self.dfa.match_pattern(&self.cache, end, index).as_usize();
        Ok((0..count).map(number).collect())
    }

    /// Counts a state that may have been made.
    fn count_state(&mut self) -> Result<(), TooLarge> {
        let bytes = self.cache.memory_usage();
        if bytes > self.bytes {
            self.bytes = bytes;
            self.states += 1;
        }
        if self.spent() > Self::MAX_SIZE {
            return Err(TooLarge);
        }
        Ok(())
    }

    /// How much was done, in bytes of states made, as if pointers had 64 bits: the cache has two fat ones for each state.
    pub(super) fn spent(&self) -> usize {
        const FAT_POINTER: usize = 16;
        self.bytes + self.states * 2 * FAT_POINTER.saturating_sub(size_of::<&[u8]>())
    }

    pub(super) fn class_of(&self, byte: u8) -> u8 {
        self.dfa.byte_classes().get(byte)
    }
}
